//! The chats of the page: their ids follow from what a browser or a room is called.

use super::keys;
use crate::model::Whose;
use crate::ports::ChatId;

/// The chat that all browsers share.
pub(super) const GROUP: ChatId = ChatId::PAGE_GROUP;

/// Whether a chat is one of the page.
pub(super) fn is_of_page(chat: ChatId) -> bool {
    chat.whose() == Whose::Page
}

/// The chat of a department's room: beyond the group that all share.
pub(super) fn chat_of_department(word: &str) -> ChatId {
    ChatId::of_department(number_of(word))
}

/// The own chat of a browser.
pub(super) fn chat_of_browser(id: &str) -> ChatId {
    ChatId::of_browser(number_of(id))
}

/// A number that follows from a word.
fn number_of(word: &str) -> u64 {
    let digest = keys::digest(word);
    let bytes = digest.iter().take(8);
    bytes.fold(0, |number, byte| number << 8 | u64::from(*byte))
}
