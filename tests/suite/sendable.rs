//! Everything that can be sent is sent: texts and keyboards beyond what Telegram takes in one message, and files within what
//! spreadsheets and calendars take. The fake Bot API refuses what is beyond its limits.

use crate::fake_bot_api::{Fault, Sent};
use crate::harness::{
    ADMIN, RunningBot, SOMEBODY, app, copied_qinghe, plan_like, qinghe_plan, replace, reply,
};
use calamine::{Reader, Xlsx};
use chrono::NaiveDate;
use planbot::{ChatId, Chosen, OutboxEntry, Purpose, calendar_file, list_by_age, plan_workbook};
use std::collections::BTreeSet;
use std::io::Cursor;

const GROUP: i64 = -100_150;
const UNITS: usize = 250;

fn name(number: usize) -> String {
    format!("第{number:03}号街道办事处经济发展和统计工作科")
}

/// Units of which all, or none, are reminded in the group.
fn units(chat: Option<i64>) -> String {
    let chat = chat.map_or(String::new(), |chat| format!("chat = {chat}\n"));
    let unit = |number| format!("[[unit]]\nname = \"{}\"\n{chat}\n", name(number));
    (0..UNITS).map(unit).collect()
}

/// What is sent to a chat until all units are named; bounded.
async fn until_all_are_named(bot: &RunningBot, chat: i64) -> Vec<Sent> {
    let mut sent: Vec<Sent> = Vec::new();
    let mut missing: BTreeSet<String> = (0..UNITS).map(name).collect();
    while !missing.is_empty() {
        assert!(sent.len() < 10, "{} units are never named", missing.len());
        let next = bot.api.next_sent_to(chat).await;
        missing.retain(|name| !next.text.contains(name.as_str()));
        sent.push(next);
    }
    sent
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_250_silent_units_reaches_administrators() {
    let bot = RunningBot::start_with_units(&units(None)).await;
    bot.at(7, 11, 10, 0);
    let sent = until_all_are_named(&bot, ADMIN).await;
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert!(sent[0].text.contains("【督查】"));
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_of_250_units_is_sent_changed_and_replied_to() {
    let bot = RunningBot::start_with_units(&units(Some(GROUP))).await;
    bot.at(6, 24, 10, 0);
    let sent = until_all_are_named(&bot, GROUP).await;
    let first = &sent[0];
    assert!(sent[1..].iter().all(|part| part.buttons.is_empty()));
    bot.api
        .press_at(GROUP, SOMEBODY, first.number, &first.button("已报送"));
    // The rest of the text is no message of its own each time.
    let changed = loop {
        let next = bot.api.next_sent_to(GROUP).await;
        if next.replaces.is_some() {
            break next;
        }
        assert!(!next.text.contains("单位："), "{next:?}");
    };
    assert_eq!(changed.replaces, Some(first.number));
    assert!(
        changed
            .buttons
            .iter()
            .any(|(label, _)| label.starts_with("撤回"))
    );
    // Whose report it is: more buttons than one message takes.
    bot.api.push([reply(GROUP, SOMEBODY, first, "已报送")]);
    let mut labels = BTreeSet::new();
    for _ in 0..3 {
        let asked = bot.api.next_sent_to(GROUP).await;
        labels.extend(asked.buttons.into_iter().map(|(label, _)| label));
    }
    assert!(labels.len() >= UNITS - 1, "{}", labels.len());
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_beyond_a_few_messages_comes_as_a_file() {
    let bot = RunningBot::start().await;
    let text = "一句话说的是12345.67亿元。".repeat(2_000);
    promise(&bot, &text);
    let sent = bot.api.next_sent_to(ADMIN).await;
    let (name, bytes) = sent.file.clone().expect("no file");
    assert!(
        name.ends_with(".txt") && sent.text.contains("一句话"),
        "{sent:?}"
    );
    assert!(String::from_utf8(bytes).unwrap().ends_with(&text));
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_broken_off_goes_on_where_it_ended() {
    let bot = RunningBot::start().await;
    bot.api
        .set_weather(|send| (send == 2).then_some(Fault::BadGateway));
    promise(
        &bot,
        &format!("{}。\n{}。", "甲".repeat(3_000), "乙".repeat(3_000)),
    );
    let first = bot.api.next_sent_to(ADMIN).await;
    assert!(first.text.contains('甲') && !first.text.contains('乙'));
    bot.at(6, 24, 10, 0);
    let second = bot.api.next_sent_to(ADMIN).await;
    assert!(
        second.text.contains('乙') && !second.text.contains('甲'),
        "{second:?}"
    );
    bot.until_quiet().await;
    bot.finish().await;
}

fn promise(bot: &RunningBot, text: &str) {
    let purpose = Purpose::Text {
        text: text.to_string(),
        at_once: true,
    };
    let entry = OutboxEntry::new(ChatId(ADMIN), purpose, bot.app.now());
    bot.app.store().unwrap().promise(entry, &[]).unwrap();
    bot.app.wake_desk();
}

/// Two plans of a year, with a definition that no cell holds.
#[test]
fn two_plans_of_a_year_and_a_long_definition_are_one_workbook() {
    let directory = copied_qinghe();
    let data = directory.path().join("data");
    let other = data.join("plans/other-2024");
    plan_like(&qinghe_plan(), &other, |text| text.replace("青禾", "白山"));
    let app = app(&data, None);
    let mut plans = app.edition().book.plans().to_vec();
    assert_eq!(plans.len(), 2);
    // Longer than the data may hold: a workbook is made of whatever it is given.
    let long = "说的是12345.67亿元，".repeat(2_400);
    plans[1].terms[0].definition.clone_from(&long);
    let tables: Vec<Chosen> = plans
        .iter()
        .map(|plan| Chosen::whole(plan, |_| false))
        .collect();
    let file = plan_workbook(&tables, None).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.bytes)).unwrap();
    let names = book.sheet_names();
    assert_eq!(names.len(), 4, "{names:?}");
    // The definition stands in one column, over as many rows as it needs.
    let texts: String = names
        .iter()
        .flat_map(|name| {
            let range = book.worksheet_range(name).unwrap();
            let rows = range.rows().filter_map(|row| row.get(1));
            rows.map(ToString::to_string).collect::<Vec<_>>()
        })
        .collect();
    assert!(texts.contains(&long), "the definition is not whole");
}

/// A carriage return alone begins no line of its own in a calendar.
#[test]
fn a_calendar_has_no_line_that_its_texts_made() {
    let directory = copied_qinghe();
    let data = directory.path().join("data");
    let plan = list_by_age(&data.join("plans"))
        .unwrap()
        .remove(0)
        .join("plan.toml");
    replace(
        &plan,
        "subject = \"",
        "subject = \"甲\\rATTENDEE:mailto:x\\r\\nX-EVIL:1\\u0085",
    );
    let app = app(&data, None);
    let day = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
    let text = calendar_file(&app.agenda(), (day(2024), day(2026)), app.now().to_utc());
    assert!(text.contains("BEGIN:VEVENT"), "{text}");
    let lines: Vec<&str> = text.split(['\r', '\n', '\u{85}']).collect();
    let made = |line: &&&str| line.starts_with("ATTENDEE") || line.starts_with("X-EVIL");
    assert_eq!(lines.iter().find(made), None);
    assert_eq!(
        text.replace("\r\n", "").find(['\r', '\n']),
        None,
        "every line ends in CR LF"
    );
}
