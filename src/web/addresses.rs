//! Addresses of what a report has: a row or a table in its text, a note, the page of an indicator.

use super::encoding::encoded;
use crate::model::Plan;

/// Where a printed place is in the text: a row of a table, or the table.
pub(super) fn of_place(plan: &Plan, place: &str) -> String {
    in_text(plan, &encoded(&id_of(place)))
}

/// Where a note is in the text.
pub(super) fn of_note(plan: &Plan, at: usize) -> String {
    in_text(plan, &format!("n{at}"))
}

/// Where a paragraph is in the text.
pub(super) fn of_paragraph(plan: &Plan, number: usize) -> String {
    in_text(plan, &format!("p{number}"))
}

/// The page of an indicator.
pub(super) fn of_indicator(plan: &Plan, at: usize) -> String {
    format!("/indicators/one?{}", indicator_words(plan, at))
}

/// An indicator as words of an address.
pub(super) fn indicator_words(plan: &Plan, at: usize) -> String {
    format!("plan={}&at={at}", encoded(&plan.id.0))
}

/// The id of a printed place on the page of the text.
pub(super) fn id_of(place: &str) -> String {
    format!("at-{}", place.replace(char::is_whitespace, "-"))
}

fn in_text(plan: &Plan, id: &str) -> String {
    format!("/text?plan={}#{id}", encoded(&plan.id.0))
}
