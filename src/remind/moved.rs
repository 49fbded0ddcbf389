//! Chats of the data that have another id now: they are followed, and administrators are told once
//! what to change in the file.

use super::{Reminder, compose};
use crate::schedule::Delivery;
use crate::store::{OutboxEntry, PromiseId, Purpose, StoreError};
use chrono::DateTime;
use chrono_tz::Tz;

impl Reminder<'_> {
    /// Promises administrators a word on each chat of the data that has moved.
    pub(super) fn tell_moved(&self, now: DateTime<Tz>) -> Result<usize, StoreError> {
        let mut promised = 0;
        for unit in self.units {
            let Some(written) = unit.chat else { continue };
            let present = self.store.present_chat(written)?;
            if present == written {
                continue;
            }
            for admin in self.admins {
                let mark = format!("{admin}|moved|{}|{}|{}", written.0, present.0, unit.name);
                if self.store.is_promised(&mark)? {
                    continue;
                }
                let purpose = Purpose::Text {
                    text: compose::moved(&unit.name, written, present),
                    at_once: true,
                };
                let entry = OutboxEntry {
                    id: PromiseId::UNKEPT,
                    chat: admin.own_chat(),
                    purpose,
                    delivery: Delivery::new(now),
                };
                promised += usize::from(self.store.promise(entry, &[mark])?.is_some());
            }
        }
        Ok(promised)
    }
}
