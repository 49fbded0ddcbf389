//! The table of indicators with its filters and its order: for the page and for programs. Figures
//! stay as they are printed.

use crate::edition::Edition;
use crate::model::{Cell, Indicator, Measure, Plan, PlanId};
use crate::reply::{Verdict, judge};
use rust_decimal::Decimal;
use serde::Deserialize;

/// What is asked of the table; nothing said is no limit.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    pub(super) plan: String,
    pub(super) category: String,
    pub(super) nature: String,
    pub(super) verdict: String,
    pub(super) year: String,
    pub(super) sort: String,
    pub(super) dir: String,
}

/// A column of figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) year: i32,
    pub(super) measure: Measure,
    pub(super) heading: String,
}

impl Column {
    /// Its word in an order.
    pub(super) fn key(&self) -> String {
        format!("{}-{}", self.year, self.measure.key())
    }
}

/// A row: an indicator with its position and the verdicts of the years that have both figures.
pub(super) struct Row<'a> {
    pub(super) at: usize,
    pub(super) indicator: &'a Indicator,
    pub(super) verdicts: Vec<(i32, Verdict)>,
}

/// The plan that is asked for; the newest where none is named.
pub(super) fn plan_of<'a>(edition: &'a Edition, id: &str) -> Option<&'a Plan> {
    if id.is_empty() {
        edition.book.newest()
    } else {
        edition.book.by_id(&PlanId(id.to_string()))
    }
}

/// All columns of figures of a plan, by year, targets first.
pub(super) fn columns(plan: &Plan) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for cell in plan
        .indicators
        .iter()
        .flat_map(|indicator| &indicator.cells)
    {
        if let (Some(year), Some(measure)) = (cell.year, cell.measure)
            && !columns
                .iter()
                .any(|column| (column.year, column.measure) == (year, measure))
        {
            columns.push(Column {
                year,
                measure,
                heading: cell.heading.clone(),
            });
        }
    }
    columns.sort_by_key(|column| (column.year, column.measure == Measure::Actual));
    columns
}

/// The years of a plan's table, each once.
pub(super) fn years(plan: &Plan) -> Vec<i32> {
    let mut years: Vec<i32> = columns(plan).iter().map(|column| column.year).collect();
    years.dedup();
    years
}

/// The rows that a filter lets through, in its order.
pub(super) fn rows<'a>(edition: &Edition, plan: &'a Plan, filter: &Filter) -> Vec<Row<'a>> {
    let year: Option<i32> = filter.year.parse().ok();
    let mut rows: Vec<Row<'_>> = plan
        .indicators
        .iter()
        .enumerate()
        .map(|(at, indicator)| row(edition, plan, at, indicator))
        .collect();
    rows.retain(|row| {
        let indicator = row.indicator;
        let of_year = |known: i32| year.is_none_or(|year| year == known);
        (filter.category.is_empty() || indicator.category == filter.category)
            && (filter.nature.is_empty()
                || indicator
                    .nature
                    .is_some_and(|nature| nature.word() == filter.nature))
            && (filter.verdict.is_empty()
                || row
                    .verdicts
                    .iter()
                    .any(|(y, verdict)| of_year(*y) && verdict.word() == filter.verdict))
            && (year.is_none() || indicator.cells.iter().any(|cell| cell.year == year))
    });
    order(&mut rows, filter);
    rows
}

fn row<'a>(edition: &Edition, plan: &Plan, at: usize, indicator: &'a Indicator) -> Row<'a> {
    let less = edition.words.thesaurus.less_is_good(&indicator.name);
    let of_year = |year| {
        let (target, actual) = (
            indicator.cell(year, Measure::Target)?,
            indicator.cell(year, Measure::Actual)?,
        );
        Some((year, judge(&target.quantity, &actual.quantity, less)))
    };
    Row {
        at,
        indicator,
        verdicts: years(plan).into_iter().filter_map(of_year).collect(),
    }
}

fn order(rows: &mut [Row<'_>], filter: &Filter) {
    let value =
        |row: &Row<'_>| -> Option<Decimal> { cell(row.indicator, &filter.sort)?.quantity.value };
    match filter.sort.as_str() {
        "" => {}
        "name" => rows.sort_by(|a, b| a.indicator.name.cmp(&b.indicator.name)),
        "category" => rows.sort_by(|a, b| a.indicator.category.cmp(&b.indicator.category)),
        "nature" => rows.sort_by_key(|row| row.indicator.nature),
        "verdict" => rows.sort_by_key(|row| row.verdicts.last().map(|(_, verdict)| verdict.word())),
        // What has no figure stands last.
        _ => rows.sort_by(|a, b| {
            value(a)
                .is_none()
                .cmp(&value(b).is_none())
                .then_with(|| value(a).cmp(&value(b)))
        }),
    }
    if filter.dir == "desc" {
        rows.reverse();
    }
}

/// The cell of a column by its word.
pub(super) fn cell<'a>(indicator: &'a Indicator, key: &str) -> Option<&'a Cell> {
    let (year, measure) = key.split_once('-')?;
    indicator.cell(year.parse().ok()?, Measure::from_key(measure)?)
}
