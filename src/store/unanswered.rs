//! Questions that could not be answered, or whose answer did not help: text, how often, in what
//! kind of chat. No names.

use super::shares::Shares;
use super::tree::Tree;
use super::{Store, StoreError};
use crate::model::PersonId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many different questions are kept.
const MOST_KEPT: usize = 5_000;
/// When there are more, so many make room: those asked least often and longest ago.
const MADE_ROOM: usize = 500;
/// So many new ones are kept of a day, and of one person that day: the newest.
const MOST_A_DAY: usize = 300;
const MOST_OF_ONE_A_DAY: usize = 30;

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
    /// As it was asked, cut to 200 letters.
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
    tree: Tree,
    state: Mutex<State>,
}

/// What is known of the questions. Who asked which is known for the day only, and never on disk.
#[derive(Debug)]
pub(super) struct State {
    count: usize,
    day: NaiveDate,
    of_day: Shares<String>,
}

impl Kept {
    /// The questions of a tree, counted once.
    pub(super) fn open(tree: Tree) -> Self {
        let state = Mutex::new(State {
            count: tree.len(),
            day: NaiveDate::MIN,
            of_day: a_day(),
        });
        Self { tree, state }
    }

    /// What is known of them; who holds it changes them alone.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all of them.
    pub(super) fn clear(&self) -> sled::Result<()> {
        let mut state = self.state();
        self.tree.clear()?;
        state.count = 0;
        state.of_day = a_day();
        Ok(())
    }

    fn remove(&self, key: &[u8]) -> sled::Result<()> {
        self.remove_of(&mut self.state(), key)
    }

    fn remove_of(&self, state: &mut State, key: &[u8]) -> sled::Result<()> {
        let was_there = self.tree.remove(key)?;
        state.count -= usize::from(was_there);
        Ok(())
    }
}

/// A day on which nothing was asked yet.
fn a_day() -> Shares<String> {
    Shares::new(MOST_OF_ONE_A_DAY, MOST_A_DAY)
}

impl Store {
    /// Counts a question of a person once more. Not waited for. Of what is new the oldest of
    /// whoever asked most that day makes way, and of all what was asked least often and longest
    /// ago.
    pub fn keep_question(&self, question: &Unanswered, person: PersonId) -> Result<(), StoreError> {
        let key = format!("{:?}|{}", question.kept_for, question.question);
        let mut state = self.unanswered.state();
        let known: Option<Unanswered> = self.get(&self.unanswered.tree, &key)?;
        // Only what is new takes room; what is asked again only counts.
        let is_new = known.is_none();
        let (private, group) = known.map_or((0, 0), |known| (known.private, known.group));
        let (private, group) = (
            private.saturating_add(question.private),
            group.saturating_add(question.group),
        );
        self.put(
            &self.unanswered.tree,
            &key,
            &Unanswered {
                private,
                group,
                ..question.clone()
            },
        )?;
        if !is_new {
            return Ok(());
        }
        state.count += 1;
        // Who asked is forgotten with the day: it is there only so that one person cannot fill the
        // list.
        if state.day != question.last {
            (state.day, state.of_day) = (question.last, a_day());
        }
        // Of whoever asked most that day, so that a flood pushes out itself and not what others
        // asked.
        for gone in state.of_day.add(person.own_chat(), key, 1) {
            let removed = self.unanswered.remove_of(&mut state, gone.as_bytes());
            removed.map_err(|e| self.unusable(e))?;
        }
        if state.count > MOST_KEPT {
            self.make_room(&mut state)?;
        }
        Ok(())
    }

    /// Forgets what was asked least often and longest ago.
    fn make_room(&self, state: &mut State) -> Result<(), StoreError> {
        let mut all = Vec::new();
        for record in &self.unanswered.tree {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let kept: Unanswered = serde_json::from_slice(&bytes)?;
            let times = kept.private.saturating_add(kept.group);
            all.push((times, kept.last, key.to_vec()));
        }
        // Seldom asked and long ago: what many ask stays, however old.
        all.sort();
        for (.., key) in all.into_iter().take(MADE_ROOM) {
            let removed = self.unanswered.remove_of(state, &key);
            removed.map_err(|e| self.unusable(e))?;
        }
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
        let day = NaiveDate::default();
        Unanswered {
            question: format!("第{number}问"),
            missing: format!("第{number}问"),
            kept_for: KeptFor::NoAnswer,
            private: 1,
            group: 0,
            // So many a day that none makes way for another of its day.
            last: day + chrono::Days::new((number / MOST_OF_ONE_A_DAY) as u64),
        }
    }

    fn keep(store: &Store, numbers: std::ops::Range<usize>) -> Duration {
        let begun = Instant::now();
        for number in numbers {
            store.keep_question(&asked(number), PersonId(7)).unwrap();
        }
        begun.elapsed()
    }

    fn kept(store: &Store) -> Vec<String> {
        let kept = store.kept_questions(NaiveDate::MIN).unwrap();
        kept.into_iter().map(|kept| kept.question).collect()
    }

    #[test]
    fn a_refusal_costs_no_more_when_many_are_kept() {
        let store = Store::passing().unwrap();
        let first = keep(&store, 0..500);
        keep(&store, 500..MOST_KEPT - 500);
        // Counting the tree each time took a hundred times as long.
        // The fastest of some stretches: the machine may have other work meanwhile.
        let stretches = (MOST_KEPT - 500..MOST_KEPT).step_by(100);
        let last = stretches.map(|from| keep(&store, from..from + 100)).min();
        let last = last.unwrap() * 5;
        assert!(last < first * 10, "{first:?}, then {last:?}");
        keep(&store, MOST_KEPT..MOST_KEPT + 500);
        assert!(kept(&store).len() <= MOST_KEPT);
    }

    #[test]
    fn what_was_asked_often_or_lately_stays() {
        let store = Store::passing().unwrap();
        keep(&store, 0..MOST_KEPT);
        keep(&store, 3..4);
        keep(&store, MOST_KEPT..MOST_KEPT + 1);
        let kept = kept(&store);
        let has = |number: usize| kept.contains(&asked(number).question);
        assert_eq!(kept.len(), MOST_KEPT + 1 - MADE_ROOM);
        assert_eq!((has(3), has(4), has(MOST_KEPT)), (true, false, true));
    }

    #[test]
    fn what_is_forgotten_makes_room() {
        let store = Store::passing().unwrap();
        keep(&store, 0..MOST_KEPT);
        store.forget_questions("第7问").unwrap();
        keep(&store, MOST_KEPT..MOST_KEPT + 1);
        assert_eq!(kept(&store).len(), MOST_KEPT);
    }

    /// Whoever asks a thousand things in a day displaces nobody's question.
    #[test]
    fn one_persons_questions_displace_only_their_own() {
        let store = Store::passing().unwrap();
        let ask = |person: PersonId, number: usize| {
            let last = NaiveDate::default();
            let question = Unanswered {
                last,
                ..asked(number)
            };
            store.keep_question(&question, person).unwrap();
        };
        ask(PersonId(1), 0);
        (1..1_000).for_each(|number| ask(PersonId(2), number));
        // Visitors of the page are as many as anybody wants to make.
        (1_000..2_000).for_each(|number| ask(PersonId((1 << 62) + number as i64), number));
        let kept = kept(&store);
        assert!(kept.contains(&asked(0).question));
        assert!(kept.len() <= 1 + 5 * MOST_OF_ONE_A_DAY, "{}", kept.len());
    }
}
