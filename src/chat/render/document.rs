//! The document behind a reply: what is said first, what belongs to it, rows, the quotations, the
//! source.

use super::escape_into;
use crate::chat::words;
use crate::model::{Citation, PlanId};
use crate::reply::{Answer, Lack, Reply};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// So many rows of a list stand on one page in a chat.
pub const ROWS_A_PAGE: usize = 12;
/// So many lines of context stand open; what is more stands with the quotations.
const MOST_CONTEXT: usize = 4;
/// So many quotations are given; the source names all places.
const MOST_QUOTES: usize = 4;
/// A row fits so many columns, two to a full-width character.
const ROW_COLUMNS: usize = 60;

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
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
}

/// A reply as a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document(pub Vec<Block>);

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Lead,
    Text,
    Row,
    Folded,
    Source,
}

/// A line of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) kind: Kind,
    pub(super) text: Cow<'a, str>,
    /// As it stands in even type, where it is a row.
    aligned: Option<String>,
}

impl<'a> Line<'a> {
    fn new(kind: Kind, text: &'a str) -> Self {
        Self {
            kind,
            text: Cow::Borrowed(text),
            aligned: None,
        }
    }

    /// What is shown, before it is escaped.
    pub(super) fn shown(&self) -> &str {
        self.aligned.as_deref().unwrap_or(&self.text)
    }

    pub(super) fn html(&self) -> String {
        let (open, close) = match self.kind {
            Kind::Lead => ("<b>", "</b>"),
            Kind::Source => ("<i>", "</i>"),
            Kind::Text | Kind::Row | Kind::Folded => ("", ""),
        };
        let mut html = String::with_capacity(self.shown().len() + 16);
        html.push_str(open);
        escape_into(&mut html, self.shown());
        html.push_str(close);
        html
    }
}

impl Document {
    /// The document of a reply.
    pub fn of(reply: &Reply) -> Self {
        match reply {
            Reply::Answer(answer) => Self::answer(answer),
            Reply::Clarify(clarification) => {
                let labels = clarification.labels();
                let options = labels.map(|label| Block::Text(format!("· {label}")));
                Self(
                    std::iter::once(Block::Lead(clarification.question.clone()))
                        .chain(options)
                        .collect(),
                )
            }
            Reply::Unknown(refusal) => {
                let head = match refusal.missing.as_str() {
                    "" => words::NOT_UNDERSTOOD.to_string(),
                    missing => match refusal.lack {
                        Lack::Absent => words::not_in_documents(missing),
                        Lack::Unanswered => words::only_mentioned(missing),
                        Lack::Undefined => words::not_defined(missing),
                    },
                };
                let mut blocks = vec![Block::Lead(head)];
                if !refusal.nearest.is_empty() {
                    blocks.push(Block::Text(format!(
                        "{}{}",
                        words::THERE_IS,
                        refusal.nearest.join("；")
                    )));
                }
                if let Some(citation) = &refusal.related {
                    let line = words::related(&citation.quote, &citation.place);
                    blocks.push(Block::Text(line));
                }
                Self(blocks)
            }
            Reply::Help => Self::sentence(words::HELP),
            Reply::Courtesy => Self::sentence(words::COURTESY),
        }
    }

    /// Sentences of the bot's own.
    pub fn sentence(text: &str) -> Self {
        Self(
            text.lines()
                .map(|line| Block::Text(line.to_string()))
                .collect(),
        )
    }

    fn answer(answer: &Answer) -> Self {
        let mut blocks = vec![Block::Lead(answer.lead.clone())];
        let (open, folded) = answer
            .context
            .split_at(answer.context.len().min(MOST_CONTEXT));
        if !answer.rows.is_empty() {
            blocks.push(Block::Rows(answer.rows.clone()));
        }
        blocks.extend(open.iter().cloned().map(Block::Text));
        let said = format!("{}\n{}", answer.lead, answer.context.join("\n"));
        let quotes = answer
            .citations()
            .iter()
            .filter(|citation| answer.rows.is_empty() && !said.contains(&citation.quote));
        let quotes = quotes
            .map(|citation| format!("{}：{}", citation.place, citation.quote))
            .fold(Vec::new(), |mut known, quote| {
                if !known.contains(&quote) && known.len() < MOST_QUOTES {
                    known.push(quote);
                }
                known
            });
        if !folded.is_empty() || !quotes.is_empty() {
            blocks.push(Block::Folded {
                context: folded.to_vec(),
                quotes,
            });
        }
        blocks.push(Block::Source(format!(
            "{}{}",
            words::SOURCE,
            places(answer)
        )));
        Self(blocks)
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

    pub(super) fn lines(&self) -> Vec<Line<'_>> {
        let mut lines = Vec::new();
        for block in &self.0 {
            match block {
                Block::Lead(text) => {
                    lines.extend(text.lines().map(|text| Line::new(Kind::Lead, text)))
                }
                Block::Text(text) => {
                    lines.extend(text.lines().map(|text| Line::new(Kind::Text, text)))
                }
                Block::Rows(rows) => lines.extend(aligned(rows)),
                Block::Folded { context, quotes } => {
                    let folded = context.iter().chain(quotes).flat_map(|text| text.lines());
                    lines.extend(folded.map(|text| Line::new(Kind::Folded, text)));
                }
                Block::Source(text) => lines.push(Line::new(Kind::Source, text)),
            }
        }
        lines
    }
}

/// Rows with their values in one column where they fit, otherwise below the label; labels alone are
/// lines.
fn aligned(rows: &[(String, String)]) -> Vec<Line<'_>> {
    if rows.iter().all(|(_, value)| value.is_empty()) {
        return rows
            .iter()
            .map(|(label, _)| Line::new(Kind::Text, label))
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
            kind: Kind::Row,
            text: Cow::Owned(format!("{label}：{value}")),
            aligned: Some(format!("{label}{gap}{value}")),
        }
    };
    rows.iter().map(line).collect()
}

/// How wide a text stands in even type: two columns for what is not ASCII.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|letter| if letter.is_ascii() { 1 } else { 2 })
        .sum()
}

/// The places of an answer, each once, by plan where several are loaded.
fn places(answer: &Answer) -> String {
    if answer.plan_names.is_empty() {
        return places_of(answer.citations().iter());
    }
    let of_plan = |(plan, name): &(PlanId, String)| {
        let cited = answer
            .citations()
            .iter()
            .filter(|citation| citation.plan == *plan);
        format!("{name} {}", places_of(cited))
    };
    let shown: Vec<String> = answer.plan_names.iter().map(of_plan).collect();
    shown.join("；")
}

/// Where something stands: a place, with the rows of it, and the pages of the original.
struct Place {
    head: String,
    rows: Vec<String>,
    pages: BTreeSet<u32>,
}

/// Places, each once; rows of one table are joined (附件2 第1、3行（原件第28页）).
fn places_of<'a>(citations: impl Iterator<Item = &'a Citation>) -> String {
    let mut places: Vec<Place> = Vec::new();
    for citation in citations {
        let parted = citation
            .place
            .rsplit_once(" 第")
            .and_then(|(head, tail)| Some((head, Some(tail.strip_suffix('行')?))));
        let (head, row) = parted.unwrap_or((&citation.place, None));
        let known = places
            .iter()
            .position(|known| known.head == head && known.rows.is_empty() == row.is_none());
        let at = known.unwrap_or_else(|| {
            places.push(Place {
                head: head.to_string(),
                rows: Vec::new(),
                pages: BTreeSet::new(),
            });
            places.len() - 1
        });
        let place = &mut places[at];
        place.pages.extend(citation.page);
        if let Some(row) = row.filter(|row| !place.rows.iter().any(|known| known == row)) {
            place.rows.push(row.to_string());
        }
    }
    let shown = places.into_iter().map(|place| {
        let mut shown = place.head;
        if !place.rows.is_empty() {
            shown.push_str(&format!(" 第{}行", place.rows.join("、")));
        }
        if !place.pages.is_empty() {
            let pages: Vec<String> = place.pages.iter().map(ToString::to_string).collect();
            shown.push_str(&format!("（原件第{}页）", pages.join("、")));
        }
        shown
    });
    shown.collect::<Vec<_>>().join("；")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Provenance;

    #[test]
    fn each_place_has_its_own_rows_and_pages() {
        let cited = |place: &str, page: Option<u32>| Citation {
            plan: PlanId("a-plan".to_string()),
            place: place.to_string(),
            page,
            quote: String::new(),
            provenance: Provenance::Note(0),
        };
        let shown = |citations: &[Citation]| places_of(citations.iter());
        let rows = [
            cited("附件2 第1行", Some(22)),
            cited("附件1 第1行", Some(19)),
            cited("附件2 第3行", Some(23)),
            cited("附件2 第1行", Some(22)),
        ];
        assert_eq!(
            shown(&rows),
            "附件2 第1、3行（原件第22、23页）；附件1 第1行（原件第19页）"
        );
        let without = [cited("附件2 第1行", None), cited("正文 一、", None)];
        assert_eq!(shown(&without), "附件2 第1行；正文 一、");
    }
}
