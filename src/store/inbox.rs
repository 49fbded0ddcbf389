//! Updates that were taken and are not yet answered: on disk before they are confirmed, forgotten when they are answered.
//!
//! Also which of the bot's own messages answered which question, so that an edited question changes its answer, and how
//! many sends had no known result.

use super::{Store, StoreError, handled_key};
use serde::{Deserialize, Serialize};

/// So many answers are remembered by their question.
const ANSWERS_KEPT: usize = 20_000;
const ANSWERING_KEY: usize = 17;
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
    pub message: Option<i32>,
    /// Whether the question was changed before.
    pub changed: bool,
}

impl Store {
    /// Takes an update, unless it was taken or handled before; with the mark that an answer may be on its way where it is
    /// answered at once. On disk once `settle` has ended.
    pub fn take_update(&self, bot: u64, update: i64, raw: &serde_json::Value, answering: bool) -> Result<bool, StoreError> {
        let key = handled_key(bot, update);
        if self.was_handled(bot, update)? || self.inbox.contains_key(key).map_err(|e| self.unusable(e))? {
            return Ok(false);
        }
        self.put(&self.inbox, key, raw)?;
        if answering {
            self.begin_answer(bot, update)?;
        }
        Ok(true)
    }

    /// From now on an answer may be on its way.
    pub fn begin_answer(&self, bot: u64, update: i64) -> Result<(), StoreError> {
        self.inbox.insert(answering_key(bot, update), &[]).map(|_| ()).map_err(|e| self.unusable(e))
    }

    /// An update is done with: it is forgotten, and not taken again.
    pub fn finish_update(&self, bot: u64, update: i64) -> Result<(), StoreError> {
        self.mark_handled(bot, update)?;
        self.inbox.remove(handled_key(bot, update)).map_err(|e| self.unusable(e))?;
        self.inbox.remove(answering_key(bot, update)).map(|_| ()).map_err(|e| self.unusable(e))
    }

    /// The updates of a bot that were taken and are not done with, in their order.
    pub fn taken_updates(&self, bot: u64) -> Result<Vec<(i64, Taken)>, StoreError> {
        let mut taken: Vec<(i64, Taken)> = Vec::new();
        for record in self.inbox.scan_prefix(bot.to_be_bytes()) {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let number = key.get(8..16).and_then(|tail| tail.try_into().ok()).map(u64::from_be_bytes);
            let Some(number) = number.map(|number| (number ^ 1 << 63) as i64) else { continue };
            // The mark stands right behind its update.
            match taken.last_mut().filter(|(last, _)| *last == number) {
                Some((_, taken)) => taken.answering = true,
                None if key.len() == ANSWERING_KEY => {}
                None => taken.push((number, Taken { raw: serde_json::from_slice(&bytes)?, answering: false })),
            }
        }
        Ok(taken)
    }

    /// Which message answered a question.
    pub fn answered_by(&self, chat: i64, question: i32) -> Result<Option<AnsweredBy>, StoreError> {
        self.get(&self.answers, answer_key(chat, question))
    }

    /// Remembers which message answered a question.
    pub fn remember_answer(&self, chat: i64, question: i32, by: AnsweredBy) -> Result<(), StoreError> {
        self.put(&self.answers, answer_key(chat, question), &by)?;
        let order = self.next_number()?;
        self.answer_order.insert(order.to_be_bytes(), answer_key(chat, question).as_bytes()).map_err(|e| self.unusable(e))?;
        if order.is_multiple_of(512) {
            for _ in 0..self.answer_order.len().saturating_sub(ANSWERS_KEPT) {
                if let Some((_, key)) = self.answer_order.pop_min().map_err(|e| self.unusable(e))? {
                    self.answers.remove(key).map_err(|e| self.unusable(e))?;
                }
            }
        }
        Ok(())
    }

    /// Counts a send whose result is not known.
    pub fn count_unknown_send(&self) -> Result<(), StoreError> {
        self.put(&self.counters, UNKNOWN_SENDS, &(self.unknown_sends()? + 1))
    }

    /// How many sends had no known result.
    pub fn unknown_sends(&self) -> Result<u64, StoreError> {
        Ok(self.get(&self.counters, UNKNOWN_SENDS)?.unwrap_or(0))
    }
}

/// The key of the mark that an answer may be on its way.
fn answering_key(bot: u64, update: i64) -> [u8; ANSWERING_KEY] {
    let mut key = [1; ANSWERING_KEY];
    key[..16].copy_from_slice(&handled_key(bot, update));
    key
}

fn answer_key(chat: i64, question: i32) -> String {
    format!("{chat}|{question}")
}
