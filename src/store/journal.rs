//! The journal: the witness of everything that was written. sled shortens its log without a word
//! where it is damaged, so every change is written here first, with a number of one sequence and a
//! checksum, and what waits for the disk waits for this file.
//!
//! It is a snapshot and logs of the changes since. It knows trees, keys and values, not what they
//! mean, and nothing of sled.

mod frames;
mod marks;
mod snapshot;
mod witness;

pub(super) use frames::change as framed;
pub(super) use marks::Marks;
pub(super) use snapshot::{Kept, write as write_snapshot};
pub(super) use witness::{Entry, Witness};

use super::place;
use marks::MarksFile;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The journal's directory below the state's.
pub(super) const DIRECTORY: &str = "journal";
/// The logs may grow to so many bytes before they are made a snapshot, or to as many as the
/// snapshot has where those are more: a flood writes some fifteen megabytes a second, and a
/// snapshot of a usual state takes a twentieth of that.
const MOST_LOGGED: u64 = 8 << 20;

/// A tree's name and a key.
pub(super) type Address = (String, Vec<u8>);

/// One record of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) tree: String,
    pub(super) key: Vec<u8>,
    /// What the record is then; nothing where it is removed.
    pub(super) value: Option<Vec<u8>>,
}

/// The journal while it is written.
#[derive(Debug)]
pub(super) struct Journal {
    directory: PathBuf,
    log: Arc<File>,
    /// How long the present log is.
    length: u64,
    /// How long all logs since the snapshot are.
    logged: u64,
    snapshot: u64,
    marks: Marks,
    marks_file: MarksFile,
}

impl Journal {
    /// Goes on behind a number with a new log; what stands in the directory is whole.
    pub(super) fn go_on(directory: &Path, last: u64, marks: Marks) -> io::Result<Self> {
        let lengths = |files: Vec<(u64, PathBuf)>| {
            let lengths = files.iter().map(|(_, file)| File::open(file)?.metadata());
            lengths
                .map(|found| found.map(|found| found.len()))
                .sum::<io::Result<u64>>()
        };
        let logged = lengths(snapshot::logs(directory)?)?;
        let snapshot = lengths(snapshot::all(directory)?)?;
        // A log of its own for each run: the end of the one before may have been cut off.
        let log = place::create(&snapshot::log_path(directory, last + 1))?;
        place::settle_names(directory)?;
        let mut marks_file = MarksFile::open(directory)?;
        marks_file.write(marks)?;
        Ok(Self {
            directory: directory.to_path_buf(),
            log: Arc::new(log),
            length: 0,
            logged,
            snapshot,
            marks,
            marks_file,
        })
    }

    /// Writes a change at the end. Of one that fails a part may stand there, which is no piece to
    /// whoever reads; the next one is written over it.
    pub(super) fn append(&mut self, piece: &[u8]) -> io::Result<()> {
        let mut log: &File = &self.log;
        // Where the last whole piece ended: one that was cut off by a full disk is written over.
        log.seek(SeekFrom::Start(self.length))?;
        log.write_all(piece)?;
        self.length += piece.len() as u64;
        self.logged += piece.len() as u64;
        Ok(())
    }

    /// Takes the last change back: it could not be made.
    pub(super) fn take_back(&mut self, piece: &[u8]) {
        self.length -= piece.len() as u64;
        self.logged -= piece.len() as u64;
        let _ = self.log.set_len(self.length);
    }

    /// The file that must be on disk for what was written so far.
    pub(super) fn log(&self) -> Arc<File> {
        Arc::clone(&self.log)
    }

    /// Everything up to a number stands here and in sled.
    pub(super) fn mark_settled(&mut self, number: u64) -> io::Result<()> {
        // Two that settle at once may come here in any order.
        self.marks.settled = self.marks.settled.max(number);
        self.marks.kept = self.marks.settled;
        self.marks_file.write(self.marks)
    }

    /// Whether the logs are long enough to become a snapshot.
    pub(super) fn is_long(&self) -> bool {
        // Longer than the snapshot itself: writing one costs no more than what was logged since.
        self.logged > MOST_LOGGED.max(self.snapshot)
    }

    /// Goes on in a new log behind a number, so that those before do not change any more.
    pub(super) fn turn_over(&mut self, last: u64) -> io::Result<()> {
        if self.length == 0 {
            return Ok(());
        }
        self.log.sync_data()?;
        let log = place::create(&snapshot::log_path(&self.directory, last + 1))?;
        place::settle_names(&self.directory)?;
        self.log = Arc::new(log);
        self.length = 0;
        Ok(())
    }

    /// The logs up to now have become a snapshot.
    pub(super) fn condensed(&mut self, snapshot: u64) {
        self.snapshot = snapshot;
        self.logged = self.length;
    }
}

/// Makes one snapshot of everything up to a number, from the journal's own files, which nobody
/// writes any more; says how long it is. Nothing is kept in memory but what changed since the last
/// one.
pub(super) fn condense(directory: &Path, up_to: u64) -> io::Result<u64> {
    let witness = Witness::read(directory, up_to)?
        .filter(|witness| witness.is_whole() && witness.last == up_to)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "状态日志读不全"))?;
    let records = witness.records()?;
    write_snapshot(directory, up_to, records)
}

/// The files of a directory that have a beginning and then a number, by that number.
fn numbered(directory: &Path, beginning: &str) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut found: Vec<(u64, PathBuf)> = place::list(directory)?
        .into_iter()
        .filter_map(|path| {
            let name = place::name_of(&path);
            let number = u64::from_str_radix(name.strip_prefix(beginning)?, 16).ok()?;
            Some((number, path))
        })
        .collect();
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(number: u64) -> Vec<u8> {
        let step = Step {
            tree: "some".to_string(),
            key: number.to_be_bytes().to_vec(),
            value: Some(vec![7; 40]),
        };
        framed(number, &[step])
    }

    /// A snapshot of a journal with a gap would hide the gap, and takes the logs with it.
    #[test]
    fn a_journal_with_a_gap_does_not_become_a_snapshot() {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path();
        write_snapshot(directory, 0, std::iter::empty()).unwrap();
        let mut journal = Journal::go_on(directory, 0, Marks::default()).unwrap();
        let pieces: Vec<Vec<u8>> = (1..=3).map(change).collect();
        for piece in &pieces {
            journal.append(piece).unwrap();
        }
        let mut log: &File = &journal.log;
        log.seek(SeekFrom::Start(pieces[0].len() as u64 + 20))
            .unwrap();
        log.write_all(&[0xff]).unwrap();
        assert!(condense(directory, 3).is_err());
        let kept = [snapshot::all(directory), snapshot::logs(directory)];
        assert_eq!(kept.map(|files| files.unwrap().len()), [1, 1]);
    }
}
