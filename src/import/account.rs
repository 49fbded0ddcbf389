//! The account of an import: every character that is not blank belongs to exactly one record, or is
//! structure.

use super::causes::Cause;
use super::document::{Document, Span};
use crate::model::Finding;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Who holds a character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// A row (or a paragraph) of a file, counted from 1.
    Record(&'static str, usize),
    /// Form without content of its own: a table's heading, a mark, the title of a list.
    Structure(&'static str),
}

/// Which characters of a document went where.
#[derive(Debug, Clone)]
pub struct Account {
    claims: Vec<(Span, Owner)>,
    total: usize,
    structure: Vec<(&'static str, String)>,
    counts: BTreeMap<String, usize>,
    unassigned: Vec<(usize, String)>,
    twice: usize,
}

impl Account {
    /// Opens the account; signs of the format are structure from the start.
    pub fn new(document: &Document) -> Self {
        let claims = document
            .markup
            .iter()
            .map(|span| (span.clone(), Owner::Structure("格式符号")))
            .collect();
        let mut account = Self {
            claims,
            total: 0,
            structure: Vec::new(),
            counts: BTreeMap::new(),
            unassigned: Vec::new(),
            twice: 0,
        };
        account.total = solid(&document.text).count();
        account
    }

    /// Gives a span to an owner.
    pub fn claim(&mut self, span: &Span, owner: Owner) {
        if !span.is_empty() {
            self.claims.push((span.clone(), owner));
        }
    }

    /// Where each row of the files begins in the document.
    pub fn beginnings(&self) -> BTreeMap<(&'static str, usize), usize> {
        let mut beginnings: BTreeMap<(&'static str, usize), usize> = BTreeMap::new();
        for (span, owner) in &self.claims {
            if let Owner::Record(file, row) = owner {
                let start = beginnings.entry((file, *row)).or_insert(span.start);
                *start = span.start.min(*start);
            }
        }
        beginnings
    }

    /// Closes the account: counts by owner, and errors for characters that nobody or two hold.
    pub fn findings(&mut self, document: &Document, file: &str) -> Vec<Finding> {
        // By byte and not by letter: spans are cut at bytes, and a slot more costs nothing here.
        let mut holder: Vec<Option<usize>> = vec![None; document.text.len()];
        self.structure.clear();
        for (at, (span, owner)) in self.claims.iter().enumerate() {
            // A blank belongs to nobody: layout puts blanks between letters that no reader could
            // claim.
            for offset in solid_offsets(document.slice(span), span.start) {
                // The first owner stays: the second one is counted as the fault.
                match holder.get_mut(offset) {
                    Some(slot @ None) => *slot = Some(at),
                    // Two owners are as bad as none: one of the records has text that is not its
                    // own.
                    _ => self.twice += 1,
                }
            }
            if let Owner::Structure(kind) = owner {
                self.structure
                    .push((kind, document.slice(span).split_whitespace().collect()));
            }
        }
        let mut loose: Vec<(usize, String)> = Vec::new();
        for offset in solid_offsets(&document.text, 0) {
            let letter = document
                .text
                .get(offset..)
                .and_then(|rest| rest.chars().next())
                .unwrap_or(' ');
            let Some(at) = holder[offset] else {
                match loose.last_mut() {
                    // Loose letters of one line are one finding: a lost sentence would be a hundred
                    // else.
                    Some((start, text))
                        if document.line_number(*start) == document.line_number(offset) =>
                    {
                        text.push(letter)
                    }
                    _ => loose.push((offset, letter.to_string())),
                }
                continue;
            };
            let key = match &self.claims[at].1 {
                Owner::Record(file, _) => (*file).to_string(),
                // Structure is counted too, so that the report adds up to every character of the
                // original.
                Owner::Structure(kind) => format!("结构：{kind}"),
            };
            *self.counts.entry(key).or_default() += 1;
        }
        self.unassigned = loose
            .into_iter()
            .map(|(at, text)| (document.line_number(at), text))
            .collect();
        let mut findings: Vec<Finding> = self
            .unassigned
            .iter()
            .map(|(line, text)| {
                Finding::error(file, format!("第{line}行"), Cause::Unassigned(text))
            })
            .collect();
        if self.twice > 0 {
            let cause = Cause::AssignedTwice(self.twice);
            findings.push(Finding::error(file, "", cause));
        }
        findings
    }

    /// How many characters are not blank.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Characters by file or kind of structure.
    pub fn counts(&self) -> &BTreeMap<String, usize> {
        &self.counts
    }

    /// Structure by kind, with its text, white space taken out.
    pub fn structure(&self) -> &[(&'static str, String)] {
        &self.structure
    }

    /// Line and text of what no record holds.
    pub fn unassigned(&self) -> &[(usize, String)] {
        &self.unassigned
    }

    /// The account as the import report prints it.
    pub fn report(&self) -> String {
        let mut text = String::new();
        let assigned: usize = self.counts.values().sum();
        let _ = writeln!(
            text,
            "原文非空白字符 {} 个，已归入 {} 个，未归入 {} 个。",
            self.total,
            assigned,
            self.total - assigned.min(self.total)
        );
        for (owner, count) in &self.counts {
            let _ = writeln!(text, "- {owner}：{count}");
        }
        let _ = writeln!(text, "\n结构（不进入任何记录的文字）：");
        let mut last: Option<(&str, &str, usize)> = None;
        for (kind, piece) in self
            .structure
            .iter()
            .map(|(k, p)| (*k, p.as_str()))
            // An empty one at the end, so that the last run is printed like every other.
            .chain([("", "")])
        {
            match &mut last {
                Some((k, p, times)) if *k == kind && *p == piece => *times += 1,
                _ => {
                    if let Some((k, p, times)) = last.filter(|(k, ..)| !k.is_empty()) {
                        let many = if times > 1 {
                            format!(" ×{times}")
                        } else {
                            String::new()
                        };
                        let _ = writeln!(text, "- {k}：{p}{many}");
                    }
                    last = Some((kind, piece, 1));
                }
            }
        }
        text
    }
}

fn solid(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| !c.is_whitespace())
}

fn solid_offsets(text: &str, from: usize) -> impl Iterator<Item = usize> + '_ {
    text.char_indices()
        .filter(|(_, c)| !c.is_whitespace())
        .map(move |(at, _)| from + at)
}
