//! Whoever watches the bot: what it counts, whether it lives and can work, what its log says and does not say.

use crate::fake_bot_api::{FakeBotApi, Fault, TOKEN};
use crate::harness::{RunningBot, SOMEBODY, copied_data, group, mention, private};
use crate::http::{Client, Reply, encoded};
use crate::page::RunningPage;
use crate::web_program::{Started, command};
use planbot::{Capabilities, Messenger, Outgoing, SendOutcome, Sending, write_text};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

const ADMIN_TOKEN: &str = "an-admin-token-of-the-tests";
const PAGE: &str = "[web]\nlisten = \"127.0.0.1:0\"\n";

/// The value of a line of the metrics; a line that is not there is nought.
fn value(text: &str, line: &str) -> f64 {
    let found = text
        .lines()
        .find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
    found.map_or(0.0, |value| value.parse().unwrap())
}

fn questions(text: &str, outcome: &str) -> f64 {
    let of = |line: &&str| {
        line.starts_with("planbot_questions_total{")
            && line.contains(&format!("outcome=\"{outcome}\""))
    };
    text.lines()
        .filter(of)
        .map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap())
        .sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_question_is_counted_once_and_nothing_of_it_is_shown() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    // An answer, its follow-up (which is looked up twice), a refusal, a question back, a greeting.
    for text in [
        "失业率2022年目标",
        "完成了吗",
        "火星人口",
        "增速2022年目标是多少",
        "你好",
    ] {
        assert_eq!(
            client.post("/chat/say", &[("text", text)]).await.status,
            200
        );
    }
    // What the page shows of an answer is looked up again and not counted again.
    client.get("/").await;
    // The second answer is one that was kept.
    for _ in 0..2 {
        client
            .get(&format!("/api/v1/ask?q={}", encoded("什么是放管服")))
            .await;
    }
    let mut stranger = Client::new(page.address);
    let reply = stranger.get("/metrics").await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, Some("text/plain; version=0.0.4"))
    );
    assert_eq!(reply.header("set-cookie"), None);
    let text = reply.body;
    assert_eq!(
        ["answer", "unknown", "clarify", "help", "fault"].map(|outcome| questions(&text, outcome)),
        [4.0, 1.0, 1.0, 1.0, 0.0],
        "{text}"
    );
    assert_eq!(
        value(
            &text,
            "planbot_questions_total{intent=\"term\",outcome=\"answer\"}"
        ),
        2.0,
        "{text}"
    );
    assert_eq!(
        value(
            &text,
            "planbot_questions_total{intent=\"help\",outcome=\"help\"}"
        ),
        1.0,
        "{text}"
    );
    assert_eq!(
        value(&text, "planbot_answering_seconds_count"),
        7.0,
        "{text}"
    );
    assert_eq!(
        value(
            &text,
            &format!("planbot_edition_info{{id=\"{}\"}}", page.app.edition().id)
        ),
        1.0,
        "{text}"
    );
    assert!(
        ["失业率", "火星", "放管服", "访客"]
            .iter()
            .all(|word| !text.contains(word)),
        "{text}"
    );
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sends_are_counted_by_what_became_of_them() {
    let bot = RunningBot::start().await;
    let refusals = [
        "Bad Request: a reason that no table has",
        "Forbidden: bot was blocked by the user",
    ]
    .map(Fault::Refused);
    let faults = [
        Fault::TooManyRequests,
        Fault::BadGateway,
        Fault::MovedTo(-100_901),
        Fault::DroppedBehind,
    ];
    bot.api.fail_next(refusals.into_iter().chain(faults));
    for chat in [-100_700, -100_800, -100_900] {
        bot.api
            .push([group(chat, SOMEBODY, &mention("什么是放管服"))]);
    }
    // The last one arrives twice: behind the broken connection, and when it is sent again.
    while bot.api.next_sent().await.chat != -100_901 {}
    assert_eq!(bot.api.next_sent().await.chat, -100_901);
    bot.clock.break_once();
    bot.api.push([private(SOMEBODY, "什么是放管服")]);
    bot.api.next_sent().await;
    let text = bot.app.counted().unwrap().unwrap();
    let sends = |outcome: &str| {
        value(
            &text,
            &format!("planbot_sends_total{{edge=\"telegram\",outcome=\"{outcome}\"}}"),
        )
    };
    assert_eq!(
        ["refused", "gone", "later", "broken", "moved", "unknown"].map(sends),
        [1.0; 6],
        "{text}"
    );
    assert_eq!(
        (questions(&text, "fault"), questions(&text, "answer")),
        (1.0, 3.0),
        "{text}"
    );
    assert_eq!(value(&text, "planbot_unknown_sends_total"), 1.0, "{text}");
    assert!(!text.contains("100700") && !text.contains(TOKEN), "{text}");
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_ready_when_reminders_are_seen_to() {
    let page = RunningPage::start().await;
    let mut client = Client::new(page.address);
    let alive = client.get("/healthz").await;
    assert_eq!(
        (
            alive.status,
            alive.body.as_str(),
            alive.header("set-cookie")
        ),
        (200, "ok\n", None)
    );
    let reply = client.get("/readyz").await;
    assert_eq!(
        (
            reply.status,
            reply.body.lines().count(),
            reply.header("set-cookie")
        ),
        (503, 1, None)
    );
    assert!(reply.body.contains("提醒还没有检查过"), "{}", reply.body);
    planbot::remind_once(&page.app, &Nobody).await;
    let reply = client.get("/readyz").await;
    assert_eq!((reply.status, reply.body.as_str()), (200, "ok\n"));
    assert!(
        value(
            &client.get("/metrics").await.body,
            "planbot_last_tick_timestamp_seconds"
        ) > 1.6e9
    );
    for path in ["/healthz", "/readyz", "/metrics"] {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n");
        let stream = tokio::net::TcpStream::connect(page.address).await.unwrap();
        assert_eq!(
            crate::http::exchange(stream, request.as_bytes())
                .await
                .unwrap()
                .status,
            421,
            "the guard is the same"
        );
    }
    page.finish().await;
}

/// Sends nothing: nobody is subscribed.
struct Nobody;

impl Messenger for Nobody {
    fn capabilities(&self) -> Capabilities {
        Capabilities::all("test")
    }

    fn send<'a>(&'a self, _: &'a Outgoing) -> Sending<'a> {
        Box::pin(async { SendOutcome::Delivered(None) })
    }
}

/// Asks until a reply is as expected; a bounded wait.
async fn once(client: &mut Client, path: &str, expected: impl Fn(&Reply) -> bool) -> Reply {
    for _ in 0..300 {
        let reply = client.get(path).await;
        if expected(&reply) {
            return reply;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{path}: {:?}", client.get(path).await)
}

/// The program behind a fake Bot API, with its page.
fn started(directory: &Path, address: &str, settings: &str) -> Started {
    write_text(&directory.join("bot.toml"), settings).unwrap();
    let mut command = command(directory);
    command
        .env("TELOXIDE_TOKEN", TOKEN)
        .env("TELOXIDE_API_URL", format!("http://{address}"));
    command.env("PLANBOT_ADMIN_TOKEN", ADMIN_TOKEN);
    Started::by(command)
}

/// Every line of the log is JSON where it is to be; the text of a question stands in it only where the settings say so, a token never.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_lines_of_json_without_questions_and_tokens() {
    let directory = copied_data();
    let (api, address) = FakeBotApi::start().await;
    for (format, shown) in [("json", false), ("json", true), ("text", false)] {
        let key = if shown { "questions = true\n" } else { "" };
        let settings = format!("{PAGE}\n[log]\nformat = \"{format}\"\n{key}");
        let started = started(directory.path(), &address.to_string(), &settings);
        let mut client = Client::new(started.address);
        once(&mut client, "/readyz", |reply| reply.status == 200).await;
        api.push([private(SOMEBODY, "什么是放管服")]);
        assert!(api.next_sent().await.text.contains("简政放权"));
        client.get("/").await;
        client
            .post("/chat/say", &[("text", "失业率2022年目标")])
            .await;
        client
            .get(&format!("/api/v1/ask?q={}", encoded("火星人口")))
            .await;
        client.post("/admin/enter", &[("token", ADMIN_TOKEN)]).await;
        assert_eq!(questions(&client.get("/metrics").await.body, "answer"), 2.0);
        let log = started.stop();
        if format == "json" {
            lines_of_questions(&log);
        }
        assert_eq!(log.matches("a question was seen to").count(), 3, "{log}");
        for text in ["什么是放管服", "失业率2022年目标", "火星人口"] {
            assert_eq!(log.contains(text), shown, "{text} in: {log}");
        }
        assert!(
            !log.contains(ADMIN_TOKEN) && !log.contains(TOKEN.split(':').nth(1).unwrap()),
            "{log}"
        );
    }
}

/// Each line is JSON, and that of a question says what became of it.
fn lines_of_questions(log: &str) {
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect();
    let first = lines
        .iter()
        .find(|line| line["message"] == "a question was seen to")
        .unwrap();
    assert_eq!(
        (&first["outcome"], &first["intent"], &first["level"]),
        (&"answer".into(), &"term".into(), &"INFO".into())
    );
    assert!(first["us"].as_u64().unwrap() > 0, "{log}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn metrics_can_be_switched_off() {
    let directory = copied_data();
    let (_, address) = FakeBotApi::start().await;
    let started = started(
        directory.path(),
        &address.to_string(),
        &format!("{PAGE}metrics = false\n"),
    );
    let mut client = Client::new(started.address);
    once(&mut client, "/readyz", |reply| reply.status == 200).await;
    assert_eq!(
        (
            client.get("/metrics").await.status,
            client.get("/healthz").await.status
        ),
        (404, 200)
    );
    started.stop();
}

/// The files of the program may not grow beyond five kilobytes: from some moment on it is not ready, and says why; what it
/// counts can be fetched all the same.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn it_is_not_ready_when_the_state_cannot_be_written() {
    let directory = copied_data();
    write_text(&directory.path().join("bot.toml"), PAGE).unwrap();
    assert!(
        command(directory.path())
            .arg("index")
            .output()
            .unwrap()
            .status
            .success()
    );
    let mut limited = std::process::Command::new("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 10; exec \"$0\" run"])
        .arg(assert_cmd::cargo::cargo_bin!("planbot"));
    limited
        .current_dir(directory.path())
        .env_remove("TELOXIDE_TOKEN")
        .env_remove("PLANBOT_ADMIN_TOKEN");
    limited
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut started = Started::by(limited);
    let mut client = Client::new(started.address);
    once(&mut client, "/readyz", |reply| reply.status == 200).await;
    // Each look writes a little.
    let mut reply = client.get("/readyz").await;
    for _ in 0..2_000 {
        if reply.status != 200 {
            break;
        }
        reply = client.get("/readyz").await;
    }
    assert_eq!(
        (reply.status, reply.body.lines().count()),
        (503, 1),
        "{}",
        reply.body
    );
    assert!(
        reply.body.contains("状态写不进去（文件大小到了上限）") && reply.body.contains("磁盘空间"),
        "{}",
        reply.body
    );
    assert_eq!(
        (
            client.get("/healthz").await.status,
            client.get("/metrics").await.status
        ),
        (200, 200)
    );
    started.child.kill().unwrap();
    started.child.wait().unwrap();
}
