//! What happens with a message that is for the bot: a command is carried out, a question answered.

use super::address::Addressed;
use super::commands::Command;
use super::incoming::{ChatKind, Incoming};
use super::render::{self, Rendered};
use super::words;
use crate::app::{App, Extension};
use crate::ports::{ChatId, Messenger, Outgoing};
use crate::store::StoreError;
use std::sync::Arc;
use tokio_util::task::TaskTracker;

/// Carries out commands and answers questions.
#[derive(Clone)]
pub struct Conversation {
    app: Arc<App>,
    messenger: Arc<dyn Messenger>,
    tasks: TaskTracker,
}

impl Conversation {
    /// A conversation over an app; what takes long is sent by the messenger when it is done.
    pub fn new(app: Arc<App>, messenger: Arc<dyn Messenger>) -> Self {
        Self { app, messenger, tasks: TaskTracker::new() }
    }

    /// The replies to a message, in order.
    pub async fn reply(&self, incoming: &Incoming, addressed: &Addressed) -> Vec<Outgoing> {
        let rendered = match addressed.command {
            Some(Command::Help | Command::Start) => render::sentence(words::HELP),
            Some(Command::Id) => render::sentence(&words::ids(incoming.person, incoming.chat)),
            Some(Command::Reload) => self.reload(incoming),
            Some(Command::Deadlines) => self.at_desk(self.deadlines(incoming)),
            Some(Command::Status) => self.at_desk(self.status(incoming)),
            Some(Command::Subscribe) => self.at_desk(self.subscribe(incoming, &addressed.text).await),
            Some(Command::Unsubscribe) => self.at_desk(self.unsubscribe(incoming, &addressed.text).await),
            Some(Command::Clock) => render::sentence(words::CLOCK_ONLY_LOCAL),
            None if let Some(said) = self.extension(incoming, &addressed.text).await => said,
            Some(_) if addressed.text.is_empty() => render::sentence(words::WHAT_TO_ASK),
            Some(command) => self.answer(incoming, command.question(&addressed.text)).await,
            None => self.answer(incoming, addressed.text.clone()).await,
        };
        outgoing(incoming, rendered)
    }

    /// What a press on a button comes to: what flashes up, and replies.
    pub async fn press(&self, incoming: &Incoming, button: &str) -> (String, Vec<Outgoing>) {
        let Some(store) = self.app.store() else { return (words::NO_STATE.to_string(), Vec::new()) };
        match self.app.press(store, incoming.chat, incoming.person, button).await {
            Ok(result) => {
                let (flash, said) = words::pressed(&result);
                (flash, said.map(|said| outgoing(incoming, render::sentence(&said))).unwrap_or_default())
            }
            Err(error) => {
                tracing::error!(%error, "a press could not be written");
                (words::FAULT.to_string(), Vec::new())
            }
        }
    }

    /// The bot was removed from a chat.
    pub async fn lost(&self, chat: ChatId, reason: &str) {
        if let Some(store) = self.app.store()
            && let Err(error) = self.app.lose_chat(store, chat, reason).await
        {
            tracing::error!(%error, chat = chat.0, "a chat that was lost could not be written down");
        }
    }

    /// A chat has another id now.
    pub fn moved(&self, from: ChatId, to: ChatId) {
        if let Some(store) = self.app.store()
            && let Err(error) = store.move_chat(from.0, to.0)
        {
            tracing::error!(%error, chat = from.0, "a chat's new id could not be written down");
        }
    }

    /// A sentence of the desk, or the fault's.
    fn at_desk(&self, said: Result<String, StoreError>) -> Vec<Rendered> {
        match said {
            Ok(said) => render::sentence(&said),
            Err(error) => {
                tracing::error!(%error, "the desk's state could not be used");
                render::sentence(words::FAULT)
            }
        }
    }

    fn deadlines(&self, incoming: &Incoming) -> Result<String, StoreError> {
        let Some(store) = self.app.store() else { return Ok(words::NO_STATE.to_string()) };
        Ok(words::deadlines(&self.app.duties(store, Some(incoming.chat))?))
    }

    fn status(&self, incoming: &Incoming) -> Result<String, StoreError> {
        let Some(store) = self.app.store() else { return Ok(words::NO_STATE.to_string()) };
        if !self.app.is_admin(incoming.person) {
            return Ok(words::STATUS_FOR_ADMINS.to_string());
        }
        Ok(words::status(&self.app.duties(store, None)?))
    }

    async fn subscribe(&self, incoming: &Incoming, unit: &str) -> Result<String, StoreError> {
        let Some(store) = self.app.store() else { return Ok(words::NO_STATE.to_string()) };
        if !self.may_subscribe(incoming).await {
            return Ok(words::NOT_CHAT_ADMIN.to_string());
        }
        self.app.subscribe(store, incoming.chat, incoming.person, unit).await.map(|result| words::subscribed(&result))
    }

    async fn unsubscribe(&self, incoming: &Incoming, unit: &str) -> Result<String, StoreError> {
        let Some(store) = self.app.store() else { return Ok(words::NO_STATE.to_string()) };
        if !self.may_subscribe(incoming).await {
            return Ok(words::NOT_CHAT_ADMIN.to_string());
        }
        self.app.unsubscribe(store, incoming.chat, incoming.person, unit).await.map(|ended| words::unsubscribed(&ended))
    }

    async fn may_subscribe(&self, incoming: &Incoming) -> bool {
        incoming.kind == ChatKind::Private
            || self.app.is_admin(incoming.person)
            || self.messenger.administers(incoming.chat, incoming.person).await
    }

    /// A date and a reason, where they are awaited.
    async fn extension(&self, incoming: &Incoming, text: &str) -> Option<Vec<Rendered>> {
        let store = self.app.store()?;
        match self.app.extend(store, incoming.chat, incoming.person, text).await {
            // Without a date it is an ordinary question, unless it replies to what was asked.
            Ok(Some(Extension::NoDate)) if !incoming.replies_to_bot => None,
            Ok(result) => result.map(|result| render::sentence(&words::extended(&result))),
            Err(error) => Some(self.at_desk(Err(error))),
        }
    }

    /// Waits for what is still under way beside the queues.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// The reply when handling a message failed.
    pub fn fault(incoming: &Incoming) -> Vec<Outgoing> {
        outgoing(incoming, render::sentence(words::FAULT))
    }

    /// The reply when a chat floods.
    pub fn too_many(incoming: &Incoming) -> Vec<Outgoing> {
        outgoing(incoming, render::sentence(words::TOO_MANY))
    }

    async fn answer(&self, incoming: &Incoming, question: String) -> Vec<Rendered> {
        match self.app.ask_in(incoming.chat, incoming.person, question).await {
            Ok(answered) => render::messages(&answered.reply),
            Err(error) => {
                tracing::error!(%error, "a question could not be answered");
                render::sentence(words::FAULT)
            }
        }
    }

    /// Starts a reload beside the chat's own queue; its result is sent when it is known.
    fn reload(&self, incoming: &Incoming) -> Vec<Rendered> {
        if !self.app.is_admin(incoming.person) {
            return render::sentence(words::NOT_ADMIN);
        }
        let (app, messenger, incoming) = (Arc::clone(&self.app), Arc::clone(&self.messenger), incoming.clone());
        self.tasks.spawn(async move {
            let result = app.reload(incoming.person).await;
            for message in outgoing(&incoming, render::sentence(&words::reloaded(&result))) {
                let outcome = messenger.send(&message).await;
                tracing::debug!(?outcome, "the result of a reload was sent");
            }
        });
        render::sentence(words::RELOADING)
    }
}

/// The first message replies to the question; all stand in its topic.
fn outgoing(incoming: &Incoming, rendered: Vec<Rendered>) -> Vec<Outgoing> {
    let mut reply_to = Some(incoming.message);
    rendered
        .into_iter()
        .map(|text| Outgoing {
            chat: incoming.chat,
            reply_to: reply_to.take(),
            topic: incoming.topic,
            html: text.html,
            plain: text.plain,
            buttons: Vec::new(),
        })
        .collect()
}
