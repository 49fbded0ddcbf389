//! Sends what was promised, one after the other: Pending, then Sending on disk, then the send, then
//! its outcome on disk.

use super::{Reminder, Ticked, compose};
use crate::app::Roll;
use crate::ports::{MessageId, SendOutcome};
use crate::schedule::{Delivery, DeliveryState, Fate};
use crate::store::{OutboxEntry, PromiseId, Purpose, Shown, ShownAs, StoreError};
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

/// A chat that has moved is followed at once, so many times.
const MOST_MOVES: usize = 3;

impl Reminder<'_> {
    /// Sends what is ready.
    pub(super) async fn deliver(
        &self,
        now: DateTime<Tz>,
        roll: &Roll,
        ticked: &mut Ticked,
    ) -> Result<(), StoreError> {
        let mut ready: Vec<OutboxEntry> = self
            .store
            .outbox()?
            .into_iter()
            .filter(|entry| entry.delivery.is_ready(now))
            .filter(|entry| self.messenger.reaches(entry.chat))
            .filter(|entry| self.messenger.hears(entry.chat))
            .collect();
        // Whoever just pressed a button waits for what it comes to.
        ready.sort_by_key(|entry| !entry.purpose.is_at_once());
        for id in ready.into_iter().map(|entry| entry.id) {
            // Between two messages and not within one: what was begun is brought to its end.
            if (self.is_stopping)() {
                break;
            }
            // A chat may have moved since: the entry is read again.
            for _ in 0..MOST_MOVES {
                let Some(entry) = self
                    .store
                    .outbox_entry(id)?
                    .filter(|entry| entry.delivery.is_ready(now))
                else {
                    break;
                };
                if !entry.purpose.is_at_once() && !self.may_send(now)
                    || self.send(entry, now, roll, ticked).await? != Fate::Moved
                {
                    break;
                }
            }
            // Tests have no pace; a messenger wants its messages some way apart.
            if !self.pace.is_zero() {
                tokio::time::sleep(self.pace).await;
            }
        }
        Ok(())
    }

    async fn send(
        &self,
        entry: OutboxEntry,
        now: DateTime<Tz>,
        roll: &Roll,
        ticked: &mut Ticked,
    ) -> Result<Fate, StoreError> {
        let Some(message) = self.message(&entry, now, roll)? else {
            // The chat is out of reach for now: dropping it would lose the reminder when it comes
            // back.
            if self.waits(&entry, now.date_naive(), roll)? {
                return Ok(Fate::Failed);
            }
            let delivery = Delivery {
                state: DeliveryState::Dropped,
                ..entry.delivery
            };
            self.store.record(&OutboxEntry { delivery, ..entry })?;
            self.store.settle().await?;
            return Ok(Fate::Failed);
        };
        let entry = OutboxEntry {
            delivery: entry.delivery.sending(),
            ..entry
        };
        self.store.record(&entry)?;
        self.store.settle().await?;
        // From here on the message may have arrived, whatever happens to the program: that is on
        // disk now.
        let outcome = self.messenger.send(&message).await;
        let (fate, reason) = fate_of(&outcome);
        let mut delivery =
            entry
                .delivery
                .after(fate, now, jitter(entry.id, entry.delivery.failures));
        // What cannot be changed any more stays as it is.
        if matches!(entry.purpose, Purpose::Edit { .. })
            && matches!(outcome, SendOutcome::Refused(_))
        {
            delivery.state = DeliveryState::Dropped;
        }
        let entry = OutboxEntry { delivery, ..entry };
        self.store.record(&entry)?;
        match fate {
            Fate::Delivered => ticked.delivered += 1,
            _ => ticked.failed += 1,
        }
        // Also where it is not known: a chat that was told must hear of a change of that day.
        if matches!(fate, Fate::Delivered | Fate::Unknown) {
            self.remember_told(&entry, now.date_naive())?;
        }
        if let SendOutcome::Delivered(Some(number)) = outcome {
            self.remember_shown(&entry, number, now)?;
        }
        if let SendOutcome::Moved(to) = outcome {
            self.store.move_chat(entry.chat, to)?;
        }
        if fate == Fate::Gone {
            self.suspend(&entry, reason)?;
        }
        if delivery.state == DeliveryState::Dead {
            self.tell_dead(&entry, reason, roll, now)?;
        }
        self.store.settle().await?;
        Ok(fate)
    }

    /// Of what the chat was told: the day that holds for everybody, not one that a unit put it off
    /// to.
    fn remember_told(&self, entry: &OutboxEntry, today: NaiveDate) -> Result<(), StoreError> {
        let Purpose::Reminder {
            covers,
            corrections,
        } = &entry.purpose
        else {
            return Ok(());
        };
        // The day may have moved while the message was under way; what no longer holds was not
        // told.
        let around = self.agenda.around_put_off(today);
        let holds = |key: &str, day: NaiveDate| {
            let mut all = around.iter();
            all.any(|occurrence| occurrence.key == key && occurrence.due.day == day)
        };
        let covered = covers
            .iter()
            .map(|one| (&one.occurrence, one.due, &one.units));
        let corrected = corrections
            .iter()
            .map(|one| (&one.occurrence, one.due, &one.units));
        for (occurrence, due, units) in covered.chain(corrected) {
            for unit in units.iter().filter(|_| holds(occurrence, due)) {
                self.store.tell(entry.chat, unit, occurrence, due)?;
            }
        }
        Ok(())
    }

    /// A reminder and a question of the bot can be changed and replied to by their numbers.
    fn remember_shown(
        &self,
        entry: &OutboxEntry,
        message: MessageId,
        now: DateTime<Tz>,
    ) -> Result<(), StoreError> {
        let what = match entry.purpose.clone() {
            Purpose::Reminder {
                covers,
                corrections,
            } => ShownAs::Reminder {
                covers,
                corrections,
            },
            Purpose::Question { occurrence, unit } => ShownAs::Question { occurrence, unit },
            Purpose::Edit { .. } | Purpose::Wish { .. } | Purpose::Text { .. } => return Ok(()),
        };
        self.store.show(&Shown {
            chat: entry.chat,
            message,
            at: now.to_rfc3339(),
            what,
            page: 0,
        })
    }

    fn suspend(&self, entry: &OutboxEntry, reason: &str) -> Result<(), StoreError> {
        match self.store.subscription(entry.chat)? {
            Some(mut subscription) => {
                subscription.suspended = Some(reason.to_string());
                self.store.subscribe(&subscription)
            }
            None => Ok(()),
        }
    }

    fn tell_dead(
        &self,
        entry: &OutboxEntry,
        reason: &str,
        roll: &Roll,
        now: DateTime<Tz>,
    ) -> Result<(), StoreError> {
        let subscription = self.store.subscription(entry.chat)?;
        let units: Vec<String> = subscription
            .iter()
            .flat_map(|subscription| &subscription.units)
            .map(|standing| roll.name(&standing.unit))
            .collect();
        let text = compose::undeliverable(entry.chat, &units, reason);
        tracing::error!(
            chat = entry.chat.0,
            reason,
            "a promised message was given up"
        );
        for admin in self
            .admins
            .iter()
            // That this chat cannot be reached is not told in this chat.
            .filter(|admin| admin.own_chat() != entry.chat)
        {
            let purpose = Purpose::Text {
                text: text.clone(),
                at_once: true,
            };
            let told = OutboxEntry::new(admin.own_chat(), purpose, now);
            self.store
                .promise(told, &[format!("{admin}|dead|{}", entry.id)])?;
        }
        Ok(())
    }
}

/// What an outcome comes to for a promised message, and why, where it tells.
fn fate_of(outcome: &SendOutcome) -> (Fate, &str) {
    match outcome {
        SendOutcome::Delivered(_) => (Fate::Delivered, ""),
        SendOutcome::Later(seconds) => (Fate::Later(*seconds), ""),
        SendOutcome::Moved(_) => (Fate::Moved, ""),
        SendOutcome::Gone(reason) => (Fate::Gone, reason),
        // A refusal is tried again like a fault: what makes it may pass, as rights that are given
        // back, and what does not ends as given up.
        SendOutcome::Broken(reason) | SendOutcome::Refused(reason) => (Fate::Failed, reason),
        SendOutcome::Unknown(reason) => (Fate::Unknown, reason),
    }
}

/// Between 0 and 1, the same for the same attempt.
fn jitter(id: PromiseId, failures: u32) -> f64 {
    // By the number and not by chance: the same state gives the same moments, which tests rely on.
    let mixed = (id.number() ^ u64::from(failures) << 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 40) as f64 / (1_u64 << 24) as f64
}
