//! Glossary entries as answers.

use super::asked::Asked;
use super::reply::{Answer, Refusal};
use crate::model::{Plan, Provenance};
use crate::understand::Intent;

/// The definitions of the terms that were named.
pub fn definition(asked: &Asked<'_>) -> super::cells::Result {
    let mut answer: Option<Answer> = None;
    for at in asked.slots().terms.iter().take(3) {
        let Some((plan, term)) = asked.lexicon().terms.get(*at).and_then(|concept| concept.members.first()) else { continue };
        let Some(next) = asked.plans().get(*plan).and_then(|plan| entry(plan, *term)) else { continue };
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
    Some(Answer::new(Intent::TermDefinition, format!("{}：{}", term.name, term.definition), citation))
}
