//! Figures of one sentence set against each other: 改造老旧小区14个，惠及居民2100户. What stands before
//! a figure lends the later ones their subject, so that a word which stands at one figure only tells
//! which is meant.

use crate::evidence::{Clause, ClauseFigure, STANDS};
use crate::question::Operator;
use crate::reply::{Asked, Candidate, RecordKey};

/// A later figure says what stands before it from here on.
const LENT: f32 = 0.5;
/// Lighter words tell no figures apart.
const LEAST_TELLING: f32 = 0.15;

/// Takes out the clauses that another one of their sentence outdoes: it explains all that they do,
/// and says at its figure what they do not say.
pub(super) fn drop_outdone(asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
    let asks_several = asked.question.operators.spans(Operator::Amount).count() > 1;
    if asks_several || asked.question.is_conjoined {
        return;
    }
    let is_outdone = |one: &&Candidate| candidates.iter().any(|other| outdoes(asked, other, one));
    let outdone = candidates.iter().filter(is_outdone);
    let outdone: Vec<RecordKey> = outdone.map(|one| one.key).collect();
    candidates.retain(|one| !outdone.contains(&one.key));
}

/// The clause of a candidate, and its figure.
fn quoted<'a>(
    asked: &'a Asked<'_>,
    candidate: &Candidate,
) -> Option<(&'a Clause, &'a ClauseFigure)> {
    let RecordKey::Clause(clause, at) = candidate.key else {
        return None;
    };
    let clause = asked.library.clause(clause);
    Some((clause, clause.figures.get(at)?))
}

fn outdoes(asked: &Asked<'_>, other: &Candidate, one: &Candidate) -> bool {
    let (Some((clause, better)), Some((earlier, worse))) =
        (quoted(asked, other), quoted(asked, one))
    else {
        return false;
    };
    if !follows(clause, earlier) {
        return false;
    }
    let mut says_more = false;
    for (at, word) in asked.question.words.iter().enumerate() {
        let tells = word.weight > LEAST_TELLING && !word.is_operator && !word.is_own_place;
        if !tells || word.span.len() < 2 {
            continue;
        }
        let said = |figure: &ClauseFigure| asked.explainer.in_text(at, figure.zone);
        if said(worse) > said(better) && other.explained[at] < LENT {
            return false;
        }
        says_more |= said(better) >= STANDS && said(worse) < LENT;
    }
    says_more
}

/// Whether a clause stands after another one in one sentence.
fn follows(clause: &Clause, earlier: &Clause) -> bool {
    let place = |clause: &Clause| clause.stretch.find(&clause.verbatim);
    let is_one_sentence = (clause.plan, clause.provenance) == (earlier.plan, earlier.provenance)
        && clause.stretch == earlier.stretch;
    is_one_sentence && place(earlier) < place(clause)
}
