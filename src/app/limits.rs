//! How often one person may ask. In memory only, and bounded.

use crate::ports::PersonId;
use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// When so many persons are remembered, those whose minute is over are forgotten. Not at each
/// question: that would go through all of them every time.
const MOST_PERSONS: usize = 10_000;

/// Whether a person may ask now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MayAsk {
    /// Yes.
    Allowed,
    /// Not now.
    TooMuch {
        /// Whether it is to be said: once in a while, then silence.
        tell: bool,
    },
}

#[derive(Debug, Clone, Copy)]
struct Minute {
    begun: DateTime<Tz>,
    asked: usize,
}

/// Counts questions by person and minute.
#[derive(Debug)]
pub(crate) struct Limits {
    a_minute: usize,
    minutes: Mutex<HashMap<PersonId, Minute>>,
}

impl Limits {
    /// So many questions a minute; nought is no limit.
    pub(crate) fn new(a_minute: usize) -> Self {
        Self {
            a_minute,
            minutes: Mutex::default(),
        }
    }

    /// Counts a question.
    pub(crate) fn ask(&self, person: PersonId, now: impl FnOnce() -> DateTime<Tz>) -> MayAsk {
        if self.a_minute == 0 {
            return MayAsk::Allowed;
        }
        let now = now();
        let is_over = |minute: &Minute| {
            !(TimeDelta::zero()..TimeDelta::minutes(1)).contains(&(now - minute.begun))
        };
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        if minutes.len() >= MOST_PERSONS {
            // Only then: each question would otherwise walk through everybody who ever asked.
            minutes.retain(|_, minute| !is_over(minute));
        }
        let minute = minutes.entry(person).or_insert(Minute {
            begun: now,
            asked: 0,
        });
        if is_over(minute) {
            *minute = Minute {
                begun: now,
                asked: 0,
            };
        }
        minute.asked += 1;
        if minute.asked <= self.a_minute {
            return MayAsk::Allowed;
        }
        MayAsk::TooMuch {
            // Once: a reply to each of a flood would be a flood of our own.
            tell: minute.asked == self.a_minute + 1,
        }
    }
}
