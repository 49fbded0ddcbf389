//! `planbot exam`: the plans asked in many ways, the same questions in other words, near misses;
//! then the plans held against their originals. Results by kind, with the failures.

use super::output::Output;
use super::progress::Progress;
use super::{ablate, clock, differences, share, start};
use crate::config::Config;
use crate::edition::Edition;
use crate::exam::{self, Difference, OriginalScore, Score};
use crate::files;
use crate::import::{self, Original, Unreadable};
use crate::model::{ExamRecords, Plan, PlanRecords};
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What is examined.
#[derive(Debug, clap::Args)]
pub(crate) struct ExamArguments {
    /// 只考这一份计划
    #[arg(long, value_name = "名称")]
    plan: Option<String>,
    /// 只与这份原文核对：指标、名词、脚注逐条对照，每个带单位的数都要问得出来（不写时用 data/plans/<名称>/source 里的原文）
    #[arg(long, value_name = "文件", requires = "plan")]
    source: Option<PathBuf>,
    /// 看考试会不会不及格：逐一去掉一组同义词、一类问法、一个打分特征，各考一遍，列成表
    #[arg(long, conflicts_with = "source")]
    ablate: bool,
    /// 每份计划一行 JSON
    #[arg(long, conflicts_with = "ablate")]
    json: bool,
}

const FAILURES_SHOWN: usize = 12;
const MISSED_SHOWN: usize = 40;

/// Examines one plan, or all.
pub(crate) fn exam(config: &Config, arguments: &ExamArguments) -> anyhow::Result<ExitCode> {
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
    let output = Output::of(arguments.json);
    let mut failed = 0;
    for plan in plans {
        let mut told = vec![("plan".to_string(), json!(plan.id.0))];
        if arguments.source.is_none() {
            let examined = examined(config, &edition, plan, &data.lexicon.exam)?;
            failed += examined.failed();
            match output {
                Output::Lines => examined.show(plan),
                Output::Json => told.push(("exam".to_string(), examined.json())),
            }
        }
        let sources = match &arguments.source {
            Some(source) => vec![source.clone()],
            None => originals(config, plan),
        };
        let records = data.plans.iter().find(|known| known.header.id == plan.id.0);
        if let Some(records) = records.filter(|_| !sources.is_empty()) {
            let (names, found) = held_against(records, &sources)?;
            failed += found.len();
            match output {
                Output::Lines => differences::show(&records.header.id, &names, &found),
                Output::Json => told.push(("original".to_string(), differences::json(&found))),
            }
        }
        let mut figures = Vec::new();
        for source in &sources {
            let score = compared_with_original(&edition, plan, source)?;
            // What is only among the choices was not answered.
            failed += score.offered + score.missed.len();
            match output {
                Output::Lines => show_original(plan, source, &score),
                Output::Json => figures.push(original_json(source, &score)),
            }
        }
        if output == Output::Json {
            told.push(("figures".to_string(), json!(figures)));
            println!("{}", Value::Object(told.into_iter().collect()));
        }
    }
    // 1 and not 2: an exam that is failed is no fault of the program.
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

/// Holds the rows of a plan against the originals, which together have all of it: the names of the
/// originals and what differs.
fn held_against(
    records: &PlanRecords,
    sources: &[PathBuf],
) -> anyhow::Result<(String, Vec<Difference>)> {
    let mut original = Original::default();
    for source in sources {
        let read = read_with(source, import::original_of)?;
        original.blocks.extend(read.blocks);
    }
    let names: Vec<String> = sources.iter().map(|path| file_name(path)).collect();
    let found = exam::differences(records, &original);
    Ok((names.join("、"), found))
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

/// What an exam by a plan's own rows came to.
struct Examined {
    asked: usize,
    scores: BTreeMap<&'static str, Score>,
    cases: usize,
    /// The questions of `cases.toml` that do not hold.
    faults: Vec<String>,
}

impl Examined {
    fn right(&self) -> usize {
        self.scores.values().map(|score| score.right).sum()
    }

    /// How many questions failed.
    fn failed(&self) -> usize {
        self.faults.len() + self.asked - self.right()
    }

    fn show(&self, plan: &Plan) {
        println!("{}：{} 题", plan.id, self.asked);
        show(&self.scores);
        let hold = self.cases - self.faults.len();
        println!("  cases.toml　{hold}/{}", self.cases);
        for question in &self.faults {
            println!("    不成立：{question}");
        }
        let right = self.right();
        let share = share(right, self.asked);
        println!("  合计　{right}/{}　{share:.2}%", self.asked);
    }

    fn json(&self) -> Value {
        let list = |list: &[(String, String)]| -> Vec<Value> {
            let pairs = list.iter();
            pairs
                .map(|(question, reply)| json!({"question": question, "reply": reply}))
                .collect()
        };
        let kinds: Vec<Value> = self
            .scores
            .iter()
            .map(|(kind, score)| {
                json!({"kind": kind, "asked": score.asked, "right": score.right,
                       "wrong": list(&score.wrong), "unanswered": list(&score.refused),
                       "asked_back": list(&score.asked_back), "offered": list(&score.offered)})
            })
            .collect();
        json!({"asked": self.asked, "right": self.right(), "kinds": kinds,
               "cases": self.cases, "cases_failed": self.faults})
    }
}

/// Examines a plan by its own rows.
fn examined(
    config: &Config,
    edition: &Edition,
    plan: &Plan,
    ways: &ExamRecords,
) -> anyhow::Result<Examined> {
    let items = exam::items(plan, ways, edition);
    // As on the day of the document, so that the result is the same next year.
    let day = plan.document_date.unwrap_or_default();
    let progress = Progress::of(&format!("{} 考试", plan.id), items.len());
    let scores = exam::take(edition, items.iter().inspect(|_| progress.step()), day);
    drop(progress);
    let cases = files::read_cases(&config.paths.data, &plan.id.0)
        .map_err(|finding| anyhow::anyhow!("{finding}"))?;
    let faults = cases
        .iter()
        .filter(|case| exam::case_fault(edition, case).is_some());
    Ok(Examined {
        asked: items.len(),
        scores,
        cases: cases.len(),
        faults: faults.map(|case| case.ask.clone()).collect(),
    })
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
            // From all over the list: neighbours fail for the same reason.
            let step = (list.len() / FAILURES_SHOWN).max(1);
            for (question, first) in list.iter().step_by(step).take(FAILURES_SHOWN) {
                println!("    {what}：{question} → {first}");
            }
        }
    }
}

/// Compares a plan with the text that it was imported from.
fn compared_with_original(
    edition: &Edition,
    plan: &Plan,
    file: &Path,
) -> anyhow::Result<OriginalScore> {
    let text = read_with(file, import::text_of)?;
    let _progress = Progress::at(&format!("{} 与 {} 核对", plan.id, file_name(file)));
    let day = plan.document_date.unwrap_or_default();
    Ok(exam::take_original(edition, &text, day))
}

fn show_original(plan: &Plan, file: &Path, score: &OriginalScore) {
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
}

fn original_json(file: &Path, score: &OriginalScore) -> Value {
    let missed: Vec<Value> = score
        .missed
        .iter()
        .map(|(figure, first)| {
            json!({"printed": figure.printed, "question": figure.question, "reply": first})
        })
        .collect();
    json!({"file": file_name(file), "asked": score.asked, "shown": score.shown,
           "offered": score.offered, "missed": missed})
}
