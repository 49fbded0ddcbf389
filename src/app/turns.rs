//! Questions are thought about off the async threads, on threads of their own, so many at once as
//! there are cores: more of them would each take a thread with its memory, and be done no sooner.
//!
//! What comes in floods (inline queries, the API) or takes long (pictures) has half of the cores at
//! most and a queue with an end: what people say in chats does not wait behind it.

use crate::workers::{EndedEarly, Workers};
use std::io;
use std::sync::Arc;
use thiserror::Error;
use tokio::sync::Semaphore;

/// Who may think now.
pub(super) struct Turns {
    thinking: Workers,
    apart: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

/// Two at least: a slow question alone holds up nobody.
const FEWEST: usize = 2;
/// So many wait for a turn apart; who comes after them is told to come again. A thousand at once
/// are served (`just flood`), and at two milliseconds a question on one core (`just bench`) the
/// last of so many has waited four seconds.
const MOST_WAITING: usize = 2_000;

/// Why there was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoTurn {
    /// Too many are waiting already.
    #[error("too many questions are waiting")]
    Crowded,
    /// The thought panicked; what a panic says may quote the question.
    #[error("the question's task ended early")]
    EndedEarly,
}

/// As many as there are cores.
fn how_many() -> usize {
    let cores = std::thread::available_parallelism().map_or(FEWEST, usize::from);
    cores.max(FEWEST)
}

impl Turns {
    /// Starts the threads that think.
    ///
    /// # Errors
    /// Where the machine has no thread to give.
    pub(super) fn begin() -> io::Result<Self> {
        let turns = how_many();
        Ok(Self {
            thinking: Workers::begin("planbot-thinks", turns)?,
            // At least one, since there are two turns at the fewest.
            apart: Arc::new(Semaphore::new(turns / 2)),
            waiting: Arc::new(Semaphore::new(MOST_WAITING)),
        })
    }

    /// Thinks when it is its turn, first come first served.
    pub(super) async fn take<T: Send + 'static>(
        &self,
        think: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NoTurn> {
        let thought = self.thinking.run(think).await;
        thought.map_err(|EndedEarly| NoTurn::EndedEarly)
    }

    /// Thinks when it is its turn among what stands apart.
    pub(super) async fn take_apart<T: Send + 'static>(
        &self,
        think: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NoTurn> {
        // Refused at once and not kept waiting: a queue without an end is memory that somebody else
        // fills.
        let Ok(place) = Arc::clone(&self.waiting).try_acquire_owned() else {
            return Err(NoTurn::Crowded);
        };
        let turn = Arc::clone(&self.apart).acquire_owned().await;
        self.take(move || {
            let _held = (place, turn);
            think()
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::channel;
    use std::time::Duration;

    async fn until(is_so: impl Fn() -> bool) {
        let waiting = async {
            while !is_so() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), waiting)
            .await
            .unwrap();
    }

    /// Whoever stands apart fills half of the turns and a queue with an end, and holds what is
    /// being thought even after going away; the others are served meanwhile.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_flood_apart_leaves_turns_to_the_others() {
        let turns = Arc::new(Turns::begin().unwrap());
        let most = turns.apart.available_permits();
        let (go, gone) = channel::<()>();
        let gone = Arc::new(Mutex::new(gone));
        let thinking = Arc::new(AtomicUsize::new(0));
        let ask = |_| {
            let (turns, gone) = (Arc::clone(&turns), Arc::clone(&gone));
            let thinking = Arc::clone(&thinking);
            let think = move || {
                thinking.fetch_add(1, Ordering::SeqCst);
                let _ = gone.lock().unwrap().recv();
                thinking.fetch_sub(1, Ordering::SeqCst);
            };
            tokio::spawn(async move { turns.take_apart(think).await })
        };
        let flood: Vec<_> = (0..MOST_WAITING).map(ask).collect();
        until(|| turns.waiting.available_permits() == 0).await;
        until(|| thinking.load(Ordering::SeqCst) == most).await;
        assert_eq!(turns.take_apart(|| ()).await, Err(NoTurn::Crowded));
        assert_eq!(turns.take(|| 1).await, Ok(1));
        for asked in &flood {
            asked.abort();
        }
        until(|| turns.waiting.available_permits() == MOST_WAITING - most).await;
        assert_eq!(turns.apart.available_permits(), 0);
        drop(go);
        until(|| turns.waiting.available_permits() == MOST_WAITING).await;
        assert_eq!(turns.take_apart(|| 2).await, Ok(2));
    }

    /// However many ask in chats, no more of them think at once than there are turns.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_flood_in_chats_takes_no_more_threads_than_turns() {
        let turns = Arc::new(Turns::begin().unwrap());
        let most = how_many();
        let (go, gone) = channel::<()>();
        let gone = Arc::new(Mutex::new(gone));
        let begun = Arc::new(AtomicUsize::new(0));
        let ask = |_| {
            let (turns, gone, begun) = (Arc::clone(&turns), Arc::clone(&gone), Arc::clone(&begun));
            let think = move || {
                begun.fetch_add(1, Ordering::SeqCst);
                let _ = gone.lock().unwrap().recv();
            };
            tokio::spawn(async move { turns.take(think).await })
        };
        let flood: Vec<_> = (0..200).map(ask).collect();
        until(|| begun.load(Ordering::SeqCst) == most).await;
        for _ in 0..100 {
            tokio::task::yield_now().await;
            assert_eq!(begun.load(Ordering::SeqCst), most);
        }
        drop(go);
        for asked in flood {
            asked.await.unwrap().unwrap();
        }
        assert_eq!(begun.load(Ordering::SeqCst), 200);
    }

    #[tokio::test]
    async fn a_panic_is_told_and_gives_the_turn_back() {
        let turns = Turns::begin().unwrap();
        for _ in 0..8 {
            let thought = turns.take_apart(|| panic!("a thought ends")).await;
            assert_eq!(thought, Err::<(), _>(NoTurn::EndedEarly));
        }
    }
}
