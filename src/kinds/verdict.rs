//! “完成了吗”: what the table decides of a target, and what the report itself states of it.

use super::cells::{self, Found};
use super::difference::difference;
use super::indicator;
use crate::evidence::{Grain, IndicatorName, NameId};
use crate::model::{Measure, PlanIx};
use crate::question::{Operator, OperatorSet};
use crate::reply::{
    Answer, AnswerKind, Asked, Candidate, Kind, Record, Verdict as Decision, judge,
};
use std::rc::Rc;

/// Whether a target was met.
pub struct Verdict;

const USES: OperatorSet = indicator::uses(&[
    Operator::Verdict,
    Operator::Compare,
    Operator::How,
    Operator::Up,
    Operator::Down,
    Operator::Except,
]);
const WANTS: OperatorSet = OperatorSet::of(&[Operator::Verdict]);

struct Judged {
    name: NameId,
}

impl Kind for Verdict {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        if !asked.question.has(Operator::Verdict) {
            return;
        }
        for named in &asked.indicators {
            let name = asked.library.names.indicator(named.name);
            if pair(asked, name).is_none() {
                continue;
            }
            let record = Rc::new(Judged { name: named.name });
            let kind = AnswerKind::Verdict;
            candidates.push(indicator::candidate(
                asked,
                named,
                kind,
                (USES, WANTS),
                record,
            ));
        }
    }
}

/// Target and result of the year that is asked about, else of the newest year that has both.
fn pair<'a>(asked: &Asked<'a>, name: &IndicatorName) -> Option<(Found<'a>, Found<'a>)> {
    let row = cells::row(asked.book, name, &asked.question.frame.plans);
    let of = |year: i32, measure: Measure| {
        row.iter()
            .find(|found| found.cell.year == Some(year) && found.cell.measure == Some(measure))
            .copied()
    };
    let mut years = asked.question.frame.years.clone();
    if years.is_empty() {
        years = row.iter().filter_map(|found| found.cell.year).collect();
    }
    years
        .into_iter()
        .find_map(|year| Some((of(year, Measure::Target)?, of(year, Measure::Actual)?)))
}

impl Record for Judged {
    fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        let name = asked.library.names.indicator(self.name);
        let (target, actual) = pair(asked, name)?;
        let less = asked.thesaurus.less_is_good(&target.indicator.name);
        let decision = judge(&target.cell.quantity, &actual.cell.quantity, less);
        let year = target.cell.year?;
        let word = match decision {
            Decision::Undecidable(reason) => format!("表中数字不能判定是否完成（{reason}）"),
            other => other.word().to_string(),
        };
        let lead = format!(
            "{} {year}年{word}：{}，{}",
            target.indicator.name,
            target.shown(),
            actual.shown()
        );
        let mut answer = actual.answer(AnswerKind::Verdict, lead)?;
        target.figure(&mut answer);
        let difference = difference(&actual, &target);
        if let Some(computed) = difference.computed {
            answer.context.push(difference.sentence);
            answer.computed.push(computed);
        }
        stated(asked, name, &actual, &mut answer);
        actual.convention(&mut answer);
        actual.remarks(&mut answer);
        Some(answer)
    }
}

/// What the report says itself: the sentence that speaks of targets met or missed and names the
/// indicator.
fn stated(asked: &Asked<'_>, name: &IndicatorName, cell: &Found<'_>, answer: &mut Answer) {
    const STATES: &[&str] = &["预期", "目标", "差距", "如期", "预计能", "完成"];
    let bare = name
        .name
        .text
        .split('(')
        .next()
        .unwrap_or_default()
        .to_string();
    let plan = |at: PlanIx| asked.plan(at).is_some_and(|plan| plan.id == cell.plan.id);
    let passage = asked.library.passages.iter().find(|passage| {
        let text = asked.explainer.canonical(passage.text);
        passage.grain == Grain::Sentence
            && plan(passage.plan)
            && text.contains(&bare)
            && text.contains("指标")
            && STATES.iter().filter(|word| text.contains(**word)).count() >= 2
    });
    let Some(passage) = passage else { return };
    let Some(citation) = cell.plan.cite(passage.sentences[0]) else {
        return;
    };
    answer.add_context(&[format!("报告的说法：{}", passage.verbatim)]);
    answer.cite(citation);
}
