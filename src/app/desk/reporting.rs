//! What units say of their reports: with a button, or in words in reply to a reminder. It is shown
//! where the reminder stands, in every chat of the unit, and can be taken back.

use super::{Desk, Roll, Who};
use crate::model::UnitId;
use crate::ports::{ChatId, MessageId};
use crate::schedule::{SpokenAct, SpokenDay, spoken_act, spoken_answer};
use crate::store::{
    Acknowledged, Acknowledgement, Act, AuditAct, OutboxEntry, Purpose, Shown, ShownAs, StoreError,
};
use crate::words::zh::{acts, desk as words};
use chrono::{DateTime, Days, NaiveDate, TimeDelta};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// A date counts as an answer to the question until when within so many hours.
const QUESTION_HOURS: i64 = 24;
/// So many earlier statements of a unit are kept behind the last.
const MOST_BEFORE: usize = 3;

/// What became of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reported {
    /// It was written.
    Noted {
        /// The occurrence, to take it back.
        occurrence: String,
        /// The unit, to take it back.
        unit: UnitId,
        /// The unit's name.
        name: String,
        /// What it said.
        said: Acknowledged,
        /// Whether any administrator is told of a day that is asked for.
        told: bool,
        /// Whether it is shown where the reminder stands; otherwise it must be said.
        shown: bool,
    },
    /// The unit is asked until when it puts its report off.
    Asked(String),
    /// It had reported before; who said so.
    Already(String, String),
    /// What it had said is taken back; what holds again, where there is anything.
    TakenBack(String, Option<Acknowledged>),
    /// There is nothing to take back.
    NothingSaid(String),
    /// The chat does not stand for the unit.
    NotYours(String),
    /// The button is not known, or not of this chat.
    Expired,
}

/// What became of words that reply to a reminder or to a question of the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replied {
    /// They were an act.
    Acted(Reported),
    /// They were acts of several units.
    ActedForAll(Vec<Reported>),
    /// They are an act, and the reminder is for several: which of them is meant?
    Whose(Act, Vec<(String, String, UnitId)>),
    /// The day is over.
    Past(NaiveDate),
    /// The day is farther than anybody may ask for: the last one.
    TooFar(NaiveDate, NaiveDate),
    /// The day is not behind the due day.
    NotLater(NaiveDate, NaiveDate),
    /// The question was asked too long ago.
    TooLate(String),
    /// A day was asked for, and none was said.
    NoDay,
    /// It is not put off after all.
    OnTime(String),
}

impl Desk<'_> {
    /// A press on a button under a reminder.
    pub fn press(&self, who: &Who, id: &str) -> Result<Reported, StoreError> {
        let button = self.store.button(id)?;
        let chat = self.store.present_chat(who.chat)?;
        // A button is good only where it was shown: its id may be known elsewhere.
        match button.filter(|button| button.chat == chat) {
            Some(button) => self.act(who, button.act, &button.occurrence, &button.unit),
            None => Ok(Reported::Expired),
        }
    }

    /// A unit's act, where who acts may speak for it.
    pub fn act(
        &self,
        who: &Who,
        act: Act,
        occurrence: &str,
        unit: &UnitId,
    ) -> Result<Reported, StoreError> {
        let name = self.roll()?.name(unit);
        let known = self.store.acknowledgement(occurrence, unit)?;
        let is_own = known.as_ref().is_some_and(|said| said.person == who.person);
        let may = self.speaks_for(who, unit)?
            || act == Act::Withdraw && (is_own || self.is_admin(who.person));
        if !may {
            return Ok(Reported::NotYours(name));
        }
        // Before it is looked whether something was said already: that is what is taken back.
        if act == Act::Withdraw {
            return self.take_back(who, known, name);
        }
        if let Some(said) = known
            .as_ref()
            .filter(|said| said.said == Acknowledged::Reported)
        {
            return Ok(Reported::Already(name, said.name.clone()));
        }
        let said = match act {
            Act::Reported => Acknowledged::Reported,
            Act::InHand => Acknowledged::InHand,
            Act::Extend | Act::Withdraw => {
                self.ask_until(who, occurrence, unit)?;
                return Ok(Reported::Asked(name));
            }
        };
        self.note(who, occurrence, unit, said, "")
    }

    /// What words come to that reply to a message of the bot; nothing where they are no act.
    pub fn replied(
        &self,
        who: &Who,
        message: MessageId,
        text: &str,
    ) -> Result<Option<Replied>, StoreError> {
        let Some(shown) = self.store.shown(who.chat, message)? else {
            return Ok(None);
        };
        match &shown.what {
            ShownAs::Question { occurrence, unit } => {
                self.answered(who, &shown, occurrence, unit, text)
            }
            ShownAs::Reminder { .. } => self.said_of(who, &shown, text),
        }
    }

    /// The answer to the question until when.
    fn answered(
        &self,
        who: &Who,
        shown: &Shown,
        occurrence: &str,
        unit: &UnitId,
        text: &str,
    ) -> Result<Option<Replied>, StoreError> {
        let name = self.roll()?.name(unit);
        let asked = DateTime::parse_from_rfc3339(&shown.at).unwrap_or_default();
        // A question of yesterday is no frame for a bare date any more.
        let is_fresh = self.now - asked.with_timezone(&self.now.timezone())
            <= TimeDelta::hours(QUESTION_HOURS);
        let replied = match spoken_answer(text, self.today()) {
            Some(_) if !is_fresh => Replied::TooLate(name),
            Some(SpokenAct::OnTime) => Replied::OnTime(name),
            Some(SpokenAct::PutOff(Some(day))) => {
                return self.put_off(who, occurrence, unit, day, text).map(Some);
            }
            Some(SpokenAct::PutOff(None)) => Replied::NoDay,
            Some(SpokenAct::Reported) => {
                Replied::Acted(self.act(who, Act::Reported, occurrence, unit)?)
            }
            // Asked for a day: 处理中 is no answer to that.
            Some(SpokenAct::InHand) => Replied::NoDay,
            None => return Ok(None),
        };
        Ok(Some(replied))
    }

    /// What a reply to a reminder says of the units that it is for.
    fn said_of(&self, who: &Who, shown: &Shown, text: &str) -> Result<Option<Replied>, StoreError> {
        let roll = self.roll()?;
        let all: BTreeSet<(String, UnitId)> = shown
            .matters()
            .into_iter()
            .flat_map(|(occurrence, _, units)| {
                let of = |unit: &UnitId| (occurrence.to_string(), unit.clone());
                units.iter().map(of).collect::<Vec<_>>()
            })
            .collect();
        // A unit that is named in the text is meant; its name is no part of what it says.
        let mut rest = text.to_string();
        let mut named = Vec::new();
        for (occurrence, unit) in &all {
            if let Some(name) = name_in(text, &roll, unit) {
                rest = rest.replace(name, "");
                named.push((occurrence.clone(), unit.clone()));
            }
        }
        let rest = rest.trim_start_matches(['、', '和', '，', ',', '：', ':', ' ']);
        let Some(act) = spoken_act(rest, self.today()) else {
            return Ok(None);
        };
        let mut meant: Vec<(String, UnitId)> = if named.is_empty() {
            all.into_iter().collect()
        } else {
            named
        };
        if meant.len() > 1 {
            // Whoever has reported is not meant by 已报送 that nobody addressed.
            meant.retain(|(occurrence, unit)| self.is_open(occurrence, unit).unwrap_or(true));
        }
        let act_of = |act: SpokenAct| match act {
            SpokenAct::Reported => Act::Reported,
            SpokenAct::InHand => Act::InHand,
            SpokenAct::PutOff(_) | SpokenAct::OnTime => Act::Extend,
        };
        match (meant.as_slice(), act) {
            ([], _) => Ok(None),
            ([(occurrence, unit)], SpokenAct::PutOff(Some(day))) => {
                self.put_off(who, occurrence, unit, day, text).map(Some)
            }
            ([(occurrence, unit)], act) => {
                let acted = self.act(who, act_of(act), occurrence, unit)?;
                Ok(Some(Replied::Acted(acted)))
            }
            (several, SpokenAct::Reported | SpokenAct::InHand)
                if rest.contains(['都', '均']) || rest.contains("全部") =>
            {
                let acted = several
                    .iter()
                    .map(|(occurrence, unit)| self.act(who, act_of(act), occurrence, unit))
                    .collect::<Result<_, _>>()?;
                Ok(Some(Replied::ActedForAll(acted)))
            }
            (several, act) => {
                let those = several
                    .iter()
                    .map(|(occurrence, unit)| (roll.name(unit), occurrence.clone(), unit.clone()))
                    .collect();
                Ok(Some(Replied::Whose(act_of(act), those)))
            }
        }
    }

    /// A unit puts its report off to a day.
    pub fn put_off(
        &self,
        who: &Who,
        occurrence: &str,
        unit: &UnitId,
        day: SpokenDay,
        reason: &str,
    ) -> Result<Replied, StoreError> {
        let name = self.roll()?.name(unit);
        if !self.speaks_for(who, unit)? {
            return Ok(Replied::Acted(Reported::NotYours(name)));
        }
        let known = self.store.acknowledgement(occurrence, unit)?;
        if let Some(said) = known.filter(|said| said.said == Acknowledged::Reported) {
            return Ok(Replied::Acted(Reported::Already(name, said.name)));
        }
        let today = self.today();
        let last = today
            .checked_add_days(Days::new(u64::from(self.agenda.policy.put_off_days)))
            .unwrap_or(today);
        // A date without a year that has passed means the next one, where that is near enough.
        let until = match day.next.filter(|next| *next <= last) {
            Some(next) => next,
            None => day.day,
        };
        if until < today {
            return Ok(Replied::Past(until));
        }
        if until > last {
            return Ok(Replied::TooFar(until, last));
        }
        let due = self.due_day(occurrence);
        // To a day that is not later nothing would be put off.
        if let Some(due) = due.filter(|due| until <= *due) {
            return Ok(Replied::NotLater(until, due));
        }
        let said = Acknowledged::Extended(until);
        self.note(who, occurrence, unit, said, reason)
            .map(Replied::Acted)
    }

    /// The day on which an occurrence is due, while it is spoken of.
    fn due_day(&self, occurrence: &str) -> Option<NaiveDate> {
        let around = self.agenda.around_put_off(self.today());
        let found = around.iter().find(|known| known.key == occurrence);
        found.map(|known| known.due.day)
    }

    fn is_open(&self, occurrence: &str, unit: &UnitId) -> Result<bool, StoreError> {
        let known = self.store.acknowledgement(occurrence, unit)?;
        Ok(known.is_none_or(|known| known.said != Acknowledged::Reported))
    }

    /// Whether who acts does so in a chat that stands for a unit, under whichever id that chat has
    /// or had: what was said before the chat moved may be read after it.
    fn speaks_for(&self, who: &Who, unit: &UnitId) -> Result<bool, StoreError> {
        let chat = self.store.present_chat(who.chat)?;
        let subscription = self.store.subscription(chat)?;
        Ok(
            subscription.is_some_and(|known| known.stands_for(unit))
                && self.roll()?.is_active(unit),
        )
    }

    fn note(
        &self,
        who: &Who,
        occurrence: &str,
        unit: &UnitId,
        said: Acknowledged,
        reason: &str,
    ) -> Result<Reported, StoreError> {
        let name = self.roll()?.name(unit);
        let before = self.store.acknowledgement(occurrence, unit)?;
        self.store.acknowledge(&Acknowledgement {
            occurrence: occurrence.to_string(),
            unit: unit.clone(),
            said: said.clone(),
            chat: who.chat,
            person: who.person,
            name: who.name.clone(),
            at: self.now.to_rfc3339(),
            reason: reason.to_string(),
            // So that taking back leads to what was said before it; three steps are enough, and a
            // record stays small.
            before: before.map(|before| Box::new(cut(before, MOST_BEFORE))),
        })?;
        let result = acts::reported(&name, &said, occurrence);
        self.write_act(who, AuditAct::Report, &result)?;
        let mut told = true;
        if let Acknowledged::Extended(until) = said {
            let text = words::put_off(&name, until, reason);
            let marks = [format!("extend|{occurrence}|{}|{until}", unit.0)];
            told = self.tell_admins(&text, who.chat, &marks)?;
        }
        Ok(Reported::Noted {
            occurrence: occurrence.to_string(),
            unit: unit.clone(),
            name,
            said,
            told,
            shown: self.show_anew(occurrence, unit)?,
        })
    }

    fn take_back(
        &self,
        who: &Who,
        known: Option<Acknowledgement>,
        name: String,
    ) -> Result<Reported, StoreError> {
        let Some(said) = known else {
            return Ok(Reported::NothingSaid(name));
        };
        self.store.take_back(&said)?;
        let result = acts::taken_back(&name, &said.said, &said.occurrence);
        self.write_act(who, AuditAct::TakeBack, &result)?;
        if let Acknowledged::Extended(until) = said.said {
            let text = words::not_put_off(&name, until);
            self.tell_admins(&text, who.chat, &[])?;
            // Asked for once more, it is told once more.
            for admin in self.admins {
                let (occurrence, unit) = (&said.occurrence, &said.unit.0);
                self.store
                    .unmark(&format!("{admin}|extend|{occurrence}|{unit}|{until}"))?;
            }
        }
        self.show_anew(&said.occurrence, &said.unit)?;
        let again = said.before.map(|before| before.said);
        Ok(Reported::TakenBack(name, again))
    }

    /// Asks in the chat until when the report is put off. The answer replies to the question.
    fn ask_until(&self, who: &Who, occurrence: &str, unit: &UnitId) -> Result<(), StoreError> {
        let purpose = Purpose::Question {
            occurrence: occurrence.to_string(),
            unit: unit.clone(),
        };
        let chat = self.store.present_chat(who.chat)?;
        let entry = OutboxEntry::new(chat, purpose, self.now);
        self.store.promise(entry, &[]).map(|_| ())
    }

    /// Shows other units' buttons under a reminder.
    pub fn turn(&self, chat: ChatId, message: MessageId, page: usize) -> Result<(), StoreError> {
        let Some(shown) = self.store.shown(chat, message)? else {
            return Ok(());
        };
        self.store.show(&Shown { page, ..shown })?;
        self.store.promise_edit(chat, message, self.now)
    }

    /// Every reminder of a unit's occurrence is to be shown anew, in all its chats; says whether
    /// there is one.
    fn show_anew(&self, occurrence: &str, unit: &UnitId) -> Result<bool, StoreError> {
        let mut any = false;
        let subscriptions = self.store.subscriptions()?;
        // In every chat of the unit: a colleague elsewhere must not report it a second time.
        for subscription in subscriptions.iter().filter(|known| known.stands_for(unit)) {
            let shown = self.store.all_shown(subscription.chat)?;
            for shown in shown.iter().filter(|one| one.speaks_of(occurrence, unit)) {
                self.store
                    .promise_edit(shown.chat, shown.message, self.now)?;
                any = true;
            }
        }
        Ok(any)
    }
}

/// The longest name of a unit that stands in a text.
fn name_in<'a>(text: &str, roll: &'a Roll, unit: &UnitId) -> Option<&'a str> {
    let unit = roll.unit(unit)?;
    let names = std::iter::once(&unit.name).chain(&unit.aliases);
    let standing = names.filter(|name| text.contains(name.as_str()));
    let longest = standing.min_by_key(|name| Reverse(name.chars().count()));
    longest.map(String::as_str)
}

/// What was said before, so many times back.
fn cut(mut said: Acknowledgement, most: usize) -> Acknowledgement {
    let before = said.before.take().filter(|_| most > 1);
    said.before = before.map(|before| Box::new(cut(*before, most - 1)));
    said
}
