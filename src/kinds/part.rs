//! Parts of a region: what is of a town or a zone is none of the whole's.

use crate::model::PlanIx;
use crate::reply::Asked;

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
