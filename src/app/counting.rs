//! What is counted and logged of a question and of a send, each in one place. Counted is what
//! became of it, never what it says.

use super::{Answered, App};
use crate::metrics::{MetricsError, Present};
use crate::ports::{
    Asking, Capabilities, ChatId, Fetching, Messenger, Outgoing, PersonId, SendOutcome, Sending,
    SentFile, UsedButton,
};
use crate::schedule::DeliveryState;
use crate::store::{Store, StoreError};
use std::sync::Arc;
use std::time::Instant;

/// A question that somebody asked and that is not answered yet. It is counted once, however often
/// it is looked up for its answer; where no answer is told, because the program failed, as a fault.
pub struct OpenQuestion<'a> {
    app: &'a App,
    question: String,
    begun: Instant,
    outcome: &'static str,
    intent: &'static str,
}

const FAULT: &str = "fault";
const NO_INTENT: &str = "none";

impl OpenQuestion<'_> {
    pub fn answered(mut self, answered: &Answered) {
        if answered.fault.is_none() {
            self.outcome = answered.reply.status();
        }
        if !answered.intent().is_empty() {
            self.intent = answered.intent();
        }
    }
}

impl Drop for OpenQuestion<'_> {
    /// The text stands in the log only where the settings say so.
    fn drop(&mut self) {
        let Self {
            app,
            outcome,
            intent,
            ..
        } = *self;
        let took = self.begun.elapsed();
        if let Some(metrics) = &app.metrics {
            metrics.answered(outcome, intent, took);
        }
        if let Some(store) = app.store() {
            store.count_asked(app.clock.today(), intent, outcome);
        }
        // What people ask is nobody's business unless the settings say so.
        let question = app.logs_questions.then_some(self.question.as_str());
        tracing::info!(
            outcome,
            intent,
            us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            question,
            "a question was seen to"
        );
    }
}

impl App {
    /// Somebody asks a question.
    pub fn open_question(&self, question: &str) -> OpenQuestion<'_> {
        OpenQuestion {
            app: self,
            question: question.to_string(),
            begun: Instant::now(),
            // Until its answer is told: a panic on the way is counted as what it is.
            outcome: FAULT,
            intent: NO_INTENT,
        }
    }

    fn count_send(&self, messenger: &'static str, outcome: &SendOutcome) {
        if let Some(metrics) = &self.metrics {
            metrics.sent(messenger, outcome.word());
        }
    }

    /// What was counted, as text for whoever watches the bot; nothing where nothing is counted.
    pub fn counted(&self) -> Result<Option<String>, MetricsError> {
        let Some(metrics) = &self.metrics else {
            return Ok(None);
        };
        let (edition, last_tick) = (self.edition().id.clone(), self.signs.last_tick());
        let unread = |error: &StoreError| tracing::error!(%error, "the state could not be read for the metrics");
        let outbox = self
            .store()
            .and_then(|store| outbox_by_state(store).inspect_err(unread).ok());
        let unknown_sends = self
            .store()
            .and_then(|store| store.unknown_sends().inspect_err(unread).ok());
        metrics
            .text(&Present {
                edition,
                outbox,
                unknown_sends,
                last_tick,
            })
            .map(Some)
    }
}

fn outbox_by_state(store: &Store) -> Result<Vec<(&'static str, usize)>, StoreError> {
    let states = [
        ("pending", DeliveryState::Pending),
        ("sending", DeliveryState::Sending),
        ("delivered", DeliveryState::Delivered),
        ("dropped", DeliveryState::Dropped),
        ("dead", DeliveryState::Dead),
    ];
    let outbox = store.outbox()?;
    Ok(states
        .map(|(word, state)| {
            (
                word,
                outbox
                    .iter()
                    .filter(|entry| entry.delivery.state == state)
                    .count(),
            )
        })
        .to_vec())
}

/// A messenger whose sends are counted.
pub(crate) struct Counting {
    app: Arc<App>,
    messenger: Arc<dyn Messenger>,
}

impl Counting {
    /// Counts what a messenger sends.
    pub(crate) fn around(messenger: Arc<dyn Messenger>, app: &Arc<App>) -> Arc<dyn Messenger> {
        Arc::new(Self {
            app: Arc::clone(app),
            messenger,
        })
    }
}

impl Messenger for Counting {
    fn capabilities(&self) -> Capabilities {
        self.messenger.capabilities()
    }

    fn answer_press<'a>(&'a self, press: &'a str, text: &'a str) -> Sending<'a> {
        self.messenger.answer_press(press, text)
    }

    fn use_up<'a>(&'a self, used: UsedButton<'a>) -> Sending<'a> {
        self.messenger.use_up(used)
    }

    fn reaches(&self, chat: ChatId) -> bool {
        self.messenger.reaches(chat)
    }

    fn hears(&self, chat: ChatId) -> bool {
        self.messenger.hears(chat)
    }

    fn administers<'a>(&'a self, chat: ChatId, person: PersonId) -> Asking<'a> {
        self.messenger.administers(chat, person)
    }

    fn fetch<'a>(&'a self, file: &'a SentFile, most_bytes: u64) -> Fetching<'a> {
        self.messenger.fetch(file, most_bytes)
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            let outcome = self.messenger.send(message).await;
            self.app.count_send(self.capabilities().name, &outcome);
            outcome
        })
    }
}
