//! Updates in, however they come: what is for the bot is on disk before it is confirmed, then
//! handed to its chat's queue.
//!
//! Nothing here waits for an answer.

use super::queues::{Origin, Queues, Task};
use super::updates::{self, Event};
use super::{Me, inline};
use crate::app::App;
use crate::app::{Asking, Limits};
use crate::chat::address::address;
use crate::chat::commands::Command;
use crate::chat::conversation::Conversation;
use crate::chat::incoming::Incoming;
use crate::ports::ChatId;
use crate::store::{NewUpdate, StoreError};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use teloxide::Bot;

/// Takes updates of one bot.
pub struct Intake {
    app: Arc<App>,
    bot: Bot,
    me: Me,
    queues: Arc<Queues>,
    limits: Limits,
}

impl Intake {
    /// An intake that hands over to queues.
    pub fn new(app: Arc<App>, bot: Bot, me: Me, queues: Arc<Queues>) -> Self {
        let limits = Limits::new(app.questions_per_minute());
        Self {
            app,
            bot,
            me,
            queues,
            limits,
        }
    }

    /// What was taken before a restart and not answered goes to its queue first.
    pub fn recover(&self) {
        let Some(store) = self.app.store() else {
            return;
        };
        let taken = store.taken_updates(self.me.id).unwrap_or_else(|error| {
            tracing::error!(%error, "the updates that were taken before could not be read");
            Vec::new()
        });
        for (number, taken) in taken {
            if taken.answering {
                self.queues.count_unknown();
            }
            // Settings may have changed since.
            let event = updates::event(&taken.raw, &self.me);
            match event.filter(|event| self.concerns(event)) {
                Some(event) => self.hand_over(
                    event,
                    Some(number),
                    Origin::Recovered {
                        answering: taken.answering,
                    },
                ),
                None => self.queues.done(Some(number)),
            }
        }
    }

    /// Takes updates: when this ends, those that matter are on disk.
    pub async fn take(&self, received: &[Value]) {
        let mut events = Vec::new();
        let mut busy = BTreeSet::new();
        for update in received {
            let Some(event) = updates::event(update, &self.me).filter(|event| self.concerns(event))
            else {
                continue;
            };
            if let Event::Moved(from, to) = event {
                self.follow(from, to);
            }
            if let Event::Typed {
                query,
                person,
                text,
            } = event
            {
                inline::answer(&self.app, &self.bot, query, person, text);
                continue;
            }
            let Some(number) = updates::number(update) else {
                continue;
            };
            // What will be answered at once is written as such: one wait for the disk instead of
            // two.
            let at_once = match &event {
                Event::Said { incoming, .. } => {
                    busy.insert(incoming.chat) && self.queues.is_idle(incoming.chat)
                }
                _ => false,
            };
            events.push((
                event,
                NewUpdate {
                    number,
                    raw: update,
                    at_once,
                },
            ));
        }
        if events.is_empty() {
            return;
        }
        let updates: Vec<NewUpdate<'_>> = events.iter().map(|(_, update)| *update).collect();
        let is_new = self.written(&updates).await;
        for ((event, update), _) in events.into_iter().zip(is_new).filter(|(_, is_new)| *is_new) {
            self.hand_over(
                event,
                Some(update.number),
                Origin::New {
                    begun: update.at_once,
                },
            );
        }
    }

    /// Writes updates down and waits until they are on disk; says which of them are new. Where that
    /// fails they are answered all the same.
    async fn written(&self, updates: &[NewUpdate<'_>]) -> Vec<bool> {
        let all = || vec![true; updates.len()];
        let Some(store) = self.app.store() else {
            return all();
        };
        let lost = |error: StoreError| tracing::error!(%error, "updates could not be written down");
        let is_new = store
            .take_updates(self.me.id, updates)
            .map_err(lost)
            .unwrap_or_else(|()| all());
        if let Err(error) = store.settle().await {
            lost(error);
        }
        is_new
    }

    /// Waits until everything that was taken is done.
    pub async fn finish(&self) {
        self.queues.finish().await;
    }

    /// What follows in the same batch comes from the chat's new id: it is known at once, and every
    /// record follows in its turn.
    fn follow(&self, from: ChatId, to: ChatId) {
        if let Some(store) = self.app.store()
            && let Err(error) = store.note_move(from.0, to.0)
        {
            tracing::error!(%error, chat = from.0, "a chat's new id could not be noted");
        }
    }

    /// Whether an update is for the bot, from a chat that it serves. Who asks for an id is told it
    /// everywhere: with it an administrator allows the chat.
    fn concerns(&self, event: &Event) -> bool {
        match event {
            Event::Said { incoming, .. } => {
                let is_served = self.app.serves(incoming.chat, incoming.person);
                let addressed = address(incoming, &self.me.name);
                addressed.is_some_and(|said| is_served || said.command == Some(Command::Id))
            }
            Event::Pressed { incoming, .. } => self.app.serves(incoming.chat, incoming.person),
            Event::Typed { .. } | Event::Removed(..) | Event::Added(_) | Event::Moved(..) => true,
        }
    }

    fn hand_over(&self, event: Event, number: Option<i64>, origin: Origin) {
        match event {
            Event::Said { incoming, edited } => match address(&incoming, &self.me.name) {
                Some(addressed) if origin.is_recovered() || self.may_ask(&incoming, number) => {
                    self.queues.push(Task {
                        incoming,
                        addressed,
                        update: number,
                        edited,
                        origin,
                    });
                }
                Some(_) => {}
                None => self.queues.done(number),
            },
            Event::Pressed { ref incoming, .. }
                if !origin.is_recovered() && !self.may_ask(incoming, number) => {}
            other => self.queues.event(other, number),
        }
    }

    /// Whether a person may ask now; whoever asks too much is told once.
    fn may_ask(&self, incoming: &Incoming, number: Option<i64>) -> bool {
        match self.limits.ask(incoming.person, || self.app.now()) {
            Asking::Allowed => true,
            Asking::TooMuch { tell } => {
                let replies = if tell {
                    Conversation::too_often(incoming)
                } else {
                    Vec::new()
                };
                self.queues.say(replies, number);
                false
            }
        }
    }
}
