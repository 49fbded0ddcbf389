//! What is said of a report that was brought: what was read, what to look at, what became of it.

use super::words;
use crate::app::{Approved, Proposal};
use crate::model::PlanRecords;
use std::collections::BTreeSet;

/// Somebody who may not bring a report.
pub(crate) const NOT_ADMIN: &str = "只有管理员可以导入报告。发 /id 可以看到自己的编号，请管理员把它写进 bot.toml 的 [admins] ids。要问计划里的内容，直接打字就行。";
/// A file without content.
pub(crate) const EMPTY: &str = "这个文件是空的；请确认发对了文件。";
/// The messenger did not hand the file out.
pub(crate) const NOT_FETCHED: &str =
    "没能从聊天软件取到这个文件；请再发一次，或在网页“管理”里导入。";
/// Nobody waits for a decision on it any more.
pub(crate) const NOT_WAITING: &str =
    "这份报告已经处理过、等得太久，或程序重新启动过；请把文件再发一次。";
/// It was dropped.
pub(crate) const DISCARDED: &str = "已放弃，数据没有改变。";
/// The button that makes a plan of it.
pub(crate) const APPROVE: &str = "写入并启用";
/// The button that drops it.
pub(crate) const DISCARD: &str = "放弃";

/// The button that puts it into the place of the plan that has its name.
pub(crate) fn replace(id: &str) -> String {
    format!("替换现有的 {id} 并启用")
}

/// A file that is larger than may be.
pub(crate) fn too_large(most_bytes: u64) -> String {
    format!(
        "文件太大（上限 {} MB）；请去掉图片后另存，或拆开再发。",
        most_bytes / 1_048_576
    )
}

/// What was read and what a person should look at.
pub(crate) fn read(proposal: &Proposal) -> String {
    let records = &proposal.imported.records;
    let header = &records.header;
    let mut lines = vec![
        format!("读了《{}》：{}", proposal.file, header.title),
        format!(
            "计划 {}（{}，{}年执行情况，{}年计划）",
            header.id, header.region, header.executed_year, header.plan_year
        ),
        format!("读到{}。", counts(records)),
    ];
    let findings = &proposal.imported.findings;
    if findings.is_empty() {
        lines.push("没有发现问题；请对照原文抽查几处再写入。".to_string());
    } else {
        lines.push(format!(
            "要看一看的 {} 处：\n{}",
            findings.len(),
            words::listed(findings)
        ));
    }
    match proposal.faults().len() {
        0 => {
            lines.push("要逐格核对或改正，请到网页“管理”里看这份报告；确认无误再写入。".to_string())
        }
        faults => lines.push(format!(
            "有 {faults} 处错误，不能写入：改好原文件再发，或在网页“管理”里改正。"
        )),
    }
    lines.join("\n")
}

/// What became of an approval.
pub(crate) fn approved(result: &Approved, id: &str) -> String {
    match result {
        Approved::Loaded(reloaded) => {
            format!("已写入计划 {id}。{}", words::reloaded(reloaded))
        }
        Approved::Faulty(findings) => {
            format!("没有写入，请先改正：\n{}", words::listed(findings))
        }
        Approved::Refused(sentence) => sentence.clone(),
    }
}

/// How much of each sort was read.
pub(crate) fn counts(records: &PlanRecords) -> String {
    let names = records.cells.iter().map(|cell| cell.indicator.as_str());
    let indicators: BTreeSet<&str> = names.collect();
    format!(
        "指标 {} 项、数值 {} 个，名词 {} 条，备注脚注 {} 条，报送要求 {} 条",
        indicators.len(),
        records.cells.len(),
        records.glossary.len(),
        records.notes.len(),
        records.header.duties.len()
    )
}
