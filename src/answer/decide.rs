//! From readings to one outcome: a table, a term, a duty, running text, a question back, or a refusal.
//!
//! The order: a reading that explains every word and has what it asks for; running text that explains every word; the
//! parts of a question, each by itself; a reading that leaves a single letter; the question as it sounds; a refusal
//! that names what is missing.

use super::asked::Asked;
use super::evidence::Library;
use super::reply::{Answer, Clarification, Refusal, Reply};
use super::verify::{Fault, verify};
use super::{cells, duties, members, terms};
use crate::model::{Book, Provenance};
use crate::understand::{
    ContentPiece, Cue, IndicatorConcept, Intent, Lexicon, Reading, Understanding, Utterance,
    understand, understand_by_sound, understand_part,
};
use chrono::{Datelike, NaiveDate};
use std::cell::OnceCell;

/// Everything that a decision may look at.
pub struct Desk<'a> {
    /// The plans.
    pub book: &'a Book,
    /// The words.
    pub lexicon: &'a Lexicon,
    /// The evidence.
    pub library: &'a Library,
    /// Candidates for a content.
    pub search: &'a dyn Fn(&[ContentPiece]) -> Candidates,
    /// The day on which the question is asked.
    pub today: NaiveDate,
    /// What was shown already: asked for more, only other running text is an answer.
    pub shown: &'a [Provenance],
}

/// What the index proposes for a content, best first.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    /// Positions in the library.
    pub evidence: Vec<usize>,
    /// Positions among the lexicon's indicators.
    pub indicators: Vec<usize>,
}

/// A reply, how the question was read, and what the verifier held back.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The reply.
    pub reply: Reply,
    /// How the question was read.
    pub utterance: Utterance,
    /// Why an answer was not shown, when one was held back.
    pub fault: Option<Fault>,
}

/// A piece that ends so may be a place, and a place that is not the plan's is never passed over.
const REGION_ENDINGS: [char; 6] = ['省', '市', '区', '县', '州', '旗'];
/// Who asks whether it must report is named in a few letters; the duty's sentence answers.
const MOST_REPORTERS_LETTERS: usize = 4;
const MOST_PARTS: usize = 8;
/// Words between two pieces of what is missing are named with them up to so many letters.
const LONGEST_GAP: usize = 2;
const MOST_NEAREST: usize = 3;
const MOST_TIES: usize = 6;
const MOST_EXAMPLES: usize = 4;

impl Desk<'_> {
    /// Answers a question.
    pub fn reply(&self, question: &str) -> Outcome {
        let bounded: String = question
            .chars()
            .take(crate::understand::LONGEST_QUESTION)
            .collect();
        let utterance = understand(self.lexicon, &bounded);
        let mut reply = self.decide(&utterance, true);
        let mut read = utterance;
        let near_only = is_near_only(&reply, &read);
        if (near_only || matches!(reply, Reply::Unknown(_)))
            && let Some(sounded) = understand_by_sound(self.lexicon, &read)
            && (!near_only
                || sounded
                    .readings
                    .first()
                    .is_some_and(|reading| reading.unexplained.is_empty()))
            && let again = self.decide(&sounded, true)
            && !matches!(again, Reply::Unknown(_))
        {
            reply = again;
            read = sounded;
            if let Reply::Answer(answer) = &mut reply {
                let words: Vec<String> = read
                    .respelled
                    .iter()
                    .map(|(_, name)| format!("“{name}”"))
                    .collect();
                answer.context.push(format!("按{}理解", words.join("、")));
            }
        }
        let fault = reply
            .answers()
            .find_map(|answer| verify(self.book, answer).err());
        if fault.is_some() {
            reply = Reply::Unknown(Refusal::default());
        }
        Outcome {
            reply,
            utterance: read,
            fault,
        }
    }

    fn decide(&self, utterance: &Utterance, whole: bool) -> Reply {
        let asked = match self.asked(utterance) {
            Ok(asked) => Asked {
                several: !whole,
                ..asked
            },
            Err(refusal) => return Reply::Unknown(refusal),
        };
        if !self.shown.is_empty() {
            return self.by_text(&asked).map_or_else(
                |_| Reply::Unknown(self.nothing_more(utterance)),
                |(answer, _)| Reply::Answer(Box::new(answer)),
            );
        }
        let outcome = utterance.outcome();
        let best = match outcome {
            Understanding::Clear(reading) | Understanding::Ambiguous(reading) => Some(reading),
            Understanding::Unrecognised => None,
        };
        let counts = utterance.has(Cue::AskAmount) || utterance.has(Cue::Target);
        let complete = best.filter(|reading| {
            reading.unexplained.is_empty() && !(counts && reading.intent == Intent::TermDefinition)
        });
        let mut missing = None;
        if let Some(reading) = complete
            .filter(|reading| reading.unused_cues == 0 || says_what_it_wants(reading))
            .or(best.filter(|reading| names_a_term(utterance, reading)))
        {
            match self.by_reading(&asked, reading, outcome) {
                Ok(reply) => return reply,
                Err(refusal)
                    if reading.intent != Intent::IndicatorReason && !refusal.missing.is_empty() =>
                {
                    return self
                        .beside_the_table(&asked, reading)
                        .unwrap_or(Reply::Unknown(refusal));
                }
                Err(refusal) => missing = Some(refusal),
            }
        }
        let several = whole
            && utterance.names_an_indicator()
            && best.is_some_and(|reading| !reading.unexplained.is_empty());
        if several && let Some(answer) = self.by_parts(&asked) {
            return Reply::Answer(Box::new(answer));
        }
        let reports = best.filter(|reading| {
            reading.intent == Intent::Duty
                && reading.unexplained_characters() <= MOST_REPORTERS_LETTERS
        });
        if let Some(reading) = reports
            && let Ok(reply) = self.by_reading(&asked, reading, outcome)
        {
            return reply;
        }
        let text = self.by_text(&asked);
        let left = best.map_or(usize::MAX, Reading::unexplained_characters);
        if let Ok((answer, unexplained)) = &text
            && *unexplained <= left
        {
            return Reply::Answer(Box::new(answer.clone()));
        }
        if whole
            && !several
            && left > 0
            && let Some(answer) = self.by_parts(&asked)
        {
            return Reply::Answer(Box::new(answer));
        }
        if let Some(refusal) = missing {
            return Reply::Unknown(refusal);
        }
        if let Some(reading) = best.filter(|reading| tolerable(utterance, reading)) {
            return match self.by_reading(&asked, reading, outcome) {
                Ok(reply) => reply,
                Err(refusal) => Reply::Unknown(refusal),
            };
        }
        Reply::Unknown(self.refusal(&asked, best, text.err()))
    }

    /// What the table has no cell for may stand in running text of that year and measure.
    fn beside_the_table(&self, asked: &Asked<'_>, reading: &Reading) -> Option<Reply> {
        let [year] = asked.years.as_slice() else {
            return None;
        };
        let wanted = match asked.measures().as_slice() {
            [] => asked.usual_measure(*year),
            [measure] => *measure,
            _ => return None,
        };
        let (answer, unexplained) = self
            .by_text(asked)
            .ok()
            .filter(|_| reading.intent == Intent::IndicatorValue)?;
        let fits = !answer.figures.is_empty()
            && answer
                .figures
                .iter()
                .all(|f| f.year == Some(*year) && f.measure == Some(wanted));
        (fits && unexplained == 0).then(|| Reply::Answer(Box::new(answer)))
    }

    /// The years of a question; a year that no plan covers is what is missing.
    fn asked<'a>(&'a self, utterance: &'a Utterance) -> Result<Asked<'a>, Refusal> {
        let mut years = utterance.slots.years.clone();
        let newest = self.book.newest().ok_or_else(Refusal::default)?;
        let this_year = self
            .book
            .of_year(self.today.year())
            .map_or(newest.plan_year, |plan| plan.plan_year);
        for (cue, shift) in [(Cue::ThisYear, 0), (Cue::LastYear, -1), (Cue::NextYear, 1)] {
            if utterance.has(cue) {
                years.push(this_year + shift);
            }
        }
        if utterance.has(Cue::BothYears) {
            years.extend(
                [newest.plan_year, newest.executed_year]
                    .into_iter()
                    .filter(|year| !utterance.slots.years.contains(year)),
            );
        }
        let defined = |year: &i32| {
            let members = utterance
                .slots
                .terms
                .iter()
                .filter_map(|at| self.lexicon.terms.get(*at))
                .flat_map(|concept| &concept.members);
            members
                .filter_map(|(plan, at)| self.book.plan(*plan)?.terms.get(*at))
                .any(|term| term.definition.contains(&year.to_string()))
        };
        years.retain(|year| {
            self.book.plans().iter().any(|plan| plan.covers(*year)) || !defined(year)
        });
        if let Some(year) = years
            .iter()
            .find(|year| !self.book.plans().iter().any(|plan| plan.covers(**year)))
        {
            return Err(Refusal {
                missing: format!("{year}年的内容"),
                nearest: vec![self.scope()],
                ..Refusal::default()
            });
        }
        Ok(Asked {
            desk: self,
            utterance,
            years,
            this_year,
            several: false,
            proposed: OnceCell::new(),
        })
    }

    fn nothing_more(&self, utterance: &Utterance) -> Refusal {
        let content: String = utterance.content.iter().map(ContentPiece::text).collect();
        Refusal {
            missing: format!("更多关于“{content}”的内容"),
            nearest: vec![self.scope()],
            ..Refusal::default()
        }
    }

    /// What the documents are about, in one line.
    pub fn scope(&self) -> String {
        let plans = self.book.plans().iter();
        let lines: Vec<String> = plans
            .map(|plan| {
                format!(
                    "{}{}年执行情况和{}年计划",
                    plan.region, plan.executed_year, plan.plan_year
                )
            })
            .collect();
        lines.join("；")
    }

    fn by_reading(
        &self,
        asked: &Asked<'_>,
        reading: &Reading,
        outcome: Understanding<'_>,
    ) -> Result<Reply, Refusal> {
        let answer = |answer: Answer| Reply::Answer(Box::new(answer));
        match reading.intent {
            Intent::Greeting => return Ok(Reply::Help),
            Intent::MissingSubject => return Ok(Reply::Clarify(self.which_subject())),
            Intent::Duty => return duties::duty(asked).map(answer),
            Intent::Issued => return duties::issued(asked).map(answer),
            Intent::Note => return terms::note(asked).map(answer),
            Intent::AllMembers => return members::all(asked).map(answer),
            Intent::CategoryMembers => return members::of_category(asked).map(answer),
            Intent::NatureMembers => return members::of_nature(asked).map(answer),
            Intent::ValueMembers => return members::of_value(asked).map(answer),
            Intent::ChangeMembers => return members::of_change(asked).map(answer),
            Intent::VerdictMembers => return members::of_verdict(asked).map(answer),
            Intent::TermDefinition => return terms::definition(asked).map(answer),
            Intent::TextLookup => {
                return self
                    .by_text(asked)
                    .map(|(found, _)| answer(found))
                    .map_err(|_| Refusal::default());
            }
            _ => {}
        }
        let each: fn(&Asked<'_>, &IndicatorConcept) -> cells::Result = match reading.intent {
            Intent::IndicatorReason => cells::reason,
            Intent::IndicatorNature => cells::nature,
            Intent::IndicatorUnit => cells::unit,
            Intent::IndicatorCategory => cells::category,
            Intent::IndicatorVerdict if asked.years.len() > 1 && asked.has(Cue::AskCompare) => {
                cells::compare
            }
            Intent::IndicatorVerdict => cells::verdict,
            Intent::IndicatorCompare => cells::compare,
            _ => cells::value,
        };
        if let Understanding::Ambiguous(_) = outcome {
            let named = |at: &usize| {
                let concept = &self.lexicon.indicators[*at];
                (concept.name.clone(), each(asked, concept).ok())
            };
            let things = asked.slots().ties.iter().take(MOST_TIES).map(named);
            let which = Clarification::among("您问的是哪一项指标？", things);
            return Ok(Reply::Clarify(which));
        }
        let indicators = &asked.slots().indicators;
        let asked = Asked {
            several: asked.several || indicators.len() > 1,
            years: asked.years.clone(),
            proposed: OnceCell::new(),
            ..*asked
        };
        let mut joined: Option<Answer> = None;
        for at in indicators.iter().take(MOST_PARTS) {
            let next = each(&asked, &self.lexicon.indicators[*at])?;
            match &mut joined {
                Some(joined) => {
                    joined.add_context(&next.context);
                    joined.join(next);
                }
                None => joined = Some(next),
            }
        }
        joined.map(answer).ok_or_else(Refusal::default)
    }

    fn which_subject(&self) -> Clarification {
        let first = self.lexicon.indicators.iter().take(MOST_EXAMPLES);
        let hints = first.map(|concept| (concept.name.clone(), None));
        Clarification::among("您问的是哪一项指标？请带上名称再问一次，例如：", hints)
    }

    /// Answers each part by itself; every part with content must be answered.
    fn by_parts(&self, asked: &Asked<'_>) -> Option<Answer> {
        let parts = asked.utterance.parts();
        if !(2..=MOST_PARTS).contains(&parts.len()) {
            return None;
        }
        let mut joined: Option<Answer> = None;
        for part in parts {
            let read = understand_part(self.lexicon, asked.utterance, &part);
            if read.content.is_empty() && read.slots.indicators.is_empty() {
                continue;
            }
            match self.decide(&read, false) {
                Reply::Answer(answer) => match &mut joined {
                    Some(joined) => {
                        joined.add_context(&answer.context);
                        joined.join(*answer);
                    }
                    None => joined = Some(*answer),
                },
                Reply::Clarify(_) if read.slots.ties.is_empty() => {}
                _ => return None,
            }
        }
        joined
    }

    fn refusal(
        &self,
        asked: &Asked<'_>,
        best: Option<&Reading>,
        lost: Option<Vec<String>>,
    ) -> Refusal {
        let named = best
            .map(|reading| as_asked(asked.utterance, &reading.unexplained))
            .filter(|text| !text.is_empty());
        let lost = lost.map(|runs| {
            runs.into_iter()
                .filter(|run| run.chars().count() >= 2)
                .collect::<Vec<_>>()
                .join("、")
        });
        let missing = lost.filter(|text| !text.is_empty()).or(named);
        let content: Vec<String> = asked
            .utterance
            .content
            .iter()
            .map(ContentPiece::text)
            .collect();
        let missing = missing.unwrap_or_else(|| as_asked(asked.utterance, &content));
        let whole: String = asked.utterance.subject().unwrap_or_default();
        let stands = |text: &str| {
            self.library
                .evidence()
                .iter()
                .any(|evidence| evidence.text.contains(text))
        };
        let missing = if !missing.is_empty() && missing != whole && missing.split('、').all(stands)
        {
            whole
        } else {
            missing
        };
        let proposed = asked.candidates().indicators.clone();
        let mut near: Vec<usize> = asked.slots().indicators.clone();
        near.extend(
            proposed
                .into_iter()
                .filter(|at| !asked.slots().indicators.contains(at)),
        );
        let names = near
            .into_iter()
            .take(MOST_NEAREST)
            .filter_map(|at| self.lexicon.indicators.get(at));
        let mut nearest: Vec<String> = names.map(|concept| concept.name.clone()).collect();
        nearest.push(self.scope());
        let is_mentioned = missing.chars().count() > 1 && stands(&missing);
        Refusal {
            missing: if missing.is_empty() {
                String::new()
            } else {
                format!("“{missing}”")
            },
            is_mentioned,
            nearest,
            ..Refusal::default()
        }
    }
}

/// Pieces of a question as the stretch that they stand in, so that no word is named that nobody said; far apart, as a list.
fn as_asked(utterance: &Utterance, pieces: &[String]) -> String {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
        return String::new();
    };
    let canonical = &utterance.canonical;
    let stretch = canonical
        .find(first.as_str())
        .zip(canonical.rfind(last.as_str()).map(|at| at + last.len()));
    let text = stretch
        .and_then(|(from, to)| canonical.get(from..to))
        .unwrap_or_default();
    let most = pieces
        .iter()
        .map(|piece| piece.chars().count() + LONGEST_GAP)
        .sum::<usize>()
        - LONGEST_GAP;
    if (1..=most).contains(&text.chars().count()) {
        text.to_string()
    } else {
        pieces.join("、")
    }
}

/// Whether running text answers a single word that does not stand in it as it was typed: then it may be a slip.
fn is_near_only(reply: &Reply, utterance: &Utterance) -> bool {
    let (Reply::Answer(answer), [word]) = (reply, utterance.content.as_slice()) else {
        return false;
    };
    let holds = |quote: &str| quote.replace(['“', '”'], "").contains(&word.text());
    answer.intent == Intent::TextLookup
        && !answer
            .citations()
            .iter()
            .any(|citation| holds(&citation.quote))
}

/// A reading may leave a single letter that stands alone, unless it has no subject to go by. What a term means does not
/// answer how much, or what holds for a year.
fn tolerable(utterance: &Utterance, reading: &Reading) -> bool {
    let subjectless = matches!(reading.intent, Intent::MissingSubject | Intent::Greeting);
    let wants_figure = utterance.has(Cue::AskAmount)
        || utterance.has(Cue::Target)
        || utterance.has(Cue::AskHow)
        || !utterance.slots.years.is_empty();
    let other_unit = utterance
        .asked_units()
        .iter()
        .any(|unit| reading.unexplained.iter().any(|piece| piece == unit));
    let only_meaning = reading.intent == Intent::TermDefinition && wants_figure;
    reading.unexplained_characters() <= 1
        && !reading.touches
        && !only_meaning
        && !other_unit
        && (reading.unexplained.is_empty() || !subjectless)
}

/// A term that is asked for by name may be asked for in more words than its pattern has: its definition stands.
fn names_a_term(utterance: &Utterance, reading: &Reading) -> bool {
    let asks_meaning = [Cue::AskDefine, Cue::AskMembers, Cue::AskScope]
        .iter()
        .any(|cue| utterance.has(*cue));
    let other_wish = [Cue::AskHow, Cue::AskWhy]
        .iter()
        .any(|cue| utterance.has(*cue));
    reading.intent == Intent::TermDefinition
        && asks_meaning
        && !other_wish
        && utterance.slots.years.is_empty()
        && !reading.touches
        && !utterance.slots.partial_terms
        && !reading
            .unexplained
            .iter()
            .any(|piece| piece.ends_with(REGION_ENDINGS))
        && reading.unexplained_characters() <= 6
}

/// A cue that no other intent has use for says what is wanted, whatever else is said.
fn says_what_it_wants(reading: &Reading) -> bool {
    matches!(
        reading.intent,
        Intent::IndicatorNature
            | Intent::IndicatorCategory
            | Intent::IndicatorUnit
            | Intent::IndicatorVerdict
            | Intent::IndicatorReason
            | Intent::IndicatorCompare
    ) && reading.unused_cues <= 1
}
