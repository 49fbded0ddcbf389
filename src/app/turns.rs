//! Questions are thought about off the async threads, so many at once as there are cores: more of
//! them would each take a thread with its memory, and be done no sooner.

use anyhow::Context;
use tokio::sync::Semaphore;

/// Who may think now.
pub(super) struct Turns {
    free: Semaphore,
}

/// Two at least: a slow question alone holds up nobody.
const FEWEST: usize = 2;

impl Default for Turns {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(FEWEST, usize::from);
        Self {
            free: Semaphore::new(cores.max(FEWEST)),
        }
    }
}

impl Turns {
    /// Thinks when it is its turn, first come first served.
    pub(super) async fn take<T: Send + 'static>(
        &self,
        think: impl FnOnce() -> T + Send + 'static,
    ) -> anyhow::Result<T> {
        let _turn = self.free.acquire().await;
        tokio::task::spawn_blocking(think)
            .await
            .context("the question's task ended early")
    }
}
