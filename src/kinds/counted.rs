//! A list whose members the question counts: a text answers where it names as many.

use crate::language::enumerates;
use crate::reply::{Asked, Feature, Features};

/// Whether a text names as many members as are asked for, or none so many.
pub fn of_text(asked: &Asked<'_>, text: &str, features: &mut Features) {
    if let Some(count) = asked.question.listed {
        set(enumerates(text, count), features);
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
