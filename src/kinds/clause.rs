//! “新增了多少家”: a clause of the running text, of a note or of a definition, that holds the figure.

mod quotation;

pub(super) use quotation::add_notes;

use super::{counted, indicator, level, part};
use crate::evidence::{Clause as Evidence, ClauseFigure, ClauseId, Level};
use crate::language::{Meaning, UnitKind, Units, ends_in_change, names_rate, stem};
use crate::model::{Measure, PlanIx, Provenance};
use crate::question::{
    Operator, OperatorSet, Question, asks_change, asks_rate, is_of_scope, is_wider_scope,
};
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
        for at in &asked.clauses {
            let clause = asked.library.clause(*at);
            if !asked.is_in_frame(clause.plan) {
                continue;
            }
            let mut explained = asked.explainer.by_levels(&clause.levels);
            keep_heads_near(asked, &clause.levels, &mut explained);
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
            if is_other_unit(asked, fit.unit)
                || is_other_scope(asked, quoted)
                || is_of_part(asked, clause.plan, quoted)
                || names_other_thing(asked, quoted)
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
            measure_features(asked, measure, &mut features);
            if is_total && asks_stock(asked.question) {
                features.set(Feature::Stock, 1.0);
            }
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

/// Whether a figure's own stretch names another thing of the field, and not the one asked about: what
/// stands before it then lends it no subject.
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
    let others = asked.thesaurus.concepts(zone);
    others
        .iter()
        .any(|other| other.name.chars().count() >= LEAST_THING)
}

fn is_of_part(asked: &Asked<'_>, plan: PlanIx, figure: &ClauseFigure) -> bool {
    let place = figure.place.as_ref();
    place.is_some_and(|place| part::is_unasked(asked, plan, place))
}

/// 新增 is asked or not, and the figure is an increase or what there is.
fn change_features(asked: &Asked<'_>, figure: &ClauseFigure, features: &mut Features) {
    let agrees = asks_change(asked.question) == figure.is_change;
    features.set(Feature::ChangeAgrees, if agrees { 1.0 } else { -1.0 });
}

/// The best fit of any figure of a sentence to what is asked: for passages that quote it whole.
/// Unit, and how far its stretch says what is counted.
pub fn best_fit(asked: &Asked<'_>, plan: PlanIx, places: &[Provenance]) -> Option<(f32, f32)> {
    places
        .iter()
        .flat_map(|place| asked.library.clauses_of(plan, *place))
        .flat_map(|clause| {
            let figures = clause.figures.iter().enumerate();
            figures.map(|(at, figure)| fit(asked, clause, at, figure))
        })
        .map(|fit| (fit.unit, fit.head.max(fit.found.min(1.0))))
        .max_by(|a, b| (a.0.min(0.6) + a.1).total_cmp(&(b.0.min(0.6) + b.1)))
}

/// The weight of the question that stands in one clause with a figure of the unit asked for: the
/// most of any clause of a passage.
pub fn weight_at_figure(asked: &Asked<'_>, plan: PlanIx, places: &[Provenance]) -> f32 {
    places
        .iter()
        .flat_map(|place| asked.library.clauses_of(plan, *place))
        .filter(|clause| {
            let mut figures = clause.figures.iter().enumerate();
            figures.any(|(at, figure)| {
                let is_level_for_rate = asks_rate(asked.question) && !figure.is_change;
                let fits = !is_level_for_rate && !level::is_other_sort(asked, figure);
                fits && fit(asked, clause, at, figure).unit > -0.9
            })
        })
        .map(|clause| asked.explainer.weight_in(clause.text))
        .fold(0.0, f32::max)
}

/// How well a figure fits what is asked.
#[derive(Debug, Clone, Copy, Default)]
struct Fit {
    unit: f32,
    /// Whether the words at the figure say aim where a result is asked for, or a result for an aim.
    is_other_measure: bool,
    head: f32,
    unsaid: f32,
    unsaid_weight: f32,
    found: f32,
    restricts: bool,
}

impl Fit {
    fn value(self, place: usize) -> f32 {
        let restricts = if self.restricts { 1.5 } else { 0.0 };
        let other_measure = if self.is_other_measure { 1.5 } else { 0.0 };
        self.unit + self.head - 0.6 * self.unsaid + 0.5 * self.found
            - restricts
            - other_measure
            - 0.02 * place as f32
    }

    fn features(self, asked: &Asked<'_>, features: &mut Features) {
        let question = asked.question;
        features.set(Feature::UnitAgrees, self.unit);
        features.set(Feature::UnitDiffers, f32::from(u8::from(self.unit < -0.9)));
        features.set(Feature::HeadFound, self.head);
        let asks_head = question.amount.is_asked && !question.amount.heads.is_empty();
        features.set(
            Feature::HeadMissing,
            f32::from(u8::from(asks_head && self.head < 0.3)),
        );
        features.set(Feature::ZoneUnsaid, self.unsaid);
        features.set(Feature::ZoneWeight, self.unsaid_weight.min(3.0));
        features.set(Feature::ZoneFound, self.found.min(2.0));
        features.set(Feature::Restricts, f32::from(u8::from(self.restricts)));
        let content = question
            .words
            .iter()
            .filter(|w| w.is_content() && w.weight > 0.25)
            .count();
        if content <= 1 {
            features.set(Feature::ZoneUnsaidSingle, (self.unsaid - 0.4).max(0.0));
        }
        if question.weight() < 1.4 {
            features.set(Feature::ZoneUnsaidBare, self.unsaid);
        }
    }
}

fn best_figure(asked: &Asked<'_>, clause: &Evidence) -> Option<(usize, Fit)> {
    let mut best: Option<(usize, Fit)> = None;
    for (at, figure) in clause.figures.iter().enumerate() {
        if level::is_other_sort(asked, figure) {
            continue;
        }
        let fit = fit(asked, clause, at, figure);
        if best.is_none_or(|(known, other)| fit.value(at) > other.value(known)) {
            best = Some((at, fit));
        }
    }
    best
}

fn fit(asked: &Asked<'_>, clause: &Evidence, at: usize, figure: &ClauseFigure) -> Fit {
    let question = asked.question;
    let amount = &question.amount;
    let unit = match (amount.kind, &amount.unit) {
        (Some(kind), unit) => unit_fit(kind, unit.as_deref(), amount.is_guess, figure),
        (None, Some(size)) => size_fit(size, figure),
        (None, None) => 0.0,
    };
    // 下降1.2% says the 增速 that is asked for, though not by that word.
    let says_rate = |word: usize| figure.is_change && names_rate(&question.words[word].text);
    let in_zone = |word: usize| {
        if says_rate(word) {
            return 1.0;
        }
        asked.explainer.in_text(word, figure.zone)
    };
    let mut head: f32 = if amount.heads.is_empty() { 0.3 } else { 0.0 };
    for words in &amount.heads {
        let best = words.iter().map(|word| in_zone(*word)).fold(0.0, f32::max);
        let mean = words.iter().map(|word| in_zone(*word)).sum::<f32>() / words.len().max(1) as f32;
        let is_unit = words
            .first()
            .is_some_and(|word| question.words[*word].text == figure.quantity.unit);
        head = head.max(if is_unit && best < 0.5 {
            1.0
        } else if words.len() > 1 {
            0.5 * best + 0.5 * mean
        } else {
            best
        });
    }
    let is_unit_of_noun = amount.implied.is_some()
        && amount
            .unit
            .as_ref()
            .is_some_and(|unit| *unit == figure.quantity.unit);
    if is_unit_of_noun {
        head = 1.0;
    }
    let restricting = clause.figures[..at]
        .iter()
        .rev()
        .take_while(|other| other.restricts);
    let unsaid_restriction = restricting
        .filter(|other| {
            let number: String = digits(&other.quantity.printed);
            !question.text.contains(&number)
        })
        .count() as f32
        * 0.7;
    let total: f32 = figure.zone_words.iter().map(|(_, w)| w).sum::<f32>() + unsaid_restriction;
    let unsaid: f32 = figure
        .zone_words
        .iter()
        .filter(|(word, _)| !says(question, word))
        .map(|(_, weight)| weight)
        .sum::<f32>()
        + unsaid_restriction;
    let found = asked.explainer.weight_in(figure.zone);
    Fit {
        unit,
        head,
        unsaid: unsaid / (total + 0.6),
        unsaid_weight: unsaid,
        found,
        restricts: figure.restricts,
        is_other_measure: is_other_measure(asked, clause.plan, figure),
    }
}

/// Of 计划增长8%、实际增长3% the one is asked for and not the other: in a year that is over a result,
/// unless an aim is named.
fn is_other_measure(asked: &Asked<'_>, plan: PlanIx, figure: &ClauseFigure) -> bool {
    let usual = || {
        let year = asked.question.frame.years.first()?;
        Some(asked.plan(plan)?.usual_measure(*year))
    };
    let wanted = asked
        .measure
        .strong
        .or(asked.measure.of_cell)
        .or_else(usual);
    let said = figure.measure;
    wanted.is_some_and(|wanted| said.is_some_and(|said| said != wanted))
}

/// Whether a question says a word of the text, or means it.
fn says(question: &Question, word: &str) -> bool {
    question.text.contains(word)
        || question
            .meanings
            .iter()
            .any(|meaning| meaning.name.contains(word))
        || {
            let letters: Vec<char> = word.chars().collect();
            letters.len() >= 3
                && letters
                    .windows(2)
                    .filter(|two| question.text.contains(&two.iter().collect::<String>()))
                    .count()
                    * 2
                    > letters.len() - 1
        }
}

/// 多少亿 of whatever: no share has such a size.
fn size_fit(size: &str, figure: &ClauseFigure) -> f32 {
    match figure.kind {
        Some(UnitKind::Share) => -1.0,
        _ if figure.quantity.unit.starts_with(size) => 1.0,
        _ => 0.0,
    }
}

fn unit_fit(kind: UnitKind, unit: Option<&str>, is_guess: bool, figure: &ClauseFigure) -> f32 {
    let Some(of_figure) = figure.kind else {
        return 0.0;
    };
    let printed = &figure.quantity.unit;
    if let Some(unit) = unit
        && (printed == unit
            || printed.ends_with(unit)
            || "万亿".contains(unit) && printed.contains(unit))
    {
        return 1.0;
    }
    if is_guess && kind == UnitKind::Money {
        return match of_figure {
            UnitKind::Money => 0.3,
            UnitKind::Share => 0.0,
            _ => -0.3,
        };
    }
    if kind == of_figure {
        return 0.6;
    }
    if Units::agree(kind, of_figure) {
        return if unit == Some("个") { 0.1 } else { -0.4 };
    }
    -1.0
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
    let canonical = asked.explainer.canonical(clause.text);
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
        .map(|(compound, ..)| {
            let best = clause
                .levels
                .iter()
                .filter(|level| {
                    asked
                        .explainer
                        .canonical(level.text)
                        .contains(compound.as_str())
                })
                .map(|level| level.worth)
                .fold(0.0, f32::max);
            1.0 - best
        })
        .sum();
    features.set(Feature::Compound, missing.min(2.0));
    features.set(Feature::ConceptOpen, concepts_open(asked, &clause.levels));
    let names_verb = question
        .words
        .iter()
        .any(|word| word.is_verb() && word.weight > 0.15 && !word.is_operator);
    if question.amount.is_asked && !names_verb {
        // 增长 answers by how much something rose, in whatever words that was asked; beside a sum it is
        // another figure's.
        let is_aside = asks_change(question) || figure.is_total;
        let says = |verb: &str| says(question, verb) || is_aside && ends_in_change(verb);
        let unsaid = clause.verbs.iter().filter(|(verb, _)| !says(verb));
        features.set(
            Feature::VerbUnsaid,
            unsaid.map(|(_, w)| w).sum::<f32>().min(2.0),
        );
    }
    if !question.amount.is_asked {
        features.set(Feature::ClauseUnasked, 1.0);
    }
    let asks_stock = asks_stock(question);
    let asks_increase = ["新增", "引进", "净增", "新建", "去年", "今年"]
        .iter()
        .any(|w| question.text.contains(w));
    let says_total = ["总量", "达到", "累计", "总数", "现有", "共有"]
        .iter()
        .any(|w| canonical.contains(w));
    if clause.is_stock {
        features.set(
            Feature::Stock,
            if asks_stock {
                1.0
            } else if asks_increase {
                -0.5
            } else {
                0.0
            },
        );
    } else if asks_stock && says_total && !asks_increase {
        features.set(Feature::Stock, 0.5);
    }
}

/// The last word of a name says what is measured: 强度 elsewhere in the paragraph does not make
/// 投入增长 an 投入强度.
fn keep_heads_near(asked: &Asked<'_>, levels: &[Level], explained: &mut [f32]) {
    let near: Vec<Level> = levels
        .iter()
        .copied()
        .filter(|level| level.worth > NEAR)
        .collect();
    for concept in &asked.question.concepts {
        let words = asked.question.words.iter().enumerate();
        for (at, word) in words.filter(|(_, word)| word.span.end == concept.span.end) {
            if concept.span.contains(&word.span.start) && word.span.start > concept.span.start {
                explained[at] = asked.explainer.word_by_levels(at, &near);
            }
        }
    }
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

fn digits(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_digit() || *c == '.')
        .collect()
}
