//! The local chat: a line is a message of a private chat, the reply is printed.

use super::address::address;
use super::conversation::Conversation;
use super::incoming::{ChatKind, Incoming};
use super::words;
use crate::app::App;
use crate::ports::{ChatId, Messenger, Outgoing, PersonId, SendOutcome, Sending};
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

const LOCAL_CHAT: ChatId = ChatId(0);
const BOT: &str = "planbot";

struct Printer;

impl Messenger for Printer {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            match print(&message.plain).await {
                Ok(()) => SendOutcome::Delivered,
                Err(error) => SendOutcome::Broken(error.to_string()),
            }
        })
    }
}

async fn print(text: &str) -> std::io::Result<()> {
    let mut out = tokio::io::stdout();
    out.write_all(text.as_bytes()).await?;
    out.write_all(b"\n\n").await?;
    out.flush().await
}

/// Talks until the input ends or the program is told to stop. Whoever sits here is an administrator.
pub async fn run_terminal(app: Arc<App>, mut stop: tokio::sync::watch::Receiver<bool>) -> anyhow::Result<()> {
    let scope: Vec<String> = app.edition().book.plans().iter().map(|plan| plan.title.clone()).collect();
    print(&words::terminal_greeting(&scope.join("、"))).await?;
    let printer: Arc<dyn Messenger> = Arc::new(Printer);
    let conversation = Conversation::new(app, Arc::clone(&printer));
    let mut lines = BufReader::new(tokio::io::stdin()).split(b'\n');
    let mut message = 0;
    loop {
        let line = tokio::select! {
            line = lines.next_segment() => line?,
            _ = stop.changed() => None,
        };
        let Some(line) = line else {
            conversation.finish().await;
            return Ok(());
        };
        let text = String::from_utf8_lossy(&line).trim().to_string();
        if text.is_empty() {
            continue;
        }
        message += 1;
        let incoming = Incoming {
            chat: LOCAL_CHAT,
            kind: ChatKind::Private,
            person: PersonId::LOCAL,
            message,
            topic: None,
            replies_to_bot: false,
            text,
        };
        if let Some(addressed) = address(&incoming, BOT) {
            for reply in conversation.reply(&incoming, &addressed).await {
                printer.send(&reply).await;
            }
        }
    }
}
