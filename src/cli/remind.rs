//! `planbot remind --preview`: every reminder of a stretch of days, to whom, when and why; or its
//! due days as a calendar file.

use super::output::Output;
use super::{index_place, shown};
use crate::chat::calendar_file;
use crate::config::Config;
use crate::edition::Edition;
use crate::files;
use crate::schedule::{Agenda, Occurrence, Stage, shown_day};
use anyhow::Context;
use chrono::{Datelike, NaiveDate};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

/// A reminder stands at most so many days from the due day that it is for.
const MARGIN_DAYS: u64 = 90;

/// A reminder that would be sent.
struct Coming<'a> {
    day: NaiveDate,
    stage: Stage,
    occurrence: Occurrence<'a>,
}

/// Writes the due days from one day to another into a calendar file.
pub(super) fn calendar(
    config: &Config,
    days: (NaiveDate, NaiveDate),
    file: &Path,
) -> anyhow::Result<ExitCode> {
    let (_, agenda) = loaded(config)?;
    let text = calendar_file(&agenda, days, super::clock().now().to_utc());
    files::write_text(file, &text)
        .with_context(|| format!("无法写入 {}；请检查目录和权限", file.display()))?;
    println!("已写入 {}，可以导入任何日历程序。", file.display());
    Ok(ExitCode::SUCCESS)
}

/// Lists the reminders from one day to another, as the data and the settings have them; nothing is
/// sent.
pub(super) fn preview(
    config: &Config,
    days: (NaiveDate, NaiveDate),
    output: Output,
) -> anyhow::Result<ExitCode> {
    let (edition, agenda) = loaded(config)?;
    let units: Vec<&str> = edition
        .units
        .iter()
        .map(|unit| unit.name.as_str())
        .collect();
    let mut lines: Vec<(NaiveDate, String)> = coming(&agenda, days)
        .iter()
        .map(|reminder| {
            let said = match output {
                Output::Lines => in_words(&agenda, reminder, &units),
                Output::Json => for_programs(&agenda, reminder, &units),
            };
            (reminder.day, said)
        })
        .collect();
    lines.sort();
    // For a program no line says as much.
    if lines.is_empty() && output == Output::Lines {
        println!("这段时间没有要发的提醒。");
    }
    lines.iter().for_each(|(_, line)| println!("{line}"));
    Ok(ExitCode::SUCCESS)
}

fn loaded(config: &Config) -> anyhow::Result<(Edition, Agenda)> {
    let edition =
        Edition::load(&config.paths.data, &index_place(&config.paths.index)).map_err(shown)?;
    let policy = config.reminders.policy()?;
    let (agenda, findings) = edition.agenda(&policy);
    // Beside the list and not in it: the list may be read by a program.
    findings.iter().for_each(|finding| eprintln!("{finding}"));
    Ok((edition, agenda))
}

fn coming(agenda: &Agenda, (from, to): (NaiveDate, NaiveDate)) -> Vec<Coming<'_>> {
    let margin = chrono::Days::new(MARGIN_DAYS);
    // A reminder comes before its due day or after it, so days beyond the stretch count too.
    let (earliest, latest) = (
        from.checked_sub_days(margin).unwrap_or(from),
        to.checked_add_days(margin).unwrap_or(to),
    );
    let mut coming = Vec::new();
    for occurrence in agenda.occurrences(earliest, latest) {
        let stages = agenda.stages(&occurrence.due).into_iter();
        for (stage, day) in stages.filter(|(_, day)| (from..=to).contains(day)) {
            let occurrence = occurrence.clone();
            coming.push(Coming {
                day,
                stage,
                occurrence,
            });
        }
    }
    coming
}

fn is_estimated(agenda: &Agenda, reminder: &Coming<'_>) -> bool {
    reminder.occurrence.due.estimated || agenda.calendar.is_estimated(reminder.day.year())
}

fn in_words(agenda: &Agenda, reminder: &Coming<'_>, units: &[&str]) -> String {
    let Coming {
        day,
        stage,
        occurrence,
    } = reminder;
    let duty = occurrence.duty;
    let whom = if units.is_empty() {
        format!("{}（订阅了的会话）", duty.reporter)
    } else {
        units.join("、")
    };
    let estimated = if is_estimated(agenda, reminder) {
        "，预估"
    } else {
        ""
    };
    let why = format!(
        "“{}”{}{estimated}；{}年计划 {}{}",
        duty.words,
        occurrence.due.reading,
        duty.source_year,
        duty.place,
        occurrence.repeated_from().unwrap_or_default()
    );
    let time = agenda.policy.send_at.format("%H:%M");
    let when = format!("{}年{} {time}", day.year(), shown_day(*day));
    format!(
        "{when}　{}　给 {whom}　向{}报送{}，{}截止　（{why}）",
        stage.word(),
        duty.recipient,
        duty.subject,
        shown_day(occurrence.due.day)
    )
}

fn for_programs(agenda: &Agenda, reminder: &Coming<'_>, units: &[&str]) -> String {
    let occurrence = &reminder.occurrence;
    let duty = occurrence.duty;
    let line = json!({
        "day": reminder.day, "time": agenda.policy.send_at.format("%H:%M").to_string(),
        "stage": reminder.stage.word(), "units": units, "reporter": duty.reporter,
        "recipient": duty.recipient, "subject": duty.subject, "due": occurrence.due.day,
        "estimated": is_estimated(agenda, reminder), "words": duty.words,
        "reading": occurrence.due.reading, "plan_year": duty.source_year, "place": duty.place,
    });
    line.to_string()
}
