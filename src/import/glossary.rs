//! The glossary: numbered entries or not, one or several to a line, in a table; name and definition
//! parted by a colon or by words that define.

mod forms;
mod table;

use super::account::{Account, Owner};
use super::causes::Cause;
use super::document::{Document, Span, trimmed};
use super::notes::{self, spans};
use super::outline::{Outlined, Role};
use super::pattern::pattern;
use crate::model::{Finding, GlossaryRecord, NoteKind, NoteRecord};
use forms::{is_name, name_end, number};
use once_cell::sync::Lazy;
use regex::Regex;

pub(crate) use table::is_glossary;

/// The file that the entries go to.
pub(crate) const FILE: &str = "glossary.csv";

/// A heading that shares its line with the first entry.
static OPENING: Lazy<Regex> = Lazy::new(|| {
    pattern(
        r"^(?:附\s*[：:]?\s*)?(?:名词|术语|用语|相关名词|有关名词|部分名词)?(?:解释|注释|说明|释义)\s*[：:]\s*",
    )
});

/// Whether a line opens a glossary and goes on with its first entry.
pub(crate) fn opens_with_entry(line: &str) -> bool {
    let after = OPENING.find(line).and_then(|found| line.get(found.end()..));
    after.is_some_and(|after| number(after).is_some_and(|number| number.value == 1))
}

/// Reads the glossary's entries, and the numbered entries that have no name: those are remarks.
pub(super) fn read(
    report: Outlined<'_>,
    notes_before: usize,
    account: &mut Account,
    findings: &mut Vec<Finding>,
) -> (Vec<GlossaryRecord>, Vec<NoteRecord>) {
    let Outlined {
        document,
        outline,
        file,
    } = report;
    for span in spans(document, outline, Role::GlossaryHeading) {
        account.claim(&span, Owner::Structure("名词解释标题"));
    }
    let mut lines: Vec<Span> = Vec::new();
    for span in spans(document, outline, Role::Glossary) {
        lines.extend(entries_of(document, span, account));
    }
    let mut read = Entries::new(document, &lines, notes_before);
    for at in 0..lines.len() {
        match read.opening(at) {
            Some((value, start)) => {
                // A gap is said and not filled: whoever imports sees whether an entry is missing in
                // the original.
                if value > read.last_number + 1 {
                    findings.push(skipped(file, read.last_number, value));
                }
                read.begin(at, value, start, account);
            }
            None => read.go_on(at, account),
        }
    }
    // After the lines, so that the numbers of entries without one go on from theirs.
    table::read(document, outline, &mut read.entries, account);
    (read.entries, read.nameless)
}

fn skipped(file: &str, from: u32, to: u32) -> Finding {
    let place = format!("名词解释 第{to}条");
    Finding::warning(file, place, Cause::NumberSkipped { from, to })
}

/// The entries while their lines are read, one after the other.
struct Entries<'a> {
    document: &'a Document,
    lines: &'a [Span],
    is_numbered: bool,
    /// How many notes the report has before these.
    notes_before: usize,
    entries: Vec<GlossaryRecord>,
    nameless: Vec<NoteRecord>,
    last_number: u32,
    is_last_nameless: bool,
}

impl<'a> Entries<'a> {
    fn new(document: &'a Document, lines: &'a [Span], notes_before: usize) -> Self {
        let first = lines.first().map(|span| document.slice(span));
        Self {
            document,
            lines,
            is_numbered: first.is_some_and(|line| number(line).is_some()),
            notes_before,
            entries: Vec::new(),
            nameless: Vec::new(),
            last_number: 0,
            is_last_nameless: false,
        }
    }

    /// The number of the entry that a line begins, and where its text does; nothing where it goes
    /// on with what was before it.
    fn opening(&self, at: usize) -> Option<(u32, usize)> {
        let line = self.document.slice(&self.lines[at]);
        if self.is_numbered {
            let found = number(line)?;
            // A greater leap is a figure at the beginning of a line, not the next entry.
            let may_follow = self.last_number + 1..=self.last_number + 3;
            return may_follow
                .contains(&found.value)
                .then_some((found.value, found.end));
        }
        // Without numbers a short line before a sentence is a name.
        let is_lone_name = is_name(line) && follows_sentence(self.document, self.lines, at);
        let is_named = name_end(line).is_some() || is_lone_name;
        is_named.then_some((self.last_number + 1, 0))
    }

    /// A line that belongs to the entry before it.
    fn go_on(&mut self, at: usize, account: &mut Account) {
        let span = &self.lines[at];
        let note = self.notes_before + self.nameless.len();
        let row = self.entries.len();
        let (text, owner) = match (self.nameless.last_mut(), self.entries.last_mut()) {
            (Some(last), _) if self.is_last_nameless => {
                (&mut last.text, Owner::Record(notes::FILE, note))
            }
            (_, Some(last)) => (&mut last.definition, Owner::Record(FILE, row)),
            (_, None) => return account.claim(span, Owner::Structure("名词解释引言")),
        };
        text.push_str(self.document.slice(span));
        account.claim(span, owner);
    }

    /// A line that begins an entry, whose text begins at a place of it.
    fn begin(&mut self, at: usize, value: u32, start: usize, account: &mut Account) {
        let (document, span) = (self.document, &self.lines[at]);
        self.last_number = value;
        let mark = span.start..span.start + start;
        account.claim(&mark, Owner::Structure("名词编号"));
        let text = trimmed(&document.text, mark.end..span.end);
        let text = without_bold(document, text, account);
        let page = text.start..text.start + forms::page(document.slice(&text));
        account.claim(&page, Owner::Structure("页码"));
        let text = page.end..text.end;
        let written = |span: &Span| document.slice(span).to_string();
        let row = self.entries.len() + 1;
        self.is_last_nameless = false;
        // Name and definition on one line; else a name alone whose definition follows; else no
        // entry but a remark, of which nothing is lost.
        if let Some((end, after)) = name_end(document.slice(&text)) {
            let name = trimmed(&document.text, text.start..text.start + end);
            let definition = trimmed(&document.text, text.start + after..text.end);
            let between = name.end..text.start + after;
            account.claim(&name, Owner::Record(FILE, row));
            account.claim(&between, Owner::Structure("名词后的冒号"));
            account.claim(&definition, Owner::Record(FILE, row));
            self.entries.push(GlossaryRecord {
                number: value,
                name: written(&name),
                definition: written(&definition),
            });
        } else if is_name(document.slice(&text)) && follows_text(document, self.lines, at) {
            account.claim(&text, Owner::Record(FILE, row));
            self.entries.push(GlossaryRecord {
                number: value,
                name: written(&text),
                definition: String::new(),
            });
        } else {
            self.is_last_nameless = true;
            let note = self.notes_before + self.nameless.len() + 1;
            account.claim(&text, Owner::Record(notes::FILE, note));
            self.nameless.push(NoteRecord {
                kind: NoteKind::Remark,
                place: format!("名词解释 第{value}条"),
                anchor: String::new(),
                indicators: Vec::new(),
                text: written(&text),
            });
        }
    }
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
pub(crate) fn place(number: u32) -> String {
    format!("名词解释 第{number}条")
}
