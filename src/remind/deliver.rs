//! Sends what was promised, one after the other: Pending, then Sending on disk, then the send, then
//! its outcome on disk.

use super::{Reminder, Ticked, compose};
use crate::ports::{ButtonAct, ChatId, Manner, OfferedButton, Outgoing, SendOutcome};
use crate::schedule::{Delivery, DeliveryState, Fate};
use crate::store::{Button, OutboxEntry, Purpose, StoreError};
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

/// A chat that has moved is followed at once, so many times.
const MOST_MOVES: usize = 3;
const MOST_BUTTON_ROWS: usize = 8;

impl Reminder<'_> {
    /// Sends what is ready.
    pub(super) async fn deliver(
        &self,
        now: DateTime<Tz>,
        ticked: &mut Ticked,
    ) -> Result<(), StoreError> {
        let ready = self
            .store
            .outbox()?
            .into_iter()
            .filter(|entry| entry.delivery.is_ready(now))
            .map(|entry| entry.id);
        for id in ready.collect::<Vec<_>>() {
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
                let at_once = matches!(entry.purpose, Purpose::Text { at_once: true, .. });
                if !at_once && !self.may_send(now)
                    || self.send(entry, now, ticked).await? != Fate::Moved
                {
                    break;
                }
            }
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
        ticked: &mut Ticked,
    ) -> Result<Fate, StoreError> {
        let Some(message) = self.message(&entry, now.date_naive())? else {
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
        let outcome = self.messenger.send(&message).await;
        let (fate, reason) = match &outcome {
            SendOutcome::Delivered(_) => (Fate::Delivered, ""),
            SendOutcome::Later(seconds) => (Fate::Later(*seconds), ""),
            SendOutcome::Moved(_) => (Fate::Moved, ""),
            SendOutcome::Gone(reason) => (Fate::Gone, reason.as_str()),
            SendOutcome::Broken(reason) | SendOutcome::Refused(reason) => {
                (Fate::Failed, reason.as_str())
            }
            SendOutcome::Unknown(reason) => (Fate::Unknown, reason.as_str()),
        };
        let delivery = entry
            .delivery
            .after(fate, now, jitter(entry.id, entry.delivery.failures));
        let entry = OutboxEntry { delivery, ..entry };
        self.store.record(&entry)?;
        match fate {
            Fate::Delivered => ticked.delivered += 1,
            _ => ticked.failed += 1,
        }
        if matches!(fate, Fate::Delivered | Fate::Unknown) {
            self.remember_told(&entry)?;
        }
        if let SendOutcome::Moved(to) = outcome {
            self.store.move_chat(entry.chat, to.0)?;
        }
        if fate == Fate::Gone {
            self.suspend(&entry, reason)?;
        }
        if delivery.state == DeliveryState::Dead {
            self.tell_dead(&entry, reason, now)?;
        }
        self.store.settle().await?;
        Ok(fate)
    }

    fn remember_told(&self, entry: &OutboxEntry) -> Result<(), StoreError> {
        let Purpose::Reminder {
            covers,
            corrections,
        } = &entry.purpose
        else {
            return Ok(());
        };
        let told = covers
            .iter()
            .map(|covered| (&covered.occurrence, covered.due));
        for (occurrence, due) in told.chain(
            corrections
                .iter()
                .map(|correction| (&correction.occurrence, correction.due)),
        ) {
            self.store.tell(entry.chat, occurrence, due)?;
        }
        Ok(())
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
        now: DateTime<Tz>,
    ) -> Result<(), StoreError> {
        let units = self
            .store
            .subscription(entry.chat)?
            .map(|subscription| subscription.units)
            .unwrap_or_default();
        let text = compose::undeliverable(entry.chat, &units, reason);
        tracing::error!(chat = entry.chat, reason, "a promised message was given up");
        for admin in self.admins.iter().filter(|admin| **admin != entry.chat) {
            let purpose = Purpose::Text {
                text: text.clone(),
                at_once: true,
            };
            let told = OutboxEntry {
                id: 0,
                chat: *admin,
                purpose,
                delivery: Delivery::new(now),
            };
            self.store
                .promise(told, &[format!("{admin}|dead|{}", entry.id)])?;
        }
        Ok(())
    }

    /// The message as of now; nothing where nobody is left to be reminded.
    fn message(
        &self,
        entry: &OutboxEntry,
        today: NaiveDate,
    ) -> Result<Option<Outgoing>, StoreError> {
        let composed = match &entry.purpose {
            Purpose::Text { text, .. } => Some((vec![text.clone()], Vec::new())),
            Purpose::Reminder {
                covers,
                corrections,
            } => {
                let Some(subscription) = self
                    .store
                    .subscription(entry.chat)?
                    .filter(|s| s.suspended.is_none())
                else {
                    return Ok(None);
                };
                let occurrences = self.agenda.around(today);
                let mut lines = Vec::new();
                let mut buttons = Vec::new();
                for occurrence in &occurrences {
                    let covered = covers
                        .iter()
                        .find(|c| c.occurrence == occurrence.key && c.due == occurrence.due.day);
                    let correction = corrections
                        .iter()
                        .find(|c| c.occurrence == occurrence.key && c.due == occurrence.due.day);
                    let open = self.open_units(&subscription, &occurrence.key, today)?;
                    if open.is_empty() || covered.is_none() && correction.is_none() {
                        continue;
                    }
                    lines.extend(compose::reminder(
                        &self.agenda.calendar,
                        occurrence,
                        covered,
                        correction,
                        &open,
                        today,
                    ));
                    self.offer(entry.chat, &occurrence.key, &open, &mut buttons)?;
                }
                (!lines.is_empty()).then_some((lines, buttons))
            }
        };
        let Some((mut lines, buttons)) = composed else {
            return Ok(None);
        };
        if entry.delivery.repeated {
            lines.push(compose::REPEATED.to_string());
        }
        let plain = lines.join("\n");
        let html = compose::escaped(&lines);
        let chat = ChatId(entry.chat);
        Ok(Some(Outgoing {
            chat,
            reply_to: None,
            topic: self.store.topic(entry.chat)?,
            html,
            plain,
            buttons,
            attachment: None,
            replaces: None,
            manner: Manner::default(),
        }))
    }

    /// A row of buttons for each unit.
    fn offer(
        &self,
        chat: i64,
        occurrence: &str,
        units: &[String],
        rows: &mut Vec<Vec<OfferedButton>>,
    ) -> Result<(), StoreError> {
        for unit in units.iter().take(MOST_BUTTON_ROWS) {
            let mut row = Vec::new();
            for (act, label) in compose::BUTTONS {
                let button = Button {
                    chat,
                    occurrence: occurrence.to_string(),
                    unit: unit.clone(),
                    act: act.to_string(),
                };
                let label = if units.len() > 1 {
                    format!("{label}：{unit}")
                } else {
                    label.to_string()
                };
                row.push(OfferedButton {
                    label,
                    does: ButtonAct::SendBack(self.store.keep_button(&button)?),
                    style: compose::style(act),
                });
            }
            rows.push(row);
        }
        Ok(())
    }
}

/// Between 0 and 1, the same for the same attempt.
fn jitter(id: u64, failures: u32) -> f64 {
    let mixed = (id ^ u64::from(failures) << 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 40) as f64 / (1_u64 << 24) as f64
}
