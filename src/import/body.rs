//! The running text as Markdown: headings by level, paragraphs verbatim, footnote marks as `[^n]`.

use super::account::{Account, Owner};
use super::document::{Block, Document, Span};
use super::outline::{Outline, Role};
use super::pattern::{FOOTNOTE_MARK, number_of_mark};

/// The file that the text goes to.
pub(crate) const FILE: &str = "body.md";

/// The written body, and what other readers need of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Body {
    /// The file's text.
    pub markdown: String,
    /// Each footnote mark in order: its number and the text that it annotates.
    pub marks: Vec<(u32, String)>,
    /// Paragraphs and headings in order.
    pub lines: Vec<(Role, String)>,
}

/// Writes the running text and claims its characters.
pub(crate) fn write(document: &Document, outline: &Outline, account: &mut Account) -> Body {
    let mut writer = Writer {
        document,
        account,
        body: Body::default(),
        record: 0,
    };
    for (block, role) in document.blocks.iter().zip(&outline.roles) {
        match (block, role) {
            (Block::Line { span, .. }, Role::PartTitle) => writer.add(*role, "# ", span.clone()),
            (Block::Line { span, .. }, Role::TitleContinued) => writer.continue_title(span.clone()),
            (Block::Line { span, .. }, Role::Chapter(end)) => {
                writer.heading(*role, "## ", span.clone(), *end)
            }
            (Block::Line { span, .. }, Role::Section(end)) => {
                writer.heading(*role, "### ", span.clone(), *end)
            }
            (Block::Line { span, .. }, Role::Paragraph) => writer.add(*role, "", span.clone()),
            (Block::Line { span, .. }, Role::AttachmentList) => {
                writer.account.claim(span, Owner::Structure("附件目录"));
            }
            (Block::Line { span, .. }, Role::PageNumber) => {
                writer.account.claim(span, Owner::Structure("页码"));
            }
            (Block::Line { span, .. }, Role::Imprint) => {
                writer.account.claim(span, Owner::Structure("印发"))
            }
            (Block::Table(rows), Role::PlainTable) => {
                for row in rows {
                    writer.table_row(row.cells.iter().map(|cell| cell.pieces.as_slice()));
                }
            }
            _ => {}
        }
    }
    writer.body
}

struct Writer<'a> {
    document: &'a Document,
    account: &'a mut Account,
    body: Body,
    record: usize,
}

impl Writer<'_> {
    fn add(&mut self, role: Role, prefix: &str, span: Span) {
        self.record += 1;
        let text = self.take(span);
        if !self.body.markdown.is_empty() {
            self.body.markdown.push('\n');
        }
        self.body.markdown.push_str(prefix);
        self.body.markdown.push_str(&escape(prefix, &text));
        self.body.markdown.push('\n');
        self.body.lines.push((role, text));
    }

    fn heading(&mut self, role: Role, prefix: &str, span: Span, length: usize) {
        let cut = span.start + length;
        self.add(role, prefix, span.start..cut);
        // A heading that its paragraph follows on the same line: the paragraph has a line of its
        // own in the file.
        let rest = super::document::trimmed(&self.document.text, cut..span.end);
        if !rest.is_empty() {
            self.add(Role::Paragraph, "", rest);
        }
    }

    fn continue_title(&mut self, span: Span) {
        let text = self.take(span);
        // Before the end of the line that `add` wrote: both lines are one title.
        let end = self.body.markdown.trim_end().len();
        self.body.markdown.insert_str(end, &text);
        if let Some((_, title)) = self.body.lines.last_mut() {
            title.push_str(&text);
        }
    }

    fn table_row<'a>(&mut self, cells: impl Iterator<Item = &'a [Span]>) {
        self.record += 1;
        let cells: Vec<String> = cells
            .map(|pieces| {
                pieces
                    .iter()
                    .map(|piece| self.take(piece.clone()))
                    .collect()
            })
            .collect();
        let row = format!("| {} |", cells.join(" | "));
        self.body.markdown.push_str(&format!("\n{row}\n"));
        // A table that is none of indicators is text that can be quoted; its cells keep their
        // order.
        self.body.lines.push((Role::PlainTable, row));
    }

    /// The text of a span with its footnote marks rewritten; the marks are structure.
    fn take(&mut self, span: Span) -> String {
        let text = self.document.slice(&span);
        let mut written = String::with_capacity(text.len());
        let mut from = 0;
        for mark in FOOTNOTE_MARK.find_iter(text) {
            let before = text.get(from..mark.start()).unwrap_or_default();
            written.push_str(before);
            // A mark whose number cannot be read counts on: its note is joined by order then.
            let number = number_of_mark(mark.as_str());
            let number = number.unwrap_or(self.body.marks.len() as u32 + 1);
            // What a mark annotates is the clause before it: so much stands between two signs of
            // punctuation.
            let anchor = written
                .rsplit(['。', '；', '，', '、'])
                .next()
                .unwrap_or_default()
                .to_string();
            self.body.marks.push((number, anchor));
            // One form for all that reports write: the cutter of passages reads this file and
            // nothing else.
            written.push_str(&format!("[^{number}]"));
            self.account.claim(
                &(span.start + from..span.start + mark.start()),
                Owner::Record(FILE, self.record),
            );
            self.account.claim(
                &(span.start + mark.start()..span.start + mark.end()),
                Owner::Structure("脚注标记"),
            );
            from = mark.end();
        }
        written.push_str(text.get(from..).unwrap_or_default());
        self.account.claim(
            &(span.start + from..span.end),
            Owner::Record(FILE, self.record),
        );
        written
    }
}

/// A paragraph that begins with a heading's sign must not become one.
fn escape(prefix: &str, text: &str) -> String {
    if prefix.is_empty() && text.starts_with('#') {
        format!("\\{text}")
    } else {
        text.to_string()
    }
}
