//! The last look before an answer is shown: every citation is read again from the book, and every
//! number in the text must stand in a cited text, in a place, or in a stated computation.

use super::answer::{Answer, Figure};
use crate::model::{Book, Citation, Measure, Plan, Provenance, Quantity};
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
    /// The index could not be asked, so that nothing can be said to be absent.
    #[error("the index could not be asked: {0}")]
    Search(String),
    /// A number is shown that no cited text holds.
    #[error("the number {0} stands in no cited text")]
    Number(String),
}

/// Re-derives what an answer shows from the book.
pub fn verify(book: &Book, answer: &Answer) -> Result<(), Fault> {
    let mut allowed: BTreeSet<&str> = answer
        .computed
        .iter()
        .flat_map(|text| numbers(text))
        .collect();
    let mut years: BTreeSet<i32> = BTreeSet::new();
    for citation in answer.citations() {
        let plan = book.by_id(&citation.plan);
        let read = plan.and_then(|plan| plan.cite(citation.provenance));
        if read.as_ref() != Some(citation) {
            return Err(Fault::Quote {
                place: citation.place.clone(),
            });
        }
        allowed.extend(numbers(&citation.quote));
        // 今年 of a text is a year of its plan.
        years.extend(plan.map_or_else(Vec::new, |plan| plan.years_meant(&citation.quote)));
        years.extend(plan.and_then(|plan| time_of(plan, citation.provenance).0));
    }
    for figure in &answer.figures {
        let citation = answer.citations().get(figure.citation);
        let place = citation
            .map(|citation| citation.place.clone())
            .unwrap_or_default();
        if !citation.is_some_and(|citation| holds(book, answer, figure, citation)) {
            return Err(Fault::Figure {
                printed: figure.printed.clone(),
                place,
            });
        }
    }
    let is_known = |number: &str| {
        let is_year = |year: &i32| year.to_string() == number;
        allowed.contains(number) || years.iter().any(is_year)
    };
    for line in answer.lines() {
        let line = without_places(line, answer);
        if let Some(number) = numbers(&line).find(|number| !is_known(number)) {
            return Err(Fault::Number(number.to_string()));
        }
    }
    Ok(())
}

/// A line without the names of cited places that stand before what they say (备注2：…).
fn without_places(line: String, answer: &Answer) -> String {
    let mut line = line;
    for citation in answer.citations() {
        if line.contains(&citation.place) {
            line = line.replace(&format!("{}：", citation.place), "");
        }
    }
    line
}

/// Whether the book says of a figure what the answer says of it: text, unit, subject, year and
/// measure.
fn holds(book: &Book, answer: &Answer, figure: &Figure, citation: &Citation) -> bool {
    let Some(plan) = book.by_id(&citation.plan) else {
        return false;
    };
    let text = answer.lines().collect::<Vec<_>>().join("\n");
    match citation.provenance {
        Provenance::Cell { indicator, cell } => {
            let Some(indicator) = plan.indicators.get(indicator) else {
                return false;
            };
            let Some(cell) = indicator.cells.get(cell) else {
                return false;
            };
            let quantity = Quantity::parse(&figure.printed, &figure.unit);
            let same = quantity == cell.quantity
                && (figure.year, figure.measure) == (cell.year, cell.measure);
            let shown = [" ", "："]
                .iter()
                .any(|gap| text.contains(&format!("{}{gap}{}", cell.heading, quantity.shown())));
            same && shown
                && figure.subject == indicator.name
                && answer.lead.contains(&indicator.name)
        }
        provenance => {
            let same = time_of(plan, provenance) == (figure.year, figure.measure);
            let quoted = citation.quote.contains(&figure.subject)
                && figure.subject.contains(&figure.printed);
            let bare: String = figure
                .printed
                .chars()
                .filter(|sign| !matches!(sign, '余' | '多'))
                .collect();
            same && quoted && bare.contains(&figure.unit) && text.contains(&figure.subject)
        }
    }
}

/// The year and measure of a place in running text, where its chapter has them.
fn time_of(plan: &Plan, provenance: Provenance) -> (Option<i32>, Option<Measure>) {
    let Provenance::Passage(at) = provenance else {
        return (None, None);
    };
    plan.passages
        .get(at)
        .map_or((None, None), |passage| (passage.year, passage.measure))
}

/// Runs of digits with their decimal point.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let run = &rest[rest.find(|c: char| c.is_ascii_digit())?..];
        let end = run.find(|c: char| !c.is_ascii_digit() && c != '.');
        let (number, after) = run.split_at(end.unwrap_or(run.len()));
        rest = after;
        Some(number.trim_end_matches('.'))
    })
}
