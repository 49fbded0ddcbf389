//! A glossary as a table: a column of names and one of their definitions.

use super::super::account::{Account, Owner};
use super::super::document::{Block, Document, Row, TableCell};
use super::super::outline::{Outline, Role};
use super::FILE;
use crate::model::GlossaryRecord;

const NAMES: &[&str] = &[
    "名词",
    "术语",
    "用语",
    "词语",
    "概念",
    "名词术语",
    "名词名称",
    "名称",
];
const DEFINITIONS: &[&str] = &[
    "解释",
    "释义",
    "含义",
    "说明",
    "定义",
    "注释",
    "名词解释",
    "解释说明",
    "内容",
];

/// Whether a table's first row heads names and definitions.
pub(crate) fn is_glossary(document: &Document, rows: &[Row]) -> bool {
    rows.len() > 1 && columns(document, rows).is_some()
}

/// Reads the entries of all tables that are glossaries; numbers go on.
pub(crate) fn read(
    document: &Document,
    outline: &Outline,
    entries: &mut Vec<GlossaryRecord>,
    account: &mut Account,
) {
    for (block, role) in document.blocks.iter().zip(&outline.roles) {
        let (Block::Table(rows), Role::GlossaryTable) = (block, role) else {
            continue;
        };
        let Some((name, definition)) = columns(document, rows) else {
            continue;
        };
        for cell in rows.iter().take(1).flat_map(|row| &row.cells) {
            claim(account, cell, &Owner::Structure("表头"));
        }
        for row in &rows[1..] {
            let text = |at: usize| row.cells.get(at).map(|cell| document.cell(cell));
            let (Some(said), Some(meaning)) = (text(name), text(definition)) else {
                continue;
            };
            let number = entries.len() + 1;
            for (at, cell) in row.cells.iter().enumerate() {
                let owner = if at == name || at == definition {
                    Owner::Record(FILE, number)
                } else {
                    Owner::Structure("名词编号")
                };
                claim(account, cell, &owner);
            }
            entries.push(GlossaryRecord {
                number: u32::try_from(number).unwrap_or(u32::MAX),
                name: said.trim().to_string(),
                definition: meaning.trim().to_string(),
            });
        }
    }
}

/// The columns of the names and of the definitions.
fn columns(document: &Document, rows: &[Row]) -> Option<(usize, usize)> {
    let heads: Vec<String> = rows
        .first()?
        .cells
        .iter()
        .map(|cell| solid(document, cell))
        .collect();
    let find = |words: &[&str]| heads.iter().position(|head| words.contains(&head.as_str()));
    let (name, definition) = (find(NAMES)?, find(DEFINITIONS)?);
    let is_whole = |row: &Row| row.cells.len() == heads.len();
    // More columns, or columns of another order, are a table of something else.
    (name < definition && heads.len() <= 4 && rows.iter().all(is_whole))
        .then_some((name, definition))
}

fn solid(document: &Document, cell: &TableCell) -> String {
    document.cell(cell).split_whitespace().collect()
}

fn claim(account: &mut Account, cell: &TableCell, owner: &Owner) {
    for piece in &cell.pieces {
        account.claim(piece, owner.clone());
    }
}
