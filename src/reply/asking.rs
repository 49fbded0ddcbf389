//! Asking back: which subject, which place, which of several indicators, which of a few answers.

use super::answer::{Answer, Choice, Clarification};
use super::candidate::{Asked, Candidate, RecordKey};
use super::features::Feature;
use super::sets::Set;
use crate::evidence::NameId;
use crate::model::PlanIx;
use crate::question::{Operator, Question};

/// An answer that may be meant.
pub struct Likely {
    /// As a choice.
    pub choice: Choice,
    /// The probability that it is meant.
    pub chance: f32,
    /// Position of the plan that it quotes.
    pub plan: PlanIx,
}

/// At most so many choices are offered.
pub const MOST_CHOICES: usize = 3;
/// At most so many further names stand under the choices.
const MOST_HINTS: usize = 6;
/// Less likely answers are no choices beside a likelier one.
const LEAST_CHANCE: f32 = 0.02;
/// A word that a name explains so far stands in it.
const SAID: f32 = 0.9;

/// Asks what is meant where a question says only what is wanted of it.
pub fn which_subject(asked: &Asked<'_>) -> Option<Clarification> {
    if !lacks_subject(asked.question) {
        return None;
    }
    let indicators = asked.plans().flat_map(|(_, plan)| &plan.indicators);
    let names = indicators.map(|indicator| indicator.name.clone());
    Some(Clarification {
        question: "您问的是哪一项？请带上名称再问一次，例如：".to_string(),
        choices: Vec::new(),
        hints: names.take(MOST_CHOICES).collect(),
    })
}

/// Whether a question asks for a figure, a verdict or a reason and names nothing.
fn lacks_subject(question: &Question) -> bool {
    const ASKS: &[Operator] = &[
        Operator::Amount,
        Operator::Verdict,
        Operator::Why,
        Operator::Target,
        Operator::Actual,
        Operator::Compare,
        Operator::Unit,
        Operator::Nature,
        Operator::Category,
    ];
    let names_nothing = question.words.iter().all(|word| !word.is_content());
    let elsewhere = question.any(&[
        Operator::Report,
        Operator::Issued,
        Operator::Indicator,
        Operator::Document,
        Operator::More,
        Operator::Opinion,
        Operator::List,
    ]);
    names_nothing && question.any(ASKS) && !elsewhere && question.frame.periods.is_empty()
}

/// Several places may be meant: each with its own best answer is a choice.
pub fn which_place(asked: &Asked<'_>, likely: &[Likely]) -> Option<Clarification> {
    let mut of_place: Vec<(String, &Choice)> = Vec::new();
    for Likely { choice, plan, .. } in likely.iter().filter(|one| one.chance > LEAST_CHANCE) {
        let region = asked.plan(*plan)?.region.clone();
        if of_place.iter().all(|(known, _)| *known != region) {
            of_place.push((region, choice));
        }
    }
    if of_place.is_empty() {
        return None;
    }
    let choices = of_place
        .into_iter()
        .take(MOST_CHOICES)
        .map(|(region, choice)| Choice {
            label: format!("{region} · {}", choice.label),
            answer: choice.answer.clone(),
        });
    Some(Clarification {
        question: "您问的是哪个地方？".to_string(),
        choices: choices.collect(),
        hints: Vec::new(),
    })
}

/// Asks which indicator is meant where the question says no more than several have in common: 增速,
/// 收入目标.
pub fn which_indicator(
    asked: &Asked<'_>,
    candidates: &[Candidate],
    sets: &[Set],
    answer: &dyn Fn(&Set) -> Option<Answer>,
) -> Option<Clarification> {
    let is_named = |candidate: &Candidate| {
        let features = &candidate.features;
        features.get(Feature::Complete) > 0.0 || features.get(Feature::Verbatim) > 0.0
    };
    let mut of_indicator: Vec<(NameId, &Set)> = Vec::new();
    for set in sets.iter().filter(|set| set.members.len() == 1) {
        let candidate = &candidates[set.members[0]];
        if !candidate.kind.is_of_row() {
            continue;
        }
        if is_named(candidate) {
            return None;
        }
        let RecordKey::Row(_, name) = candidate.key else {
            continue;
        };
        let is_known = of_indicator.iter().any(|(known, _)| *known == name);
        if !is_known && says_nothing_else(asked.question, candidate) {
            of_indicator.push((name, set));
        }
    }
    if of_indicator.len() < 2 {
        return None;
    }
    let named = of_indicator.into_iter().filter_map(|(_, set)| {
        let answer = answer(set)?;
        Some((super::label::label(asked, &answer), Some(answer)))
    });
    let named = named.take(MOST_CHOICES + MOST_HINTS);
    Some(Clarification::among("您问的是哪一个指标？", named))
}

/// Whether the name that a candidate goes by has all that the question says.
fn says_nothing_else(question: &Question, candidate: &Candidate) -> bool {
    let mut words = question.words.iter().zip(&candidate.explained);
    words.all(|(word, explained)| !word.is_content() || *explained > SAID)
}

/// The likeliest few answers as choices.
pub fn which_answer(likely: Vec<Likely>) -> Clarification {
    let mut choices: Vec<Choice> = Vec::new();
    for Likely { choice, chance, .. } in likely {
        let is_likely = choices.is_empty() || chance > LEAST_CHANCE;
        let is_known = choices.iter().any(|known| known.label == choice.label);
        if is_likely && !is_known && choices.len() < MOST_CHOICES {
            choices.push(choice);
        }
    }
    let question = match choices.len() {
        1 => "您问的是这个吗？",
        _ => "您问的是哪一个？",
    };
    Clarification {
        question: question.to_string(),
        choices,
        hints: Vec::new(),
    }
}
