//! The four outcomes. An answer cannot be made without a citation.

use crate::model::{Book, Citation, Measure, Provenance, Quantity};
use crate::understand::Intent;

/// A figure that an answer shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The printed text.
    pub printed: String,
    /// The printed unit.
    pub unit: String,
    /// What it is a figure of.
    pub subject: String,
    /// Its year, where the document gives one.
    pub year: Option<i32>,
    /// Aim or result, where the document says so.
    pub measure: Option<Measure>,
    /// The position of its citation in the answer.
    pub citation: usize,
}

/// A quoted and cited answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What was asked.
    pub intent: Intent,
    /// The first line: the answer itself.
    pub lead: String,
    /// A list's rows: label and value; the value may be empty.
    pub rows: Vec<(String, String)>,
    /// A few further lines.
    pub context: Vec<String>,
    /// The figures shown.
    pub figures: Vec<Figure>,
    /// Numbers that were computed or counted, with the terms in the text beside them.
    pub computed: Vec<String>,
    citations: Vec<Citation>,
}

impl Answer {
    /// An answer and the source that it rests on.
    pub fn new(intent: Intent, lead: impl Into<String>, citation: Citation) -> Self {
        Self {
            intent,
            lead: lead.into(),
            rows: Vec::new(),
            context: Vec::new(),
            figures: Vec::new(),
            computed: Vec::new(),
            citations: vec![citation],
        }
    }

    /// Its sources, at least one.
    pub fn citations(&self) -> &[Citation] {
        &self.citations
    }

    /// The indicator whose cells it shows, where it is one.
    pub fn only_indicator(&self) -> Option<&str> {
        let of_cells = |figure: &&Figure| {
            matches!(
                self.citations.get(figure.citation).map(|c| c.provenance),
                Some(Provenance::Cell { .. })
            )
        };
        let mut names = self
            .figures
            .iter()
            .filter(of_cells)
            .map(|figure| figure.subject.as_str());
        let first = names.next()?;
        names.all(|name| name == first).then_some(first)
    }

    /// The indicator or the term that it is about, where it is one.
    pub fn only_subject(&self, book: &Book) -> Option<String> {
        let term = |citation: &Citation| match citation.provenance {
            Provenance::Term(at) => Some(book.by_id(&citation.plan)?.terms.get(at)?.name.clone()),
            _ => None,
        };
        self.only_indicator()
            .map(String::from)
            .or_else(|| self.citations.first().and_then(term))
    }

    /// The figures of the first line as they are shown there, each once.
    pub fn leading_figures(&self) -> Vec<String> {
        let mut shown: Vec<String> = Vec::new();
        for figure in &self.figures {
            let text = Quantity::parse(&figure.printed, &figure.unit).shown();
            if self.lead.contains(&text) && !shown.contains(&text) {
                shown.push(text);
            }
        }
        shown
    }

    /// Everything that it says, in lines.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let row = |(label, value): &(String, String)| {
            if value.is_empty() {
                label.clone()
            } else {
                format!("{label}：{value}")
            }
        };
        std::iter::once(self.lead.clone())
            .chain(self.rows.iter().map(row))
            .chain(self.context.iter().cloned())
    }

    /// Adds a source and tells its position; the same source is added once.
    pub fn cite(&mut self, citation: Citation) -> usize {
        if let Some(at) = self.citations.iter().position(|known| *known == citation) {
            return at;
        }
        self.citations.push(citation);
        self.citations.len() - 1
    }

    /// Adds further lines, each once.
    pub fn add_context(&mut self, lines: &[String]) {
        for line in lines {
            if !self.context.contains(line) {
                self.context.push(line.clone());
            }
        }
    }

    /// Joins another answer behind this one.
    pub fn join(&mut self, other: Self) {
        self.lead = format!("{}；{}", self.lead.trim_end_matches('。'), other.lead);
        let positions: Vec<usize> = other
            .citations
            .into_iter()
            .map(|citation| self.cite(citation))
            .collect();
        self.figures
            .extend(other.figures.into_iter().map(|figure| Figure {
                citation: positions[figure.citation],
                ..figure
            }));
        self.computed.extend(other.computed);
        self.rows.extend(other.rows);
    }
}

/// Several readings are equally good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clarification {
    /// What is asked back.
    pub question: String,
    /// The choices, each of which is a question that the bot can answer.
    pub options: Vec<String>,
}

/// What the documents do not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The part of the question that is not in the documents; empty when the question was not understood.
    pub missing: String,
    /// Whether it stands in the documents all the same, though nothing there answers what was asked of it.
    pub is_mentioned: bool,
    /// The nearest real things.
    pub nearest: Vec<String>,
}

/// One of the four outcomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// An answer.
    Answer(Box<Answer>),
    /// A question back.
    Clarify(Clarification),
    /// Not in the documents.
    Unknown(Refusal),
    /// How to ask.
    Help,
}

impl Reply {
    /// The word of `ask --json`.
    pub fn status(&self) -> &'static str {
        match self {
            Self::Answer(_) => "answer",
            Self::Clarify(_) => "clarify",
            Self::Unknown(_) => "unknown",
            Self::Help => "help",
        }
    }
}
