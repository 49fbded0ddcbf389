//! Numbers that name records: none is given twice, also not after a kill or from a backup.
//!
//! So many are reserved at once, which is written before the first of them is given.

use super::{NUMBERS_FROM, Store, StoreError};
use std::sync::{Mutex, PoisonError};

/// One write in a thousand numbers.
const RESERVED_AT_ONCE: u64 = 1_000;
/// Numbers that may have been given since an automatic backup was made: more than a flood takes in
/// a day.
pub(super) const BEHIND_A_BACKUP: u64 = 10_000_000_000;

/// The numbers of a state.
#[derive(Debug)]
pub(super) struct Numbers(Mutex<Reserved>);

#[derive(Debug)]
struct Reserved {
    next: u64,
    end: u64,
}

impl Numbers {
    /// Goes on where the numbers were reserved to.
    pub(super) fn from(next: u64) -> Self {
        Self(Mutex::new(Reserved { next, end: next }))
    }
}

impl Store {
    /// A number that none was given before.
    pub(super) fn next_number(&self) -> Result<u64, StoreError> {
        let mut reserved = self
            .numbers
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let number = reserved.next;
        if number >= reserved.end {
            // Written before the first of them is given: after a kill some are skipped and none is
            // given twice.
            let end = number + RESERVED_AT_ONCE;
            self.meta
                .insert(NUMBERS_FROM, end.to_le_bytes())
                .map_err(|e| self.unusable(e))?;
            reserved.end = end;
        }
        reserved.next += 1;
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever is killed has given some of the numbers that were reserved; the next start gives
    /// others.
    #[test]
    fn no_number_is_given_twice_over_a_start() {
        let place = tempfile::tempdir().unwrap();
        let mut last = None;
        for _ in 0..3 {
            let store = Store::open(place.path()).unwrap();
            for _ in 0..2 {
                let number = Some(store.next_number().unwrap());
                assert!(number > last, "{number:?} after {last:?}");
                last = number;
            }
        }
    }
}
