//! `planbot exam`: every cell, term and figure of the plans asked in many ways; results by kind, with the failures.

use super::{clock, start};
use crate::config::Config;
use crate::exam;
use crate::files;
use anyhow::bail;
use std::process::ExitCode;

const FAILURES_SHOWN: usize = 12;

/// Examines one plan, or all.
pub fn exam(config: &Config, plan: Option<&str>) -> anyhow::Result<ExitCode> {
    let app = start(config, clock())?;
    let edition = app.edition();
    let ways = files::read_data(&config.paths.data).lexicon.exam;
    let plans: Vec<_> = edition
        .book
        .plans()
        .iter()
        .filter(|known| plan.is_none_or(|id| known.id.0 == id))
        .collect();
    if plans.is_empty() {
        bail!(
            "没有名为 {} 的计划；请看 data/plans 下的目录名",
            plan.unwrap_or_default()
        );
    }
    let mut failed = 0;
    for plan in plans {
        let items = exam::items(plan, &ways, &edition);
        let scores = exam::take(
            &edition,
            items.iter(),
            plan.document_date.unwrap_or_default(),
        );
        println!("{}：{} 题", plan.id, items.len());
        for (kind, score) in &scores {
            let share = 100.0 * score.right as f64 / score.asked.max(1) as f64;
            println!(
                "  {kind}　{}/{}　{share:.2}%　答错 {}　未答 {}",
                score.right,
                score.asked,
                score.wrong.len(),
                score.refused.len()
            );
            for (what, list) in [("答错", &score.wrong), ("未答", &score.refused)] {
                let step = (list.len() / FAILURES_SHOWN).max(1);
                for (question, first) in list.iter().step_by(step).take(FAILURES_SHOWN) {
                    println!("    {what}：{question} → {first}");
                }
            }
        }
        let cases = files::read_cases(&config.paths.data, &plan.id.0)
            .map_err(|finding| anyhow::anyhow!("{finding}"))?;
        let faults: Vec<&str> = cases
            .iter()
            .filter(|case| exam::case_fault(&edition, case).is_some())
            .map(|case| case.ask.as_str())
            .collect();
        println!(
            "  cases.toml　{}/{}",
            cases.len() - faults.len(),
            cases.len()
        );
        faults
            .iter()
            .for_each(|question| println!("    不成立：{question}"));
        failed += faults.len();
        let right: usize = scores.values().map(|score| score.right).sum();
        println!(
            "  合计　{right}/{}　{:.2}%",
            items.len(),
            100.0 * right as f64 / items.len().max(1) as f64
        );
        failed += items.len() - right;
    }
    Ok(ExitCode::from(u8::from(failed > 0)))
}
