//! What Telegram takes in one message, and a message that is more as several that it takes. Where
//! a text is cut is `edge/cut`'s affair, for every messenger.
//!
//! The numbers are those of the Bot API's reference (sendMessage, sendDocument,
//! InlineKeyboardButton, CopyTextButton, ForceReply, answerCallbackQuery) and of its server, which
//! refuses more than a hundred buttons and shows eight in a row. `tests/suite/fake_bot_api.rs`
//! refuses what is beyond them.

use super::html_message::HtmlMessage;
use crate::chat::words;
use crate::edge::cut::{self, Piece};
use crate::ports::{
    Attachment, AttachmentKind, ButtonAct, Capabilities, LengthUnit, Manner, OfferedButton,
    TextLimits,
};

/// How much a message shows; its marks count for nothing.
const TEXT: TextLimits = TextLimits {
    message: 4_096,
    caption: 1_024,
    unit: LengthUnit::Utf16,
};
/// What Telegram can show and do.
pub(super) const CAN: Capabilities = Capabilities {
    limits: Some(TEXT),
    ..Capabilities::all("telegram")
};
/// The most in the empty field where a reply is written, in letters.
const LONGEST_PLACEHOLDER: usize = 64;
/// The most that flashes up behind a press, in letters.
const LONGEST_FLASH: usize = 200;
/// The most bytes that a button sends back, and the most letters that it copies.
const LONGEST_DATA: usize = 64;
const LONGEST_COPY: usize = 256;
/// The most letters on a button: more is not shown on any screen.
const LONGEST_LABEL: usize = 64;
const MOST_BUTTONS: usize = 100;
const MOST_IN_A_ROW: usize = 8;
/// What takes more messages than these is a file: they are a fifth of what a group takes in a
/// minute.
const MOST_PARTS: usize = 4;

/// Buttons in rows.
type Rows = Vec<Vec<OfferedButton>>;

/// A message as those that Telegram takes, in order; nothing where it is taken as it is. The first
/// one has the buttons: it is the one whose number is known, so that it can be changed and replied
/// to.
pub(super) fn parts(message: &HtmlMessage) -> Option<Vec<HtmlMessage>> {
    let of_first = longest(message);
    // Most texts are so short that nothing need be counted.
    let is_short = message.text.html.len() <= of_first
        || cut::shown_length(&message.text.html, TEXT.unit) <= of_first;
    if is_short && fits(message) {
        return None;
    }
    let mut parts = of_text(message, of_first);
    let mut keyboards = keyboards(&message.buttons).into_iter();
    if let Some(first) = parts.first_mut() {
        first.buttons = keyboards.next().unwrap_or_default();
        let asks_for = first.manner.asks_for.as_deref();
        first.manner.asks_for = asks_for.map(|text| shortened(text, LONGEST_PLACEHOLDER));
    }
    // A message that is changed stays one message.
    if message.replaces.is_none() {
        parts.extend(keyboards.map(|buttons| HtmlMessage {
            buttons,
            ..following(message, more_buttons())
        }));
    }
    Some(parts)
}

/// What stands over buttons that were too many for the message.
fn more_buttons() -> Piece {
    Piece {
        html: words::MORE_BUTTONS.to_string(),
        plain: words::MORE_BUTTONS.to_string(),
    }
}

/// As much of a text as one message shows.
pub(super) fn head(html: &str) -> String {
    if cut::shown_length(html, TEXT.unit) <= TEXT.message {
        return html.to_string();
    }
    cut::head(html, TEXT.message, TEXT.unit).html
}

/// What flashes up behind a press.
pub(super) fn flash(text: &str) -> String {
    shortened(text, LONGEST_FLASH)
}

fn longest(message: &HtmlMessage) -> usize {
    if message.attachment.is_some() {
        TEXT.caption
    } else {
        TEXT.message
    }
}

/// Whether buttons and placeholder are within the limits.
fn fits(message: &HtmlMessage) -> bool {
    let asks_for = message.manner.asks_for.as_deref().unwrap_or_default();
    let is_narrow = |row: &Vec<OfferedButton>| row.len() <= MOST_IN_A_ROW;
    let is_right = |button: &OfferedButton| {
        let is_short = button.label.chars().count() <= LONGEST_LABEL;
        is_short && !button.label.is_empty() && is_taken(button)
    };
    asks_for.chars().count() <= LONGEST_PLACEHOLDER
        && message.buttons.iter().all(is_narrow)
        && message.buttons.iter().flatten().count() <= MOST_BUTTONS
        && message.buttons.iter().flatten().all(is_right)
}

/// Whether what a button does can be sent at all.
fn is_taken(button: &OfferedButton) -> bool {
    match &button.does {
        ButtonAct::SendBack(id) => (1..=LONGEST_DATA).contains(&id.len()),
        ButtonAct::Copy(text) => (1..=LONGEST_COPY).contains(&text.chars().count()),
        ButtonAct::Nothing => true,
    }
}

/// The texts of a message without its buttons: as messages, or where they would be too many as a
/// file with its head under it.
fn of_text(message: &HtmlMessage, of_first: usize) -> Vec<HtmlMessage> {
    if cut::shown_length(&message.text.html, TEXT.unit) <= of_first {
        return vec![first(message, message.text.clone())];
    }
    // A message that is changed cannot become several, nor a file.
    if message.replaces.is_some() && message.attachment.is_none() {
        return vec![first(message, headed(message, of_first, words::SHORTENED))];
    }
    let pieces = cut::pieces(&message.text.html, TEXT.unit, of_first, TEXT.message);
    match pieces.filter(|pieces| pieces.len() <= MOST_PARTS) {
        Some(pieces) => {
            let mut pieces = pieces.into_iter();
            let opening = first(message, pieces.next().unwrap_or_default());
            let rest = pieces.map(|piece| following(message, piece));
            std::iter::once(opening).chain(rest).collect()
        }
        None => as_file(message),
    }
}

/// The whole text as a file; what has a file of its own keeps it, and the text follows.
fn as_file(message: &HtmlMessage) -> Vec<HtmlMessage> {
    let head = headed(message, TEXT.caption, words::WHOLE_TEXT_AS_FILE);
    let whole = Attachment {
        name: words::WHOLE_TEXT_FILE.to_string(),
        kind: AttachmentKind::Document,
        // With its mark, so that an old editor reads it as UTF-8.
        bytes: format!("\u{feff}{}", message.text.plain).into_bytes(),
    };
    let opening = first(message, head);
    if opening.attachment.is_some() {
        let text = HtmlMessage {
            attachment: Some(whole),
            ..following(message, Piece::default())
        };
        return vec![opening, text];
    }
    vec![HtmlMessage {
        attachment: Some(whole),
        ..opening
    }]
}

/// As much of a text as fits, with a line that says what became of the rest.
fn headed(message: &HtmlMessage, most: usize, note: &str) -> Piece {
    if cut::shown_length(&message.text.html, TEXT.unit) <= most {
        return message.text.clone();
    }
    let left = most - TEXT.unit.of_text(note) - 1;
    cut::head(&message.text.html, left, TEXT.unit).noted(note)
}

/// The message itself with a piece of its text.
fn first(message: &HtmlMessage, piece: Piece) -> HtmlMessage {
    let manner = Manner {
        // A table is sent instead of a text, never with a piece of it.
        table: None,
        ..message.manner.clone()
    };
    HtmlMessage {
        text: piece,
        manner,
        ..message.clone()
    }
}

/// What comes after it in the same place, for the same people.
fn following(message: &HtmlMessage, piece: Piece) -> HtmlMessage {
    HtmlMessage {
        chat: message.chat,
        reply_to: None,
        topic: message.topic,
        text: piece,
        buttons: Vec::new(),
        attachment: None,
        replaces: None,
        manner: Manner {
            quietly: message.manner.quietly.clone(),
            ..Manner::default()
        },
    }
}

/// Buttons as keyboards that are taken, rows kept together.
fn keyboards(rows: &Rows) -> Vec<Rows> {
    let mut keyboards: Vec<Rows> = Vec::new();
    let mut used = 0;
    for row in rows {
        let taken: Vec<OfferedButton> = row.iter().filter_map(labelled).collect();
        for row in taken.chunks(MOST_IN_A_ROW) {
            if keyboards.is_empty() || used + row.len() > MOST_BUTTONS {
                keyboards.push(Vec::new());
                used = 0;
            }
            used += row.len();
            if let Some(last) = keyboards.last_mut() {
                last.push(row.to_vec());
            }
        }
    }
    keyboards
}

/// A button with as much of its label as is taken; nothing where what it does cannot be sent.
fn labelled(button: &OfferedButton) -> Option<OfferedButton> {
    if !is_taken(button) || button.label.is_empty() {
        tracing::error!(
            label = button.label,
            "a button cannot be sent and is left out"
        );
        return None;
    }
    Some(OfferedButton {
        label: shortened(&button.label, LONGEST_LABEL),
        ..button.clone()
    })
}

/// A short text that says where it goes on.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    let head: String = text.chars().take(most - 1).collect();
    format!("{head}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::MessageId;
    use crate::ports::ChatId;

    fn message(html: &str) -> HtmlMessage {
        HtmlMessage {
            chat: ChatId(5),
            reply_to: Some(MessageId(7)),
            topic: None,
            text: Piece {
                html: html.to_string(),
                plain: html.to_string(),
            },
            buttons: Vec::new(),
            attachment: None,
            replaces: None,
            manner: Manner::default(),
        }
    }

    fn button(label: &str, does: ButtonAct) -> OfferedButton {
        OfferedButton {
            label: label.to_string(),
            does,
            style: None,
        }
    }

    #[test]
    fn a_message_within_the_limits_is_sent_as_it_is() {
        assert_eq!(parts(&message(&"字".repeat(TEXT.message))), None);
        assert!(parts(&message(&"字".repeat(TEXT.message + 1))).is_some());
        let marked = format!("<b>{}</b>", "&amp;".repeat(TEXT.message));
        assert_eq!(parts(&message(&marked)), None, "marks count for nothing");
    }

    #[test]
    fn what_is_much_too_long_is_a_file_with_its_head() {
        let text = "一二三四。".repeat(TEXT.message);
        let [sent] = parts(&message(&text)).unwrap().try_into().unwrap();
        assert!(sent.text.plain.starts_with("一二三四。"), "{sent:?}");
        assert!(sent.text.plain.encode_utf16().count() <= TEXT.caption);
        let file = String::from_utf8(sent.attachment.unwrap().bytes).unwrap();
        assert_eq!(file.trim_start_matches('\u{feff}'), text);
    }

    #[test]
    fn a_changed_message_stays_one() {
        let long = HtmlMessage {
            replaces: Some(MessageId(3)),
            ..message(&"字。".repeat(TEXT.message))
        };
        let [sent] = parts(&long).unwrap().try_into().unwrap();
        assert_eq!(sent.replaces, Some(MessageId(3)));
        assert!(
            sent.text.plain.ends_with(words::SHORTENED),
            "{}",
            sent.text.plain
        );
        assert!(cut::shown_length(&sent.text.html, TEXT.unit) <= TEXT.message);
    }

    #[test]
    fn too_many_buttons_stand_under_further_messages_and_none_is_lost() {
        let rows = (0..130).map(|at| {
            let id = ButtonAct::SendBack(format!("{at}"));
            vec![button(&"长".repeat(80), id.clone()), button("短", id)]
        });
        let buttons: Rows = rows.collect();
        let sent = parts(&HtmlMessage {
            buttons,
            ..message("甲")
        });
        let sent = sent.unwrap();
        let counts: Vec<usize> = sent
            .iter()
            .map(|one| one.buttons.iter().flatten().count())
            .collect();
        assert_eq!(counts, [100, 100, 60]);
        let mut labels = sent.iter().flat_map(|one| one.buttons.iter().flatten());
        assert!(labels.all(|one| one.label.chars().count() <= LONGEST_LABEL));
        assert_eq!(sent[1].reply_to, None);
    }

    #[test]
    fn a_button_that_cannot_be_sent_does_not_take_the_message_with_it() {
        let rows = vec![vec![
            button("甲", ButtonAct::SendBack("x".repeat(65))),
            button("乙", ButtonAct::Copy("字".repeat(257))),
            button("丙", ButtonAct::SendBack("1".to_string())),
        ]];
        let with = HtmlMessage {
            buttons: rows,
            ..message("甲")
        };
        let sent = parts(&with).unwrap();
        let labels: Vec<&str> = sent[0]
            .buttons
            .iter()
            .flatten()
            .map(|one| one.label.as_str())
            .collect();
        assert_eq!(labels, ["丙"]);
    }
}
