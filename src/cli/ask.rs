//! `planbot ask`: the chat's own path, for a question, a batch of them, or talks.

use super::explained::explained;
use super::{clock, start};
use crate::app::{Answered, App};
use crate::chat::render;
use crate::config::Config;
use crate::ports::{ChatId, Clock, PersonId, StandingClock};
use anyhow::Context;
use chrono::{NaiveDate, NaiveTime, TimeZone};
use std::io::{BufRead, Write};
use std::process::ExitCode;
use std::sync::Arc;

/// What is asked, and how replies are shown.
#[derive(Debug, clap::Args)]
pub(crate) struct AskArguments {
    /// 每个回答一行 JSON
    #[arg(long)]
    json: bool,
    /// 说明是怎样理解的
    #[arg(long)]
    explain: bool,
    /// 当作一个人在一个会话里连着问：从标准输入一行一问，后一问可以省略前一问说过的；空行另起一段对话
    #[arg(long, conflicts_with = "question")]
    dialogue: bool,
    /// 当作这一天来问，例如 2022-06-24
    #[arg(long, value_name = "日期")]
    today: Option<NaiveDate>,
    /// 问题
    #[arg(value_name = "问题")]
    question: Vec<String>,
}

/// The one chat of the talks.
const CHAT: ChatId = ChatId(0);

/// Answers the question of the arguments, or each line of standard input, in order.
pub(crate) fn ask(config: &Config, arguments: &AskArguments) -> anyhow::Result<ExitCode> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if arguments.dialogue {
        // A talk asks the clock, so the day that it is held on is the clock's.
        let clock = arguments.today.map_or_else(clock, standing);
        talk(&Arc::new(start(config, clock)?), arguments, &mut out)?;
    } else if arguments.question.is_empty() {
        let app = start(config, clock())?;
        for line in lines() {
            arguments.write(&answered(&app, &line?, arguments.today), &mut out)?;
        }
    } else {
        let app = start(config, clock())?;
        let question = arguments.question.join(" ");
        arguments.write(&answered(&app, &question, arguments.today), &mut out)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn answered(app: &App, question: &str, today: Option<NaiveDate>) -> Arc<Answered> {
    match today {
        Some(today) => app.ask_as_of(question, today),
        None => app.ask_here(question),
    }
}

/// Answers each line as a chat does, with the questions before it in mind; an empty line ends a
/// talk.
fn talk(app: &Arc<App>, arguments: &AskArguments, out: &mut impl Write) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .context("无法启动运行环境")?;
    for line in lines() {
        let line = line?;
        if line.is_empty() {
            app.forget_talk(CHAT, PersonId::LOCAL);
            continue;
        }
        let answered = runtime.block_on(app.ask_in(CHAT, PersonId::LOCAL, line))?;
        arguments.write(&answered, out)?;
    }
    Ok(())
}

/// A moment of a day: noon in Greenwich is the evening of the same day in the zone of the plans.
fn standing(day: NaiveDate) -> Arc<dyn Clock> {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    let moment = chrono_tz::Asia::Shanghai.from_utc_datetime(&day.and_time(noon));
    Arc::new(StandingClock(moment))
}

/// The lines of standard input, trimmed; what is no UTF-8 is marked.
fn lines() -> impl Iterator<Item = std::io::Result<String>> {
    let lines = std::io::stdin().lock().split(b'\n');
    lines.map(|line| Ok(String::from_utf8_lossy(&line?).trim().to_string()))
}

impl AskArguments {
    fn write(&self, answered: &Answered, out: &mut impl Write) -> anyhow::Result<()> {
        if self.json {
            writeln!(out, "{}", answered.json(render::plain)?)?;
            // Line by line: a program that asks and waits must not wait for a full buffer.
            return Ok(out.flush()?);
        }
        writeln!(out, "{}\n", answered.plain(render::plain))?;
        if self.explain {
            explained(out, answered)?;
        }
        Ok(())
    }
}
