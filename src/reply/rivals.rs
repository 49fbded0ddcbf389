//! Other answers beside the best one. Without them it answers from half on, where it leaves nothing
//! of what is asked open; and where they all quote the same sentence there is nothing to choose.

use super::alike::LookedAt;
use super::candidate::Asked;
use super::doubts::{Doubt, doubt, is_far};
use super::features::Feature;
use super::zones::NEVER;

/// From this probability on an answer without a doubt answers: of the questions that were not put
/// aside 26 more are answered right by it and one wrong, of those put aside 11 and one.
const UNDOUBTED_FROM: f32 = 0.5;
/// Other figures that are as likely as this together make an answer doubtful: most often they are
/// the same thing of another year (`tests/cases/asked`).
const FIGURES_BESIDE: f32 = 0.1;
/// The same of any one answer.
const ANSWER_BESIDE: f32 = 0.3;
/// Answers beside the first one that are less likely than this are not looked at.
const NEAR: f32 = 0.1;
/// Where all that may be meant is in one sentence, its figure answers from here on without a doubt:
/// with the bound below, of the questions that were not put aside 11 more are answered right and
/// one wrong, of those put aside four and none (`tests/cases/talks.toml`).
const ONE_PLACE_UNDOUBTED_FROM: f32 = 0.3;
/// The same of any answer, and with something left open.
const ONE_PLACE_FROM: f32 = 0.5;

/// From which probability the first of some different answers answers.
pub fn answers_from(asked: &Asked<'_>, different: &[&LookedAt<'_>]) -> f32 {
    let Some((first, others)) = different.split_first() else {
        return 1.0;
    };
    // What is sure by itself needs no second look, and what is half of what is asked gets none.
    if first.chance >= first.answer_from || first.answer_from >= NEVER {
        return first.answer_from;
    }
    let with_figures = others.iter().filter(|other| other.has_figures());
    let figures: f32 = with_figures.map(|other| other.chance).sum();
    let is_rivalled =
        figures >= FIGURES_BESIDE || others.iter().any(|other| other.chance >= ANSWER_BESIDE);
    let is_in_one_place = is_in_one_place(first, others);
    if is_rivalled && !is_in_one_place {
        return first.answer_from;
    }
    let from = match doubt(asked, first.base, first.features) {
        Doubt::None if !is_rivalled => UNDOUBTED_FROM,
        // A sentence without a figure of its own first may only mention what is asked.
        Doubt::None if first.has_figures() => ONE_PLACE_UNDOUBTED_FROM,
        Doubt::None | Doubt::Slight if is_in_one_place => ONE_PLACE_FROM,
        _ => return first.answer_from,
    };
    from.min(first.answer_from)
}

/// Whether others are near the first answer, and all these quote what it quotes.
fn is_in_one_place(first: &LookedAt<'_>, others: &[&LookedAt<'_>]) -> bool {
    let mut near = others
        .iter()
        .filter(|other| other.chance >= NEAR)
        .peekable();
    // What is done and stands nowhere makes another thing of what was done.
    let does_other = first.features.get(Feature::VerbAbsent) > 0.0;
    // A paragraph that holds the sentence of a figure is no other answer than the figure: one more
    // of the questions that were not put aside is right by it, three of the others, none is wrong.
    let holds_first = |other: &LookedAt<'_>| first.has_figures() && first.is_of_place_of(other);
    let is_of_place = |other: &LookedAt<'_>| {
        (holds_first(other) || other.is_of_place_of(first)) && !is_far(other.features)
    };
    !does_other && near.peek().is_some() && near.all(|other| is_of_place(other))
}
