//! What is done beside the writing: what nobody waits for is brought to disk, the journal too, and
//! the journal is made a snapshot where it has become long.
//!
//! What fails here is tried again; where sled cannot be written at all, the next change says so.

use super::ledger::Ledger;
use super::reach;
use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// As often as sled would do it by itself.
const EVERY: Duration = Duration::from_millis(500);

/// The thread that does it, until the state is let go of.
#[derive(Debug)]
pub(super) struct Keeper {
    signal: Arc<(Mutex<bool>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    pub(super) fn begin(ledger: Arc<Ledger>, database: sled::Db) -> io::Result<Self> {
        let signal = Arc::new((Mutex::new(false), Condvar::new()));
        let told = Arc::clone(&signal);
        // Before the thread: it may begin late, and what was written until then is not on disk.
        let mut kept = ledger.last();
        let thread = std::thread::Builder::new()
            .name("planbot-keeper".to_string())
            .spawn(move || {
                while !waited(&told) {
                    kept = keep(&ledger, &database, kept).unwrap_or(kept);
                    let _ = ledger.condense_where_long();
                }
                let _ = keep(&ledger, &database, kept);
            })?;
        Ok(Self {
            signal,
            thread: Some(thread),
        })
    }
}

/// Waits a while; says whether the state is let go of.
fn waited((is_over, condition): &(Mutex<bool>, Condvar)) -> bool {
    let is_over = is_over.lock().unwrap_or_else(PoisonError::into_inner);
    if *is_over {
        return true;
    }
    let waited = condition.wait_timeout(is_over, EVERY);
    *waited.unwrap_or_else(PoisonError::into_inner).0
}

/// Brings both to disk where anything has changed; says up to which change they are there.
pub(super) fn keep(ledger: &Ledger, database: &sled::Db, kept: u64) -> sled::Result<u64> {
    if ledger.last() == kept {
        return Ok(kept);
    }
    // The journal first: what sled has the journal must have.
    ledger.sync()?;
    ledger.settle(|number| reach::flush(database, number))
}

impl Drop for Keeper {
    fn drop(&mut self) {
        let (is_over, condition) = &*self.signal;
        *is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        condition.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{ChatId, TopicId};
    use crate::store::Store;
    use crate::store::journal::{self, Witness};

    /// Whoever writes and ends within half a second has waited for no disk; it is brought there
    /// before the state is let go of.
    #[test]
    fn what_was_written_last_is_on_disk_when_the_state_is_let_go_of() {
        let place = tempfile::tempdir().unwrap();
        let store = Store::open(place.path()).unwrap();
        store.keep_topic(ChatId(-7), Some(TopicId(1))).unwrap();
        drop(store);
        let directory = place.path().join(journal::DIRECTORY);
        let witness = Witness::read(&directory, u64::MAX).unwrap().unwrap();
        assert_eq!(witness.kept(), witness.last);
    }
}
