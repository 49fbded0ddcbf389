//! Reads the settings and checks them: what cannot be used is one sentence that names its key. The
//! only place that looks at the environment.

use super::{Config, FILE, Telegram};
use crate::files;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why the settings cannot be used; one sentence for the person who wrote them.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("无法读取 {file}（{source}）；请检查文件和权限")]
    Unreadable {
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file has a fault.
    #[error("{file} 第{line}行：{fault}")]
    Fault {
        file: PathBuf,
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
pub(crate) fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
    let path = file.unwrap_or(Path::new(FILE));
    let text = match files::read_text(path) {
        Ok(text) => text,
        // Without a file the defaults hold; a file that was named and is not there is a mistake.
        Err(error) if error.kind() == io::ErrorKind::NotFound && file.is_none() => String::new(),
        Err(source) => {
            return Err(ConfigError::Unreadable {
                file: path.to_path_buf(),
                source,
            });
        }
    };
    let mut config = parse(path, &text)?;
    if let Some(url) = environment("TELOXIDE_API_URL") {
        config.telegram.api_url = url;
    }
    config.telegram.proxy = environment("TELOXIDE_PROXY");
    check(config)
}

/// Reads the text of a settings file.
pub(crate) fn parse(file: &Path, text: &str) -> Result<Config, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = 1 + text
            .bytes()
            .take(start)
            .filter(|byte| *byte == b'\n')
            .count();
        ConfigError::Fault {
            file: file.to_path_buf(),
            line,
            fault: translated(error.message()),
        }
    })
}

fn check(config: Config) -> Result<Config, ConfigError> {
    check_telegram(&config.telegram)?;
    if !is_address(&config.web.listen) {
        let advice = "请写成 127.0.0.1:8088 这样的地址和端口";
        return Err(wrong("[web] listen", &config.web.listen, advice));
    }
    if !(1..=3_650).contains(&config.learning.days) {
        let days = config.learning.days.to_string();
        return Err(wrong("[learning] days", &days, "请写 1 到 3650 之间的天数"));
    }
    if config.chat.waiting == 0 {
        return Err(wrong("[chat] waiting", "0", "请写 1 以上的条数"));
    }
    // Made here only to be refused before anything starts; whoever needs it makes it again.
    config.reminders.policy()?;
    let log = &config.log;
    if !["error", "warn", "info", "debug", "trace"].contains(&log.level.as_str()) {
        let advice = "可用：error、warn、info、debug、trace";
        return Err(wrong("[log] level", &log.level, advice));
    }
    if !["text", "json"].contains(&log.format.as_str()) {
        let advice = "可用：text（给人看）、json（一行一条，给程序读）";
        return Err(wrong("[log] format", &log.format, advice));
    }
    Ok(config)
}

fn check_telegram(telegram: &Telegram) -> Result<(), ConfigError> {
    // http too: a Bot API server of one's own on the same machine has no certificate.
    let is_web = |address: &str| {
        ["http://", "https://"]
            .iter()
            .any(|s| address.starts_with(s))
    };
    if !is_web(&telegram.api_url) {
        let advice = "请写以 http:// 或 https:// 开头的地址";
        return Err(wrong("[telegram] api_url", &telegram.api_url, advice));
    }
    let is_proxy = |proxy: &String| {
        let schemes = ["http://", "https://", "socks5://", "socks5h://"];
        schemes.iter().any(|scheme| proxy.starts_with(scheme))
    };
    if telegram
        .proxy
        .as_ref()
        .is_some_and(|proxy| !is_proxy(proxy))
    {
        // It may hold a password, so it is not said again.
        let advice = "请写成 http://主机:端口 或 socks5h://主机:端口 这样的地址";
        return Err(wrong("TELOXIDE_PROXY", "***", advice));
    }
    // The Bot API itself waits fifty seconds at most.
    if !(1..=50).contains(&telegram.poll_seconds) {
        let seconds = telegram.poll_seconds.to_string();
        let advice = "请写 1 到 50 之间的秒数";
        return Err(wrong("[telegram] poll_seconds", &seconds, advice));
    }
    match telegram.mode.as_str() {
        "polling" => {}
        "webhook" if is_web(&telegram.webhook_url) => {}
        "webhook" => {
            let advice = "webhook 方式要写 Telegram 能访问到的 https:// 地址";
            return Err(wrong(
                "[telegram] webhook_url",
                &telegram.webhook_url,
                advice,
            ));
        }
        other => {
            let advice = "可用：polling（长轮询）、webhook";
            return Err(wrong("[telegram] mode", other, advice));
        }
    }
    if !is_address(&telegram.webhook_listen) {
        let advice = "请写成 127.0.0.1:8443 这样的地址和端口";
        return Err(wrong(
            "[telegram] webhook_listen",
            &telegram.webhook_listen,
            advice,
        ));
    }
    Ok(())
}

/// Whether this machine can listen there.
fn is_address(listen: &str) -> bool {
    // Figures, no name of a host: a name may stand for several addresses, or for none at the start.
    listen.parse::<std::net::SocketAddr>().is_ok()
}

fn wrong(key: &'static str, value: &str, advice: &'static str) -> ConfigError {
    ConfigError::Value {
        key,
        value: value.to_string(),
        advice,
    }
}

/// The parser's message in Chinese, where it is one that people cause.
fn translated(message: &str) -> String {
    // The parser sets the key between backticks, and after it each key that it would take.
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match quoted.split_first() {
        Some((key, known)) if message.starts_with("unknown field") => {
            format!(
                "不认识的键“{key}”；这里可用的键是：{}；请改正或删去",
                known.join("、")
            )
        }
        _ => format!(
            "写法有误（{}）；请对照 bot.toml 里的说明改正",
            message.replace('\n', " ")
        ),
    }
}

/// The bot's token, from the environment only: it never stands in a file or a log.
pub(crate) fn token() -> Option<String> {
    environment("TELOXIDE_TOKEN")
}

/// The shortest token that administrators of the page may choose themselves.
const SHORTEST_ADMIN_TOKEN: usize = 16;

/// The page's token for administrators, where the environment sets one. It never stands in a file
/// or a log.
pub(crate) fn admin_token() -> Result<Option<String>, ConfigError> {
    let Some(token) = environment("PLANBOT_ADMIN_TOKEN") else {
        return Ok(None);
    };
    if token.chars().count() < SHORTEST_ADMIN_TOKEN {
        return Err(ConfigError::Value {
            key: "PLANBOT_ADMIN_TOKEN",
            value: "***".to_string(),
            advice: "太短，容易被猜中；请用 16 个以上的字符",
        });
    }
    Ok(Some(token))
}

/// Where the program tells itself that it was begun anew, and how often.
pub(crate) const BEGUN_ANEW: &str = "PLANBOT_BEGUN_ANEW";

/// How often the program was begun anew by itself, since the state could not be written.
pub(crate) fn begun_anew() -> u32 {
    environment(BEGUN_ANEW)
        .and_then(|times| times.parse().ok())
        .unwrap_or(0)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
fn environment(name: &str) -> Option<String> {
    // One that is empty is not set: unit files and containers hand on empty ones.
    std::env::var(name)
        .ok()
        .map(|value| value.trim().to_string())
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_one_sentence_with_its_line() {
        let error = parse(
            Path::new("bot.toml"),
            "[paths]\ndata = \"d\"\n[telegram]\nurl = \"x\"\n",
        )
        .unwrap_err()
        .to_string();
        assert_eq!(
            error,
            "bot.toml 第4行：不认识的键“url”；这里可用的键是：api_url、poll_seconds、mode、webhook_url、webhook_listen、sends_per_second、group_sends_per_minute；请改正或删去"
        );
    }

    #[test]
    fn the_shipped_file_says_the_defaults() {
        let shipped = parse(Path::new(FILE), include_str!("../../bot.toml")).unwrap();
        assert_eq!(format!("{shipped:?}"), format!("{:?}", Config::default()));
    }
}
