//! Working days: weekends, statutory holidays and make-up working days. It knows no date of itself.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use std::collections::BTreeMap;

/// A statutory holiday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// Its name (国庆节); two that are taken together are joined with 、.
    pub name: String,
    /// The first free day.
    pub from: NaiveDate,
    /// The last free day.
    pub to: NaiveDate,
}

/// One year's calendar as the State Council published it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearCalendar {
    pub year: i32,
    /// The notice that it comes from.
    pub source: String,
    /// Free days; the first may begin in December of the year before.
    pub holidays: Vec<Holiday>,
    /// Days of weekends on which people work.
    pub working: Vec<NaiveDate>,
}

/// The calendars of all years that are known. Another year is computed from its weekends, and is an
/// estimate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkCalendar {
    years: BTreeMap<i32, YearCalendar>,
}

/// No search for a working day goes farther.
const FARTHEST: u64 = 60;

impl WorkCalendar {
    /// Joins the years.
    pub fn new(years: impl IntoIterator<Item = YearCalendar>) -> Self {
        Self {
            years: years.into_iter().map(|year| (year.year, year)).collect(),
        }
    }

    /// Whether a year is only estimated: its notice is not among the data.
    pub fn is_estimated(&self, year: i32) -> bool {
        !self.years.contains_key(&year)
    }
    /// Whether people work on a day. The notice of the next year may free the last days of
    /// December.
    pub fn is_working(&self, day: NaiveDate) -> bool {
        // 元旦 may begin in December, by the notice of the year that it opens.
        let near = [day.year(), day.year() + 1].map(|year| self.years.get(&year));
        let known = || near.iter().flatten();
        // Before holidays and weekends: a make-up day is one on which people work although it is
        // neither.
        if known().any(|year| year.working.contains(&day)) {
            return true;
        }
        let free = known()
            .flat_map(|year| &year.holidays)
            .any(|holiday| (holiday.from..=holiday.to).contains(&day));
        !free && !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
    }

    /// The last working day within a stretch of days; the last before it where it has none.
    pub fn last_working_day(&self, open: NaiveDate, close: NaiveDate) -> NaiveDate {
        let within = self
            .back_from(close)
            .find(|day| *day >= open && self.is_working(*day));
        within
            // Early rather than late: a window within a long holiday is due before it.
            .or_else(|| self.back_from(open).find(|day| self.is_working(*day)))
            .unwrap_or(close)
    }

    /// The first working day within a stretch of days; the last before it where it has none.
    pub fn first_working_day(&self, open: NaiveDate, close: NaiveDate) -> NaiveDate {
        let within = on_from(open).find(|day| *day <= close && self.is_working(*day));
        within.unwrap_or_else(|| self.last_working_day(open, close))
    }

    /// The day so many working days away: negative before, positive behind. Zero is the day itself.
    pub fn working_days_away(&self, day: NaiveDate, away: i32) -> NaiveDate {
        let wanted = away.unsigned_abs() as usize;
        if wanted == 0 {
            return day;
        }
        let working = |day: &NaiveDate| self.is_working(*day);
        let found = if away < 0 {
            self.back_from(day).skip(1).filter(working).nth(wanted - 1)
        } else {
            on_from(day).skip(1).filter(working).nth(wanted - 1)
        };
        found.unwrap_or(day)
    }

    /// How many working days lie behind a day, up to another.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> usize {
        from.iter_days()
            .skip(1)
            .take_while(|day| *day <= to)
            .filter(|day| self.is_working(*day))
            .count()
    }

    /// The first working day behind a holiday of a year, where the year's notice is known.
    pub fn first_day_after(&self, holiday: &str, year: i32) -> Option<NaiveDate> {
        let known = self.years.get(&year)?;
        let taken = known
            .holidays
            .iter()
            // 中秋节、国庆节 are taken together in some years and have one entry then.
            .find(|known| known.name.split('、').any(|name| name == holiday))?;
        on_from(taken.to).skip(1).find(|day| self.is_working(*day))
    }

    fn back_from(&self, day: NaiveDate) -> impl Iterator<Item = NaiveDate> + use<> {
        // Bounded: a calendar of holidays alone must end a search, not the program.
        (0..FARTHEST).filter_map(move |back| day.checked_sub_days(Days::new(back)))
    }
}

fn on_from(day: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    (0..FARTHEST).filter_map(move |on| day.checked_add_days(Days::new(on)))
}
