//! A plan, and the book of all plans of an edition.

use super::{
    Citation, Fact, GlossaryTerm, Indicator, Measure, Note, Passage, PlanId, PlanIx, Provenance,
    ReportingDuty,
};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

/// A table's label and printed title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableTitle {
    /// 附件1
    pub label: String,
    /// The printed title.
    pub title: String,
}

/// One plan: everything that can be quoted from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its name.
    pub id: PlanId,
    /// The report's title.
    pub title: String,
    /// Who issued it.
    pub issuer: String,
    /// The date under the document.
    pub document_date: Option<NaiveDate>,
    /// The year that is planned.
    pub plan_year: i32,
    /// The year whose execution is reported.
    pub executed_year: i32,
    /// The region in full.
    pub region: String,
    /// The region's names, longest first.
    pub region_names: Vec<String>,
    /// Tables in the order of the document.
    pub tables: Vec<TableTitle>,
    /// Indicators in the order of the document.
    pub indicators: Vec<Indicator>,
    /// Glossary entries in the order of the document.
    pub terms: Vec<GlossaryTerm>,
    /// Footnotes and remarks.
    pub notes: Vec<Note>,
    /// Sentences of the running text.
    pub passages: Vec<Passage>,
    /// Figures of the running text.
    pub facts: Vec<Fact>,
    /// Figures of the notes; `passage` is the position of the note.
    pub note_facts: Vec<Fact>,
    /// Duties to report.
    pub duties: Vec<ReportingDuty>,
    /// The page of the original on which a place begins; empty where the original has no pages.
    pub pages: BTreeMap<String, u32>,
    /// A printed name and what people say instead.
    pub synonyms: Vec<(String, Vec<String>)>,
}

impl Plan {
    /// Whether the plan has figures of a year: the planned one, the executed one, or one that a
    /// table names.
    pub fn covers(&self, year: i32) -> bool {
        year == self.plan_year
            || year == self.executed_year
            || self
                .indicators
                .iter()
                .flat_map(|i| &i.cells)
                .any(|cell| cell.year == Some(year))
    }

    /// The categories in the order of the document, each once.
    pub fn categories(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for indicator in &self.indicators {
            if !indicator.category.is_empty() && !names.contains(&indicator.category.as_str()) {
                names.push(&indicator.category);
            }
        }
        names
    }

    /// The year in which the report is given: 今年 in its mouth. A report of December speaks in the
    /// year that it looks back at.
    pub fn given_in(&self) -> i32 {
        let day = self.document_date.map(|day| day.year());
        // A report that was given at the end of the year that it looks back at says 今年 of that one.
        if day == Some(self.executed_year) {
            self.executed_year
        } else {
            self.plan_year
        }
    }

    /// The years that the words of a text mean: 今年, 去年, 明年.
    pub fn years_meant(&self, text: &str) -> Vec<i32> {
        const WORDS: &[(&str, i32)] = &[
            ("今年", 0),
            ("本年", 0),
            ("去年", -1),
            ("上年", -1),
            ("一年来", -1),
            ("过去一年", -1),
            ("前年", -2),
            ("明年", 1),
            ("后年", 2),
        ];
        let said = WORDS.iter().filter(|(word, _)| text.contains(word));
        said.map(|(_, distance)| self.given_in() + distance)
            .collect()
    }

    /// The sign's convention (——为目前尚未公布数据…), by position of its note.
    pub fn convention(&self, sign: &str) -> Option<usize> {
        self.notes.iter().position(|note| {
            !note.anchor.is_empty()
                && note.kind == super::NoteKind::Convention
                && note.anchor == sign
        })
    }

    /// The text that stands at a provenance, or nothing when it points nowhere.
    pub fn quoted(&self, provenance: Provenance) -> Option<String> {
        match provenance {
            Provenance::Cell { indicator, cell } => {
                let indicator = self.indicators.get(indicator)?;
                Some(indicator.row_quote(&indicator.cells.get(cell)?.place))
            }
            Provenance::Term(at) => self
                .terms
                .get(at)
                .map(|term| format!("{}：{}", term.name, term.definition)),
            Provenance::Note(at) => self.notes.get(at).map(|note| note.text.clone()),
            Provenance::Passage(at) => self.passages.get(at).map(|passage| passage.text.clone()),
        }
    }

    /// The place of a provenance as it is shown.
    pub fn place(&self, provenance: Provenance) -> Option<&str> {
        match provenance {
            Provenance::Cell { indicator, cell } => {
                Some(&self.indicators.get(indicator)?.cells.get(cell)?.place)
            }
            Provenance::Term(at) => Some(&self.terms.get(at)?.place),
            Provenance::Note(at) => Some(&self.notes.get(at)?.place),
            Provenance::Passage(at) => Some(&self.passages.get(at)?.place),
        }
    }

    /// The citation of what stands at a provenance.
    pub fn cite(&self, provenance: Provenance) -> Option<Citation> {
        let place = self.place(provenance)?.to_string();
        Some(Citation {
            plan: self.id.clone(),
            page: self.pages.get(&place).copied(),
            place,
            // Read from the plan at this moment and not taken from whoever cites it.
            quote: self.quoted(provenance)?,
            provenance,
        })
    }

    /// The figures of a note.
    pub fn facts_of_note(&self, at: usize) -> impl Iterator<Item = &Fact> {
        self.note_facts
            .iter()
            .filter(move |fact| fact.passage == at)
    }

    /// The measure that a year has when a question names none: results for a year that is over,
    /// else aims.
    pub fn usual_measure(&self, year: i32) -> Measure {
        if year <= self.executed_year {
            Measure::Actual
        } else {
            Measure::Target
        }
    }
}

/// All plans of an edition, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    plans: Vec<Plan>,
}

impl Book {
    /// Orders plans by planned year, newest first, then by name.
    pub fn new(mut plans: Vec<Plan>) -> Self {
        // Newest first, and by name among equals: positions must not depend on how a directory
        // lists them.
        plans.sort_by(|a, b| b.plan_year.cmp(&a.plan_year).then_with(|| a.id.cmp(&b.id)));
        Self { plans }
    }

    /// The plans, newest first.
    pub fn plans(&self) -> &[Plan] {
        &self.plans
    }

    /// The newest plan.
    pub fn newest(&self) -> Option<&Plan> {
        self.plans.first()
    }

    /// A plan by its position, newest first.
    pub fn plan(&self, at: PlanIx) -> Option<&Plan> {
        self.plans.get(at.at())
    }

    /// The plans with their positions, newest first.
    pub fn numbered(&self) -> impl Iterator<Item = (PlanIx, &Plan)> {
        let plans = self.plans.iter().enumerate();
        plans.map(|(at, plan)| (PlanIx::new(at), plan))
    }

    /// A plan by name.
    pub fn by_id(&self, id: &PlanId) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.id == *id)
    }
}
