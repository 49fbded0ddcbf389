//! Which messages of a chat are reminders or questions of the bot, so that they can be changed
//! where they stand and replied to.

use super::{Correction, Covered, Store, StoreError};
use crate::model::{ChatId, MessageId, UnitId};
use chrono::{DateTime, NaiveDate};
use serde::{Deserialize, Serialize};

/// So long a message can be changed and replied to.
const KEPT_DAYS: i64 = 120;
/// So many questions of the bot in a chat can be replied to: an answer counts for a day only.
const MOST_QUESTIONS: usize = 50;

/// A message that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Where it stands, by the id that the chat has now.
    pub chat: ChatId,
    /// Its number there.
    pub message: MessageId,
    /// When it was sent, in RFC 3339.
    pub at: String,
    /// What can be done in reply to it.
    pub what: ShownAs,
    /// Which of its pages of buttons is shown.
    #[serde(default)]
    pub page: usize,
}

/// What a message is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShownAs {
    /// A reminder, of what it covers.
    Reminder {
        /// What it covers.
        covers: Vec<Covered>,
        /// Changed due days.
        corrections: Vec<Correction>,
    },
    /// Until when a unit puts its report off.
    Question {
        /// The occurrence's key.
        occurrence: String,
        /// Whose report is asked after.
        unit: UnitId,
    },
}

impl Shown {
    /// What it speaks of: each occurrence with the due day that it says and the units.
    pub fn matters(&self) -> Vec<(&str, NaiveDate, &[UnitId])> {
        let ShownAs::Reminder {
            covers,
            corrections,
        } = &self.what
        else {
            return Vec::new();
        };
        let covered = covers
            .iter()
            .map(|one| (one.occurrence.as_str(), one.due, one.units.as_slice()));
        let corrected = corrections
            .iter()
            .map(|one| (one.occurrence.as_str(), one.due, one.units.as_slice()));
        covered.chain(corrected).collect()
    }

    /// Whether it speaks of a unit's occurrence.
    pub fn speaks_of(&self, occurrence: &str, unit: &UnitId) -> bool {
        let mut matters = self.matters().into_iter();
        matters.any(|(known, _, units)| known == occurrence && units.contains(unit))
    }
}

impl Store {
    /// What a message of a chat is, where it is one that was kept.
    pub fn shown(&self, chat: ChatId, message: MessageId) -> Result<Option<Shown>, StoreError> {
        self.get(&self.shown, key(chat, message))
    }

    /// Every message that was kept of a chat.
    pub fn all_shown(&self, chat: ChatId) -> Result<Vec<Shown>, StoreError> {
        let mut found = Vec::new();
        for record in self.shown.scan_prefix(format!("{chat}|")) {
            let (_, bytes) = record.map_err(|e| self.unusable(e))?;
            found.push(serde_json::from_slice(&bytes)?);
        }
        Ok(found)
    }

    /// Keeps a message, and lets go of those of its chat that are too old to be changed.
    pub fn show(&self, shown: &Shown) -> Result<(), StoreError> {
        let moment = |at: &str| DateTime::parse_from_rfc3339(at).unwrap_or_default();
        let now = moment(&shown.at);
        let (aged, mut kept): (Vec<Shown>, Vec<Shown>) = self
            .all_shown(shown.chat)?
            .into_iter()
            .partition(|old| (now - moment(&old.at)).num_days() > KEPT_DAYS);
        // Reminders are few; a question is asked as often as somebody presses.
        kept.retain(|old| matches!(old.what, ShownAs::Question { .. }));
        kept.sort_by_key(|old| old.message);
        let too_many = kept.len().saturating_sub(MOST_QUESTIONS - 1);
        for old in aged.iter().chain(kept.iter().take(too_many)) {
            self.shown
                .remove(key(old.chat, old.message))
                .map_err(|e| self.unusable(e))?;
        }
        self.put(&self.shown, key(shown.chat, shown.message), shown)
    }
}

fn key(chat: ChatId, message: MessageId) -> String {
    format!("{chat}|{message}")
}
