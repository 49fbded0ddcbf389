//! XML as a small tree of local names: what is left of a part once its prefixes are gone.

use super::Unreadable;
use crate::language::decode;
use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesStart, Event};

#[derive(Debug, Default)]
pub(crate) struct Element {
    /// Its name without prefix.
    pub name: String,
    /// Its attributes, names without prefix.
    attributes: Vec<(String, String)>,
    /// What it holds, in order.
    pub children: Vec<Node>,
}

/// What an element holds.
#[derive(Debug)]
pub(crate) enum Node {
    Element(Element),
    Text(String),
}

/// Deeper parts are damaged or made to do harm.
const DEEPEST: usize = 250;
/// A report of sixty pages has some 30,000; each takes some 400 bytes until its rows are read.
const MOST_ELEMENTS: usize = 500_000;

impl Element {
    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The elements that it holds.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element of a name that it holds.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.name == name)
    }

    /// The attribute `val` of the first element of a name that it holds.
    pub(crate) fn value_of(&self, name: &str) -> Option<&str> {
        self.child(name)?.attribute("val")
    }

    /// Its own text.
    pub(crate) fn text(&self) -> String {
        let texts = self.children.iter().filter_map(|child| match child {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        });
        texts.collect()
    }
}

/// Parses a part.
///
/// # Errors
/// Where it is no well-formed XML, nested too deeply or larger than any report.
pub(crate) fn parse(bytes: &[u8], part: &str) -> Result<Element, Unreadable> {
    let damaged = || Unreadable(format!("文件的 {part} 部分已损坏；请重新保存或重新下载"));
    let text = decode(bytes).map_err(|_| damaged())?;
    let mut reader = Reader::from_str(&text);
    let mut open: Vec<Element> = vec![Element::default()];
    let mut elements = 0;
    loop {
        let event = reader.read_event().map_err(|_| damaged())?;
        elements += usize::from(matches!(event, Event::Start(_) | Event::Empty(_)));
        if elements > MOST_ELEMENTS {
            return Err(Unreadable(format!(
                "文件的 {part} 部分太大（超过 {MOST_ELEMENTS} 个元素），不像是一份报告；请只留下报告本身后再导入"
            )));
        }
        match event {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    return Err(Unreadable(format!(
                        "文件的 {part} 部分嵌套超过 {DEEPEST} 层，可能已损坏；请重新保存后再导入"
                    )));
                }
                open.push(element(&start));
            }
            Event::Empty(start) => {
                let element = element(&start);
                add(&mut open, Node::Element(element));
            }
            Event::End(_) => {
                let closed = open.pop().filter(|_| !open.is_empty());
                add(&mut open, Node::Element(closed.ok_or_else(damaged)?));
            }
            Event::Text(text) => add_text(&mut open, &text),
            Event::CData(text) => add_text(&mut open, &text),
            Event::GeneralRef(reference) => {
                let letter = match reference.resolve_char_ref() {
                    Ok(Some(letter)) => letter.to_string(),
                    _ => resolve_predefined_entity(&reference)
                        .unwrap_or_default()
                        .to_string(),
                };
                add_text(&mut open, &letter);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let root = open.pop().filter(|_| open.is_empty()).ok_or_else(damaged)?;
    let elements = root.children.into_iter().filter_map(|child| match child {
        Node::Element(element) => Some(element),
        Node::Text(_) => None,
    });
    elements.into_iter().next().ok_or_else(damaged)
}

fn element(start: &BytesStart<'_>) -> Element {
    let mut attributes = start.attributes();
    let attributes = attributes.with_checks(false).flatten().map(|attribute| {
        let value = match unescape(&attribute.value) {
            Ok(value) => value.into_owned(),
            Err(_) => attribute.value.to_string(),
        };
        (attribute.key.local_name().as_ref().to_string(), value)
    });
    Element {
        name: start.local_name().as_ref().to_string(),
        attributes: attributes.collect(),
        children: Vec::new(),
    }
}

fn add(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

fn add_text(open: &mut [Element], text: &str) {
    let Some(parent) = open.last_mut() else {
        return;
    };
    match parent.children.last_mut() {
        Some(Node::Text(known)) => known.push_str(text),
        _ => parent.children.push(Node::Text(text.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_becomes_a_tree_of_local_names() {
        let xml = br#"<?xml version="1.0"?><w:p w:id="3"><w:t>A&amp;B&#x4E2D;</w:t><w:br/></w:p>"#;
        let tree = parse(xml, "x").unwrap();
        assert_eq!(tree.name, "p");
        assert_eq!(tree.attribute("id"), Some("3"));
        assert_eq!(tree.child("t").unwrap().text(), "A&B中");
        assert!(tree.child("br").is_some());
    }

    #[test]
    fn what_is_broken_or_too_deep_is_an_error() {
        assert!(parse(b"<a><b></a>", "x").is_err());
        assert!(parse(b"<a>", "x").is_err());
        assert!(parse(b"", "x").is_err());
        let deep = "<a>".repeat(20_000) + &"</a>".repeat(20_000);
        assert!(parse(deep.as_bytes(), "x").is_err());
    }
}
