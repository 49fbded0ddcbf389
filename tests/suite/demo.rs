//! A demonstration and the true thing are apart: the clock moves only where it was asked for, with a state of its own, and every
//! message says so.

use crate::harness::copied_data;
use planbot::{ChatId, Store, write_text};
use std::path::Path;

/// What the program prints for some lines, and its exit code.
fn said(directory: &Path, arguments: &[&str], lines: &str) -> (String, i32) {
    let mut command = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("planbot"));
    let output = command
        .current_dir(directory)
        .env_remove("TELOXIDE_TOKEN")
        .args(arguments)
        .write_stdin(lines)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).to_string();
    (text, output.status.code().unwrap_or(-1))
}

#[test]
fn what_was_promised_in_a_demonstration_silences_no_true_reminder() {
    let directory = copied_data();
    let units = "[[unit]]\nname = \"甲街道\"\nchat = -100501\n";
    write_text(&directory.path().join("data/units.toml"), units).unwrap();
    let lines = "/clock 2022-06-24 09:30\n/subscribe 甲街道\n1\n失业率2022年目标\n";
    let (shown, code) = said(directory.path(), &["run", "--demo"], lines);
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("还有10个工作日"), "{shown}");
    // Every message of the bot says that it is none of the true ones; the greeting and the clock are not messages.
    let messages: Vec<&str> = shown.split("\n\n").skip(2).collect();
    let are_marked = messages
        .iter()
        .filter(|message| !message.trim().is_empty())
        .all(|message| message.starts_with("【演示时钟 2022-06-24 09:3"));
    assert!(are_marked && messages.len() > 3, "{shown}");
    let demo = Store::open(&directory.path().join("state-demo")).unwrap();
    assert!(!demo.outbox().unwrap().is_empty());
    // Written down is when it truly was.
    let year = |at: &str| at.split('-').next().unwrap().parse::<i32>().unwrap();
    let audits = demo.audits().unwrap();
    assert!(!audits.is_empty() && audits.iter().all(|audit| year(&audit.at) > 2022));
    drop(demo);
    // The same without the demonstration: its clock stands, and nothing of it is there.
    let (shown, code) = said(directory.path(), &["run"], "/clock 2022-06-24 09:30\n");
    assert_eq!(code, 0, "{shown}");
    assert!(
        shown.contains("planbot run --demo") && !shown.contains("演示时钟 2022"),
        "{shown}"
    );
    let store = Store::open(&directory.path().join("state")).unwrap();
    assert!(store.outbox().unwrap().is_empty());
}

#[test]
fn a_demonstration_is_not_for_telegram() {
    let directory = copied_data();
    let mut command = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("planbot"));
    let output = command
        .current_dir(directory.path())
        .env("TELOXIDE_TOKEN", "7000:TEST")
        .args(["run", "--demo"])
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr).to_string();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(
        error.contains("不接 Telegram") && error.trim().lines().count() == 1,
        "{error}"
    );
}

/// The local chat's subscription waits for the local chat: in Telegram there is no such chat.
#[tokio::test]
async fn what_the_terminal_subscribed_never_goes_to_telegram() {
    use crate::harness::RunningBot;
    let bot = RunningBot::start_with_units("[[unit]]\nname = \"甲街道\"\nchat = 0\n").await;
    bot.at(6, 24, 10, 0);
    assert_eq!(bot.until_quiet().await.len(), 0);
    let store = bot.app.store().unwrap();
    let stands = store.subscription(ChatId::LOCAL).unwrap().unwrap();
    assert!(stands.suspended.is_none() && stands.units.len() == 1);
    bot.finish().await;
}

/// A file that the local chat gives goes into a directory of that run alone.
#[cfg(unix)]
#[test]
#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
fn a_file_of_the_local_chat_goes_through_no_link() {
    let directory = copied_data();
    let temporary = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), temporary.path().join("planbot")).unwrap();
    let mut command = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("planbot"));
    let output = command
        .current_dir(directory.path())
        .env_remove("TELOXIDE_TOKEN")
        .env("TMPDIR", temporary.path())
        .write_stdin("/deadlines ics\n")
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stdout).to_string();
    assert!(shown.contains("文件已存到"), "{shown}");
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    let made: Vec<_> = std::fs::read_dir(temporary.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| !path.is_symlink())
        .collect();
    assert_eq!(made.len(), 1, "{made:?}");
    let mode = std::os::unix::fs::PermissionsExt::mode(&made[0].metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o700);
}
