//! Questions that could not be answered, or whose answer did not help: text, how often, in what
//! kind of chat. No names.

use super::{Store, StoreError};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many different questions are kept.
const MOST_KEPT: usize = 5_000;

/// Why a question is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum KeptFor {
    /// It was not answered.
    NoAnswer,
    /// Its answer was voted down.
    VotedDown,
}

/// A question that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unanswered {
    /// The question.
    pub question: String,
    /// The part of it that is not in the documents; empty where it was voted down or not
    /// understood.
    pub missing: String,
    /// Why it is kept.
    pub kept_for: KeptFor,
    /// How often it was asked in a private chat.
    pub private: u32,
    /// How often it was asked in a group.
    pub group: u32,
    /// The last day.
    pub last: NaiveDate,
}

/// The kept questions with their number: sled reads a whole tree to tell how long it is, and a
/// refusal must not wait for that.
#[derive(Debug)]
pub(super) struct Kept {
    tree: sled::Tree,
    count: Mutex<usize>,
}

impl Kept {
    /// The questions of a tree, counted once.
    pub(super) fn open(tree: sled::Tree) -> Self {
        let count = Mutex::new(tree.len());
        Self { tree, count }
    }

    /// Their number; who holds it changes them alone.
    fn count(&self) -> MutexGuard<'_, usize> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all of them.
    pub(super) fn clear(&self) -> sled::Result<()> {
        let mut count = self.count();
        self.tree.clear()?;
        *count = 0;
        Ok(())
    }

    fn remove(&self, key: &[u8]) -> sled::Result<()> {
        let mut count = self.count();
        let was_there = self.tree.remove(key)?.is_some();
        *count -= usize::from(was_there);
        Ok(())
    }
}

impl Store {
    /// Counts a question once more. Not waited for.
    pub fn keep_question(&self, question: &Unanswered) -> Result<(), StoreError> {
        let key = format!("{:?}|{}", question.kept_for, question.question);
        let mut count = self.unanswered.count();
        let known: Option<Unanswered> = self.get(&self.unanswered.tree, &key)?;
        let is_new = known.is_none();
        if is_new && *count >= MOST_KEPT {
            return Ok(());
        }
        let (private, group) = known.map_or((0, 0), |known| (known.private, known.group));
        let (private, group) = (private + question.private, group + question.group);
        self.put(
            &self.unanswered.tree,
            &key,
            &Unanswered {
                private,
                group,
                ..question.clone()
            },
        )?;
        *count += usize::from(is_new);
        Ok(())
    }

    /// The questions that are kept; what was last asked before a day is forgotten.
    pub fn kept_questions(&self, since: NaiveDate) -> Result<Vec<Unanswered>, StoreError> {
        let mut kept = Vec::new();
        for record in &self.unanswered.tree {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let question: Unanswered = serde_json::from_slice(&bytes)?;
            if question.last < since {
                self.unanswered.remove(&key).map_err(|e| self.unusable(e))?;
            } else {
                kept.push(question);
            }
        }
        Ok(kept)
    }

    /// Forgets the questions in which a part was missing.
    pub fn forget_questions(&self, missing: &str) -> Result<(), StoreError> {
        for record in &self.unanswered.tree {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            if serde_json::from_slice::<Unanswered>(&bytes)?.missing == missing {
                self.unanswered.remove(&key).map_err(|e| self.unusable(e))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn asked(number: usize) -> Unanswered {
        Unanswered {
            question: format!("第{number}问"),
            missing: format!("第{number}问"),
            kept_for: KeptFor::NoAnswer,
            private: 1,
            group: 0,
            last: NaiveDate::default(),
        }
    }

    fn keep(store: &Store, numbers: std::ops::Range<usize>) -> Duration {
        let begun = Instant::now();
        for number in numbers {
            store.keep_question(&asked(number)).unwrap();
        }
        begun.elapsed()
    }

    #[test]
    fn a_refusal_costs_no_more_when_many_are_kept() {
        let store = Store::passing().unwrap();
        let first = keep(&store, 0..500);
        keep(&store, 500..MOST_KEPT);
        // Nothing is written here: counting the tree each time took a hundred times as long.
        let beyond = keep(&store, MOST_KEPT..MOST_KEPT + 500);
        assert!(beyond < first * 5, "{first:?}, then {beyond:?}");
        assert_eq!(
            store.kept_questions(NaiveDate::default()).unwrap().len(),
            MOST_KEPT
        );
    }

    #[test]
    fn what_is_forgotten_makes_room() {
        let store = Store::passing().unwrap();
        keep(&store, 0..MOST_KEPT + 10);
        store.forget_questions("第7问").unwrap();
        keep(&store, MOST_KEPT..MOST_KEPT + 10);
        // Asked again, it is the same question.
        keep(&store, MOST_KEPT..MOST_KEPT + 1);
        let kept = store.kept_questions(NaiveDate::default()).unwrap();
        let times = |number: usize| {
            let found = kept
                .iter()
                .find(|kept| kept.question == asked(number).question);
            found.map(|kept| kept.private)
        };
        assert_eq!(kept.len(), MOST_KEPT);
        assert_eq!(
            (times(7), times(MOST_KEPT), times(MOST_KEPT + 1)),
            (None, Some(2), None)
        );
    }
}
