//! What a chapter's heading says of its year and of what it reports.

use super::pattern::first_year;
use crate::model::Measure;

const RESULTS: &[&str] = &[
    "执行情况",
    "完成情况",
    "回顾",
    "总结",
    "成效",
    "成就",
    "取得",
    "过去",
];
const AIMS: &[&str] = &[
    "安排", "目标", "思路", "举措", "任务", "计划", "工作", "打算", "要求", "重点", "建议", "实事",
];
const SEVERAL_YEARS: &[&str] = &["五年", "三年", "时期"];

/// Results or aims, by the heading's words; results win where both stand in it (计划执行情况).
pub(crate) fn chapter_measure(heading: &str) -> Option<Measure> {
    let says = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    if says(RESULTS) {
        Some(Measure::Actual)
    } else if says(AIMS) {
        Some(Measure::Target)
    } else {
        None
    }
}

/// The year that the heading names, or the one that its measure means; none where it is about
/// several years.
pub(crate) fn chapter_year(
    heading: &str,
    measure: Option<Measure>,
    executed_year: i32,
    plan_year: i32,
) -> Option<i32> {
    if let Some(year) = first_year(heading) {
        return Some(year);
    }
    if SEVERAL_YEARS.iter().any(|word| heading.contains(word)) {
        return None;
    }
    measure.map(|measure| {
        if measure == Measure::Actual {
            executed_year
        } else {
            plan_year
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_give_year_and_measure() {
        let read = |heading: &str| {
            let measure = chapter_measure(heading);
            (chapter_year(heading, measure, 2030, 2031), measure)
        };
        assert_eq!(
            read("一、2030年计划执行情况"),
            (Some(2030), Some(Measure::Actual))
        );
        assert_eq!(
            read("三、工作思路和举措"),
            (Some(2031), Some(Measure::Target))
        );
        assert_eq!(read("过去五年工作回顾"), (None, Some(Measure::Actual)));
    }
}
