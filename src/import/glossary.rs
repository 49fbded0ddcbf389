//! The glossary: entries numbered `1.`, `1、`, `1．`, （1）, ［1］ or not at all; name and definition
//! parted by a colon.

use super::account::{Account, Owner};
use super::document::{Document, Span, trimmed};
use super::notes::{self, spans};
use super::outline::{Outline, Role};
use super::pattern::pattern;
use crate::model::{Finding, GlossaryRecord, NoteKind, NoteRecord};
use once_cell::sync::Lazy;
use regex::Regex;

/// The file that the entries go to.
pub const FILE: &str = "glossary.csv";

static NUMBER: Lazy<Regex> = Lazy::new(|| {
    pattern(
        r"^(?:([0-9]{1,3})\s*[.．、]|[（(]([0-9]{1,3})[）)]|［\s*([0-9]{1,3})\s*[］\]]|\[\s*\^?([0-9]{1,3})\s*\]\s*[：:]?)\s*",
    )
});

const LONGEST_NAME: usize = 60;

/// Reads the glossary's entries, and the numbered entries that have no name: those are remarks.
pub fn read(
    document: &Document,
    outline: &Outline,
    file: &str,
    account: &mut Account,
    findings: &mut Vec<Finding>,
) -> (Vec<GlossaryRecord>, Vec<NoteRecord>) {
    for span in spans(document, outline, Role::GlossaryHeading) {
        account.claim(&span, Owner::Structure("名词解释标题"));
    }
    let lines: Vec<Span> = spans(document, outline, Role::Glossary).collect();
    let numbered = lines
        .first()
        .is_some_and(|span| number(document.slice(span)).is_some());
    let mut entries: Vec<GlossaryRecord> = Vec::new();
    let mut nameless: Vec<NoteRecord> = Vec::new();
    let mut last_number = 0;
    let mut last_nameless = false;
    for span in lines {
        let line = document.slice(&span);
        let found = number(line)
            .filter(|(value, _)| numbered && (last_number + 1..=last_number + 3).contains(value));
        if numbered && found.is_none() || !numbered && name_end(line).is_none() {
            continue_last(
                document,
                &span,
                last_nameless,
                &mut entries,
                &mut nameless,
                account,
            );
            continue;
        }
        let (value, start) = found.unwrap_or((last_number + 1, 0));
        if value > last_number + 1 {
            findings.push(Finding::warning(
                file,
                format!("名词解释 第{value}条"),
                format!("编号从 {last_number} 跳到 {value}；请核对是否有缺条。"),
            ));
        }
        last_number = value;
        account.claim(
            &(span.start..span.start + start),
            Owner::Structure("名词编号"),
        );
        let text = trimmed(&document.text, span.start + start..span.end);
        last_nameless = false;
        if let Some((end, after)) = name_end(document.slice(&text)) {
            let name = trimmed(&document.text, text.start..text.start + end);
            let definition = trimmed(&document.text, text.start + after..text.end);
            let row = entries.len() + 1;
            account.claim(&name, Owner::Record(FILE, row));
            account.claim(
                &(name.end..text.start + after),
                Owner::Structure("名词后的冒号"),
            );
            account.claim(&definition, Owner::Record(FILE, row));
            entries.push(GlossaryRecord {
                number: value,
                name: document.slice(&name).to_string(),
                definition: document.slice(&definition).to_string(),
            });
        } else {
            last_nameless = true;
            account.claim(&text, Owner::Record(notes::FILE, nameless.len() + 1));
            nameless.push(NoteRecord {
                kind: NoteKind::Remark,
                place: format!("名词解释 第{value}条"),
                anchor: String::new(),
                indicators: Vec::new(),
                text: document.slice(&text).to_string(),
            });
        }
    }
    (entries, nameless)
}

fn continue_last(
    document: &Document,
    span: &Span,
    nameless_last: bool,
    entries: &mut [GlossaryRecord],
    nameless: &mut [NoteRecord],
    account: &mut Account,
) {
    let row = entries.len();
    let line = document.slice(span);
    if nameless_last && let Some(last) = nameless.last_mut() {
        last.text.push_str(line);
        account.claim(span, Owner::Record(notes::FILE, row));
    } else if let Some(last) = entries.last_mut() {
        last.definition.push_str(line);
        account.claim(span, Owner::Record(FILE, row));
    } else {
        account.claim(span, Owner::Structure("名词解释引言"));
    }
}

/// The number at the start of a line, and where the text behind it begins.
fn number(line: &str) -> Option<(u32, usize)> {
    let found = NUMBER.captures(line)?;
    let digits = (1..=4).find_map(|group| found.get(group))?;
    Some((digits.as_str().parse().ok()?, found.get(0)?.end()))
}

/// Where a name ends and where its definition begins: at the first colon outside quotation marks
/// and brackets.
fn name_end(entry: &str) -> Option<(usize, usize)> {
    let mut depth = 0i32;
    for (count, (at, sign)) in entry.char_indices().enumerate() {
        match sign {
            '“' | '《' | '（' | '(' | '「' => depth += 1,
            '”' | '》' | '）' | ')' | '」' => depth -= 1,
            '：' | ':' if depth <= 0 && at > 0 => return Some((at, at + sign.len_utf8())),
            '。' => return None,
            _ if count > LONGEST_NAME => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_number_and_colon_is_read() {
        for line in [
            "7.x", "7．x", "7、x", "（7）x", "(7)x", "［7］x", "［7]x", "[7] x",
        ] {
            assert_eq!(number(line).map(|(value, _)| value), Some(7), "{line}");
        }
        let name = |text: &str| name_end(text).map(|(end, _)| text[..end].to_string());
        assert_eq!(name("“甲：乙”计划：丙"), Some("“甲：乙”计划".into()));
        assert_eq!(name("甲2家:乙"), Some("甲2家".into()));
        assert_eq!(name("没有名字。甲：乙"), None);
    }
}
