//! Everything at once that a patient visitor can do, while people ask through Telegram and reminders fall due: those who ask
//! are answered soon, no reminder is late, and what was taken for it is given back.

use crate::fake_bot_api::{FakeBotApi, Sent};
use crate::harness::{copied_data, private};
use crate::http::Client;
use crate::kill::data_for_today;
use crate::steady::{Questions, Steady};
use crate::watched::{Held, Watched, seconds};
use chrono::{DateTime, TimeDelta, Timelike};
use chrono_tz::Tz;
use serde_json::json;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// So many chats are reminded on one minute.
const REMINDED: i64 = 40;
/// What is due is looked at every twenty seconds, and goes out at twenty-five a second.
const REMINDED_WITHIN: Duration = Duration::from_secs(30);
/// So long it may take until everything is given back.
const GIVEN_BACK_WITHIN: Duration = Duration::from_secs(120);
/// The allocator keeps some pages for the next questions.
const MORE_MEMORY: u64 = 40;

/// The attackers, until they are told to stop.
struct Attack {
    is_over: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Attack {
    fn begin(page: SocketAddr, api: &FakeBotApi) -> Self {
        let mut attack = Self {
            is_over: Arc::default(),
            tasks: Vec::new(),
        };
        for _ in 0..200 {
            attack.again(move || long_poll(page));
        }
        for _ in 0..150 {
            attack.again(move || half_a_head(page));
        }
        for number in 0..8 {
            attack.again(move || wrong_token(page, number));
        }
        let flooded = api.clone();
        attack.again(move || inline_flood(flooded.clone()));
        let subscribed = api.clone();
        attack.again(move || subscriptions(subscribed.clone()));
        attack
    }

    /// Does something again and again.
    fn again<Done: Future<Output = ()> + Send>(
        &mut self,
        once: impl Fn() -> Done + Send + 'static,
    ) {
        let is_over = Arc::clone(&self.is_over);
        self.tasks.push(tokio::spawn(async move {
            while !is_over.load(Ordering::SeqCst) {
                once().await;
            }
        }));
    }

    fn end(self) {
        self.is_over.store(true, Ordering::SeqCst);
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Sends something and holds the connection until it is closed, half a minute at most.
async fn held_open(page: SocketAddr, sends: &str) {
    if let Ok(mut stream) = TcpStream::connect(page).await {
        let _ = stream.write_all(sends.as_bytes()).await;
        let mut all = Vec::new();
        let read = stream.read_to_end(&mut all);
        let _ = tokio::time::timeout(Duration::from_secs(30), read).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
}

/// A browser of its own waits for news that do not come.
async fn long_poll(page: SocketAddr) {
    let mut browser = Client::new(page);
    let seen = browser.try_get("/chat/news?after=0").await.flatten();
    let version = seen.and_then(|seen| {
        let news: serde_json::Value = serde_json::from_str(&seen.body).ok()?;
        news["version"].as_u64()
    });
    let cookie = browser.cookie("planbot_visit").unwrap_or_default();
    let version = version.unwrap_or_default();
    held_open(
        page,
        &format!(
            "GET /chat/news?after={version} HTTP/1.1\r\nhost: {page}\r\nconnection: close\r\ncookie: planbot_visit={cookie}\r\n\r\n"
        ),
    )
    .await;
}

async fn half_a_head(page: SocketAddr) {
    held_open(page, &format!("GET / HTTP/1.1\r\nhost: {page}\r\nx-slow: ")).await;
}

async fn wrong_token(page: SocketAddr, number: usize) {
    let mut client = Client::new(page);
    if client.try_get("/").await.flatten().is_some() {
        let csrf = client.csrf.clone();
        let further = format!("x-forwarded-for: 192.0.2.{number}\r\n");
        let body = format!("token=guess&csrf={csrf}");
        let cookie = client.cookie("planbot_visit").unwrap_or_default();
        held_open(
            page,
            &format!(
                "POST /admin/enter HTTP/1.1\r\nhost: {page}\r\nconnection: close\r\n{further}cookie: planbot_visit={cookie}\r\n\
                 content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            ),
        )
        .await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
}

/// A hundred at once, and a while nothing.
async fn inline_flood(api: FakeBotApi) {
    for number in 0..100 {
        let text = format!(
            "第{number}街道{}年的地区生产总值和旅游收入目标",
            api.arrivals()
        );
        let person = 900_000 + number;
        api.push_raw(
            json!({"inline_query": {"id": format!("q{number}"), "query": text, "offset": "",
            "from": {"id": person, "is_bot": false, "first_name": "某人"}}}),
        );
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
}

/// Strangers subscribe, one after the other.
async fn subscriptions(api: FakeBotApi) {
    let person = 700_000 + api.arrivals() as i64;
    api.push([private(person, "/subscribe 某某街道")]);
    tokio::time::sleep(Duration::from_millis(200)).await;
}

/// What an attack of a length must leave standing.
struct Bounds {
    p99: Duration,
    /// Megabytes.
    memory: u64,
}

async fn attacked(a_second: u32, length: Duration, bounds: &Bounds) {
    let directory = copied_data();
    data_for_today(directory.path(), REMINDED);
    let now = planbot_now();
    let (due, waits) = due_within(now, length);
    let settings = format!(
        "\n[telegram]\nsends_per_second = 0\ngroup_sends_per_minute = 0\n\n[reminders]\nbefore = [10]\nsend_at = \"{due}\"\nopen = \"00:00\"\nclose = \"23:59\"\n"
    );
    let (api, address) = FakeBotApi::start().await;
    let program = Watched::start_chosen(directory.path(), address, &settings);
    let begun = Instant::now();
    let falls_due = begun + waits;
    api.polled().await;
    let mut steady = Steady::default();
    let mut questions = Questions::of_the_plan();
    // What is kept of so many questions (the last updates, their answers, talks) is there before it is looked what is held at
    // rest.
    let warming = (a_second, (length / 4).max(Duration::from_secs(3)));
    let mut reminded: BTreeMap<i64, Vec<Duration>> = BTreeMap::new();
    let mut hear = |sent: &Sent| {
        if sent.text.contains("【报送提醒】") {
            let late = sent.at.saturating_duration_since(falls_due);
            reminded.entry(sent.chat).or_default().push(late);
        }
    };
    steady.ask(&api, &mut questions, warming, &mut hear).await;
    let rest = program.held();
    let attack = Attack::begin(program.page(), &api);
    let mut most = rest;
    let mut measured = Steady::default();
    let looks = (length.as_secs() / 5).max(1) as u32;
    for look in 0..looks {
        let stretch = (a_second, length / looks);
        let mut of_stretch = Steady::default();
        let mut presses: Vec<(Sent, String)> = Vec::new();
        let with_buttons = |sent: &Sent| {
            hear(sent);
            let buttons = sent.buttons.iter().take(2);
            presses.extend(buttons.map(|(_, data)| (sent.clone(), data.clone())));
        };
        of_stretch
            .ask(&api, &mut questions, stretch, with_buttons)
            .await;
        println!(
            "{look:3}: p99 {:?}, slowest {:?}; {:?}",
            of_stretch.within(990),
            of_stretch.within(1_000),
            program.held()
        );
        measured = measured.with(of_stretch);
        // Old buttons, and such as there never were, of one chat after the other.
        for (sent, data) in presses.iter().take(100) {
            api.press_under(sent, sent.chat, "press", data);
            api.press(sent.chat, 800_000, "o:nothing");
        }
        most = most.or_more(program.held());
    }
    attack.end();
    println!(
        "{} answered, {} not; p50 {:?}, p99 {:?}, slowest {:?}; at rest {rest:?}, at most {most:?}",
        measured.answered(),
        measured.unanswered(),
        measured.within(500),
        measured.within(990),
        measured.within(1_000)
    );
    let lateness: Vec<Duration> = (1..=REMINDED)
        .map(|chat| match reminded.get(&-chat).map(Vec::as_slice) {
            Some([late]) => *late,
            other => panic!("chat {chat} was reminded {other:?}"),
        })
        .collect();
    println!(
        "reminders: {REMINDED}, the last {:?} after they fell due",
        lateness.iter().max()
    );
    let over = Instant::now();
    let is_back = |held: Held| {
        held.memory <= rest.memory + MORE_MEMORY
            && held.threads <= rest.threads + 2
            && held.descriptors <= rest.descriptors + 10
    };
    while !is_back(program.held()) && over.elapsed() < GIVEN_BACK_WITHIN {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    println!("after {:.1?}: {:?}", over.elapsed(), program.held());
    assert_eq!(measured.unanswered(), 0);
    assert!(
        measured.within(990) <= bounds.p99,
        "{:?}",
        measured.within(990)
    );
    assert!(
        lateness.iter().all(|late| *late <= REMINDED_WITHIN),
        "{lateness:?}"
    );
    assert!(most.memory <= bounds.memory, "{most:?}");
    assert!(is_back(program.held()), "{:?}", program.held());
}

#[expect(
    clippy::disallowed_methods,
    reason = "the program reads the machine's clock"
)]
pub fn planbot_now() -> DateTime<Tz> {
    chrono::Utc::now().with_timezone(&chrono_tz::Asia::Shanghai)
}

/// A minute in the middle of a time from now on, and how long that is: at once where it is too short for that, or the day ends.
fn due_within(now: DateTime<Tz>, length: Duration) -> (String, Duration) {
    let at = now + TimeDelta::from_std(length / 2).unwrap();
    let at = at
        .with_second(0)
        .and_then(|at| at.with_nanosecond(0))
        .unwrap();
    if at <= now || at.date_naive() != now.date_naive() {
        return ("00:00".to_string(), Duration::ZERO);
    }
    (at.format("%H:%M").to_string(), (at - now).to_std().unwrap())
}

/// Long enough for every kind of attack to have begun.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs both cores for itself"]
async fn an_attack_of_every_kind_leaves_questions_answered() {
    let bounds = Bounds {
        p99: Duration::from_secs(10),
        memory: 300,
    };
    attacked(20, Duration::from_secs(8), &bounds).await;
}

/// `just attack`.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
#[ignore = "ten minutes"]
async fn ten_minutes_of_attack_delay_nobody() {
    let bounds = Bounds {
        p99: Duration::from_millis(50),
        memory: 200,
    };
    attacked(100, seconds(600), &bounds).await;
}
