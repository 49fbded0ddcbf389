//! What makes an answer doubtful that is more likely than not: something of what is asked that it
//! does not say.

use super::answer::AnswerKind;
use super::candidate::Candidate;
use super::features::{Feature, Features};
use super::score::SPECIFIC;
use crate::question::{Operator, Question};

/// Features that say, where they are below nought, that another figure is asked for.
const DIFFERS: &[Feature] = &[
    Feature::ChangeAgrees,
    Feature::CellUnit,
    Feature::MeasureAgrees,
];

/// From this share of its words apart from any figure, a passage says another amount than is asked.
const FAR: f32 = 0.3;

/// Features that each say, where they are above nought, that something asked is left open.
const OPEN: &[Feature] = &[
    // Another sort of thing is asked for than is given.
    Feature::SortMissing,
    Feature::KindDiffersTable,
    Feature::KindDiffersClause,
    Feature::KindDiffersPassage,
    Feature::WhyDiffers,
    Feature::MeaningAskedOfText,
    Feature::ListMissing,
    Feature::CountDiffers,
    Feature::TermAmount,
    // Less is given than is asked for.
    Feature::AmountsOpen,
    Feature::CompareSingle,
    Feature::Compound,
    // The figure is another one.
    Feature::UnitDiffers,
    Feature::MeasureDiffers,
    Feature::PeriodUnasked,
    Feature::NoSuchMeasure,
    Feature::YearUnsaid,
    Feature::NumberUnexplained,
    // It is of something else.
    Feature::PlaceUnexplained,
    Feature::RoleUnexplained,
    Feature::LeavesFirst,
    Feature::TouchNoun,
    Feature::TouchNounOfName,
    Feature::ModifierOpen,
    Feature::TouchVerbOfName,
    Feature::InsideName,
    Feature::Overshadowed,
    Feature::ConceptOpen,
    Feature::ActDiffers,
];

/// Whether a set, which a record begins, leaves something of what is asked open.
pub fn leaves_open(question: &Question, record: &Candidate, features: &Features) -> bool {
    let names_thing = question
        .words
        .iter()
        .any(|word| word.is_content() && word.part.is_nominal());
    // A figure that is claimed may stand in a text beside something else.
    let claims = question.amount.claim.is_some();
    let specific = question.operators.set().and(SPECIFIC);
    let asks_other = !specific.without(record.wants).is_empty();
    let asks_stock = question.has(Operator::Stock) && features.get(Feature::Stock) <= 0.0;
    // A word that the documents do not have makes another thing of a figure, and of a passage
    // most often nothing.
    let is_passage = record.kind == AnswerKind::Passage;
    let is_foreign = !is_passage && features.get(Feature::NounAbsent) > 0.0;
    let is_far = features.get(Feature::AmountFar) > FAR;
    let differs = DIFFERS.iter().any(|feature| features.get(*feature) < 0.0);
    let is_open = OPEN.iter().any(|feature| features.get(*feature) > 0.0);
    !names_thing || claims || asks_other || asks_stock || is_foreign || is_far || differs || is_open
}
