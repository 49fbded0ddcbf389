//! Three zones: answer where one record is beyond doubt, ask back where a few may be meant, refuse
//! below.

use super::answer::AnswerKind;
use super::candidate::Candidate;
use super::features::Feature;
use crate::question::{Operator, Question};

/// What is done with the best candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// The best one answers.
    Answer,
    /// The best few are choices.
    Ask,
    /// Nothing answers.
    Refuse,
}

/// From which probability the best record answers: that it is right, by the fitted model. Chosen on
/// the questions that were not put aside, from the table of `planbot fit --table`, so that about
/// one answer in a hundred is wrong.
const ANSWER_FROM: f32 = 0.70;
/// A term whose name stands in the question as it is printed answers from here on: from half on,
/// the questions that were not put aside had sixteen of them right and none wrong.
const ANSWER_TERM_FROM: f32 = 0.5;
/// No probability is so high: what is so likely is offered and does not answer.
pub(super) const NEVER: f32 = 2.0;
/// Below this probability that anything answers, nothing is offered as an answer.
const ASK_FROM: f32 = 0.22;

/// Many faint candidates make no choice: the best one must be this likely.
const LEAST_CHOICE: f32 = 0.15;

/// The probability of each score beside “nothing answers”, whose score is nought.
pub fn probabilities(scores: &[f32]) -> Vec<f32> {
    let most = scores.iter().copied().fold(0.0, f32::max);
    let powers: Vec<f32> = scores.iter().map(|score| (score - most).exp()).collect();
    let sum = powers.iter().sum::<f32>() + (-most).exp();
    powers.into_iter().map(|power| power / sum).collect()
}

/// From which probability a record answers. Who made a term is more than what it means, and what it
/// means is no answer to what is aimed at or was done in some year; a property of an indicator is
/// only half of what is asked where an amount is asked as well.
pub fn answer_from(question: &Question, record: &Candidate) -> f32 {
    use AnswerKind::{Category, Nature};
    let is_timed = record.features.get(Feature::TermTimed) > 0.0;
    let asks_amount = question.amount.is_asked && question.amount.implied.is_none();
    let is_half = matches!(record.kind, Nature | Category) && asks_amount;
    if is_half || is_timed && !question.frame.years.is_empty() {
        return NEVER;
    }
    let is_named = record.features.get(Feature::TermVerbatim) > 0.0;
    let asks_other = question.any(&[Operator::Who, Operator::How]);
    if record.kind == AnswerKind::Term && is_named && !asks_other {
        return ANSWER_TERM_FROM;
    }
    ANSWER_FROM
}

/// Whether anything answers in some place, though each of many places is a faint guess by itself.
pub fn answers_somewhere(any: f32) -> bool {
    any >= ASK_FROM
}

/// The zone, from the probability that the best answer is right, from which on it answers, and the
/// probability that anything answers at all.
pub fn zone(best: f32, answer_from: f32, any: f32) -> Zone {
    if best >= answer_from {
        Zone::Answer
    } else if any >= ASK_FROM && best >= LEAST_CHOICE {
        Zone::Ask
    } else {
        Zone::Refuse
    }
}
