//! The exam: every cell, unit, nature, category, remark, term, note and figure of a plan asked in many ways, each with
//! its known answer, and near misses that must not be answered. Generated from the plan; no question is written by hand.

mod cases;
mod near_misses;
mod odd_strings;
mod perturb;
mod questions;

pub use cases::{case_fault, setbacks};
pub use odd_strings::odd_strings;

use crate::reply::Reply;
use crate::chat::render;
use crate::edition::Edition;
use crate::model::{ExamRecords, Plan};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// What a right reply shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// All of these in the first line.
    First(Vec<String>),
    /// All of these anywhere.
    Anywhere(Vec<String>),
    /// A source at this place.
    Place(String),
    /// No answer: a question back, a refusal or help.
    NoAnswer,
}

/// A question with its known answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is about.
    pub kind: &'static str,
    /// The question.
    pub question: String,
    /// What a right reply shows.
    pub expected: Expected,
}

/// One kind's result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Score {
    /// How many were asked.
    pub asked: usize,
    /// How many replies were right.
    pub right: usize,
    /// Questions that were answered wrongly, with the first line of the reply.
    pub wrong: Vec<(String, String)>,
    /// Questions that were not answered, with the first line of the reply.
    pub refused: Vec<(String, String)>,
}

impl Item {
    /// Whether a plain reply shows what is expected.
    pub fn is_shown_by(&self, text: &str) -> bool {
        let first = text.lines().next().unwrap_or_default();
        match &self.expected {
            Expected::First(words) => words.iter().all(|word| first.contains(word)),
            Expected::Anywhere(words) => words.iter().all(|word| text.contains(word)),
            Expected::Place(place) => text.contains(place.as_str()),
            Expected::NoAnswer => false,
        }
    }
}

/// A sample of questions for the fit.
pub fn training(edition: &Edition, ways: &ExamRecords) -> Vec<Item> {
    let plans = edition.book.plans().iter();
    plans.flat_map(|plan| items(plan, ways, edition).into_iter().step_by(61)).collect()
}

/// All questions on a plan, in a fixed order.
pub fn items(plan: &Plan, ways: &ExamRecords, edition: &Edition) -> Vec<Item> {
    let mut items = questions::of(plan, ways);
    items.extend(near_misses::of(plan, ways, edition));
    items
}

/// Asks each question and scores the replies by kind.
pub fn take<'a>(
    edition: &Edition,
    items: impl Iterator<Item = &'a Item>,
    today: NaiveDate,
) -> BTreeMap<&'static str, Score> {
    let mut scores: BTreeMap<&'static str, Score> = BTreeMap::new();
    for item in items {
        let reply = edition.reply(&item.question, today).reply;
        let score = scores.entry(item.kind).or_default();
        score.asked += 1;
        if is_right(&reply, &item.expected) {
            score.right += 1;
            continue;
        }
        let first = render::plain(&reply)
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(120)
            .collect();
        let list = if matches!(reply, Reply::Answer(_)) {
            &mut score.wrong
        } else {
            &mut score.refused
        };
        list.push((item.question.clone(), first));
    }
    scores
}

fn is_right(reply: &Reply, expected: &Expected) -> bool {
    let Reply::Answer(answer) = reply else {
        return *expected == Expected::NoAnswer;
    };
    match expected {
        Expected::First(words) => words.iter().all(|word| answer.lead.contains(word)),
        Expected::Anywhere(words) => {
            let text = render::plain(reply);
            words.iter().all(|word| text.contains(word))
        }
        Expected::Place(place) => answer
            .citations()
            .iter()
            .any(|citation| citation.place == *place),
        Expected::NoAnswer => false,
    }
}
