//! Records of several trees that change together or not at all.

use super::{Store, StoreError};
use serde::Serialize;
use sled::Transactional;
use sled::transaction::{ConflictableTransactionError, TransactionError};

/// What is to change.
#[derive(Default)]
pub(super) struct Change {
    steps: Vec<Step>,
}

struct Step {
    tree: sled::Tree,
    key: Vec<u8>,
    /// What the record is then; nothing where it is removed.
    value: Option<Vec<u8>>,
}

impl Change {
    /// Writes a record.
    pub(super) fn put<T: Serialize>(
        &mut self,
        tree: &sled::Tree,
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
        tree: &sled::Tree,
        key: impl AsRef<[u8]>,
        value: impl Into<Vec<u8>>,
    ) {
        self.steps.push(Step {
            tree: tree.clone(),
            key: key.as_ref().to_vec(),
            value: Some(value.into()),
        });
    }

    /// Removes a record.
    pub(super) fn remove(&mut self, tree: &sled::Tree, key: impl AsRef<[u8]>) {
        self.steps.push(Step {
            tree: tree.clone(),
            key: key.as_ref().to_vec(),
            value: None,
        });
    }
}

impl Store {
    /// Makes a change, whole: one step after the other, in one transaction.
    pub(super) fn make(&self, change: &Change) -> Result<(), StoreError> {
        let mut trees: Vec<&sled::Tree> = Vec::new();
        let mut at = Vec::new();
        for step in &change.steps {
            let known = trees
                .iter()
                .position(|tree| tree.name() == step.tree.name());
            at.push(known.unwrap_or(trees.len()));
            if known.is_none() {
                trees.push(&step.tree);
            }
        }
        if trees.is_empty() {
            return Ok(());
        }
        let made = trees.as_slice().transaction(|trees| {
            for (step, at) in change.steps.iter().zip(&at) {
                match &step.value {
                    Some(value) => trees[*at].insert(step.key.as_slice(), value.as_slice())?,
                    None => trees[*at].remove(step.key.as_slice())?,
                };
            }
            Ok::<_, ConflictableTransactionError<std::convert::Infallible>>(())
        });
        made.map_err(|error| match error {
            TransactionError::Storage(source) => self.unusable(source),
            TransactionError::Abort(never) => match never {},
        })
    }
}
