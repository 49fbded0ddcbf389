//! The rooms that a browser can be in: its own, the group that all share, and those of departments,
//! which administrators name and which are found by a link that cannot be guessed.

use super::fault::Fault;
use super::site::Site;
use super::visitor::{self, GROUP, Visitor};
use crate::chat::ChatKind;
use crate::ports::ChatId;
use crate::store::{NamedRoom, Store, StoreError};
use axum::http::StatusCode;
use maud::{Markup, html};
use std::sync::{Mutex, PoisonError};

/// A room of one's own, in addresses.
const OWN: &str = "own";
/// The room that all browsers share, in addresses.
const SHARED: &str = "group";
/// So many departments have a room.
const MOST_ROOMS: usize = 200;
/// A room's name has at most so many letters.
pub(super) const LONGEST_NAME: usize = 30;

/// A room, as a browser sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// How it stands in addresses.
    pub(super) word: String,
    /// Its chat.
    pub(super) chat: ChatId,
    /// Whose room it is.
    pub(super) kind: ChatKind,
    /// What it is called.
    pub(super) name: String,
}

impl Place {
    /// The room of an address.
    pub(super) fn of(site: &Site, word: &str, visitor: &Visitor) -> Result<Self, Fault> {
        let place = |word: &str, chat, kind, name: &str| Self {
            word: word.to_string(),
            chat,
            kind,
            name: name.to_string(),
        };
        match word {
            "" | OWN => Ok(place(OWN, visitor.chat(), ChatKind::Private, "我的会话")),
            SHARED => Ok(place(SHARED, GROUP, ChatKind::Group, "工作群")),
            word => {
                let room = site.departments.find(word);
                let room = room.ok_or_else(|| {
                    Fault::new(
                        StatusCode::NOT_FOUND,
                        "这个会话的链接不对，或已经被管理员收回；请再要一次链接。",
                    )
                })?;
                let chat = visitor::chat_of_department(&room.word);
                Ok(place(&room.word, chat, ChatKind::Group, &room.name))
            }
        }
    }

    /// Whether others see it too.
    pub(super) fn is_shared(&self) -> bool {
        self.kind == ChatKind::Group
    }

    /// Its address.
    pub(super) fn address(&self) -> String {
        if self.word == OWN {
            return "/".to_string();
        }
        format!("/?room={}", self.word)
    }
}

/// The way from a room to the others that a browser knows.
pub(super) fn tabs(site: &Site, visitor: &Visitor, here: &Place) -> Markup {
    let mut known: Vec<Place> = [OWN, SHARED]
        .iter()
        .chain(&visitor.rooms.iter().map(String::as_str).collect::<Vec<_>>())
        .filter_map(|word| Place::of(site, word, visitor).ok())
        .collect();
    if !known.contains(here) {
        known.push(here.clone());
    }
    html! {
        @for place in &known { a href=(place.address()) aria-current=[(place == here).then_some("page")] { (place.name) } }
    }
}

/// The rooms of departments.
pub(super) struct Departments {
    rooms: Mutex<Vec<NamedRoom>>,
}

impl Departments {
    /// As the state has them.
    pub(super) fn open(store: Option<&Store>) -> Result<Self, StoreError> {
        let rooms = store.map(Store::named_rooms).transpose()?;
        Ok(Self {
            rooms: Mutex::new(rooms.unwrap_or_default()),
        })
    }

    /// A room by its word.
    fn find(&self, word: &str) -> Option<NamedRoom> {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.iter().find(|room| room.word == word).cloned()
    }

    /// All rooms, in the order in which they were made.
    pub(super) fn all(&self) -> Vec<NamedRoom> {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.clone()
    }

    /// A new room; says what is wrong with its name, or that there are too many.
    pub(super) fn add(&self, site: &Site, name: &str) -> Result<Result<(), String>, StoreError> {
        let name = name.trim();
        let letters = name.chars().count();
        if letters == 0 || letters > LONGEST_NAME {
            return Ok(Err(format!("会话名称请写 1 到 {LONGEST_NAME} 个字。")));
        }
        self.change(site, |rooms| {
            if rooms.len() >= MOST_ROOMS {
                return Err(format!("最多 {MOST_ROOMS} 个部门会话；请先收回不用的。"));
            }
            if rooms.iter().any(|room| room.name == name) {
                return Err(format!("已经有“{name}”了；请换个名称。"));
            }
            rooms.push(NamedRoom {
                word: site.keys.secret(),
                name: name.to_string(),
            });
            Ok(())
        })
    }

    /// A room's link leads nowhere any more; what was said in it ages as everything does.
    pub(super) fn remove(&self, site: &Site, word: &str) -> Result<(), StoreError> {
        let removed = self.change(site, |rooms| {
            rooms.retain(|room| room.word != word);
            Ok(())
        });
        removed.map(|_| ())
    }

    fn change(
        &self,
        site: &Site,
        change: impl FnOnce(&mut Vec<NamedRoom>) -> Result<(), String>,
    ) -> Result<Result<(), String>, StoreError> {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = rooms.clone();
        let result = change(&mut changed);
        if result.is_ok() {
            if let Some(store) = site.app.store() {
                store.keep_named_rooms(&changed)?;
            }
            *rooms = changed;
        }
        Ok(result)
    }
}
