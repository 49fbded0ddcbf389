//! The edge to whoever writes: what arrives comes in by one door (`intake`), waits its turn
//! (`queues`), and each messenger is a folder or a file here that knows its own wire and nothing
//! else. Which of them run is said here alone: a further one is opened in [`run_messengers`], gets
//! its line on the switchboard, and runs beside.

mod cut;
mod direct;
mod event;
mod intake;
mod plainly;
mod queues;
mod switchboard;
pub(crate) mod telegram;
mod terminal;

pub(crate) use direct::Direct;
pub(crate) use switchboard::Switchboard;
pub use terminal::{Input, Printer, Terminal, run_terminal};

use crate::app::App;
use crate::config::Config;
use crate::model::Whose;
use crate::ports::Messenger;
use std::sync::Arc;
use telegram::{Beside, TelegramEdge, TelegramError};
use tokio::sync::watch;

/// Runs what people write to the bot through, and the reminders of all chats, until told to stop.
/// The page is served elsewhere; here its chats are reminded.
///
/// # Errors
/// What only a person can mend: an address that is taken, a proxy that is none, and a token that is
/// refused where no page is open.
pub async fn run_messengers(
    app: Arc<App>,
    config: &Config,
    token: &str,
    page: Option<Arc<dyn Messenger>>,
    stop: watch::Receiver<bool>,
) -> Result<(), TelegramError> {
    let telegram = TelegramEdge::open(Arc::clone(&app), config, token).await?;
    let mut switchboard = Switchboard::of(telegram.messenger());
    let beside = match page {
        Some(page) => {
            switchboard = switchboard.with(Whose::Page, page);
            Beside::Messengers
        }
        None => Beside::Nothing,
    };
    // Before anybody knows who the bot is: an outage of Telegram holds up no reminder of the page.
    let reminding = tokio::spawn(switchboard.see_to_reminders(app, stop.clone()));
    // Here and not in a task: its end is the end of the program's edge.
    let result = telegram.run(beside, stop).await;
    if result.is_err() {
        // Nobody was told to stop: the reminders would go on alone.
        reminding.abort();
    }
    let _ = reminding.await;
    result
}
