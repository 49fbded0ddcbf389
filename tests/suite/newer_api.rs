//! What newer versions of the Bot API can show, and that nothing is lost where the server does not know them.

use crate::fake_bot_api::{FakeBotApi, Sent};
use crate::harness::{ADMIN, RunningBot, SOMEBODY, group, mention};
use planbot::write_text;
use serde_json::json;

const GROUP: i64 = -100_600;
const UNITS: &str = "[[unit]]\nname = \"某街道\"\nchat = -100600\n\n[[unit]]\nname = \"乙<局>\"\n";

/// A bot over two units, with a server that knows everything, or one that is old.
async fn at_a(server: fn(&FakeBotApi)) -> RunningBot {
    let bot = RunningBot::start_by(|config| {
        write_text(&config.paths.data.join("units.toml"), UNITS).unwrap()
    })
    .await;
    server(&bot.api);
    bot
}

const NEW: fn(&FakeBotApi) = |_| {};
const OLD: fn(&FakeBotApi) = FakeBotApi::grow_old;

async fn asked_in_the_group(bot: &RunningBot, question: &str) -> Sent {
    bot.api.push([group(GROUP, SOMEBODY, &mention(question))]);
    bot.api.next_sent().await
}

#[tokio::test]
async fn a_refusal_in_a_group_is_shown_to_whoever_asked_alone() {
    let bot = at_a(NEW).await;
    let refusal = asked_in_the_group(&bot, "火星人口2022年目标").await;
    assert_eq!(refusal.quietly, Some((SOMEBODY, None)), "{refusal:?}");
    let answer = asked_in_the_group(&bot, "什么是放管服").await;
    assert_eq!(answer.quietly, None);
    // Alone with the bot there is nobody to be quiet for.
    assert_eq!(bot.ask(SOMEBODY, "火星人口2022年目标").await.quietly, None);
    bot.finish().await;
}

#[tokio::test]
async fn the_original_and_the_reason_are_shown_to_whoever_pressed() {
    let bot = at_a(NEW).await;
    let answer = asked_in_the_group(&bot, "失业率2022年目标").await;
    for label in ["原文", "为什么"] {
        bot.api
            .press_under(&answer, SOMEBODY + 5, "a-press", &answer.button(label));
        let shown = bot.api.next_sent().await;
        assert_eq!(
            shown.quietly,
            Some((SOMEBODY + 5, Some("a-press".to_string()))),
            "{label}: {shown:?}"
        );
    }
    bot.finish().await;
}

#[tokio::test]
async fn a_server_that_knows_no_quiet_messages_shows_them_to_all() {
    let bot = at_a(OLD).await;
    let refusal = asked_in_the_group(&bot, "火星人口2022年目标").await;
    assert!(
        refusal.quietly.is_none() && refusal.text.contains("火星"),
        "{refusal:?}"
    );
    let answer = asked_in_the_group(&bot, "失业率2022年目标").await;
    bot.api
        .press_under(&answer, SOMEBODY, "a-press", &answer.button("原文"));
    let shown = bot.api.next_sent().await;
    assert!(
        shown.quietly.is_none() && shown.text.contains("5以内"),
        "{shown:?}"
    );
    bot.finish().await;
}

async fn reminder(bot: &RunningBot) -> Sent {
    bot.clock.set(6, 24, 10, 0);
    bot.app.wake_desk();
    bot.api.next_sent().await
}

#[tokio::test]
async fn the_buttons_of_a_reminder_stand_out_where_they_can() {
    let bot = at_a(NEW).await;
    let styled = reminder(&bot).await;
    let styles: Vec<_> = styled.markup["inline_keyboard"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row.as_array().unwrap())
        .map(|button| (button["text"].as_str().unwrap(), button["style"].as_str()))
        .collect();
    assert_eq!(
        styles,
        [
            ("已报送", Some("success")),
            ("处理中", None),
            ("需延期", Some("danger"))
        ]
    );
    bot.finish().await;
    let bot = at_a(OLD).await;
    let plain = reminder(&bot).await;
    assert_eq!(plain.text, styled.text);
    assert_eq!(plain.rows, styled.rows);
    bot.finish().await;
}

#[tokio::test]
async fn a_date_is_asked_for_with_an_open_field() {
    let bot = at_a(NEW).await;
    let reminder = reminder(&bot).await;
    bot.api
        .press_under(&reminder, SOMEBODY, "a-press", &reminder.button("需延期"));
    let question = bot.api.next_sent().await;
    assert!(question.text.contains("延期到哪天"), "{question:?}");
    assert_eq!(question.markup["force_reply"], json!(true));
    assert_eq!(question.markup["selective"], json!(true));
    let placeholder = question.markup["input_field_placeholder"].as_str().unwrap();
    assert!(
        (1..=64).contains(&placeholder.chars().count()),
        "{placeholder}"
    );
    bot.finish().await;
}

#[tokio::test]
async fn who_has_reported_is_a_table_where_the_server_shows_one() {
    let bot = at_a(NEW).await;
    let table = bot.ask(ADMIN, "/status").await;
    let html = table.rich.as_deref().unwrap();
    assert!(
        html.contains("<tr><th>单位</th><th>2022-07-08</th></tr>"),
        "{html}"
    );
    assert!(
        html.contains("<tr><td>乙&lt;局&gt;</td><td>未回应</td></tr>"),
        "{html}"
    );
    assert!(html.contains("单位2个"), "{html}");
    assert_eq!(table.buttons.len(), 2);
    bot.finish().await;
    let bot = at_a(OLD).await;
    let text = bot.ask(ADMIN, "/status").await;
    assert!(
        text.rich.is_none() && text.text.contains("某街道：未回应"),
        "{text:?}"
    );
    assert_eq!(text.buttons.len(), 2);
    bot.finish().await;
}

#[tokio::test]
async fn a_button_that_has_done_all_it_can_is_disabled_or_goes() {
    let bot = at_a(NEW).await;
    let answer = bot.ask(SOMEBODY, "失业率2022年目标").await;
    let button = answer.button("原文");
    bot.api.press_under(&answer, SOMEBODY, "a-press", &button);
    bot.api.next_sent().await;
    let keyboard = bot.api.keyboards_once(1).await[0].to_string();
    assert!(
        keyboard.contains(r#"{"disabled":{},"text":"✓ 原文"}"#),
        "{keyboard}"
    );
    assert!(!keyboard.contains(&button), "{keyboard}");
    // In a group the next one may want to see it too.
    let answer = asked_in_the_group(&bot, "失业率2022年目标").await;
    bot.api
        .press_under(&answer, SOMEBODY, "a-press", &answer.button("原文"));
    bot.api.next_sent().await;
    bot.api
        .press_under(&answer, SOMEBODY, "a-press", &answer.button("对比图"));
    bot.api.next_sent().await;
    let keyboards = bot.api.keyboards_once(2).await;
    assert!(
        keyboards[1].to_string().contains("✓ 对比图"),
        "{keyboards:?}"
    );
    bot.finish().await;
    let bot = at_a(OLD).await;
    let answer = bot.ask(SOMEBODY, "失业率2022年目标").await;
    bot.api
        .press_under(&answer, SOMEBODY, "a-press", &answer.button("原文"));
    bot.api.next_sent().await;
    let keyboard = bot.api.keyboards_once(1).await[0].to_string();
    assert!(
        !keyboard.contains("原文") && keyboard.contains("为什么"),
        "{keyboard}"
    );
    bot.finish().await;
}
