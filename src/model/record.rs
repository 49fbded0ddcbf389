//! The rows of a plan's files, before they are joined into a `Plan`: one struct a row, text as
//! printed.

use super::{Figures, Measure, NoteKind};
use chrono::NaiveDate;
use std::borrow::Cow;

/// What `plan.toml` says of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanHeader {
    /// The directory's name.
    pub id: String,
    /// The report's title.
    pub title: String,
    /// Who issued it; empty where the document does not say.
    pub issuer: String,
    /// The date under the document.
    pub document_date: Option<NaiveDate>,
    /// The year that is planned.
    pub plan_year: i32,
    /// The year whose execution is reported.
    pub executed_year: i32,
    /// The region that the plan is for, in full.
    pub region: String,
    /// The names by which the region calls itself in the text.
    pub region_names: Vec<String>,
    /// Tables: label (附件1) and printed title.
    pub tables: Vec<(String, String)>,
    /// The duties to report.
    pub duties: Vec<DutyRecord>,
}

/// A duty to report as `plan.toml` holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DutyRecord {
    /// Who must report.
    pub reporter: String,
    /// Who receives it.
    pub recipient: String,
    /// What is reported.
    pub subject: String,
    /// Due phrases with their year where the sentence gives one (2022年7月初).
    pub due: Vec<String>,
    /// Whether it does not come again in later years.
    pub once: bool,
    /// The sentence, verbatim.
    pub sentence: String,
}

/// One row of `indicators.csv`: one printed cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CellRecord {
    /// The printed name of the row.
    pub indicator: String,
    /// Category; empty where the table has none.
    pub category: String,
    /// Unit as printed.
    pub unit: String,
    /// 预期性, 约束性 or empty.
    pub nature: String,
    /// The year of the column.
    pub year: Option<i32>,
    /// The measure of the column.
    pub measure: Option<Measure>,
    /// The column's heading.
    pub heading: String,
    /// The printed value.
    pub value: String,
    /// Where it stands.
    pub place: String,
    /// What the column has of the thing that the row names.
    pub figures: Figures,
}

impl CellRecord {
    /// The name of the indicator that the cell is of: how fast a thing grows is another one, in
    /// another unit, than how much of it there is.
    pub fn indicator_name(&self) -> Cow<'_, str> {
        match self.figures {
            Figures::Amount => Cow::Borrowed(&self.indicator),
            Figures::Growth => Cow::Owned(format!("{}{}", self.indicator, Figures::GROWTH)),
        }
    }
}

/// One row of `glossary.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlossaryRecord {
    /// The entry's number.
    pub number: u32,
    /// The printed name.
    pub name: String,
    /// The printed definition.
    pub definition: String,
}

/// One row of `notes.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRecord {
    /// What it is.
    pub kind: NoteKind,
    /// Where it stands (脚注3).
    pub place: String,
    /// The text that it annotates, or the sign that it explains.
    pub anchor: String,
    /// Names of the indicators that a remark speaks of.
    pub indicators: Vec<String>,
    /// The printed text.
    pub text: String,
}

/// All files of one plan, as rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanRecords {
    /// `plan.toml`.
    pub header: PlanHeader,
    /// `indicators.csv`.
    pub cells: Vec<CellRecord>,
    /// `glossary.csv`.
    pub glossary: Vec<GlossaryRecord>,
    /// `notes.csv`.
    pub notes: Vec<NoteRecord>,
    /// `body.md`.
    pub body: String,
    /// `pages.csv`: a place and the page of the original on which it begins; empty where the
    /// original has no pages.
    pub pages: Vec<(String, u32)>,
    /// `synonyms.toml`: a printed name and what people say instead.
    pub synonyms: Vec<(String, Vec<String>)>,
}

/// One case of `cases.toml`: a question and what its reply must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRecord {
    /// The day on which it is asked.
    pub today: NaiveDate,
    /// The question.
    pub ask: String,
    /// answer, clarify, unknown or help.
    pub status: String,
    /// What the first line holds.
    pub first: String,
    /// What the reply holds.
    pub has: Vec<String>,
    /// What the reply does not hold.
    pub lacks: Vec<String>,
}

/// One concept of `lexicon/field.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConceptRecord {
    /// The standard name.
    pub name: String,
    /// Names that can stand for it everywhere.
    pub same: Vec<String>,
    /// What people say in talk and what may mean it.
    pub said: Vec<String>,
    /// Usual units.
    pub units: Vec<String>,
    /// Whether a lower value is the better one.
    pub less_is_good: bool,
    /// Names of parts or neighbours that must not be taken for it.
    pub parts: Vec<String>,
    /// Words that are the name right before a figure, and only there.
    pub with_figure: Vec<String>,
    /// What it says at once, where each is given its own (城乡居民…分别…).
    pub members: Vec<String>,
}

/// The files of `data/lexicon`, as rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LexiconRecords {
    /// The field's thesaurus.
    pub concepts: Vec<ConceptRecord>,
    /// What is measured (money, share, …), with the units that measure it.
    pub units: Vec<(String, Vec<String>)>,
    /// What is measured, with endings of nouns that are measured so.
    pub measured_nouns: Vec<(String, Vec<String>)>,
    /// What is measured, with nouns that name nothing else.
    pub dimensions: Vec<(String, Vec<String>)>,
    /// Endings of an indicator's name that people leave out.
    pub name_endings: Vec<String>,
    /// Endings that tell of a change, not of a thing.
    pub change_endings: Vec<String>,
    /// How the exam asks.
    pub exam: ExamRecords,
}

/// `lexicon/exam.toml`: ways to ask, with `{name}`, `{year}` in them, and things that plans do not
/// hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExamRecords {
    /// For targets.
    pub target: Vec<String>,
    /// For results.
    pub actual: Vec<String>,
    /// For units.
    pub unit: Vec<String>,
    /// For natures.
    pub nature: Vec<String>,
    /// For the category of an indicator.
    pub category_of: Vec<String>,
    /// For the indicators of a category.
    pub members: Vec<String>,
    /// For remarks.
    pub remark: Vec<String>,
    /// For terms.
    pub term: Vec<String>,
    /// For figures of the running text; `{name}` is the clause with the figure asked for.
    pub fact: Vec<String>,
    /// Places that may not be a plan's.
    pub places: Vec<String>,
    /// Further indicators that may not be in a plan, beside those of the field's thesaurus.
    pub absent: Vec<String>,
    /// What people say before a question, with its punctuation.
    pub openings: Vec<String>,
    /// What people say behind it.
    pub closings: Vec<String>,
    /// Verbs for 是 that say no more than it.
    pub light_verbs: Vec<String>,
    /// Roles of people.
    pub roles: Vec<String>,
    /// What a thing may have and a plan does not say.
    pub attributes: Vec<String>,
    /// Parts of a year.
    pub times: Vec<String>,
    /// Names of one thing, from the field's thesaurus.
    pub same_names: Vec<Vec<String>>,
}
