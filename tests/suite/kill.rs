//! The real program against a fake Bot API: killed at random moments on one state directory it always opens again, and
//! no chat is reminded twice without being told so; a thousand chats at once are reminded within the limits.

use crate::fake_bot_api::{FakeBotApi, Sent, TOKEN};
use crate::harness::{NO_PAGE, copied_data, private};
use chrono::{Datelike, Days, NaiveDate};
use planbot::{DeliveryState, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SAMPLE: u64 = 12;
const ALL: u64 = 200;

/// Data in which a duty falls due in five days, its only earlier stage was reached five days ago, and every day is worked:
/// neither the day on which the tests run nor midnight within a run matters.
#[expect(
    clippy::disallowed_methods,
    reason = "tests make their own files and read the machine's day"
)]
pub fn data_for_today(directory: &Path, chats: i64) {
    let today: NaiveDate = chrono::Utc::now()
        .with_timezone(&chrono_tz::Asia::Shanghai)
        .date_naive();
    let due = today.checked_add_days(Days::new(5)).unwrap();
    let plan = directory.join("data/plans/yuzhong-2022/plan.toml");
    let text = std::fs::read_to_string(&plan).unwrap();
    let text = text
        .replace(
            "\"2022年7月初\"",
            &format!("\"{}月{}日\"", due.month(), due.day()),
        )
        .replace("    \"2022年12月底\",\n", "");
    std::fs::write(&plan, text).unwrap();
    for year in [today.year() - 1, today.year(), today.year() + 1] {
        let weekends = NaiveDate::from_ymd_opt(year, 1, 1)
            .unwrap()
            .iter_days()
            .take_while(|day| day.year() == year);
        let working: Vec<String> = weekends.map(|day| day.to_string()).collect();
        let text = format!(
            "year = {year}\nsource = \"试验\"\nworking = [{}]\n",
            working.join(", ")
        );
        std::fs::write(directory.join(format!("data/calendar/{year}.toml")), text).unwrap();
    }
    let units: String = (1..=chats)
        .map(|chat| format!("[[unit]]\nname = \"第{chat}单位\"\nchat = -{chat}\n\n"))
        .collect();
    std::fs::write(directory.join("data/units.toml"), units).unwrap();
    let reminders =
        "[reminders]\nbefore = [10]\nsend_at = \"00:00\"\nopen = \"00:00\"\nclose = \"23:59\"\n";
    std::fs::write(directory.join("bot.toml"), format!("{NO_PAGE}{reminders}")).unwrap();
}

/// The program in a directory, against a Bot API server.
pub fn start(directory: &Path, address: &str) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin!("planbot"))
        .current_dir(directory)
        .env("TELOXIDE_TOKEN", TOKEN)
        .env("TELOXIDE_API_URL", format!("http://{address}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

async fn killed(rounds: u64, chats: i64, patience: Duration) {
    let directory = copied_data();
    data_for_today(directory.path(), chats);
    let (api, address) = FakeBotApi::start().await;
    let mut seed = 7_u64;
    for round in 0..rounds {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mut child = start(directory.path(), &address.to_string());
        // How long it lives is what is tried here: nothing waits for a result.
        tokio::time::sleep(Duration::from_millis(150 + (seed >> 33) % 700)).await;
        assert!(
            child.try_wait().unwrap().is_none(),
            "round {round}: it did not open or ended by itself"
        );
        child.kill().unwrap();
        child.wait().unwrap();
    }
    // At last it may live: whoever has had nothing so far is reminded now, or after five minutes where a kill left it unknown
    // whether the message arrived.
    let mut child = start(directory.path(), &address.to_string());
    let mut sent: Vec<Sent> = Vec::new();
    let reached = |sent: &[Sent]| {
        sent.iter()
            .map(|message| message.chat)
            .collect::<BTreeSet<_>>()
            .len()
    };
    let begun = Instant::now();
    // On a slow machine the first message alone takes longer than the patience for all.
    let waits = |reached: usize| match reached {
        0 => begun.elapsed() < patience + Duration::from_secs(60),
        _ => begun.elapsed() < patience && (reached as i64) < chats,
    };
    while waits(reached(&sent)) {
        tokio::time::sleep(Duration::from_millis(50)).await;
        sent.extend(api.unread());
    }
    child.kill().unwrap();
    child.wait().unwrap();
    sent.extend(api.unread());
    let mut unmarked: BTreeMap<i64, usize> = BTreeMap::new();
    for message in sent.iter().filter(|message| {
        message.text.contains("报送提醒") && !message.text.contains("如已收到请忽略")
    }) {
        *unmarked.entry(message.chat).or_default() += 1;
    }
    assert!(
        unmarked.values().all(|count| *count == 1),
        "sent twice and not marked: {unmarked:?}"
    );
    let store = Store::open(&directory.path().join("state")).unwrap();
    let outbox = store.outbox().unwrap();
    assert!(
        outbox
            .iter()
            .all(|entry| entry.delivery.state != DeliveryState::Dead)
    );
    let reminded: BTreeSet<i64> = sent.iter().map(|message| message.chat).collect();
    let open: BTreeSet<i64> = outbox
        .iter()
        .filter(|entry| entry.delivery.is_open())
        .map(|entry| entry.chat.0)
        .collect();
    let forgotten: Vec<i64> = (1..=chats)
        .map(|chat| -chat)
        .filter(|chat| !reminded.contains(chat) && !open.contains(chat))
        .collect();
    assert!(
        forgotten.is_empty() && !reminded.is_empty(),
        "neither reminded nor to be reminded: {forgotten:?}"
    );
    let marked = sent.len() - unmarked.values().sum::<usize>();
    println!(
        "{rounds} rounds, {} of {chats} chats reminded, {marked} messages marked as perhaps repeated",
        reminded.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_few_kills_lose_nothing() {
    killed(SAMPLE, 100, Duration::from_secs(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: just kill"]
async fn two_hundred_kills_lose_nothing() {
    killed(ALL, 1_000, Duration::from_secs(420)).await;
}

/// Many chats are due at the same minute: each is reminded once, no faster than thirty a second, and questions are
/// answered meanwhile.
async fn reminded_at_once(chats: i64) {
    const FIRST_PERSON: i64 = 77;
    let directory = copied_data();
    data_for_today(directory.path(), chats);
    let (api, address) = FakeBotApi::start().await;
    let mut child = start(directory.path(), &address.to_string());
    let (mut reminded, mut fastest, mut asked, mut answered): (
        BTreeMap<i64, usize>,
        usize,
        usize,
        usize,
    ) = Default::default();
    let begun = Instant::now();
    while (reminded.len() < chats as usize || answered < asked)
        && begun.elapsed() < Duration::from_secs(150)
    {
        if reminded.len() < chats as usize {
            // Each from somebody else: one person may ask so often only.
            api.push([private(FIRST_PERSON + asked as i64, "什么是放管服")]);
            asked += 1;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        let sent = api.unread();
        answered += sent
            .iter()
            .filter(|message| message.text.contains("简政放权"))
            .count();
        let reminders: Vec<_> = sent
            .iter()
            .filter(|message| message.text.contains("报送提醒"))
            .collect();
        fastest = fastest.max(reminders.len());
        reminders
            .iter()
            .for_each(|message| *reminded.entry(message.chat).or_default() += 1);
    }
    let took = begun.elapsed();
    child.kill().unwrap();
    child.wait().unwrap();
    println!(
        "{} chats in {took:.0?}, at most {fastest} a second, {answered} of {asked} questions answered meanwhile",
        reminded.len()
    );
    assert!(
        reminded.len() == chats as usize && reminded.values().all(|count| *count == 1),
        "{reminded:?}"
    );
    assert!(fastest <= 33, "{fastest} in about a second");
    assert_eq!(answered, asked);
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_chats_are_reminded_within_the_limits() {
    reminded_at_once(60).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute: just kill"]
async fn a_thousand_chats_are_reminded_within_the_limits() {
    reminded_at_once(1_000).await;
}
