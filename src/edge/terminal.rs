//! The local chat: a line is a message of a private chat, the reply is printed.

use super::direct::{BOT, Direct};
use crate::app::{App, Limits};
use crate::chat::{ChatKind, Conversation, Demonstrating, Incoming, move_clock, words};
use crate::ports::{
    Attachment, ChatId, Messenger, MovableClock, Outgoing, PersonId, SendOutcome, Sending,
};
use crate::remind;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::sync::watch;

/// So many names are tried for the directory of the run's files.
const MOST_DIRECTORIES: u32 = 1_000;

/// Prints messages; remembers the buttons of the last one that had any.
#[derive(Default)]
pub struct Printer {
    buttons: Mutex<Vec<String>>,
    /// How many messages were printed: the number of the last.
    printed: AtomicI32,
    /// Where files are kept, once there is one.
    directory: Mutex<Option<PathBuf>>,
}

impl Printer {
    /// The buttons of a message as numbered words.
    fn offered(&self, message: &Outgoing) -> String {
        // What copies has no meaning here: the text stands in the terminal.
        let buttons: Vec<_> = message
            .buttons
            .iter()
            .flatten()
            .filter_map(|button| Some((&button.label, button.id()?)))
            .collect();
        if buttons.is_empty() {
            return message.body.plain();
        }
        *self.buttons.lock().unwrap_or_else(PoisonError::into_inner) =
            buttons.iter().map(|(_, id)| (*id).to_string()).collect();
        let words: Vec<String> = buttons
            .iter()
            .enumerate()
            .map(|(at, (label, _))| format!("［{} {label}］", at + 1))
            .collect();
        format!("{}\n{}（回复数字）", message.body.plain(), words.join(""))
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
    fn last(&self) -> Option<i32> {
        Some(self.printed.load(Ordering::SeqCst)).filter(|number| *number > 0)
    }

    /// The button that a line names by its number.
    fn pressed(&self, line: &str) -> Option<String> {
        let number: usize = line.parse().ok()?;
        self.buttons
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(number.checked_sub(1)?)
            .cloned()
    }
}

impl Messenger for Printer {
    // What is promised to chats of a messenger waits for the messenger.
    fn reaches(&self, chat: ChatId) -> bool {
        chat == ChatId::LOCAL
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            let saved = message
                .attachment
                .as_ref()
                .map(|file| Ok(words::saved(&saved(&self.directory()?, file)?)));
            let said = match saved.transpose() as std::io::Result<Option<String>> {
                Ok(saved) => [Some(self.offered(message)), saved]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join("\n"),
                Err(error) => return SendOutcome::Broken(error.to_string()),
            };
            match print(&said).await {
                Ok(()) => {
                    SendOutcome::Delivered(Some(self.printed.fetch_add(1, Ordering::SeqCst) + 1))
                }
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
/// that somebody else put there, and open to nobody else.
fn own_directory() -> std::io::Result<PathBuf> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    for number in 0..MOST_DIRECTORIES {
        let name = format!("{BOT}-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        match builder.create(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| path),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}

async fn print(text: &str) -> std::io::Result<()> {
    let mut out = tokio::io::stdout();
    out.write_all(text.as_bytes()).await?;
    out.write_all(b"\n\n").await?;
    out.flush().await
}

/// What the local chat works with.
pub struct Terminal {
    /// The core.
    pub app: Arc<App>,
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
    print(&words::terminal_greeting(&scope.join("、"))).await?;
    let messenger = Demonstrating::around(Arc::clone(&printer) as Arc<dyn Messenger>, &app);
    let conversation = Conversation::new(Arc::clone(&app), Arc::clone(&messenger), None);
    // Whoever sits here may ask as much as they like.
    let direct = Direct::new(Arc::clone(&app), conversation.clone(), Limits::new(0));
    let mut lines = BufReader::new(tokio::io::stdin()).split(b'\n');
    let mut message = 0;
    loop {
        let line = tokio::select! {
            line = lines.next_segment() => line?,
            _ = stop.changed() => None,
        };
        let Some(line) = line else {
            if beside && !std::io::stdin().is_terminal() {
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
        let incoming = Incoming {
            chat: ChatId::LOCAL,
            kind: ChatKind::Private,
            person: PersonId::LOCAL,
            name: words::LOCAL_NAME.to_string(),
            message,
            topic: None,
            replies_to_bot: false,
            replied_to: printer.last(),
            text,
            file: None,
            marks: Vec::new(),
        };
        let moved = clock
            .as_ref()
            .and_then(|clock| move_clock(clock, &incoming.text));
        if let Some(shown) = moved {
            print(&shown).await?;
        } else if let Some(button) = printer.pressed(&incoming.text) {
            let (_, replies) = conversation.press(&incoming, &button).await;
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
