//! The rooms of all browsers, and the messenger that puts messages into them.
//!
//! A message arrives only where somebody has the room open: a reminder for others stays with its
//! outbox, on disk.

use super::bubble::RoomMessage;
use super::page_chats;
use super::room::{MOST_SHOWN, Room};
use super::shelf::FileShelf;
use crate::app::App;
use crate::chat::banner;
use crate::ports::{Capabilities, ChatId, MessageId, Messenger, Outgoing, SendOutcome, Sending};
use crate::store::RoomEntry;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// So many rooms are in memory at once; the one that was not looked at for longest makes way.
const MOST_ROOMS: usize = 500;
/// So soon a message is tried again whose room nobody has open.
const TRY_AGAIN_SECONDS: u64 = 60;

/// What a room can: it has no topics, and takes as much as is said.
const CAN: Capabilities = Capabilities {
    threads: false,
    ..Capabilities::all("page")
};

pub(super) struct Rooms {
    app: Arc<App>,
    rooms: Mutex<HashMap<ChatId, Arc<Room>>>,
    /// The files that were sent.
    pub(super) shelf: FileShelf,
}

impl Rooms {
    pub(super) fn new(app: Arc<App>) -> Self {
        Self {
            shelf: FileShelf::new(Arc::clone(&app)),
            app,
            rooms: Mutex::default(),
        }
    }

    /// A chat's room, as it was kept; a new one where there is none.
    pub(super) fn open(&self, chat: ChatId) -> Arc<Room> {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(room) = rooms.get(&chat) {
            return Arc::clone(room);
        }
        if rooms.len() >= MOST_ROOMS {
            // Only out of memory: what was said is kept, and read again when somebody comes.
            let oldest = rooms
                .iter()
                .filter(|(chat, _)| **chat != page_chats::GROUP)
                .min_by_key(|(_, room)| room.last_seen());
            oldest
                .map(|(chat, _)| *chat)
                .map(|chat| rooms.remove(&chat));
        }
        let room = rooms.entry(chat).or_insert_with(|| {
            let mut kept = self.kept(chat);
            kept.drain(..kept.len().saturating_sub(MOST_SHOWN));
            Arc::new(Room::of(kept))
        });
        Arc::clone(room)
    }

    /// A chat's room, where there is one in memory.
    pub(super) fn find(&self, chat: ChatId) -> Option<Arc<Room>> {
        self.rooms
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&chat)
            .cloned()
    }

    /// Everything that was said in a room as long as it is kept, oldest first.
    pub(super) fn all_said(&self, chat: ChatId) -> Vec<RoomEntry<RoomMessage>> {
        self.kept(chat)
    }

    /// What the state holds of a room. A room that cannot be read begins anew, and the log says so.
    fn kept(&self, chat: ChatId) -> Vec<RoomEntry<RoomMessage>> {
        let Some(store) = self.app.store() else {
            return Vec::new();
        };
        let entries = store
            .room(chat, self.app.now().fixed_offset())
            .unwrap_or_else(|error| {
                tracing::error!(%error, "a room of the page could not be read");
                Vec::new()
            });
        entries
            .into_iter()
            .map(|entry: RoomEntry<RoomMessage>| RoomEntry {
                said: entry.said.still_kept(chat, &self.shelf),
                ..entry
            })
            .collect()
    }

    /// Puts something into a chat's room, or in the place of an earlier message; gives its number
    /// there.
    pub(super) fn say(&self, chat: ChatId, said: RoomMessage, replaces: Option<i32>) -> i32 {
        let (number, to_keep) = self.open(chat).put(said, replaces);
        let at = self.app.now().to_rfc3339();
        for item in to_keep {
            let entry = RoomEntry {
                number: item.number,
                version: item.version,
                at: at.clone(),
                said: item.said,
            };
            let kept = self
                .app
                .store()
                .map(|store| store.keep_in_room(chat, &entry));
            if let Some(Err(error)) = kept {
                tracing::error!(%error, "a message of the page is not kept");
            }
        }
        number
    }

    /// Puts a message of the bot into its room; gives its number there.
    pub(super) fn put(&self, message: &Outgoing) -> i32 {
        let said = match banner(&self.app) {
            None => RoomMessage::of_bot(&self.app, &self.shelf, message),
            Some(banner) => {
                let mut shown = message.clone();
                shown.body = shown.body.under(banner);
                RoomMessage::of_bot(&self.app, &self.shelf, &shown)
            }
        };
        self.say(message.chat, said, message.replaces.map(|number| number.0))
    }
}

impl Messenger for Rooms {
    fn capabilities(&self) -> Capabilities {
        CAN
    }

    fn hears(&self, chat: ChatId) -> bool {
        self.find(chat).is_some_and(|room| room.is_open())
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            if !self.hears(message.chat) {
                // Put into a room that nobody has open it would count as told, and a reminder be
                // lost.
                return SendOutcome::Later(TRY_AGAIN_SECONDS);
            }
            SendOutcome::Delivered(Some(MessageId(self.put(message))))
        })
    }
}
