//! What a picture of an indicator shows: its cells of all plans in the order of time, and the
//! verdicts on its years.

use crate::evidence::Names;
use crate::language::Thesaurus;
use crate::model::{Book, Cell, Indicator, Measure, Plan, PlanIx, Quantity};
use crate::reply::{Verdict, judge};

/// What a dash means.
pub(super) const UNPUBLISHED: &str = "未公布";

/// Which indicator: by its printed name, in the plans of one region where one is said.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) region: Option<&'a str>,
    pub(super) name: &'a str,
}

/// One column: the first cell of its year and measure, by the same order in which answers take it.
#[derive(Debug, Clone, Copy)]
pub(super) struct ChartColumn<'a> {
    plan: &'a Plan,
    pub(super) cell: &'a Cell,
}

/// An indicator with its columns.
pub(super) struct ChartRow<'a> {
    /// The printed name.
    pub(super) name: &'a str,
    /// The printed unit of the newest plan.
    pub(super) unit: &'a str,
    /// The region that the plans are for.
    pub(super) region: &'a str,
    /// Region, category and nature.
    pub(super) about: String,
    /// The columns in the order of time.
    pub(super) columns: Vec<ChartColumn<'a>>,
    /// The verdict on each year that has a target and a result.
    pub(super) verdicts: Vec<(i32, Verdict)>,
    /// Where the cells stand, a line for each plan.
    pub(super) sources: Vec<String>,
    /// What else there is to know: remarks, and cells of other tables that print a year otherwise.
    pub(super) remarks: Vec<String>,
}

impl<'a> ChartRow<'a> {
    /// The row of an indicator, with what every plan says of it.
    pub(super) fn of(
        book: &'a Book,
        names: &Names,
        thesaurus: &Thesaurus,
        wanted: Wanted<'_>,
    ) -> Option<Self> {
        let members = members(book, names, wanted);
        let (plan, indicator) = *members.first()?;
        let mut columns: Vec<ChartColumn<'a>> = Vec::new();
        let mut remarks = Vec::new();
        for (plan, indicator) in &members {
            for cell in &indicator.cells {
                // The first plan that prints a year is the one that an answer quotes: picture and
                // answer must not differ.
                match columns.iter().find(|known| same_column(known.cell, cell)) {
                    None => columns.push(ChartColumn { plan, cell }),
                    Some(known) if known.cell.quantity.shown() != cell.quantity.shown() => {
                        remarks.push(format!(
                            "另见《{}》{}：{} {}",
                            plan.title,
                            cell.place,
                            cell.heading,
                            spoken(&cell.quantity)
                        ));
                    }
                    Some(_) => {}
                }
            }
        }
        columns.sort_by_key(|column| {
            (
                column.cell.year.is_none(),
                column.cell.year,
                column.cell.measure.is_none(),
                // Of one year the aim first: it was there before the result.
                column.cell.measure == Some(Measure::Actual),
            )
        });
        let verdicts = verdicts(&columns, thesaurus.less_is_good(&indicator.name));
        remarks.extend(
            members
                .iter()
                .flat_map(|(plan, indicator)| remarks_on(plan, indicator)),
        );
        let category = (!indicator.category.is_empty()).then_some(indicator.category.as_str());
        let about: Vec<&str> = [
            Some(plan.region.as_str()),
            category,
            indicator.nature.map(|nature| nature.word()),
        ]
        .into_iter()
        .flatten()
        .filter(|word| !word.is_empty())
        .collect();
        Some(Self {
            name: &indicator.name,
            unit: &indicator.unit,
            region: &plan.region,
            about: about.join(" · "),
            sources: sources(&columns),
            columns,
            verdicts,
            remarks,
        })
    }

    /// The value that is drawn: one plain figure in the unit of the axis.
    pub(super) fn drawn(&self, column: &ChartColumn<'_>) -> Option<rust_decimal::Decimal> {
        column
            .cell
            .quantity
            .value
            // A figure in another unit has no place on this axis, however near it is.
            .filter(|_| column.cell.quantity.unit == self.unit)
    }

    /// The verdict that a column's colour tells.
    pub(super) fn verdict_of(&self, column: &ChartColumn<'_>) -> Option<Verdict> {
        let year = column
            .cell
            .year
            .filter(|_| column.cell.measure == Some(Measure::Actual))?;
        self.verdicts
            .iter()
            .find(|(judged, _)| *judged == year)
            .map(|(_, verdict)| *verdict)
    }

    /// The name with its unit.
    pub(super) fn title(&self) -> String {
        if self.unit.is_empty() {
            self.name.to_string()
        } else {
            format!("{}（单位：{}）", self.name, self.unit)
        }
    }

    /// The facts in lines.
    pub(super) fn description(&self) -> String {
        let mut lines = vec![self.title()];
        lines.extend(
            self.columns.iter().map(|column| {
                format!("{}：{}", column.cell.heading, spoken(&column.cell.quantity))
            }),
        );
        lines.extend(
            self.verdicts
                .iter()
                .map(|(year, verdict)| format!("{year}年{}{}", verdict.word(), reason(*verdict))),
        );
        lines.extend(self.sources.iter().cloned());
        lines.extend(self.remarks.iter().cloned());
        lines.join("\n")
    }
}

impl ChartColumn<'_> {
    /// The heading in two parts: its year, and what it says beside it.
    pub(super) fn heading(&self) -> (String, String) {
        let heading = self.cell.heading.as_str();
        let Some(year) = self.cell.year.map(|year| format!("{year}年")) else {
            return (String::new(), heading.to_string());
        };
        let rest = heading.replacen(&year, "", 1);
        let usual = match self.cell.measure {
            Some(Measure::Target) => "目标",
            Some(Measure::Actual) => "完成",
            None => "",
        };
        let rest = if rest.trim().is_empty() {
            usual.to_string()
        } else {
            rest.trim().to_string()
        };
        (year, rest)
    }
}

/// A quantity in words: with its unit, and what a dash means.
pub(super) fn spoken(quantity: &Quantity) -> String {
    if quantity.is_unpublished() {
        format!("{}（{UNPUBLISHED}）", quantity.printed)
    } else {
        quantity.shown()
    }
}

/// Why a verdict was not possible, in brackets.
pub(super) fn reason(verdict: Verdict) -> String {
    if let Verdict::Undecidable(reason) = verdict {
        format!("（{reason}）")
    } else {
        String::new()
    }
}

/// The indicators of that name, newest plan first, as the names join them.
fn members<'a>(
    book: &'a Book,
    names: &Names,
    Wanted { region, name }: Wanted<'_>,
) -> Vec<(&'a Plan, &'a Indicator)> {
    let find = |(plan, at): &(PlanIx, usize)| {
        let plan = book.plan(*plan)?;
        Some((plan, plan.indicators.get(*at)?))
    };
    let of_region = names.indicators.iter();
    let of_region =
        of_region.filter(|concept| region.is_none_or(|region| concept.region == region));
    let named =
        of_region.map(|concept| concept.members.iter().filter_map(find).collect::<Vec<_>>());
    named
        .into_iter()
        // By the name of any plan: one that was given another name is found by its old one too.
        .find(|members| members.iter().any(|(_, indicator)| indicator.name == name))
        .unwrap_or_default()
}

fn same_column(a: &Cell, b: &Cell) -> bool {
    a.year == b.year
        && a.measure == b.measure
        // Where year or measure is not known the printed heading tells columns apart.
        && (a.year.is_some() && a.measure.is_some() || a.heading == b.heading)
}

fn verdicts(columns: &[ChartColumn<'_>], less_is_good: bool) -> Vec<(i32, Verdict)> {
    let of = |year: i32, measure: Measure| {
        columns
            .iter()
            .find(|column| column.cell.year == Some(year) && column.cell.measure == Some(measure))
            .map(|column| column.cell)
    };
    let mut years: Vec<i32> = columns
        .iter()
        .filter_map(|column| column.cell.year)
        .collect();
    // Columns are in the order of time, so equal years stand side by side.
    years.dedup();
    let judged = years.into_iter().filter_map(|year| {
        let (target, actual) = (of(year, Measure::Target)?, of(year, Measure::Actual)?);
        Some((
            year,
            judge(&target.quantity, &actual.quantity, less_is_good),
        ))
    });
    judged.collect()
}

fn sources(columns: &[ChartColumn<'_>]) -> Vec<String> {
    let mut plans: Vec<(&Plan, Vec<&str>)> = Vec::new();
    for column in columns {
        let place = column.cell.place.as_str();
        match plans.iter_mut().find(|(plan, _)| plan.id == column.plan.id) {
            Some((_, places)) if places.contains(&place) => {}
            Some((_, places)) => places.push(place),
            None => plans.push((column.plan, vec![place])),
        }
    }
    plans
        .iter()
        .map(|(plan, places)| format!("来源：《{}》{}", plan.title, places.join("、")))
        .collect()
}

/// Where the remarks on an indicator stand; their text is the answer's, not the picture's.
fn remarks_on(plan: &Plan, indicator: &Indicator) -> Option<String> {
    let places: Vec<&str> = indicator
        .remarks
        .iter()
        .filter_map(|at| plan.notes.get(*at))
        .map(|note| note.place.as_str())
        .collect();
    (!places.is_empty())
        .then(|| format!("另有说明：{}年计划 {}", plan.plan_year, places.join("、")))
}
