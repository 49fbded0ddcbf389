//! The program as people start it: its output, and one clear sentence with exit code 2 for each fault they cause.

use crate::fake_bot_api::FakeBotApi;
use crate::harness::{
    copied_data, copied_qinghe, plan_like, private, qinghe_plan, remove_data_directory, replace,
};
use assert_cmd::Command;
use chrono::Datelike;
use planbot::{Store, is_empty_directory, read_text, write_text};
use regex::Regex;
use serde_json::Value;
use std::path::Path;

const INDICATORS: &str = "data/plans/yuzhong-2022/indicators.csv";

fn planbot(directory: &Path) -> Command {
    let mut command = Command::cargo_bin("planbot").unwrap();
    command
        .current_dir(directory)
        .env_remove("TELOXIDE_TOKEN")
        .env_remove("TELOXIDE_API_URL")
        .timeout(std::time::Duration::from_secs(60));
    command
}

/// Standard output, standard error and exit code.
fn outcome(command: &mut Command) -> (String, String, i32) {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_string();
    (
        text(&output.stdout),
        text(&output.stderr),
        output.status.code().unwrap_or(-1),
    )
}

fn fault(command: &mut Command, expected: &[&str]) {
    let (_, error, code) = outcome(command);
    assert_eq!(code, 2, "{error}");
    assert_eq!(error.trim().lines().count(), 1, "{error}");
    for words in expected {
        assert!(error.contains(words), "{words} is not in: {error}");
    }
}

#[test]
fn a_question_is_answered_as_text_and_as_json() {
    let directory = copied_qinghe();
    let (text, _, code) =
        outcome(planbot(directory.path()).args(["ask", "早稻亩均产量2024年目标是多少"]));
    assert_eq!(code, 0);
    assert!(
        text.starts_with("早稻亩均产量 2024年预期目标 415公斤左右\n"),
        "{text}"
    );
    let (lines, _, code) = outcome(
        planbot(directory.path())
            .args(["ask", "--json"])
            .write_stdin("什么是稻鱼共养\n火星人口\n年输水量2024年目标\n你好\n"),
    );
    assert_eq!(code, 0);
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of = |key: &str| {
        lines
            .iter()
            .map(|line| line[key].as_str().unwrap().to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("question"),
        ["什么是稻鱼共养", "火星人口", "年输水量2024年目标", "你好"]
    );
    assert_eq!(of("status"), ["answer", "unknown", "clarify", "help"]);
    assert_eq!(lines[0]["citations"][0]["place"], "名词解释 第3条");
    let text = lines[2]["options"][0]["text"].as_str().unwrap();
    assert!(text.contains("东渠年输水量"), "{text}");
    assert!(lines[0]["elapsed_us"].is_u64());
}

#[test]
fn figures_in_json_have_their_printed_text_and_source() {
    let directory = copied_data();
    let (line, ..) =
        outcome(planbot(directory.path()).args(["ask", "--json", "实际利用外资2022年目标"]));
    let line: Value = serde_json::from_str(&line).unwrap();
    let figure = &line["figures"][0];
    assert_eq!(
        (
            figure["printed"].as_str(),
            figure["unit"].as_str(),
            figure["year"].as_i64()
        ),
        (Some("4左右"), Some("亿美元"), Some(2022))
    );
    assert_eq!(figure["measure"], "target");
    let citation = &line["citations"][figure["citation"].as_u64().unwrap() as usize];
    assert_eq!(citation["place"], "附件2 第17行");
}

#[test]
fn last_year_is_the_clocks_or_the_newest_plans() {
    let directory = copied_qinghe();
    for day in ["2024-06-24", "2030-01-01"] {
        let (text, ..) = outcome(planbot(directory.path()).args([
            "ask",
            "--today",
            day,
            "去年早稻亩均产量完成多少",
        ]));
        assert!(
            text.starts_with("早稻亩均产量 2023年完成情况 412公斤"),
            "{text}"
        );
    }
}

#[test]
fn the_local_chat_answers_line_by_line() {
    let directory = copied_data();
    let (text, error, code) =
        outcome(planbot(directory.path()).write_stdin("什么时候报进展\n/reload\n"));
    assert_eq!(code, 0, "{error}");
    assert!(
        text.contains("2022年7月初和12月底") && text.contains("数据没有变化"),
        "{text}"
    );
}

#[test]
fn in_the_local_chat_a_number_picks_the_choice() {
    let directory = copied_qinghe();
    let said = "年输水量2024年目标是多少\n1\n那2023年呢\n";
    let (text, error, code) = outcome(planbot(directory.path()).write_stdin(said));
    assert_eq!(code, 0, "{error}");
    let replies: Vec<&str> = text.split("\n\n").collect();
    assert!(
        replies[1].contains("［1 东渠年输水量 · 2024年目标］"),
        "{text}"
    );
    let first = "东渠年输水量 2024年预期目标 ≥860万立方米\n";
    assert!(replies[2].starts_with(first), "{text}");
    assert!(replies[3].contains("846万立方米"), "{text}");
}

#[test]
fn a_dialogue_keeps_its_subject_until_an_empty_line() {
    let directory = copied_qinghe();
    let said = "早稻亩均产量2024年目标\n那2023年呢\n完成了吗\n\n2023年呢\n\n东渠年输水量去年完成多少\n今年呢\n";
    let (lines, error, code) = outcome(
        planbot(directory.path())
            .args(["ask", "--json", "--dialogue", "--today", "2024-06-24"])
            .write_stdin(said),
    );
    assert_eq!(code, 0, "{error}");
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let expected = [
        ("早稻亩均产量2024年目标", "answer", "415公斤左右"),
        (
            "那2023年呢",
            "answer",
            "早稻亩均产量 2023年完成情况 412公斤",
        ),
        ("完成了吗", "answer", "2023年达标"),
        ("2023年呢", "unknown", ""),
        ("东渠年输水量去年完成多少", "answer", "东渠年输水量 2023年"),
        ("今年呢", "answer", "东渠年输水量 2024年"),
    ];
    assert_eq!(lines.len(), expected.len());
    for (line, (question, status, words)) in lines.iter().zip(expected) {
        assert_eq!(
            (&line["question"], &line["status"]),
            (&question.into(), &status.into())
        );
        assert!(line["text"].as_str().unwrap().contains(words), "{line}");
    }
    let (text, _, code) = outcome(
        planbot(directory.path())
            .args(["ask", "--dialogue"])
            .write_stdin("早稻亩均产量2024年目标\n那2023年呢\n"),
    );
    assert_eq!(code, 0);
    assert!(
        text.contains("\n\n早稻亩均产量 2023年完成情况 412公斤"),
        "{text}"
    );
}

#[test]
fn an_index_is_built_once_and_opened_again() {
    let directory = copied_data();
    let (first, ..) = outcome(planbot(directory.path()).arg("index"));
    let built = |directory: &Path| planbot::list_by_age(&directory.join("index")).unwrap();
    let generations = built(directory.path());
    assert_eq!(generations.len(), 1);
    let (second, ..) = outcome(planbot(directory.path()).arg("index"));
    assert_eq!((first, built(directory.path())), (second, generations));
}

#[test]
fn a_damaged_table_is_named_by_file_and_line() {
    let directory = copied_data();
    replace(
        &directory.path().join(INDICATORS),
        "2022,target,2022年预期目标,5左右,附件2 第1行",
        "2022,target",
    );
    fault(
        planbot(directory.path()).args(["ask", "x"]),
        &["indicators.csv", "第49行", "请检查"],
    );
    let (findings, _, code) = outcome(planbot(directory.path()).arg("check"));
    assert_eq!(code, 2);
    assert!(findings.contains("第49行"), "{findings}");
}

#[test]
fn faults_of_settings_are_one_sentence() {
    let directory = copied_data();
    let write = |text: &str| planbot::write_text(&directory.path().join("bot.toml"), text).unwrap();
    write("[paths]\ndta = \"data\"\n");
    fault(
        planbot(directory.path()).args(["ask", "x"]),
        &["bot.toml 第2行", "不认识的键“dta”"],
    );
    write("[telegram]\napi_url = \"ftp://x\"\n");
    fault(
        planbot(directory.path()).args(["ask", "x"]),
        &["api_url", "http"],
    );
    write("[log]\nformat = \"xml\"\n");
    fault(
        planbot(directory.path()).args(["ask", "x"]),
        &["[log] format", "“xml”", "text", "json"],
    );
    write("[log]\nquestions = \"yes\"\n");
    fault(
        planbot(directory.path()).args(["ask", "x"]),
        &["bot.toml 第2行"],
    );
    write("[paths\n");
    fault(
        planbot(directory.path()).args(["ask", "x"]),
        &["bot.toml 第1行"],
    );
}

#[test]
fn missing_data_are_one_sentence() {
    let empty = tempfile::tempdir().unwrap();
    write_text(&empty.path().join("bot.toml"), "").unwrap();
    fault(planbot(empty.path()).args(["ask", "x"]), &["文件不存在"]);
    let (findings, _, code) = outcome(planbot(empty.path()).arg("check"));
    assert_eq!(code, 2);
    assert!(findings.contains("找不到数据目录"), "{findings}");
}

#[test]
fn a_locked_state_is_one_sentence_and_stays_whole() {
    let directory = copied_data();
    let state = directory.path().join("state");
    let held = Store::open(&state).unwrap();
    held.count_unknown_send().unwrap();
    fault(
        planbot(directory.path()).write_stdin(""),
        &["state", "正被另一个 planbot 使用"],
    );
    assert_eq!(held.unknown_sends().unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_is_one_sentence_without_the_token() {
    let directory = copied_data();
    let (_, address) = FakeBotApi::start().await;
    let url = format!("http://{address}");
    tokio::task::spawn_blocking(move || {
        let mut command = planbot(directory.path());
        command
            .env("TELOXIDE_TOKEN", "999:SECRET")
            .env("TELOXIDE_API_URL", &url);
        let (_, error, code) = outcome(&mut command);
        assert_eq!(code, 2, "{error}");
        assert!(
            error.contains("不接受这个令牌") && !error.contains("SECRET"),
            "{error}"
        );
    })
    .await
    .unwrap();
}

/// The real program behind a server: told to stop, it answers what it took and ends well.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn sigterm_stops_the_bot_in_order() {
    let directory = copied_data();
    let (api, address) = FakeBotApi::start().await;
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("planbot"))
        .current_dir(directory.path())
        .env("TELOXIDE_TOKEN", crate::fake_bot_api::TOKEN)
        .env("TELOXIDE_API_URL", format!("http://{address}"))
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    api.push([private(5, "什么是放管服")]);
    assert!(api.next_sent().await.text.contains("简政放权"));
    let told = std::process::Command::new("kill")
        .arg("-TERM")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(told.success());
    let ended = tokio::task::spawn_blocking(move || (child.wait().unwrap(), child))
        .await
        .unwrap();
    let mut log = String::new();
    std::io::Read::read_to_string(&mut ended.1.stderr.unwrap(), &mut log).unwrap();
    assert!(ended.0.success(), "{log}");
    assert!(!log.contains("TEST"), "the token is in the log: {log}");
    assert_eq!((api.confirmed(), api.unread().len()), (2, 0));
}

#[test]
fn check_finds_a_word_of_two_things_and_a_name_of_nothing() {
    let directory = copied_data();
    let (clean, _, code) = outcome(planbot(directory.path()).arg("check"));
    // Whether a coming year's calendar is wanted depends on the day on which the tests run.
    let about_data = |text: &str| {
        text.lines()
            .any(|line| line.starts_with("注意") && !line.contains("calendar/"))
    };
    assert!(
        code == 0 && clean.contains("错误 0 处") && !about_data(&clean),
        "{clean}"
    );
    let synonyms = directory
        .path()
        .join("data/plans/yuzhong-2022/synonyms.toml");
    replace(&synonyms, "\"绿化\"", "\"绿化\", \"失业率\"");
    let (found, _, code) = outcome(planbot(directory.path()).arg("check"));
    assert!(
        code == 2 && found.contains("一个叫法只能属于一项"),
        "{found}"
    );
    replace(&synonyms, "\"绿化\", \"失业率\"", "\"绿化\"");
    replace(&synonyms, "\"绿化覆盖率\"", "\"绿化的覆盖率\"");
    let (found, _, code) = outcome(planbot(directory.path()).arg("check"));
    assert!(
        code == 2 && found.contains("计划里没有这个指标或名词"),
        "{found}"
    );
    replace(&synonyms, "\"绿化的覆盖率\"", "\"绿化覆盖率\"");
    let field = directory.path().join("data/lexicon/field.toml");
    replace(&field, "\"gross regional product\"", "\"国民生产总值\"");
    let (found, _, code) = outcome(planbot(directory.path()).arg("check"));
    assert!(code == 2 && found.contains("请只留一处"), "{found}");
}

#[test]
fn reminders_are_previewed_and_written_as_a_calendar() {
    let directory = copied_data();
    let dates = ["--from", "2022-06-01", "--to", "2023-01-31"];
    let (text, _, code) = outcome(
        planbot(directory.path())
            .args(["remind", "--preview"])
            .args(dates),
    );
    assert!(code == 0 && text.lines().count() == 14, "{text}");
    assert!(
        text.starts_with("2022年6月24日（周五） 09:30　提前10个工作日")
            && text.contains("2023年1月5日（周四） 09:30　逾期3个工作日"),
        "{text}"
    );
    let (_, _, code) = outcome(
        planbot(directory.path())
            .args(["remind", "--preview", "--ics", "due.ics"])
            .args(dates),
    );
    let calendar = planbot::read_text(&directory.path().join("due.ics")).unwrap();
    assert!(
        code == 0
            && calendar.matches("BEGIN:VEVENT").count() == 2
            && calendar.matches("BEGIN:VALARM").count() == 10,
        "{calendar}"
    );
    assert!(
        calendar.contains("20220708") && calendar.contains("20221230"),
        "{calendar}"
    );
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test spoils the state")]
fn a_damaged_state_is_one_sentence_and_no_new_beginning() {
    let directory = copied_data();
    drop(Store::open(&directory.path().join("state")).unwrap());
    std::fs::write(directory.path().join("state/db"), [7_u8; 4096]).unwrap();
    for file in planbot::list_by_age(&directory.path().join("state/journal")).unwrap() {
        std::fs::write(file, [7_u8; 4096]).unwrap();
    }
    planbot::remove_directory(&directory.path().join("state/backups")).unwrap();
    fault(&mut planbot(directory.path()), &["状态目录", "备份"]);
    fault(&mut planbot(directory.path()), &["状态目录", "备份"]);
}

/// Every command with those above it, as help lists them; the program itself is the empty one.
fn every_command() -> Vec<Vec<String>> {
    let directory = tempfile::tempdir().unwrap();
    let mut found: Vec<Vec<String>> = vec![Vec::new()];
    let mut at = 0;
    while let Some(command) = found.get(at).cloned() {
        let (help, _, _) = outcome(planbot(directory.path()).args(&command).arg("--help"));
        let listed = help.split_once("命令:\n").map_or("", |(_, listed)| listed);
        let listed = listed.lines().take_while(|line| !line.is_empty());
        // A long help goes on in the next line, further in.
        let names = listed.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
        for name in names.filter(|name| !name.is_empty()) {
            found.push([command.as_slice(), &[name.to_string()]].concat());
        }
        at += 1;
    }
    found
}

/// The English words of a help text that are no name of a command, an option or a file: what stands
/// in brackets to be filled in, a heading, and what clap adds by itself.
fn english_of_clap(help: &str) -> Vec<String> {
    let flag = Regex::new(r"(^|[\s\[|(<])--?[a-zA-Z][a-z-]*").unwrap();
    let bare = flag.replace_all(help, "$1").to_string();
    let english = Regex::new(concat!(
        r"[<\[][^>\]\n]*[A-Za-z][^>\]\n]*[>\]]",
        r"|(?m:^\S*[A-Za-z]\S*[:：]$)",
        r"|(?i:\b(usage|options?|commands?|subcommands?|arguments?|print|default|possible values|alias(es)?|env)\b)",
    ))
    .unwrap();
    english
        .find_iter(&bare)
        .map(|word| word.as_str().to_string())
        .collect()
}

/// Help, and what is said of arguments that are not understood, is for people who read Chinese.
#[test]
fn the_command_line_speaks_chinese() {
    let directory = copied_qinghe();
    let commands = every_command();
    for known in ["run", "import", "completions", "state restore"] {
        let is_listed = commands.iter().any(|command| command.join(" ") == known);
        assert!(is_listed, "{known} is not listed: {commands:?}");
    }
    for command in commands {
        let (text, _, code) = outcome(planbot(directory.path()).args(&command).arg("--help"));
        assert_eq!(code, 0, "{text}");
        let usage = format!(
            "用法：{} ",
            [["planbot".to_string()].as_slice(), &command]
                .concat()
                .join(" ")
        );
        assert!(
            text.contains(usage.trim_end()) && text.contains("显示用法"),
            "{text}"
        );
        assert_eq!(english_of_clap(&text), [""; 0], "{command:?}: {text}");
    }
    let (version, _, _) = outcome(planbot(directory.path()).arg("--version"));
    assert!(
        version.starts_with(concat!("planbot ", env!("CARGO_PKG_VERSION"))),
        "{version}"
    );
    fault(
        planbot(directory.path()).args(["import", "没有.docx"]),
        &["无法读取 没有.docx", "没有这个文件或目录"],
    );
    let faults: [(&[&str], &str); 7] = [
        (
            &["ask", "--today", "昨天", "x"],
            "--today <日期> 不能是“昨天”",
        ),
        (&["chek"], "没有“chek”这个命令，是不是要写“check”"),
        (&["ask", "--jsn"], "没有“--jsn”这个选项，是不是要写“--json”"),
        (&["import"], "缺少 <文件>"),
        (&["state"], "缺少命令"),
        (&["completions", "sh"], "可以是 bash"),
        (
            &["exam", "--ablate", "--source", "x", "--plan", "y"],
            "不能和",
        ),
    ];
    for (arguments, words) in faults {
        fault(
            planbot(directory.path()).args(arguments),
            &[words, "用法见 planbot --help"],
        );
    }
}

/// In a directory that is none of planbot's nothing is begun, and nothing is left behind.
#[test]
fn a_wrong_directory_is_said_and_left_as_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let commands: [&[&str]; 7] = [
        &[],
        &["ask", "x"],
        &["check"],
        &["index"],
        &["exam"],
        &["state", "dump"],
        &["import", "x"],
    ];
    for arguments in commands {
        fault(planbot(directory.path()).args(arguments), &["planbot init"]);
    }
    assert!(is_empty_directory(directory.path()).unwrap());
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let directory = tempfile::tempdir().unwrap();
    let (bash, _, code) = outcome(planbot(directory.path()).args(["completions", "bash"]));
    assert!(
        code == 0 && bash.contains("--dry-run") && bash.contains("doctor"),
        "{bash}"
    );
    let (_, _, code) = outcome(planbot(directory.path()).args(["man", "."]));
    assert_eq!(code, 0);
    for command in every_command() {
        let name = [["planbot".to_string()].as_slice(), &command]
            .concat()
            .join("-");
        let page = read_text(&directory.path().join(format!("{name}.1"))).unwrap();
        let headings = page.lines().filter_map(|line| line.strip_prefix(".SH "));
        let english = headings.filter(|heading| heading.is_ascii());
        assert_eq!(english.collect::<Vec<_>>(), [""; 0], "{name}");
        assert!(
            page.contains(".SH 概述") && !page.contains("values:") && !page.contains("[OPTIONS]"),
            "{page}"
        );
    }
    let page = read_text(&directory.path().join("planbot-import.1")).unwrap();
    assert!(page.contains("报告文件"), "{page}");
    let (zsh, _, _) = outcome(planbot(directory.path()).args(["completions", "zsh"]));
    assert!(
        zsh.contains("'planbot state 的命令' commands") && zsh.contains("::问题:"),
        "{zsh}"
    );
    assert!(
        !zsh.contains(" commands' ") && !zsh.contains(" -- "),
        "{zsh}"
    );
    fault(
        planbot(directory.path()).args(["man", "没有"]),
        &["先建好这个目录"],
    );
}

/// Whoever closes the pipe has seen enough.
#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    use std::io::{Read, Write};
    use std::process::{Command, Stdio};
    let directory = copied_qinghe();
    let mut asking = Command::new(assert_cmd::cargo::cargo_bin!("planbot"))
        .arg("ask")
        .current_dir(directory.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(asking.stdout.take());
    let mut questions = asking.stdin.take().unwrap();
    questions.write_all("什么是稻鱼共养\n".as_bytes()).unwrap();
    drop(questions);
    let mut said = String::new();
    asking
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert_eq!(said, "");
    asking.wait().unwrap();
}

/// What people read in lines, programs read as JSON, with the same exit code.
#[test]
fn what_is_found_is_told_to_programs_too() {
    let directory = copied_qinghe();
    let path = directory.path();
    let told = |arguments: &[&str]| {
        let (text, error, code) = outcome(planbot(path).args(arguments));
        let lines = text.lines().map(|line| {
            serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("{line}: {error}"))
        });
        (lines.collect::<Vec<_>>(), code)
    };
    let (checked, code) = told(&["check", "--json"]);
    assert_eq!((checked.len(), code), (1, 0));
    assert_eq!(checked[0]["errors"], 0);
    let (health, _) = told(&["doctor", "--json"]);
    let checks = health[0]["checks"].as_array().unwrap();
    let states = ["well", "notice", "wrong"];
    assert!(
        checks.len() > 5
            && checks
                .iter()
                .all(|check| states.contains(&check["state"].as_str().unwrap()))
    );
    let stretch = [
        "remind",
        "--preview",
        "--from",
        "2024-06-01",
        "--to",
        "2024-07-31",
    ];
    let (reminders, code) = told(&[&stretch[..], &["--json"]].concat());
    let (lines, _, _) = outcome(planbot(path).args(stretch));
    assert_eq!((reminders.len(), code), (lines.lines().count(), 0));
    assert_eq!(reminders[0]["due"], "2024-06-28", "{reminders:?}");
    assert_eq!(reminders[0]["recipient"], "县水务局");
    let (exam, _) = told(&["exam", "--json"]);
    assert_eq!(exam[0]["plan"], "qinghe-2024");
    let kinds = exam[0]["exam"]["kinds"].as_array().unwrap();
    let asked: u64 = kinds
        .iter()
        .map(|kind| kind["asked"].as_u64().unwrap())
        .sum();
    assert_eq!(exam[0]["exam"]["asked"], asked);
    let cells = path.join("data/plans/qinghe-2024/indicators.csv");
    replace(&cells, "2023,target,2023年计划目标,≥820", "2023,target");
    let (broken, code) = told(&["check", "--json"]);
    assert_eq!(code, 2);
    let first = &broken[0]["findings"][0];
    assert!(
        first["severity"] == "error" && first["file"].as_str().unwrap().ends_with("indicators.csv"),
        "{first}"
    );
}

/// An address that another program has is found before the bot is started; its own is no fault.
#[test]
fn the_doctor_sees_a_port_that_is_taken() {
    let directory = copied_qinghe();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let settings = format!("[web]\nlisten = \"{address}\"\n");
    write_text(&directory.path().join("bot.toml"), &settings).unwrap();
    let (text, _, code) = outcome(planbot(directory.path()).arg("doctor"));
    let said = format!("✗ 端口：{address}（网页）已被别的程序占用");
    assert!(
        code == 2 && text.contains(&said) && text.contains("[web] listen"),
        "{text}"
    );
    drop(taken);
    let (text, _, code) = outcome(planbot(directory.path()).arg("doctor"));
    assert!(code == 0 && !text.contains("端口："), "{text}");
}

/// What a question is read as, and why an answer was preferred, in words that a person knows.
#[test]
fn an_explanation_is_in_words() {
    let directory = copied_qinghe();
    let question = ["ask", "--explain", "西渠年输水量2023年完成情况"];
    let (text, _, code) = outcome(planbot(directory.path()).args(question));
    assert_eq!(code, 0);
    for words in ["名词，分量", "支持：", "名称一字不差", "把握"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let explained = text.split("理解为：").nth(1).unwrap();
    let english = explained.split(|letter: char| !letter.is_ascii_alphabetic());
    let english: Vec<&str> = english.filter(|word| word.len() > 1).collect();
    assert_eq!(english, [""; 0], "{text}");
}

/// What is explained is the answer, as of the same day: 今年 is the machine's year where no other day is said.
#[expect(clippy::disallowed_methods, reason = "tests read the machine's year")]
#[test]
fn an_explanation_is_of_the_day_of_the_answer() {
    let directory = copied_qinghe();
    let plans = directory.path().join("data/plans");
    let year = chrono::Utc::now()
        .with_timezone(&chrono_tz::Asia::Shanghai)
        .year();
    // The newest plan is the next year's: it is what 今年 means where no plan is of the year.
    for of in [year, year + 1] {
        plan_like(&qinghe_plan(), &plans.join(format!("of-{of}")), |text| {
            let text = text.replace("2024", "PLANNED").replace("2023", "EXECUTED");
            let text = text.replace("PLANNED", &of.to_string());
            text.replace("EXECUTED", &(of - 1).to_string())
        });
    }
    remove_data_directory(&plans.join("qinghe-2024"));
    let question = ["ask", "--explain", "今年早稻亩均产量目标是多少"];
    let (text, error, code) = outcome(planbot(directory.path()).args(question));
    assert_eq!(code, 0, "{text}{error}");
    let (answered, explained) = text.split_once("理解为：").unwrap();
    let first = explained.lines().find(|line| line.starts_with("1. "));
    let first = first.unwrap_or_else(|| panic!("{text}"));
    let expected = format!("早稻亩均产量 {year}年");
    assert!(answered.starts_with(&expected), "{text}");
    assert!(first.contains(&expected), "{text}");
}

/// At a terminal a long work says how far it is, and leaves nothing behind; a pipe hears nothing of it. The name that
/// a plan would get is proposed.
#[cfg(unix)]
#[test]
fn a_long_work_is_seen_at_a_terminal_only() {
    let directory = copied_qinghe();
    let report = "data/plans/yuzhong-2022/source/yuzhong-2022-report.txt";
    let report = Path::new(env!("CARGO_MANIFEST_DIR")).join(report);
    let (text, error, code) = outcome(
        planbot(directory.path())
            .args(["import", "--dry-run"])
            .arg(&report),
    );
    assert_eq!((code, error.as_str()), (0, ""), "{text}");
    let name = "计划名称：yuzhong-2022（按地区和年度取的";
    assert!(text.starts_with(name), "{text}");
    let program = assert_cmd::cargo::cargo_bin!("planbot");
    let line = format!(
        "{} import --dry-run {}",
        program.display(),
        report.display()
    );
    let mut terminal = std::process::Command::new("script");
    terminal
        .args(["-qec", &line, "/dev/null"])
        .current_dir(directory.path());
    let seen = terminal
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let seen = String::from_utf8(seen.stdout).unwrap();
    assert!(
        seen.contains("\r\x1b[K正在读取 yuzhong-2022-report.txt……\r\x1b[K"),
        "{seen}"
    );
}
