//! The program with its page, as people start it: beside the local chat and beside Telegram, its faults, its end.

use crate::fake_bot_api::{FakeBotApi, TOKEN};
use crate::harness::{copied_data, private};
use crate::http::Client;
use planbot::{read_text, write_text};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

/// The running program: what it printed until the page was open, and where that is.
pub struct Started {
    pub child: Child,
    input: Option<ChildStdin>,
    output: BufReader<std::process::ChildStdout>,
    pub address: SocketAddr,
    printed: String,
}

fn with_page(directory: &Path) {
    write_text(
        &directory.join("bot.toml"),
        "[web]\nlisten = \"127.0.0.1:0\"\n",
    )
    .unwrap();
}

/// The program in a directory, without any token.
pub fn command(directory: &Path) -> Command {
    command_of(assert_cmd::cargo::cargo_bin!("planbot"), directory)
}

/// The same of a program that was built elsewhere.
pub fn command_of(program: &Path, directory: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
        .env_remove("TELOXIDE_TOKEN")
        .env_remove("TELOXIDE_API_URL")
        .env_remove("PLANBOT_ADMIN_TOKEN");
    command
}

impl Started {
    pub fn by(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut printed = String::new();
        // The address and what belongs to it end with an empty line.
        while !printed.ends_with("\n\n") {
            assert!(
                output.read_line(&mut printed).unwrap() > 0,
                "it ended: {printed}"
            );
        }
        let address = printed
            .lines()
            .find_map(|line| {
                line.strip_prefix("网页：http://")?
                    .strip_suffix('/')?
                    .parse()
                    .ok()
            })
            .unwrap();
        Self {
            input: child.stdin.take(),
            child,
            output,
            address,
            printed,
        }
    }

    /// Ends it as a service manager does; gives its log.
    pub fn stop(mut self) -> String {
        assert!(
            Command::new("kill")
                .arg("-TERM")
                .arg(self.child.id().to_string())
                .status()
                .unwrap()
                .success()
        );
        let status = self.child.wait().unwrap();
        let mut log = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        assert!(status.success(), "{log}");
        log
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_page_stays_when_the_input_ends_and_the_terminal_answers_beside_it() {
    let directory = copied_data();
    with_page(directory.path());
    let mut command = command(directory.path());
    command.args(["run", "--demo"]);
    let mut started = Started::by(command);
    assert!(
        started.printed.contains("PLANBOT_ADMIN_TOKEN")
            && !started.printed.contains("只显示这一次"),
        "{}",
        started.printed
    );
    started
        .input
        .as_mut()
        .unwrap()
        .write_all("什么时候报进展\n".as_bytes())
        .unwrap();
    let mut answer = String::new();
    while !answer.contains("2022年7月初和12月底") {
        assert!(
            started.output.read_line(&mut answer).unwrap() > 0,
            "{answer}"
        );
    }
    drop(started.input.take());
    let mut client = Client::new(started.address);
    let page = client.get("/").await.body;
    assert!(
        page.contains("details class=\"clock\"") && page.contains("演示时钟"),
        "in a demonstration the clock can be moved, and the page says so"
    );
    let deadlines = client.get("/deadlines").await.body;
    assert!(deadlines.contains("演示时钟"), "every page says so");
    started.stop();
}

/// The token is printed to a terminal, once; it holds over a restart, and no log has it.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn the_token_is_printed_once_and_to_a_terminal_only() {
    let directory = copied_data();
    with_page(directory.path());
    // `script` gives the program a terminal; its log goes beside it.
    let mut command = Command::new("script");
    let line = format!(
        "exec '{}' 2>log.txt",
        assert_cmd::cargo::cargo_bin!("planbot").display()
    );
    command
        .args(["-qefc", &line, "/dev/null"])
        .current_dir(directory.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command
        .env_remove("TELOXIDE_TOKEN")
        .env_remove("PLANBOT_ADMIN_TOKEN");
    let mut shown = command.spawn().unwrap();
    let mut output = BufReader::new(shown.stdout.take().unwrap());
    let (mut printed, mut line) = (String::new(), String::new());
    while !printed.contains("一行一问") {
        line.clear();
        assert!(output.read_line(&mut line).unwrap() > 0, "{printed}");
        printed.push_str(&line.replace('\r', ""));
    }
    let token = printed
        .split_once("只显示这一次")
        .unwrap()
        .1
        .lines()
        .next()
        .unwrap()
        .rsplit('：')
        .next()
        .unwrap()
        .to_string();
    let address = printed
        .split_once("网页：http://")
        .unwrap()
        .1
        .split('/')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(token.len() >= 40, "{printed}");
    let mut client = Client::new(address);
    client.get("/admin").await;
    assert_eq!(
        client
            .post("/admin/enter", &[("token", "wrong")])
            .await
            .status,
        403
    );
    assert_eq!(
        client
            .post("/admin/enter", &[("token", &token)])
            .await
            .status,
        303
    );
    let cookie = client.cookie("planbot_admin").unwrap();
    // The end of the input at a terminal ends the program.
    shown.stdin.take().unwrap().write_all(&[4]).unwrap();
    assert!(shown.wait().unwrap().success());
    let log = read_text(&directory.path().join("log.txt")).unwrap();
    assert!(
        log.contains("wrong token") && !log.contains(&token) && !log.contains(&cookie),
        "a secret is in the log: {log}"
    );
    let started = Started::by(self::command(directory.path()));
    assert!(!started.printed.contains("口令"), "{}", started.printed);
    let mut again = client.moved_to(started.address);
    again.get("/admin").await;
    assert_eq!(
        again.post("/admin/reload", &[]).await.status,
        403,
        "sessions end with the program"
    );
    assert_eq!(
        again
            .post("/admin/enter", &[("token", &token)])
            .await
            .status,
        303
    );
    started.stop();
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_page_stands_beside_telegram_and_its_clock_does_not_move() {
    let directory = copied_data();
    with_page(directory.path());
    let (api, address) = FakeBotApi::start().await;
    let mut command = command(directory.path());
    command
        .env("TELOXIDE_TOKEN", TOKEN)
        .env("TELOXIDE_API_URL", format!("http://{address}"));
    let started = Started::by(command);
    api.push([private(5, "什么是放管服")]);
    assert!(api.next_sent().await.text.contains("简政放权"));
    let mut client = Client::new(started.address);
    assert!(
        !client
            .get("/")
            .await
            .body
            .contains("details class=\"clock\"")
    );
    assert_eq!(
        client
            .post("/chat/say", &[("text", "什么是放管服")])
            .await
            .status,
        200
    );
    assert!(client.get("/").await.body.contains("简政放权"));
    assert_eq!(
        client
            .post("/clock", &[("day", "2022-07-07"), ("time", "09:30")])
            .await
            .status,
        403
    );
    let log = started.stop();
    assert!(!log.contains("TEST"), "the token is in the log: {log}");
    assert_eq!(api.unread().len(), 0);
}

#[test]
fn faults_of_the_page_are_one_sentence() {
    let directory = copied_data();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let fault = |settings: &str, admin_token: &str, expected: &[&str]| {
        write_text(&directory.path().join("bot.toml"), settings).unwrap();
        let mut command = command(directory.path());
        let output = command
            .env("PLANBOT_ADMIN_TOKEN", admin_token)
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr).to_string();
        assert_eq!(
            (output.status.code(), error.trim().lines().count()),
            (Some(2), 1),
            "{error}"
        );
        assert!(
            expected.iter().all(|words| error.contains(words)),
            "{error}"
        );
    };
    fault(
        &format!("[web]\nlisten = \"{}\"\n", taken.local_addr().unwrap()),
        "",
        &["不能在 127.0.0.1:", "（端口已被占用）", "[web]", "listen"],
    );
    fault(
        "[web]\nlisten = \"192.0.2.1:8088\"\n",
        "",
        &["不能在 192.0.2.1:8088 上打开网页（本机没有这个地址）"],
    );
    fault(
        "[web]\nlisten = \"localhost\"\n",
        "",
        &["[web] listen", "127.0.0.1:8088"],
    );
    fault(
        "[web]\nlisten = \"127.0.0.1:0\"\n",
        "short-secret",
        &["PLANBOT_ADMIN_TOKEN", "16"],
    );
    let output = {
        let mut command = command(directory.path());
        command
            .env("PLANBOT_ADMIN_TOKEN", "short-secret")
            .output()
            .unwrap()
    };
    assert!(!String::from_utf8_lossy(&output.stderr).contains("short-secret"));
}
