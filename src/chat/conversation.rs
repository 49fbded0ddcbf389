//! What happens with a message that is for the bot: a command is carried out, a question answered,
//! a press acted upon.

use super::address::Addressed;
use super::commands::Command;
use super::incoming::Incoming;
use super::matrix;
use super::said::Said;
use super::words;
use crate::app::App;
use crate::ports::{ChatId, Messenger, Outgoing};
use crate::store::{Store, StoreError};
use std::sync::Arc;
use tokio_util::task::TaskTracker;

/// Carries out commands and answers questions.
#[derive(Clone)]
pub(crate) struct Conversation {
    app: Arc<App>,
    messenger: Arc<dyn Messenger>,
    bot: Option<String>,
    tasks: TaskTracker,
}

impl Conversation {
    /// A conversation over an app; what takes long is sent by the messenger when it is done. A
    /// bot's public name makes links to it possible.
    pub(crate) fn new(app: Arc<App>, messenger: Arc<dyn Messenger>, bot: Option<String>) -> Self {
        Self {
            app,
            messenger,
            bot,
            tasks: TaskTracker::new(),
        }
    }

    /// The bot's public name, where it has one.
    pub(super) fn bot(&self) -> Option<&str> {
        self.bot.as_deref()
    }

    /// The core.
    pub(super) fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Where messages go.
    pub(super) fn messenger(&self) -> &Arc<dyn Messenger> {
        &self.messenger
    }

    /// The replies to a message, in order.
    pub(crate) async fn reply(&self, incoming: &Incoming, addressed: &Addressed) -> Vec<Outgoing> {
        let text = addressed.text.as_str();
        let said = match addressed.command {
            // Before all else: a file has its own words, which are no question.
            None if let Some(said) = self.brought(incoming).await => said,
            Some(Command::Start) => self.start(incoming, text).await,
            Some(Command::Help) => self.help(incoming),
            Some(Command::Id) => Said::sentence(&words::ids(incoming.person, incoming.chat)),
            Some(Command::Reload) => self.reload(incoming),
            Some(Command::Unanswered) => Self::at_desk(self.unanswered(incoming)),
            Some(Command::Why) => match self.app.last_asked(incoming.chat, incoming.person) {
                Some(origin) => self.why(&origin).await.quietly(),
                None => Said::sentence(words::NO_LAST_QUESTION),
            },
            Some(Command::Chart) => self.chart(text).await,
            Some(Command::Export) => self.export(incoming),
            Some(Command::Clock) => Said::sentence(words::CLOCK_ONLY_LOCAL),
            Some(
                command @ (Command::Deadlines
                | Command::Status
                | Command::Subscribe
                | Command::Unsubscribe),
            ) => Self::at_desk(self.desk(command, incoming, text).await),
            // Before it is a question: 已报送 in reply to a reminder asks nothing.
            None if let Some(said) = self.report_in_words(incoming, text).await => said,
            Some(_) if text.is_empty() => Said::sentence(words::WHAT_TO_ASK),
            Some(command) => self.answer(incoming, command.question(text)).await,
            None => self.answer(incoming, text.to_string()).await,
        };
        said.outgoing(incoming, self.app.store())
    }

    async fn desk(
        &self,
        command: Command,
        incoming: &Incoming,
        text: &str,
    ) -> Result<Said, StoreError> {
        let Some(kept) = self.app.with_state() else {
            return Ok(Said::sentence(words::NO_STATE));
        };
        match command {
            Command::Status => {
                let mut said = self.status(kept, incoming, text)?;
                if !said.body.is_empty()
                    && self.app.is_admin(incoming.person)
                    && said.file.is_none()
                {
                    said.table = matrix::of(
                        &kept.look_at_desk(|desk| desk.duties(None))?,
                        &said.body.plain(),
                    );
                }
                Ok(said)
            }
            Command::Subscribe => {
                if self.may_subscribe(incoming).await {
                    kept.store().keep_topic(incoming.chat, incoming.topic)?;
                }
                self.subscribe(kept, incoming, text).await
            }
            Command::Unsubscribe => self.unsubscribe(kept, incoming, text).await,
            _ => self.deadlines(kept, incoming, text),
        }
    }

    /// The bot was removed from a chat.
    pub(crate) async fn lost(&self, chat: ChatId, reason: &str) {
        if let Some(kept) = self.app.with_state()
            && let Err(error) = kept.lose_chat(chat, reason).await
        {
            tracing::error!(%error, chat = chat.0, "a chat that was lost could not be written down");
        }
    }

    /// The bot is in a chat again.
    pub(crate) async fn regained(&self, chat: ChatId) {
        if let Some(kept) = self.app.with_state()
            && let Err(error) = kept.regain_chat(chat).await
        {
            tracing::error!(%error, chat = chat.0, "a chat that is back could not be written down");
        }
    }

    /// A chat has another id now. Under the old one the bot may have been counted out before.
    pub(crate) async fn moved(&self, from: ChatId, to: ChatId) {
        let Some(store) = self.app.store() else {
            return;
        };
        if let Err(error) = store.move_chat(from, to) {
            tracing::error!(%error, chat = from.0, "a chat's new id could not be written down");
        }
        // It may have been written down as lost under its old id.
        self.regained(to).await;
        self.app.wake_desk();
    }

    /// Waits for what is still under way beside the queues.
    pub(crate) async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// The reply when handling a message failed.
    pub(crate) fn fault(incoming: &Incoming) -> Vec<Outgoing> {
        Said::sentence(words::FAULT).outgoing(incoming, None)
    }

    /// The reply when a chat floods.
    pub(crate) fn too_many(incoming: &Incoming) -> Vec<Outgoing> {
        Said::sentence(words::TOO_MANY).outgoing(incoming, None)
    }

    /// The reply when a person asks too often.
    pub(crate) fn too_often(incoming: &Incoming) -> Vec<Outgoing> {
        Said::sentence(words::TOO_OFTEN).outgoing(incoming, None)
    }

    /// The text of a reply whose file the chat does not take.
    pub(crate) fn without_file(reply: Outgoing) -> Outgoing {
        Outgoing {
            body: reply.body.noted(words::NO_FILES_HERE),
            attachment: None,
            ..reply
        }
    }

    /// Says under the first reply that it may have been sent before a restart.
    pub(crate) fn mark_repeated(replies: &mut [Outgoing]) {
        if let Some(first) = replies.first_mut() {
            let body = std::mem::take(&mut first.body);
            first.body = body.noted(words::MAYBE_REPEATED);
        }
    }

    /// The state, where one is kept.
    pub(super) fn store(&self) -> Option<&Store> {
        self.app.store()
    }

    /// Starts a reload beside the chat's own queue: that it begins is sent, and then its result.
    fn reload(&self, incoming: &Incoming) -> Said {
        if !self.app.is_admin(incoming.person) {
            return Said::sentence(words::NOT_ADMIN);
        }
        // Beside the chat's queue: an edition takes seconds, and questions are answered meanwhile.
        let (this, incoming) = (self.clone(), incoming.clone());
        self.tasks.spawn(async move {
            this.send_all(Said::sentence(words::RELOADING).outgoing(&incoming, None))
                .await;
            let result = this.app.reload(incoming.person).await;
            this.send_all(Said::sentence(&words::reloaded(&result)).outgoing(&incoming, None))
                .await;
        });
        Said::default()
    }
}
