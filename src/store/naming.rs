//! Records as planbot kept them before chats named their messenger: their keys were numbers. What
//! stands in the records is read in both forms, and written in the new one when it changes.

use super::change::Change;
use super::{Store, StoreError};
use crate::model::ChatId;

/// The last format whose keys were numbers.
const BY_NUMBER: u32 = 5;

/// Whether keys of this format are numbers.
pub(super) fn has_numbers(format: u32) -> bool {
    format <= BY_NUMBER
}

impl Store {
    /// Gives every record the key that it has now: at once or not at all. What has it already
    /// stays.
    pub(super) fn name_keys(&self) -> Result<(), StoreError> {
        let mut change = Change::default();
        let trees = [&self.subscriptions, &self.topics, &self.moves];
        let trees = trees
            .into_iter()
            .chain([&self.told, &self.covered, &self.shown, &self.wishes]);
        for tree in trees {
            for record in tree {
                let (key, value) = record.map_err(|e| self.unusable(e))?;
                if let Some(named) = named(tree.name(), &key) {
                    change.remove(tree, &key);
                    change.put_bytes(tree, named, value.to_vec());
                }
            }
        }
        self.make(&change)
    }
}

/// The key that a record has now; none where it has it already.
pub(super) fn named(tree: &str, key: &[u8]) -> Option<Vec<u8>> {
    match tree {
        "subscriptions" | "topics" | "moves" => Some(of_bytes(key)?.key().into()),
        "told" | "covered" | "shown" | "wishes" => Some(of_text(key)?.into_bytes()),
        _ => None,
    }
}

/// The chat of a key that is its number in eight bytes.
fn of_bytes(key: &[u8]) -> Option<ChatId> {
    // A named key may have eight bytes too (page:123): what reads as a name is no number.
    let is_named = std::str::from_utf8(key).is_ok_and(|key| key.parse::<ChatId>().is_ok());
    let number = key.try_into().ok().filter(|_| !is_named)?;
    Some(ChatId(i64::from_be_bytes(number)))
}

/// A key that begins with a chat's number, with its name there.
fn of_text(key: &[u8]) -> Option<String> {
    let (chat, rest) = std::str::from_utf8(key).ok()?.split_once('|')?;
    let chat = ChatId(chat.parse().ok()?);
    Some(format!("{chat}|{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_once() {
        let number = (-1001_i64).to_be_bytes();
        assert_eq!(of_bytes(&number), Some(ChatId(-1001)));
        assert_eq!(of_bytes(b"page:123"), None, "named, and of eight letters");
        assert_eq!(of_bytes(b"telegram:-1001"), None);
        let text = |key: &str| of_text(key.as_bytes());
        assert_eq!(text("-1001|甲|x").as_deref(), Some("telegram:-1001|甲|x"));
        assert_eq!(text("0|7").as_deref(), Some("local|7"));
        assert_eq!(text("telegram:-1001|甲|x"), None);
        assert_eq!(text("水务局/进度/2024-06|甲"), None);
    }
}
