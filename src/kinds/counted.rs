//! A list whose members the question counts: a text answers where it names as many.

use crate::language::enumerates;
use crate::question::Word;
use crate::reply::{Asked, Feature, Features};

/// Lighter words are no things that are listed.
const LEAST_THING: f32 = 0.35;

/// Whether a text names as many members as are asked for, or none so many.
pub fn of_text(asked: &Asked<'_>, text: &str, features: &mut Features) {
    if let Some(count) = asked.question.listed {
        set(enumerates(text, count, &|_| true), features);
    }
}

/// The same of a passage that speaks of other things too: the members must be named where it speaks
/// of a thing that is asked about, or in a note of it.
pub fn of_passage<'a>(
    asked: &Asked<'_>,
    text: &str,
    mut notes: impl Iterator<Item = &'a str>,
    features: &mut Features,
) {
    let things = || {
        let words = asked.question.words.iter();
        words.filter(|word| word.part.is_nominal() && word.weight >= LEAST_THING)
    };
    let is_about = |clause: &str| {
        let clause = asked.thesaurus.document(clause);
        let says = |word: &Word| {
            let mut meanings = word.meanings.iter();
            clause.contains(&word.text) || meanings.any(|meaning| clause.contains(meaning))
        };
        things().any(says)
    };
    if let Some(count) = asked.question.listed {
        let mut is_noted = || notes.any(|note| enumerates(note, count, &|_| true));
        set(enumerates(text, count, &is_about) || is_noted(), features);
    }
}

/// The same of a list that was made from the tables.
pub fn of_members(asked: &Asked<'_>, members: usize, features: &mut Features) {
    if let Some(count) = asked.question.listed {
        set(members == count, features);
    }
}

fn set(agrees: bool, features: &mut Features) {
    let feature = if agrees {
        Feature::CountAgrees
    } else {
        Feature::CountDiffers
    };
    features.set(feature, 1.0);
}
