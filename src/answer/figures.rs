//! Cells as an answer shows them: name, heading, value with its unit, and the figure that verifies.

use super::reply::{Answer, Figure};
use crate::model::{Cell, Fact, Indicator, Measure, Plan, Provenance};
use crate::understand::{IndicatorConcept, Intent};

/// A cell with where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// Its plan.
    pub plan: &'a Plan,
    /// Its indicator.
    pub indicator: &'a Indicator,
    /// The cell.
    pub cell: &'a Cell,
    /// Where it stands.
    pub provenance: Provenance,
}

/// The cell of a year and measure: in the plan that is about that year, else in the newest that has it.
pub fn find<'a>(
    plans: &'a [Plan],
    concept: &IndicatorConcept,
    year: i32,
    measure: Measure,
) -> Option<Found<'a>> {
    concept.members.iter().find_map(|(plan, at)| {
        let plan = plans.get(*plan)?;
        let indicator = plan.indicators.get(*at)?;
        let cell = indicator
            .cells
            .iter()
            .position(|cell| cell.year == Some(year) && cell.measure == Some(measure))?;
        Some(Found {
            plan,
            indicator,
            cell: &indicator.cells[cell],
            provenance: Provenance::Cell {
                indicator: *at,
                cell,
            },
        })
    })
}

/// Every cell of the newest plan's row, each year and measure once, newest first.
pub fn row<'a>(plans: &'a [Plan], concept: &IndicatorConcept) -> Vec<Found<'a>> {
    let mut found: Vec<Found<'a>> = Vec::new();
    for (plan_at, at) in &concept.members {
        let Some(plan) = plans.get(*plan_at) else {
            continue;
        };
        let Some(indicator) = plan.indicators.get(*at) else {
            continue;
        };
        for (position, cell) in indicator.cells.iter().enumerate() {
            let same = |known: &Found<'_>| {
                known.cell.year == cell.year
                    && known.cell.measure == cell.measure
                    && known.cell.heading == cell.heading
            };
            if !found.iter().any(same) {
                found.push(Found {
                    plan,
                    indicator,
                    cell,
                    provenance: Provenance::Cell {
                        indicator: *at,
                        cell: position,
                    },
                });
            }
        }
    }
    let order = |found: &Found<'_>| {
        (
            found.cell.year,
            found.cell.measure.map(|measure| measure == Measure::Actual),
        )
    };
    found.sort_by_key(|found| std::cmp::Reverse(order(found)));
    found
}

impl<'a> Found<'a> {
    /// The heading and the value with its unit (2022年预期目标 5%左右).
    pub fn shown(&self) -> String {
        format!("{} {}", self.cell.heading, self.value())
    }

    /// As `shown`, and how a remark prints the same figure in rounder form, where one does.
    pub fn shown_with_remark(&self) -> String {
        let rounder = |fact: &&Fact| {
            let (cell, fact) = (&self.cell.quantity, &fact.quantity);
            let (Some(exact), Some(round)) = (cell.value, fact.value) else {
                return false;
            };
            cell.unit == fact.unit && exact != round && exact.round_dp(round.scale()) == round
        };
        let facts = self
            .indicator
            .remarks
            .iter()
            .flat_map(|note| self.plan.facts_of_note(*note));
        let rounder = facts
            .filter(|_| self.cell.measure == Some(Measure::Actual))
            .find(rounder);
        let remark = rounder.map_or_else(String::new, |fact| {
            format!("（备注作{}）", fact.quantity.printed)
        });
        format!("{}{remark}", self.shown())
    }

    /// The value with its unit; an unpublished one says so.
    pub fn value(&self) -> String {
        if self.cell.quantity.is_unpublished() {
            format!("{}（未公布）", self.cell.quantity.printed)
        } else {
            self.cell.quantity.shown()
        }
    }

    /// An answer that begins with this cell.
    pub fn answer(&self, intent: Intent, lead: String) -> Option<Answer> {
        let mut answer = Answer::new(intent, lead, self.plan.cite(self.provenance)?);
        self.figure(&mut answer);
        Some(answer)
    }

    /// Adds this cell's source and figure to an answer.
    pub fn figure(&self, answer: &mut Answer) {
        let Some(citation) = self.plan.cite(self.provenance) else {
            return;
        };
        let citation = answer.cite(citation);
        answer.figures.push(Figure {
            printed: self.cell.quantity.printed.clone(),
            unit: self.cell.quantity.unit.clone(),
            subject: self.indicator.name.clone(),
            year: self.cell.year,
            measure: self.cell.measure,
            citation,
        });
    }

    /// Adds the remark that says what the printed sign means, where the cell is unpublished.
    pub fn convention(&self, answer: &mut Answer) {
        let Some(note) = self
            .cell
            .quantity
            .is_unpublished()
            .then(|| self.plan.convention(&self.cell.quantity.printed))
            .flatten()
        else {
            return;
        };
        let table = self.cell.place.split(' ').next().unwrap_or_default();
        let Some(citation) = self
            .plan
            .cite(Provenance::Note(note))
            .filter(|citation| citation.place.starts_with(table))
        else {
            return;
        };
        let line = format!("说明：{}", citation.quote);
        if !answer.context.contains(&line) {
            answer.context.push(line);
        }
        answer.cite(citation);
    }

    /// Adds the remarks that speak of the indicator.
    pub fn remarks(&self, answer: &mut Answer) {
        for note in &self.indicator.remarks {
            let is_convention = self
                .plan
                .notes
                .get(*note)
                .is_some_and(|note| note.kind == crate::model::NoteKind::Convention);
            if let Some(citation) = self
                .plan
                .cite(Provenance::Note(*note))
                .filter(|_| !is_convention)
            {
                answer.context.push(format!("备注：{}", citation.quote));
                answer.cite(citation);
            }
        }
    }
}
