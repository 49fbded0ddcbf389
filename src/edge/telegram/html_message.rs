//! A message as it goes to Telegram: what it says is text with Telegram's marks by now, which can
//! be cut.

use super::html;
use crate::edge::cut::Piece;
use crate::ports::{Attachment, ChatId, Manner, MessageId, OfferedButton, Outgoing, TopicId};

/// A message for Telegram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HtmlMessage {
    /// Where to.
    pub(super) chat: ChatId,
    /// The message that it replies to.
    pub(super) reply_to: Option<MessageId>,
    /// The topic that it belongs to.
    pub(super) topic: Option<TopicId>,
    /// What it says.
    pub(super) text: Piece,
    /// Buttons, in rows.
    pub(super) buttons: Vec<Vec<OfferedButton>>,
    /// A file; then the text stands under it.
    pub(super) attachment: Option<Attachment>,
    /// The bot's own message that this one takes the place of.
    pub(super) replaces: Option<MessageId>,
    /// How it is shown.
    pub(super) manner: Manner,
}

impl HtmlMessage {
    /// A message as Telegram gets it, whatever its length.
    pub(super) fn of(message: &Outgoing) -> Self {
        Self {
            chat: message.chat,
            reply_to: message.reply_to,
            topic: message.topic,
            text: html::text_of(&message.body),
            buttons: message.buttons.clone(),
            attachment: message.attachment.clone(),
            replaces: message.replaces,
            manner: message.manner.clone(),
        }
    }

    /// With a word of the bot's own at its end.
    pub(super) fn noted(mut self, note: &str) -> Self {
        self.text = self.text.noted(note);
        self
    }
}
