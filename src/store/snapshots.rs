//! What sled leaves behind when it is cut off. It must be taken away before sled looks at it, and
//! only then.
//!
//! sled 0.34 writes a snapshot of its log as `snap.N.generating` and renames it. When that was cut
//! off by a full disk or a kill, it takes the unfinished file for the newest snapshot at the next
//! start and calls the whole state damaged. The log and the snapshot before are untouched, and hold
//! every record: without the unfinished file it reads them.

use super::{Store, StoreError};
use std::io;
use std::path::Path;

const UNFINISHED: &str = ".generating";

/// Removes unfinished snapshots, while nobody else uses the state.
pub(super) fn remove_unfinished(path: &Path) -> Result<(), StoreError> {
    let _held = match Store::hold(path) {
        Ok(Some(held)) => held,
        // Whoever uses it may be writing one.
        Ok(None) | Err(StoreError::Locked(_)) => return Ok(()),
        Err(other) => return Err(other),
    };
    remove(path).map_err(|error| StoreError::Unusable {
        path: path.to_path_buf(),
        source: sled::Error::Io(error),
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "files of sled, which only the store knows"
)]
fn remove(path: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_string();
        if name.starts_with("snap.") && name.ends_with(UNFINISHED) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
