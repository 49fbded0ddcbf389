//! A reply as a document of few kinds of blocks, and the document as HTML for a messenger, as plain
//! text, and as elements of a page: the same facts in each.
//!
//! What is said stands in the reply or in `words`; nothing is made here.

mod document;

pub use document::{Block, Document, ROWS_A_PAGE};

use crate::reply::Reply;
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

/// A sentence of the bot's own; nothing where it is empty.
pub fn sentence(text: &str) -> Option<Rendered> {
    Document::sentence(text).rendered()
}

impl Document {
    /// As plain text.
    pub fn plain(&self) -> String {
        self.lines()
            .iter()
            .map(|line| line.text.as_ref())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// As one text for a messenger, which may cut it; nothing where there is nothing to say.
    pub fn rendered(&self) -> Option<Rendered> {
        let lines = self.lines();
        (!lines.is_empty()).then(|| rendered(&lines))
    }

    /// As elements of a page.
    pub fn elements(&self) -> String {
        let mut out = String::new();
        for group in self.lines().chunk_by(|a, b| a.kind == b.kind) {
            let Some(first) = group.first() else { continue };
            let texts: Vec<String> = group.iter().map(|line| escape(line.shown())).collect();
            match first.kind {
                Kind::Lead => {
                    out.push_str(&format!("<p class=\"lead\">{}</p>", texts.join("<br>")))
                }
                Kind::Text => texts
                    .iter()
                    .for_each(|text| out.push_str(&format!("<p>{text}</p>"))),
                Kind::Row => {
                    out.push_str(&format!("<pre class=\"rows\">{}</pre>", texts.join("\n")))
                }
                Kind::Folded => {
                    let quotes: String =
                        texts.iter().map(|text| format!("<p>{text}</p>")).collect();
                    out.push_str(&format!("<blockquote>{quotes}</blockquote>"));
                }
                Kind::Source => {
                    out.push_str(&format!("<p class=\"source\">{}</p>", texts.join("<br>")))
                }
            }
        }
        out
    }
}

/// Lines as one text: rows that are aligned and quotations stand in a mark of their own.
fn rendered(lines: &[Line<'_>]) -> Rendered {
    let (mut html, mut plain) = (String::new(), String::new());
    for group in lines.chunk_by(|a, b| a.kind == b.kind) {
        let (open, close) = match group.first().map(|line| line.kind) {
            Some(Kind::Row) => ("<pre>", "</pre>"),
            Some(Kind::Folded) => ("<blockquote expandable>", "</blockquote>"),
            _ => ("", ""),
        };
        if !html.is_empty() {
            html.push('\n');
        }
        html.push_str(open);
        for (at, line) in group.iter().enumerate() {
            if at > 0 {
                html.push('\n');
            }
            if !plain.is_empty() {
                plain.push('\n');
            }
            html.push_str(&line.html());
            plain.push_str(&line.text);
        }
        html.push_str(close);
    }
    Rendered { html, plain }
}

/// Escapes what HTML would read as marks.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    escape_into(&mut escaped, text);
    escaped
}

fn escape_into(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        out.push_str(match found.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            _ => "&quot;",
        });
        rest = found.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}
