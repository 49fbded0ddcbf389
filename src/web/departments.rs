//! The rooms of departments, which administrators name and whose links cannot be guessed.

use crate::store::{NamedRoom, Store, StoreError};
use std::sync::{Mutex, PoisonError};

/// So many departments have a room: more than a district has, and a list that fits a page.
const MOST_ROOMS: usize = 200;
/// A room's name has at most so many letters.
pub(super) const LONGEST_NAME: usize = 30;

/// The rooms of departments.
pub(super) struct Departments {
    store: Option<Store>,
    rooms: Mutex<Vec<NamedRoom>>,
}

impl Departments {
    /// As the state has them.
    pub(super) fn open(store: Option<&Store>) -> Result<Self, StoreError> {
        let rooms = store.map(Store::named_rooms).transpose()?;
        Ok(Self {
            store: store.cloned(),
            rooms: Mutex::new(rooms.unwrap_or_default()),
        })
    }

    /// A room by its word.
    pub(super) fn find(&self, word: &str) -> Option<NamedRoom> {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.iter().find(|room| room.word == word).cloned()
    }

    /// All rooms, in the order in which they were made.
    pub(super) fn all(&self) -> Vec<NamedRoom> {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.clone()
    }

    /// A new room that is found by a word; says what is wrong with its name, or that there are too
    /// many.
    pub(super) fn add(&self, name: &str, word: String) -> Result<Result<(), String>, StoreError> {
        let name = name.trim();
        let letters = name.chars().count();
        if letters == 0 || letters > LONGEST_NAME {
            return Ok(Err(format!("会话名称请写 1 到 {LONGEST_NAME} 个字。")));
        }
        self.change(|rooms| {
            if rooms.len() >= MOST_ROOMS {
                return Err(format!("最多 {MOST_ROOMS} 个部门会话；请先收回不用的。"));
            }
            if rooms.iter().any(|room| room.name == name) {
                return Err(format!("已经有“{name}”了；请换个名称。"));
            }
            rooms.push(NamedRoom {
                word,
                name: name.to_string(),
            });
            Ok(())
        })
    }

    /// A room's link leads nowhere any more; what was said in it ages as everything does.
    pub(super) fn remove(&self, word: &str) -> Result<(), StoreError> {
        let removed = self.change(|rooms| {
            rooms.retain(|room| room.word != word);
            Ok(())
        });
        removed.map(|_| ())
    }

    fn change(
        &self,
        change: impl FnOnce(&mut Vec<NamedRoom>) -> Result<(), String>,
    ) -> Result<Result<(), String>, StoreError> {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = rooms.clone();
        let result = change(&mut changed);
        if result.is_ok() {
            if let Some(store) = &self.store {
                store.keep_named_rooms(&changed)?;
            }
            *rooms = changed;
        }
        Ok(result)
    }
}
