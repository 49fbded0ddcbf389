//! Word files (.docx): paragraphs with the numbers that Word computes, tables with merged cells,
//! footnotes at their marks; what was deleted or is hidden is left out and said so.

mod numbering;
mod paragraph;
mod styles;

use super::container::{check_zip, is_zip, zip_names, zip_part};
use super::xml::{self, Element};
use super::{Reader, Unreadable};
use crate::import::document::{Document, Loss, MOST_COLUMNS, SpannedCell};
use numbering::Numbering;
use paragraph::Left;
use std::collections::HashMap;
use styles::Styles;

/// A Word file.
pub(crate) struct Docx;

const MAIN: &str = "word/document.xml";

impl Reader for Docx {
    fn name(&self) -> &'static str {
        "Word 文件"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["docx", "docm", "dotx", "wps"]
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        is_zip(bytes) && zip_names(bytes).iter().any(|name| name == MAIN)
    }

    fn read(&self, bytes: &[u8]) -> Result<Document, Unreadable> {
        // Before a part of it is read: all parts together must fit into memory.
        check_zip(bytes, |_| false, |_| Ok(()))?;
        let part = |name: &str| -> Result<Option<Element>, Unreadable> {
            let bytes = zip_part(bytes, name)?;
            bytes.map(|bytes| xml::parse(&bytes, name)).transpose()
        };
        let main = part(MAIN)?.unwrap_or_default();
        let styles =
            part("word/styles.xml")?.map_or_else(Styles::default, |part| Styles::of(&part));
        let numbering = part("word/numbering.xml")?
            .map_or_else(Numbering::default, |part| Numbering::of(&part));
        let mut notes = HashMap::new();
        for (name, sort) in [
            ("word/footnotes.xml", "footnote"),
            ("word/endnotes.xml", "endnote"),
        ] {
            if let Some(part) = part(name)? {
                notes.extend(notes_of(&part, &styles, sort));
            }
        }
        let mut reading = Reading {
            styles,
            numbering,
            notes,
            document: Document::default(),
            marks: Vec::new(),
            left: Left::default(),
            carried: String::new(),
        };
        let body = main.child("body").unwrap_or(&main);
        reading.blocks(body);
        reading.end(body);
        Ok(reading.document)
    }
}

/// The elements of the notes of one sort by their sort and id.
fn notes_of(
    part: &Element,
    styles: &Styles,
    sort: &'static str,
) -> HashMap<(&'static str, String), String> {
    let notes = part.elements().filter(|note| note.name == sort);
    // Separators are notes of a type of their own.
    let own = notes.filter(|note| note.attribute("type").is_none_or(|kind| kind == "normal"));
    let texts = own.filter_map(|note| {
        let id = note.attribute("id")?.to_string();
        let paragraphs = note.elements().filter(|inner| inner.name == "p");
        let lines: Vec<String> = paragraphs
            .map(|inner| {
                paragraph::text(inner, styles, &mut Left::default(), &mut |_, _| {
                    String::new()
                })
            })
            .collect();
        // A note is one line here; its own line ends are layout.
        let text: String = lines.join("").split('\n').map(str::trim).collect();
        Some(((sort, id), text))
    });
    texts.collect()
}

struct Reading {
    styles: Styles,
    numbering: Numbering,
    notes: HashMap<(&'static str, String), String>,
    document: Document,
    /// The notes in the order of their marks.
    marks: Vec<(&'static str, String)>,
    left: Left,
    /// The text of a paragraph whose end was deleted.
    carried: String,
}

impl Reading {
    fn blocks(&mut self, parent: &Element) {
        for element in parent.elements() {
            match element.name.as_str() {
                "p" => self.paragraph(element),
                "tbl" => self.table(element),
                // Whoever deleted a block deleted what is in it.
                "del" | "moveFrom" => self.left.deleted += paragraph::letters(element),
                // Controls, permissions and changes wrap blocks.
                "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml" | "smartTag" => {
                    self.blocks(element);
                }
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, element: &Element) {
        let properties = element.child("pPr");
        let style = properties.and_then(|properties| properties.value_of("pStyle"));
        if style.is_some_and(|style| self.styles.is_contents(style)) {
            self.left.contents += paragraph::letters(element);
            return;
        }
        let is_hidden = style.is_some_and(|style| self.styles.is_hidden(style));
        if is_hidden {
            self.left.hidden += paragraph::letters(element);
            return;
        }
        let text = std::mem::take(&mut self.carried) + &self.text(element);
        // Whoever deleted the end of a paragraph joined it with the next one.
        let end = properties.and_then(|properties| properties.child("rPr"));
        if end.is_some_and(|end| end.child("del").is_some()) {
            self.carried = text;
            return;
        }
        let level = properties.and_then(|properties| properties.value_of("outlineLvl"));
        let is_outlined = level
            .and_then(|level| level.parse().ok())
            .is_some_and(|l: u32| l < 9);
        let is_heading = is_outlined || style.is_some_and(|style| self.styles.is_heading(style));
        let mut number = self
            .number(element, style)
            .filter(|_| !text.trim().is_empty());
        for line in text.lines() {
            let number = number.take().unwrap_or_default();
            self.document
                .add_line(&format!("{number}{}", line.trim()), is_heading);
        }
    }

    /// The text of a paragraph with the marks of its notes.
    fn text(&mut self, element: &Element) -> String {
        let (marks, notes) = (&mut self.marks, &self.notes);
        paragraph::text(element, &self.styles, &mut self.left, &mut |sort, id| {
            let key = (sort, id.to_string());
            if !notes.contains_key(&key) {
                return String::new();
            }
            marks.push(key);
            format!("[{}]", marks.len())
        })
    }

    /// The number that Word shows before a paragraph.
    fn number(&mut self, element: &Element, style: Option<&str>) -> Option<String> {
        let own = element
            .child("pPr")
            .and_then(|properties| properties.child("numPr"));
        let of_style = style.and_then(|style| self.styles.list(style));
        let level_of = |list: &Element| list.value_of("ilvl").and_then(|level| level.parse().ok());
        let (list, level) = match (own, of_style) {
            (Some(own), of_style) => {
                let inherited = of_style.unwrap_or_default();
                let list = own.value_of("numId").map_or(inherited.0, String::from);
                (list, level_of(own).unwrap_or(inherited.1))
            }
            (None, Some(of_style)) => of_style,
            (None, None) => return None,
        };
        self.numbering.next(&list, level)
    }

    fn table(&mut self, table: &Element) {
        // A table around a table is layout: its cells are parts of the page.
        let is_deleted = |row: &&Element| {
            row.child("trPr")
                .is_some_and(|properties| properties.child("del").is_some())
        };
        let (deleted, rows): (Vec<&Element>, Vec<&Element>) =
            rows_of(table).into_iter().partition(is_deleted);
        self.left.deleted += deleted
            .iter()
            .map(|row| paragraph::letters(row))
            .sum::<usize>();
        let holds_table = rows.iter().any(|row| {
            let mut cells = cells_of(row).into_iter();
            cells.any(|cell| cell.child("tbl").is_some())
        });
        // Its cells are parts of the page, each read as blocks.
        if holds_table {
            for cell in rows.iter().flat_map(|row| cells_of(row)) {
                self.blocks(cell);
            }
            return;
        }
        let mut grid: Vec<Vec<(SpannedCell, Down)>> = Vec::new();
        for row in rows {
            grid.push(self.row(row));
        }
        self.document.add_table(merged_down(grid));
    }

    fn row(&mut self, row: &Element) -> Vec<(SpannedCell, Down)> {
        let mut cells = Vec::new();
        let before = row
            .child("trPr")
            .and_then(|properties| properties.value_of("gridBefore"));
        let before = before.and_then(|count| count.parse().ok()).unwrap_or(0);
        // A row that begins further right has no cells for what it leaves out; the grid needs them.
        for _ in 0..MOST_COLUMNS.min(before) {
            cells.push((SpannedCell::default(), Down::No));
        }
        for cell in cells_of(row) {
            let properties = cell.child("tcPr");
            let across = properties.and_then(|properties| properties.value_of("gridSpan"));
            let merge = properties.and_then(|properties| properties.child("vMerge"));
            let down = match merge.map(|merge| merge.attribute("val")) {
                Some(Some("restart")) => Down::Begins,
                Some(_) => Down::Goes,
                None => Down::No,
            };
            let mut lines = Vec::new();
            for paragraph in paragraphs_of(cell) {
                let number = self.number(paragraph, None).unwrap_or_default();
                let text = self.text(paragraph);
                lines.extend(format!("{number}{text}").lines().map(String::from));
            }
            let across = across.and_then(|across| across.parse().ok()).unwrap_or(1);
            let cell = SpannedCell {
                lines,
                across,
                down: 1,
            };
            cells.push((cell, down));
        }
        cells
    }

    /// The notes after everything else, and what was left out.
    fn end(&mut self, body: &Element) {
        let carried = std::mem::take(&mut self.carried);
        self.document.add_line(&carried, false);
        for (at, key) in self.marks.iter().enumerate() {
            let text = self.notes.get(key).map_or("", String::as_str);
            self.document
                .add_line(&format!("[{}]{text}", at + 1), false);
        }
        let unmarked = self.notes.len().saturating_sub(self.marks.len());
        let told = [
            (self.left.deleted, "修订中已删除的文字没有录入", false),
            (self.left.hidden, "隐藏文字没有录入", false),
            (self.left.boxed, "文本框、图形里的文字没有录入", false),
            (self.left.contents, "目录没有录入", false),
            (unmarked, "有脚注在正文里找不到它的标记，没有录入", true),
        ];
        for (count, what, is_grave) in told.into_iter().filter(|(count, ..)| *count > 0) {
            let unit = if is_grave { "条" } else { "字" };
            self.document.losses.push(Loss {
                place: String::new(),
                what: format!("{what}（{count} {unit}）"),
                is_grave,
            });
        }
        let placed = self.left.placed + self.left.all();
        // Every letter of the file was placed or left out for a reason; what is neither is a fault
        // of this reader, and is said.
        let missing = paragraph::letters(body).saturating_sub(placed);
        if missing > 0 {
            self.document.losses.push(Loss {
                place: String::new(),
                what: format!("Word 文件里有 {missing} 个字没有读出来；请另存为 .docx 后再导入"),
                is_grave: true,
            });
        }
    }
}

/// Whether a cell is merged with those of the rows around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Down {
    No,
    Begins,
    Goes,
}

/// Word marks each cell of a merged column; the grid wants one cell that reaches down.
fn merged_down(grid: Vec<Vec<(SpannedCell, Down)>>) -> Vec<Vec<SpannedCell>> {
    let column_of = |row: &[(SpannedCell, Down)], at: usize| -> usize {
        row[..at].iter().map(|(cell, _)| cell.across.max(1)).sum()
    };
    let mut lengths: Vec<Vec<usize>> = Vec::new();
    for row in &grid {
        lengths.push(vec![1; row.len()]);
    }
    // Where the cell that a column goes on from stands: its row and its place in it.
    let mut origins: HashMap<usize, (usize, usize)> = HashMap::new();
    let mut goes_on: Vec<Vec<bool>> = Vec::new();
    for (row_at, row) in grid.iter().enumerate() {
        let mut kept = vec![false; row.len()];
        for (at, (_, down)) in row.iter().enumerate() {
            let column = column_of(row, at);
            match (down, origins.get(&column)) {
                (Down::Goes, Some((origin_row, origin))) => {
                    lengths[*origin_row][*origin] = row_at - origin_row + 1;
                    kept[at] = true;
                }
                (Down::Begins, _) => {
                    origins.insert(column, (row_at, at));
                }
                _ => {
                    origins.remove(&column);
                }
            }
        }
        goes_on.push(kept);
    }
    let rows = grid.into_iter().zip(goes_on).zip(lengths);
    rows.map(|((row, goes_on), lengths)| {
        let cells = row.into_iter().zip(goes_on).zip(lengths);
        let own = cells.filter(|((_, goes_on), _)| !goes_on);
        own.map(|(((cell, _), _), down)| SpannedCell { down, ..cell })
            .collect()
    })
    .collect()
}

fn rows_of(table: &Element) -> Vec<&Element> {
    wrapped(table, "tr")
}

fn cells_of(row: &Element) -> Vec<&Element> {
    wrapped(row, "tc")
}

fn paragraphs_of(cell: &Element) -> Vec<&Element> {
    wrapped(cell, "p")
}

/// The elements of a name, also where a control or a change wraps them.
fn wrapped<'a>(parent: &'a Element, name: &str) -> Vec<&'a Element> {
    let mut found = Vec::new();
    for element in parent.elements() {
        match element.name.as_str() {
            own if own == name => found.push(element),
            "sdt" | "sdtContent" | "ins" | "customXml" | "smartTag" => {
                found.extend(wrapped(element, name));
            }
            _ => {}
        }
    }
    found
}
