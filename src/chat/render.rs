//! A reply as a document of few kinds of blocks, and the document as HTML for a messenger, as plain
//! text, and as elements of a page: the same facts in each, cut into messages that break no tag, no
//! character and no figure.
//!
//! What is said stands in the reply or in `words`; nothing is made here.

mod cut;
mod document;

pub use cut::LONGEST_MESSAGE;
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

/// A sentence of the bot's own as messages.
pub fn sentence(text: &str) -> Vec<Rendered> {
    Document::sentence(text).messages()
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

    /// As messages for a messenger.
    pub fn messages(&self) -> Vec<Rendered> {
        let mut messages: Vec<Vec<(Line<'_>, String)>> = Vec::new();
        let mut used = 0;
        let lines = self.lines();
        for line in lines.iter().flat_map(cut::pieces) {
            let html = line.html();
            let needed = cut::units(&html) + 1;
            match messages.last_mut() {
                Some(last) if used + needed < LONGEST_MESSAGE => {
                    used += needed;
                    last.push((line, html));
                }
                _ => {
                    used = needed;
                    messages.push(vec![(line, html)]);
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

/// One message of lines and their HTML: rows that are aligned and quotations stand in a mark of
/// their own.
fn rendered(lines: &[(Line<'_>, String)]) -> Rendered {
    let (mut html, mut plain) = (String::new(), String::new());
    for group in lines.chunk_by(|a, b| a.0.kind == b.0.kind) {
        let (open, close) = match group.first().map(|(line, _)| line.kind) {
            Some(Kind::Row) => ("<pre>", "</pre>"),
            Some(Kind::Folded) => ("<blockquote expandable>", "</blockquote>"),
            _ => ("", ""),
        };
        if !html.is_empty() {
            html.push('\n');
        }
        html.push_str(open);
        for (at, (line, of_line)) in group.iter().enumerate() {
            if at > 0 {
                html.push('\n');
            }
            if !plain.is_empty() {
                plain.push('\n');
            }
            html.push_str(of_line);
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
