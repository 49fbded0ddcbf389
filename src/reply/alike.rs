//! Answers that say the same, or that speak for another one.

use super::answer::{Answer, Figure};
use crate::model::{PlanIx, Quantity};

/// An answer that may be meant, with what it is held against others by.
pub(super) struct LookedAt {
    pub(super) answer: Answer,
    /// The probability of its set.
    pub(super) chance: f32,
    /// Position of the plan that it quotes.
    pub(super) plan: PlanIx,
    /// All its lines.
    text: String,
    /// The figures of its first line.
    figures: Vec<String>,
}

impl LookedAt {
    pub(super) fn new(answer: Answer, chance: f32, plan: PlanIx) -> Self {
        Self {
            text: answer.lines().collect::<Vec<_>>().join("\n"),
            figures: answer.leading_figures(),
            answer,
            chance,
            plan,
        }
    }
}

/// Whether two answers say the same in their first line.
pub(super) fn says_same(one: &LookedAt, other: &LookedAt) -> bool {
    if one.answer.lead == other.answer.lead {
        return true;
    }
    supports(one, other) && supports(other, one) && one.figures.len() == other.figures.len()
}

/// Whether one answer is no other than a second one: it quotes the same place, and says the figures
/// of the second.
pub(super) fn supports(one: &LookedAt, other: &LookedAt) -> bool {
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

/// Whether one answer says again what a second one says, from elsewhere: 增长6%以上 in the text and
/// ＞6% in the table.
fn restates(one: &LookedAt, other: &LookedAt) -> bool {
    let mut wanted = leading(&other.answer).peekable();
    one.plan == other.plan
        && wanted.peek().is_some()
        && wanted.all(|wanted| leading(&one.answer).any(|said| is_same_fact(said, wanted)))
}

/// The figures of the first line.
fn leading(answer: &Answer) -> impl Iterator<Item = &Figure> {
    let is_shown = |figure: &&Figure| {
        let shown = Quantity::parse(&figure.printed, &figure.unit).shown();
        answer.lead.contains(&shown)
    };
    answer.figures.iter().filter(is_shown)
}

fn is_same_fact(one: &Figure, other: &Figure) -> bool {
    let agree = one.year.zip(other.year).is_none_or(|(a, b)| a == b)
        && one.measure.zip(other.measure).is_none_or(|(a, b)| a == b);
    let value = |figure: &Figure| {
        let quantity = Quantity::parse(&figure.printed, &figure.unit);
        quantity.value.map(|value| (value, quantity.unit))
    };
    agree
        && value(one).is_some()
        && value(one) == value(other)
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
    use crate::model::Measure;

    fn figure(subject: &str, printed: &str, year: i32) -> Figure {
        Figure {
            printed: printed.to_string(),
            unit: "%".to_string(),
            subject: subject.to_string(),
            year: Some(year),
            measure: Some(Measure::Target),
            citation: 0,
        }
    }

    #[test]
    fn one_fact_is_known_in_other_words_and_by_another_bound() {
        let cell = figure("渔塘尾水净化率增速", "＞6%", 2024);
        let same = figure("渔塘尾水净化率增长6%以上", "6%以上", 2024);
        assert!(is_same_fact(&cell, &same));
        for other in [
            figure("渔塘尾水净化率增长6%以上", "6%以上", 2023),
            figure("渔塘尾水净化率增长7%以上", "7%以上", 2024),
            figure("早稻亩均产量增长6%以上", "6%以上", 2024),
        ] {
            assert!(!is_same_fact(&cell, &other), "{other:?}");
        }
    }
}
