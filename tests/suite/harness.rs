//! A running bot over the true Telegram client and a fake Bot API; its end is an assertion.

use crate::fake_bot_api::{BOT_NAME, FakeBotApi, Sent, TOKEN};
use chrono::{DateTime, TimeZone};
use chrono_tz::Tz;
use planbot::{
    App, ChatId, Clock, Config, Edition, IndexPlace, Messenger, Metrics, OutboxEntry, Paths,
    Purpose, Store, TelegramError, read_text, run_messengers, write_text,
};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub const ADMIN: i64 = 42;
pub const SOMEBODY: i64 = 43;

/// The data that the repository ships.
pub fn shipped_data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

/// Settings without the page: many programs at once would want the same address.
pub const NO_PAGE: &str = "[web]\nenabled = false\n";

/// A copy of the shipped data that a test may spoil, with settings without the page.
pub fn copied_data() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    write_text(&directory.path().join("bot.toml"), NO_PAGE).unwrap();
    copy(&shipped_data(), &directory.path().join("data"));
    directory
}

#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The data of a made-up plan of ten lines, with the field's words and the calendar as they are shipped.
pub struct Qinghe {
    directory: tempfile::TempDir,
}

/// Lays the made-up plan out as data files.
pub fn qinghe() -> Qinghe {
    let directory = tempfile::tempdir().unwrap();
    copy(&shipped_data(), &directory.path().join("data"));
    only_qinghe(&directory.path().join("data"));
    Qinghe { directory }
}

impl Qinghe {
    /// The data directory.
    pub fn path(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// An edition of it, with its index in memory.
    pub fn edition(&self) -> Edition {
        Edition::load(&self.path(), &IndexPlace::Memory).unwrap_or_else(|error| panic!("{error:?}"))
    }
}

/// A copy of the made-up plan's data that a test may spoil, with settings without the page.
pub fn copied_qinghe() -> tempfile::TempDir {
    let directory = copied_data();
    only_qinghe(&directory.path().join("data"));
    directory
}

/// The made-up plan's files.
pub fn qinghe_plan() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/qinghe")
}

/// Puts the made-up plan in the place of the shipped one.
#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
pub fn only_qinghe(data: &Path) {
    std::fs::remove_dir_all(data.join("plans")).unwrap();
    copy(&qinghe_plan(), &data.join("plans/qinghe-2024"));
}

/// A file of a copied data directory, where it is there.
pub fn read_data_file(file: &Path) -> Option<String> {
    read_text(file).ok()
}

/// Takes a directory away that must be there.
#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
pub fn remove_data_directory(directory: &Path) {
    std::fs::remove_dir_all(directory).unwrap();
}

/// Replaces a text in a file of a copied data directory.
#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
pub fn replace(file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{from} is not in {}", file.display());
    std::fs::write(file, text.replace(from, to)).unwrap();
}

/// A plan of the next year beside the shipped one, made of it.
pub fn next_plan(data: &Path) {
    let plans = data.join("plans");
    plan_like(
        &plans.join("yuzhong-2022"),
        &plans.join("next-2023"),
        |text| {
            let text = text.replace("2022", "2O23").replace("2021", "2022");
            text.replace("2O23", "2023")
        },
    );
}

/// A plan made of another one, whose texts are changed.
#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
pub fn plan_like(old: &Path, new: &Path, change: impl Fn(&str) -> String) {
    std::fs::create_dir_all(new).unwrap();
    for file in [
        "body.md",
        "glossary.csv",
        "indicators.csv",
        "notes.csv",
        "plan.toml",
    ] {
        // Not every plan has notes.
        let Ok(text) = read_text(&old.join(file)) else {
            continue;
        };
        write_text(&new.join(file), &change(&text)).unwrap();
    }
}

/// A clock that stands at a moment, first on a day in June 2022, and can be told to break once.
pub struct TestClock {
    breaks: AtomicBool,
    moment: Mutex<DateTime<Tz>>,
}

impl Default for TestClock {
    fn default() -> Self {
        let moment = chrono_tz::Asia::Shanghai
            .with_ymd_and_hms(2022, 6, 24, 9, 0, 0)
            .unwrap();
        Self {
            breaks: AtomicBool::default(),
            moment: Mutex::new(moment),
        }
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Tz> {
        assert!(
            !self.breaks.swap(false, Ordering::SeqCst),
            "a planned failure"
        );
        *self.moment.lock().unwrap()
    }
}

impl TestClock {
    /// The clock shows another moment of 2022.
    pub fn set(&self, month: u32, day: u32, hour: u32, minute: u32) {
        *self.moment.lock().unwrap() = chrono_tz::Asia::Shanghai
            .with_ymd_and_hms(2022, month, day, hour, minute, 0)
            .unwrap();
    }

    /// The clock shows another moment.
    pub fn set_year(&self, year: i32, month: u32, day: u32, hour: u32, minute: u32) {
        *self.moment.lock().unwrap() = chrono_tz::Asia::Shanghai
            .with_ymd_and_hms(year, month, day, hour, minute, 0)
            .unwrap();
    }

    /// The next look at the clock panics.
    pub fn break_once(&self) {
        self.breaks.store(true, Ordering::SeqCst);
    }
}

/// An app over a data directory, with its index in memory.
pub fn app(data: &Path, store: Option<Store>) -> Arc<App> {
    app_at(data, store, Arc::new(TestClock::default()))
}

/// The same, with its clock.
pub fn app_at(data: &Path, store: Option<Store>, clock: Arc<TestClock>) -> Arc<App> {
    app_by(&config_over(data), store, clock)
}

/// The default settings over a data directory, with one administrator and no limit on questions.
fn config_over(data: &Path) -> Config {
    let mut config = Config {
        paths: Paths {
            data: data.to_path_buf(),
            ..Paths::default()
        },
        ..Config::default()
    };
    config.admins.ids = vec![ADMIN];
    config.chat.questions_per_minute = 0;
    config.telegram.poll_seconds = 5;
    config.telegram.sends_per_second = 0;
    config.telegram.group_sends_per_minute = 0;
    config
}

/// What holds a changed edition against the current one, as `planbot run` has it.
pub fn examiner() -> planbot::Examiner {
    planbot::Examiner {
        setbacks: planbot::setbacks,
        otherwise: planbot::answered_otherwise,
        plain: planbot::exam_plain,
        plain_by_another_name: planbot::plain_by_another_name,
    }
}

fn app_by(config: &Config, store: Option<Store>, clock: Arc<TestClock>) -> Arc<App> {
    let app = App::start(config, IndexPlace::Memory, clock, store)
        .map_err(|error| error.to_string())
        .unwrap();
    Arc::new(
        app.with_examiner(examiner())
            .with_metrics(Metrics::new(0).unwrap()),
    )
}

/// A bot that runs against a fake Bot API.
pub struct RunningBot {
    pub api: FakeBotApi,
    pub app: Arc<App>,
    pub clock: Arc<TestClock>,
    pub data: tempfile::TempDir,
    stop: watch::Sender<bool>,
    task: JoinHandle<Result<(), TelegramError>>,
}

impl RunningBot {
    /// Starts a bot over a copy of the shipped data.
    pub async fn start() -> Self {
        Self::start_with(8).await
    }

    /// Starts a bot whose chats may have so many messages waiting.
    pub async fn start_with(waiting: usize) -> Self {
        Self::start_by(|config| config.chat.waiting = waiting).await
    }

    /// Starts a bot with settings that differ.
    pub async fn start_by(change: impl FnOnce(&mut Config)) -> Self {
        Self::start_from(change, |_| {}).await
    }

    /// Starts a bot over a state directory that was prepared.
    pub async fn start_over(prepare: impl FnOnce(&Path)) -> Self {
        Self::start_from(|_| {}, prepare).await
    }

    /// Starts a bot whose data list these units (units.toml).
    pub async fn start_with_units(units: &str) -> Self {
        Self::start_from(|_| {}, |state| write_units(state, units)).await
    }

    /// Starts a bot whose data list these units, with settings that differ.
    pub async fn start_with_units_by(units: &str, change: impl FnOnce(&mut Config)) -> Self {
        Self::start_from(change, |state| write_units(state, units)).await
    }

    /// Looks at what is to be sent now, and not only when the next tick comes.
    pub fn at(&self, month: u32, day: u32, hour: u32, minute: u32) {
        self.clock.set(month, day, hour, minute);
        self.app.wake_desk();
    }

    /// Everything that is sent until the reminders have been seen to, from beginning to end, by what holds now: two words to
    /// nobody go the same way, and the second one behind the end of the tick that sent the first.
    pub async fn until_quiet(&self) -> Vec<Sent> {
        const NOBODY: i64 = 999_999;
        self.until_quiet_to(NOBODY).await
    }

    /// The same, where only some chats are written to: the words go to one of them that nothing else is sent to.
    pub async fn until_quiet_to(&self, nobody: i64) -> Vec<Sent> {
        let store = self.app.store().unwrap();
        let mut others = Vec::new();
        for text in ["first", "second"] {
            let purpose = Purpose::Text {
                text: text.to_string(),
                at_once: true,
            };
            let entry = OutboxEntry::new(ChatId(nobody), purpose, self.app.now());
            store.promise(entry, &[]).unwrap();
            self.app.wake_desk();
            loop {
                let sent = self.api.next_sent().await;
                if sent.chat == nobody {
                    break;
                }
                others.push(sent);
            }
        }
        others
    }

    /// The data are written anew in a file, and loaded.
    pub async fn reload_with(&self, file: &str, from: &str, to: &str) -> planbot::Reloaded {
        replace(&self.file(file), from, to);
        Arc::clone(&self.app).reload(planbot::PersonId(ADMIN)).await
    }

    async fn start_from(change: impl FnOnce(&mut Config), prepare: impl FnOnce(&Path)) -> Self {
        Self::start_beside(change, prepare, |_| {}, None).await
    }

    /// Starts a bot against a server that is out of order, with settings that differ.
    pub async fn start_against(
        break_server: impl FnOnce(&FakeBotApi),
        change: impl FnOnce(&mut Config),
    ) -> Self {
        Self::start_beside(change, |_| {}, break_server, None).await
    }

    /// Starts a bot beside another messenger.
    pub async fn start_beside(
        change: impl FnOnce(&mut Config),
        prepare: impl FnOnce(&Path),
        break_server: impl FnOnce(&FakeBotApi),
        beside: Option<Arc<dyn Messenger>>,
    ) -> Self {
        let data = copied_data();
        let (api, address) = FakeBotApi::start().await;
        break_server(&api);
        let mut config = config_over(&data.path().join("data"));
        config.telegram.api_url = format!("http://{address}");
        change(&mut config);
        prepare(&data.path().join("state"));
        let store = Store::open(&data.path().join("state")).unwrap();
        let clock = Arc::new(TestClock::default());
        let app = app_by(&config, Some(store), Arc::clone(&clock));
        let (stop, stopped) = watch::channel(false);
        let running = Arc::clone(&app);
        let task =
            tokio::spawn(
                async move { run_messengers(running, &config, TOKEN, beside, stopped).await },
            );
        Self {
            api,
            app,
            clock,
            data,
            stop,
            task,
        }
    }

    /// A file of the bot's own copy of the data.
    pub fn file(&self, name: &str) -> PathBuf {
        self.data.path().join("data").join(name)
    }

    /// Says something in a private chat and gives the first reply.
    pub async fn ask(&self, person: i64, text: &str) -> Sent {
        let numbers = self.api.push([private(person, text)]);
        let sent = self.api.next_sent().await;
        assert_eq!(sent.reply_to, Some(numbers[0]), "{sent:?}");
        sent
    }

    /// Stops in order: no task panicked, everything confirmed, nothing sent that nobody looked at.
    pub async fn finish(self) {
        self.finish_but_for(None).await;
    }

    /// Stops in order; what is sent to one chat need not have been looked at.
    pub async fn finish_but_for(self, chat: Option<i64>) {
        self.stop.send(true).unwrap();
        self.task
            .await
            .expect("the bot panicked")
            .expect("the bot ended with a fault");
        let mut unread = self.api.unread();
        unread.retain(|sent| Some(sent.chat) != chat);
        assert!(
            unread.is_empty(),
            "messages that no test expected: {unread:?}"
        );
    }
}

fn write_units(state: &Path, units: &str) {
    write_text(&state.with_file_name("data").join("units.toml"), units).unwrap();
}

/// A message in a group that replies to one of the bot's.
pub fn reply(chat: i64, person: i64, to: &Sent, text: &str) -> Value {
    let mut message = group(chat, person, text);
    message["reply_to_message"] = json!({"message_id": to.number, "date": 1_640_000_000, "text": to.text,
        "chat": message["chat"].clone(), "from": {"id": crate::fake_bot_api::BOT_ID, "is_bot": true, "first_name": "bot"}});
    message
}

/// A message in a private chat.
pub fn private(person: i64, text: &str) -> Value {
    json!({"chat": {"id": person, "type": "private", "first_name": "某人"}, "from": from(person), "text": text})
}

/// A message in a group.
pub fn group(chat: i64, person: i64, text: &str) -> Value {
    json!({"chat": {"id": chat, "type": "supergroup", "title": "工作群"}, "from": from(person), "text": text})
}

/// The text with the bot's name before it.
pub fn mention(text: &str) -> String {
    format!("@{BOT_NAME} {text}")
}

fn from(person: i64) -> Value {
    json!({"id": person, "is_bot": false, "first_name": "某人"})
}
