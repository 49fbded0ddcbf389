//! Telegram, and nothing else knows it: updates by long polling or webhook, one queue a chat,
//! replies, inline answers.
//!
//! The library's dispatcher is not used: it stops the whole bot when a handler panics, and holds
//! all chats up when one floods. Updates are read raw, so that a kind newer than the library is
//! skipped and not fatal.

mod cut;
mod files;
mod inline;
mod intake;
mod limits;
mod marks;
mod pace;
mod payload;
mod poll;
mod queues;
mod refusals;
mod sender;
mod unfinished;
mod updates;
mod webhook;
mod who_is;

pub use who_is::{BotIdentity, who_is};

use super::commands::{self, Audience};
use super::conversation::Conversation;
use crate::app::{App, Counting, Edge};
use crate::config::Telegram;
use crate::ports::{Beside, ChatId, Messenger};
use crate::remind;
use std::sync::Arc;
use std::time::Duration;
use teloxide::prelude::*;
use teloxide::types::{BotCommand, BotCommandScope, Recipient, UserId};
use teloxide::{ApiError, RequestError};
use thiserror::Error;
use tokio::sync::watch;

/// Why the Telegram bot ended or did not start; one sentence for the person who runs it.
#[derive(Debug, Error)]
pub enum TelegramError {
    /// The address is no address, or something else than a Bot API answers there.
    #[error(
        "[telegram] api_url 不是 Bot API 的地址（{0}）；请写成 https://api.telegram.org 这样的形式"
    )]
    Address(String),
    /// The token is refused.
    #[error(
        "Telegram 不接受这个令牌；请核对环境变量 TELOXIDE_TOKEN（从 @BotFather 取得），并确认 api_url 正确"
    )]
    Token,
    /// Another process polls with the same token.
    #[error("另有一个程序正用同一个令牌收消息；请先停掉它，再启动 planbot")]
    Conflict,
    /// The address for webhooks cannot be listened on.
    #[error(
        "不能在 {0} 上接收 webhook（{1}）；请换 [telegram] webhook_listen 的端口，或停掉占用它的程序"
    )]
    Listen(String, String),
    /// Nothing answers.
    #[error("连不上 Telegram（{0}）；请检查网络和 [telegram] api_url")]
    Unreachable(String),
}

/// With the last confirmation behind it (three seconds at most) the end comes within ten.
const STOP_WITHIN: Duration = Duration::from_secs(7);
const START_TRIES: u32 = 3;

/// Who the bot is.
#[derive(Debug, Clone)]
pub(crate) struct Me {
    pub(crate) id: u64,
    pub(crate) name: String,
}

/// Another messenger in the same program: reminders of its chats go through it.
pub struct Neighbour {
    /// The messenger.
    pub messenger: Arc<dyn Messenger>,
    /// Whether a chat is one of its own.
    pub owns: fn(ChatId) -> bool,
}

/// Runs until told to stop; then finishes what was accepted.
pub async fn run(
    app: Arc<App>,
    settings: &Telegram,
    waiting: usize,
    admins: &[i64],
    token: &str,
    beside: Option<Neighbour>,
    stop: watch::Receiver<bool>,
) -> Result<(), TelegramError> {
    app.signs().await_messenger();
    let url = reqwest::Url::parse(&settings.api_url)
        .map_err(|error| TelegramError::Address(error.to_string()))?;
    let client = teloxide::net::default_reqwest_settings()
        .timeout(Duration::from_secs(settings.poll_seconds + 15))
        .build()
        .map_err(|error| TelegramError::Unreachable(error.to_string()))?;
    let bot = Bot::with_client(token, client).set_api_url(url);
    let me = introduce(&bot, token).await?;
    app.signs().heard();
    // A menu is set beside: a server that does not take it must not hold up the answers.
    let menus = tokio::spawn(register_commands(bot.clone(), admins.to_vec()));
    tracing::info!(bot = %me.name, "the bot is listening");
    let sender = sender::TelegramSender::new(
        Arc::clone(&app),
        bot.clone(),
        token.to_string(),
        pace::Pace::new(settings),
    );
    let messenger = Counting::around(Arc::new(sender), Edge::Telegram, &app);
    let conversation =
        Conversation::new(app.clone(), Arc::clone(&messenger), Some(me.name.clone()));
    let reminding: Arc<dyn Messenger> = match beside {
        Some(next) => Arc::new(Beside {
            known: next.messenger,
            is_known: next.owns,
            other: Arc::clone(&messenger),
        }),
        None => Arc::clone(&messenger),
    };
    let reminders = tokio::spawn(remind::run(Arc::clone(&app), reminding, stop.clone()));
    let queues = queues::Queues::new(
        conversation.clone(),
        messenger,
        waiting,
        app.store().cloned(),
        me.id,
    );
    let intake = Arc::new(intake::Intake::new(
        Arc::clone(&app),
        bot.clone(),
        me,
        queues,
    ));
    intake.recover();
    let result = if settings.mode == "webhook" {
        webhook::listen(&bot, settings, token, &app, Arc::clone(&intake), stop)
            .await
            .map(|()| 0)
    } else {
        poll::begin(&bot).await;
        poll::poll(
            &bot,
            settings.poll_seconds,
            token,
            app.signs(),
            &intake,
            stop,
        )
        .await
    };
    if result.is_err() {
        reminders.abort();
    }
    menus.abort();
    let finished = async {
        let _ = reminders.await;
        intake.finish().await;
        conversation.finish().await;
    };
    if tokio::time::timeout(STOP_WITHIN, finished).await.is_err() {
        tracing::warn!(
            "some replies were still under way when the bot stopped; they are sent after the next start"
        );
    }
    if let Ok(offset) = result {
        poll::confirm(&bot, offset).await;
    }
    result.map(|_| ())
}

/// Asks who the bot is; a few tries, so that a short fault of the network at the start is no end.
async fn introduce(bot: &Bot, token: &str) -> Result<Me, TelegramError> {
    let mut tries = 0;
    loop {
        match bot.get_me().await {
            Ok(me) => {
                return Ok(Me {
                    id: me.id.0,
                    name: me.username().to_string(),
                });
            }
            Err(RequestError::Api(ApiError::InvalidToken)) => return Err(TelegramError::Token),
            Err(RequestError::InvalidJson { .. }) => {
                return Err(TelegramError::Address(settings_url(bot)));
            }
            Err(error) => {
                tries += 1;
                if tries >= START_TRIES {
                    return Err(TelegramError::Unreachable(without_token(
                        &error.to_string(),
                        token,
                    )));
                }
                tokio::time::sleep(Duration::from_millis(500 * u64::from(tries))).await;
            }
        }
    }
}

/// The address that the client uses; it does not hold the token.
fn settings_url(bot: &Bot) -> String {
    bot.api_url().to_string()
}

/// The menus by who sees them. A menu that cannot be set is no reason not to answer.
async fn register_commands(bot: Bot, admins: Vec<i64>) {
    let own = |admin: u64| BotCommandScope::Chat {
        chat_id: Recipient::Id(UserId(admin).into()),
    };
    let everywhere = [
        (Audience::Private, BotCommandScope::AllPrivateChats),
        (Audience::Group, BotCommandScope::AllGroupChats),
        (Audience::ChatAdmin, BotCommandScope::AllChatAdministrators),
    ];
    let admins = admins
        .iter()
        .filter_map(|id| u64::try_from(*id).ok())
        .map(|admin| (Audience::Admin, own(admin)));
    for (audience, scope) in everywhere.into_iter().chain(admins) {
        let list: Vec<BotCommand> = commands::menu(audience)
            .map(|(name, description)| BotCommand::new(name, description))
            .collect();
        if let Err(error) = bot.set_my_commands(list).scope(scope).await {
            tracing::warn!(error = ?kind_of(&error), ?audience, "a command menu could not be set");
        }
    }
}

/// The kind of a fault, without addresses (which hold the token).
fn kind_of(error: &RequestError) -> &'static str {
    match error {
        RequestError::Api(_) => "api",
        RequestError::MigrateToChatId(_) => "migrated",
        RequestError::RetryAfter(_) => "retry after",
        RequestError::Network(_) => "network",
        RequestError::InvalidJson { .. } => "answer not understood",
        RequestError::Io(_) => "io",
    }
}

/// A text without the token.
fn without_token(text: &str, token: &str) -> String {
    text.replace(token, "***")
}
