//! Parts of a region: what is of a town or a zone is none of the whole's.

use crate::evidence::{ClauseFigure, is_size};
use crate::language::UnitKind;
use crate::model::PlanIx;
use crate::reply::{Asked, Candidate};

/// Whether something is of a place within the region that the question does not name.
pub fn is_unasked(asked: &Asked<'_>, plan: PlanIx, place: &str) -> bool {
    let is_region = asked.plan(plan).is_some_and(|plan| {
        let names = plan.region_names.iter();
        names
            .chain([&plan.region])
            .any(|name| place.contains(name.as_str()) || name.ends_with(place))
    });
    !is_region && !asked.question.text.contains(place)
}

/// A figure of all says this share of what one of the firms above a size says.
const OF_ALL: f32 = 0.6;

/// What a proposed clause counts.
pub struct Counted {
    /// Its position among the candidates.
    pub candidate: usize,
    /// Whether it is of the firms above a size that the question does not name.
    pub is_of_size: bool,
    /// What its figure measures.
    pub unit: Option<UnitKind>,
    /// The weight of the question that it explains.
    pub weight: f32,
}

/// Whether a figure is of the firms above a size alone, and the question names no size.
pub fn is_of_unasked_size(asked: &Asked<'_>, figure: &ClauseFigure) -> bool {
    let mut sizes = figure.zone_words.iter().filter(|(word, _)| is_size(word));
    sizes.any(|(size, _)| !asked.question.typed.contains(size.as_str()))
        && !asked.question.text.contains("以上")
}

/// What the firms above a size have is not asked for where a figure of all of them stands beside
/// it.
pub fn drop_sizes(counted: &[Counted], candidates: &mut Vec<Candidate>) {
    let of_all = |part: &Counted| {
        counted.iter().any(|other| {
            let says_as_much = other.weight >= OF_ALL * part.weight;
            !other.is_of_size && other.unit == part.unit && says_as_much
        })
    };
    let parts = counted
        .iter()
        .filter(|part| part.is_of_size && of_all(part));
    for part in parts.rev() {
        candidates.remove(part.candidate);
    }
}
