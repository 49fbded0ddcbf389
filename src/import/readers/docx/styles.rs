//! Styles of paragraphs: which are headings, which are numbered, which are hidden.

use super::super::xml::Element;
use std::collections::HashMap;

/// A style inherits from another one at most so often.
const MOST_ANCESTORS: usize = 20;

/// What a style says of its paragraphs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Style {
    name: String,
    based_on: Option<String>,
    outline_level: Option<usize>,
    list: Option<String>,
    level: Option<usize>,
    is_hidden: bool,
}

/// The styles of a document by their ids.
#[derive(Debug, Default)]
pub(crate) struct Styles(HashMap<String, Style>);

impl Styles {
    /// Reads the part `styles.xml`.
    pub(crate) fn of(part: &Element) -> Self {
        let styles = part.elements().filter(|element| element.name == "style");
        let styles = styles.filter_map(|style| {
            let id = style.attribute("styleId")?.to_string();
            let properties = style.child("pPr");
            let list = properties.and_then(|properties| properties.child("numPr"));
            let number = |value: Option<&str>| value.and_then(|value| value.parse().ok());
            let style = Style {
                name: style.value_of("name").unwrap_or_default().to_lowercase(),
                based_on: style.value_of("basedOn").map(String::from),
                outline_level: number(properties.and_then(|p| p.value_of("outlineLvl"))),
                list: list
                    .and_then(|list| list.value_of("numId"))
                    .map(String::from),
                level: number(list.and_then(|list| list.value_of("ilvl"))),
                is_hidden: style
                    .child("rPr")
                    .is_some_and(|run| run.child("vanish").is_some()),
            };
            Some((id, style))
        });
        Self(styles.collect())
    }

    /// Whether paragraphs of a style are headings.
    pub(crate) fn is_heading(&self, id: &str) -> bool {
        let says = |style: &Style| {
            let name = style.name.as_str();
            let named = name.starts_with("heading ") || name.starts_with("标题") || name == "title";
            // Level nine is running text.
            (named || style.outline_level.is_some_and(|level| level < 9)).then_some(())
        };
        self.first(id, &says).is_some()
    }

    /// Whether paragraphs of a style are lines of a table of contents.
    pub(crate) fn is_contents(&self, id: &str) -> bool {
        let says = |style: &Style| {
            let name = style.name.as_str();
            (name.starts_with("toc ") || name.starts_with("目录")).then_some(())
        };
        self.first(id, &says).is_some()
    }

    /// Whether what has a style is hidden.
    pub(crate) fn is_hidden(&self, id: &str) -> bool {
        self.first(id, &|style| style.is_hidden.then_some(()))
            .is_some()
    }

    /// The list that a style numbers its paragraphs by, and the level.
    pub(crate) fn list(&self, id: &str) -> Option<(String, usize)> {
        let list = self.first(id, &|style| style.list.clone())?;
        let level = self.first(id, &|style| style.level).unwrap_or(0);
        Some((list, level))
    }

    /// What the nearest of a style and those that it inherits from says.
    fn first<T>(&self, id: &str, says: &dyn Fn(&Style) -> Option<T>) -> Option<T> {
        let mut at = self.0.get(id)?;
        // Counted, since damaged files have styles that inherit from each other.
        for _ in 0..MOST_ANCESTORS {
            if let Some(said) = says(at) {
                return Some(said);
            }
            at = self.0.get(at.based_on.as_ref()?)?;
        }
        None
    }
}
