//! Web pages: the article without what stands around it, its tables, its marks. Tags are form, not
//! text.

mod article;
mod lines;
mod size;

use super::{Reader, Unreadable, raised};
use crate::import::document::{Document, Loss, SpannedCell};
use crate::language::decode;
use lines::LineText;
use scraper::{ElementRef, Html, Node};

/// A web page.
pub(crate) struct Page;

impl Reader for Page {
    fn name(&self) -> &'static str {
        "网页"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["html", "htm", "shtml", "xhtml"]
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        decode(bytes).is_ok_and(|text| looks_like_html(&text))
    }

    fn read(&self, bytes: &[u8]) -> Result<Document, Unreadable> {
        let text = decode(bytes)
            .map_err(|advice| Unreadable(advice.trim_end_matches('。').to_string()))?;
        read(&text)
    }
}

const BLOCKS: &[&str] = &[
    "p",
    "div",
    "li",
    "section",
    "article",
    "main",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "td",
    "th",
    "br",
    "ul",
    "ol",
    "body",
    "blockquote",
    "center",
    "dd",
    "dt",
    "dl",
    "hr",
];
const SILENT: &[&str] = &[
    "script", "style", "head", "noscript", "template", "iframe", "button", "select", "textarea",
    "nav", "footer", "aside",
];
const DELETED: &[&str] = &["del", "s", "strike"];
/// Deeper pages are damaged or made to do harm; those of offices have some thirty levels.
const DEEPEST: usize = 400;
/// A cell with more text than this holds a part of the page, not a value, in letters.
const LONGEST_CELL: usize = 400;

/// Whether a text is HTML: a tag of a document or of a table stands in it.
fn looks_like_html(text: &str) -> bool {
    let start = text
        // A page opens its tags at its beginning; a text that quotes one far below is no page.
        .get(..text.floor_char_boundary(20_000))
        .unwrap_or(text)
        .to_ascii_lowercase();
    ["<html", "<table", "<body", "<p>", "<h1", "<div"]
        .iter()
        .any(|tag| start.contains(tag))
        && start.contains("</")
}

/// Reads the article of a page into blocks.
pub(crate) fn read(html: &str) -> Result<Document, Unreadable> {
    // Before it is parsed: the parser is what takes long.
    size::check(html)?;
    let page = Html::parse_document(html);
    let root = page.root_element();
    let article = article::of(root);
    let mut reading = Reading {
        hidden_classes: article::hidden_classes(html),
        ..Reading::default()
    };
    if let Some(title) = article::title_outside(root, article) {
        reading.document.add_line(&title, true);
    }
    reading.visit(article, Around::default());
    reading.end_line(false);
    if reading.is_too_deep {
        return Err(too_deep());
    }
    let skipped = article::letters(root).saturating_sub(article::letters(article));
    reading.say_losses(skipped);
    Ok(reading.document)
}

fn too_deep() -> Unreadable {
    Unreadable(format!(
        "网页嵌套超过 {DEEPEST} 层，可能已损坏；请在浏览器里另存后再导入"
    ))
}

/// What surrounds an element.
#[derive(Clone, Copy, Default)]
struct Around {
    is_heading: bool,
    depth: usize,
}

#[derive(Default)]
struct Reading {
    document: Document,
    line: LineText,
    deleted: usize,
    hidden: usize,
    is_too_deep: bool,
    /// Classes that the page itself says are not shown.
    hidden_classes: Vec<String>,
}

impl Reading {
    fn is_hidden_by_class(&self, element: ElementRef<'_>) -> bool {
        let mut classes = element.value().classes();
        classes.any(|class| self.hidden_classes.iter().any(|hidden| hidden == class))
    }

    fn visit(&mut self, element: ElementRef<'_>, around: Around) {
        if around.depth > DEEPEST {
            self.is_too_deep = true;
            return;
        }
        let mut number = list_start(element);
        for child in element.children() {
            if let Node::Text(text) = child.value() {
                self.line.push(text);
            } else if let Some(inner) = ElementRef::wrap(child) {
                self.element(inner, around, &mut number);
            }
        }
    }

    fn element(&mut self, element: ElementRef<'_>, around: Around, number: &mut Option<usize>) {
        let name = element.value().name();
        if SILENT.contains(&name) {
            return;
        }
        if DELETED.contains(&name) {
            self.deleted += article::letters(element);
            return;
        }
        if article::is_struck(element) {
            self.deleted += article::letters(element);
            return;
        }
        if article::is_hidden(element) || self.is_hidden_by_class(element) {
            self.hidden += article::letters(element);
            return;
        }
        // Word and its relatives link a note's mark.
        let is_link = name == "a"
            && element
                .value()
                .attr("href")
                .is_some_and(|to| to.starts_with('#'));
        let text = || element.text().collect::<String>();
        if is_link && raised::is_mark(&text()) {
            self.line.push_raised(&text());
            return;
        }
        if name == "sup" {
            let text: String = element.text().collect();
            self.line.push_raised(&text);
            return;
        }
        // A table for layout is read as blocks, like the rest of the page.
        if name == "table" && !is_layout(element) {
            self.end_line(around.is_heading);
            let rows = rows(element, self);
            self.document.add_table(rows);
            return;
        }
        let is_block = BLOCKS.contains(&name);
        let inner = Around {
            is_heading: is_block && name.len() == 2 && name.starts_with('h') && name != "hr",
            depth: around.depth + 1,
        };
        if is_block {
            self.end_line(around.is_heading);
        }
        if name == "li"
            && let Some(number) = number
        {
            self.line.number(*number);
            *number += 1;
        }
        self.visit(element, inner);
        if is_block {
            self.end_line(inner.is_heading);
        }
    }

    fn end_line(&mut self, heading: bool) {
        let text = self.line.take();
        self.document.add_line(&text, heading);
    }

    fn say_losses(&mut self, skipped: usize) {
        let told = [
            (skipped, "正文以外的文字（导航、页脚、相关链接等）没有录入"),
            (self.deleted, "标为删除的文字没有录入"),
            (self.hidden, "网页上不显示的文字没有录入"),
        ];
        for (letters, what) in told.into_iter().filter(|(letters, _)| *letters > 0) {
            self.document.losses.push(Loss {
                place: String::new(),
                what: format!("{what}（{letters} 字）"),
                is_grave: false,
            });
        }
    }
}

/// The first number of an ordered list.
fn list_start(element: ElementRef<'_>) -> Option<usize> {
    (element.value().name() == "ol").then(|| {
        let start = element.value().attr("start");
        start.and_then(|start| start.parse().ok()).unwrap_or(1)
    })
}

/// A table that holds parts of the page and no values: another table stands in it, it has one
/// column, or one of its cells is as long as a paragraph.
fn is_layout(table: ElementRef<'_>) -> bool {
    let mut is_column = true;
    for element in table.descendants().skip(1).filter_map(ElementRef::wrap) {
        match element.value().name() {
            "table" => return true,
            "tr" => is_column &= cells_of(element).count() <= 1,
            "td" | "th" if article::letters(element) > LONGEST_CELL => return true,
            _ => {}
        }
    }
    is_column
}

fn cells_of(row: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    let children = row.children().filter_map(ElementRef::wrap);
    children.filter(|element| matches!(element.value().name(), "td" | "th"))
}

fn rows(table: ElementRef<'_>, reading: &mut Reading) -> Vec<Vec<SpannedCell>> {
    let elements = table.descendants().filter_map(ElementRef::wrap);
    let rows: Vec<ElementRef<'_>> = elements
        .filter(|element| element.value().name() == "tr")
        .filter(|row| {
            let is_hidden = article::is_hidden(*row) || reading.is_hidden_by_class(*row);
            reading.hidden += if is_hidden { article::letters(*row) } else { 0 };
            !is_hidden
        })
        .collect();
    let rows = rows.into_iter();
    rows.map(|row| cells_of(row).map(|cell| spanned(cell, reading)).collect())
        .collect()
}

fn spanned(cell: ElementRef<'_>, reading: &mut Reading) -> SpannedCell {
    let span = |name| {
        let written = cell.value().attr(name);
        written.and_then(|written| written.trim().parse::<usize>().ok())
    };
    // A cell is read like a page of its own, so that marks and deletions are treated alike.
    let mut inner = Reading {
        hidden_classes: reading.hidden_classes.clone(),
        ..Reading::default()
    };
    inner.visit(cell, Around::default());
    inner.end_line(false);
    reading.deleted += inner.deleted;
    reading.hidden += inner.hidden;
    reading.is_too_deep |= inner.is_too_deep;
    SpannedCell {
        lines: inner.document.text.lines().map(String::from).collect(),
        across: span("colspan").unwrap_or(1),
        down: span("rowspan").unwrap_or(1),
    }
}
