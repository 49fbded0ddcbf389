//! A disk that is full is told to administrators within a minute, whether or not a reminder is due, and the program goes on by
//! itself when there is room again.

use crate::fake_bot_api::{FakeBotApi, TOKEN};
use crate::harness::{ADMIN, SOMEBODY, copied_data, private};
use crate::http::Client;
use crate::operating::{done, planbot};
use crate::web_program::Started;
use planbot::{Store, write_text};
use std::process::Stdio;
use std::time::{Duration, Instant};

const TOLD_WITHIN: Duration = Duration::from_secs(60);

/// The sentence and the exit code of a start whose files may not grow, as on a full disk.
#[cfg(unix)]
fn started_on_a_full_disk(directory: &std::path::Path) -> (String, Option<i32>) {
    let mut limited = std::process::Command::new("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -S -f 0; exec \"$0\" run"])
        .arg(assert_cmd::cargo::cargo_bin!("planbot"))
        .current_dir(directory)
        .env_remove("TELOXIDE_TOKEN")
        .env_remove("PLANBOT_ADMIN_TOKEN")
        .stdin(Stdio::null());
    let ended = limited.output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).to_string();
    (said, ended.status.code())
}

/// A full disk may pass, so a start on one ends with a code after which whoever keeps services starts it again; a place where
/// nothing may be written is for a person to mend.
#[cfg(unix)]
#[test]
fn a_start_on_a_full_disk_is_started_again() {
    let directory = copied_data();
    // A new state, and one that has records.
    for _ in 0..2 {
        let (said, code) = started_on_a_full_disk(directory.path());
        assert_eq!(code, Some(75), "{said}");
        let sentences = said.lines().filter(|line| line.starts_with("planbot："));
        assert!(
            said.contains("状态目录") && sentences.count() == 1,
            "{said}"
        );
        done(planbot(directory.path()).write_stdin("2022年有多少火星人\n"));
        let dump = done(planbot(directory.path()).args(["state", "dump"]));
        assert!(dump.contains("火星"), "{dump}");
    }
    let elsewhere = "[paths]\nstate = \"bot.toml/state\"\n";
    write_text(&directory.path().join("bot.toml"), elsewhere).unwrap();
    let (said, code) = started_on_a_full_disk(directory.path());
    assert_eq!(code, Some(2), "{said}");
}

/// The files of the program may not grow beyond five kilobytes, as on a full disk; then they may.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_without_a_reminder_and_the_program_goes_on_when_there_is_room() {
    let directory = copied_data();
    let settings = format!("[admins]\nids = [{ADMIN}]\n[web]\nlisten = \"127.0.0.1:0\"\n");
    write_text(&directory.path().join("bot.toml"), &settings).unwrap();
    done(planbot(directory.path()).arg("index"));
    let (api, address) = FakeBotApi::start().await;
    let mut limited = std::process::Command::new("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -S -f 10; exec \"$0\" run"])
        .arg(assert_cmd::cargo::cargo_bin!("planbot"))
        .current_dir(directory.path())
        .env("TELOXIDE_TOKEN", TOKEN)
        .env("TELOXIDE_API_URL", format!("http://{address}"))
        .env_remove("PLANBOT_ADMIN_TOKEN");
    limited
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let started = Started::by(limited);
    let mut client = Client::new(started.address);
    // Each look writes a little.
    for _ in 0..2_000 {
        if client.get("/readyz").await.body.contains("状态写不进去") {
            break;
        }
    }
    let full = Instant::now();
    let told = api.next_sent_to(ADMIN).await;
    assert!(
        told.text.contains("状态写不进去（文件大小到了上限）") && told.text.contains("不用重启"),
        "{told:?}"
    );
    assert!(full.elapsed() < TOLD_WITHIN, "{:?}", full.elapsed());
    // It answers meanwhile, and nobody is told again.
    api.push([private(SOMEBODY, "什么是放管服")]);
    assert!(api.next_sent().await.text.contains("简政放权"));
    let process = started.child.id().to_string();
    let given = std::process::Command::new("prlimit")
        .args(["--fsize=unlimited", "--pid", &process])
        .status();
    assert!(given.unwrap().success());
    let room = Instant::now();
    let well = tokio::time::timeout(Duration::from_secs(120), api.next_sent_to(ADMIN));
    let well = well.await.expect("nobody is told that it is over");
    eprintln!(
        "told after {:.0?}, taken up after {:.0?}",
        full.elapsed(),
        room.elapsed()
    );
    assert!(well.text.contains("磁盘恢复了"), "told again: {well:?}");
    api.push([private(SOMEBODY, "失业率2022年目标")]);
    assert!(api.next_sent().await.text.contains("5%以内"));
    // The same process, which ends in order.
    let log = started.stop();
    assert!(log.contains("the program begins anew"), "{log}");
    assert!(api.unread().is_empty());
    let store = Store::open(&directory.path().join("state")).unwrap();
    assert_eq!(store.unknown_sends().unwrap(), 0);
}
