//! A call of the Bot API whose every answer is told apart.
//!
//! The library's own calls sleep ten seconds after a fault of the server and say of a portal's page
//! only that it is no JSON. Whoever waits for Telegram's return must know sooner, and what is
//! wrong. Messages are sent through the library all the same: there every message is tried again
//! anyhow.

use super::rate_limit::TOO_MANY_REQUESTS;
use super::trouble::Trouble;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::time::Duration;
use teloxide::Bot;
use teloxide::requests::Payload;

/// What the Bot API answers, whether it grants or refuses.
#[derive(Deserialize)]
struct Answer<T> {
    result: Option<T>,
    #[serde(default)]
    error_code: u16,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
}

/// Calls a method; what it gives, or why nothing came of it within the time.
pub(super) async fn call<P>(bot: &Bot, payload: &P, within: Duration) -> Result<P::Output, Trouble>
where
    P: Payload + Serialize,
    P::Output: DeserializeOwned,
{
    let mut address = bot.api_url();
    // By segments and not by joining texts: an address of the settings may have a path of its own.
    if let Ok(mut path) = address.path_segments_mut() {
        path.push(&format!("bot{}", bot.token())).push(P::NAME);
    }
    let body = serde_json::to_vec(payload).map_err(|error| Trouble::Refused(error.to_string()))?;
    let request = bot.client().post(address);
    let request = request.header("content-type", "application/json");
    let answered = async {
        let answer = request.timeout(within).body(body).send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    };
    let (status, text) = answered.await.map_err(|error| unanswered(&error))?;
    read(status, &text)
}

/// Why no answer came. The address of a request holds the token, so only the cause behind it is
/// told.
fn unanswered(error: &reqwest::Error) -> Trouble {
    if error.is_timeout() && !error.is_connect() {
        return Trouble::Slow;
    }
    if error.is_connect() && error.is_timeout() {
        return Trouble::Unreachable("连接超时".to_string());
    }
    let mut cause: &dyn Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    Trouble::Unreachable(cause.to_string())
}

fn read<T: DeserializeOwned>(status: u16, text: &str) -> Result<T, Trouble> {
    let Ok(answer) = serde_json::from_str::<Answer<T>>(text) else {
        return Err(match status {
            500.. => Trouble::Server(status),
            _ => Trouble::NotTelegram(status),
        });
    };
    if let Some(result) = answer.result {
        return Ok(result);
    }
    let is_webhook = answer.description.contains("webhook");
    Err(match answer.error_code {
        // An answer of another program, in JSON as well.
        0 => Trouble::NotTelegram(status),
        401 | 404 => Trouble::Token,
        // One code for two causes, of which we can mend this one ourselves.
        409 if is_webhook => Trouble::WebhookInTheWay,
        409 => Trouble::Conflict,
        TOO_MANY_REQUESTS => Trouble::TooOften(answer.parameters.retry_after.unwrap_or(1)),
        code @ 500.. => Trouble::Server(code),
        _ => Trouble::Refused(answer.description),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_is_told_apart() {
        let said = |status, text: &str| read::<bool>(status, text);
        assert_eq!(said(200, "{\"ok\":true,\"result\":true}"), Ok(true));
        for (status, text, expected) in [
            (200, "<html>请登录</html>", Trouble::NotTelegram(200)),
            (302, "", Trouble::NotTelegram(302)),
            (404, "<html>nginx</html>", Trouble::NotTelegram(404)),
            (200, "{\"login\":\"required\"}", Trouble::NotTelegram(200)),
            (502, "<html>Bad Gateway</html>", Trouble::Server(502)),
            (
                401,
                "{\"ok\":false,\"error_code\":401,\"description\":\"Unauthorized\"}",
                Trouble::Token,
            ),
            (
                409,
                "{\"ok\":false,\"error_code\":409,\"description\":\"Conflict: terminated by other getUpdates request\"}",
                Trouble::Conflict,
            ),
            (
                409,
                "{\"ok\":false,\"error_code\":409,\"description\":\"Conflict: can't use getUpdates method while webhook is active\"}",
                Trouble::WebhookInTheWay,
            ),
            (
                429,
                "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests\",\"parameters\":{\"retry_after\":7}}",
                Trouble::TooOften(7),
            ),
            (
                400,
                "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: bad webhook\"}",
                Trouble::Refused("Bad Request: bad webhook".to_string()),
            ),
        ] {
            assert_eq!(said(status, text), Err(expected), "{status} {text}");
        }
    }
}
