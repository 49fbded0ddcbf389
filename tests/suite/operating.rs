//! The program as it is operated: backups of a stopped and of a running bot, the doctor, signals, a state
//! that cannot be written.

use crate::fake_bot_api::{FakeBotApi, TOKEN};
use crate::harness::{ADMIN, NO_PAGE, copied_data, private, replace};
use assert_cmd::Command;
use planbot::{
    Audit, AuditAct, ChatId, PersonId, Standing, Store, Subscription, UnitId, create_directory,
    is_empty_directory, list_by_age, read_text, write_text,
};
use serde_json::Value;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

const INDICATORS: &str = "data/plans/yuzhong-2022/indicators.csv";

pub fn planbot(directory: &Path) -> Command {
    let mut command = Command::cargo_bin("planbot").unwrap();
    command
        .current_dir(directory)
        .env_remove("TELOXIDE_TOKEN")
        .env_remove("TELOXIDE_API_URL")
        .timeout(Duration::from_secs(60));
    command
}

/// What a command printed, what it said on standard error, and its exit code.
pub fn outcome(command: &mut Command) -> (String, String, i32) {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_string();
    (
        text(&output.stdout),
        text(&output.stderr),
        output.status.code().unwrap_or(-1),
    )
}

pub fn done(command: &mut Command) -> String {
    let (text, error, code) = outcome(command);
    assert_eq!(code, 0, "{text}{error}");
    text
}

pub fn fault(command: &mut Command, expected: &[&str]) {
    let (_, error, code) = outcome(command);
    assert_eq!(code, 2, "{error}");
    assert_eq!(error.trim().lines().count(), 1, "{error}");
    for words in expected {
        assert!(error.contains(words), "{words} is not in: {error}");
    }
}

fn subscription(chat: i64) -> Subscription {
    let since = chrono::NaiveDate::from_ymd_opt(2022, 6, 24).unwrap();
    Subscription {
        chat: ChatId(chat),
        units: vec![Standing {
            unit: UnitId("某街道".to_string()),
            since,
            listed: false,
        }],
        left: Vec::new(),
        suspended: None,
    }
}

fn audit(act: &str) -> Audit {
    Audit {
        at: "2022-06-24T09:00:00+08:00".to_string(),
        person: PersonId(42),
        name: String::new(),
        chat: None,
        act: AuditAct::Other(act.to_string()),
        result: "好".to_string(),
    }
}

/// A state with something in every kind of tree.
fn filled(state: &Path) {
    let store = Store::open(state).unwrap();
    store.subscribe(&subscription(-100_500)).unwrap();
    store.audit(&audit("first")).unwrap();
    // Of another bot, so that it is no update of the one that runs here.
    store.finish_update(planbot::BotId(7_001), planbot::UpdateId(12));
    store
        .tell(
            ChatId(-100_500),
            &UnitId("某街道".to_string()),
            "plan/0.0/2022.0",
            chrono::NaiveDate::from_ymd_opt(2022, 7, 8).unwrap(),
        )
        .unwrap();
    store.flush().unwrap();
}

/// A program that does not outlive its test.
struct Bot(Child);

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program behind a server; its log can be read.
fn running(directory: &Path, address: &str) -> Bot {
    let started = std::process::Command::new(assert_cmd::cargo::cargo_bin!("planbot"))
        .current_dir(directory)
        .env("TELOXIDE_TOKEN", TOKEN)
        .env("TELOXIDE_API_URL", format!("http://{address}"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    Bot(started.unwrap())
}

fn signal(bot: &Bot, name: &str) {
    assert!(
        std::process::Command::new("kill")
            .arg(name)
            .arg(bot.0.id().to_string())
            .status()
            .unwrap()
            .success()
    );
}

/// Tells it to stop and gives its log.
async fn ended(mut bot: Bot) -> String {
    signal(&bot, "-TERM");
    let (status, mut bot) = tokio::task::spawn_blocking(move || (bot.0.wait().unwrap(), bot))
        .await
        .unwrap();
    let mut log = String::new();
    std::io::Read::read_to_string(&mut bot.0.stderr.take().unwrap(), &mut log).unwrap();
    assert!(status.success(), "{log}");
    log
}

#[test]
fn a_backup_restores_every_record_and_numbers_go_on() {
    let directory = copied_data();
    let state = directory.path().join("state");
    filled(&state);
    let said = done(planbot(directory.path()).args(["state", "backup", "one.jsonl"]));
    assert!(said.contains("已备份 5 条记录"), "{said}");
    let dump = done(planbot(directory.path()).args(["state", "dump"]));
    let lines: Vec<Value> = dump
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of = |tree: &str| {
        lines
            .iter()
            .find(|line| line["tree"] == tree)
            .unwrap_or_else(|| panic!("{dump}"))
    };
    assert_eq!(
        (
            of("subscriptions")["key"].as_str(),
            of("subscriptions")["value"]["units"][0]["unit"].as_str()
        ),
        (Some("telegram:-100500"), Some("某街道"))
    );
    assert_eq!(of("audits")["value"]["act"], "first");
    fault(
        planbot(directory.path()).args(["state", "backup", "one.jsonl"]),
        &["已经存在", "换一个文件名"],
    );
    fault(
        planbot(directory.path()).args(["state", "restore", "one.jsonl"]),
        &["已有内容", "--replace"],
    );

    let other = copied_data();
    let backup = directory.path().join("one.jsonl");
    let said = done(
        planbot(other.path())
            .args(["state", "restore"])
            .arg(&backup),
    );
    assert!(said.contains("已恢复 5 条记录"), "{said}");
    assert_eq!(done(planbot(other.path()).args(["state", "dump"])), dump);
    let store = Store::open(&other.path().join("state")).unwrap();
    store.audit(&audit("second")).unwrap();
    let acts: Vec<AuditAct> = store
        .audits()
        .unwrap()
        .into_iter()
        .map(|audit| audit.act)
        .collect();
    assert_eq!(
        acts,
        ["first", "second"].map(|act| AuditAct::Other(act.to_string())),
        "an act after a restore replaces none before it"
    );
    assert_eq!(
        store.subscription(ChatId(-100_500)).unwrap(),
        Some(subscription(-100_500))
    );
}

#[test]
fn a_restore_over_a_state_keeps_the_old_one() {
    let directory = copied_data();
    let state = directory.path().join("state");
    filled(&state);
    done(planbot(directory.path()).args(["state", "backup", "one.jsonl"]));
    Store::open(&state)
        .unwrap()
        .subscribe(&subscription(-7))
        .unwrap();
    let said = done(planbot(directory.path()).args(["state", "restore", "one.jsonl", "--replace"]));
    assert!(said.contains("原来的状态保留在"), "{said}");
    assert_eq!(
        Store::open(&state).unwrap().subscriptions().unwrap().len(),
        1
    );
    let names: Vec<_> = list_by_age(directory.path()).unwrap();
    let old = names
        .iter()
        .find(|path| path.to_string_lossy().contains("state.old-"))
        .expect("the old state is there");
    assert_eq!(Store::open(old).unwrap().subscriptions().unwrap().len(), 2);
    assert!(
        names
            .iter()
            .all(|path| !path.to_string_lossy().contains("restoring")),
        "{names:?}"
    );
}

#[test]
fn cut_changed_newer_and_strange_files_are_refused_and_nothing_is_written() {
    let directory = copied_data();
    filled(&directory.path().join("state"));
    done(planbot(directory.path()).args(["state", "backup", "whole.jsonl"]));
    let whole = read_text(&directory.path().join("whole.jsonl")).unwrap();
    let other = copied_data();
    let refused = |text: &str, expected: &[&str]| {
        write_text(&other.path().join("bad.jsonl"), text).unwrap();
        fault(
            planbot(other.path()).args(["state", "restore", "bad.jsonl"]),
            expected,
        );
        assert!(!other.path().join("state").exists());
    };
    let lines: Vec<&str> = whole.lines().collect();
    for cut in 0..lines.len() {
        refused(
            &(lines[..cut].join("\n") + "\n"),
            if cut == 0 {
                &["确认文件选对了"]
            } else {
                &["不完整", "换一份"]
            },
        );
    }
    refused(&whole[..40], &["只剩开头一段", "换一份"]);
    refused(&whole[..whole.len() - 1], &["不完整"]);
    refused(&whole.replace("某街道", "某街镇"), &["校验和"]);
    refused(
        &whole.replace("\"backup\":1", "\"backup\":2"),
        &["更新版本"],
    );
    refused("{\"x\":1}\n", &["确认文件选对了"]);
    fault(
        planbot(other.path()).args(["state", "restore", "none.jsonl"]),
        &["none.jsonl", "检查文件"],
    );
    fault(
        planbot(other.path()).args(["state", "backup", "x.jsonl"]),
        &["还没有状态"],
    );
}

/// A restore keeps what a planbot of another day wrote into trees that this one does not know.
#[test]
fn trees_that_are_not_known_are_backed_up_too() {
    let directory = copied_data();
    filled(&directory.path().join("state"));
    done(planbot(directory.path()).args(["state", "backup", "one.jsonl"]));
    let text = read_text(&directory.path().join("one.jsonl")).unwrap();
    let mut lines: Vec<String> = text.lines().map(String::from).collect();
    lines.pop();
    lines.push(
        "{\"tree\":\"of_tomorrow\",\"key\":\"钥匙\",\"value\":{\"b\":1,\"a\":2}}".to_string(),
    );
    let body = lines.join("\n") + "\n";
    let digest: String = sha2_hex(&body);
    let trailer = format!(
        "{{\"records\":{},\"sha256\":\"{digest}\"}}\n",
        lines.len() - 1
    );
    write_text(&directory.path().join("two.jsonl"), &(body + &trailer)).unwrap();
    done(planbot(directory.path()).args(["state", "restore", "two.jsonl", "--replace"]));
    let dump = done(planbot(directory.path()).args(["state", "dump"]));
    assert!(
        dump.contains("{\"tree\":\"of_tomorrow\",\"key\":\"钥匙\",\"value\":{\"b\":1,\"a\":2}}"),
        "{dump}"
    );
}

fn sha2_hex(text: &str) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The running bot exports its own state; a restore under it is refused; SIGHUP takes new data and is written down.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_running_bot_is_backed_up_and_reloads_on_sighup() {
    let directory = copied_data();
    filled(&directory.path().join("state"));
    let (api, address) = FakeBotApi::start().await;
    let child = running(directory.path(), &address.to_string());
    api.push([private(5, "什么是放管服")]);
    assert!(api.next_sent().await.text.contains("简政放权"));
    replace(
        &directory.path().join(INDICATORS),
        "2022年预期目标,5左右,附件2 第1行",
        "2022年预期目标,5.5左右,附件2 第1行",
    );
    signal(&child, "-HUP");
    // A reload takes a moment; the question is asked again until the new figure is there, each time by somebody else, since
    // who asks too often is not answered.
    let mut newest = String::new();
    for person in 6..306 {
        api.push([private(person, "2022年GDP增速目标")]);
        newest = api.next_sent().await.text;
        if newest.contains("5.5%左右") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(newest.contains("5.5%左右"), "{newest}");
    let place = directory.path().to_path_buf();
    let dump = tokio::task::spawn_blocking(move || {
        let said = done(planbot(&place).args(["state", "backup", "live.jsonl"]));
        assert!(said.contains("已备份"), "{said}");
        fault(
            planbot(&place).args(["state", "restore", "live.jsonl", "--replace"]),
            &["先停掉它", "状态未改动"],
        );
        let (text, _, _) = outcome(planbot(&place).args(["doctor"]));
        assert!(text.contains("✓ 状态：正由运行中的 planbot 使用"), "{text}");
        done(planbot(&place).args(["state", "dump"]))
    })
    .await
    .unwrap();
    assert!(
        dump.contains("\"act\":\"reload\"")
            && dump.contains("\"person\":\"local\"")
            && dump.contains("某街道"),
        "{dump}"
    );
    assert!(!dump.contains(TOKEN), "{dump}");
    let log = ended(child).await;
    assert!(
        log.contains("reloading on SIGHUP") && log.contains("new data are in use"),
        "{log}"
    );
    assert!(is_empty_directory(&directory.path().join("state/requests")).unwrap());
    let kept = Store::open(&directory.path().join("state")).unwrap();
    assert_eq!(kept.audits().unwrap().len(), 2);
    drop(kept);
    let other = copied_data();
    done(
        planbot(other.path())
            .args(["state", "restore"])
            .arg(directory.path().join("live.jsonl")),
    );
    assert_eq!(
        Store::open(&other.path().join("state"))
            .unwrap()
            .audits()
            .unwrap()
            .len(),
        2
    );
}

/// Something holds the state and does not answer: a bounded wait, one sentence, and no request left behind.
#[test]
fn a_state_whose_holder_is_silent_is_one_sentence() {
    let directory = copied_data();
    let state = directory.path().join("state");
    let held = Store::open(&state).unwrap();
    create_directory(&state.join("requests")).unwrap();
    fault(
        planbot(directory.path()).args(["state", "dump"]),
        &["10 秒内没有应答", "先停掉它"],
    );
    assert!(is_empty_directory(&state.join("requests")).unwrap());
    drop(held);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_what_to_do() {
    let (_, address) = FakeBotApi::start().await;
    let directory = copied_data();
    let path = directory.path().to_path_buf();
    let with = move |token: &str, settings: &str| {
        // On a port that nobody has, whatever else runs on this machine.
        let page = "\n[web]\nlisten = \"127.0.0.1:0\"\n";
        let page = if settings.contains("[web]") { "" } else { page };
        write_text(&path.join("bot.toml"), &format!("{settings}{page}")).unwrap();
        let mut command = planbot(&path);
        command
            .arg("doctor")
            .env("TELOXIDE_API_URL", format!("http://{address}"));
        if !token.is_empty() {
            command.env("TELOXIDE_TOKEN", token);
        }
        outcome(&mut command)
    };
    tokio::task::spawn_blocking(move || {
        let has = |text: &str, lines: &[&str]| {
            lines
                .iter()
                .for_each(|line| assert!(text.contains(line), "{line} is not in: {text}"))
        };
        let (text, _, code) = with("", "");
        assert_eq!(code, 0, "{text}");
        has(
            &text,
            &[
                "✓ 设置",
                "! 令牌：没有 TELOXIDE_TOKEN",
                "! 管理员：还没有",
                "✓ 数据：1 份计划",
                "✓ 索引：可用",
                "日历：",
                "磁盘：状态目录",
            ],
        );
        let (text, _, code) = with(TOKEN, &format!("[admins]\nids = [{ADMIN}]\n"));
        assert_eq!(code, 0, "{text}");
        has(
            &text,
            &[
                "✓ 令牌：有效，机器人是 @plan_test_bot",
                "! 隐私模式：开着",
                "/setprivacy",
                "✓ 管理员：1 人",
            ],
        );
        let (text, error, code) = with("999:SECRET", "[admins]\nids = [-100]\n");
        assert_eq!(code, 2);
        has(
            &text,
            &[
                "✗ 令牌：Telegram 不接受这个令牌",
                "✗ 管理员：-100 不是个人的编号",
            ],
        );
        assert!(
            !text.contains("SECRET") && !error.contains("SECRET"),
            "{text}{error}"
        );
        let (text, _, code) = with("", "[paths]\ndta = \"x\"\n");
        assert_eq!(code, 2);
        has(&text, &["✗ 设置：bot.toml 第2行"]);
        has(&with("", NO_PAGE).0, &["! 网页：关着"]);
        has(
            &with("", "[web]\nlisten = \"0.0.0.0:8088\"\n").0,
            &["! 网页：0.0.0.0:8088 别的机器也打得开", "TLS"],
        );
        let (text, _, code) = with("", "[paths]\ndata = \"nowhere\"\n");
        assert_eq!(code, 2);
        has(&text, &["✗ 数据："]);
    })
    .await
    .unwrap();
}

#[test]
fn a_state_below_a_file_is_one_sentence() {
    let directory = copied_data();
    write_text(
        &directory.path().join("bot.toml"),
        "[paths]\nstate = \"bot.toml/state\"\n",
    )
    .unwrap();
    fault(
        &mut planbot(directory.path()),
        &["状态目录 bot.toml/state 无法使用", "检查磁盘空间和权限"],
    );
}

/// A snapshot of sled that was cut off while it was written: every record is there at the next start.
#[test]
fn an_unfinished_snapshot_does_not_damage_the_state() {
    let directory = copied_data();
    let state = directory.path().join("state");
    filled(&state);
    let before = done(planbot(directory.path()).args(["state", "dump"]));
    write_text(&state.join("snap.7FFFFFFFFFFFFFFF.generating"), "").unwrap();
    assert_eq!(
        done(planbot(directory.path()).args(["state", "dump"])),
        before
    );
    done(planbot(directory.path()).write_stdin(""));
    assert_eq!(
        done(planbot(directory.path()).args(["state", "dump"])),
        before
    );
}

/// The files of the program may not grow beyond a size: the state cannot be written from some moment on. Administrators are
/// told once, past the outbox; with room again everything is read and nobody is reminded twice without being told so.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn administrators_are_told_of_a_full_disk_and_nothing_is_lost() {
    const CHATS: i64 = 120;
    let directory = copied_data();
    crate::kill::data_for_today(directory.path(), CHATS);
    let settings = directory.path().join("bot.toml");
    let text = read_text(&settings).unwrap();
    write_text(&settings, &format!("[admins]\nids = [{ADMIN}]\n{text}")).unwrap();
    done(planbot(directory.path()).arg("index"));
    let (api, address) = FakeBotApi::start().await;
    // The limit counts blocks of 512 bytes; a write beyond it fails like one on a full disk.
    let started = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 400; exec \"$0\" run"])
        .arg(assert_cmd::cargo::cargo_bin!("planbot"))
        .current_dir(directory.path())
        .env("TELOXIDE_TOKEN", TOKEN)
        .env("TELOXIDE_API_URL", format!("http://{address}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let bot = Bot(started.unwrap());
    let mut reminded = std::collections::BTreeMap::<i64, usize>::new();
    let told = loop {
        let sent = api.next_sent().await;
        if sent.chat == ADMIN {
            break sent;
        }
        count(&mut reminded, &sent);
    };
    assert!(
        told.text.contains("提醒状态写不进去") && told.text.contains("不用重启"),
        "{told:?}"
    );
    // A subscription wakes the reminders, which fail again; nobody is told again.
    api.push([private(ADMIN, "/subscribe 某街道")]);
    let answer = api.next_sent().await;
    assert!(!answer.text.contains("提醒停了"), "{answer:?}");
    drop(bot);
    let again = running(directory.path(), &address.to_string());
    for _ in 0..300 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        api.unread()
            .iter()
            .for_each(|sent| count(&mut reminded, sent));
        if reminded.len() >= CHATS as usize - 5 {
            break;
        }
    }
    ended(again).await;
    assert!(reminded.values().all(|times| *times == 1), "{reminded:?}");
    let outbox = Store::open(&directory.path().join("state"))
        .unwrap()
        .outbox()
        .unwrap();
    assert!(
        outbox.len() >= CHATS as usize && reminded.len() >= CHATS as usize - 5,
        "{} {}",
        outbox.len(),
        reminded.len()
    );
}

/// Counts reminders that do not say that they may be known already.
fn count(reminded: &mut std::collections::BTreeMap<i64, usize>, sent: &crate::fake_bot_api::Sent) {
    if sent.text.contains("报送提醒") && !sent.text.contains("如已收到请忽略") {
        *reminded.entry(sent.chat).or_default() += 1;
    }
}
