//! `planbot import`: a report into a plan's files, with what a person should look at.

use super::progress::Progress;
use crate::chat::plan_counts;
use crate::config::Config;
use crate::files::{self, write_plan};
use crate::import::{self, Imported};
use crate::model::{PlanRecords, Severity};
use anyhow::{Context, bail};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What is imported, and how much is said of it.
#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// 报告文件：Word、PDF、Excel、网页或文本，按内容识别
    #[arg(value_name = "文件")]
    file: PathBuf,
    /// 计划的名称，例如 yuzhong-2022；不写时按地区和年度取
    #[arg(long, value_name = "名称")]
    plan: Option<String>,
    /// 替换已有的同名计划（synonyms.toml 保留）
    #[arg(long)]
    replace: bool,
    /// 只看读得对不对，不写入
    #[arg(long)]
    dry_run: bool,
    /// 列出全部提示和全部读到的内容
    #[arg(long)]
    verbose: bool,
}

/// So many findings, and so many rows of each sort, fit on one screen.
const SHOWN: usize = 8;

/// Imports a report. With any error nothing is written.
pub(crate) fn import(config: &Config, arguments: &ImportArguments) -> anyhow::Result<ExitCode> {
    let file = &arguments.file;
    let name = file.file_name();
    let name = name.map_or_else(String::new, |name| name.to_string_lossy().to_string());
    let bytes = files::read_bounded(file)
        .with_context(|| format!("无法读取 {}；请检查文件、大小和权限", file.display()))?;
    // Said here and not by a reader: an empty file has no format.
    if bytes.iter().all(u8::is_ascii_whitespace) {
        bail!("{} 是空文件；请确认文件选对了", file.display());
    }
    keep_crates_quiet();
    let reading = Progress::at(&format!("正在读取 {name}"));
    let mut imported = import::import(&bytes, "", &name);
    drop(reading);
    let header = &mut imported.records.header;
    let proposed = import::plan_id(header);
    header.id = arguments.plan.clone().unwrap_or(proposed);
    show_findings(&imported, arguments.verbose);
    // Findings are shown before anything is refused: what is wrong besides is worth knowing too.
    let mut findings = imported.findings.iter();
    if let Some(error) = findings.find(|finding| finding.severity == Severity::Error) {
        bail!("没有写入任何文件：{error}");
    }
    let records = &imported.records;
    if arguments.plan.is_none() {
        println!("{}", proposal(&records.header.id, file));
    }
    if arguments.dry_run {
        show_records(records, arguments.verbose);
        println!("试读，没有写入：{}。", plan_counts(records));
        return Ok(ExitCode::SUCCESS);
    }
    let report = imported.account.report();
    let source = (name.as_str(), bytes.as_slice());
    let directory = write_plan(
        &config.paths.data,
        records,
        source,
        &report,
        arguments.replace,
    )?;
    println!("{report}");
    println!(
        "已写入 {}：{}。请逐项核对后使用。",
        directory.display(),
        plan_counts(records)
    );
    Ok(ExitCode::SUCCESS)
}

/// The name that the plan gets where none was given, and how to give another.
fn proposal(id: &str, file: &Path) -> String {
    format!(
        "计划名称：{id}（按地区和年度取的；要另取，请写 planbot import {} --plan 名称）",
        file.display()
    )
}

/// Readers of other crates may panic on a damaged file; that is caught and becomes a sentence, and
/// their own words about it help nobody. Ours are still told.
fn keep_crates_quiet() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // Young crates panic on damaged files, which is caught and said as a finding
        // (`import/readers/unreadable`).
        let is_ours = panic
            .location()
            .is_none_or(|place| place.file().starts_with("src"));
        if is_ours {
            usual(panic);
        }
    }));
}

fn show_findings(imported: &Imported, verbose: bool) {
    let shown = if verbose { usize::MAX } else { SHOWN };
    for finding in imported.findings.iter().take(shown) {
        println!("{finding}");
    }
    let more = imported.findings.len().saturating_sub(shown);
    if more > 0 {
        println!("还有 {more} 条提示，加 --verbose 全部列出。");
    }
}

/// What was read, a few rows of each sort.
fn show_records(records: &PlanRecords, verbose: bool) {
    let shown = if verbose { usize::MAX } else { SHOWN };
    let header = &records.header;
    println!(
        "计划 {}：{}（{}，{}年执行情况，{}年计划）",
        header.id, header.title, header.region, header.executed_year, header.plan_year
    );
    let cells = records.cells.iter().map(|cell| {
        format!(
            "  指标｜{}｜{}｜{} {}｜{}",
            cell.indicator, cell.heading, cell.value, cell.unit, cell.place
        )
    });
    let terms = records
        .glossary
        .iter()
        .map(|entry| format!("  名词｜{}｜{}", entry.name, beginning(&entry.definition)));
    let notes = records
        .notes
        .iter()
        .map(|note| format!("  {}｜{}", note.place, beginning(&note.text)));
    let duties = header.duties.iter().map(|duty| {
        let due = duty.due.join("、");
        format!("  报送｜{}｜{}｜{due}", duty.reporter, duty.subject)
    });
    for line in cells
        .take(shown)
        .chain(terms.take(shown))
        .chain(notes.take(shown))
        .chain(duties.take(shown))
    {
        println!("{line}");
    }
}

fn beginning(text: &str) -> String {
    text.chars().take(40).collect()
}
