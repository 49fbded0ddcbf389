//! A due day that goes to another month with the data takes along what was said and promised of it.
//!
//! What is due is remembered from tick to tick. Where something is not due any more and something
//! else of the same recipient and subject is, near to it, the one became the other.

use super::Reminder;
use crate::store::StoreError;
use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;

/// A due day that is moved goes no farther than a quarter: what is farther is another occurrence.
const FARTHEST_DAYS: i64 = 92;
/// What is due is remembered so far back and ahead. What time alone brings into sight comes from so
/// far that nothing can have become it.
const BACK_DAYS: u64 = 200;
const AHEAD_DAYS: u64 = 400;

impl Reminder<'_> {
    /// Compares what is due with what was, and lets records follow. Says whether anything changed.
    pub(super) fn carry(&self, today: NaiveDate) -> Result<bool, StoreError> {
        let known = self.store.known_due()?;
        let mut from = today
            .checked_sub_days(Days::new(BACK_DAYS))
            .unwrap_or(today);
        let mut to = today
            .checked_add_days(Days::new(AHEAD_DAYS))
            .unwrap_or(today);
        // Also what lies beyond, where the clock was moved.
        from = known.values().copied().chain([from]).min().unwrap_or(from);
        to = known.values().copied().chain([to]).max().unwrap_or(to);
        let occurrences = self.agenda.occurrences(from, to);
        let mut due: BTreeMap<String, NaiveDate> = occurrences
            .into_iter()
            .map(|occurrence| (occurrence.key, occurrence.due.day))
            .collect();
        // So nearly every tick ends: nothing is written where nothing has changed.
        if known == due {
            return Ok(false);
        }
        let absent = |from: &BTreeMap<String, NaiveDate>, of: &BTreeMap<String, NaiveDate>| {
            let those = from.iter().filter(|(key, _)| !of.contains_key(*key));
            those
                .map(|(key, day)| (key.clone(), *day))
                .collect::<Vec<_>>()
        };
        // Before anything was known, nothing can have become anything else.
        let fresh = if known.is_empty() {
            Vec::new()
        } else {
            absent(&due, &known)
        };
        let gone = absent(&known, &due);
        let carried = pairs(&gone, &fresh);
        // What is gone may come back under another month a while later.
        let is_carried = |key: &String| carried.iter().any(|(from, _)| from == key);
        let lately = |day: &NaiveDate| (today - *day).num_days() <= FARTHEST_DAYS;
        let waiting = gone
            .into_iter()
            .filter(|(key, day)| !is_carried(key) && lately(day));
        due.extend(waiting);
        if known == due {
            return Ok(false);
        }
        self.store.know_due(&due, &carried)?;
        Ok(true)
    }
}

/// What became of what, the nearest first, each once.
fn pairs(gone: &[(String, NaiveDate)], fresh: &[(String, NaiveDate)]) -> Vec<(String, String)> {
    let matter = |key: &str| key.rsplit_once('/').map(|(matter, _)| matter.to_string());
    let mut all: Vec<(i64, &String, &String)> = Vec::new();
    for (old, was) in gone {
        for (new, is) in fresh {
            let away = (*is - *was).num_days().abs();
            // The same day under another recipient or subject is the same report, written anew.
            if away == 0 || away <= FARTHEST_DAYS && matter(old) == matter(new) {
                all.push((away, old, new));
            }
        }
    }
    // By distance, then by key: the same data give the same pairs in every run.
    all.sort();
    let mut found: Vec<(String, String)> = Vec::new();
    for (_, old, new) in all {
        if !found.iter().any(|(from, to)| from == old || to == new) {
            found.push((old.clone(), new.clone()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(list: &[(&str, u32, u32)]) -> Vec<(String, NaiveDate)> {
        let day = |month, day| NaiveDate::from_ymd_opt(2022, month, day).unwrap();
        list.iter()
            .map(|(key, month, on)| ((*key).to_string(), day(*month, *on)))
            .collect()
    }

    #[test]
    fn the_nearest_of_the_same_matter_is_what_it_became() {
        let gone = days(&[("甲/进展/2022-07", 7, 8)]);
        let fresh = days(&[("甲/进展/2022-09", 9, 30), ("甲/进展/2022-06", 6, 30)]);
        assert_eq!(
            pairs(&gone, &fresh),
            [("甲/进展/2022-07".to_string(), "甲/进展/2022-06".to_string())]
        );
        let far = days(&[("甲/进展/2022-12", 12, 30)]);
        assert_eq!(pairs(&gone, &far), []);
        let other = days(&[("甲/总结/2022-07", 7, 20)]);
        assert_eq!(pairs(&gone, &other), []);
        let renamed = days(&[("乙/进展/2022-07", 7, 8)]);
        assert_eq!(
            pairs(&gone, &renamed),
            [("甲/进展/2022-07".to_string(), "乙/进展/2022-07".to_string())]
        );
    }
}
