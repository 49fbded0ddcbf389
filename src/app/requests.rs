//! What another process asks of the running bot: its state as a backup. Only the bot can read it,
//! since it holds the lock.
//!
//! A request is an empty file below the state directory. The bot writes the answer aside, renames
//! it and removes the request; a request that is gone without an answer was refused. Only names are
//! read, so whoever may write into the directory may ask, and nobody can make the bot do anything
//! else.

use crate::files;
use crate::ports::Clock;
use crate::store::{Stamp, Store, StoreError};
use crate::workers::Workers;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::sync::watch;

const DIRECTORY: &str = "requests";
const ASKED: &str = "export";
const ANSWERED: &str = "answer";
/// Whoever asks sits at a terminal: they wait for less than half a second.
const LOOK_EVERY: Duration = Duration::from_millis(300);
/// Ten seconds in all, as the sentence of [`RequestError::Silent`] says.
const ASK_EVERY: Duration = Duration::from_millis(100);
const ASK_TIMES: u32 = 100;

/// Why the running bot did not answer; one sentence for the person who asked.
#[derive(Debug, Error)]
pub(crate) enum RequestError {
    /// The request cannot be written, or the answer cannot be read.
    #[error(
        "无法在 {path} 里请正在运行的 planbot 导出（{source}）；请检查磁盘空间和权限，或先停掉它再试"
    )]
    Disk {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It took the request and could not write the answer.
    #[error("正在运行的 planbot 没能导出；原因在它的日志里，请检查磁盘空间后再试")]
    Refused,
    /// Nobody took it.
    #[error("状态目录 {0} 正被另一个 planbot 使用，而它 10 秒内没有应答；请再试一次，或先停掉它")]
    Silent(PathBuf),
}

/// The name under which this program's backups are made.
pub(crate) fn stamp(clock: &dyn Clock) -> Stamp {
    Stamp {
        version: env!("CARGO_PKG_VERSION").to_string(),
        at: clock.now().to_rfc3339(),
    }
}

/// Answers requests until told to stop. A directory that cannot be written is logged once; the bot
/// runs without it.
pub(crate) async fn serve(
    state: PathBuf,
    store: Store,
    (thread, clock): (Workers, Arc<dyn Clock>),
    mut stop: watch::Receiver<bool>,
) {
    let directory = state.join(DIRECTORY);
    // What an earlier run left is asked for by nobody any more.
    let fresh =
        files::remove_directory(&directory).and_then(|()| files::create_directory(&directory));
    if let Err(error) = fresh {
        tracing::warn!(%error, "no backups while running: the directory of requests cannot be written");
        return;
    }
    while !*stop.borrow() {
        let (place, from, now) = (directory.clone(), store.clone(), Arc::clone(&clock));
        let answering = thread.run(move || answer_all(&place, &from, now.as_ref()));
        if let Err(error) = answering.await {
            tracing::error!(%error, "a request ended early");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stop.changed() => return,
        }
    }
}

fn answer_all(directory: &Path, store: &Store, clock: &dyn Clock) {
    let waiting = files::list_by_age(directory).unwrap_or_default();
    for request in waiting
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == ASKED))
    {
        let answer = request.with_extension(ANSWERED);
        match answered(store, clock, &answer) {
            Ok(()) => tracing::info!("the state was exported on request"),
            Err(error) => tracing::error!(%error, "the state could not be exported on request"),
        }
        // Whoever asked may have gone meanwhile: then nobody takes the answer away.
        let left = if request.exists() {
            files::remove_file(request)
        } else {
            files::remove_file(&answer)
        };
        if let Err(error) = left {
            tracing::warn!(%error, "a request could not be removed");
        }
    }
}

fn answered(store: &Store, clock: &dyn Clock, answer: &Path) -> Result<(), AnswerError> {
    files::write_whole_by(answer, |file| Ok(store.export_to(&stamp(clock), file)?))
}

#[derive(Debug, Error)]
enum AnswerError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("cannot write the answer: {0}")]
    Disk(#[from] io::Error),
}

/// Asks the bot that runs on a state for a backup's text, and waits a bounded time for it.
pub(crate) fn ask(state: &Path, clock: &dyn Clock) -> Result<Vec<u8>, RequestError> {
    let directory = state.join(DIRECTORY);
    let disk = |source| RequestError::Disk {
        path: directory.clone(),
        source,
    };
    let name = format!(
        "{}-{}.{ASKED}",
        std::process::id(),
        clock.now().timestamp_micros()
    );
    let request = directory.join(name);
    let answer = request.with_extension(ANSWERED);
    let mut asked = false;
    for _ in 0..ASK_TIMES {
        if !asked {
            asked = match files::write_mark(&request) {
                // A bot that is just starting makes the directory in a moment.
                Err(error) if error.kind() == io::ErrorKind::NotFound => false,
                other => other.map(|()| true).map_err(disk)?,
            };
        }
        // The bot takes the request away last, so whoever sees it gone finds the whole answer or
        // none.
        let taken = asked && !request.exists();
        if taken && answer.exists() {
            let bytes = files::read_whole(&answer).map_err(disk);
            let _ = files::remove_file(&answer);
            return bytes;
        }
        if taken {
            return Err(RequestError::Refused);
        }
        std::thread::sleep(ASK_EVERY);
    }
    let _ = files::remove_file(&request);
    Err(RequestError::Silent(state.to_path_buf()))
}
