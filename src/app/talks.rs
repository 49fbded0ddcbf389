//! What each person last asked in each chat, for ten minutes: a follow-up keeps the subject that it
//! leaves out.
//!
//! In memory only, and bounded: it is no state that must survive.

use crate::model::Provenance;
use crate::ports::{ChatId, PersonId};
use crate::question::{Operator, Question};
use crate::store::Origin;
use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// A talk in a group ends about then; what comes later is rather a new question. Chosen by
/// hand.
const REMEMBERED_MINUTES: i64 = 10;
/// A topic takes some hundred bytes, so that all of them take a few megabytes at most.
const MOST_REMEMBERED: usize = 10_000;

/// What was asked about and shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Topic {
    /// The question's subject, as it is compared.
    pub subject: String,
    /// The words of the question that was answered, as they were typed: each may be exchanged.
    pub words: Vec<String>,
    /// The question in full, or the choice that was picked.
    pub origin: Origin,
    /// What was shown on it.
    pub shown: Vec<Provenance>,
    /// The years that were asked about.
    pub years: Vec<i32>,
    /// 目标 or 完成情况, where the question said so.
    pub measure: Option<&'static str>,
}

impl Topic {
    /// What a question leaves to the next one.
    pub(crate) fn of(question: &Question) -> Self {
        let target = question.has(Operator::Target);
        let actual = question.has(Operator::Actual);
        Self {
            subject: question.subject(),
            words: question
                .words
                .iter()
                .filter(|word| word.is_content())
                .map(|word| question.typed_word(word))
                .filter(|word| word.chars().count() > 1)
                .collect(),
            years: question.frame.years.clone(),
            measure: match (target, actual) {
                (true, false) => Some("目标"),
                (false, true) => Some("完成情况"),
                _ => None,
            },
            ..Self::default()
        }
    }
}

#[derive(Debug, Clone)]
struct Remembered {
    topic: Topic,
    at: DateTime<Tz>,
}

/// The last subjects by chat and person.
#[derive(Debug, Default)]
pub(crate) struct Talks {
    last: Mutex<HashMap<(ChatId, PersonId), Remembered>>,
}

impl Talks {
    /// What a person last asked about in a chat, unless it is too long ago.
    pub(crate) fn topic(&self, chat: ChatId, person: PersonId, now: DateTime<Tz>) -> Option<Topic> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let remembered = last.get(&(chat, person))?;
        is_fresh(remembered, now).then(|| remembered.topic.clone())
    }

    /// Remembers what a person asked about in a chat.
    pub(crate) fn remember(&self, chat: ChatId, person: PersonId, now: DateTime<Tz>, topic: Topic) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() >= MOST_REMEMBERED {
            // Only when it is full, as with limits.
            last.retain(|_, remembered| is_fresh(remembered, now));
        }
        // Where all are fresh nobody is thrown out: a flood of strangers must not end the talks of
        // others.
        if last.len() < MOST_REMEMBERED {
            last.insert((chat, person), Remembered { topic, at: now });
        }
    }

    /// Forgets what a person asked about in a chat.
    pub(crate) fn forget(&self, chat: ChatId, person: PersonId) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.remove(&(chat, person));
    }
}

fn is_fresh(remembered: &Remembered, now: DateTime<Tz>) -> bool {
    let age = now.signed_duration_since(remembered.at);
    // A clock that was set back makes what was asked lie ahead: that is no talk of now.
    age >= TimeDelta::zero() && age <= TimeDelta::minutes(REMEMBERED_MINUTES)
}
