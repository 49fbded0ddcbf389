//! A message as any messenger brings it.

use crate::app::Who;
use crate::ports::{ChatId, MessageId, PersonId, SentFile, TopicId};
use std::ops::Range;

/// What kind of chat a message stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChatKind {
    /// One person and the bot.
    Private,
    /// Several people.
    Group,
}

/// A stretch of a text that the messenger tells apart from what is merely said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Marked {
    /// Its bytes.
    pub range: Range<usize>,
    /// What it is.
    pub mark: Mark,
}

/// What a marked stretch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// It names this bot, in whatever words.
    NamesBot,
    /// It is shown, not said: code, a link, an address, a quotation, somebody else's name. Nobody
    /// is addressed in it.
    Shown,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Incoming {
    /// Where it stands.
    pub chat: ChatId,
    /// What kind of chat that is.
    pub kind: ChatKind,
    /// Who wrote it.
    pub person: PersonId,
    /// How whoever wrote it is called.
    pub name: String,
    /// Its number in the chat.
    pub message: MessageId,
    /// The topic that it stands in.
    pub topic: Option<TopicId>,
    /// Whether it replies to a message of the bot.
    pub replies_to_bot: bool,
    /// The number of the bot's message that it replies to, where the messenger tells it.
    pub replied_to: Option<MessageId>,
    /// Its text; under a file the words that go with it.
    pub text: String,
    /// A file that goes with it.
    pub file: Option<SentFile>,
    /// What the messenger marked in it, in order.
    pub marks: Vec<Marked>,
}

impl Incoming {
    /// Whoever wrote it, and where.
    pub(crate) fn who(&self) -> Who {
        Who {
            chat: self.chat,
            person: self.person,
            name: self.name.clone(),
        }
    }
}
