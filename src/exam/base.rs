//! A plain question in parts, from which the checks make the same question in other words and
//! others that are nearly it.

use super::{Expected, Item};

/// What a plain question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// A cell of a table.
    Cell,
    /// The unit, nature or category of an indicator.
    Attribute,
    Term,
    /// A figure of the running text.
    Figure,
}

/// A plain question in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Base {
    /// What it is about.
    pub about: About,
    /// The words before the asking ones, with year and name.
    pub head: String,
    /// The asking words, for a figure with what stands around them.
    pub tail: String,
    /// The name in it: what is changed to ask for another thing.
    pub name: String,
    /// The year in it.
    pub year: Option<i32>,
    /// The same parts in other orders.
    pub orders: Vec<String>,
    /// What a right reply shows.
    pub expected: Expected,
}

impl Base {
    pub(crate) fn question(&self) -> String {
        format!("{}{}", self.head, self.tail)
    }

    /// The question as an item of the exam.
    pub(crate) fn item(&self, kind: &'static str) -> Item {
        Item {
            kind,
            question: self.question(),
            expected: self.expected.clone(),
        }
    }
}
