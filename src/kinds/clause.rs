//! “新增了多少家”: a clause of the running text, of a note or of a definition, that holds the figure.

mod begun;
mod contrast;
mod fit;
mod quotation;

pub(super) use fit::{best_fit, weight_at_figure};
pub(super) use quotation::{add_notes, notes_of};

use begun::are_only_begun;
use fit::best_figure;

use super::{counted, indicator, part};
use crate::evidence::{Clause as Evidence, ClauseFigure, ClauseId, Level, STANDS, TextId};
use crate::language::{Meaning, PartOfSpeech, ends_in_change, entry, is_rate, stem, without_rate};
use crate::model::{Measure, PlanIx};
use crate::question::{Operator, OperatorSet, Question, is_of_scope, is_wider_scope};
use crate::reply::{AnswerKind, Asked, Candidate, Feature, Features, Kind, RecordKey, Time};
use std::rc::Rc;

/// A clause with a figure.
pub struct Clause;

const USES: OperatorSet = indicator::uses(&[
    Operator::Compare,
    Operator::Verdict,
    Operator::How,
    Operator::Up,
    Operator::Down,
]);
const WANTS: OperatorSet = OperatorSet::of(&[Operator::Amount]);
/// A clause that explains a smaller share of the question is not near.
const LEAST_SHARE: f32 = 0.25;
/// Shorter names of the field are measures (增速, 总量) and no things, in letters.
const LEAST_THING: usize = 4;
/// Lighter verbs say that something is done and not what: 要, 有.
const LEAST_ACT: f32 = 0.15;
/// Lighter words tell no sentence from others.
const LEAST_TELLING: f32 = 0.35;
/// What lends a clause its subject stands in it or shortly before: worth more than the rest of the
/// stretch.
const NEAR: f32 = 0.7;

struct Quoted {
    clause: ClauseId,
    figure: usize,
}

impl Kind for Clause {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        let whole = asked.question.weight();
        let mut counted: Vec<part::Counted> = Vec::new();
        for at in &asked.clauses {
            let clause = asked.library.clause(*at);
            if !asked.is_in_frame(clause.plan) {
                continue;
            }
            let mut explained = asked.explainer.by_levels(&clause.levels);
            let weight: f32 = explained
                .iter()
                .zip(&asked.question.words)
                .map(|(explained, word)| explained * word.weight)
                .sum();
            if weight < LEAST_SHARE * whole {
                continue;
            }
            let Some((figure, fit)) = best_figure(asked, clause) else {
                continue;
            };
            let quoted = &clause.figures[figure];
            explain_dimension(asked, quoted, &mut explained);
            if is_other_unit(asked, fit.unit)
                || fit.counts_other_dimension(asked)
                || is_other_scope(asked, quoted)
                || is_of_part(asked, clause.plan, quoted)
                || names_other_thing(asked, quoted)
                || are_only_begun(asked.question, &[clause])
            {
                continue;
            }
            let mut features = Features::default();
            fit.features(asked, &mut features);
            change_features(asked, quoted, &mut features);
            let measure = quoted.measure.or(clause.measure);
            let is_total = quoted.is_total;
            let asks_period = !asked.question.frame.periods.is_empty();
            if clause.period.is_some() && !asks_period {
                features.set(Feature::PeriodUnasked, 1.0);
            }
            clause_features(asked, (clause, quoted), &explained, &mut features);
            counted::of_text(asked, &clause.stretch, &mut features);
            if let Some(text) = asked.library.sentence(clause.plan, clause.provenance) {
                features.set(Feature::OnlyHere, only_here(asked, text));
            }
            measure_features(asked, measure, &mut features);
            if is_total && asks_stock(asked.question) {
                features.set(Feature::Stock, 1.0);
            }
            counted.push(part::Counted {
                candidate: candidates.len(),
                is_of_size: part::is_of_unasked_size(asked, quoted),
                unit: quoted.kind,
                weight,
            });
            candidates.push(Candidate {
                kind: AnswerKind::Clause,
                key: RecordKey::Clause(*at, figure),
                plan: clause.plan,
                explained,
                time: Time {
                    years: clause.years.clone(),
                    measure,
                    period: clause.period.clone(),
                },
                texts: clause
                    .levels
                    .iter()
                    .take(clause.own_levels)
                    .map(|level| level.text)
                    .collect(),
                figures: clause.figures.len(),
                features,
                uses: USES,
                wants: WANTS,
                record: Rc::new(Quoted {
                    clause: *at,
                    figure,
                }),
            });
        }
        part::drop_sizes(&counted, candidates);
        contrast::drop_outdone(asked, candidates);
    }
}

/// A figure's unit says what its noun of measurement would, 里程 of 2330公里, and its verb what the
/// noun of a rate would, 增速 of 下降1.2%.
fn explain_dimension(asked: &Asked<'_>, figure: &ClauseFigure, explained: &mut [f32]) {
    for (explained, word) in explained.iter_mut().zip(&asked.question.words) {
        let kind = asked.units.said_by_unit(&word.text);
        let says_rate = figure.is_change && is_rate(&word.text);
        if says_rate || kind.is_some() && kind == figure.kind {
            *explained = explained.max(STANDS);
        }
    }
}

/// A unit that was asked for by name is not answered by another kind of unit.
pub fn is_other_unit(asked: &Asked<'_>, unit: f32) -> bool {
    let amount = &asked.question.amount;
    let is_said = amount.kind.is_some() && !amount.is_guess || amount.unit.is_some();
    is_said && unit < -0.9
}

/// 全国 asks for the nation's figure: the stretch of the figure must say so, and be no comparison
/// with it.
fn is_other_scope(asked: &Asked<'_>, figure: &ClauseFigure) -> bool {
    lacks_scope(asked, asked.explainer.canonical(figure.zone))
}

/// Whether the question asks for the figure of a wider scope, and a text is not of that scope.
pub fn lacks_scope(asked: &Asked<'_>, text: &str) -> bool {
    let words = asked.question.words.iter();
    let mut scopes = words.filter(|word| is_wider_scope(&word.text) && word.is_other_place());
    scopes.any(|word| !is_of_scope(text, &word.text))
}

/// Whether a figure's own stretch names another thing of the field, and not the one asked about:
/// what stands before it then lends it no subject.
fn names_other_thing(asked: &Asked<'_>, figure: &ClauseFigure) -> bool {
    let concepts = &asked.question.concepts;
    let is_said = |concept: &Meaning| asked.explainer.holds(figure.zone, &concept.name) >= 0.5;
    let things = concepts
        .iter()
        .filter(|concept| concept.name.chars().count() >= LEAST_THING);
    let mut things = things.peekable();
    if asked.question.is_conjoined || things.peek().is_none() || things.any(is_said) {
        return false;
    }
    let zone = asked.explainer.canonical(figure.zone);
    // 年度计划投资 is no other thing where the question says 投资 of its own.
    let is_meant = |other: &Meaning| {
        let mut words = asked.question.words.iter();
        words.any(|word| {
            let mut concepts = concepts.iter();
            let is_of_concept = concepts.any(|concept| {
                concept.span.start <= word.span.start && word.span.end <= concept.span.end
            });
            let says = word.weight > LEAST_ACT && other.name.contains(&word.text);
            says && !is_of_concept
        })
    };
    let others = asked.thesaurus.concepts(zone);
    others
        .iter()
        .any(|other| other.name.chars().count() >= LEAST_THING && !is_meant(other))
}

fn is_of_part(asked: &Asked<'_>, plan: PlanIx, figure: &ClauseFigure) -> bool {
    let place = figure.place.as_ref();
    place.is_some_and(|place| part::is_unasked(asked, plan, place))
}

/// 新增 is asked or not, and the figure is an increase or what there is.
fn change_features(asked: &Asked<'_>, figure: &ClauseFigure, features: &mut Features) {
    let agrees = asked.question.sort.is_change == figure.is_change;
    features.set(Feature::ChangeAgrees, if agrees { 1.0 } else { -1.0 });
}

fn clause_features(
    asked: &Asked<'_>,
    (clause, figure): (&Evidence, &ClauseFigure),
    explained: &[f32],
    features: &mut Features,
) {
    let question = asked.question;
    features.set(
        Feature::ClauseOwn,
        asked.explainer.weight_in(clause.text).min(2.0),
    );
    for (at, word) in question.words.iter().enumerate() {
        if word.weight <= 0.3 || word.is_operator || word.is_own_place {
            continue;
        }
        let far = (explained[at] - asked.explainer.in_text(at, clause.text)).max(0.0) * word.weight;
        if word.is_name() {
            features.add(Feature::FarName, far);
        } else if word.part.is_nominal() {
            features.add(Feature::FarNoun, far);
        }
    }
    let missing: f32 = question
        .compounds
        .iter()
        .map(|compound| {
            let has = |level: &&Level| asked.explainer.has_compound(level.text, compound);
            let levels = clause.levels.iter().filter(has);
            1.0 - levels.map(|level| level.worth).fold(0.0, f32::max)
        })
        .sum();
    features.set(Feature::Compound, missing.min(2.0));
    features.set(Feature::ConceptOpen, rates_open(asked, clause, figure));
    let names_verb = question
        .words
        .iter()
        .any(|word| word.is_verb() && word.weight > 0.15 && !word.is_operator);
    if question.amount.is_asked && !names_verb {
        // 增长 answers by how much something rose, in whatever words that was asked; beside a sum it
        // is another figure's.
        let is_aside = question.sort.is_change || figure.is_total;
        let says = |verb: &str| question.says(verb) || is_aside && ends_in_change(verb);
        let unsaid = clause.verbs.iter().filter(|(verb, _)| !says(verb));
        features.set(
            Feature::VerbUnsaid,
            unsaid.map(|(_, w)| w).sum::<f32>().min(2.0),
        );
    }
    if names_verb && does_other_act(asked, figure, explained) {
        features.set(Feature::ActDiffers, 1.0);
    }
    if !question.amount.is_asked {
        features.set(Feature::ClauseUnasked, 1.0);
    }
    let asks_stock = asks_stock(question);
    let asks_increase = || {
        let said = ["新增", "引进", "净增", "新建", "去年", "今年"];
        said.iter().any(|word| question.text.contains(word))
    };
    let says_total = || {
        let canonical = asked.explainer.canonical(clause.text);
        let said = ["总量", "达到", "累计", "总数", "现有", "共有"];
        said.iter().any(|word| canonical.contains(word))
    };
    if clause.is_stock {
        features.set(
            Feature::Stock,
            if asks_stock {
                1.0
            } else if asks_increase() {
                -0.5
            } else {
                0.0
            },
        );
    } else if asks_stock && says_total() && !asks_increase() {
        features.set(Feature::Stock, 0.5);
    }
}

/// How alone a text is in saying some word of the question: 1 divided by the sentences that say it.
pub fn only_here(asked: &Asked<'_>, text: TextId) -> f32 {
    let plans = &asked.question.frame.plans;
    let spread = asked.explainer.spread(asked.library.sentences(plans));
    let words = asked.question.words.iter().enumerate();
    let telling = words.filter(|(at, word)| {
        let tells = word.is_content() && word.weight >= LEAST_TELLING && !word.is_number();
        tells && asked.explainer.in_text(*at, text) >= STANDS
    });
    telling
        .map(|(at, _)| 1.0 / spread[at].max(1) as f32)
        .fold(0.0, f32::max)
}

/// Whether a figure's stretch names acts, the question names others, and neither says any of the
/// other's: 拆 and 改造.
fn does_other_act(asked: &Asked<'_>, figure: &ClauseFigure, explained: &[f32]) -> bool {
    let question = asked.question;
    let is_act = |(word, weight): &&(String, f32)| {
        let part = entry(word).map(|entry| entry.part);
        let is_verb = matches!(part, Some(PartOfSpeech::Verb | PartOfSpeech::VerbalNoun));
        is_verb && *weight > LEAST_ACT
    };
    let mut done = figure.zone_words.iter().filter(is_act).peekable();
    let acts =
        question.words.iter().zip(explained).filter(|(word, _)| {
            word.is_verb() && word.operators.is_empty() && word.weight > LEAST_ACT
        });
    let mut acts = acts.peekable();
    acts.peek().is_some()
        && acts.all(|(_, explained)| *explained < 0.5)
        && done.peek().is_some()
        && done.all(|(word, _)| !question.says(word))
}

/// The same, where a figure of change says the rate: 固定资产投资352亿元、下降1.2% holds 固定资产投资增速.
fn rates_open(asked: &Asked<'_>, clause: &Evidence, figure: &ClauseFigure) -> f32 {
    let open = concepts_open(asked, &clause.levels);
    let concepts = &asked.question.concepts;
    let is_said = |name: &str| {
        let mut levels = clause.levels.iter().filter(|level| level.worth > NEAR);
        levels.any(|level| asked.explainer.holds(level.text, name) >= 1.0)
    };
    let said = concepts.iter().filter(|concept| {
        let says_rate =
            || is_rate(&concept.name) || without_rate(&concept.name).is_some_and(is_said);
        figure.is_change && says_rate()
    });
    (open - said.count() as f32).max(0.0)
}

/// How many things of the field the question names and the texts around a record do not: 登记失业率 is
/// no 调查失业率.
pub fn concepts_open(asked: &Asked<'_>, levels: &[Level]) -> f32 {
    let open = asked.question.concepts.iter().map(|concept| {
        let said = levels
            .iter()
            .filter(|level| level.worth > NEAR)
            .map(|level| {
                let whole = asked.explainer.holds(level.text, &concept.name);
                let stem = stem(&concept.name);
                whole.max(stem.map_or(0.0, |stem| asked.explainer.holds(level.text, stem)))
            })
            .fold(0.0, f32::max);
        1.0 - said
    });
    open.sum::<f32>().min(2.0)
}

/// What there is, or what there is in all, is asked for.
fn asks_stock(question: &Question) -> bool {
    question.has(Operator::Stock)
        || question.has(Operator::Total)
        || question.text.contains("有多少")
}

/// Whether aim or result is what is asked for.
pub fn measure_features(asked: &Asked<'_>, measure: Option<Measure>, features: &mut Features) {
    let Some(measure) = measure else { return };
    let strong = asked
        .measure
        .strong
        .filter(|_| !asked.question.has(Operator::Compare));
    if strong.is_some_and(|strong| strong != measure) {
        features.set(Feature::MeasureDiffers, 1.0);
    }
    if asked.question.frame.years.is_empty()
        && let Some(wanted) = asked.measure.of_cell
    {
        features.set(
            Feature::MeasureAgrees,
            if wanted == measure { 1.0 } else { -1.0 },
        );
    }
}
