//! Messages that were promised: written before they are sent, and what became of them.

use super::{Button, Store, StoreError, Subscription};
use crate::schedule::{Delivery, DeliveryState};
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use sled::Transactional;
use sled::transaction::{ConflictableTransactionError, TransactionError};

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
    /// A text for an administrator.
    Text {
        /// The text.
        text: String,
        /// Whether it may go out at any hour.
        at_once: bool,
    },
}

/// A promised message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its number.
    pub id: u64,
    /// Where it goes.
    pub chat: i64,
    /// What for.
    pub purpose: Purpose,
    /// Where it stands.
    pub delivery: Delivery,
}

/// As it is kept: moments in RFC 3339.
#[derive(Serialize, Deserialize)]
struct Record {
    id: u64,
    chat: i64,
    purpose: Purpose,
    state: State,
    failures: u32,
    repeated: bool,
    not_before: String,
}

#[derive(Serialize, Deserialize)]
enum State {
    Pending,
    Sending,
    Delivered,
    Dropped,
    Dead,
}

impl From<&OutboxEntry> for Record {
    fn from(entry: &OutboxEntry) -> Self {
        let delivery = entry.delivery;
        let state = match delivery.state {
            DeliveryState::Pending => State::Pending,
            DeliveryState::Sending => State::Sending,
            DeliveryState::Delivered => State::Delivered,
            DeliveryState::Dropped => State::Dropped,
            DeliveryState::Dead => State::Dead,
        };
        Self {
            id: entry.id,
            chat: entry.chat,
            purpose: entry.purpose.clone(),
            state,
            failures: delivery.failures,
            repeated: delivery.repeated,
            not_before: delivery.not_before.to_rfc3339(),
        }
    }
}

impl Record {
    fn entry(self) -> OutboxEntry {
        let state = match self.state {
            State::Pending => DeliveryState::Pending,
            State::Sending => DeliveryState::Sending,
            State::Delivered => DeliveryState::Delivered,
            State::Dropped => DeliveryState::Dropped,
            State::Dead => DeliveryState::Dead,
        };
        let moment = DateTime::parse_from_rfc3339(&self.not_before).unwrap_or_default();
        let not_before: DateTime<Tz> = moment.with_timezone(&chrono_tz::Asia::Shanghai);
        let delivery = Delivery {
            state,
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

type Aborted = ConflictableTransactionError<std::convert::Infallible>;

impl Store {
    /// Promises a message: the entry and the marks that keep it from being promised twice, in one
    /// transaction. Nothing is written where one of the marks is there already. A reminder replaces
    /// those of its chat that are still open.
    pub fn promise(&self, entry: OutboxEntry, marks: &[String]) -> Result<Option<u64>, StoreError> {
        let replaced = self.open_reminders(&entry)?;
        let id = self.next_number()?;
        let entry = OutboxEntry { id, ..entry };
        let record = serde_json::to_vec(&Record::from(&entry))?;
        let written = (&self.outbox, &self.covered).transaction(|(outbox, covered)| {
            for mark in marks {
                if covered.get(mark.as_bytes())?.is_some() {
                    return Ok::<_, Aborted>(false);
                }
            }
            for mark in marks {
                covered.insert(mark.as_bytes(), &id.to_be_bytes())?;
            }
            for (id, record) in &replaced {
                outbox.insert(&id.to_be_bytes(), record.as_slice())?;
            }
            outbox.insert(&id.to_be_bytes(), record.as_slice())?;
            Ok(true)
        });
        written
            .map(|written| written.then_some(id))
            .map_err(|error| self.aborted(error))
    }

    /// The open reminders that a new one of the same chat replaces, as dropped.
    fn open_reminders(&self, newer: &OutboxEntry) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
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
        self.put(&self.outbox, entry.id.to_be_bytes(), &Record::from(entry))
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
    pub fn outbox_entry(&self, id: u64) -> Result<Option<OutboxEntry>, StoreError> {
        Ok(self
            .get::<Record>(&self.outbox, id.to_be_bytes())?
            .map(Record::entry))
    }

    /// Forgets a message that is closed.
    pub fn forget(&self, id: u64) -> Result<(), StoreError> {
        self.outbox
            .remove(id.to_be_bytes())
            .map(|_| ())
            .map_err(|e| self.unusable(e))
    }

    /// The due day that a chat was last told of an occurrence.
    pub fn told(&self, chat: i64, occurrence: &str) -> Result<Option<NaiveDate>, StoreError> {
        self.get(&self.told, format!("{chat}|{occurrence}"))
    }

    /// Remembers what a chat was told.
    pub fn tell(&self, chat: i64, occurrence: &str, due: NaiveDate) -> Result<(), StoreError> {
        self.put(&self.told, format!("{chat}|{occurrence}"), &due)
    }

    /// A chat has another id: every record follows, in one transaction.
    pub fn move_chat(&self, from: i64, to: i64) -> Result<(), StoreError> {
        if from == to {
            return Ok(());
        }
        let (old, new) = (format!("{from}|"), format!("{to}|"));
        let keys = |tree: &sled::Tree| -> Result<Vec<(sled::IVec, sled::IVec)>, StoreError> {
            tree.scan_prefix(&old)
                .map(|record| record.map_err(|e| self.unusable(e)))
                .collect()
        };
        let (covered, told, awaited) = (
            keys(&self.covered)?,
            keys(&self.told)?,
            keys(&self.awaited)?,
        );
        let renamed =
            |key: &sled::IVec| [new.as_bytes(), key.get(old.len()..).unwrap_or_default()].concat();
        let mut moved = Vec::new();
        for entry in self
            .outbox()?
            .into_iter()
            .filter(|entry| entry.chat == from)
        {
            moved.push((
                entry.id,
                serde_json::to_vec(&Record::from(&OutboxEntry { chat: to, ..entry }))?,
            ));
        }
        let mut pressed = Vec::new();
        for record in &self.buttons {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let button: Button = serde_json::from_slice(&bytes)?;
            if button.chat == from {
                pressed.push((key, serde_json::to_vec(&Button { chat: to, ..button })?));
            }
        }
        let moved_to = serde_json::to_vec(&to)?;
        let offered = self.offers_moved(from, to)?;
        let there = self.subscription(to)?;
        let subscription = self.subscription(from)?.map(|mut subscription| {
            subscription.chat = to;
            for unit in there
                .into_iter()
                .flat_map(|there: Subscription| there.units)
            {
                if !subscription.units.contains(&unit) {
                    subscription.units.push(unit);
                }
            }
            subscription
        });
        let subscription = subscription
            .map(|subscription| serde_json::to_vec(&subscription))
            .transpose()?;
        let trees = (
            &self.outbox,
            &self.covered,
            &self.told,
            &self.awaited,
            &self.subscriptions,
            &self.buttons,
            &self.offers,
            &self.moves,
        );
        let result = trees.transaction(
            |(
                outbox_tree,
                covered_tree,
                told_tree,
                awaited_tree,
                subscriptions,
                buttons,
                offers,
                moves,
            )| {
                moves.insert(&from.to_be_bytes(), moved_to.as_slice())?;
                moves.remove(&to.to_be_bytes())?;
                for (key, offer) in &offered {
                    offers.insert(key, offer.as_slice())?;
                }
                for (key, button) in &pressed {
                    buttons.insert(key, button.as_slice())?;
                }
                for (tree, records) in [
                    (covered_tree, &covered),
                    (told_tree, &told),
                    (awaited_tree, &awaited),
                ] {
                    for (key, value) in records {
                        tree.remove(key)?;
                        tree.insert(renamed(key), value)?;
                    }
                }
                for (id, record) in &moved {
                    outbox_tree.insert(&id.to_be_bytes(), record.as_slice())?;
                }
                if let Some(subscription) = &subscription {
                    subscriptions.remove(&from.to_be_bytes())?;
                    subscriptions.insert(&to.to_be_bytes(), subscription.as_slice())?;
                }
                Ok::<_, Aborted>(())
            },
        );
        result.map_err(|error| self.aborted(error))
    }

    fn aborted(&self, error: TransactionError<std::convert::Infallible>) -> StoreError {
        match error {
            TransactionError::Storage(source) => self.unusable(source),
            TransactionError::Abort(never) => match never {},
        }
    }
}
