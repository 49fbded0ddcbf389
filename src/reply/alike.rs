//! Answers that say the same, or that speak for another one.

use super::answer::{Answer, Figure};
use super::candidate::{Asked, Candidate};
use super::doubts::{lacks_amount, lacks_sort};
use super::features::Features;
use super::zones::{NEVER, answer_from};
use crate::model::{Measure, PlanIx, Quantity};
use rust_decimal::Decimal;

/// An answer that may be meant, with what it is held against others by.
pub(super) struct LookedAt<'a> {
    pub(super) answer: Answer,
    /// The probability of its set.
    pub(super) chance: f32,
    /// From which probability it answers.
    pub(super) answer_from: f32,
    /// The record that it begins with.
    pub(super) base: &'a Candidate,
    /// The features of the whole.
    pub(super) features: &'a Features,
    /// Position of the plan that it quotes.
    pub(super) plan: PlanIx,
    /// All its lines.
    text: String,
    /// The figures of its first line.
    figures: Vec<String>,
    /// What these figures say.
    facts: Vec<Stated>,
}

/// What a figure says.
#[derive(Debug)]
struct Stated {
    /// Its value with its unit, where it has one.
    value: Option<(Decimal, String)>,
    subject: String,
    year: Option<i32>,
    measure: Option<Measure>,
}

impl<'a> LookedAt<'a> {
    /// An answer with its probability, the record that it begins with, and the features of the
    /// whole.
    pub(super) fn new(
        asked: &Asked<'_>,
        answer: Answer,
        chance: f32,
        base: &'a Candidate,
        features: &'a Features,
    ) -> Self {
        let text = answer.lines().collect::<Vec<_>>().join("\n");
        let is_half = lacks_amount(asked, &text) || lacks_sort(asked, features);
        let answer_from = match is_half {
            true => NEVER,
            false => answer_from(asked.question, base),
        };
        Self {
            text,
            figures: answer.leading_figures(),
            facts: facts(&answer),
            answer,
            chance,
            answer_from,
            base,
            features,
            plan: base.plan,
        }
    }

    /// Whether it quotes nothing but what another answer quotes.
    pub(super) fn is_of_place_of(&self, other: &LookedAt<'_>) -> bool {
        let places = other.answer.citations();
        self.answer
            .citations()
            .iter()
            .all(|place| places.contains(place))
    }

    /// Whether its first line says figures.
    pub(super) fn has_figures(&self) -> bool {
        !self.figures.is_empty()
    }
}

/// Whether two answers say the same in their first line.
pub(super) fn says_same(one: &LookedAt<'_>, other: &LookedAt<'_>) -> bool {
    if one.answer.lead == other.answer.lead {
        return true;
    }
    supports(one, other) && supports(other, one) && one.figures.len() == other.figures.len()
}

/// Whether one answer is no other than a second one: it quotes the same place, and says the figures
/// of the second.
pub(super) fn supports(one: &LookedAt<'_>, other: &LookedAt<'_>) -> bool {
    if one.answer.lead == other.answer.lead {
        return true;
    }
    let (cited, wanted) = (one.answer.citations(), other.answer.citations());
    let quotes_same = cited.iter().any(|citation| wanted.contains(citation));
    let same_indicator = || {
        let name = other.answer.only_indicator();
        name.is_some_and(|name| one.answer.lead.contains(name)) && cited[0].plan == wanted[0].plan
    };
    let says_figures = || {
        let mut figures = other.figures.iter();
        figures.all(|figure| one.text.contains(figure.as_str()))
    };
    (quotes_same || same_indicator()) && says_figures() || restates(one, other)
}

/// How likely each of some different answers is: what says the same, or quotes the same, speaks
/// for it too. What speaks for rivals as well, as a sentence does with two figures, speaks for
/// each as far as that one is likely by itself.
pub(super) fn supported(looked_at: &[LookedAt<'_>], different: &[&LookedAt<'_>]) -> Vec<f32> {
    let chance = |one: &&LookedAt<'_>| {
        let support = looked_at.iter().filter(|other| supports(other, one));
        support
            .map(|other| other.chance * share(other, one, different))
            .sum()
    };
    different.iter().map(chance).collect()
}

/// What share of its chance an answer lends to one that it speaks for.
fn share(from: &LookedAt<'_>, to: &LookedAt<'_>, different: &[&LookedAt<'_>]) -> f32 {
    let is_rival = |other: &&&LookedAt<'_>| {
        let is_other = !std::ptr::eq(**other, from) && !std::ptr::eq(**other, to);
        is_other && supports(from, other) && !supports(other, to) && !supports(to, other)
    };
    let rivals: f32 = different
        .iter()
        .filter(is_rival)
        .map(|other| other.chance)
        .sum();
    to.chance / (to.chance + rivals).max(f32::MIN_POSITIVE)
}

/// Whether one answer says again what a second one says, from elsewhere: 增长6%以上 in the text and
/// ＞6% in the table.
fn restates(one: &LookedAt<'_>, other: &LookedAt<'_>) -> bool {
    let says = |wanted: &Stated| one.facts.iter().any(|said| is_same_fact(said, wanted));
    one.plan == other.plan && !other.facts.is_empty() && other.facts.iter().all(says)
}

impl Stated {
    fn of(figure: &Figure, quantity: Quantity) -> Self {
        Self {
            value: quantity.value.map(|value| (value, quantity.unit)),
            subject: figure.subject.clone(),
            year: figure.year,
            measure: figure.measure,
        }
    }
}

/// What the figures of the first line say, in its order. A figure further down that is printed
/// alike is not said there again.
fn facts(answer: &Answer) -> Vec<Stated> {
    let mut unread = answer.lead.as_str();
    let mut facts = Vec::new();
    for figure in &answer.figures {
        let quantity = Quantity::parse(&figure.printed, &figure.unit);
        let shown = quantity.shown();
        if let Some(at) = unread.find(&shown) {
            unread = &unread[at + shown.len()..];
            facts.push(Stated::of(figure, quantity));
        }
    }
    facts
}

fn is_same_fact(one: &Stated, other: &Stated) -> bool {
    let agree = one.year.zip(other.year).is_none_or(|(a, b)| a == b)
        && one.measure.zip(other.measure).is_none_or(|(a, b)| a == b);
    agree
        && one.value.is_some()
        && one.value == other.value
        && names_same(&one.subject, &other.subject)
}

/// Of the pairs of letters of the shorter one this share must stand in the longer one: 收入增长 and
/// 收入增速 name one thing.
const LEAST_COMMON: f32 = 0.6;

fn names_same(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let letters: Vec<char> = short
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .collect();
    let pairs = letters
        .windows(2)
        .map(|pair| pair.iter().collect::<String>());
    let common = pairs.filter(|pair| long.contains(pair.as_str())).count();
    letters.len() > 1 && common as f32 >= LEAST_COMMON * (letters.len() - 1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(subject: &str, printed: &str, year: i32) -> Stated {
        let figure = Figure {
            printed: printed.to_string(),
            unit: "%".to_string(),
            subject: subject.to_string(),
            year: Some(year),
            measure: Some(Measure::Target),
            citation: 0,
        };
        Stated::of(&figure, Quantity::parse(printed, "%"))
    }

    #[test]
    fn one_fact_is_known_in_other_words_and_by_another_bound() {
        let cell = fact("渔塘尾水净化率增速", "＞6%", 2024);
        let same = fact("渔塘尾水净化率增长6%以上", "6%以上", 2024);
        assert!(is_same_fact(&cell, &same));
        for other in [
            fact("渔塘尾水净化率增长6%以上", "6%以上", 2023),
            fact("渔塘尾水净化率增长7%以上", "7%以上", 2024),
            fact("早稻亩均产量增长6%以上", "6%以上", 2024),
        ] {
            assert!(!is_same_fact(&cell, &other), "{other:?}");
        }
    }
}
