//! What is due by the last data, and records that follow when a due day goes to another month.

use super::change::Change;
use super::outbox::Record;
use super::{
    Acknowledgement, Button, Correction, Covered, Purpose, Shown, ShownAs, Store, StoreError,
};
use chrono::NaiveDate;
use std::collections::BTreeMap;

impl Store {
    /// What was due by the last data that were seen: each occurrence's key with its day.
    pub fn known_due(&self) -> Result<BTreeMap<String, NaiveDate>, StoreError> {
        let mut known = BTreeMap::new();
        for record in &self.due {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let key = String::from_utf8_lossy(&key).to_string();
            known.insert(key, serde_json::from_slice(&bytes)?);
        }
        Ok(known)
    }

    /// Remembers what is due, in the place of what was; what is carried has its records renamed.
    pub fn know_due(
        &self,
        due: &BTreeMap<String, NaiveDate>,
        carried: &[(String, String)],
    ) -> Result<(), StoreError> {
        let mut change = Change::default();
        let known = self.known_due()?;
        // What is due no more is forgotten here, and not before: until now its records could be
        // carried.
        for gone in known.keys().filter(|key| !due.contains_key(*key)) {
            change.remove(&self.due, gone);
        }
        for (key, day) in due.iter().filter(|(key, day)| known.get(*key) != Some(day)) {
            change.put(&self.due, key, day)?;
        }
        for (from, to) in carried {
            self.carry(from, to, &mut change)?;
        }
        self.make(&change)
    }

    /// Every record of an occurrence, under another key. What the other key has already stays.
    fn carry(&self, from: &str, to: &str, change: &mut Change) -> Result<(), StoreError> {
        for record in self.acknowledgements.scan_prefix(format!("{from}|")) {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            change.remove(&self.acknowledgements, &key);
            let said = renamed(serde_json::from_slice(&bytes)?, to);
            // What was said of the new one already is younger and holds.
            if self.acknowledgement(to, &said.unit)?.is_none() {
                let key = super::desk::said_key(to, &said.unit);
                change.put(&self.acknowledgements, key, &said)?;
            }
        }
        // Their keys have the occurrence among other parts, at a place that differs: `a|b|c` is
        // taken apart instead of looked for as a piece of text, which could be a part of another
        // key.
        for tree in [&self.covered, &self.told] {
            for record in tree {
                let (key, value) = record.map_err(|e| self.unusable(e))?;
                let text = String::from_utf8_lossy(&key);
                let mut parts: Vec<&str> = text.split('|').collect();
                if !parts.contains(&from) {
                    continue;
                }
                parts
                    .iter_mut()
                    .filter(|part| **part == from)
                    .for_each(|part| *part = to);
                change.put_bytes(tree, parts.join("|"), value.to_vec());
                change.remove(tree, &key);
            }
        }
        for record in &self.buttons {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            // Buttons that hang under messages of before are pressed later: they must still say
            // what they said.
            let button: Button = serde_json::from_slice(&bytes)?;
            if button.occurrence == from {
                let occurrence = to.to_string();
                change.put(
                    &self.buttons,
                    key,
                    &Button {
                        occurrence,
                        ..button
                    },
                )?;
            }
        }
        for record in &self.outbox {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let mut entry: Record = serde_json::from_slice(&bytes)?;
            if entry.purpose.rename(from, to) {
                change.put(&self.outbox, key, &entry)?;
            }
        }
        for record in &self.shown {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let mut shown: Shown = serde_json::from_slice(&bytes)?;
            if shown.rename(from, to) {
                change.put(&self.shown, key, &shown)?;
            }
        }
        Ok(())
    }
}

fn renamed(mut said: Acknowledgement, to: &str) -> Acknowledgement {
    said.occurrence = to.to_string();
    // What can be taken back lies inside, one in the other, and speaks of the same occurrence.
    said.before = said.before.map(|before| Box::new(renamed(*before, to)));
    said
}

/// The occurrences that a reminder speaks of.
fn occurrences<'a>(
    covers: &'a mut [Covered],
    corrections: &'a mut [Correction],
) -> impl Iterator<Item = &'a mut String> {
    let covered = covers.iter_mut().map(|one| &mut one.occurrence);
    let corrected = corrections.iter_mut().map(|one| &mut one.occurrence);
    covered.chain(corrected)
}

impl Shown {
    fn rename(&mut self, from: &str, to: &str) -> bool {
        match &mut self.what {
            ShownAs::Reminder {
                covers,
                corrections,
            } => rename(occurrences(covers, corrections), from, to),
            ShownAs::Question { occurrence, .. } => rename([occurrence], from, to),
        }
    }
}

impl Purpose {
    /// Speaks of an occurrence by another key; says whether it did speak of it.
    pub(super) fn rename(&mut self, from: &str, to: &str) -> bool {
        match self {
            Self::Reminder {
                covers,
                corrections,
            } => rename(occurrences(covers, corrections), from, to),
            Self::Question { occurrence, .. } => rename([occurrence], from, to),
            Self::Edit { .. } | Self::Wish { .. } | Self::Text { .. } => false,
        }
    }
}

fn rename<'a>(keys: impl IntoIterator<Item = &'a mut String>, from: &str, to: &str) -> bool {
    let mut found = false;
    for key in keys.into_iter().filter(|key| *key == from) {
        *key = to.to_string();
        found = true;
    }
    found
}
