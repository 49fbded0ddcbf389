//! What the buttons under replies stand for, so that what goes out is an opaque id and a press does
//! only what it was made for.

use super::{Act, Decision, Store, StoreError};
use crate::model::UnitId;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::{MutexGuard, PoisonError};

/// So many replies keep their buttons; those of older ones are expired.
const MOST_REPLIES: usize = 50_000;
/// So many replies wait at most for the record that takes their buttons.
const MOST_PENDING: usize = 64;

/// A choice that was offered under a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    /// Its position among the choices of the reply.
    pub at: usize,
    /// Its label in full: what is asked where the data have changed and the choice is gone.
    pub label: String,
}

/// What a reply came from: a question, or a choice that was offered under the reply to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The question in full.
    pub question: String,
    /// The choice, where one was picked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picked: Option<Picked>,
}

impl Origin {
    /// A question that was asked in words.
    pub fn asked(question: impl Into<String>) -> Self {
        Self {
            question: question.into(),
            picked: None,
        }
    }

    /// What was asked, in words: of a choice its label.
    pub fn words(&self) -> &str {
        let label = self.picked.as_ref().map(|picked| picked.label.as_str());
        label.unwrap_or(&self.question)
    }
}

/// What one button does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnPress {
    /// Asks a question: a hint of a question back, or an example.
    Ask(String),
    /// Shows the answer of a choice, which was made with the reply.
    Choose(Picked),
    /// Shows the text that was quoted, where it stands.
    Original,
    /// Shows how the question was read.
    Why,
    /// Draws an indicator, or with no name all of them.
    Chart(Option<String>),
    /// Says whether the answer helped.
    Vote(bool),
    /// Shows another page of a long list.
    Page(usize),
    /// Sends who has reported, as a file.
    Status(TableFormat),
    /// Sends the due days as a calendar file.
    Calendar,
    /// Says something of a unit's report: what, of which occurrence, for which unit.
    Report(Act, String, UnitId),
    /// Shows other units' buttons under a reminder.
    Turn(usize),
    /// Decides whether a chat may stand for a unit.
    Decide(Decision, i64, UnitId),
    /// Sends the tables as a file.
    Export,
    /// Makes a synonym of what people say: the printed name, what they say.
    Adopt(String, String),
    /// Takes a synonym back.
    Withdraw(String, String),
    /// Makes a plan of a report that waits.
    Import {
        /// The word that it is found by.
        word: String,
        /// Whether a plan of that name gives way to it.
        replace: bool,
    },
    /// Drops a report that waits, by its word.
    Discard(String),
}

/// The form of a table that is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TableFormat {
    /// Comma-separated text.
    Csv,
    /// A workbook.
    Xlsx,
}

/// The buttons under one reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The chat that they were shown in.
    pub chat: i64,
    /// What the reply came from.
    #[serde(flatten)]
    pub origin: Origin,
    /// What each button does, in order.
    #[serde(rename = "choices")]
    pub presses: Vec<OnPress>,
}

/// Replies whose buttons are not yet written: many share one record.
#[derive(Debug, Default)]
pub(super) struct PendingOffers {
    /// The number of the record.
    number: u64,
    offers: Vec<Offer>,
    /// How many replies each written record has, oldest first.
    written: VecDeque<usize>,
    /// How many replies are written.
    replies: usize,
}

impl PendingOffers {
    /// None, behind those that are written.
    pub(super) fn behind(offers: &sled::Tree) -> sled::Result<Self> {
        let mut pending = Self::default();
        for record in offers {
            let (_, bytes) = record?;
            pending.count(
                serde_json::from_slice::<Vec<IgnoredAny>>(&bytes).map_or(0, |offers| offers.len()),
            );
        }
        Ok(pending)
    }

    fn count(&mut self, replies: usize) {
        self.written.push_back(replies);
        self.replies += replies;
    }
}

impl Store {
    /// Keeps the buttons of a reply; gives the id of each. Not waited for: a button that is lost is
    /// expired.
    pub fn keep_offer(&self, offer: Offer) -> Result<Vec<String>, StoreError> {
        let mut pending = self.pending_offers();
        if pending.offers.is_empty() {
            pending.number = self.next_number()?;
        }
        let (record, at) = (pending.number, pending.offers.len());
        let ids = (0..offer.presses.len())
            .map(|button| format!("{record:x}.{at}.{button}"))
            .collect();
        pending.offers.push(offer);
        if pending.offers.len() >= MOST_PENDING {
            self.write_pending(&mut pending)?;
        }
        Ok(ids)
    }

    /// Writes the buttons that wait.
    pub(super) fn write_offers(&self) -> Result<(), StoreError> {
        self.write_pending(&mut self.pending_offers())
    }

    fn write_pending(&self, pending: &mut PendingOffers) -> Result<(), StoreError> {
        // What cannot be written is let go of: those buttons are expired.
        let offers = std::mem::take(&mut pending.offers);
        if offers.is_empty() {
            return Ok(());
        }
        self.put(&self.offers, pending.number.to_be_bytes(), &offers)?;
        pending.count(offers.len());
        while pending.replies > MOST_REPLIES
            && let Some(oldest) = pending.written.pop_front()
        {
            pending.replies -= oldest;
            self.offers.pop_min().map_err(|e| self.unusable(e))?;
        }
        Ok(())
    }

    /// What a button of a reply in a chat stands for, with what the reply came from.
    pub fn offered(&self, chat: i64, id: &str) -> Result<Option<(Origin, OnPress)>, StoreError> {
        let Some((record, at, button)) = parted(id) else {
            return Ok(None);
        };
        let pending = self.pending_offers();
        let offer = if record == pending.number && !pending.offers.is_empty() {
            pending.offers.get(at).cloned()
        } else {
            let written: Option<Vec<Offer>> = self.get(&self.offers, record.to_be_bytes())?;
            written.and_then(|offers| offers.into_iter().nth(at))
        };
        let offer = offer.filter(|offer| offer.chat == chat);
        Ok(offer.and_then(|offer| Some((offer.origin, offer.presses.into_iter().nth(button)?))))
    }

    /// The records of buttons of a chat, as they are when the chat has another id.
    pub(super) fn offers_moved(
        &self,
        from: i64,
        to: i64,
    ) -> Result<Vec<(sled::IVec, Vec<u8>)>, StoreError> {
        self.write_offers()?;
        let mut moved = Vec::new();
        for record in &self.offers {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let mut offers: Vec<Offer> = serde_json::from_slice(&bytes)?;
            if offers.iter().any(|offer| offer.chat == from) {
                offers
                    .iter_mut()
                    .filter(|offer| offer.chat == from)
                    .for_each(|offer| offer.chat = to);
                moved.push((key, serde_json::to_vec(&offers)?));
            }
        }
        Ok(moved)
    }

    fn pending_offers(&self) -> MutexGuard<'_, PendingOffers> {
        self.pending_offers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Record, reply in it, button of it.
fn parted(id: &str) -> Option<(u64, usize, usize)> {
    let mut parts = id.split('.');
    let found = (
        u64::from_str_radix(parts.next()?, 16).ok()?,
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
    );
    parts.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_before_choices_had_answers_is_read_and_written_as_it_was() {
        let record = r#"{"chat":7,"question":"甲","choices":["Original",{"Ask":"乙 甲"}]}"#;
        let offer: Offer = serde_json::from_str(record).unwrap();
        assert_eq!(offer.origin, Origin::asked("甲"));
        assert_eq!(offer.presses[1], OnPress::Ask("乙 甲".to_string()));
        assert_eq!(serde_json::to_string(&offer).unwrap(), record);
    }
}
