//! Answers for whoever waits where they asked: a browser for its request, a person at the terminal.
//! They do not come by the door: nothing is written before the answer, since whoever asked sees
//! that none came, and asks again.

use super::plainly;
use crate::app::{App, Limits, MayAsk};
use crate::chat::{Conversation, Incoming, address};
use crate::ports::{Capabilities, Outgoing, PersonId};
use std::sync::Arc;

/// The name that the bot is called by where no messenger gives it one.
pub(crate) const BOT: &str = "planbot";

/// Answers at once.
pub(crate) struct Direct {
    app: Arc<App>,
    conversation: Conversation,
    limits: Limits,
    can: Capabilities,
}

impl Direct {
    /// Answers by a conversation where a messenger can do this; each person asks at most so much.
    pub(crate) fn new(
        app: Arc<App>,
        conversation: Conversation,
        limits: Limits,
        can: Capabilities,
    ) -> Self {
        Self {
            app,
            conversation,
            limits,
            can,
        }
    }

    /// The replies to a message, in order; none where it is not for the bot. Whoever asks too much
    /// is told once. A panic ends one answer, and is said.
    pub(crate) async fn replies(&self, incoming: &Incoming) -> Vec<Outgoing> {
        let Some(addressed) = address(incoming, BOT) else {
            return Vec::new();
        };
        match self.limits.ask(incoming.person, || self.app.now()) {
            MayAsk::Allowed => {}
            MayAsk::TooMuch { tell: true } => return Conversation::too_often(incoming),
            MayAsk::TooMuch { tell: false } => return Vec::new(),
        }
        let (conversation, asked) = (self.conversation.clone(), incoming.clone());
        // In a task of its own, so that a panic is an error here and not the end of whoever waits.
        let answering = tokio::spawn(async move { conversation.reply(&asked, &addressed).await });
        answering.await.unwrap_or_else(|error| {
            tracing::error!(panicked = error.is_panic(), "a question ended early");
            Conversation::fault(incoming)
        })
    }

    /// What flashes up after a press, and the replies to it.
    pub(crate) async fn pressed(
        &self,
        incoming: &Incoming,
        button: &str,
    ) -> (String, Vec<Outgoing>) {
        let (flash, replies) = self.conversation.press(incoming, button).await;
        let replies = plainly::with_flash(&flash, replies, incoming, self.can);
        (flash, replies)
    }

    /// Whether a person may press a button now.
    pub(crate) fn may_press(&self, person: PersonId) -> bool {
        self.limits.ask(person, || self.app.now()) == MayAsk::Allowed
    }

    /// The conversation, for what is more than a question.
    pub(crate) fn conversation(&self) -> &Conversation {
        &self.conversation
    }
}
