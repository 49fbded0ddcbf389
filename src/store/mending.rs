//! What a damaged state is made anew from, and what is said of it.

use super::comparing::Comparison;
use super::export::{self, Export};
use super::journal::{Address, Kept, Marks, Witness};
use super::{Store, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// The tree of what was mended.
pub(super) const TREE: &str = "mended";
/// So many are kept.
const MOST_KEPT: usize = 20;
/// So many losses are named; of more their number is said.
const MOST_NAMED: usize = 50;

/// What was damaged when a state was opened, and what became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mending {
    /// The records as a whole could not be read.
    pub were_unreadable: bool,
    /// So many damaged records were brought back from the journal, by tree.
    pub from_journal: BTreeMap<String, usize>,
    /// The journal was damaged, and was written anew.
    pub journal: bool,
    /// From a backup of this moment came what neither had.
    pub from_backup: Option<String>,
    /// Neither had the beginning, and there was no backup.
    pub has_lost_its_beginning: bool,
    /// What could not be brought back, one by one.
    pub lost: Vec<String>,
    /// Whether administrators were told.
    pub is_told: bool,
}

impl Mending {
    /// Whether there is anything to say.
    pub(super) fn is_worth_telling(&self) -> bool {
        *self != Self::default()
    }

    /// How many records were brought back from the journal.
    pub fn brought_back(&self) -> usize {
        self.from_journal.values().sum()
    }

    /// Whether everything is there again.
    pub fn is_complete(&self) -> bool {
        self.lost.is_empty() && self.from_backup.is_none() && !self.has_lost_its_beginning
    }

    /// One sentence for a person.
    pub fn sentence(&self) -> String {
        let mut parts = Vec::new();
        if self.were_unreadable {
            parts.push("记录文件损坏，已按日志重建".to_string());
        }
        if self.brought_back() > 0 && !self.were_unreadable {
            let trees: Vec<&str> = self.from_journal.keys().map(String::as_str).collect();
            parts.push(format!(
                "{} 条记录损坏，已从日志补回（{}）",
                self.brought_back(),
                trees.join("、")
            ));
        }
        if self.journal {
            parts.push("日志有损坏，已按记录重写".to_string());
        }
        if let Some(at) = &self.from_backup {
            parts.push(format!(
                "记录和日志都读不全，已用 {at} 的自动备份补齐，那以后的记录可能缺失"
            ));
        }
        if self.has_lost_its_beginning {
            parts.push("记录和日志都读不全，也没有可用的自动备份，只剩读得出的部分".to_string());
        }
        if !self.lost.is_empty() {
            let named = self.lost.iter().take(MOST_NAMED);
            let named: Vec<&str> = named.map(String::as_str).collect();
            let more = match self.lost.len() {
                count if count > MOST_NAMED => format!("等共 {count} 项"),
                _ => String::new(),
            };
            parts.push(format!("补不回来的有：{}{more}", named.join("、")));
        }
        let advice = if self.is_complete() {
            "没有丢失；请检查磁盘"
        } else {
            "请检查磁盘，并看 state/backups/ 里的备份是否更全（planbot state restore）"
        };
        format!("状态目录有损坏：{}。{advice}。", parts.join("；"))
    }
}

/// Records by what sled and the journal say together.
#[derive(Debug, Default)]
pub(super) struct Truth {
    records: BTreeMap<Address, (u64, Option<Vec<u8>>)>,
    /// No change has a higher number.
    last: u64,
}

impl Truth {
    /// Of the journal as far as it can be read, and of sled what it knows better: what is newer, or
    /// all of it where the journal has gaps.
    pub(super) fn of(
        witness: &Witness,
        comparison: Option<&Comparison>,
    ) -> io::Result<(Self, Mending)> {
        let mut truth = Self::default();
        for entry in witness.entries()? {
            let entry = entry?;
            truth.put(entry.address, entry.number, entry.value);
        }
        truth.last = truth.last.max(witness.highest());
        let mut mending = Mending {
            journal: !witness.is_whole(),
            were_unreadable: comparison.is_none(),
            ..Mending::default()
        };
        let mut unsure: BTreeSet<u64> = witness.missing.iter().cloned().flatten().collect();
        if let Some(found) = comparison {
            let missing = found.missing.iter().filter(|_| !found.is_sound());
            for (tree, _) in found.damaged.iter().chain(missing) {
                *mending.from_journal.entry(tree.clone()).or_default() += 1;
            }
            for ((tree, key), number, value) in found.ahead.iter().chain(&found.only_here) {
                unsure.remove(number);
                truth.put((tree.clone(), key.clone()), *number, Some(value.clone()));
            }
            if found.is_sound() {
                // What the gaps had is here: also that these records were removed.
                unsure.retain(|number| *number > witness.kept());
                for address in found.only_there.iter().chain(&found.missing) {
                    truth.records.remove(address);
                }
            }
            for address in &found.unreadable {
                if !truth.records.contains_key(address) {
                    mending.lost.push(export::named(&address.0, &address.1));
                }
            }
        }
        mending.lost.extend(runs(&unsure));
        // That sled is ahead alone is how a cut of the power looks.
        Ok((truth, mending))
    }

    /// Writes a record where nothing newer is known of it.
    fn put(&mut self, address: Address, number: u64, value: Option<Vec<u8>>) {
        self.last = self.last.max(number);
        let known = self.records.get(&address).map(|(known, _)| *known);
        // The higher number is the later change, whichever of the two says it.
        if known.is_none_or(|known| known < number) {
            self.records.insert(address, (number, value));
        }
    }

    /// Writes a record by the next number.
    pub(super) fn add(&mut self, tree: &str, key: &[u8], value: Vec<u8>) {
        let number = self.last + 1;
        self.put((tree.to_string(), key.to_vec()), number, Some(value));
    }

    /// What a backup has of records that are not known.
    pub(super) fn fill_from(&mut self, backup: Export) {
        let numbers = backup.numbers;
        for (tree, key, value) in backup.records {
            let address = (tree, key);
            // Only what nothing newer is known of.
            self.records.entry(address).or_insert((0, Some(value)));
        }
        // Numbers go on far behind those that may have been given since.
        let from = numbers + super::numbers::BEHIND_A_BACKUP;
        self.add(
            "meta",
            super::NUMBERS_FROM.as_bytes(),
            from.to_le_bytes().to_vec(),
        );
    }

    /// Keeps what is to be told.
    pub(super) fn remember(&mut self, mending: &Mending) -> Result<(), StoreError> {
        let key = (self.last + 1).to_be_bytes();
        self.add(TREE, &key, serde_json::to_vec(mending)?);
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// No change has a higher number.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// The form of the records.
    pub(super) fn format(&self) -> Option<u32> {
        let (_, value) = self
            .records
            .get(&("meta".to_string(), b"format".to_vec()))?;
        value.as_deref()?.try_into().ok().map(u32::from_le_bytes)
    }

    /// The records, in order.
    pub(super) fn records(&self) -> impl Iterator<Item = Kept> {
        self.records
            .iter()
            .filter_map(|(address, (number, value))| {
                Some((address.clone(), *number, value.clone()?))
            })
    }
}

/// Changes of which nobody knows what they were, as stretches of their numbers.
fn runs(numbers: &BTreeSet<u64>) -> Vec<String> {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, end)) if *end + 1 == *number => *end = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let said = |(from, to): (u64, u64)| {
        if from == to {
            format!("第 {from} 次写入")
        } else {
            format!("第 {from}–{to} 次写入")
        }
    };
    runs.into_iter().map(said).collect()
}

impl Witness {
    /// The highest number that may have been given.
    fn highest(&self) -> u64 {
        let missing = self.missing.iter().map(|run| *run.end()).max();
        let settled = self.marks.map(|marks: Marks| marks.settled);
        self.last
            .max(missing.unwrap_or(0))
            .max(settled.unwrap_or(0))
    }
}

impl Store {
    /// What was mended when the state was opened, newest last.
    pub fn mendings(&self) -> Result<Vec<Mending>, StoreError> {
        self.all(&self.mended)
    }

    /// What administrators were not yet told of, each with its key.
    pub fn untold_mendings(&self) -> Result<Vec<(Vec<u8>, Mending)>, StoreError> {
        let mut untold = Vec::new();
        for record in &self.mended {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let mending: Mending = serde_json::from_slice(&bytes)?;
            if !mending.is_told {
                untold.push((key, mending));
            }
        }
        Ok(untold)
    }

    /// From now on they were told. The oldest of all are forgotten.
    pub fn told_of_mendings(&self, told: Vec<(Vec<u8>, Mending)>) -> Result<(), StoreError> {
        for (key, mending) in told {
            let told = Mending {
                is_told: true,
                ..mending
            };
            self.put(&self.mended, key, &told)?;
        }
        for _ in MOST_KEPT..self.mended.len() {
            self.mended.pop_min().map_err(|e| self.unusable(e))?;
        }
        Ok(())
    }
}
