//! Whether the state can be written now.

use super::{Store, StoreError};
use std::path::Path;

const PROBE: &str = "probe";

impl Store {
    /// Writes a record, takes it back and waits until both are on disk. A record that stays would
    /// be written only once: sled does not write a value that is there already.
    pub async fn try_writing(&self) -> Result<(), StoreError> {
        self.put(&self.counters, PROBE, &true)?;
        self.counters.remove(PROBE).map_err(|e| self.unusable(e))?;
        self.settle().await
    }

    /// Where it is kept; nothing where it ends with the program.
    pub fn directory(&self) -> Option<&Path> {
        (!self.is_passing()).then_some(self.path.as_path())
    }
}
