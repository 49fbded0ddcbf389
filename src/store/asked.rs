//! How often what kind of question had what outcome, by month: counts alone, no question and no
//! name.

use super::{Store, StoreError};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Where a month's counts stand among the counters.
const PREFIX: &str = "asked ";
/// So many months are kept: a year and the present one.
const MONTHS_KEPT: usize = 13;

/// Counts by kind of question and outcome.
pub(crate) type AskedCounts = BTreeMap<String, BTreeMap<String, u64>>;

/// So many questions share a record: a loss of power takes no more of the counts, and a flush that
/// somebody waits for has seldom one record more to write.
const MOST_UNWRITTEN: usize = 50;

/// What was counted and is not written yet.
#[derive(Debug, Default)]
pub(super) struct Counted {
    unwritten: Mutex<Unwritten>,
    /// One adds to what is on disk at a time; nobody who counts waits for that.
    turn: Mutex<()>,
}

#[derive(Debug, Default)]
struct Unwritten {
    months: BTreeMap<String, AskedCounts>,
    questions: usize,
}

impl Counted {
    fn unwritten(&self) -> MutexGuard<'_, Unwritten> {
        self.unwritten
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Counts a question. Not waited for: it is written with others.
    pub fn count_asked(&self, day: NaiveDate, kind: &str, outcome: &str) {
        let mut unwritten = self.counted.unwritten();
        unwritten.questions += 1;
        let month = unwritten.months.entry(key(day)).or_default();
        let kind = month.entry(kind.to_string()).or_default();
        *kind.entry(outcome.to_string()).or_default() += 1;
    }

    /// What was asked in a day's month.
    pub fn asked(&self, day: NaiveDate) -> Result<AskedCounts, StoreError> {
        self.write_asked()?;
        Ok(self.get(&self.counters, key(day))?.unwrap_or_default())
    }

    /// Writes what was counted where it is much.
    pub(super) fn write_much_asked(&self) -> Result<(), StoreError> {
        if self.counted.unwritten().questions < MOST_UNWRITTEN {
            return Ok(());
        }
        self.write_asked()
    }

    /// Adds what was counted to what is on disk, and lets go of months that are too old. What
    /// cannot be written is not counted.
    pub(super) fn write_asked(&self) -> Result<(), StoreError> {
        let turn = self.counted.turn.lock();
        let _turn = turn.unwrap_or_else(PoisonError::into_inner);
        // Taken before it is written: counting goes on meanwhile, and a fault of the disk loses a
        // few counts and delays no answer.
        let unwritten = std::mem::take(&mut *self.counted.unwritten());
        for (month, kinds) in &unwritten.months {
            let mut known: AskedCounts = self.get(&self.counters, month)?.unwrap_or_default();
            for (kind, outcomes) in kinds {
                let known = known.entry(kind.clone()).or_default();
                for (outcome, times) in outcomes {
                    *known.entry(outcome.clone()).or_default() += times;
                }
            }
            self.put(&self.counters, month, &known)?;
        }
        let mut months = Vec::new();
        for record in self.counters.scan_prefix(PREFIX) {
            months.push(record.map_err(|e| self.unusable(e))?.0);
        }
        let too_many = months.len().saturating_sub(MONTHS_KEPT);
        // Months sort as text in the order of time.
        for month in months.into_iter().take(too_many) {
            self.counters.remove(month).map_err(|e| self.unusable(e))?;
        }
        Ok(())
    }
}

/// Keys of months stand in the order of time.
fn key(day: NaiveDate) -> String {
    format!("{PREFIX}{}", day.format("%Y-%m"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, 5).unwrap()
    }

    #[test]
    fn months_are_counted_apart_and_the_oldest_goes() {
        let store = Store::passing().unwrap();
        for month in 1..=12 {
            store.count_asked(day(2030, month), "value", "answer");
        }
        store.write_asked().unwrap();
        assert!(store.counted.unwritten().months.is_empty());
        store.count_asked(day(2030, 12), "value", "answer");
        store.count_asked(day(2030, 12), "value", "answer");
        store.count_asked(day(2030, 12), "", "unknown");
        let december = store.asked(day(2030, 12)).unwrap();
        assert_eq!(december["value"]["answer"], 3);
        assert_eq!(december[""]["unknown"], 1);
        for month in 1..=2 {
            store.count_asked(day(2031, month), "value", "answer");
            store.asked(day(2031, month)).unwrap();
        }
        assert!(store.asked(day(2030, 1)).unwrap().is_empty());
        assert!(!store.asked(day(2030, 2)).unwrap().is_empty());
    }
}
