//! The state as an older planbot wrote it, brought up to date: reports and promises were kept by
//! the position of a phrase in a plan and by the unit's name.
//!
//! It is made at once or not at all, and with it the mark of the format.

use super::change::Change;
use super::desk::said_key;
use super::outbox::{Record, told_key};
use super::{FORMAT, Purpose, Standing, Store, StoreError, Subscription};
use crate::model::{ChatId, Enrolled, UnitId};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The last format that kept reports by position and name.
const BY_POSITION: u32 = 3;

/// A subscription of that time: one day for all its units.
#[derive(Deserialize)]
struct Former {
    chat: ChatId,
    units: Vec<String>,
    since: NaiveDate,
    #[serde(default)]
    left: Vec<String>,
    #[serde(default)]
    suspended: Option<String>,
}

/// Whether records of this form can only be brought up to date by whoever knows the plans.
pub(super) fn needs_the_plans(format: u32) -> bool {
    format <= BY_POSITION
}

impl Store {
    /// Whether the records are still those of an older planbot.
    pub fn is_older(&self) -> Result<bool, StoreError> {
        Ok(needs_the_plans(self.format()?))
    }

    /// Brings the records up to date. Told what each position of the loaded plans is about; what
    /// stands at none of them keeps its old key, and is lost to nobody but the bot.
    pub fn upgrade(&self, keys: &BTreeMap<String, String>) -> Result<(), StoreError> {
        if !self.is_older()? {
            return Ok(());
        }
        let mut change = Change::default();
        let mut names: BTreeMap<String, Enrolled> = BTreeMap::new();
        let former: Vec<Former> = self.all(&self.subscriptions)?;
        for former in &former {
            for unit in &former.units {
                let known = names
                    .entry(unit.clone())
                    .or_insert_with(|| Enrolled::free(unit));
                known.chat.get_or_insert(former.chat);
            }
            change.put(&self.subscriptions, former.chat.key(), &former.now())?;
        }
        let of = |key: &str| keys.get(key).cloned().unwrap_or_else(|| key.to_string());
        self.upgrade_said(&of, &mut names, &mut change)?;
        self.upgrade_marks(&of, &former, &mut change)?;
        self.upgrade_outbox(&of, &former, &mut change)?;
        for unit in names.values() {
            change.put(&self.roll, &unit.id.0, unit)?;
        }
        change.put_bytes(&self.meta, "format", FORMAT.to_le_bytes());
        self.make(&change)?;
        // Whoever was asked for a date before is asked again when the button is pressed again.
        self.tree("awaited")
            .and_then(|awaited| awaited.clear())
            .map_err(|e| self.unusable(e))?;
        self.flush()
    }

    fn upgrade_said(
        &self,
        of: &dyn Fn(&str) -> String,
        names: &mut BTreeMap<String, Enrolled>,
        change: &mut Change,
    ) -> Result<(), StoreError> {
        for tree in [&self.acknowledgements, &self.buttons] {
            for record in tree {
                let (key, bytes) = record.map_err(|e| self.unusable(e))?;
                let mut said: Value = serde_json::from_slice(&bytes)?;
                let occurrence = of(said["occurrence"].as_str().unwrap_or_default());
                let unit = said["unit"].as_str().unwrap_or_default().to_string();
                names
                    .entry(unit.clone())
                    .or_insert_with(|| Enrolled::free(&unit));
                said["occurrence"] = Value::String(occurrence.clone());
                if tree.name() == self.buttons.name() {
                    change.put(tree, key, &said)?;
                } else {
                    change.remove(tree, key);
                    change.put(tree, said_key(&occurrence, &UnitId(unit)), &said)?;
                }
            }
        }
        Ok(())
    }

    /// Marks and told days of a chat become those of each of its units.
    fn upgrade_marks(
        &self,
        of: &dyn Fn(&str) -> String,
        former: &[Former],
        change: &mut Change,
    ) -> Result<(), StoreError> {
        let units_of = |chat: &str| {
            let chat = chat.parse::<ChatId>().ok();
            former
                .iter()
                .find(|former| Some(former.chat) == chat)
                .map(|former| former.units.clone())
                .unwrap_or_default()
        };
        for record in &self.covered {
            let (key, value) = record.map_err(|e| self.unusable(e))?;
            let text = String::from_utf8_lossy(&key).to_string();
            match text.split('|').collect::<Vec<_>>().as_slice() {
                [admin, occurrence, due, "silence"] => {
                    change.remove(&self.covered, &key);
                    let key = format!("{admin}|{}|{due}|silence", of(occurrence));
                    change.put_bytes(&self.covered, key, value.to_vec());
                }
                // The words of administrators have other marks of as many parts.
                [_, "dead" | "lost" | "regained" | "extend", ..] => {}
                [chat, occurrence, rest @ ..] if !rest.is_empty() => {
                    change.remove(&self.covered, &key);
                    for unit in units_of(chat) {
                        let rest = rest.join("|");
                        let key = format!("{chat}|{unit}|{}|{rest}", of(occurrence));
                        change.put_bytes(&self.covered, key, value.to_vec());
                    }
                }
                _ => {}
            }
        }
        for record in &self.told {
            let (key, value) = record.map_err(|e| self.unusable(e))?;
            let text = String::from_utf8_lossy(&key).to_string();
            let Some((chat, occurrence)) = text.split_once('|') else {
                continue;
            };
            change.remove(&self.told, &key);
            for unit in units_of(chat) {
                let Ok(chat) = chat.parse() else { continue };
                let key = told_key(chat, &UnitId(unit), &of(occurrence));
                change.put_bytes(&self.told, key, value.to_vec());
            }
        }
        Ok(())
    }

    fn upgrade_outbox(
        &self,
        of: &dyn Fn(&str) -> String,
        former: &[Former],
        change: &mut Change,
    ) -> Result<(), StoreError> {
        for record in &self.outbox {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let mut entry: Record = serde_json::from_slice(&bytes)?;
            let chat = entry.chat;
            let those = former.iter().find(|former| former.chat == chat);
            let units: Vec<UnitId> = those
                .map(|former| former.units.iter().cloned().map(UnitId).collect())
                .unwrap_or_default();
            let Purpose::Reminder {
                covers,
                corrections,
            } = &mut entry.purpose
            else {
                continue;
            };
            for covered in covers {
                covered.occurrence = of(&covered.occurrence);
                covered.units.clone_from(&units);
            }
            for correction in corrections {
                correction.occurrence = of(&correction.occurrence);
                correction.units.clone_from(&units);
            }
            change.put(&self.outbox, key, &entry)?;
        }
        Ok(())
    }
}

impl Former {
    fn now(&self) -> Subscription {
        let standing = |unit: &String| Standing {
            unit: UnitId(unit.clone()),
            since: self.since,
            listed: false,
        };
        Subscription {
            chat: self.chat,
            units: self.units.iter().map(standing).collect(),
            left: self.left.iter().cloned().map(UnitId).collect(),
            suspended: self.suspended.clone(),
        }
    }
}
