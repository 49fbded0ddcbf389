//! Updates that were taken and are not yet answered: on disk before they are confirmed, forgotten
//! when they are answered.
//!
//! Many updates share one record, and many marks another one, which is written when somebody next
//! waits for the disk: what is looked up stands in memory. Also which of the bot's own messages
//! answered which question, so that an edited question changes its answer, and how many sends had
//! no known result.

use super::tree::Tree;
use super::{Store, StoreError};
use crate::model::{BotId, ChatId, MessageId, UpdateId};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many updates that are done with are remembered, with what answered them.
const DONE_KEPT: usize = 20_000;
/// So many marks wait at most, where the disk does not take them.
const MOST_WAITING: usize = 100_000;
const UNKNOWN_SENDS: &str = "unknown_sends";

/// An update that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// As it came.
    pub raw: serde_json::Value,
    /// Whether an answer may be on its way already.
    pub answering: bool,
}

/// What answered a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsweredBy {
    /// The bot's message, where its text can be changed.
    pub message: Option<MessageId>,
    /// What was asked, as its digest: a question that says the same is not answered again.
    #[serde(default)]
    pub asked: u64,
}

impl AnsweredBy {
    /// The digest of a question.
    pub fn digest(question: &str) -> u64 {
        let digest = Sha256::digest(question.as_bytes());
        digest
            .iter()
            .take(8)
            .fold(0, |digest, byte| digest << 8 | u64::from(*byte))
    }
}

/// An update before it is taken.
#[derive(Debug, Clone, Copy)]
pub struct NewUpdate<'a> {
    /// What the messenger counts it by: one that comes twice has the same.
    pub number: UpdateId,
    /// As it came.
    pub raw: &'a serde_json::Value,
    /// Whether it is answered at once, so that an answer may be on its way from now on.
    pub at_once: bool,
}

/// An update of one of several bots.
type Key = (BotId, UpdateId);
/// A question of a chat.
type Question = (ChatId, MessageId);

/// An update in its record.
#[derive(Serialize, Deserialize)]
struct Written<R> {
    bot: BotId,
    update: UpdateId,
    answering: bool,
    raw: R,
}

/// What happened to an update or a question.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Mark {
    Begun(Key),
    Done(Key),
    Answered(Question, AnsweredBy),
}

/// What is known of updates; marks that are not yet written stand at the end.
#[derive(Debug, Default)]
struct Known {
    /// The record that an update stands in which is not done with.
    open: BTreeMap<Key, u64>,
    /// How many updates of a record are not done with, oldest record first.
    records: BTreeMap<u64, usize>,
    begun: HashSet<Key>,
    done: HashSet<Key>,
    answers: HashMap<Question, AnsweredBy>,
    /// The written marks, oldest first, so that the oldest can be forgotten.
    written: VecDeque<(u64, Vec<Mark>)>,
    waiting: Vec<Mark>,
    /// Records in which nothing is open.
    emptied: Vec<u64>,
}

/// The updates of all bots.
#[derive(Debug)]
pub(super) struct Inbox {
    taken: Tree,
    marks: Tree,
    known: Mutex<Known>,
}

impl Known {
    fn is_known(&self, key: Key) -> bool {
        self.done.contains(&key) || self.open.contains_key(&key)
    }

    fn apply(&mut self, mark: Mark) {
        match mark {
            Mark::Begun(key) => {
                self.begun.insert(key);
            }
            Mark::Done(key) => {
                self.begun.remove(&key);
                self.done.insert(key);
                // An update of before that was not kept: the mark alone matters.
                let Some(record) = self.open.remove(&key) else {
                    return;
                };
                if let Some(left) = self.records.get_mut(&record) {
                    *left -= 1;
                    if *left == 0 {
                        self.records.remove(&record);
                        self.emptied.push(record);
                    }
                }
            }
            Mark::Answered(question, by) => {
                self.answers.insert(question, by);
            }
        }
    }

    /// The record of marks that need not be remembered any more, where there is one. Marks outlive
    /// every record of updates that they may speak of: numbers are given in one order, so those are
    /// the records before them.
    fn oldest_to_forget(&self) -> Option<u64> {
        let (number, _) = self
            .written
            .front()
            .filter(|_| self.done.len() > DONE_KEPT)?;
        self.records
            .first_key_value()
            .is_none_or(|(record, _)| record > number)
            .then_some(*number)
    }

    fn forget(&mut self, marks: &[Mark]) {
        for mark in marks {
            match mark {
                Mark::Begun(_) => {}
                Mark::Done(key) => drop(self.done.remove(key)),
                // A question that was changed since has a newer answer.
                Mark::Answered(question, by) if self.answers.get(question) == Some(by) => {
                    let _ = self.answers.remove(question);
                }
                Mark::Answered(..) => {}
            }
        }
    }
}

impl Inbox {
    /// Reads what is known.
    pub(super) fn open(taken: Tree, marks: Tree) -> sled::Result<Self> {
        let mut known = Known::default();
        for record in &taken {
            let (key, bytes) = record?;
            let updates: Vec<Written<IgnoredAny>> = read(&bytes)?;
            let number = number(&key);
            known.records.insert(number, updates.len());
            for update in updates {
                known.open.insert((update.bot, update.update), number);
                if update.answering {
                    known.begun.insert((update.bot, update.update));
                }
            }
        }
        for record in &marks {
            let (key, bytes) = record?;
            let marks: Vec<Mark> = read(&bytes)?;
            marks.iter().for_each(|mark| known.apply(*mark));
            known.written.push_back((number(&key), marks));
        }
        Ok(Self {
            taken,
            marks,
            known: Mutex::new(known),
        })
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mark(&self, mark: Mark) {
        let mut known = self.known();
        known.apply(mark);
        known.waiting.push(mark);
        if known.waiting.len() > MOST_WAITING {
            // That they cannot be written is told to whoever waits for the disk.
            let oldest: Vec<Mark> = known.waiting.drain(..MOST_WAITING / 2).collect();
            known.forget(&oldest);
        }
    }
}

impl Store {
    /// Takes updates; says of each whether it is new, and was not taken or handled before. On disk
    /// once `settle` has ended.
    pub fn take_updates(
        &self,
        bot: BotId,
        updates: &[NewUpdate<'_>],
    ) -> Result<Vec<bool>, StoreError> {
        // Held over the write: of two that bring the same update only one may find it new.
        let mut known = self.inbox.known();
        // An update may come twice at once.
        let mut here = HashSet::new();
        let is_new: Vec<bool> = updates
            .iter()
            .map(|update| here.insert(update.number) && !known.is_known((bot, update.number)))
            .collect();
        let new = || {
            updates
                .iter()
                .zip(&is_new)
                .filter(|(_, is_new)| **is_new)
                .map(|(update, _)| update)
        };
        let written: Vec<_> = new()
            .map(|update| Written {
                bot,
                update: update.number,
                answering: update.at_once,
                raw: update.raw,
            })
            .collect();
        if written.is_empty() {
            return Ok(is_new);
        }
        // Taken under the lock: `oldest_to_forget` relies on records having the order of their
        // numbers.
        let record = self.next_number()?;
        self.put(&self.inbox.taken, record.to_be_bytes(), &written)?;
        known.records.insert(record, written.len());
        for update in new() {
            known.open.insert((bot, update.number), record);
            if update.at_once {
                known.begun.insert((bot, update.number));
            }
        }
        Ok(is_new)
    }

    /// From now on an answer may be on its way. On disk once `settle` has ended, as all that
    /// follows.
    pub fn begin_answer(&self, bot: BotId, update: UpdateId) {
        self.inbox.mark(Mark::Begun((bot, update)));
    }

    /// An update is done with: it is forgotten, and not taken again.
    pub fn finish_update(&self, bot: BotId, update: UpdateId) {
        self.inbox.mark(Mark::Done((bot, update)));
    }

    /// The updates of a bot that were taken and are not done with, in their order.
    pub fn taken_updates(&self, bot: BotId) -> Result<Vec<(UpdateId, Taken)>, StoreError> {
        let known = self.inbox.known();
        let mut taken = BTreeMap::new();
        for record in &self.inbox.taken {
            let (_, bytes) = record.map_err(|e| self.unusable(e))?;
            let updates: Vec<Written<serde_json::Value>> = serde_json::from_slice(&bytes)?;
            for update in updates.into_iter().filter(|update| {
                update.bot == bot && known.open.contains_key(&(bot, update.update))
            }) {
                let answering = known.begun.contains(&(bot, update.update));
                taken.insert(
                    update.update,
                    Taken {
                        raw: update.raw,
                        answering,
                    },
                );
            }
        }
        Ok(taken.into_iter().collect())
    }

    /// Which message answered a question.
    pub fn answered_by(&self, chat: ChatId, question: MessageId) -> Option<AnsweredBy> {
        self.inbox.known().answers.get(&(chat, question)).copied()
    }

    /// Remembers which message answered a question.
    pub fn remember_answer(&self, chat: ChatId, question: MessageId, by: AnsweredBy) {
        self.inbox.mark(Mark::Answered((chat, question), by));
    }

    /// Writes the marks that wait, and forgets what is done with.
    pub(super) fn write_marks(&self) -> Result<(), StoreError> {
        let mut known = self.inbox.known();
        // All marks since the last wait are one record: an answer would cost a write of its own
        // else.
        if !known.waiting.is_empty() {
            let number = self.next_number()?;
            self.put(&self.inbox.marks, number.to_be_bytes(), &known.waiting)?;
            let marks = std::mem::take(&mut known.waiting);
            known.written.push_back((number, marks));
        }
        // Only now: what is forgotten here is done with by the marks before.
        while let Some(number) = known.emptied.last().copied() {
            self.inbox
                .taken
                .remove(number.to_be_bytes())
                .map_err(|e| self.unusable(e))?;
            known.emptied.pop();
        }
        while let Some(number) = known.oldest_to_forget() {
            self.inbox
                .marks
                .remove(number.to_be_bytes())
                .map_err(|e| self.unusable(e))?;
            if let Some((_, marks)) = known.written.pop_front() {
                known.forget(&marks);
            }
        }
        Ok(())
    }

    /// Counts a send whose result is not known.
    pub fn count_unknown_send(&self) -> Result<(), StoreError> {
        // Many connections may break at once.
        let _one_at_a_time = self.inbox.known();
        self.put(&self.counters, UNKNOWN_SENDS, &(self.unknown_sends()? + 1))
    }

    /// How many sends had no known result.
    pub fn unknown_sends(&self) -> Result<u64, StoreError> {
        Ok(self.get(&self.counters, UNKNOWN_SENDS)?.unwrap_or(0))
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> sled::Result<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        sled::Error::Io(std::io::Error::new(std::io::ErrorKind::InvalidData, error))
    })
}

fn number(key: &[u8]) -> u64 {
    key.try_into().map(u64::from_be_bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const BOT: BotId = BotId(7);

    fn key(number: i64) -> Key {
        (BOT, UpdateId(number))
    }

    /// A start knows again what was taken, of which an answer may be on its way, and what is done
    /// with.
    #[test]
    fn what_is_known_of_updates_outlasts_a_start() {
        let store = Store::passing().unwrap();
        let raw = json!({"message": {"text": "一问"}});
        let updates = [1, 2, 3, 4].map(|number| NewUpdate {
            number: UpdateId(number),
            raw: &raw,
            at_once: number % 2 == 0,
        });
        store.take_updates(BOT, &updates).unwrap();
        let by = AnsweredBy {
            message: None,
            asked: 3,
        };
        store.remember_answer(ChatId(1), MessageId(4), by);
        store.finish_update(BOT, UpdateId(4));
        store.write_marks().unwrap();
        let again = Inbox::open(store.inbox.taken.clone(), store.inbox.marks.clone()).unwrap();
        let known = again.known();
        let open: Vec<Key> = known.open.keys().copied().collect();
        assert_eq!(open, [key(1), key(2), key(3)]);
        assert_eq!(known.begun, HashSet::from([key(2)]));
        assert_eq!(known.done, HashSet::from([key(4)]));
        assert_eq!(
            known.answers,
            HashMap::from([((ChatId(1), MessageId(4)), by)])
        );
    }

    fn take(store: &Store, number: i64) -> bool {
        let raw = json!({"message": {"text": "一问"}});
        let update = NewUpdate {
            number: UpdateId(number),
            raw: &raw,
            at_once: false,
        };
        store.take_updates(BOT, &[update]).unwrap()[0]
    }

    /// Telegram sends again what it was not told to be taken, however long ago that was answered.
    #[test]
    fn what_is_done_with_is_not_taken_again() {
        let store = Store::passing().unwrap();
        assert!(take(&store, 1));
        assert!(!take(&store, 1));
        store.finish_update(BOT, UpdateId(1));
        assert!(!take(&store, 1));
        store.write_marks().unwrap();
        assert!(!take(&store, 1));
    }

    /// Two came together; one is answered and the other waits, while many more are. The answered
    /// one does not come back with the other after a start, though so many marks of later ones are
    /// forgotten.
    #[test]
    fn marks_outlast_the_record_that_they_speak_of() {
        let store = Store::passing().unwrap();
        let raw = json!({});
        let updates = [1, 2].map(|number| NewUpdate {
            number: UpdateId(number),
            raw: &raw,
            at_once: false,
        });
        store.take_updates(BOT, &updates).unwrap();
        for number in std::iter::once(1).chain(10..DONE_KEPT as i64 + 5_000) {
            store.finish_update(BOT, UpdateId(number));
            if number % 1_000 == 0 {
                store.write_marks().unwrap();
            }
        }
        // What is too much is forgotten where nothing is open: not here.
        store.write_marks().unwrap();
        let again = Inbox::open(store.inbox.taken.clone(), store.inbox.marks.clone()).unwrap();
        let open: Vec<Key> = again.known().open.keys().copied().collect();
        assert_eq!(open, [key(2)]);
        store.finish_update(BOT, UpdateId(2));
        store.write_marks().unwrap();
        assert!(store.inbox.known().done.len() <= DONE_KEPT);
    }
}
