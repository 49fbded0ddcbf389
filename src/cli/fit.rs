//! `planbot fit`: the weights of the score, fitted to banks of questions with known answers.
//!
//! Each plan of a bank is asked alone: from the data directory where it is there, otherwise
//! imported from a report. The same banks, reports and prior give the same weights, to the bit.

use crate::chat::render;
use crate::config::Config;
use crate::edition::{Circumstances, Edition, IndexPlace};
use crate::exam;
use crate::files::{self, DataFiles};
use crate::fit::bank::{self, BankQuestion, Gold, Judged};
use crate::fit::{Candidate, Example, Fitted, Freedom, Options, fit, leave_out};
use crate::import;
use crate::reply::{Answer, Feature, Outcome, Reply, Weights};
use anyhow::{Context, bail};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What is fitted, and to what.
#[derive(Debug, clap::Args)]
pub(crate) struct FitArguments {
    /// 题库（每行一题的 JSON，带标准答案），可以写多个
    #[arg(long, required = true, value_name = "文件")]
    bank: Vec<PathBuf>,
    /// 题库里各计划的报告原文所在目录（计划名.txt），可以写多个
    #[arg(long, value_name = "目录")]
    reports: Vec<PathBuf>,
    /// 向先验靠拢的强度
    #[arg(long, default_value_t = 0.3, value_name = "数")]
    penalty: f64,
    /// 由计划自动生成的题每题的权重；0 表示不用
    #[arg(long, default_value_t = 0.3, value_name = "数")]
    generated: f64,
    /// 不该回答的题每题的权重
    #[arg(long, default_value_t = 2.0, value_name = "数")]
    refusals: f64,
    /// 把拟合出的权重写进这个文件
    #[arg(long, value_name = "文件")]
    write: Option<PathBuf>,
    /// 只用现有权重打分，不拟合
    #[arg(long)]
    check: bool,
    /// 把每题的概率和判定写成表格，供选取阈值
    #[arg(long, value_name = "文件")]
    table: Option<PathBuf>,
}

/// Candidates of a question that the fit looks at.
const MOST_CANDIDATES: usize = 40;
/// What features are expected to weigh before anything was fitted.
const PRIOR: &str = include_str!("../fit/prior.toml");

/// A question of a bank with its edition.
struct Asked<'a> {
    plan: &'a str,
    question: &'a BankQuestion,
    edition: &'a Edition,
    day: NaiveDate,
}

/// Fits the weights, or only scores the present ones.
pub(crate) fn fit_weights(config: &Config, arguments: &FitArguments) -> anyhow::Result<ExitCode> {
    let questions = arguments
        .bank
        .iter()
        .map(|path| read_bank(path))
        .collect::<anyhow::Result<Vec<_>>>()?
        .concat();
    let data = files::read_data(&config.paths.data);
    let mut editions: BTreeMap<String, Edition> = BTreeMap::new();
    for question in &questions {
        if !editions.contains_key(&question.plan) {
            let edition = edition(&data, &question.plan, &arguments.reports)?;
            editions.insert(question.plan.clone(), edition);
        }
    }
    let asked: Vec<Asked<'_>> = questions
        .iter()
        .filter_map(|question| {
            let (plan, edition) = editions.get_key_value(&question.plan)?;
            let year = edition.book.newest()?.plan_year;
            let day = NaiveDate::from_ymd_opt(year, 6, 24)?;
            Some(Asked {
                plan,
                question,
                edition,
                day,
            })
        })
        .collect();
    let prior = Weights::read(PRIOR);
    let weights = if arguments.check {
        Weights::fitted().clone()
    } else {
        let fitted = fitted(&asked, &editions, &data, &prior, arguments)?;
        let values = fitted.weights.iter().map(|value| *value as f32).collect();
        if let Some(path) = &arguments.write {
            let text = written(&fitted, arguments, questions.len());
            files::write_text(path, &text)
                .with_context(|| format!("无法写入 {}", path.display()))?;
        }
        Weights::from_values(values)
    };
    report(&asked, &weights, arguments)?;
    Ok(ExitCode::SUCCESS)
}

fn read_bank(path: &Path) -> anyhow::Result<Vec<BankQuestion>> {
    let text = files::read_text(path).with_context(|| format!("无法读取 {}", path.display()))?;
    let bank = bank::read(&text).with_context(|| format!("{} 不是题库", path.display()))?;
    Ok(bank.questions)
}

/// The edition of one plan alone.
fn edition(data: &DataFiles, plan: &str, reports: &[PathBuf]) -> anyhow::Result<Edition> {
    let own = data.plans.iter().find(|records| records.header.id == plan);
    let records = match own {
        Some(records) => records.clone(),
        None => {
            let file = format!("{plan}.txt");
            let found = reports
                .iter()
                .map(|directory| directory.join(&file))
                .find(|path| path.exists());
            let Some(path) = found else {
                bail!("找不到计划 {plan}：数据目录里没有，报告目录里也没有 {file}");
            };
            let bytes = files::read_bounded(&path)?;
            import::import(&bytes, plan, &file).records
        }
    };
    let alone = DataFiles {
        plans: vec![records],
        lexicon: data.lexicon.clone(),
        calendars: data.calendars.clone(),
        units: Vec::new(),
        digest: String::new(),
        findings: Vec::new(),
    };
    Edition::build(&alone, &IndexPlace::Memory).map_err(|error| anyhow::anyhow!("{plan}：{error}"))
}

fn fitted(
    asked: &[Asked<'_>],
    editions: &BTreeMap<String, Edition>,
    data: &DataFiles,
    prior: &Weights,
    arguments: &FitArguments,
) -> anyhow::Result<Fitted> {
    let start = if prior == Weights::fitted() {
        prior
    } else {
        Weights::fitted()
    };
    let mut grouped = asked_examples(asked, start, arguments);
    if arguments.generated > 0.0 {
        for (plan, edition) in editions {
            let examples = generated_examples(edition, data, start, arguments);
            grouped.extend(examples.map(|example| (plan.clone(), example)));
        }
    }
    let values: Vec<f64> = Feature::ALL
        .iter()
        .map(|f| f64::from(prior.get(*f)))
        .collect();
    let mut options = Options::new(values.len(), arguments.penalty);
    options.freedoms = Feature::ALL
        .iter()
        .map(|feature| freedom(*feature))
        .collect();
    println!("{} 题用于拟合", grouped.len());
    for (plan, counts) in leave_out(&grouped, &values, &options, 0.0) {
        let (right, wrong, refused) = (counts.right, counts.wrong, counts.refused);
        println!("  不用它自己的题：{plan} 对 {right} 错 {wrong} 未答 {refused}");
    }
    Ok(fit(
        grouped.iter().map(|(_, example)| example),
        &values,
        &options,
    ))
}

/// The questions of the banks that were not put aside, with their plans.
fn asked_examples(
    asked: &[Asked<'_>],
    start: &Weights,
    arguments: &FitArguments,
) -> Vec<(String, Example)> {
    let fitted = asked
        .iter()
        .filter(|asked| !bank::is_put_aside(&asked.question.id));
    let of_question = |asked: &Asked<'_>| {
        let Gold { status, .. } = &asked.question.gold;
        let answerable = status.iter().any(|status| status == "answer");
        // A question that may be answered or asked back says little of either.
        let weight = match (status.len(), answerable) {
            (2.., true) => 0.4,
            (_, true) => 1.0,
            // An answer where nothing answers costs more than a refusal.
            (_, false) => arguments.refusals,
        };
        let is_right =
            |text: &str| bank::judge(&asked.question.gold, "answer", text, &[]) == Judged::Right;
        let question = &asked.question.q;
        let example = Example {
            nothing_answers: !answerable,
            weight,
            ..example(asked.edition, question, asked.day, start, &is_right)
        };
        (asked.plan.to_string(), example)
    };
    fitted.map(of_question).collect()
}

/// The questions that are generated from a plan.
fn generated_examples(
    edition: &Edition,
    data: &DataFiles,
    start: &Weights,
    arguments: &FitArguments,
) -> impl Iterator<Item = Example> {
    let newest = edition.book.newest();
    let day = newest.and_then(|plan| NaiveDate::from_ymd_opt(plan.plan_year, 6, 24));
    let day = day.unwrap_or_default();
    let items = exam::training(edition, &data.lexicon.exam).into_iter();
    items.map(move |item| {
        let judged = |text: &str| item.is_shown_by(text);
        Example {
            nothing_answers: item.expected == exam::Expected::NoAnswer,
            weight: arguments.generated,
            ..example(edition, &item.question, day, start, &judged)
        }
    })
}

/// Features that say that something is left open can only speak against a candidate.
fn freedom(feature: Feature) -> Freedom {
    use Feature as F;
    match feature {
        F::NounAbsent
        | F::NounElsewhere
        | F::NounHeaviest
        | F::VerbAbsent
        | F::VerbElsewhere
        | F::NameUnexplained
        | F::PlaceUnexplained
        | F::RoleUnexplained
        | F::NumberUnexplained
        | F::OtherUnexplained
        | F::OperatorUnused
        | F::IdlePart
        | F::AbsentNear
        | F::ElsewhereNear
        | F::HeadOpen
        | F::Replaced
        | F::SortMissing
        | F::DocumentOpen
        | F::ConceptOpen
        | F::Overshadowed
        | F::NameChanged
        | F::TermOpen
        | F::CompareSingle
        | F::AmountsOpen
        | F::ListMissing
        | F::CountDiffers
        | F::PeriodUnasked
        | F::TermTimed
        | F::ModifierOpen
        | F::FarName
        | F::FarNoun
        | F::VerbUnsaid
        | F::ActDiffers
        | F::KindDiffersTable
        | F::KindDiffersClause
        | F::KindDiffersPassage
        | F::MeaningAskedOfText
        | F::TermAmount
        | F::NoSuchMeasure
        | F::SeveralUnasked
        | F::ZoneWeight
        | F::WhyDiffers
        | F::TouchNoun
        | F::TouchNounOfName
        | F::TouchVerb
        | F::TouchVerbOfName
        | F::Inside
        | F::InsideName
        | F::HalfOfName
        | F::Compound
        | F::YearUnsaid
        | F::CoverLow
        | F::LeavesFirst
        | F::TermLow
        | F::HeadMissing
        | F::ZoneUnsaid
        | F::ZoneUnsaidSingle
        | F::ZoneUnsaidBare
        | F::Restricts
        | F::UnitDiffers
        | F::PassageAmount
        | F::PassageScattered
        | F::AmountFar
        | F::MeasureDiffers => Freedom::AtMostZero,
        F::Share
        | F::Cover
        | F::Verbatim
        | F::YearAgrees
        | F::KindAgrees
        | F::UnitAgrees
        | F::HeadFound
        | F::ZoneFound
        | F::ClauseOwn
        | F::PassageOwn
        | F::MeasureAgrees
        | F::TermCover
        | F::TermVerbatim
        | F::SortFound
        | F::Complete
        | F::ChangeAgrees
        | F::ListAgrees
        | F::CountAgrees
        | F::HowAgrees
        | F::WhyAgrees => Freedom::AtLeastZero,
        _ => Freedom::Free,
    }
}

fn example(
    edition: &Edition,
    question: &str,
    day: NaiveDate,
    weights: &Weights,
    is_right: &dyn Fn(&str) -> bool,
) -> Example {
    let (_, ranked) = edition.ranked(question, day, weights, MOST_CANDIDATES);
    let candidates = ranked
        .into_iter()
        .filter_map(|ranked| {
            let text = render::plain(&Reply::Answer(Box::new(ranked.answer?)));
            let features = ranked
                .set
                .features
                .values()
                .iter()
                .map(|v| f64::from(*v))
                .collect();
            Some(Candidate {
                features,
                right: is_right(&text),
            })
        })
        .collect();
    Example {
        candidates,
        nothing_answers: false,
        weight: 1.0,
    }
}

/// The weights as a file, with where they come from.
fn written(fitted: &Fitted, arguments: &FitArguments, questions: usize) -> String {
    let banks: Vec<String> = arguments
        .bank
        .iter()
        .filter_map(|path| path.file_name())
        .map(|name| name.to_string_lossy().to_string())
        .collect();
    let mut text = String::new();
    let _ = writeln!(
        text,
        "# Weights of the features, fitted by `planbot fit`; do not edit by hand."
    );
    let _ = writeln!(
        text,
        "# Banks: {} ({questions} questions; ids whose number ends in 3, 6 or 9 were put aside).",
        banks.join(", ")
    );
    let _ = writeln!(
        text,
        "# Penalty {}, generated questions count {} each, those that nothing answers {}; loss {:.4} after {} steps.",
        arguments.penalty, arguments.generated, arguments.refusals, fitted.loss, fitted.iterations
    );
    for (feature, value) in Feature::ALL.iter().zip(&fitted.weights) {
        let _ = writeln!(text, "{} = {value:.4}", feature.name());
    }
    text
}

/// How the replies are judged, for what was fitted and what was put aside.
fn report(asked: &[Asked<'_>], weights: &Weights, arguments: &FitArguments) -> anyhow::Result<()> {
    let mut counts: BTreeMap<(&str, bool), [usize; 4]> = BTreeMap::new();
    let mut table = String::new();
    for asked in asked {
        let circumstances = Circumstances {
            today: asked.day,
            ..Circumstances::default()
        };
        let outcome = asked
            .edition
            .reply_with(&asked.question.q, circumstances, weights);
        let judged = judged(asked, &outcome.reply);
        let aside = bank::is_put_aside(&asked.question.id);
        counts.entry((asked.plan, aside)).or_default()[judged as usize] += 1;
        if arguments.table.is_some() {
            table.push_str(&row(asked, &outcome, judged, weights));
        }
    }
    for ((plan, aside), [right, offered, wrong, refused]) in counts {
        let which = if aside { "搁置" } else { "拟合" };
        println!("{plan:32} {which} 对 {right:4} 反问 {offered:4} 错 {wrong:4} 未答 {refused:4}");
    }
    if let Some(path) = &arguments.table {
        files::write_text(path, &table).with_context(|| format!("无法写入 {}", path.display()))?;
    }
    Ok(())
}

/// An answer as a person reads it.
fn plain(answer: &Answer) -> String {
    render::plain(&Reply::Answer(Box::new(answer.clone())))
}

/// How a reply is judged, with what it offers where it asks back.
fn judged(asked: &Asked<'_>, reply: &Reply) -> Judged {
    let options: Vec<String> = match reply {
        Reply::Clarify(_) => reply.choices().iter().map(|c| plain(&c.answer)).collect(),
        _ => Vec::new(),
    };
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let text = render::plain(reply);
    bank::judge(&asked.question.gold, reply.status(), &text, &options)
}

/// A line of the table: a question, its most likely answers, the best scores and the features of
/// the first.
fn row(asked: &Asked<'_>, outcome: &Outcome, judged: Judged, weights: &Weights) -> String {
    let chances = &outcome.chances;
    let right = |answer| bank::judge(&asked.question.gold, "answer", &plain(answer), &[]);
    let rights: Vec<String> = chances
        .iter()
        .map(|(answer, chance)| format!("{chance:.4}:{}", u8::from(right(answer) == Judged::Right)))
        .collect();
    let question = &asked.question.q;
    let (_, ranked) = asked.edition.ranked(question, asked.day, weights, 4);
    let scores = ranked.iter().map(|r| format!("{:.3}", r.set.score));
    let scores: Vec<String> = scores.collect();
    let top = ranked.iter().find(|ranked| ranked.answer.is_some());
    let features = top.map(|top| top.set.features.values().iter().map(f32::to_string));
    let features: Vec<String> = features.into_iter().flatten().collect();
    let lead = chances
        .first()
        .map_or("", |(answer, _)| answer.lead.as_str());
    let in_one_cell = |text: &str| text.replace(['\t', '\n'], " ");
    format!(
        "{}\t{}\t{}\t{}\t{}\t{}\t{:?}\t{}\t{}\t{}\t{}\n",
        asked.plan,
        asked.question.id,
        asked.question.kind,
        bank::is_put_aside(&asked.question.id),
        asked.question.gold.status.join(","),
        rights.join(" "),
        judged,
        in_one_cell(question),
        scores.join(" "),
        features.join(" "),
        in_one_cell(lead)
    )
}
