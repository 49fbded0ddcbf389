//! `planbot remind --preview`: every reminder of a stretch of days, to whom, when and why.

use super::{index_place, shown};
use crate::chat::calendar_file;
use crate::config::Config;
use crate::edition::Edition;
use crate::files;
use crate::schedule::shown_day;
use anyhow::Context;
use chrono::{Datelike, NaiveDate};
use std::path::Path;
use std::process::ExitCode;

/// Lists the reminders from one day to another, as the data and the settings have them; nothing is
/// sent. With a file named, the due days are written there as a calendar instead.
pub fn preview(
    config: &Config,
    from: NaiveDate,
    to: NaiveDate,
    ics: Option<&Path>,
) -> anyhow::Result<ExitCode> {
    let edition =
        Edition::load(&config.paths.data, &index_place(&config.paths.index)).map_err(shown)?;
    let policy = config.reminders.policy()?;
    let (agenda, findings) = edition.agenda(&policy);
    findings.iter().for_each(|finding| eprintln!("{finding}"));
    if let Some(file) = ics {
        let text = calendar_file(&agenda, (from, to), super::clock().now().to_utc());
        files::write_text(file, &text)
            .with_context(|| format!("无法写入 {}；请检查目录和权限", file.display()))?;
        println!("已写入 {}，可以导入任何日历程序。", file.display());
        return Ok(ExitCode::SUCCESS);
    }
    let units: Vec<&str> = edition
        .units
        .iter()
        .map(|unit| unit.name.as_str())
        .collect();
    let mut lines: Vec<(NaiveDate, String)> = Vec::new();
    let margin = chrono::Days::new(90);
    let (earliest, latest) = (
        from.checked_sub_days(margin).unwrap_or(from),
        to.checked_add_days(margin).unwrap_or(to),
    );
    for occurrence in agenda.occurrences(earliest, latest) {
        let duty = occurrence.duty;
        let whom = if units.is_empty() {
            format!("{}（订阅了的会话）", duty.reporter)
        } else {
            units.join("、")
        };
        for (stage, day) in agenda
            .stages(&occurrence.due)
            .into_iter()
            .filter(|(_, day)| (from..=to).contains(day))
        {
            let is_estimated = occurrence.due.estimated || agenda.calendar.is_estimated(day.year());
            let estimated = if is_estimated { "，预估" } else { "" };
            let why = format!(
                "“{}”{}{estimated}；{}年计划 {}{}",
                duty.words,
                occurrence.due.reading,
                duty.source_year,
                duty.place,
                occurrence.repeated_from().unwrap_or_default()
            );
            let when = format!(
                "{}年{} {}",
                day.year(),
                shown_day(day),
                policy.send_at.format("%H:%M")
            );
            lines.push((
                day,
                format!(
                    "{when}　{}　给 {whom}　向{}报送{}，{}截止　（{why}）",
                    stage.word(),
                    duty.recipient,
                    duty.subject,
                    shown_day(occurrence.due.day)
                ),
            ));
        }
    }
    lines.sort();
    if lines.is_empty() {
        println!("这段时间没有要发的提醒。");
    }
    lines.iter().for_each(|(_, line)| println!("{line}"));
    Ok(ExitCode::SUCCESS)
}
