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
    let mut items = Vec::new();
    let mut push = |kind: &'static str, question: String| {
        items.push(Item {
            kind,
            question,
            expected: Expected::NoAnswer,
        })
    };
    let bare = |text: &str| edition.as_compared(text).replace(['“', '”', '、'], "");
    let passages = plan.passages.iter().map(|p| bare(&p.text));
    let terms = plan
        .terms
        .iter()
        .flat_map(|t| [bare(&t.name), bare(&t.definition)]);
    let notes = plan.notes.iter().map(|n| bare(&n.text));
    let texts: Vec<String> = passages
        .chain(terms)
        .chain(notes)
        .chain(plan.indicators.iter().map(|i| bare(&i.name)))
        .collect();
    let holds = |text: &str| {
        let wanted = bare(text);
        texts.iter().any(|text| text.contains(&wanted))
    };
    let years: Vec<i32> = YEARS_AROUND
        .map(|shift| plan.plan_year + shift)
        .filter(|year| !plan.covers(*year))
        .collect();
    for indicator in &plan.indicators {
        for year in &years {
            for way in ways.target.iter().take(2).chain(ways.actual.iter().take(1)) {
                push(
                    "别的年份",
                    way.replace("{name}", &indicator.name)
                        .replace("{year}", &year.to_string()),
                );
            }
        }
        for place in ways
            .places
            .iter()
            .filter(|place| !plan.region.contains(place.as_str()))
        {
            push(
                "别的地方",
                format!("{place}{}{}年目标是多少", indicator.name, plan.plan_year),
            );
            push(
                "别的地方",
                format!("{}年{place}{}", plan.executed_year, indicator.name),
            );
        }
    }
    let own = ways.absent.iter().filter(|name| !holds(name));
    for name in own.chain(absent(ways, &holds, half)) {
        for way in &ways.target {
            push(
                "没有的指标",
                way.replace("{name}", name)
                    .replace("{year}", &plan.plan_year.to_string()),
            );
        }
        for way in &ways.actual {
            push(
                "没有的指标",
                way.replace("{name}", name)
                    .replace("{year}", &plan.executed_year.to_string()),
            );
        }
    }
    for term in &plan.terms {
        let bare = term.name.replace(['“', '”'], "");
        for number in 0..CHANGES {
            let Some(changed) =
                perturb::other_word(&bare, number).filter(|changed| !holds(changed))
            else {
                continue;
            };
            for way in ways.term.iter().take(3) {
                push("改了一个字的名词", way.replace("{name}", &changed));
            }
        }
    }
    items
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
