//! A state of before there was a journal: its records have no numbers and no checksums.

use super::mending::Truth;
use super::{FIRST_SEALED, NUMBERS_FROM};

/// Where sled's files of that time stay: an older planbot can go on with them.
pub(super) const KEPT_IN: &str = "older";

/// The records of such a state, in the order in which they get their numbers; nothing where the
/// records are sealed.
pub(super) fn records(database: &sled::Db) -> sled::Result<Option<Truth>> {
    let meta = database.open_tree("meta")?;
    let format: Option<[u8; 4]> = match meta.get("format")? {
        Some(bytes) => bytes.as_ref().try_into().ok(),
        None => None,
    };
    if format.is_none_or(|format| u32::from_le_bytes(format) >= FIRST_SEALED) {
        return Ok(None);
    }
    let mut names = database.tree_names();
    // In one order, so that the same state gives the same journal.
    names.sort();
    let mut truth = Truth::default();
    for name in names {
        let tree = database.open_tree(&name)?;
        let name = String::from_utf8_lossy(&name).to_string();
        for record in &tree {
            let (key, value) = record?;
            truth.add(&name, &key, value.to_vec());
        }
    }
    // sled gave the numbers then.
    let from = meta.get(NUMBERS_FROM)?;
    let from = from.and_then(|bytes| bytes.as_ref().try_into().ok().map(u64::from_le_bytes));
    let next = from.unwrap_or(0) + database.generate_id()?;
    truth.add("meta", NUMBERS_FROM.as_bytes(), next.to_le_bytes().to_vec());
    Ok(Some(truth))
}
