//! Where the units stand with what is due, for people.

use super::Desk;
use crate::model::{Listing, UnitId};
use crate::ports::ChatId;
use crate::schedule::Occurrence;
use crate::store::{Acknowledged, Acknowledgement, StoreError, Subscription};
use crate::words::zh::status as words;
use chrono::{DateTime, Datelike, NaiveDate};

/// Where a unit stands with a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitState {
    /// It has reported.
    Reported,
    /// It is at work.
    InHand,
    /// It asks for more time, until a day.
    Extended(NaiveDate),
    /// It has said nothing.
    Silent,
    /// Its chat cannot be reached.
    Unreachable,
}

impl UnitState {
    /// The state's word, without its day.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reported => words::REPORTED,
            Self::InHand => words::IN_HAND,
            Self::Extended(_) => words::EXTENDED,
            Self::Silent => words::SILENT,
            Self::Unreachable => words::UNREACHABLE,
        }
    }

    /// The state in words.
    pub fn shown(self) -> String {
        match self {
            Self::Extended(until) => words::extended_until(until),
            other => other.word().to_string(),
        }
    }
}

/// A unit's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitStatus {
    /// By its id, which outlasts its names.
    pub unit: UnitId,
    /// Its present name.
    pub name: String,
    /// Where it stands.
    pub state: UnitState,
    /// Who said so and when (张三 6月24日 10:02); empty where nobody did.
    pub by: String,
}

impl UnitStatus {
    /// The state with who said so.
    pub fn shown(&self) -> String {
        match self.by.as_str() {
            "" => self.state.shown(),
            by => format!("{}（{by}）", self.state.shown()),
        }
    }
}

/// One duty with what the units said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyStatus {
    /// The occurrence's key.
    pub occurrence: String,
    /// The duty in words, with its due day.
    pub title: String,
    /// How the phrase was read.
    pub reading: String,
    /// The due day.
    pub due: NaiveDate,
    /// Each unit with its state.
    pub units: Vec<UnitStatus>,
    /// The sentence that lays it down, with its place.
    pub sentence: String,
}

impl Desk<'_> {
    /// What is next and what was last, with what a chat's units said, or all units.
    pub fn duties(&self, chat: Option<ChatId>) -> Result<Vec<DutyStatus>, StoreError> {
        let today = self.today();
        let mut occurrences: Vec<Occurrence<'_>> = self.agenda.around(today);
        if !occurrences
            .iter()
            .any(|occurrence| occurrence.due.day >= today)
        {
            occurrences.extend(self.agenda.next(today));
        }
        let roll = self.roll()?;
        let subscriptions = self.store.subscriptions()?;
        let stands = |unit: &UnitId| {
            let unit = unit.clone();
            subscriptions
                .iter()
                .filter(move |known| known.stands_for(&unit))
        };
        let mut units: Vec<(String, UnitId)> = roll
            .all()
            .iter()
            .filter(|unit| unit.is_active())
            .filter(|unit| match chat {
                Some(chat) => stands(&unit.id).any(|known| known.chat == chat),
                // Whoever is on no list and in no chat is nobody's business any more.
                None => unit.listing == Listing::Listed || stands(&unit.id).count() > 0,
            })
            .map(|unit| (unit.name.clone(), unit.id.clone()))
            .collect();
        units.sort();
        let of = |occurrence: &Occurrence<'_>| self.status(occurrence, &units, &subscriptions);
        occurrences.iter().map(of).collect()
    }

    fn status(
        &self,
        occurrence: &Occurrence<'_>,
        units: &[(String, UnitId)],
        subscriptions: &[Subscription],
    ) -> Result<DutyStatus, StoreError> {
        let mut states = Vec::new();
        for (name, unit) in units {
            let said = self.store.acknowledgement(&occurrence.key, unit)?;
            let mut chats = subscriptions
                .iter()
                .filter(|known| known.stands_for(unit))
                .peekable();
            // No chat at all is as silent as before; chats that all are gone cannot be reached.
            let is_unreachable =
                chats.peek().is_some() && chats.all(|known| known.suspended.is_some());
            let state = match said.as_ref().map(|said| &said.said) {
                Some(Acknowledged::Reported) => UnitState::Reported,
                Some(Acknowledged::InHand) => UnitState::InHand,
                Some(Acknowledged::Extended(until)) => UnitState::Extended(*until),
                None if is_unreachable => UnitState::Unreachable,
                None => UnitState::Silent,
            };
            states.push(UnitStatus {
                unit: unit.clone(),
                name: name.clone(),
                state,
                by: said.as_ref().map(said_by).unwrap_or_default(),
            });
        }
        let due = occurrence.due.day;
        let today = self.today();
        let calendar = &self.agenda.calendar;
        let is_over = due < today;
        let now = words::DueNow {
            over_by: is_over.then(|| calendar.working_days_between(due, today)),
            is_estimated: occurrence.due.estimated || calendar.is_estimated(today.year()),
        };
        Ok(DutyStatus {
            occurrence: occurrence.key.clone(),
            title: words::title(occurrence, now),
            reading: words::reading(occurrence),
            due,
            units: states,
            sentence: words::sentence(occurrence),
        })
    }
}

/// Who said something, and when: the day and the time.
fn said_by(said: &Acknowledgement) -> String {
    let at = DateTime::parse_from_rfc3339(&said.at).unwrap_or_default();
    words::said_by(&said.name, at)
}
