//! “2022年…目标是多少”: the cells of an indicator, the asked ones first.

use super::cells::{self, Found};
use super::indicator;
use crate::evidence::NameId;
use crate::language::{UnitKind, Units, fold, names_rate};
use crate::model::Measure;
use crate::question::{Operator, OperatorSet};
use crate::reply::{Answer, AnswerKind, Asked, Candidate, Feature, Kind, Record};
use std::rc::Rc;

/// Cells of a table.
pub struct Value;

const USES: OperatorSet = indicator::uses(&[
    Operator::Define,
    Operator::Compare,
    Operator::Verdict,
    Operator::How,
    Operator::Unpublished,
    Operator::When,
]);
const WANTS: OperatorSet = OperatorSet::of(&[Operator::Amount, Operator::Target, Operator::Actual]);

struct Cells {
    name: NameId,
}

impl Kind for Value {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        for named in &asked.indicators {
            let name = asked.library.names.indicator(named.name);
            let row = cells::row(asked.book, name, &asked.question.frame.plans);
            let is_rate_for_level =
                names_rate(&name.name.text) && asked.question.sort.is_level_beside(&name.name.text);
            let is_level_for_rate = asked.question.sort.is_rate
                && !names_rate(&name.name.text)
                && kind_of_row(asked, &row).is_some_and(|kind| kind != UnitKind::Share);
            if row.is_empty() || is_rate_for_level || is_level_for_rate {
                continue;
            }
            let record = Rc::new(Cells { name: named.name });
            let mut candidate =
                indicator::candidate(asked, named, AnswerKind::Value, (USES, WANTS), record);
            let (first, _) = parted(asked, &row);
            let unit = unit_of_cell(asked, &row);
            if unit < 0.0 && asked.question.amount.unit.is_some() {
                continue;
            }
            if first.is_empty() {
                candidate.features.set(Feature::NoSuchMeasure, 1.0);
            }
            candidate.features.set(Feature::CellUnit, unit);
            candidates.push(candidate);
        }
    }
}

/// 1 where the unit that is asked for is that of the cells, −1 where it is another.
pub(super) fn unit_of_cell(asked: &Asked<'_>, row: &[Found<'_>]) -> f32 {
    let Some(kind) = asked
        .question
        .amount
        .kind
        .filter(|_| !asked.question.amount.is_guess)
    else {
        return 0.0;
    };
    match kind_of_row(asked, row) {
        Some(of_cell) if Units::agree(kind, of_cell) => 1.0,
        Some(_) => -1.0,
        None => 0.0,
    }
}

/// What the unit of a row measures.
fn kind_of_row(asked: &Asked<'_>, row: &[Found<'_>]) -> Option<UnitKind> {
    let unit = row.first()?.indicator.unit.as_str();
    asked.units.kind(&fold(unit))
}

/// The cells that are asked for, and the others.
fn parted<'a, 'b>(
    asked: &Asked<'_>,
    row: &'b [Found<'a>],
) -> (Vec<&'b Found<'a>>, Vec<&'b Found<'a>>) {
    let years = &asked.question.frame.years;
    row.iter().partition(|found| {
        let year = years.is_empty() || found.cell.year.is_some_and(|year| years.contains(&year));
        let measure =
            asked.measure.of_cell.is_none() || found.cell.measure == asked.measure.of_cell;
        year && measure
    })
}

/// A row of a plan of several years may say how much it is a year, or over the years, and nothing
/// of the last one: 2030年 —，年均/累计 >7. That figure answers then, and who asks for it by name.
fn over_years_first<'b, 'a>(
    asked: &Asked<'_>,
    first: Vec<&'b Found<'a>>,
    rest: Vec<&'b Found<'a>>,
) -> (Vec<&'b Found<'a>>, Vec<&'b Found<'a>>) {
    let has_figure = |found: &&Found<'_>| !found.cell.quantity.is_unpublished();
    let is_over_years = |found: &&Found<'_>| found.cell.year.is_none() && has_figure(found);
    let is_named = ["年均", "累计", "每年"]
        .iter()
        .any(|word| asked.question.text.contains(word));
    let lacks_figure = first.iter().any(|found| !has_figure(found));
    let has_over_years = first.iter().chain(&rest).any(is_over_years);
    if !has_over_years || !(is_named || lacks_figure) {
        return (first, rest);
    }
    let (over, others): (Vec<_>, Vec<_>) = first.into_iter().chain(rest).partition(is_over_years);
    (over, others)
}

/// Of a year that is over, where neither is asked for, the result answers; its aim stands below.
fn result_first<'b, 'a>(
    asked: &Asked<'_>,
    first: Vec<&'b Found<'a>>,
    rest: Vec<&'b Found<'a>>,
) -> (Vec<&'b Found<'a>>, Vec<&'b Found<'a>>) {
    let frame = &asked.question.frame;
    let is_over = !frame.years.is_empty() && frame.years.iter().all(|year| *year < frame.this_year);
    let compares = asked
        .question
        .any(&[Operator::Compare, Operator::Verdict, Operator::Target]);
    let is_result = |found: &&Found<'_>| {
        found.cell.measure == Some(Measure::Actual) && !found.cell.quantity.is_unpublished()
    };
    if !is_over || compares || !first.iter().any(is_result) {
        return (first, rest);
    }
    let (results, aims): (Vec<_>, Vec<_>) = first.into_iter().partition(is_result);
    (results, aims.into_iter().chain(rest).collect())
}

impl Record for Cells {
    fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        let name = asked.library.names.indicator(self.name);
        let row = cells::row(asked.book, name, &asked.question.frame.plans);
        let (mut first, mut rest) = parted(asked, &row);
        if first.is_empty() {
            let years = &asked.question.frame.years;
            (first, rest) = row.iter().partition(|found| {
                years.is_empty() || found.cell.year.is_some_and(|year| years.contains(&year))
            });
        }
        if first.is_empty() {
            (first, rest) = (row.iter().collect(), Vec::new());
        }
        (first, rest) = over_years_first(asked, first, rest);
        (first, rest) = result_first(asked, first, rest);
        // Without a year the newest aim and the newest result say most; older ones stand below.
        let named_year = !asked.question.frame.years.is_empty();
        if !named_year && first.len() > 2 {
            let older = first.split_off(2);
            rest = older.into_iter().chain(rest).collect();
        }
        let shown: Vec<String> = first
            .iter()
            .map(|found| found.shown_with_remark())
            .collect();
        let lead = format!("{} {}", first[0].indicator.name, shown.join("；"));
        let mut answer = first[0].answer(AnswerKind::Value, lead)?;
        for found in first.iter().skip(1) {
            found.figure(&mut answer);
        }
        if !rest.is_empty() {
            let others: Vec<String> = rest.iter().take(4).map(|found| found.shown()).collect();
            answer.add_context(&[others.join("；")]);
            rest.iter()
                .take(4)
                .for_each(|found| found.figure(&mut answer));
        }
        first.iter().for_each(|found| found.convention(&mut answer));
        if first
            .iter()
            .any(|found| found.cell.measure == Some(Measure::Actual))
        {
            first[0].remarks(&mut answer);
        }
        Some(answer)
    }
}
