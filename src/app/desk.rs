//! The desk: who is reminded, who has reported, what is next.
//!
//! What is done here is written to the state; whoever calls settles it before the reply is given.

mod registering;
mod reporting;
mod roll;
mod status;

pub(crate) use registering::{Decided, Subscribed};
pub use reporting::{Replied, Reported};
pub(crate) use roll::{Roll, changes};
pub use status::UnitState;
pub(crate) use status::{DutyStatus, UnitStatus};

use super::App;
use crate::model::Unit;
use crate::ports::{ChatId, MessageId, PersonId};
use crate::schedule::Agenda;
use crate::store::{Audit, AuditAct, OutboxEntry, Purpose, Store, StoreError};
use crate::words::zh::desk as words;
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

/// Whoever does something at the desk, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Where it is done: units that this chat stands for are its own.
    pub chat: ChatId,
    /// Who does it, for the audit and for rights.
    pub person: PersonId,
    /// What others see as the person's name.
    pub name: String,
}

/// The desk at a moment.
pub struct Desk<'a> {
    /// What was promised and said.
    pub store: &'a Store,
    /// What is due.
    pub agenda: &'a Agenda,
    /// Who must report, as the data say.
    pub units: &'a [Unit],
    /// Who decides, and is told.
    pub admins: &'a [PersonId],
    /// The moment, by the clock that the bot goes by.
    pub now: DateTime<Tz>,
    /// The moment as it really is: what is written down has this one.
    pub really: DateTime<Tz>,
}

impl Desk<'_> {
    /// Who the units are.
    pub fn roll(&self) -> Result<Roll, StoreError> {
        Roll::call(self.store, self.units)
    }

    fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    fn is_admin(&self, person: PersonId) -> bool {
        person.is_of_program() || self.admins.contains(&person)
    }

    /// Writes down who did what.
    fn write_act(&self, who: &Who, act: AuditAct, result: &str) -> Result<(), StoreError> {
        let audit = Audit {
            at: self.really.to_rfc3339(),
            person: who.person,
            name: who.name.clone(),
            chat: Some(who.chat),
            act,
            result: result.to_string(),
        };
        if self.is_admin(who.person) {
            self.store.audit(&audit)
        } else {
            self.store.audit_other(&audit)
        }
    }

    /// Promises a text to every administrator but whoever reads it anyway; says whether there is
    /// any administrator at all.
    fn tell_admins(&self, text: &str, but: ChatId, marks: &[String]) -> Result<bool, StoreError> {
        for admin in self.admins.iter().filter(|admin| admin.own_chat() != but) {
            let purpose = Purpose::Text {
                text: text.to_string(),
                at_once: true,
            };
            let marks: Vec<String> = marks.iter().map(|mark| format!("{admin}|{mark}")).collect();
            self.store.promise(
                OutboxEntry::new(admin.own_chat(), purpose, self.now),
                &marks,
            )?;
        }
        Ok(!self.admins.is_empty())
    }

    /// A chat cannot be reached any more: its reminders rest, and administrators are told.
    pub fn lose_chat(&self, chat: ChatId, reason: &str) -> Result<(), StoreError> {
        let Some(mut subscription) = self
            .store
            .subscription(chat)?
            .filter(|s| s.suspended.is_none() && !s.units.is_empty())
        else {
            return Ok(());
        };
        subscription.suspended = Some(reason.to_string());
        self.store.subscribe(&subscription)?;
        let units = registering::units_of(&self.roll()?, &subscription);
        let text = words::chat_lost(chat, &units);
        let mark = format!("lost|{}|{}", chat.0, self.now.timestamp());
        self.tell_admins(&text, chat, &[mark]).map(|_| ())
    }

    /// The bot is in a chat again: its reminders go on, and administrators are told.
    pub fn regain_chat(&self, chat: ChatId) -> Result<(), StoreError> {
        let Some(mut subscription) = self
            .store
            .subscription(chat)?
            .filter(|s| s.suspended.is_some())
        else {
            return Ok(());
        };
        subscription.suspended = None;
        self.store.subscribe(&subscription)?;
        let units = registering::units_of(&self.roll()?, &subscription);
        let text = words::chat_regained(chat, &units);
        let mark = format!("regained|{}|{}", chat.0, self.now.timestamp());
        self.tell_admins(&text, chat, &[mark]).map(|_| ())
    }
}

impl App {
    /// What is due, by the current data.
    pub fn agenda(&self) -> Agenda {
        self.edition().agenda(&self.policy).0
    }

    /// Whether reminders are sent at all.
    pub fn reminds(&self) -> bool {
        self.reminds
    }

    /// Whom reminders go to besides the units.
    pub fn admins(&self) -> &[PersonId] {
        &self.admins
    }

    /// The present moment.
    pub fn now(&self) -> DateTime<Tz> {
        self.clock.now()
    }

    /// The moment as it really is: what is written down has this one.
    pub fn really(&self) -> DateTime<Tz> {
        self.clock.really()
    }

    /// Whether the clock is that of a demonstration.
    pub fn is_demo(&self) -> bool {
        self.clock.is_demo()
    }

    /// With the state that is kept, where one is.
    pub fn with_state(&self) -> Option<WithState<'_>> {
        let store = self.store.as_ref()?;
        Some(WithState { app: self, store })
    }

    /// Waits until something that reminders rest on has changed.
    pub async fn desk_changed(&self) {
        self.desk_changed.notified().await;
    }

    /// The clock was moved, or somebody came who waits for reminders: they are seen to at once.
    pub fn wake_desk(&self) {
        self.desk_changed.notify_one();
    }
}

/// An app that keeps a state: what can be done only where one is kept.
#[derive(Clone, Copy)]
pub struct WithState<'a> {
    app: &'a App,
    store: &'a Store,
}

impl<'a> WithState<'a> {
    /// The state itself.
    pub fn store(self) -> &'a Store {
        self.store
    }

    /// Looks at the desk as it is now.
    pub fn look_at_desk<T>(
        self,
        look: impl FnOnce(&Desk<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let app = self.app;
        // One edition for all of it: units and agenda must speak of the same data.
        let edition = app.edition();
        let (agenda, _) = edition.agenda(&app.policy);
        look(&Desk {
            store: self.store,
            agenda: &agenda,
            units: &edition.units,
            admins: &app.admins,
            now: app.clock.now(),
            really: app.clock.really(),
        })
    }

    /// Does something at the desk. It is on disk when this returns, and reminders go by it.
    pub async fn at_desk<T>(
        self,
        act: impl FnOnce(&Desk<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let done = self.look_at_desk(act)?;
        self.acted().await?;
        Ok(done)
    }

    /// What words come to that reply to a message of the bot; nothing where they are no act.
    pub async fn replied(
        self,
        who: &Who,
        message: MessageId,
        text: &str,
    ) -> Result<Option<Replied>, StoreError> {
        let replied = self.look_at_desk(|desk| desk.replied(who, message, text))?;
        // Most replies to the bot are further questions: nothing was written for them and nothing
        // is said of the desk, so they wait for no disk and wake no reminders.
        if replied.is_some() {
            self.acted().await?;
        }
        Ok(replied)
    }

    /// Waits until an act is on disk: its reply tells the person that it holds, and a power cut
    /// after that must not take it back.
    async fn acted(self) -> Result<(), StoreError> {
        self.store.settle().await?;
        self.app.desk_changed.notify_one();
        Ok(())
    }

    /// A chat cannot be reached any more.
    pub async fn lose_chat(self, chat: ChatId, reason: &str) -> Result<(), StoreError> {
        self.at_desk(|desk| desk.lose_chat(chat, reason)).await
    }

    /// The bot is in a chat again.
    pub async fn regain_chat(self, chat: ChatId) -> Result<(), StoreError> {
        self.at_desk(|desk| desk.regain_chat(chat)).await
    }
}
