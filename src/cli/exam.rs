//! `planbot exam`: the plans asked in many ways, the same questions in other words, near misses;
//! then the plans held against their originals. Results by kind, with the failures.

use super::{ablate, clock, differences, share, start};
use crate::config::Config;
use crate::edition::Edition;
use crate::exam::{self, Score};
use crate::files;
use crate::import::{self, Original, Unreadable};
use crate::model::{ExamRecords, Plan, PlanRecords};
use anyhow::{Context, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What is examined.
#[derive(Debug, clap::Args)]
pub struct ExamArguments {
    /// 只考这一份计划
    #[arg(long, value_name = "名称")]
    plan: Option<String>,
    /// 只与这份原文核对：指标、名词、脚注逐条对照，每个带单位的数都要问得出来（不写时用 data/plans/<名称>/source 里的原文）
    #[arg(long, value_name = "文件", requires = "plan")]
    source: Option<PathBuf>,
    /// 看考试会不会不及格：逐一去掉一组同义词、一类问法、一个打分特征，各考一遍，列成表
    #[arg(long, conflicts_with = "source")]
    ablate: bool,
}

const FAILURES_SHOWN: usize = 12;
const MISSED_SHOWN: usize = 40;

/// Examines one plan, or all.
pub fn exam(config: &Config, arguments: &ExamArguments) -> anyhow::Result<ExitCode> {
    if arguments.ablate {
        return ablate::ablate(config, arguments.plan.as_deref());
    }
    let app = start(config, clock())?;
    let edition = app.edition();
    let data = files::read_data(&config.paths.data);
    let wanted = arguments.plan.as_deref();
    let plans = edition.book.plans().iter();
    let plans: Vec<&Plan> = plans
        .filter(|known| wanted.is_none_or(|id| known.id.0 == id))
        .collect();
    if plans.is_empty() {
        let wanted = wanted.unwrap_or_default();
        bail!("没有名为 {wanted} 的计划；请看 data/plans 下的目录名");
    }
    let mut failed = 0;
    for plan in plans {
        if arguments.source.is_none() {
            failed += examined(config, &edition, plan, &data.lexicon.exam)?;
        }
        let sources = match &arguments.source {
            Some(source) => vec![source.clone()],
            None => originals(config, plan),
        };
        let records = data.plans.iter().find(|known| known.header.id == plan.id.0);
        if let Some(records) = records.filter(|_| !sources.is_empty()) {
            failed += held_against(records, &sources)?;
        }
        for source in &sources {
            failed += compared_with_original(&edition, plan, source)?;
        }
    }
    Ok(ExitCode::from(u8::from(failed > 0)))
}

/// The documents that are kept beside a plan.
fn originals(config: &Config, plan: &Plan) -> Vec<PathBuf> {
    let plans = config.paths.data.join("plans");
    let kept = plans.join(&plan.id.0).join("source");
    let mut files = files::list_by_age(&kept).unwrap_or_default();
    files.retain(|path| path.is_file() && !path.ends_with(files::IMPORT_REPORT));
    files
}

/// Holds the rows of a plan against the originals, which together have all of it; tells how many
/// differences there are.
fn held_against(records: &PlanRecords, sources: &[PathBuf]) -> anyhow::Result<usize> {
    let mut original = Original::default();
    for source in sources {
        let read = read_with(source, import::original_of)?;
        original.blocks.extend(read.blocks);
    }
    let names: Vec<String> = sources.iter().map(|path| file_name(path)).collect();
    let found = exam::differences(records, &original);
    let shown = differences::show(&records.header.id, &names.join("、"), &found);
    Ok(shown)
}

fn file_name(path: &Path) -> String {
    let name = path.file_name();
    name.map_or_else(String::new, |name| name.to_string_lossy().to_string())
}

/// Reads a document with one of the import's readings.
fn read_with<T>(
    file: &Path,
    reading: impl Fn(&[u8], &str) -> Result<T, Unreadable>,
) -> anyhow::Result<T> {
    let unread = || format!("无法读取 {}", file.display());
    let bytes = files::read_bounded(file).with_context(unread)?;
    reading(&bytes, &file_name(file))
        .map_err(|why| anyhow::anyhow!("{}：{}", file.display(), why.0))
}

/// Examines a plan by its own rows; tells how many questions failed.
fn examined(
    config: &Config,
    edition: &Edition,
    plan: &Plan,
    ways: &ExamRecords,
) -> anyhow::Result<usize> {
    let items = exam::items(plan, ways, edition);
    let day = plan.document_date.unwrap_or_default();
    let scores = exam::take(edition, items.iter(), day);
    println!("{}：{} 题", plan.id, items.len());
    show(&scores);
    let cases = files::read_cases(&config.paths.data, &plan.id.0)
        .map_err(|finding| anyhow::anyhow!("{finding}"))?;
    let faults = cases
        .iter()
        .filter(|case| exam::case_fault(edition, case).is_some());
    let faults: Vec<&str> = faults.map(|case| case.ask.as_str()).collect();
    println!(
        "  cases.toml　{}/{}",
        cases.len() - faults.len(),
        cases.len()
    );
    faults
        .iter()
        .for_each(|question| println!("    不成立：{question}"));
    let right: usize = scores.values().map(|score| score.right).sum();
    println!(
        "  合计　{right}/{}　{:.2}%",
        items.len(),
        share(right, items.len())
    );
    Ok(faults.len() + items.len() - right)
}

fn show(scores: &BTreeMap<&'static str, Score>) {
    for (kind, score) in scores {
        println!(
            "  {kind}　{}/{}　{:.2}%　答错 {}　未答 {}　反问 {}（其中选项里有 {}）",
            score.right,
            score.asked,
            share(score.right, score.asked),
            score.wrong.len(),
            score.refused.len(),
            score.offered.len() + score.asked_back.len(),
            score.offered.len(),
        );
        let lists = [
            ("答错", &score.wrong),
            ("未答", &score.refused),
            ("反问", &score.asked_back),
            ("反问，选项里有", &score.offered),
        ];
        for (what, list) in lists {
            let step = (list.len() / FAILURES_SHOWN).max(1);
            for (question, first) in list.iter().step_by(step).take(FAILURES_SHOWN) {
                println!("    {what}：{question} → {first}");
            }
        }
    }
}

/// Compares a plan with the text that it was imported from; tells how many figures are not found.
fn compared_with_original(edition: &Edition, plan: &Plan, file: &Path) -> anyhow::Result<usize> {
    let text = read_with(file, import::text_of)?;
    let score = exam::take_original(edition, &text, plan.document_date.unwrap_or_default());
    println!(
        "{}：原文 {} 有 {} 个带单位的数，照原句问，答出 {}（{:.2}%），反问的选项里有 {}，没有 {}",
        plan.id,
        file.display(),
        score.asked,
        score.shown,
        share(score.shown, score.asked),
        score.offered,
        score.missed.len(),
    );
    for (figure, first) in score.missed.iter().take(MISSED_SHOWN) {
        println!("    没有 {}：{} → {first}", figure.printed, figure.question);
    }
    let more = score.missed.len().saturating_sub(MISSED_SHOWN);
    if more > 0 {
        println!("    ……另有 {more} 个");
    }
    Ok(score.offered + score.missed.len())
}
