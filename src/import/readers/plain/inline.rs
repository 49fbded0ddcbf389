//! Signs inside lines of Markdown and of text that was pasted from a web page: what is struck out
//! goes, a raised figure is the mark of a note, all else is form.

use super::super::raised::raised_text;
use crate::import::pattern::pattern;
use once_cell::sync::Lazy;
use regex::Regex;
use std::borrow::Cow;

static STRUCK: Lazy<Regex> =
    Lazy::new(|| pattern(r"~~([^~\n]+)~~|<(?:del|s|strike)>([^<\n]*)</(?:del|s|strike)>"));
static RAISED: Lazy<Regex> = Lazy::new(|| pattern(r"<sup>([^<\n]{1,8})</sup>"));
static FORM: Lazy<Regex> =
    Lazy::new(|| pattern(r"<br\s*/?>|</?(?:b|strong|i|em|u|ins|span|font)(?:\s[^<>\n]*)?>"));
static BOLD: Lazy<Regex> = Lazy::new(|| pattern(r"\*\*([^*\n|]+)\*\*"));
/// A note of Markdown may have a name in place of a number.
static NAMED_NOTE: Lazy<Regex> = Lazy::new(|| pattern(r"\[\^([A-Za-z][A-Za-z0-9_-]*)\]"));

/// A text without the signs inside its lines, and how many letters were struck out.
pub(crate) fn plain(text: &str) -> (Cow<'_, str>, usize) {
    let signs = [&*STRUCK, &*RAISED, &*FORM, &*BOLD, &*NAMED_NOTE];
    // Most texts have none of them and are not copied.
    if !signs.iter().any(|sign| sign.is_match(text)) {
        return (Cow::Borrowed(text), 0);
    }
    let mut struck = 0;
    let mut notes: Vec<String> = Vec::new();
    let mut lines = Vec::new();
    for line in text.split('\n') {
        struck += STRUCK
            .captures_iter(line)
            .filter_map(|found| found.get(1).or(found.get(2)))
            .map(|found| found.as_str().chars().count())
            .sum::<usize>();
        let line = STRUCK.replace_all(line, "");
        let line = raised(&line);
        let line = FORM.replace_all(&line, "");
        let line = without_bold(&line);
        lines.push(numbered(&line, &mut notes));
    }
    (Cow::Owned(lines.join("\n")), struck)
}

fn raised(line: &str) -> String {
    let mut written = String::with_capacity(line.len());
    let mut from = 0;
    for found in RAISED.captures_iter(line) {
        let (Some(whole), Some(mark)) = (found.get(0), found.get(1)) else {
            continue;
        };
        written.push_str(line.get(from..whole.start()).unwrap_or_default());
        written.push_str(&raised_text(&written, mark.as_str()));
        from = whole.end();
    }
    written.push_str(line.get(from..).unwrap_or_default());
    written
}

/// Bold at the start of a line names an entry or is a heading, which others read.
fn without_bold(line: &str) -> String {
    let start = line.len() - line.trim_start().len();
    let opens = line.get(start..).is_some_and(|text| text.starts_with("**"));
    let kept = if opens {
        BOLD.find_at(line, start).map_or(start, |bold| bold.end())
    } else {
        start
    };
    let (before, after) = line.split_at(kept);
    format!("{before}{}", BOLD.replace_all(after, "$1"))
}

/// Notes with a name in place of a number get the numbers after 900, so that none meets another.
fn numbered(line: &str, notes: &mut Vec<String>) -> String {
    const FIRST: usize = 901;
    let number = |found: &regex::Captures<'_>| {
        let name = &found[1];
        let at = notes.iter().position(|known| known == name);
        let at = at.unwrap_or_else(|| {
            notes.push(name.to_string());
            notes.len() - 1
        });
        format!("[^{}]", FIRST + at)
    };
    NAMED_NOTE.replace_all(line, number).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_inside_lines_are_form() {
        for (line, read) in [
            ("修渠~~9~~5公里", "修渠5公里"),
            ("修渠**5**公里", "修渠5公里"),
            ("| **油菜**<br>亩产 | **152** |", "| 油菜亩产 | 152 |"),
            ("水渠<sup>1</sup>5公里", "水渠[1]5公里"),
            ("3000m<sup>2</sup>", "3000m²"),
            ("**护渠员** 看护**水渠**的人", "**护渠员** 看护水渠的人"),
            (
                "水渠[^a]和水闸[^b]、水渠[^a]",
                "水渠[^901]和水闸[^902]、水渠[^901]",
            ),
            ("2 < 3", "2 < 3"),
        ] {
            assert_eq!(plain(line).0, read);
        }
        assert_eq!(plain("修渠~~九十~~5公里").1, 2);
    }
}
