//! The files of sled, and what it leaves there when it is cut off: that must be taken away before
//! sled looks at it, and only then.
//!
//! sled 0.34 writes a snapshot of its log as `snap.N.generating` and renames it. When that was cut
//! off by a full disk or a kill, it takes the unfinished file for the newest snapshot at the next
//! start and calls the whole state damaged. The log and the snapshot before are untouched, and hold
//! every record: without the unfinished file it reads them.

use super::{DATABASE, place};
use std::io;
use std::path::{Path, PathBuf};

const SNAPSHOT: &str = "snap.";
const UNFINISHED: &str = ".generating";

/// Removes unfinished snapshots, while nobody else uses the state.
pub(super) fn remove_unfinished(path: &Path) -> io::Result<()> {
    for file in place::list(path)? {
        let name = place::name_of(&file);
        if name.starts_with(SNAPSHOT) && name.ends_with(UNFINISHED) {
            place::remove_file(&file)?;
        }
    }
    Ok(())
}

/// Everything that sled has in a directory.
pub(super) fn files_of_sled(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = place::list(path)?;
    files.retain(|file| {
        let name = place::name_of(file);
        name.starts_with(SNAPSHOT) || [DATABASE, "conf", "blobs"].contains(&name.as_str())
    });
    Ok(files)
}
