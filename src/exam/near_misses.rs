//! Questions that are nearly about the plan and must not be answered: other years, other places,
//! indicators that are not there, terms with one character changed to another word, and drawn
//! questions changed into others.

use super::base::Base;
use super::changes::Changing;
use super::words::{Dice, Half, Vocabulary};
use super::{Expected, Item, perturb};
use crate::edition::Edition;
use crate::model::{ExamRecords, Plan};
use std::collections::BTreeSet;

const YEARS_AROUND: std::ops::RangeInclusive<i32> = -6..=6;
const CHANGES: usize = 6;
/// So many indicators that a plan does not have are drawn from the field's names.
const ABSENT: usize = 30;

/// Every change of drawn questions.
pub(crate) fn of_bases(
    bases: &[Base],
    plan: &Plan,
    ways: &ExamRecords,
    edition: &Edition,
    vocabulary: &Vocabulary,
) -> Vec<Item> {
    let changing = Changing {
        plan,
        edition,
        ways,
        vocabulary,
    };
    let changes = bases.iter().flat_map(|base| {
        changing.changes(
            base,
            &mut Dice::new(Half::Exam, &format!("{}?", base.question())),
        )
    });
    // Cells of one indicator have some changes in common.
    let mut asked = BTreeSet::new();
    changes
        .filter(|form| asked.insert(form.question.clone()))
        .map(|form| Item {
            kind: form.kind,
            question: form.question,
            expected: Expected::NoAnswer,
        })
        .collect()
}

/// The near misses that need no drawn question.
pub(crate) fn of(plan: &Plan, ways: &ExamRecords, edition: &Edition, half: Half) -> Vec<Item> {
    let bare = |text: &str| edition.as_compared(text).replace(['“', '”', '、'], "");
    let texts = texts_of(plan, &bare);
    let holds = |text: &str| {
        let wanted = bare(text);
        texts.iter().any(|text| text.contains(&wanted))
    };
    let mut asked = elsewhere(plan, ways);
    let own = ways.absent.iter().filter(|name| !holds(name));
    for name in own.chain(absent(ways, &holds, half)) {
        let of_year = |way: &String, year: i32| {
            let question = way.replace("{name}", name);
            ("没有的指标", question.replace("{year}", &year.to_string()))
        };
        asked.extend(ways.target.iter().map(|way| of_year(way, plan.plan_year)));
        asked.extend(
            ways.actual
                .iter()
                .map(|way| of_year(way, plan.executed_year)),
        );
    }
    asked.extend(changed_terms(plan, ways, &holds));
    let item = |(kind, question)| Item {
        kind,
        question,
        expected: Expected::NoAnswer,
    };
    asked.into_iter().map(item).collect()
}

/// A kind of near miss, and its question.
type Miss = (&'static str, String);

/// All that a plan says, as it is compared.
fn texts_of(plan: &Plan, bare: &dyn Fn(&str) -> String) -> Vec<String> {
    let passages = plan.passages.iter().map(|p| bare(&p.text));
    let terms = plan
        .terms
        .iter()
        .flat_map(|t| [bare(&t.name), bare(&t.definition)]);
    let notes = plan.notes.iter().map(|n| bare(&n.text));
    let names = plan.indicators.iter().map(|i| bare(&i.name));
    passages.chain(terms).chain(notes).chain(names).collect()
}

/// Each indicator in years that the plan does not cover and at places that are not its own.
fn elsewhere(plan: &Plan, ways: &ExamRecords) -> Vec<Miss> {
    let mut asked = Vec::new();
    let years: Vec<i32> = YEARS_AROUND
        .map(|shift| plan.plan_year + shift)
        .filter(|year| !plan.covers(*year))
        .collect();
    let ways_of_year = ways.target.iter().take(2).chain(ways.actual.iter().take(1));
    let ways_of_year: Vec<&String> = ways_of_year.collect();
    let is_other = |place: &&String| !plan.region.contains(place.as_str());
    let places: Vec<&String> = ways.places.iter().filter(is_other).collect();
    for indicator in &plan.indicators {
        let name = &indicator.name;
        for year in &years {
            asked.extend(ways_of_year.iter().map(|way| {
                let question = way.replace("{name}", name);
                ("别的年份", question.replace("{year}", &year.to_string()))
            }));
        }
        for place in &places {
            let target = format!("{place}{name}{}年目标是多少", plan.plan_year);
            let result = format!("{}年{place}{name}", plan.executed_year);
            asked.extend([("别的地方", target), ("别的地方", result)]);
        }
    }
    asked
}

/// The terms with a letter changed, where the plan has no such word.
fn changed_terms(plan: &Plan, ways: &ExamRecords, holds: &dyn Fn(&str) -> bool) -> Vec<Miss> {
    let mut asked = Vec::new();
    for term in &plan.terms {
        let bare = term.name.replace(['“', '”'], "");
        let changed = (0..CHANGES).filter_map(|number| perturb::other_word(&bare, number));
        for changed in changed.filter(|changed| !holds(changed)) {
            let ways = ways.term.iter().take(3);
            asked.extend(ways.map(|way| ("改了一个字的名词", way.replace("{name}", &changed))));
        }
    }
    asked
}

/// Names of the field of which a plan has none, nor another name of the same thing: drawn, so that
/// no list has to suit a plan.
fn absent<'a>(ways: &'a ExamRecords, holds: &dyn Fn(&str) -> bool, half: Half) -> Vec<&'a String> {
    let of_field = ways.same_names.iter().filter(|names| {
        let mut names = names.iter();
        !names.any(|name| holds(name))
    });
    let names = of_field.filter_map(|names| names.first());
    let names = names.filter(|name| half.has(name)).collect();
    Dice::new(half, "absent").sample(names, ABSENT)
}
