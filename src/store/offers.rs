//! What the buttons under replies stand for, so that what goes out is an opaque id and a press does
//! only what it was made for.

use super::shares::Shares;
use super::tree::{Pair, Tree};
use super::{Act, Decision, Store, StoreError};
use crate::model::{ChatId, Provenance, UnitId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};
use std::sync::{MutexGuard, PoisonError};

/// The replies of a chat keep their buttons as long as they take no more bytes than this, some
/// thousand replies; then the oldest are expired.
const MOST_OF_A_CHAT: usize = 256 << 10;
/// Those of all chats; then the oldest of the chat that has most are expired. What is expired takes
/// at most as much again, and sled's files several times that.
const MOST_OF_ALL: usize = 2 << 20;
/// So many replies wait at most for the record that takes their buttons. Those of long questions
/// take 50 kB then: sled keeps a file of its own for each value of 128 kB, and for long.
const MOST_PENDING: usize = 16;

/// A choice that was offered under a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    /// Its position among the choices of the reply.
    pub at: usize,
    /// Its label in full: what is asked where the data have changed and the choice is gone.
    pub label: String,
}

/// What a reply came from, so that it can be made again as it stands: a question, or a choice that
/// was offered under the reply to it, with what was known when it was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The question in full.
    pub question: String,
    /// The choice, where one was picked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picked: Option<Picked>,
    /// The day as of which it was answered: 去年 stays the year that it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<NaiveDate>,
    /// What had been shown before and was left out (还有呢, 不是这个).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<Provenance>,
    /// What it was taken for, where it continued a talk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// A digest of what was answered: what comes of other data is not the same answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<u64>,
}

impl Origin {
    /// A question that was asked in words.
    pub fn asked(question: impl Into<String>) -> Self {
        Self {
            question: question.into(),
            ..Self::default()
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
    Vote(Vote),
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
    Decide(Decision, ChatId, UnitId),
    /// Sends the tables as a file.
    Export,
    /// Shows what a synonym would change: the printed name, what people say.
    TrySynonym(String, String),
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

/// What somebody says of an answer. Kept as the truth value that it was before it had a name:
/// buttons under older replies still say it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "bool", into = "bool")]
pub enum Vote {
    /// It helped.
    Helpful,
    /// It did not; its question is kept for administrators.
    Unhelpful,
}

impl From<bool> for Vote {
    fn from(helped: bool) -> Self {
        if helped {
            Self::Helpful
        } else {
            Self::Unhelpful
        }
    }
}

impl From<Vote> for bool {
    fn from(vote: Vote) -> Self {
        vote == Vote::Helpful
    }
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
    pub chat: ChatId,
    /// What the reply came from.
    #[serde(flatten)]
    pub origin: Origin,
    /// What each button does, in order.
    #[serde(rename = "choices")]
    pub presses: Vec<OnPress>,
}

/// Replies whose buttons are not yet written: many share one record.
#[derive(Debug)]
pub(super) struct PendingOffers {
    /// The number of the record.
    number: u64,
    offers: Vec<Offer>,
    /// Whose the written ones are, each by its record and its place in it.
    shares: Shares<(u64, usize)>,
    /// The records that are written.
    written: HashMap<u64, Written>,
    /// Those of which some have expired since they were last looked at.
    touched: HashSet<u64>,
}

/// What is left of a record.
#[derive(Debug, Default)]
struct Written {
    /// How many of its replies have their buttons yet.
    left: usize,
    /// How many it has on disk.
    on_disk: usize,
    /// The places of those that are expired, and still on disk.
    expired: HashSet<usize>,
}

/// A reply whose buttons are expired stands as nothing in its record, so that the others keep their
/// places.
type Places<T> = Vec<Option<T>>;

/// As much of an offer as its share needs.
#[derive(Deserialize)]
struct OfChat {
    chat: ChatId,
}

impl PendingOffers {
    /// None, after those that are written.
    pub(super) fn behind(offers: &Tree) -> sled::Result<Self> {
        let mut pending = Self {
            number: 0,
            offers: Vec::new(),
            shares: Shares::new(MOST_OF_A_CHAT, MOST_OF_ALL),
            written: HashMap::new(),
            touched: HashSet::new(),
        };
        for record in offers {
            let (key, bytes) = record?;
            let (Ok(number), Ok(places)) = (
                key.as_slice().try_into().map(u64::from_be_bytes),
                serde_json::from_slice::<Places<&RawValue>>(&bytes),
            ) else {
                continue;
            };
            let sizes = places.into_iter().enumerate().filter_map(|(at, offer)| {
                let offer = offer?.get();
                let of = serde_json::from_str::<OfChat>(offer).ok()?;
                Some((of.chat, at, offer.len()))
            });
            // What is too much goes with the next record that is written.
            pending.count(number, sizes.collect());
        }
        Ok(pending)
    }

    /// Counts the replies of a record: chat, place and size of each.
    fn count(&mut self, number: u64, replies: Vec<(ChatId, usize, usize)>) {
        let written = self.written.entry(number).or_default();
        (written.left, written.on_disk) = (replies.len(), replies.len());
        for (chat, at, size) in replies {
            for (record, at) in self.shares.add(chat, (number, at), size) {
                if let Some(written) = self.written.get_mut(&record) {
                    written.left -= 1;
                    written.expired.insert(at);
                    self.touched.insert(record);
                }
            }
        }
    }

    fn is_expired(&self, record: u64, at: usize) -> bool {
        let written = self.written.get(&record);
        written.is_some_and(|written| written.expired.contains(&at))
    }
}

impl Store {
    /// Keeps the buttons of a reply; gives the id of each. Not waited for: a button that is lost is
    /// expired.
    pub fn keep_offer(&self, offer: Offer) -> Result<Vec<String>, StoreError> {
        let mut pending = self.pending_offers();
        // A number for each record and not for each reply: they share one write.
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
        let mut replies = Vec::new();
        let mut places: Places<Box<RawValue>> = Vec::new();
        for (at, offer) in offers.iter().enumerate() {
            let written = serde_json::value::to_raw_value(offer)?;
            replies.push((offer.chat, at, written.get().len()));
            places.push(Some(written));
        }
        let number = pending.number;
        self.put(&self.offers, number.to_be_bytes(), &places)?;
        pending.count(number, replies);
        for record in std::mem::take(&mut pending.touched) {
            self.write_expired(pending, record)?;
        }
        Ok(())
    }

    /// A record of which nothing is left is removed; one of which half is left is written anew, so
    /// that what is expired never takes more room than what is not, and few records are read for
    /// it.
    fn write_expired(&self, pending: &mut PendingOffers, record: u64) -> Result<(), StoreError> {
        let Some(written) = pending.written.get_mut(&record) else {
            return Ok(());
        };
        if written.left == 0 {
            pending.written.remove(&record);
            let gone = self.offers.remove(record.to_be_bytes());
            return gone.map(|_| ()).map_err(|e| self.unusable(e));
        }
        // Written anew only when half of it is gone: each expired reply would cost a write else.
        if written.left * 2 > written.on_disk {
            return Ok(());
        }
        written.on_disk = written.left;
        let kept: Option<Places<Offer>> = self.get(&self.offers, record.to_be_bytes())?;
        let places = kept.unwrap_or_default().into_iter().enumerate();
        let left: Places<Offer> = places
            .map(|(at, offer)| offer.filter(|_| !written.expired.contains(&at)))
            .collect();
        self.put(&self.offers, record.to_be_bytes(), &left)
    }

    /// What a button of a reply in a chat stands for, with what the reply came from.
    pub fn offered(&self, chat: ChatId, id: &str) -> Result<Option<(Origin, OnPress)>, StoreError> {
        // An id of another form is of a reminder (`desk::keep_button`), or of nobody.
        let Some((record, at, button)) = parted(id) else {
            return Ok(None);
        };
        let pending = self.pending_offers();
        let offer = if record == pending.number && !pending.offers.is_empty() {
            pending.offers.get(at).cloned()
        } else if pending.is_expired(record, at) {
            None
        } else {
            let written: Option<Places<Offer>> = self.get(&self.offers, record.to_be_bytes())?;
            written.and_then(|offers| offers.into_iter().nth(at).flatten())
        };
        // A message of a chat that has another id now keeps the old one.
        let chat = self.present_chat(chat)?;
        let offer = offer.filter(|offer| offer.chat == chat);
        Ok(offer.and_then(|offer| Some((offer.origin, offer.presses.into_iter().nth(button)?))))
    }

    /// The records of buttons of a chat, as they are when the chat has another id.
    pub(super) fn offers_moved(&self, from: ChatId, to: ChatId) -> Result<Vec<Pair>, StoreError> {
        // What waits in memory must follow the chat too, so it goes to disk first.
        self.write_offers()?;
        self.pending_offers().shares.hand_over(from, to);
        let mut moved = Vec::new();
        for record in &self.offers {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let mut offers: Places<Offer> = serde_json::from_slice(&bytes)?;
            if offers.iter().flatten().any(|offer| offer.chat == from) {
                offers
                    .iter_mut()
                    .flatten()
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
    // Ids come from messengers, and from whoever makes them up.
    parts.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reply of a chat with one button; gives the button's id.
    fn reply(store: &Store, chat: ChatId, text: &str) -> String {
        let offer = Offer {
            chat,
            origin: Origin::asked(text),
            presses: vec![OnPress::Original],
        };
        store.keep_offer(offer).unwrap().remove(0)
    }

    fn is_there(store: &Store, chat: ChatId, id: &str) -> bool {
        store.offered(chat, id).unwrap().is_some()
    }

    /// The buttons of one chat outlast a flood in another and on the page; a flood keeps its
    /// newest.
    #[test]
    fn a_flood_expires_only_its_own_buttons() {
        let store = Store::passing().unwrap();
        let old = reply(&store, ChatId(5), "很久以前的一问");
        let long = "长".repeat(4_000);
        let first = reply(&store, ChatId(6), &long);
        let mut last = String::new();
        for number in 0..1_000 {
            last = reply(&store, ChatId(6), &long);
            reply(&store, ChatId((1 << 62) + number), &long);
        }
        store.flush().unwrap();
        assert!(is_there(&store, ChatId(5), &old) && is_there(&store, ChatId(6), &last));
        assert!(!is_there(&store, ChatId(6), &first));
        let bytes: usize = store
            .offers
            .iter()
            .map(|record| record.unwrap().1.len())
            .sum();
        assert!(bytes <= 2 * (1 + 4) * MOST_OF_A_CHAT, "{bytes}");
        // After a start the shares are what they were.
        let counted = PendingOffers::behind(&store.offers).unwrap();
        assert_eq!(counted.written.len(), store.offers.len());
    }

    #[test]
    fn a_record_of_before_choices_had_answers_is_read_and_names_its_chat() {
        let record = r#"{"chat":7,"question":"甲","choices":["Original",{"Ask":"乙 甲"}]}"#;
        let offer: Offer = serde_json::from_str(record).unwrap();
        assert_eq!(offer.origin, Origin::asked("甲"));
        assert_eq!(offer.presses[1], OnPress::Ask("乙 甲".to_string()));
        let named = record.replace("7", "\"telegram:7\"");
        assert_eq!(serde_json::to_string(&offer).unwrap(), named);
    }

    #[test]
    fn a_vote_is_kept_as_it_was_before_it_had_a_name() {
        for (record, vote) in [
            (r#"{"Vote":true}"#, Vote::Helpful),
            (r#"{"Vote":false}"#, Vote::Unhelpful),
        ] {
            let press: OnPress = serde_json::from_str(record).unwrap();
            assert_eq!(press, OnPress::Vote(vote));
            assert_eq!(serde_json::to_string(&press).unwrap(), record);
        }
    }
}
