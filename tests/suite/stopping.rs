//! The real program told to stop while questions pour in from Telegram and the page and reminders go out: what was accepted is
//! answered before the end or behind the next start, nobody is left without a reminder, and the end comes soon.

use crate::fake_bot_api::{FakeBotApi, Sent, TOKEN};
use crate::harness::{copied_data, private};
use crate::http::Client;
use crate::kill::data_for_today;
use crate::web_program::{Started, command};
use planbot::{DeliveryState, Store, read_text, write_text};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::sync::watch;

const ENDS_WITHIN: Duration = Duration::from_secs(10);
const GROUPS: i64 = 60;
const PERSONS: i64 = 30;
/// With the reminders more than can be sent within the time, at thirty a second.
const QUESTIONS: i64 = 10;
const BROWSERS: usize = 6;
/// What is said when it may be known already.
const REPEATED: [&str; 2] = ["重启前可能已经答过", "如已收到请忽略"];

fn started(directory: &Path, telegram: SocketAddr) -> Started {
    let mut command = command(directory);
    command
        .env("TELOXIDE_TOKEN", TOKEN)
        .env("TELOXIDE_API_URL", format!("http://{telegram}"));
    Started::by(command)
}

/// A browser that asks one question after the other until it is told to end; each must be answered. Gives how many were.
async fn asking(address: SocketAddr, number: usize, told: watch::Receiver<bool>) -> usize {
    let mut browser = Client::new(address);
    browser.get("/").await;
    let mut answered = 0;
    while !*told.borrow() {
        let asked = browser
            .try_get(&format!(
                "/api/v1/ask?q=%E5%A4%B1%E4%B8%9A%E7%8E%87{number}x{answered}"
            ))
            .await;
        assert_eq!(
            asked
                .expect("refused before the end")
                .expect("accepted and not answered")
                .status,
            200
        );
        answered += 1;
        if *told.borrow() {
            break;
        }
        assert_eq!(
            browser
                .post("/chat/say", &[("text", "什么是放管服")])
                .await
                .status,
            200
        );
    }
    answered
}

/// What arrived, once so many different messages are there; a bounded wait.
async fn arrived(api: &FakeBotApi, sent: &mut Vec<Sent>, enough: impl Fn(&[Sent]) -> bool) {
    let wait = async {
        while !enough(sent) {
            sent.push(api.next_sent().await);
        }
    };
    assert!(
        tokio::time::timeout(Duration::from_secs(30), wait)
            .await
            .is_ok(),
        "too little arrived: {} answers, {} reminders",
        answered(sent).len(),
        reminded(sent).len()
    );
}

fn answered(sent: &[Sent]) -> BTreeSet<i64> {
    sent.iter().filter_map(|sent| sent.reply_to).collect()
}

fn reminded(sent: &[Sent]) -> BTreeSet<i64> {
    sent.iter()
        .filter(|sent| sent.text.contains("报送提醒"))
        .map(|sent| sent.chat)
        .collect()
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_under_load_it_ends_soon_and_loses_nothing() {
    let directory = copied_data();
    data_for_today(directory.path(), GROUPS);
    let settings = read_text(&directory.path().join("bot.toml"))
        .unwrap()
        .replace("enabled = false", "listen = \"127.0.0.1:0\"");
    let limits = "[chat]\nwaiting = 1000\nquestions_per_minute = 0\n\n[log]\nlevel = \"warn\"\n";
    write_text(
        &directory.path().join("bot.toml"),
        &format!("{settings}\n{limits}"),
    )
    .unwrap();
    let (api, telegram) = FakeBotApi::start().await;
    let first = started(directory.path(), telegram);
    let (tell, told) = watch::channel(false);
    let browsers: Vec<_> = (0..BROWSERS)
        .map(|number| tokio::spawn(asking(first.address, number, told.clone())))
        .collect();
    let questions = api.push(
        (0..PERSONS * QUESTIONS).map(|number| private(1 + number % PERSONS, "失业率2022年目标")),
    );
    let questions: BTreeSet<i64> = questions.into_iter().collect();
    let mut sent = Vec::new();
    arrived(&api, &mut sent, |sent| {
        answered(sent).len() >= 20 && !reminded(sent).is_empty()
    })
    .await;
    tell.send(true).unwrap();
    let begun = Instant::now();
    let log = first.stop();
    let took = begun.elapsed();
    let mut asked = 0;
    for browser in browsers {
        asked += browser.await.unwrap();
    }
    sent.extend(api.unread());
    eprintln!(
        "ended in {took:.1?}; by then {} of {} questions, {} of {GROUPS} reminders, {asked} questions of the page\n{log}",
        answered(&sent).len(),
        questions.len(),
        reminded(&sent).len()
    );
    assert!(took < ENDS_WITHIN, "{took:?}");
    assert!(asked >= BROWSERS, "{asked}");

    let before = sent.len();
    let second = started(directory.path(), telegram);
    arrived(&api, &mut sent, |sent| {
        answered(sent).is_superset(&questions) && reminded(sent).len() == GROUPS as usize
    })
    .await;
    second.stop();
    assert!(
        sent.len() > before,
        "nothing was left for the next start: the end was not tried under load"
    );
    sent.extend(api.unread());
    let mut unmarked: BTreeMap<(i64, Option<i64>), usize> = BTreeMap::new();
    for sent in sent
        .iter()
        .filter(|sent| REPEATED.iter().all(|words| !sent.text.contains(words)))
    {
        *unmarked.entry((sent.chat, sent.reply_to)).or_default() += 1;
    }
    assert!(
        unmarked.values().all(|times| *times == 1),
        "sent twice without a word: {unmarked:?}"
    );
    let outbox = Store::open(&directory.path().join("state"))
        .unwrap()
        .outbox()
        .unwrap();
    assert_eq!(outbox.len(), GROUPS as usize);
    assert!(
        outbox
            .iter()
            .all(|entry| entry.delivery.state == DeliveryState::Delivered),
        "{outbox:?}"
    );
}
