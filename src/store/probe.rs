//! Whether the state can be written now.

use super::{Store, StoreError};

const PROBE: &str = "probe";

impl Store {
    /// Writes a record that says nothing and waits until it is on disk.
    pub async fn try_writing(&self) -> Result<(), StoreError> {
        self.put(&self.counters, PROBE, &true)?;
        self.settle().await
    }
}
