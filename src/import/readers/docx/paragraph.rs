//! The text of a paragraph as Word shows it.

use super::super::raised::{is_mark, raised_text};
use super::super::xml::{Element, Node};
use super::styles::Styles;
use crate::import::pattern::count_solid;

/// Letters of a document, counted by what became of them; blanks do not count.
#[derive(Debug, Default)]
pub(crate) struct Left {
    /// Read into lines and cells.
    pub placed: usize,
    /// Deleted in a tracked change.
    pub deleted: usize,
    pub hidden: usize,
    /// In text boxes and drawings.
    pub boxed: usize,
    /// In a table of contents.
    pub contents: usize,
}

impl Left {
    /// All letters that were left out.
    pub(crate) fn all(&self) -> usize {
        self.deleted + self.hidden + self.boxed + self.contents
    }
}

/// The text of a paragraph; line breaks within it are `\n`. `mark` gives what stands for a note,
/// from its sort (`footnote`, `endnote`) and its id.
pub(crate) fn text(
    paragraph: &Element,
    styles: &Styles,
    left: &mut Left,
    mark: &mut dyn FnMut(&'static str, &str) -> String,
) -> String {
    let mut text = String::new();
    inline(paragraph, styles, &mut text, left, mark);
    text
}

fn inline(
    parent: &Element,
    styles: &Styles,
    text: &mut String,
    left: &mut Left,
    mark: &mut dyn FnMut(&'static str, &str) -> String,
) {
    for element in parent.elements() {
        match element.name.as_str() {
            "del" | "moveFrom" => left.deleted += letters(element),
            "drawing" | "pict" | "object" | "AlternateContent" => left.boxed += letters(element),
            "r" if is_hidden(element) || styles.is_hidden(run_style(element)) => {
                left.hidden += letters(element);
            }
            // Struck through is deleted for whoever reads it, whether or not Word tracked it.
            "r" if is_struck(element) => left.deleted += letters(element),
            "r" if is_raised(element) => raised(element, text, left),
            "t" => {
                let run = element.text();
                left.placed += count_solid(&run);
                // A line end in the file is no line end of the page.
                text.push_str(&run.replace('\n', " "));
            }
            "tab" | "ptab" if parent.name == "r" => text.push(' '),
            "br" | "cr" => text.push('\n'),
            "noBreakHyphen" => text.push('-'),
            "sym" => text.extend(symbol(element)),
            "footnoteReference" => note("footnote", element, text, mark),
            "endnoteReference" => note("endnote", element, text, mark),
            // Properties, instructions of fields and deleted text show nothing.
            "pPr" | "rPr" | "instrText" | "delText" | "delInstrText" => {}
            _ => inline(element, styles, text, left, mark),
        }
    }
}

fn note(
    sort: &'static str,
    element: &Element,
    text: &mut String,
    mark: &mut dyn FnMut(&'static str, &str) -> String,
) {
    if let Some(id) = element.attribute("id") {
        text.push_str(&mark(sort, id));
    }
}

fn run_style(run: &Element) -> &str {
    let properties = run.child("rPr");
    let style = properties.and_then(|properties| properties.value_of("rStyle"));
    style.unwrap_or_default()
}

/// Whether a property of a run is set and not switched off.
fn has(run: &Element, property: &str) -> bool {
    let properties = run.child("rPr");
    let found = properties.and_then(|properties| properties.child(property));
    found.is_some_and(|found| !matches!(found.attribute("val"), Some("0" | "false" | "off")))
}

fn is_hidden(run: &Element) -> bool {
    has(run, "vanish")
}

fn is_struck(run: &Element) -> bool {
    has(run, "strike") || has(run, "dstrike")
}

/// Whether a run is raised figures and nothing else: the mark of a note that somebody typed.
fn is_raised(run: &Element) -> bool {
    let properties = run.child("rPr");
    let align = properties.and_then(|properties| properties.value_of("vertAlign"));
    align == Some("superscript") && is_mark(&own_text(run))
}

fn own_text(run: &Element) -> String {
    let texts = run.elements().filter(|element| element.name == "t");
    texts.map(Element::text).collect()
}

fn raised(run: &Element, text: &mut String, left: &mut Left) {
    let figures = own_text(run);
    left.placed += count_solid(&figures);
    let shown = raised_text(text, &figures);
    text.push_str(&shown);
}

/// A letter of a symbol font; those of private areas are drawings.
fn symbol(element: &Element) -> Option<char> {
    let code = u32::from_str_radix(element.attribute("char")?, 16).ok()?;
    let letter = char::from_u32(code)?;
    (!(0xE000..=0xF8FF).contains(&code)).then_some(letter)
}

/// The letters that stand in an element, however deep, deleted ones too.
pub(crate) fn letters(element: &Element) -> usize {
    let own = element.children.iter().map(|child| match child {
        Node::Element(inner) if matches!(inner.name.as_str(), "t" | "delText") => {
            count_solid(&inner.text())
        }
        Node::Element(inner) => letters(inner),
        Node::Text(_) => 0,
    });
    own.sum()
}
