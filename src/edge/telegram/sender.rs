//! One message out, and one place that says what became of it: it arrived, it must wait (429), it
//! is refused for good, nobody knows.

use super::html_message::HtmlMessage;
use super::line::TelegramLine;
use super::payload::{self, EditKeyboard, EditText, PayloadForm, SendTable, SendText, SentMessage};
use super::rate_limit::{self, Pace};
use super::refusals::{self, Means};
use super::unfinished::Unfinished;
use super::{kind_of, message_size, without_token};
use crate::app::App;
use crate::chat::words;
use crate::ports::{
    Asking, Attachment, AttachmentKind, ButtonAct, Capabilities, ChatId, Fetching, MessageId,
    MessageTable, Messenger, OfferedButton, Outgoing, PersonId, SendOutcome, Sending, SentFile,
    UsedButton,
};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;
use teloxide::payloads::{SendDocumentSetters, SendPhotoSetters};
use teloxide::prelude::*;
use teloxide::requests::{JsonRequest, Payload};
use teloxide::types::{
    CallbackQueryId, CopyTextButton, InlineKeyboardButton, InlineKeyboardButtonKind,
    InlineKeyboardMarkup, InputFile, MessageId as TelegramMessageId, ParseMode, ReplyParameters,
    ThreadId, UserId,
};
use teloxide::{ApiError, Bot, RequestError};

/// While Telegram cannot be used, whoever wants to send looks again after so many seconds.
const LOOK_AGAIN_SECONDS: u64 = 3;

/// Sends through the Bot API.
pub(crate) struct TelegramSender {
    app: Arc<App>,
    bot: Bot,
    token: String,
    pace: Pace,
    unfinished: Unfinished,
    line: Arc<TelegramLine>,
}

/// A message of a topic that takes none, for the chat itself.
fn in_general(message: &HtmlMessage) -> HtmlMessage {
    let general = HtmlMessage {
        topic: None,
        replaces: None,
        ..message.clone()
    };
    general.noted(words::TOPIC_CLOSED)
}

/// Sets what files have in common.
macro_rules! addressed {
    ($request:expr, $message:expr) => {{
        let mut request = $request;
        if let Some(reply_to) = $message.reply_to {
            request = request.reply_parameters(
                ReplyParameters::new(TelegramMessageId(reply_to.0)).allow_sending_without_reply(),
            );
        }
        if let Some(topic) = $message.topic {
            request = request.message_thread_id(ThreadId(TelegramMessageId(topic.0)));
        }
        if !$message.buttons.is_empty() {
            request = request.reply_markup(keyboard(&$message.buttons));
        }
        request
    }};
}

impl TelegramSender {
    /// A sender; the token is kept only to be taken out of messages about faults.
    pub(crate) fn new(
        app: Arc<App>,
        bot: Bot,
        token: String,
        pace: Pace,
        line: Arc<TelegramLine>,
    ) -> Self {
        Self {
            app,
            bot,
            token,
            pace,
            unfinished: Unfinished::default(),
            line,
        }
    }

    /// Sends a message, in parts where it is more than Telegram takes at once; gives the number of
    /// the first.
    async fn deliver(&self, message: &HtmlMessage) -> SendOutcome {
        // Not even tried: each try would wait for its own timeout, and hold up its chat.
        if self.line.is_down() {
            return SendOutcome::Later(LOOK_AGAIN_SECONDS);
        }
        let Some(parts) = message_size::parts(message) else {
            return self.deliver_part(message).await;
        };
        // Only where the text is too long for one message: a table takes more than a text does.
        if let Some(table) = message.manner.table.as_ref()
            && message.replaces.is_none()
            && let Some(outcome) = self.deliver_table(message, table).await
        {
            return outcome;
        }
        // Parts that arrived before a failure are not sent again.
        let (done, mut first) = self.unfinished.take(message);
        for (at, part) in parts.iter().enumerate().skip(done) {
            match self.deliver_part(part).await {
                SendOutcome::Delivered(number) if at == 0 => first = number,
                SendOutcome::Delivered(_) => {}
                failed => {
                    self.unfinished.keep(message, at, first);
                    return failed;
                }
            }
        }
        SendOutcome::Delivered(first)
    }

    /// Sends a message that is too long for a text as its table; nothing where that is not taken.
    async fn deliver_table(
        &self,
        message: &HtmlMessage,
        table: &MessageTable,
    ) -> Option<SendOutcome> {
        if let Err(seconds) = self.pace.turn(message.chat).await {
            return Some(SendOutcome::Later(seconds));
        }
        match self.call(SendTable::of(message, table)).await {
            Ok(number) => Some(SendOutcome::Delivered(number)),
            // An older server does not know tables: the message goes out as text.
            Err(RequestError::Api(error)) if may_be_of_form(message, &description(&error)) => None,
            Err(error) => Some(self.outcome(&error)),
        }
    }

    /// Sends a message that Telegram takes at once.
    async fn deliver_part(&self, message: &HtmlMessage) -> SendOutcome {
        if let Err(seconds) = self.pace.turn(message.chat).await {
            return SendOutcome::Later(seconds);
        }
        let mut sent = self.attempt(message, PayloadForm::Full).await;
        // A server that does not take the newer form of a message gets the older one.
        if let Err(RequestError::Api(error)) = &sent
            && payload::has_newer(message)
            && may_be_of_form(message, &description(error))
        {
            tracing::debug!(
                error = description(error),
                "a message goes out in its plain form"
            );
            sent = self.attempt(message, PayloadForm::Plain).await;
        }
        match sent {
            // Closed or gone: what it says goes to the chat itself, and says so.
            Err(RequestError::Api(error))
                if message.topic.is_some()
                    && refusals::meaning(&description(&error)) == Some(Means::Topic) =>
            {
                Box::pin(self.deliver(&in_general(message))).await
            }
            // A text whose marks are refused goes out without them: an answer is not lost to a
            // mark.
            Err(RequestError::Api(ApiError::CantParseEntities(_)))
                if message.attachment.is_none() =>
            {
                match self.call(SendText::unmarked(message)).await {
                    Ok(number) => SendOutcome::Delivered(number),
                    Err(error) => self.outcome(&error),
                }
            }
            // It says that already.
            Err(RequestError::Api(ApiError::MessageNotModified)) => {
                SendOutcome::Delivered(message.replaces)
            }
            Ok(number) => SendOutcome::Delivered(number),
            Err(error) => self.outcome(&error),
        }
    }

    /// Sends a message in a form; gives its number.
    async fn attempt(
        &self,
        message: &HtmlMessage,
        form: PayloadForm,
    ) -> Result<Option<MessageId>, RequestError> {
        let table = message
            .manner
            .table
            .as_ref()
            .filter(|_| form == PayloadForm::Full);
        match (&message.attachment, message.replaces, table) {
            (Some(file), _, _) => self.send_file(message, file).await.map(Some),
            (None, Some(number), _) => self.call(EditText::of(message, number, form)).await,
            (None, None, Some(table)) => self.call(SendTable::of(message, table)).await,
            (None, None, None) => self.call(SendText::marked(message, form)).await,
        }
    }

    /// Makes a call and reads the message's number.
    async fn call<P: Payload<Output = SentMessage> + Serialize + 'static>(
        &self,
        payload: P,
    ) -> Result<Option<MessageId>, RequestError> {
        let sent = JsonRequest::new(self.bot.clone(), payload).await?;
        Ok(sent.number())
    }

    /// Changes the buttons under a message.
    async fn change_buttons(&self, used: UsedButton<'_>, reply_markup: Value) -> SendOutcome {
        let (chat_id, message_id) = (used.chat.0, used.message);
        let change = EditKeyboard {
            chat_id,
            message_id,
            reply_markup,
        };
        match self.call(change).await {
            Ok(number) => SendOutcome::Delivered(number),
            Err(error) => self.outcome(&error),
        }
    }

    async fn send_file(
        &self,
        message: &HtmlMessage,
        file: &Attachment,
    ) -> Result<MessageId, RequestError> {
        let content = InputFile::memory(file.bytes.clone()).file_name(file.name.clone());
        let caption = message.text.html.as_str();
        let sent = match file.kind {
            AttachmentKind::Document => {
                let request = self
                    .bot
                    .send_document(chat(message.chat), content)
                    .caption(caption)
                    .parse_mode(ParseMode::Html);
                addressed!(request, message).await
            }
            AttachmentKind::Picture { .. } => {
                let request = self
                    .bot
                    .send_photo(chat(message.chat), content)
                    .caption(caption)
                    .parse_mode(ParseMode::Html);
                addressed!(request, message).await
            }
        };
        Ok(MessageId(sent?.id.0))
    }

    fn outcome(&self, error: &RequestError) -> SendOutcome {
        if let Some(seconds) = rate_limit::seconds_to_wait(error) {
            return SendOutcome::Later(seconds);
        }
        match error {
            RequestError::MigrateToChatId(chat) => SendOutcome::Moved(ChatId(chat.0)),
            RequestError::Api(api) => {
                let said = description(api);
                match refusals::meaning(&said) {
                    Some(Means::Passing) => SendOutcome::Broken(said),
                    // A topic's message goes to the chat before this is asked.
                    Some(Means::Gone | Means::Topic) => SendOutcome::Gone(said),
                    None => SendOutcome::Refused(said),
                }
            }
            // The connection stood, so the message may have arrived. What found no connection
            // cannot have: that is below.
            RequestError::Network(network) if !network.is_connect() => {
                SendOutcome::Unknown(without_token(&network.to_string(), &self.token))
            }
            // An answer came that nobody can read: what it said of the message is not known.
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

/// The buttons under a file, which the library sends.
fn keyboard(rows: &[Vec<OfferedButton>]) -> InlineKeyboardMarkup {
    let button = |button: &OfferedButton| match &button.does {
        ButtonAct::SendBack(id) => Some(InlineKeyboardButton::callback(&button.label, id)),
        ButtonAct::Copy(text) => Some(InlineKeyboardButton::new(
            &button.label,
            InlineKeyboardButtonKind::CopyText(CopyTextButton { text: text.clone() }),
        )),
        ButtonAct::Nothing => None,
    };
    InlineKeyboardMarkup::new(rows.iter().map(|row| row.iter().filter_map(button)))
}

/// Whether a refusal may be of the newer form of a message: it says nothing known of the chat, or
/// what it says may be of the one person that the message was for.
fn may_be_of_form(message: &HtmlMessage, said: &str) -> bool {
    match refusals::meaning(said) {
        None => true,
        Some(Means::Gone) => message.manner.quietly.is_some(),
        Some(Means::Topic | Means::Passing) => false,
    }
}

/// What the Bot API said.
fn description(error: &ApiError) -> String {
    match error {
        ApiError::Unknown(text) => text.clone(),
        known => known.to_string(),
    }
}

impl Messenger for TelegramSender {
    fn capabilities(&self) -> Capabilities {
        message_size::CAN
    }

    fn fetch<'a>(&'a self, file: &'a SentFile, most_bytes: u64) -> Fetching<'a> {
        Box::pin(super::files::fetch(
            &self.bot,
            &self.token,
            file,
            most_bytes,
        ))
    }

    // The chat at the machine itself is none of Telegram's. One that is not answered is not written
    // to either; what is promised to it waits until it is allowed. While Telegram cannot be used,
    // what is promised stays as it is: no attempt, no failure, nothing written, and nobody else
    // waits for it.
    fn reaches(&self, chat: ChatId) -> bool {
        chat != ChatId::LOCAL && self.app.writes_to(chat) && !self.line.is_down()
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            let outcome = self.deliver(&HtmlMessage::of(message)).await;
            // Only what arrived is a sign of life: a refusal may come from a portal in between.
            if matches!(outcome, SendOutcome::Delivered(_)) {
                self.app.signs().heard();
            }
            outcome
        })
    }

    fn answer_press<'a>(&'a self, press: &'a str, text: &'a str) -> Sending<'a> {
        Box::pin(async move {
            match self
                .bot
                .answer_callback_query(CallbackQueryId(press.to_string()))
                .text(message_size::flash(text))
                .await
            {
                Ok(_) => SendOutcome::Delivered(None),
                Err(error) => self.outcome(&error),
            }
        })
    }

    fn use_up<'a>(&'a self, used: UsedButton<'a>) -> Sending<'a> {
        Box::pin(async move {
            let Some((disabled, without)) = payload::used_up(used.keyboard, used.button) else {
                return SendOutcome::Delivered(None);
            };
            match self.change_buttons(used, disabled).await {
                // A server that knows no disabled buttons.
                SendOutcome::Refused(_) => self.change_buttons(used, without).await,
                outcome => outcome,
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
