//! sled panics where its files are damaged. Whatever first looks at them runs in a thread of its
//! own, whose end is an answer.

use std::io;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// The thread in which sled may panic.
const NAME: &str = "planbot-records";
/// A state of fifty megabytes opens in a second; sled waits for ever for a thread of its own that
/// has panicked.
const PATIENCE: Duration = Duration::from_secs(120);

/// Whether a panic of this thread is the answer to a question: then it is nobody's to hear of.
pub(crate) fn is_guarded() -> bool {
    thread::current().name() == Some(NAME)
}

/// What comes of it; nothing where it panicked or never came to an end. A machine that has no
/// thread to give says nothing of the files.
pub(super) fn guarded<T: Send + 'static>(
    look: impl FnOnce() -> T + Send + 'static,
) -> io::Result<Option<T>> {
    let (tell, told) = mpsc::channel();
    let thread = thread::Builder::new()
        .name(NAME.to_string())
        .spawn(move || {
            let _ = tell.send(look());
        })?;
    // A thread that panicked has dropped its end, and this returns at once; one that hangs is left
    // behind.
    let found = told.recv_timeout(PATIENCE).ok();
    if found.is_some() {
        let _ = thread.join();
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_no_answer() {
        assert_eq!(guarded(|| 7).unwrap(), Some(7));
        assert_eq!(guarded(|| -> u8 { panic!("damaged") }).unwrap(), None);
        assert!(guarded(is_guarded).unwrap() == Some(true) && !is_guarded());
    }
}
