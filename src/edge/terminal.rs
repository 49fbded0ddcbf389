//! The local chat: a line is a message of a private chat, the reply is printed.

use super::direct::{BOT, Direct};
use super::plainly::{self, NumberedButtons};
use crate::app::{App, Limits};
use crate::chat::{ChatKind, Conversation, Demonstrating, Incoming, move_clock, words};
use crate::ports::{
    Attachment, Capabilities, ChatId, MessageId, Messenger, MovableClock, Outgoing, PersonId,
    SendOutcome, Sending,
};
use crate::remind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::watch;

/// What a terminal can: it shows lines, and where a file was put.
const CAN: Capabilities = Capabilities {
    name: "terminal",
    buttons: false,
    edits: false,
    flashes: false,
    files: true,
    threads: false,
    limits: None,
};

/// Prints messages; remembers the buttons of the last one that had any.
pub struct Printer {
    numbers: NumberedButtons,
    /// How many messages were printed: the number of the last.
    printed: AtomicI32,
    /// Where files are kept, once there is one.
    directory: Mutex<Option<PathBuf>>,
    /// Where they are printed.
    output: tokio::sync::Mutex<Box<dyn AsyncWrite + Send + Unpin>>,
}

impl Printer {
    /// Prints to a terminal, or whatever else takes letters.
    pub fn to(output: impl AsyncWrite + Send + Unpin + 'static) -> Self {
        Self {
            numbers: NumberedButtons::default(),
            printed: AtomicI32::default(),
            directory: Mutex::default(),
            output: tokio::sync::Mutex::new(Box::new(output)),
        }
    }

    /// Prints a message; an empty line ends it.
    async fn print(&self, text: &str) -> std::io::Result<()> {
        let mut output = self.output.lock().await;
        output.write_all(text.as_bytes()).await?;
        output.write_all(b"\n\n").await?;
        output.flush().await
    }

    /// Where this run keeps files.
    fn directory(&self) -> std::io::Result<PathBuf> {
        let mut known = self
            .directory
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(directory) = known.as_ref() {
            return Ok(directory.clone());
        }
        let made = own_directory()?;
        Ok(known.insert(made).clone())
    }

    /// The number of the last message: what is said next is said to it.
    fn last(&self) -> Option<MessageId> {
        let printed = self.printed.load(Ordering::SeqCst);
        (printed > 0).then_some(MessageId(printed))
    }
}

impl Messenger for Printer {
    fn capabilities(&self) -> Capabilities {
        CAN
    }

    // What is promised to chats of a messenger waits for the messenger.
    fn reaches(&self, chat: ChatId) -> bool {
        chat == ChatId::LOCAL
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            let message = plainly::fitted(message, CAN, &self.numbers);
            let saved = message
                .attachment
                .as_ref()
                .map(|file| Ok(words::saved(&saved(&self.directory()?, file)?)));
            let said = match saved.transpose() as std::io::Result<Option<String>> {
                Ok(saved) => [Some(message.body.plain()), saved]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join("\n"),
                Err(error) => return SendOutcome::Broken(error.to_string()),
            };
            match self.print(&said).await {
                Ok(()) => SendOutcome::Delivered(Some(MessageId(
                    self.printed.fetch_add(1, Ordering::SeqCst) + 1,
                ))),
                Err(error) => SendOutcome::Broken(error.to_string()),
            }
        })
    }
}

/// Keeps a file where the person who sits here finds it.
#[expect(
    clippy::disallowed_methods,
    reason = "the local chat has no other way to give a file"
)]
fn saved(directory: &Path, file: &Attachment) -> std::io::Result<PathBuf> {
    let path = directory.join(&file.name);
    std::fs::write(&path, &file.bytes)?;
    Ok(path)
}

/// A directory of this run alone, among the files of all users: made anew, so that it is no link
/// that somebody else put there, and open to nobody else. It stays after the run.
fn own_directory() -> std::io::Result<PathBuf> {
    let prefix = format!("{BOT}-");
    let mut maker = tempfile::Builder::new();
    maker.prefix(&prefix);
    #[cfg(unix)]
    maker.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    Ok(maker.tempdir()?.keep())
}

/// Where lines come from.
pub struct Input {
    /// Bytes; one line is one message, in UTF-8.
    pub lines: Box<dyn AsyncRead + Send + Unpin>,
    /// Whether a person types them: then their end is the person's wish to end.
    pub is_typed: bool,
}

/// What the local chat works with.
pub struct Terminal {
    /// The core.
    pub app: Arc<App>,
    /// What is said.
    pub input: Input,
    /// The clock that `/clock` moves, in a demonstration.
    pub clock: Option<Arc<MovableClock>>,
    /// Where messages are printed.
    pub printer: Arc<Printer>,
    /// Whether something else beside this chat keeps the program running: then the end of the input
    /// is no end, unless a person at the terminal ends it, and reminders are seen to by a loop of
    /// their own.
    pub beside: bool,
}

/// Talks until the input ends or the program is told to stop. Whoever sits here is an
/// administrator.
pub async fn run_terminal(
    terminal: Terminal,
    mut stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let Terminal {
        app,
        input,
        clock,
        printer,
        beside,
    } = terminal;
    let scope: Vec<String> = app
        .edition()
        .book
        .plans()
        .iter()
        .map(|plan| plan.title.clone())
        .collect();
    printer
        .print(&words::terminal_greeting(&scope.join("、")))
        .await?;
    let messenger = Demonstrating::around(Arc::clone(&printer) as Arc<dyn Messenger>, &app);
    let conversation = Conversation::new(Arc::clone(&app), Arc::clone(&messenger), None);
    // Whoever sits here may ask as much as they like.
    let direct = Direct::new(Arc::clone(&app), conversation.clone(), Limits::new(0), CAN);
    // Bytes and not a line editor: whoever pipes questions in is served alike, and the loop can be
    // told to stop while it waits (rustyline would hold a thread until the next line).
    let mut lines = BufReader::new(input.lines).split(b'\n');
    let mut message = 0;
    loop {
        let line = tokio::select! {
            line = lines.next_segment() => line?,
            _ = stop.changed() => None,
        };
        let Some(line) = line else {
            // Nothing is typed here (a service, a container): the page goes on alone.
            if beside && !input.is_typed {
                let _ = stop.wait_for(|stop| *stop).await;
            }
            conversation.finish().await;
            return Ok(());
        };
        let text = String::from_utf8_lossy(&line).trim().to_string();
        if text.is_empty() {
            continue;
        }
        message += 1;
        let incoming = typed(MessageId(message), text, printer.last());
        let moved = clock
            .as_ref()
            .and_then(|clock| move_clock(clock, &incoming.text));
        if let Some(shown) = moved {
            printer.print(&shown).await?;
        // A number is a button only under a message that has it; else it is a question.
        } else if let Some(button) = printer.numbers.pressed(ChatId::LOCAL, &incoming.text) {
            let (_, replies) = direct.pressed(&incoming, &button).await;
            for reply in replies {
                messenger.send(&reply).await;
            }
        } else {
            for reply in direct.replies(&incoming).await {
                messenger.send(&reply).await;
            }
        }
        if beside {
            app.wake_desk();
        } else {
            remind::tick(&app, messenger.as_ref()).await;
        }
    }
}

/// A line as a message of the private chat, said to the last thing that was printed.
fn typed(message: MessageId, text: String, replied_to: Option<MessageId>) -> Incoming {
    Incoming {
        chat: ChatId::LOCAL,
        kind: ChatKind::Private,
        person: PersonId::LOCAL,
        name: words::LOCAL_NAME.to_string(),
        message,
        topic: None,
        replies_to_bot: false,
        replied_to,
        text,
        file: None,
        marks: Vec::new(),
    }
}
