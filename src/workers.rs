//! Threads of our own, a fixed number of them, that do one piece of work after the other.
//!
//! The runtime's pool has a thread for whatever comes at once, and gives what comes later to any of
//! them: a small piece of work every half second keeps dozens from ever ending, each with the
//! memory that it once took from the allocator. So whatever comes again and again is done here, and
//! the pool has only what somebody seldom wants.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use thiserror::Error;
use tokio::sync::{Semaphore, oneshot};

type Work = Box<dyn FnOnce() + Send>;

/// The work panicked; what a panic says may quote what somebody wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the work ended early")]
pub(crate) struct EndedEarly;

/// Gives work to the threads; they end when nobody is left who could.
#[derive(Debug, Clone)]
pub(crate) struct Workers {
    free: Arc<Semaphore>,
    queue: SyncSender<Work>,
}

impl Workers {
    /// Starts so many threads, one at least.
    ///
    /// # Errors
    /// Where the machine has no thread to give.
    pub(crate) fn begin(name: &str, count: usize) -> io::Result<Self> {
        // Whoever puts work into the queue has a turn for it, so it is never full.
        let (queue, waiting) = mpsc::sync_channel(count);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..count {
            let waiting = Arc::clone(&waiting);
            thread::Builder::new()
                .name(name.to_string())
                .spawn(move || work_on(&waiting))?;
        }
        Ok(Self {
            free: Arc::new(Semaphore::new(count)),
            queue,
        })
    }

    /// Does something on one of the threads when one is free, first come first served. Whoever goes
    /// away while it waits is forgotten.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, EndedEarly> {
        let turn = Arc::clone(&self.free).acquire_owned().await;
        let (tell, told) = oneshot::channel();
        let work = move || {
            // The turn ends with the work, and not when whoever wanted it goes away.
            let _turn = turn;
            let _ = tell.send(work());
        };
        self.queue.send(Box::new(work)).map_err(|_| EndedEarly)?;
        told.await.map_err(|_| EndedEarly)
    }
}

fn work_on(waiting: &Mutex<Receiver<Work>>) {
    let next = || {
        let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.recv()
    };
    while let Ok(work) = next() {
        // Whoever waits for work that panicked learns it from the end that is dropped with it.
        let _ = catch_unwind(AssertUnwindSafe(work));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread::ThreadId;

    /// The threads that do some pieces of work, all of which are there at once.
    async fn threads_of(
        workers: &Workers,
        works: impl Iterator<Item = impl FnOnce() + Send + 'static>,
    ) -> HashSet<ThreadId> {
        let begin = |work: Box<dyn FnOnce() + Send>| {
            let workers = workers.clone();
            let work = move || {
                work();
                thread::current().id()
            };
            tokio::spawn(async move { workers.run(work).await.unwrap() })
        };
        let at_once: Vec<_> = works.map(|work| begin(Box::new(work))).collect();
        let mut seen = HashSet::new();
        for one in at_once {
            seen.insert(one.await.unwrap());
        }
        seen
    }

    /// The threads that do so many pieces of work, each of which waits for the others.
    async fn each_of(workers: &Workers, count: usize) -> HashSet<ThreadId> {
        let together = Arc::new(Barrier::new(count));
        let wait = |_| {
            let together = Arc::clone(&together);
            move || {
                together.wait();
            }
        };
        threads_of(workers, (0..count).map(wait)).await
    }

    /// Three pieces of work that wait for each other need three threads; those that panicked before
    /// have cost none of them, and no other ones have come.
    #[tokio::test]
    async fn a_panic_is_told_and_costs_no_thread() {
        let workers = Workers::begin("test", 3).unwrap();
        let before = each_of(&workers, 3).await;
        for _ in 0..10 {
            let ended = workers.run(|| panic!("the work panics")).await;
            assert_eq!(ended, Err::<(), _>(EndedEarly));
        }
        assert_eq!(before.len(), 3);
        assert_eq!(each_of(&workers, 3).await, before);
    }

    /// However much there is to do, it is done by the same threads, in the order in which it came.
    #[tokio::test]
    async fn more_work_than_threads_waits() {
        let workers = Workers::begin("test", 1).unwrap();
        let done = Arc::new(Mutex::new(Vec::new()));
        let note = |number| {
            let done = Arc::clone(&done);
            move || done.lock().unwrap().push(number)
        };
        let threads = threads_of(&workers, (0..200).map(note)).await;
        assert_eq!(threads.len(), 1);
        assert!(done.lock().unwrap().iter().copied().eq(0..200));
    }

    /// Who went away before it began has nothing done; what has begun is finished.
    #[tokio::test]
    async fn who_goes_away_gives_up_the_place_in_the_queue() {
        let workers = Workers::begin("test", 1).unwrap();
        let (go, gone) = mpsc::channel::<()>();
        let (begun, has_begun) = oneshot::channel();
        let first = tokio::spawn({
            let workers = workers.clone();
            async move {
                let work = move || {
                    let _ = begun.send(());
                    let _ = gone.recv();
                };
                workers.run(work).await
            }
        });
        has_begun.await.unwrap();
        let done = Arc::new(AtomicBool::new(false));
        let second = workers.run({
            let done = Arc::clone(&done);
            move || done.store(true, Ordering::SeqCst)
        });
        tokio::select! {
            biased;
            _ = second => panic!("the only thread is busy"),
            () = std::future::ready(()) => {}
        }
        first.abort();
        drop(go);
        assert_eq!(workers.run(|| 7).await, Ok(7));
        assert!(!done.load(Ordering::SeqCst));
    }

    /// When nobody is left to give work the threads end.
    #[tokio::test]
    async fn the_threads_end_with_whoever_gives_work() {
        struct Told(mpsc::Sender<()>);
        impl Drop for Told {
            fn drop(&mut self) {
                let _ = self.0.send(());
            }
        }
        thread_local! {
            static UNTIL_THE_END: std::cell::RefCell<Option<Told>> =
                const { std::cell::RefCell::new(None) };
        }
        let workers = Workers::begin("test", 1).unwrap();
        let (tell, told) = mpsc::channel();
        let work = move || UNTIL_THE_END.set(Some(Told(tell)));
        workers.run(work).await.unwrap();
        assert!(told.try_recv().is_err());
        drop(workers);
        let patience = std::time::Duration::from_secs(10);
        told.recv_timeout(patience).unwrap();
    }
}
