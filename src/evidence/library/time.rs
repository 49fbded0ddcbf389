//! Of which year a stretch of text speaks, and whether it tells of aims or results.

use crate::model::{Measure, Plan};

/// The years and the measure of a text.
#[derive(Debug, Clone, Default)]
pub(super) struct Time {
    pub(super) years: Vec<i32>,
    pub(super) measure: Option<Measure>,
}

impl Time {
    /// A stretch that begins with a year is about that year, whatever its chapter says.
    pub(super) fn of(text: &str, chapter: &Self, plan: &Plan) -> Self {
        let begins: String = text.chars().take(12).collect();
        let last = ["去年", "过去一年", "一年来", "上年"];
        let this = ["今年", "本年"];
        if let Some(year) = years_in(&begins).first() {
            return Self::of_year(*year, plan);
        }
        if chapter.years.is_empty() && last.iter().any(|word| begins.starts_with(word)) {
            return Self::of_year(plan.executed_year, plan);
        }
        if chapter.years.is_empty() && this.iter().any(|word| begins.starts_with(word)) {
            return Self::of_year(plan.plan_year, plan);
        }
        chapter.clone()
    }

    fn of_year(year: i32, plan: &Plan) -> Self {
        Self {
            years: vec![year],
            measure: Some(plan.usual_measure(year)),
        }
    }

    /// A clause that names other years is about those as well; one that begins with 去年 or 明年 is
    /// about that year.
    pub(super) fn of_clause(&self, clause: &str, plan: &Plan) -> Self {
        if let Some(year) = relative_year(clause, plan) {
            return Self::of_year(year, plan);
        }
        let named = years_in(clause);
        if named.is_empty() || named.iter().all(|year| self.years.contains(year)) {
            return self.clone();
        }
        let measure = named.iter().max().map(|year| plan.usual_measure(*year));
        Self {
            years: named,
            measure: measure.or(self.measure),
        }
    }
}

/// The year that a clause begins with, told from the year in which the report is given.
fn relative_year(clause: &str, plan: &Plan) -> Option<i32> {
    let words = [("前年", -2), ("去年", -1), ("明年", 1), ("后年", 2)];
    let clause = clause.trim_start();
    let found = words.iter().find(|(word, _)| clause.starts_with(word));
    found.map(|(_, distance)| plan.given_in() + distance)
}

/// Four digits before 年, in order, each once.
fn years_in(text: &str) -> Vec<i32> {
    let mut years = Vec::new();
    for (at, _) in text.match_indices('年') {
        let digits: String = text[..at]
            .chars()
            .rev()
            .take_while(char::is_ascii_digit)
            .collect();
        let digits: String = digits.chars().rev().collect();
        if let Ok(year) = digits.parse::<i32>()
            && (1900..2100).contains(&year)
            && !years.contains(&year)
        {
            years.push(year);
        }
    }
    years
}
