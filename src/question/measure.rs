//! Whether a question asks for an aim or for a result.

use super::Question;
use super::operators::Operator;
use crate::model::Measure;

/// Aim or result, as the question says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AskedMeasure {
    /// What a table's cell must be.
    pub of_cell: Option<Measure>,
    /// What is said beyond doubt.
    pub strong: Option<Measure>,
    /// Whether a result is asked for in words that can mean nothing else (实际).
    pub is_real: bool,
}

impl AskedMeasure {
    /// Aim or result, by the words of the question.
    pub fn of(question: &Question) -> Self {
        let text = &question.unnamed;
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let target = is_wanted(question, Operator::Target);
        let actual = is_wanted(question, Operator::Actual);
        // Who wants no result wants the aim: 我说的是目标不是实绩, 莫拿完成数来.
        let refuses_actual = question.has(Operator::Actual) && !actual;
        let refuses_target = question.has(Operator::Target) && !target;
        let strong_target = says(&[
            "目标",
            "计划",
            "年初定",
            "原定",
            "target",
            "goal",
            "plan",
            "任务",
            "力争",
            "打算",
            "要达到",
            "要做到",
            "要完成",
        ]) && !says(&["目标完成", "计划执行"])
            && !refuses_target
            || refuses_actual;
        let strong_actual = (says(&[
            "实际",
            "实现了",
            "完成了",
            "实绩",
            "actual",
            "achieved",
            "完成情况",
            "做到了",
            "干到",
        ]) || says(&["完成", "做到", "达到"])
            && !says(&[
                "要完成",
                "要做到",
                "要达到",
                "将完成",
                "需完成",
                "完成目标",
                "达到目标",
            ])
            && !strong_target
            || refuses_target)
            && !refuses_actual;
        let of_cell = match (target, actual) {
            (true, false) => Some(Measure::Target),
            (false, true) => Some(Measure::Actual),
            (true, true) if strong_target && !strong_actual => Some(Measure::Target),
            (true, true) if strong_actual && !strong_target => Some(Measure::Actual),
            _ => None,
        };
        let strong = match (strong_target, strong_actual) {
            (true, false) => Some(Measure::Target),
            (false, true) => Some(Measure::Actual),
            _ => None,
        };
        // 完成 in a question about a year that is still planned asks for the aim; 要 in one about a
        // year that is over is no aim.
        let year = question.frame.years.first().copied();
        let future = year.is_some_and(|year| year >= question.frame.this_year);
        let of_cell = match (of_cell, year) {
            (Some(Measure::Actual), Some(_)) if future => None,
            (Some(Measure::Target), Some(_)) if !future && !strong_target => None,
            (other, _) => other,
        };
        let strong = strong.filter(|measure| *measure != Measure::Actual || !future);
        let is_real = says(&[
            "实际",
            "实绩",
            "actual",
            "真实",
            "完成情况",
            "执行情况",
            "实现情况",
        ]) && !strong_target
            && !refuses_actual;
        let of_cell = if is_real {
            Some(Measure::Actual)
        } else {
            of_cell
        };
        let strong = if is_real {
            Some(Measure::Actual)
        } else {
            strong
        };
        Self {
            of_cell,
            strong,
            is_real,
        }
    }
}

/// Words that say what is not wanted.
const REFUSING: &[&str] = &["不是", "不要", "而非", "莫", "别", "勿", "甭"];
/// So many letters after such a word belong to it: 莫拿完成数.
const REFUSED: usize = 2;

/// Whether an operator stands somewhere but right after a word that refuses it. 分别 is another
/// word, and 是不是 asks.
fn is_wanted(question: &Question, operator: Operator) -> bool {
    let refusing = question.words.iter().filter(|word| {
        REFUSING.contains(&word.text.as_str()) && !word.operators.has(Operator::Premise)
    });
    let ends: Vec<usize> = refusing.map(|word| word.span.end).collect();
    let is_refused = |start: usize| {
        ends.iter()
            .any(|end| (*end..=end + REFUSED).contains(&start))
    };
    let mut spans = question.operators.spans(operator);
    spans.any(|span| !is_refused(span.start))
}
