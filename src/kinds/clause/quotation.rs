//! A clause as an answer shows it: a line that can be pasted, the sentence around it, the notes
//! that belong to it.

use super::Quoted;
use crate::evidence::{Clause as Evidence, ClauseFigure};
use crate::model::{Measure, Plan, Provenance};
use crate::question::{Operator, says_distance_to_aim};
use crate::reply::{Answer, AnswerKind, Asked, Figure, Record};
use std::borrow::Cow;
use std::ops::Range;

/// The quotation that stands first is not longer, in letters.
const LONGEST_LEAD: usize = 90;
/// A headline that stands before a quotation is not longer, in letters.
const LONGEST_TOPIC: usize = 45;

impl Record for Quoted {
    fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        let clause = asked.library.clause(self.clause);
        let figure = clause.figures.get(self.figure)?;
        let plan = asked.plan(clause.plan)?;
        let citation = plan.cite(clause.provenance)?;
        let quoted = self.quotation(asked, clause, figure);
        let label = label(clause);
        let topic = topic(asked, plan, clause, &quoted);
        let lead = format!("{label}{topic}{quoted}");
        let mut answer = Answer::new(AnswerKind::Clause, lead, citation);
        let (year, measure) = stated_time(plan, clause.provenance);
        answer.figures.push(Figure {
            printed: figure.quantity.printed.clone(),
            unit: figure.quantity.unit.clone(),
            subject: quoted.clone(),
            year,
            measure,
            citation: 0,
        });
        if *clause.stretch != *quoted {
            let whole: &str = if clause.stretch.chars().count() <= 260 {
                &clause.stretch
            } else {
                &clause.verbatim
            };
            if whole != quoted {
                answer
                    .context
                    .push(format!("原文：{}", whole.trim_end_matches('；')));
            }
        }
        add_notes(plan, clause.provenance, &mut answer);
        Some(answer)
    }
}

impl Quoted {
    /// The part of the clause that says the figure: all of a short clause, else the member of an
    /// enumeration; with earlier clauses where those say what is counted.
    fn quotation(&self, asked: &Asked<'_>, clause: &Evidence, figure: &ClauseFigure) -> String {
        let verbatim = clause.verbatim.as_str();
        let own = member(verbatim, clause, self.figure, &figure.span);
        let whole_text = asked.explainer.canonical(clause.text);
        let own_text = as_compared(asked, clause, own);
        let asks_several = asked.question.operators.spans(Operator::Amount).count() > 1;
        let total_follows = clause
            .figures
            .get(self.figure + 1)
            .is_some_and(|next| next.is_total);
        // 分别增长4%和6% says nothing without either figure.
        let is_shared = verbatim.contains("分别");
        // 高于目标1个百分点 stands beside the result that it speaks of.
        let is_difference = asked.measure.is_against_aim && says_distance_to_aim(verbatim);
        let is_whole = is_difference
            || asks_several
            || total_follows
            || figure.is_total
            || figure.shares_verb
            || is_shared;
        let (own, own_text) = if !is_whole && says_enough(asked, &own_text, whole_text) {
            (own, own_text.as_ref())
        } else {
            (verbatim, whole_text)
        };
        // What the question asks about may stand in the clauses before.
        let mut start = clause.stretch.find(verbatim).unwrap_or(0);
        let end = clause
            .stretch
            .find(own)
            .map_or(start + verbatim.len(), |at| at + own.len());
        if !clause.stretch.contains(own) {
            return own.to_string();
        }
        let first = clause.stretch.find(own).unwrap_or(start);
        let wanted: Vec<&str> = asked
            .question
            .words
            .iter()
            .filter(|word| word.is_content() && word.weight > 0.3)
            .map(|word| word.text.as_str())
            .filter(|word| !own_text.contains(*word))
            .collect();
        if wanted.is_empty() {
            return own.to_string();
        }
        let before = &clause.stretch[..first];
        let canonical = asked.thesaurus.document(before);
        let lends = wanted.iter().any(|word| canonical.contains(word));
        if !lends {
            return own.to_string();
        }
        start = first;
        while start > 0 {
            let earlier = clause.stretch[..start].trim_end_matches(['，', '：', '；', ',', ':']);
            let begin = clause_start(earlier);
            let taken = &clause.stretch[begin..end];
            if taken.chars().count() > LONGEST_LEAD {
                break;
            }
            start = begin;
            let text = asked.thesaurus.document(taken);
            if wanted.iter().all(|word| text.contains(word)) || begin == 0 {
                break;
            }
        }
        let text = asked.thesaurus.document(&clause.stretch[start..end]);
        let gained = wanted.iter().any(|word| text.contains(word));
        if gained {
            clause.stretch[start..end].to_string()
        } else {
            own.to_string()
        }
    }
}

/// A part of a clause as it is compared; all of it is so already.
fn as_compared<'a>(asked: &'a Asked<'_>, clause: &Evidence, part: &str) -> Cow<'a, str> {
    if part == clause.verbatim {
        return asked.explainer.canonical(clause.text).into();
    }
    asked.thesaurus.document(part).into()
}

/// Where the last clause of a text begins.
fn clause_start(text: &str) -> usize {
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let is_digit = |at: usize| letters.get(at).is_some_and(|(_, c)| c.is_ascii_digit());
    let ends = (0..letters.len()).rev().find(|at| match letters[*at].1 {
        '，' | '：' => true,
        // Inside 1,234 and 20:59 they end nothing.
        ',' | ':' => !is_digit(at + 1),
        _ => false,
    });
    ends.map_or(0, |at| letters[at].0 + letters[at].1.len_utf8())
}

/// The member of an enumeration (甲10个、乙70家) that holds the figure.
fn member<'a>(verbatim: &'a str, clause: &Evidence, at: usize, span: &Range<usize>) -> &'a str {
    let from = at
        .checked_sub(1)
        .map_or(0, |before| clause.figures[before].span.end);
    let between = &verbatim[from..span.start];
    let opens = between.find(['、', '；']).filter(|_| at > 0);
    let start = match opens {
        Some(offset) => {
            let sign = between[offset..].chars().next().map_or(1, char::len_utf8);
            from + offset + sign
        }
        None => 0,
    };
    let rest = &verbatim[span.end..];
    let next = clause
        .figures
        .get(at + 1)
        .map_or(verbatim.len(), |next| next.span.start);
    // 21万名儿童、老人: without a further figure what follows belongs to this one.
    let is_last = at + 1 == clause.figures.len();
    let closes = rest
        .find('、')
        .map(|offset| span.end + offset)
        .filter(|end| !is_last && *end < next);
    let end = closes.unwrap_or(verbatim.len());
    verbatim.get(start..end).unwrap_or(verbatim).trim()
}

/// A member alone is quoted where it says as much of the question as the whole clause, both as they
/// are compared.
fn says_enough(asked: &Asked<'_>, member: &str, whole: &str) -> bool {
    asked
        .question
        .words
        .iter()
        .filter(|word| word.is_content())
        .all(|word| !whole.contains(&word.text) || member.contains(&word.text))
}

/// 2022年目标： or 2021年：, so that the line can be pasted. A note has no year of its own: that of its
/// table is not that of every figure in it.
fn label(clause: &Evidence) -> String {
    if matches!(clause.provenance, Provenance::Note(_)) {
        return String::new();
    }
    let Some(year) = clause.years.first().filter(|_| clause.years.len() == 1) else {
        return String::new();
    };
    if clause.verbatim.contains(&format!("{year}年")) {
        return String::new();
    }
    match clause.measure {
        Some(Measure::Target) => format!("{year}年目标："),
        Some(Measure::Actual) => format!("{year}年："),
        None => String::new(),
    }
}

/// The item's headline, where the question's words stand there and not in the quotation.
fn topic(asked: &Asked<'_>, plan: &Plan, clause: &Evidence, quoted: &str) -> String {
    let Provenance::Passage(at) = clause.provenance else {
        return match clause.provenance {
            Provenance::Term(at) => plan
                .terms
                .get(at)
                .map_or_else(String::new, |term| format!("{}：", term.name)),
            _ => String::new(),
        };
    };
    let Some(passage) = plan.passages.get(at) else {
        return String::new();
    };
    let text = as_compared(asked, clause, quoted);
    let open = asked.question.words.iter();
    let open =
        open.filter(|word| word.is_content() && word.weight > 0.5 && !text.contains(&word.text));
    let open: Vec<&str> = open.map(|word| word.text.as_str()).collect();
    if open.is_empty() {
        return String::new();
    }
    for heading in [&passage.path.item, &passage.path.section] {
        let is_short = heading.chars().count() <= LONGEST_TOPIC;
        if heading.is_empty() || !is_short || passage.text == *heading {
            continue;
        }
        let canonical = asked.thesaurus.document(heading);
        if open.iter().any(|word| canonical.contains(word)) {
            return format!("{}，", heading.trim_end_matches('。'));
        }
    }
    String::new()
}

/// The year and measure that the verifier reads at a place of the running text.
fn stated_time(plan: &Plan, provenance: Provenance) -> (Option<i32>, Option<Measure>) {
    let Provenance::Passage(at) = provenance else {
        return (None, None);
    };
    plan.passages
        .get(at)
        .map_or((None, None), |passage| (passage.year, passage.measure))
}

/// The notes at the marks of a sentence, as positions among the notes of its plan.
pub(in crate::kinds) fn notes_of(plan: &Plan, provenance: Provenance) -> Vec<usize> {
    let Provenance::Passage(at) = provenance else {
        return Vec::new();
    };
    let marks = plan.passages.get(at).map(|passage| &passage.footnotes);
    let places = marks
        .into_iter()
        .flatten()
        .map(|number| format!("脚注{number}"));
    places
        .filter_map(|place| plan.notes.iter().position(|note| note.place == place))
        .collect()
}

/// Quotes the notes at the marks of a sentence below an answer.
pub(in crate::kinds) fn add_notes(plan: &Plan, provenance: Provenance, answer: &mut Answer) {
    for note in notes_of(plan, provenance) {
        let Some(citation) = plan.cite(Provenance::Note(note)) else {
            continue;
        };
        let anchor = plan.notes[note].anchor.as_str();
        let shown = format!("{}{}", answer.lead, answer.context.join(""));
        let belongs = anchor.is_empty() || shown.contains(anchor);
        if belongs && answer.context.len() < 4 {
            answer.context.push(format!("注：{}", citation.quote));
            answer.cite(citation);
        }
    }
}
