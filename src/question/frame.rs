//! The frame of a question: place, time and plan. It is read first, and no answer crosses it.

mod places;
mod years;

pub use places::short_name;

use crate::language::Letters;
use crate::model::{Book, PlanIx};
use chrono::NaiveDate;
use once_cell::sync::Lazy;
use places::{Places, is_region, own_words};
use regex::Regex;
use std::collections::BTreeSet;
use std::ops::Range;

/// A quarter, a half, a month, a week, a day: a figure of a year is no figure of its parts.
static PERIOD: Lazy<Option<Regex>> = Lazy::new(|| {
    Regex::new(concat!(
        r"第?[一二三四1-4]季度?(?:末)?|前[二三两]个?季度|(?:首|末|本|上|下|这个?|上个|下个|每个)季度?|q[1-4]",
        r"|(?:上|下|头|前|后)半年|前(?:[二三四五六七八九十]|[0-9]+)个?月",
        r"|(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?:份|底|初|末|中旬|上旬|下旬)?",
        r"|[一1][-—~至到](?:1[0-2]|[2-9]|十[一二]?|[二三四五六七八九])月份?",
        r"|第[一二三四五]周|头[两几三]个?月|(?:春节|国庆|五一|中秋|元旦|端午|清明|暑假|寒假)(?:节|期间|假期)?",
        r"|本月|上个?月|这个月|下个?月|当月|月度|每月|逐月|每周|本周|上周|昨天|今天|前天|昨日|今日"
    ))
    .ok()
});

/// What the frame is read against: the plans, the day and the chat's own place.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// All plans, newest first.
    pub book: &'a Book,
    /// The day of the question.
    pub today: NaiveDate,
    /// The region whose chat this is, where the chat has one.
    pub home: Option<&'a str>,
}

/// Place, time and plan of a question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// The named years in the order of the question, each once.
    pub years: Vec<i32>,
    /// Where a year is named.
    pub year_spans: Vec<(i32, Range<usize>)>,
    /// Parts of a year and other times, which must stand in what answers.
    pub periods: Vec<Range<usize>>,
    /// Where the question names its own place or 我区, 全省.
    pub own_place: Vec<Range<usize>>,
    /// Positions in the book of the plans that may answer.
    pub plans: Vec<PlanIx>,
    /// Whether several places may be meant: none is named, and the chat has none.
    pub is_open: bool,
    /// Whether one year is held against another: 比去年, 较上年.
    pub is_compared: bool,
    /// The year that 今年 means here.
    pub this_year: i32,
}

impl Frame {
    /// Reads the frame of canonical letters.
    pub fn read(letters: &Letters, scope: Scope<'_>) -> Self {
        let text = letters.text();
        let places = Places::of(scope.book);
        let (named, mut own_place) = places.named(&text);
        let all: Vec<PlanIx> = scope.book.numbered().map(|(at, _)| at).collect();
        let at_home = |at: &PlanIx| {
            let plan = scope.book.plan(*at);
            plan.is_some_and(|plan| scope.home.is_some_and(|home| is_region(plan, home)))
        };
        let home: Vec<PlanIx> = all.iter().copied().filter(at_home).collect();
        let plans = if !named.is_empty() {
            named.into_iter().collect()
        } else if !home.is_empty() {
            home
        } else {
            all
        };
        let regions: BTreeSet<&str> = plans
            .iter()
            .filter_map(|at| scope.book.plan(*at))
            .map(|plan| plan.region.as_str())
            .collect();
        let is_open = regions.len() > 1 && own_place.is_empty();
        for region in &regions {
            own_place.extend(own_words(&text, region));
        }
        let mut frame = Self {
            own_place,
            plans,
            is_open,
            ..Self::default()
        };
        frame.read_years(&text, scope);
        frame.read_periods(&text);
        frame
    }

    fn read_periods(&mut self, text: &str) {
        let Some(pattern) = PERIOD.as_ref() else {
            return;
        };
        let spans = pattern
            .find_iter(text)
            .map(|found| letters_of(text, found.start()..found.end()))
            .filter(|span| !self.year_spans.iter().any(|(_, year)| overlap(year, span)))
            .collect();
        self.periods = spans;
    }

    /// Whether a letter belongs to a year.
    pub fn is_year(&self, letter: usize) -> bool {
        self.year_spans
            .iter()
            .any(|(_, span)| span.contains(&letter))
    }

    /// Whether a letter belongs to the question's own place.
    pub fn is_own_place(&self, letter: usize) -> bool {
        self.own_place.iter().any(|span| span.contains(&letter))
    }

    /// Whether a letter belongs to a part of a year.
    pub fn is_period(&self, letter: usize) -> bool {
        self.periods.iter().any(|span| span.contains(&letter))
    }
}

/// Byte offsets of a text as positions of letters.
fn letters_of(text: &str, bytes: Range<usize>) -> Range<usize> {
    let start = text[..bytes.start].chars().count();
    start..start + text[bytes].chars().count()
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}
