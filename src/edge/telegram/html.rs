//! A document as Telegram's HTML: what is said first, rows that are aligned and what is folded away
//! stand in one mark each, however many lines they have.

use crate::document::{Document, Line, LineKind};
use crate::edge::cut::Piece;

/// A document with Telegram's marks and without them.
pub(super) fn text_of(document: &Document) -> Piece {
    let lines = document.lines();
    let (mut html, mut plain) = (String::new(), String::new());
    // One mark for neighbours of a kind: each `<pre>` and `<blockquote>` is a box of its own on a
    // screen.
    for group in lines.chunk_by(|a, b| a.kind == b.kind) {
        let (open, close) = match group.first().map(|line| line.kind) {
            Some(LineKind::Lead) => ("<b>", "</b>"),
            Some(LineKind::Row) => ("<pre>", "</pre>"),
            Some(LineKind::Folded) => ("<blockquote expandable>", "</blockquote>"),
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
            push_line(&mut html, line);
            plain.push_str(&line.text);
        }
        html.push_str(close);
    }
    Piece { html, plain }
}

fn push_line(html: &mut String, line: &Line<'_>) {
    let (open, close) = match line.kind {
        LineKind::Source | LineKind::Note => ("<i>", "</i>"),
        LineKind::Lead | LineKind::Text | LineKind::Row | LineKind::Folded => ("", ""),
    };
    html.push_str(open);
    escape_into(html, line.shown());
    html.push_str(close);
}

/// Escapes what HTML would read as marks.
fn escape_into(html: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        let (before, found) = rest.split_at(at);
        html.push_str(before);
        html.push_str(match found.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            _ => "&quot;",
        });
        rest = found.get(1..).unwrap_or_default();
    }
    html.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Block;

    #[test]
    fn each_kind_of_line_has_its_mark_and_what_looks_like_one_is_escaped() {
        let row = |label: &str, value: &str| (label.to_string(), value.to_string());
        let document = Document(vec![
            Block::Text("横幅".to_string()),
            Block::Lead("甲 <1> & \"乙\"".to_string()),
            Block::Rows(vec![row("甲", "1%"), row("甲乙丙", ">2")]),
            Block::Text("一行".to_string()),
            Block::Folded {
                context: vec!["折起".to_string()],
                quotes: vec!["引文".to_string()],
            },
            Block::Source("来源".to_string()),
            Block::Note("说明".to_string()),
        ]);
        let text = text_of(&document);
        assert_eq!(
            text.html,
            "横幅\n<b>甲 &lt;1&gt; &amp; &quot;乙&quot;</b>\n<pre>甲      1%\n甲乙丙  &gt;2</pre>\n一行\n\
             <blockquote expandable>折起\n引文</blockquote>\n<i>来源</i>\n<i>说明</i>"
        );
        assert_eq!(text.plain, document.plain());
    }
}
