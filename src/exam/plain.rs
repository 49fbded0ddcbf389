//! One plain question on each thing that a plan says, and what two editions answer otherwise: what
//! a change is shown by before it is made.

use crate::chat::render;
use crate::edition::{AnsweredOtherwise, AskedAt, Circumstances, Edition};
use crate::model::{ExamRecords, Indicator, Measure, Plan};
use chrono::NaiveDate;

/// How somebody asks whether a target was met.
const MET: &str = "{year}年{name}达标没有";

/// One question on each cell, verdict, unit, nature, category and term of a plan.
pub fn plain(plan: &Plan, ways: &ExamRecords) -> Vec<AskedAt> {
    let mut asked: Vec<String> = Vec::new();
    for indicator in &plan.indicators {
        asked.extend(on_indicator(indicator, &indicator.name, ways));
    }
    for category in plan.categories() {
        asked.extend(filled(&ways.members, category, ""));
    }
    for term in &plan.terms {
        asked.extend(filled(&ways.term, &term.name, ""));
    }
    at_home(plan, asked)
}

/// As they are asked in the chat of the plan's place.
fn at_home(plan: &Plan, asked: Vec<String>) -> Vec<AskedAt> {
    let home = Some(plan.region.clone()).filter(|region| !region.is_empty());
    let asked = asked.into_iter();
    asked
        .map(|question| AskedAt {
            question,
            home: home.clone(),
        })
        .collect()
}

/// The questions on the things of a printed name, with what is said in its place.
pub fn plain_by_another_name(
    plan: &Plan,
    ways: &ExamRecords,
    printed: &str,
    said: &str,
) -> Vec<AskedAt> {
    let indicators = plan.indicators.iter();
    let named = indicators.filter(|indicator| indicator.name == printed);
    let mut asked: Vec<String> = named
        .flat_map(|indicator| on_indicator(indicator, said, ways))
        .collect();
    if plan.terms.iter().any(|term| term.name == printed) {
        asked.extend(filled(&ways.term, said, ""));
    }
    at_home(plan, asked)
}

fn on_indicator(indicator: &Indicator, called: &str, ways: &ExamRecords) -> Vec<String> {
    let mut asked: Vec<String> = Vec::new();
    for cell in &indicator.cells {
        let (Some(year), Some(measure)) = (cell.year, cell.measure) else {
            continue;
        };
        let (ways, is_result) = match measure {
            Measure::Target => (&ways.target, false),
            Measure::Actual => (&ways.actual, true),
        };
        asked.extend(filled(ways, called, &year.to_string()));
        if is_result && indicator.cell(year, Measure::Target).is_some() {
            asked.push(fill(MET, called, &year.to_string()));
        }
    }
    if !indicator.unit.is_empty() {
        asked.extend(filled(&ways.unit, called, ""));
    }
    if indicator.nature.is_some() {
        asked.extend(filled(&ways.nature, called, ""));
    }
    if !indicator.category.is_empty() {
        asked.extend(filled(&ways.category_of, called, ""));
    }
    asked
}

/// The first way to ask, filled in.
fn filled(ways: &[String], name: &str, year: &str) -> Option<String> {
    ways.first().map(|way| fill(way, name, year))
}

fn fill(way: &str, name: &str, year: &str) -> String {
    way.replace("{name}", name).replace("{year}", year)
}

/// The questions that the newer edition answers otherwise, each with what it said and says now.
pub fn otherwise(
    older: &Edition,
    newer: &Edition,
    questions: &[AskedAt],
    day: NaiveDate,
) -> Vec<AnsweredOtherwise> {
    let answered = |edition: &Edition, asked: &AskedAt| {
        let asking = Circumstances {
            today: day,
            home: asked.home.as_deref(),
            ..Circumstances::default()
        };
        let reply = edition.reply_in(&asked.question, asking).reply;
        let choices = reply.choices().iter().map(|choice| choice.label.clone());
        let labels: Vec<String> = choices.collect();
        let text = render::plain(&reply);
        let mut lines: Vec<String> = text.lines().map(String::from).collect();
        lines.extend(labels);
        lines
    };
    let changed = |asked: &AskedAt| {
        let (before, after) = (answered(older, asked), answered(newer, asked));
        let at = first_difference(&before, &after)?;
        let line = |lines: &[String]| lines.get(at).or(lines.last()).cloned().unwrap_or_default();
        Some(AnsweredOtherwise {
            question: asked.question.clone(),
            before: line(&before),
            after: line(&after),
        })
    };
    questions.iter().filter_map(changed).collect()
}

/// The first line in which two texts differ.
fn first_difference(one: &[String], other: &[String]) -> Option<usize> {
    let most = one.len().max(other.len());
    (0..most).find(|at| one.get(*at) != other.get(*at))
}
