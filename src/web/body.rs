//! What a message says, as a page shows it: aligned rows are a list of names and values, and what
//! is folded away comes apart from the rest.

use crate::document::{Block, Document, has_labels_alone};
use maud::{Markup, html};

/// A part of the text.
enum Part {
    /// A line, which ends where another one follows.
    Line(Markup),
    /// What stands apart from the lines around it by itself.
    Apart(Markup),
}

/// What of a document is shown, and the lines that are folded away. What a button says in full
/// (these labels) need not be said above it as well.
pub(super) fn parted(document: &Document, labels: &[String]) -> (Document, Vec<String>) {
    let mut shown = Document::default();
    let mut folded = Vec::new();
    for block in &document.0 {
        match block {
            Block::Text(text) if is_button(text, labels) => {}
            Block::Folded { context, quotes } => {
                let texts = context.iter().chain(quotes);
                folded.extend(texts.flat_map(|text| text.lines().map(str::to_string)));
            }
            other => shown.0.push(other.clone()),
        }
    }
    (shown, folded)
}

/// What a document says, but for what is folded away.
pub(super) fn element(document: &Document) -> Markup {
    let mut parts = Vec::new();
    for block in &document.0 {
        match block {
            Block::Lead(text) => parts.extend(lines(text, |line| html! { b { (line) } })),
            Block::Text(text) => parts.extend(lines(text, |line| html! { (line) })),
            Block::Rows(rows) if has_labels_alone(rows) => {
                parts.extend(rows.iter().map(|(label, _)| Part::Line(html! { (label) })));
            }
            Block::Rows(rows) => parts.push(Part::Apart(html! {
                dl.rows { @for (label, value) in rows { div { dt { (label) } dd { (value) } } } }
            })),
            Block::Folded { .. } => {}
            Block::Source(text) | Block::Note(text) => {
                parts.extend(lines(text, |line| html! { i { (line) } }));
            }
        }
    }
    joined(&parts)
}

/// Whether a line offers what a button under it says.
fn is_button(line: &str, labels: &[String]) -> bool {
    let offered = line.strip_prefix("· ");
    offered.is_some_and(|offered| labels.iter().any(|label| label == offered))
}

fn lines(text: &str, shown: fn(&str) -> Markup) -> impl Iterator<Item = Part> {
    text.lines().map(move |line| Part::Line(shown(line)))
}

/// The parts as one: only between two lines is there a break.
fn joined(parts: &[Part]) -> Markup {
    html! {
        @for (at, part) in parts.iter().enumerate() {
            @match part {
                Part::Line(line) => {
                    @if at > 0 && matches!(parts.get(at - 1), Some(Part::Line(_))) { "\n" }
                    (line)
                },
                Part::Apart(block) => (block),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(blocks: Vec<Block>) -> (String, Vec<String>) {
        let (shown, folded) = parted(&Document(blocks), &["乙".to_string()]);
        (element(&shown).into_string(), folded)
    }

    fn text(line: &str) -> Block {
        Block::Text(line.to_string())
    }

    #[test]
    fn what_is_folded_comes_apart_and_nothing_said_is_a_mark() {
        let (text, folded) = shown(vec![
            Block::Lead("甲 <b onclick=x>1".to_string()),
            Block::Folded {
                context: vec!["丙\n丁".to_string()],
                quotes: vec!["戊".to_string()],
            },
            Block::Source("来源".to_string()),
        ]);
        assert_eq!(text, "<b>甲 &lt;b onclick=x&gt;1</b>\n<i>来源</i>");
        assert_eq!(folded, ["丙", "丁", "戊"]);
    }

    #[test]
    fn rows_are_a_list_of_names_and_values_and_labels_alone_are_lines() {
        let row = |label: &str, value: &str| (label.to_string(), value.to_string());
        let rows = Block::Rows(vec![row("甲", "1%"), row("乙", ">2 万人")]);
        let (with_values, _) = shown(vec![text("头"), rows, text("尾")]);
        assert_eq!(
            with_values,
            "头<dl class=\"rows\"><div><dt>甲</dt><dd>1%</dd></div><div><dt>乙</dt>\
             <dd>&gt;2 万人</dd></div></dl>尾"
        );
        let labels = Block::Rows(vec![row("甲", ""), row("丙", "")]);
        assert_eq!(shown(vec![text("头"), labels]).0, "头\n甲\n丙");
    }

    #[test]
    fn what_a_button_says_is_not_said_twice() {
        let (text, _) = shown(vec![text("哪一个？"), text("· 甲"), text("· 乙")]);
        assert_eq!(text, "哪一个？\n· 甲");
    }
}
