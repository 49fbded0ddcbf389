//! Whole years of reminders under a virtual clock, with the real tick and store: the program ends at every step, stands
//! still for minutes to months, its clock jumps, sends fail in every way, chats move and vanish, units report, data change.
//!
//! A run is named by its seed. A sample runs with the tests; `just simulate` runs a hundred thousand.

use crate::harness::shipped_data;
use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::{Asia::Shanghai, Tz};
use planbot::config::Reminders;
use planbot::edition::{Edition, IndexPlace};
use planbot::ports::{ChatId, Messenger, Outgoing, SendOutcome, Sending};
use planbot::remind::Reminder;
use planbot::schedule::{Agenda, Policy};
use planbot::store::{Acknowledged, Acknowledgement, Store, Subscription};
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
    failures: Vec<(i64, DateTime<Tz>)>,
    weather: Vec<u64>,
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
        let arrived = Arrived {
            chat: first,
            at: now,
            text: message.plain.clone(),
        };
        match kind {
            0 => SendOutcome::Later(1 + now.timestamp().unsigned_abs() % 600),
            1 => SendOutcome::Broken("502".into()),
            2 => SendOutcome::Unknown("timeout, nothing arrived".into()),
            3 => {
                world.arrived.push(arrived);
                SendOutcome::Unknown("timeout behind the arrival".into())
            }
            _ => {
                world.arrived.push(arrived);
                SendOutcome::Delivered(None)
            }
        }
    }
}

impl Messenger for Simulated {
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

const UNIT_OF: fn(i64) -> String = |chat| format!("第{chat}单位");

fn moment(day: NaiveDate, minutes: u64) -> DateTime<Tz> {
    let time = NaiveTime::from_num_seconds_from_midnight_opt(
        u32::try_from(minutes * 60 % 86_400).unwrap(),
        0,
    )
    .unwrap();
    Shanghai.from_local_datetime(&day.and_time(time)).unwrap()
}

/// One run; what is wrong with it.
struct Run<'a> {
    store: &'a Store,
    agenda: &'a Agenda,
    changed: &'a Agenda,
    messenger: Simulated,
    chance: Chance,
    /// When a unit reported, and how many messages had arrived by then.
    reported: BTreeMap<(i64, String), (DateTime<Tz>, usize)>,
    /// When the bot was up at a permitted hour and nothing cut it off.
    ticks: Vec<DateTime<Tz>>,
    reloaded: Option<DateTime<Tz>>,
    jumped: bool,
}

impl Run<'_> {
    fn go(&mut self) {
        self.store.clear().unwrap();
        let start = NaiveDate::from_ymd_opt(2022, 5, 20).unwrap();
        let chats = 1 + self.chance.below(3) as i64;
        for chat in 1..=chats {
            let units = vec![UNIT_OF(chat)];
            self.store
                .subscribe(&Subscription {
                    chat,
                    units,
                    since: start,
                    left: Vec::new(),
                    suspended: None,
                })
                .unwrap();
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

    fn events(&mut self, day: NaiveDate, chats: i64) {
        let chat = 1 + self.chance.below(chats as u64) as i64;
        if self.chance.one_in(40) {
            let agenda = if self.reloaded.is_some() {
                self.changed
            } else {
                self.agenda
            };
            if let Some(occurrence) = agenda.around(day).first() {
                let said = if self.chance.one_in(3) {
                    Acknowledged::InHand
                } else {
                    Acknowledged::Reported
                };
                let at = moment(day, 0);
                let (occurrence, unit) = (occurrence.key.clone(), UNIT_OF(chat));
                let known = self.reported.contains_key(&(chat, occurrence.clone()));
                if !known {
                    if said == Acknowledged::Reported {
                        let arrived = self.messenger.0.lock().unwrap().arrived.len();
                        self.reported
                            .insert((chat, occurrence.clone()), (at, arrived));
                    }
                    let record = Acknowledgement {
                        occurrence,
                        unit,
                        said,
                        chat,
                        person: 9,
                        at: at.to_rfc3339(),
                        reason: String::new(),
                    };
                    self.store.acknowledge(&record).unwrap();
                }
            }
        }
        let mut world = self.messenger.0.lock().unwrap();
        if self.chance.one_in(300) {
            let now = *world
                .first_id
                .iter()
                .filter(|(_, first)| **first == chat)
                .map(|(id, _)| id)
                .max()
                .unwrap_or(&chat);
            let next = now + 1_000;
            world.moved.insert(now, next);
            world.first_id.insert(next, chat);
        }
        if self.chance.one_in(600) {
            world.gone.insert(chat);
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
        let agenda = self.agenda;
        if agenda.calendar.is_working(begun.date_naive())
            && agenda.policy.permits(begun.time())
            && agenda.policy.permits(now.time())
        {
            self.ticks.push(begun);
        }
    }

    /// One tick; whether it ran to its end.
    fn tick(&mut self, now: DateTime<Tz>) -> bool {
        let weather: Vec<u64> = (0..12).map(|_| self.chance.below(14)).collect();
        {
            let mut world = self.messenger.0.lock().unwrap();
            world.now = Some(now);
            world.weather = weather;
        }
        let agenda = if self.reloaded.is_some() {
            self.changed
        } else {
            self.agenda
        };
        let reminder = Reminder {
            agenda,
            units: &[],
            store: self.store,
            messenger: &self.messenger,
            admins: &[900],
            pace: Default::default(),
            is_stopping: &|| false,
        };
        let steps = if self.chance.one_in(10) {
            self.chance.below(30)
        } else {
            100_000
        };
        let ended = run_for(reminder.tick(now), steps);
        if !ended {
            // A send that was cut off is repeated late, like one whose result is unknown.
            let mut world = self.messenger.0.lock().unwrap();
            world.failures.extend((1..=3).map(|chat| (chat, now)));
        }
        ended
    }

    fn faults(&self) -> Vec<String> {
        let world = self.messenger.0.lock().unwrap();
        let mut faults = Vec::new();
        let reminders: Vec<&Arrived> = world
            .arrived
            .iter()
            .filter(|arrived| arrived.text.starts_with("【报送提醒】"))
            .collect();
        let policy = &self.agenda.policy;
        let mut by_day: BTreeMap<(i64, NaiveDate), usize> = BTreeMap::new();
        for arrived in &reminders {
            if !policy.permits(arrived.at.time())
                || !self.agenda.calendar.is_working(arrived.at.date_naive())
            {
                faults.push(format!("outside the permitted hours: {arrived:?}"));
            }
            if !arrived.text.contains("如已收到请忽略") {
                *by_day
                    .entry((arrived.chat, arrived.at.date_naive()))
                    .or_default() += 1;
            }
        }
        // A clock that jumps back makes one day pass twice; the same stage is still promised once.
        let most = if self.jumped { 2 } else { 1 };
        faults.extend(
            by_day
                .iter()
                .filter(|(_, count)| **count > most)
                .map(|(key, count)| {
                    let those = reminders
                        .iter()
                        .filter(|a| (a.chat, a.at.date_naive()) == *key);
                    format!(
                        "{count} unmarked messages: {key:?}: {:#?}",
                        those.collect::<Vec<_>>()
                    )
                }),
        );
        for (number, arrived) in world
            .arrived
            .iter()
            .enumerate()
            .filter(|(_, arrived)| arrived.text.starts_with("【报送提醒】"))
        {
            for ((chat, key), (_, before)) in &self.reported {
                if *chat == arrived.chat && number >= *before && self.occurrence_of(arrived, key) {
                    faults.push(format!("to a unit that has reported: {arrived:?}"));
                }
            }
        }
        let always = DateTime::<Tz>::MAX_UTC.with_timezone(&Shanghai);
        self.missed(
            self.agenda,
            |at| at < self.reloaded.unwrap_or(always),
            &world,
            &reminders,
            &mut faults,
        );
        self.missed(
            self.changed,
            |at| at >= self.reloaded.unwrap_or(always),
            &world,
            &reminders,
            &mut faults,
        );
        if let Some(reloaded) = self.reloaded.filter(|_| !self.jumped) {
            self.corrections(&reminders, reloaded, &mut faults);
        }
        faults
    }

    fn occurrence_of(&self, arrived: &Arrived, key: &str) -> bool {
        let from = NaiveDate::from_ymd_opt(2022, 1, 1).unwrap();
        let found = [self.agenda, self.changed]
            .into_iter()
            .flat_map(|agenda| agenda.occurrences(from, from + Duration::days(500)))
            .filter(|occurrence| occurrence.key == key)
            .any(|occurrence| {
                arrived.text.contains(&format!(
                    "{}年{}",
                    occurrence.due.day.year(),
                    planbot::schedule::shown_day(occurrence.due.day)
                ))
            });
        found && arrived.text.matches("【报送提醒】").count() == 1
    }

    /// A unit that did not report has had a message before its due day wherever the bot was up within the window, as long
    /// as the data held. Where the clock jumped, days are those that it showed.
    fn missed(
        &self,
        agenda: &Agenda,
        held: impl Fn(DateTime<Tz>) -> bool,
        world: &World,
        reminders: &[&Arrived],
        faults: &mut Vec<String>,
    ) {
        let from = NaiveDate::from_ymd_opt(2022, 6, 1).unwrap();
        let chats: BTreeSet<i64> = self
            .store
            .subscriptions()
            .unwrap()
            .iter()
            .map(|s| world.first_id.get(&s.chat).copied().unwrap_or(s.chat))
            .collect();
        for occurrence in agenda.occurrences(from, from + Duration::days(240)) {
            let first = agenda.stages(&occurrence.due)[0].1;
            for chat in chats.iter().filter(|chat| !world.gone.contains(chat)) {
                let reported = self.reported.get(&(*chat, occurrence.key.clone()));
                // The first good moment: up, permitted, behind the hour of sending, and no failure of this chat near.
                let good = self.ticks.iter().find(|at| {
                    let day = at.date_naive();
                    let near = |(of, failed): &(i64, DateTime<Tz>)| {
                        of == chat && (**at - *failed).abs() <= Duration::hours(3)
                    };
                    let calm = !world.failures.iter().any(near);
                    held(**at)
                        && day >= first
                        && day <= occurrence.due.day
                        && at.time() >= agenda.policy.send_at
                        && calm
                });
                // Where the clock jumped, its days do not tell what came first.
                let open =
                    |good: &DateTime<Tz>| reported.is_none_or(|(at, _)| !self.jumped && at > good);
                let Some(good) = good.filter(|good| open(good)) else {
                    continue;
                };
                let due = format!(
                    "{}年{}",
                    occurrence.due.day.year(),
                    planbot::schedule::shown_day(occurrence.due.day)
                );
                let in_time = |arrived: &Arrived| {
                    self.jumped || arrived.at.date_naive() <= occurrence.due.day
                };
                let told = reminders.iter().any(|arrived| {
                    arrived.chat == *chat && arrived.text.contains(&due) && in_time(arrived)
                });
                if !told {
                    let had: Vec<_> = reminders
                        .iter()
                        .filter(|arrived| arrived.chat == *chat)
                        .map(|arrived| arrived.at)
                        .collect();
                    let failures: Vec<_> =
                        world.failures.iter().filter(|(of, _)| of == chat).collect();
                    faults.push(format!(
                        "missed: chat {chat}, due {due}, the bot was up at {good}; had {had:?}, failures {failures:?}, moved {:?}",
                        world.moved
                    ));
                }
            }
        }
    }

    /// One correction for each chat and change at most, but for marked repeats.
    fn corrections(
        &self,
        reminders: &[&Arrived],
        reloaded: DateTime<Tz>,
        faults: &mut Vec<String>,
    ) {
        let mut count: BTreeMap<(i64, String), usize> = BTreeMap::new();
        for arrived in reminders
            .iter()
            .filter(|arrived| arrived.text.contains("更正："))
        {
            let line = arrived
                .text
                .lines()
                .find(|line| line.starts_with("更正："))
                .unwrap()
                .to_string();
            if arrived.at < reloaded {
                faults.push(format!("a correction without a change: {arrived:?}"));
            }
            if !arrived.text.contains("如已收到请忽略") {
                *count.entry((arrived.chat, line)).or_default() += 1;
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

fn agendas() -> (Agenda, Agenda) {
    let edition = Edition::load(&shipped_data(), &IndexPlace::Memory)
        .map_err(|error| error.to_string())
        .unwrap();
    let usual: Policy = Reminders::default().policy().unwrap();
    let later = Policy {
        early_until: 13,
        ..usual.clone()
    };
    (edition.agenda(&usual).0, edition.agenda(&later).0)
}

/// Runs the seeds of one thread.
fn simulate(seeds: impl Iterator<Item = u64>) -> (usize, usize, Vec<String>) {
    let (agenda, changed) = agendas();
    let store = Store::passing().unwrap();
    let (mut runs, mut messages, mut faults) = (0, 0, Vec::new());
    for seed in seeds {
        let messenger = Simulated(Mutex::default());
        let chance = Chance(seed.wrapping_mul(0xD134_2543_DE82_EF95) + 1);
        let (reported, ticks) = (BTreeMap::new(), Vec::new());
        let mut run = Run {
            store: &store,
            agenda: &agenda,
            changed: &changed,
            messenger,
            chance,
            reported,
            ticks,
            reloaded: None,
            jumped: false,
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
