//! Records of several trees that change together or not at all.

use super::journal::Step;
use super::sealed::seal;
use super::tree::Tree;
use super::{Store, StoreError};
use serde::Serialize;
use sled::Transactional;
use sled::transaction::{ConflictableTransactionError, TransactionError};
use std::convert::Infallible;

/// What is to change.
#[derive(Default)]
pub(super) struct Change {
    trees: Vec<sled::Tree>,
    /// To which of the trees each step belongs.
    of: Vec<usize>,
    steps: Vec<Step>,
}

impl Change {
    /// Writes a record.
    pub(super) fn put<T: Serialize>(
        &mut self,
        tree: &Tree,
        key: impl AsRef<[u8]>,
        value: &T,
    ) -> Result<(), StoreError> {
        let value = serde_json::to_vec(value)?;
        self.put_bytes(tree, key, value);
        Ok(())
    }

    /// Writes a record as it stands.
    pub(super) fn put_bytes(
        &mut self,
        tree: &Tree,
        key: impl AsRef<[u8]>,
        value: impl Into<Vec<u8>>,
    ) {
        self.push(tree, key.as_ref(), Some(value.into()));
    }

    /// Removes a record.
    pub(super) fn remove(&mut self, tree: &Tree, key: impl AsRef<[u8]>) {
        self.push(tree, key.as_ref(), None);
    }

    fn push(&mut self, tree: &Tree, key: &[u8], value: Option<Vec<u8>>) {
        let records = tree.records();
        let known = self.trees.iter();
        let known = known
            .map(sled::Tree::name)
            .position(|name| name == records.name());
        self.of.push(known.unwrap_or(self.trees.len()));
        if known.is_none() {
            self.trees.push(records.clone());
        }
        self.steps.push(Step {
            tree: tree.name().to_string(),
            key: key.to_vec(),
            value,
        });
    }

    /// Brings it into sled, in one transaction.
    fn carry_out(&self, number: u64) -> sled::Result<()> {
        let made = self.trees.as_slice().transaction(|trees| {
            for (step, of) in self.steps.iter().zip(&self.of) {
                let (tree, key) = (&trees[*of], step.key.as_slice());
                match &step.value {
                    Some(value) => tree.insert(key, seal(&step.tree, key, number, value))?,
                    None => tree.remove(key)?,
                };
            }
            Ok::<_, ConflictableTransactionError<Infallible>>(())
        });
        made.map_err(|error| match error {
            TransactionError::Storage(source) => source,
            TransactionError::Abort(never) => match never {},
        })
    }
}

impl Store {
    /// Makes a change, whole: one step after the other.
    pub(super) fn make(&self, change: &Change) -> Result<(), StoreError> {
        self.make_where(change, || Ok(true)).map(|_| ())
    }

    /// Makes a change where something holds, which is looked at when nobody else can change
    /// anything; says whether it was made.
    pub(super) fn make_where(
        &self,
        change: &Change,
        holds: impl FnOnce() -> sled::Result<bool>,
    ) -> Result<bool, StoreError> {
        if change.steps.is_empty() {
            return Ok(true);
        }
        let made = self
            .ledger
            .enter(&change.steps, holds, |number| change.carry_out(number));
        made.map(|made| made.is_some())
            .map_err(|e| self.unusable(e))
    }
}
