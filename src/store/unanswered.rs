//! Questions that could not be answered, or whose answer did not help: text, how often, in what
//! kind of chat. No names.

use super::{Store, StoreError};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// So many different questions are kept.
const MOST_KEPT: usize = 5_000;

/// Why a question is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum KeptFor {
    /// It was not answered.
    NoAnswer,
    /// Its answer was voted down.
    VotedDown,
}

/// A question that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unanswered {
    /// The question.
    pub question: String,
    /// The part of it that is not in the documents; empty where it was voted down or not
    /// understood.
    pub missing: String,
    /// Why it is kept.
    pub kept_for: KeptFor,
    /// How often it was asked in a private chat.
    pub private: u32,
    /// How often it was asked in a group.
    pub group: u32,
    /// The last day.
    pub last: NaiveDate,
}

impl Store {
    /// Counts a question once more. Not waited for.
    pub fn keep_question(&self, question: &Unanswered) -> Result<(), StoreError> {
        let key = format!("{:?}|{}", question.kept_for, question.question);
        let known: Option<Unanswered> = self.get(&self.unanswered, &key)?;
        if known.is_none() && self.unanswered.len() >= MOST_KEPT {
            return Ok(());
        }
        let (private, group) = known.map_or((0, 0), |known| (known.private, known.group));
        let (private, group) = (private + question.private, group + question.group);
        self.put(
            &self.unanswered,
            &key,
            &Unanswered {
                private,
                group,
                ..question.clone()
            },
        )
    }

    /// The questions that are kept; what was last asked before a day is forgotten.
    pub fn kept_questions(&self, since: NaiveDate) -> Result<Vec<Unanswered>, StoreError> {
        let mut kept = Vec::new();
        for record in &self.unanswered {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let question: Unanswered = serde_json::from_slice(&bytes)?;
            if question.last < since {
                self.unanswered.remove(key).map_err(|e| self.unusable(e))?;
            } else {
                kept.push(question);
            }
        }
        Ok(kept)
    }

    /// Forgets the questions in which a part was missing.
    pub fn forget_questions(&self, missing: &str) -> Result<(), StoreError> {
        for record in &self.unanswered {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            if serde_json::from_slice::<Unanswered>(&bytes)?.missing == missing {
                self.unanswered.remove(key).map_err(|e| self.unusable(e))?;
            }
        }
        Ok(())
    }
}
