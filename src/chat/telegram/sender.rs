//! One message out, and one place that says what became of it.

use super::{kind_of, without_token};
use crate::ports::{Asking, ChatId, Messenger, Outgoing, PersonId, SendOutcome, Sending};
use teloxide::prelude::*;
use teloxide::types::{
    CallbackQueryId, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageId, ParseMode, ReplyParameters, ThreadId,
    UserId,
};
use teloxide::{ApiError, Bot, RequestError};

/// Sends through the Bot API.
pub struct TelegramSender {
    bot: Bot,
    token: String,
}

impl TelegramSender {
    /// A sender; the token is kept only to be taken out of messages about faults.
    pub fn new(bot: Bot, token: String) -> Self {
        Self { bot, token }
    }

    async fn deliver(&self, message: &Outgoing) -> SendOutcome {
        let preview = LinkPreviewOptions {
            is_disabled: true,
            url: None,
            prefer_small_media: false,
            prefer_large_media: false,
            show_above_text: false,
        };
        let mut request = self
            .bot
            .send_message(teloxide::types::ChatId(message.chat.0), &message.html)
            .parse_mode(ParseMode::Html)
            .link_preview_options(preview);
        if let Some(reply_to) = message.reply_to {
            request = request.reply_parameters(ReplyParameters::new(MessageId(reply_to)).allow_sending_without_reply());
        }
        if let Some(topic) = message.topic {
            request = request.message_thread_id(ThreadId(MessageId(topic)));
        }
        if !message.buttons.is_empty() {
            let rows = message.buttons.iter().map(|row| row.iter().map(|button| InlineKeyboardButton::callback(&button.label, &button.id)));
            request = request.reply_markup(InlineKeyboardMarkup::new(rows));
        }
        match request.await {
            Ok(_) => SendOutcome::Delivered,
            Err(error) => self.outcome(&error),
        }
    }

    fn outcome(&self, error: &RequestError) -> SendOutcome {
        match error {
            RequestError::RetryAfter(seconds) => SendOutcome::Later(seconds.duration().as_secs().max(1)),
            RequestError::MigrateToChatId(chat) => SendOutcome::Moved(ChatId(chat.0)),
            RequestError::Api(ApiError::Unknown(text)) if text.contains("Bad Gateway") => SendOutcome::Broken(text.clone()),
            RequestError::Api(api) if is_gone(api) => SendOutcome::Gone(api.to_string()),
            RequestError::Network(network) if !network.is_connect() => {
                SendOutcome::Unknown(without_token(&network.to_string(), &self.token))
            }
            RequestError::InvalidJson { .. } | RequestError::Io(_) => SendOutcome::Unknown(kind_of(error).to_string()),
            other => SendOutcome::Broken(format!("{}: {}", kind_of(other), without_token(&other.to_string(), &self.token))),
        }
    }
}

/// Faults after which no further message can arrive in the chat.
fn is_gone(error: &ApiError) -> bool {
    matches!(
        error,
        ApiError::BotBlocked
            | ApiError::BotKicked
            | ApiError::BotKickedFromSupergroup
            | ApiError::BotKickedFromChannel
            | ApiError::UserDeactivated
            | ApiError::ChatNotFound
            | ApiError::GroupDeactivated
    )
}

impl Messenger for TelegramSender {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(self.deliver(message))
    }

    fn answer_press<'a>(&'a self, press: &'a str, text: &'a str) -> Sending<'a> {
        Box::pin(async move {
            match self.bot.answer_callback_query(CallbackQueryId(press.to_string())).text(text).await {
                Ok(_) => SendOutcome::Delivered,
                Err(error) => self.outcome(&error),
            }
        })
    }

    fn administers<'a>(&'a self, chat: ChatId, person: PersonId) -> Asking<'a> {
        Box::pin(async move {
            let Ok(person) = u64::try_from(person.0) else { return false };
            let member = self.bot.get_chat_member(teloxide::types::ChatId(chat.0), UserId(person)).await;
            member.is_ok_and(|member| member.kind.is_privileged())
        })
    }
}
