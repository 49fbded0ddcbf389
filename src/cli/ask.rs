//! `planbot ask`: the chat's own path, for a question or a batch of them.

use super::start;
use crate::app::{Answered, App};
use crate::chat::render;
use crate::config::Config;
use chrono::NaiveDate;
use std::io::{BufRead, Write};
use std::process::ExitCode;
use std::sync::Arc;

/// Answers the question of the arguments, or each line of standard input, in order.
pub fn ask(
    config: &Config,
    json: bool,
    explain: bool,
    today: Option<NaiveDate>,
    question: &[String],
) -> anyhow::Result<ExitCode> {
    let app = start(config)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if !question.is_empty() {
        write(
            &mut out,
            &answered(&app, &question.join(" "), today),
            json,
            explain,
        )?;
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let text = String::from_utf8_lossy(&line);
        write(&mut out, &answered(&app, text.trim(), today), json, explain)?;
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

fn write(
    out: &mut impl Write,
    answered: &Answered,
    json: bool,
    explain: bool,
) -> anyhow::Result<()> {
    let text = render::plain(&answered.reply);
    if json {
        writeln!(out, "{}", answered.json(&text)?)?;
        return Ok(out.flush()?);
    }
    writeln!(out, "{text}\n")?;
    if explain {
        explained(out, answered)?;
    }
    Ok(())
}

/// How the question was read: its pieces, its readings in their order, and what each leaves over.
fn explained(out: &mut impl Write, answered: &Answered) -> std::io::Result<()> {
    let utterance = &answered.utterance;
    writeln!(out, "理解为：{}", utterance.canonical)?;
    for token in &utterance.tokens {
        writeln!(out, "  {}　{:?}", token.text, token.kind)?;
    }
    for (rank, reading) in utterance.readings.iter().enumerate() {
        writeln!(
            out,
            "{}. {}　未解释：{:?}　多余的提示词：{}",
            rank + 1,
            reading.intent.key(),
            reading.unexplained,
            reading.unused_cues
        )?;
    }
    if let Some(fault) = &answered.fault {
        writeln!(out, "没有通过核对，没有显示：{fault}")?;
    }
    writeln!(out, "用时 {} 微秒\n", answered.elapsed.as_micros())
}
