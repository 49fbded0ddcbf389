//! A table of indicators as rows of values: each figure as it is printed, and beside it the number
//! where it is one, so that a spreadsheet can go on with it.

use super::super::words;
use super::chosen::{Chosen, ChosenRow, Field};
use super::workbook::SheetValue;
use crate::model::IndicatorNature;
use crate::reply::Verdict;

/// The table with its head.
pub(super) fn rows(table: &Chosen<'_>) -> Vec<Vec<SheetValue>> {
    let years = table.judged_years();
    let mut head: Vec<String> = words::INDICATOR_HEAD.map(String::from).to_vec();
    for field in &table.fields {
        match field {
            Field::Figures(_, _, heading) => {
                head.push(heading.clone());
                head.push(format!("{heading}{}", words::NUMBER_COLUMN));
            }
            Field::Verdict => head.extend(years.iter().map(|year| heading_of(*year, field))),
            _ => head.push(field.heading().to_string()),
        }
    }
    head.extend([words::REMARK_HEAD, words::PLACE_HEAD].map(String::from));
    let head = head.into_iter().map(SheetValue::Text).collect();
    let rows = table.rows.iter().map(|row| values(table, row, &years));
    std::iter::once(head).chain(rows).collect()
}

/// The widths of its columns, in letters of half width.
pub(super) fn widths(table: &Chosen<'_>) -> Vec<f64> {
    let mut widths = vec![6.0, 32.0];
    for field in &table.fields {
        match field {
            Field::Unit | Field::Nature => widths.push(10.0),
            Field::Category => widths.push(16.0),
            Field::Figures(..) => widths.extend([14.0, 12.0]),
            Field::Verdict => widths.extend(table.judged_years().iter().map(|_| 14.0)),
        }
    }
    widths.extend([40.0, 24.0]);
    widths
}

fn heading_of(year: i32, field: &Field) -> String {
    format!("{year}年{}", field.heading())
}

fn values(table: &Chosen<'_>, row: &ChosenRow<'_>, years: &[i32]) -> Vec<SheetValue> {
    let indicator = row.indicator;
    let text = |text: &str| SheetValue::Text(text.to_string());
    let mut values = vec![
        SheetValue::Number((row.at + 1).into()),
        text(&indicator.name),
    ];
    for field in &table.fields {
        match field {
            Field::Unit => values.push(text(&indicator.unit)),
            Field::Nature => {
                values.push(text(indicator.nature.map_or("", IndicatorNature::word)));
            }
            Field::Category => values.push(text(&indicator.category)),
            Field::Figures(year, measure, _) => {
                let quantity = row.cell(*year, *measure).map(|(_, cell)| &cell.quantity);
                values.push(text(quantity.map_or("", |quantity| &quantity.printed)));
                // Beside the printed text and not instead: “约5%” is a number only for reckoning.
                let number = quantity.and_then(|quantity| quantity.value);
                values.push(number.map_or_else(|| text(""), SheetValue::Number));
            }
            Field::Verdict => {
                values.extend(
                    years
                        .iter()
                        .map(|year| SheetValue::Text(judged(row.verdict(*year)))),
                );
            }
        }
    }
    let remarks: Vec<&str> = row.remarks().map(|(_, note)| note.text.as_str()).collect();
    values.push(SheetValue::Text(remarks.join("\n")));
    values.push(SheetValue::Text(places(table, row)));
    values
}

fn judged(verdict: Option<Verdict>) -> String {
    match verdict {
        Some(Verdict::Undecidable(reason)) => format!("不可判定（{reason}）"),
        Some(verdict) => verdict.word().to_string(),
        None => String::new(),
    }
}

/// Where the shown figures stand; of another plan with its year.
fn places(table: &Chosen<'_>, row: &ChosenRow<'_>) -> String {
    let mut places: Vec<String> = Vec::new();
    for field in &table.fields {
        let Field::Figures(year, measure, _) = field else {
            continue;
        };
        if let Some((plan, cell)) = row.cell(*year, *measure) {
            let place = if plan.id == table.plan.id {
                cell.place.clone()
            } else {
                format!("{}年计划 {}", plan.plan_year, cell.place)
            };
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    places.join("；")
}
