//! A chat that gets another id: every record follows.

use super::change::Change;
use super::{Button, OutboxEntry, Purpose, Store, StoreError, Subscription, Wish};
use crate::model::ChatId;
use crate::schedule::{Delivery, DeliveryState};

impl Store {
    /// A chat has another id: every record follows, at once. Messages that stand in the old chat
    /// keep its id and its numbers: what is said in reply to them, and comes late, is known by
    /// these. They cannot be changed any more.
    pub fn move_chat(&self, from: ChatId, to: ChatId) -> Result<(), StoreError> {
        if from == to {
            return Ok(());
        }
        let (old, new) = (format!("{from}|"), format!("{to}|"));
        let mut change = Change::default();
        for tree in [&self.covered, &self.told] {
            for record in tree.scan_prefix(&old) {
                let (key, value) = record.map_err(|e| self.unusable(e))?;
                let rest = key.get(old.len()..).unwrap_or_default();
                change.remove(tree, &key);
                change.put_bytes(tree, [new.as_bytes(), rest].concat(), value.to_vec());
            }
        }
        for record in self.wishes.scan_prefix(&old) {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let wish: Wish = serde_json::from_slice(&bytes)?;
            let moved = Wish { chat: to, ..wish };
            change.remove(&self.wishes, key);
            change.put(&self.wishes, moved.key(), &moved)?;
        }
        for entry in self
            .outbox()?
            .into_iter()
            .filter(|entry| entry.chat == from)
        {
            let state = match entry.purpose {
                // The message to be changed has another number in the new chat, which nobody knows.
                Purpose::Edit { .. } if entry.delivery.is_open() => DeliveryState::Dropped,
                _ => entry.delivery.state,
            };
            let delivery = Delivery {
                state,
                ..entry.delivery
            };
            let moved = OutboxEntry {
                chat: to,
                delivery,
                ..entry
            };
            change.put(&self.outbox, moved.id.key(), &moved.record())?;
        }
        for record in &self.buttons {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let button: Button = serde_json::from_slice(&bytes)?;
            if button.chat == from {
                change.put(&self.buttons, key, &Button { chat: to, ..button })?;
            }
        }
        for (key, offer) in self.offers_moved(from, to)? {
            change.put_bytes(&self.offers, key, offer);
        }
        if let Some(mut subscription) = self.subscription(from)? {
            subscription.chat = to;
            // Both may have subscribed, where the new id was heard of before the move.
            if let Some(there) = self.subscription(to)? {
                for standing in there.units {
                    subscription.stand_for(standing);
                }
            }
            change.remove(&self.subscriptions, from.key());
            change.put::<Subscription>(&self.subscriptions, to.key(), &subscription)?;
        }
        change.put(&self.moves, from.key(), &to)?;
        change.remove(&self.moves, to.key());
        self.make(&change)
    }
}
