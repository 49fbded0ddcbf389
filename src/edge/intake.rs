//! The only door for what a messenger brings: what is for the bot is on disk before it is
//! confirmed, then handed to its chat's queue.
//!
//! Nothing here waits for an answer, and nothing here knows a messenger: it brings each event
//! beside the message of its own that it was read from, which is what is kept.

use super::event::{BotAccount, Event};
use super::queues::{Queues, Task, TaskOrigin};
use crate::app::{App, Limits, MayAsk};
use crate::chat::{Command, Conversation, Incoming, address};
use crate::model::UpdateId;
use crate::ports::ChatId;
use crate::store::{NewUpdate, StoreError};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a messenger brought.
#[derive(Debug)]
pub(super) struct Received<'a> {
    /// The number that the messenger knows it by: what comes twice is taken once.
    pub(super) number: UpdateId,
    /// As the messenger sent it.
    pub(super) raw: &'a Value,
    /// What it is.
    pub(super) event: Event,
}

/// Takes what happens to one bot.
pub(super) struct Intake {
    app: Arc<App>,
    account: BotAccount,
    queues: Arc<Queues>,
    limits: Limits,
}

impl Intake {
    /// An intake that hands over to queues.
    pub(super) fn new(app: Arc<App>, account: BotAccount, queues: Arc<Queues>) -> Self {
        let limits = Limits::new(app.questions_per_minute());
        Self {
            app,
            account,
            queues,
            limits,
        }
    }

    /// What was taken before a restart and not answered goes to its queue first; the messenger
    /// reads again what it had sent.
    pub(super) fn recover(&self, read: impl Fn(&Value) -> Option<Event>) {
        let Some(store) = self.app.store() else {
            return;
        };
        let taken = store
            .taken_updates(self.account.id)
            .unwrap_or_else(|error| {
                tracing::error!(%error, "the updates that were taken before could not be read");
                Vec::new()
            });
        for (number, taken) in taken {
            if taken.answering {
                self.queues.count_unknown();
            }
            // Settings may have changed since.
            match read(&taken.raw).filter(|event| self.concerns(event)) {
                Some(event) => self.hand_over(
                    event,
                    number,
                    TaskOrigin::Recovered {
                        answering: taken.answering,
                    },
                ),
                None => self.queues.done(number),
            }
        }
    }

    /// Takes what was received, in order: when this ends, what matters of it is on disk.
    pub(super) async fn take(&self, received: Vec<Received<'_>>) {
        let mut events = Vec::new();
        let mut busy = BTreeSet::new();
        for Received { number, raw, event } in received {
            if !self.concerns(&event) {
                continue;
            }
            // Before the others of the batch: what follows already comes from the new id.
            if let Event::Moved(from, to) = event {
                self.follow(from, to);
            }
            // What will be answered at once is written as such: one wait for the disk instead of
            // two.
            let at_once = match &event {
                Event::Said { incoming, .. } => {
                    // The first of its chat alone: others of the batch wait for its answer.
                    busy.insert(incoming.chat) && self.queues.is_idle(incoming.chat)
                }
                _ => false,
            };
            events.push((
                event,
                NewUpdate {
                    number,
                    raw,
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
                update.number,
                TaskOrigin::New {
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
            .take_updates(self.account.id, updates)
            .map_err(lost)
            .unwrap_or_else(|()| all());
        if let Err(error) = store.settle().await {
            lost(error);
        }
        is_new
    }

    /// Waits until everything that was taken is done.
    pub(super) async fn finish(&self) {
        self.queues.finish().await;
    }

    /// What follows in the same batch comes from the chat's new id: it is known at once, and every
    /// record follows in its turn.
    fn follow(&self, from: ChatId, to: ChatId) {
        if let Some(store) = self.app.store()
            && let Err(error) = store.note_move(from, to)
        {
            tracing::error!(%error, chat = from.0, "a chat's new id could not be noted");
        }
    }

    /// Whether an event is for the bot, from a chat that it serves. Who asks for an id is told it
    /// everywhere: with it an administrator allows the chat.
    fn concerns(&self, event: &Event) -> bool {
        match event {
            Event::Said { incoming, .. } => {
                let is_served = self.app.serves(incoming.chat, incoming.person);
                let addressed = address(incoming, &self.account.name);
                addressed.is_some_and(|said| is_served || said.command == Some(Command::Id))
            }
            Event::Pressed { incoming, .. } => self.app.serves(incoming.chat, incoming.person),
            // Also of a chat that is not answered: its records follow it, and it may be answered
            // again.
            Event::Removed(..) | Event::Added(_) | Event::Moved(..) => true,
        }
    }

    fn hand_over(&self, event: Event, number: UpdateId, origin: TaskOrigin) {
        match event {
            Event::Said { incoming, edited } => match address(&incoming, &self.account.name) {
                Some(addressed) if origin.is_recovered() || self.may_ask(&incoming, number) => {
                    self.queues.push(Task {
                        incoming,
                        addressed,
                        update: number,
                        edited,
                        origin,
                    });
                }
                // `may_ask` has told it and closed the update.
                Some(_) => {}
                None => self.queues.done(number),
            },
            Event::Pressed { ref incoming, .. }
                // As above; what was taken before a restart was let in then.
                if !origin.is_recovered() && !self.may_ask(incoming, number) => {}
            other => self.queues.event(other, number),
        }
    }

    /// Whether a person may ask now; whoever asks too much is told once.
    fn may_ask(&self, incoming: &Incoming, number: UpdateId) -> bool {
        let asking = self.limits.ask(incoming.person, || self.app.now());
        let MayAsk::TooMuch { tell } = asking else {
            return true;
        };
        let replies = if tell {
            Conversation::too_often(incoming)
        } else {
            Vec::new()
        };
        self.queues.say(replies, number);
        false
    }
}
