//! How far sled's own files reach: with every wait for the disk it notes the number of the last
//! change. Where sled and the journal have both lost their end, nothing else tells that sled has.

use super::sealed::{opened, seal};

/// A tree that only sled has: the journal knows nothing of it.
const TREE: &str = "reach";
const KEY: &[u8] = b"number";

/// Whether a tree is this one, which holds no record of the state.
pub(super) fn is_tree_of(name: &str) -> bool {
    name == TREE
}

/// Waits until sled has everything up to a number on disk, and says in sled that it has.
pub(super) fn flush(database: &sled::Db, number: u64) -> sled::Result<usize> {
    let noted = |known: Option<&[u8]>| {
        // Somebody else may have come further meanwhile.
        let number = known.map_or(0, number_in).max(number);
        Some(seal(TREE, KEY, number, b""))
    };
    database.open_tree(TREE)?.update_and_fetch(KEY, noted)?;
    database.flush()
}

/// How far sled says that it reaches; nothing where it never said so, as before there was this
/// note.
pub(super) fn of(database: &sled::Db) -> sled::Result<Option<u64>> {
    let noted = database.open_tree(TREE)?.get(KEY)?;
    Ok(noted.map(|sealed| number_in(&sealed)))
}

/// One that cannot be read says nothing of any change.
fn number_in(sealed: &[u8]) -> u64 {
    opened(TREE, KEY, sealed).map_or(0, |(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two wait for the disk at once: whoever comes last may know of less.
    #[test]
    fn it_never_goes_back() {
        let database = sled::Config::new().temporary(true).open().unwrap();
        assert_eq!(of(&database).unwrap(), None);
        for number in [5, 3] {
            flush(&database, number).unwrap();
            assert_eq!(of(&database).unwrap(), Some(5));
        }
    }
}
