//! The one way in which a record changes: under one lock a change gets its number, is written into
//! the journal, and then made.
//!
//! So the journal never lacks what sled has, not even when the program is killed, and both have the
//! same order.

use super::journal::{self, Journal, Step};
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Gives the numbers and writes the journal.
#[derive(Debug)]
pub(super) struct Ledger {
    directory: PathBuf,
    written: Mutex<Written>,
    /// One snapshot at a time.
    condensing: Mutex<()>,
}

#[derive(Debug)]
struct Written {
    /// The number of the last change.
    last: u64,
    /// Nothing where the state is kept in memory only.
    journal: Option<Journal>,
}

impl Ledger {
    /// Goes on behind a number.
    pub(super) fn new(directory: PathBuf, last: u64, journal: Option<Journal>) -> Self {
        Self {
            directory,
            written: Mutex::new(Written { last, journal }),
            condensing: Mutex::new(()),
        }
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a change where nothing speaks against it, which is asked when nobody else can change
    /// anything. Told the number of the change, `make` brings it into sled.
    pub(super) fn enter<T>(
        &self,
        steps: &[Step],
        may: impl FnOnce() -> sled::Result<bool>,
        make: impl FnOnce(u64) -> sled::Result<T>,
    ) -> sled::Result<Option<T>> {
        let mut written = self.written();
        if !may()? {
            return Ok(None);
        }
        let number = written.last + 1;
        let Some(journal) = &mut written.journal else {
            written.last = number;
            return make(number).map(Some);
        };
        let piece = journal::framed(number, steps);
        // Written before it is made: killed in between, the next opening makes it.
        journal.append(&piece)?;
        match make(number) {
            Ok(made) => {
                written.last = number;
                Ok(Some(made))
            }
            Err(error) => {
                // It was not made, so nothing may make it later.
                journal.take_back(&piece);
                Err(error)
            }
        }
    }

    /// The number of the last change.
    pub(super) fn last(&self) -> u64 {
        self.written().last
    }

    /// Everything that was written so far stands in sled too, once `flush` has brought that to
    /// disk; says up to which number.
    pub(super) fn settle(
        &self,
        flush: impl FnOnce(u64) -> sled::Result<usize>,
    ) -> sled::Result<u64> {
        let last = self.last();
        flush(last)?;
        if let Some(journal) = &mut self.written().journal {
            journal.mark_settled(last)?;
        }
        Ok(last)
    }

    /// Brings the journal to disk. What is written survives a kill without this; a cut of the power
    /// takes from it what sled has.
    pub(super) fn sync(&self) -> io::Result<()> {
        let log = self.written().journal.as_ref().map(Journal::log);
        log.map_or(Ok(()), |log| log.sync_data())
    }

    /// Makes a snapshot where the logs have become long.
    pub(super) fn condense_where_long(&self) -> io::Result<()> {
        let is_long = |written: &Written| written.journal.as_ref().is_some_and(Journal::is_long);
        if !is_long(&self.written()) {
            return Ok(());
        }
        self.condense(|_| Ok(())).map(|_| ())
    }

    /// Makes a snapshot of everything as of now, and lets it be read before there is a newer one;
    /// nothing where the state is kept in memory only. Others write on meanwhile.
    pub(super) fn condense<T>(
        &self,
        read: impl FnOnce(&journal::Witness) -> io::Result<T>,
    ) -> io::Result<Option<T>> {
        let _turn = self
            .condensing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // Most of the log is brought to disk while others write on: they wait for what is left.
        self.sync()?;
        let last = {
            let mut written = self.written();
            let last = written.last;
            match &mut written.journal {
                Some(journal) => journal.turn_over(last)?,
                None => return Ok(None),
            }
            last
        };
        // Outside of the lock: a snapshot takes long, and changes go into the new log meanwhile.
        let length = journal::condense(&self.directory, last)?;
        if let Some(journal) = &mut self.written().journal {
            journal.condensed(length);
        }
        let gone = || io::Error::new(io::ErrorKind::NotFound, "状态日志不见了");
        let witness = journal::Witness::read(&self.directory, last)?.ok_or_else(gone)?;
        read(&witness).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use journal::{Marks, Witness};

    fn step(key: u8) -> Step {
        Step {
            tree: "some".to_string(),
            key: vec![key],
            value: Some(vec![7; 40]),
        }
    }

    /// sled refuses a change that the journal has already: neither the next opening nor the next
    /// change may find it there.
    #[test]
    fn a_change_that_was_not_made_is_not_in_the_journal() {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path();
        journal::write_snapshot(directory, 0, std::iter::empty()).unwrap();
        let journal = Journal::go_on(directory, 0, Marks::default()).unwrap();
        let ledger = Ledger::new(directory.to_path_buf(), 0, Some(journal));
        let always = || Ok(true);
        let refused = sled::Error::Unsupported("refused".to_string());
        let failed = ledger.enter(&[step(1)], always, |_| Err::<(), _>(refused));
        assert!(failed.is_err());
        let told = || Witness::read(directory, u64::MAX).unwrap().unwrap();
        assert_eq!(told().last, 0);
        ledger.enter(&[step(2)], always, |_| Ok(())).unwrap();
        let witness = told();
        let keys = witness
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap().address.1);
        assert_eq!((witness.last, keys.collect::<Vec<_>>()), (1, vec![vec![2]]));
    }
}
