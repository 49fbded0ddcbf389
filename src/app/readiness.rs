//! Whether the bot can do its work: signs of life where it does something, and what keeps it from
//! working.
//!
//! The machine's clock is used, not the bot's own: that one can be moved.

use super::App;
use crate::files;
use crate::ports::{Clock, SystemClock};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Reminders are seen to every twenty seconds; many messages at once take longer.
const TICK_WITHIN_SECONDS: i64 = 300;
/// A poll waits for a minute at most, and one that failed is followed by a pause.
const HEARD_WITHIN_SECONDS: i64 = 180;
/// The state is written within.
const WRITTEN_WITHIN: Duration = Duration::from_secs(5);
/// With less room the state cannot be written for long; `planbot doctor` calls it a fault too.
const NO_ROOM: u64 = 8 * 1024 * 1024;

/// What keeps the bot from its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hindrance {
    /// The state cannot be written: why.
    Unwritable(String),
    /// The state is not written in time.
    SlowDisk,
    /// So few megabytes are left where the state is.
    LittleRoom(u64),
    /// Reminders were not seen to for so many seconds, or not at all since the start.
    NoTick(Option<i64>),
    /// The messenger was not heard from for so many seconds, or not at all since the start.
    NotHeard(Option<i64>),
    /// The messenger cannot be used, with the sentence that its edge has for it.
    Messenger(String),
}

/// When something that shows that the bot works last happened, as Unix time in seconds; nought:
/// not yet.
#[derive(Debug, Default)]
pub struct Signs {
    ticked: AtomicI64,
    heard: AtomicI64,
    awaits_messenger: AtomicBool,
    /// What keeps the messenger from being used, as its edge last said.
    messenger_trouble: Mutex<Option<String>>,
    /// What is wrong with the disk, as was last found.
    disk_fault: Mutex<Option<Hindrance>>,
    takes_up_again: AtomicBool,
}

impl Signs {
    /// Reminders were seen to.
    pub fn ticked(&self) {
        self.ticked.store(now(), Ordering::Relaxed);
    }

    /// From now on a messenger must be heard from.
    pub fn await_messenger(&self) {
        self.awaits_messenger.store(true, Ordering::Relaxed);
    }

    /// The messenger's server answered.
    pub fn heard(&self) {
        self.heard.store(now(), Ordering::Relaxed);
    }

    /// The messenger cannot be used: why, in a sentence without its end.
    pub fn messenger_fails(&self, why: String) {
        *self.trouble() = Some(why);
    }

    /// The messenger can be used. That a message arrived does not say so: where another program
    /// takes the updates, messages arrive all the same.
    pub fn messenger_works(&self) {
        *self.trouble() = None;
        self.heard();
    }

    fn trouble(&self) -> MutexGuard<'_, Option<String>> {
        lock(&self.messenger_trouble)
    }

    /// Something is wrong with the state's disk.
    pub fn disk_fails(&self, fault: Hindrance) {
        *lock(&self.disk_fault) = Some(fault);
    }

    /// Nothing is wrong with it any more.
    pub fn disk_works(&self) {
        *lock(&self.disk_fault) = None;
        self.takes_up_again.store(false, Ordering::Relaxed);
    }

    /// The program was begun anew because the state could not be written: that it can be is told.
    pub fn take_up_again(&self) {
        self.takes_up_again.store(true, Ordering::Relaxed);
    }

    /// Whether it was begun anew for that, and it was not yet told.
    pub fn takes_up_again(&self) -> bool {
        self.takes_up_again.load(Ordering::Relaxed)
    }

    /// What is known to be wrong at present, without looking: for whoever administers.
    pub fn troubles(&self) -> Vec<Hindrance> {
        let messenger = self.trouble().clone().map(Hindrance::Messenger);
        let disk = lock(&self.disk_fault).clone();
        disk.into_iter().chain(messenger).collect()
    }

    /// When reminders were last seen to.
    pub(super) fn last_tick(&self) -> Option<i64> {
        happened(&self.ticked)
    }

    fn missing(&self, reminds: bool, now: i64) -> Vec<Hindrance> {
        // Where reminders are switched off nothing ticks.
        let tick = if reminds {
            overdue(self.last_tick(), TICK_WITHIN_SECONDS, now).map(Hindrance::NoTick)
        } else {
            None
        };
        let awaits = self.awaits_messenger.load(Ordering::Relaxed);
        let heard = match self.trouble().clone() {
            Some(why) => Some(Hindrance::Messenger(why)),
            // The local chat and the page alone await nobody: silence is no sign there.
            None if awaits => {
                overdue(happened(&self.heard), HEARD_WITHIN_SECONDS, now).map(Hindrance::NotHeard)
            }
            None => None,
        };
        tick.into_iter().chain(heard).collect()
    }
}

impl App {
    /// Signs that the bot works.
    pub fn signs(&self) -> &Signs {
        &self.signs
    }

    /// What keeps the bot from its work; nothing where it can do all of it. That an edition is
    /// loaded need not be looked at: without one there is no app.
    pub async fn hindrances(&self) -> Vec<Hindrance> {
        let mut found = Vec::from_iter(self.disk_fault().await);
        found.extend(self.signs.missing(self.reminds(), now()));
        found
    }

    /// What is wrong with the state's disk now: the state is written to, and its room looked at.
    pub async fn disk_fault(&self) -> Option<Hindrance> {
        let store = self.store()?;
        // By writing and not by asking: a disk may say that it is well and take nothing.
        match tokio::time::timeout(WRITTEN_WITHIN, store.try_writing()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Some(Hindrance::Unwritable(error.cause())),
            Err(_) => return Some(Hindrance::SlowDisk),
        }
        // Where it cannot be told how much room there is, writing has shown enough.
        let free = files::free_space(store.directory()?).ok()?;
        (free < NO_ROOM).then_some(Hindrance::LittleRoom(free / (1024 * 1024)))
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

fn now() -> i64 {
    SystemClock.now().timestamp()
}

fn happened(moment: &AtomicI64) -> Option<i64> {
    Some(moment.load(Ordering::Relaxed)).filter(|moment| *moment > 0)
}

/// Nothing where it happened in time; otherwise how long ago it was, where it ever was.
fn overdue(last: Option<i64>, within: i64, now: i64) -> Option<Option<i64>> {
    let ago = last.map(|last| now - last);
    ago.is_none_or(|ago| ago > within).then_some(ago)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_did_not_happen_in_time_is_named() {
        let signs = Signs::default();
        let at = now();
        assert_eq!(
            signs.missing(false, at),
            [],
            "without reminders and messenger nothing is missing"
        );
        signs.await_messenger();
        assert_eq!(
            signs.missing(true, at),
            [Hindrance::NoTick(None), Hindrance::NotHeard(None)]
        );
        signs.ticked();
        signs.heard();
        assert_eq!(signs.missing(true, now()), []);
        signs.ticked.store(at, Ordering::Relaxed);
        signs.heard.store(at, Ordering::Relaxed);
        assert_eq!(signs.missing(true, at + 180), []);
        assert_eq!(
            signs.missing(true, at + 181),
            [Hindrance::NotHeard(Some(181))]
        );
        assert_eq!(
            signs.missing(true, at + 301),
            [Hindrance::NoTick(Some(301)), Hindrance::NotHeard(Some(301))]
        );
        assert_eq!(
            signs.missing(true, at - 3_600),
            [],
            "a clock that was set back is no fault"
        );
    }
}
