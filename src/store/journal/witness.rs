//! What the journal of a state says: every record as of its last change, and what of it cannot be
//! read.

use super::frames::{Piece, Pieces};
use super::snapshot::{self, Kept};
use super::{Address, Marks};
use std::collections::{BTreeMap, btree_map};
use std::fs::File;
use std::io;
use std::iter::Peekable;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// A record's last change: its number, and what the record is then; nothing where it was removed.
type Last = (u64, Option<Vec<u8>>);

/// The journal as it was read.
#[derive(Debug)]
pub(in crate::store) struct Witness {
    snapshot: Option<PathBuf>,
    is_snapshot_whole: bool,
    /// What changed since the snapshot.
    changed: BTreeMap<Address, Last>,
    /// The number of the last change that can be read.
    pub(in crate::store) last: u64,
    /// Changes that were written and cannot be read, by their numbers.
    pub(in crate::store) missing: Vec<RangeInclusive<u64>>,
    /// How far it was settled; nothing where that cannot be read.
    pub(in crate::store) marks: Option<Marks>,
}

/// Something that the journal says of a record.
pub(in crate::store) struct Entry {
    pub(in crate::store) address: Address,
    pub(in crate::store) number: u64,
    /// What it is; nothing where it was removed.
    pub(in crate::store) value: Option<Vec<u8>>,
}

impl Witness {
    /// Reads a journal up to a number; nothing where there is none.
    pub(in crate::store) fn read(directory: &Path, up_to: u64) -> io::Result<Option<Self>> {
        let snapshots = snapshot::all(directory)?;
        let logs = snapshot::logs(directory)?;
        if snapshots.is_empty() && logs.is_empty() {
            return Ok(None);
        }
        // A snapshot that was written before the one before it was removed stands beside it.
        let mut base = None;
        for (number, path) in snapshots
            .into_iter()
            .rev()
            .filter(|(number, _)| *number <= up_to)
        {
            let is_whole = snapshot::is_whole(&path)?;
            if is_whole || base.is_none() {
                base = Some((number, path, is_whole));
            }
            if is_whole {
                break;
            }
        }
        let (from, path, is_whole) = match base {
            Some((from, path, is_whole)) => (from, Some(path), is_whole),
            None => (0, None, false),
        };
        let mut witness = Self {
            snapshot: path,
            is_snapshot_whole: is_whole,
            changed: BTreeMap::new(),
            last: from,
            missing: Vec::new(),
            marks: Marks::read(directory)?,
        };
        for (_, log) in logs.into_iter().filter(|(first, _)| *first <= up_to) {
            witness.read_log(&log, up_to)?;
        }
        let settled = witness.marks.map_or(0, |marks| marks.settled.min(up_to));
        if settled > witness.last {
            witness.missing.push(witness.last + 1..=settled);
        }
        Ok(Some(witness))
    }

    /// Of a journal that is not there.
    pub(in crate::store) fn nothing() -> Self {
        Self {
            snapshot: None,
            is_snapshot_whole: false,
            changed: BTreeMap::new(),
            last: 0,
            missing: Vec::new(),
            marks: None,
        }
    }

    fn read_log(&mut self, log: &Path, up_to: u64) -> io::Result<()> {
        for piece in Pieces::of(File::open(log)?)? {
            let Piece::Change(number, steps) = piece? else {
                continue;
            };
            if number <= self.last || number > up_to {
                continue;
            }
            if number > self.last + 1 {
                self.missing.push(self.last + 1..=number - 1);
            }
            self.last = number;
            for step in steps {
                self.changed
                    .insert((step.tree, step.key), (number, step.value));
            }
        }
        Ok(())
    }

    /// Whether it says everything that was ever written.
    pub(in crate::store) fn is_whole(&self) -> bool {
        self.is_snapshot_whole && self.missing.is_empty() && self.marks.is_some()
    }

    /// Whether it still has what it began with.
    pub(in crate::store) fn has_snapshot(&self) -> bool {
        self.is_snapshot_whole
    }

    /// Up to which change the records were on disk.
    pub(in crate::store) fn kept(&self) -> u64 {
        self.marks.map_or(0, |marks| marks.kept)
    }

    /// What it says of every record, in order of tree and key; also of those that were removed
    /// since the snapshot.
    pub(in crate::store) fn entries(
        &self,
    ) -> io::Result<impl Iterator<Item = io::Result<Entry>> + use<'_>> {
        let snapshot = match &self.snapshot {
            Some(path) => Some(snapshot::records(path)?),
            None => None,
        };
        Ok(Entries {
            snapshot: snapshot.into_iter().flatten().peekable(),
            changed: self.changed.iter().peekable(),
        })
    }

    /// Every record as it is by what the journal says.
    pub(in crate::store) fn records(
        &self,
    ) -> io::Result<impl Iterator<Item = io::Result<Kept>> + use<'_>> {
        Ok(self.entries()?.filter_map(|entry| match entry {
            Ok(entry) => Some(Ok((entry.address, entry.number, entry.value?))),
            Err(error) => Some(Err(error)),
        }))
    }
}

/// The snapshot with what changed since, in one order.
struct Entries<'a, S: Iterator> {
    snapshot: Peekable<S>,
    changed: Peekable<btree_map::Iter<'a, Address, Last>>,
}

impl<S: Iterator<Item = io::Result<Kept>>> Iterator for Entries<'_, S> {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        let changed = self.changed.peek().map(|(address, _)| *address);
        let is_changed = match (self.snapshot.peek(), changed) {
            (Some(Ok((address, ..))), Some(changed)) => changed <= address,
            (Some(_), _) => false,
            (None, _) => true,
        };
        if !is_changed {
            let kept = self.snapshot.next()?;
            return Some(kept.map(|(address, number, value)| Entry {
                address,
                number,
                value: Some(value),
            }));
        }
        let (address, (number, value)) = self.changed.next()?;
        // What the snapshot says of it is older.
        while let Some(Ok((of_snapshot, ..))) = self.snapshot.peek()
            && of_snapshot == address
        {
            self.snapshot.next();
        }
        Some(Ok(Entry {
            address: address.clone(),
            number: *number,
            value: value.clone(),
        }))
    }
}
