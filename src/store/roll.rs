//! The units by the ids that their records are kept under.

use super::change::Change;
use super::{Store, StoreError};
use crate::model::Enrolled;

impl Store {
    /// Every unit that was ever known.
    pub fn roll(&self) -> Result<Vec<Enrolled>, StoreError> {
        self.all(&self.roll)
    }

    /// Writes units on the roll.
    pub fn enrol(&self, units: &[Enrolled]) -> Result<(), StoreError> {
        let mut change = Change::default();
        for unit in units {
            change.put(&self.roll, &unit.id.0, unit)?;
        }
        self.make(&change)
    }
}
