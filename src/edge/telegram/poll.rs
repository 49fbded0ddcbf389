//! Long polling: updates in, each batch on disk before the next poll confirms it.

use super::arrivals::Arrivals;
use super::call::call;
use super::line::TelegramLine;
use super::trouble::{Pauses, Trouble};
use super::updates;
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;
use teloxide::Bot;
use teloxide::requests::Payload;
use tokio::sync::watch;

/// `getUpdates`, answered raw.
#[derive(Clone, Serialize)]
struct GetRawUpdates {
    offset: i64,
    timeout: u64,
    allowed_updates: &'static [&'static str],
}

impl Payload for GetRawUpdates {
    type Output = Vec<Value>;
    const NAME: &'static str = "GetUpdates";
}

#[derive(Serialize)]
struct DeleteWebhook {}

impl Payload for DeleteWebhook {
    type Output = bool;
    const NAME: &'static str = "DeleteWebhook";
}

/// A server in front of Telegram that does not wait would be asked in a circle without a pause.
const SHORTEST_POLL: Duration = Duration::from_millis(100);
/// A poll is answered so long after the time that it was to wait. With the usual 25 seconds a poll
/// that hangs ends before thirty are over.
const ANSWERED_WITHIN: Duration = Duration::from_secs(4);
/// In an outage Telegram is asked whether it is back, and answers at once; with the longest pause
/// this stays below thirty seconds.
const BACK_WITHIN: Duration = Duration::from_secs(12);

/// Takes a webhook back that was set before: Telegram gives updates one way only. Where that comes
/// to nothing, the polls say so.
async fn take_webhook_back(bot: &Bot) {
    if let Err(trouble) = call(bot, &DeleteWebhook {}, BACK_WITHIN).await {
        tracing::debug!(reason = %trouble, "an earlier webhook could not be taken back yet");
    }
}

/// Polls until told to stop. Gives the next update's number.
pub(crate) async fn poll(
    bot: &Bot,
    seconds: u64,
    line: &TelegramLine,
    arrivals: &Arrivals,
    mut stop: watch::Receiver<bool>,
) -> i64 {
    let mut offset = 0;
    let mut pauses = Pauses::default();
    // Without it the first poll would come to nothing wherever the bot ran by webhook before.
    tokio::select! {
        () = take_webhook_back(bot) => {}
        _ = stop.changed() => return offset,
    }
    while !*stop.borrow() {
        let (timeout, within) = if pauses.is_in_trouble() {
            (0, BACK_WITHIN)
        } else {
            (seconds, Duration::from_secs(seconds) + ANSWERED_WITHIN)
        };
        let request = GetRawUpdates {
            offset,
            timeout,
            allowed_updates: updates::KINDS,
        };
        let asked = tokio::time::Instant::now();
        let received = tokio::select! {
            received = call(bot, &request, within) => received,
            _ = stop.changed() => break,
        };
        match received {
            Ok(received) => {
                pauses.end();
                line.heard();
                // Before the offset moves on: what it confirms is not sent again, so it must be on
                // disk by then.
                arrivals.take(&received).await;
                offset = received
                    .iter()
                    .filter_map(updates::number)
                    // The highest and not the last: nothing says that they come in order.
                    .fold(offset, |offset, number| offset.max(number.0 + 1));
                // A server that does not wait is not asked without a pause.
                if received.is_empty() && asked.elapsed() < SHORTEST_POLL {
                    tokio::time::sleep(SHORTEST_POLL).await;
                }
            }
            Err(trouble) => {
                line.failed(&trouble);
                let rest = async {
                    if trouble == Trouble::WebhookInTheWay {
                        take_webhook_back(bot).await;
                    }
                    tokio::time::sleep(pauses.next(&trouble)).await;
                };
                tokio::select! {
                    () = rest => {}
                    _ = stop.changed() => break,
                }
            }
        }
    }
    offset
}

/// Tells Telegram what was taken, so that it is not sent again after a stop in order.
pub(crate) async fn confirm(bot: &Bot, offset: i64) {
    let request = GetRawUpdates {
        offset,
        timeout: 0,
        allowed_updates: updates::KINDS,
    };
    // Nought would ask for everything again instead of confirming anything.
    if offset > 0 && call(bot, &request, Duration::from_secs(3)).await.is_err() {
        tracing::warn!("the last updates could not be confirmed; they may come again");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::telegram::trouble::LONGEST_PAUSE;

    /// Whatever call Telegram's return finds under way, the next one arrives before thirty seconds
    /// are over.
    #[test]
    fn a_return_is_noticed_within_thirty_seconds() {
        let usual = Duration::from_secs(crate::config::Telegram::default().poll_seconds);
        assert!(usual + ANSWERED_WITHIN < Duration::from_secs(30));
        assert!(BACK_WITHIN + LONGEST_PAUSE < Duration::from_secs(30));
    }
}
