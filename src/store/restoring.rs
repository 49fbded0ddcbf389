//! A restore that was cut off: what it has built takes its place at the next start.
//!
//! A restore builds the new state beside the old one, says that it is ready, renames the old one
//! away and the new one into its place. Between the two there is no state; whoever opens it then
//! makes the second rename.

use super::place;
use std::io;
use std::path::{Path, PathBuf};

const READY: &str = "ready";
const BESIDE: &str = ".restoring-";

/// The new state is whole: from now on it may take the place of one that is not there.
pub fn is_ready(new: &Path) -> io::Result<()> {
    place::mark(&new.join(READY))?;
    place::settle_names(new)
}

/// The name of a state that is built beside another one.
pub(crate) fn beside(state: &Path, process: u32) -> PathBuf {
    let name = place::name_of(state);
    state.with_file_name(format!("{name}{BESIDE}{process}"))
}

/// A state that is ready to take the place of one.
fn ready(state: &Path) -> io::Result<Option<PathBuf>> {
    let beginning = format!("{}{BESIDE}", place::name_of(state));
    let parent = state
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let beside = place::list(parent.unwrap_or(Path::new(".")))?;
    Ok(beside
        .into_iter()
        .find(|path| place::name_of(path).starts_with(&beginning) && path.join(READY).exists()))
}

/// Whether a state is only one rename away.
pub(super) fn is_due(state: &Path) -> bool {
    !state.exists() && ready(state).is_ok_and(|ready| ready.is_some())
}

/// Makes the rename that a restore did not come to.
pub(super) fn finish(state: &Path) -> io::Result<()> {
    // The second rename was made, or the first one never was.
    if state.exists() {
        return Ok(());
    }
    let ready = match ready(state) {
        // Where the directory around it is not there either, nothing is.
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        other => other?,
    };
    let Some(new) = ready else {
        return Ok(());
    };
    match place::rename(&new, state) {
        // Somebody else was faster.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// The restore is over; one that never came to its first rename counts no more.
pub(super) fn forget(state: &Path) -> io::Result<()> {
    place::remove_file(&state.join(READY))?;
    match ready(state) {
        Ok(Some(stale)) => place::remove_file(&stale.join(READY)),
        _ => Ok(()),
    }
}
