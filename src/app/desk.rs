//! The desk: who is reminded, who has reported, what is next. The state is settled before the reply
//! is given.

use super::App;
use crate::ports::{ChatId, PersonId};
use crate::schedule::{Agenda, Delivery, Occurrence, shown_day};
use crate::store::{
    Acknowledged, Acknowledgement, Audit, Button, OutboxEntry, Purpose, Store, StoreError,
    Subscription,
};
use chrono::{Datelike, NaiveDate};

/// What became of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subscribed {
    /// The chat stands for these units now.
    Units(Vec<String>),
    /// No unit was named.
    Unnamed,
    /// The data name the units, and this is none of them.
    NoSuchUnit(Vec<String>),
}

/// What became of a press on a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// It was written.
    Noted {
        /// The unit.
        unit: String,
        /// What it said.
        said: Acknowledged,
    },
    /// A date and a reason are wanted now.
    AskReason(String),
    /// It had reported before.
    Already(String),
    /// The button is not known, or not of this chat.
    Expired,
}

/// What became of a date and a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extension {
    /// It was written; administrators are told.
    Noted(String, NaiveDate),
    /// No date stands in the text.
    NoDate,
}

/// Where a unit stands with a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitState {
    /// It has reported.
    Reported,
    /// It is at work.
    InHand,
    /// It asks for more time, until a day.
    Extended(NaiveDate),
    /// It has said nothing.
    Silent,
    /// Its chat cannot be reached.
    Unreachable,
}

impl UnitState {
    /// The state's word, without its day.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reported => "已报送",
            Self::InHand => "处理中",
            Self::Extended(_) => "申请延期",
            Self::Silent => "未回应",
            Self::Unreachable => "联系不上",
        }
    }

    /// The state in words.
    pub fn shown(self) -> String {
        match self {
            Self::Extended(until) => format!("{}到{}", self.word(), shown_day(until)),
            other => other.word().to_string(),
        }
    }
}

/// One duty with what the units said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyStatus {
    /// The duty in words, with its due day.
    pub title: String,
    /// How the phrase was read.
    pub reading: String,
    /// The due day.
    pub due: NaiveDate,
    /// Each unit with its state.
    pub units: Vec<(String, UnitState)>,
    /// The sentence that lays it down, with its place.
    pub sentence: String,
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
    pub fn admins(&self) -> &[i64] {
        &self.admins
    }

    /// The present moment.
    pub fn now(&self) -> chrono::DateTime<chrono_tz::Tz> {
        self.clock.now()
    }

    /// Subscribes a chat for a unit.
    pub async fn subscribe(
        &self,
        store: &Store,
        chat: ChatId,
        person: PersonId,
        unit: &str,
    ) -> Result<Subscribed, StoreError> {
        if unit.trim().is_empty() {
            return Ok(Subscribed::Unnamed);
        }
        let edition = self.edition();
        let name = match edition
            .units
            .iter()
            .find(|known| known.is_called(unit.trim()))
        {
            Some(known) => known.name.clone(),
            None if edition.units.is_empty() => unit.trim().chars().take(40).collect(),
            None => {
                return Ok(Subscribed::NoSuchUnit(
                    edition.units.iter().map(|unit| unit.name.clone()).collect(),
                ));
            }
        };
        let since = self.clock.today();
        let fresh = || Subscription {
            chat: chat.0,
            units: Vec::new(),
            since,
            left: Vec::new(),
            suspended: None,
        };
        let mut subscription = store.subscription(chat.0)?.unwrap_or_else(fresh);
        subscription.suspended = None;
        subscription.left.retain(|left| *left != name);
        if !subscription.units.contains(&name) {
            subscription.units.push(name.clone());
        }
        store.subscribe(&subscription)?;
        self.write_act(store, person, "subscribe", &name)?;
        self.settled(store).await?;
        Ok(Subscribed::Units(subscription.units))
    }

    /// Ends a chat's subscription for a unit, or for all; says which ended.
    pub async fn unsubscribe(
        &self,
        store: &Store,
        chat: ChatId,
        person: PersonId,
        unit: &str,
    ) -> Result<Vec<String>, StoreError> {
        let Some(mut subscription) = store.subscription(chat.0)? else {
            return Ok(Vec::new());
        };
        let (ended, kept): (Vec<String>, Vec<String>) = subscription
            .units
            .into_iter()
            .partition(|known| unit.trim().is_empty() || known == unit.trim());
        subscription.units = kept;
        subscription.left.extend(ended.iter().cloned());
        store.subscribe(&subscription)?;
        self.write_act(store, person, "unsubscribe", &ended.join("、"))?;
        store.settle().await?;
        Ok(ended)
    }

    /// A press on a button under a reminder.
    pub async fn press(
        &self,
        store: &Store,
        chat: ChatId,
        person: PersonId,
        id: &str,
    ) -> Result<Pressed, StoreError> {
        let Some(button) = store.button(id)?.filter(|button| button.chat == chat.0) else {
            return Ok(Pressed::Expired);
        };
        let known = store.acknowledgement(&button.occurrence, &button.unit)?;
        if known.is_some_and(|known| known.said == Acknowledged::Reported) {
            return Ok(Pressed::Already(button.unit));
        }
        let said = match button.act.as_str() {
            "reported" => Acknowledged::Reported,
            "in_hand" => Acknowledged::InHand,
            _ => {
                store.await_reason(chat.0, person.0, &button)?;
                store.settle().await?;
                return Ok(Pressed::AskReason(button.unit));
            }
        };
        self.note(store, &button, said.clone(), chat, person, "")?;
        self.settled(store).await?;
        Ok(Pressed::Noted {
            unit: button.unit,
            said,
        })
    }

    /// A date and a reason where they are awaited from a person in a chat; nothing where they are
    /// not.
    pub async fn extend(
        &self,
        store: &Store,
        chat: ChatId,
        person: PersonId,
        text: &str,
    ) -> Result<Option<Extension>, StoreError> {
        let Some(button) = store.awaited(chat.0, person.0)? else {
            return Ok(None);
        };
        let Some(until) = day_in(text, self.clock.today()) else {
            return Ok(Some(Extension::NoDate));
        };
        self.note(
            store,
            &button,
            Acknowledged::Extended(until),
            chat,
            person,
            text,
        )?;
        store.stop_awaiting(chat.0, person.0)?;
        let now = self.clock.now();
        let told = format!(
            "【申请延期】{}申请延期到{}：{text}",
            button.unit,
            shown_day(until)
        );
        for admin in self.admins.iter().filter(|admin| **admin != chat.0) {
            let purpose = Purpose::Text {
                text: told.clone(),
                at_once: true,
            };
            let entry = OutboxEntry {
                id: 0,
                chat: *admin,
                purpose,
                delivery: Delivery::new(now),
            };
            store.promise(
                entry,
                &[format!(
                    "{admin}|extend|{}|{}|{until}",
                    button.occurrence, button.unit
                )],
            )?;
        }
        self.settled(store).await?;
        Ok(Some(Extension::Noted(button.unit, until)))
    }

    /// What is next and what was last, with what a chat's units said, or all units.
    pub fn duties(
        &self,
        store: &Store,
        chat: Option<ChatId>,
    ) -> Result<Vec<DutyStatus>, StoreError> {
        let today = self.clock.today();
        let agenda = self.agenda();
        let mut occurrences: Vec<Occurrence<'_>> = agenda.around(today);
        if !occurrences
            .iter()
            .any(|occurrence| occurrence.due.day >= today)
        {
            occurrences.extend(agenda.next(today));
        }
        let subscriptions = store.subscriptions()?;
        let mut units: Vec<(String, Option<String>)> = Vec::new();
        for subscription in subscriptions
            .iter()
            .filter(|subscription| chat.is_none_or(|chat| chat.0 == subscription.chat))
        {
            units.extend(
                subscription
                    .units
                    .iter()
                    .map(|unit| (unit.clone(), subscription.suspended.clone())),
            );
        }
        if chat.is_none() {
            units.extend(
                self.edition()
                    .units
                    .iter()
                    .map(|unit| (unit.name.clone(), None)),
            );
        }
        units.sort();
        units.dedup_by(|a, b| a.0 == b.0);
        occurrences
            .iter()
            .map(|occurrence| status(store, occurrence, &units))
            .collect()
    }

    /// A chat cannot be reached any more: its reminders rest, and administrators are told.
    pub async fn lose_chat(
        &self,
        store: &Store,
        chat: ChatId,
        reason: &str,
    ) -> Result<(), StoreError> {
        let Some(mut subscription) = store
            .subscription(chat.0)?
            .filter(|s| s.suspended.is_none() && !s.units.is_empty())
        else {
            return Ok(());
        };
        subscription.suspended = Some(reason.to_string());
        store.subscribe(&subscription)?;
        let units = subscription.units.join("、");
        let text = format!(
            "【提醒暂停】机器人离开了会话 {}（{units}）；请另行通知，或把机器人加回去再订阅。",
            chat.0
        );
        self.tell_admins(store, &text, &format!("lost|{}", chat.0))
            .await
    }

    /// The bot is in a chat again: its reminders go on, and administrators are told.
    pub async fn regain_chat(&self, store: &Store, chat: ChatId) -> Result<(), StoreError> {
        let Some(mut subscription) = store
            .subscription(chat.0)?
            .filter(|s| s.suspended.is_some())
        else {
            return Ok(());
        };
        subscription.suspended = None;
        store.subscribe(&subscription)?;
        let units = subscription.units.join("、");
        let text = format!(
            "【提醒恢复】机器人回到了会话 {}（{units}），提醒照常发送。",
            chat.0
        );
        self.tell_admins(store, &text, &format!("regained|{}", chat.0))
            .await
    }

    /// Promises a text to every administrator once; `what` tells it from others of that moment.
    async fn tell_admins(&self, store: &Store, text: &str, what: &str) -> Result<(), StoreError> {
        let now = self.clock.now();
        for admin in &self.admins {
            let entry = OutboxEntry {
                id: 0,
                chat: *admin,
                purpose: Purpose::Text {
                    text: text.to_string(),
                    at_once: true,
                },
                delivery: Delivery::new(now),
            };
            store.promise(entry, &[format!("{admin}|{what}|{}", now.timestamp())])?;
        }
        self.settled(store).await
    }

    /// Waits until something that reminders rest on has changed.
    pub async fn desk_changed(&self) {
        self.desk_changed.notified().await;
    }

    /// The clock was moved, or somebody came who waits for reminders: they are seen to at once.
    pub fn wake_desk(&self) {
        self.desk_changed.notify_one();
    }

    async fn settled(&self, store: &Store) -> Result<(), StoreError> {
        store.settle().await?;
        self.desk_changed.notify_one();
        Ok(())
    }

    fn note(
        &self,
        store: &Store,
        button: &Button,
        said: Acknowledged,
        chat: ChatId,
        person: PersonId,
        reason: &str,
    ) -> Result<(), StoreError> {
        let at = self.clock.now().to_rfc3339();
        let (occurrence, unit) = (button.occurrence.clone(), button.unit.clone());
        store.acknowledge(&Acknowledgement {
            occurrence,
            unit,
            said,
            chat: chat.0,
            person: person.0,
            at,
            reason: reason.to_string(),
        })
    }

    fn write_act(
        &self,
        store: &Store,
        person: PersonId,
        act: &str,
        result: &str,
    ) -> Result<(), StoreError> {
        let at = self.clock.now().to_rfc3339();
        store.audit(&Audit {
            at,
            person: person.0,
            act: act.to_string(),
            result: result.to_string(),
        })
    }
}

fn status(
    store: &Store,
    occurrence: &Occurrence<'_>,
    units: &[(String, Option<String>)],
) -> Result<DutyStatus, StoreError> {
    let duty = occurrence.duty;
    let mut states = Vec::new();
    for (unit, suspended) in units {
        let state = match store
            .acknowledgement(&occurrence.key, unit)?
            .map(|known| known.said)
        {
            Some(Acknowledged::Reported) => UnitState::Reported,
            Some(Acknowledged::InHand) => UnitState::InHand,
            Some(Acknowledged::Extended(until)) => UnitState::Extended(until),
            None if suspended.is_some() => UnitState::Unreachable,
            None => UnitState::Silent,
        };
        states.push((unit.clone(), state));
    }
    let due = occurrence.due.day;
    let estimated = if occurrence.due.estimated {
        "（预估：放假安排尚未录入）"
    } else {
        ""
    };
    Ok(DutyStatus {
        title: format!(
            "向{}报送{}：{}年{}截止{estimated}",
            duty.recipient,
            duty.subject,
            due.year(),
            shown_day(due)
        ),
        reading: format!("期限写作“{}”，{}。", duty.words, occurrence.due.reading),
        due,
        units: states,
        sentence: format!(
            "{}（{}年计划，{}）",
            duty.sentence, duty.source_year, duty.place
        ),
    })
}

/// A day in a text: 7月15日, 7-15, 2022-07-15, 15日; the next such day from today on.
fn day_in(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let numbers: Vec<u32> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty())
        .filter_map(|run| run.parse().ok())
        .collect();
    let next = |month: u32, day: u32| {
        let this = NaiveDate::from_ymd_opt(today.year(), month, day).filter(|day| *day >= today);
        this.or_else(|| NaiveDate::from_ymd_opt(today.year() + 1, month, day))
    };
    match numbers.as_slice() {
        [year @ 2000..=2100, month, day, ..] => {
            NaiveDate::from_ymd_opt(i32::try_from(*year).ok()?, *month, *day)
                .filter(|day| *day >= today)
        }
        [month @ 1..=12, day, ..] if text.contains(['月', '-', '/', '.']) => next(*month, *day),
        [day, ..] if text.contains(['日', '号']) => (0..62)
            .filter_map(|on| today.checked_add_days(chrono::Days::new(on)))
            .find(|date| date.day() == *day),
        _ => None,
    }
}
