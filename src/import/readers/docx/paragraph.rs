//! The text of a paragraph as Word shows it.

use super::super::xml::{Element, Node};

/// Letters of a document, counted by what became of them; blanks do not count.
#[derive(Debug, Default)]
pub struct Left {
    /// Read into lines and cells.
    pub placed: usize,
    /// Deleted in a tracked change.
    pub deleted: usize,
    /// Hidden.
    pub hidden: usize,
    /// In text boxes and drawings.
    pub boxed: usize,
    /// In a table of contents.
    pub contents: usize,
}

impl Left {
    /// All letters that were left out.
    pub fn all(&self) -> usize {
        self.deleted + self.hidden + self.boxed + self.contents
    }
}

/// The text of a paragraph; line breaks within it are `\n`. `mark` gives what stands for a note,
/// from its sort (`footnote`, `endnote`) and its id.
pub fn text(
    paragraph: &Element,
    left: &mut Left,
    mark: &mut dyn FnMut(&'static str, &str) -> String,
) -> String {
    let mut text = String::new();
    inline(paragraph, &mut text, left, mark);
    text
}

fn inline(
    parent: &Element,
    text: &mut String,
    left: &mut Left,
    mark: &mut dyn FnMut(&'static str, &str) -> String,
) {
    for element in parent.elements() {
        match element.name.as_str() {
            "del" | "moveFrom" => left.deleted += letters(element),
            "drawing" | "pict" | "object" | "AlternateContent" => left.boxed += letters(element),
            "r" if is_hidden(element) => left.hidden += letters(element),
            "t" => {
                let run = element.text();
                left.placed += run.chars().filter(|c| !c.is_whitespace()).count();
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
            _ => inline(element, text, left, mark),
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

fn is_hidden(run: &Element) -> bool {
    let vanish = run
        .child("rPr")
        .and_then(|properties| properties.child("vanish"));
    vanish.is_some_and(|vanish| !matches!(vanish.attribute("val"), Some("0" | "false" | "off")))
}

/// A letter of a symbol font; those of private areas are drawings.
fn symbol(element: &Element) -> Option<char> {
    let code = u32::from_str_radix(element.attribute("char")?, 16).ok()?;
    let letter = char::from_u32(code)?;
    (!(0xE000..=0xF8FF).contains(&code)).then_some(letter)
}

/// The letters that stand in an element, however deep, deleted ones too.
pub fn letters(element: &Element) -> usize {
    let own = element.children.iter().map(|child| match child {
        Node::Element(inner) if matches!(inner.name.as_str(), "t" | "delText") => {
            inner.text().chars().filter(|c| !c.is_whitespace()).count()
        }
        Node::Element(inner) => letters(inner),
        Node::Text(_) => 0,
    });
    own.sum()
}
