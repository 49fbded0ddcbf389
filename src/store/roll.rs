//! The units by the ids that their records are kept under, and where chats have moved.

use super::change::Change;
use super::{Store, StoreError};
use crate::model::Enrolled;

/// A chat is followed over so many moves.
const MOST_MOVES: usize = 8;

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

    /// Notes that a chat has another id now; its records follow with `move_chat`.
    pub fn note_move(&self, from: i64, to: i64) -> Result<(), StoreError> {
        if from == to {
            return Ok(());
        }
        let mut change = Change::default();
        change.put(&self.moves, from.to_be_bytes(), &to)?;
        change.remove(&self.moves, to.to_be_bytes());
        self.make(&change)
    }

    /// The present id of a chat that may have moved since somebody wrote it down.
    pub fn present_chat(&self, chat: i64) -> Result<i64, StoreError> {
        let mut present = chat;
        for _ in 0..MOST_MOVES {
            match self.get(&self.moves, present.to_be_bytes())? {
                Some(next) => present = next,
                None => break,
            }
        }
        Ok(present)
    }
}
