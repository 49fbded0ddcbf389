//! Reminders: one idempotent tick. What must exist by now is promised on disk, then sent; what
//! became of it is written.
//!
//! A tick takes the moment and nothing else; it may end anywhere, and the next one goes on. It
//! knows no messenger's manners: what became of a send is a `SendOutcome`.

mod alarm;
mod carry;
mod compose;
mod deliver;
mod message;
mod moved;
mod promise;
mod run;

pub(crate) use alarm::Alarm;
pub(crate) use run::run;
pub use run::tick;

use crate::app::Desk;
use crate::model::Unit;
use crate::ports::{Messenger, PersonId};
use crate::schedule::Agenda;
use crate::store::{Acknowledged, Acknowledgement, Store, StoreError};
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use std::time::Duration;

/// Everything that a tick works with.
pub struct Reminder<'a> {
    /// What is due.
    pub agenda: &'a Agenda,
    /// Who must report, as the data say.
    pub units: &'a [Unit],
    /// What was promised and said.
    pub store: &'a Store,
    /// Sends.
    pub messenger: &'a dyn Messenger,
    /// Who is told of silence and of what cannot be delivered.
    pub admins: &'a [PersonId],
    /// The pause between two sends, so that many at once stay within the messenger's limits.
    pub pace: Duration,
    /// Whether the program is to end: then no further message is begun, and what waits goes out
    /// behind the next start. One that were cut off would have to be repeated late, with a word
    /// that it may be known.
    pub is_stopping: &'a (dyn Fn() -> bool + Sync),
}

/// What a tick did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Messages promised.
    pub promised: usize,
    /// Messages that arrived.
    pub delivered: usize,
    /// Sends that came to nothing, or to nothing known.
    pub failed: usize,
}

impl Reminder<'_> {
    /// Promises what must exist by now and sends what is to be sent.
    pub async fn tick(&self, now: DateTime<Tz>) -> Result<Ticked, StoreError> {
        let mut ticked = Ticked::default();
        // First of all: what a program that was killed left in the middle of a send must be told
        // apart from what this tick begins.
        self.recover(now).await?;
        let desk = self.desk(now);
        let roll = desk.roll()?;
        let enrolled = desk.enrol(&roll)?;
        // Before anything is promised: what was said of a day that has moved follows it, or the
        // same would be promised again.
        if self.carry(now.date_naive())? || enrolled {
            self.store.settle().await?;
        }
        if self.may_send(now) {
            ticked.promised = self.promise(now, &roll).await?;
        }
        self.deliver(now, &roll, &mut ticked).await?;
        // What a send has brought to light is told at once, not by the next tick.
        let told = self.tell_moved(now)?;
        ticked.promised += told;
        if told + ticked.failed > 0 {
            self.deliver(now, &roll, &mut ticked).await?;
        }
        Ok(ticked)
    }

    fn desk(&self, now: DateTime<Tz>) -> Desk<'_> {
        Desk {
            store: self.store,
            agenda: self.agenda,
            units: self.units,
            admins: self.admins,
            now,
            really: now,
        }
    }

    /// Whether reminders may go out at a moment. Before the hour of sending none does, not even
    /// what was missed: it would be followed by the day's own.
    fn may_send(&self, now: DateTime<Tz>) -> bool {
        let policy = &self.agenda.policy;
        self.agenda.calendar.is_working(now.date_naive())
            && policy.permits(now.time())
            && now.time() >= policy.send_at
    }
}

/// The day until which a report is awaited: the due day, or the later one that the unit asked for.
/// Nothing where it has reported.
fn open_until(said: Option<&Acknowledgement>, due: NaiveDate) -> Option<NaiveDate> {
    match said.map(|said| &said.said) {
        Some(Acknowledged::Reported) => None,
        Some(Acknowledged::Extended(until)) => Some(due.max(*until)),
        Some(Acknowledged::InHand) | None => Some(due),
    }
}

/// The day on which something was said.
fn day_of(said: &Acknowledgement) -> Option<NaiveDate> {
    let at = DateTime::parse_from_rfc3339(&said.at).ok()?;
    Some(at.date_naive())
}
