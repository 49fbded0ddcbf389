//! The files of the state: only their owner may read them, and what is written aside has its name
//! only once it is whole and on disk.

#![expect(
    clippy::disallowed_methods,
    reason = "files of the state, which only the store knows"
)]

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Makes a directory, with those above it, that only its owner may look into.
pub(super) fn make_private(directory: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// Takes a file or a directory away from everybody but its owner. What belongs to somebody else
/// stays as it is: there whoever owns it decides.
#[cfg(unix)]
fn close_to_others(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    let has_it = |path: &Path| {
        let now = std::fs::symlink_metadata(path).map(|found| found.permissions().mode());
        now.is_ok_and(|now| now & 0o777 == mode)
    };
    if !has_it(path) {
        let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode));
    }
}

/// Takes everything below a directory away from others: sled makes its files as the system's
/// default says.
pub(super) fn keep_private(directory: &Path) {
    #[cfg(unix)]
    {
        close_to_others(directory, 0o700);
        for entry in list(directory).unwrap_or_default() {
            match std::fs::symlink_metadata(&entry) {
                Ok(found) if found.is_dir() => keep_private(&entry),
                Ok(found) if found.is_file() => close_to_others(&entry, 0o600),
                _ => {}
            }
        }
    }
}

/// An empty file of the owner's, to be written and read.
pub(super) fn create(path: &Path) -> io::Result<File> {
    opening().truncate(true).open(path)
}

/// A file as it stands, to be read.
pub(super) fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// A file of the owner's as it stands, to be written and read; made where it is not there.
pub(super) fn open_or_create(path: &Path) -> io::Result<File> {
    opening().open(path)
}

fn opening() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// What stands in a directory, by name; nothing where there is none.
pub(super) fn list(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    found.sort();
    Ok(found)
}

/// A path's last name.
pub(super) fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().to_string()
}

/// Waits until the names in a directory are on disk.
pub(super) fn settle_names(directory: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(directory)?.sync_all()
    } else {
        Ok(())
    }
}

/// Gives a file or a directory another name.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::rename(from, to)
}

/// Removes a file; one that is not there is no fault.
pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Removes a file, or a directory with all that is in it.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        remove_directory(path)
    } else {
        remove_file(path)
    }
}

/// How many bytes a file has, or all files below a directory.
pub(super) fn size(path: &Path) -> io::Result<u64> {
    if path.is_dir() {
        list(path)?.iter().map(|entry| size(entry)).sum()
    } else {
        Ok(path.metadata()?.len())
    }
}

/// Removes a directory with all that is in it; one that is not there is no fault.
pub(super) fn remove_directory(path: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Writes an empty file: what counts is that it is there.
pub(super) fn mark(path: &Path) -> io::Result<()> {
    create(path).and_then(|file| file.sync_all())
}
