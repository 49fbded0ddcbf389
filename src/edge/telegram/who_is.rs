//! Who a token belongs to: for `planbot doctor`, and before anything is taken. It starts nothing
//! and takes no updates.

use super::TelegramError;
use super::call::call;
use super::client;
use super::trouble::Trouble;
use crate::config::Telegram;
use crate::model::BotId;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use teloxide::Bot;
use teloxide::requests::Payload;

/// Who is asked answers within.
const WITHIN: Duration = Duration::from_secs(10);

#[derive(Serialize)]
struct GetMe {}

impl Payload for GetMe {
    type Output = BotIdentity;
    const NAME: &'static str = "GetMe";
}

/// The bot of a token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct BotIdentity {
    pub id: BotId,
    /// Its name, without @.
    #[serde(rename = "username")]
    pub name: String,
    /// Whether every message of a group reaches it: its privacy mode is off.
    #[serde(rename = "can_read_all_group_messages", default)]
    pub reads_groups: bool,
}

/// Asks the Bot API who the token belongs to.
pub(crate) async fn who_is(settings: &Telegram, token: &str) -> Result<BotIdentity, TelegramError> {
    let bot = client::bot(settings, token, WITHIN)?;
    identity(&bot).await.map_err(TelegramError::Trouble)
}

pub(super) async fn identity(bot: &Bot) -> Result<BotIdentity, Trouble> {
    call(bot, &GetMe {}, WITHIN).await
}
