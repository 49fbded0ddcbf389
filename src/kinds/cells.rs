//! Cells of tables as answers show them: name, heading, value with its unit, and the figure that
//! verifies.

use crate::evidence::IndicatorName;
use crate::model::{Book, Cell, Fact, Indicator, Measure, NoteKind, Plan, PlanIx, Provenance};
use crate::reply::{Answer, AnswerKind, Figure};

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

/// Every cell of a row in the plans of the frame, each year and measure once, newest first.
pub fn row<'a>(book: &'a Book, name: &IndicatorName, frame: &[PlanIx]) -> Vec<Found<'a>> {
    let mut found: Vec<Found<'a>> = Vec::new();
    for (plan_at, at) in name.members.iter().filter(|(plan, _)| frame.contains(plan)) {
        let Some(plan) = book.plan(*plan_at) else {
            continue;
        };
        let Some(indicator) = plan.indicators.get(*at) else {
            continue;
        };
        for (position, cell) in indicator.cells.iter().enumerate() {
            let same = |known: &Found<'_>| {
                let known = known.cell;
                (known.year, known.measure, &known.heading)
                    == (cell.year, cell.measure, &cell.heading)
                    || cell.year.is_some()
                        && (known.year, known.measure) == (cell.year, cell.measure)
            };
            if found.iter().any(same) {
                continue;
            }
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
    found.sort_by_key(|found| {
        let is_result = found.cell.measure.map(|measure| measure == Measure::Actual);
        std::cmp::Reverse((found.cell.year, is_result))
    });
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
        if self.cell.measure != Some(Measure::Actual) {
            return self.shown();
        }
        let remarks = self.indicator.remarks.iter();
        let mut facts = remarks.flat_map(|note| self.plan.facts_of_note(*note));
        let remark = facts.find(rounder).map_or_else(String::new, |fact| {
            format!("（备注作{}）", fact.quantity.printed)
        });
        format!("{}{remark}", self.shown())
    }

    /// The value with its unit; an unpublished one says so.
    pub fn value(&self) -> String {
        let quantity = &self.cell.quantity;
        // A dash means what a remark says that it means.
        let is_explained = self.plan.convention(&quantity.printed).is_some();
        if quantity.is_unpublished() && is_explained {
            format!("{}（未公布）", quantity.printed)
        } else {
            self.cell.quantity.shown()
        }
    }

    /// An answer that begins with this cell.
    pub fn answer(&self, kind: AnswerKind, lead: String) -> Option<Answer> {
        let mut answer = Answer::new(kind, lead, self.plan.cite(self.provenance)?);
        self.figure(&mut answer);
        Some(answer)
    }

    /// Adds this cell's source and figure to an answer.
    pub fn figure(&self, answer: &mut Answer) {
        let Some(citation) = self.plan.cite(self.provenance) else {
            return;
        };
        let citation = answer.cite(citation);
        let figure = Figure {
            printed: self.cell.quantity.printed.clone(),
            unit: self.cell.quantity.unit.clone(),
            subject: self.indicator.name.clone(),
            year: self.cell.year,
            measure: self.cell.measure,
            citation,
        };
        if !answer.figures.contains(&figure) {
            answer.figures.push(figure);
        }
    }

    /// Adds the remark that says what the printed sign means, where the cell is unpublished.
    pub fn convention(&self, answer: &mut Answer) {
        if !self.cell.quantity.is_unpublished() {
            return;
        }
        let Some(note) = self.plan.convention(&self.cell.quantity.printed) else {
            return;
        };
        let table = self.cell.place.split(' ').next().unwrap_or_default();
        let citation = self.plan.cite(Provenance::Note(note));
        let Some(citation) = citation.filter(|citation| citation.place.starts_with(table)) else {
            return;
        };
        answer.add_context(&[format!("说明：{}", citation.quote)]);
        answer.cite(citation);
    }

    /// Adds the remarks that speak of the indicator.
    pub fn remarks(&self, answer: &mut Answer) {
        for note in &self.indicator.remarks {
            let is_convention = self
                .plan
                .notes
                .get(*note)
                .is_some_and(|note| note.kind == NoteKind::Convention);
            let Some(citation) = self.plan.cite(Provenance::Note(*note)) else {
                continue;
            };
            if !is_convention {
                answer.add_context(&[format!("备注：{}", citation.quote)]);
                answer.cite(citation);
            }
        }
    }
}
