//! A reply in the chat: its form, its buttons, its files and pictures, inline answers, the first screens.

use crate::fake_bot_api::{BOT_NAME, Sent};
use crate::harness::{ADMIN, RunningBot, SOMEBODY, group, mention, only_qinghe, private};
use serde_json::{Value, json};

const GROUP: i64 = -100_700;

/// Presses a button in a private chat and gives what is sent.
async fn pressed(bot: &RunningBot, person: i64, reply: &Sent, label: &str) -> Sent {
    bot.api.press(person, person, &reply.button(label));
    bot.api.next_sent().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_bold_with_its_quotation_folded_and_its_source_last() {
    let bot = RunningBot::start().await;
    let reply = bot.ask(SOMEBODY, "2022年GDP增速目标是多少").await;
    let lines: Vec<&str> = reply.text.lines().collect();
    assert_eq!(
        lines[0],
        "<b>地区生产总值（GDP）增速 2022年预期目标 5%左右</b>"
    );
    assert!(
        reply.text.contains("<blockquote expandable>附件2 第1行：")
            && reply.text.contains("</blockquote>\n<i>来源：附件2 第1行"),
        "{}",
        reply.text
    );
    let list = bot
        .ask(SOMEBODY, "2022年目标比2021年目标低了的指标有哪些")
        .await;
    assert!(
        list.text
            .contains("<pre>地区生产总值（GDP）增速\n    2022年预期目标 5%左右；"),
        "{}",
        list.text
    );
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_show_the_original_the_reason_a_picture_and_copy_the_value() {
    let bot = RunningBot::start().await;
    let reply = bot.ask(SOMEBODY, "失业率2022年目标").await;
    assert!(reply.buttons.iter().all(|(_, id)| id.len() <= 64));
    assert_eq!(reply.button("复制"), "5%以内");
    assert!(
        pressed(&bot, SOMEBODY, &reply, "原文")
            .await
            .text
            .contains("城镇调查失业率｜%｜预期性")
    );
    let why = pressed(&bot, SOMEBODY, &reply, "为什么这样答").await.text;
    assert!(
        why.contains("“失业率”可能指“城镇调查失业率”") && why.contains("逐字核对"),
        "{why}"
    );
    // One saying may be read as several words; it is said once.
    let reply = bot.ask(SOMEBODY, "2022年GDP增速目标是多少").await;
    let why = pressed(&bot, SOMEBODY, &reply, "为什么这样答").await.text;
    let lines: Vec<&str> = why.lines().collect();
    let said_again = |line: &&str| lines.iter().filter(|other| *other == line).count() > 1;
    assert!(
        !lines.iter().any(said_again)
            && why.contains("要找的是：表里的数")
            && !why.contains("GDP增速、GDP增速"),
        "{why}"
    );
    let reply = bot.ask(SOMEBODY, "失业率2022年目标").await;
    let picture = pressed(&bot, SOMEBODY, &reply, "对比图").await;
    let (name, png) = picture.file.clone().unwrap();
    assert!(
        name.ends_with(".png")
            && png.starts_with(b"\x89PNG")
            && picture.text.contains("城镇调查失业率"),
        "{picture:?}"
    );
    bot.api.press(SOMEBODY, SOMEBODY, &reply.button("👍"));
    bot.api.press(GROUP, SOMEBODY, &reply.button("原文"));
    bot.ask(SOMEBODY, "什么是放管服").await;
    bot.api.flashed(1, "谢谢！").await;
    bot.api.flashed(1, "失效").await;
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_back_is_answered_with_a_button() {
    let bot = RunningBot::start_by(|config| only_qinghe(&config.paths.data)).await;
    let reply = bot.ask(SOMEBODY, "年输水量2024年目标是多少").await;
    let answer = pressed(&bot, SOMEBODY, &reply, "东渠年输水量").await;
    assert!(
        answer
            .text
            .starts_with("<b>东渠年输水量 2024年预期目标 ≥860万立方米</b>"),
        "{answer:?}"
    );
    let verdict = bot.ask(ADMIN, "年输水量2023年达标了吗").await;
    let answer = pressed(&bot, ADMIN, &verdict, "东渠年输水量").await;
    assert!(
        answer.text.contains("东渠年输水量 2023年达标"),
        "{answer:?}"
    );
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_is_turned_page_by_page_in_its_place() {
    let bot = RunningBot::start().await;
    let first = bot.ask(SOMEBODY, "都有哪些指标").await;
    let edition = bot.app.edition();
    let names = &edition.book.newest().unwrap().indicators;
    // A row is a name and its newest value, beside it or below.
    let stands = |reply: &Sent, at: usize| {
        let lines = reply
            .text
            .lines()
            .map(|line| line.trim_start_matches("<pre>"));
        let mut labels = lines.map(|line| line.split("  ").next().unwrap_or_default());
        labels.any(|label| label == names[at].name)
    };
    assert!(
        first.text.contains("2022年预期目标 5%左右"),
        "{}",
        first.text
    );
    assert!(
        stands(&first, 0) && stands(&first, 11) && !stands(&first, 12),
        "{}",
        first.text
    );
    let second = pressed(&bot, SOMEBODY, &first, "下一页 2/2").await;
    assert!(
        stands(&second, 12) && stands(&second, 22) && !stands(&second, 11),
        "{}",
        second.text
    );
    assert_eq!(
        second.replaces,
        Some(5),
        "the message with the button is changed"
    );
    assert!(
        second
            .buttons
            .iter()
            .any(|(label, _)| label.contains("上一页 1/2"))
    );
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_and_tables_are_sent_on_command() {
    let bot = RunningBot::start().await;
    let board = bot.ask(SOMEBODY, "/chart 全部").await;
    assert!(board.file.as_ref().unwrap().1.starts_with(b"\x89PNG") && !board.text.is_empty());
    assert!(
        bot.ask(SOMEBODY, "/chart 失业率")
            .await
            .text
            .contains("城镇调查失业率")
    );
    assert!(
        bot.ask(SOMEBODY, "/chart 火星")
            .await
            .text
            .contains("不是表里的指标")
    );
    assert!(
        bot.ask(SOMEBODY, "/chart")
            .await
            .text
            .contains("请写上指标名称")
    );
    let (name, workbook) = bot.ask(SOMEBODY, "/export").await.file.unwrap();
    assert!(name.ends_with(".xlsx") && workbook.starts_with(b"PK"));
    bot.ask(SOMEBODY, "绿化覆盖率2021年达标没").await;
    assert!(bot.ask(SOMEBODY, "/why").await.text.contains("绿化覆盖率"));
    assert!(bot.ask(ADMIN, "/why").await.text.contains("没有您的提问"));
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn inline_queries_are_answered_with_value_and_source() {
    let bot = RunningBot::start_by(|config| {
        only_qinghe(&config.paths.data);
        config.chat.allowed = vec![SOMEBODY];
    })
    .await;
    let typed = |person: i64, text: &str| {
        json!({"inline_query": {"id": format!("q{person}{text}"), "from": {"id": person, "is_bot": false, "first_name": "某人"},
            "query": text, "offset": ""}})
    };
    for (person, text) in [
        (SOMEBODY, "早稻亩均产量"),
        (SOMEBODY, "年输水量目标"),
        (SOMEBODY, "火星人口"),
        (99, "早稻亩均产量"),
    ] {
        bot.api.push_raw(typed(person, text));
    }
    let answers = bot.api.inline_answers_once(4).await;
    let of = |id: &str| {
        answers
            .iter()
            .find(|answer| answer["inline_query_id"] == json!(id))
            .unwrap()
            .clone()
    };
    let results = |answer: &Value| answer["results"].as_array().cloned().unwrap();
    let found = of(&format!("q{SOMEBODY}早稻亩均产量"));
    let first = &results(&found)[0];
    assert!(
        first["title"].as_str().unwrap().contains("早稻亩均产量")
            && first["title"].as_str().unwrap().contains("415公斤左右"),
        "{first}"
    );
    assert!(
        first["description"]
            .as_str()
            .unwrap()
            .starts_with("来源：附件2")
    );
    assert!(
        first["input_message_content"]["message_text"]
            .as_str()
            .unwrap()
            .starts_with("<b>")
    );
    assert!(
        results(&of(&format!("q{SOMEBODY}年输水量目标"))).len() >= 2,
        "an answer to each reading"
    );
    assert!(results(&of(&format!("q{SOMEBODY}火星人口"))).is_empty());
    assert!(
        results(&of("q99早稻亩均产量")).is_empty(),
        "a person who is not allowed"
    );
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_screens_give_examples_that_are_answered_and_links_open() {
    let bot = RunningBot::start().await;
    let start = bot.ask(SOMEBODY, "/start").await;
    assert!(
        start.text.contains("国民经济和社会发展计划"),
        "{}",
        start.text
    );
    assert_eq!(start.buttons.len(), 3);
    for (label, _) in start.buttons.clone() {
        let answer = pressed(&bot, SOMEBODY, &start, &label).await;
        assert!(answer.text.contains("来源："), "{label}: {answer:?}");
    }
    let help = bot.ask(SOMEBODY, "/help").await;
    assert!(
        help.text.contains("/chart") && !help.text.contains("/reload") && help.buttons.len() == 3
    );
    assert!(bot.ask(ADMIN, "/help").await.text.contains("/reload"));
    let answer = bot.ask(SOMEBODY, "什么是放管服").await;
    let original = pressed(&bot, SOMEBODY, &answer, "原文").await.text;
    let link = original
        .split(&format!("https://t.me/{BOT_NAME}?start="))
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap()
        .to_string();
    assert!(link.len() <= 64 && link.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
    assert!(
        bot.ask(ADMIN, &format!("/start {link}"))
            .await
            .text
            .contains("简政放权")
    );
    assert!(
        bot.ask(ADMIN, "/start no-such-link")
            .await
            .text
            .contains("点下面的例子")
    );
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_allowed_chats_are_answered() {
    let bot = RunningBot::start_by(|config| config.chat.allowed = vec![GROUP]).await;
    bot.api.push([
        private(SOMEBODY, "什么是放管服"),
        group(GROUP - 1, ADMIN, &mention("什么是放管服")),
    ]);
    bot.api
        .push([group(GROUP, SOMEBODY, &mention("什么是放管服"))]);
    assert_eq!(bot.api.next_sent().await.chat, GROUP);
    assert_eq!(bot.ask(ADMIN, "什么是放管服").await.chat, ADMIN);
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often_is_told_once_and_heard_again_later() {
    let bot = RunningBot::start_by(|config| {
        config.chat.questions_per_minute = 3;
        config.chat.waiting = 100;
    })
    .await;
    bot.api
        .push((0..9).map(|_| private(SOMEBODY, "什么是放管服")));
    let mut texts = Vec::new();
    for _ in 0..4 {
        texts.push(bot.api.next_sent().await.text);
    }
    assert_eq!(
        texts
            .iter()
            .filter(|text| text.contains("问得太多"))
            .count(),
        1,
        "{texts:?}"
    );
    bot.ask(ADMIN, "什么是放管服").await;
    bot.clock.set(6, 24, 9, 2);
    assert!(
        bot.ask(SOMEBODY, "什么是放管服")
            .await
            .text
            .contains("简政放权")
    );
    bot.finish().await;
}
