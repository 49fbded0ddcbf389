//! Days as people write them in passing: 7月15日, 2022-07-15, 下周五, 明天, 月底.
//!
//! A day is read at the beginning of a text only, so that a number further on is never one.

use super::due_phrase::folded;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use once_cell::sync::Lazy;
use regex::{Captures, Regex};

/// A day that was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpokenDay {
    /// The day; where no year was said, that of this year.
    pub day: NaiveDate,
    /// The same day of the next year, where no year was said and this year's is over.
    pub next: Option<NaiveDate>,
}

#[expect(
    clippy::expect_used,
    reason = "a constant pattern; a test reads each kind"
)]
static DAY: Lazy<Regex> = Lazy::new(|| {
    Regex::new(concat!(
        r"^(?:",
        r"(?P<year>20[0-9]{2})(?:年|[-/.])(?P<ymonth>[0-9]{1,2})(?:月|[-/.])(?P<yday>[0-9]{1,2})[日号]?",
        r"|(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})[日号]?",
        r"|(?P<smonth>[0-9]{1,2})[-/.](?P<sday>[0-9]{1,2})[日号]?",
        r"|(?P<next>下个?月)(?P<nday>[0-9]{1,2})[日号]",
        r"|(?:本月|这个月)?(?P<only>[0-9]{1,2})[日号]",
        r"|(?P<week>下下周|下下个?星期|下周|下个?星期|下个?礼拜|本周|这周|这个?星期|本星期|周|星期|礼拜)(?P<weekday>[1-6日天末])",
        r"|(?P<near>今天|明天|后天|大后天)",
        r"|(?P<end>下个?月底|(?:本月|这个月|月)底)",
        r"|(?P<away>[0-9]{1,2})天(?:以后|之后|后|内)?",
        r")"
    ))
    .expect("a constant pattern")
});

/// The day at the beginning of a text, and what follows it; nothing where the text begins with
/// something else.
pub(crate) fn spoken_day(text: &str, today: NaiveDate) -> Option<(SpokenDay, String)> {
    // Before folding, which would leave the numeral of 周五 as it is.
    let text = folded(&weekdays(text));
    let found = DAY.captures(&text)?;
    let rest = text.get(found.get(0)?.end()..)?;
    // 1-5月, 7.15%, 3.1415 are no days.
    let goes_on = rest.starts_with(|c: char| {
        c.is_ascii_digit()
            || matches!(
                c,
                '月' | '年' | '%' | '％' | '.' | '-' | '/' | '~' | '至' | '到'
            )
    });
    // A day that no calendar has (2月30日) is none, and not the nearest one.
    let day = day_of(&found, today)?;
    (!goes_on).then(|| (day, rest.to_string()))
}

fn day_of(found: &Captures<'_>, today: NaiveDate) -> Option<SpokenDay> {
    let number = |name: &str| -> Option<u32> { found.name(name)?.as_str().parse().ok() };
    // Only a month and a day without a year may mean the next year; all else says what it means.
    let sure = |day: NaiveDate| Some(SpokenDay { day, next: None });
    if let (Some(year), Some(month), Some(day)) = (number("year"), number("ymonth"), number("yday"))
    {
        return sure(NaiveDate::from_ymd_opt(
            i32::try_from(year).ok()?,
            month,
            day,
        )?);
    }
    let month_and_day = number("month")
        .zip(number("day"))
        .or_else(|| number("smonth").zip(number("sday")));
    if let Some((month, day)) = month_and_day {
        let of = |year| NaiveDate::from_ymd_opt(year, month, day);
        let this = of(today.year())?;
        let next = (this < today).then(|| of(today.year() + 1)).flatten();
        return Some(SpokenDay { day: this, next });
    }
    if let Some(day) = number("nday") {
        let (year, month) = month_behind(today);
        return sure(NaiveDate::from_ymd_opt(year, month, day)?);
    }
    if let Some(day) = number("only") {
        let this = NaiveDate::from_ymd_opt(today.year(), today.month(), day)?;
        return sure(this);
    }
    if let Some(weekday) = found.name("weekday") {
        let week = found.name("week")?.as_str();
        return sure(day_of_week(week, weekday.as_str(), today)?);
    }
    let on = |days: u64| today.checked_add_days(Days::new(days)).and_then(sure);
    if let Some(near) = found.name("near") {
        return on(match near.as_str() {
            "今天" => 0,
            "明天" => 1,
            "后天" => 2,
            _ => 3,
        });
    }
    if let Some(end) = found.name("end") {
        let (year, month) = if end.as_str().starts_with('下') {
            month_behind(today)
        } else {
            (today.year(), today.month())
        };
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        return sure(
            first
                .checked_add_months(chrono::Months::new(1))?
                .pred_opt()?,
        );
    }
    on(u64::from(number("away")?))
}

/// 下周五, 周日, 本周3.
fn day_of_week(week: &str, weekday: &str, today: NaiveDate) -> Option<NaiveDate> {
    let wanted = match weekday {
        "日" | "天" | "末" => 6,
        other => other.parse::<u64>().ok()? - 1,
    };
    let monday = today.week(Weekday::Mon).first_day();
    let in_week = |weeks: u64| monday.checked_add_days(Days::new(7 * weeks + wanted));
    if week.starts_with("下下") {
        in_week(2)
    } else if week.starts_with('下') {
        in_week(1)
    } else if week.starts_with(['本', '这']) {
        in_week(0)
    } else {
        // 周五 is the next one.
        let this_week = in_week(0).filter(|day| *day >= today);
        this_week.or_else(|| in_week(1))
    }
}

fn month_behind(today: NaiveDate) -> (i32, u32) {
    match today.month() {
        12 => (today.year() + 1, 1),
        month => (today.year(), month + 1),
    }
}

/// 下周五 with a figure: numerals are otherwise read before a day or a month only.
fn weekdays(text: &str) -> String {
    let mut written = text.to_string();
    for week in ["周", "星期", "礼拜"] {
        for (at, numeral) in "一二三四五六".chars().enumerate() {
            written = written.replace(&format!("{week}{numeral}"), &format!("{week}{}", at + 1));
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On Friday the 24th of June 2022.
    fn read(text: &str) -> Option<(String, String)> {
        let today = NaiveDate::from_ymd_opt(2022, 6, 24).unwrap();
        spoken_day(text, today).map(|(spoken, rest)| (spoken.day.to_string(), rest))
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for (text, day, rest) in [
            ("7月15日，数据没好", "2022-07-15", "，数据没好"),
            ("七月十五日", "2022-07-15", ""),
            ("7月15号前", "2022-07-15", "前"),
            ("7-15", "2022-07-15", ""),
            ("7.15 等数据", "2022-07-15", "等数据"),
            ("2022年7月15日", "2022-07-15", ""),
            ("2022-07-15", "2022-07-15", ""),
            ("２０２２年７月１５日", "2022-07-15", ""),
            ("30日", "2022-06-30", ""),
            ("下月5日", "2022-07-05", ""),
            ("下周五，等统计数据", "2022-07-01", "，等统计数据"),
            ("下下周一", "2022-07-04", ""),
            ("周五", "2022-06-24", ""),
            ("周三", "2022-06-29", ""),
            ("星期天", "2022-06-26", ""),
            ("明天", "2022-06-25", ""),
            ("大后天下午", "2022-06-27", "下午"),
            ("月底", "2022-06-30", ""),
            ("下月底", "2022-07-31", ""),
            ("三天后", "2022-06-27", ""),
            ("3月1日", "2022-03-01", ""),
        ] {
            let expected = Some((day.to_string(), rest.to_string()));
            assert_eq!(read(text), expected, "{text}");
        }
        let spoken = spoken_day("3月1日", NaiveDate::from_ymd_opt(2022, 6, 24).unwrap());
        assert_eq!(
            spoken.and_then(|(spoken, _)| spoken.next),
            NaiveDate::from_ymd_opt(2023, 3, 1)
        );
    }

    #[test]
    fn other_numbers_are_no_days() {
        for text in [
            "1-5月固定资产投资完成多少",
            "12.6年",
            "7.15%",
            "2月30日",
            "13月1日",
            "2021年目标",
            "5以内",
            "等7月15日",
            "7月初",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
