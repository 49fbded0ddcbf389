//! Files that were sent in rooms, each kept once, and only so many bytes of all.

use super::keys;
use crate::ports::Attachment;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Older files make room for newer ones.
const MOST_BYTES: usize = 48 << 20;

/// The files, oldest first.
#[derive(Default)]
pub(super) struct Shelf {
    files: Mutex<VecDeque<(String, Arc<Attachment>)>>,
}

impl Shelf {
    /// Keeps a file; gives the word that it is found by.
    pub(super) fn put(&self, file: &Attachment) -> String {
        let word = keys::word_of(&file.bytes);
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.retain(|(known, _)| *known != word);
        files.push_back((word.clone(), Arc::new(file.clone())));
        let mut bytes: usize = files.iter().map(|(_, file)| file.bytes.len()).sum();
        while bytes > MOST_BYTES && files.len() > 1 {
            bytes -= files.pop_front().map_or(0, |(_, file)| file.bytes.len());
        }
        word
    }

    /// A file by its word, while it is kept.
    pub(super) fn get(&self, word: &str) -> Option<Arc<Attachment>> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files
            .iter()
            .find(|(known, _)| known == word)
            .map(|(_, file)| Arc::clone(file))
    }
}
