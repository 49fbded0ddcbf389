//! HTML: the text of its blocks and tables. Tags are form, not text.

use super::document::{Block, Document, Row, Span, TableCell};
use scraper::{ElementRef, Html, Node};

const BLOCKS: &[&str] = &[
    "p", "div", "li", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "br", "ul",
    "ol", "body",
];
const SILENT: &[&str] = &["script", "style", "head", "noscript"];

/// Whether a text is HTML: a tag of a document or of a table stands in it.
pub fn looks_like_html(text: &str) -> bool {
    let start = text
        .get(..text.floor_char_boundary(20_000))
        .unwrap_or(text)
        .to_ascii_lowercase();
    ["<html", "<table", "<body", "<p>", "<h1"]
        .iter()
        .any(|tag| start.contains(tag))
        && start.contains("</")
}

/// Reads the text of an HTML page into blocks.
pub fn read(html: &str) -> Document {
    let page = Html::parse_document(html);
    let mut document = Document::default();
    let mut line = String::new();
    visit(page.root_element(), &mut document, &mut line, false);
    end_line(&mut document, &mut line, false);
    document
}

fn visit(element: ElementRef<'_>, document: &mut Document, line: &mut String, heading: bool) {
    for child in element.children() {
        match child.value() {
            Node::Text(text) => {
                line.push_str(&text.split_whitespace().collect::<Vec<_>>().join(" "))
            }
            Node::Element(inner) => {
                let Some(child) = ElementRef::wrap(child) else {
                    continue;
                };
                let name = inner.name();
                if SILENT.contains(&name) {
                    continue;
                }
                if name == "table" {
                    end_line(document, line, heading);
                    let rows = table(child, document);
                    document.blocks.push(Block::Table(rows));
                    continue;
                }
                let block = BLOCKS.contains(&name);
                let inner_heading = block && name.len() == 2 && name.starts_with('h');
                if block {
                    end_line(document, line, heading);
                }
                visit(child, document, line, inner_heading);
                if block {
                    end_line(document, line, inner_heading);
                }
            }
            _ => {}
        }
    }
}

fn end_line(document: &mut Document, line: &mut String, heading: bool) {
    if let Some(span) = append(document, line) {
        document.blocks.push(Block::Line { span, heading });
    }
    line.clear();
}

fn append(document: &mut Document, text: &str) -> Option<Span> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let start = document.text.len();
    document.text.push_str(text);
    let end = document.text.len();
    document.text.push('\n');
    Some(start..end)
}

/// A cell that spans rows is empty in the rows below it; one that spans columns leaves the further
/// ones empty.
fn table(element: ElementRef<'_>, document: &mut Document) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut reaching_down: Vec<usize> = Vec::new();
    for row in element
        .descendants()
        .filter_map(ElementRef::wrap)
        .filter(|e| e.value().name() == "tr")
    {
        let mut cells: Vec<TableCell> = Vec::new();
        let take_reaching = |cells: &mut Vec<TableCell>, reaching: &mut Vec<usize>| {
            while reaching.get(cells.len()).is_some_and(|left| *left > 0) {
                reaching[cells.len()] -= 1;
                cells.push(TableCell::default());
            }
        };
        for cell in row
            .children()
            .filter_map(ElementRef::wrap)
            .filter(|e| matches!(e.value().name(), "td" | "th"))
        {
            take_reaching(&mut cells, &mut reaching_down);
            let span = |name| {
                cell.value()
                    .attr(name)
                    .and_then(|v| v.parse::<usize>().ok())
                    .unwrap_or(1)
                    .clamp(1, 100)
            };
            let (across, down) = (span("colspan"), span("rowspan"));
            let text = cell
                .text()
                .collect::<String>()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            let pieces = append(document, &text).into_iter().collect();
            for column in 0..across {
                let at = cells.len();
                if reaching_down.len() <= at {
                    reaching_down.resize(at + 1, 0);
                }
                reaching_down[at] = down - 1;
                cells.push(TableCell {
                    pieces: if column == 0 {
                        Vec::clone(&pieces)
                    } else {
                        Vec::new()
                    },
                });
            }
        }
        take_reaching(&mut cells, &mut reaching_down);
        if !cells.is_empty() {
            rows.push(Row { cells });
        }
    }
    rows
}
