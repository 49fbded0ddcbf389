//! Telegram, and nothing else knows it: updates by long polling or webhook, sends, inline answers.
//!
//! The library's dispatcher is not used: it stops the whole bot when a handler panics, and holds
//! all chats up when one floods. Updates are read raw, so that a kind newer than the library is
//! skipped and not fatal.

mod announcing;
mod arrivals;
mod call;
mod client;
mod files;
mod html;
mod html_message;
mod inline;
mod line;
mod marks;
mod message_size;
mod payload;
mod poll;
mod rate_limit;
mod refusals;
mod sender;
mod trouble;
mod unfinished;
mod updates;
mod webhook;
mod who_is;

pub(crate) use trouble::Trouble;
pub(crate) use who_is::{BotIdentity, who_is};

use super::event::BotAccount;
use super::intake::Intake;
use super::queues::Queues;
use crate::app::{App, Counting};
use crate::chat::{Conversation, MenuReader, menu};
use crate::config::Config;
use crate::connections::Listening;
use crate::ports::Messenger;
use arrivals::Arrivals;
use line::TelegramLine;
use std::sync::Arc;
use std::time::Duration;
use teloxide::RequestError;
use teloxide::prelude::*;
use teloxide::types::{BotCommand, BotCommandScope, Recipient, UserId};
use thiserror::Error;
use tokio::sync::{mpsc, watch};
use trouble::Pauses;
use webhook::Door;

/// Why the Telegram bot does not start: what only a person can mend. One sentence for whoever runs
/// it.
#[derive(Debug, Error)]
pub enum TelegramError {
    /// The address is no address.
    #[error(
        "[telegram] api_url 不是 Bot API 的地址（{0}）；请写成 https://api.telegram.org 这样的形式"
    )]
    Address(String),
    /// The proxy is none.
    #[error("环境变量 TELOXIDE_PROXY 不是代理的地址；请写成 http://127.0.0.1:3128 这样的形式")]
    Proxy,
    /// The address for webhooks cannot be listened on.
    #[error(
        "不能在 {0} 上接收 webhook（{1}）；请换 [telegram] webhook_listen 的端口，或停掉占用它的程序"
    )]
    Listen(String, String),
    /// It cannot be used now: for whoever asks only once, and for a token that is refused before
    /// anything else runs.
    #[error("{0}")]
    Trouble(Trouble),
}

/// After this at most three seconds go to the last confirmation, so that the end comes within ten.
const STOP_WITHIN: Duration = Duration::from_secs(7);

/// The edge to Telegram, ready to run: messages can be sent through it before anybody knows who the
/// bot is.
pub(crate) struct TelegramEdge {
    app: Arc<App>,
    bot: Bot,
    line: Arc<TelegramLine>,
    /// What is to be told to administrators of the line.
    words: mpsc::Receiver<String>,
    messenger: Arc<dyn Messenger>,
    /// Where updates come in, where they do not have to be fetched.
    door: Option<(Arc<Door>, Listening)>,
    poll_seconds: u64,
    /// So many messages of one chat may wait.
    waiting: usize,
    admins: Vec<i64>,
}

impl TelegramEdge {
    /// Opens it by the settings; what only a person can mend is found here.
    pub(crate) async fn open(
        app: Arc<App>,
        config: &Config,
        token: &str,
    ) -> Result<Self, TelegramError> {
        app.signs().await_messenger();
        let settings = &config.telegram;
        let call_within = Duration::from_secs(settings.poll_seconds + 15);
        let bot = client::bot(settings, token, call_within)?;
        // Before Telegram is asked anything: an address that is taken is found at the start.
        let door = webhook::open(settings).await?;
        let (line, words) = TelegramLine::new(&app);
        let sender = sender::TelegramSender::new(
            Arc::clone(&app),
            bot.clone(),
            token.to_string(),
            rate_limit::Pace::new(settings),
            Arc::clone(&line),
        );
        Ok(Self {
            messenger: Counting::around(Arc::new(sender), &app),
            app,
            bot,
            line,
            words,
            door,
            poll_seconds: settings.poll_seconds,
            waiting: config.chat.waiting,
            admins: config.admins.ids.clone(),
        })
    }

    /// Sends to Telegram's chats, its sends counted.
    pub(crate) fn messenger(&self) -> Arc<dyn Messenger> {
        Arc::clone(&self.messenger)
    }

    /// Runs until told to stop; then finishes what was accepted. That Telegram cannot be used ends
    /// nothing, and it is tried again; only a token that is refused ends it, where nothing else
    /// runs.
    pub(crate) async fn run(
        self,
        beside: Beside,
        stop: watch::Receiver<bool>,
    ) -> Result<(), TelegramError> {
        let (door, listening) = self.door.unzip();
        let telling = tokio::spawn(line::tell_administrators(
            Arc::clone(&self.app),
            Arc::clone(&self.messenger),
            self.words,
        ));
        // The listener is there before anybody knows who the bot is: whoever looks after the
        // program asks `/healthz` from its first moment.
        let serving = door
            .clone()
            .zip(listening)
            .map(|(door, listening)| tokio::spawn(webhook::serve(door, listening, stop.clone())));
        let me = introduce(&self.bot, &self.line, beside, stop.clone()).await?;
        let running = async {
            let me = me?;
            // A menu is set beside: a server that does not take it must not hold up the answers.
            let menus = tokio::spawn(register_commands(self.bot.clone(), self.admins));
            tracing::info!(bot = %me.name, "the bot is listening");
            let (app, messenger) = (Arc::clone(&self.app), Arc::clone(&self.messenger));
            let conversation = Conversation::new(app, messenger, Some(me.name.clone()));
            let store = self.app.store().cloned();
            let queues = Queues::new(
                conversation.clone(),
                self.messenger,
                self.waiting,
                store,
                me.id,
            );
            let intake = Intake::new(Arc::clone(&self.app), me.clone(), queues);
            let arrivals = Arc::new(Arrivals::new(self.app, self.bot.clone(), me, intake));
            // What the last run accepted is answered before anything newer is taken.
            arrivals.recover();
            let offset = match door {
                Some(door) => {
                    door.let_in(Arc::clone(&arrivals));
                    door.keep_announced(&self.bot, &self.line, stop).await;
                    0
                }
                None => poll::poll(&self.bot, self.poll_seconds, &self.line, &arrivals, stop).await,
            };
            // Menus of the last start are still there; nobody waits for them at the end.
            menus.abort();
            Some((arrivals, conversation, offset))
        };
        let taken = running.await;
        telling.abort();
        let finished = async {
            if let Some(serving) = serving {
                let _ = serving.await;
            }
            if let Some((arrivals, conversation, _)) = &taken {
                arrivals.finish().await;
                conversation.finish().await;
            }
        };
        if tokio::time::timeout(STOP_WITHIN, finished).await.is_err() {
            tracing::warn!(
                "some replies were still under way when the bot stopped; they are sent after the next start"
            );
        }
        if let Some((_, _, offset)) = taken {
            poll::confirm(&self.bot, offset).await;
        }
        Ok(())
    }
}

/// What runs beside this edge in the same program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    /// Nothing of use: without Telegram the program may as well end.
    Nothing,
    /// Another messenger, which goes on without Telegram.
    Messengers,
}

/// Asks who the bot is until Telegram says it; nothing where the program is told to stop before. A
/// token that is refused ends it where nothing else runs that could be of use.
async fn introduce(
    bot: &Bot,
    line: &TelegramLine,
    beside: Beside,
    mut stop: watch::Receiver<bool>,
) -> Result<Option<BotAccount>, TelegramError> {
    let mut pauses = Pauses::default();
    while !*stop.borrow() {
        let asked = tokio::select! {
            asked = who_is::identity(bot) => asked,
            _ = stop.changed() => break,
        };
        let trouble = match asked {
            Ok(BotIdentity { id, name, .. }) => {
                line.heard();
                return Ok(Some(BotAccount { id, name }));
            }
            Err(trouble) => trouble,
        };
        if trouble == Trouble::Token && beside == Beside::Nothing {
            return Err(TelegramError::Trouble(trouble));
        }
        line.failed(&trouble);
        tokio::select! {
            () = tokio::time::sleep(pauses.next(&trouble)) => {}
            _ = stop.changed() => break,
        }
    }
    Ok(None)
}

/// The menus by who sees them. A menu that cannot be set is no reason not to answer.
async fn register_commands(bot: Bot, admins: Vec<i64>) {
    // An administrator's own chat has their number: the menu of that chat is one for them alone.
    let own = |admin: u64| BotCommandScope::Chat {
        chat_id: Recipient::Id(UserId(admin).into()),
    };
    let everywhere = [
        (MenuReader::Private, BotCommandScope::AllPrivateChats),
        (MenuReader::Group, BotCommandScope::AllGroupChats),
        (
            MenuReader::ChatAdmin,
            BotCommandScope::AllChatAdministrators,
        ),
    ];
    let admins = admins
        .iter()
        .filter_map(|id| u64::try_from(*id).ok())
        .map(|admin| (MenuReader::Admin, own(admin)));
    for (audience, scope) in everywhere.into_iter().chain(admins) {
        let list: Vec<BotCommand> = menu(audience)
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
