//! Chats that ask to speak for a unit, until an administrator decides.

use super::{Store, StoreError};
use crate::model::UnitId;
use serde::{Deserialize, Serialize};

/// What a chat asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The chat.
    pub chat: i64,
    /// The unit, by its id or, where the data list none, its name.
    pub unit: UnitId,
    /// Who asked.
    pub person: i64,
    /// How whoever asked is called.
    pub name: String,
    /// When, in RFC 3339.
    pub at: String,
}

/// What an administrator decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decision {
    /// The chat stands for the unit.
    Grant,
    /// It does not.
    Deny,
}

impl Wish {
    pub(super) fn key(&self) -> String {
        key(self.chat, &self.unit)
    }
}

impl Store {
    /// What a chat asks for, where it is not decided.
    pub fn wish(&self, chat: i64, unit: &UnitId) -> Result<Option<Wish>, StoreError> {
        self.get(&self.wishes, key(chat, unit))
    }

    /// How much of what a chat asks for is not decided.
    pub fn open_wishes(&self, chat: i64) -> usize {
        self.wishes.scan_prefix(format!("{chat}|")).count()
    }

    /// Keeps what a chat asks for.
    pub fn keep_wish(&self, wish: &Wish) -> Result<(), StoreError> {
        self.put(&self.wishes, wish.key(), wish)
    }

    /// It is decided.
    pub fn close_wish(&self, wish: &Wish) -> Result<(), StoreError> {
        self.wishes
            .remove(wish.key())
            .map(|_| ())
            .map_err(|e| self.unusable(e))
    }
}

fn key(chat: i64, unit: &UnitId) -> String {
    format!("{chat}|{}", unit.0)
}
