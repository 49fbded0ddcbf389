//! `bot.toml` and the environment: every setting with its default, checked before anything starts.

mod reading;
mod served;

pub(crate) use reading::{BEGUN_ANEW, ConfigError, admin_token, begun_anew, load, token};
pub(crate) use served::unserved;

use crate::schedule::{DueDay, Policy};
use chrono::NaiveTime;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The file's name when none is given.
pub(crate) const FILE: &str = "bot.toml";

/// All settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where things are kept.
    pub paths: Paths,
    /// The Telegram edge.
    pub telegram: Telegram,
    /// The page.
    pub web: Web,
    /// Who may do what changes something for everybody.
    pub admins: Admins,
    /// Whose questions are answered, and how many at once.
    pub chat: Chat,
    /// Questions that could not be answered.
    pub learning: Learning,
    /// When units hear of their due days.
    pub reminders: Reminders,
    /// What is written to the log, and in which form.
    pub log: Log,
}

/// Where things are kept, relative to the working directory.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Paths {
    /// What people edit.
    pub data: PathBuf,
    /// Index generations; can be rebuilt.
    pub index: PathBuf,
    /// The only thing to back up.
    pub state: PathBuf,
}

/// The Telegram edge.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Telegram {
    /// The address of the Bot API.
    pub api_url: String,
    /// How long one poll waits, in seconds.
    pub poll_seconds: u64,
    /// `polling` or `webhook`; anything else is refused when the settings are read.
    pub mode: String,
    /// The public address that Telegram posts updates to, in webhook mode: without the path, which
    /// is ours.
    pub webhook_url: String,
    /// The local address, as `127.0.0.1:8443`, that a proxy hands them on to.
    pub webhook_listen: String,
    /// Messages a second overall; nought is no limit.
    pub sends_per_second: usize,
    /// Messages a minute in one group; nought is no limit.
    pub group_sends_per_minute: usize,
    /// The proxy on the way to the Bot API, from the environment only: its address may hold a
    /// password.
    #[serde(skip)]
    pub proxy: Option<String>,
}

/// The page and the HTTP API.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    /// Whether there is a page at all.
    pub enabled: bool,
    /// The address and port, as `127.0.0.1:8088`.
    pub listen: String,
    /// Names under which a proxy in front of it is reached; addresses and localhost are always
    /// allowed.
    pub hosts: Vec<String>,
    /// Whether what the bot counts can be fetched.
    pub metrics: bool,
}

/// Who may reload, import, decide and see who has reported.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Admins {
    /// Their ids, as `/id` tells them.
    pub ids: Vec<i64>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Chat {
    /// How many messages of one chat may wait.
    pub waiting: usize,
    /// The chats that are answered; none listed: all.
    pub allowed: Vec<i64>,
    /// How many questions a minute one person may ask; nought is no limit.
    pub questions_per_minute: usize,
    /// The region of a chat, by the chat's id: where a question names no place, that one is meant.
    pub places: BTreeMap<String, String>,
}

/// What is kept of questions that could not be answered.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Learning {
    /// Whether they are kept at all.
    pub keep: bool,
    /// For how many days.
    pub days: u32,
}

/// Reminders of duties to report.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reminders {
    /// Whether any are sent.
    pub enabled: bool,
    /// The last day of 初 and 上旬.
    pub early_until: u32,
    /// The last day of 中旬.
    pub middle_until: u32,
    /// `last` or `first`: which working day of a window is the due day.
    pub due_day: String,
    /// Working days before the due day on which a reminder goes out, each from 1 to 40.
    pub before: Vec<u32>,
    /// Working days after the due day on which a unit that is silent is reminded again, 1 to 40.
    pub after: Vec<u32>,
    /// The farthest that a unit may put its report off, in days from today.
    pub put_off_days: u32,
    /// When a day's reminders go out, `HH:MM` in the zone of the plan.
    pub send_at: String,
    /// The time of day, `HH:MM`, before which nothing goes out.
    pub open: String,
    /// The time of day, `HH:MM`, from which on nothing goes out.
    pub close: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// error, warn, info, debug or trace.
    pub level: String,
    /// text or json.
    pub format: String,
    /// Whether the text of a question may stand in a line.
    pub questions: bool,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            data: "data".into(),
            index: "index".into(),
            state: "state".into(),
        }
    }
}

impl Default for Telegram {
    fn default() -> Self {
        Self {
            api_url: "https://api.telegram.org".to_string(),
            // With what `telegram/poll` adds, a poll that hangs ends within thirty seconds.
            poll_seconds: 25,
            mode: "polling".to_string(),
            webhook_url: String::new(),
            webhook_listen: "127.0.0.1:8443".to_string(),
            // Both are Telegram's own figures for bots (core.telegram.org/bots/faq, “My bot is
            // hitting limits”).
            sends_per_second: 30,
            group_sends_per_minute: 20,
            proxy: None,
        }
    }
}

impl Default for Web {
    fn default() -> Self {
        Self {
            enabled: true,
            // This machine alone: that others may see the page is for a person to decide.
            listen: "127.0.0.1:8088".to_string(),
            hosts: Vec::new(),
            metrics: true,
        }
    }
}

impl Default for Chat {
    fn default() -> Self {
        Self {
            waiting: 64,
            allowed: Vec::new(),
            questions_per_minute: 30,
            places: BTreeMap::new(),
        }
    }
}

impl Default for Learning {
    fn default() -> Self {
        Self {
            keep: true,
            days: 90,
        }
    }
}

impl Default for Reminders {
    fn default() -> Self {
        Self {
            enabled: true,
            early_until: 10,
            middle_until: 20,
            // The latest day that the words allow: nobody is called late before they are.
            due_day: "last".to_string(),
            before: vec![10, 5, 3, 1],
            after: vec![1, 3],
            put_off_days: 60,
            send_at: "09:30".to_string(),
            open: "09:00".to_string(),
            close: "17:30".to_string(),
        }
    }
}

impl Reminders {
    /// The policy; what cannot be used is an error that names its key.
    pub fn policy(&self) -> Result<Policy, ConfigError> {
        let value = |key, value: String, advice| ConfigError::Value { key, value, advice };
        let time = |key, text: &str| {
            NaiveTime::parse_from_str(text, "%H:%M")
                .map_err(|_| value(key, text.to_string(), "请写成 09:30 这样的时刻"))
        };
        // February may end on the 28th: each third of a month keeps at least one day.
        if !(1..self.middle_until).contains(&self.early_until) || self.middle_until > 27 {
            let found = format!("{}、{}", self.early_until, self.middle_until);
            return Err(value(
                "[reminders] early_until、middle_until",
                found,
                "请写先后两个日子，例如 10 和 20，后一个不超过 27",
            ));
        }
        let due_day = match self.due_day.as_str() {
            "last" => DueDay::Last,
            "first" => DueDay::First,
            other => {
                return Err(value(
                    "[reminders] due_day",
                    other.to_string(),
                    "可用：last（最后一个工作日）、first（第一个工作日）",
                ));
            }
        };
        let counts = || self.before.iter().chain(&self.after);
        if counts().any(|days| !(1..=40).contains(days)) || counts().count() > 20 {
            return Err(value(
                "[reminders] before、after",
                format!("{:?}、{:?}", self.before, self.after),
                "请写 1 到 40 之间的工作日数，总共不超过 20 个",
            ));
        }
        if !(1..=366).contains(&self.put_off_days) {
            return Err(value(
                "[reminders] put_off_days",
                self.put_off_days.to_string(),
                "请写 1 到 366 之间的天数",
            ));
        }
        let (send_at, open, close) = (
            time("[reminders] send_at", &self.send_at)?,
            time("[reminders] open", &self.open)?,
            time("[reminders] close", &self.close)?,
        );
        if !(open..close).contains(&send_at) {
            return Err(value(
                "[reminders] send_at",
                self.send_at.clone(),
                "请写在 open 和 close 之间的时刻",
            ));
        }
        let (early_until, middle_until) = (self.early_until, self.middle_until);
        Ok(Policy {
            early_until,
            middle_until,
            due_day,
            before: self.before.clone(),
            after: self.after.clone(),
            put_off_days: self.put_off_days,
            send_at,
            open,
            close,
        })
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            level: "info".to_string(),
            format: "text".to_string(),
            questions: false,
        }
    }
}
