//! Long polling: updates in, each batch on disk before the next poll confirms it.

use super::intake::Intake;
use super::{TelegramError, kind_of, updates, without_token};
use crate::app::Signs;
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;
use teloxide::requests::{JsonRequest, Payload, Request, Requester};
use teloxide::{ApiError, Bot, RequestError};
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

    fn timeout_hint(&self) -> Option<Duration> {
        Some(Duration::from_secs(self.timeout))
    }
}

const SHORTEST_POLL: Duration = Duration::from_millis(100);
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Takes a webhook back that was set before: Telegram gives updates one way only.
pub async fn begin(bot: &Bot) {
    if let Err(error) = bot.delete_webhook().await {
        tracing::warn!(
            kind = kind_of(&error),
            "an earlier webhook could not be taken back"
        );
    }
}

/// Polls until told to stop, or until Telegram refuses the token or names another poller. Gives the
/// next update's number.
pub async fn poll(
    bot: &Bot,
    seconds: u64,
    token: &str,
    signs: &Signs,
    intake: &Intake,
    mut stop: watch::Receiver<bool>,
) -> Result<i64, TelegramError> {
    let mut offset = 0;
    let mut pause = FIRST_PAUSE;
    while !*stop.borrow() {
        let request = JsonRequest::new(
            bot.clone(),
            GetRawUpdates {
                offset,
                timeout: seconds,
                allowed_updates: updates::KINDS,
            },
        );
        let asked = tokio::time::Instant::now();
        let received = tokio::select! {
            received = request.send() => received,
            _ = stop.changed() => break,
        };
        if received.is_ok() {
            signs.heard();
        }
        match received {
            // A server that does not wait is not asked without a pause.
            Ok(received) if received.is_empty() && asked.elapsed() < SHORTEST_POLL => {
                tokio::time::sleep(SHORTEST_POLL).await
            }
            Ok(received) => {
                pause = FIRST_PAUSE;
                intake.take(&received).await;
                offset = received
                    .iter()
                    .filter_map(updates::number)
                    .fold(offset, |offset, number| offset.max(number + 1));
            }
            Err(RequestError::Api(ApiError::InvalidToken)) => return Err(TelegramError::Token),
            Err(RequestError::Api(ApiError::TerminatedByOtherGetUpdates)) => {
                return Err(TelegramError::Conflict);
            }
            Err(error) => {
                tracing::warn!(kind = kind_of(&error), error = %without_token(&error.to_string(), token), "updates could not be fetched");
                let wait = if let RequestError::RetryAfter(seconds) = error {
                    seconds.duration()
                } else {
                    pause
                };
                pause = (pause * 2).min(LONGEST_PAUSE);
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    _ = stop.changed() => break,
                }
            }
        }
    }
    Ok(offset)
}

/// Tells Telegram what was taken, so that it is not sent again after a stop in order.
pub async fn confirm(bot: &Bot, offset: i64) {
    let request = JsonRequest::new(
        bot.clone(),
        GetRawUpdates {
            offset,
            timeout: 0,
            allowed_updates: updates::KINDS,
        },
    );
    if offset > 0
        && tokio::time::timeout(Duration::from_secs(3), request.send())
            .await
            .is_err()
    {
        tracing::warn!("the last updates could not be confirmed; they may come again");
    }
}
