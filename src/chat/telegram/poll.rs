//! Long polling: updates in, each handed to its chat's queue at once, nothing waited for.

use super::queues::Queues;
use super::{Me, TelegramError, kind_of, updates, without_token};
use crate::app::App;
use crate::chat::address::address;
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;
use teloxide::requests::{JsonRequest, Payload, Request};
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

const KINDS: &[&str] = &["message", "callback_query", "my_chat_member"];
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Polls until told to stop, or until Telegram refuses the token or names another poller. Gives the next update's number.
pub async fn poll(
    bot: &Bot,
    me: &Me,
    seconds: u64,
    token: &str,
    app: &App,
    queues: &Queues,
    mut stop: watch::Receiver<bool>,
) -> Result<i64, TelegramError> {
    let mut offset = 0;
    let mut pause = FIRST_PAUSE;
    while !*stop.borrow() {
        let request = JsonRequest::new(bot.clone(), GetRawUpdates { offset, timeout: seconds, allowed_updates: KINDS });
        let received = tokio::select! {
            received = request.send() => received,
            _ = stop.changed() => break,
        };
        match received {
            Ok(received) => {
                pause = FIRST_PAUSE;
                for update in received {
                    offset = offset.max(updates::number(&update).map_or(offset, |number| number + 1));
                    hand_over(&update, me, app, queues);
                }
            }
            Err(RequestError::Api(ApiError::InvalidToken)) => return Err(TelegramError::Token),
            Err(RequestError::Api(ApiError::TerminatedByOtherGetUpdates)) => return Err(TelegramError::Conflict),
            Err(error) => {
                tracing::warn!(kind = kind_of(&error), error = %without_token(&error.to_string(), token), "updates could not be fetched");
                let wait = if let RequestError::RetryAfter(seconds) = error { seconds.duration() } else { pause };
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

/// A message for the bot goes to its chat's queue; one that was handled before a restart does not.
fn hand_over(update: &Value, me: &Me, app: &App, queues: &Queues) {
    if let Some(event) = updates::event(update) {
        queues.event(event);
        return;
    }
    let Some(incoming) = updates::message(update, me) else { return };
    let Some(addressed) = address(&incoming, &me.name) else { return };
    let number = updates::number(update);
    if let (Some(store), Some(number)) = (app.store(), number) {
        match store.was_handled(me.id, number) {
            Ok(false) => {}
            Ok(true) => return,
            Err(error) => tracing::error!(%error, "the marks of handled updates could not be read"),
        }
    }
    queues.push(incoming, addressed, number);
}

/// Tells Telegram what was taken, so that it is not sent again after a stop in order.
pub async fn confirm(bot: &Bot, offset: i64) {
    let request = JsonRequest::new(bot.clone(), GetRawUpdates { offset, timeout: 0, allowed_updates: KINDS });
    if offset > 0 && tokio::time::timeout(Duration::from_secs(3), request.send()).await.is_err() {
        tracing::warn!("the last updates could not be confirmed; they may come again");
    }
}
