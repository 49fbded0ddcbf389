//! Which part of a page is the article: the smallest element that has nearly all of its sentences.

use crate::import::pattern::{count_solid, pattern};
use once_cell::sync::Lazy;
use regex::Regex;
use scraper::{ElementRef, Node};

static HIDDEN_CLASS: Lazy<Regex> = Lazy::new(|| pattern(r"\.([\w-]+)\s*\{[^}]*display\s*:\s*none"));

/// The article has at least so many hundredths of the page's text outside of links.
const LEAST_SHARE: usize = 85;

/// An article repeats the page's heading in its first letters, if it does.
const OPENING: usize = 400;
/// So many letters in a row of a heading are no chance.
const LEAST_REPEATED: usize = 12;

/// The element of the article; the whole page where no element stands out.
pub(crate) fn of(root: ElementRef<'_>) -> ElementRef<'_> {
    // Without links: navigation may have more letters than the report, but no sentences.
    let whole = sentences(root);
    let mut article = root;
    for _ in 0..super::DEEPEST {
        let children = article.children().filter_map(ElementRef::wrap);
        let largest = children
            .map(|child| (sentences(child), child))
            .max_by_key(|(letters, _)| *letters);
        let Some((letters, child)) = largest else {
            return article;
        };
        let is_part = match child.value().name() {
            "table" => !super::is_layout(child),
            "tr" | "thead" | "tbody" | "p" | "span" | "font" | "ul" | "ol" => {
                !has_block_inside(child)
            }
            _ => false,
        };
        if letters * 100 < whole * LEAST_SHARE || is_part {
            return article;
        }
        article = child;
    }
    article
}

/// Whether an element has parts that could be the article themselves.
fn has_block_inside(element: ElementRef<'_>) -> bool {
    let inner = element.descendants().skip(1).filter_map(ElementRef::wrap);
    inner
        .into_iter()
        .any(|inner| matches!(inner.value().name(), "p" | "div" | "td" | "table"))
}

/// The page's heading, where it stands outside of the article and the article does not repeat it.
pub(crate) fn title_outside(root: ElementRef<'_>, article: ElementRef<'_>) -> Option<String> {
    let solid = |element: ElementRef<'_>| -> String {
        let text: String = element.text().collect();
        text.split_whitespace().collect()
    };
    let within = solid(article);
    let elements = root.descendants().filter_map(ElementRef::wrap);
    let mut headings = elements.filter(|element| matches!(element.value().name(), "h1" | "h2"));
    let heading = headings.find(|heading| {
        let text = solid(*heading);
        ["报告", "计划", "纲要"]
            .iter()
            .any(|word| text.contains(word))
    })?;
    let title = solid(heading);
    let letters: Vec<char> = title.chars().collect();
    let opening: String = within.chars().take(OPENING).collect();
    let repeats = letters
        .windows(LEAST_REPEATED.min(letters.len().max(1)))
        .any(|window| opening.contains(&window.iter().collect::<String>()));
    (!repeats).then_some(title)
}

/// Whether a browser would not show it.
pub(crate) fn is_hidden(element: ElementRef<'_>) -> bool {
    let style = element.value().attr("style").unwrap_or_default();
    let style: String = style.to_ascii_lowercase().split_whitespace().collect();
    element.value().attr("hidden").is_some()
        || style.contains("display:none")
        || style.contains("visibility:hidden")
        || style.contains("font-size:0;")
        || style.ends_with("font-size:0")
}

/// Whether it is struck through.
pub(crate) fn is_struck(element: ElementRef<'_>) -> bool {
    let style = element.value().attr("style").unwrap_or_default();
    style.to_ascii_lowercase().contains("line-through")
}

/// The classes that a page's own style says are not shown.
pub(crate) fn hidden_classes(html: &str) -> Vec<String> {
    let hidden = HIDDEN_CLASS.captures_iter(html);
    hidden
        .filter_map(|found| Some(found.get(1)?.as_str().to_string()))
        .collect()
}

/// How many letters an element has that are not blank, scripts aside.
pub(crate) fn letters(element: ElementRef<'_>) -> usize {
    count(element, &|_| true)
}

/// The same without links: the words of an article.
fn sentences(element: ElementRef<'_>) -> usize {
    count(element, &|name| name != "a")
}

fn count(element: ElementRef<'_>, counts: &dyn Fn(&str) -> bool) -> usize {
    let texts = element.descendants().filter_map(|node| {
        let Node::Text(text) = node.value() else {
            return None;
        };
        let parent = node.parent().and_then(ElementRef::wrap)?;
        let name = parent.value().name();
        let is_shown = !matches!(name, "script" | "style" | "title" | "noscript");
        (is_shown && counts(name)).then_some(text)
    });
    texts.map(|text| count_solid(text)).sum()
}
