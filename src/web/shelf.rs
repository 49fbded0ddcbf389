//! Files that were sent in rooms: the last ones in memory, all of them with the state, as long as
//! their messages are kept.

use super::keys;
use crate::app::App;
use crate::ports::ChatId;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// So many bytes are in memory; older files are read from the state again.
const MOST_BYTES: usize = 8 << 20;

/// A file in memory: its room, its word, what is in it.
type Held = (ChatId, String, Arc<Vec<u8>>);

pub(super) struct FileShelf {
    app: Arc<App>,
    /// Oldest first.
    held: Mutex<VecDeque<Held>>,
}

impl FileShelf {
    pub(super) fn new(app: Arc<App>) -> Self {
        Self {
            app,
            held: Mutex::default(),
        }
    }

    /// Keeps a file of a room; gives the word that it is found by. Where the state does not take
    /// it, it is there until the program ends, and the log says so.
    pub(super) fn put(&self, chat: ChatId, bytes: &[u8]) -> String {
        let word = keys::word_of(bytes);
        let now = self.app.really().into();
        let kept = self
            .app
            .store()
            .map(|store| store.keep_sent(chat, &word, bytes, now));
        if let Some(Err(error)) = kept {
            tracing::error!(%error, "a file of the page is not kept");
        }
        self.hold((chat, word.clone(), Arc::new(bytes.to_vec())));
        word
    }

    fn hold(&self, file: Held) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|(chat, word, _)| (*chat, word) != (file.0, &file.1));
        held.push_back(file);
        let mut bytes: usize = held.iter().map(|(.., bytes)| bytes.len()).sum();
        while bytes > MOST_BYTES && held.len() > 1 {
            bytes -= held.pop_front().map_or(0, |(.., bytes)| bytes.len());
        }
    }

    fn held(&self, chat: ChatId, word: &str) -> Option<Arc<Vec<u8>>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let mut held = held.iter();
        let found = held.find(|(of, known, _)| *of == chat && known == word);
        found.map(|(.., bytes)| Arc::clone(bytes))
    }

    /// Whether a file is kept.
    pub(super) fn has(&self, chat: ChatId, word: &str) -> bool {
        let store = self.app.store();
        self.held(chat, word).is_some() || store.is_some_and(|store| store.has_sent(chat, word))
    }

    /// A file by its word, while it is kept.
    pub(super) fn get(&self, chat: ChatId, word: &str) -> Option<Arc<Vec<u8>>> {
        if let Some(held) = self.held(chat, word) {
            return Some(held);
        }
        let kept = self.app.store()?.sent(chat, word);
        let bytes = kept.unwrap_or_else(|error| {
            tracing::error!(%error, "a file of the page could not be read");
            None
        });
        let bytes = Arc::new(bytes?);
        self.hold((chat, word.to_string(), Arc::clone(&bytes)));
        Some(bytes)
    }
}
