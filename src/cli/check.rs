//! `planbot check` and `planbot index`: the findings that a reload would show, and the index made
//! ready.

use super::output::{self, Output};
use super::{clock, start};
use crate::config::Config;
use crate::edition;
use crate::files;
use crate::model::{Finding, Severity};
use crate::schedule::{Agenda, WorkCalendar};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Prints every finding; exit code 2 where one is an error.
pub(super) fn check(config: &Config, output: Output) -> anyhow::Result<ExitCode> {
    let data = files::read_data(&config.paths.data);
    let mut findings = edition::check(&data);
    findings.extend(missing_calendars(config, &data));
    // Settings against data: neither shows it by itself.
    findings.extend(config.unserved(&data.units));
    let (errors, warnings) = errors_and_warnings(&findings);
    match output {
        Output::Json => {
            let all: Vec<Value> = findings.iter().map(output::finding).collect();
            println!(
                "{}",
                json!({"findings": all, "errors": errors, "warnings": warnings})
            );
        }
        Output::Lines => {
            for finding in &findings {
                println!("{finding}");
            }
            println!("检查完毕：错误 {errors} 处，注意 {warnings} 处。");
        }
    }
    Ok(ExitCode::from(if errors > 0 { super::FAULT } else { 0 }))
}

/// Years whose calendar will be needed for reminders and is not there.
fn missing_calendars(config: &Config, data: &files::DataFiles) -> Vec<Finding> {
    let (Ok(policy), Ok(book)) = (config.reminders.policy(), edition::book(data)) else {
        return Vec::new();
    };
    let calendar = WorkCalendar::new(data.calendars.iter().cloned());
    Agenda::new(&book, calendar, policy)
        .0
        .findings(super::clock().today())
}

/// Builds the index of the data, or opens it where it is there.
pub(crate) fn index(config: &Config) -> anyhow::Result<ExitCode> {
    let app = start(config, clock())?;
    let edition = app.edition();
    for finding in edition.index_findings() {
        println!("{finding}");
    }
    println!(
        "索引就绪：版本 {}，{} 条。",
        edition.id,
        edition.evidence_count()
    );
    // What the disk did not take is tried once more.
    let is_on_disk = edition.look_after_index().is_empty() || edition.look_after_index().is_empty();
    Ok(ExitCode::from(if is_on_disk { 0 } else { super::FAULT }))
}

/// How many findings keep the data from being used, and how many are worth a look.
pub(super) fn errors_and_warnings(findings: &[Finding]) -> (usize, usize) {
    let count = |severity| {
        let of_it = findings.iter().filter(|one| one.severity == severity);
        of_it.count()
    };
    (count(Severity::Error), count(Severity::Warning))
}
