//! Who did what. What administrators do is kept apart from what others do or try: no number of
//! strangers' attempts displaces an act of an administrator, and none of a chat another chat's.

use super::shares::Shares;
use super::{Audit, Store, StoreError};
use crate::model::{ChatId, Whose};
use chrono::{DateTime, TimeDelta};
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};

/// So many acts of administrators are kept: fifty a day for a year.
const MOST_OF_ADMINISTRATORS: usize = 20_000;
/// So many of a chat, of its units or of strangers: ten reports of thirty units.
const MOST_OF_A_CHAT: usize = 300;
/// So many of all chats: thirty of them at their most.
const MOST_OF_OTHERS: usize = 10_000;
/// What others did is kept so long: two cycles of reports and what is asked about them.
const OTHERS_KEPT_DAYS: i64 = 800;

/// The numbers of the acts that are kept.
#[derive(Debug)]
pub(super) struct Acts {
    of_administrators: Shares<Vec<u8>>,
    of_others: Shares<Vec<u8>>,
}

/// Whose acts these are: administrators' all are one holder's.
const ADMINISTRATORS: ChatId = ChatId::LOCAL;

impl Acts {
    fn none() -> Self {
        Self {
            of_administrators: Shares::new(MOST_OF_ADMINISTRATORS, MOST_OF_ADMINISTRATORS),
            of_others: Shares::new(MOST_OF_A_CHAT, MOST_OF_OTHERS),
        }
    }
}

/// Whose a stranger's or a unit's act is: its chat's, and without one the person's.
fn of(audit: &Audit) -> ChatId {
    let own = if audit.person.whose() == Whose::Page {
        // Whoever tries the page's token.
        ChatId::PAGE_GROUP
    } else {
        audit.person.own_chat()
    };
    audit.chat.unwrap_or(own)
}

/// What was done. Kept by its key, which stays when what people read for it changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuditAct {
    /// The data were loaded anew.
    Reload,
    /// A report became a plan.
    Import,
    /// The state was downloaded.
    Backup,
    /// Somebody gave the page's token.
    Enter,
    /// A saying was made a synonym.
    Adopt,
    /// A synonym was taken back.
    Withdraw,
    /// A chat stands for a unit.
    Subscribe,
    /// It does not any more.
    Unsubscribe,
    /// A chat wants to.
    #[serde(rename = "ask to subscribe")]
    AskToSubscribe,
    /// An administrator lets it.
    Grant,
    /// An administrator does not.
    Deny,
    /// A unit said how far its report is.
    Report,
    /// It took that back.
    #[serde(rename = "take back")]
    TakeBack,
    /// What another version wrote: a record that is not known is no record that cannot be read.
    #[serde(untagged)]
    Other(String),
}

impl Store {
    /// Writes an administrator's act down and waits until it is on disk.
    pub fn audit(&self, audit: &Audit) -> Result<(), StoreError> {
        let key = self.next_number()?.to_be_bytes().to_vec();
        let added = key.clone();
        let gone = self.with_acts(|acts| acts.of_administrators.add(ADMINISTRATORS, added, 1))?;
        self.put(&self.audits, &key, audit)?;
        for key in gone {
            self.audits.remove(&key).map_err(|e| self.unusable(e))?;
        }
        self.flush()
    }

    /// Writes down what somebody else did or tried, and waits until it is on disk.
    pub fn audit_other(&self, audit: &Audit) -> Result<(), StoreError> {
        let key = self.next_number()?.to_be_bytes().to_vec();
        let added = key.clone();
        let gone = self.with_acts(|acts| acts.of_others.add(of(audit), added, 1))?;
        self.put(&self.others_acts, &key, audit)?;
        for key in gone {
            self.others_acts
                .remove(&key)
                .map_err(|e| self.unusable(e))?;
        }
        self.forget_aged_acts(&audit.at)?;
        self.flush()
    }

    /// All acts that are kept, oldest first.
    pub fn audits(&self) -> Result<Vec<Audit>, StoreError> {
        let mut all = Vec::new();
        for tree in [&self.audits, &self.others_acts] {
            for record in tree {
                let (key, bytes) = record.map_err(|e| self.unusable(e))?;
                all.push((key.to_vec(), serde_json::from_slice(&bytes)?));
            }
        }
        // By key: numbers come from one sequence, so both kinds are in the order in which they
        // happened.
        all.sort_by(|(a, _): &(Vec<u8>, Audit), (b, _)| a.cmp(b));
        Ok(all.into_iter().map(|(_, audit)| audit).collect())
    }

    /// Others' acts that are too old at a moment, from the oldest on.
    fn forget_aged_acts(&self, now: &str) -> Result<(), StoreError> {
        let moment = |at: &str| DateTime::parse_from_rfc3339(at).ok();
        let Some(until) =
            moment(now).and_then(|now| now.checked_sub_signed(TimeDelta::days(OTHERS_KEPT_DAYS)))
        else {
            return Ok(());
        };
        for record in &self.others_acts {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let audit: Audit = serde_json::from_slice(&bytes)?;
            if moment(&audit.at).is_some_and(|at| at >= until) {
                // Records lie in the order of their numbers: those after it are younger still.
                break;
            }
            self.others_acts
                .remove(&key)
                .map_err(|e| self.unusable(e))?;
            self.with_acts(|acts| acts.of_others.forget(&key.to_vec()))?;
        }
        Ok(())
    }

    /// Does something with the acts; what is kept is counted when they are first asked for.
    fn with_acts<T>(&self, act: impl FnOnce(&mut Acts) -> T) -> Result<T, StoreError> {
        let mut acts = self.acts.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match acts.take() {
            Some(known) => known,
            None => self.counted_acts()?,
        };
        Ok(act(acts.insert(known)))
    }

    /// What is kept is counted anew when it is next asked for.
    pub(super) fn forget_counted_acts(&self) {
        *self.acts.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn counted_acts(&self) -> Result<Acts, StoreError> {
        let mut acts = Acts::none();
        for record in &self.audits {
            let (key, _) = record.map_err(|e| self.unusable(e))?;
            acts.of_administrators.add(ADMINISTRATORS, key.to_vec(), 1);
        }
        for record in &self.others_acts {
            let (key, bytes) = record.map_err(|e| self.unusable(e))?;
            let audit: Audit = serde_json::from_slice(&bytes)?;
            acts.of_others.add(of(&audit), key.to_vec(), 1);
        }
        Ok(acts)
    }
}

/// The acts, once they are counted.
pub(super) type CountedActs = Mutex<Option<Acts>>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PersonId;

    fn act(person: PersonId, chat: Option<ChatId>, year: i32, result: &str) -> Audit {
        Audit {
            at: format!("{year}-06-24T09:00:00+08:00"),
            person,
            name: String::new(),
            chat,
            act: AuditAct::Enter,
            result: result.to_string(),
        }
    }

    /// The keys are those of every version so far; what is not known stays as it was written.
    #[test]
    fn acts_of_before_are_read_and_stay_as_they_were_written() {
        let keys = [
            "reload",
            "import",
            "backup",
            "enter",
            "adopt",
            "withdraw",
            "subscribe",
            "unsubscribe",
            "ask to subscribe",
            "grant",
            "deny",
            "report",
            "take back",
        ];
        for key in keys {
            let act: AuditAct = serde_json::from_value(key.into()).unwrap();
            assert!(!matches!(act, AuditAct::Other(_)), "{key}");
            assert_eq!(serde_json::to_value(&act).unwrap(), key);
        }
        let newer: AuditAct = serde_json::from_value("moved house".into()).unwrap();
        assert_eq!(newer, AuditAct::Other("moved house".to_string()));
        assert_eq!(serde_json::to_value(&newer).unwrap(), "moved house");
    }

    /// Ten thousand wrong tokens displace neither an administrator's act nor another chat's.
    #[test]
    fn strangers_failures_displace_only_strangers_failures() {
        let store = Store::passing().unwrap();
        store.audit(&act(PersonId(42), None, 2022, "载入")).unwrap();
        store
            .audit_other(&act(PersonId(7), Some(ChatId(-5)), 2022, "报送"))
            .unwrap();
        for number in 0..3_000 {
            store
                .audit_other(&act(PersonId(-1), None, 2022, &number.to_string()))
                .unwrap();
        }
        let kept = store.audits().unwrap();
        assert_eq!(
            (kept[0].result.as_str(), kept[1].result.as_str()),
            ("载入", "报送")
        );
        assert_eq!(kept.last().map(|last| last.result.as_str()), Some("2999"));
        assert!(kept.len() <= 2 + 4 * MOST_OF_A_CHAT, "{}", kept.len());
        // Counted anew after a start, it is the same.
        store.forget_counted_acts();
        store
            .audit_other(&act(PersonId(-1), None, 2022, "again"))
            .unwrap();
        assert_eq!(store.audits().unwrap().len(), kept.len());
    }

    #[test]
    fn what_others_did_is_forgotten_after_years_and_what_administrators_did_is_not() {
        let store = Store::passing().unwrap();
        store.audit(&act(PersonId(42), None, 2019, "载入")).unwrap();
        store
            .audit_other(&act(PersonId(7), Some(ChatId(-5)), 2019, "报送"))
            .unwrap();
        store
            .audit_other(&act(PersonId(7), Some(ChatId(-5)), 2022, "又报送"))
            .unwrap();
        let results: Vec<String> = store
            .audits()
            .unwrap()
            .into_iter()
            .map(|act| act.result)
            .collect();
        assert_eq!(results, ["载入", "又报送"]);
    }
}
