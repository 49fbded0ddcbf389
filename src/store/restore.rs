//! A backup as a new state directory, whole or not at all. It never touches a directory that is in
//! use.

use super::export::Record;
use super::{Export, NUMBERS_FROM, Store, StoreError, mark_begun};
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
        self.fill(directory)?;
        let store = Store::open(directory)?;
        let mut expected: Vec<&Record> = self
            .records
            .iter()
            .filter(|record| !is_form(record))
            .collect();
        let found = store.records()?;
        let mut found: Vec<&Record> = found.iter().filter(|record| !is_form(record)).collect();
        expected.sort();
        found.sort();
        if expected != found {
            Err(RestoreError::Differs)
        } else {
            Ok(())
        }
    }

    fn fill(&self, directory: &Path) -> Result<(), StoreError> {
        let unusable = |source| StoreError::Unusable {
            path: directory.to_path_buf(),
            source,
        };
        let database = sled::Config::new()
            .path(directory)
            .open()
            .map_err(unusable)?;
        for (tree, key, value) in &self.records {
            database
                .open_tree(tree)
                .and_then(|tree| tree.insert(key, value.as_slice()))
                .map_err(unusable)?;
        }
        let meta = database.open_tree("meta").map_err(unusable)?;
        meta.insert(NUMBERS_FROM, &(self.numbers + 1).to_le_bytes())
            .map_err(unusable)?;
        database.flush().map_err(unusable)?;
        mark_begun(directory).map_err(|error| unusable(sled::Error::Io(error)))
    }
}

/// The record of the state's own form: opening an older state brings it up to date.
fn is_form(record: &Record) -> bool {
    record.0 == "meta" && record.1 == b"format"
}
