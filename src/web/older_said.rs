//! Messages that were kept as markup, before version 0.2.0 kept what they say as a document. None
//! is older than the days that a room is kept (`store/rooms`), so this can go a version later.

use maud::{Markup, PreEscaped};

/// Stands for a message's number in what was kept.
const NUMBER: &str = "\u{2}";

/// As it is shown under its number.
pub(super) fn element(body: &str, number: i32) -> Markup {
    PreEscaped(body.replace(NUMBER, &number.to_string()))
}

/// What it says, without marks and without what can be pressed.
pub(super) fn text(body: &str) -> String {
    let ends = ["<details class=\"evidence\"", "<div class=\"buttons\""];
    let until = ends.iter().filter_map(|end| body.find(end)).min();
    let said = body.get(..until.unwrap_or(body.len())).unwrap_or_default();
    let mut text = String::with_capacity(said.len());
    for part in said.split('<') {
        let (mark, said) = part.split_once('>').unwrap_or(("", part));
        if mark == "dd" {
            text.push('：');
        } else if matches!(mark, "/dd" | "/p") || mark == "dt" && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(said);
    }
    // The last one is the sign that the others begin with.
    for (mark, letter) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ] {
        text = text.replace(mark, letter);
    }
    text.trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_as_markup_is_shown_and_found() {
        let body = "<div class=\"text\"><b>甲 &lt;1&gt;</b><dl class=\"rows\"><div><dt>乙</dt>\
                    <dd>2</dd></div></dl></div><div class=\"buttons\"><button value=\"\u{2}:x\">丙";
        assert_eq!(text(body), "甲 <1>\n乙：2");
        assert!(element(body, 7).into_string().contains("value=\"7:x\""));
    }
}
