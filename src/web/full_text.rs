//! The full text as a document: contents, footnotes at their marks, tables, notes, a search with
//! counts. Every paragraph, sentence, row and note has an address, and citations lead there.

use super::addresses;
use super::annexes::{self, Annex, annexes};
use super::encoding::encoded;
use super::fault::PageFault;
use super::footnotes::{self, FootnoteMark};
use super::form::Queried;
use super::glossary_page::{GlossarySearch, form};
use super::highlight::{count, holds, words};
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

/// What is shown: the words that are looked for, and what holds them.
struct Found<'a> {
    plan: &'a Plan,
    words: Vec<String>,
    marks: Vec<FootnoteMark>,
    paragraphs: Vec<Paragraph<'a>>,
    annexes: Vec<Annex<'a>>,
    /// Positions of the notes that stand below no table that is shown.
    notes: Vec<usize>,
}

pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Queried(search): Queried<GlossarySearch>,
) -> Result<Response, PageFault> {
    let edition = site.app.edition();
    let shown = search.which.find(&edition).ok_or_else(PageFault::absent)?;
    let plan = shown.plan;
    let found = find(plan, words(&search.q));
    let rows: usize = found.annexes.iter().map(Annex::len).sum();
    let remarks = plan.notes.len() - found.notes.len();
    let is_whole = found.words.is_empty();
    let content = html! {
        (shown.title(&html! { a href=(format!("/text/original?plan={}", encoded(&plan.id.0))) { "下载原文件" } }))
        (form(&edition, plan, ("/text", &search.q), "在全文里找"))
        p.tools role="status" {
            @if is_whole { "共 " (found.paragraphs.len()) " 段，表格 " (found.annexes.len()) " 张，脚注和备注 " (plan.notes.len()) " 条" }
            @else { "找到 " (occurrences(&found)) " 处：正文 " (found.paragraphs.len()) " 段，表格 " (rows) " 行，脚注和备注 " (found.notes.len()) " 条" }
        }
        @if found.paragraphs.is_empty() && found.notes.is_empty() && rows == 0 { p.empty { "没有找到；请换个词，或到“聊天”里问。" } }
        @if is_whole { (contents(&found, remarks)) }
        article.text {
            (body(&found))
            @for annex in &found.annexes { (annexes::shown(plan, annex, &found.words)) }
            @if !found.notes.is_empty() {
                h2 #notes { "脚注和备注" }
                @for at in &found.notes { (footnotes::note_line(plan, *at, &found.words, &found.marks)) }
            }
        }
    };
    Ok(shell::page(&site, Tab::Text, "全文", &visitor, content))
}

fn find(plan: &Plan, words: Vec<String>) -> Found<'_> {
    let whole = |paragraph: &Paragraph<'_>| {
        let sentences = paragraph.1.iter().map(|(_, passage)| passage.text.as_str());
        sentences.collect::<String>()
    };
    let mut paragraphs = paragraphs(plan);
    paragraphs.retain(|paragraph| holds(&whole(paragraph), &words));
    let annexes = annexes(plan, &words);
    // Such a note stands right below its table already.
    let is_below = |place: &str| annexes.iter().any(|annex| annex.has_remark(place));
    let notes = plan.notes.iter().enumerate();
    let notes = notes
        .filter(|(_, note)| holds(&note.text, &words) && !is_below(&note.place))
        .map(|(at, _)| at)
        .collect();
    Found {
        plan,
        words,
        marks: footnotes::marks(plan),
        paragraphs,
        annexes,
        notes,
    }
}

/// How often the words stand in what is shown.
fn occurrences(found: &Found<'_>) -> usize {
    let sentences = found.paragraphs.iter().flat_map(|(_, sentences)| sentences);
    let sentences = sentences.map(|(_, passage)| count(&passage.text, &found.words));
    let rows = found
        .annexes
        .iter()
        .map(|annex| annex.count(found.plan, &found.words));
    let notes = found
        .notes
        .iter()
        .filter_map(|at| found.plan.notes.get(*at));
    let notes = notes.map(|note| count(&note.text, &found.words));
    sentences.chain(rows).chain(notes).sum()
}

/// The headings, the tables and the notes, each leading there.
fn contents(found: &Found<'_>, below_tables: usize) -> Markup {
    let none = SectionPath::default();
    let mut before = &none;
    let mut entries: Vec<(u8, String, &str)> = Vec::new();
    for (number, sentences) in &found.paragraphs {
        let Some((_, first)) = sentences.first() else {
            continue;
        };
        for (level, heading) in headings(before, &first.path) {
            entries.push((level, format!("h{level}-{number}"), heading));
        }
        before = &first.path;
    }
    html! {
        details.contents open {
            summary { "目录" }
            nav aria-label="目录" { ul {
                @for (level, id, heading) in &entries { li class=(format!("level{level}")) { a href=(format!("#{id}")) { (heading) } } }
                @for annex in &found.annexes { li.level2 { a href=(format!("#{}", encoded(&annex.id()))) { (annex.name()) } } }
                @if found.plan.notes.len() > below_tables { li.level2 { a href="#notes" { "脚注和备注" } } }
            } }
        }
    }
}

/// The headings of a path that are new after another, with their levels.
fn headings<'a>(before: &SectionPath, path: &'a SectionPath) -> Vec<(u8, &'a str)> {
    let part = path.part != before.part;
    let chapter = part || path.chapter != before.chapter;
    let section = chapter || path.section != before.section;
    let all = [
        (part, 2, path.part.as_str()),
        (chapter, 3, path.chapter.as_str()),
        (section, 4, path.section.as_str()),
    ];
    let new = all
        .into_iter()
        .filter(|(is_new, _, text)| *is_new && !text.is_empty());
    new.map(|(_, level, text)| (level, text)).collect()
}

/// The document that the plan was imported from, as it was received.
pub(super) async fn original(
    State(site): State<Arc<Site>>,
    Queried(search): Queried<GlossarySearch>,
) -> Result<Response, PageFault> {
    let edition = site.app.edition();
    let shown = search.which.find(&edition).ok_or_else(PageFault::absent)?;
    let plan = shown.plan;
    let (name, bytes) = site.app.original(&plan.id.0).ok_or_else(|| {
        PageFault::new(
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

fn body(found: &Found<'_>) -> Markup {
    let none = SectionPath::default();
    let first_of = |at: usize| {
        let (_, sentences) = found.paragraphs.get(at)?;
        sentences.first().map(|(_, passage)| *passage)
    };
    let before = |at: usize| {
        at.checked_sub(1)
            .and_then(first_of)
            .map_or(&none, |p| &p.path)
    };
    html! {
        @for (at, (number, sentences)) in found.paragraphs.iter().enumerate() {
            @if let Some(first) = first_of(at) {
                @for (level, heading) in headings(before(at), &first.path) { (heading_line(level, *number, heading, first)) }
                p id=(format!("p{number}")) {
                    a.anchor href=(paragraph_address(found, *number)) title=(first.place) aria-label="本段的地址" { "¶" }
                    @for (at, passage) in sentences {
                        span class={ "sentence" @if is_heading(passage) { " heading" } } id=(format!("s{at}")) { (footnotes::sentence(found.plan, *at, &found.marks, &found.words)) }
                    }
                }
            }
        }
    }
}

/// A paragraph's own address; from what was found it leads to its place in the whole text.
fn paragraph_address(found: &Found<'_>, number: usize) -> String {
    if found.words.is_empty() {
        format!("#p{number}")
    } else {
        addresses::of_paragraph(found.plan, number)
    }
}

/// A heading before a paragraph. One that is itself the paragraph is only an address.
fn heading_line(level: u8, number: usize, heading: &str, first: &Passage) -> Markup {
    let id = format!("h{level}-{number}");
    html! {
        @match level {
            2 => h2 id=(id) { (heading) },
            3 => h3 id=(id) { (heading) },
            _ if is_heading(first) => span id=(id) {},
            _ => h4 id=(id) { (heading) },
        }
    }
}

/// Whether a sentence is itself what stands above those behind it.
fn is_heading(passage: &Passage) -> bool {
    passage.text == passage.path.section || passage.text == passage.path.chapter
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
