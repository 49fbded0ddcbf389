//! Which messages must exist by now, each promised once.

use super::{Reminder, compose};
use crate::app::Roll;
use crate::model::{Listing, UnitId};
use crate::schedule::{DeliveryState, Fate, Occurrence};
use crate::store::{
    Acknowledged, Correction, Covered, OutboxEntry, PromiseId, Purpose, Standing, StoreError,
    Subscription,
};
use chrono::{DateTime, Days, NaiveDate};
use chrono_tz::Tz;

/// So many days behind a due day administrators are still told who is silent.
const SILENCE_TOLD_WITHIN_DAYS: u64 = 10;
/// Closed messages are kept so long.
const CLOSED_KEPT_DAYS: i64 = 60;
/// Of closed messages that are no reminders so many are kept: they come as often as somebody
/// presses.
const MOST_OTHERS_CLOSED: usize = 500;

/// What one message to a chat is to say, and the marks that keep it from being said twice.
#[derive(Default)]
struct Gathered {
    covers: Vec<Covered>,
    corrections: Vec<Correction>,
    marks: Vec<String>,
}

impl Gathered {
    /// A stage of a unit; units that are reminded of the same stand together.
    fn cover(&mut self, covered: Covered, unit: &UnitId) {
        let same = |other: &&mut Covered| {
            (&other.occurrence, other.due, &other.stage, other.day)
                == (
                    &covered.occurrence,
                    covered.due,
                    &covered.stage,
                    covered.day,
                )
        };
        match self.covers.iter_mut().find(same) {
            Some(known) => known.units.push(unit.clone()),
            None => self.covers.push(Covered {
                units: vec![unit.clone()],
                ..covered
            }),
        }
    }

    /// What an older message that is still open was to say, and the new one does not say of the
    /// same unit: the new one takes its place, and nothing of it is lost. Says whether anything was
    /// kept.
    fn keep(&mut self, covers: Vec<Covered>, corrections: Vec<Correction>) -> bool {
        let mut kept = false;
        for mut covered in covers {
            covered
                .units
                .retain(|unit| !self.speaks_of(&covered.occurrence, unit));
            kept |= !covered.units.is_empty();
            for unit in std::mem::take(&mut covered.units) {
                self.cover(covered.clone(), &unit);
            }
        }
        for mut correction in corrections {
            correction
                .units
                .retain(|unit| !self.speaks_of(&correction.occurrence, unit));
            kept |= !correction.units.is_empty();
            for unit in std::mem::take(&mut correction.units) {
                self.correct(correction.clone(), &unit);
            }
        }
        kept
    }

    fn speaks_of(&self, occurrence: &str, unit: &UnitId) -> bool {
        let covered = self.covers.iter();
        let mut covered = covered.map(|one| (&one.occurrence, &one.units));
        let corrected = self.corrections.iter();
        let mut corrected = corrected.map(|one| (&one.occurrence, &one.units));
        let is_it =
            |(known, units): (&String, &Vec<UnitId>)| known == occurrence && units.contains(unit);
        covered.any(is_it) || corrected.any(is_it)
    }

    fn correct(&mut self, correction: Correction, unit: &UnitId) {
        let same = |other: &&mut Correction| {
            (&other.occurrence, other.told, other.due)
                == (&correction.occurrence, correction.told, correction.due)
        };
        match self.corrections.iter_mut().find(same) {
            Some(known) => known.units.push(unit.clone()),
            None => self.corrections.push(Correction {
                units: vec![unit.clone()],
                ..correction
            }),
        }
    }
}

impl Reminder<'_> {
    /// A message found in the middle of a send has an unknown fate; it will be sent once more and
    /// say so. Old closed ones are forgotten.
    pub(super) async fn recover(&self, now: DateTime<Tz>) -> Result<(), StoreError> {
        let mut changed = false;
        let outbox = self.store.outbox()?;
        let is_other = |entry: &&OutboxEntry| {
            !entry.delivery.is_open() && !matches!(entry.purpose, Purpose::Reminder { .. })
        };
        let others: Vec<PromiseId> = outbox
            .iter()
            .filter(is_other)
            .map(|entry| entry.id)
            .collect();
        // By their numbers, which are given in order: the oldest go.
        let too_many = others.len().saturating_sub(MOST_OTHERS_CLOSED);
        for id in others.iter().take(too_many) {
            self.store.forget(*id)?;
            changed = true;
        }
        for entry in outbox {
            if entry.delivery.state == DeliveryState::Sending {
                let delivery = entry.delivery.after(Fate::Unknown, now, 0.0);
                self.store.record(&OutboxEntry { delivery, ..entry })?;
                changed = true;
            // What is closed is read by nobody but those who count it (`/metrics`) and look a fault
            // up.
            } else if !entry.delivery.is_open()
                && (now - entry.delivery.not_before).num_days() > CLOSED_KEPT_DAYS
            {
                self.store.forget(entry.id)?;
                changed = true;
            }
        }
        if changed {
            self.store.settle().await
        } else {
            Ok(())
        }
    }

    /// Promises each chat at most one message: of every duty and unit the last reminder that the
    /// moment has reached, and due days that have changed. An older one that is still open is
    /// replaced.
    pub(super) async fn promise(
        &self,
        now: DateTime<Tz>,
        roll: &Roll,
    ) -> Result<usize, StoreError> {
        let today = now.date_naive();
        let occurrences = self.agenda.around_put_off(today);
        let mut promised = 0;
        for subscription in self
            .store
            .subscriptions()?
            .iter()
            .filter(|subscription| subscription.suspended.is_none())
            // What is promised to another messenger waits for its own, which may run tomorrow.
            .filter(|subscription| self.messenger.reaches(subscription.chat))
        {
            let mut gathered = Gathered::default();
            for occurrence in &occurrences {
                for standing in &subscription.units {
                    if roll.is_active(&standing.unit) {
                        self.of_unit(subscription, standing, occurrence, today, &mut gathered)?;
                    }
                }
            }
            // Before older ones are looked at: without anything new they stay as they are.
            if gathered.covers.is_empty() && gathered.corrections.is_empty() {
                continue;
            }
            let mut repeated = false;
            for older in self.store.outbox()? {
                if older.chat == subscription.chat
                    && older.delivery.is_open()
                    && let Purpose::Reminder {
                        covers,
                        corrections,
                    } = older.purpose
                {
                    // Where the older one may have arrived, the new one says so.
                    repeated |= gathered.keep(covers, corrections) && older.delivery.repeated;
                }
            }
            let Gathered {
                covers,
                corrections,
                marks,
            } = gathered;
            let purpose = Purpose::Reminder {
                covers,
                corrections,
            };
            let mut entry = OutboxEntry::new(subscription.chat, purpose, now);
            entry.delivery.repeated = repeated;
            // The message and its marks in one record: after a kill there are both or neither.
            promised += usize::from(self.store.promise(entry, &marks)?.is_some());
        }
        promised += self.promise_silence(now, &occurrences, roll)?;
        if promised > 0 {
            self.store.settle().await?;
        }
        Ok(promised)
    }

    fn of_unit(
        &self,
        subscription: &Subscription,
        standing: &Standing,
        occurrence: &Occurrence<'_>,
        today: NaiveDate,
        gathered: &mut Gathered,
    ) -> Result<(), StoreError> {
        let (chat, unit, due) = (subscription.chat, &standing.unit, occurrence.due.day);
        let said = self.store.acknowledgement(&occurrence.key, unit)?;
        let Some(day) = super::open_until(said.as_ref(), due) else {
            return Ok(());
        };
        if !standing.speaks_of(day, today) {
            return Ok(());
        }
        // Who put a duty off is reminded of the new day alone, from the day of asking on.
        let reached = match &said {
            Some(said) if day != due => {
                let asked = super::day_of(said).unwrap_or(today);
                self.agenda.reached_put_off(day, asked, today)
            }
            _ => self.agenda.reached(&occurrence.due, today),
        };
        let about = format!("{chat}|{}|{}", unit.0, occurrence.key);
        let stage_mark = reached.map(|(stage, _)| format!("{about}|{day}|{}", stage.word()));
        let is_fresh = |mark: &Option<String>| {
            mark.as_deref().map_or(Ok(false), |mark| {
                self.store.is_promised(mark).map(|known| !known)
            })
        };
        let fresh = is_fresh(&stage_mark)?;
        if let Some(told) = self
            .store
            .told(chat, unit, &occurrence.key)?
            // When both days are over a correction is of no use to anybody.
            .filter(|told| *told != due && (*told >= today || due >= today))
        {
            let mark = format!("{about}|{told}>{due}");
            if is_fresh(&Some(mark.clone()))? {
                let correction = Correction {
                    occurrence: occurrence.key.clone(),
                    told,
                    due,
                    units: Vec::new(),
                };
                gathered.correct(correction, unit);
                gathered.marks.push(mark);
                // The correction says when it is due: the reminder of the same stage would say it
                // twice.
                gathered.marks.extend(stage_mark.filter(|_| fresh));
            }
            return Ok(());
        }
        if let (Some((stage, on)), Some(mark), true) = (reached, stage_mark, fresh) {
            let covered = Covered {
                occurrence: occurrence.key.clone(),
                due: day,
                stage: stage.word(),
                // To a chat that came later nothing was due before.
                day: on.max(standing.since),
                units: Vec::new(),
            };
            gathered.cover(covered, unit);
            gathered.marks.push(mark);
        }
        Ok(())
    }

    /// From the first working day behind a due day administrators are told who has not reported; of
    /// who put it off, again behind that day.
    fn promise_silence(
        &self,
        now: DateTime<Tz>,
        occurrences: &[Occurrence<'_>],
        roll: &Roll,
    ) -> Result<usize, StoreError> {
        let today = now.date_naive();
        let is_told = |day: NaiveDate| {
            let until = day
                .checked_add_days(Days::new(SILENCE_TOLD_WITHIN_DAYS))
                .unwrap_or(day);
            today > day && today <= until
        };
        let mut promised = 0;
        for occurrence in occurrences {
            let due = occurrence.due.day;
            let mut silent: Vec<(NaiveDate, String)> = Vec::new();
            for (unit, name) in self.expected(occurrence, today, roll)? {
                let said = self.store.acknowledgement(&occurrence.key, &unit)?;
                let said = said.map(|said| said.said);
                if said == Some(Acknowledged::Reported) {
                    continue;
                }
                silent.push((due, compose::with_state(&name, said.as_ref())));
                // Silent on the first day with a reason, and on the second without one.
                if let Some(Acknowledged::Extended(until)) = said
                    && until > due
                {
                    silent.push((until, compose::with_state(&name, None)));
                }
            }
            silent.sort();
            let mut days: Vec<NaiveDate> = silent.iter().map(|(day, _)| *day).collect();
            days.dedup();
            for day in days.into_iter().filter(|day| is_told(*day)) {
                let those = silent.iter().filter(|(of, _)| *of == day);
                let names: Vec<&str> = those.map(|(_, name)| name.as_str()).collect();
                let text =
                    compose::silence(&self.agenda.calendar, occurrence, (day, today), &names);
                for admin in self.admins {
                    let purpose = Purpose::Text {
                        text: text.clone(),
                        at_once: false,
                    };
                    let entry = OutboxEntry::new(admin.own_chat(), purpose, now);
                    let mark = format!("{admin}|{}|{day}|silence", occurrence.key);
                    promised += usize::from(self.store.promise(entry, &[mark])?.is_some());
                }
            }
        }
        Ok(promised)
    }

    /// The units that are to report of an occurrence, by name: those that the data list, and those
    /// that some chat stands for.
    fn expected(
        &self,
        occurrence: &Occurrence<'_>,
        today: NaiveDate,
        roll: &Roll,
    ) -> Result<Vec<(UnitId, String)>, StoreError> {
        let subscriptions = self.store.subscriptions()?;
        let stands = |unit: &UnitId| {
            let mut all = subscriptions.iter().flat_map(|known| &known.units);
            all.any(|standing| {
                standing.unit == *unit && standing.speaks_of(occurrence.due.day, today)
            })
        };
        let mut expected: Vec<(String, UnitId)> = roll
            .all()
            .iter()
            .filter(|unit| unit.is_active())
            .filter(|unit| unit.listing == Listing::Listed || stands(&unit.id))
            .map(|unit| (unit.name.clone(), unit.id.clone()))
            .collect();
        expected.sort();
        Ok(expected
            .into_iter()
            .map(|(name, unit)| (unit, name))
            .collect())
    }
}
