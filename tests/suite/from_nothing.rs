//! From nothing to a group that is reminded, step by step as README.md says it, with a fake Bot API in Telegram's place.

use crate::fake_bot_api::{FakeBotApi, TOKEN};
use crate::harness::{ADMIN, NO_PAGE, SOMEBODY, group, mention, private};
use crate::http::Client;
use crate::kill::data_for_today;
use crate::operating::{done, fault, outcome, planbot};
use crate::web_program::{Started, command};
use planbot::{list_by_age, read_text, write_text};
use std::path::{Path, PathBuf};

const GROUP: i64 = -100_600;

fn report() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data/plans/yuzhong-2022/source/yuzhong-2022-report.txt")
}

#[test]
fn a_new_directory_lacks_only_a_plan() {
    let place = tempfile::tempdir().unwrap();
    let said = done(planbot(place.path()).args(["init", "部门"]));
    assert!(said.contains("planbot import"), "{said}");
    let new = place.path().join("部门");
    fault(
        planbot(place.path()).args(["init", "部门"]),
        &["已有内容", "换一个空目录"],
    );
    let (found, _, code) = outcome(planbot(&new).arg("check"));
    assert!(
        code == 2 && found.contains("还没有任何计划") && found.contains("planbot import"),
        "{found}"
    );
    fault(
        planbot(&new).arg("run").write_stdin(""),
        &["还没有任何计划", "planbot import"],
    );
    done(
        planbot(&new)
            .arg("import")
            .arg(report())
            .args(["--plan", "first-2022"]),
    );
    let (found, _, code) = outcome(planbot(&new).arg("check"));
    assert!(code == 0 && found.contains("错误 0 处"), "{found}");
    write_text(&new.join("bot.toml"), NO_PAGE).unwrap();
    let said = done(planbot(&new).write_stdin("什么是放管服\n"));
    assert!(said.contains("简政放权"), "{said}");
    let (text, _, code) = outcome(planbot(&new).arg("doctor"));
    assert!(code == 0 && text.contains("✓ 索引：可用"), "{text}");
}

/// Every word list and calendar that is shipped is laid down, as it is shipped.
#[test]
fn a_new_directory_has_everything_that_is_shipped_but_plans() {
    let place = tempfile::tempdir().unwrap();
    done(planbot(place.path()).args(["init", "d"]));
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["data/lexicon", "data/calendar"] {
        for file in list_by_age(&shipped.join(folder)).unwrap() {
            let new = place
                .path()
                .join("d")
                .join(folder)
                .join(file.file_name().unwrap());
            assert_eq!(
                read_text(&new).unwrap(),
                read_text(&file).unwrap(),
                "{}",
                new.display()
            );
        }
    }
    assert_eq!(
        read_text(&place.path().join("d/bot.toml")).unwrap(),
        read_text(&shipped.join("bot.toml")).unwrap()
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn from_nothing_to_a_group_that_is_reminded() {
    let place = tempfile::tempdir().unwrap();
    let (api, telegram) = FakeBotApi::start().await;
    done(planbot(place.path()).args(["init", "部门"]));
    let new = place.path().join("部门");
    done(
        planbot(&new)
            .arg("import")
            .arg(report())
            .args(["--plan", "yuzhong-2022"]),
    );
    assert!(done(planbot(&new).arg("check")).contains("错误 0 处"));
    assert!(done(planbot(&new).args(["ask", "失业率2022年目标"])).contains("5%以内"));
    let preview = done(planbot(&new).args([
        "remind",
        "--preview",
        "--from",
        "2022-06-01",
        "--to",
        "2022-07-31",
    ]));
    assert!(
        preview.contains("订阅了的会话") && preview.contains("截止"),
        "{preview}"
    );
    // So that something is due now; a department waits for its day.
    data_for_today(&new, 0);
    let settings = read_text(&new.join("bot.toml"))
        .unwrap()
        .replace("enabled = false", "listen = \"127.0.0.1:0\"");
    write_text(&new.join("bot.toml"), &settings).unwrap();
    let url = format!("http://{telegram}");
    let (at, to) = (new.clone(), url.clone());
    let asked = tokio::task::spawn_blocking(move || {
        outcome(
            planbot(&at)
                .arg("doctor")
                .env("TELOXIDE_TOKEN", TOKEN)
                .env("TELOXIDE_API_URL", to),
        )
    });
    let (found, _, code) = asked.await.unwrap();
    assert!(
        code == 0 && found.contains("✓ 令牌：有效") && found.contains("! 管理员：还没有"),
        "{found}"
    );
    let start = || {
        let mut command = command(&new);
        command
            .env("TELOXIDE_TOKEN", TOKEN)
            .env("TELOXIDE_API_URL", &url);
        Started::by(command)
    };

    let first = start();
    api.push([private(ADMIN, "/id")]);
    assert!(api.next_sent().await.text.contains(&ADMIN.to_string()));
    first.stop();
    write_text(
        &new.join("bot.toml"),
        &format!("{settings}\n[admins]\nids = [{ADMIN}]\n"),
    )
    .unwrap();

    let second = start();
    api.push([group(GROUP, SOMEBODY, "/subscribe 某街道")]);
    assert!(
        api.next_sent().await.text.contains("管理员"),
        "not everybody may subscribe a group"
    );
    api.push([group(GROUP, ADMIN, "/subscribe 某街道")]);
    // Which of the two goes out first is left open.
    let two = [api.next_sent().await, api.next_sent().await];
    let (reminder, answer) = if two[0].text.contains("【报送提醒】") {
        (&two[0], &two[1])
    } else {
        (&two[1], &two[0])
    };
    assert!(
        answer.text.contains("某街道") && answer.chat == GROUP,
        "{answer:?}"
    );
    assert!(
        reminder.text.contains("【报送提醒】")
            && reminder.text.contains("某街道")
            && reminder.chat == GROUP,
        "{reminder:?}"
    );
    let reported = reminder
        .buttons
        .iter()
        .find(|(label, _)| label.contains("已报送"))
        .unwrap()
        .1
        .clone();
    api.press(GROUP, SOMEBODY, &reported);
    assert!(api.next_sent().await.text.contains("已报送"));
    api.push([group(GROUP, SOMEBODY, &mention("失业率2022年目标"))]);
    assert!(api.next_sent().await.text.contains("5%以内"));
    let mut client = Client::new(second.address);
    assert_eq!(client.get("/readyz").await.body, "ok\n");
    // The reminder, and perhaps already that it is shown anew.
    let counted = client.get("/metrics").await.body;
    let delivered = |count: u32| {
        counted.contains(&format!(
            "planbot_outbox_entries{{state=\"delivered\"}} {count}"
        ))
    };
    assert!(delivered(1) || delivered(2), "{counted}");
    done(planbot(&new).args(["state", "backup", "backup.jsonl"]));
    second.stop();
}
