//! Floods of questions: the program's threads and memory stay bounded and are given back, and people in chats are
//! answered meanwhile.

use crate::fake_bot_api::FakeBotApi;
use crate::harness::{copied_data, private};
use crate::http::{Client, encoded};
use crate::watched::{Held, Watched};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// So many of the questions come through the API, each on a connection of its own.
const BY_API: usize = 40;

fn question(number: usize) -> String {
    format!("第{number}街道2022年的地区生产总值和旅游收入目标")
}

fn typed(number: usize) -> Value {
    let text = question(number);
    json!({"inline_query": {"id": format!("q{number}"), "from": {"id": 90_000 + number, "is_bot": false, "first_name": "某人"},
        "query": text, "offset": ""}})
}

/// So many inline queries at once, each another question; somebody asks in a chat meanwhile.
async fn flood(queries: usize, answered_within: Duration) {
    let directory = copied_data();
    let (api, address) = FakeBotApi::start().await;
    let program = Watched::start(directory.path(), address, "");
    api.polled().await;
    api.push([private(43, "绿化覆盖率目标")]);
    api.next_sent().await;
    let rest = program.held();
    let page = program.page();
    let by_api: Vec<_> = (0..BY_API)
        .map(|number| {
            tokio::spawn(async move {
                let question = encoded(&question(queries + number));
                let mut client = Client::new(page);
                let asked = client.get(&format!("/api/v1/ask?q={question}")).await;
                asked.status
            })
        })
        .collect();
    for number in 0..queries {
        api.push_raw(typed(number));
    }
    api.inline_answers_once(3).await;
    let asked = Instant::now();
    api.push([private(44, "城镇调查失业率2022年目标")]);
    api.next_sent_to(44).await;
    let waited = asked.elapsed();
    let mut most = rest;
    let mut most_of_the_runtime = 0;
    let begun = Instant::now();
    let mut answers = 0;
    while answers < queries && begun.elapsed() < Duration::from_secs(240) {
        most = most.or_more(program.held());
        most_of_the_runtime = most_of_the_runtime.max(program.threads_of_the_runtime());
        answers = api
            .inline_answers_once((answers + 10).min(queries))
            .await
            .len();
    }
    for asked in by_api {
        assert_eq!(asked.await.unwrap(), 200);
    }
    println!(
        "{queries} at once and {BY_API} by the API: at rest {rest:?}, at most {most:?}; a person waited {waited:?}; all answered after {:?}",
        begun.elapsed()
    );
    assert_eq!(answers, queries);
    assert!(waited < answered_within, "{waited:?}");
    // What comes with every question and what comes by the clock have threads of their own: the
    // runtime's pool has nothing to do.
    let cores = std::thread::available_parallelism().unwrap().get();
    assert_eq!(most_of_the_runtime, cores);
    // sled starts some of its own for what it writes.
    assert!(most.threads <= rest.threads + 12, "{most:?}, {rest:?}");
    assert!(most.memory <= rest.memory + 150, "{most:?}, {rest:?}");
    // Threads that had nothing to do for ten seconds end.
    let quiet = Instant::now();
    let is_back = |held: Held| held.memory <= rest.memory + 40 && held.threads <= rest.threads + 2;
    while !is_back(program.held()) && quiet.elapsed() < Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let held = program.held();
    println!("after {:?}: {held:?}", quiet.elapsed());
    assert!(is_back(held), "{held:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_inline_queries_holds_nobody_up() {
    flood(60, Duration::from_secs(5)).await;
}

/// `just flood`.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a thousand questions take a minute without optimisation"]
async fn a_thousand_questions_at_once_hold_nobody_up() {
    flood(1_000, Duration::from_secs(1)).await;
}
