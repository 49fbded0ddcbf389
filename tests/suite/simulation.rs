//! Whole years of reminders under a virtual clock, with the real tick, desk and store: the program ends at every step, stands
//! still for minutes to months, its clock jumps, sends fail in every way, chats move and vanish, data change. Units report, put
//! off, take back, also in reply to a reminder; they are renamed, moved to other chats, struck out and listed again, two stand
//! in one chat; a second plan comes in the middle of a cycle and phrases are put in another order; strangers try to speak for
//! them; a demonstration runs before the real thing. Groups become supergroups, and the news of it comes from either side, from
//! both, before or behind the bot's being counted out, or never; one is a forum, whose topics are chosen, closed and opened.
//!
//! What each claim catches stands in `tests/README.md`.
//!
//! A run is named by its seed. A sample runs with the tests; `just simulate` runs a hundred thousand.

use crate::harness::{copied_data, replace};
use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::{Asia::Shanghai, Tz};
use planbot::{
    Act, Agenda, Capabilities, ChatId, Desk, Edition, IndexPlace, MessageId, Messenger, Outgoing,
    PersonId, Policy, Reminder, Reminders, Replied, Reported, SendOutcome, Sending, SpokenDay,
    Store, TopicId, Unit, UnitId, Who, shown_date,
};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

const SAMPLE: u64 = 400;
const ALL: u64 = 100_000;
const THREADS: u64 = 2;

/// Numbers that look like chance and come from the seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

/// A message that arrived.
#[derive(Debug, Clone)]
struct Arrived {
    /// The chat's first id.
    chat: i64,
    at: DateTime<Tz>,
    text: String,
    topic: Option<TopicId>,
}

/// A message that the bot knows by its number.
#[derive(Debug, Clone)]
struct Delivered {
    /// The id that its chat had then.
    chat: ChatId,
    number: MessageId,
    at: DateTime<Tz>,
    text: String,
}

#[derive(Default)]
struct World {
    now: Option<DateTime<Tz>>,
    arrived: Vec<Arrived>,
    /// Later ids of chats, to the first.
    first_id: BTreeMap<i64, i64>,
    /// Ids that are not valid any more, to the next.
    moved: BTreeMap<i64, i64>,
    gone: BTreeSet<i64>,
    closed: BTreeSet<TopicId>,
    /// What was delivered since somebody looked.
    delivered: Vec<Delivered>,
    failures: Vec<(i64, DateTime<Tz>)>,
    weather: Vec<u64>,
    /// How many messages have a number.
    numbers: i32,
    /// The buttons that were shown last.
    buttons: Vec<String>,
}

/// Takes each send apart: it may end before it arrives, after, or be answered.
struct Simulated(Mutex<World>);

impl Simulated {
    fn arrive(&self, message: &Outgoing) -> SendOutcome {
        let mut world = self.0.lock().unwrap();
        let now = world.now.unwrap();
        let first = world
            .first_id
            .get(&message.chat.0)
            .copied()
            .unwrap_or(message.chat.0);
        let kind = world.weather.pop().unwrap_or(100);
        if let Some(next) = world.moved.get(&message.chat.0) {
            return SendOutcome::Moved(ChatId(*next));
        }
        if world.gone.contains(&first) {
            return SendOutcome::Gone("kicked".into());
        }
        if kind < 5 {
            world.failures.push((first, now));
        }
        if message.replaces.is_some() {
            // A message that is shown anew is no other message.
            return match kind {
                0 => SendOutcome::Later(60),
                1 => SendOutcome::Refused("message to edit not found".into()),
                2 => SendOutcome::Unknown("timeout".into()),
                _ => SendOutcome::Delivered(message.replaces),
            };
        }
        world.numbers += 1;
        let number = world.numbers;
        let ids = message
            .buttons
            .iter()
            .flatten()
            .filter_map(|button| button.id());
        world.buttons = ids.map(String::from).collect();
        let mut arrived = Arrived {
            chat: first,
            at: now,
            text: message.body.plain(),
            topic: message.topic,
        };
        if message
            .topic
            .is_some_and(|topic| world.closed.contains(&topic))
        {
            arrived.topic = None;
            arrived.text.push_str(IN_GENERAL);
        }
        match kind {
            0 => SendOutcome::Later(1 + now.timestamp().unsigned_abs() % 600),
            1 => SendOutcome::Broken("502".into()),
            2 => SendOutcome::Unknown("timeout, nothing arrived".into()),
            3 => {
                world.arrived.push(arrived);
                SendOutcome::Unknown("timeout behind the arrival".into())
            }
            _ => {
                world.delivered.push(Delivered {
                    chat: message.chat,
                    number: MessageId(number),
                    at: now,
                    text: arrived.text.clone(),
                });
                world.arrived.push(arrived);
                SendOutcome::Delivered(Some(MessageId(number)))
            }
        }
    }
}

impl Messenger for Simulated {
    fn capabilities(&self) -> Capabilities {
        Capabilities::all("test")
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            pause().await;
            let outcome = self.arrive(message);
            pause().await;
            outcome
        })
    }
}

/// A point at which the program may end.
async fn pause() {
    let mut waited = false;
    std::future::poll_fn(|_| {
        if std::mem::replace(&mut waited, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// Runs a future to its end, or drops it after so many steps. Says whether it ended.
fn run_for<F: Future>(future: F, steps: u64) -> bool {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..steps {
        if future.as_mut().poll(&mut context).is_ready() {
            return true;
        }
    }
    false
}

fn moment(day: NaiveDate, minutes: u64) -> DateTime<Tz> {
    let time = NaiveTime::from_num_seconds_from_midnight_opt(
        u32::try_from(minutes * 60 % 86_400).unwrap(),
        0,
    )
    .unwrap();
    Shanghai.from_local_datetime(&day.and_time(time)).unwrap()
}

/// Who decides.
const ADMIN: i64 = 900;
/// A chat that nobody registered.
const STRANGER: i64 = 500;
/// A chat with topics. It is a supergroup already, so it does not move.
const FORUM: i64 = 3;
/// What the messenger adds where a topic takes no messages.
const IN_GENERAL: &str = "（话题关闭，发在这里）";
/// So long a reminder can be replied to; a little less than the state keeps it.
const REPLIED_WITHIN_DAYS: i64 = 100;

/// What a unit has said of an occurrence, as the run knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    InHand,
    Reported,
    PutOff(NaiveDate, NaiveDate),
}

/// A unit as the run knows it: its number never changes.
#[derive(Debug, Clone)]
struct Office {
    /// Whether the data write an id.
    has_id: bool,
    name: String,
    aliases: Vec<String>,
    chat: i64,
    listed: bool,
    renamed: u32,
}

/// What the bot is told of a group that has become a supergroup.
#[derive(Debug, Clone, Copy)]
enum News {
    /// That it has, by either chat.
    Moved(i64, i64),
    /// That it is counted out of the old one.
    Left(i64),
}

/// A moment at which the bot was up, permitted to send, and not cut off.
struct Good {
    at: DateTime<Tz>,
    /// How many messages had arrived then.
    arrived: usize,
    /// Each listed unit with its chat.
    units: Vec<(usize, i64)>,
    /// What each had said then.
    said: BTreeMap<(usize, String), Said>,
}

/// One run; what is wrong with it.
struct Run<'a> {
    store: &'a Store,
    demo: &'a Store,
    agendas: &'a Agendas,
    messenger: Simulated,
    chance: Chance,
    offices: Vec<Office>,
    /// Which plans are loaded.
    plans: usize,
    said: BTreeMap<(usize, String), Said>,
    /// What it had said before, the last behind.
    before: BTreeMap<(usize, String), Vec<Said>>,
    /// From which message on to which a unit had reported an occurrence.
    silenced: Vec<(usize, String, usize, Option<usize>)>,
    names: BTreeMap<String, usize>,
    /// The topic that the forum was last subscribed in, and from which message on.
    topics: Vec<(usize, Option<TopicId>)>,
    /// News of moves that are still to come, the next last.
    news: Vec<News>,
    /// Groups that have told that the bot is out, and not yet that they are elsewhere.
    out: BTreeSet<i64>,
    /// Reminders that can be replied to.
    delivered: Vec<Delivered>,
    good: Vec<Good>,
    reloaded: Option<DateTime<Tz>>,
    jumped: bool,
    faults: Vec<String>,
}

impl Run<'_> {
    fn agenda(&self) -> &Agenda {
        let which = &self.agendas.0[self.plans];
        if self.reloaded.is_some() {
            &which.1
        } else {
            &which.0
        }
    }

    fn units(&self) -> Vec<Unit> {
        let listed = self
            .offices
            .iter()
            .enumerate()
            .filter(|(_, office)| office.listed);
        listed
            .map(|(number, office)| Unit {
                id: office.has_id.then(|| UnitId(format!("u{number}"))),
                name: office.name.clone(),
                aliases: office.aliases.clone(),
                chat: Some(ChatId(office.chat)),
            })
            .collect()
    }

    fn go(&mut self) {
        self.store.clear().unwrap();
        let start = NaiveDate::from_ymd_opt(2022, 5, 20).unwrap();
        let chats = 1 + self.chance.below(3) as i64;
        for number in 0..1 + self.chance.below(4) as usize {
            let name = format!("第{number}单位");
            self.names.insert(name.clone(), number);
            self.offices.push(Office {
                has_id: self.chance.one_in(2),
                name,
                aliases: Vec::new(),
                chat: 1 + self.chance.below(chats as u64) as i64,
                listed: true,
                renamed: 0,
            });
        }
        if self.chance.one_in(8) {
            self.demonstrate(start);
        }
        let end = NaiveDate::from_ymd_opt(2023, 1, 31).unwrap();
        let reloads = self.chance.one_in(8).then(|| self.chance.below(250));
        let mut day = start;
        let mut number = 0;
        while day <= end {
            number += 1;
            if reloads == Some(number) {
                self.reloaded = Some(moment(day, 0));
            }
            let busy = matches!(
                (day.month(), day.day()),
                (6, 15..) | (7, ..=20) | (12, 10..) | (1, _)
            );
            for _ in 0..if busy { 1 + self.chance.below(3) } else { 1 } {
                self.events(day, chats);
                self.up(day);
            }
            let still = match self.chance.below(60) {
                0 => 1 + self.chance.below(90),
                1..=3 => 1 + self.chance.below(12),
                _ => 1,
            };
            day += Duration::days(if busy {
                still
            } else {
                still + self.chance.below(6)
            } as i64);
        }
    }

    /// A demonstration goes through the cycle before it begins, with a state of its own.
    fn demonstrate(&mut self, start: NaiveDate) {
        self.demo.clear().unwrap();
        for days in [30, 40, 49, 52] {
            self.tick_on(
                self.demo,
                moment(start + Duration::days(days), 10 * 60),
                100_000,
            );
        }
        let mut world = self.messenger.0.lock().unwrap();
        assert!(!world.arrived.is_empty() || !world.failures.is_empty());
        *world = World::default();
    }

    fn events(&mut self, day: NaiveDate, chats: i64) {
        let number = self.chance.below(self.offices.len() as u64) as usize;
        match self.chance.below(120) {
            0..=3 => self.unit_says(number, day),
            4 => self.rename(number),
            5 => {
                let to = 1 + self.chance.below(chats as u64) as i64;
                self.move_unit(number, to);
            }
            6 => self.offices[number].listed ^= true,
            7 => self.plans = (self.plans + 1).min(self.agendas.0.len() - 1),
            8 | 9 => self.stranger_tries(number, day),
            10 | 11 => self.subscribe_in_a_topic(number, day),
            12..=15 => self.reply(number, day),
            _ => {}
        }
        if self.chance.one_in(3) {
            self.hear_news(day);
        }
        let chat = 1 + self.chance.below(chats as u64) as i64;
        if self.chance.one_in(300) && chat != FORUM {
            self.move_chat(chat);
        }
        let mut world = self.messenger.0.lock().unwrap();
        if self.chance.one_in(40) {
            let topic = TopicId(1 + self.chance.below(2) as i32);
            if !world.closed.remove(&topic) {
                world.closed.insert(topic);
            }
        }
        if self.chance.one_in(600) {
            world.gone.insert(chat);
        }
    }

    /// A group gets another id. The bot is told by the old chat, by the new one, by both, before or behind its being counted
    /// out of the old one; or not at all, and the next message finds it.
    fn move_chat(&mut self, chat: i64) {
        let (from, to) = {
            let mut world = self.messenger.0.lock().unwrap();
            let of_chat = world.first_id.iter().filter(|(_, first)| **first == chat);
            let now = of_chat.map(|(id, _)| *id).max().unwrap_or(chat);
            let next = now + 1_000;
            world.moved.insert(now, next);
            world.first_id.insert(next, chat);
            (now, next)
        };
        let moved = News::Moved(from, to);
        let news = match self.chance.below(5) {
            0 => vec![],
            1 => vec![moved],
            2 => vec![moved, moved],
            3 => vec![News::Left(from), moved],
            _ => vec![moved, News::Left(from)],
        };
        // What comes first stands last, and before what is older.
        self.news.splice(0..0, news.into_iter().rev());
    }

    /// The next news arrives, as `edge/intake` and the conversation take it.
    fn hear_news(&mut self, day: NaiveDate) {
        let Some(news) = self.news.pop() else {
            return;
        };
        let (units, now) = (self.units(), moment(day, 8 * 60));
        match news {
            News::Moved(from, to) => {
                self.store.note_move(ChatId(from), ChatId(to)).unwrap();
                self.store.move_chat(ChatId(from), ChatId(to)).unwrap();
                self.desk(&units, now, |desk| desk.regain_chat(ChatId(to)).unwrap());
                self.out.remove(&self.first_of(to));
            }
            News::Left(from) => {
                self.out.insert(self.first_of(from));
                self.desk(&units, now, |desk| {
                    desk.lose_chat(ChatId(from), "left").unwrap();
                });
            }
        }
    }

    /// The first id of a chat.
    fn first_of(&self, chat: i64) -> i64 {
        let world = self.messenger.0.lock().unwrap();
        world.first_id.get(&chat).copied().unwrap_or(chat)
    }

    /// A unit of the forum is subscribed there, in a topic or in General.
    fn subscribe_in_a_topic(&mut self, number: usize, day: NaiveDate) {
        let office = &self.offices[number];
        if office.chat != FORUM || !office.listed {
            return;
        }
        let (name, who) = (office.name.clone(), self.who(FORUM));
        let topic = match self.chance.below(3) as i32 {
            0 => None,
            topic => Some(TopicId(topic)),
        };
        let (units, now) = (self.units(), moment(day, 8 * 60));
        self.store.keep_topic(ChatId(FORUM), topic).unwrap();
        let gone = self.messenger.0.lock().unwrap().gone.contains(&FORUM);
        if !gone {
            self.desk(&units, now, |desk| desk.subscribe(&who, &name).unwrap());
        }
        let arrived = self.messenger.0.lock().unwrap().arrived.len();
        self.topics.push((arrived, topic));
    }

    /// A unit is renamed: its id, an alias, or nothing but its chat tells that it is the same.
    fn rename(&mut self, number: usize) {
        let chat = self.offices[number].chat;
        let mut others = self.offices.iter().filter(|office| office.chat == chat);
        let is_alone = others.by_ref().take(2).count() == 1;
        let office = &mut self.offices[number];
        if !office.listed {
            return;
        }
        office.renamed += 1;
        let new = format!("第{number}单位改{}", office.renamed);
        let old = std::mem::replace(&mut office.name, new.clone());
        office.aliases = if office.has_id || is_alone && self.chance.one_in(2) {
            Vec::new()
        } else {
            vec![old]
        };
        self.names.insert(new, number);
        // The data are loaded before anything else is changed in them.
        let (units, now) = (self.units(), moment(NaiveDate::default(), 0));
        self.desk(&units, now, |desk| desk.roll().unwrap());
    }

    fn move_unit(&mut self, number: usize, to: i64) {
        self.offices[number].chat = to;
        let (units, now) = (self.units(), moment(NaiveDate::default(), 0));
        self.desk(&units, now, |desk| desk.roll().unwrap());
    }

    fn desk<T>(&self, units: &[Unit], now: DateTime<Tz>, act: impl FnOnce(&Desk<'_>) -> T) -> T {
        act(&Desk {
            store: self.store,
            agenda: self.agenda(),
            units,
            admins: &[PersonId(ADMIN)],
            now,
            really: now,
        })
    }

    fn who(&self, chat: i64) -> Who {
        let chat = self.store.present_chat(ChatId(chat)).unwrap();
        Who {
            chat,
            person: PersonId(chat.0),
            name: "某人".to_string(),
        }
    }

    fn id(&self, number: usize, units: &[Unit]) -> Option<UnitId> {
        let name = &self.offices[number].name;
        let now = moment(NaiveDate::default(), 0);
        let roll = self.desk(units, now, |desk| desk.roll().unwrap());
        roll.called(name).map(|unit| unit.id.clone())
    }

    /// A unit says something of the first thing that is due, in its chat.
    fn unit_says(&mut self, number: usize, day: NaiveDate) {
        let units = self.units();
        let now = moment(day, 8 * 60);
        let Some((key, due)) = self
            .agenda()
            .around(day)
            .first()
            .map(|occurrence| (occurrence.key.clone(), occurrence.due.day))
        else {
            return;
        };
        let Some(unit) = self.id(number, &units) else {
            return;
        };
        let who = self.who(self.offices[number].chat);
        let act = match self.chance.below(8) {
            0 | 1 => Act::InHand,
            2 => Act::Withdraw,
            3 | 4 => Act::Extend,
            _ => Act::Reported,
        };
        let until = due.max(day) + Duration::days(1 + self.chance.below(20) as i64);
        let reported = if act == Act::Extend {
            let spoken = SpokenDay {
                day: until,
                next: None,
            };
            let replied = self.desk(&units, now, |desk| {
                desk.put_off(&who, &key, &unit, spoken, "等数据").unwrap()
            });
            match replied {
                Replied::Acted(reported) => reported,
                _ => return,
            }
        } else {
            self.desk(&units, now, |desk| {
                desk.act(&who, act, &key, &unit).unwrap()
            })
        };
        self.took(number, &key, act, until, day, &reported);
    }

    /// The run takes down what the desk has taken down.
    fn took(
        &mut self,
        number: usize,
        key: &str,
        act: Act,
        until: NaiveDate,
        day: NaiveDate,
        reported: &Reported,
    ) {
        let key = key.to_string();
        let arrived = self.messenger.0.lock().unwrap().arrived.len();
        let about = (number, key.clone());
        if matches!(reported, Reported::Noted { .. }) {
            let before = self.before.entry(about.clone()).or_default();
            before.push(self.said.get(&about).copied().unwrap_or(Said::Nothing));
            // So much is kept of what was said before.
            let more = before.len().saturating_sub(3);
            before.drain(..more);
        }
        match (reported, act) {
            (Reported::Noted { .. }, Act::Reported) => {
                self.said.insert(about, Said::Reported);
                self.silenced.push((number, key, arrived, None));
            }
            (Reported::Noted { .. }, Act::InHand) => {
                self.said.insert(about, Said::InHand);
            }
            (Reported::Noted { .. }, Act::Extend) => {
                self.said.insert(about, Said::PutOff(until, day));
            }
            (Reported::TakenBack(..), _) => {
                let before = self.before.get_mut(&about).and_then(Vec::pop);
                self.said.insert(about, before.unwrap_or(Said::Nothing));
                let open = self.silenced.iter_mut().rev();
                let mut open = open.filter(|(of, at, _, _)| *of == number && *at == key);
                if let Some(last) = open.next()
                    && last.3.is_none()
                {
                    last.3 = Some(arrived);
                }
            }
            _ => {}
        }
    }

    /// A unit replies to one of its reminders, whatever id its chat has now: before a group became a supergroup, or behind it.
    fn reply(&mut self, number: usize, day: NaiveDate) {
        let now = moment(day, 8 * 60);
        let office = &self.offices[number];
        let names = format!("单位：{}", office.name);
        let is_alone = |text: &str| {
            let mut units = text.lines().filter_map(|line| line.strip_prefix("单位："));
            units.by_ref().count() == 1 && text.lines().any(|line| line == names)
        };
        let days = |delivered: &Delivered| (now - delivered.at).num_days();
        let last = self.delivered.iter().rev().find(|delivered| {
            is_alone(&delivered.text)
                && self.first_of(delivered.chat.0) == office.chat
                && (0..REPLIED_WITHIN_DAYS).contains(&days(delivered))
        });
        let (Some(last), false) = (last.cloned(), self.jumped) else {
            return;
        };
        let Some(key) = self.agendas.key_of(&last.text) else {
            return;
        };
        let who = Who {
            chat: last.chat,
            person: PersonId(last.chat.0),
            name: "某人".to_string(),
        };
        let (word, act) = match self.chance.below(2) {
            0 => ("已报送", Act::Reported),
            _ => ("处理中", Act::InHand),
        };
        let units = self.units();
        let replied = self.desk(&units, now, |desk| {
            desk.replied(&who, last.number, word).unwrap()
        });
        match replied {
            Some(Replied::Acted(reported)) => {
                self.took(number, &key, act, day, day, &reported);
            }
            // What the reminder is for has become more than one again: it is asked which is meant.
            Some(_) => {}
            None => self
                .faults
                .push(format!("a reply that was no act: {last:?}")),
        }
    }

    /// Somebody else asks to speak for a unit, presses what it was shown, and says that it has reported.
    fn stranger_tries(&mut self, number: usize, day: NaiveDate) {
        let units = self.units();
        let now = moment(day, 8 * 60);
        let who = self.who(STRANGER);
        let key = self.agenda().around(day).first().map(|o| o.key.clone());
        let buttons = self.messenger.0.lock().unwrap().buttons.clone();
        let name = self.offices[number].name.clone();
        let mut said = Vec::new();
        if let Some(unit) = self.id(number, &units) {
            self.desk(&units, now, |desk| {
                desk.subscribe(&who, &name).unwrap();
                for id in &buttons {
                    said.push(desk.press(&who, id).unwrap());
                }
                for act in [Act::Reported, Act::Withdraw, Act::InHand] {
                    if let Some(key) = &key {
                        said.push(desk.act(&who, act, key, &unit).unwrap());
                    }
                }
                // The number of a message of somebody else's chat is no message of the stranger's.
                if let Some(replied) = desk.replied(&who, MessageId(1), "已报送").unwrap() {
                    self_fault(&mut said, replied);
                }
            });
        }
        // Whoever left a unit's chat speaks for it no more.
        let elsewhere = (1..=3).find(|chat| {
            let mut at = self.offices.iter().enumerate();
            !at.any(|(other, office)| other == number && office.chat == *chat)
        });
        if let (Some(elsewhere), Some(unit), Some(key)) = (elsewhere, self.id(number, &units), key)
        {
            let who = self.who(elsewhere);
            let enrolled = self.desk(&units, now, |desk| {
                let roll = desk.roll().unwrap();
                desk.enrol(&roll).unwrap();
                desk.act(&who, Act::Reported, &key, &unit).unwrap()
            });
            said.push(enrolled);
        }
        for said in said {
            if matches!(said, Reported::Noted { .. } | Reported::TakenBack(..)) {
                self.faults
                    .push(format!("a stranger spoke for {name}: {said:?}"));
            }
        }
    }

    /// The bot is up for a while: a few ticks, any of which may be cut off, and then the bot is down.
    fn up(&mut self, day: NaiveDate) {
        let mut now = moment(day, 7 * 60 + self.chance.below(12 * 60));
        if self.chance.one_in(150) {
            self.jumped = true;
            now += Duration::hours(self.chance.below(24 * 60) as i64 - 24 * 30);
        }
        let begun = now;
        for minutes in [0, 6, 7] {
            now += Duration::minutes(minutes);
            if !self.tick(now) {
                return;
            }
        }
        let agenda = self.agenda();
        if agenda.calendar.is_working(begun.date_naive())
            && agenda.policy.permits(begun.time())
            && agenda.policy.permits(now.time())
            && begun.time() >= agenda.policy.send_at
        {
            let listed = self
                .offices
                .iter()
                .enumerate()
                .filter(|(_, office)| office.listed && !self.out.contains(&office.chat));
            let units = listed
                .map(|(number, office)| (number, office.chat))
                .collect();
            let arrived = self.messenger.0.lock().unwrap().arrived.len();
            self.good.push(Good {
                at: begun,
                arrived,
                units,
                said: self.said.clone(),
            });
        }
    }

    /// One tick; whether it ran to its end.
    fn tick(&mut self, now: DateTime<Tz>) -> bool {
        let weather: Vec<u64> = (0..12).map(|_| self.chance.below(14)).collect();
        self.messenger.0.lock().unwrap().weather = weather;
        let steps = if self.chance.one_in(10) {
            self.chance.below(30)
        } else {
            100_000
        };
        let ended = self.tick_on(self.store, now, steps);
        let delivered = std::mem::take(&mut self.messenger.0.lock().unwrap().delivered);
        if ended {
            let reminders = delivered
                .into_iter()
                .filter(|delivered| delivered.text.contains("【报送提醒】"));
            self.delivered.extend(reminders);
        }
        if !ended {
            // A send that was cut off is repeated late, like one whose result is unknown.
            let mut world = self.messenger.0.lock().unwrap();
            let chats = (1..=3).chain([ADMIN]);
            world.failures.extend(chats.map(|chat| (chat, now)));
        }
        ended
    }

    fn tick_on(&self, store: &Store, now: DateTime<Tz>, steps: u64) -> bool {
        self.messenger.0.lock().unwrap().now = Some(now);
        let units = self.units();
        let reminder = Reminder {
            agenda: self.agenda(),
            units: &units,
            store,
            messenger: &self.messenger,
            admins: &[PersonId(ADMIN)],
            pace: Default::default(),
            is_stopping: &|| false,
        };
        run_for(reminder.tick(now), steps)
    }

    /// Everything that is wrong with the run.
    fn faults(&self) -> Vec<String> {
        let world = self.messenger.0.lock().unwrap();
        let mut faults = self.faults.clone();
        let heard = self.heard(&world);
        let policy = &self.agenda().policy;
        for one in &heard {
            let at = one.arrived.at;
            if !policy.permits(at.time()) || !self.agenda().calendar.is_working(at.date_naive()) {
                faults.push(format!("outside the permitted hours: {one:?}"));
            }
            let silent = self.silenced.iter().find(|(unit, key, from, to)| {
                *unit == one.unit
                    && *key == one.key
                    && one.number >= *from
                    && to.is_none_or(|to| one.number < to)
            });
            if silent.is_some() {
                faults.push(format!("to a unit that has reported: {one:?}"));
            }
        }
        self.topics(&world, &mut faults);
        self.repeated(&heard, &mut faults);
        self.missed(&heard, &world, &mut faults);
        if let Some(reloaded) = self.reloaded.filter(|_| !self.jumped) {
            self.corrections(&heard, reloaded, &mut faults);
        }
        faults
    }

    /// The forum is reminded in the topic that it was subscribed in; where that is closed, in General, and it is said.
    fn topics(&self, world: &World, faults: &mut Vec<String>) {
        let reminders = world.arrived.iter().enumerate();
        let reminders = reminders.filter(|(_, arrived)| arrived.text.contains("【报送提醒】"));
        for (number, arrived) in reminders {
            let subscribed = self.topics.iter().rev().find(|(from, _)| *from <= number);
            let wanted = subscribed
                .and_then(|(_, topic)| *topic)
                .filter(|_| arrived.chat == FORUM);
            let is_said = arrived.text.ends_with(IN_GENERAL);
            let is_there = arrived.topic == wanted && !is_said;
            let is_in_general = arrived.topic.is_none() && wanted.is_some() && is_said;
            if !is_there && !is_in_general {
                faults.push(format!("wanted in topic {wanted:?}: {arrived:?}"));
            }
        }
    }

    /// What each unit heard: a message may be for several units and duties.
    fn heard<'w>(&self, world: &'w World) -> Vec<Heard<'w>> {
        let mut heard = Vec::new();
        for (number, arrived) in world.arrived.iter().enumerate() {
            for part in arrived.text.split("【报送提醒】").skip(1) {
                let Some(key) = self.agendas.key_of(part) else {
                    continue;
                };
                let units = part.lines().find_map(|line| line.strip_prefix("单位："));
                for name in units.unwrap_or_default().split('、') {
                    heard.push(Heard {
                        number,
                        unit: self.names[name],
                        key: key.clone(),
                        head: part.lines().next().unwrap_or_default().to_string(),
                        correction: part
                            .lines()
                            .find(|line| line.starts_with("更正："))
                            .map(String::from),
                        is_marked: arrived.text.contains("如已收到请忽略"),
                        arrived,
                    });
                }
            }
        }
        heard
    }

    /// No reminder more than once a stage, unit and chat, but for those that say that they may be known. Where the clock
    /// jumped, days and stages come twice.
    fn repeated(&self, heard: &[Heard<'_>], faults: &mut Vec<String>) {
        if self.jumped {
            return;
        }
        let mut count: BTreeMap<(i64, usize, &str, String), Vec<&Heard<'_>>> = BTreeMap::new();
        for one in heard.iter().filter(|one| !one.is_marked) {
            let stage = self.stage_of(one);
            let key = (one.arrived.chat, one.unit, one.key.as_str(), stage);
            count.entry(key).or_default().push(one);
        }
        for (key, those) in count.iter().filter(|(_, those)| those.len() > 1) {
            faults.push(format!("{} times: {key:?}: {those:#?}", those.len()));
        }
    }

    /// The stage that a message was sent for: by the day that it speaks of, and the day on which it came.
    fn stage_of(&self, one: &Heard<'_>) -> String {
        let today = one.arrived.at.date_naive();
        let (agenda, due) = self.agendas.due_of(&one.head);
        match one.head.split_once("已申请延期到") {
            Some((_, until)) => {
                let day = until.split('（').next().unwrap();
                let until = NaiveDate::parse_from_str(day, "%Y年%m月%d日").unwrap();
                let calendar = &agenda.calendar;
                let on = if calendar.is_working(until) {
                    until
                } else {
                    calendar.working_days_away(until, -1)
                };
                let behind = calendar.working_days_between(until, today);
                let after = agenda.policy.after.iter();
                let reached = after.filter(|days| **days as usize <= behind).count();
                format!("{until} {} {reached}", today >= on)
            }
            None => {
                let reached = agenda.reached(&due, today);
                let word = reached.map(|(stage, _)| stage.word()).unwrap_or_default();
                format!("{} {word} {}", due.day, one.correction.is_some())
            }
        }
    }

    /// A unit that did not report has had a message before its due day wherever the bot was up within the window; whoever put
    /// it off, of the day that it asked for; and administrators have had the list. Where the clock jumped, its days do not
    /// tell what came first.
    fn missed(&self, heard: &[Heard<'_>], world: &World, faults: &mut Vec<String>) {
        if self.jumped {
            return;
        }
        let from = NaiveDate::from_ymd_opt(2022, 6, 1).unwrap();
        let calm = |chat: i64, at: DateTime<Tz>| {
            let near = |(of, failed): &(i64, DateTime<Tz>)| {
                *of == chat && (at - *failed).abs() <= Duration::hours(3)
            };
            !world.failures.iter().any(near)
        };
        for good in &self.good {
            let day = good.at.date_naive();
            let held = self.reloaded.is_some_and(|reloaded| good.at >= reloaded);
            let agenda = self.agendas.of(held);
            for occurrence in agenda.occurrences(from, from + Duration::days(240)) {
                let due = occurrence.due.day;
                let first = agenda.stages(&occurrence.due)[0].1;
                let mut is_silent = false;
                for (unit, chat) in &good.units {
                    let said = good.said.get(&(*unit, occurrence.key.clone()));
                    let said = said.copied().unwrap_or(Said::Nothing);
                    is_silent |= said != Said::Reported;
                    if world.gone.contains(chat) || !calm(*chat, good.at) {
                        continue;
                    }
                    let told = |test: &dyn Fn(&Heard<'_>) -> bool| {
                        heard
                            .iter()
                            .any(|one| one.unit == *unit && one.key == occurrence.key && test(one))
                    };
                    match said {
                        Said::Nothing | Said::InHand
                            if day >= first
                                && day <= due
                                && !told(&|one| one.number < good.arrived) =>
                        {
                            faults.push(format!(
                                "missed: unit {unit} in {chat}, due {due}, the bot was up at {}",
                                good.at
                            ));
                        }
                        Said::PutOff(until, asked)
                            if until > due
                                && day > asked
                                && day >= until
                                && day <= until + Duration::days(20) =>
                        {
                            let words = format!("已申请延期到{}", shown_date(until));
                            if !told(&|one| one.head.contains(&words) && one.number < good.arrived)
                            {
                                faults.push(format!(
                                    "missed: unit {unit} in {chat} put off to {until}, the bot was up at {}",
                                    good.at
                                ));
                            }
                        }
                        _ => {}
                    }
                }
                if is_silent && day > due && day <= due + Duration::days(9) && calm(ADMIN, good.at)
                {
                    let due = format!("{}截止", shown_date(due));
                    let is_told = world.arrived.iter().any(|arrived| {
                        arrived.text.starts_with("【督查】") && arrived.text.contains(&due)
                    });
                    if !is_told {
                        faults.push(format!("nobody was told who is silent of {due}"));
                    }
                }
            }
        }
    }

    /// One correction for each chat, unit and change at most, but for marked repeats.
    fn corrections(&self, heard: &[Heard<'_>], reloaded: DateTime<Tz>, faults: &mut Vec<String>) {
        let mut count: BTreeMap<(i64, usize, &str), usize> = BTreeMap::new();
        for one in heard {
            let Some(line) = &one.correction else {
                continue;
            };
            if one.arrived.at < reloaded {
                faults.push(format!("a correction without a change: {one:?}"));
            }
            if !one.is_marked {
                let key = (one.arrived.chat, one.unit, line.as_str());
                *count.entry(key).or_default() += 1;
            }
        }
        faults.extend(
            count
                .iter()
                .filter(|(_, count)| **count > 1)
                .map(|(key, count)| format!("{count} corrections: {key:?}")),
        );
    }
}

fn self_fault(said: &mut Vec<Reported>, replied: Replied) {
    match replied {
        Replied::Acted(reported) => said.push(reported),
        Replied::ActedForAll(all) => said.extend(all),
        _ => {}
    }
}

/// What one unit heard of one duty in a message.
#[derive(Debug)]
struct Heard<'w> {
    number: usize,
    unit: usize,
    key: String,
    head: String,
    correction: Option<String>,
    is_marked: bool,
    arrived: &'w Arrived,
}

/// What is due by the data as they become: the first plan, its phrases in another order, a second plan beside it; each by the
/// usual windows and by later ones.
struct Agendas(Vec<(Agenda, Agenda)>);

impl Agendas {
    fn of(&self, changed: bool) -> &Agenda {
        if changed { &self.0[0].1 } else { &self.0[0].0 }
    }

    /// What a reminder is about, by the due day in its first line.
    fn key_of(&self, part: &str) -> Option<String> {
        let from = NaiveDate::from_ymd_opt(2022, 1, 1).unwrap();
        let all = self.0.iter().flat_map(|(usual, later)| [usual, later]);
        let mut all = all.flat_map(|agenda| agenda.occurrences(from, from + Duration::days(800)));
        let of = |day| part.starts_with_due(&format!("：{}截止", shown_date(day)));
        all.find(|occurrence| of(occurrence.due.day))
            .map(|occurrence| occurrence.key)
    }

    fn due_of(&self, head: &str) -> (&Agenda, planbot::DueDate) {
        let from = NaiveDate::from_ymd_opt(2022, 1, 1).unwrap();
        let all = self.0.iter().flat_map(|(usual, later)| [usual, later]);
        let mut found = all.flat_map(|agenda| {
            let those = agenda.occurrences(from, from + Duration::days(800));
            those
                .into_iter()
                .map(move |occurrence| (agenda, occurrence.due))
        });
        let of = |day| head.starts_with_due(&format!("：{}截止", shown_date(day)));
        found.find(|(_, due)| of(due.day)).unwrap()
    }
}

trait FirstLine {
    fn starts_with_due(&self, due: &str) -> bool;
}

impl FirstLine for str {
    fn starts_with_due(&self, due: &str) -> bool {
        self.lines().next().is_some_and(|line| line.contains(due))
    }
}

fn agendas() -> Agendas {
    let directory = copied_data();
    let data = directory.path().join("data");
    let usual: Policy = Reminders::default().policy().unwrap();
    let later = Policy {
        early_until: 13,
        ..usual.clone()
    };
    let loaded = || {
        let edition = Edition::load(&data, &IndexPlace::Memory)
            .map_err(|error| error.to_string())
            .unwrap();
        (edition.agenda(&usual).0, edition.agenda(&later).0)
    };
    let first = loaded();
    let plan = data.join("plans/yuzhong-2022/plan.toml");
    replace(
        &plan,
        "\"2022年7月初\",\n    \"2022年12月底\"",
        "\"2022年12月底\",\n    \"2022年7月初\"",
    );
    let turned = loaded();
    crate::harness::next_plan(&data);
    Agendas(vec![first, turned, loaded()])
}

/// Runs the seeds of one thread.
fn simulate(seeds: impl Iterator<Item = u64>) -> (usize, usize, Vec<String>) {
    let agendas = agendas();
    let (store, demo) = (Store::passing().unwrap(), Store::passing().unwrap());
    let (mut runs, mut messages, mut faults) = (0, 0, Vec::new());
    for seed in seeds {
        let messenger = Simulated(Mutex::default());
        let chance = Chance(seed.wrapping_mul(0xD134_2543_DE82_EF95) + 1);
        let mut run = Run {
            store: &store,
            demo: &demo,
            agendas: &agendas,
            messenger,
            chance,
            offices: Vec::new(),
            plans: 0,
            said: BTreeMap::new(),
            before: BTreeMap::new(),
            silenced: Vec::new(),
            names: BTreeMap::new(),
            topics: Vec::new(),
            news: Vec::new(),
            out: BTreeSet::new(),
            delivered: Vec::new(),
            good: Vec::new(),
            reloaded: None,
            jumped: false,
            faults: Vec::new(),
        };
        run.go();
        runs += 1;
        messages += run.messenger.0.lock().unwrap().arrived.len();
        faults.extend(
            run.faults()
                .into_iter()
                .map(|fault| format!("seed {seed}: {fault}")),
        );
        if faults.len() > 10 {
            break;
        }
    }
    (runs, messages, faults)
}

fn on_threads(seeds: u64) {
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            std::thread::spawn(move || simulate((thread..seeds).step_by(THREADS as usize)))
        })
        .collect();
    let mut total = (0, 0);
    for thread in threads {
        let (runs, messages, faults) = thread.join().unwrap();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        total = (total.0 + runs, total.1 + messages);
    }
    println!(
        "{} runs, {} messages arrived, no claim broken",
        total.0, total.1
    );
    assert!(total.0 as u64 == seeds && total.1 as u64 > seeds);
}

#[test]
fn a_sample_of_years_keeps_every_promise() {
    on_threads(SAMPLE);
}

#[test]
#[ignore = "takes minutes: just simulate"]
fn a_hundred_thousand_years_keep_every_promise() {
    on_threads(ALL);
}
