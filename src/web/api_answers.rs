//! The answers of the API for an edition and a day, each made once: the same question has the same answer.
//!
//! Bounded, and emptied when the data change; a question that is not kept is asked anew.

use crate::app::{App, Tally};
use crate::chat::render;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// So many answers are kept.
const MOST_KEPT: usize = 8_192;
/// Longer questions are not kept.
const LONGEST_KEPT: usize = 400;

/// An answer, shared by all replies that send it.
#[derive(Clone)]
pub(super) struct Kept {
    /// What is sent.
    pub(super) json: axum::body::Bytes,
    /// What is counted of it, each time that it is asked for.
    pub(super) tally: Tally,
}

#[derive(Default)]
struct OfEdition {
    edition: String,
    answers: HashMap<(NaiveDate, String), Kept>,
}

/// The answers that are kept.
#[derive(Default)]
pub(super) struct Answers {
    kept: Mutex<OfEdition>,
}

impl Answers {
    /// A question's answer, where it is kept for the current data.
    pub(super) fn get(&self, app: &App, question: &str, today: NaiveDate) -> Option<Kept> {
        let edition = app.edition();
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.edition != edition.id {
            return None;
        }
        kept.answers.get(&(today, question.to_string())).cloned()
    }

    /// Asks, and keeps the answer.
    pub(super) fn ask(&self, app: &App, question: &str, today: NaiveDate) -> Result<Kept, serde_json::Error> {
        let answered = app.ask_as_of(question, today);
        let answer = Kept { json: answered.json(&render::plain(&answered.reply))?.into(), tally: Tally::from(&answered) };
        if question.chars().count() > LONGEST_KEPT || answered.fault.is_some() {
            return Ok(answer);
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.edition != answered.edition.id || kept.answers.len() >= MOST_KEPT {
            *kept = OfEdition { edition: answered.edition.id.clone(), answers: HashMap::new() };
        }
        kept.answers.insert((today, question.to_string()), answer.clone());
        Ok(answer)
    }
}
