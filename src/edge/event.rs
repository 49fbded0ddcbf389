//! What happens in a chat, as any messenger tells it.

use crate::chat::Incoming;
use crate::model::BotId;
use crate::ports::ChatId;

/// The bot as a messenger knows it.
#[derive(Debug, Clone)]
pub(crate) struct BotAccount {
    /// Its number there.
    pub(crate) id: BotId,
    /// The name that it is called by.
    pub(crate) name: String,
}

/// What happened, as far as the bot acts on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// Somebody wrote, or changed what was written.
    Said {
        /// The message.
        incoming: Incoming,
        /// Whether it was written before and is changed now.
        edited: bool,
    },
    /// A button was pressed.
    Pressed {
        press: String,
        /// Where, and by whom; its message is the one with the button.
        incoming: Incoming,
        /// Which button.
        button: String,
        /// All buttons of the message, as they were told.
        keyboard: String,
    },
    /// The bot was removed from a chat: how the messenger calls that.
    Removed(ChatId, String),
    /// The bot is in a chat again.
    Added(ChatId),
    /// A chat has another id now.
    Moved(ChatId, ChatId),
}
