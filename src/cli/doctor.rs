//! `planbot doctor`: one line a check, with what to do. It changes nothing that a start of the bot
//! would not.

use super::check::errors_and_warnings;
use super::clock;
use super::output::Output;
use crate::app::App;
use crate::config::{self, Config, ConfigError};
use crate::edge::telegram::{self, BotIdentity};
use crate::edition::{self, EditionError};
use crate::files;
use crate::model::{Severity, is_of_telegram};
use crate::store::{FORMAT, Store, StoreError};
use crate::words::zh::system;
use chrono::Days;
use serde_json::{Value, json};
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;

/// With less room than this nothing can be written for long; with less than the second, not for
/// many weeks.
const NO_ROOM: u64 = 8 * 1024 * 1024;
const LITTLE_ROOM: u64 = 200 * 1024 * 1024;
/// So far ahead the next due day of a duty is looked for.
const AHEAD_DAYS: u64 = 400;

/// What a check found.
enum Found {
    Well(String),
    Notice(String),
    Wrong(String),
}

use Found::{Notice, Well, Wrong};

impl Found {
    /// Its sign, its word for programs, and what it says.
    fn parts(&self) -> (&'static str, &'static str, &str) {
        match self {
            Well(text) => ("✓", "well", text),
            Notice(text) => ("!", "notice", text),
            Wrong(text) => ("✗", "wrong", text),
        }
    }
}

/// Goes through everything that the bot needs. Exit code 2 where something keeps it from working.
pub(super) fn doctor(
    config: Result<Config, ConfigError>,
    output: Output,
) -> anyhow::Result<ExitCode> {
    let config = match config {
        Ok(config) => config,
        Err(error) => {
            return Ok(told(&[Wrong(format!("设置：{error}"))], output));
        }
    };
    let mut found = vec![Well("设置：可用".to_string())];
    // All of it, whatever is wrong before: one run should say everything that is to be mended.
    found.extend(bot(&config));
    found.push(administrators(&config));
    found.push(page(&config.web));
    found.extend(addresses(&config));
    let data_found = data(&config);
    // An index of data with faults would be one of other data.
    let usable = !matches!(data_found, Wrong(_));
    found.push(data_found);
    found.extend(chats(&config));
    found.push(state(&config.paths.state));
    found.push(room("状态目录", &config.paths.state));
    found.push(room("索引目录", &config.paths.index));
    if usable {
        found.extend(index_and_calendars(&config));
    }
    Ok(told(&found, output))
}

fn told(found: &[Found], output: Output) -> ExitCode {
    let wrong = found
        .iter()
        .filter(|found| matches!(found, Wrong(_)))
        .count();
    let notices = found
        .iter()
        .filter(|found| matches!(found, Notice(_)))
        .count();
    match output {
        Output::Json => {
            let checks = found.iter().map(Found::parts);
            let checks: Vec<Value> = checks
                .map(|(_, state, text)| json!({"state": state, "text": text}))
                .collect();
            println!(
                "{}",
                json!({"checks": checks, "wrong": wrong, "notices": notices})
            );
        }
        Output::Lines => {
            for (sign, _, text) in found.iter().map(Found::parts) {
                println!("{sign} {text}");
            }
            println!("体检完毕：✗ {wrong} 项，! {notices} 项。");
        }
    }
    ExitCode::from(if wrong > 0 { super::FAULT } else { 0 })
}

/// The token and whom it belongs to.
fn bot(config: &Config) -> Vec<Found> {
    let Some(token) = config::token() else {
        return vec![Notice(
            "令牌：没有 TELOXIDE_TOKEN，planbot run 会在终端里聊天；要用 Telegram，请设置从 @BotFather 取得的令牌".to_string(),
        )];
    };
    // The only thing here that asks the network; all else is synchronous.
    let asked = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let asked = match asked {
        Ok(runtime) => runtime.block_on(telegram::who_is(&config.telegram, &token)),
        Err(error) => {
            return vec![Wrong(format!(
                "令牌：无法启动运行环境（{error}）；请检查系统资源"
            ))];
        }
    };
    match asked {
        Err(error) => vec![Wrong(format!("令牌：{error}"))],
        Ok(BotIdentity {
            name, reads_groups, ..
        }) => {
            let privacy = if reads_groups {
                Well("隐私模式：已关闭，群里 @ 它的话都能收到（没 @ 它的它不理会）".to_string())
            } else {
                Notice(
                    "隐私模式：开着，群里只收得到命令和对它的回复；要能 @ 它提问，请向 @BotFather 发 /setprivacy 选 Disable，再把它移出群重新拉进来"
                        .to_string(),
                )
            };
            vec![Well(format!("令牌：有效，机器人是 @{name}")), privacy]
        }
    }
}

fn administrators(config: &Config) -> Found {
    let ids = &config.admins.ids;
    // People copy the number of the group, which /id says as well.
    if let Some(id) = ids.iter().find(|id| **id <= 0) {
        return Wrong(format!(
            "管理员：{id} 不是个人的编号（负数是群）；请本人私聊机器人发 /id，把看到的编号写进 [admins] ids"
        ));
    }
    if let Some(id) = ids.iter().find(|id| !is_of_telegram(**id)) {
        return Wrong(format!(
            "管理员：{id} 太大，不是 Telegram 的编号；请本人私聊机器人发 /id 核对"
        ));
    }
    if ids.is_empty() {
        return Notice(
            "管理员：还没有；请本人私聊机器人发 /id，把编号写进 bot.toml 的 [admins] ids，否则没有人能重新载入数据、没有人收到故障通知"
                .to_string(),
        );
    }
    Well(format!("管理员：{} 人", ids.len()))
}

/// The page, on which the bot is watched too.
fn page(settings: &config::Web) -> Found {
    if !settings.enabled {
        return Notice(
            "网页：关着，也就没有 /metrics、/healthz、/readyz；要打开，请写 [web] enabled = true"
                .to_string(),
        );
    }
    if let Err(error) = config::admin_token() {
        return Wrong(format!("网页：{error}"));
    }
    // The page does not encrypt: beyond this machine its tokens would be read on the way.
    let is_local = settings
        .listen
        .parse::<std::net::SocketAddr>()
        .is_ok_and(|address| address.ip().is_loopback());
    if !is_local {
        return Notice(format!(
            "网页：{} 别的机器也打得开，而它不加密；请在前面放带 TLS 的反向代理，并限制谁能访问",
            settings.listen
        ));
    }
    Well(format!("网页：在 {} 打开，只有本机打得开", settings.listen))
}

/// Whether the addresses that the bot listens on are free. Those of a bot that runs here are taken
/// by itself.
fn addresses(config: &Config) -> Vec<Found> {
    // A port that our own program holds is no fault, and the state's lock tells whether it runs.
    let is_running = Store::is_there(&config.paths.state)
        && matches!(Store::open(&config.paths.state), Err(StoreError::Locked(_)));
    let mut listened: Vec<(&str, &str, &str)> = Vec::new();
    if config.web.enabled {
        listened.push(("网页", "[web] listen", &config.web.listen));
    }
    if config::token().is_some() && config.telegram.mode == "webhook" {
        let address = &config.telegram.webhook_listen;
        listened.push(("Telegram 推送", "[telegram] webhook_listen", address));
    }
    let found = listened.into_iter().filter_map(|(what, setting, address)| {
        let error = TcpListener::bind(address).err()?;
        Some(match error.kind() {
            ErrorKind::AddrInUse if is_running => {
                Well(format!("端口：{address}（{what}）正由运行中的 planbot 使用"))
            }
            ErrorKind::AddrInUse => Wrong(format!(
                "端口：{address}（{what}）已被别的程序占用；请停掉那个程序，或在 bot.toml 的 {setting} 里换一个端口"
            )),
            _ => Wrong(format!(
                "端口：{address}（{what}）不能监听（{}）；请检查 bot.toml 的 {setting}",
                system::fault(&error)
            )),
        })
    });
    found.collect()
}

fn data(config: &Config) -> Found {
    let data = files::read_data(&config.paths.data);
    let findings = edition::check(&data);
    let (errors, warnings) = errors_and_warnings(&findings);
    if let Some(first) = findings
        .iter()
        .find(|finding| finding.severity == Severity::Error)
    {
        let more = if errors > 1 {
            format!("（共 {errors} 处，用 planbot check 查看）")
        } else {
            String::new()
        };
        return Wrong(format!("数据：{first}{more}"));
    }
    if warnings > 0 {
        return Notice(format!(
            "数据：可用，注意 {warnings} 处，用 planbot check 查看"
        ));
    }
    Well(format!("数据：{} 份计划，没有发现问题", data.plans.len()))
}

/// The chats that are answered, and the units that are not reminded for it.
fn chats(config: &Config) -> Vec<Found> {
    let allowed = &config.chat.allowed;
    if allowed.is_empty() {
        return vec![Well("会话：都回答（[chat] allowed 空着）".to_string())];
    }
    let mut found = vec![Well(format!("会话：只回答 {} 个", allowed.len()))];
    // What stands in an example is copied by somebody.
    if allowed.contains(&0) {
        found.push(Wrong(
            "会话：[chat] allowed 里的 0 不是会话的编号；请在会话里发 /id 查看".to_string(),
        ));
    }
    let units = files::read_data(&config.paths.data).units;
    let unserved = config.unserved(&units).into_iter();
    found.extend(unserved.map(|finding| Notice(format!("会话：{finding}"))));
    found
}

fn state(path: &Path) -> Found {
    if !Store::is_there(path) {
        return Well(format!(
            "状态：{} 里还没有，第一次运行时建立",
            path.display()
        ));
    }
    match Store::open(path) {
        Ok(store) => opened_state(&store),
        // Whoever examines a running bot has nothing to stop for.
        Err(StoreError::Locked(_)) => Well("状态：正由运行中的 planbot 使用".to_string()),
        Err(error) => Wrong(format!("状态：{error}")),
    }
}

/// What is to be said of a state that opens: what was last mended in it.
fn opened_state(store: &Store) -> Found {
    match store.mendings().as_deref() {
        Ok([]) => Well(format!("状态：可用，格式 {FORMAT}")),
        Ok([.., last]) => Notice(format!("状态：可用，格式 {FORMAT}；{}", last.sentence())),
        Err(error) => Wrong(format!("状态：{error}")),
    }
}

fn room(what: &str, path: &Path) -> Found {
    let free = match files::free_space(path) {
        Ok(free) => free,
        Err(error) => {
            return Notice(format!(
                "磁盘：看不到{what} {} 还有多少空间（{error}）；请自行检查",
                path.display()
            ));
        }
    };
    let megabytes = free / (1024 * 1024);
    match free {
        0..NO_ROOM => Wrong(format!(
            "磁盘：{what} {} 只剩 {megabytes} MB；请先腾出空间",
            path.display()
        )),
        NO_ROOM..LITTLE_ROOM => Notice(format!(
            "磁盘：{what} {} 只剩 {megabytes} MB；请尽快腾出空间",
            path.display()
        )),
        _ => Well(format!(
            "磁盘：{what} {} 还有 {megabytes} MB",
            path.display()
        )),
    }
}

/// The index as the bot would open it, and how far the calendars reach.
fn index_and_calendars(config: &Config) -> Vec<Found> {
    let app = match App::start(
        config,
        super::index_place(&config.paths.index),
        clock(),
        None,
    ) {
        Ok(app) => app,
        Err(EditionError::Data(findings)) => {
            let first = findings
                .iter()
                .find(|finding| finding.severity == Severity::Error)
                .map(ToString::to_string);
            return vec![Wrong(format!("数据：{}", first.unwrap_or_default()))];
        }
        Err(error) => return vec![Wrong(format!("索引：{error}"))],
    };
    let edition = app.edition();
    let index = Well(format!(
        "索引：可用，版本 {}，{} 条",
        edition.id,
        edition.evidence_count()
    ));
    let noticed = edition.index_findings();
    let mut found: Vec<Found> = noticed
        .map(|finding| Notice(format!("索引：{}", finding.advice)))
        .collect();
    found.insert(0, index);
    found.push(calendars(&app));
    found
}

fn calendars(app: &App) -> Found {
    let agenda = app.agenda();
    let today = clock().today();
    let until = today
        .checked_add_days(Days::new(AHEAD_DAYS))
        .unwrap_or(today);
    let coming = agenda.occurrences(today, until);
    let mut estimated = Vec::new();
    let mut last = today;
    for duty in &agenda.duties {
        let Some(next) = coming
            .iter()
            .find(|occurrence| occurrence.duty.position == duty.position)
        else {
            continue;
        };
        last = last.max(next.due.day);
        if next.due.estimated {
            estimated.push(format!("“{}”{}", duty.words, next.due.day));
        }
    }
    if agenda.duties.is_empty() {
        return Notice("日历：计划里没有能据以提醒的报送要求".to_string());
    }
    if estimated.is_empty() {
        return Well(format!("日历：管到每项报送的下一个截止日（最晚 {last}）"));
    }
    Notice(format!(
        "日历：{} 的放假安排还没有，日期只是预估；请照国务院办公厅的通知在 data/calendar/ 新建那一年的文件",
        estimated.join("、")
    ))
}
