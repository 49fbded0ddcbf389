//! A report that an administrator sends to the bot as a file.

use crate::fake_bot_api::Sent;
use crate::harness::{ADMIN, RunningBot, SOMEBODY, group, private};
use crate::word_files::small_report;
use serde_json::{Value, json};

const GROUP: i64 = -100_123;

/// A message with a file; `bytes` is how large the messenger says that it is.
fn with_file(mut message: Value, id: &str, name: &str, bytes: usize) -> Value {
    if let Some(fields) = message.as_object_mut() {
        fields.remove("text");
    }
    message["document"] = json!({"file_id": id, "file_unique_id": id, "file_name": name,
        "file_size": bytes});
    message
}

async fn sent_by(bot: &RunningBot, person: i64, id: &str, name: &str) -> Sent {
    bot.api
        .push([with_file(private(person, ""), id, name, 2_000)]);
    bot.api.next_sent().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sends_a_report_looks_and_approves() {
    let bot = RunningBot::start().await;
    bot.api.keep_file("f1", &small_report());
    let read = sent_by(&bot, ADMIN, "f1", "../柳溪计划.docx").await;
    for expected in ["柳溪计划.docx", "liuxi-2030", "柳溪县", "数值 2 个"] {
        assert!(read.text.contains(expected), "{expected}: {}", read.text);
    }
    bot.api.press(ADMIN, ADMIN, &read.button("写入并启用"));
    let written = bot.api.next_sent().await;
    assert!(
        written.text.contains("已写入计划 liuxi-2030"),
        "{}",
        written.text
    );
    let answer = bot.ask(ADMIN, "柳溪县油菜亩产目标").await;
    assert!(answer.text.contains("155公斤"), "{}", answer.text);
    // It does not wait any longer; sent again it would take the place of the plan.
    bot.api.press(ADMIN, ADMIN, &read.button("放弃"));
    let done = bot.api.next_sent().await;
    assert!(done.text.contains("已经处理过"), "{}", done.text);
    let again = sent_by(&bot, ADMIN, "f1", "柳溪计划.docx").await;
    bot.api
        .press(ADMIN, ADMIN, &again.button("替换现有的 liuxi-2030 并启用"));
    let replaced = bot.api.next_sent().await;
    assert!(
        replaced.text.contains("已写入计划 liuxi-2030"),
        "{}",
        replaced.text
    );
    let audits = bot.app.store().unwrap().audits().unwrap();
    let imports = audits
        .iter()
        .filter(|audit| audit.act == planbot::AuditAct::Import);
    let by: Vec<i64> = imports.map(|audit| audit.person.0).collect();
    assert_eq!(by, [ADMIN, ADMIN]);
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_is_dropped_leaves_the_data_as_they_were() {
    let bot = RunningBot::start().await;
    bot.api.keep_file("f1", &small_report());
    let read = sent_by(&bot, ADMIN, "f1", "a.docx").await;
    bot.api.press(ADMIN, ADMIN, &read.button("放弃"));
    assert!(bot.api.next_sent().await.text.contains("没有改变"));
    bot.api.press(ADMIN, ADMIN, &read.button("写入并启用"));
    assert!(bot.api.next_sent().await.text.contains("已经处理过"));
    assert!(!bot.file("plans/liuxi-2030").exists());
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_bring_reports_and_files_in_groups_are_let_pass() {
    let bot = RunningBot::start().await;
    bot.api.keep_file("f1", &small_report());
    let refused = sent_by(&bot, SOMEBODY, "f1", "a.docx").await;
    assert!(refused.text.contains("只有管理员"), "{}", refused.text);
    let mut asked = with_file(private(SOMEBODY, ""), "f1", "a.docx", 2_000);
    asked["caption"] = json!("什么是放管服");
    let in_group = with_file(group(GROUP, ADMIN, ""), "f1", "a.docx", 2_000);
    let numbers = bot.api.push([in_group, asked]);
    let answer = bot.api.next_sent().await;
    assert_eq!(answer.reply_to, Some(numbers[1]));
    assert!(answer.text.contains("简政放权"), "{}", answer.text);
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_cannot_be_read_are_answered_with_what_to_do() {
    let bot = RunningBot::start().await;
    bot.api
        .keep_file("scrap", b"%PDF-1.7 and nothing behind it");
    bot.api.keep_file("empty", b"");
    for (id, bytes, expected) in [
        ("scrap", 30, "不能写入"),
        ("empty", 0, "是空的"),
        ("never kept", 2_000, "文件太大"),
        ("large", 30 * 1_048_576, "文件太大"),
    ] {
        bot.api
            .push([with_file(private(ADMIN, ""), id, "计划.pdf", bytes)]);
        let said = bot.api.next_sent().await;
        assert!(said.text.contains(expected), "{id}: {}", said.text);
        assert!(!said.text.contains("写入并启用"));
    }
    bot.finish().await;
}
