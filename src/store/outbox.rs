//! Messages that were promised: written before they are sent, and what became of them.

use super::change::Change;
use super::{Store, StoreError};
use crate::model::{ChatId, MessageId, UnitId};
use crate::schedule::{Delivery, DeliveryState};
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One reminder of one duty that a message covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// The occurrence's key.
    pub occurrence: String,
    /// The due day that it speaks of.
    pub due: NaiveDate,
    /// The stage's word.
    pub stage: String,
    /// The day on which it should have gone out.
    pub day: NaiveDate,
    /// The units that are reminded.
    #[serde(default)]
    pub units: Vec<UnitId>,
}

/// A due day that has changed since the chat was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The occurrence's key.
    pub occurrence: String,
    /// The day that the chat was told.
    pub told: NaiveDate,
    /// The day that holds.
    pub due: NaiveDate,
    /// The units that are told.
    #[serde(default)]
    pub units: Vec<UnitId>,
}

/// What a message is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// A reminder, composed when it is sent from what holds then.
    Reminder {
        /// What it covers.
        covers: Vec<Covered>,
        /// Changed due days.
        corrections: Vec<Correction>,
    },
    /// A reminder that was sent, shown anew where it stands: somebody has acted.
    Edit {
        /// Its number in the chat.
        message: MessageId,
    },
    /// Until when a unit puts its report off, and why.
    Question {
        /// The occurrence's key.
        occurrence: String,
        /// Whose report is put off.
        unit: UnitId,
    },
    /// Whether a chat may speak for a unit, for an administrator.
    Wish {
        /// The chat that asks.
        of: ChatId,
        /// Which the chat wants to stand for.
        unit: UnitId,
    },
    /// A text.
    Text {
        /// In full, as it will be sent.
        text: String,
        /// Whether it may go out at any hour.
        at_once: bool,
    },
}

impl Purpose {
    /// Whether it may go out at any hour.
    pub fn is_at_once(&self) -> bool {
        match self {
            Self::Reminder { .. } => false,
            Self::Edit { .. } | Self::Question { .. } | Self::Wish { .. } => true,
            Self::Text { at_once, .. } => *at_once,
        }
    }
}

/// A promised message by its number: numbers are given in one order, so a later promise has a
/// higher one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PromiseId(u64);

impl PromiseId {
    /// Before it is kept it has none.
    pub const UNKEPT: Self = Self(0);

    /// The number itself, for what is reckoned from it.
    pub fn number(self) -> u64 {
        self.0
    }

    /// How records are found by it.
    pub(super) fn key(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for PromiseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A promised message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its number.
    pub id: PromiseId,
    /// Where it goes.
    pub chat: ChatId,
    /// What for.
    pub purpose: Purpose,
    /// Where it stands.
    pub delivery: Delivery,
}

/// As it is kept: moments in RFC 3339.
#[derive(Serialize, Deserialize)]
pub(super) struct Record {
    id: PromiseId,
    pub(super) chat: ChatId,
    pub(super) purpose: Purpose,
    state: DeliveryState,
    failures: u32,
    repeated: bool,
    not_before: String,
}

impl From<&OutboxEntry> for Record {
    fn from(entry: &OutboxEntry) -> Self {
        let delivery = entry.delivery;
        Self {
            id: entry.id,
            chat: entry.chat,
            purpose: entry.purpose.clone(),
            state: delivery.state,
            failures: delivery.failures,
            repeated: delivery.repeated,
            not_before: delivery.not_before.to_rfc3339(),
        }
    }
}

impl OutboxEntry {
    /// A message that is not promised yet: it gets its number then.
    pub fn new(chat: ChatId, purpose: Purpose, now: DateTime<Tz>) -> Self {
        Self {
            id: PromiseId::UNKEPT,
            chat,
            purpose,
            delivery: Delivery::new(now),
        }
    }

    /// As it is kept.
    pub(super) fn record(&self) -> Record {
        Record::from(self)
    }
}

impl Record {
    fn entry(self) -> OutboxEntry {
        // A moment that cannot be read is one long past: the message is sent rather than kept for
        // ever.
        let moment = DateTime::parse_from_rfc3339(&self.not_before).unwrap_or_default();
        let not_before: DateTime<Tz> = moment.with_timezone(&chrono_tz::Asia::Shanghai);
        let delivery = Delivery {
            state: self.state,
            failures: self.failures,
            repeated: self.repeated,
            not_before,
        };
        OutboxEntry {
            id: self.id,
            chat: self.chat,
            purpose: self.purpose,
            delivery,
        }
    }
}

impl Store {
    /// Promises a message: the entry and the marks that keep it from being promised twice, in one
    /// transaction. Nothing is written where one of the marks is there already. A reminder replaces
    /// those of its chat that are still open.
    pub fn promise(
        &self,
        entry: OutboxEntry,
        marks: &[String],
    ) -> Result<Option<PromiseId>, StoreError> {
        let replaced = self.open_reminders(&entry)?;
        let id = PromiseId(self.next_number()?);
        let entry = OutboxEntry { id, ..entry };
        let mut change = Change::default();
        for mark in marks {
            change.put_bytes(&self.covered, mark, id.key());
        }
        // In the same change: were the old one dropped first and the program killed, the chat would
        // be reminded of nothing.
        for (id, record) in replaced {
            change.put_bytes(&self.outbox, id.key(), record);
        }
        change.put(&self.outbox, id.key(), &Record::from(&entry))?;
        // Looked at inside the transaction: of two that promise the same at once only one may.
        let made = self.make_where(&change, || {
            for mark in marks {
                if self.covered.contains_key(mark)? {
                    return Ok(false);
                }
            }
            Ok(true)
        })?;
        Ok(made.then_some(id))
    }

    /// A message that was sent is to be shown anew; once, however much happens before it is.
    pub fn promise_edit(
        &self,
        chat: ChatId,
        message: MessageId,
        now: DateTime<Tz>,
    ) -> Result<(), StoreError> {
        let purpose = Purpose::Edit { message };
        let is_open = |entry: &OutboxEntry| {
            entry.chat == chat
                && entry.purpose == purpose
                && entry.delivery.state == DeliveryState::Pending
        };
        // A message that waits to be shown anew is composed when it is sent, so it will show this
        // too.
        if !self.outbox()?.iter().any(is_open) {
            self.promise(OutboxEntry::new(chat, purpose, now), &[])?;
        }
        Ok(())
    }

    /// Takes a mark away: what it stood for may be promised again.
    pub fn unmark(&self, mark: &str) -> Result<(), StoreError> {
        self.covered
            .remove(mark)
            .map(|_| ())
            .map_err(|e| self.unusable(e))
    }

    /// The open reminders that a new one of the same chat replaces, as dropped.
    fn open_reminders(&self, newer: &OutboxEntry) -> Result<Vec<(PromiseId, Vec<u8>)>, StoreError> {
        let is_reminder = |entry: &OutboxEntry| matches!(entry.purpose, Purpose::Reminder { .. });
        let mut dropped = Vec::new();
        for entry in self.outbox()?.into_iter().filter(|_| is_reminder(newer)) {
            if is_reminder(&entry) && entry.chat == newer.chat && entry.delivery.is_open() {
                let delivery = Delivery {
                    state: DeliveryState::Dropped,
                    ..entry.delivery
                };
                dropped.push((
                    entry.id,
                    serde_json::to_vec(&Record::from(&OutboxEntry { delivery, ..entry }))?,
                ));
            }
        }
        Ok(dropped)
    }

    /// Whether a mark stands.
    pub fn is_promised(&self, mark: &str) -> Result<bool, StoreError> {
        self.covered
            .contains_key(mark)
            .map_err(|e| self.unusable(e))
    }

    /// Writes what became of a message.
    pub fn record(&self, entry: &OutboxEntry) -> Result<(), StoreError> {
        self.put(&self.outbox, entry.id.key(), &Record::from(entry))
    }

    /// All messages, oldest first.
    pub fn outbox(&self) -> Result<Vec<OutboxEntry>, StoreError> {
        Ok(self
            .all::<Record>(&self.outbox)?
            .into_iter()
            .map(Record::entry)
            .collect())
    }

    /// One message.
    pub fn outbox_entry(&self, id: PromiseId) -> Result<Option<OutboxEntry>, StoreError> {
        Ok(self
            .get::<Record>(&self.outbox, id.key())?
            .map(Record::entry))
    }

    /// Forgets a message that is closed.
    pub fn forget(&self, id: PromiseId) -> Result<(), StoreError> {
        self.outbox
            .remove(id.key())
            .map(|_| ())
            .map_err(|e| self.unusable(e))
    }

    /// The due day that a chat was last told of a unit's occurrence.
    pub fn told(
        &self,
        chat: ChatId,
        unit: &UnitId,
        occurrence: &str,
    ) -> Result<Option<NaiveDate>, StoreError> {
        self.get(&self.told, told_key(chat, unit, occurrence))
    }

    /// Remembers what a chat was told.
    pub fn tell(
        &self,
        chat: ChatId,
        unit: &UnitId,
        occurrence: &str,
        due: NaiveDate,
    ) -> Result<(), StoreError> {
        self.put(&self.told, told_key(chat, unit, occurrence), &due)
    }
}

pub(super) fn told_key(chat: ChatId, unit: &UnitId, occurrence: &str) -> String {
    format!("{chat}|{}|{occurrence}", unit.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a state of before keeps of a message is read: these words never change.
    #[test]
    fn where_a_message_stands_is_kept_in_the_words_of_before() {
        let states = [
            (DeliveryState::Pending, "Pending"),
            (DeliveryState::Sending, "Sending"),
            (DeliveryState::Delivered, "Delivered"),
            (DeliveryState::Dropped, "Dropped"),
            (DeliveryState::Dead, "Dead"),
        ];
        for (state, kept) in states {
            let record = format!(
                r#"{{"id":7,"chat":-5,"purpose":{{"Edit":{{"message":3}}}},"state":"{kept}","failures":1,
                "repeated":false,"not_before":"2022-06-24T09:00:00+08:00"}}"#
            );
            let read: Record = serde_json::from_str(&record).unwrap();
            let entry = read.entry();
            assert_eq!(entry.delivery.state, state);
            let written = serde_json::to_value(entry.record()).unwrap();
            assert_eq!(written["state"], kept);
        }
    }
}
