//! Which chats stand for which units: those that the data name, and those that an administrator has
//! confirmed.

use super::{Desk, Roll, Who};
use crate::model::{Enrolled, Listing, UnitId};
use crate::ports::ChatId;
use crate::store::{
    AuditAct, Decision, OutboxEntry, Purpose, Standing, StoreError, Subscription, Wish,
};
use crate::words::zh::{acts, desk as words};

/// So much of what a chat asks for waits for an administrator at once.
const MOST_WISHES: usize = 8;
/// The longest name of a unit that no data list.
const LONGEST_NAME: usize = 40;

/// What became of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subscribed {
    /// What became of each unit that was named.
    Units {
        /// All that the chat stands for now.
        standing: Vec<String>,
        /// Those that an administrator must confirm, and has been asked to.
        asked: Vec<String>,
        /// Those that an administrator must confirm, where there is none.
        undecided: Vec<String>,
    },
    /// The chat has asked for so many that no more are taken.
    TooMany,
    /// No unit was named.
    Unnamed,
    /// The data name the units, and this is none of them.
    NoSuchUnit(Vec<String>),
}

/// What became of a chat's wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// The chat stands for the unit now.
    Granted(ChatId, String),
    /// It does not.
    Denied(ChatId, String),
    /// It was decided before.
    Before,
}

impl Desk<'_> {
    /// Subscribes a chat for the units that a text names. A chat that is not known to be theirs is
    /// shown to the administrators first.
    pub fn subscribe(&self, who: &Who, text: &str) -> Result<Subscribed, StoreError> {
        if text.trim().is_empty() {
            return Ok(Subscribed::Unnamed);
        }
        let roll = self.roll()?;
        let Some(units) = self.units_named(&roll, text) else {
            let names = roll.all().iter().filter(|unit| unit.is_active());
            let names = names.map(|unit| unit.name.clone()).collect();
            return Ok(Subscribed::NoSuchUnit(names));
        };
        let mut subscription = self.subscription(who.chat)?;
        let (mut asked, mut undecided, mut stands) = (Vec::new(), Vec::new(), Vec::new());
        for unit in units {
            let is_known = subscription.stands_for(&unit.id)
                || subscription.left.contains(&unit.id)
                || unit.chat == Some(who.chat);
            // Nobody is asked where the data name the chat, or where it left of its own accord.
            if is_known || self.is_admin(who.person) {
                self.store.enrol(std::slice::from_ref(&unit))?;
                subscription.stand_for(Standing {
                    unit: unit.id,
                    since: self.today(),
                    listed: unit.chat == Some(who.chat),
                });
                stands.push(unit.name);
            // Nobody could decide: saying so is better than a wish that waits for ever.
            } else if self.admins.is_empty() {
                undecided.push(unit.name);
            } else if self.store.open_wishes(who.chat) >= MOST_WISHES {
                return Ok(Subscribed::TooMany);
            } else {
                self.wish(who, &unit)?;
                asked.push(unit.name);
            }
        }
        if !stands.is_empty() {
            subscription.suspended = None;
            self.store.subscribe(&subscription)?;
            self.write_act(who, AuditAct::Subscribe, &stands.join("、"))?;
        }
        let standing = if stands.is_empty() {
            Vec::new()
        } else {
            units_of(&roll, &subscription)
        };
        Ok(Subscribed::Units {
            standing,
            asked,
            undecided,
        })
    }

    /// The units that a text names: one, or several with marks between them. Where the data list
    /// none, the text is a name.
    fn units_named(&self, roll: &Roll, text: &str) -> Option<Vec<Enrolled>> {
        let text = text.trim();
        if let Some(unit) = roll.called(text) {
            return Some(vec![unit.clone()]);
        }
        // Without a list of units any name is one, as it was before there were lists.
        if self.units.is_empty() {
            let name: String = text.chars().take(LONGEST_NAME).collect();
            return Some(vec![Enrolled::free(&name)]);
        }
        let marks = ['、', '，', ',', '；', ';', '和', ' ', '\u{3000}', '\n'];
        let words = text.split(marks).filter(|word| !word.trim().is_empty());
        words
            .map(|word| roll.called(word.trim()).cloned())
            .collect()
    }

    /// Asks every administrator whether a chat may stand for a unit; once, until it is decided.
    fn wish(&self, who: &Who, unit: &Enrolled) -> Result<(), StoreError> {
        if self.store.wish(who.chat, &unit.id)?.is_some() {
            return Ok(());
        }
        // It stands on no roll before it is granted.
        self.store.keep_wish(&Wish {
            chat: who.chat,
            unit: unit.id.clone(),
            person: who.person,
            name: who.name.clone(),
            at: self.now.to_rfc3339(),
        })?;
        self.write_act(who, AuditAct::AskToSubscribe, &unit.name)?;
        for admin in self.admins {
            let purpose = Purpose::Wish {
                of: who.chat,
                unit: unit.id.clone(),
            };
            self.store
                .promise(OutboxEntry::new(admin.own_chat(), purpose, self.now), &[])?;
        }
        Ok(())
    }

    /// An administrator decides whether a chat may stand for a unit; the chat is told.
    pub fn decide(
        &self,
        who: &Who,
        of: ChatId,
        unit: &UnitId,
        decision: Decision,
    ) -> Result<Decided, StoreError> {
        let of = self.store.present_chat(of)?;
        let Some(wish) = self.store.wish(of, unit)? else {
            return Ok(Decided::Before);
        };
        let name = self.roll()?.name(unit);
        self.store.close_wish(&wish)?;
        let granted = decision == Decision::Grant;
        if granted {
            // The name was free text: with the decision it becomes a unit.
            if self.roll()?.unit(unit).is_none() {
                self.store.enrol(&[Enrolled::free(&unit.0)])?;
            }
            let mut subscription = self.subscription(of)?;
            subscription.stand_for(Standing {
                unit: unit.clone(),
                since: self.today(),
                listed: false,
            });
            subscription.suspended = None;
            self.store.subscribe(&subscription)?;
        }
        let (act, text) = if granted {
            (AuditAct::Grant, words::granted(&name))
        } else {
            (AuditAct::Deny, words::denied(&name))
        };
        self.write_act(who, act, &acts::unit_of_chat(&name, of))?;
        let purpose = Purpose::Text {
            text,
            at_once: true,
        };
        self.store
            .promise(OutboxEntry::new(of, purpose, self.now), &[])?;
        Ok(if granted {
            Decided::Granted(of, name)
        } else {
            Decided::Denied(of, name)
        })
    }

    /// Ends a chat's subscription for the units that a text names, or for all; says which ended.
    pub fn unsubscribe(&self, who: &Who, text: &str) -> Result<Vec<String>, StoreError> {
        let Some(mut subscription) = self.store.subscription(who.chat)? else {
            return Ok(Vec::new());
        };
        let roll = self.roll()?;
        let text = text.trim();
        let is_meant = |unit: &UnitId| {
            let known = roll.unit(unit);
            text.is_empty() || unit.0 == text || known.is_some_and(|unit| unit.is_called(text))
        };
        let (ended, kept): (Vec<_>, Vec<_>) = subscription
            .units
            .into_iter()
            .partition(|standing| is_meant(&standing.unit));
        subscription.units = kept;
        if ended.is_empty() {
            return Ok(Vec::new());
        }
        let ended: Vec<UnitId> = ended.into_iter().map(|standing| standing.unit).collect();
        // Remembered, so that the data do not subscribe the chat again at the next reload.
        subscription.left.extend(ended.iter().cloned());
        self.store.subscribe(&subscription)?;
        let names = roll.names(&ended);
        self.write_act(who, AuditAct::Unsubscribe, &names.join("、"))?;
        Ok(names)
    }

    /// Chats that the data name for a unit stand for it, unless they left; those that the data name
    /// no more do not. Says whether anything changed.
    pub fn enrol(&self, roll: &Roll) -> Result<bool, StoreError> {
        let mut changed = false;
        for mut subscription in self.store.subscriptions()? {
            let before = subscription.units.len();
            let chat = subscription.chat;
            subscription.units.retain(|standing| {
                // Whoever is struck out may come back: it is not reminded, and forgets nobody.
                let unit = roll.unit(&standing.unit).filter(|unit| unit.is_active());
                unit.is_none_or(|unit| !standing.listed || unit.chat == Some(chat))
            });
            if subscription.units.len() < before {
                self.store.subscribe(&subscription)?;
                changed = true;
            }
        }
        for unit in roll.all() {
            let Some(chat) = unit.chat.filter(|_| unit.listing == Listing::Listed) else {
                continue;
            };
            let mut subscription = self.subscription(chat)?;
            let before = subscription.clone();
            if !subscription.left.contains(&unit.id) {
                subscription.stand_for(Standing {
                    unit: unit.id.clone(),
                    since: self.today(),
                    listed: true,
                });
            }
            if subscription != before {
                self.store.subscribe(&subscription)?;
                changed = true;
            }
        }
        Ok(changed)
    }

    pub(super) fn subscription(&self, chat: ChatId) -> Result<Subscription, StoreError> {
        let known = self.store.subscription(chat)?;
        Ok(known.unwrap_or_else(|| Subscription::of(chat)))
    }
}

/// The names of the units that a chat stands for.
pub(super) fn units_of(roll: &Roll, subscription: &Subscription) -> Vec<String> {
    let units = subscription.units.iter();
    units.map(|standing| roll.name(&standing.unit)).collect()
}
