//! One score for every candidate: how far it explains the question, what it leaves open, and what
//! its kind knows.

use super::answer::AnswerKind;
use super::candidate::{Asked, Candidate};
use super::features::{Feature, Features};
use crate::language::{PartOfSpeech, UnitKind};
use crate::question::{Operator, OperatorSet, Word, says_distance_to_aim};
use std::ops::Range;

/// Operators that ask for one kind of answer and no other.
pub(super) const SPECIFIC: OperatorSet = OperatorSet::of(&[
    Operator::Unit,
    Operator::Nature,
    Operator::Category,
    Operator::Verdict,
    Operator::Compare,
    Operator::Why,
    Operator::Define,
    Operator::Reverse,
    Operator::When,
    Operator::Who,
    Operator::Where,
    Operator::Report,
    Operator::Issued,
    Operator::Extreme,
    Operator::How,
    Operator::List,
]);
/// Operators that ask nothing by themselves.
const QUIET: OperatorSet = OperatorSet::of(&[
    Operator::Target,
    Operator::Actual,
    Operator::Total,
    Operator::Request,
    Operator::Document,
    Operator::Stock,
]);
/// Whether a feature set belongs to a record of the tables that has a name.
fn is_named(kind: AnswerKind) -> bool {
    kind.is_of_row() || matches!(kind, AnswerKind::Reason | AnswerKind::Term)
}

/// The features of candidates that answer together; the first is the base.
pub fn features(asked: &Asked<'_>, set: &[&Candidate]) -> Features {
    let Some(base) = set.first() else {
        return Features::default();
    };
    let mut features = Features::default();
    features.set(Feature::Bias, 1.0);
    unexplained(asked, set, &mut features);
    head(asked, set, &mut features);
    sorts(asked, set, &mut features);
    years(asked, set, &mut features);
    let further = set.len() as f32 - 1.0;
    if further > 0.0 {
        features.set(
            Feature::Several,
            further.min(1.0) + 0.15 * (further - 1.0).max(0.0),
        );
        let unasked = !asked.question.is_conjoined;
        features.set(Feature::SeveralUnasked, f32::from(u8::from(unasked)));
    }
    counts(asked, set, &mut features);
    let part = 1.0 / set.len() as f32;
    for candidate in set {
        for (feature, value) in Feature::ALL.iter().zip(candidate.features.values()) {
            features.add(*feature, part * value);
        }
        kind_features(asked, candidate, part, &mut features);
    }
    if asked.question.weight() < 0.45 && is_named(base.kind) {
        features.set(Feature::LittleContent, 0.45 - asked.question.weight());
    }
    features
}

/// Whether there are as many figures as are asked for.
fn counts(asked: &Asked<'_>, set: &[&Candidate], features: &mut Features) {
    let question = asked.question;
    let base = set[0];
    let asked_amounts = question.operators.spans(Operator::Amount).count();
    let given = set.iter().fold(0_usize, |sum, candidate| {
        sum.saturating_add(candidate.figures)
    });
    features.set(
        Feature::AmountsOpen,
        asked_amounts.saturating_sub(given).min(3) as f32,
    );
    let compares = question.has(Operator::Compare)
        && (question.frame.is_compared || asked.measure.is_against_aim);
    // 高于目标约1个百分点 is the difference itself.
    let says_difference = match asked.measure.is_against_aim {
        true => {
            let text = base.texts.first();
            text.is_some_and(|text| says_distance_to_aim(asked.library.canonical(*text)))
        }
        false => base.features.get(Feature::ChangeAgrees) > 0.0,
    };
    let is_figure = matches!(base.kind, AnswerKind::Clause | AnswerKind::Value);
    if compares && set.len() == 1 && is_figure && !says_difference {
        features.set(Feature::CompareSingle, 1.0);
    }
}

fn kind_features(asked: &Asked<'_>, candidate: &Candidate, part: f32, features: &mut Features) {
    use AnswerKind as K;
    let operators = asked.question.operators.set();
    let kind = candidate.kind;
    let is = match kind {
        K::Value => Feature::IsValue,
        K::Unit | K::Nature | K::Category => Feature::IsAttribute,
        K::Verdict => Feature::IsVerdict,
        K::Compare => Feature::IsCompare,
        K::Reason => Feature::IsReason,
        K::Table => Feature::IsTable,
        K::Term => Feature::IsTerm,
        K::Reverse => Feature::IsReverse,
        K::Clause => Feature::IsClause,
        K::Passage => Feature::IsPassage,
        K::Duty => Feature::IsDuty,
        K::Imprint | K::Place | K::Inventory => Feature::IsDocument,
    };
    features.add(is, part);
    if operators.meets(candidate.wants) {
        features.add(Feature::KindAgrees, part);
    }
    let specific = operators.and(SPECIFIC);
    if !specific.is_empty() && !specific.meets(candidate.wants) {
        let differs = match kind {
            K::Value | K::Table => Feature::KindDiffersTable,
            K::Clause => Feature::KindDiffersClause,
            _ => Feature::KindDiffersPassage,
        };
        features.add(
            differs,
            part * specific.without(candidate.uses).count().max(1) as f32,
        );
        let asks_meaning = operators.has(Operator::Define) || operators.has(Operator::Reverse);
        if asks_meaning && matches!(kind, K::Clause | K::Passage) {
            features.add(Feature::MeaningAskedOfText, part);
        }
    }
    if operators.has(Operator::Why) && !matches!(kind, K::Reason | K::Passage) {
        features.add(Feature::WhyDiffers, part);
    }
    if operators.without(QUIET).is_empty() {
        let bare = match kind {
            K::Value => Some(Feature::BareValue),
            K::Term => Some(Feature::BareTerm),
            K::Clause => Some(Feature::BareClause),
            K::Passage => Some(Feature::BarePassage),
            _ => None,
        };
        if let Some(bare) = bare {
            features.add(bare, part);
        }
    }
}

/// How far each word is explained by the best of a set.
fn explained(set: &[&Candidate], word: usize) -> f32 {
    set.iter()
        .map(|candidate| candidate.explained.get(word).copied().unwrap_or(0.0))
        .fold(0.0, f32::max)
}

/// A part of the question is explained from this weight on; a part that asks then needs no other.
const EXPLAINED_PART: f32 = 0.42;
/// Less weight explained is nothing.
const IDLE_PART: f32 = 0.25;

/// Parts of the question between punctuation that tell something beside what is asked: nothing in
/// them is explained and something is elsewhere; or they state something, ask nothing, and another
/// part asks and is explained. A part of nouns alone is no statement but says what is meant
/// (民营企业，去年出口多少).
fn parts_beside(asked: &Asked<'_>, set: &[&Candidate]) -> Vec<usize> {
    let words = &asked.question.words;
    let count = words.iter().map(|word| word.clause).max().unwrap_or(0) + 1;
    let mut said = vec![0.0_f32; count];
    let mut asks = vec![false; count];
    let mut states = vec![false; count];
    for (at, word) in words.iter().enumerate() {
        if word.weight > 0.25 {
            said[word.clause] += word.weight * explained(set, at);
        }
        let asking = word.operators.without(QUIET);
        asks[word.clause] |= !asking.is_empty();
        states[word.clause] |= word.is_verb();
    }
    let most = said.iter().copied().fold(0.0, f32::max);
    let stands_alone = (0..count).any(|part| asks[part] && said[part] > EXPLAINED_PART);
    let is_idle = |part: usize| said[part] < IDLE_PART && most > EXPLAINED_PART;
    let is_background = |part: usize| states[part] && stands_alone;
    (0..count)
        .filter(|part| !asks[*part] && (is_idle(*part) || is_background(*part)))
        .collect()
}

fn unexplained(asked: &Asked<'_>, set: &[&Candidate], features: &mut Features) {
    let question = asked.question;
    let base = set[0];
    let named = is_named(base.kind);
    let beside = parts_beside(asked, set);
    let (mut total, mut kept) = (0.0_f32, 0.0_f32);
    for (at, word) in question.words.iter().enumerate() {
        let value = explained(set, at);
        let used = by_operators(asked, word, base.uses);
        let level = value.max(used);
        if word.operators.is_empty() || value > 0.0 {
            total += word.weight;
            kept += word.weight * level;
        }
        let half = (0.25..0.62).contains(&value) && used < 0.3 && word.span.len() >= 3;
        if named && half && word.part.is_nominal() {
            features.add(Feature::HalfOfName, 1.0);
        }
        let open = word.weight * (1.0 - level);
        if open < 0.02 {
            continue;
        }
        if word.is_other_place() && level < 0.5 {
            features.set(Feature::PlaceUnexplained, 1.0);
        }
        if beside.contains(&word.clause) {
            features.add(Feature::IdlePart, open);
            continue;
        }
        if word.is_role && level < 0.5 {
            features.set(Feature::RoleUnexplained, 1.0);
        }
        touching(asked, set, at, open, named, features);
        if is_near(asked, set, at) && word.part.is_open() && word.operators.is_empty() {
            let near = if word.is_in_documents {
                Feature::ElsewhereNear
            } else {
                Feature::AbsentNear
            };
            features.add(near, open);
        }
        let is_term = matches!(base.kind, AnswerKind::Term | AnswerKind::Reverse);
        if is_term && word.part.is_open() && word.operators.is_empty() {
            features.add(Feature::TermOpen, open);
        }
        if is_document(base.kind) && word.part.is_open() {
            features.add(Feature::DocumentOpen, open);
        }
        count(word, open, used, features);
    }
    features.set(Feature::Share, kept / total.max(0.5));
    let heaviest = features.get(Feature::NounHeaviest).min(1.2);
    features.set(Feature::NounHeaviest, heaviest);
}

/// Kinds that speak of the document and not of what it says.
fn is_document(kind: AnswerKind) -> bool {
    use AnswerKind as K;
    matches!(kind, K::Duty | K::Imprint | K::Place | K::Inventory)
}

/// Whether a word stands within two words of one that is explained.
fn is_near(asked: &Asked<'_>, set: &[&Candidate], at: usize) -> bool {
    let words = &asked.question.words;
    let first = at.saturating_sub(2);
    let last = (at + 2).min(words.len().saturating_sub(1));
    (first..=last).any(|other| {
        let neighbour = &words[other];
        let same_part = neighbour.clause == words[at].clause;
        other != at && same_part && neighbour.weight > 0.25 && explained(set, other) > 0.5
    })
}

/// The last noun of the part of the question that asks is the head of what is asked.
fn head(asked: &Asked<'_>, set: &[&Candidate], features: &mut Features) {
    let question = asked.question;
    let of_amount = question
        .amount
        .heads
        .first()
        .and_then(|words| words.last().copied());
    let main = set[0]
        .explained
        .iter()
        .zip(&question.words)
        .filter(|(explained, word)| **explained > 0.5 && word.is_content())
        .map(|(_, word)| word.clause)
        .next_back();
    let last = (0..question.words.len()).rev().find(|at| {
        let word = &question.words[*at];
        word.is_content()
            && word.part.is_nominal()
            && word.weight > 0.3
            && Some(word.clause) == main
    });
    if let Some(head) = of_amount.or(last) {
        features.set(Feature::HeadOpen, 1.0 - explained(set, head));
    }
    let base = set[0];
    let cover = base.features.get(Feature::Cover);
    if is_named(base.kind) && base.kind != AnswerKind::Term && cover < 0.9 {
        let touches =
            features.get(Feature::TouchNounOfName) + features.get(Feature::TouchVerbOfName);
        features.set(Feature::Replaced, touches.min(1.0));
    }
}

/// Who, when and where want a text that names somebody, a time, a place.
fn sorts(asked: &Asked<'_>, set: &[&Candidate], features: &mut Features) {
    let base = set[0];
    let Some(first) = base.texts.first() else {
        return;
    };
    let named = asked.explainer.sorts(*first);
    let operators = asked.question.operators.set();
    let actor = match asked.question.asks_organ() {
        true => named.organ,
        false => named.actor,
    };
    let wanted = [
        (Operator::When, named.time),
        (Operator::Who, actor),
        (Operator::Where, named.place),
    ];
    for (operator, is_named) in wanted {
        if operators.has(operator) {
            let sort = if is_named {
                Feature::SortFound
            } else {
                Feature::SortMissing
            };
            features.add(sort, 1.0);
        }
    }
}

/// How much of a word operators cover that the kind has a use for.
fn by_operators(asked: &Asked<'_>, word: &Word, uses: OperatorSet) -> f32 {
    if word.is_own_place {
        return 1.0;
    }
    let operators = &asked.question.operators;
    // 强度 asks for an amount, and says of what: a record must say it too.
    let amount = &asked.question.amount;
    let is_share = |span: &Range<usize>| {
        let said: String = asked.question.letters.canonical[span.clone()]
            .iter()
            .collect();
        ["占比", "比重", "比例"].contains(&said.as_str())
    };
    let says_what = amount.implied.clone();
    let says_what =
        says_what.filter(|span| amount.kind == Some(UnitKind::Share) && !is_share(span));
    let is_said = |at: usize| says_what.as_ref().is_some_and(|span| span.contains(&at));
    let covered = word
        .span
        .clone()
        .filter(|at| operators.at(*at).meets(uses) && !is_said(*at))
        .count();
    covered as f32 / word.span.len().max(1) as f32
}

/// Adds the weight of an unexplained word to the feature of its sort.
fn count(word: &Word, open: f32, used: f32, features: &mut Features) {
    if word.part.is_nominal() {
        let heaviest = features.get(Feature::NounHeaviest).max(open);
        features.set(Feature::NounHeaviest, heaviest);
    }
    let sort = if word.is_number() {
        Feature::NumberUnexplained
    } else if word.is_name() || word.is_other_place() {
        Feature::NameUnexplained
    } else if !word.operators.is_empty() && used < 0.5 {
        Feature::OperatorUnused
    } else if word.part.is_nominal() {
        if word.is_in_documents {
            Feature::NounElsewhere
        } else {
            Feature::NounAbsent
        }
    } else if word.part.is_verbal() {
        if word.is_in_documents {
            Feature::VerbElsewhere
        } else {
            Feature::VerbAbsent
        }
    } else {
        Feature::OtherUnexplained
    };
    features.add(sort, open);
}

/// Unexplained words that touch an explained one: 森林 beside 覆盖率.
fn touching(
    asked: &Asked<'_>,
    set: &[&Candidate],
    at: usize,
    open: f32,
    named: bool,
    features: &mut Features,
) {
    let words = &asked.question.words;
    let word = &words[at];
    let says_operator = word
        .span
        .clone()
        .all(|letter| !asked.question.operators.at(letter).is_empty());
    if !word.part.is_open() || open <= 0.15 || says_operator {
        return;
    }
    // Light letters that are explained with what they belong to stand between: 每 of 每千人口.
    let is_light = |other: &usize| words[*other].weight <= 0.2 && explained(set, *other) > 0.5;
    let touches = |other: usize, passed: usize| {
        let neighbour = &words[other];
        let adjacent = match other > at {
            true => words[passed].span.end == neighbour.span.start,
            false => neighbour.span.end == words[passed].span.start,
        };
        adjacent && explained(set, other) > 0.5 && neighbour.weight > 0.2
    };
    let next = (at + 1..words.len()).find(|other| !is_light(other));
    let after = next.is_some_and(|next| touches(next, next - 1));
    let last = (0..at).rev().find(|other| !is_light(other));
    let before = last.is_some_and(|last| touches(last, last + 1));
    if !after && !before {
        return;
    }
    // 健康 before 预期寿命 makes another thing of it, as a noun does.
    let narrows = word.part.is_nominal() || after && word.part == PartOfSpeech::Adjective;
    if after && word.part.is_nominal() {
        features.add(Feature::ModifierOpen, 1.0);
    }
    let value = if named { 1.0 } else { open };
    let sort = match (narrows, named) {
        (true, true) => Feature::TouchNounOfName,
        (true, false) => Feature::TouchNoun,
        (false, true) => Feature::TouchVerbOfName,
        (false, false) => Feature::TouchVerb,
    };
    features.add(sort, value);
    if after && before {
        features.add(
            if named {
                Feature::InsideName
            } else {
                Feature::Inside
            },
            value,
        );
    }
}

fn years(asked: &Asked<'_>, set: &[&Candidate], features: &mut Features) {
    let years = &asked.question.frame.years;
    if years.is_empty() {
        return;
    }
    let (mut agrees, mut unsaid) = (0.0, 0.0);
    for year in years {
        let says = set
            .iter()
            .any(|candidate| candidate.time.years.contains(year));
        let silent = set.iter().any(|candidate| candidate.time.years.is_empty());
        if says {
            agrees += 1.0;
        } else if silent {
            unsaid += 1.0;
        }
    }
    let count = years.len() as f32;
    features.set(Feature::YearAgrees, agrees / count);
    features.set(Feature::YearUnsaid, unsaid / count);
}
