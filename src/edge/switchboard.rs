//! Several messengers in one program: each chat is written to by the one whose chat it is.
//! Reminders go through here, so that no messenger knows of another.

use crate::app::App;
use crate::model::Whose;
use crate::ports::{Asking, Capabilities, ChatId, Messenger, Outgoing, PersonId, Sending};
use crate::remind;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// A reminder that is under way at the end has so long to arrive: the whole program ends within ten
/// seconds (`tests/suite/stopping.rs`), and Telegram's last confirmation may take three of them.
const STOP_WITHIN: Duration = Duration::from_secs(7);

/// The messengers of the program.
pub(crate) struct Switchboard {
    known: Vec<(Whose, Arc<dyn Messenger>)>,
    /// Whoever takes the chats that are none of theirs.
    others: Arc<dyn Messenger>,
}

impl Switchboard {
    /// One messenger for all chats.
    pub(crate) fn of(others: Arc<dyn Messenger>) -> Self {
        Self {
            known: Vec::new(),
            others,
        }
    }

    /// With a messenger of its own for the chats that are somebody's.
    pub(crate) fn with(mut self, whose: Whose, messenger: Arc<dyn Messenger>) -> Self {
        self.known.push((whose, messenger));
        self
    }

    /// Sees to reminders through all of them until told to stop.
    pub(crate) async fn see_to_reminders(self, app: Arc<App>, stop: watch::Receiver<bool>) {
        let mut told = stop.clone();
        let overdue = async {
            // Whoever tells it is gone: that is an end too.
            let _ = told.wait_for(|stop| *stop).await;
            tokio::time::sleep(STOP_WITHIN).await;
        };
        tokio::select! {
            () = remind::run(app, Arc::new(self), stop) => {}
            () = overdue => tracing::warn!("a reminder was still under way at the end; it is seen to after the next start"),
        }
    }

    fn of_chat(&self, chat: ChatId) -> &dyn Messenger {
        // By the id alone: whose a chat is never has to be looked up.
        let known = self.known.iter().find(|(whose, _)| *whose == chat.whose());
        known
            .map_or(&self.others, |(_, messenger)| messenger)
            .as_ref()
    }
}

impl Messenger for Switchboard {
    /// Of the one that takes all others: whoever composes for a chat asks that chat's messenger.
    fn capabilities(&self) -> Capabilities {
        self.others.capabilities()
    }

    fn reaches(&self, chat: ChatId) -> bool {
        self.of_chat(chat).reaches(chat)
    }

    fn hears(&self, chat: ChatId) -> bool {
        self.of_chat(chat).hears(chat)
    }

    fn administers<'a>(&'a self, chat: ChatId, person: PersonId) -> Asking<'a> {
        self.of_chat(chat).administers(chat, person)
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        self.of_chat(message.chat).send(message)
    }
}
