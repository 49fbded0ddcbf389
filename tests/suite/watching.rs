//! Whoever watches the bot: what it counts, whether it lives and can work, what its log says and does not say.

use crate::fake_bot_api::{FakeBotApi, Fault, TOKEN};
use crate::harness::{ADMIN, RunningBot, SOMEBODY, copied_data, group, mention, private};
use crate::http::{Client, Reply, encoded};
use crate::page::RunningPage;
use crate::web_program::{Started, command};
use planbot::files;
use planbot::store::{Store, Subscription};
use serde_json::Value;
use std::path::Path;
use std::time::Duration;

const ADMIN_TOKEN: &str = "an-admin-token-of-the-tests";
const PAGE: &str = "[web]\nlisten = \"127.0.0.1:0\"\n";

/// The value of a line of the metrics; a line that is not there is nought.
fn value(text: &str, line: &str) -> f64 {
    let found = text.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
    found.map_or(0.0, |value| value.parse().unwrap())
}

fn questions(text: &str, outcome: &str) -> f64 {
    let of = |line: &&str| line.starts_with("planbot_questions_total{") && line.contains(&format!("outcome=\"{outcome}\""));
    text.lines().filter(of).map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_question_is_counted_once_and_nothing_of_it_is_shown() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    // An answer, its follow-up (which is looked up twice), a refusal, a question back, a greeting.
    for text in ["失业率2022年目标", "完成了吗", "火星人口", "增速2022年目标是多少", "你好"] {
        assert_eq!(client.post("/chat/say", &[("text", text)]).await.status, 200);
    }
    // What the page shows of an answer is looked up again and not counted again.
    client.get("/").await;
    // The second answer is one that was kept.
    for _ in 0..2 {
        client.get(&format!("/api/v1/ask?q={}", encoded("什么是放管服"))).await;
    }
    let mut stranger = Client::new(page.address);
    let reply = stranger.get("/metrics").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/plain; version=0.0.4")));
    assert_eq!(reply.header("set-cookie"), None);
    let text = reply.body;
    assert_eq!(["answer", "unknown", "clarify", "help", "fault"].map(|outcome| questions(&text, outcome)), [4.0, 1.0, 1.0, 1.0, 0.0], "{text}");
    assert_eq!(value(&text, "planbot_questions_total{intent=\"term_definition\",outcome=\"answer\"}"), 2.0, "{text}");
    assert_eq!(value(&text, "planbot_questions_total{intent=\"greeting\",outcome=\"help\"}"), 1.0, "{text}");
    assert_eq!(value(&text, "planbot_answering_seconds_count"), 7.0, "{text}");
    assert_eq!(value(&text, &format!("planbot_edition_info{{id=\"{}\"}}", page.app.edition().id)), 1.0, "{text}");
    assert!(["失业率", "火星", "放管服", "访客"].iter().all(|word| !text.contains(word)), "{text}");
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sends_are_counted_by_what_became_of_them() {
    let bot = RunningBot::start().await;
    let refusals = ["Bad Request: TOPIC_CLOSED", "Forbidden: bot was blocked by the user"].map(Fault::Refused);
    let faults = [Fault::TooManyRequests, Fault::BadGateway, Fault::MovedTo(-100_901), Fault::DroppedBehind];
    bot.api.fail_next(refusals.into_iter().chain(faults));
    for chat in [-100_700, -100_800, -100_900] {
        bot.api.push([group(chat, SOMEBODY, &mention("什么是放管服"))]);
    }
    // The last one arrives twice: behind the broken connection, and when it is sent again.
    while bot.api.next_sent().await.chat != -100_901 {}
    assert_eq!(bot.api.next_sent().await.chat, -100_901);
    bot.clock.break_once();
    bot.api.push([private(SOMEBODY, "什么是放管服")]);
    bot.api.next_sent().await;
    let text = bot.app.counted().unwrap().unwrap();
    let sends = |outcome: &str| value(&text, &format!("planbot_sends_total{{edge=\"telegram\",outcome=\"{outcome}\"}}"));
    assert_eq!(["refused", "gone", "later", "broken", "moved", "unknown"].map(sends), [1.0; 6], "{text}");
    assert_eq!((questions(&text, "fault"), questions(&text, "answer")), (1.0, 3.0), "{text}");
    assert_eq!(value(&text, "planbot_unknown_sends_total"), 1.0, "{text}");
    assert!(!text.contains("100700") && !text.contains(TOKEN), "{text}");
    bot.finish().await;
}
