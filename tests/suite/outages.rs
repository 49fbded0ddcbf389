//! Telegram cannot be used, at the start and later, by polling and by webhook: nothing of that ends the bot. The page and its
//! reminders go on, one sentence says what is wrong, and what waited is answered when Telegram is back.

use crate::fake_bot_api::{FakeBotApi, Outage, TOKEN};
use crate::harness::{ADMIN, NO_PAGE, RunningBot, SOMEBODY, copied_data, private};
use crate::http::Client;
use crate::web_program::{Started, command};
use planbot::{
    Capabilities, ChatId, Hindrance, Messenger, OutboxEntry, Outgoing, Purpose, SendOutcome,
    Sending, Store, read_text, write_text,
};
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const CONFLICT: &str = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
const BACK_WITHIN: Duration = Duration::from_secs(30);
const ASKED: &str = "/api/v1/ask?q=%E5%A4%B1%E4%B8%9A%E7%8E%87";

/// What is out of order, and what is said of it.
const OUTAGES: [(Outage, &str); 7] = [
    (Outage::Page(200), "回答的不是 Bot API（200"),
    (Outage::Page(502), "服务器出错（502）"),
    (Outage::Page(404), "回答的不是 Bot API（404"),
    (Outage::Says(401, "Unauthorized"), "不接受这个令牌"),
    (Outage::Says(404, "Not Found"), "不接受这个令牌"),
    (Outage::TooOften(2), "要求过 2 秒再连"),
    (Outage::Silent, "迟迟不回答"),
];

/// The program with its page, behind an address.
fn started(directory: &Path, telegram: SocketAddr) -> Started {
    let settings = "[web]\nlisten = \"127.0.0.1:0\"\n";
    write_text(&directory.join("bot.toml"), settings).unwrap();
    let mut command = command(directory);
    command
        .env("TELOXIDE_TOKEN", TOKEN)
        .env("TELOXIDE_API_URL", format!("http://{telegram}"));
    Started::by(command)
}

/// Waits until `/readyz` says some words; bounded.
async fn ready_says(client: &mut Client, words: &str) {
    let mut said = String::new();
    for _ in 0..400 {
        said = client.get("/readyz").await.body;
        if said.contains(words) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{words} is not said: {said}");
}

/// The program with its page is started against something that is no Bot API, which then becomes one.
async fn comes_back(words: &str, telegram: SocketAddr, mend: impl AsyncFnOnce() -> FakeBotApi) {
    let directory = copied_data();
    let place = directory.path().to_path_buf();
    // Starting waits for the program, and would hold the tests' threads.
    let started = tokio::task::spawn_blocking(move || started(&place, telegram));
    let started = started.await.unwrap();
    let mut client = Client::new(started.address);
    ready_says(&mut client, words).await;
    let asked = client.get(ASKED).await;
    assert!(asked.status == 200 && asked.body.contains("城镇调查失业率"));
    assert_eq!(client.get("/healthz").await.status, 200);
    let ready = client.get("/readyz").await;
    assert_eq!(ready.status, 503, "{}", ready.body);
    assert!(!ready.body.contains("TEST"), "the token: {}", ready.body);
    let api = mend().await;
    let begun = Instant::now();
    api.push([private(SOMEBODY, "什么是放管服")]);
    let sent = api.next_sent().await;
    let took = begun.elapsed();
    assert!(
        sent.text.contains("简政放权") && took < BACK_WITHIN,
        "{words}: {took:?}"
    );
    ready_says(&mut client, "ok").await;
    let log = tokio::task::spawn_blocking(|| started.stop());
    let log = log.await.unwrap();
    let lines = |part: &str| log.lines().filter(|line| line.contains(part)).count();
    assert_eq!(
        lines("Telegram cannot be used at present"),
        1,
        "{words}: {log}"
    );
    assert_eq!(lines("Telegram can be used again"), 1, "{words}: {log}");
    assert!(!log.contains("TEST"), "the token is in the log: {log}");
    eprintln!("{words}: back after {took:.1?}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn at_the_start_nothing_that_may_pass_ends_it() {
    let of_the_server = OUTAGES.into_iter().map(|(outage, words)| {
        tokio::spawn(async move {
            let (api, address) = FakeBotApi::start().await;
            api.break_off(outage);
            comes_back(words, address, async move || {
                api.mend();
                api
            })
            .await;
        })
    });
    let mut all: Vec<_> = of_the_server.collect();
    all.push(tokio::spawn(async {
        let (api, address) = FakeBotApi::start().await;
        api.break_method("getupdates", Outage::Says(409, CONFLICT));
        comes_back(
            "另有一个程序正用同一个令牌收消息",
            address,
            async move || {
                api.mend();
                api
            },
        )
        .await;
    }));
    all.push(tokio::spawn(async {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        comes_back(
            "连不上 Telegram（Connection refused",
            address,
            async move || FakeBotApi::start_at(address).await,
        )
        .await;
    }));
    for one in all {
        one.await.unwrap();
    }
}

/// Waits until something is known to be wrong, or no more; bounded.
async fn troubles(bot: &RunningBot, expected: impl Fn(&[Hindrance]) -> bool) -> Vec<Hindrance> {
    for _ in 0..1_000 {
        let found = bot.app.signs().troubles();
        if expected(&found) {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{:?}", bot.app.signs().troubles())
}

#[tokio::test(flavor = "multi_thread")]
async fn later_nothing_that_may_pass_ends_it() {
    let bot = RunningBot::start_by(|config| config.telegram.poll_seconds = 1).await;
    bot.ask(SOMEBODY, "什么是放管服").await;
    for (outage, words) in OUTAGES {
        bot.api.break_off(outage);
        let found = troubles(&bot, |found| !found.is_empty()).await;
        let [Hindrance::Messenger(said)] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert!(said.contains(words), "{words}: {said}");
        bot.api.mend();
        let begun = Instant::now();
        let answer = bot.ask(SOMEBODY, "失业率2022年目标").await;
        assert!(answer.text.contains("5%以内") && begun.elapsed() < BACK_WITHIN);
        troubles(&bot, <[Hindrance]>::is_empty).await;
    }
    bot.finish().await;
}

/// Where only the updates are kept back, administrators are told through Telegram itself, once.
#[tokio::test(flavor = "multi_thread")]
async fn of_another_program_with_the_same_token_administrators_are_told_once() {
    let bot = RunningBot::start().await;
    bot.ask(SOMEBODY, "什么是放管服").await;
    bot.api
        .break_method("getupdates", Outage::Says(409, CONFLICT));
    let told = bot.api.next_sent().await;
    assert_eq!(told.chat, ADMIN);
    assert!(
        told.text.contains("【Telegram 有问题】")
            && told.text.contains("另有一个程序正用同一个令牌收消息"),
        "{told:?}"
    );
    // It is tried again meanwhile, and nobody is told again.
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(bot.api.unread().is_empty());
    bot.api.mend();
    bot.ask(SOMEBODY, "失业率2022年目标").await;
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_of_another_program_is_taken_back() {
    let bot = RunningBot::start().await;
    bot.ask(SOMEBODY, "什么是放管服").await;
    bot.api.set_webhook_of_another();
    bot.ask(SOMEBODY, "失业率2022年目标").await;
    troubles(&bot, <[Hindrance]>::is_empty).await;
    bot.finish().await;
}

fn free_address() -> SocketAddr {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap()
}

/// By webhook: neither `getMe` nor `setWebhook` must succeed at once, and the listener is there all the time.
#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_announced_until_telegram_takes_it() {
    for (method, outage, words) in [
        ("getme", Outage::Page(502), "服务器出错（502）"),
        ("setwebhook", Outage::Page(200), "回答的不是 Bot API"),
        ("setwebhook", Outage::TooOften(2), "要求过 2 秒再连"),
        (
            "setwebhook",
            Outage::Says(400, "Bad Request: bad webhook: a port is wrong"),
            "bad webhook: a port is wrong",
        ),
    ] {
        let free = free_address();
        let bot = RunningBot::start_against(
            |api| api.break_method(method, outage),
            |config| {
                config.telegram.mode = "webhook".to_string();
                config.telegram.webhook_url = "https://bot.example.org".to_string();
                config.telegram.webhook_listen = free.to_string();
            },
        )
        .await;
        let found = troubles(&bot, |found| !found.is_empty()).await;
        assert!(
            matches!(found.as_slice(), [Hindrance::Messenger(said)] if said.contains(words)),
            "{found:?}"
        );
        let address = format!("http://{free}");
        let health = reqwest::get(format!("{address}/healthz")).await.unwrap();
        assert_eq!(health.text().await.unwrap(), "ok");
        bot.api.mend();
        let begun = Instant::now();
        let set = bot.api.webhook_once().await;
        assert!(begun.elapsed() < BACK_WITHIN);
        let mut message = private(SOMEBODY, "什么是放管服");
        message["message_id"] = json!(5);
        message["date"] = json!(1);
        let update = json!({"update_id": 1, "message": message}).to_string();
        let secret = set["secret_token"].as_str().unwrap();
        let posted = reqwest::Client::new()
            .post(format!("{address}/telegram"))
            .header("X-Telegram-Bot-Api-Secret-Token", secret)
            .body(update);
        assert_eq!(posted.send().await.unwrap().status(), 200);
        assert!(bot.api.next_sent().await.text.contains("简政放权"));
        troubles(&bot, <[Hindrance]>::is_empty).await;
        // A webhook that is refused for its address is told to administrators, where that lasted.
        bot.finish_but_for(Some(ADMIN)).await;
    }
}

/// Another program takes the webhook away, or Telegram cannot post to it: that is in the log, in `/readyz` and with the
/// administrators once, and a webhook that was taken is set again.
#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_is_taken_or_fails_is_told_and_set_again() {
    const FAULT: &str = "Wrong response from the webhook: 502 Bad Gateway";
    for (is_taken, words) in [(true, "webhook 被别的程序取消或改到了别处"), (false, FAULT)]
    {
        let free = free_address();
        let bot = RunningBot::start_by(|config| {
            config.telegram.mode = "webhook".to_string();
            config.telegram.webhook_url = "https://bot.example.org".to_string();
            config.telegram.webhook_listen = free.to_string();
        })
        .await;
        bot.api.webhook_once().await;
        troubles(&bot, <[Hindrance]>::is_empty).await;
        if is_taken {
            bot.api.set_webhook_of_another();
        } else {
            bot.api.fail_webhook(Some(FAULT));
        }
        let found = troubles(&bot, |found| !found.is_empty()).await;
        assert!(
            matches!(found.as_slice(), [Hindrance::Messenger(said)] if said.contains(words)),
            "{found:?}"
        );
        let told = bot.api.next_sent_to(ADMIN).await;
        assert!(told.text.contains(words), "{told:?}");
        bot.api.fail_webhook(None);
        // It is over when some looks in a row found nothing.
        let begun = Instant::now();
        while !bot.app.signs().troubles().is_empty() {
            assert!(begun.elapsed() < Duration::from_secs(90));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let url = bot.api.webhook_once().await["url"].clone();
        assert_eq!(url, "https://bot.example.org/telegram");
        assert!(bot.api.unread().is_empty());
        bot.finish().await;
    }
}

/// A server of the Bot API that does not know what is asked about the webhook is no outage.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_knows_nothing_of_the_webhook_is_no_outage() {
    let free = free_address();
    let bot = RunningBot::start_against(
        |api| api.break_method("getwebhookinfo", Outage::Says(404, "Not Found")),
        |config| {
            config.telegram.mode = "webhook".to_string();
            config.telegram.webhook_url = "https://bot.example.org".to_string();
            config.telegram.webhook_listen = free.to_string();
        },
    )
    .await;
    bot.api.webhook_once().await;
    troubles(&bot, <[Hindrance]>::is_empty).await;
    // The first two looks come within three seconds.
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(4) {
        assert_eq!(bot.app.signs().troubles(), []);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bot.finish().await;
}

const ROOMS: i64 = 1 << 62;

/// Takes down what it is to send.
#[derive(Default)]
struct Recording(Mutex<Vec<String>>);

impl Messenger for Recording {
    fn capabilities(&self) -> Capabilities {
        Capabilities::all("test")
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            self.0.lock().unwrap().push(message.body.plain());
            SendOutcome::Delivered(None)
        })
    }
}

/// While Telegram does not answer, what is promised to the page goes out; what is promised to Telegram waits untouched.
#[tokio::test(flavor = "multi_thread")]
async fn reminders_of_the_page_do_not_wait_for_telegram() {
    for outage in [Outage::Silent, Outage::Page(502)] {
        let page = Arc::new(Recording::default());
        let beside = Arc::clone(&page) as Arc<dyn Messenger>;
        let broken = |api: &FakeBotApi| api.break_off(outage);
        let bot = RunningBot::start_beside(|_| {}, |_| {}, broken, Some(beside)).await;
        let store = bot.app.store().unwrap();
        let promise = |chat: i64, text: &str| {
            let purpose = Purpose::Text {
                text: text.to_string(),
                at_once: true,
            };
            let entry = OutboxEntry::new(ChatId(chat), purpose, bot.app.now());
            store.promise(entry, &[]).unwrap();
        };
        (1..=5).for_each(|chat| promise(-chat, "给 Telegram"));
        promise(ROOMS + 5, "给网页");
        bot.app.wake_desk();
        let begun = Instant::now();
        while page.0.lock().unwrap().is_empty() {
            assert!(begun.elapsed() < Duration::from_secs(5), "the page waits");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let sent = page.0.lock().unwrap().clone();
        assert!(
            matches!(sent.as_slice(), [one] if one.contains("给网页")),
            "{sent:?}"
        );
        troubles(&bot, |found| !found.is_empty()).await;
        let waiting = store.outbox().unwrap();
        let waiting: Vec<_> = waiting
            .iter()
            .filter(|entry| entry.delivery.is_open())
            .collect();
        assert!(
            waiting.len() == 5 && waiting.iter().all(|entry| entry.delivery.failures == 0),
            "{waiting:?}"
        );
        bot.api.mend();
        for _ in 1..=5 {
            assert!(bot.api.next_sent().await.text.contains("给 Telegram"));
        }
        bot.finish().await;
    }
}

/// Without a page and without a network the program stays, says one sentence, and ends in order.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_it_waits_and_ends_in_order() {
    let directory = copied_data();
    write_text(&directory.path().join("bot.toml"), NO_PAGE).unwrap();
    let mut command = command(directory.path());
    command
        .env("TELOXIDE_TOKEN", "999:SECRET")
        .env("TELOXIDE_API_URL", format!("http://{}", free_address()));
    let mut child = command.spawn().unwrap();
    let log = BufReader::new(child.stderr.take().unwrap());
    let mut lines = log.lines().map(Result::unwrap);
    let said = lines.find(|line| line.contains("连不上 Telegram")).unwrap();
    assert!(!said.contains("SECRET"), "{said}");
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(child.try_wait().unwrap().is_none(), "it ended");
    let told = std::process::Command::new("kill")
        .arg(child.id().to_string())
        .status();
    assert!(told.unwrap().success());
    let begun = Instant::now();
    assert!(child.wait().unwrap().success());
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(
        !lines.any(|line| line.contains("连不上 Telegram")),
        "said again"
    );
}

/// An administrator of the page reads on every page what is wrong.
#[tokio::test(flavor = "multi_thread")]
async fn administrators_read_on_the_page_what_is_wrong() {
    let page = crate::page::RunningPage::start().await;
    let why = "连不上 Telegram（试验）".to_string();
    page.app.signs().messenger_fails(why.clone());
    let mut stranger = page.browser().await;
    assert!(!stranger.get("/indicators").await.body.contains(&why));
    let mut admin = page.browser().await;
    admin
        .post("/admin/enter", &[("token", crate::page::TOKEN)])
        .await;
    for path in ["/admin", "/indicators"] {
        assert!(admin.get(path).await.body.contains(&why), "{path}");
    }
    page.app.signs().messenger_works();
    assert!(!admin.get("/admin").await.body.contains(&why));
    page.finish().await;
}

/// SIGHUP is heard before the state is opened, and seen to when the bot is there.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_hangup_before_anything_is_open_ends_nothing() {
    let directory = copied_data();
    let (api, telegram) = FakeBotApi::start().await;
    // As long as somebody holds the state the start goes no further.
    let state = directory.path().join("state");
    drop(Store::open(&state).unwrap());
    let held = loop {
        // sled lets go a moment after it was dropped.
        match Store::hold(&state) {
            Ok(held) => break held.unwrap(),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    let mut command = command(directory.path());
    command
        .env("TELOXIDE_TOKEN", TOKEN)
        .env("TELOXIDE_API_URL", format!("http://{telegram}"));
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let hears = || {
        let status = read_text(Path::new(&status)).unwrap_or_default();
        let caught = status
            .lines()
            .find_map(|line| line.strip_prefix("SigCgt:"))
            .map(|mask| u64::from_str_radix(mask.trim(), 16).unwrap());
        caught.is_some_and(|mask| mask & 1 == 1)
    };
    let begun = Instant::now();
    while !hears() {
        assert!(
            child.try_wait().unwrap().is_none() && begun.elapsed() < Duration::from_secs(10),
            "SIGHUP is not heard while the state is opened"
        );
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let signal = |name: &str| {
        let told = std::process::Command::new("kill")
            .arg(name)
            .arg(child.id().to_string())
            .status();
        assert!(told.unwrap().success());
    };
    signal("-HUP");
    drop(held);
    api.push([private(SOMEBODY, "什么是放管服")]);
    assert!(api.next_sent().await.text.contains("简政放权"));
    signal("-TERM");
    let ended = child.wait_with_output().unwrap();
    let log = String::from_utf8_lossy(&ended.stderr).to_string();
    assert!(
        ended.status.success() && log.contains("reloading on SIGHUP"),
        "{log}"
    );
}

/// Told to stop while half a head stands open on the webhook's listener, the program ends soon and well.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn half_a_head_at_the_webhook_holds_up_no_end() {
    use tokio::io::AsyncWriteExt;
    let directory = copied_data();
    let (api, telegram) = FakeBotApi::start().await;
    let free = free_address();
    let settings = format!(
        "{NO_PAGE}[telegram]\nmode = \"webhook\"\nwebhook_url = \"https://bot.example.org\"\nwebhook_listen = \"{free}\"\n"
    );
    write_text(&directory.path().join("bot.toml"), &settings).unwrap();
    let mut command = command(directory.path());
    command
        .env("TELOXIDE_TOKEN", TOKEN)
        .env("TELOXIDE_API_URL", format!("http://{telegram}"));
    let child = command.spawn().unwrap();
    api.webhook_once().await;
    let mut half = tokio::net::TcpStream::connect(free).await.unwrap();
    half.write_all(b"POST /telegram HTTP/1.1\r\nhost: x\r\nx-slow: ")
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let begun = Instant::now();
    let told = std::process::Command::new("kill")
        .arg(child.id().to_string())
        .status();
    assert!(told.unwrap().success());
    let ended = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap());
    let ended = tokio::time::timeout(Duration::from_secs(15), ended)
        .await
        .expect("it does not end")
        .unwrap();
    let log = String::from_utf8_lossy(&ended.stderr).to_string();
    assert!(ended.status.success(), "{log}");
    assert!(
        begun.elapsed() < Duration::from_secs(6),
        "{:?}",
        begun.elapsed()
    );
    assert!(!log.contains("still under way"), "{log}");
}
