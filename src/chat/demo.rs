//! A demonstration: every message says what the movable clock shows, so that nobody takes it for
//! real.

use super::words;
use crate::app::App;
use crate::ports::{Asking, Capabilities, ChatId, Messenger, Outgoing, PersonId, Sending};
use std::sync::Arc;

/// A messenger that says so before every message.
pub(crate) struct Demonstrating {
    app: Arc<App>,
    messenger: Arc<dyn Messenger>,
}

impl Demonstrating {
    /// Says before every message what the clock shows, where it can be moved.
    pub(crate) fn around(messenger: Arc<dyn Messenger>, app: &Arc<App>) -> Arc<dyn Messenger> {
        if !app.is_demo() {
            return messenger;
        }
        Arc::new(Self {
            app: Arc::clone(app),
            messenger,
        })
    }
}

/// What stands before every message; nothing where the clock is the machine's.
pub(crate) fn banner(app: &App) -> Option<String> {
    app.is_demo().then(|| words::demo_banner(app.now()))
}

impl Messenger for Demonstrating {
    fn capabilities(&self) -> Capabilities {
        self.messenger.capabilities()
    }

    fn answer_press<'a>(&'a self, press: &'a str, text: &'a str) -> Sending<'a> {
        self.messenger.answer_press(press, text)
    }

    // In a demonstration the reminders of every chat are shown to whoever watches.
    fn reaches(&self, _chat: ChatId) -> bool {
        true
    }

    fn hears(&self, chat: ChatId) -> bool {
        self.messenger.hears(chat)
    }

    fn administers<'a>(&'a self, chat: ChatId, person: PersonId) -> Asking<'a> {
        self.messenger.administers(chat, person)
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        let mut shown = message.clone();
        if let Some(banner) = banner(&self.app) {
            // On every message and not once: one may be passed on alone.
            shown.body = shown.body.under(banner);
        }
        Box::pin(async move { self.messenger.send(&shown).await })
    }
}
