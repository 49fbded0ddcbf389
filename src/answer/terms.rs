//! Glossary entries and notes as answers, verbatim.

use super::asked::Asked;
use super::reply::{Answer, Refusal};
use crate::model::{Plan, Provenance};
use crate::understand::Intent;

/// The definitions of the terms that were named.
pub fn definition(asked: &Asked<'_>) -> super::cells::Result {
    let mut answer: Option<Answer> = None;
    for at in asked.slots().terms.iter().take(3) {
        let Some((plan, term)) = asked
            .lexicon()
            .terms
            .get(*at)
            .and_then(|concept| concept.members.first())
        else {
            continue;
        };
        let Some(next) = asked.plans().get(*plan).and_then(|plan| entry(plan, *term)) else {
            continue;
        };
        match &mut answer {
            Some(answer) => answer.join(next),
            None => answer = Some(next),
        }
    }
    answer.ok_or_else(Refusal::default)
}

/// One entry: name and definition, verbatim.
pub fn entry(plan: &Plan, at: usize) -> Option<Answer> {
    let term = plan.terms.get(at)?;
    let citation = plan.cite(Provenance::Term(at))?;
    Some(Answer::new(
        Intent::TermDefinition,
        format!("{}：{}", term.name, term.definition),
        citation,
    ))
}

/// The notes that were named by their numbers.
pub fn note(asked: &Asked<'_>) -> super::cells::Result {
    let mut answer: Option<Answer> = None;
    for concept in asked
        .slots()
        .notes
        .iter()
        .take(3)
        .filter_map(|at| asked.lexicon().notes.get(*at))
    {
        let Some(citation) = asked
            .plans()
            .get(concept.plan)
            .and_then(|plan| plan.cite(Provenance::Note(concept.note)))
        else {
            continue;
        };
        let next = Answer::new(Intent::Note, citation.quote.clone(), citation);
        match &mut answer {
            Some(answer) => answer.join(next),
            None => answer = Some(next),
        }
    }
    answer.ok_or_else(Refusal::default)
}
