//! The life of one message that was promised: what happens to it after each attempt.
//!
//! Pending → Sending → Delivered, or back to Pending, not before a later moment; or given up.

use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Where a message stands. The names of the variants are what the outbox keeps: one that is renamed
/// needs its old name as its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryState {
    /// To be sent.
    Pending,
    /// An attempt is under way; found at a start, its result is unknown.
    Sending,
    /// It arrived.
    Delivered,
    /// Not needed any more: reported, replaced by a later one, or its duty is gone.
    Dropped,
    /// Given up; an administrator is told.
    Dead,
}

/// What an attempt came to, as far as the next moment follows from it. `ports::SendOutcome` is what
/// a messenger tells of any message, with reasons and ids: several outcomes are one fate, and this
/// module knows no messenger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It arrived.
    Delivered,
    /// Refused for now: not before so many seconds.
    Later(u64),
    /// The chat has another id: again at once.
    Moved,
    /// The chat cannot be reached any more.
    Gone,
    /// It surely did not arrive.
    Failed,
    /// Whether it arrived is not known.
    Unknown,
}

/// A message's state with what the next attempt must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// Where it stands.
    pub state: DeliveryState,
    /// Attempts so far that came to nothing.
    pub failures: u32,
    /// Whether an attempt's result is unknown: then the next one says so.
    pub repeated: bool,
    /// Not to be sent before.
    pub not_before: DateTime<Tz>,
}

/// With the pauses between them that is more than a day: a weekend's outage of the line is no
/// attempt (`edge/telegram/line`), so only what is refused again and again is given up.
const MOST_FAILURES: u32 = 60;
/// Longer than one tick (`remind/run`), so that the first pause is one.
const FIRST_PAUSE_SECONDS: i64 = 30;
const LONGEST_PAUSE_SECONDS: i64 = 1_800;
/// An attempt whose result is unknown is repeated late, so that a delayed one can arrive first.
const REPEAT_AFTER_SECONDS: i64 = 300;
/// A messenger that asks for a longer pause is asked again after this one all the same: it may have
/// counted wrongly, and a day's reminder is worth nothing tomorrow.
const LONGEST_LATER_SECONDS: u64 = 3_600;
/// No pause is longer: a moment farther ahead was written before the clock was set back.
const FARTHEST_AHEAD_SECONDS: i64 = 4_500;

impl Delivery {
    /// A new message.
    pub fn new(now: DateTime<Tz>) -> Self {
        Self {
            state: DeliveryState::Pending,
            failures: 0,
            repeated: false,
            not_before: now,
        }
    }

    /// Whether it is to be sent now. A moment that lies too far ahead for any pause does not hold
    /// it back.
    pub fn is_ready(&self, now: DateTime<Tz>) -> bool {
        let ahead = (self.not_before - now).num_seconds();
        self.state == DeliveryState::Pending && !(1..=FARTHEST_AHEAD_SECONDS).contains(&ahead)
    }

    /// Whether anything is still to be done with it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, DeliveryState::Pending | DeliveryState::Sending)
    }

    /// Before an attempt.
    pub fn sending(self) -> Self {
        Self {
            state: DeliveryState::Sending,
            ..self
        }
    }

    /// After an attempt; `jitter` is between 0 and 1.
    pub fn after(self, fate: Fate, now: DateTime<Tz>, jitter: f64) -> Self {
        // Doubled at most six times, so that the shift cannot overflow: 30 << 6 is beyond the
        // longest pause already.
        let pause = (FIRST_PAUSE_SECONDS << self.failures.min(6)).min(LONGEST_PAUSE_SECONDS);
        // Spread: entries that failed together would otherwise knock together again.
        let later = |seconds: i64| {
            let seconds = seconds + (seconds as f64 * 0.25 * jitter) as i64;
            now + TimeDelta::seconds(seconds)
        };
        match fate {
            Fate::Delivered => Self {
                state: DeliveryState::Delivered,
                ..self
            },
            Fate::Gone => Self {
                state: DeliveryState::Dead,
                ..self
            },
            Fate::Moved => Self {
                state: DeliveryState::Pending,
                not_before: now,
                failures: self.failures + 1,
                ..self
            }
            .bounded(),
            Fate::Later(seconds) => {
                let seconds = i64::try_from(seconds.min(LONGEST_LATER_SECONDS))
                    .unwrap_or(LONGEST_PAUSE_SECONDS);
                Self {
                    state: DeliveryState::Pending,
                    not_before: now + TimeDelta::seconds(seconds.max(1)),
                    ..self
                }
            }
            Fate::Failed => Self {
                state: DeliveryState::Pending,
                failures: self.failures + 1,
                not_before: later(pause),
                ..self
            }
            .bounded(),
            Fate::Unknown => Self {
                state: DeliveryState::Pending,
                failures: self.failures + 1,
                repeated: true,
                not_before: later(pause.max(REPEAT_AFTER_SECONDS)),
            }
            .bounded(),
        }
    }

    fn bounded(self) -> Self {
        if self.failures > MOST_FAILURES {
            Self {
                state: DeliveryState::Dead,
                ..self
            }
        } else {
            self
        }
    }
}
