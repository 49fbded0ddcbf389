//! The client of the Bot API by the settings: its address and the proxy on the way.

use super::TelegramError;
use crate::config::Telegram;
use std::time::Duration;
use teloxide::Bot;

/// A client whose calls end within so long. Without a proxy of its own it goes by the system's
/// variables (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`).
pub(super) fn bot(
    settings: &Telegram,
    token: &str,
    within: Duration,
) -> Result<Bot, TelegramError> {
    let address = reqwest::Url::parse(&settings.api_url)
        .map_err(|error| TelegramError::Address(error.to_string()))?;
    let mut client = teloxide::net::default_reqwest_settings().timeout(within);
    if let Some(proxy) = &settings.proxy {
        // The address of a proxy may hold a password: it is not repeated.
        let proxy = reqwest::Proxy::all(proxy).map_err(|_| TelegramError::Proxy)?;
        client = client.proxy(proxy);
    }
    let client = client.build().map_err(|_| TelegramError::Proxy)?;
    Ok(Bot::with_client(token, client).set_api_url(address))
}
