//! A refusal: what is not in the documents, as it was typed, and the nearest real thing.
//!
//! Why a question was refused at all is decided before: `crossing` takes away what is of another
//! year, place, period or role, `zones` finds nothing likely enough (the scores are `score`'s; `ask
//! --explain` prints them), or `verify` holds an answer back; `decide` has their order. The
//! sentences that people read are in `chat/words/refusal`.

use super::answer::{Answer, AnswerKind, Choice, Lack, Refusal};
use super::candidate::{Asked, Candidate};
use super::crossing::crosses_years;
use super::features::Feature;
use super::sets::Set;
use crate::language::PartOfSpeech;
use crate::model::{Citation, Measure};
use crate::question::{Operator, Word};
use std::ops::Range;

/// At most so many things are offered.
const MOST_OFFERS: usize = 2;
/// A passage that explains less of the question is not the nearest sentence.
const LEAST_SHARE: f32 = 0.45;
/// A longer sentence is not quoted under a refusal, in letters.
const LONGEST_RELATED: usize = 200;

/// What a question left when nothing answers it.
pub struct Left<'a> {
    /// What was proposed within the frame.
    pub candidates: &'a [Candidate],
    /// The same, best first.
    pub sets: &'a [Set],
    /// What was proposed and crosses the frame.
    pub outside: &'a [Candidate],
    /// The nearest real things, nearest first.
    pub near: Vec<Choice>,
    /// The answer that a candidate gives, where it can be quoted and verified.
    pub answer: &'a dyn Fn(&Candidate) -> Option<Answer>,
}

/// The refusal of a question, with what is nearest.
pub fn refusal(asked: &Asked<'_>, left: Left<'_>) -> Refusal {
    let question = asked.question;
    if let Some(year) = unknown_year(asked) {
        return Refusal {
            missing: format!("{year}年的内容"),
            nearest: vec![scope(asked)],
            ..Refusal::default()
        };
    }
    if let Some(refusal) = missing_cell(asked, &left) {
        return refusal;
    }
    let best = left
        .sets
        .first()
        .map(|set| &left.candidates[set.members[0]]);
    let explained = |at: usize| {
        best.and_then(|best| best.explained.get(at))
            .copied()
            .unwrap_or(0.0)
    };
    let content: Vec<usize> = (0..question.words.len())
        .filter(|at| question.words[*at].is_content())
        .collect();
    let open: Vec<usize> = content
        .iter()
        .copied()
        .filter(|at| explained(*at) < 0.5)
        .collect();
    let absent: Vec<usize> = open
        .iter()
        .copied()
        .filter(|at| !question.words[*at].is_in_documents)
        .collect();
    // Where all but the place stands in a record, the place is what is missing.
    let is_all_but = |candidate: &Candidate, place: usize| {
        let others = content.iter().filter(|at| **at != place);
        others.into_iter().all(|at| candidate.explained[*at] > 0.5)
            && candidate.explained[place] < 0.5
    };
    let place: Vec<usize> = content
        .iter()
        .copied()
        .filter(|at| question.words[*at].is_other_place())
        .filter(|at| {
            let crossing = || left.outside.iter().any(|one| is_all_but(one, *at));
            open.contains(at) || crossing()
        })
        .collect();
    let named = [&place, &absent, &open, &content]
        .into_iter()
        .find(|list| list.iter().any(|at| question.words[*at].is_noun()))
        .cloned()
        .unwrap_or_else(|| content.clone());
    let missing = if place.is_empty() {
        missing_thing(asked, &named)
    } else {
        missing_place(asked, &named)
    };
    let is_mentioned = is_mentioned(asked, &missing);
    let lack = match (is_mentioned, question.has(Operator::Define)) {
        (false, _) => Lack::Absent,
        (true, true) => Lack::Undefined,
        (true, false) => Lack::Unanswered,
    };
    let nearest = (!place.is_empty()).then(|| scope(asked));
    Refusal {
        missing,
        lack,
        nearest: nearest.into_iter().collect(),
        offers: left.near.into_iter().take(MOST_OFFERS).collect(),
        related: best.and_then(|best| related(asked, best)),
    }
}

/// An indicator is named, and the table has it neither of that year nor as that measure.
fn missing_cell(asked: &Asked<'_>, left: &Left<'_>) -> Option<Refusal> {
    let question = asked.question;
    let has_all = |candidate: &&Candidate| {
        let mut words = question.words.iter().zip(&candidate.explained);
        candidate.kind == AnswerKind::Value
            && words.all(|(word, explained)| !word.is_content() || *explained > 0.9)
    };
    let asks_cell = |candidate: &&Candidate| {
        let is_other_measure = candidate.features.get(Feature::NoSuchMeasure) > 0.0;
        is_other_measure || crosses_years(asked, candidate)
    };
    let mut named = left.outside.iter().filter(has_all).filter(asks_cell);
    let (candidate, None) = (named.next()?, named.next()) else {
        return None;
    };
    let answer = (left.answer)(candidate)?;
    let name = answer.only_indicator()?;
    let years: Vec<String> = question.frame.years.iter().map(i32::to_string).collect();
    let time = match years.as_slice() {
        [] => String::new(),
        years => format!("{}年", years.join("、")),
    };
    let measure = match asked.measure.of_cell {
        Some(Measure::Actual) => "完成情况",
        Some(Measure::Target) => "目标",
        None => "数值",
    };
    let offer = Choice {
        label: super::label::label(asked, &answer),
        answer: Box::new(answer.clone()),
    };
    Some(Refusal {
        missing: format!("{name}{time}的{measure}"),
        offers: vec![offer],
        ..Refusal::default()
    })
}

/// The sentence of the best candidate that says most of the question.
fn related(asked: &Asked<'_>, best: &Candidate) -> Option<Citation> {
    let words = &asked.question.words;
    let weight: f32 = words.iter().map(|word| word.weight).sum();
    let explained = words.iter().zip(&best.explained);
    let kept: f32 = explained
        .map(|(word, explained)| word.weight * explained)
        .sum();
    if kept < LEAST_SHARE * weight.max(0.3) {
        return None;
    }
    let answer = best.record.answer(asked)?;
    let said = |citation: &&Citation| {
        let quote = asked.thesaurus.document(&citation.quote);
        let said = words
            .iter()
            .filter(|word| quote.contains(word.text.as_str()));
        said.map(|word| word.weight).sum::<f32>()
    };
    // Of equals the first one.
    let nearest = answer
        .citations()
        .iter()
        .rev()
        .max_by(|one, other| said(one).total_cmp(&said(other)))?;
    let is_short = nearest.quote.chars().count() <= LONGEST_RELATED;
    is_short.then(|| nearest.clone())
}

/// What the documents of the frame are about, in one line.
pub fn scope(asked: &Asked<'_>) -> String {
    let lines: Vec<String> = asked
        .plans()
        .map(|(_, plan)| {
            let (region, executed, planned) = (&plan.region, plan.executed_year, plan.plan_year);
            format!("{region}{executed}年执行情况和{planned}年计划")
        })
        .collect();
    lines.join("；")
}

fn unknown_year(asked: &Asked<'_>) -> Option<i32> {
    let covered = |year: &i32| asked.plans().any(|(_, plan)| plan.covers(*year));
    asked
        .question
        .frame
        .years
        .iter()
        .copied()
        .find(|year| !covered(year))
}

/// Whether a letter is a piece of a name rather than of a sentence.
fn belongs_to_name(word: &Word) -> bool {
    let is_piece = word.part.is_open() || word.part == PartOfSpeech::Prefix;
    is_piece && word.part != PartOfSpeech::Verb && !word.is_operator && !word.is_own_place
}

/// What is missing, as it was typed. Of words that all stand in the documents, only not beside each
/// other, the longest part that does: nobody is told that there is nothing of it.
fn missing_thing(asked: &Asked<'_>, words: &[usize]) -> String {
    let Some(heaviest) = heaviest(asked, words) else {
        return String::new();
    };
    let question = asked.question;
    let run = run_of(asked, words, heaviest);
    let typed = |run: &Range<usize>| typed_run(asked, run);
    let whole = typed(&run);
    let all_stand = question.words[run.clone()]
        .iter()
        .all(|word| word.is_in_documents);
    if is_mentioned(asked, &whole) || !all_stand {
        return whole;
    }
    let starts = (run.start..=heaviest).rev();
    let parts = starts.flat_map(|start| (heaviest + 1..=run.end).map(move |end| start..end));
    let said = parts
        .map(|part| typed(&part))
        .filter(|part| is_mentioned(asked, part));
    said.max_by_key(|part| part.chars().count())
        .unwrap_or(whole)
}

/// The place that is missing, whatever of its name stands in the documents.
fn missing_place(asked: &Asked<'_>, words: &[usize]) -> String {
    let run = heaviest(asked, words).map(|heaviest| run_of(asked, words, heaviest));
    run.map_or_else(String::new, |run| typed_run(asked, &run))
}

/// Some words as they were typed. One letter by itself names nothing.
fn typed_run(asked: &Asked<'_>, run: &Range<usize>) -> String {
    let words = &asked.question.words;
    let span = words[run.start].span.start..words[run.end - 1].span.end;
    if span.len() < 2 {
        return String::new();
    }
    asked.question.letters.typed(span)
}

/// Whether a thing stands in the documents of the frame.
fn is_mentioned(asked: &Asked<'_>, thing: &str) -> bool {
    let plans = &asked.question.frame.plans;
    !thing.is_empty() && asked.library.holds(plans, &asked.thesaurus.document(thing))
}

/// The heaviest of some words; a noun before others.
fn heaviest(asked: &Asked<'_>, words: &[usize]) -> Option<usize> {
    let weight = |at: &usize| {
        let word: &Word = &asked.question.words[*at];
        word.weight + if word.is_noun() { 0.5 } else { 0.0 }
    };
    let heaviest = words
        .iter()
        .max_by(|a, b| weight(a).total_cmp(&weight(b)).then(b.cmp(a)));
    heaviest.copied()
}

/// A word and its neighbours among some words. A single letter beside them belongs to them (渝|北区,
/// 全|要素).
fn run_of(asked: &Asked<'_>, words: &[usize], heaviest: usize) -> Range<usize> {
    let question = asked.question;
    let (mut first, mut last) = (heaviest, heaviest);
    let touches =
        |one: usize, other: usize| question.words[one].span.end == question.words[other].span.start;
    let belongs = |at: &usize| {
        let word = question.words.get(*at);
        let is_letter = || word.is_some_and(|word| word.span.len() == 1 && belongs_to_name(word));
        words.contains(at) || is_letter()
    };
    while first > 0 && belongs(&(first - 1)) && touches(first - 1, first) {
        first -= 1;
    }
    while belongs(&(last + 1)) && touches(last, last + 1) {
        last += 1;
    }
    // Verbs at the edges are no part of the thing that is missing, unless a single letter is all
    // that would be left of it (参保|率).
    let is_verb = |at: usize| question.words[at].part == PartOfSpeech::Verb;
    let is_one_letter =
        |first: usize, last: usize| first == last && question.words[first].span.len() == 1;
    while first < last && is_verb(first) && !is_one_letter(first + 1, last) {
        first += 1;
    }
    while first < last && is_verb(last) && !is_one_letter(first, last - 1) {
        last -= 1;
    }
    first..last + 1
}
