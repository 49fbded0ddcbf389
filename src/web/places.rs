//! The rooms that a browser can be in: its own, the group that all share, and those of departments,
//! which administrators name and which are found by a link that cannot be guessed.

use super::fault::PageFault;
use super::page_chats::{GROUP, chat_of_department};
use super::site::Site;
use super::visitor::Visitor;
use crate::chat::ChatKind;
use crate::ports::ChatId;
use axum::http::StatusCode;
use maud::{Markup, html};

/// A room of one's own, in addresses.
const OWN: &str = "own";
/// The room that all browsers share, in addresses.
const SHARED: &str = "group";
/// A room, as a browser sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RoomPlace {
    /// How it stands in addresses.
    pub(super) word: String,
    pub(super) chat: ChatId,
    /// Whose room it is.
    pub(super) kind: ChatKind,
    /// What it is called.
    pub(super) name: String,
}

impl RoomPlace {
    /// The room of an address.
    pub(super) fn of(site: &Site, word: &str, visitor: &Visitor) -> Result<Self, PageFault> {
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
                    PageFault::new(
                        StatusCode::NOT_FOUND,
                        "这个会话的链接不对，或已经被管理员收回；请再要一次链接。",
                    )
                })?;
                let chat = chat_of_department(&room.word);
                Ok(place(&room.word, chat, ChatKind::Group, &room.name))
            }
        }
    }

    /// Whether others see it too.
    pub(super) fn is_shared(&self) -> bool {
        self.kind == ChatKind::Group
    }

    pub(super) fn address(&self) -> String {
        if self.word == OWN {
            return "/".to_string();
        }
        format!("/?room={}", self.word)
    }
}

/// The way from a room to the others that a browser knows.
pub(super) fn tabs(site: &Site, visitor: &Visitor, here: &RoomPlace) -> Markup {
    let mut known: Vec<RoomPlace> = [OWN, SHARED]
        .iter()
        .chain(&visitor.rooms.iter().map(String::as_str).collect::<Vec<_>>())
        .filter_map(|word| RoomPlace::of(site, word, visitor).ok())
        .collect();
    if !known.contains(here) {
        known.push(here.clone());
    }
    html! {
        @for place in &known { a href=(place.address()) aria-current=[(place == here).then_some("page")] { (place.name) } }
    }
}
