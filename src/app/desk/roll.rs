//! Who the units are: the roll in the state, brought up to date with the data.

use crate::model::{Enrolled, Listing, Unit, UnitId, call_roll};
use crate::store::{Store, StoreError};
use crate::words::zh::changes::{self as words, ByChat};

/// The roll as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roll(Vec<Enrolled>);

impl Roll {
    /// Calls the roll: a unit of the data is known again, and what is new about it is written.
    pub fn call(store: &Store, units: &[Unit]) -> Result<Self, StoreError> {
        let known = store.roll()?;
        // The data may still name a chat by the id that it had before it moved.
        let mut units = units.to_vec();
        for unit in &mut units {
            unit.chat = unit.chat.map(|chat| store.present_chat(chat)).transpose()?;
        }
        // Beside what was known: a unit that is renamed keeps its id, and with it its reports.
        let called = call_roll(known.clone(), &units);
        let changed: Vec<Enrolled> = called
            .iter()
            .filter(|unit| !known.contains(unit))
            .cloned()
            .collect();
        if !changed.is_empty() {
            store.enrol(&changed)?;
        }
        Ok(Self(called))
    }

    /// Everybody on it, those who are listed first.
    pub fn all(&self) -> &[Enrolled] {
        &self.0
    }

    /// A unit by its id.
    pub fn unit(&self, id: &UnitId) -> Option<&Enrolled> {
        self.0.iter().find(|unit| unit.id == *id)
    }

    /// A unit's present name.
    pub fn name(&self, id: &UnitId) -> String {
        self.unit(id)
            .map_or_else(|| id.0.clone(), |unit| unit.name.clone())
    }

    /// The names of several units.
    pub fn names(&self, ids: &[UnitId]) -> Vec<String> {
        ids.iter().map(|id| self.name(id)).collect()
    }

    /// Whether a unit is reminded.
    pub fn is_active(&self, id: &UnitId) -> bool {
        self.unit(id).is_some_and(Enrolled::is_active)
    }

    /// The unit that a word names, among those that are reminded.
    pub fn called(&self, word: &str) -> Option<&Enrolled> {
        let mut active = self.0.iter().filter(|unit| unit.is_active());
        active.find(|unit| unit.is_called(word))
    }
}

/// What the roll says otherwise than before, in lines.
pub(crate) fn changes(before: &Roll, after: &Roll) -> Vec<String> {
    let mut lines = Vec::new();
    let is_listed = |unit: &&Enrolled| unit.listing == Listing::Listed;
    for unit in after.all().iter().filter(is_listed) {
        let Some(was) = before.unit(&unit.id).filter(is_listed) else {
            lines.push(words::unit_added(&unit.name));
            continue;
        };
        if was.name != unit.name {
            let is_told = unit.written.is_some() || unit.aliases.contains(&was.name);
            let by = if is_told { ByChat::No } else { ByChat::Yes };
            lines.push(words::unit_renamed(&was.name, &unit.name, by));
        }
        if was.chat != unit.chat {
            lines.push(words::unit_moved(&unit.name, was.chat, unit.chat));
        }
    }
    for was in before.all().iter().filter(is_listed) {
        if !after.unit(&was.id).is_some_and(|unit| is_listed(&unit)) {
            lines.push(words::unit_gone(&was.name));
        }
    }
    lines
}
