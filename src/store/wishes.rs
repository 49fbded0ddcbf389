//! Chats that ask to speak for a unit, until an administrator decides.

use super::shares::Shares;
use super::{Store, StoreError};
use crate::model::{ChatId, PersonId, UnitId};
use chrono::{DateTime, TimeDelta};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// So many wait for administrators at once: nobody reads more.
const MOST_OPEN: usize = 200;
/// An undecided one is forgotten after so many days; the chat may ask again.
const KEPT_DAYS: i64 = 30;

/// What a chat asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The chat that wants to stand for the unit.
    pub chat: ChatId,
    /// The unit, by its id or, where the data list none, its name.
    pub unit: UnitId,
    /// Who asked.
    pub person: PersonId,
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
    pub fn wish(&self, chat: ChatId, unit: &UnitId) -> Result<Option<Wish>, StoreError> {
        self.get(&self.wishes, key(chat, unit))
    }

    /// How much of what a chat asks for is not decided.
    pub fn open_wishes(&self, chat: ChatId) -> usize {
        self.wishes.scan_prefix(format!("{chat}|")).count()
    }

    /// Keeps what a chat asks for. What waits too long is forgotten; of too many the oldest of
    /// whoever asks for most makes way.
    pub fn keep_wish(&self, wish: &Wish) -> Result<(), StoreError> {
        let mut open: Vec<Wish> = self.all(&self.wishes)?;
        // Asked again is asked now, not twice.
        open.retain(|known| known.key() != wish.key());
        let moment = |wish: &Wish| DateTime::parse_from_rfc3339(&wish.at).unwrap_or_default();
        let until = moment(wish) - TimeDelta::days(KEPT_DAYS);
        open.sort_by_key(moment);
        open.push(wish.clone());
        // Reckoned anew each time from what is kept, so that a restart forgets no share.
        let mut shares = Shares::new(MOST_OPEN / 10, MOST_OPEN);
        let mut gone: BTreeSet<String> = BTreeSet::new();
        for known in &open {
            if moment(known) < until {
                gone.insert(known.key());
            } else {
                gone.extend(shares.add(known.chat, known.key(), 1));
            }
        }
        for key in gone {
            self.wishes.remove(key).map_err(|e| self.unusable(e))?;
        }
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

fn key(chat: ChatId, unit: &UnitId) -> String {
    format!("{chat}|{}", unit.0)
}
