//! Records that answer together: what one leaves open another explains, or the same is said of
//! another year.

use super::answer::AnswerKind;
use super::candidate::{Asked, Candidate};
use super::features::Features;
use super::score::features;
use super::weights::Weights;
use crate::question::Operator;

/// Candidates that answer together, with the score of the set.
#[derive(Clone)]
pub struct Set {
    /// Positions among the candidates, the base first.
    pub members: Vec<usize>,
    /// The features of the whole.
    pub features: Features,
    /// The score of the whole.
    pub score: f32,
}

/// Sets begin with one of the best candidates.
const MOST_BASES: usize = 4;
/// A set grows by one of the better candidates.
const MOST_PARTNERS: usize = 40;
/// A set has at most so many records.
const MOST_MEMBERS: usize = 6;
/// A further record must be worth this much.
const LEAST_GAIN: f32 = 0.35;
/// A further record must explain this much more weight, unless it says the same of another year.
const LEAST_WEIGHT: f32 = 0.25;
/// How alike two clauses must be that say the same of two years.
const ALIKE: f32 = 0.75;

/// Every candidate by itself, and the sets that beat their base; best first.
pub fn sets(asked: &Asked<'_>, candidates: &[Candidate], weights: &Weights) -> Vec<Set> {
    let mut found: Vec<Set> = (0..candidates.len())
        .map(|at| set_of(asked, candidates, vec![at], weights))
        .collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.members.cmp(&b.members)));
    if !asked.question.is_conjoined {
        return found;
    }
    let order: Vec<usize> = found.iter().map(|set| set.members[0]).collect();
    // A comparison and a question after several amounts want figures: those are bases as well.
    let wants_figures = asked.question.frame.is_compared
        || asked.question.operators.spans(Operator::Amount).count() > 1;
    let gives_figure = |set: &&Set| {
        matches!(
            candidates[set.members[0]].kind,
            AnswerKind::Clause | AnswerKind::Value
        )
    };
    let mut bases: Vec<Set> = found.iter().take(MOST_BASES).cloned().collect();
    if wants_figures {
        let further = found.iter().skip(MOST_BASES).filter(gives_figure);
        bases.extend(further.take(MOST_BASES).cloned());
    }
    for base in bases {
        let grown = grow(asked, candidates, base, &order, weights);
        let same = |known: &Set| {
            let mut members = (known.members.clone(), grown.members.clone());
            members.0.sort_unstable();
            members.1.sort_unstable();
            members.0 == members.1
        };
        let is_new = grown.members.len() > 1 && !found.iter().any(same);
        if is_new && each_is_needed(asked, candidates, &grown.members) {
            found.push(grown);
        }
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.members.cmp(&b.members)));
    found
}

fn set_of(
    asked: &Asked<'_>,
    candidates: &[Candidate],
    members: Vec<usize>,
    weights: &Weights,
) -> Set {
    let set: Vec<&Candidate> = members.iter().map(|at| &candidates[*at]).collect();
    let features = features(asked, &set);
    let score = weights.score(&features);
    Set {
        members,
        features,
        score,
    }
}

fn grow(
    asked: &Asked<'_>,
    candidates: &[Candidate],
    base: Set,
    order: &[usize],
    weights: &Weights,
) -> Set {
    let mut set = base;
    while set.members.len() < MOST_MEMBERS {
        let mut best: Option<Set> = None;
        for at in order.iter().take(MOST_PARTNERS) {
            if !may_join(asked, candidates, &set.members, *at) {
                continue;
            }
            let mut members = set.members.clone();
            members.push(*at);
            let next = set_of(asked, candidates, members, weights);
            let beats = best.as_ref().is_none_or(|best| next.score > best.score);
            if next.score > set.score + LEAST_GAIN && beats {
                best = Some(next);
            }
        }
        match best {
            Some(next) => set = next,
            None => return set,
        }
    }
    set
}

/// Which kinds answer together.
fn joins(base: AnswerKind, other: AnswerKind) -> bool {
    use AnswerKind as K;
    match base {
        K::Value | K::Clause => matches!(other, K::Value | K::Clause),
        K::Verdict | K::Term | K::Unit | K::Nature | K::Category | K::Compare => base == other,
        _ => false,
    }
}

/// Whether every record of a set says something that the others do not: a first one may only have
/// said less of the same (出口 beside 地区生产总值, which the question names).
fn each_is_needed(asked: &Asked<'_>, candidates: &[Candidate], members: &[usize]) -> bool {
    members.iter().all(|at| {
        let others: Vec<usize> = members
            .iter()
            .copied()
            .filter(|other| other != at)
            .collect();
        let years = &candidates[*at].time.years;
        let is_other_year = others
            .iter()
            .all(|other| candidates[*other].time.years != *years);
        gain(asked, candidates, &others, *at) >= LEAST_WEIGHT
            || is_other_year && is_alike(asked, candidates, &others, *at)
    })
}

/// The weight of the question that a further record explains beyond the others.
fn gain(asked: &Asked<'_>, candidates: &[Candidate], members: &[usize], at: usize) -> f32 {
    let words = asked.question.words.iter().enumerate();
    let content = words.filter(|(_, word)| word.is_content());
    content
        .map(|(word, w)| {
            let said = said(candidates, members, word);
            w.weight * (candidates[at].explained[word] - said).max(0.0)
        })
        .sum()
}

/// How well the records of a set explain a word: the best of them.
fn said(candidates: &[Candidate], members: &[usize], word: usize) -> f32 {
    let explained = members
        .iter()
        .map(|member| candidates[*member].explained[word]);
    explained.fold(0.0, f32::max)
}

fn may_join(asked: &Asked<'_>, candidates: &[Candidate], members: &[usize], at: usize) -> bool {
    let other = &candidates[at];
    let base = &candidates[members[0]];
    let known = members
        .iter()
        .any(|member| candidates[*member].key == other.key);
    if members.contains(&at) || known || !joins(base.kind, other.kind) {
        return false;
    }
    // One place, unless the question names several.
    if other.plan != base.plan && asked.question.frame.is_open {
        return false;
    }
    if gain(asked, candidates, members, at) >= LEAST_WEIGHT {
        return true;
    }
    let two_years = asked.question.frame.years.len() > 1
        && base.kind == AnswerKind::Clause
        && other.kind == AnswerKind::Clause
        && other.time.years != base.time.years;
    two_years && is_alike(asked, candidates, members, at)
}

/// Whether a record explains the same of the question as others do.
fn is_alike(asked: &Asked<'_>, candidates: &[Candidate], members: &[usize], at: usize) -> bool {
    let words = asked.question.words.iter().enumerate();
    let pairs = words
        .filter(|(_, word)| word.is_content())
        .map(|(word, w)| {
            let said = said(candidates, members, word);
            (w.weight * candidates[at].explained[word], w.weight * said)
        });
    let (mut common, mut all) = (0.0, 0.0);
    for (one, two) in pairs {
        common += one.min(two);
        all += one.max(two);
    }
    all >= LEAST_WEIGHT && common >= ALIKE * all
}
