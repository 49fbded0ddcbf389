//! A rule in a year as days: the window, the due day in it, and how it was read, in words.

use super::calendar::WorkCalendar;
use super::due_phrase::{DaySpan, DueRule};
use super::policy::{DueDay, Policy};
use chrono::{Datelike, Days, NaiveDate, Weekday};

/// When a duty is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDate {
    /// The first day of the window.
    pub open: NaiveDate,
    /// The last day of the window.
    pub close: NaiveDate,
    /// The working day by which it must be done.
    pub day: NaiveDate,
    /// How the phrase was read (按7月1日至10日理解，最后一个工作日为7月8日（周五）).
    pub reading: String,
    /// Whether the calendar of its year is only an estimate.
    pub estimated: bool,
}

impl DueRule {
    /// Every due date that the rule gives for a year, in order.
    pub fn dates(&self, year: i32, policy: &Policy, calendar: &WorkCalendar) -> Vec<DueDate> {
        let mut dates: Vec<DueDate> = self
            .months
            .iter()
            .filter_map(|(month, later)| self.date(year + later, *month, policy, calendar))
            .collect();
        dates.sort_by_key(|date| date.day);
        dates
    }

    fn date(
        &self,
        year: i32,
        month: u32,
        policy: &Policy,
        calendar: &WorkCalendar,
    ) -> Option<DueDate> {
        let day = |day: u32| NaiveDate::from_ymd_opt(year, month, day);
        let end = || last_day(year, month);
        let (open, close) = match &self.span {
            DaySpan::Early => (day(1)?, day(policy.early_until)?),
            DaySpan::Middle => (day(policy.early_until + 1)?, day(policy.middle_until)?),
            DaySpan::Late => (day(policy.middle_until + 1)?, end()?),
            DaySpan::UntilEnd => (day(1)?, end()?),
            DaySpan::Until(part) => (
                day(1)?,
                day(if **part == DaySpan::Early {
                    policy.early_until
                } else {
                    policy.middle_until
                })?,
            ),
            DaySpan::Day(on) => (day(*on)?, day(*on)?),
            // 6月31日前 is what somebody writes who means the month's end.
            DaySpan::UntilDay(until) => (day(1)?, day(*until).or_else(end)?),
            DaySpan::Days(from, to) => (day(*from)?, day(*to)?),
            DaySpan::WorkingDay(nth) => {
                // Counted from the day before, so that the first of the month can itself be the
                // first working day.
                let eve = day(1)?.pred_opt()?;
                let on = calendar.working_days_away(eve, i32::try_from(*nth).ok()?);
                (on, on)
            }
            DaySpan::LastWorkingDay => {
                let on = calendar.last_working_day(day(1)?, end()?);
                (on, on)
            }
            DaySpan::DaysAfter(days) => (
                day(1)?,
                day(1)?.checked_add_days(Days::new(u64::from(*days) - 1))?,
            ),
            DaySpan::WorkingDaysAfter(days) => (
                day(1)?,
                calendar.working_days_away(day(1)?.pred_opt()?, i32::try_from(*days).ok()?),
            ),
            DaySpan::AfterHoliday(holiday) => {
                let on = calendar.first_day_after(holiday, year)?;
                (on, on)
            }
        };
        let day = match policy.due_day {
            DueDay::Last => calendar.last_working_day(open, close),
            DueDay::First => calendar.first_working_day(open, close),
        };
        let estimated = calendar.is_estimated(day.year());
        Some(DueDate {
            open,
            close,
            day,
            reading: reading(open, close, day, policy.due_day),
            estimated,
        })
    }
}

fn last_day(year: i32, month: u32) -> Option<NaiveDate> {
    let (year, month) = if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    NaiveDate::from_ymd_opt(year, month, 1)?.pred_opt()
}

/// How a window and its due day are explained.
fn reading(open: NaiveDate, close: NaiveDate, day: NaiveDate, which: DueDay) -> String {
    let on = shown_day(day);
    if open == close {
        return if day == open {
            format!("按{on}理解")
        } else {
            format!("按{}理解，当天不上班，提前到{on}", shown_day(open))
        };
    }
    let to = if open.month() == close.month() {
        format!("{}日", close.day())
    } else {
        month_day(close)
    };
    let word = if which == DueDay::Last {
        "最后一个工作日"
    } else {
        "第一个工作日"
    };
    if (open..=close).contains(&day) {
        format!("按{}至{to}理解，{word}为{on}", month_day(open))
    } else {
        format!("按{}至{to}理解，其间不上班，提前到{on}", month_day(open))
    }
}

fn month_day(day: NaiveDate) -> String {
    format!("{}月{}日", day.month(), day.day())
}

/// A day with its day of the week (7月8日（周五）).
pub(crate) fn shown_day(day: NaiveDate) -> String {
    let weekday = match day.weekday() {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    };
    format!("{}（{weekday}）", month_day(day))
}

/// A day with its year and its day of the week (2022年7月8日（周五）).
pub fn shown_date(day: NaiveDate) -> String {
    format!("{}年{}", day.year(), shown_day(day))
}
