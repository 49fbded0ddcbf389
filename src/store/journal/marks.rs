//! How far the journal is settled, and up to which change the records are on disk: a small file
//! that is written over.
//!
//! It tells a journal whose end was cut from one that was never longer, and records that were lost
//! from those that were not yet written.

use crate::store::place;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

const FILE: &str = "marks";
const LENGTH: usize = 20;

/// Two numbers of changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::store) struct Marks {
    /// Up to this one the journal is on disk.
    pub(in crate::store) settled: u64,
    /// Up to this one the records are on disk too; nought says nothing of them.
    pub(in crate::store) kept: u64,
}

impl Marks {
    fn bytes(self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        bytes[..8].copy_from_slice(&self.settled.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.kept.to_le_bytes());
        let sum = crc32fast::hash(&bytes[..16]);
        bytes[16..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// Writes them into a directory and waits until they are on disk.
    pub(in crate::store) fn write(self, directory: &Path) -> io::Result<()> {
        let mut file = MarksFile::open(directory)?;
        file.write(self)?;
        file.0.sync_all()
    }

    /// The marks in a directory; nothing where they cannot be read.
    pub(super) fn read(directory: &Path) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        match File::open(directory.join(FILE)) {
            Ok(file) => file.take(LENGTH as u64 + 1).read_to_end(&mut bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let number = |at: usize| {
            let bytes = bytes.get(at..at + 8)?;
            bytes.try_into().ok().map(u64::from_le_bytes)
        };
        let (Some(settled), Some(kept)) = (number(0), number(8)) else {
            return Ok(None);
        };
        let marks = Self { settled, kept };
        Ok((marks.bytes() == bytes.as_slice()).then_some(marks))
    }
}

#[derive(Debug)]
pub(super) struct MarksFile(File);

impl MarksFile {
    pub(super) fn open(directory: &Path) -> io::Result<Self> {
        place::open_or_create(&directory.join(FILE)).map(Self)
    }

    /// Writes them over. Not waited for: older marks say less and nothing wrong.
    pub(super) fn write(&mut self, marks: Marks) -> io::Result<()> {
        self.0.seek(SeekFrom::Start(0))?;
        self.0.write_all(&marks.bytes())
    }
}
