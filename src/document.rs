//! What a message says, as a document of few kinds of blocks: values only. Each messenger's edge
//! makes of it what it can show; the plain text is the same everywhere.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// So many rows of a list stand on one page in a chat.
const ROWS_A_PAGE: usize = 12;
/// A row fits so many columns, two to a full-width character.
const ROW_COLUMNS: usize = 60;

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// The first line: the answer itself.
    Lead(String),
    /// A line of context.
    Text(String),
    /// Rows of label and value; the value may be empty.
    Rows(Vec<(String, String)>),
    /// What is folded away where the messenger can: context that is more than a few lines, and
    /// quotations.
    Folded {
        /// Lines of context.
        context: Vec<String>,
        /// Quotations, each with its place.
        quotes: Vec<String>,
    },
    /// Where it stands.
    Source(String),
    /// A word of the bot's own about the message.
    Note(String),
}

/// What a message says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document(pub Vec<Block>);

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// The answer itself.
    Lead,
    /// Context.
    Text,
    /// A label with its value.
    Row,
    /// Folded away where the messenger can.
    Folded,
    /// Where it stands.
    Source,
    /// A word of the bot's own about the message.
    Note,
}

/// A line of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// What it is.
    pub kind: LineKind,
    /// What it says.
    pub text: Cow<'a, str>,
    /// As it stands in even type, where it is a row.
    aligned: Option<String>,
}

impl<'a> Line<'a> {
    fn new(kind: LineKind, text: &'a str) -> Self {
        Self {
            kind,
            text: Cow::Borrowed(text),
            aligned: None,
        }
    }

    /// As it stands in even type, where it is a row; otherwise what it says.
    pub fn shown(&self) -> &str {
        self.aligned.as_deref().unwrap_or(&self.text)
    }
}

impl Document {
    /// Sentences of the bot's own, a line each.
    pub fn sentence(text: &str) -> Self {
        Self(
            text.lines()
                .map(|line| Block::Text(line.to_string()))
                .collect(),
        )
    }

    /// Texts of which the first says what it is about.
    pub fn headed(lines: Vec<String>) -> Self {
        let mut lines = lines.into_iter();
        let head = lines.next().map(Block::Lead);
        Self(head.into_iter().chain(lines.map(Block::Text)).collect())
    }

    /// Without the quotations, and nothing folded.
    pub fn brief(self) -> Self {
        let open = |block: Block| match block {
            Block::Folded { context, .. } => context.into_iter().map(Block::Text).collect(),
            other => vec![other],
        };
        Self(self.0.into_iter().flat_map(open).collect())
    }

    /// How many pages its rows take; at least one.
    pub fn pages(&self) -> usize {
        let rows = self
            .0
            .iter()
            .map(|block| {
                if let Block::Rows(rows) = block {
                    rows.len()
                } else {
                    0
                }
            })
            .max();
        rows.unwrap_or(0).div_ceil(ROWS_A_PAGE).max(1)
    }

    /// One page of it, from nought: the rows that stand on it and everything else.
    pub fn page(self, page: usize) -> Self {
        let of_page = |block: Block| match block {
            Block::Rows(rows) => Block::Rows(
                rows.into_iter()
                    .skip(page * ROWS_A_PAGE)
                    .take(ROWS_A_PAGE)
                    .collect(),
            ),
            other => other,
        };
        Self(self.0.into_iter().map(of_page).collect())
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.lines().is_empty()
    }

    /// As plain text.
    pub fn plain(&self) -> String {
        let lines = self.lines();
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_ref()).collect();
        texts.join("\n")
    }

    /// With a line before everything else.
    pub fn under(mut self, line: String) -> Self {
        self.0.insert(0, Block::Text(line));
        self
    }

    /// With a word of the bot's own at its end.
    pub fn noted(mut self, note: &str) -> Self {
        self.0.push(Block::Note(note.to_string()));
        self
    }

    /// Its lines, in order.
    pub fn lines(&self) -> Vec<Line<'_>> {
        let mut lines = Vec::new();
        for block in &self.0 {
            match block {
                Block::Lead(text) => {
                    lines.extend(text.lines().map(|text| Line::new(LineKind::Lead, text)))
                }
                Block::Text(text) => {
                    lines.extend(text.lines().map(|text| Line::new(LineKind::Text, text)))
                }
                Block::Rows(rows) => lines.extend(aligned(rows)),
                Block::Folded { context, quotes } => {
                    let folded = context.iter().chain(quotes).flat_map(|text| text.lines());
                    lines.extend(folded.map(|text| Line::new(LineKind::Folded, text)));
                }
                Block::Source(text) => lines.push(Line::new(LineKind::Source, text)),
                Block::Note(text) => {
                    lines.extend(text.lines().map(|text| Line::new(LineKind::Note, text)))
                }
            }
        }
        lines
    }
}

/// Rows with their values in one column where they fit, otherwise below the label; labels alone are
/// lines.
fn aligned(rows: &[(String, String)]) -> Vec<Line<'_>> {
    if has_labels_alone(rows) {
        return rows
            .iter()
            .map(|(label, _)| Line::new(LineKind::Text, label))
            .collect();
    }
    let widest = |of: fn(&(String, String)) -> &str| {
        rows.iter().map(|row| columns(of(row))).max().unwrap_or(0)
    };
    let (labels, values) = (widest(|row| &row.0), widest(|row| &row.1));
    let beside = labels + values + 2 <= ROW_COLUMNS;
    let line = |(label, value): &(String, String)| {
        let gap = if beside {
            " ".repeat(labels - columns(label) + 2)
        } else {
            "\n    ".to_string()
        };
        Line {
            kind: LineKind::Row,
            text: Cow::Owned(format!("{label}：{value}")),
            aligned: Some(format!("{label}{gap}{value}")),
        }
    };
    rows.iter().map(line).collect()
}

/// Whether rows are a list of labels without values.
pub(crate) fn has_labels_alone(rows: &[(String, String)]) -> bool {
    rows.iter().all(|(_, value)| value.is_empty())
}

/// How wide a text stands in even type: two columns for what is not ASCII.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|letter| if letter.is_ascii() { 1 } else { 2 })
        .sum()
}
