//! One flush for many that wait: whoever comes while a flush is under way shares the next one.
//!
//! sled's own `flush_async` takes a thread of its pool for each that waits; when all of them wait for writes that need a
//! thread of the same pool, nothing goes on. So there is never more than one at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Mutex;

/// Counts who waits and what is on disk.
#[derive(Debug, Clone, Default)]
pub(super) struct Flushing {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    turn: Mutex<()>,
    asked: AtomicU64,
    done: AtomicU64,
}

impl Flushing {
    /// Waits until everything that was written before is on disk.
    pub(super) async fn flush(&self, database: &sled::Db) -> sled::Result<()> {
        let mine = self.inner.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let _turn = self.inner.turn.lock().await;
        if self.inner.done.load(Ordering::SeqCst) >= mine {
            return Ok(());
        }
        let covers = self.inner.asked.load(Ordering::SeqCst);
        let database = database.clone();
        let flushed = tokio::task::spawn_blocking(move || database.flush()).await;
        flushed.map_err(|error| sled::Error::Io(std::io::Error::other(error)))??;
        self.inner.done.store(covers, Ordering::SeqCst);
        Ok(())
    }
}
