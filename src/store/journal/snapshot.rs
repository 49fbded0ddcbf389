//! Every record at one moment, in order of tree and key: what the journal begins with. Written
//! aside and renamed; what it makes superfluous goes.

use super::frames::{self, Piece, Pieces};
use super::{Address, Step, numbered};
use crate::store::place;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

const PARTIAL: &str = "snapshot.partial";
const SNAPSHOT: &str = "snapshot-";
const LOG: &str = "log-";

/// A record as it stands: where, by which change, what.
pub(in crate::store) type Kept = (Address, u64, Vec<u8>);

/// Writes a snapshot that goes up to a number and removes the one before, with the logs that it
/// holds; says how long it is.
pub(in crate::store) fn write(
    directory: &Path,
    number: u64,
    records: impl Iterator<Item = io::Result<Kept>>,
) -> io::Result<u64> {
    let partial = directory.join(PARTIAL);
    let mut out = BufWriter::new(place::create(&partial)?);
    let mut count = 0;
    for record in records {
        let ((tree, key), number, value) = record?;
        let value = Some(value);
        out.write_all(&frames::change(number, &[Step { tree, key, value }]))?;
        count += 1;
    }
    // With their number: a snapshot that was cut off shows it.
    out.write_all(&frames::end(number, count))?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    // Before it is renamed: a snapshot that has its name has its content.
    file.sync_all()?;
    let length = file.metadata()?.len();
    place::rename(&partial, &path(directory, number))?;
    // Before anything older is removed: after a power cut one of the two is there.
    place::settle_names(directory)?;
    for (older, file) in all(directory)? {
        if older < number {
            place::remove_file(&file)?;
        }
    }
    for (first, file) in logs(directory)? {
        if first <= number {
            place::remove_file(&file)?;
        }
    }
    Ok(length)
}

pub(super) fn path(directory: &Path, number: u64) -> PathBuf {
    directory.join(format!("{SNAPSHOT}{number:016x}"))
}

pub(super) fn log_path(directory: &Path, first: u64) -> PathBuf {
    directory.join(format!("{LOG}{first:016x}"))
}

/// The snapshots of a directory, oldest first.
pub(super) fn all(directory: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    numbered(directory, SNAPSHOT)
}

/// The logs of a directory by their first number.
pub(super) fn logs(directory: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    numbered(directory, LOG)
}

/// Whether a snapshot is whole.
pub(super) fn is_whole(path: &Path) -> io::Result<bool> {
    let (mut records, mut ended) = (0, None);
    for piece in Pieces::of(File::open(path)?)? {
        match piece? {
            Piece::Change(..) if ended.is_none() => records += 1,
            Piece::End(promised) if ended.is_none() => ended = Some(promised),
            _ => return Ok(false),
        }
    }
    Ok(ended == Some(records))
}

/// The records of a snapshot that can be read.
pub(super) fn records(path: &Path) -> io::Result<impl Iterator<Item = io::Result<Kept>> + use<>> {
    let pieces = Pieces::of(File::open(path)?)?;
    Ok(pieces.filter_map(|piece| match piece {
        Ok(Piece::Change(number, steps)) => {
            let step = steps.into_iter().next()?;
            Some(Ok(((step.tree, step.key), number, step.value?)))
        }
        Ok(_) => None,
        Err(error) => Some(Err(error)),
    }))
}
