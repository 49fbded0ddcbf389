//! Telegram's limits on what a bot sends: so many messages a second overall, so many a minute in a
//! group. That Telegram says all the same that it is too much (429), and for how long, is
//! `sender`'s affair.

use crate::config::Telegram;
use crate::ports::ChatId;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
/// When so many groups are remembered, those that are silent are forgotten.
const MOST_GROUPS: usize = 4_096;

/// When what was sent.
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
            if let Some(first) = of_group
                .front()
                .filter(|_| of_group.len() >= self.a_minute_in_a_group)
            {
                return Err((MINUTE - now.duration_since(*first)).as_secs() + 1);
            }
        }
        let at = match sent
            .overall
            .front()
            .filter(|_| self.a_second > 0 && sent.overall.len() >= self.a_second)
        {
            Some(first) => now.max(*first + SECOND),
            None => now,
        };
        if self.a_second > 0 {
            sent.overall.push_back(at);
            if sent.overall.len() > self.a_second {
                sent.overall.pop_front();
            }
        }
        if is_group {
            sent.groups.entry(chat).or_default().push_back(at);
            if sent.groups.len() > MOST_GROUPS {
                sent.groups.retain(|_, times| {
                    times
                        .back()
                        .is_some_and(|last| now.saturating_duration_since(*last) < MINUTE)
                });
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
