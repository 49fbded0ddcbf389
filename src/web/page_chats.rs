//! The chats of the page: their ids follow from what a browser or a room is called.

use super::keys;
use crate::ports::ChatId;

/// Ids of chats of the page lie beyond those of any messenger.
const PAGE_CHATS: i64 = 1 << 62;
/// The chat that all browsers share.
pub(super) const GROUP: ChatId = ChatId(-PAGE_CHATS);

/// Whether a chat is one of the page.
pub(super) fn is_of_page(chat: ChatId) -> bool {
    chat.0 <= GROUP.0 || chat.0 >= PAGE_CHATS
}

/// The chat of a department's room: beyond the group that all share.
pub(super) fn chat_of_department(word: &str) -> ChatId {
    ChatId(GROUP.0 - 1 - number_of(word) / 2)
}

/// The own chat of a browser.
pub(super) fn chat_of_browser(id: &str) -> ChatId {
    ChatId(PAGE_CHATS | number_of(id))
}

/// A number below that of the page's first chat.
fn number_of(word: &str) -> i64 {
    let digest = keys::digest(word);
    let number = digest
        .iter()
        .take(8)
        .fold(0_i64, |number, byte| number << 8 | i64::from(*byte));
    number & (PAGE_CHATS - 1)
}
