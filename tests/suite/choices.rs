//! A question back with its answers: pressed, typed as a number, kept over a reload, and what programs get of it.

use crate::fake_bot_api::Sent;
use crate::harness::{
    ADMIN, RunningBot, SOMEBODY, app, only_qinghe, qinghe, replace, shipped_data,
};
use crate::page::RunningPage;
use chrono::NaiveDate;
use planbot::{
    Answered, Choice, Citation, Clarification, Document, Outcome, Refusal, Reply, plain_reply,
};
use serde_json::Value;
use std::time::Duration;

// Over the made-up plan, where two indicators are equally near: what is asked back here must not depend on weights.
const AMBIGUOUS: &str = "年输水量2024年目标";
const NAME: &str = "东渠年输水量";
const LABEL: &str = "东渠年输水量 · 2024年目标";
const INDICATORS: &str = "plans/qinghe-2024/indicators.csv";

async fn bot() -> RunningBot {
    RunningBot::start_by(|config| only_qinghe(&config.paths.data)).await
}

async fn pressed(bot: &RunningBot, reply: &Sent, label: &str) -> Sent {
    bot.api.press(SOMEBODY, SOMEBODY, &reply.button(label));
    bot.api.next_sent().await
}

async fn reload(bot: &RunningBot) {
    bot.ask(ADMIN, "/reload").await;
    let done = bot.api.next_sent().await;
    assert!(done.text.contains("已载入新数据"), "{}", done.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pressed_choice_answers_at_once_and_is_what_the_talk_is_about() {
    let bot = bot().await;
    let back = bot.ask(SOMEBODY, AMBIGUOUS).await;
    assert!(back.text.contains(&format!("· {LABEL}")), "{}", back.text);
    assert_eq!(back.buttons.len(), 2, "{back:?}");
    let answer = pressed(&bot, &back, LABEL).await;
    let first = format!("<b>{NAME} 2024年预期目标 ≥860万立方米</b>");
    assert!(answer.text.starts_with(&first), "{}", answer.text);
    let followed = bot.ask(SOMEBODY, "那2023年呢").await;
    for expected in [NAME, "846万立方米", "接着上一问"] {
        assert!(followed.text.contains(expected), "{}", followed.text);
    }
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_buttons_under_a_chosen_answer_are_those_of_that_answer() {
    let bot = bot().await;
    let back = bot.ask(SOMEBODY, AMBIGUOUS).await;
    let answer = pressed(&bot, &back, LABEL).await;
    let original = pressed(&bot, &answer, "原文").await.text;
    assert!(original.contains(NAME), "{original}");
    let why = pressed(&bot, &answer, "为什么这样答").await.text;
    let asked = [
        format!("问题：{AMBIGUOUS}"),
        format!("选的是：{LABEL}"),
        "逐字核对".to_string(),
    ];
    for expected in &asked {
        assert!(why.contains(expected), "{why}");
    }
    let why = bot.ask(SOMEBODY, "/why").await.text;
    assert!(why.contains(&asked[1]), "{why}");
    bot.api.press(SOMEBODY, SOMEBODY, &answer.button("👎"));
    bot.ask(SOMEBODY, "什么是稻鱼共养").await;
    let kept = bot.ask(ADMIN, "/unanswered").await.text;
    assert!(
        kept.contains(&format!("{AMBIGUOUS}（选了：{LABEL}）")),
        "{kept}"
    );
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_of_old_data_is_answered_from_the_new() {
    let bot = bot().await;
    let back = bot.ask(SOMEBODY, AMBIGUOUS).await;
    let row = |value: &str| format!("2024,target,2024年预期目标,{value},附件2 第1行");
    replace(&bot.file(INDICATORS), &row("≥860"), &row("≥870"));
    reload(&bot).await;
    let answer = pressed(&bot, &back, LABEL).await;
    assert!(answer.text.contains("≥870万立方米"), "{}", answer.text);
    // A choice that is gone is asked for by its label.
    replace(&bot.file(INDICATORS), NAME, "水塔检修次数");
    reload(&bot).await;
    let gone = pressed(&bot, &back, LABEL).await;
    let is_asked = !gone.text.contains("≥870") && !gone.text.contains("没能处理好");
    assert!(is_asked, "{}", gone.text);
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_page_a_choice_is_a_button_and_its_answer_has_its_evidence() {
    let page = RunningPage::start_by(only_qinghe).await;
    let mut client = page.browser().await;
    let said = client.post("/chat/say", &[("text", AMBIGUOUS)]).await;
    assert_eq!(said.status, 200, "{}", said.body);
    let news = client.get("/chat/news?room=own&after=0").await.body;
    let news: Value = serde_json::from_str(&news).unwrap();
    let last = news["items"].as_array().unwrap().last().unwrap()["html"]
        .as_str()
        .unwrap()
        .to_string();
    let (before, _) = last.split_once(&format!(">{LABEL}</button>")).unwrap();
    let id = before.rsplit_once("value=\"").unwrap().1;
    let id = id.split('"').next().unwrap();
    let press = client.post("/chat/press", &[("button", id)]).await;
    assert_eq!(press.status, 200, "{}", press.body);
    let news = client.get("/chat/news?room=own&after=0").await.body;
    for expected in ["2024年预期目标 ≥860万立方米", "<summary>原文</summary>"] {
        assert!(news.contains(expected), "{news}");
    }
    page.finish().await;
}

/// A reply that the engine is made to give, with the reading of some question.
fn answered(reply: Reply) -> Answered {
    let app = app(&shipped_data(), None);
    let edition = app.edition();
    let outcome = Outcome {
        reply,
        ..edition.reply("火星人口", NaiveDate::default())
    };
    Answered::new(
        "火星人口",
        NaiveDate::default(),
        outcome,
        edition,
        Duration::ZERO,
    )
}

#[test]
fn a_refusal_gives_the_nearest_real_things_and_a_quotation_that_claims_nothing() {
    let app = app(&shipped_data(), None);
    let Reply::Answer(answer) = app.ask_here("失业率2022年目标").reply.clone() else {
        panic!("no answer");
    };
    let related: Citation = answer.citations()[0].clone();
    let refusal = answered(Reply::Unknown(Refusal {
        missing: "“火星”".to_string(),
        nearest: vec!["某项指标".to_string()],
        offers: vec![Choice {
            label: "城镇调查失业率 · 2022年目标".to_string(),
            answer,
        }],
        related: Some(related.clone()),
        ..Refusal::default()
    }));
    let lines = Document::of(&refusal.reply).plain();
    let expected = [
        "文件里没有“火星”。".to_string(),
        "可以查到：某项指标".to_string(),
        format!("相关原文：{}（{}）", related.quote, related.place),
    ];
    assert_eq!(lines.lines().collect::<Vec<_>>(), expected);
    let line: Value = serde_json::from_str(&refusal.json(plain_reply).unwrap()).unwrap();
    assert_eq!(line["options"], Value::Array(Vec::new()));
    assert_eq!(line["nearest"][0]["label"], "城镇调查失业率 · 2022年目标");
    let text = line["nearest"][0]["text"].as_str().unwrap();
    assert!(text.contains("5%以内") && text.contains("来源："), "{text}");
    assert_eq!(line["related"]["place"], related.place);
    assert_eq!(line["related"]["quote"], related.quote);
}

#[test]
fn programs_get_each_choice_with_its_reply_and_hints_without() {
    let app = app(&qinghe().path(), None);
    let of = |question: &str| -> Value {
        serde_json::from_str(&app.ask_here(question).json(plain_reply).unwrap()).unwrap()
    };
    let back = of(AMBIGUOUS);
    assert_eq!(back["status"], "clarify");
    assert_eq!(back["options"][0]["label"], LABEL);
    let text = back["options"][0]["text"].as_str().unwrap();
    assert!(text.starts_with(&format!("{NAME} 2024年预期目标 ≥860万立方米\n")));
    assert_eq!(back["nearest"], Value::Array(Vec::new()));
    assert!(back["related"].is_null());
    let things = ["一项", "另一项"].map(|name| (name.to_string(), None));
    let hints = answered(Reply::Clarify(Clarification::among("哪一项？", things)));
    let hints: Value = serde_json::from_str(&hints.json(plain_reply).unwrap()).unwrap();
    assert_eq!(hints["status"], "clarify");
    let hints = hints["options"].as_array().unwrap();
    assert!(hints.len() == 2 && hints.iter().all(|hint| hint["text"] == ""));
}
