//! A report that an administrator sends as a file: read, its findings said, and written or dropped
//! by a button.

use super::conversation::Conversation;
use super::import_words as words;
use super::incoming::{ChatKind, Incoming};
use super::said::{Said, SaidButton};
use crate::app::{LARGEST_REPORT, Proposal};
use crate::model::PlanId;
use crate::ports::{FetchFault, SentFile};
use crate::store::{OnPress, Origin};

impl Conversation {
    /// Reads a report where one is brought: a file in an administrator's private chat. Words under
    /// anybody else's file are a question as any other.
    pub(super) async fn brought(&self, incoming: &Incoming) -> Option<Said> {
        let file = incoming.file.as_ref()?;
        // A file in a group is for the group.
        if incoming.kind != ChatKind::Private {
            return None;
        }
        if self.app().is_admin(incoming.person) {
            return Some(self.read(file).await);
        }
        incoming
            .text
            .trim()
            .is_empty()
            .then(|| Said::sentence(words::NOT_ADMIN))
    }

    async fn read(&self, file: &SentFile) -> Said {
        // By what the messenger says, before anything is fetched; it is counted again while it
        // arrives.
        if file.bytes > LARGEST_REPORT {
            return Said::sentence(&words::too_large(LARGEST_REPORT));
        }
        let bytes = match self.messenger().fetch(file, LARGEST_REPORT).await {
            Ok(bytes) if bytes.is_empty() => return Said::sentence(words::EMPTY),
            Ok(bytes) => bytes,
            Err(FetchFault::TooLarge) => {
                return Said::sentence(&words::too_large(LARGEST_REPORT));
            }
            Err(FetchFault::Broken(reason)) => {
                tracing::warn!(reason, "a file could not be fetched");
                return Said::sentence(words::NOT_FETCHED);
            }
        };
        match self.app().propose(&file.name, bytes).await {
            Some(proposal) => self.proposed(&proposal),
            None => Said::sentence(super::words::FAULT),
        }
    }

    /// What was read, with a button that writes it where nothing keeps it from being written.
    fn proposed(&self, proposal: &Proposal) -> Said {
        let word = || proposal.word.clone();
        let button = |label: &str, press| vec![SaidButton::Press(label.to_string(), press)];
        let mut rows = Vec::new();
        if proposal.faults().is_empty() {
            let id = &proposal.imported.records.header.id;
            let edition = self.app().edition();
            // Said on the button: whoever presses it should know that a plan gives way.
            let replace = edition.book.by_id(&PlanId(id.clone())).is_some();
            let label = if replace {
                words::replace(id)
            } else {
                words::APPROVE.to_string()
            };
            let word = word();
            rows.push(button(&label, OnPress::Import { word, replace }));
        }
        rows.push(button(words::DISCARD, OnPress::Discard(word())));
        Said::sentence(&words::read(proposal)).with_buttons(Origin::default(), rows)
    }

    /// Writes a report that waits, and loads the data with it.
    pub(super) async fn import(&self, incoming: &Incoming, word: &str, replace: bool) -> Said {
        if !self.app().is_admin(incoming.person) {
            return Said::sentence(words::NOT_ADMIN);
        }
        // Taken before it is approved, which takes it away.
        let Some(proposal) = self.app().proposal(word) else {
            return Said::sentence(words::NOT_WAITING);
        };
        match self.app().approve(incoming.person, word, replace).await {
            Some(result) => {
                let id = &proposal.imported.records.header.id;
                Said::sentence(&words::approved(&result, id))
            }
            None => Said::sentence(words::NOT_WAITING),
        }
    }

    /// Drops a report that waits.
    pub(super) fn discard(&self, incoming: &Incoming, word: &str) -> Said {
        if !self.app().is_admin(incoming.person) {
            return Said::sentence(words::NOT_ADMIN);
        }
        if self.app().proposal(word).is_none() {
            return Said::sentence(words::NOT_WAITING);
        }
        self.app().discard(word);
        Said::sentence(words::DISCARDED)
    }
}
