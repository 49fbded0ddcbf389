//! The last look before an answer is shown: every citation is read again from the book, and every number in the text
//! must stand in a cited text, in a place, or in a stated computation.

use super::reply::Answer;
use crate::model::{Book, Quantity};
use std::collections::BTreeSet;
use thiserror::Error;

/// Why an answer must not be shown.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// A citation points to another text than it quotes.
    #[error("the citation of {place} does not quote what stands there")]
    Quote {
        /// The place that was cited.
        place: String,
    },
    /// A figure does not stand in the text that it cites.
    #[error("the figure {printed} does not stand in {place}")]
    Figure {
        /// The figure.
        printed: String,
        /// Where it should stand.
        place: String,
    },
    /// A number is shown that no cited text holds.
    #[error("the number {0} stands in no cited text")]
    Number(String),
}

/// Re-derives what an answer shows from the book.
pub fn verify(book: &Book, answer: &Answer) -> Result<(), Fault> {
    let mut allowed: BTreeSet<String> = answer.computed.iter().flat_map(|text| numbers(text)).collect();
    for citation in answer.citations() {
        let plan = book.by_id(&citation.plan);
        let read = plan.and_then(|plan| plan.cite(citation.provenance));
        if read.as_ref() != Some(citation) {
            return Err(Fault::Quote { place: citation.place.clone() });
        }
        allowed.extend(numbers(&citation.quote));
        allowed.extend(numbers(&citation.place));
    }
    for figure in &answer.figures {
        let Some(citation) = answer.citations().get(figure.citation) else {
            return Err(Fault::Figure { printed: figure.printed.clone(), place: String::new() });
        };
        let shown = Quantity::parse(&figure.printed, &figure.unit).shown();
        let text = format!("{}{}", answer.lead, answer.context.concat());
        let displayed = text.contains(&shown) || text.contains(&figure.printed);
        if !displayed || !citation.quote.contains(&figure.printed) || !citation.quote.contains(&figure.subject) {
            return Err(Fault::Figure { printed: figure.printed.clone(), place: citation.place.clone() });
        }
    }
    let text = std::iter::once(&answer.lead).chain(&answer.context);
    match text.flat_map(|line| numbers(line)).find(|number| !allowed.contains(number)) {
        Some(number) => Err(Fault::Number(number)),
        None => Ok(()),
    }
}

/// Runs of digits with their decimal point.
fn numbers(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.')
        .map(|run| run.trim_matches('.').to_string())
        .filter(|run| run.chars().any(|c| c.is_ascii_digit()))
        .collect()
}
