//! Reminders through the true client: subscribed, sent, pressed, extended, moved, lost.

use crate::fake_bot_api::{Fault, Sent};
use crate::harness::{ADMIN, RunningBot, SOMEBODY, group, mention, replace};
use serde_json::json;

const GROUP: i64 = -100_500;

/// A group that is subscribed at ten on the day of the first reminder, with that reminder.
async fn reminded() -> (RunningBot, Sent) {
    let bot = RunningBot::start().await;
    bot.clock.set(6, 24, 10, 0);
    bot.api.make_chat_admin(SOMEBODY);
    bot.api
        .push([group(GROUP, SOMEBODY, &mention("/subscribe 某街道"))]);
    let (first, second) = (bot.api.next_sent().await, bot.api.next_sent().await);
    let (said, reminder) = if first.text.contains("已订阅") {
        (first, second)
    } else {
        (second, first)
    };
    assert!(said.text.contains("已订阅报送提醒：某街道"), "{said:?}");
    (bot, reminder)
}

/// What the bot sends next when something on the desk wakes it: a second unit is subscribed in another chat.
async fn wake(bot: &RunningBot, person: i64) {
    bot.ask(person, "/subscribe 别的单位").await;
}

fn button(reminder: &Sent, label: &str) -> String {
    reminder
        .buttons
        .iter()
        .find(|(text, _)| text == label)
        .unwrap_or_else(|| panic!("{reminder:?}"))
        .1
        .clone()
}

#[tokio::test]
async fn a_subscribed_group_is_reminded_and_reports() {
    let (bot, reminder) = reminded().await;
    assert_eq!(reminder.chat, GROUP);
    for words in [
        "2022年7月8日（周五）截止，还有10个工作日",
        "单位：某街道",
        "按7月1日至10日理解",
        "各有关单位分别于2022年7月初",
    ] {
        assert!(reminder.text.contains(words), "{words}: {reminder:?}");
    }
    assert!(reminder.buttons.iter().all(|(_, id)| id.len() <= 64));
    bot.api.press(GROUP, SOMEBODY, &button(&reminder, "已报送"));
    assert!(
        bot.api
            .next_sent()
            .await
            .text
            .contains("某街道已报送，这一次不再提醒")
    );
    bot.api
        .push([group(GROUP, SOMEBODY, &mention("/deadlines"))]);
    assert!(bot.api.next_sent().await.text.contains("某街道：已报送"));
    bot.clock.set(7, 7, 10, 0);
    bot.ask(ADMIN, "/subscribe 别的单位").await;
    let next = bot.api.next_sent().await;
    assert_eq!(
        next.chat, ADMIN,
        "who has reported is not reminded: {next:?}"
    );
    bot.api.push([group(GROUP, ADMIN, &mention("/status"))]);
    let status = bot.api.next_sent().await.text;
    assert!(
        status.contains("单位2个：已报送1") && status.contains("别的单位：未回应"),
        "{status}"
    );
    bot.finish().await;
}

#[tokio::test]
async fn more_time_is_asked_for_with_a_date_and_told_to_administrators() {
    let (bot, reminder) = reminded().await;
    bot.api.press(GROUP, SOMEBODY, &button(&reminder, "需延期"));
    assert!(bot.api.next_sent().await.text.contains("延期到哪天"));
    bot.api
        .push([group(GROUP, SOMEBODY, &mention("7月15日，数据还没汇总完"))]);
    let (first, second) = (bot.api.next_sent().await, bot.api.next_sent().await);
    let (said, told) = if first.chat == GROUP {
        (first, second)
    } else {
        (second, first)
    };
    assert!(
        said.text
            .contains("申请延期到7月15日（周五），已转告管理员"),
        "{said:?}"
    );
    assert!(
        told.chat == ADMIN && told.text.contains("数据还没汇总完"),
        "{told:?}"
    );
    bot.api
        .press(GROUP + 1, SOMEBODY, &button(&reminder, "已报送"));
    bot.api.press(GROUP, SOMEBODY, "no such button");
    bot.ask(SOMEBODY, "什么是放管服").await;
    assert!(
        bot.api
            .flashes()
            .iter()
            .filter(|flash| flash.contains("失效"))
            .count()
            == 2,
        "{:?}",
        bot.api.flashes()
    );
    bot.finish().await;
}

#[tokio::test]
async fn only_those_who_may_subscribe_and_see_the_status() {
    let bot = RunningBot::start().await;
    bot.api
        .push([group(GROUP, SOMEBODY, &mention("/subscribe 某街道"))]);
    assert!(bot.api.next_sent().await.text.contains("只有本群管理员"));
    assert!(
        bot.ask(SOMEBODY, "/status")
            .await
            .text
            .contains("只有管理员")
    );
    assert!(
        bot.ask(SOMEBODY, "/subscribe")
            .await
            .text
            .contains("请写上单位名称")
    );
    bot.finish().await;
}

/// A refusal for now and a moved chat: the reminder arrives once, and the records follow the chat.
#[tokio::test]
async fn a_chat_that_moves_is_followed() {
    let (bot, first) = reminded().await;
    bot.clock.set(7, 1, 10, 0);
    bot.api.fail_next([Fault::MovedTo(GROUP - 1)]);
    bot.api.push_raw(json!({"some_kind": {}}));
    wake_without_reply(&bot).await;
    let reminder = bot.api.next_sent().await;
    assert_eq!(reminder.chat, GROUP - 1);
    assert!(reminder.text.contains("还有5个工作日"));
    let subscriptions = bot.app.store().unwrap().subscriptions().unwrap();
    assert_eq!(
        subscriptions
            .iter()
            .map(|subscription| subscription.chat)
            .collect::<Vec<_>>(),
        [GROUP - 1]
    );
    bot.api
        .press(GROUP - 1, SOMEBODY, &button(&first, "处理中"));
    assert!(
        bot.api.next_sent().await.text.contains("某街道处理中"),
        "a button under an older message still works"
    );
    bot.finish().await;
}

/// Wakes the reminders with a change that says nothing in a chat: new data.
async fn wake_without_reply(bot: &RunningBot) {
    replace(
        &bot.file("units.toml"),
        "# 需要报送的单位",
        "# 要报送的单位",
    );
    let app = std::sync::Arc::clone(&bot.app);
    app.reload(planbot::ports::PersonId(ADMIN)).await;
}

#[tokio::test]
async fn a_bot_that_is_removed_says_so_to_administrators() {
    let (bot, _) = reminded().await;
    bot.api.push_raw(
        json!({"my_chat_member": {"chat": {"id": GROUP, "type": "supergroup", "title": "工作群"},
        "from": {"id": SOMEBODY, "is_bot": false, "first_name": "某人"}, "date": 1,
        "old_chat_member": {"status": "member"}, "new_chat_member": {"status": "kicked"}}}),
    );
    let told = bot.api.next_sent().await;
    assert!(
        told.chat == ADMIN && told.text.contains("离开了会话") && told.text.contains("某街道"),
        "{told:?}"
    );
    bot.clock.set(7, 1, 10, 0);
    wake(&bot, SOMEBODY).await;
    assert_eq!(
        bot.api.next_sent().await.chat,
        SOMEBODY,
        "a lost chat is not written to"
    );
    bot.finish().await;
}

/// A due day that changes with the data: who was told gets one correction.
#[tokio::test]
async fn a_changed_due_day_is_corrected_once() {
    let (bot, _) = reminded().await;
    let directory = "plans/yuzhong-2022";
    replace(
        &bot.file(&format!("{directory}/plan.toml")),
        "\"2022年7月初\"",
        "\"2022年7月20日前\"",
    );
    wake_without_reply(&bot).await;
    let correction = bot.api.next_sent().await;
    assert!(
        correction
            .text
            .contains("更正：截止日原为2022年7月8日（周五），现为2022年7月20日（周三）"),
        "{correction:?}"
    );
    wake(&bot, SOMEBODY).await;
    bot.finish().await;
}

#[tokio::test]
async fn what_is_due_comes_as_a_calendar_file() {
    let (bot, _) = reminded().await;
    bot.api
        .push([group(GROUP, SOMEBODY, &mention("/deadlines"))]);
    let said = bot.api.next_sent().await;
    bot.api.press(GROUP, SOMEBODY, &said.button("日历文件"));
    let sent = bot.api.next_sent().await;
    let (name, content) = sent.file.unwrap();
    let content = String::from_utf8(content).unwrap();
    assert_eq!(name, "报送期限.ics");
    for words in ["BEGIN:VCALENDAR", "20220708", "20221230", "BEGIN:VALARM"] {
        assert!(content.contains(words), "{words}: {content}");
    }
    bot.finish().await;
}

/// The matrix as files, for administrators only; a unit's name is no formula.
#[tokio::test]
async fn who_has_reported_comes_as_a_table() {
    let (bot, reminder) = reminded().await;
    bot.api.press(GROUP, SOMEBODY, &button(&reminder, "已报送"));
    bot.api.next_sent().await;
    bot.ask(SOMEBODY, "/subscribe =HYPERLINK(1)").await;
    assert_eq!(bot.api.next_sent().await.chat, SOMEBODY);
    let status = bot.ask(ADMIN, "/status").await;
    bot.api.press(ADMIN, ADMIN, &status.button("CSV"));
    let (name, csv) = bot.api.next_sent().await.file.unwrap();
    let csv = String::from_utf8(csv).unwrap();
    assert!(
        name == "报送情况-2022-06-24.csv" && csv.starts_with('\u{feff}'),
        "{name}"
    );
    assert!(
        csv.contains("某街道,已报送") && csv.contains("'=HYPERLINK(1),未回应"),
        "{csv}"
    );
    bot.api.press(ADMIN, ADMIN, &status.button("XLSX"));
    let (name, workbook) = bot.api.next_sent().await.file.unwrap();
    assert!(name.ends_with(".xlsx") && workbook.starts_with(b"PK"));
    bot.api.press(ADMIN, SOMEBODY, &status.button("CSV"));
    assert!(bot.api.next_sent().await.text.contains("只有管理员"));
    bot.finish().await;
}
