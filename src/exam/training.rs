//! A small sample for the fit: half of it questions with their answers, half near misses, with
//! words that the exam never draws.

use super::base::Base;
use super::bases::{self, Draw};
use super::changes::Changing;
use super::metamorphic;
use super::words::{Dice, Half, Vocabulary};
use super::{Expected, Item, near_misses};
use crate::edition::Edition;
use crate::model::{ExamRecords, Plan};

/// How much of a plan is drawn; reports without tables still have figures.
const DRAW: Draw = Draw {
    cells: 70,
    attributes: 30,
    terms: 40,
    figures: 110,
};
/// So many near misses of the kinds that need no drawn word.
const PLAIN_NEAR_MISSES: usize = 40;

/// A sample of questions for the fit, the same for the same edition.
pub fn training(edition: &Edition, ways: &ExamRecords) -> Vec<Item> {
    let vocabulary = Vocabulary::of(edition, Half::Training);
    let plans = edition.book.plans().iter();
    plans
        .flat_map(|plan| of_plan(plan, edition, ways, &vocabulary))
        .collect()
}

fn of_plan(
    plan: &Plan,
    edition: &Edition,
    ways: &ExamRecords,
    vocabulary: &Vocabulary,
) -> Vec<Item> {
    let bases = bases::drawn(plan, Half::Training, DRAW);
    let mut dice = Dice::new(Half::Training, "training");
    let changing = Changing {
        plan,
        edition,
        ways,
        vocabulary,
    };
    let mut items = Vec::new();
    for base in &bases {
        items.push(answered(base, ways, vocabulary, &mut dice));
        if let Some(form) = dice.pick(&changing.changes(base, &mut dice.clone())) {
            items.push(Item {
                kind: form.kind,
                question: form.question.clone(),
                expected: Expected::NoAnswer,
            });
        }
    }
    let near = near_misses::of(plan, ways, edition, Half::Training);
    items.extend(dice.sample(near, PLAIN_NEAR_MISSES));
    items
}

/// Every third question as it is, the others in other words.
fn answered(base: &Base, ways: &ExamRecords, vocabulary: &Vocabulary, dice: &mut Dice) -> Item {
    let forms = metamorphic::forms(base, ways, vocabulary, Half::Training, dice);
    let plain = base.item("照原样问");
    let Some(form) = dice.pick(&forms) else {
        return plain;
    };
    if dice.below(3) == 0 {
        return plain;
    }
    Item {
        kind: form.kind,
        question: form.question.clone(),
        expected: plain.expected,
    }
}
