//! A reply as a document of few kinds of blocks, and the document as HTML for a messenger, as plain text, and as elements
//! of a page: the same facts in each, cut into messages that break no tag, no character and no figure.
//!
//! What is said stands in the reply or in `words`; nothing is made here.

mod cut;
mod document;

pub use cut::LONGEST_MESSAGE;
pub use document::{Block, Document, ROWS_A_PAGE};

use crate::answer::Reply;
use document::{Kind, Line};

/// A text in two forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Escaped, with whole tags.
    pub html: String,
    /// Without marks.
    pub plain: String,
}

/// A reply as one plain text, without the quotations behind it.
pub fn plain(reply: &Reply) -> String {
    Document::of(reply).brief().plain()
}

/// A sentence of the bot's own as messages.
pub fn sentence(text: &str) -> Vec<Rendered> {
    Document::sentence(text).messages()
}

impl Document {
    /// As plain text.
    pub fn plain(&self) -> String {
        self.lines().iter().map(Line::plain).collect::<Vec<_>>().join("\n")
    }

    /// As messages for a messenger.
    pub fn messages(&self) -> Vec<Rendered> {
        let mut messages: Vec<Vec<Line>> = Vec::new();
        let mut used = 0;
        for line in self.lines().iter().flat_map(cut::pieces) {
            let needed = cut::units(&line.html()) + 1;
            match messages.last_mut() {
                Some(last) if used + needed < LONGEST_MESSAGE => {
                    used += needed;
                    last.push(line);
                }
                _ => {
                    used = needed;
                    messages.push(vec![line]);
                }
            }
        }
        messages.iter().map(|lines| rendered(lines)).collect()
    }

    /// As elements of a page.
    pub fn elements(&self) -> String {
        let mut out = String::new();
        for group in self.lines().chunk_by(|a, b| a.kind == b.kind) {
            let Some(first) = group.first() else { continue };
            let texts: Vec<String> = group.iter().map(Line::escaped).collect();
            match first.kind {
                Kind::Lead => out.push_str(&format!("<p class=\"lead\">{}</p>", texts.join("<br>"))),
                Kind::Text => texts.iter().for_each(|text| out.push_str(&format!("<p>{text}</p>"))),
                Kind::Row => out.push_str(&format!("<pre class=\"rows\">{}</pre>", texts.join("\n"))),
                Kind::Folded => {
                    let quotes: String = texts.iter().map(|text| format!("<p>{text}</p>")).collect();
                    out.push_str(&format!("<blockquote>{quotes}</blockquote>"));
                }
                Kind::Source => out.push_str(&format!("<p class=\"source\">{}</p>", texts.join("<br>"))),
            }
        }
        out
    }
}

/// One message: rows that are aligned and quotations stand in a mark of their own.
fn rendered(lines: &[Line]) -> Rendered {
    let groups = lines.chunk_by(|a, b| a.kind == b.kind).map(|group| {
        let html = group.iter().map(Line::html).collect::<Vec<_>>().join("\n");
        match group.first().map(|line| line.kind) {
            Some(Kind::Row) => format!("<pre>{html}</pre>"),
            Some(Kind::Folded) => format!("<blockquote expandable>{html}</blockquote>"),
            _ => html,
        }
    });
    let html = groups.collect::<Vec<_>>().join("\n");
    Rendered { html, plain: lines.iter().map(Line::plain).collect::<Vec<_>>().join("\n") }
}

/// Escapes what HTML would read as marks.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
