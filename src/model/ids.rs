//! Names by which things are known.

use std::fmt;

/// The name of a plan: that of its directory.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlanId(pub String);

/// The position of a plan among the plans of a book, newest first: it holds for one edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlanIx(usize);

impl PlanIx {
    /// The newest plan.
    pub const NEWEST: Self = Self(0);

    /// A position in the list of plans.
    pub(super) fn new(at: usize) -> Self {
        Self(at)
    }

    /// Its place in the list of plans.
    pub fn at(self) -> usize {
        self.0
    }
}

impl fmt::Display for PlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
