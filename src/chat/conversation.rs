//! What happens with a message that is for the bot: a command is carried out, a question answered.

use super::address::Addressed;
use super::commands::Command;
use super::incoming::Incoming;
use super::render::{self, Rendered};
use super::words;
use crate::app::App;
use crate::ports::{Messenger, Outgoing};
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
            Some(Command::Deadlines) => self.answer(incoming, Command::Deadlines.question("")).await,
            Some(_) if addressed.text.is_empty() => render::sentence(words::WHAT_TO_ASK),
            Some(command) => self.answer(incoming, command.question(&addressed.text)).await,
            None => self.answer(incoming, addressed.text.clone()).await,
        };
        outgoing(incoming, rendered)
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
