//! What takes long goes on beside the request that began it. It has an address, where a page tells
//! how far it is, and then what came of it.

use super::fault::PageFault;
use super::keys::Keys;
use crate::app::{CorrectionPreview, SynonymPreview};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// What is done so soon needs no page between: a browser shows nothing new before anyhow.
const SOON: Duration = Duration::from_millis(700);
/// So many are remembered, so that a page that is loaded again still says what came of them.
const MOST_KEPT: usize = 16;

/// How far a work is, in steps; none where it does not know.
#[derive(Debug, Clone, Default)]
pub(super) struct Steps(Arc<[AtomicUsize; 2]>);

impl Steps {
    /// So many of so many are done.
    pub(super) fn tell(&self, done: usize, all: usize) {
        let [kept_done, kept_all] = &*self.0;
        kept_done.store(done, Ordering::Relaxed);
        kept_all.store(all, Ordering::Relaxed);
    }

    /// How many of how many are done, where it is known.
    pub(super) fn told(&self) -> Option<(usize, usize)> {
        let [done, all] = &*self.0;
        let all = all.load(Ordering::Relaxed);
        (all > 0).then(|| (done.load(Ordering::Relaxed), all))
    }
}

/// What came of a work.
#[derive(Debug)]
pub(super) enum WorkOutcome {
    /// A sentence, which the administration shows.
    Told(String),
    /// A sentence on a report that waits, by its word.
    OfReport(String, String),
    /// Another page shows it.
    At(String),
    /// What a correction would change.
    Correction(Box<CorrectionPreview>),
    /// What a synonym would change.
    Synonym(Box<SynonymPreview>),
    /// It could not be done.
    Failed(PageFault),
}

pub(super) struct Work {
    word: String,
    /// What is being done.
    pub(super) what: String,
    begun: Instant,
    pub(super) steps: Steps,
    outcome: watch::Receiver<Option<Arc<WorkOutcome>>>,
}

/// The works of the administration, oldest first.
#[derive(Default)]
pub(super) struct Works(Mutex<VecDeque<Arc<Work>>>);

impl Works {
    /// Begins a work.
    pub(super) fn begin<F>(
        &self,
        keys: &Keys,
        what: String,
        work: impl FnOnce(Steps) -> F,
    ) -> Arc<Work>
    where
        F: Future<Output = WorkOutcome> + Send + 'static,
    {
        let (tell, outcome) = watch::channel(None);
        let steps = Steps::default();
        let task = tokio::spawn(work(steps.clone()));
        // A second task waits, so that a panic of the first is told like any other end.
        tokio::spawn(async move {
            let outcome = task.await.unwrap_or_else(|error| {
                tracing::error!(%error, "a work of the administration ended early");
                WorkOutcome::Failed(PageFault::ours())
            });
            tell.send_replace(Some(Arc::new(outcome)));
        });
        let begun = Arc::new(Work {
            word: keys.secret(),
            what,
            begun: Instant::now(),
            steps,
            outcome,
        });
        let mut works = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        works.push_back(Arc::clone(&begun));
        if works.len() > MOST_KEPT {
            works.pop_front();
        }
        begun
    }

    /// A work by its word, while it is remembered.
    pub(super) fn find(&self, word: &str) -> Option<Arc<Work>> {
        let works = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        works.iter().find(|work| work.word == word).cloned()
    }
}

impl Work {
    /// Where it is told of.
    pub(super) fn address(&self) -> String {
        format!("/admin/works/{}", self.word)
    }

    /// For how long it has gone on.
    pub(super) fn seconds(&self) -> u64 {
        self.begun.elapsed().as_secs()
    }

    /// What came of it, when it is done.
    pub(super) fn outcome(&self) -> Option<Arc<WorkOutcome>> {
        self.outcome.borrow().clone()
    }

    /// Where what came of it is shown.
    fn shown_at(&self) -> String {
        match self.outcome().as_deref() {
            Some(WorkOutcome::At(address)) => address.clone(),
            _ => self.address(),
        }
    }

    /// How far it is, for a script.
    pub(super) fn json(&self) -> Value {
        let share = self.steps.told();
        let share = share.map(|(done, all)| done as f64 / all as f64);
        json!({"work": self.address(), "done": self.outcome().is_some(), "share": share, "address": self.shown_at()})
    }

    /// The reply to the request that began it: a script is told where to look, a browser goes
    /// there.
    pub(super) async fn reply(&self, headers: &HeaderMap) -> Response {
        if wants_json(headers) {
            return axum::Json(self.json()).into_response();
        }
        let mut outcome = self.outcome.clone();
        let is_done = outcome.wait_for(Option::is_some);
        // Whether or not it is done, the page knows.
        let _ = tokio::time::timeout(SOON, is_done).await;
        Redirect::to(&self.shown_at()).into_response()
    }
}

/// Whether a script asks.
pub(super) fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    accept.is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"))
}
