//! What administrators do is written down.

use super::App;
use crate::ports::PersonId;
use crate::store::{Audit, AuditAct};

impl App {
    /// An act outside of any chat, as it is written down.
    pub(crate) fn act(&self, person: PersonId, act: AuditAct, result: String) -> Audit {
        Audit {
            // By the real clock: a demonstration that moves the other one must not write a false
            // time.
            at: self.clock.really().to_rfc3339(),
            person,
            name: String::new(),
            chat: None,
            act,
            result,
        }
    }

    /// Writes an administrator's act down. It was done already, so a state that cannot be written
    /// hinders nothing.
    pub(super) fn write_act_down(&self, audit: Audit) {
        let written = self.store().map(|store| store.audit(&audit));
        if let Some(Err(error)) = written {
            tracing::error!(%error, "an administrative act could not be written down");
        }
    }
}
