//! Which messages must exist by now, each promised once.

use super::{Reminder, compose};
use crate::schedule::{Delivery, DeliveryState, Fate, Occurrence};
use crate::store::{Correction, Covered, OutboxEntry, Purpose, StoreError, Subscription};
use chrono::{DateTime, Days, NaiveDate};
use chrono_tz::Tz;

/// So many days behind a due day administrators are still told who is silent.
const SILENCE_TOLD_WITHIN_DAYS: u64 = 10;
/// Closed messages are kept so long.
const CLOSED_KEPT_DAYS: i64 = 60;

impl Reminder<'_> {
    /// A message found in the middle of a send has an unknown fate; it will be sent once more and
    /// say so. Old closed ones are forgotten.
    pub(super) async fn recover(&self, now: DateTime<Tz>) -> Result<(), StoreError> {
        let mut changed = false;
        for entry in self.store.outbox()? {
            if entry.delivery.state == DeliveryState::Sending {
                let delivery = entry.delivery.after(Fate::Unknown, now, 0.0);
                self.store.record(&OutboxEntry { delivery, ..entry })?;
                changed = true;
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

    /// Chats that the data name for a unit are subscribed, unless they left.
    pub(super) async fn enrol(&self, today: NaiveDate) -> Result<(), StoreError> {
        let mut changed = false;
        for unit in self.units {
            let Some(chat) = unit.chat else { continue };
            let chat = self.store.present_chat(chat)?;
            let fresh = || Subscription {
                chat,
                units: Vec::new(),
                since: today,
                left: Vec::new(),
                suspended: None,
            };
            let mut subscription = self.store.subscription(chat)?.unwrap_or_else(fresh);
            if subscription.units.contains(&unit.name) || subscription.left.contains(&unit.name) {
                continue;
            }
            subscription.units.push(unit.name.clone());
            self.store.subscribe(&subscription)?;
            changed = true;
        }
        if changed {
            self.store.settle().await
        } else {
            Ok(())
        }
    }

    /// Promises each chat at most one message: of every duty the last reminder that the moment has
    /// reached, and due days that have changed. An older one that is still open is replaced.
    pub(super) async fn promise(&self, now: DateTime<Tz>) -> Result<usize, StoreError> {
        let today = now.date_naive();
        let occurrences = self.agenda.around(today);
        let mut promised = 0;
        for subscription in self
            .store
            .subscriptions()?
            .iter()
            .filter(|subscription| subscription.suspended.is_none())
        {
            let mut covers = Vec::new();
            let mut corrections = Vec::new();
            let mut marks = Vec::new();
            for occurrence in &occurrences {
                self.of_occurrence(
                    subscription,
                    occurrence,
                    today,
                    &mut covers,
                    &mut corrections,
                    &mut marks,
                )?;
            }
            if covers.is_empty() && corrections.is_empty() {
                continue;
            }
            let entry = OutboxEntry {
                id: 0,
                chat: subscription.chat,
                purpose: Purpose::Reminder {
                    covers,
                    corrections,
                },
                delivery: Delivery::new(now),
            };
            promised += usize::from(self.store.promise(entry, &marks)?.is_some());
        }
        promised += self.promise_silence(now, &occurrences)?;
        if promised > 0 {
            self.store.settle().await?;
        }
        Ok(promised)
    }

    fn of_occurrence(
        &self,
        subscription: &Subscription,
        occurrence: &Occurrence<'_>,
        today: NaiveDate,
        covers: &mut Vec<Covered>,
        corrections: &mut Vec<Correction>,
        marks: &mut Vec<String>,
    ) -> Result<(), StoreError> {
        let (chat, due) = (subscription.chat, occurrence.due.day);
        if !subscription.speaks_of(due, today)
            || self
                .open_units(subscription, &occurrence.key, today)?
                .is_empty()
        {
            return Ok(());
        }
        let reached = self.agenda.reached(&occurrence.due, today);
        let stage_mark =
            reached.map(|(stage, _)| format!("{chat}|{}|{due}|{}", occurrence.key, stage.word()));
        let is_fresh = |mark: &Option<String>| {
            mark.as_deref().map_or(Ok(false), |mark| {
                self.store.is_promised(mark).map(|known| !known)
            })
        };
        let fresh = is_fresh(&stage_mark)?;
        if let Some(told) = self
            .store
            .told(chat, &occurrence.key)?
            .filter(|told| *told != due && (*told >= today || due >= today))
        {
            let mark = format!("{chat}|{}|{told}>{due}", occurrence.key);
            if is_fresh(&Some(mark.clone()))? {
                corrections.push(Correction {
                    occurrence: occurrence.key.clone(),
                    told,
                    due,
                });
                marks.push(mark);
                marks.extend(stage_mark.filter(|_| fresh));
            }
            return Ok(());
        }
        if let (Some((stage, day)), Some(mark), true) = (reached, stage_mark, fresh) {
            covers.push(Covered {
                occurrence: occurrence.key.clone(),
                due,
                stage: stage.word(),
                day,
            });
            marks.push(mark);
        }
        Ok(())
    }

    /// From the first working day behind a due day administrators are told who has not reported.
    fn promise_silence(
        &self,
        now: DateTime<Tz>,
        occurrences: &[Occurrence<'_>],
    ) -> Result<usize, StoreError> {
        let today = now.date_naive();
        let mut promised = 0;
        for occurrence in occurrences {
            let due = occurrence.due.day;
            let until = due
                .checked_add_days(Days::new(SILENCE_TOLD_WITHIN_DAYS))
                .unwrap_or(due);
            if today <= due || today > until {
                continue;
            }
            let silent = self.silent(occurrence, today)?;
            let Some(text) = compose::silence(occurrence, &silent) else {
                continue;
            };
            for admin in self.admins {
                let purpose = Purpose::Text {
                    text: text.clone(),
                    at_once: false,
                };
                let entry = OutboxEntry {
                    id: 0,
                    chat: *admin,
                    purpose,
                    delivery: Delivery::new(now),
                };
                let mark = format!("{admin}|{}|{due}|silence", occurrence.key);
                promised += usize::from(self.store.promise(entry, &[mark])?.is_some());
            }
        }
        Ok(promised)
    }

    /// The subscribed units that have not said that they reported, with what they said.
    fn silent(
        &self,
        occurrence: &Occurrence<'_>,
        today: NaiveDate,
    ) -> Result<Vec<String>, StoreError> {
        let mut silent = Vec::new();
        let mut all: Vec<String> = self.units.iter().map(|unit| unit.name.clone()).collect();
        for subscription in self
            .store
            .subscriptions()?
            .iter()
            .filter(|s| s.speaks_of(occurrence.due.day, today))
        {
            all.extend(subscription.units.iter().cloned());
        }
        all.sort();
        all.dedup();
        for unit in all {
            let said = self
                .store
                .acknowledgement(&occurrence.key, &unit)?
                .map(|acknowledgement| acknowledgement.said);
            if said != Some(crate::store::Acknowledged::Reported) {
                silent.push(compose::with_state(&unit, said.as_ref()));
            }
        }
        Ok(silent)
    }
}
