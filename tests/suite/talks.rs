//! Talks over a plan of ten lines: what a follow-up leaves out is what was answered before, and only that.

use crate::harness::{RunningBot, app, only_qinghe, qinghe};
use planbot::{App, ChatId, PersonId, plain_reply, read_text};
use serde::Deserialize;
use std::path::Path;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Talks {
    talk: Vec<Talk>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Talk {
    what: String,
    turn: Vec<Turn>,
    /// What is known to be wrong and why: then the talk must fail, so that a repair takes this line away.
    fails: Option<String>,
}

/// What is said, and what the reply to it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Turn {
    say: String,
    #[serde(default = "answer")]
    status: String,
    #[serde(default)]
    first: String,
    #[serde(default)]
    has: Vec<String>,
    #[serde(default)]
    lacks: Vec<String>,
}

fn answer() -> String {
    "answer".to_string()
}

async fn faults(app: &Arc<App>, chat: i64, talk: &Talk) -> Vec<String> {
    let mut faults = Vec::new();
    for turn in &talk.turn {
        let said = app.ask_in(ChatId(chat), PersonId(chat), turn.say.clone());
        let answered = said.await.unwrap();
        let text = answered.plain(plain_reply);
        let first = text.lines().next().unwrap_or_default();
        let mut wrong = Vec::new();
        if answered.reply.status() != turn.status {
            wrong.push(format!("is {}", answered.reply.status()));
        }
        if !first.contains(&turn.first) {
            wrong.push(format!("lacks {}", turn.first));
        }
        let lacks = turn
            .has
            .iter()
            .filter(|words| !text.contains(words.as_str()));
        wrong.extend(lacks.map(|words| format!("lacks {words}")));
        let has = turn
            .lacks
            .iter()
            .filter(|words| text.contains(words.as_str()));
        wrong.extend(has.map(|words| format!("has {words}")));
        if !wrong.is_empty() {
            let wrong = wrong.join(", ");
            faults.push(format!("{}｜{}: {wrong}\n{text}", talk.what, turn.say));
        }
    }
    faults
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follow_up_keeps_what_it_leaves_out() {
    let data = qinghe();
    let app = app(&data.path(), None);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/talks.toml");
    let talks: Talks = toml::from_str(&read_text(&path).unwrap()).unwrap();
    let mut all = Vec::new();
    for (chat, talk) in (100..).zip(&talks.talk) {
        let faults = faults(&app, chat, talk).await;
        match &talk.fails {
            None => all.extend(faults),
            Some(_) if faults.is_empty() => all.push(format!("{} is right now", talk.what)),
            Some(_) => {}
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n\n"));
}

/// Another person in the same chat, and the same person later, begin anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_talk_belongs_to_one_person_and_is_forgotten() {
    let bot = RunningBot::start_by(|config| only_qinghe(&config.paths.data)).await;
    let subject = "东渠年输水量";
    let first = bot.ask(1, "东渠年输水量2024年目标").await;
    assert!(first.text.contains(subject), "{}", first.text);
    let other = bot.ask(2, "2023年呢").await;
    assert!(!other.text.contains("接着上一问"), "{}", other.text);
    let followed = bot.ask(1, "2023年呢").await;
    assert!(followed.text.contains("846万立方米"), "{}", followed.text);
    bot.clock.set(6, 24, 9, 11);
    let later = bot.ask(1, "2023年呢").await;
    assert!(!later.text.contains("接着上一问"), "{}", later.text);
    bot.finish().await;
}

/// 还有呢 after an answer that said all is no question that the documents lack: no list for administrators has it.
#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_more_is_not_unanswered() {
    let bot = RunningBot::start_by(|config| only_qinghe(&config.paths.data)).await;
    bot.ask(1, "早稻亩均产量2024年目标是多少").await;
    let more = bot.ask(1, "还有呢").await;
    assert!(more.text.contains("没有更多的了"), "{}", more.text);
    bot.ask(1, "火星人口").await;
    let kept = bot.app.unanswered().unwrap();
    let asked: Vec<String> = kept.into_iter().flat_map(|group| group.questions).collect();
    assert_eq!(asked, ["火星人口"]);
    bot.finish().await;
}
