//! Answers from running text, notes and definitions: the clause that holds a figure, or the sentence that says it.

use super::asked::Asked;
use super::decide::Desk;
use super::lookup::{Match, Query, Strictness, matches};
use super::reply::{Answer, Figure};
use super::terms;
use crate::model::{Measure, Plan, Provenance};
use crate::understand::{ContentPiece, Cue, Intent};

const LONGEST_QUOTE: usize = 700;
/// Cues that ask for something other than a figure.
const NOT_AMOUNTS: &[Cue] = &[
    Cue::AskHow,
    Cue::AskList,
    Cue::AskMembers,
    Cue::AskDefine,
    Cue::AskWhy,
    Cue::AskWho,
    Cue::AskWhen,
    Cue::AskReverse,
    Cue::AskWhat,
    Cue::AskScope,
];
const MOST_CLAUSES: usize = 3;
const NEAR: f64 = 0.06;

impl Desk<'_> {
    /// Looks the content up in running text. With the answer comes how many letters it leaves unexplained.
    pub(super) fn by_text(&self, asked: &Asked<'_>) -> Result<(Answer, usize), Vec<String>> {
        let utterance = asked.utterance;
        if utterance.content.is_empty() {
            return Err(Vec::new());
        }
        let mut candidates = asked.candidates().evidence.clone();
        candidates.retain(|at| {
            self.library
                .evidence()
                .get(*at)
                .is_some_and(|evidence| !self.shown.contains(&evidence.provenance))
        });
        let measures = asked.measures();
        let mut units = utterance.asked_units();
        if units.is_empty() && utterance.asks_change(&self.lexicon.change_endings) {
            units.push("%");
        }
        let has_any = |cues: &[Cue]| cues.iter().any(|cue| utterance.has(*cue));
        let amount = (utterance.has(Cue::AskAmount) || !has_any(NOT_AMOUNTS))
            && !utterance.has(Cue::AskStandard);
        let explicit = has_any(&[Cue::AskAmount, Cue::Target, Cue::Actual]);
        let definitions =
            has_any(&[Cue::AskDefine, Cue::AskReverse]) && !utterance.has(Cue::AskAmount);
        let strictness = if definitions && !utterance.has(Cue::AskReverse) {
            Strictness::EveryLetter
        } else if amount
            || has_any(&[
                Cue::AskWho,
                Cue::AskWhen,
                Cue::AskCompare,
                Cue::AskStandard,
                Cue::AskMembers,
            ])
        {
            Strictness::EveryWord
        } else {
            Strictness::Most
        };
        // A year that is named says by itself whether it has aims or results.
        let only = match measures.as_slice() {
            _ if has_any(&[Cue::AskCompare, Cue::AskMet]) => None,
            [Measure::Target] if asked.years.len() < 2 => Some(Measure::Target),
            [Measure::Actual] if asked.years.is_empty() => Some(Measure::Actual),
            _ => None,
        };
        let says = |words: &[String]| {
            words
                .iter()
                .any(|word| utterance.canonical.contains(word.as_str()))
        };
        let wants_done = says(&self.lexicon.done_marks) && !says(&self.lexicon.begun_marks);
        let query = Query {
            content: &utterance.content,
            years: &asked.years,
            measure: match measures.as_slice() {
                [] if utterance.has(Cue::AskHow) => Some(Measure::Target),
                [measure] => Some(*measure),
                _ => None,
            },
            only,
            figure: amount,
            amounts: utterance.amounts(),
            strictness,
            units: &units,
            counted: utterance
                .counted(&self.lexicon.change_endings)
                .filter(|_| amount),
            leading: &self.lexicon.leading_words,
            stock: utterance.has(Cue::AskStock).then_some((
                self.lexicon.stock_marks.as_slice(),
                self.lexicon.increase_marks.as_slice(),
            )),
            finished: wants_done.then_some((
                self.lexicon.begun_marks.as_slice(),
                self.lexicon.done_marks.as_slice(),
            )),
            deeds: utterance.has(Cue::AskHow),
            definitions,
            whole_entries: has_any(&[Cue::AskReverse, Cue::AskStandard]),
            marks: if utterance.has(Cue::AskWhy) {
                &self.lexicon.reason_marks
            } else {
                &[]
            },
        };
        let mut found = matches(self.library, &candidates, &query);
        if amount && !explicit && !found.first().is_some_and(|best| best.accepted) {
            let without = Query {
                figure: false,
                ..query.clone()
            };
            found = matches(self.library, &candidates, &without);
        }
        let accepted: Vec<&Match> = found.iter().filter(|found| found.accepted).collect();
        let Some(best) = accepted.first() else {
            if let Some(answer) = (definitions && utterance.slots.terms.is_empty())
                .then(|| self.mentioned(&utterance.content, &candidates))
                .flatten()
            {
                return Ok((answer, 0));
            }
            return Err(found
                .first()
                .map(|best| best.unexplained.clone())
                .unwrap_or_default());
        };
        let unexplained = best.unexplained.iter().map(|run| run.chars().count()).sum();
        let answer = if best.clauses.is_empty() {
            self.passage(best)
        } else {
            self.figures_of_years(asked, &accepted)
        };
        answer
            .map(|answer| (answer, unexplained))
            .ok_or_else(Vec::new)
    }

    /// Where a word that nothing explains stands in quotation marks: it is shown, and that it is not explained is said.
    fn mentioned(&self, content: &[ContentPiece], candidates: &[usize]) -> Option<Answer> {
        let [word] = content else { return None };
        let quoted = format!("“{}", word.text());
        let at = candidates.iter().copied().find(|at| {
            self.library
                .evidence()
                .get(*at)
                .is_some_and(|found| found.text.contains(&quoted))
        })?;
        let evidence = self.library.evidence().get(at)?;
        let citation = self.book.plan(evidence.plan)?.cite(evidence.provenance)?;
        let lead = excerpt(&citation.quote, "", LONGEST_QUOTE);
        let mut answer = Answer::new(Intent::TextLookup, lead, citation);
        answer
            .context
            .push("名词解释里没有单列这个词，原文这样提到它。".to_string());
        Some(answer)
    }

    /// The best clause of each year that is as good, newest first.
    fn figures_of_years(&self, asked: &Asked<'_>, accepted: &[&Match]) -> Option<Answer> {
        let best = accepted.first()?;
        let mut chosen: Vec<&Match> = Vec::new();
        for found in accepted {
            let year = |m: &Match| self.library.evidence()[m.evidence].year;
            let near = best.score - found.score <= NEAR || asked.years.len() > 1;
            let fresh = !chosen.iter().any(|known| year(known) == year(found));
            if near && fresh && MOST_CLAUSES > chosen.len() {
                chosen.push(found);
            }
        }
        let mut joined: Option<Answer> = None;
        let found_years: Vec<Option<i32>> = chosen
            .iter()
            .map(|found| self.library.evidence()[found.evidence].year)
            .collect();
        let several = chosen.len() > 1;
        for found in chosen {
            let mut next = self.clause_answer(found)?;
            let evidence = &self.library.evidence()[found.evidence];
            if several && evidence.year.is_none() {
                next.lead = format!("{}：{}", next.citations()[0].place, next.lead);
            }
            match &mut joined {
                Some(joined) => {
                    joined.context.extend(next.context.iter().cloned());
                    joined.join(next);
                }
                None => joined = Some(next),
            }
        }
        let absent: Vec<i32> = asked
            .years
            .iter()
            .copied()
            .filter(|year| !found_years.contains(&Some(*year)))
            .collect();
        if let (Some(joined), false) = (
            &mut joined,
            absent.is_empty() || found_years.contains(&None),
        ) {
            let years: Vec<String> = absent.iter().map(|year| format!("{year}年")).collect();
            joined.context.insert(
                0,
                format!(
                    "{}的数字，原文没有用同样的说法，请换个说法单独问。",
                    years.join("、")
                ),
            );
            joined.computed.extend(years);
        }
        joined
    }

    fn clause_answer(&self, found: &Match) -> Option<Answer> {
        let evidence = self.library.evidence().get(found.evidence)?;
        let plan = self.book.plan(evidence.plan)?;
        let citation = plan.cite(evidence.provenance)?;
        let clauses: Vec<_> = found
            .clauses
            .iter()
            .filter_map(|at| evidence.clauses.get(*at))
            .collect();
        let quoted = stretch_of(
            &citation.quote,
            &clauses
                .iter()
                .map(|clause| clause.text.as_str())
                .collect::<Vec<_>>(),
        )?
        .to_string();
        let when = match (evidence.year, evidence.measure) {
            (Some(year), Some(Measure::Target)) => format!("{year}年目标："),
            (Some(year), Some(Measure::Actual)) => format!("{year}年实际："),
            (Some(year), None) => format!("{year}年："),
            _ => String::new(),
        };
        let excerpt = excerpt(&citation.quote, &quoted, 160);
        let whole = excerpt.trim_end_matches('。') == quoted;
        let mut answer = Answer::new(Intent::TextLookup, format!("{when}{quoted}"), citation);
        let facts = clauses.iter().flat_map(|clause| &clause.facts);
        answer.figures.extend(facts.map(|(fact, _)| Figure {
            printed: fact.quantity.printed.clone(),
            unit: fact.quantity.unit.clone(),
            subject: quoted.clone(),
            year: evidence.year,
            measure: evidence.measure,
            citation: 0,
        }));
        if !whole {
            answer.context.push(format!("原文：{excerpt}"));
        }
        Some(answer)
    }

    fn passage(&self, found: &Match) -> Option<Answer> {
        let evidence = self.library.evidence().get(found.evidence)?;
        let plan = self.book.plan(evidence.plan)?;
        match evidence.provenance {
            Provenance::Term(at) => terms::entry(plan, at),
            Provenance::Passage(at) => passage_answer(plan, at),
            other => plan
                .cite(other)
                .map(|citation| Answer::new(Intent::TextLookup, citation.quote.clone(), citation)),
        }
    }
}

/// The stretch of a text from the first of some neighbouring clauses to the last, verbatim.
fn stretch_of<'a>(text: &'a str, clauses: &[&str]) -> Option<&'a str> {
    let (first, last) = (clauses.first()?, clauses.last()?);
    let from = text.find(first)?;
    let to = from + text.get(from..)?.find(last)? + last.len();
    text.get(from..to)
}

/// A sentence; the whole item where the sentence only names it, and what follows where it announces a list.
fn passage_answer(plan: &Plan, at: usize) -> Option<Answer> {
    let passage = plan.passages.get(at)?;
    let mut answer = Answer::new(
        Intent::TextLookup,
        passage.text.clone(),
        plan.cite(Provenance::Passage(at))?,
    );
    let announces = passage.text.contains("以下") || passage.text.contains("如下");
    let names_item = passage.opens_item && passage.text.chars().count() <= 40;
    let mut length = passage.text.chars().count();
    for (position, next) in plan.passages.iter().enumerate().skip(at + 1) {
        let goes_on = next.paragraph == passage.paragraph
            && (announces || names_item && next.path.item == passage.path.item);
        length += next.text.chars().count();
        if !goes_on || length > LONGEST_QUOTE {
            break;
        }
        answer.context.push(next.text.clone());
        answer.cite(plan.cite(Provenance::Passage(position))?);
    }
    if length > LONGEST_QUOTE && answer.context.is_empty() {
        answer.lead = excerpt(&passage.text, "", LONGEST_QUOTE);
    }
    Some(answer)
}

/// The clauses around one, verbatim, up to a length; … where text is left out.
fn excerpt(sentence: &str, clause: &str, longest: usize) -> String {
    if sentence.chars().count() <= longest {
        return sentence.to_string();
    }
    let start = sentence.find(clause).unwrap_or(0);
    let mut from = start;
    let mut to = start + clause.len();
    let marks = ['，', '；', '。', '：'];
    loop {
        let before = sentence.get(..from).unwrap_or_default();
        let earlier = before
            .trim_end_matches(marks)
            .rfind(marks)
            .map_or(0, |at| at + '，'.len_utf8());
        let after = sentence.get(to..).unwrap_or_default();
        let later = to
            + after
                .char_indices()
                .find(|(at, sign)| *at > 0 && marks.contains(sign))
                .map_or(after.len(), |(at, _)| at);
        let wider = sentence.get(earlier..later).unwrap_or_default();
        if wider.chars().count() > longest || (earlier, later) == (from, to) {
            break;
        }
        (from, to) = (earlier, later);
    }
    let head = if from > 0 { "……" } else { "" };
    let tail = if to < sentence.len() { "……" } else { "" };
    format!("{head}{}{tail}", sentence.get(from..to).unwrap_or_default())
}
