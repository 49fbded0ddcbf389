//! The kinds of questions, one file each: what a kind needs, what it proposes, how it answers.
//!
//! A kind proposes every record that might answer and says how far the record explains each word of
//! the question; it decides nothing. `ALL` is the one list.

mod attribute;
mod cells;
mod clause;
mod compare;
mod counted;
mod difference;
mod document;
mod duty;
mod imprint;
mod indicator;
mod inventory;
mod level;
mod part;
mod passage;
mod place;
mod reason;
mod sign;
mod table;
mod term;
mod value;
mod verdict;

use crate::reply::{Asked, Kind, NamedIndicator};

/// Every kind.
pub const ALL: &[&dyn Kind] = &[
    &value::Value,
    &attribute::Unit,
    &attribute::Nature,
    &attribute::Category,
    &verdict::Verdict,
    &compare::Compare,
    &reason::Reason,
    &table::Table,
    &term::Term,
    &term::Reverse,
    &clause::Clause,
    &passage::Passage,
    &duty::Duty,
    &imprint::Imprint,
    &place::Place,
    &sign::Sign,
    &inventory::Inventory,
];

/// The indicators that a question names: every kind that speaks of one needs them, so they are
/// found once.
pub fn named_indicators(asked: &Asked<'_>) -> Vec<NamedIndicator> {
    indicator::named(asked)
}
