//! The tables of a report inside its text: each with its rows as they are printed and the remarks
//! below it.

use super::addresses;
use super::footnotes::note_line;
use super::highlight::{count, holds, marked};
use crate::model::{Cell, Indicator, IndicatorNature, Plan};
use maud::{Markup, html};
use std::collections::HashSet;

/// A table of the report.
pub(super) struct Annex<'a> {
    label: &'a str,
    title: &'a str,
    headings: Vec<&'a str>,
    rows: Vec<AnnexRow<'a>>,
}

struct AnnexRow<'a> {
    at: usize,
    indicator: &'a Indicator,
    /// Its id on the page; of rows at one place only the first has it.
    id: Option<String>,
    cells: Vec<Option<&'a Cell>>,
}

impl AnnexRow<'_> {
    fn nature(&self) -> &'static str {
        self.indicator.nature.map_or("", IndicatorNature::word)
    }
}

impl Annex<'_> {
    /// Where it stands on the page.
    pub(super) fn id(&self) -> String {
        addresses::id_of(self.label)
    }

    /// Its printed label and title.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.label, self.title).trim().to_string()
    }

    /// Whether a note at a place is one of the remarks below it.
    pub(super) fn has_remark(&self, place: &str) -> bool {
        place.contains(' ') && label_of(place) == self.label
    }

    /// How often words stand in it and in the remarks below it.
    pub(super) fn count(&self, plan: &Plan, words: &[String]) -> usize {
        let headings = self.headings.iter().copied();
        let rows = self.rows.iter().flat_map(|row| {
            let cells = row.cells.iter().flatten();
            let printed = cells.map(|cell| cell.quantity.printed.as_str());
            [
                row.indicator.name.as_str(),
                &row.indicator.unit,
                row.nature(),
            ]
            .into_iter()
            .chain(printed)
        });
        let table = headings.chain(rows).map(|text| count(text, words));
        let remarks = plan
            .notes
            .iter()
            .filter(|note| self.has_remark(&note.place));
        let remarks = remarks.filter(|note| holds(&note.text, words));
        table.sum::<usize>() + remarks.map(|note| count(&note.text, words)).sum::<usize>()
    }

    /// How many rows it has.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }
}

/// The tables in the order of the document, with the rows that hold all words.
pub(super) fn annexes<'a>(plan: &'a Plan, words: &[String]) -> Vec<Annex<'a>> {
    let mut labels: Vec<&str> = plan
        .tables
        .iter()
        .map(|table| table.label.as_str())
        .collect();
    for indicator in &plan.indicators {
        for cell in &indicator.cells {
            if !labels.contains(&label_of(&cell.place)) {
                labels.push(label_of(&cell.place));
            }
        }
    }
    let annexes = labels.into_iter().map(|label| annex(plan, label, words));
    annexes.filter(|annex| !annex.rows.is_empty()).collect()
}

/// The table that a place is of: 附件2 of 附件2 第1行.
fn label_of(place: &str) -> &str {
    place.split(' ').next().unwrap_or_default()
}

fn annex<'a>(plan: &'a Plan, label: &'a str, words: &[String]) -> Annex<'a> {
    let of_table = |cell: &&'a Cell| label_of(&cell.place) == label;
    let mut headings: Vec<&str> = Vec::new();
    for cell in plan
        .indicators
        .iter()
        .flat_map(|row| row.cells.iter().filter(of_table))
    {
        if !headings.contains(&cell.heading.as_str()) {
            headings.push(&cell.heading);
        }
    }
    let mut places: HashSet<&str> = HashSet::new();
    let mut rows: Vec<AnnexRow<'_>> = Vec::new();
    for (at, indicator) in plan.indicators.iter().enumerate() {
        let cells: Vec<&Cell> = indicator.cells.iter().filter(of_table).collect();
        let Some(place) = cells.first().map(|cell| cell.place.as_str()) else {
            continue;
        };
        if holds(&indicator.row_quote(place), words) {
            let under =
                |heading: &&str| cells.iter().copied().find(|cell| cell.heading == **heading);
            rows.push(AnnexRow {
                at,
                indicator,
                id: places.insert(place).then(|| addresses::id_of(place)),
                cells: headings.iter().map(under).collect(),
            });
        }
    }
    let title = plan.tables.iter().find(|table| table.label == label);
    Annex {
        label,
        title: title.map_or("", |table| table.title.as_str()),
        rows,
        headings,
    }
}

/// A table with the remarks that stand below it.
pub(super) fn shown(plan: &Plan, annex: &Annex<'_>, words: &[String]) -> Markup {
    let remarks = plan
        .notes
        .iter()
        .enumerate()
        .filter(|(_, note)| annex.has_remark(&note.place) && holds(&note.text, words));
    html! {
        h2 id=(annex.id()) { (annex.name()) }
        div.wide tabindex="0" role="region" aria-label=(annex.name()) { table {
            thead { tr {
                th scope="col" { "指标" } th scope="col" { "单位" } th scope="col" { "属性" }
                @for heading in &annex.headings { th scope="col" { (marked(heading, words)) } }
            } }
            tbody { @for row in &annex.rows { tr id=[row.id.as_ref()] {
                th scope="row" { a href=(addresses::of_indicator(plan, row.at)) { (marked(&row.indicator.name, words)) } }
                td data-label="单位" { (marked(&row.indicator.unit, words)) }
                td data-label="属性" { (marked(row.nature(), words)) }
                @for (heading, cell) in annex.headings.iter().zip(&row.cells) {
                    td data-label=(heading) { @if let Some(cell) = cell { (marked(&cell.quantity.printed, words)) } }
                }
            } } }
        } }
        @for (at, _) in remarks { (note_line(plan, at, words, &[])) }
    }
}
