//! What is counted and logged of a question and of a send, each in one place. Counted is what became of it, never what it says.

use super::{Answered, App};
use crate::metrics::{MetricsError, Present};
use crate::ports::{Asking, ChatId, Messenger, Outgoing, PersonId, SendOutcome, Sending};
use crate::schedule::DeliveryState;
use crate::store::{Store, StoreError};
use std::sync::Arc;
use std::time::Duration;

/// The words under which a question is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    outcome: &'static str,
    intent: &'static str,
}

impl Tally {
    /// The program failed.
    pub const FAULT: Self = Self { outcome: "fault", intent: "none" };
}

impl From<&Answered> for Tally {
    fn from(answered: &Answered) -> Self {
        let outcome = if answered.fault.is_some() { Self::FAULT.outcome } else { answered.reply.status() };
        let intent = match answered.intent() {
            "" => Self::FAULT.intent,
            known => known,
        };
        Self { outcome, intent }
    }
}

impl App {
    /// Counts a question that somebody asked, once, however often it was looked up for its answer. Its text stands in the log
    /// only where the settings say so.
    pub fn count_question(&self, question: &str, tally: Tally, took: Duration) {
        let Tally { outcome, intent } = tally;
        if let Some(metrics) = &self.metrics {
            metrics.answered(outcome, intent, took);
        }
        let question = self.logs_questions.then_some(question);
        tracing::info!(outcome, intent, ms = took.as_secs_f64() * 1_000.0, question, "a question was seen to");
    }

    fn count_send(&self, edge: Edge, outcome: &SendOutcome) {
        if let Some(metrics) = &self.metrics {
            metrics.sent(edge.word(), outcome.word());
        }
        if edge == Edge::Telegram && matches!(outcome, SendOutcome::Delivered(_)) {
            self.signs.heard();
        }
    }

    /// What was counted, as text for whoever watches the bot; nothing where nothing is counted.
    pub fn counted(&self) -> Result<Option<String>, MetricsError> {
        let Some(metrics) = &self.metrics else { return Ok(None) };
        let (edition, last_tick) = (self.edition().id.clone(), self.signs.last_tick());
        let unread = |error: &StoreError| tracing::error!(%error, "the state could not be read for the metrics");
        let outbox = self.store().and_then(|store| outbox_by_state(store).inspect_err(unread).ok());
        let unknown_sends = self.store().and_then(|store| store.unknown_sends().inspect_err(unread).ok());
        metrics.text(&Present { edition, outbox, unknown_sends, last_tick }).map(Some)
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
    Ok(states.map(|(word, state)| (word, outbox.iter().filter(|entry| entry.delivery.state == state).count())).to_vec())
}

/// Where messages go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// Telegram.
    Telegram,
    /// The rooms of the page.
    Page,
    /// The terminal of the local chat.
    Terminal,
}

impl Edge {
    fn word(self) -> &'static str {
        match self {
            Self::Telegram => "telegram",
            Self::Page => "page",
            Self::Terminal => "terminal",
        }
    }
}

/// A messenger whose sends are counted.
pub struct Counting {
    app: Arc<App>,
    edge: Edge,
    messenger: Arc<dyn Messenger>,
}

impl Counting {
    /// Counts what a messenger sends.
    pub fn around(messenger: Arc<dyn Messenger>, edge: Edge, app: &Arc<App>) -> Arc<dyn Messenger> {
        Arc::new(Self { app: Arc::clone(app), edge, messenger })
    }
}

impl Messenger for Counting {
    fn answer_press<'a>(&'a self, press: &'a str, text: &'a str) -> Sending<'a> {
        self.messenger.answer_press(press, text)
    }

    fn administers<'a>(&'a self, chat: ChatId, person: PersonId) -> Asking<'a> {
        self.messenger.administers(chat, person)
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            let outcome = self.messenger.send(message).await;
            self.app.count_send(self.edge, &outcome);
            outcome
        })
    }
}
