//! Reminders through the true client: subscribed, sent, pressed, extended, moved, lost.

use crate::fake_bot_api::{Fault, Sent};
use crate::harness::{
    ADMIN, RunningBot, SOMEBODY, TestClock, app_at, copied_data, group, mention, reply,
};
use futures::FutureExt;
use planbot::{
    Capabilities, ChatId, MessageId, Messenger, Outgoing, PersonId, Replied, SendOutcome, Sending,
    Store, Who, remind_once, write_text,
};
use serde_json::json;
use std::sync::Arc;

const GROUP: i64 = -100_500;

/// What the data list: a unit with its group, and one without a chat.
const UNITS: &str =
    "[[unit]]\nname = \"某街道\"\nchat = -100500\n\n[[unit]]\nname = \"别的单位\"\n";

/// A group that the data name for a unit, with the first reminder.
async fn reminded() -> (RunningBot, Sent) {
    let bot = RunningBot::start_with_units(UNITS).await;
    bot.at(6, 24, 10, 0);
    let reminder = bot.api.next_sent().await;
    (bot, reminder)
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
    let shown = bot.api.next_sent().await;
    assert!(
        shown.replaces == Some(reminder.number) && shown.text.contains("✓ 已报送 · 某人 10:00"),
        "{shown:?}"
    );
    bot.api
        .push([group(GROUP, SOMEBODY, &mention("/deadlines"))]);
    assert!(bot.api.next_sent().await.text.contains("某街道：已报送"));
    bot.api.flashed(1, "某街道已报送，这一次不再提醒").await;
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
    let question = bot.api.next_sent().await;
    assert!(question.text.contains("某街道要延期到哪天"), "{question:?}");
    let answer = reply(GROUP, SOMEBODY, &question, "7月15日，数据还没汇总完");
    bot.api.push([answer]);
    let mut sent = Vec::new();
    for _ in 0..3 {
        sent.push(bot.api.next_sent().await);
    }
    let of = |test: &dyn Fn(&Sent) -> bool| sent.iter().find(|sent| test(sent)).unwrap().clone();
    let said = of(&|sent| sent.chat == GROUP && sent.replaces.is_none());
    assert!(
        said.text
            .contains("某街道申请延期到2022年7月15日（周五），已转告管理员"),
        "{said:?}"
    );
    let told = of(&|sent| sent.chat == ADMIN);
    assert!(told.text.contains("数据还没汇总完"), "{told:?}");
    let shown = of(&|sent| sent.replaces == Some(reminder.number));
    assert!(
        shown
            .text
            .contains("申请延期到2022年7月15日（周五） · 某人"),
        "{shown:?}"
    );
    bot.api
        .press(GROUP + 1, SOMEBODY, &button(&reminder, "已报送"));
    bot.api.press(GROUP, SOMEBODY, "no such button");
    bot.ask(SOMEBODY, "什么是放管服").await;
    bot.api.flashed(2, "失效").await;
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
    bot.api.fail_next([Fault::MovedTo(GROUP - 1)]);
    bot.at(7, 1, 10, 0);
    let reminder = bot.api.next_sent().await;
    assert_eq!(reminder.chat, GROUP - 1);
    assert!(reminder.text.contains("还有5个工作日"));
    // The data still name the old id: it is followed, and nothing comes twice.
    // Administrators hear which line of the data to change.
    let told = bot.until_quiet().await;
    assert!(
        told.len() == 1 && told[0].chat == ADMIN && told[0].text.contains("units.toml"),
        "{told:?}"
    );
    let subscriptions = bot.app.store().unwrap().subscriptions().unwrap();
    assert_eq!(
        subscriptions
            .iter()
            .map(|subscription| subscription.chat.0)
            .collect::<Vec<_>>(),
        [GROUP - 1]
    );
    bot.api
        .press(GROUP - 1, SOMEBODY, &button(&first, "处理中"));
    assert!(
        bot.api.next_sent().await.text.contains("处理中 · 某人"),
        "a button under an older message still works"
    );
    bot.finish().await;
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
    bot.at(7, 1, 10, 0);
    bot.ask(ADMIN, "/subscribe 别的单位").await;
    assert_eq!(
        bot.api.next_sent().await.chat,
        ADMIN,
        "a lost chat is not written to"
    );
    let status = bot.ask(ADMIN, "/status").await.text;
    assert!(status.contains("某街道：联系不上"), "{status}");
    bot.finish().await;
}

/// A due day that changes with the data: who was told gets one correction.
#[tokio::test]
async fn a_changed_due_day_is_corrected_once() {
    let (bot, _) = reminded().await;
    let plan = "plans/yuzhong-2022/plan.toml";
    bot.reload_with(plan, "\"2022年7月初\"", "\"2022年7月20日前\"")
        .await;
    let correction = bot.api.next_sent().await;
    assert!(
        correction
            .text
            .contains("更正：截止日原为2022年7月8日（周五），现为2022年7月20日（周三）"),
        "{correction:?}"
    );
    bot.app.wake_desk();
    bot.ask(SOMEBODY, "什么是放管服").await;
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
    let units = UNITS.replace("别的单位", "=HYPERLINK(1)");
    let bot = RunningBot::start_with_units(&units).await;
    bot.at(6, 24, 10, 0);
    let reminder = bot.api.next_sent().await;
    bot.api.press(GROUP, SOMEBODY, &button(&reminder, "已报送"));
    bot.api.next_sent().await;
    let status = bot.ask(ADMIN, "/status").await;
    bot.api.press(ADMIN, ADMIN, &status.button("CSV"));
    let (name, csv) = bot.api.next_sent().await.file.unwrap();
    let csv = String::from_utf8(csv).unwrap();
    assert!(
        name == "报送情况-2022-06-24.csv" && csv.starts_with('\u{feff}'),
        "{name}"
    );
    assert!(
        csv.contains("某街道,已报送（某人 6月24日 10:00）")
            && csv.contains("'=HYPERLINK(1),未回应"),
        "{csv}"
    );
    bot.api.press(ADMIN, ADMIN, &status.button("XLSX"));
    let (name, workbook) = bot.api.next_sent().await.file.unwrap();
    assert!(name.ends_with(".xlsx") && workbook.starts_with(b"PK"));
    bot.api.press(ADMIN, SOMEBODY, &status.button("CSV"));
    assert!(bot.api.next_sent().await.text.contains("只有管理员"));
    bot.finish().await;
}

/// A due phrase that cannot be read is said with the reload, as `planbot check` says it.
#[tokio::test]
async fn a_reload_says_which_phrase_it_cannot_read() {
    let (bot, _) = reminded().await;
    let plan = "plans/yuzhong-2022/plan.toml";
    let reloaded = bot
        .reload_with(plan, "\"2022年7月初\"", "\"2022年适时\"")
        .await;
    let text = format!("{reloaded:?}");
    assert!(text.contains("看不懂期限“2022年适时”"), "{text}");
    bot.finish().await;
}

/// In a year without its calendar every message says that days are estimated; and that the document speaks of another year.
#[tokio::test]
async fn a_year_without_its_calendar_is_an_estimate_in_every_message() {
    let bot = RunningBot::start_with_units(UNITS).await;
    let none = bot.data.path().join("data/calendar/2023.toml");
    let moved = bot.data.path().join("2023.toml");
    planbot::rename_file(&none, &moved).unwrap();
    let app = std::sync::Arc::clone(&bot.app);
    app.reload(planbot::PersonId(ADMIN)).await;
    bot.clock.set_year(2022, 12, 30, 10, 0);
    bot.app.wake_desk();
    let last = bot.api.next_sent().await;
    assert!(!last.text.contains("预估"), "{last:?}");
    // The first of January: no file says that nobody works then.
    bot.clock.set_year(2023, 1, 2, 10, 0);
    bot.app.wake_desk();
    for sent in bot.until_quiet().await {
        assert!(sent.text.contains("预估"), "{sent:?}");
    }
    let status = bot.ask(ADMIN, "/status").await.text;
    assert!(
        status.contains("2022年12月30日（周五）截止，已过1个工作日（预估"),
        "{status}"
    );
    bot.clock.set_year(2023, 6, 27, 10, 0);
    bot.app.wake_desk();
    let next = bot.until_quiet().await;
    assert!(
        next.len() == 1
            && next[0].text.contains("预估")
            && next[0]
                .text
                .contains("2022年计划里的要求，按每年重复推到2023年"),
        "{next:?}"
    );
    bot.finish().await;
}

/// A messenger that numbers every message the same: only one is sent.
struct Numbering;

const REMINDER: MessageId = MessageId(7);

impl Messenger for Numbering {
    fn capabilities(&self) -> Capabilities {
        Capabilities::all("test")
    }

    fn send<'a>(&'a self, _message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async { SendOutcome::Delivered(Some(REMINDER)) })
    }
}

/// Words in reply to the bot that are no act are a question like any other: they wake no reminders, and what wakes them
/// is what waits for the disk. An act does both.
#[tokio::test]
async fn only_an_act_wakes_the_reminders() {
    let data = copied_data();
    let data = data.path().join("data");
    write_text(&data.join("units.toml"), UNITS).unwrap();
    let clock = Arc::new(TestClock::default());
    clock.set(6, 24, 10, 0);
    let state = tempfile::tempdir().unwrap();
    let app = app_at(&data, Some(Store::open(state.path()).unwrap()), clock);
    remind_once(&app, &Numbering).await;
    let who = Who {
        chat: ChatId(GROUP),
        person: PersonId(SOMEBODY),
        name: "某人".to_string(),
    };
    let woken = || app.desk_changed().now_or_never().is_some();
    woken();
    let kept = app.with_state().unwrap();
    let question = "城镇调查失业率的目标是多少";
    assert_eq!(kept.replied(&who, REMINDER, question).await.unwrap(), None);
    let elsewhere = kept.replied(&who, MessageId(1), "已报送").await.unwrap();
    assert_eq!(elsewhere, None);
    assert!(!woken(), "nothing was done");
    let acted = kept.replied(&who, REMINDER, "已报送").await.unwrap();
    assert!(matches!(acted, Some(Replied::Acted(_))), "{acted:?}");
    assert!(woken());
}
