//! Floods of questions: the program's threads and memory stay bounded and are given back, and people in chats are
//! answered meanwhile.

use crate::fake_bot_api::{FakeBotApi, TOKEN};

use crate::harness::{copied_data, private};
use crate::http::{Client, encoded};
use crate::web_program::{Started, command};
use planbot::write_text;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// So many of the questions come through the API, each on a connection of its own.
const BY_API: usize = 40;

/// A program that does not outlive its test.
struct Program(Started);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.child.kill();
        let _ = self.0.child.wait();
    }
}

impl Program {
    fn start(directory: &Path, api: SocketAddr) -> Self {
        write_text(
            &directory.join("bot.toml"),
            "[web]\nlisten = \"127.0.0.1:0\"\n",
        )
        .unwrap();
        let mut command = command(directory);
        command
            .stderr(Stdio::null())
            .env("TELOXIDE_TOKEN", TOKEN)
            .env("TELOXIDE_API_URL", format!("http://{api}"));
        Self(Started::by(command))
    }

    /// A number of `/proc`: kilobytes of memory (`VmRSS`), threads (`Threads`).
    #[expect(clippy::disallowed_methods, reason = "tests look at the machine")]
    fn counts(&self, what: &str) -> usize {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.0.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with(what)).unwrap();
        let number = line.split_whitespace().nth(1).unwrap();
        number.parse().unwrap()
    }
}

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
    let program = Program::start(directory.path(), address);
    api.polled().await;
    api.push([private(43, "绿化覆盖率目标")]);
    api.next_sent().await;
    let (memory, threads) = (program.counts("VmRSS"), program.counts("Threads"));
    let page = program.0.address;
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
    let mut most = (0, 0);
    let begun = Instant::now();
    let mut answers = 0;
    while answers < queries && begun.elapsed() < Duration::from_secs(240) {
        most = (
            most.0.max(program.counts("VmRSS")),
            most.1.max(program.counts("Threads")),
        );
        answers = api
            .inline_answers_once((answers + 10).min(queries))
            .await
            .len();
    }
    for asked in by_api {
        assert_eq!(asked.await.unwrap(), 200);
    }
    println!(
        "{queries} at once and {BY_API} by the API: idle {memory} kB and {threads} threads, at most {} kB and {} threads; a person waited {waited:?}; all answered after {:?}",
        most.0,
        most.1,
        begun.elapsed()
    );
    assert_eq!(answers, queries);
    assert!(waited < answered_within, "{waited:?}");
    // Each turn has a thread of its own, and the runtime keeps some for files and names.
    assert!(most.1 <= threads + 12, "{most:?}, {threads} threads before");
    assert!(
        most.0 <= memory + 150 * 1024,
        "{most:?}, {memory} kB before"
    );
    // Threads that had nothing to do for ten seconds end.
    let quiet = Instant::now();
    let is_back = || {
        program.counts("VmRSS") <= memory + 40 * 1024 && program.counts("Threads") <= threads + 2
    };
    while !is_back() && quiet.elapsed() < Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    println!(
        "after {:?}: {} kB, {} threads",
        quiet.elapsed(),
        program.counts("VmRSS"),
        program.counts("Threads")
    );
    assert!(
        is_back(),
        "{} kB, {} threads",
        program.counts("VmRSS"),
        program.counts("Threads")
    );
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
