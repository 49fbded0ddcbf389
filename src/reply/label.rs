//! What a choice says that it would answer: 城镇居民人均可支配收入增速 · 2022年目标.

use super::answer::{Answer, AnswerKind};
use super::candidate::Asked;
use crate::model::{Measure, Quantity};

/// Longer labels do not fit a button, in letters.
const LONGEST: usize = 34;

/// The label of an answer.
pub fn label(asked: &Asked<'_>, answer: &Answer) -> String {
    let what = match answer.kind {
        AnswerKind::Unit => "单位",
        AnswerKind::Nature => "属性",
        AnswerKind::Category => "类别",
        AnswerKind::Verdict => "完成情况判断",
        AnswerKind::Compare => "比较",
        AnswerKind::Reason => "原因",
        AnswerKind::Term | AnswerKind::Reverse => "名词解释",
        _ => "",
    };
    if let (AnswerKind::Value, Some(name)) = (answer.kind, answer.only_indicator()) {
        let times: Vec<String> = answer
            .figures
            .iter()
            .filter(|figure| {
                let shown = Quantity::parse(&figure.printed, &figure.unit).shown();
                answer.lead.contains(&shown)
            })
            .filter_map(|figure| Some((figure.year?, figure.measure?)))
            .filter(|(year, _)| answer.lead.contains(&year.to_string()))
            .map(|(year, measure)| format!("{year}年{}", word(measure)))
            .fold(Vec::new(), |mut known, time| {
                if !known.contains(&time) {
                    known.push(time);
                }
                known
            });
        // A cell of several years together names its time only in its heading, which the lead says.
        if !times.is_empty() {
            return short(&format!("{name} · {}", times.join("、")));
        }
    }
    if let Some(subject) = answer.only_subject(asked.book).filter(|_| !what.is_empty()) {
        return short(&format!("{subject} · {what}"));
    }
    let lead = answer.lead.replace('\n', " ");
    short(&lead)
}

fn word(measure: Measure) -> &'static str {
    match measure {
        Measure::Target => "目标",
        Measure::Actual => "完成情况",
    }
}

fn short(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_string();
    }
    let head: String = text.chars().take(LONGEST - 1).collect();
    format!("{head}…")
}
