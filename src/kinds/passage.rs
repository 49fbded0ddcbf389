//! “怎么抓…”, “有哪些举措”, “原话怎么说”: a passage of the running text or a note, quoted whole.

use super::clause::{
    add_notes, best_fit, concepts_open, lacks_scope, measure_features, notes_of, only_here,
    weight_at_figure,
};
use super::{counted, indicator};
use crate::evidence::{Grain, Level, PassageId, PassageText, TextId};
use crate::question::{Operator, OperatorSet, Word};
use crate::reply::{
    Answer, AnswerKind, Asked, Candidate, Feature, Features, Kind, Record, RecordKey, Time,
};
use std::rc::Rc;

/// A passage.
pub struct Passage;

const USES: OperatorSet = indicator::uses(&[
    Operator::How,
    Operator::Why,
    Operator::When,
    Operator::Who,
    Operator::Where,
    Operator::Define,
    Operator::Verdict,
    Operator::More,
    Operator::Extreme,
]);
const WANTS: OperatorSet = OperatorSet::of(&[
    Operator::How,
    Operator::List,
    Operator::Why,
    Operator::When,
    Operator::Who,
    Operator::Where,
]);
/// A passage that explains a smaller share of the question is not near.
const LEAST_SHARE: f32 = 0.3;

/// Of what a passage of several sentences says of the question, this share must stand beside the
/// figure that is asked for.
const LEAST_AT_FIGURE: f32 = 0.5;
/// A passage that says nothing of the question itself stands under a headline that does.
const LEAST_OWN: f32 = 0.12;
const LEAST_HEADLINE: f32 = 0.5;

/// What is asked of another place stands in one sentence with it: a passage that says more than
/// this share of it elsewhere speaks of its own place there (`tests/cases/asked/lacking.toml`; from a
/// quarter on, two right answers of those put aside were lost).
const MOST_SCATTERED: f32 = 0.4;

struct Quoted {
    passage: PassageId,
}

impl Kind for Passage {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        let question = asked.question;
        let whole = question.weight();
        for at in &asked.passages {
            let passage = asked.library.passage(*at);
            if !asked.is_in_frame(passage.plan) {
                continue;
            }
            let explained = asked.explainer.by_levels(&passage.levels);
            let weight: f32 = explained
                .iter()
                .zip(&question.words)
                .map(|(explained, word)| explained * word.weight)
                .sum();
            let own = asked.explainer.weight_in(passage.text);
            let headline = passage
                .headline
                .map_or(0.0, |text| asked.explainer.weight_in(text));
            if weight < LEAST_SHARE * whole || own < LEAST_OWN && headline < LEAST_HEADLINE {
                continue;
            }
            // A figure is answered by its clause; a passage full of figures says none of them.
            let is_wide = matches!(passage.grain, Grain::Item | Grain::List)
                || passage.grain == Grain::Sentence && passage.verbatim.contains(['；', ';']);
            if asks_figure_only(asked) && is_wide {
                continue;
            }
            let asks_amount = question.amount.is_asked;
            let at_figure =
                asks_amount.then(|| weight_at_figure(asked, passage.plan, &passage.sentences));
            if let Some(at_figure) = at_figure
                && wants_figure(asked)
                && (at_figure <= 0.0 || is_wide && at_figure < LEAST_AT_FIGURE * own)
            {
                continue;
            }
            if asks_amount && lacks_scope(asked, asked.library.canonical(passage.text)) {
                continue;
            }
            let nearest = nearest_sentence(asked, passage);
            let mut features = features(asked, passage, own, at_figure);
            if let Some((_, said)) = nearest {
                let scattered = (1.0 - said / own.max(0.1)).max(0.0);
                if scattered > MOST_SCATTERED && names_other_place(asked) {
                    continue;
                }
                features.set(Feature::PassageScattered, scattered);
            }
            measure_features(asked, passage.measure, &mut features);
            candidates.push(Candidate {
                kind: AnswerKind::Passage,
                key: RecordKey::Passage(*at),
                plan: passage.plan,
                explained,
                time: Time {
                    years: passage.years.clone(),
                    measure: passage.measure,
                    period: None,
                },
                texts: nearest
                    .map(|(text, _)| text)
                    .into_iter()
                    .chain([passage.text])
                    .collect(),
                figures: usize::MAX,
                features,
                uses: USES,
                wants: WANTS,
                record: Rc::new(Quoted { passage: *at }),
            });
        }
    }
}

/// Whether the question names a place that is not the report's.
fn names_other_place(asked: &Asked<'_>) -> bool {
    asked.question.words.iter().any(Word::is_other_place)
}

/// The sentence of a longer passage that says most of the question, with the weight that it says.
fn nearest_sentence(asked: &Asked<'_>, passage: &PassageText) -> Option<(TextId, f32)> {
    if passage.sentences.len() < 2 {
        return None;
    }
    let places = passage.sentences.iter();
    let texts = places.filter_map(|place| asked.library.sentence(passage.plan, *place));
    texts
        .map(|text| (text, asked.explainer.weight_in(text)))
        .max_by(|one, other| one.1.total_cmp(&other.1))
}

/// Whether an amount is asked for in so many words, and nothing else.
fn asks_figure_only(asked: &Asked<'_>) -> bool {
    let amount = &asked.question.amount;
    // 目标 and 完成情况 beside a noun of measurement ask for the figure as 多少 does.
    let asks_cell = asked.question.any(&[Operator::Target, Operator::Actual]);
    match amount.is_asked {
        true => wants_figure(asked) && (amount.implied.is_none() || asks_cell),
        false => asked.question.has(Operator::Target) && !asks_otherwise(asked),
    }
}

/// Whether one amount is asked for, and nothing else.
fn wants_figure(asked: &Asked<'_>) -> bool {
    let several = asked.question.operators.spans(Operator::Amount).count() > 1;
    asked.question.amount.is_asked && !several && !asks_otherwise(asked)
}

/// Whether anything is asked for that a figure does not say.
fn asks_otherwise(asked: &Asked<'_>) -> bool {
    const OTHERS: &[Operator] = &[
        Operator::List,
        Operator::How,
        Operator::Why,
        Operator::When,
        Operator::Who,
        Operator::Where,
        Operator::Define,
        Operator::Report,
    ];
    let question = asked.question;
    // 修复了5座，是不是 asks for the figure; whether something is so is asked of a whole passage.
    let asks_whether = question.has(Operator::Premise) && question.amount.claim.is_none();
    asks_whether || question.any(OTHERS)
}

/// `at_figure` is the weight that stands beside a figure, where an amount is asked for.
fn features(
    asked: &Asked<'_>,
    passage: &PassageText,
    own: f32,
    at_figure: Option<f32>,
) -> Features {
    let question = asked.question;
    let mut features = Features::default();
    let length = passage.verbatim.chars().count() as f32;
    let flag = |is: bool| f32::from(u8::from(is));
    let headline = passage
        .headline
        .map_or(0.0, |text| asked.explainer.weight_in(text));
    features.set(Feature::HeadlineFound, headline.min(2.0));
    features.set(Feature::PassageOwn, own.min(3.0));
    features.set(Feature::PassageLength, (length / 60.0 + 1.0).ln());
    features.set(Feature::PassageDense, own / (length / 40.0 + 2.0).ln());
    features.set(Feature::GrainItem, flag(passage.grain == Grain::Item));
    features.set(Feature::GrainStretch, flag(passage.grain == Grain::Stretch));
    features.set(Feature::GrainList, flag(passage.grain == Grain::List));
    features.set(Feature::GrainNote, flag(passage.grain == Grain::Note));
    let lists = question.has(Operator::List);
    let enumerates = passage.grain == Grain::List || passage.verbatim.matches('、').count() >= 2;
    let is_item = passage.grain == Grain::Item && !passage.verbatim.contains("一是");
    features.set(Feature::ListAgrees, flag(lists && enumerates && !is_item));
    features.set(Feature::ListMissing, flag(lists && !enumerates));
    let plan = asked.plan(passage.plan);
    let notes = plan.into_iter().flat_map(|plan| {
        let places = passage.sentences.iter();
        let notes = places.flat_map(|place| notes_of(plan, *place));
        notes.map(|note| plan.notes[note].text.as_str())
    });
    counted::of_passage(asked, &passage.verbatim, notes, &mut features);
    let how = question.any(&[Operator::How, Operator::List]);
    features.set(Feature::HowAgrees, flag(how && passage.is_measures));
    features.set(
        Feature::WhyAgrees,
        flag(question.has(Operator::Why) && passage.gives_reason),
    );
    features.set(Feature::PassageAmount, flag(at_figure.is_some()));
    if let Some(at_figure) = at_figure {
        let (unit, head) = best_fit(asked, passage.plan, &passage.sentences).unwrap_or((-1.0, 0.0));
        features.set(Feature::UnitAgrees, unit);
        features.set(Feature::UnitDiffers, flag(unit < -0.9));
        features.set(Feature::HeadFound, head);
        let asks_head = !question.amount.heads.is_empty();
        features.set(Feature::HeadMissing, flag(asks_head && head < 0.3));
        features.set(
            Feature::AmountFar,
            (1.0 - at_figure / own.max(0.1)).max(0.0),
        );
    }
    features.set(Feature::ConceptOpen, concepts_open(asked, &passage.levels));
    features.set(Feature::OnlyHere, only_here(asked, passage.text));
    let missing: f32 = question
        .compounds
        .iter()
        .filter(|compound| {
            let has = |level: &Level| asked.explainer.has_compound(level.text, compound);
            !passage.levels.iter().any(has)
        })
        .count() as f32;
    features.set(Feature::Compound, missing.min(2.0));
    features
}

impl Record for Quoted {
    fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        let passage = asked.library.passage(self.passage);
        let plan = asked.plan(passage.plan)?;
        let mut citations = passage
            .sentences
            .iter()
            .filter_map(|place| plan.cite(*place));
        let first = citations.next()?;
        let mut lines = passage.verbatim.lines();
        let lead = lines.next()?.to_string();
        let mut answer = Answer::new(AnswerKind::Passage, lead, first);
        answer.context.extend(lines.map(String::from));
        for citation in citations {
            answer.cite(citation);
        }
        if passage.grain != Grain::List {
            for place in &passage.sentences {
                add_notes(plan, *place, &mut answer);
            }
        }
        Some(answer)
    }
}
