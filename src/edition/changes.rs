//! What a new edition has that the old one has not, in lines for whoever reloads.

use super::Edition;
use crate::model::Book;

/// A question, and the place in whose chat it is asked, where it is asked in one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AskedAt {
    pub question: String,
    /// The place.
    pub home: Option<String>,
}

/// A question that another edition answers otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredOtherwise {
    pub question: String,
    /// The first line that differs, as it was.
    pub before: String,
    /// The same line, as it is now.
    pub after: String,
}

impl Edition {
    /// What another edition has that this one has not, and what it no longer has, in lines for a
    /// person.
    pub fn changes(&self, newer: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        compare(
            "指标数值",
            cells_of(&self.book),
            cells_of(&newer.book),
            &mut lines,
        );
        compare(
            "名词",
            terms_of(&self.book),
            terms_of(&newer.book),
            &mut lines,
        );
        compare(
            "备注脚注",
            notes_of(&self.book),
            notes_of(&newer.book),
            &mut lines,
        );
        compare(
            "正文句子",
            passages_of(&self.book),
            passages_of(&newer.book),
            &mut lines,
        );
        lines
    }
}

type Keyed = std::collections::BTreeMap<String, String>;

fn cells_of(book: &Book) -> Keyed {
    let mut keyed = Keyed::new();
    for plan in book.plans() {
        for indicator in &plan.indicators {
            for cell in &indicator.cells {
                keyed.insert(
                    format!(
                        "{} {} {} {}",
                        plan.id, cell.place, indicator.name, cell.heading
                    ),
                    cell.quantity.shown(),
                );
            }
        }
    }
    keyed
}

fn terms_of(book: &Book) -> Keyed {
    book.plans()
        .iter()
        .flat_map(|plan| {
            plan.terms.iter().map(|term| {
                (
                    format!("{} {}", plan.id, term.name),
                    term.definition.clone(),
                )
            })
        })
        .collect()
}

fn notes_of(book: &Book) -> Keyed {
    book.plans()
        .iter()
        .flat_map(|plan| {
            plan.notes
                .iter()
                .map(|note| (format!("{} {}", plan.id, note.place), note.text.clone()))
        })
        .collect()
}

fn passages_of(book: &Book) -> Keyed {
    book.plans()
        .iter()
        .flat_map(|plan| {
            plan.passages
                .iter()
                // The text is the key: a sentence that was changed has come and gone, since its
                // place may be another's now.
                .map(|p| (format!("{} {} {}", plan.id, p.place, p.text), String::new()))
        })
        .collect()
}

const MOST_LINES: usize = 8;

fn compare(what: &str, old: Keyed, new: Keyed, lines: &mut Vec<String>) {
    let shorten = |text: &str| text.chars().take(60).collect::<String>();
    let mut changed = Vec::new();
    for (key, value) in &new {
        match old.get(key) {
            None => changed.push(
                format!("＋{} {}", shorten(key), shorten(value))
                    .trim_end()
                    .to_string(),
            ),
            Some(before) if before != value => changed.push(format!(
                "改 {}：{} → {}",
                shorten(key),
                shorten(before),
                shorten(value)
            )),
            Some(_) => {}
        }
    }
    changed.extend(
        old.keys()
            .filter(|key| !new.contains_key(*key))
            .map(|key| format!("－{}", shorten(key))),
    );
    if changed.is_empty() {
        return;
    }
    lines.push(format!("{what}：{} 处变化", changed.len()));
    let more = changed.len().saturating_sub(MOST_LINES);
    lines.extend(changed.into_iter().take(MOST_LINES));
    if more > 0 {
        lines.push(format!("……另有 {more} 处"));
    }
}
