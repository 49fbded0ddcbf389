//! One room: what was said in it, in order, and who waits for news.

use super::bubble::{RoomFile, RoomMessage};
use crate::ports::ChatId;
use crate::store::RoomEntry;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// So many messages of a room are shown.
pub(super) const MOST_SHOWN: usize = 200;
/// A browser's own word for a message is no longer.
const LONGEST_WORD: usize = 64;
/// Whoever looked at a room so lately has it open: longer than a poll waits for news (twenty
/// seconds), with a slow line in between.
const OPEN_FOR: Duration = Duration::from_secs(45);

/// A message of a room.
#[derive(Debug, Clone)]
pub(super) struct RoomItem {
    /// Its number in the room.
    pub(super) number: i32,
    /// When it was said or last changed, counted through the room.
    pub(super) version: u64,
    /// What it shows.
    pub(super) said: RoomMessage,
}

#[derive(Default)]
struct Kept {
    items: VecDeque<RoomItem>,
    last_number: i32,
    version: u64,
    /// Whether a person has said something: a room of greetings alone is not worth keeping.
    is_spoken_in: bool,
    /// The words that browsers made for what they said last.
    said_once: VecDeque<(ChatId, String)>,
}

pub(super) struct Room {
    kept: Mutex<Kept>,
    news: watch::Sender<u64>,
    seen: Mutex<Option<Instant>>,
    waiting: AtomicUsize,
    /// One message is answered after the other.
    pub(super) turn: tokio::sync::Mutex<()>,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            kept: Mutex::default(),
            news: watch::Sender::new(0),
            seen: Mutex::default(),
            waiting: AtomicUsize::new(0),
            turn: tokio::sync::Mutex::default(),
        }
    }
}

impl Room {
    /// A room as it was kept.
    pub(super) fn of(entries: Vec<RoomEntry<RoomMessage>>) -> Self {
        let kept = Kept {
            last_number: entries.last().map_or(0, |entry| entry.number),
            version: entries.iter().map(|entry| entry.version).max().unwrap_or(0),
            is_spoken_in: !entries.is_empty(),
            said_once: VecDeque::new(),
            items: entries
                .into_iter()
                .map(|entry| RoomItem {
                    number: entry.number,
                    version: entry.version,
                    said: entry.said,
                })
                .collect(),
        };
        Self {
            kept: Mutex::new(kept),
            ..Self::default()
        }
    }

    /// Puts a message into the room, or in the place of an earlier one; gives its number, and what
    /// is to be kept of the room now.
    pub(super) fn put(&self, said: RoomMessage, replaces: Option<i32>) -> (i32, Vec<RoomItem>) {
        let mut kept = self.lock();
        kept.version += 1;
        let version = kept.version;
        // The greeting before it is kept with the first word: alone it is worth nothing.
        let is_first_word = said.author.is_some() && !kept.is_spoken_in;
        kept.is_spoken_in |= is_first_word;
        // A message that is changed keeps its number: links and replies lead to it.
        let place =
            replaces.and_then(|number| kept.items.iter_mut().find(|item| item.number == number));
        let number = if let Some(item) = place {
            item.version = version;
            item.said = said;
            item.number
        } else {
            kept.last_number += 1;
            let number = kept.last_number;
            kept.items.push_back(RoomItem {
                number,
                version,
                said,
            });
            if kept.items.len() > MOST_SHOWN {
                kept.items.pop_front();
            }
            number
        };
        let is_to_keep =
            |item: &&RoomItem| kept.is_spoken_in && (is_first_word || item.number == number);
        let to_keep = kept.items.iter().filter(is_to_keep).cloned().collect();
        drop(kept);
        // After the lock is let go of: whoever is woken takes it at once.
        self.news.send_replace(version);
        (number, to_keep)
    }

    /// What was said or changed behind a version, in the order of the room, with the version that
    /// it reaches.
    pub(super) fn since(&self, version: u64) -> (u64, Vec<RoomItem>) {
        let kept = self.lock();
        // A page that was open before a restart counts from a version that is not reached yet: it
        // gets everything.
        let from = if version > kept.version { 0 } else { version };
        (
            kept.version,
            kept.items
                .iter()
                .filter(|item| item.version > from)
                .cloned()
                .collect(),
        )
    }

    /// Whether a message with a browser's own word for it was not said before. Without a word it is
    /// new.
    pub(super) fn is_new(&self, browser: ChatId, once: &str) -> bool {
        if once.is_empty() || once.len() > LONGEST_WORD {
            return true;
        }
        let word = (browser, once.to_string());
        let mut kept = self.lock();
        if kept.said_once.contains(&word) {
            return false;
        }
        // A browser that saw no answer sends the same word again: said once is said.
        kept.said_once.push_back(word);
        if kept.said_once.len() > MOST_SHOWN {
            kept.said_once.pop_front();
        }
        true
    }

    /// The number of the last message; nought where there is none.
    pub(super) fn last_number(&self) -> i32 {
        self.lock().last_number
    }

    /// A file that was sent here, by its word or that of its drawing for a dark page.
    pub(super) fn file(&self, word: &str) -> Option<RoomFile> {
        let kept = self.lock();
        let mut files = kept.items.iter().filter_map(|item| item.said.file.as_ref());
        files
            .find(|file| file.word == word || file.dark.as_deref() == Some(word))
            .cloned()
    }

    /// Whether nothing was said yet.
    pub(super) fn is_empty(&self) -> bool {
        self.lock().last_number == 0
    }

    /// Told of news.
    pub(super) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// Somebody looks at the room; says whether nobody had it open.
    pub(super) fn look(&self) -> bool {
        let was_open = self.is_open();
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        !was_open
    }

    /// Whether somebody has the room open.
    pub(super) fn is_open(&self) -> bool {
        // Between two polls a page is open too, though nobody waits.
        self.news.receiver_count() > 0
            || self
                .last_seen()
                .is_some_and(|seen| seen.elapsed() < OPEN_FOR)
    }

    /// When somebody last looked.
    pub(super) fn last_seen(&self) -> Option<Instant> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place among the messages that wait, where there is one.
    pub(super) fn enter(&self, most: usize) -> bool {
        let entered = self
            .waiting
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |waiting| {
                (waiting < most).then_some(waiting + 1)
            });
        entered.is_ok()
    }

    /// Gives the place back.
    pub(super) fn leave(&self) {
        self.waiting.fetch_sub(1, Ordering::SeqCst);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
