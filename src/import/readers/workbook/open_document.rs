//! .ods by its own reader: its cells store what they show, which calamine leaves out, as it does
//! with merged regions.

use std::collections::HashSet;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::Workbook;
use super::grid::{MOST_ROWS, Region, Sheet, too_large};
use super::hidden::Hidden;
use super::number::{shortest, shown_number};
use crate::import::document::MOST_COLUMNS;
use crate::import::readers::container::{check_zip, zip_entry};
use crate::import::readers::unreadable::{Unreadable, guarded};

/// Spaces in a row that a text may have.
const MOST_SPACES: usize = 100;
/// A region reaches at most so far: beyond the limits of rows and columns there are no cells.
const MOST_REACH: usize = MOST_ROWS;

const DAMAGED: &str = "表格文件已损坏，请重新取得完整的文件，或用办公软件打开后另存为 .xlsx 再导入";
const PASSWORD: &str = "表格文件设有打开密码，请在办公软件中取消密码后再导入";

/// Reads the visible sheets.
pub(crate) fn read(bytes: &[u8]) -> Result<Workbook, Unreadable> {
    check_zip(bytes, |_| false, |_| Ok(()))?;
    if is_encrypted(bytes) {
        return Err(Unreadable::because(PASSWORD));
    }
    let content = zip_entry(bytes, "content.xml")?;
    let content = String::from_utf8(content).map_err(|_| Unreadable::because(DAMAGED))?;
    guarded(DAMAGED, || read_content(&content))
}

/// Whether the manifest says that the content is encrypted.
fn is_encrypted(bytes: &[u8]) -> bool {
    let word = b"manifest:encryption-data";
    zip_entry(bytes, "META-INF/manifest.xml")
        .is_ok_and(|manifest| manifest.windows(word.len()).any(|window| window == word))
}

fn read_content(content: &str) -> Result<Workbook, Unreadable> {
    let mut reader = Reader::from_str(content);
    // An empty cell is written as one tag: it must be opened and closed like the others.
    reader.config_mut().expand_empty_elements = true;
    let mut state = State::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => state.open(&element),
            Ok(Event::End(element)) => state.close(element.name().as_ref())?,
            Ok(Event::Text(text)) => state.write(&text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => state.write(&resolved(&reference)),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(_) => return Err(Unreadable::because(DAMAGED)),
        }
    }
    // The file ends in the middle of a sheet: what was read may be half of it.
    if state.sheet.is_some() {
        return Err(Unreadable::because(DAMAGED));
    }
    Ok(state.workbook)
}

/// The letter that `&amp;` or `&#24180;` stands for.
fn resolved(reference: &BytesRef) -> String {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return letter.to_string();
    }
    let name = reference.xml10_content();
    resolve_predefined_entity(&name)
        .unwrap_or_default()
        .to_string()
}

/// A cell while it is read.
#[derive(Default)]
struct Cell {
    columns: usize,
    across: usize,
    down: usize,
    is_covered: bool,
    is_error: bool,
    is_percent: bool,
    has_formula: bool,
    value: Option<f64>,
    paragraphs: Vec<String>,
}

/// Where the reader stands.
#[derive(Default)]
struct State {
    workbook: Workbook,
    text_cells: usize,
    /// The style that is being read, and those whose sheets are hidden.
    style: String,
    hidden_styles: HashSet<String>,
    sheet: Option<Sheet>,
    is_hidden: bool,
    /// What the sheet does not show, the next of its columns, and how many groups of rows or
    /// columns are open that are folded away.
    hidden: Hidden,
    next_column: usize,
    folded: usize,
    row: usize,
    row_copies: usize,
    column: usize,
    /// The cells of the row, each with its column.
    cells: Vec<(usize, Cell)>,
    cell: Option<Cell>,
    /// How many paragraphs are open.
    paragraph_depth: usize,
    /// How many comments, notes and drawings are open: their text is none of the cell.
    aside_depth: usize,
}

impl State {
    fn open(&mut self, element: &BytesStart) {
        match element.name().as_ref() {
            "style:style" => self.style = attribute(element, "style:name").unwrap_or_default(),
            "style:table-properties" if is_hidden_style(element) => {
                self.hidden_styles.insert(self.style.clone());
            }
            "office:annotation" | "draw:frame" | "draw:custom-shape" | "table:shapes" => {
                self.aside_depth += 1;
            }
            // Tables inside a drawing are none of the sheet.
            _ if self.aside_depth > 0 => {}
            "table:table" if self.sheet.is_none() => self.open_sheet(element),
            _ if self.sheet.is_none() => {}
            "table:table-row-group" | "table:table-column-group" => self.open_group(element),
            "table:table-column" => self.take_columns(element),
            "table:table-row" => self.open_row(element),
            "table:table-cell" => self.cell = Some(new_cell(element, false)),
            "table:covered-table-cell" => self.cell = Some(new_cell(element, true)),
            "text:p" | "text:h" => self.open_paragraph(),
            "text:s" => self.write(&" ".repeat(count(element, "text:c").min(MOST_SPACES))),
            "text:tab" => self.write(" "),
            "text:line-break" => self.write("\n"),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) -> Result<(), Unreadable> {
        match name {
            "office:annotation" | "draw:frame" | "draw:custom-shape" | "table:shapes" => {
                self.aside_depth = self.aside_depth.saturating_sub(1);
            }
            _ if self.aside_depth > 0 => {}
            "text:p" | "text:h" => self.paragraph_depth = self.paragraph_depth.saturating_sub(1),
            "table:table-cell" | "table:covered-table-cell" => self.close_cell(),
            "table:table-row-group" | "table:table-column-group" => {
                self.folded = self.folded.saturating_sub(1);
            }
            "table:table-row" => self.close_row()?,
            "table:table" => self.close_sheet(),
            _ => {}
        }
        Ok(())
    }

    fn open_sheet(&mut self, element: &BytesStart) {
        let style = attribute(element, "table:style-name").unwrap_or_default();
        self.is_hidden = self.hidden_styles.contains(&style);
        let name = attribute(element, "table:name").unwrap_or_default();
        self.sheet = Some(Sheet::named(&name));
        self.row = 0;
        self.hidden = Hidden::default();
        self.next_column = 0;
        self.folded = 0;
    }

    /// A group inside of a folded one is folded too.
    fn open_group(&mut self, element: &BytesStart) {
        if self.folded > 0 || is_hidden_style(element) {
            self.folded += 1;
        }
    }

    fn take_columns(&mut self, element: &BytesStart) {
        let first = self.next_column;
        let columns = count(element, "table:number-columns-repeated").max(1);
        self.next_column = first.saturating_add(columns);
        if self.folded > 0 || !is_visible(element) {
            self.hidden.hide_columns(first..=self.next_column - 1);
        }
    }

    fn open_row(&mut self, element: &BytesStart) {
        self.row_copies = count(element, "table:number-rows-repeated").max(1);
        self.column = 0;
        if self.folded > 0 || !is_visible(element) {
            let last = self.row.saturating_add(self.row_copies - 1);
            self.hidden.hide_rows(self.row..=last);
        }
    }

    fn open_paragraph(&mut self) {
        self.paragraph_depth += 1;
        if let Some(cell) = &mut self.cell {
            cell.paragraphs.push(String::new());
        }
    }

    fn write(&mut self, text: &str) {
        if self.paragraph_depth == 0 || self.aside_depth > 0 {
            return;
        }
        if let Some(cell) = &mut self.cell
            && let Some(paragraph) = cell.paragraphs.last_mut()
        {
            paragraph.push_str(text);
        }
    }

    fn close_cell(&mut self) {
        // A damaged file may leave a paragraph open, and its text would go into the next cell.
        self.paragraph_depth = 0;
        let Some(cell) = self.cell.take() else {
            return;
        };
        let column = self.column;
        self.column = self.column.saturating_add(cell.columns);
        // Sheets end in millions of empty cells that say by how much they are repeated: none is
        // kept.
        let has_content = !cell.paragraphs.is_empty() || cell.value.is_some();
        let is_merged = cell.across > 1 || cell.down > 1;
        if !cell.is_covered && (has_content || is_merged || cell.has_formula) {
            self.cells.push((column, cell));
        }
    }

    /// Sets the cells of a row, as often as the row is repeated.
    fn close_row(&mut self) -> Result<(), Unreadable> {
        let cells = std::mem::take(&mut self.cells);
        let start = self.row;
        self.row = self.row.saturating_add(self.row_copies.max(1));
        let Some(sheet) = &mut self.sheet else {
            return Ok(());
        };
        if self.is_hidden {
            return Ok(());
        }
        for (first_column, cell) in cells {
            let text = shown_text(&cell);
            // A figure that nobody has reckoned yet: without a word it would be missing.
            if text.is_empty() && cell.has_formula {
                sheet.lose_formula((start, first_column));
            }
            add_region(sheet, start, first_column, &cell);
            if text.is_empty() {
                continue;
            }
            if self.row > MOST_ROWS || first_column.saturating_add(cell.columns) > MOST_COLUMNS {
                return Err(too_large());
            }
            for row in start..self.row {
                for column in first_column..first_column + cell.columns {
                    sheet.set((row, column), text.clone(), &mut self.text_cells)?;
                    if cell.is_error {
                        sheet.lose_error((row, column), &text);
                    }
                }
            }
        }
        Ok(())
    }

    fn close_sheet(&mut self) {
        let Some(mut sheet) = self.sheet.take() else {
            return;
        };
        sheet.leave_out(&self.hidden);
        if self.is_hidden {
            self.workbook.leave_out_hidden(&sheet.name);
        } else {
            self.workbook.sheets.push(sheet);
        }
    }
}

/// Whether rows or columns are shown: they may be folded away or filtered out.
fn is_visible(element: &BytesStart) -> bool {
    let visibility = attribute(element, "table:visibility");
    !matches!(visibility.as_deref(), Some("collapse" | "filter"))
}

/// Whether the sheets of a style, or the rows and columns of a group, are hidden.
fn is_hidden_style(element: &BytesStart) -> bool {
    attribute(element, "table:display").as_deref() == Some("false")
}

/// Adds the region of a merged cell.
fn add_region(sheet: &mut Sheet, row: usize, column: usize, cell: &Cell) {
    if cell.across <= 1 && cell.down <= 1 {
        return;
    }
    sheet.regions.push(Region {
        first: (row, column),
        last: (
            row.saturating_add(cell.down.clamp(1, MOST_REACH) - 1),
            column.saturating_add(cell.across.clamp(1, MOST_REACH) - 1),
        ),
    });
}

/// What a cell shows; its value where it stores no text.
fn shown_text(cell: &Cell) -> String {
    let text = cell.paragraphs.join("\n");
    let text = text.trim();
    match cell.value {
        // Programs that write no text leave the bare value, 0.05 for what is shown as 5%.
        Some(value) if text.is_empty() && cell.is_percent => shown_number(value, Some("0.#%")),
        Some(value) if text.is_empty() => shortest(value),
        _ => text.to_string(),
    }
}

fn new_cell(element: &BytesStart, is_covered: bool) -> Cell {
    let value = attribute(element, "office:value").and_then(|value| value.parse().ok());
    let kind = attribute(element, "office:value-type").unwrap_or_default();
    let shown_kind = attribute(element, "calcext:value-type").unwrap_or_default();
    Cell {
        columns: count(element, "table:number-columns-repeated"),
        across: count(element, "table:number-columns-spanned"),
        down: count(element, "table:number-rows-spanned"),
        is_covered,
        is_error: shown_kind == "error",
        is_percent: kind == "percentage",
        has_formula: attribute(element, "table:formula").is_some(),
        value,
        paragraphs: Vec::new(),
    }
}

/// An attribute's text.
fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).ok()??;
    let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

/// An attribute's number; 1 where it has none.
fn count(element: &BytesStart, name: &str) -> usize {
    let value = attribute(element, name).and_then(|value| value.parse().ok());
    value.unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &str) -> Result<Workbook, Unreadable> {
        read_content(&format!(
            "<office:document-content><table:table table:name='附件1'>{rows}</table:table>\
             </office:document-content>"
        ))
    }

    #[test]
    fn a_cell_has_the_text_that_it_shows() {
        let workbook = table(
            "<table:table-row>\
             <table:table-cell office:value-type='percentage' office:value='0.0529'>\
             <text:p>5.3%</text:p></table:table-cell>\
             <table:table-cell office:value='6'/>\
             <table:table-cell><text:p>甲<text:s text:c='2'/>&amp;乙</text:p><text:p>丙</text:p>\
             </table:table-cell></table:table-row>",
        );
        let sheet = &workbook.unwrap().sheets[0];
        assert_eq!(sheet.cells[&(0, 0)], "5.3%");
        assert_eq!(sheet.cells[&(0, 1)], "6");
        assert_eq!(sheet.cells[&(0, 2)], "甲  &乙\n丙");
    }

    #[test]
    fn rows_and_columns_that_are_not_shown_are_left_out_and_said() {
        let row = |visibility: &str, texts: &str| {
            let cells: String = texts
                .split('|')
                .map(|text| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>"))
                .collect();
            format!("<table:table-row table:visibility='{visibility}'>{cells}</table:table-row>")
        };
        let folded = format!(
            "<table:table-row-group table:display='false'><table:table-row-group>{}\
             </table:table-row-group>{}</table:table-row-group>",
            row("visible", "丙|5|6"),
            row("visible", "丁|7|8")
        );
        let columns = "<table:table-column table:number-columns-repeated='1'/>\
                       <table:table-column table:visibility='collapse'/><table:table-column/>";
        let workbook = table(&format!(
            "{columns}{}{}{folded}{}",
            row("visible", "甲|1|2"),
            row("filter", "乙|3|4"),
            row("visible", "戊|9|10")
        ));
        let sheet = &workbook.unwrap().sheets[0];
        let mut shown: Vec<&str> = sheet.cells.values().map(String::as_str).collect();
        shown.sort();
        assert_eq!(shown, ["10", "2", "戊", "甲"]);
        let said = &sheet.losses[0].what;
        assert!(
            said.starts_with("隐藏的第2行、第3行、第4行、B列没有读入"),
            "{said}"
        );
    }

    #[test]
    fn repeated_empty_cells_take_no_memory_and_repeated_text_is_refused() {
        let empty = "<table:table-row table:number-rows-repeated='2000000000'>\
                     <table:table-cell table:number-columns-repeated='2000000000'/>\
                     </table:table-row>";
        assert!(table(empty).unwrap().sheets[0].cells.is_empty());
        let full = empty.replace(
            "/></table:table-row>",
            "><text:p>1</text:p></table:table-cell></table:table-row>",
        );
        assert!(table(&full).is_err());
    }
}
