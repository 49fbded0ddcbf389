//! `planbot exam --ablate`: one thing removed at a time, and what the exam says then. An exam that
//! does not fall when something is removed does not examine it.

use super::share;
use crate::config::Config;
use crate::edition::{Circumstances, Edition, IndexPlace};
use crate::exam::{self, Expected, Item, Score};
use crate::files::{self, DataFiles};
use crate::question::{Operator, OperatorSet};
use crate::reply::{Feature, Weights};
use anyhow::bail;
use std::collections::BTreeMap;
use std::process::ExitCode;

/// So many questions of each kind are asked each time.
const OF_EACH_KIND: usize = 24;
/// So many groups are made of the thesaurus, each removed once.
const GROUPS: usize = 8;

/// What the exam says: how many of the questions that have an answer are right, and of those that
/// have none.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    answerable: (usize, usize),
    unanswerable: (usize, usize),
}

/// A line of the table.
struct Removal {
    what: String,
    result: Tally,
    /// The kind that falls most, with how many it loses.
    worst: Option<(&'static str, usize)>,
}

type Scores = BTreeMap<&'static str, Score>;

/// Removes groups of synonyms, operators and features one after the other and prints the table, the
/// greatest fall first.
pub(crate) fn ablate(config: &Config, plan: Option<&str>) -> anyhow::Result<ExitCode> {
    let data = files::read_data(&config.paths.data);
    let whole = built(&data)?;
    let wanted = whole
        .book
        .plans()
        .iter()
        .find(|known| plan.is_none_or(|id| known.id.0 == id));
    let Some(plan) = wanted else {
        bail!(
            "没有名为 {} 的计划；请看 data/plans 下的目录名",
            plan.unwrap_or_default()
        );
    };
    let today = plan.document_date.unwrap_or_default();
    let items = exam::items(plan, &data.lexicon.exam, &whole);
    let items = exam::sample(items, OF_EACH_KIND);
    let kinds = exam::take(&whole, items.iter(), today);
    let complete = result(&kinds, &items);
    let mut removals = Vec::new();
    let mut add = |what: String, scores: Scores| {
        let result = result(&scores, &items);
        let worst = worst(&kinds, &scores);
        removals.push(Removal {
            what,
            result,
            worst,
        });
    };
    for (what, data) in without_synonyms(&data) {
        add(what, exam::take(&built(&data)?, items.iter(), today));
    }
    let fitted = Weights::fitted();
    for operator in Operator::ALL {
        let asking = Circumstances {
            today,
            deaf_to: OperatorSet::of(&[operator]),
            ..Circumstances::default()
        };
        add(
            format!("问法 {operator:?}"),
            exam::take_with(&whole, items.iter(), asking, fitted),
        );
    }
    for feature in Feature::ALL
        .iter()
        // What has no weight changes nothing.
        .filter(|feature| fitted.get(**feature) != 0.0)
    {
        let without = |other: &Feature| {
            if other == feature {
                0.0
            } else {
                fitted.get(*other)
            }
        };
        let weights = Weights::from_values(Feature::ALL.iter().map(without).collect());
        let asking = Circumstances {
            today,
            ..Circumstances::default()
        };
        let scores = exam::take_with(&whole, items.iter(), asking, &weights);
        add(format!("特征 {}", feature.name()), scores);
    }
    removals.sort_by_key(|removal| removal.result.right());
    print(&complete, &removals);
    Ok(ExitCode::SUCCESS)
}

fn built(data: &DataFiles) -> anyhow::Result<Edition> {
    Edition::build(data, &IndexPlace::Memory).map_err(super::shown)
}

/// The data without some of the synonyms, with what was removed.
fn without_synonyms(data: &DataFiles) -> Vec<(String, DataFiles)> {
    let mut variants = Vec::new();
    let mut all = data.clone();
    all.lexicon.concepts.clear();
    variants.push(("行业词库，全部".to_string(), all));
    let mut said = data.clone();
    said.lexicon
        .concepts
        .iter_mut()
        .for_each(|concept| concept.said.clear());
    variants.push(("行业词库的口语名".to_string(), said));
    let mut own = data.clone();
    own.plans.iter_mut().for_each(|plan| plan.synonyms.clear());
    variants.push(("计划自己的叫法".to_string(), own));
    for group in 0..GROUPS {
        let mut part = data.clone();
        let concepts = part.lexicon.concepts.into_iter().enumerate();
        part.lexicon.concepts = concepts
            .filter(|(at, _)| at % GROUPS != group)
            .map(|(_, concept)| concept)
            .collect();
        variants.push((
            format!("行业词库，第 {} 组（{GROUPS} 组）", group + 1),
            part,
        ));
    }
    variants
}

fn result(scores: &Scores, items: &[Item]) -> Tally {
    let mut result = Tally::default();
    for (kind, score) in scores {
        let has_none = |item: &Item| item.kind == *kind && item.expected == Expected::NoAnswer;
        let side = if items.iter().any(has_none) {
            &mut result.unanswerable
        } else {
            &mut result.answerable
        };
        side.0 += score.right;
        side.1 += score.asked;
    }
    result
}

impl Tally {
    fn right(&self) -> usize {
        self.answerable.0 + self.unanswerable.0
    }

    fn shares(&self) -> [f64; 3] {
        let asked = self.answerable.1 + self.unanswerable.1;
        [
            share(self.right(), asked),
            share(self.answerable.0, self.answerable.1),
            share(self.unanswerable.0, self.unanswerable.1),
        ]
    }
}

fn worst(whole: &Scores, without: &Scores) -> Option<(&'static str, usize)> {
    let falls = whole.iter().map(|(kind, score)| {
        let left = without.get(kind).map_or(0, |score| score.right);
        (*kind, score.right.saturating_sub(left))
    });
    falls
        .max_by_key(|(_, fall)| *fall)
        .filter(|(_, fall)| *fall > 0)
}

fn print(complete: &Tally, removals: &[Removal]) {
    let asked = complete.answerable.1 + complete.unanswerable.1;
    let [all, answerable, unanswerable] = complete.shares();
    println!(
        "{asked} 题；什么都不去掉：对 {all:.2}%（该答的 {answerable:.2}%，不该答的 {unanswerable:.2}%）"
    );
    println!("去掉什么\t对%\t变化\t该答的%\t不该答的%\t掉得最多的一类");
    for removal in removals {
        let [share, answerable, unanswerable] = removal.result.shares();
        let worst = removal
            .worst
            .map_or(String::new(), |(kind, fall)| format!("{kind}（{fall} 题）"));
        println!(
            "{}\t{share:.2}\t{:+.2}\t{answerable:.2}\t{unanswerable:.2}\t{worst}",
            removal.what,
            share - all,
        );
    }
    let fell = removals
        .iter()
        .filter(|removal| removal.result.right() < complete.right())
        .count();
    println!("去掉 {} 样，其中 {fell} 样使成绩下降", removals.len());
}
