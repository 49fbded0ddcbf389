//! What is sent to the Bot API: fields of newer versions than the library's beside the old ones.
//!
//! Looked up in the Bot API's changelog: styles of buttons 9.4, rich messages 10.1, messages for
//! one person 10.2 and 10.3, disabled buttons 10.3. A server that does not know a field leaves it
//! out of account or refuses the message; `PayloadForm::Plain` is for the second.

use super::html_message::HtmlMessage;
use crate::ports::{
    ButtonAct, ButtonStyle, Manner, MessageId, MessageTable, OfferedButton, TopicId,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use teloxide::requests::Payload;

/// How much of a message's manner is asked of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PayloadForm {
    Full,
    /// Only what every server knows.
    Plain,
}

/// Whether the full form of a message is another than its plain one.
pub(super) fn has_newer(message: &HtmlMessage) -> bool {
    let mut buttons = message.buttons.iter().flatten();
    message.manner != Manner::default()
        || buttons.any(|button| button.style.is_some() || button.does == ButtonAct::Nothing)
}

/// The number of a message that was sent: nothing in the rest of the reply, which may be of a kind
/// newer than the library, makes a message that arrived look as if it had not.
#[derive(Debug, Deserialize)]
pub(super) struct SentMessage {
    /// Nought where only one person sees it.
    #[serde(default)]
    message_id: i32,
}

impl SentMessage {
    /// The number, where it has one.
    pub(super) fn number(&self) -> Option<MessageId> {
        (self.message_id != 0).then_some(MessageId(self.message_id))
    }
}

#[derive(Clone, Serialize)]
struct NoPreview {
    is_disabled: bool,
}

const NO_PREVIEW: NoPreview = NoPreview { is_disabled: true };

#[derive(Clone, Serialize)]
struct ReplyTo {
    message_id: MessageId,
    allow_sending_without_reply: bool,
}

/// Where a message goes.
#[derive(Clone, Serialize)]
struct Address {
    chat_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_thread_id: Option<TopicId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_parameters: Option<ReplyTo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ephemeral_message_parameters: Option<Ephemeral>,
}

#[derive(Clone, Serialize)]
struct Ephemeral {
    receiver_user_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_query_id: Option<String>,
}

impl Address {
    fn of(message: &HtmlMessage, form: PayloadForm) -> Self {
        let quietly = message.manner.quietly.as_ref();
        Self {
            chat_id: message.chat.0,
            message_thread_id: message.topic,
            reply_parameters: message.reply_to.map(|message_id| ReplyTo {
                message_id,
                allow_sending_without_reply: true,
            }),
            ephemeral_message_parameters: quietly.filter(|_| form == PayloadForm::Full).map(
                |quietly| Ephemeral {
                    receiver_user_id: quietly.to.0,
                    callback_query_id: quietly.press.clone(),
                },
            ),
        }
    }
}

/// `sendMessage`.
#[derive(Clone, Serialize)]
pub(super) struct SendText {
    #[serde(flatten)]
    address: Address,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parse_mode: Option<&'static str>,
    link_preview_options: NoPreview,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_markup: Option<Markup>,
}

impl SendText {
    /// A message with its marks.
    pub(super) fn marked(message: &HtmlMessage, form: PayloadForm) -> Self {
        Self::with(message, form, message.text.html.clone(), Some("HTML"))
    }

    /// A message without them, in its plain form.
    pub(super) fn unmarked(message: &HtmlMessage) -> Self {
        Self::with(
            message,
            PayloadForm::Plain,
            message.text.plain.clone(),
            None,
        )
    }

    fn with(
        message: &HtmlMessage,
        form: PayloadForm,
        text: String,
        parse_mode: Option<&'static str>,
    ) -> Self {
        Self {
            address: Address::of(message, form),
            text,
            parse_mode,
            link_preview_options: NO_PREVIEW,
            reply_markup: Markup::of(message, form),
        }
    }
}

impl Payload for SendText {
    type Output = SentMessage;
    const NAME: &'static str = "SendMessage";
}

/// `sendRichMessage`, for a table.
#[derive(Clone, Serialize)]
pub(super) struct SendTable {
    #[serde(flatten)]
    address: Address,
    rich_message: RichMessage,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_markup: Option<Markup>,
}

#[derive(Clone, Serialize)]
struct RichMessage {
    html: String,
}

impl SendTable {
    /// A message whose table is shown.
    pub(super) fn of(message: &HtmlMessage, table: &MessageTable) -> Self {
        Self {
            address: Address::of(message, PayloadForm::Full),
            rich_message: RichMessage { html: html(table) },
            reply_markup: Markup::of(message, PayloadForm::Full),
        }
    }
}

impl Payload for SendTable {
    type Output = SentMessage;
    const NAME: &'static str = "SendRichMessage";
}

fn html(table: &MessageTable) -> String {
    let escaped = |text: &String| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let cells = |tag: &str, cells: &[String]| {
        let cells = cells.iter();
        let cells: String = cells
            .map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell)))
            .collect();
        format!("<tr>{cells}</tr>")
    };
    let title = table.title.iter();
    let title: String = title
        .map(|line| format!("<p>{}</p>", escaped(line)))
        .collect();
    let rows: String = table.rows.iter().map(|row| cells("td", row)).collect();
    format!("{title}<table>{}{rows}</table>", cells("th", &table.heads))
}

/// `editMessageText`.
#[derive(Clone, Serialize)]
pub(super) struct EditText {
    chat_id: i64,
    message_id: MessageId,
    text: String,
    parse_mode: &'static str,
    link_preview_options: NoPreview,
    reply_markup: Keyboard,
}

impl EditText {
    /// A message in the place of another one.
    pub(super) fn of(message: &HtmlMessage, number: MessageId, form: PayloadForm) -> Self {
        Self {
            chat_id: message.chat.0,
            message_id: number,
            text: message.text.html.clone(),
            parse_mode: "HTML",
            link_preview_options: NO_PREVIEW,
            reply_markup: Keyboard::of(&message.buttons, form),
        }
    }
}

impl Payload for EditText {
    type Output = SentMessage;
    const NAME: &'static str = "EditMessageText";
}

/// `editMessageReplyMarkup`.
#[derive(Clone, Serialize)]
pub(super) struct EditKeyboard {
    pub(super) chat_id: i64,
    pub(super) message_id: MessageId,
    /// The keyboard that it has from now on.
    pub(super) reply_markup: Value,
}

impl Payload for EditKeyboard {
    type Output = SentMessage;
    const NAME: &'static str = "EditMessageReplyMarkup";
}

/// What stands under a message, or where its reply is written.
#[derive(Clone, Serialize)]
#[serde(untagged)]
enum Markup {
    Keyboard(Keyboard),
    Reply {
        force_reply: bool,
        selective: bool,
        input_field_placeholder: String,
    },
}

impl Markup {
    fn of(message: &HtmlMessage, form: PayloadForm) -> Option<Self> {
        let asks_for = message.manner.asks_for.as_ref();
        match asks_for.filter(|_| form == PayloadForm::Full && message.buttons.is_empty()) {
            // Selective: whoever the message replies to, not the whole group.
            Some(placeholder) => Some(Self::Reply {
                force_reply: true,
                selective: true,
                input_field_placeholder: placeholder.clone(),
            }),
            None if message.buttons.is_empty() => None,
            None => Some(Self::Keyboard(Keyboard::of(&message.buttons, form))),
        }
    }
}

/// Buttons in rows.
#[derive(Clone, Serialize)]
struct Keyboard {
    inline_keyboard: Vec<Vec<Button>>,
}

#[derive(Clone, Serialize)]
struct Button {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    copy_text: Option<CopyText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    style: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled: Option<Disabled>,
}

#[derive(Clone, Serialize)]
struct CopyText {
    text: String,
}

#[derive(Clone, Serialize)]
struct Disabled {}

impl Keyboard {
    fn of(rows: &[Vec<OfferedButton>], form: PayloadForm) -> Self {
        let button = |button: &OfferedButton| {
            let mut shown = Button {
                text: button.label.clone(),
                callback_data: None,
                copy_text: None,
                style: button
                    .style
                    .filter(|_| form == PayloadForm::Full)
                    .map(style),
                disabled: None,
            };
            match &button.does {
                ButtonAct::SendBack(id) => shown.callback_data = Some(id.clone()),
                ButtonAct::Copy(text) => shown.copy_text = Some(CopyText { text: text.clone() }),
                ButtonAct::Nothing if form == PayloadForm::Full => {
                    shown.disabled = Some(Disabled {})
                }
                ButtonAct::Nothing => return None,
            }
            Some(shown)
        };
        let rows = rows
            .iter()
            .map(|row| row.iter().filter_map(button).collect());
        Self {
            inline_keyboard: rows.filter(|row: &Vec<Button>| !row.is_empty()).collect(),
        }
    }
}

fn style(style: ButtonStyle) -> &'static str {
    match style {
        ButtonStyle::Good => "success",
        ButtonStyle::Grave => "danger",
    }
}

/// The buttons of a keyboard that Telegram told, with the one that was pressed disabled, and
/// without it; nothing where it is not among them.
pub(super) fn used_up(keyboard: &str, button: &str) -> Option<(Value, Value)> {
    let told: Value = serde_json::from_str(keyboard).ok()?;
    let rows = told.get("inline_keyboard")?.as_array()?;
    let is_pressed =
        |known: &Value| known.get("callback_data").and_then(Value::as_str) == Some(button);
    if !rows
        .iter()
        .filter_map(Value::as_array)
        .flatten()
        .any(is_pressed)
    {
        return None;
    }
    let changed = |change: &dyn Fn(&Value) -> Option<Value>| {
        let rows = rows.iter().filter_map(Value::as_array);
        let rows = rows.map(|row| row.iter().filter_map(change).collect::<Vec<_>>());
        let rows: Vec<Vec<Value>> = rows.filter(|row| !row.is_empty()).collect();
        json!({"inline_keyboard": rows})
    };
    let disabled = changed(&|known| {
        if !is_pressed(known) {
            return Some(known.clone());
        }
        let label = known
            .get("text")
            .and_then(Value::as_str)
            .unwrap_or_default();
        Some(json!({"text": format!("✓ {label}"), "disabled": {}}))
    });
    let without = changed(&|known| (!is_pressed(known)).then(|| known.clone()));
    Some((disabled, without))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_used_button_is_disabled_and_where_that_is_not_known_taken_away() {
        let keyboard = json!({"inline_keyboard": [
            [{"text": "甲", "callback_data": "1"}, {"text": "乙", "callback_data": "2"}],
            [{"text": "丙", "callback_data": "3"}]]});
        let (disabled, without) = used_up(&keyboard.to_string(), "3").unwrap();
        assert_eq!(
            disabled["inline_keyboard"][1],
            json!([{"text": "✓ 丙", "disabled": {}}])
        );
        assert_eq!(
            disabled["inline_keyboard"][0],
            keyboard["inline_keyboard"][0]
        );
        assert_eq!(
            without,
            json!({"inline_keyboard": [keyboard["inline_keyboard"][0]]})
        );
        assert!(used_up(&keyboard.to_string(), "4").is_none());
        assert!(used_up("no keyboard", "1").is_none());
    }
}
