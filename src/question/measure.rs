//! Whether a question asks for an aim or for a result.

use super::Question;
use super::operators::Operator;
use super::refused::is_refused;
use crate::language::PartOfSpeech;
use crate::model::Measure;
use std::ops::Range;

/// A word of less weight says nothing by itself (的).
const LIGHT: f32 = 0.05;

/// Aim or result, as the question says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AskedMeasure {
    /// What a table's cell must be.
    pub of_cell: Option<Measure>,
    /// What is said beyond doubt.
    pub strong: Option<Measure>,
    /// Whether a result is asked for in words that can mean nothing else (实际).
    pub is_real: bool,
    /// Whether a result is held against its aim (比目标高多少).
    pub is_against_aim: bool,
}

impl AskedMeasure {
    /// Aim or result, by the words of the question.
    pub fn of(question: &Question) -> Self {
        let text = &question.unnamed;
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let standards = standards(question);
        let target = is_wanted(question, Operator::Target, &standards);
        let actual = is_wanted(question, Operator::Actual, &[]);
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
            is_against_aim: !standards.is_empty() && !target,
        }
    }
}

/// Whether an operator stands somewhere where it is not refused, and where none of some letters
/// says it of something else.
fn is_wanted(question: &Question, operator: Operator, other: &[usize]) -> bool {
    let mut spans = question.operators.spans(operator);
    let is_other = |span: &Range<usize>| other.iter().any(|at| span.contains(at));
    spans.any(|span| !is_refused(&question.words, span) && !is_other(span))
}

/// Words after which stands what something is held against.
const AGAINST: &[&str] = &["比", "较", "超", "超过", "高于", "低于"];

/// Words that name an aim.
const AIMS: &[&str] = &["目标", "计划", "任务", "预期"];
/// An aim is named within so many letters after the word that holds something against it.
const NEAR_AIM: usize = 8;

/// Whether a text says how far a result is from its aim: 高于年度预期目标约1个百分点.
pub fn says_distance_to_aim(text: &str) -> bool {
    AGAINST.iter().any(|word| {
        text.match_indices(word).any(|(at, word)| {
            let after = &text[at + word.len()..];
            let near: String = after.chars().take(NEAR_AIM).collect();
            AIMS.iter().any(|aim| near.contains(aim))
        })
    })
}

/// Letters that begin the name of an aim which a result is held against: 比年初定的目标高多少. What
/// stands between may say of when it is, and nothing else: 比出口目标 compares two aims.
fn standards(question: &Question) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut is_against = false;
    for word in &question.words {
        let names_aim = word.operators.has(Operator::Target);
        if is_against && names_aim {
            starts.push(word.span.start);
        }
        let says_when = word.part == PartOfSpeech::Time || word.weight < LIGHT;
        is_against =
            AGAINST.contains(&word.text.as_str()) || is_against && (names_aim || says_when);
    }
    starts
}
