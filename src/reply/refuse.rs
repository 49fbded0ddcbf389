//! A refusal: what is not in the documents, as it was typed, and the nearest real thing.

use super::answer::{Choice, Refusal};
use super::candidate::{Asked, Candidate};
use super::sets::Set;
use crate::question::Word;

/// At most so many things are offered.
const MOST_OFFERS: usize = 2;
/// A passage that explains less of the question is not the nearest sentence.
const LEAST_SHARE: f32 = 0.45;

/// The refusal of a question, with what is nearest.
pub fn refusal(
    asked: &Asked<'_>,
    candidates: &[Candidate],
    sets: &[Set],
    near: Vec<Choice>,
) -> Refusal {
    let question = asked.question;
    let scope = scope(asked);
    if let Some(year) = unknown_year(asked) {
        return Refusal {
            missing: format!("{year}年的内容"),
            nearest: vec![scope],
            ..Refusal::default()
        };
    }
    let best = sets.first().map(|set| &candidates[set.members[0]]);
    let explained = |at: usize| best.map_or(0.0, |best| best.explained[at]);
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
    let named = [&absent, &open, &content]
        .into_iter()
        .find(|list| list.iter().any(|at| question.words[*at].is_noun()))
        .cloned()
        .unwrap_or_else(|| content.clone());
    let missing = typed_run(asked, &named);
    let is_mentioned = !missing.is_empty()
        && asked
            .library
            .holds(&question.frame.plans, &asked.thesaurus.document(&missing));
    let related = best.and_then(|best| {
        let weight: f32 = question.words.iter().map(|word| word.weight).sum();
        let kept: f32 = question
            .words
            .iter()
            .zip(&best.explained)
            .map(|(word, explained)| word.weight * explained)
            .sum();
        let is_near = kept >= LEAST_SHARE * weight.max(0.3);
        let answer = best.record.answer(asked).filter(|_| is_near)?;
        let is_short = answer.citations()[0].quote.chars().count() <= 200;
        is_short.then(|| answer.citations()[0].clone())
    });
    Refusal {
        missing,
        is_mentioned,
        nearest: Vec::new(),
        offers: near.into_iter().take(MOST_OFFERS).collect(),
        related,
    }
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

/// The heaviest of some words and its neighbours among them, as they were typed.
fn typed_run(asked: &Asked<'_>, words: &[usize]) -> String {
    let question = asked.question;
    let weight = |at: &usize| {
        let word: &Word = &question.words[*at];
        word.weight + if word.is_noun() { 0.5 } else { 0.0 }
    };
    let heaviest = words
        .iter()
        .max_by(|a, b| weight(a).total_cmp(&weight(b)).then(b.cmp(a)));
    let Some(heaviest) = heaviest else {
        return String::new();
    };
    let (mut first, mut last) = (*heaviest, *heaviest);
    let touches =
        |one: usize, other: usize| question.words[one].span.end == question.words[other].span.start;
    while first > 0 && words.contains(&(first - 1)) && touches(first - 1, first) {
        first -= 1;
    }
    while words.contains(&(last + 1)) && touches(last, last + 1) {
        last += 1;
    }
    // Verbs at the edges are no part of the thing that is missing.
    while first < last && question.words[first].is_verb() {
        first += 1;
    }
    let span = question.words[first].span.start..question.words[last].span.end;
    question.letters.typed(span)
}
