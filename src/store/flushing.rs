//! One flush for many that wait: whoever comes while a flush is under way shares the next one.
//!
//! sled's own `flush_async` takes a thread of its pool for each that waits; when all of them wait
//! for writes that need a thread of the same pool, nothing goes on. So there is never more than one
//! at a time.

use super::{Store, StoreError};
use crate::workers::Workers;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Mutex;

/// Counts who waits and what is on disk.
#[derive(Debug, Clone)]
pub(super) struct Flushing {
    /// The thread that flushes: under load there is always something to bring to disk.
    thread: Workers,
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    turn: Arc<Mutex<()>>,
    asked: AtomicU64,
    done: AtomicU64,
}

impl Flushing {
    pub(super) fn begin() -> io::Result<Self> {
        Ok(Self {
            thread: Workers::begin("planbot-settles", 1)?,
            inner: Arc::default(),
        })
    }

    /// Waits until everything that was written before is on disk; whoever's turn it is flushes for
    /// all.
    pub(super) async fn settle(&self, store: &Store) -> Result<(), StoreError> {
        let mine = self.inner.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let turn = Arc::clone(&self.inner.turn).lock_owned().await;
        // Somebody's flush began after this one asked, and covers it.
        if self.inner.done.load(Ordering::SeqCst) >= mine {
            return Ok(());
        }
        let store = store.clone();
        // Before the flush: who asks from now on may have written after it began.
        let covers = self.inner.asked.load(Ordering::SeqCst);
        let inner = Arc::clone(&self.inner);
        // The turn goes with the flush: whoever waited for it may be gone before it ends.
        let flushing = self.thread.run(move || {
            let _turn = turn;
            store.flush()?;
            inner.done.store(covers, Ordering::SeqCst);
            Ok(())
        });
        // A flush that panicked has flushed nothing.
        flushing
            .await
            .map_err(|error| StoreError::Flush(error.to_string()))?
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{ChatId, TopicId};
    use crate::store::Store;
    use crate::store::journal::{self, Witness};

    /// When the wait is over everything that was written before stands in sled on the disk: the
    /// journal says so. Whoever settles by and by, every half second, is too slow for this.
    #[tokio::test]
    async fn what_was_waited_for_is_on_disk() {
        let place = tempfile::tempdir().unwrap();
        let store = Store::open(place.path()).unwrap();
        let directory = place.path().join(journal::DIRECTORY);
        for chat in 1..=20 {
            store.keep_topic(ChatId(-chat), Some(TopicId(1))).unwrap();
            store.settle().await.unwrap();
            let witness = Witness::read(&directory, u64::MAX).unwrap().unwrap();
            assert_eq!(witness.kept(), witness.last, "chat {chat}");
        }
    }
}
