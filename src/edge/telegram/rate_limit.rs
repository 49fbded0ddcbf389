//! How much Telegram lets a bot say, from both ends: the pace that keeps sends below its published
//! limits, and what is done where it says all the same that it was too much (429 Too Many
//! Requests).

use crate::config::Telegram;
use crate::ports::ChatId;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use teloxide::RequestError;
use tokio::time::Instant;

/// The code of Too Many Requests.
pub(super) const TOO_MANY_REQUESTS: u16 = 429;
/// No pause between two calls is longer, in seconds, however long Telegram asks for: what made it
/// ask may be over sooner.
const LONGEST_ASKED_FOR: u64 = 300;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
/// When so many groups are remembered, those that were silent for a minute are forgotten: they
/// limit nothing any more.
const MOST_GROUPS: usize = 4_096;

/// In how many seconds a message may be sent again, where Telegram refused it as one too many. At
/// least one: it may say nought, and a send would be tried again in a circle.
pub(super) fn seconds_to_wait(error: &RequestError) -> Option<u64> {
    match error {
        RequestError::RetryAfter(seconds) => Some(u64::from(seconds.seconds()).max(1)),
        _ => None,
    }
}

/// The pause after a call that was one too many.
pub(super) fn pause_asked_for(seconds: u64) -> Duration {
    Duration::from_secs(seconds.min(LONGEST_ASKED_FOR))
}

/// The times of the last sends, oldest first. A time may lie ahead: its place is taken and whoever
/// took it waits.
#[derive(Debug, Default)]
struct Sent {
    overall: VecDeque<Instant>,
    groups: HashMap<ChatId, VecDeque<Instant>>,
}

/// Keeps sends within the limits; nought is no limit.
#[derive(Debug)]
pub(crate) struct Pace {
    a_second: usize,
    a_minute_in_a_group: usize,
    sent: Mutex<Sent>,
}

impl Pace {
    /// The limits of the settings.
    pub(crate) fn new(settings: &Telegram) -> Self {
        Self {
            a_second: settings.sends_per_second,
            a_minute_in_a_group: settings.group_sends_per_minute,
            sent: Mutex::default(),
        }
    }

    /// Takes a turn: waits for the overall limit, or says in how many seconds the group may be
    /// written to again.
    pub(crate) async fn turn(&self, chat: ChatId) -> Result<(), u64> {
        // The place is taken before the wait, so that those who wait go in their order.
        let at = self.reserve(chat, Instant::now())?;
        tokio::time::sleep_until(at).await;
        Ok(())
    }

    fn reserve(&self, chat: ChatId, now: Instant) -> Result<Instant, u64> {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let is_group = chat.is_group() && self.a_minute_in_a_group > 0;
        if is_group {
            let of_group = sent.groups.entry(chat).or_default();
            of_group.retain(|at| now.duration_since(*at) < MINUTE);
            // Not waited for here: the wait may be most of a minute, and other chats' messages
            // would stand behind it. Rounded up, since a second too early is refused again.
            if of_group.len() >= self.a_minute_in_a_group
                && let Some(first) = of_group.front()
            {
                return Err((MINUTE - now.duration_since(*first)).as_secs() + 1);
            }
        }
        let mut at = now;
        if self.a_second > 0 {
            // As many as a second may have: the first of them is a second before the next.
            if sent.overall.len() >= self.a_second
                && let Some(first) = sent.overall.pop_front()
            {
                at = now.max(first + SECOND);
            }
            sent.overall.push_back(at);
        }
        if is_group {
            sent.groups.entry(chat).or_default().push_back(at);
            if sent.groups.len() > MOST_GROUPS {
                let is_recent = |at: &Instant| now.saturating_duration_since(*at) < MINUTE;
                sent.groups
                    .retain(|_, times| times.back().is_some_and(is_recent));
            }
        }
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(a_second: usize, a_minute: usize) -> Pace {
        Pace {
            a_second,
            a_minute_in_a_group: a_minute,
            sent: Mutex::default(),
        }
    }

    #[test]
    fn what_telegram_asks_for_is_bounded_on_both_sides() {
        let asked = |seconds| {
            let seconds = teloxide::types::Seconds::from_seconds(seconds);
            seconds_to_wait(&RequestError::RetryAfter(seconds))
        };
        assert_eq!(asked(0), Some(1));
        assert_eq!(asked(20), Some(20));
        assert_eq!(pause_asked_for(20), Duration::from_secs(20));
        assert_eq!(
            pause_asked_for(86_400),
            Duration::from_secs(LONGEST_ASKED_FOR)
        );
    }

    #[test]
    fn no_second_holds_more_than_its_share_and_no_group_more_than_its_minute() {
        let now = Instant::now();
        let all = pace(30, 0);
        let times: Vec<Instant> = (1..=90)
            .map(|chat| all.reserve(ChatId(chat), now).unwrap())
            .collect();
        assert!(times.iter().all(|start| {
            times
                .iter()
                .filter(|at| **at >= *start && **at < *start + SECOND)
                .count()
                <= 30
        }));
        assert_eq!(times[89], now + SECOND * 2);
        let grouped = pace(0, 20);
        let ok = (0..25)
            .filter(|_| grouped.reserve(ChatId(-1), now).is_ok())
            .count();
        assert_eq!(ok, 20);
        assert_eq!(grouped.reserve(ChatId(-1), now + SECOND * 30), Err(31));
        assert!(
            grouped.reserve(ChatId(-2), now).is_ok() && grouped.reserve(ChatId(5), now).is_ok()
        );
        assert!(grouped.reserve(ChatId(-1), now + MINUTE).is_ok());
    }
}
