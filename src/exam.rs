//! The exam: every cell, unit, nature, category, remark, term, note and figure of a plan asked in
//! many ways, each with its known answer; the same questions in other words, which must be answered
//! the same; and near misses that must not be answered. Generated from the plan and from words that
//! are drawn by a seed; no question is written by hand.

mod base;
mod bases;
mod cases;
mod changes;
mod faithful;
mod figures;
mod metamorphic;
mod near_misses;
mod odd_strings;
mod original;
mod perturb;
mod plain;
mod questions;
mod training;
mod words;

pub use cases::{case_fault, setbacks};
pub use faithful::{Difference, DifferenceKind, differences};
pub use odd_strings::odd_strings;
pub(crate) use original::OriginalScore;
pub use original::take_original;
pub use plain::{otherwise, plain, plain_by_another_name};
pub use training::training;

use crate::chat::render;
use crate::edition::{Circumstances, Edition};
use crate::language::fold;
use crate::model::{ExamRecords, Plan};
use crate::reply::{Answer, Outcome, Reply, Weights};
use base::Base;
use bases::Draw;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};
use words::{Half, Vocabulary};

/// What a right reply shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// All of these in the first line.
    First(Vec<String>),
    /// All of these anywhere.
    Anywhere(Vec<String>),
    /// A source at this place.
    Place(String),
    /// The answer that this question gets from the same edition.
    SameAs(String),
    /// No answer: a question back, a refusal or help.
    NoAnswer,
}

/// A question with its known answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is about.
    pub kind: &'static str,
    /// As a person would type it.
    pub question: String,
    /// What a right reply shows.
    pub expected: Expected,
}

/// How a reply is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JudgedItem {
    /// It is right.
    Right,
    /// It asks back, and one of its choices is right.
    Offered,
    /// It asks back, and none of its choices is right.
    AskedBack,
    /// It answers, and wrongly.
    Wrong,
    /// It does not answer, though the plan does.
    Refused,
}

/// One kind's result. Each list holds questions with the first line of the reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Score {
    /// How many were asked.
    pub asked: usize,
    /// How many replies were right.
    pub right: usize,
    /// Questions that were asked back with the right answer among the choices.
    pub offered: Vec<(String, String)>,
    /// Questions that were asked back without it.
    pub asked_back: Vec<(String, String)>,
    /// Questions that were answered wrongly.
    pub wrong: Vec<(String, String)>,
    /// Questions that were not answered.
    pub refused: Vec<(String, String)>,
}

/// How much of a plan is drawn for the questions in other words and for the near misses.
const DRAW: Draw = Draw {
    cells: 44,
    attributes: 20,
    terms: 24,
    figures: 40,
};

impl Item {
    /// Whether a plain reply shows what is expected; never, where nothing or the answer to another
    /// question is.
    pub fn is_shown_by(&self, text: &str) -> bool {
        let first = text.lines().next().unwrap_or_default();
        match &self.expected {
            Expected::First(words) => words.iter().all(|word| shows(first, word)),
            Expected::Anywhere(words) => words.iter().all(|word| shows(text, word)),
            Expected::Place(place) => text.contains(place.as_str()),
            Expected::SameAs(_) | Expected::NoAnswer => false,
        }
    }
}

/// Whether a text shows a word; a figure is not shown by the end of a longer one.
fn shows(text: &str, word: &str) -> bool {
    let is_figure = word.starts_with(|c: char| c.is_ascii_digit());
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !is_figure || before.is_none_or(|c| !c.is_ascii_digit() && c != '.')
    })
}

/// All questions on a plan, in a fixed order.
pub fn items(plan: &Plan, ways: &ExamRecords, edition: &Edition) -> Vec<Item> {
    let mut items = questions::of(plan, ways);
    items.extend(near_misses::of(plan, ways, edition, Half::Exam));
    items.extend(drawn_items(plan, ways, edition));
    items
}

/// At most so many questions of each kind, from all over its list.
pub fn sample(items: Vec<Item>, of_each_kind: usize) -> Vec<Item> {
    let mut of_kind: BTreeMap<&'static str, Vec<Item>> = BTreeMap::new();
    for item in items {
        of_kind.entry(item.kind).or_default().push(item);
    }
    let thinned = of_kind.into_values().flat_map(|items| {
        let step = items.len().div_ceil(of_each_kind.max(1)).max(1);
        items.into_iter().step_by(step)
    });
    thinned.collect()
}

/// The questions that are made of drawn words.
pub fn drawn_items(plan: &Plan, ways: &ExamRecords, edition: &Edition) -> Vec<Item> {
    let vocabulary = Vocabulary::of(edition, Half::Exam);
    let bases = bases::drawn(plan, Half::Exam, DRAW);
    let figures = figures::of(plan, Half::Exam);
    let mut items: Vec<Item> = figures
        .iter()
        .map(|base| base.item("正文数字：少几个词"))
        .collect();
    // Only what is answered rightly can stay as it is.
    let today = plan.document_date.unwrap_or_default();
    let is_answered = |base: &&Base| {
        let reply = edition.reply(&base.question(), today).reply;
        judge(&reply, &base.expected, &no_other) == JudgedItem::Right
    };
    let answered: Vec<Base> = bases.iter().filter(is_answered).cloned().collect();
    items.extend(metamorphic::of(&answered, ways, &vocabulary));
    items.extend(near_misses::of_bases(
        &bases,
        plan,
        ways,
        edition,
        &vocabulary,
    ));
    items
}

/// Asks each question and scores the replies by kind.
pub fn take<'a>(
    edition: &Edition,
    items: impl Iterator<Item = &'a Item>,
    today: NaiveDate,
) -> BTreeMap<&'static str, Score> {
    let asking = Circumstances {
        today,
        ..Circumstances::default()
    };
    take_with(edition, items, asking, Weights::fitted())
}

/// The same with weights and circumstances of one's own.
pub fn take_with<'a>(
    edition: &Edition,
    items: impl Iterator<Item = &'a Item>,
    asking: Circumstances<'_>,
    weights: &Weights,
) -> BTreeMap<&'static str, Score> {
    let reply = |question: &str| -> Outcome { edition.reply_with(question, asking, weights) };
    let mut plain: HashMap<&str, Reply> = HashMap::new();
    let mut scores: BTreeMap<&'static str, Score> = BTreeMap::new();
    for item in items {
        if let Expected::SameAs(question) = &item.expected {
            plain
                .entry(question)
                .or_insert_with(|| reply(question).reply);
        }
        let other = |question: &str| plain.get(question).cloned();
        let reply = reply(&item.question).reply;
        let score = scores.entry(item.kind).or_default();
        score.asked += 1;
        let list = match judge(&reply, &item.expected, &other) {
            JudgedItem::Right => {
                score.right += 1;
                continue;
            }
            JudgedItem::Offered => &mut score.offered,
            JudgedItem::AskedBack => &mut score.asked_back,
            JudgedItem::Wrong => &mut score.wrong,
            JudgedItem::Refused => &mut score.refused,
        };
        list.push((item.question.clone(), first_line(&reply)));
    }
    scores
}

/// The first line of a reply, or what is asked back.
fn first_line(reply: &Reply) -> String {
    let text = render::plain(reply);
    let first = text.lines().next().unwrap_or_default();
    let choices: Vec<&str> = reply
        .choices()
        .iter()
        .map(|choice| choice.label.as_str())
        .collect();
    let line = match reply {
        Reply::Clarify(_) => format!("{first}{}", choices.join("｜")),
        _ => first.to_string(),
    };
    line.chars().take(120).collect()
}

fn no_other(_: &str) -> Option<Reply> {
    None
}

/// Judges a reply; `other` gives the reply to another question.
fn judge(reply: &Reply, expected: &Expected, other: &dyn Fn(&str) -> Option<Reply>) -> JudgedItem {
    let shown = |answer: &Answer| is_shown(answer, expected, other);
    match reply {
        Reply::Answer(answer) if shown(answer) => JudgedItem::Right,
        Reply::Answer(_) => JudgedItem::Wrong,
        _ if *expected == Expected::NoAnswer => JudgedItem::Right,
        Reply::Clarify(clarification) => {
            if clarification
                .choices
                .iter()
                .any(|choice| shown(&choice.answer))
            {
                JudgedItem::Offered
            } else {
                JudgedItem::AskedBack
            }
        }
        Reply::Unknown(_) | Reply::Help | Reply::Courtesy => JudgedItem::Refused,
    }
}

fn is_shown(answer: &Answer, expected: &Expected, other: &dyn Fn(&str) -> Option<Reply>) -> bool {
    match expected {
        Expected::First(words) => words.iter().all(|word| shows(&answer.lead, word)),
        Expected::Anywhere(words) => {
            let text = render::plain(&Reply::Answer(Box::new(answer.clone())));
            words.iter().all(|word| shows(&text, word))
        }
        Expected::Place(place) => answer
            .citations()
            .iter()
            .any(|citation| citation.place == *place),
        Expected::SameAs(question) => {
            let plain = other(question);
            matches!(plain, Some(Reply::Answer(plain)) if says_the_same(answer, &plain))
        }
        Expected::NoAnswer => false,
    }
}

/// The same first line, or the same figures from the same place.
fn says_the_same(one: &Answer, other: &Answer) -> bool {
    let place = |answer: &Answer| {
        answer
            .citations()
            .first()
            .map(|citation| citation.provenance)
    };
    let figures = one.leading_figures();
    let same_figures = !figures.is_empty() && figures == other.leading_figures();
    one.lead == other.lead || same_figures && place(one) == place(other)
}

/// A text with which figures of replies and of originals are compared.
fn compared(text: &str) -> String {
    fold(text)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect()
}
