//! `bot.toml` and the environment: every setting with its default, checked before anything starts.

use crate::files;
use crate::schedule::{DueDay, Policy};
use chrono::NaiveTime;
use serde::Deserialize;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The file's name when none is given.
pub const FILE: &str = "bot.toml";

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
    /// Who may reload.
    pub admins: Admins,
    /// Chats.
    pub chat: Chat,
    /// Questions that could not be answered.
    pub learning: Learning,
    /// Reminders.
    pub reminders: Reminders,
    /// Logs.
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
    /// polling or webhook.
    pub mode: String,
    /// Where Telegram sends updates to, in webhook mode.
    pub webhook_url: String,
    /// Where the bot listens for them.
    pub webhook_listen: String,
    /// Messages a second overall; nought is no limit.
    pub sends_per_second: usize,
    /// Messages a minute in one group; nought is no limit.
    pub group_sends_per_minute: usize,
}

/// The page and the HTTP API.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    /// Whether there is a page at all.
    pub enabled: bool,
    /// Where it listens.
    pub listen: String,
    /// Names under which a proxy in front of it is reached; addresses and localhost are always allowed.
    pub hosts: Vec<String>,
}

/// Administrators.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Admins {
    /// Their ids, as `/id` tells them.
    pub ids: Vec<i64>,
}

/// Chats.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Chat {
    /// How many messages of one chat may wait.
    pub waiting: usize,
    /// The chats that are answered; none listed: all.
    pub allowed: Vec<i64>,
    /// How many questions a minute one person may ask; nought is no limit.
    pub questions_per_minute: usize,
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
    /// last or first working day of a window.
    pub due_day: String,
    /// So many working days before the due day.
    pub before: Vec<u32>,
    /// So many working days behind it.
    pub after: Vec<u32>,
    /// When a day's reminders go out, HH:MM.
    pub send_at: String,
    /// Nothing goes out before.
    pub open: String,
    /// Nothing goes out from then on.
    pub close: String,
}

/// Logs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// error, warn, info, debug or trace.
    pub level: String,
}

impl Default for Paths {
    fn default() -> Self {
        Self { data: "data".into(), index: "index".into(), state: "state".into() }
    }
}

impl Default for Telegram {
    fn default() -> Self {
        Self {
            api_url: "https://api.telegram.org".to_string(),
            poll_seconds: 25,
            mode: "polling".to_string(),
            webhook_url: String::new(),
            webhook_listen: "127.0.0.1:8443".to_string(),
            sends_per_second: 30,
            group_sends_per_minute: 20,
        }
    }
}

impl Default for Web {
    fn default() -> Self {
        Self { enabled: true, listen: "127.0.0.1:8088".to_string(), hosts: Vec::new() }
    }
}

impl Default for Chat {
    fn default() -> Self {
        Self { waiting: 64, allowed: Vec::new(), questions_per_minute: 30 }
    }
}

impl Default for Learning {
    fn default() -> Self {
        Self { keep: true, days: 90 }
    }
}

impl Default for Reminders {
    fn default() -> Self {
        Self {
            enabled: true,
            early_until: 10,
            middle_until: 20,
            due_day: "last".to_string(),
            before: vec![10, 5, 3, 1],
            after: vec![1, 3],
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
        let time =
            |key, text: &str| NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| value(key, text.to_string(), "请写成 09:30 这样的时刻"));
        if !(1..self.middle_until).contains(&self.early_until) || self.middle_until > 27 {
            let found = format!("{}、{}", self.early_until, self.middle_until);
            return Err(value("[reminders] early_until、middle_until", found, "请写先后两个日子，例如 10 和 20，后一个不超过 27"));
        }
        let due_day = match self.due_day.as_str() {
            "last" => DueDay::Last,
            "first" => DueDay::First,
            other => return Err(value("[reminders] due_day", other.to_string(), "可用：last（最后一个工作日）、first（第一个工作日）")),
        };
        let counts = || self.before.iter().chain(&self.after);
        if counts().any(|days| !(1..=40).contains(days)) || counts().count() > 20 {
            return Err(value(
                "[reminders] before、after",
                format!("{:?}、{:?}", self.before, self.after),
                "请写 1 到 40 之间的工作日数，总共不超过 20 个",
            ));
        }
        let (send_at, open, close) =
            (time("[reminders] send_at", &self.send_at)?, time("[reminders] open", &self.open)?, time("[reminders] close", &self.close)?);
        if !(open..close).contains(&send_at) {
            return Err(value("[reminders] send_at", self.send_at.clone(), "请写在 open 和 close 之间的时刻"));
        }
        let (early_until, middle_until) = (self.early_until, self.middle_until);
        Ok(Policy { early_until, middle_until, due_day, before: self.before.clone(), after: self.after.clone(), send_at, open, close })
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".to_string() }
    }
}

/// Why the settings cannot be used; one sentence for the person who wrote them.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("无法读取 {file}（{source}）；请检查文件和权限")]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file has a fault.
    #[error("{file} 第{line}行：{fault}")]
    Fault {
        /// The file.
        file: PathBuf,
        /// The line.
        line: usize,
        /// What is wrong and what to do.
        fault: String,
    },
    /// A value cannot be used.
    #[error("{key} 的值“{value}”不可用：{advice}")]
    Value {
        /// The key or the variable.
        key: &'static str,
        /// What it was set to.
        value: String,
        /// What to do.
        advice: &'static str,
    },
}

/// Reads settings: from the given file, or from `bot.toml` where it exists, or the defaults.
pub fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
    let path = file.unwrap_or(Path::new(FILE));
    let text = match files::read_text(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound && file.is_none() => String::new(),
        Err(source) => return Err(ConfigError::Unreadable { file: path.to_path_buf(), source }),
    };
    let mut config = parse(path, &text)?;
    if let Some(url) = environment("TELOXIDE_API_URL") {
        config.telegram.api_url = url;
    }
    check(config)
}

/// Reads the text of a settings file.
pub fn parse(file: &Path, text: &str) -> Result<Config, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = 1 + text.bytes().take(start).filter(|byte| *byte == b'\n').count();
        ConfigError::Fault { file: file.to_path_buf(), line, fault: translated(error.message()) }
    })
}

fn check(config: Config) -> Result<Config, ConfigError> {
    let value = |key, value: &str, advice| ConfigError::Value { key, value: value.to_string(), advice };
    if !config.telegram.api_url.starts_with("http://") && !config.telegram.api_url.starts_with("https://") {
        return Err(value("[telegram] api_url", &config.telegram.api_url, "请写以 http:// 或 https:// 开头的地址"));
    }
    if !(1..=50).contains(&config.telegram.poll_seconds) {
        return Err(value("[telegram] poll_seconds", &config.telegram.poll_seconds.to_string(), "请写 1 到 50 之间的秒数"));
    }
    match config.telegram.mode.as_str() {
        "polling" => {}
        "webhook" if config.telegram.webhook_url.starts_with("https://") || config.telegram.webhook_url.starts_with("http://") => {}
        "webhook" => {
            return Err(value(
                "[telegram] webhook_url",
                &config.telegram.webhook_url,
                "webhook 方式要写 Telegram 能访问到的 https:// 地址",
            ));
        }
        other => return Err(value("[telegram] mode", other, "可用：polling（长轮询）、webhook")),
    }
    if config.telegram.webhook_listen.parse::<std::net::SocketAddr>().is_err() {
        return Err(value("[telegram] webhook_listen", &config.telegram.webhook_listen, "请写成 127.0.0.1:8443 这样的地址和端口"));
    }
    if config.web.listen.parse::<std::net::SocketAddr>().is_err() {
        return Err(value("[web] listen", &config.web.listen, "请写成 127.0.0.1:8088 这样的地址和端口"));
    }
    if !(1..=3_650).contains(&config.learning.days) {
        return Err(value("[learning] days", &config.learning.days.to_string(), "请写 1 到 3650 之间的天数"));
    }
    if config.chat.waiting == 0 {
        return Err(value("[chat] waiting", "0", "请写 1 以上的条数"));
    }
    config.reminders.policy()?;
    if !["error", "warn", "info", "debug", "trace"].contains(&config.log.level.as_str()) {
        return Err(value("[log] level", &config.log.level, "可用：error、warn、info、debug、trace"));
    }
    Ok(config)
}

/// The parser's message in Chinese, where it is one that people cause.
fn translated(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match quoted.split_first() {
        Some((key, known)) if message.starts_with("unknown field") => {
            format!("不认识的键“{key}”；这里可用的键是：{}；请改正或删去", known.join("、"))
        }
        _ => format!("写法有误（{}）；请对照 bot.toml 里的说明改正", message.replace('\n', " ")),
    }
}

/// The bot's token, from the environment only: it never stands in a file or a log.
pub fn token() -> Option<String> {
    environment("TELOXIDE_TOKEN")
}

/// The shortest token that administrators of the page may choose themselves.
const SHORTEST_ADMIN_TOKEN: usize = 16;

/// The page's token for administrators, where the environment sets one. It never stands in a file or a log.
pub fn admin_token() -> Result<Option<String>, ConfigError> {
    let Some(token) = environment("PLANBOT_ADMIN_TOKEN") else { return Ok(None) };
    if token.chars().count() < SHORTEST_ADMIN_TOKEN {
        return Err(ConfigError::Value {
            key: "PLANBOT_ADMIN_TOKEN",
            value: "***".to_string(),
            advice: "太短，容易被猜中；请用 16 个以上的字符",
        });
    }
    Ok(Some(token))
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|value| value.trim().to_string()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_one_sentence_with_its_line() {
        let error = parse(Path::new("bot.toml"), "[paths]\ndata = \"d\"\n[telegram]\nurl = \"x\"\n").unwrap_err().to_string();
        assert_eq!(
            error,
            "bot.toml 第4行：不认识的键“url”；这里可用的键是：api_url、poll_seconds、mode、webhook_url、webhook_listen、sends_per_second、group_sends_per_minute；请改正或删去"
        );
    }

    #[test]
    fn the_shipped_file_says_the_defaults() {
        let shipped = parse(Path::new(FILE), include_str!("../bot.toml")).unwrap();
        assert_eq!(format!("{shipped:?}"), format!("{:?}", Config::default()));
    }
}
