//! One message out, and one place that says what became of it.

use super::pace::Pace;
use super::{kind_of, without_token};
use crate::ports::{
    Asking, Attachment, AttachmentKind, ButtonAct, ChatId, Fetching, Messenger, OfferedButton,
    Outgoing, PersonId, SendOutcome, Sending, SentFile,
};
use serde::{Deserialize, Serialize};
use teloxide::payloads::{
    EditMessageText, EditMessageTextSetters, SendDocumentSetters, SendMessage, SendMessageSetters,
    SendPhotoSetters,
};
use teloxide::prelude::*;
use teloxide::requests::{JsonRequest, Payload};
use teloxide::types::{
    CallbackQueryId, CopyTextButton, InlineKeyboardButton, InlineKeyboardButtonKind,
    InlineKeyboardMarkup, InputFile, LinkPreviewOptions, MessageId, ParseMode, ReplyParameters,
    ThreadId, UserId,
};
use teloxide::{ApiError, Bot, RequestError};

/// The most UTF-16 units in the text under a file.
const LONGEST_CAPTION: usize = 1_000;

const NO_PREVIEW: LinkPreviewOptions = LinkPreviewOptions {
    is_disabled: true,
    url: None,
    prefer_small_media: false,
    prefer_large_media: false,
    show_above_text: false,
};

/// Sends through the Bot API.
pub struct TelegramSender {
    bot: Bot,
    token: String,
    pace: Pace,
}

/// A request of which only the new message's number is read: nothing in the rest of the reply,
/// which may be of a kind newer than the library, makes a message that arrived look as if it had
/// not.
#[derive(Clone, Serialize)]
#[serde(transparent)]
struct Numbered<P>(P);

#[derive(Deserialize)]
struct SentMessage {
    message_id: i32,
}

impl<P: Payload> Payload for Numbered<P> {
    type Output = SentMessage;
    const NAME: &'static str = P::NAME;
}

/// Sets what all kinds of messages have in common.
macro_rules! addressed {
    ($request:expr, $message:expr) => {{
        let mut request = $request;
        if let Some(reply_to) = $message.reply_to {
            request = request.reply_parameters(
                ReplyParameters::new(MessageId(reply_to)).allow_sending_without_reply(),
            );
        }
        if let Some(topic) = $message.topic {
            request = request.message_thread_id(ThreadId(MessageId(topic)));
        }
        if !$message.buttons.is_empty() {
            request = request.reply_markup(keyboard(&$message.buttons));
        }
        request
    }};
}

impl TelegramSender {
    /// A sender; the token is kept only to be taken out of messages about faults.
    pub fn new(bot: Bot, token: String, pace: Pace) -> Self {
        Self { bot, token, pace }
    }

    async fn deliver(&self, message: &Outgoing) -> SendOutcome {
        if let Err(seconds) = self.pace.turn(message.chat).await {
            return SendOutcome::Later(seconds);
        }
        let sent = match (&message.attachment, message.replaces) {
            (Some(file), _) => self.send_file(message, file).await,
            (None, Some(number)) => self.edit(message, number).await,
            (None, None) => self.send_text(message, true).await,
        };
        match sent {
            // A text whose marks are refused goes out without them: an answer is not lost to a
            // mark.
            Err(RequestError::Api(ApiError::CantParseEntities(_)))
                if message.attachment.is_none() =>
            {
                match self.send_text(message, false).await {
                    Ok(number) => SendOutcome::Delivered(Some(number)),
                    Err(error) => self.outcome(&error),
                }
            }
            // It says that already.
            Err(RequestError::Api(ApiError::MessageNotModified)) => {
                SendOutcome::Delivered(message.replaces)
            }
            Ok(number) => SendOutcome::Delivered(Some(number)),
            Err(error) => self.outcome(&error),
        }
    }

    async fn send_text(&self, message: &Outgoing, marked: bool) -> Result<i32, RequestError> {
        let text = if marked {
            &message.html
        } else {
            &message.plain
        };
        let mut request =
            SendMessage::new(chat(message.chat), text).link_preview_options(NO_PREVIEW);
        if marked {
            request = request.parse_mode(ParseMode::Html);
        }
        self.number(addressed!(request, message)).await
    }

    async fn edit(&self, message: &Outgoing, number: i32) -> Result<i32, RequestError> {
        let request = EditMessageText::new(chat(message.chat), MessageId(number), &message.html);
        let request = request
            .parse_mode(ParseMode::Html)
            .link_preview_options(NO_PREVIEW);
        self.number(request.reply_markup(keyboard(&message.buttons)))
            .await
    }

    /// Sends a request and reads the message's number.
    async fn number<P: Payload + Serialize + 'static>(
        &self,
        payload: P,
    ) -> Result<i32, RequestError> {
        Ok(JsonRequest::new(self.bot.clone(), Numbered(payload))
            .await?
            .message_id)
    }

    async fn send_file(&self, message: &Outgoing, file: &Attachment) -> Result<i32, RequestError> {
        let content = InputFile::memory(file.bytes.clone()).file_name(file.name.clone());
        let caption = if message.html.encode_utf16().count() <= LONGEST_CAPTION {
            message.html.as_str()
        } else {
            ""
        };
        let sent = match file.kind {
            AttachmentKind::Document => {
                let request = self
                    .bot
                    .send_document(chat(message.chat), content)
                    .caption(caption)
                    .parse_mode(ParseMode::Html);
                addressed!(request, message).await
            }
            AttachmentKind::Picture => {
                let request = self
                    .bot
                    .send_photo(chat(message.chat), content)
                    .caption(caption)
                    .parse_mode(ParseMode::Html);
                addressed!(request, message).await
            }
        };
        Ok(sent?.id.0)
    }

    fn outcome(&self, error: &RequestError) -> SendOutcome {
        match error {
            RequestError::RetryAfter(seconds) => {
                SendOutcome::Later(seconds.duration().as_secs().max(1))
            }
            RequestError::MigrateToChatId(chat) => SendOutcome::Moved(ChatId(chat.0)),
            RequestError::Api(ApiError::Unknown(text)) if is_passing(text) => {
                SendOutcome::Broken(text.clone())
            }
            RequestError::Api(api) if is_gone(api) => SendOutcome::Gone(api.to_string()),
            RequestError::Api(api) => SendOutcome::Refused(api.to_string()),
            RequestError::Network(network) if !network.is_connect() => {
                SendOutcome::Unknown(without_token(&network.to_string(), &self.token))
            }
            RequestError::InvalidJson { .. } | RequestError::Io(_) => {
                SendOutcome::Unknown(kind_of(error).to_string())
            }
            other => SendOutcome::Broken(format!(
                "{}: {}",
                kind_of(other),
                without_token(&other.to_string(), &self.token)
            )),
        }
    }
}

fn chat(chat: ChatId) -> teloxide::types::ChatId {
    teloxide::types::ChatId(chat.0)
}

fn keyboard(rows: &[Vec<OfferedButton>]) -> InlineKeyboardMarkup {
    let button = |button: &OfferedButton| match &button.does {
        ButtonAct::SendBack(id) => InlineKeyboardButton::callback(&button.label, id),
        ButtonAct::Copy(text) => InlineKeyboardButton::new(
            &button.label,
            InlineKeyboardButtonKind::CopyText(CopyTextButton { text: text.clone() }),
        ),
    };
    InlineKeyboardMarkup::new(rows.iter().map(|row| row.iter().map(button)))
}

/// Faults of the server that pass.
fn is_passing(text: &str) -> bool {
    [
        "Bad Gateway",
        "Internal Server Error",
        "Gateway Timeout",
        "Service Unavailable",
        "restart",
    ]
    .iter()
    .any(|word| text.contains(word))
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
    fn fetch<'a>(&'a self, file: &'a SentFile, most_bytes: u64) -> Fetching<'a> {
        Box::pin(super::files::fetch(
            &self.bot,
            &self.token,
            file,
            most_bytes,
        ))
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(self.deliver(message))
    }

    fn answer_press<'a>(&'a self, press: &'a str, text: &'a str) -> Sending<'a> {
        Box::pin(async move {
            match self
                .bot
                .answer_callback_query(CallbackQueryId(press.to_string()))
                .text(text)
                .await
            {
                Ok(_) => SendOutcome::Delivered(None),
                Err(error) => self.outcome(&error),
            }
        })
    }

    fn administers<'a>(&'a self, of: ChatId, person: PersonId) -> Asking<'a> {
        Box::pin(async move {
            let Ok(user) = u64::try_from(person.0) else {
                // Only its administrators write in a group's own name.
                return person.0 == of.0;
            };
            let member = self.bot.get_chat_member(chat(of), UserId(user)).await;
            member.is_ok_and(|member| member.kind.is_privileged())
        })
    }
}
