//! Who a token belongs to, asked once: for `planbot doctor`. It starts nothing and takes no
//! updates.

use super::{TelegramError, settings_url, without_token};
use crate::config::Telegram;
use std::time::Duration;
use teloxide::prelude::*;
use teloxide::{ApiError, RequestError};

const WITHIN: Duration = Duration::from_secs(15);

/// The bot of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotIdentity {
    /// Its name, without @.
    pub name: String,
    /// Whether every message of a group reaches it: its privacy mode is off.
    pub reads_groups: bool,
}

/// Asks the Bot API who the token belongs to.
pub async fn who_is(settings: &Telegram, token: &str) -> Result<BotIdentity, TelegramError> {
    let unreachable = |error: String| TelegramError::Unreachable(without_token(&error, token));
    let url = reqwest::Url::parse(&settings.api_url)
        .map_err(|error| TelegramError::Address(error.to_string()))?;
    let client = teloxide::net::default_reqwest_settings()
        .timeout(WITHIN)
        .build()
        .map_err(|error| unreachable(error.to_string()))?;
    let bot = Bot::with_client(token, client).set_api_url(url);
    match bot.get_me().await {
        Ok(me) => Ok(BotIdentity {
            name: me.username().to_string(),
            reads_groups: me.can_read_all_group_messages,
        }),
        Err(RequestError::Api(ApiError::InvalidToken)) => Err(TelegramError::Token),
        Err(RequestError::InvalidJson { .. }) => Err(TelegramError::Address(settings_url(&bot))),
        Err(error) => Err(unreachable(error.to_string())),
    }
}
