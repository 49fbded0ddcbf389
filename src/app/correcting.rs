//! A correction of a report that waits: what it changes is shown before it is made.

use super::App;
use super::examining::Compared;
use crate::edition::{Edition, EditionError, IndexPlace};
use crate::files;
use crate::import;
use crate::model::{CellRecord, Finding, GlossaryRecord, Measure, PlanRecords};
use std::sync::Arc;

/// A correction of what was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportCorrection {
    /// What the plan is.
    Plan {
        /// The directory's name.
        id: String,
        title: String,
        /// The region in full.
        region: String,
        /// The planned year.
        plan_year: i32,
    },
    /// One cell of a table, by its number.
    Cell {
        /// Its number among the cells.
        row: usize,
        /// The indicator's name.
        indicator: String,
        unit: String,
        year: Option<i32>,
        /// Aim or result.
        measure: Option<Measure>,
        /// The value as printed.
        value: String,
    },
    /// One entry of the glossary, by its number.
    Term {
        /// Its number among the entries.
        row: usize,
        name: String,
        definition: String,
    },
}

/// What a correction changes, before it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionPreview {
    /// The word of the report.
    pub word: String,
    pub correction: ReportCorrection,
    /// A cell as it is and as it would be.
    pub cell: Option<(CellRecord, CellRecord)>,
    /// An entry of the glossary as it is and as it would be.
    pub term: Option<(GlossaryRecord, GlossaryRecord)>,
    /// How many further cells of the same row get its name and unit.
    pub others_of_row: usize,
    /// What is answered otherwise, or what keeps the report from being asked at all.
    pub answers: Result<Compared, Vec<Finding>>,
}

impl App {
    /// What a correction of a report that waits would change: its values, and the answers of the
    /// data with the report as it is and as it would be. Nothing where the report waits no longer.
    pub async fn preview_correction(
        self: &Arc<Self>,
        word: &str,
        correction: ReportCorrection,
    ) -> Option<CorrectionPreview> {
        let before = self.proposal(word)?.imported.records.clone();
        let app = Arc::clone(self);
        let word = word.to_string();
        let task = tokio::task::spawn_blocking(move || app.compared(word, before, correction));
        task.await
            .inspect_err(|error| tracing::error!(%error, "a correction could not be tried"))
            .ok()
    }

    fn compared(
        &self,
        word: String,
        before: PlanRecords,
        correction: ReportCorrection,
    ) -> CorrectionPreview {
        let mut after = before.clone();
        apply(&mut after, correction.clone());
        let row = match correction {
            ReportCorrection::Cell { row, .. } => Some(row),
            _ => None,
        };
        let entry = match correction {
            ReportCorrection::Term { row, .. } => Some(row),
            _ => None,
        };
        let pair = |row: usize| {
            Some((
                before.cells.get(row)?.clone(),
                after.cells.get(row)?.clone(),
            ))
        };
        let entries = |row: usize| {
            let (old, new) = (before.glossary.get(row)?, after.glossary.get(row)?);
            Some((old.clone(), new.clone()))
        };
        let (cell, term) = (row.and_then(pair), entry.and_then(entries));
        let changed = before.cells.iter().zip(&after.cells).enumerate();
        let others_of_row = changed
            .filter(|(at, (old, new))| Some(*at) != row && old != new)
            .count();
        CorrectionPreview {
            word,
            correction,
            cell,
            term,
            others_of_row,
            answers: self.answers_of(&before, &after),
        }
    }

    /// What a report answers otherwise that is corrected, asked alone: beside other places' plans
    /// a question that names no place would be asked back.
    fn answers_of(
        &self,
        before: &PlanRecords,
        after: &PlanRecords,
    ) -> Result<Compared, Vec<Finding>> {
        let mut data = files::read_data(&self.data);
        let mut build = |records: &PlanRecords| {
            // The plan alone, and both in memory: what the correction changes in it is asked, not
            // what other plans say.
            data.plans = vec![records.clone()];
            match Edition::build(&data, &IndexPlace::Memory) {
                Ok(edition) => Ok(edition),
                Err(EditionError::Data(findings)) => Err(findings),
                Err(other) => Err(vec![Finding::error("", "", other.to_string())]),
            }
        };
        let (older, newer) = (build(before)?, build(after)?);
        let ways = &data.lexicon.exam;
        let plans = older.book.plans().iter().chain(newer.book.plans());
        let questions = plans.flat_map(|plan| (self.examiner.plain)(plan, ways));
        let today = self.clock.today();
        Ok(self.examiner.compare(&older, &newer, questions, today))
    }
}

/// Makes a correction.
pub(super) fn apply(records: &mut PlanRecords, correction: ReportCorrection) {
    match correction {
        ReportCorrection::Plan {
            id,
            title,
            region,
            plan_year,
        } => {
            let header = &mut records.header;
            if header.plan_year != plan_year {
                // A plan is made for the year after the one that it looks back at.
                header.executed_year = plan_year - 1;
            }
            if header.region != region {
                header.region_names = import::region_names(&region);
            }
            header.id = id;
            header.title = title;
            header.region = region;
            header.plan_year = plan_year;
        }
        ReportCorrection::Cell {
            row,
            indicator,
            unit,
            year,
            measure,
            value,
        } => {
            let Some(old) = records.cells.get(row).cloned() else {
                return;
            };
            // The name belongs to the whole row of the table, the unit to what is of one sort in
            // it.
            let same = records
                .cells
                .iter_mut()
                .filter(|cell| cell.indicator == old.indicator);
            for cell in same {
                cell.indicator.clone_from(&indicator);
                if cell.figures == old.figures {
                    cell.unit.clone_from(&unit);
                }
            }
            let cell = &mut records.cells[row];
            cell.year = year;
            cell.measure = measure;
            cell.value = value;
        }
        ReportCorrection::Term {
            row,
            name,
            definition,
        } => {
            if let Some(entry) = records.glossary.get_mut(row) {
                entry.name = name;
                entry.definition = definition;
            }
        }
    }
}
