//! A tree of records: what sled holds, each record sealed, each change entered in the ledger.

use super::journal::Step;
use super::ledger::Ledger;
use super::sealed::{damaged, opened, seal};
use std::sync::Arc;

/// A record's key and what it is.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

/// A tree of the state.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    name: Arc<str>,
    records: sled::Tree,
    ledger: Arc<Ledger>,
}

impl Tree {
    pub(super) fn open(
        database: &sled::Db,
        name: &str,
        ledger: &Arc<Ledger>,
    ) -> sled::Result<Self> {
        Ok(Self {
            name: name.into(),
            records: database.open_tree(name)?,
            ledger: Arc::clone(ledger),
        })
    }

    /// What it is called.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The tree in sled, for changes of several trees at once.
    pub(super) fn records(&self) -> &sled::Tree {
        &self.records
    }

    /// How many records there are; sled reads them all for it.
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// What a record is.
    pub(super) fn get(&self, key: impl AsRef<[u8]>) -> sled::Result<Option<Vec<u8>>> {
        let key = key.as_ref();
        let found = self.records.get(key)?;
        found.map(|sealed| self.value(key, &sealed)).transpose()
    }

    /// Whether a record is there.
    pub(super) fn contains_key(&self, key: impl AsRef<[u8]>) -> sled::Result<bool> {
        self.records.contains_key(key)
    }

    /// Writes a record.
    pub(super) fn insert(
        &self,
        key: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
    ) -> sled::Result<()> {
        let (key, value) = (key.as_ref(), value.as_ref());
        let step = self.step(key, Some(value));
        let always = || Ok(true);
        let made = self.ledger.enter(&[step], always, |number| {
            let sealed = seal(&self.name, key, number, value);
            self.records.insert(key, sealed).map(|_| ())
        });
        made.map(|_| ())
    }

    /// Removes a record; says whether it was there.
    pub(super) fn remove(&self, key: impl AsRef<[u8]>) -> sled::Result<bool> {
        let key = key.as_ref();
        let step = self.step(key, None);
        // What is not there needs no change.
        let is_there = || self.records.contains_key(key);
        let made = self
            .ledger
            .enter(&[step], is_there, |_| self.records.remove(key).map(|_| ()));
        made.map(|made| made.is_some())
    }

    /// Removes the first record.
    pub(super) fn pop_min(&self) -> sled::Result<()> {
        match self.records.first()? {
            Some((key, _)) => self.remove(key).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Removes every record.
    pub(super) fn clear(&self) -> sled::Result<()> {
        for key in self.records.iter().keys() {
            self.remove(key?)?;
        }
        Ok(())
    }

    /// Every record, in the order of keys.
    pub(super) fn iter(&self) -> Records<'_> {
        self.of(self.records.iter())
    }

    /// The records whose key begins so.
    pub(super) fn scan_prefix(&self, prefix: impl AsRef<[u8]>) -> Records<'_> {
        self.of(self.records.scan_prefix(prefix))
    }

    fn of(&self, records: sled::Iter) -> Records<'_> {
        Records {
            tree: self,
            records,
        }
    }

    fn step(&self, key: &[u8], value: Option<&[u8]>) -> Step {
        Step {
            tree: self.name.to_string(),
            key: key.to_vec(),
            value: value.map(<[u8]>::to_vec),
        }
    }

    fn value(&self, key: &[u8], sealed: &[u8]) -> sled::Result<Vec<u8>> {
        match opened(&self.name, key, sealed) {
            Some((_, value)) => Ok(value.to_vec()),
            None => Err(damaged(&self.name, key)),
        }
    }
}

/// Records of a tree, one after the other.
pub(super) struct Records<'a> {
    tree: &'a Tree,
    records: sled::Iter,
}

impl Iterator for Records<'_> {
    type Item = sled::Result<Pair>;

    fn next(&mut self) -> Option<Self::Item> {
        let found = self.records.next()?;
        Some(found.and_then(|(key, sealed)| {
            let value = self.tree.value(&key, &sealed)?;
            Ok((key.to_vec(), value))
        }))
    }
}

impl<'a> IntoIterator for &'a Tree {
    type Item = sled::Result<Pair>;
    type IntoIter = Records<'a>;

    fn into_iter(self) -> Records<'a> {
        self.iter()
    }
}
