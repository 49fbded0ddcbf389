//! Begins the program anew, in its own place, where the state could not be written and can be
//! again.
//!
//! sled stays with its first fault of the disk until it is opened anew, and everything that it
//! holds in memory by then is doubtful. What was accepted is finished first, as on a stop; the
//! process keeps its number, so that whatever manages services sees no end.

use crate::files;
use crate::store::Store;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::watch;

const LOOK_EVERY: Duration = Duration::from_secs(10);
/// The disk must take a file of this size, twice in a row: a little room is gone at once.
const ROOM: usize = 1 << 20;
const ROOMY_LOOKS: u32 = 2;
/// Where that did not help, it is tried again after twice the time, up to an hour.
const FIRST_WAIT: Duration = Duration::from_secs(20);
const MOST_DOUBLINGS: u32 = 8;
/// The file that is written and taken away again.
const TRIAL: &str = "room-for-more";

/// Whether the program is to begin anew when it has ended in order.
#[derive(Clone, Default)]
pub(super) struct Anew(Arc<AtomicBool>);

impl Anew {
    pub(super) fn is_wanted(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Watches until told to stop; tells to stop itself where beginning anew helps. `times` says
    /// how often the program was begun anew before.
    pub(super) async fn watch(
        self,
        (store, state): (Store, PathBuf),
        times: u32,
        told: watch::Sender<bool>,
        mut stop: watch::Receiver<bool>,
    ) {
        let wait = FIRST_WAIT * 2_u32.pow(times.min(MOST_DOUBLINGS));
        let begun = tokio::time::Instant::now();
        let mut roomy = 0;
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
            if store.try_writing().await.is_ok() {
                roomy = 0;
                continue;
            }
            let place = state.clone();
            let has_room = tokio::task::spawn_blocking(move || has_room(&place)).await;
            roomy = if has_room.unwrap_or(false) {
                roomy + 1
            } else {
                0
            };
            if roomy >= ROOMY_LOOKS && begun.elapsed() >= wait {
                tracing::warn!("the state can be written again; the program begins anew");
                self.0.store(true, Ordering::SeqCst);
                let _ = told.send(true);
                return;
            }
        }
    }
}

/// Whether the disk takes a file.
fn has_room(state: &Path) -> bool {
    let trial = state.join(TRIAL);
    let written = files::write_whole(&trial, &"0".repeat(ROOM));
    let removed = files::remove_file(&trial);
    written.and(removed).is_ok()
}

/// Puts the program in its own place, from the beginning, with its arguments. Comes back only where
/// that fails, with a sentence that says so.
#[cfg(unix)]
pub(super) fn begin(times: u32) -> String {
    use crate::config;
    use std::os::unix::process::CommandExt;
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => return failed(&error),
    };
    let mut command = std::process::Command::new(program);
    command.args(std::env::args_os().skip(1));
    command.env(config::BEGUN_ANEW, (times + 1).to_string());
    failed(&command.exec())
}

#[cfg(not(unix))]
pub(super) fn begin(_: u32) -> String {
    failed(&std::io::ErrorKind::Unsupported.into())
}

fn failed(error: &std::io::Error) -> String {
    format!("状态又能写了，但程序没能自己重新开始（{error}）；请重新启动 planbot")
}
