//! The answers of an edition and a day, each made once: the same question has the same answer.
//!
//! In memory only, and bounded; a question that is not kept is asked anew. What continues a talk is
//! never kept.

use super::Answered;
use crate::edition::Edition;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// So many answers are kept; then all are made anew. A department's questions of a day are some
/// hundred, and with all of them taken the memory is some megabytes.
const MOST_KEPT: usize = 512;
/// Longer questions are not kept.
const LONGEST_KEPT: usize = 400;

#[derive(Default)]
struct Kept {
    edition: String,
    day: NaiveDate,
    answers: HashMap<String, Arc<Answered>>,
}

/// The answers that are kept.
#[derive(Default)]
pub(super) struct Answers {
    kept: Mutex<Kept>,
}

impl Answers {
    /// The answer of an edition to a question on a day, where it is kept.
    pub(super) fn get(
        &self,
        edition: &Edition,
        day: NaiveDate,
        question: &str,
    ) -> Option<Arc<Answered>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.day != day || kept.edition != edition.id {
            return None;
        }
        kept.answers.get(question).cloned()
    }

    /// Keeps an answer, unless something was wrong with it.
    pub(super) fn keep(&self, day: NaiveDate, answered: &Arc<Answered>) {
        // A fault may have passed by the next question.
        if answered.fault.is_some() || answered.question.len() > LONGEST_KEPT {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let full = kept.day != day
            || kept.edition != answered.edition.id
            || kept.answers.len() >= MOST_KEPT;
        let fresh = || Kept {
            edition: answered.edition.id.clone(),
            day,
            answers: HashMap::new(),
        };
        let old = full.then(|| std::mem::replace(&mut *kept, fresh()));
        kept.answers
            .insert(answered.question.clone(), Arc::clone(answered));
        // What is thrown away is taken apart when nobody waits for it.
        drop(kept);
        drop(old);
    }
}
