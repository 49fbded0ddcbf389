//! What an answer rests on, where it stands: the quoted sentence marked in its paragraph, with the
//! address of the place.

use super::encoding::encoded;
use crate::app::App;
use crate::model::{Book, Citation, Plan, Provenance};
use crate::reply::Reply;
use crate::store::Origin;
use maud::{Markup, html};

/// So many places are shown in full; the others by their address.
const MOST_SHOWN: usize = 6;

/// The evidence of an answer in one fold, with what a messenger folds away, closed until somebody
/// opens it.
pub(super) fn of_answer(app: &App, origin: &Origin, folded: &[String]) -> Markup {
    let Some(answered) = app.again_here(origin) else {
        return html! {};
    };
    let Reply::Answer(answer) = &answered.reply else {
        return html! {};
    };
    let book = &answered.edition.book;
    let mut citations: Vec<&Citation> = Vec::new();
    for citation in answer.citations() {
        if !citations.iter().any(|known| {
            known.plan == citation.plan
                && known.place == citation.place
                && known.quote == citation.quote
        }) {
            citations.push(citation);
        }
    }
    // A messenger folds the quotations away: here they stand in their paragraphs.
    let quoted: Vec<String> = citations
        .iter()
        .flat_map(|citation| lines_of(citation))
        .collect();
    let further = folded.iter().filter(|line| !quoted.contains(line));
    html! {
        details.evidence {
            summary { "原文" }
            @for line in further { p { (line) } }
            @for citation in citations.iter().take(MOST_SHOWN) { (one(book, citation)) }
            @if citations.len() > MOST_SHOWN {
                p.further { "另见：" @for citation in citations.iter().skip(MOST_SHOWN) {
                    @if let Some(plan) = book.by_id(&citation.plan) { a href=(address(plan, citation.provenance)) { (citation.place) } " " }
                } }
            }
        }
    }
}

/// What is folded away where nothing else is known of it.
pub(super) fn quoted(folded: &[String]) -> Markup {
    html! { details.evidence { summary { "引文" } @for line in folded { p { (line) } } } }
}

/// A quotation as a messenger shows it.
fn lines_of(citation: &Citation) -> Vec<String> {
    let shown = format!("{}：{}", citation.place, citation.quote);
    shown.lines().map(str::to_string).collect()
}

fn one(book: &Book, citation: &Citation) -> Markup {
    let Some(plan) = book.by_id(&citation.plan) else {
        return html! {};
    };
    html! {
        figure {
            @match citation.provenance {
                Provenance::Passage(at) => p { (paragraph(plan, at)) },
                _ => p { mark { (citation.quote) } },
            }
            figcaption {
                a href=(address(plan, citation.provenance)) { (citation.place) "，在原处看" }
                @if let Some(page) = citation.page { " " a href=(original_page(plan, page)) { "原件第" (page) "页" } }
            }
        }
    }
}

/// The paragraph of a sentence, the sentence marked.
fn paragraph(plan: &Plan, at: usize) -> Markup {
    let number = plan.passages.get(at).map(|passage| passage.paragraph);
    let sentences = plan
        .passages
        .iter()
        .enumerate()
        .filter(|(_, passage)| Some(passage.paragraph) == number);
    html! { @for (position, passage) in sentences { @if position == at { mark { (passage.text) } } @else { (passage.text) } } }
}

/// Where the original opens at a page: readers of PDF know this form of an address.
fn original_page(plan: &Plan, page: u32) -> String {
    format!("/text/original?plan={}#page={page}", encoded(&plan.id.0))
}

/// Where a thing stands on the page.
pub(super) fn address(plan: &Plan, provenance: Provenance) -> String {
    let id = encoded(&plan.id.0);
    match provenance {
        Provenance::Cell { indicator, .. } => format!("/indicators?plan={id}#i{indicator}"),
        Provenance::Term(at) => format!("/glossary?plan={id}#t{at}"),
        Provenance::Note(at) => format!("/text?plan={id}#n{at}"),
        Provenance::Passage(at) => format!("/text?plan={id}#s{at}"),
    }
}
