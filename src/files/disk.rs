//! Files that must be whole or not there at all, and how much room is left for them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a file that is either there whole or not there: aside first, on disk, then renamed. Only
/// its owner may read it.
pub(crate) fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    write_whole_by(path, |file| file.write_all(text.as_bytes()))
}

/// The same, of what is written piece by piece.
pub(crate) fn write_whole_by<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "没有文件名"))?;
    // With the process in its name: two that write at once do not write into one file.
    let aside = path.with_file_name(format!(
        ".{}.partial-{}",
        name.to_string_lossy(),
        std::process::id()
    ));
    let written = write_through(&aside, write).and_then(|()| {
        super::rename(&aside, path)?;
        Ok(settle_names(path)?)
    });
    if written.is_err() {
        let _ = remove_file(&aside);
    }
    written
}

/// Waits until the names beside a path are on disk: a rename is settled only then. Where
/// directories cannot be opened, as on Windows, the system sees to it.
pub(crate) fn settle_names(path: &Path) -> io::Result<()> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    // Elsewhere a directory cannot be opened, and its names are settled with the file.
    if cfg!(unix) {
        std::fs::File::open(parent)?.sync_all()
    } else {
        Ok(())
    }
}

fn write_through<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    // What is written so holds what people asked and said.
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = io::BufWriter::new(options.open(path)?);
    write(&mut file)?;
    // Dropping the buffer would write its rest and lose the fault.
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(file.sync_all()?)
}

/// Writes a file and waits until it is on disk: what is renamed into its place must not be empty
/// after a power cut.
pub(super) fn write_settled(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = std::fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Writes a file of any bytes.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> io::Result<()> {
    #![expect(
        clippy::disallowed_methods,
        reason = "this module is where files are written"
    )]
    std::fs::write(path, bytes)
}

/// Writes an empty file: what counts is that it is there.
pub(crate) fn write_mark(path: &Path) -> io::Result<()> {
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .map(|_| ())
}

/// The bytes of a file of any size: for files that this program wrote itself.
pub fn read_whole(path: &Path) -> io::Result<Vec<u8>> {
    #![expect(
        clippy::disallowed_methods,
        reason = "this module is where files are read"
    )]
    std::fs::read(path)
}

/// Removes a file; one that is not there is no fault.
pub fn remove_file(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Removes a directory that must be empty.
pub(crate) fn remove_empty_directory(path: &Path) -> io::Result<()> {
    std::fs::remove_dir(path)
}

/// Whether nothing is in a directory; one that is not there is empty.
pub fn is_empty(path: &Path) -> io::Result<bool> {
    match super::list_by_age(path) {
        Ok(entries) => Ok(entries.is_empty()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// How many bytes may still be written where a path is, or will be.
pub(crate) fn free_space(path: &Path) -> io::Result<u64> {
    let mut there: PathBuf = if path.is_absolute() {
        path.to_path_buf()
    } else {
        Path::new(".").join(path)
    };
    // Before the first start the directory is not there: the disk is that of its parent.
    while !there.exists() {
        if !there.pop() {
            return Err(io::ErrorKind::NotFound.into());
        }
    }
    fs4::available_space(&there)
}
