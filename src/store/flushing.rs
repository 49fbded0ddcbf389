//! One flush for many that wait: whoever comes while a flush is under way shares the next one.
//!
//! sled's own `flush_async` takes a thread of its pool for each that waits; when all of them wait for writes that need a
//! thread of the same pool, nothing goes on. So there is never more than one at a time. When one follows closely on
//! another, it waits a moment, so that more can share it: a disk that is never idle costs more than the moment.

use super::{Store, StoreError};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// So long after a flush the next one begins.
const PAUSE: Duration = Duration::from_millis(1);

/// Counts who waits and what is on disk.
#[derive(Debug, Clone, Default)]
pub(super) struct Flushing {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// When the last flush ended.
    turn: Mutex<Option<Instant>>,
    asked: AtomicU64,
    done: AtomicU64,
}

impl Flushing {
    /// Waits until everything that was written before is on disk; whoever's turn it is flushes for all.
    pub(super) async fn settle(&self, store: &Store) -> Result<(), StoreError> {
        let mine = self.inner.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let mut ended = self.inner.turn.lock().await;
        if self.inner.done.load(Ordering::SeqCst) >= mine {
            return Ok(());
        }
        if let Some(ended) = *ended {
            tokio::time::sleep_until(ended + PAUSE).await;
        }
        let store = store.clone();
        let covers = self.inner.asked.load(Ordering::SeqCst);
        let flushed = tokio::task::spawn_blocking(move || store.flush()).await;
        // A flush that panicked has flushed nothing.
        *ended = Some(Instant::now());
        flushed.map_err(|error| StoreError::Flush(error.to_string()))??;
        self.inner.done.store(covers, Ordering::SeqCst);
        Ok(())
    }
}
