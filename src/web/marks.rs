//! A messenger's HTML as a page has it, read mark by mark: only marks that are known go on. What is
//! folded away comes apart from the rest, and aligned rows become a list of names and values.

use maud::{Markup, PreEscaped, html};

/// A text with its marks.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Marked {
    /// What is shown.
    pub(super) text: String,
    /// The lines that are folded away, escaped.
    pub(super) folded: Vec<String>,
}

/// Reads a text; nothing where it holds a mark that is not known.
pub(super) fn read(html: &str) -> Option<Marked> {
    let mut marked = Marked::default();
    let mut open: Vec<&str> = Vec::new();
    // What stands in a mark whose content is taken as a whole.
    let mut whole = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, from) = rest.split_at(at);
        let text = known_text(text)?;
        if matches!(open.last(), Some(&"pre" | &"blockquote")) {
            whole.push_str(text);
        } else {
            marked.text.push_str(text);
        }
        let end = from.find('>')?;
        let mark = from.get(1..end)?;
        rest = from.get(end + 1..)?;
        match mark {
            "b" | "i" => {
                open.push(mark);
                marked.text.push_str(&format!("<{mark}>"));
            }
            "pre" => open.push("pre"),
            "blockquote" | "blockquote expandable" => open.push("blockquote"),
            "/b" | "/i" if open.pop() == mark.get(1..) => {
                marked.text.push_str(&format!("<{mark}>"));
            }
            "/pre" if open.pop() == Some("pre") => {
                end_line(&mut marked.text);
                marked.text.push_str(&rows(&whole).into_string());
            }
            "/blockquote" if open.pop() == Some("blockquote") => {
                end_line(&mut marked.text);
                marked.folded.extend(whole.lines().map(str::to_string));
            }
            _ => return None,
        }
        if matches!(mark, "/pre" | "/blockquote") {
            whole.clear();
            rest = rest.strip_prefix('\n').unwrap_or(rest);
            // Where a block ended a line, what follows begins on the next one by itself.
            if mark == "/blockquote" && !marked.text.is_empty() && !rest.is_empty() {
                marked.text.push('\n');
            }
        }
    }
    marked.text.push_str(known_text(rest)?);
    open.is_empty().then_some(marked)
}

/// A line that ends before a block needs no break of its own.
fn end_line(text: &mut String) {
    if text.ends_with('\n') {
        text.pop();
    }
}

/// Rows as they are aligned for even type: a name and its value in one line, or the value below.
fn rows(aligned: &str) -> Markup {
    let mut rows: Vec<(&str, String)> = Vec::new();
    for line in aligned.lines() {
        if let Some(value) = line.strip_prefix("    ")
            && let Some((_, known)) = rows.last_mut()
        {
            known.push_str(value);
        } else {
            let (name, value) = line.rsplit_once("  ").unwrap_or((line, ""));
            rows.push((name.trim_end(), value.to_string()));
        }
    }
    html! {
        dl.rows { @for (name, value) in &rows { div { dt { (PreEscaped(name)) } dd { (PreEscaped(value)) } } } }
    }
}

/// A text without marks: it must be escaped already.
fn known_text(text: &str) -> Option<&str> {
    let escaped = text.split('&').skip(1).all(|tail| {
        ["amp;", "lt;", "gt;", "quot;"]
            .iter()
            .any(|known| tail.starts_with(known))
    });
    (escaped && !text.contains(['>', '"'])).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_marks_that_are_closed_go_on() {
        let marked = "<b>甲 &lt;1&gt;</b>\n<blockquote expandable>乙\n丙</blockquote>\n<i>来源</i>";
        let read_as = Marked {
            text: "<b>甲 &lt;1&gt;</b>\n<i>来源</i>".to_string(),
            folded: vec!["乙".to_string(), "丙".to_string()],
        };
        assert_eq!(read(marked), Some(read_as));
        let refused = [
            "<script>1</script>",
            "<b onclick=x>1</b>",
            "<b>1",
            "1 < 2",
            "<i><b>1</i></b>",
            "a & b",
            "<a href=\"x\">1</a>",
            "\"x",
            "<pre><b>1</pre>",
        ];
        for html in refused {
            assert_eq!(read(html), None, "{html}");
        }
    }

    #[test]
    fn aligned_rows_are_a_list_of_names_and_values() {
        let row = |name: &str, value: &str| format!("<div><dt>{name}</dt><dd>{value}</dd></div>");
        let list = |rows: &[String]| format!("<dl class=\"rows\">{}</dl>", rows.concat());
        let beside = read("头\n<pre>甲    1%\n甲乙丙  &gt;2 万人</pre>\n尾").unwrap();
        let rows = [row("甲", "1%"), row("甲乙丙", "&gt;2 万人")];
        assert_eq!(beside.text, format!("头{}尾", list(&rows)));
        let below = read("<pre>甲\n    1；2\n乙\n    3</pre>").unwrap();
        assert_eq!(below.text, list(&[row("甲", "1；2"), row("乙", "3")]));
    }
}
