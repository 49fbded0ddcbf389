//! What the kinds that speak of the document itself have in common: a candidate without a row, a
//! term or a passage.

use crate::model::PlanIx;
use crate::question::OperatorSet;
use crate::reply::{AnswerKind, Asked, Candidate, Features, Record, RecordKey, Time};
use std::rc::Rc;

/// A candidate about the document of a plan. `number` tells it from others of its kind, `letters`
/// says how far each letter of the question is explained, `operators` are those that it has a use
/// for and those that ask for it.
pub fn candidate(
    asked: &Asked<'_>,
    kind: AnswerKind,
    (plan, number): (PlanIx, usize),
    letters: &[f32],
    features: Features,
    (uses, wants): (OperatorSet, OperatorSet),
    record: Rc<dyn Record>,
) -> Candidate {
    Candidate {
        kind,
        key: RecordKey::Document(kind, plan, number),
        plan,
        explained: asked.words_of_letters(letters),
        time: Time::default(),
        texts: Vec::new(),
        figures: usize::MAX,
        features,
        uses,
        wants,
        record,
    }
}
