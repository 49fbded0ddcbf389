//! The full text with a search: every paragraph and every sentence has an address, and citations
//! lead there.

use super::fault::Fault;
use super::form::Asked;
use super::glossary_page::{Search, form};
use super::highlight::{holds, marked, words};
use super::indicator_rows::plan_of;
use super::shell::{self, Tab};
use super::site::Site;
use super::visitor::Visitor;
use crate::model::{Passage, Plan, SectionPath};
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;

/// A paragraph: its number and its sentences with their positions.
type Paragraph<'a> = (usize, Vec<(usize, &'a Passage)>);

/// The page.
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Asked(search): Asked<Search>,
) -> Result<Response, Fault> {
    let edition = site.app.edition();
    let plan = plan_of(&edition, &search.plan).ok_or_else(Fault::absent)?;
    let words = words(&search.q);
    let all = paragraphs(plan);
    let whole = |paragraph: &Paragraph<'_>| {
        paragraph
            .1
            .iter()
            .map(|(_, passage)| passage.text.as_str())
            .collect::<String>()
    };
    let found: Vec<Paragraph<'_>> = all
        .into_iter()
        .filter(|paragraph| holds(&whole(paragraph), &words))
        .collect();
    let notes: Vec<_> = plan
        .notes
        .iter()
        .enumerate()
        .filter(|(_, note)| holds(&note.text, &words))
        .collect();
    let content = html! {
        p.scope { (plan.title) " " a href=(format!("/text/original?plan={}", plan.id)) { "下载原文件" } }
        (form("/text", &search, "在全文里找"))
        p.tools role="status" { "共 " (found.len()) " 段，脚注和备注 " (notes.len()) " 条" }
        @if found.is_empty() && notes.is_empty() { p.empty { "没有找到；请换个词，或到“聊天”里问。" } }
        article.text {
            (body(&found, &words))
            @if !notes.is_empty() {
                h2 { "脚注和备注" }
                @for (at, note) in notes { p id=(format!("n{at}")) { a.anchor href=(format!("#n{at}")) { (note.place) } " " (marked(&note.text, &words)) } }
            }
        }
    };
    Ok(shell::page(&site, Tab::Text, "全文", &visitor, content))
}

/// The document that the plan was imported from, as it was received.
pub(super) async fn original(
    State(site): State<Arc<Site>>,
    Asked(search): Asked<Search>,
) -> Result<Response, Fault> {
    let edition = site.app.edition();
    let plan = plan_of(&edition, &search.plan).ok_or_else(Fault::absent)?;
    let (name, bytes) = site.app.original(&plan.id.0).ok_or_else(|| {
        Fault::new(
            StatusCode::NOT_FOUND,
            "这份计划没有留下原文件；请向整理数据的人要。",
        )
    })?;
    // A browser shows a PDF at the page that a source names; all else it must not try to show.
    if bytes.starts_with(b"%PDF-") {
        return Ok(shell::download("application/pdf", None, bytes));
    }
    Ok(shell::download(
        "application/octet-stream",
        Some(&name),
        bytes,
    ))
}

fn body(found: &[Paragraph<'_>], words: &[String]) -> Markup {
    let first_of = |at: usize| {
        found
            .get(at)
            .and_then(|(_, sentences)| sentences.first())
            .map(|(_, passage)| *passage)
    };
    let none = SectionPath::default();
    html! {
        @for (at, (number, sentences)) in found.iter().enumerate() {
            @if let Some(first) = first_of(at) {
                (headings(at.checked_sub(1).and_then(first_of).map_or(&none, |before| &before.path), first))
                p id=(format!("p{number}")) {
                    a.anchor href=(format!("#p{number}")) title=(first.place) aria-label="本段的地址" { "¶" }
                    @for (at, passage) in sentences {
                        span class={ "sentence" @if is_heading(passage) { " heading" } } id=(format!("s{at}")) { (marked(&passage.text, words)) }
                    }
                }
            }
        }
    }
}

/// Whether a sentence is itself what stands above those behind it.
fn is_heading(passage: &Passage) -> bool {
    passage.text == passage.path.section || passage.text == passage.path.chapter
}

/// The headings that are new with a paragraph.
fn headings(before: &SectionPath, first: &Passage) -> Markup {
    let path = &first.path;
    let part = path.part != before.part;
    let chapter = part || path.chapter != before.chapter;
    let section = chapter || path.section != before.section;
    html! {
        @if part && !path.part.is_empty() { h2 { (path.part) } }
        @if chapter && !path.chapter.is_empty() { h3 { (path.chapter) } }
        @if section && !path.section.is_empty() && !is_heading(first) { h4 { (path.section) } }
    }
}

fn paragraphs(plan: &Plan) -> Vec<Paragraph<'_>> {
    let mut paragraphs: Vec<Paragraph<'_>> = Vec::new();
    for (at, passage) in plan.passages.iter().enumerate() {
        match paragraphs.last_mut() {
            Some((number, sentences)) if *number == passage.paragraph => {
                sentences.push((at, passage))
            }
            _ => paragraphs.push((passage.paragraph, vec![(at, passage)])),
        }
    }
    paragraphs
}
