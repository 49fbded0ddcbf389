//! A backup as a new state directory, whole or not at all. It never touches a directory that is in
//! use.

use super::export::Record;
use super::journal::{self, Marks};
use super::mending::Truth;
use super::{BEGUN, Export, NUMBERS_FROM, Store, StoreError, naming, place};
use std::path::Path;
use thiserror::Error;

/// Why a backup did not become a state.
#[derive(Debug, Error)]
pub enum RestoreError {
    /// The new directory cannot be written or opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What stands in the new directory is not what the backup says.
    #[error("恢复后逐条核对不一致；没有启用，原来的状态未改动，请换一块磁盘再试")]
    Differs,
}

impl Export {
    /// Builds a state in a directory that is not there yet, and reads it again to see that every
    /// record is there.
    pub fn build(&self, directory: &Path) -> Result<(), RestoreError> {
        self.fill(directory).map_err(|error| StoreError::Unusable {
            path: directory.to_path_buf(),
            source: sled::Error::Io(error),
        })?;
        // Opened as a start of the bot would open it: what is restored is what will be read.
        let store = Store::open(directory)?;
        // Opening an older state gives its keys the names that they have now.
        let has_numbers = naming::has_numbers(self.format);
        let renamed = |(tree, key, value): &Record| {
            let named = naming::named(tree, key).filter(|_| has_numbers);
            (
                tree.clone(),
                named.unwrap_or_else(|| key.clone()),
                value.clone(),
            )
        };
        let records = self.records.iter().filter(|record| !is_form(record));
        let mut expected: Vec<Record> = records.map(renamed).collect();
        let mut found = store.records()?;
        found.retain(|record| !is_form(record));
        expected.sort();
        found.sort();
        if expected != found {
            Err(RestoreError::Differs)
        } else {
            Ok(())
        }
    }

    /// The journal alone: opening makes the rest of it.
    fn fill(&self, directory: &Path) -> std::io::Result<()> {
        let mut truth = Truth::default();
        for (tree, key, value) in &self.records {
            truth.add(tree, key, value.clone());
        }
        let numbers = (self.numbers + 1).to_le_bytes().to_vec();
        truth.add("meta", NUMBERS_FROM.as_bytes(), numbers);
        let journal = directory.join(journal::DIRECTORY);
        place::make_private(&journal)?;
        // Marks that say nothing is kept: the first opening makes sled from the journal.
        Marks::default().write(&journal)?;
        journal::write_snapshot(&journal, truth.last(), truth.records().map(Ok))?;
        place::mark(&directory.join(BEGUN))?;
        place::settle_names(directory)
    }
}

/// The record of the state's own form: opening an older state brings it up to date.
fn is_form(record: &Record) -> bool {
    record.0 == "meta" && record.1 == b"format"
}
