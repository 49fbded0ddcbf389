//! What a messenger cannot show or do, said in words: a button has a number, a change says what it
//! takes the place of, what would flash up is a message.

use crate::chat::{Incoming, words};
use crate::document::{Block, Document};
use crate::ports::{Capabilities, ChatId, Outgoing};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// The buttons of so many chats are remembered; those of the one that got its own longest ago go.
const MOST_CHATS: usize = 1_000;

/// The buttons that stand as numbers under the last message of each chat that had any. In memory
/// only: after a restart a number is a question as any other.
#[derive(Debug, Default)]
pub(super) struct NumberedButtons(Mutex<Offered>);

#[derive(Debug, Default)]
struct Offered {
    buttons: HashMap<ChatId, Vec<String>>,
    /// The chats, the one that was offered buttons last at the end.
    order: VecDeque<ChatId>,
}

impl NumberedButtons {
    fn keep(&self, chat: ChatId, buttons: Vec<String>) {
        let mut offered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Offered anew it is the latest again; it must not stand in the order twice.
        offered.order.retain(|known| *known != chat);
        offered.order.push_back(chat);
        offered.buttons.insert(chat, buttons);
        if offered.order.len() > MOST_CHATS
            && let Some(oldest) = offered.order.pop_front()
        {
            offered.buttons.remove(&oldest);
        }
    }

    /// The button that somebody names by its number.
    pub(super) fn pressed(&self, chat: ChatId, text: &str) -> Option<String> {
        let number: usize = text.trim().parse().ok()?;
        let offered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let buttons = offered.buttons.get(&chat)?;
        buttons.get(number.checked_sub(1)?).cloned()
    }
}

/// A message as a messenger can show it.
pub(super) fn fitted(message: &Outgoing, can: Capabilities, numbers: &NumberedButtons) -> Outgoing {
    let mut fitted = message.clone();
    if fitted.replaces.is_some() && !can.edits {
        fitted.replaces = None;
        fitted.body = fitted.body.noted(words::IN_PLACE_OF_ANOTHER);
    }
    if fitted.attachment.is_some() && !can.files {
        fitted.attachment = None;
        fitted.body = fitted.body.noted(words::NO_FILES_HERE);
    }
    if !can.threads {
        fitted.topic = None;
    }
    if !can.buttons {
        let buttons = std::mem::take(&mut fitted.buttons);
        // What copies has no meaning here: the text can be copied where it stands.
        let offered: Vec<(&str, &str)> = buttons
            .iter()
            .flatten()
            .filter_map(|button| Some((button.label.as_str(), button.id()?)))
            .collect();
        if !offered.is_empty() {
            let labels: Vec<&str> = offered.iter().map(|(label, _)| *label).collect();
            let ids = offered.iter().map(|(_, id)| (*id).to_string()).collect();
            numbers.keep(message.chat, ids);
            let line = Block::Text(words::buttons_by_number(&labels));
            fitted.body.0.push(line);
        }
    }
    fitted
}

/// The replies to a press, where nothing can flash up: what would have, where nothing else is said.
pub(super) fn with_flash(
    flash: &str,
    replies: Vec<Outgoing>,
    incoming: &Incoming,
    can: Capabilities,
) -> Vec<Outgoing> {
    if can.flashes || flash.is_empty() || !replies.is_empty() {
        return replies;
    }
    let said = Outgoing {
        topic: incoming.topic,
        ..Outgoing::new(incoming.chat, Document::sentence(flash))
    };
    vec![said]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{MessageId, TopicId};
    use crate::ports::{Attachment, AttachmentKind, ButtonAct, OfferedButton};

    const NOTHING: Capabilities = Capabilities {
        name: "nothing",
        buttons: false,
        edits: false,
        flashes: false,
        files: false,
        threads: false,
        limits: None,
    };

    fn message() -> Outgoing {
        let button = |label: &str, does| OfferedButton {
            label: label.to_string(),
            does,
            style: None,
        };
        Outgoing {
            buttons: vec![
                vec![button("甲", ButtonAct::SendBack("a".to_string()))],
                vec![
                    button("复制", ButtonAct::Copy("x".to_string())),
                    button("乙", ButtonAct::SendBack("b".to_string())),
                ],
            ],
            attachment: Some(Attachment {
                name: "a.csv".to_string(),
                kind: AttachmentKind::Document,
                bytes: Vec::new(),
            }),
            replaces: Some(MessageId(3)),
            topic: Some(TopicId(8)),
            ..Outgoing::new(ChatId::LOCAL, Document::sentence("一句"))
        }
    }

    #[test]
    fn what_a_messenger_can_is_left_as_it_is() {
        let can = Capabilities::all("everything");
        let numbers = NumberedButtons::default();
        assert_eq!(fitted(&message(), can, &numbers), message());
        assert_eq!(numbers.pressed(ChatId::LOCAL, "1"), None);
    }

    #[test]
    fn what_it_cannot_is_said_in_words() {
        let numbers = NumberedButtons::default();
        let shown = fitted(&message(), NOTHING, &numbers);
        let lines = [
            "一句",
            words::IN_PLACE_OF_ANOTHER,
            words::NO_FILES_HERE,
            "［1 甲］［2 乙］（回复数字）",
        ];
        assert_eq!(shown.body.plain(), lines.join("\n"));
        assert!(shown.buttons.is_empty() && shown.attachment.is_none());
        assert_eq!((shown.replaces, shown.topic), (None, None));
        let pressed = |text: &str| numbers.pressed(ChatId::LOCAL, text);
        assert_eq!(pressed(" 2 ").as_deref(), Some("b"));
        for none in ["0", "3", "甲", "-1", ""] {
            assert_eq!(pressed(none), None, "{none}");
        }
        assert_eq!(numbers.pressed(ChatId(5), "1"), None, "another chat");
    }

    #[test]
    fn the_buttons_of_so_many_chats_are_remembered() {
        let numbers = NumberedButtons::default();
        for chat in 0..=MOST_CHATS as i64 {
            numbers.keep(ChatId(chat), vec!["a".to_string()]);
        }
        assert_eq!(numbers.pressed(ChatId(0), "1"), None);
        assert!(numbers.pressed(ChatId(1), "1").is_some());
    }
}
