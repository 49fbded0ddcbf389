//! “比去年高多少”: two cells of one indicator, and by how much they differ.

use super::cells::{self, Found};
use super::difference::difference;
use super::indicator;
use super::value::unit_of_cell;
use crate::evidence::NameId;
use crate::model::Measure;
use crate::question::{Operator, OperatorSet};
use crate::reply::{Answer, AnswerKind, Asked, Candidate, Kind, Record, Verdict, judge};
use std::rc::Rc;

/// One cell against another.
pub struct Compare;

const USES: OperatorSet = indicator::uses(&[
    Operator::Compare,
    Operator::Verdict,
    Operator::Up,
    Operator::Down,
    Operator::Same,
    Operator::How,
]);
const WANTS: OperatorSet = OperatorSet::of(&[
    Operator::Compare,
    Operator::Up,
    Operator::Down,
    Operator::Same,
]);

struct Compared {
    name: NameId,
}

impl Kind for Compare {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        let compares = asked.question.operators.set().meets(WANTS);
        let two_years = asked.question.frame.years.len() > 1;
        if !compares && !two_years && !asked.question.has(Operator::Verdict) {
            return;
        }
        for named in &asked.indicators {
            let name = asked.library.names.indicator(named.name);
            let row = cells::row(asked.book, name, &asked.question.frame.plans);
            let pairs = pairs(asked, &row);
            // What is said over the years answers where one of two years has no figure.
            let is_said_otherwise = row.iter().any(|found| found.cell.year.is_none());
            let lacks_figure = pairs.first().is_some_and(|(one, other)| {
                one.cell.quantity.is_unpublished() || other.cell.quantity.is_unpublished()
            });
            // 低几个点 is asked of shares and rates, not of an amount of money.
            let is_other_unit =
                asked.question.amount.unit.is_some() && unit_of_cell(asked, &row) < 0.0;
            if pairs.is_empty() || lacks_figure && is_said_otherwise || is_other_unit {
                continue;
            }
            let record = Rc::new(Compared { name: named.name });
            let kind = AnswerKind::Compare;
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

/// Which cells are compared, the asked pair first.
fn pairs<'a>(asked: &Asked<'_>, row: &[Found<'a>]) -> Vec<(Found<'a>, Found<'a>)> {
    let of = |year: i32, measure: Measure| {
        row.iter()
            .find(|found| found.cell.year == Some(year) && found.cell.measure == Some(measure))
            .copied()
    };
    let Some(plan) = row.first().map(|found| found.plan) else {
        return Vec::new();
    };
    let (planned, executed) = (plan.plan_year, plan.executed_year);
    let question = asked.question;
    let years = &question.frame.years;
    let text = &question.text;
    let says_target =
        question.has(Operator::Target) || text.contains("目标") || text.contains("计划");
    let says_actual =
        question.has(Operator::Actual) || text.contains("实际") || text.contains("完成");
    use Measure::{Actual, Target};
    let wanted: Vec<((i32, Measure), (i32, Measure))> = match years.as_slice() {
        // 比目标高多少: a result and its own aim.
        [] if asked.measure.is_against_aim => vec![((executed, Actual), (executed, Target))],
        // 去年…比目标…: the aim and the result of one year.
        [year] if *year <= executed => vec![((*year, Actual), (*year, Target))],
        [year] if says_actual && !text.contains("去年目标") => vec![
            ((*year, Target), (*year - 1, Actual)),
            ((*year, Target), (*year - 1, Target)),
        ],
        [year] => vec![
            ((*year, Target), (*year - 1, Target)),
            ((*year, Target), (*year - 1, Actual)),
        ],
        [one, other, ..] => {
            let (old, new) = (one.min(other), one.max(other));
            let against_result = says_actual || !says_target;
            let usual = |year: &i32| plan.usual_measure(*year);
            let mut all = vec![((*new, usual(new)), (*old, usual(old)))];
            if against_result {
                all.push(((*new, Target), (*old, Target)));
            } else {
                all.insert(0, ((*new, Target), (*old, Target)));
            }
            all
        }
        [] if says_target && says_actual => vec![((executed, Actual), (executed, Target))],
        [] => vec![
            ((planned, Target), (executed, Actual)),
            ((planned, Target), (executed, Target)),
            ((executed, Actual), (executed, Target)),
        ],
    };
    wanted
        .into_iter()
        .filter_map(|(one, other)| Some((of(one.0, one.1)?, of(other.0, other.1)?)))
        .collect()
}

impl Record for Compared {
    fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        let name = asked.library.names.indicator(self.name);
        let row = cells::row(asked.book, name, &asked.question.frame.plans);
        let pairs = pairs(asked, &row);
        let (one, other) = pairs.first()?;
        let compared = difference(one, other);
        let lead = format!(
            "{} {}，{}；{}",
            one.indicator.name,
            one.shown(),
            other.shown(),
            compared.sentence
        );
        let mut answer = one.answer(AnswerKind::Compare, lead)?;
        other.figure(&mut answer);
        answer.computed.extend(compared.computed);
        let same_year = one.cell.year == other.cell.year;
        if same_year {
            let less = asked.thesaurus.less_is_good(&one.indicator.name);
            let decision = judge(&other.cell.quantity, &one.cell.quantity, less);
            if !matches!(decision, Verdict::Undecidable(_)) {
                answer
                    .context
                    .push(format!("{}年{}", one.cell.year?, decision.word()));
            }
        }
        for (one, other) in pairs.iter().skip(1) {
            let further = difference(one, other);
            let line = format!("{}，{}；{}", one.shown(), other.shown(), further.sentence);
            answer.add_context(&[line]);
            one.figure(&mut answer);
            other.figure(&mut answer);
            answer.computed.extend(further.computed);
        }
        one.convention(&mut answer);
        other.convention(&mut answer);
        let is_result = |found: &Found<'_>| found.cell.measure == Some(Measure::Actual);
        if is_result(one) || is_result(other) {
            one.remarks(&mut answer);
        }
        Some(answer)
    }
}
