//! Updates of Telegram on their way to the door that all messengers have. Who types behind the
//! bot's name is answered beside it: nothing of that is kept.

use super::inline;
use super::updates::{self, Brought};
use crate::app::App;
use crate::edge::event::BotAccount;
use crate::edge::intake::{Intake, Received};
use serde_json::Value;
use std::sync::Arc;
use teloxide::Bot;

/// Takes updates of one bot.
pub(super) struct Arrivals {
    app: Arc<App>,
    bot: Bot,
    account: BotAccount,
    intake: Intake,
}

impl Arrivals {
    /// What arrives for a bot, for its door.
    pub(super) fn new(app: Arc<App>, bot: Bot, account: BotAccount, intake: Intake) -> Self {
        Self {
            app,
            bot,
            account,
            intake,
        }
    }

    /// What was taken before a restart and not answered goes first.
    pub(super) fn recover(&self) {
        self.intake
            .recover(|raw| match updates::read(raw, &self.account) {
                Some(Brought::Event(event)) => Some(event),
                Some(Brought::Typed { .. }) | None => None,
            });
    }

    /// Takes updates: when this ends, those that matter are on disk.
    pub(super) async fn take(&self, received: &[Value]) {
        let mut events = Vec::new();
        for raw in received {
            match updates::read(raw, &self.account) {
                Some(Brought::Event(event)) => {
                    if let Some(number) = updates::number(raw) {
                        events.push(Received { number, raw, event });
                    }
                }
                Some(Brought::Typed {
                    query,
                    person,
                    text,
                    // Typed while somebody writes: the next letter makes it worthless, so it waits
                    // for nothing and is not written.
                }) => inline::answer(&self.app, &self.bot, query, person, text),
                None => {}
            }
        }
        self.intake.take(events).await;
    }

    /// Waits until everything that was taken is done.
    pub(super) async fn finish(&self) {
        self.intake.finish().await;
    }
}
