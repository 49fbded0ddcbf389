//! Who is subscribed, who has reported, and what each button stands for.

use super::{Store, StoreError};
use crate::model::{ChatId, PersonId, UnitId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A chat that is reminded, for one or several units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// By the id that it has now: a move changes the record.
    pub chat: ChatId,
    /// The units that it stands for: it is reminded for them, and speaks for them.
    pub units: Vec<Standing>,
    /// Units that were unsubscribed here, so that the data do not bring them back.
    #[serde(default)]
    pub left: Vec<UnitId>,
    /// Why it cannot be reached, where it cannot.
    #[serde(default)]
    pub suspended: Option<String>,
}

/// A unit that a chat stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// By its id, which outlasts its names.
    pub unit: UnitId,
    /// Since which day: what was due before is not spoken of.
    pub since: NaiveDate,
    /// Whether the data name the chat; otherwise an administrator confirmed it.
    #[serde(default)]
    pub listed: bool,
}

impl Standing {
    /// Whether it is reminded of what is due on a day: not of what was due before it began, unless
    /// the clock was set back.
    pub fn speaks_of(&self, due: NaiveDate, today: NaiveDate) -> bool {
        due >= self.since || self.since > today
    }
}

impl Subscription {
    /// A chat that stands for nobody yet.
    pub fn of(chat: ChatId) -> Self {
        Self {
            chat,
            units: Vec::new(),
            left: Vec::new(),
            suspended: None,
        }
    }

    /// Whether the chat stands for a unit.
    pub fn stands_for(&self, unit: &UnitId) -> bool {
        self.units.iter().any(|standing| standing.unit == *unit)
    }

    /// The chat stands for a unit. Where it did already, the earlier day holds, and that the data
    /// name the chat.
    pub fn stand_for(&mut self, standing: Standing) {
        // Whoever subscribes again has left no more.
        self.left.retain(|left| *left != standing.unit);
        let mut known = self.units.iter_mut();
        match known.find(|known| known.unit == standing.unit) {
            Some(known) => known.listed |= standing.listed,
            None => self.units.push(standing),
        }
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
    /// Who must report.
    pub unit: UnitId,
    /// What was said.
    pub said: Acknowledged,
    /// In which chat.
    pub chat: ChatId,
    /// By whom.
    pub person: PersonId,
    /// How whoever said it is called.
    #[serde(default)]
    pub name: String,
    /// When, in RFC 3339.
    pub at: String,
    /// The reason, where one was asked for.
    #[serde(default)]
    pub reason: String,
    /// What the unit had said before: taken back, this holds again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Box<Acknowledgement>>,
}

/// What a button under a reminder does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The unit has reported.
    Reported,
    /// It is at work.
    InHand,
    /// It wants more time: until when is asked.
    Extend,
    /// What was said is taken back.
    Withdraw,
}

/// What a button under a reminder stands for; usable in its own chat only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// The chat that it was shown in.
    pub chat: ChatId,
    /// The occurrence's key.
    pub occurrence: String,
    /// Whose report it is.
    pub unit: UnitId,
    /// What it does.
    pub act: Act,
}

impl Store {
    /// A chat's subscription.
    pub fn subscription(&self, chat: ChatId) -> Result<Option<Subscription>, StoreError> {
        self.get(&self.subscriptions, chat.key())
    }

    /// All subscriptions, by chat.
    pub fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        self.all(&self.subscriptions)
    }

    /// Writes a subscription.
    pub fn subscribe(&self, subscription: &Subscription) -> Result<(), StoreError> {
        self.put(&self.subscriptions, subscription.chat.key(), subscription)
    }

    /// What a unit said of an occurrence.
    pub fn acknowledgement(
        &self,
        occurrence: &str,
        unit: &UnitId,
    ) -> Result<Option<Acknowledgement>, StoreError> {
        self.get(&self.acknowledgements, said_key(occurrence, unit))
    }

    /// Writes what a unit said.
    pub fn acknowledge(&self, said: &Acknowledgement) -> Result<(), StoreError> {
        let key = said_key(&said.occurrence, &said.unit);
        self.put(&self.acknowledgements, key, said)
    }

    /// Takes back what a unit said: what it had said before holds again, where there was anything.
    pub fn take_back(&self, said: &Acknowledgement) -> Result<(), StoreError> {
        match &said.before {
            Some(before) => self.acknowledge(before),
            None => self
                .acknowledgements
                .remove(said_key(&said.occurrence, &said.unit))
                .map(|_| ())
                .map_err(|e| self.unusable(e)),
        }
    }

    /// What a button stands for.
    pub fn button(&self, id: &str) -> Result<Option<Button>, StoreError> {
        self.get(&self.buttons, id)
    }

    /// Keeps a button and gives its opaque id: the same for the same button, so that a reminder
    /// which is shown anew a thousand times adds nothing.
    pub fn keep_button(&self, button: &Button) -> Result<String, StoreError> {
        // By what it does: a reminder that is shown anew has the same buttons, and no record more.
        let digest = Sha256::digest(serde_json::to_vec(button)?);
        let id = hex::encode(&digest[..16]);
        if self.button(&id)?.is_none() {
            self.put(&self.buttons, &id, button)?;
        }
        Ok(id)
    }
}

pub(super) fn said_key(occurrence: &str, unit: &UnitId) -> String {
    format!("{occurrence}|{}", unit.0)
}
