//! What stands under an answer belongs to it: its evidence, how it was read, its further pages; whatever was asked since, and
//! after a restart. Where the data have become others it is said so.

use crate::fake_bot_api::Sent;
use crate::harness::{ADMIN, RunningBot, SOMEBODY, only_qinghe, plan_like, qinghe_plan, replace};
use crate::http::Client;
use crate::page::RunningPage;
use serde_json::Value;

// The second question has another answer than the first, since that was shown already.
const FIRST: (&str, &str, &str) = ("稻鱼共养有哪些做法", "既种水稻又养田鱼", "名词解释 第3条");
const MORE: (&str, &str, &str) = ("还有呢", "投放田鱼鱼苗65万尾", "正文 一、（二）一是");

async fn pressed(bot: &RunningBot, reply: &Sent, label: &str) -> String {
    bot.api.press(SOMEBODY, SOMEBODY, &reply.button(label));
    bot.api.next_sent().await.text
}

async fn both_asked(bot: &RunningBot) -> [Sent; 2] {
    let first = bot.ask(SOMEBODY, FIRST.0).await;
    assert!(first.text.contains(FIRST.1), "{}", first.text);
    let more = bot.ask(SOMEBODY, MORE.0).await;
    assert!(more.text.contains(MORE.1), "{}", more.text);
    [first, more]
}

#[tokio::test(flavor = "multi_thread")]
async fn each_answer_of_a_talk_has_its_own_evidence() {
    let bot = RunningBot::start_by(|config| only_qinghe(&config.paths.data)).await;
    let replies = both_asked(&bot).await;
    bot.ask(SOMEBODY, "护渠员有多少").await;
    for (reply, (_, said, place)) in replies.iter().zip([FIRST, MORE]) {
        let original = pressed(&bot, reply, "原文").await;
        assert!(
            original.contains(said) && original.contains(place),
            "{original}"
        );
        assert!(
            !pressed(&bot, reply, "为什么")
                .await
                .contains("数据已经更新")
        );
    }
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_that_is_no_longer_there_is_not_replaced_by_another() {
    let bot = RunningBot::start_by(|config| only_qinghe(&config.paths.data)).await;
    let [first, more] = both_asked(&bot).await;
    replace(
        &bot.file("plans/qinghe-2024/body.md"),
        "鱼苗65万尾",
        "鱼苗66万尾",
    );
    bot.ask(ADMIN, "/reload").await;
    let done = bot.api.next_sent().await;
    assert!(done.text.contains("已载入新数据"), "{}", done.text);
    for label in ["原文", "为什么"] {
        let said = pressed(&bot, &more, label).await;
        assert!(said.contains("数据已经更新"), "{said}");
    }
    // What has not changed is there as before.
    assert!(pressed(&bot, &first, "原文").await.contains(FIRST.2));
    bot.finish().await;
}

/// 今年 of an answer of last year is last year, what stands under it says so, and the same words are another question now.
#[tokio::test(flavor = "multi_thread")]
async fn a_question_of_yesterday_keeps_the_years_of_yesterday() {
    let bot = RunningBot::start_by(|config| {
        only_qinghe(&config.paths.data);
        // With a plan of the next year 今年 goes with the day.
        let next = config.paths.data.join("plans/qinghe-2025");
        plan_like(&qinghe_plan(), &next, |text| {
            let text = text.replace("2024", "2O25").replace("2023", "2024");
            text.replace("2O25", "2025").replace("≥860", "≥900")
        });
    })
    .await;
    let question = "今年东渠年输水量目标是多少";
    bot.clock.set_year(2024, 6, 20, 9, 0);
    let asked = bot.ask(SOMEBODY, question).await;
    assert!(
        asked.text.contains("<b>东渠年输水量 2024年计划目标 ≥820"),
        "{}",
        asked.text
    );
    for label in ["原文", "为什么"] {
        let said = pressed(&bot, &asked, label).await;
        assert!(!said.contains("日的回答"), "it is of today: {said}");
    }
    bot.clock.set_year(2025, 1, 5, 9, 0);
    let why = pressed(&bot, &asked, "为什么").await;
    assert!(why.contains("认出的年份：2024年"), "{why}");
    let original = pressed(&bot, &asked, "原文").await;
    assert!(original.contains("≥820"), "{original}");
    for said in [&why, &original] {
        assert!(said.contains("这是2024年6月20日的回答"), "{said}");
    }
    let newer = bot.ask(SOMEBODY, question).await;
    assert!(
        newer.text.contains("<b>东渠年输水量 2025年预期目标 ≥900"),
        "{}",
        newer.text
    );
    bot.finish_but_for(Some(SOMEBODY)).await;
}

/// The messages of a room of one's own, newest last.
async fn items(client: &mut Client) -> Vec<String> {
    let news: Value = client.get("/chat/news?room=own&after=0").await.json();
    let items = news["items"].as_array().unwrap().iter();
    items
        .map(|item| item["html"].as_str().unwrap().to_string())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_page_too_and_after_a_restart() {
    let page = RunningPage::start_by(only_qinghe).await;
    let mut client = page.browser().await;
    for (question, ..) in [FIRST, MORE] {
        let said = client.post("/chat/say", &[("text", question)]).await;
        assert_eq!(said.status, 200, "{}", said.body);
    }
    let page = page.restarted().await;
    let mut client = client.moved_to(page.address);
    let shown = items(&mut client).await;
    for ((_, said, place), other) in [(FIRST, MORE.2), (MORE, FIRST.2)] {
        let item = shown.iter().find(|item| item.contains(said)).unwrap();
        let evidence = item.split_once("<details class=\"evidence\">").unwrap().1;
        assert!(
            evidence.contains(&format!("{place}，在原处看")) && !evidence.contains(other),
            "{evidence}"
        );
        let id = item.split_once("为什么这样答").unwrap().0;
        let id = id.rsplit_once("value=\"").unwrap().1;
        client.renew("/").await;
        let press = client
            .post("/chat/press", &[("button", id.split('"').next().unwrap())])
            .await;
        assert_eq!(press.status, 200, "{}", press.body);
        let why = items(&mut client).await.pop().unwrap();
        assert!(why.contains("逐字核对"), "{why}");
    }
    page.finish().await;
}
