//! What makes an answer doubtful that is more likely than not: something of what is asked that it
//! does not say.

use super::answer::AnswerKind;
use super::candidate::{Asked, Candidate};
use super::features::{Feature, Features};
use super::score::SPECIFIC;
use crate::language::{Segment, Units, fold, segment};
use crate::question::Operator;

/// Features that say, where they are below nought, that another figure is asked for.
const DIFFERS: &[Feature] = &[Feature::ChangeAgrees, Feature::CellUnit];

/// From this share of its words apart from any figure, a passage says another amount than is asked.
const FAR: f32 = 0.3;

/// Features that each say, where they are above nought, that another thing is said than is asked.
const ANOTHER: &[Feature] = &[
    Feature::SortMissing,
    Feature::ListMissing,
    Feature::CountDiffers,
    Feature::MeasureDiffers,
    Feature::NoSuchMeasure,
    Feature::PlaceUnexplained,
    Feature::RoleUnexplained,
];

/// Features that each say, where they are above nought, that something asked is left open.
const OPEN: &[Feature] = &[
    // Another kind of answer is asked for than is given.
    Feature::KindDiffersTable,
    Feature::KindDiffersClause,
    Feature::KindDiffersPassage,
    Feature::WhyDiffers,
    Feature::MeaningAskedOfText,
    Feature::TermAmount,
    // Less is given than is asked for.
    Feature::AmountsOpen,
    Feature::CompareSingle,
    Feature::Compound,
    // The figure is another one.
    Feature::UnitDiffers,
    Feature::PeriodUnasked,
    Feature::YearUnsaid,
    Feature::NumberUnexplained,
    // It is of something else.
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

/// How much speaks against an answer that may be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// Nothing does.
    None,
    /// Something of what is asked is left open.
    Slight,
    /// It says another thing than is asked.
    Grave,
}

/// The doubt about a set, which a record begins.
pub fn doubt(asked: &Asked<'_>, record: &Candidate, features: &Features) -> Doubt {
    let question = asked.question;
    let names_thing = question
        .words
        .iter()
        .any(|word| word.is_content() && word.part.is_nominal());
    // A figure that is claimed may stand in a text beside something else.
    let claims = question.amount.claim.is_some();
    let differs = DIFFERS.iter().any(|feature| features.get(*feature) < 0.0);
    let is_another = differs || ANOTHER.iter().any(|feature| features.get(*feature) > 0.0);
    if !names_thing || claims || is_far(features) || is_another || counts_another(asked, record) {
        return Doubt::Grave;
    }
    let specific = question.operators.set().and(SPECIFIC);
    let asks_other = !specific.without(record.wants).is_empty();
    let asks_stock = question.has(Operator::Stock) && features.get(Feature::Stock) <= 0.0;
    // A word that the documents do not have makes another thing of a figure, and of a passage
    // most often nothing.
    let is_passage = record.kind == AnswerKind::Passage;
    let is_foreign = !is_passage && features.get(Feature::NounAbsent) > 0.0;
    let differs = features.get(Feature::MeasureAgrees) < 0.0;
    let is_open = OPEN.iter().any(|feature| features.get(*feature) > 0.0);
    if asks_other || asks_stock || is_foreign || differs || is_open {
        return Doubt::Slight;
    }
    Doubt::None
}

/// Whether what is asked stands apart from the amount that a passage says.
pub fn is_far(features: &Features) -> bool {
    features.get(Feature::AmountFar) > FAR
}

/// Whether an amount is asked for in so many words, and a reply has no figure that measures so: no
/// money where 花了多少钱 is asked, be it beside how many there are.
pub fn lacks_amount(asked: &Asked<'_>, reply: &str) -> bool {
    let mut said = asked.question.amount.kinds_said().peekable();
    if said.peek().is_none() {
        return false;
    }
    let given = asked.units.kinds_in(&fold(reply));
    !said.all(|kind| given.iter().any(|given| Units::agree(kind, *given)))
}

/// Whether it is asked when something is, or which office does it, and the text that answers names
/// no time or no office.
pub fn lacks_sort(asked: &Asked<'_>, features: &Features) -> bool {
    let asks_sort = asked.question.has(Operator::When) || asked.question.asks_organ();
    asks_sort && features.get(Feature::SortMissing) > 0.0
}

/// Whether what is counted is there only as a part of a longer name that is not asked for: 老年大学, or
/// 大学社区教学点, where 大学 is asked.
fn counts_another(asked: &Asked<'_>, record: &Candidate) -> bool {
    let question = asked.question;
    let Some(text) = record
        .texts
        .first()
        .map(|text| asked.library.canonical(*text))
    else {
        return false;
    };
    let letters: Vec<char> = text.chars().collect();
    let pieces = segment(&letters, &|_: &[char]| Vec::new());
    // Whether a piece of the text is a noun that the question does not say.
    let is_unasked = |piece: &Segment| {
        let said: String = letters[piece.start..piece.end].iter().collect();
        piece.part.is_nominal() && !question.text.contains(&said)
    };
    let is_part = |head: &[char], at: usize| {
        let end = at + head.len();
        pieces.iter().any(|piece| {
            let touches = piece.end == at || piece.start == end;
            touches && is_unasked(piece) || piece.start < at && at < piece.end
        })
    };
    let is_another = |head: &[char]| {
        let mut found = (0..letters.len())
            .filter(|at| letters[*at..].starts_with(head))
            .peekable();
        found.peek().is_some() && found.all(|at| is_part(head, at))
    };
    let heads = question.amount.heads.iter().flatten();
    heads
        .map(|head| &question.words[*head])
        .filter(|word| word.is_content() && word.part.is_nominal())
        .any(|word| is_another(&word.text.chars().collect::<Vec<char>>()))
}
