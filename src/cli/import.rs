//! `planbot import`: a report into a plan's files, with the account of every character.

use crate::config::Config;
use crate::files::{self, write_plan};
use crate::import;
use crate::model::Severity;
use anyhow::{Context, bail};
use std::path::Path;
use std::process::ExitCode;

/// Imports a report. With any error nothing is written.
pub fn import(config: &Config, file: &Path, plan: &str, replace: bool) -> anyhow::Result<ExitCode> {
    let name = file
        .file_name()
        .map(|name| name.to_string_lossy().to_string())
        .unwrap_or_default();
    let bytes = files::read_bounded(file)
        .with_context(|| format!("无法读取 {}；请检查文件、大小和权限", file.display()))?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        bail!("{} 是空文件；请确认文件选对了", file.display());
    }
    let imported = import::import(&bytes, plan, &name);
    for finding in &imported.findings {
        println!("{finding}");
    }
    if let Some(error) = imported
        .findings
        .iter()
        .find(|finding| finding.severity == Severity::Error)
    {
        bail!("没有写入任何文件：{error}");
    }
    let report = imported.account.report();
    let directory = write_plan(
        &config.paths.data,
        &imported.records,
        (&name, &bytes),
        &report,
        replace,
    )?;
    let records = &imported.records;
    let indicators: std::collections::BTreeSet<&str> = records
        .cells
        .iter()
        .map(|cell| cell.indicator.as_str())
        .collect();
    println!("{report}");
    println!(
        "已写入 {}：指标 {} 项、数值 {} 个，名词 {} 条，备注脚注 {} 条，报送要求 {} 条。请逐项核对后使用。",
        directory.display(),
        indicators.len(),
        records.cells.len(),
        records.glossary.len(),
        records.notes.len(),
        records.header.duties.len()
    );
    Ok(ExitCode::SUCCESS)
}
