//! Who is subscribed, who has reported, and what each button stands for.

use super::{Store, StoreError};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A chat that is reminded, for one or several units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// The chat.
    pub chat: i64,
    /// The units that it stands for.
    pub units: Vec<String>,
    /// The day on which it was subscribed: what was due before is not spoken of.
    pub since: NaiveDate,
    /// Units that were unsubscribed here, so that the data do not bring them back.
    #[serde(default)]
    pub left: Vec<String>,
    /// Why it cannot be reached, where it cannot.
    #[serde(default)]
    pub suspended: Option<String>,
}

impl Subscription {
    /// Whether it is reminded of what is due on a day: not of what was due before it began, unless
    /// the clock was set back.
    pub fn speaks_of(&self, due: NaiveDate, today: NaiveDate) -> bool {
        due >= self.since || self.since > today
    }
}

/// What a unit said of a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Acknowledged {
    /// It has reported: it is not reminded again.
    Reported,
    /// It is at work.
    InHand,
    /// It asks for more time, until a day.
    Extended(NaiveDate),
}

/// Who said what of a duty for which unit, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// The occurrence's key.
    pub occurrence: String,
    /// The unit.
    pub unit: String,
    /// What was said.
    pub said: Acknowledged,
    /// In which chat.
    pub chat: i64,
    /// By whom.
    pub person: i64,
    /// When, in RFC 3339.
    pub at: String,
    /// The reason, where one was asked for.
    #[serde(default)]
    pub reason: String,
}

/// What a button under a reminder stands for; usable in its own chat only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// The chat that it was shown in.
    pub chat: i64,
    /// The occurrence's key.
    pub occurrence: String,
    /// The unit.
    pub unit: String,
    /// reported, in_hand or extend.
    pub act: String,
}

impl Store {
    /// A chat's subscription.
    pub fn subscription(&self, chat: i64) -> Result<Option<Subscription>, StoreError> {
        self.get(&self.subscriptions, chat.to_be_bytes())
    }

    /// All subscriptions, by chat.
    pub fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        self.all(&self.subscriptions)
    }

    /// Writes a subscription.
    pub fn subscribe(&self, subscription: &Subscription) -> Result<(), StoreError> {
        self.put(
            &self.subscriptions,
            subscription.chat.to_be_bytes(),
            subscription,
        )
    }

    /// What a unit said of an occurrence.
    pub fn acknowledgement(
        &self,
        occurrence: &str,
        unit: &str,
    ) -> Result<Option<Acknowledgement>, StoreError> {
        self.get(&self.acknowledgements, format!("{occurrence}|{unit}"))
    }

    /// Writes what a unit said.
    pub fn acknowledge(&self, said: &Acknowledgement) -> Result<(), StoreError> {
        self.put(
            &self.acknowledgements,
            format!("{}|{}", said.occurrence, said.unit),
            said,
        )
    }

    /// What a button stands for.
    pub fn button(&self, id: &str) -> Result<Option<Button>, StoreError> {
        self.get(&self.buttons, id)
    }

    /// Keeps a button and gives its opaque id.
    pub fn keep_button(&self, button: &Button) -> Result<String, StoreError> {
        let id = format!("{:016x}", self.next_number()?);
        self.put(&self.buttons, &id, button)?;
        Ok(id)
    }

    /// Remembers that a person in a chat is to give a date and a reason for a button's duty.
    pub fn await_reason(&self, chat: i64, person: i64, button: &Button) -> Result<(), StoreError> {
        self.put(&self.awaited, format!("{chat}|{person}"), button)
    }

    /// Whose date and reason are awaited from a person in a chat.
    pub fn awaited(&self, chat: i64, person: i64) -> Result<Option<Button>, StoreError> {
        self.get(&self.awaited, format!("{chat}|{person}"))
    }

    /// Nothing is awaited any more.
    pub fn stop_awaiting(&self, chat: i64, person: i64) -> Result<(), StoreError> {
        self.awaited
            .remove(format!("{chat}|{person}"))
            .map(|_| ())
            .map_err(|e| self.unusable(e))
    }
}
