//! The four outcomes. An answer cannot be made without a citation.

use crate::model::{Book, Citation, Measure, PlanId, Provenance, Quantity};

/// What kind of thing an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnswerKind {
    /// Cells of a table.
    Value,
    /// The unit of an indicator.
    Unit,
    /// 预期性 or 约束性.
    Nature,
    /// The category of an indicator.
    Category,
    /// Whether a target was met.
    Verdict,
    /// One cell against another.
    Compare,
    /// Why a figure is as it is.
    Reason,
    /// Indicators that fit a query over the tables.
    Table,
    /// A glossary entry.
    Term,
    /// A glossary entry that was asked for by what it says.
    Reverse,
    /// A clause with a figure.
    Clause,
    /// A passage of the running text, a note, a list.
    Passage,
    /// A duty to report.
    Duty,
    /// When and by whom the document was issued, to whom it goes.
    Imprint,
    /// What stands at a place of the document.
    Place,
    /// How much of something the document has.
    Inventory,
}

impl AnswerKind {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::Value,
        Self::Unit,
        Self::Nature,
        Self::Category,
        Self::Verdict,
        Self::Compare,
        Self::Reason,
        Self::Table,
        Self::Term,
        Self::Reverse,
        Self::Clause,
        Self::Passage,
        Self::Duty,
        Self::Imprint,
        Self::Place,
        Self::Inventory,
    ];

    /// Whether it is read from the row of one indicator.
    pub fn is_of_row(self) -> bool {
        matches!(
            self,
            Self::Value
                | Self::Unit
                | Self::Nature
                | Self::Category
                | Self::Verdict
                | Self::Compare
        )
    }

    /// The word of `ask --json` and of the metrics.
    pub fn key(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Unit => "unit",
            Self::Nature => "nature",
            Self::Category => "category",
            Self::Verdict => "verdict",
            Self::Compare => "compare",
            Self::Reason => "reason",
            Self::Table => "table",
            Self::Term => "term",
            Self::Reverse => "reverse",
            Self::Clause => "clause",
            Self::Passage => "passage",
            Self::Duty => "duty",
            Self::Imprint => "imprint",
            Self::Place => "place",
            Self::Inventory => "inventory",
        }
    }
}

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
    pub kind: AnswerKind,
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
    /// What each cited plan is called, with place and year; empty where only one plan is loaded.
    pub plan_names: Vec<(PlanId, String)>,
    citations: Vec<Citation>,
}

impl Answer {
    /// An answer and the source that it rests on.
    pub fn new(kind: AnswerKind, lead: impl Into<String>, citation: Citation) -> Self {
        Self {
            kind,
            lead: lead.into(),
            rows: Vec::new(),
            context: Vec::new(),
            figures: Vec::new(),
            computed: Vec::new(),
            plan_names: Vec::new(),
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

/// So many choices a question back has at most.
const MOST_CHOICES: usize = 3;

/// One choice of a question back, or the nearest real thing under a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What it would answer, in words that tell it from the other choices.
    pub label: String,
    /// The answer, made and verified before anybody chooses.
    pub answer: Box<Answer>,
}

/// Several readings are equally good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clarification {
    /// What is asked back.
    pub question: String,
    /// The choices with their answers, best first; at most three.
    pub choices: Vec<Choice>,
    /// Questions or names that can be typed, where no answer stands behind them yet.
    pub hints: Vec<String>,
}

impl Clarification {
    /// Asks which of several things is meant. The first that have an answer become choices, the
    /// others hints.
    pub fn among(
        question: impl Into<String>,
        things: impl IntoIterator<Item = (String, Option<Answer>)>,
    ) -> Self {
        let (mut choices, mut hints) = (Vec::new(), Vec::new());
        for (label, answer) in things {
            match answer.map(Box::new) {
                Some(answer) if choices.len() < MOST_CHOICES => {
                    choices.push(Choice { label, answer });
                }
                _ => hints.push(label),
            }
        }
        Self {
            question: question.into(),
            choices,
            hints,
        }
    }

    /// What each choice and each hint says, in order.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        let choices = self.choices.iter().map(|choice| choice.label.as_str());
        choices.chain(self.hints.iter().map(String::as_str))
    }
}

/// How far the documents know what a question is refused for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Lack {
    /// Not at all.
    #[default]
    Absent,
    /// They speak of it, and nothing there answers what was asked of it.
    Unanswered,
    /// They speak of it and do not say what it is.
    Undefined,
}

/// What the documents do not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The part of the question that is not in the documents; empty when the question was not
    /// understood.
    pub missing: String,
    /// How far the documents know it.
    pub lack: Lack,
    /// The nearest real things, in words.
    pub nearest: Vec<String>,
    /// The nearest real things with their answers, nearest first.
    pub offers: Vec<Choice>,
    /// The nearest sentence of the documents, quoted without claiming that it answers.
    pub related: Option<Citation>,
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
    /// A word for a word of thanks: nothing was asked.
    Courtesy,
}

impl Reply {
    /// The word of `ask --json`.
    pub fn status(&self) -> &'static str {
        match self {
            Self::Answer(_) => "answer",
            Self::Clarify(_) => "clarify",
            Self::Unknown(_) => "unknown",
            Self::Help | Self::Courtesy => "help",
        }
    }

    /// The answers that can be chosen under a reply: the choices of a question back, the offers of
    /// a refusal.
    pub fn choices(&self) -> &[Choice] {
        match self {
            Self::Clarify(clarification) => &clarification.choices,
            Self::Unknown(refusal) => &refusal.offers,
            Self::Answer(_) | Self::Help | Self::Courtesy => &[],
        }
    }

    /// Every answer that it holds, its own or one to choose.
    pub fn answers(&self) -> impl Iterator<Item = &Answer> {
        let own = match self {
            Self::Answer(answer) => Some(answer.as_ref()),
            _ => None,
        };
        let chosen = self.choices().iter().map(|choice| choice.answer.as_ref());
        own.into_iter().chain(chosen)
    }
}
