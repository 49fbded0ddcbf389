//! A duty to report, as a sentence of the plan lays it down.

/// A due date in the words of the document (7月初), with the year that the sentence gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuePhrase {
    /// The year, where the sentence names one.
    pub year: Option<i32>,
    /// The printed words without the year.
    pub words: String,
}

impl DuePhrase {
    /// The year and the words as one phrase (2022年7月初).
    pub fn shown(&self) -> String {
        match self.year {
            Some(year) => format!("{year}年{}", self.words),
            None => self.words.clone(),
        }
    }
}

/// Who reports what to whom and when, with the position of the sentence that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportingDuty {
    /// Who must report (各有关单位).
    pub reporter: String,
    /// Who receives it (区发改委).
    pub recipient: String,
    /// What is reported (进展情况).
    pub subject: String,
    /// When, in the order of the sentence.
    pub due: Vec<DuePhrase>,
    /// The sentence, verbatim.
    pub sentence: String,
    /// Whether it comes again every year.
    pub repeats: bool,
    /// Position of the passage that holds the sentence.
    pub passage: usize,
}
