//! The two things that the bot cannot make itself: the time, and a message that arrives.

use crate::document::Document;
pub use crate::model::{ChatId, MessageId, PersonId, TopicId};
use chrono::{DateTime, NaiveDate, TimeDelta};
use chrono_tz::Tz;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

/// A button under a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedButton {
    /// What it says.
    pub label: String,
    /// What it does.
    pub does: ButtonAct,
    /// How it stands out, where it does and the messenger can show that.
    pub style: Option<ButtonStyle>,
}

/// How a button stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ButtonStyle {
    /// What is hoped for.
    Good,
    /// What somebody should think about first.
    Grave,
}

/// What a button does when it is pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ButtonAct {
    /// This comes back: opaque, at most 64 bytes.
    SendBack(String),
    /// This is copied for the person, and nothing comes back.
    Copy(String),
    /// Nothing: it says what was done. Left away where the messenger knows no such buttons.
    Nothing,
}

impl OfferedButton {
    /// What comes back, where anything does.
    pub fn id(&self) -> Option<&str> {
        match &self.does {
            ButtonAct::SendBack(id) => Some(id),
            ButtonAct::Copy(_) | ButtonAct::Nothing => None,
        }
    }
}

/// A file that goes with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, with its ending.
    pub name: String,
    /// How it is shown.
    pub kind: AttachmentKind,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// How a file is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttachmentKind {
    /// As a file to keep.
    Document,
    /// As a picture (PNG).
    Picture {
        /// The same as a drawing (SVG) in the colours of a dark ground.
        dark: String,
    },
}

/// A file that a person sent, before it is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentFile {
    /// What the messenger knows it by.
    pub id: String,
    /// Its name as the person has it; may be empty.
    pub name: String,
    /// How large the messenger says that it is, in bytes; 0 where it does not say.
    pub bytes: u64,
}

/// Why a file that a person sent could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchFault {
    /// It is larger than the messenger hands out, or than was asked for.
    TooLarge,
    /// It failed; later it may not.
    Broken(String),
}

/// What a messenger that can may make of a message. One that cannot, or is not let, sends the
/// message as it is: it is complete without.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manner {
    /// Whom alone it is shown to in a group.
    pub quietly: Option<Quietly>,
    /// A reply to it is wanted; what stands in the empty field where it is written.
    pub asks_for: Option<String>,
    /// The same facts as a table.
    pub table: Option<MessageTable>,
}

/// Whom alone a message of a group is shown to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quietly {
    /// The person.
    pub to: PersonId,
    /// The press that it answers, where it answers one.
    pub press: Option<String>,
}

/// A table in a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MessageTable {
    /// What stands above it, in lines.
    pub title: Vec<String>,
    /// The heads of its columns.
    pub heads: Vec<String>,
    /// Its rows, each with a cell for every column.
    pub rows: Vec<Vec<String>>,
}

/// A button that was pressed, with the message that it stands under.
#[derive(Debug, Clone, Copy)]
pub struct UsedButton<'a> {
    pub chat: ChatId,
    pub message: MessageId,
    /// All its buttons, as the messenger told them.
    pub keyboard: &'a str,
    /// What the pressed one sent back.
    pub button: &'a str,
}

/// What the length of a text is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthUnit {
    /// Letters, as a person counts them.
    Letters,
    /// Units of UTF-16: an emoji is two.
    Utf16,
    /// Bytes of UTF-8: a Chinese letter is three.
    Bytes,
}

impl LengthUnit {
    /// What a letter counts.
    pub fn of(self, letter: char) -> usize {
        match self {
            Self::Letters => 1,
            Self::Utf16 => letter.len_utf16(),
            Self::Bytes => letter.len_utf8(),
        }
    }

    /// What a text counts.
    pub fn of_text(self, text: &str) -> usize {
        text.chars().map(|letter| self.of(letter)).sum()
    }
}

/// How much text a message takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextLimits {
    /// The most in a message.
    pub message: usize,
    /// The most under a file.
    pub caption: usize,
    /// What both are counted in.
    pub unit: LengthUnit,
}

/// What a messenger can show and do. What it cannot is said in words, so that nothing is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Its word, as it stands in counters.
    pub name: &'static str,
    /// A button under a message can be pressed.
    pub buttons: bool,
    /// A message can take the place of an earlier one.
    pub edits: bool,
    /// Something flashes up for whoever pressed a button.
    pub flashes: bool,
    /// Files can be sent.
    pub files: bool,
    /// A chat may have topics, and a message belongs to one.
    pub threads: bool,
    /// How much text a message takes; whatever there is where nothing stands here.
    pub limits: Option<TextLimits>,
}

impl Capabilities {
    /// Everything, without limits.
    pub const fn all(name: &'static str) -> Self {
        Self {
            name,
            buttons: true,
            edits: true,
            flashes: true,
            files: true,
            threads: true,
            limits: None,
        }
    }
}

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Where to.
    pub chat: ChatId,
    /// The message that it replies to.
    pub reply_to: Option<MessageId>,
    /// The topic that it belongs to.
    pub topic: Option<TopicId>,
    /// What it says.
    pub body: Document,
    /// Buttons, in rows.
    pub buttons: Vec<Vec<OfferedButton>>,
    /// A file; then the text stands under it.
    pub attachment: Option<Attachment>,
    /// The bot's own message that this one takes the place of.
    pub replaces: Option<MessageId>,
    /// How it is shown, where the messenger can.
    pub manner: Manner,
}

impl Outgoing {
    /// A message that says something to a chat and is nothing more.
    pub fn new(chat: ChatId, body: Document) -> Self {
        Self {
            chat,
            reply_to: None,
            topic: None,
            body,
            buttons: Vec::new(),
            attachment: None,
            replaces: None,
            manner: Manner::default(),
        }
    }
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// It arrived; its number in the chat, where the messenger tells it.
    Delivered(Option<MessageId>),
    /// Not before so many seconds.
    Later(u64),
    /// The chat has another id now.
    Moved(ChatId),
    /// The chat cannot be reached any more.
    Gone(String),
    /// It failed and surely did not arrive; later it may.
    Broken(String),
    /// It cannot be sent as it is, now or later: a closed topic, a message that cannot be changed.
    Refused(String),
    /// The connection ended; whether it arrived is not known.
    Unknown(String),
}

impl SendOutcome {
    /// Its word, for counting.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Delivered(_) => "delivered",
            Self::Later(_) => "later",
            Self::Moved(_) => "moved",
            Self::Gone(_) => "gone",
            Self::Broken(_) => "broken",
            Self::Refused(_) => "refused",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// A boxed future, so that the trait can be used as an object.
pub type Sending<'a> = Pin<Box<dyn Future<Output = SendOutcome> + Send + 'a>>;

/// A boxed future of whether something holds.
pub(crate) type Asking<'a> = Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

/// A boxed future of a file's bytes.
pub(crate) type Fetching<'a> =
    Pin<Box<dyn Future<Output = Result<Vec<u8>, FetchFault>> + Send + 'a>>;

/// Sends messages.
pub trait Messenger: Send + Sync {
    /// What it can show and do.
    fn capabilities(&self) -> Capabilities;

    /// Answers a press on a button: whoever pressed sees the text for a moment.
    fn answer_press<'a>(&'a self, _press: &'a str, _text: &'a str) -> Sending<'a> {
        Box::pin(async { SendOutcome::Delivered(None) })
    }

    /// Shows that a button was used, so that nobody presses it again.
    fn use_up<'a>(&'a self, _used: UsedButton<'a>) -> Sending<'a> {
        Box::pin(async { SendOutcome::Delivered(None) })
    }

    /// Whether a chat is one of this messenger's: what is promised to another waits for its own.
    fn reaches(&self, _chat: ChatId) -> bool {
        true
    }

    /// Whether a message to a chat could arrive now: what is promised to one that nobody has open
    /// is not tried, and nothing is written for it, until somebody has.
    fn hears(&self, _chat: ChatId) -> bool {
        true
    }

    /// Whether a person administers a chat.
    fn administers<'a>(&'a self, _chat: ChatId, _person: PersonId) -> Asking<'a> {
        Box::pin(async { false })
    }

    /// The bytes of a file that a person sent, at most so many.
    fn fetch<'a>(&'a self, _file: &'a SentFile, _most_bytes: u64) -> Fetching<'a> {
        Box::pin(async { Err(FetchFault::Broken("no files come through here".to_string())) })
    }

    /// Sends one message and tells what became of it.
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a>;
}

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present moment in the zone of the plan.
    fn now(&self) -> DateTime<Tz>;

    /// The moment as it really is, also where the clock was moved by hand.
    fn really(&self) -> DateTime<Tz> {
        self.now()
    }

    /// Whether it can be moved by hand: then nothing that it says is meant for real.
    fn is_demo(&self) -> bool {
        false
    }

    /// The present day in the zone of the plan.
    fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }
}

/// The machine's clock, shown in the zone of the plan.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now(&self) -> DateTime<Tz> {
        // Always this zone: due days are those of the plan, wherever the machine stands.
        chrono::Utc::now().with_timezone(&chrono_tz::Asia::Shanghai)
    }
}

/// A clock that stands still: for tests and for `--today`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StandingClock(pub DateTime<Tz>);

impl Clock for StandingClock {
    fn now(&self) -> DateTime<Tz> {
        self.0
    }
}

/// The machine's clock, moved by hand: for the local chat.
#[derive(Debug, Default)]
pub struct MovableClock {
    moved_by: Mutex<TimeDelta>,
}

impl MovableClock {
    /// Moves the clock so that it shows a moment now; it goes on from there.
    pub fn move_to(&self, moment: DateTime<Tz>) {
        // A distance and not a moment, so that the clock goes on from there.
        *self.moved_by.lock().unwrap_or_else(PoisonError::into_inner) = moment - SystemClock.now();
    }
}

impl Clock for MovableClock {
    fn now(&self) -> DateTime<Tz> {
        SystemClock.now() + *self.moved_by.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn really(&self) -> DateTime<Tz> {
        SystemClock.now()
    }

    fn is_demo(&self) -> bool {
        true
    }
}
