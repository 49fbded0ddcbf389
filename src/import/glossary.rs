//! The glossary: numbered entries or not, one or several to a line, in a table; name and definition
//! parted by a colon or by words that define.

mod forms;
mod table;

use super::account::{Account, Owner};
use super::causes::Cause;
use super::document::{Document, Span, trimmed};
use super::notes::{self, spans};
use super::outline::{Outline, Role};
use super::pattern::pattern;
use crate::model::{Finding, GlossaryRecord, NoteKind, NoteRecord};
use forms::{is_name, name_end, number};
use once_cell::sync::Lazy;
use regex::Regex;

pub use table::is_glossary;

/// The file that the entries go to.
pub const FILE: &str = "glossary.csv";

/// A heading that shares its line with the first entry.
static OPENING: Lazy<Regex> = Lazy::new(|| {
    pattern(
        r"^(?:附\s*[：:]?\s*)?(?:名词|术语|用语|相关名词|有关名词|部分名词)?(?:解释|注释|说明|释义)\s*[：:]\s*",
    )
});

/// Whether a line opens a glossary and goes on with its first entry.
pub fn opens_with_entry(line: &str) -> bool {
    let after = OPENING.find(line).and_then(|found| line.get(found.end()..));
    after.is_some_and(|after| number(after).is_some_and(|number| number.value == 1))
}

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
    let mut lines: Vec<Span> = Vec::new();
    for span in spans(document, outline, Role::Glossary) {
        lines.extend(entries_of(document, span, account));
    }
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
        let found = number(line).filter(|number| {
            numbered && (last_number + 1..=last_number + 3).contains(&number.value)
        });
        // Without numbers a short line before a sentence is a name.
        let is_lone_name = !numbered && is_name(line) && follows_sentence(document, &lines, at);
        let is_unnamed = !numbered && name_end(line).is_none() && !is_lone_name;
        if numbered && found.is_none() || is_unnamed {
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
        let (value, start) = found.map_or((last_number + 1, 0), |found| (found.value, found.end));
        if value > last_number + 1 {
            findings.push(Finding::warning(
                file,
                format!("名词解释 第{value}条"),
                Cause::NumberSkipped {
                    from: last_number,
                    to: value,
                },
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
        let page = forms::page(document.slice(&text));
        account.claim(&(text.start..text.start + page), Owner::Structure("页码"));
        let text = text.start + page..text.end;
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
    table::read(document, outline, &mut entries, account);
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

/// Whether the line after one is no entry of its own.
fn follows_text(document: &Document, lines: &[Span], at: usize) -> bool {
    let next = lines.get(at + 1).map(|next| document.slice(next));
    next.is_some_and(|next| number(next).is_none())
}

/// Whether the line after one is a sentence.
fn follows_sentence(document: &Document, lines: &[Span], at: usize) -> bool {
    let next = lines.get(at + 1).map(|next| document.slice(next));
    next.is_some_and(|next| next.ends_with('。') && name_end(next).is_none_or(|(end, _)| end == 0))
}

/// The entries of a line, without a heading before them.
fn entries_of(document: &Document, span: Span, account: &mut Account) -> Vec<Span> {
    let line = document.slice(&span);
    let opening = if opens_with_entry(line) {
        OPENING.find(line).map_or(0, |found| found.end())
    } else {
        0
    };
    account.claim(
        &(span.start..span.start + opening),
        Owner::Structure("名词解释标题"),
    );
    let start = span.start + opening;
    let begins = forms::beginnings(document.slice(&(start..span.end)));
    let ends = begins.iter().skip(1).map(|at| start + at).chain([span.end]);
    let entries = begins.iter().zip(ends);
    let entries = entries.map(|(begin, end)| trimmed(&document.text, start + begin..end));
    entries.collect()
}

/// Where an entry stands, by its number.
pub fn place(number: u32) -> String {
    format!("名词解释 第{number}条")
}
