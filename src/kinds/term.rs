//! “什么是…”, “…包括哪些”, “…叫什么”: the glossary, by its names and by what it says.

use super::{counted, indicator};
use crate::evidence::{TermName, TermNameId};
use crate::model::{Plan, PlanIx, Provenance};
use crate::question::{Operator, OperatorSet, align};
use crate::reply::{
    Answer, AnswerKind, Asked, Candidate, Feature, Features, Kind, Record, RecordKey, Time,
};
use std::rc::Rc;

/// A definition that lists members has so many signs of enumeration.
const LEAST_LISTED: usize = 2;

/// A glossary entry by its name.
pub struct Term;
/// A glossary entry by what it says.
pub struct Reverse;

const USES: OperatorSet = indicator::uses(&[
    Operator::Define,
    Operator::Where,
    Operator::When,
    Operator::Reverse,
    Operator::How,
    Operator::Who,
    Operator::Category,
]);
const WANTS: OperatorSet = OperatorSet::of(&[
    Operator::Define,
    Operator::List,
    Operator::Where,
    Operator::When,
]);
const REVERSE: OperatorSet = OperatorSet::of(&[Operator::Reverse, Operator::What]);
/// A name of which less is said is not meant.
const LEAST_COVER: f32 = 0.45;
/// A definition that explains less does not say what is looked for.
const LEAST_WEIGHT: f32 = 0.8;

struct Entry {
    plan: PlanIx,
    term: usize,
    kind: AnswerKind,
}

impl Kind for Term {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        for (at, term) in asked.library.names.numbered_terms() {
            if !asked.is_in_frame(term.plan) {
                continue;
            }
            let best = term
                .names
                .iter()
                .enumerate()
                .filter(|(_, name)| {
                    shares_letters(&asked.question.letters.canonical, &name.letters)
                })
                .map(|(number, name)| (number, align(asked.question, name)))
                .max_by(|(one, a), (other, b)| {
                    let value = |alignment: &crate::question::Alignment| {
                        alignment.cover + 0.3 * f32::from(u8::from(alignment.is_verbatim))
                    };
                    value(a).total_cmp(&value(b)).then(other.cmp(one))
                });
            let Some((number, alignment)) = best.filter(|(_, a)| a.cover >= LEAST_COVER) else {
                continue;
            };
            let mut features = Features::default();
            features.set(Feature::TermCover, alignment.cover);
            features.set(Feature::TermLow, (0.8 - alignment.cover).max(0.0));
            features.set(
                Feature::TermVerbatim,
                f32::from(u8::from(alignment.is_verbatim)),
            );
            features.set(
                Feature::NameChanged,
                f32::from(u8::from(alignment.is_changed)),
            );
            features.set(Feature::TermInner, f32::from(u8::from(number >= term.own)));
            let mut explained = asked.words_of_letters(&alignment.explained);
            for (word, explained) in explained.iter_mut().enumerate() {
                if let Some(text) = term.definition {
                    *explained = explained.max(0.9 * asked.explainer.in_text(word, text));
                }
            }
            let question = asked.question;
            // 海绵 is said by 海绵城市.
            let name = &term.names[number].text;
            for (explained, word) in explained.iter_mut().zip(&question.words) {
                if alignment.is_verbatim && word.span.len() > 1 && name.contains(&word.text) {
                    *explained = explained.max(0.9);
                }
            }
            for word in members_asked(asked, term, &explained) {
                explained[word] = explained[word].max(0.9);
            }
            let is_timed = question.has(Operator::Target) || question.has(Operator::Actual);
            // A definition may say of the year itself: 2060年前实现碳中和.
            let says_year = term.definition.is_some_and(|text| {
                let text = asked.library.canonical(text);
                let mut years = question.frame.years.iter();
                years.any(|year| text.contains(&year.to_string()))
            });
            if is_timed && !says_year && !question.has(Operator::Define) {
                features.set(Feature::TermTimed, 1.0);
            }
            if asked.question.amount.is_asked {
                features.set(Feature::TermAmount, 1.0 - says_amount(asked, term));
            }
            count_members(asked, term, &mut features);
            candidates.push(candidate(asked, at, AnswerKind::Term, explained, features));
        }
    }
}

impl Kind for Reverse {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        let question = asked.question;
        let asks = question.any(&[
            Operator::Reverse,
            Operator::What,
            Operator::Define,
            Operator::List,
        ]);
        if question.amount.is_asked && !question.has(Operator::Reverse) || !asks {
            return;
        }
        for (at, term) in asked.library.names.numbered_terms() {
            if !asked.is_in_frame(term.plan) {
                continue;
            }
            let Some(definition) = term.definition else {
                continue;
            };
            let explained: Vec<f32> = (0..question.words.len())
                .map(|word| asked.explainer.in_text(word, definition))
                .collect();
            let weight: f32 = explained
                .iter()
                .zip(&question.words)
                .filter(|(_, word)| word.is_content())
                .map(|(explained, word)| explained * word.weight)
                .sum();
            if weight < LEAST_WEIGHT {
                continue;
            }
            let mut features = Features::default();
            features.set(Feature::ReverseWeight, weight.min(3.0));
            let asks_meaning = question.has(Operator::Define) && !question.has(Operator::Reverse);
            features.set(Feature::ReverseOfMeaning, f32::from(u8::from(asks_meaning)));
            count_members(asked, term, &mut features);
            candidates.push(candidate(
                asked,
                at,
                AnswerKind::Reverse,
                explained,
                features,
            ));
        }
    }
}

/// How far a definition says what is counted, with a figure: 面积多大 of a place that the glossary
/// describes.
fn says_amount(asked: &Asked<'_>, term: &TermName) -> f32 {
    let Some(text) = term.definition else {
        return 0.0;
    };
    let heads = asked.question.amount.heads.iter().flatten();
    let said = heads
        .map(|head| asked.explainer.in_text(*head, text))
        .fold(0.0, f32::max);
    if asked.explainer.sorts(text).figure {
        0.9 * said
    } else {
        0.0
    }
}

/// Words that ask whether something is among the members of a term.
const AMONG: &[&str] = &["有", "包括", "包含", "含", "算"];

/// Words of what is asked about as a member, after the term: 六稳里有稳物价吗. A definition that lists
/// its members answers it, whether it names that one or not.
fn members_asked(asked: &Asked<'_>, term: &TermName, explained: &[f32]) -> Vec<usize> {
    let question = asked.question;
    let lists = term.definition.is_some_and(|text| {
        let definition = asked.library.canonical(text);
        definition.matches('、').count() >= LEAST_LISTED
    });
    if !lists || !question.has(Operator::Premise) {
        return Vec::new();
    }
    let words = &question.words;
    let named = (0..words.len()).rfind(|at| explained[*at] > 0.9 && words[*at].weight > 0.25);
    let Some(named) = named else {
        return Vec::new();
    };
    let among = |at: &usize| AMONG.contains(&words[*at].text.as_str());
    // Between the term and 有 stands 里面 and the like.
    let Some(among) = (named + 1..words.len().min(named + 4)).find(among) else {
        return Vec::new();
    };
    (among + 1..words.len()).collect()
}

/// Whether the definition names as many members as are asked for.
fn count_members(asked: &Asked<'_>, term: &TermName, features: &mut Features) {
    let definition = asked
        .plan(term.plan)
        .and_then(|plan| plan.terms.get(term.term));
    if let Some(entry) = definition {
        counted::of_text(asked, &entry.definition, features);
    }
}

fn shares_letters(question: &[char], name: &[char]) -> bool {
    name.iter()
        .filter(|letter| question.contains(letter))
        .count()
        * 3
        >= name.len()
}

fn candidate(
    asked: &Asked<'_>,
    name: TermNameId,
    kind: AnswerKind,
    explained: Vec<f32>,
    features: Features,
) -> Candidate {
    let entry = asked.library.names.term(name);
    Candidate {
        kind,
        key: RecordKey::Term(name),
        plan: entry.plan,
        explained,
        time: Time::default(),
        texts: entry.definition.into_iter().collect(),
        figures: usize::MAX,
        features,
        uses: USES,
        wants: if kind == AnswerKind::Term {
            WANTS
        } else {
            REVERSE
        },
        record: Rc::new(Entry {
            plan: entry.plan,
            term: entry.term,
            kind,
        }),
    }
}

impl Record for Entry {
    fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        entry(asked.plan(self.plan)?, self.term, self.kind)
    }
}

/// One entry: name and definition, verbatim.
pub fn entry(plan: &Plan, at: usize, kind: AnswerKind) -> Option<Answer> {
    let term = plan.terms.get(at)?;
    let citation = plan.cite(Provenance::Term(at))?;
    let lead = format!("{}：{}", term.name, term.definition);
    Some(Answer::new(kind, lead, citation))
}
