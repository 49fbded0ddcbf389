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
        r"^(?:\*\*)?(?:第?([0-9０-９]{1,3})\s*[.．、条]|[（(]([0-9]{1,3})[）)]|［\s*([0-9]{1,3})\s*[］\]]|[\[【]\s*\^?([0-9]{1,3})\s*[\]】]\s*[：:]?|([①-⑳⑴-⒇])|([一二三四五六七八九十]{1,3})、|[（(]([一二三四五六七八九十]{1,3})[）)])\s*",
    )
});

const LONGEST_NAME: usize = 60;
/// A name that stands on a line of its own is shorter, in letters.
const LONGEST_LONE_NAME: usize = 30;

/// Reads the glossary's entries, and the numbered entries that have no name: those are remarks.
pub fn read(
    document: &Document,
    outline: &Outline,
    file: &str,
    notes_before: usize,
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
    for (at, span) in lines.iter().enumerate() {
        let line = document.slice(span);
        let row = entries.len();
        let found = number(line)
            .filter(|(value, _)| numbered && (last_number + 1..=last_number + 3).contains(value));
        if numbered && found.is_none() || !numbered && name_end(line).is_none() {
            let note = notes_before + nameless.len();
            let (text, owner) = match (nameless.last_mut(), entries.last_mut()) {
                (Some(last), _) if last_nameless => {
                    (&mut last.text, Owner::Record(notes::FILE, note))
                }
                (_, Some(last)) => (&mut last.definition, Owner::Record(FILE, row)),
                (_, None) => {
                    account.claim(span, Owner::Structure("名词解释引言"));
                    continue;
                }
            };
            text.push_str(line);
            account.claim(span, owner);
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
        let text = without_bold(document, text, account);
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
        } else if is_name(document.slice(&text)) && follows_text(document, &lines, at) {
            account.claim(&text, Owner::Record(FILE, entries.len() + 1));
            entries.push(GlossaryRecord {
                number: value,
                name: document.slice(&text).to_string(),
                definition: String::new(),
            });
        } else {
            last_nameless = true;
            account.claim(
                &text,
                Owner::Record(notes::FILE, notes_before + nameless.len() + 1),
            );
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

/// A name in bold without the signs of the bold.
fn without_bold(document: &Document, text: Span, account: &mut Account) -> Span {
    let bold = document.slice(&text).starts_with("**");
    if !bold {
        return text;
    }
    account.claim(&(text.start..text.start + 2), Owner::Structure("格式符号"));
    text.start + 2..text.end
}

/// Whether a line may be a name whose definition stands on the next line.
fn is_name(line: &str) -> bool {
    (2..=LONGEST_LONE_NAME).contains(&line.chars().count()) && !line.contains(['。', '；', '，'])
}

/// Whether the line after one is no entry of its own.
fn follows_text(document: &Document, lines: &[Span], at: usize) -> bool {
    let next = lines.get(at + 1).map(|next| document.slice(next));
    next.is_some_and(|next| number(next).is_none())
}

/// Where an entry stands, by its number.
pub fn place(number: u32) -> String {
    format!("名词解释 第{number}条")
}

/// The number at the start of a line, and where the text behind it begins.
fn number(line: &str) -> Option<(u32, usize)> {
    let found = NUMBER.captures(line)?;
    let written = (1..=7).find_map(|group| found.get(group))?;
    Some((value(written.as_str())?, found.get(0)?.end()))
}

/// 12, １２, ⑫, ⑿ and 十二 are the same number.
fn value(written: &str) -> Option<u32> {
    let mut letters = written.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        for first in ['①', '⑴'] {
            let offset = (letter as u32).checked_sub(first as u32);
            if let Some(offset) = offset.filter(|offset| *offset < 20) {
                return Some(offset + 1);
            }
        }
    }
    let figures = crate::language::fold(written);
    if let Ok(number) = figures.parse() {
        return Some(number);
    }
    let digit = |letter: char| {
        "零一二三四五六七八九"
            .chars()
            .position(|known| known == letter)
    };
    let (tens, ones) = match written.split_once('十') {
        Some((tens, ones)) => (if tens.is_empty() { "一" } else { tens }, ones),
        None => ("零", written),
    };
    let one = |text: &str| text.chars().next().map_or(Some(0), digit);
    u32::try_from(one(tens)? * 10 + one(ones)?).ok()
}

/// Where a name ends and where its definition begins: at the first colon outside quotation marks
/// and brackets.
fn name_end(entry: &str) -> Option<(usize, usize)> {
    let mut depth = 0i32;
    for (count, (at, sign)) in entry.char_indices().enumerate() {
        match sign {
            '“' | '《' | '（' | '(' | '「' => depth += 1,
            '”' | '》' | '）' | ')' | '」' => depth -= 1,
            '：' | ':' if depth <= 0 && at > 0 => {
                let after = &entry[at + sign.len_utf8()..];
                let signs = after.len() - after.trim_start_matches(['*', ' ']).len();
                return Some((at, at + sign.len_utf8() + signs));
            }
            '*' if at > 0 && entry[at..].starts_with("**") => {
                let after = &entry[at + 2..];
                let signs = after.len() - after.trim_start_matches(['：', ':', ' ']).len();
                return Some((at, at + 2 + signs));
            }
            '—' if depth <= 0 && at > 0 && entry[at..].starts_with("——") => {
                return Some((at, at + "——".len()));
            }
            // 两违是指…: the words that say so belong to the definition.
            '是' | '指' if depth <= 0 && at > 0 && says_what(&entry[at..]) => {
                return Some((at, at));
            }
            '。' => return None,
            _ if count > LONGEST_NAME => return None,
            _ => {}
        }
    }
    None
}

/// Whether a definition begins: 是指…, 指….
fn says_what(rest: &str) -> bool {
    rest.starts_with("是指")
        || rest.starts_with('指') && !rest.starts_with("指标") && !rest.starts_with("指数")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_number_and_colon_is_read() {
        for line in [
            "7.x",
            "7．x",
            "7、x",
            "（7）x",
            "(7)x",
            "［7］x",
            "［7]x",
            "[7] x",
            "７．x",
            "⑦x",
            "⑺x",
            "七、x",
            "（七）x",
            "【7】x",
            "[^7]: x",
            "**7.x",
            "第7条 x",
        ] {
            assert_eq!(number(line).map(|(value, _)| value), Some(7), "{line}");
        }
        let name = |text: &str| name_end(text).map(|(end, _)| text[..end].to_string());
        assert_eq!(name("“甲：乙”计划：丙"), Some("“甲：乙”计划".into()));
        assert_eq!(name("甲2家:乙"), Some("甲2家".into()));
        assert_eq!(name("没有名字。甲：乙"), None);
    }
}
