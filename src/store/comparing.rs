//! The records of sled held against the journal.

use super::journal::{Address, Entry, Kept, Step, Witness};
use super::{reach, sealed};
use std::io;
use std::iter::Peekable;

/// What sled says of a record: its number and value, or nothing where that cannot be read.
type Found = (Address, Option<(u64, Vec<u8>)>);

/// How the two differ.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    /// sled does not reach as far as it was on disk: it has lost its end.
    pub(super) is_short: bool,
    /// What all records that sled has take together.
    pub(super) bytes: u64,
    /// Changes that sled lacks, and did not yet have on disk: nothing is wrong.
    pub(super) behind: Vec<(u64, Step)>,
    /// Records that are not as they were.
    pub(super) damaged: Vec<Address>,
    /// Records that were there and are not.
    pub(super) missing: Vec<Address>,
    /// Records that are newer than anything in the journal.
    pub(super) ahead: Vec<Kept>,
    /// Records that neither can say.
    pub(super) unreadable: Vec<Address>,
    /// Records of which only sled speaks, where the journal is not whole.
    pub(super) only_here: Vec<Kept>,
    /// Records of which only the journal speaks, where it is not whole.
    pub(super) only_there: Vec<Address>,
}

/// Every record that sled has, in order of tree and key.
pub(super) fn records_of(
    database: &sled::Db,
) -> sled::Result<impl Iterator<Item = sled::Result<Found>> + use<>> {
    let mut trees = Vec::new();
    for name in database.tree_names() {
        let name_text = String::from_utf8_lossy(&name).to_string();
        if reach::is_tree_of(&name_text) {
            continue;
        }
        trees.push((name_text, database.open_tree(&name)?));
    }
    // In the journal's order: both are walked side by side, and neither need stand in memory.
    trees.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(trees.into_iter().flat_map(|(name, tree)| {
        tree.iter().map(move |record| {
            let (key, bytes) = record?;
            let found = sealed::opened(&name, &key, &bytes);
            let found = found.map(|(number, value)| (number, value.to_vec()));
            Ok(((name.clone(), key.to_vec()), found))
        })
    }))
}

/// Holds one against the other.
pub(super) fn compare(database: &sled::Db, witness: &Witness) -> io::Result<Comparison> {
    let mut found = records_of(database)?.peekable();
    let mut told = witness.entries()?.peekable();
    let reach = reach::of(database).map_err(io::Error::other)?;
    // One that has nothing at all has lost everything; one of before there was the note has
    // records.
    let reach = match found.peek() {
        Some(_) => reach,
        None => Some(reach.unwrap_or(0)),
    };
    let mut comparison = Comparison {
        is_short: reach.is_some_and(|reach| reach < witness.kept()),
        ..Comparison::default()
    };
    loop {
        let order = match (address(found.peek())?, address(told.peek())?) {
            (Some(here), Some(there)) => here.cmp(there),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => return Ok(comparison),
        };
        let here = if order.is_le() {
            next(&mut found)?
        } else {
            None
        };
        let there = if order.is_ge() {
            next(&mut told)?
        } else {
            None
        };
        comparison.take(here, there, witness);
    }
}

/// Something that has an address.
trait Addressed {
    fn address(&self) -> &Address;
}

impl Addressed for Found {
    fn address(&self) -> &Address {
        &self.0
    }
}

impl Addressed for Entry {
    fn address(&self) -> &Address {
        &self.address
    }
}

fn address<T: Addressed, E: ToString>(next: Option<&Result<T, E>>) -> io::Result<Option<&Address>> {
    match next {
        Some(Ok(found)) => Ok(Some(found.address())),
        Some(Err(error)) => Err(io::Error::other(error.to_string())),
        None => Ok(None),
    }
}

fn next<T, E: ToString>(
    all: &mut Peekable<impl Iterator<Item = Result<T, E>>>,
) -> io::Result<Option<T>> {
    let next = all.next().transpose();
    next.map_err(|error| io::Error::other(error.to_string()))
}

impl Comparison {
    /// Whether sled says nothing that the journal does not say, and lacks nothing that it had.
    pub(super) fn is_in_order(&self) -> bool {
        self.is_sound()
            && self.missing.is_empty()
            && self.ahead.is_empty()
            && self.only_here.is_empty()
            && self.only_there.is_empty()
    }

    /// Whether sled is what it was, by all that is known. Where it is ahead, the journal has lost
    /// its end in a cut of the power, and with it that records were removed.
    pub(super) fn is_sound(&self) -> bool {
        let lacks = !self.missing.is_empty() && self.ahead.is_empty();
        !lacks && !self.is_short && self.damaged.is_empty() && self.unreadable.is_empty()
    }

    /// What one record is here and there.
    fn take(&mut self, here: Option<Found>, there: Option<Entry>, witness: &Witness) {
        match (here, there) {
            (Some((address, None)), Some(_)) => self.damaged.push(address),
            (Some((address, None)), None) if witness.is_whole() => self.damaged.push(address),
            (Some((address, None)), None) => self.unreadable.push(address),
            (Some((address, Some((number, value)))), there) => {
                self.take_readable((address, number, value), there, witness);
            }
            (None, Some(there)) if there.value.is_some() => self.take_absent(there, witness),
            (None, _) => {}
        }
    }

    fn take_readable(&mut self, here: Kept, there: Option<Entry>, witness: &Witness) {
        let (address, number, value) = here;
        self.bytes += (address.1.len() + value.len()) as u64;
        if number > witness.last {
            self.ahead.push((address, number, value));
            return;
        }
        let Some(there) = there else {
            // A whole journal has every record that there is: this one was removed long ago.
            if witness.is_whole() {
                self.damaged.push(address);
            } else {
                self.only_here.push((address, number, value));
            }
            return;
        };
        let is_same = there.number == number && there.value.as_ref() == Some(&value);
        if is_same {
            return;
        }
        if number > there.number && !witness.is_whole() {
            self.only_here.push((address, number, value));
        } else if number < there.number && there.number > witness.kept() {
            self.behind.push(step(there));
        } else {
            self.damaged.push(address);
        }
    }

    fn take_absent(&mut self, there: Entry, witness: &Witness) {
        if there.number > witness.kept() {
            self.behind.push(step(there));
        } else if witness.is_whole() {
            self.missing.push(there.address);
        } else {
            self.only_there.push(there.address);
        }
    }
}

fn step(entry: Entry) -> (u64, Step) {
    let (tree, key) = entry.address;
    let value = entry.value;
    (entry.number, Step { tree, key, value })
}
