//! What was said in the rooms of the page, so that a restart keeps it. What an entry shows is for
//! the page to know; here it has a chat, a number and a day.

use super::{Store, StoreError};
use crate::model::ChatId;
use chrono::{DateTime, FixedOffset, TimeDelta};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// So long a message stays.
const KEPT_DAYS: i64 = 30;
/// So many messages of one room stay.
pub(crate) const MOST_KEPT: usize = 500;
/// So many rooms are kept; the one that was silent for longest makes way.
const MOST_ROOMS: usize = 1_000;

/// A message of a room, with what it shows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RoomEntry<T> {
    /// Its number in the room.
    pub number: i32,
    /// When it was said or last changed, counted through the room.
    pub version: u64,
    /// When it was said or last changed, in RFC 3339.
    pub at: String,
    /// What it shows.
    pub said: T,
}

/// When somebody last spoke in each room.
#[derive(Debug, Default)]
pub(super) struct Spoken(Mutex<HashMap<ChatId, String>>);

/// What is read of an entry where only its day matters.
#[derive(Deserialize)]
struct Dated {
    at: String,
}

impl Spoken {
    /// As the records say.
    pub(super) fn of(rooms: &super::tree::Tree) -> sled::Result<Self> {
        let mut last: HashMap<ChatId, String> = HashMap::new();
        for record in rooms {
            let (key, bytes) = record?;
            let (Some(chat), Ok(entry)) = (chat_of(&key), serde_json::from_slice::<Dated>(&bytes))
            else {
                continue;
            };
            let at = last.entry(chat).or_default();
            if *at < entry.at {
                *at = entry.at;
            }
        }
        Ok(Self(Mutex::new(last)))
    }
}

impl Store {
    /// Keeps a message of a room, and lets go of what is too old or too much. Not waited for: what
    /// was said in the moment before a power cut may be gone from the page.
    pub fn keep_in_room<T: Serialize>(
        &self,
        chat: ChatId,
        entry: &RoomEntry<T>,
    ) -> Result<(), StoreError> {
        self.put(&self.rooms, key(chat, entry.number), entry)?;
        let mut spoken = self.spoken.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = spoken.insert(chat, entry.at.clone()).is_none();
        if let Some(number) = entry.number.checked_sub(MOST_KEPT as i32) {
            self.remove_from_room(key(chat, number))?;
        }
        if !is_new {
            return Ok(());
        }
        // Looked at only when a room is new: each message would otherwise walk through all rooms.
        let last_day = moment(&entry.at) - TimeDelta::days(KEPT_DAYS);
        let mut gone: Vec<ChatId> = spoken
            .iter()
            .filter(|(_, at)| moment(at) < last_day)
            .map(|(chat, _)| *chat)
            .collect();
        if spoken.len() - gone.len() > MOST_ROOMS {
            let silent = spoken.iter().filter(|(known, _)| !gone.contains(known));
            let longest = silent.min_by_key(|(_, at)| moment(at));
            gone.extend(longest.map(|(chat, _)| *chat));
        }
        for chat in gone {
            spoken.remove(&chat);
            for record in self.rooms.scan_prefix(chat.0.to_be_bytes()) {
                let (key, _) = record.map_err(|e| self.unusable(e))?;
                self.remove_from_room(key)?;
            }
        }
        Ok(())
    }

    /// What is kept of a room, in the order of its numbers, without what is older than it is kept.
    pub fn room<T: DeserializeOwned>(
        &self,
        chat: ChatId,
        now: DateTime<FixedOffset>,
    ) -> Result<Vec<RoomEntry<T>>, StoreError> {
        let last_day = now - TimeDelta::days(KEPT_DAYS);
        let mut entries: Vec<RoomEntry<T>> = Vec::new();
        for record in self.rooms.scan_prefix(chat.0.to_be_bytes()) {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let entry: RoomEntry<T> = serde_json::from_slice(&bytes)?;
            // What has aged goes when somebody looks, and needs no clock of its own.
            if moment(&entry.at) < last_day {
                self.remove_from_room(key)?;
                continue;
            }
            entries.push(entry);
        }
        Ok(entries)
    }

    fn remove_from_room(&self, key: impl AsRef<[u8]>) -> Result<(), StoreError> {
        self.rooms
            .remove(key)
            .map(|_| ())
            .map_err(|e| self.unusable(e))
    }
}

fn moment(at: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(at).unwrap_or_default()
}

fn key(chat: ChatId, number: i32) -> [u8; 12] {
    let mut key = [0; 12];
    key[..8].copy_from_slice(&chat.0.to_be_bytes());
    key[8..].copy_from_slice(&number.to_be_bytes());
    key
}

fn chat_of(key: &[u8]) -> Option<ChatId> {
    let number = key.get(..8)?.try_into().ok()?;
    Some(ChatId(i64::from_be_bytes(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: i32, day: u32) -> RoomEntry<String> {
        RoomEntry {
            number,
            version: 1,
            at: format!(
                "2030-{:02}-{:02}T08:00:00+08:00",
                1 + day / 28,
                1 + day % 28
            ),
            said: "x".to_string(),
        }
    }

    fn numbers(store: &Store, chat: ChatId, day: u32) -> Vec<i32> {
        let entries: Vec<RoomEntry<String>> = store.room(chat, moment(&entry(0, day).at)).unwrap();
        entries.iter().map(|entry| entry.number).collect()
    }

    #[test]
    fn a_room_keeps_its_last_messages_and_no_others() {
        let store = Store::passing().unwrap();
        for number in 1..=MOST_KEPT as i32 + 3 {
            store.keep_in_room(ChatId(5), &entry(number, 0)).unwrap();
        }
        let kept = numbers(&store, ChatId(5), 0);
        assert_eq!((kept[0], kept.len()), (4, MOST_KEPT));
        assert!(numbers(&store, ChatId(6), 0).is_empty());
    }

    #[test]
    fn what_is_older_than_a_month_is_gone_and_what_is_not_stays() {
        let store = Store::passing().unwrap();
        store.keep_in_room(ChatId(5), &entry(1, 0)).unwrap();
        store.keep_in_room(ChatId(5), &entry(2, 25)).unwrap();
        assert_eq!(numbers(&store, ChatId(5), 34), [2]);
        // A room where nobody speaks any more goes when another one begins.
        store.keep_in_room(ChatId(6), &entry(1, 80)).unwrap();
        assert_eq!(store.rooms.len(), 1);
    }

    #[test]
    fn the_room_that_was_silent_for_longest_makes_way() {
        let store = Store::passing().unwrap();
        store.keep_in_room(ChatId(-1), &entry(1, 0)).unwrap();
        for chat in 0..MOST_ROOMS as i64 {
            store.keep_in_room(ChatId(chat), &entry(1, 1)).unwrap();
        }
        assert!(numbers(&store, ChatId(-1), 1).is_empty());
        assert_eq!(store.rooms.len(), MOST_ROOMS);
    }
}
