//! The grammar of due phrases: 7月初, 12月底, 每季度末, 7月10日前, 国庆节后首个工作日 …
//!
//! What it does not read is a finding for a person, never a guess.

use crate::language::han_number;
use once_cell::sync::Lazy;
use regex::{Captures, Regex};
use rust_decimal::Decimal;

/// A stretch of days within a month or behind a holiday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DaySpan {
    /// 初, 上旬.
    Early,
    /// 中旬.
    Middle,
    /// 底, 末, 下旬.
    Late,
    /// 底前, 月内: any day until the month's end.
    UntilEnd,
    /// 中旬前, 上旬前: any day until that part's end; the part is early or middle.
    Until(Box<DaySpan>),
    /// A single day.
    Day(u32),
    /// N日前, N日之前: from the month's first day to that day.
    UntilDay(u32),
    /// From one day to another.
    Days(u32, u32),
    /// The month's first working day, or the n-th.
    WorkingDay(u32),
    /// The month's last working day.
    LastWorkingDay,
    /// 结束后N日内: so many days behind the month before.
    DaysAfter(u32),
    /// 结束后N个工作日内: so many working days behind the month before.
    WorkingDaysAfter(u32),
    /// The first working day behind a holiday; its month is not used.
    AfterHoliday(String),
}

/// When a duty falls due: in which months of its year, and within them when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRule {
    /// The year that the phrase itself names.
    pub year: Option<i32>,
    /// Months with how many years later they are (次年 is 1).
    pub months: Vec<(u32, i32)>,
    /// When within them.
    pub span: DaySpan,
}

#[expect(
    clippy::expect_used,
    reason = "constant patterns; a test reads each kind"
)]
static PHRASE: Lazy<Regex> = Lazy::new(|| {
    Regex::new(concat!(
        r"^(?:(?P<year>20[0-9]{2})年|(?P<every>每年|当年|本年|今年|年度)|(?P<next>次年|下一年|下1年|翌年|来年|第二年))?(?:的)?",
        r"(?P<when>",
        r"(?P<month>1[0-2]|[1-9])月(?:份)?",
        r"|(?P<monthly>每个?月|各月|按月|逐月)(?:份)?|(?P<following>次月|下月|下个月)",
        r"|(?P<quarterly>每个?季度?|各季度|按季度?|逐季|季度?)|第?(?P<quarter>[1-4])季度|(?P<nextquarter>下季度|次季度|下一季度)",
        r"|(?P<half>上半年|下半年)|(?P<wholeyear>年|全年)",
        r"|(?P<holiday>元旦|春节|清明节|清明|劳动节|五一|端午节|端午|中秋节|中秋|国庆节|国庆|十一)(?:假期|长假|节|假)?(?:结束|过)?(?:之|以)?后",
        r"|(?P<bare>)",
        r")(?P<span>.*)$"
    ))
    .expect("a constant pattern")
});
#[expect(
    clippy::expect_used,
    reason = "constant patterns; a test reads each kind"
)]
static SPAN: Lazy<Regex> = Lazy::new(|| {
    Regex::new(concat!(
        r"^(?:首月|头[一1]?个?月|第1个?月)?(?:的)?(?:",
        r"(?P<from>[0-9]{1,2})[日号]?(?:至|到|-|—|–|~|～)(?:(?P<tomonth>1[0-2]|[1-9])月)?(?P<to>[0-9]{1,2})[日号]",
        r"|(?P<day>[0-9]{1,2})[日号](?P<before>以前|之前|前|内|以内|之内|止|截止)?",
        r"|(?:结束|终了)?(?:之|以)?后(?:的)?(?P<after>[0-9]{1,2})(?:个)?(?P<working>工作)?[日天](?:以内|之内|内)?",
        r"|前(?P<first>[0-9]{1,2})(?:个)?(?P<firstworking>工作)?[日天](?:以内|之内|内)?",
        r"|(?P<ordinal>首个?|头[一1]个?|第(?P<nth>[0-9]{1,2})个?|最后(?:[一1]个?)?|末个?)工作日(?:以前|之前|前|内)?",
        r"|(?P<part>初|上旬|中旬|中|下旬|底|末|内|之内|以内|份|份内)(?P<until>以前|之前|前|止)?",
        r"|(?P<none>)",
        r")$"
    ))
    .expect("a constant pattern")
});

const QUARTER_ENDS: [u32; 4] = [3, 6, 9, 12];

impl DueRule {
    /// Reads a phrase; nothing where it is outside the grammar.
    pub fn parse(phrase: &str) -> Option<Self> {
        let text = folded(phrase);
        let found = PHRASE.captures(&text)?;
        let rest = found.name("span").map_or("", |span| span.as_str());
        let year = found
            .name("year")
            .and_then(|year| year.as_str().parse().ok());
        let later = i32::from(found.name("next").is_some());
        if let Some(holiday) = found.name("holiday") {
            let works = [
                "首个工作日",
                "首工作日",
                "第1个工作日",
                "第一个工作日",
                "第1个工作天",
                "上班第1天",
                "首日",
            ]
            .contains(&rest.trim_start_matches('的'));
            let span = DaySpan::AfterHoliday(holiday_name(holiday.as_str()));
            return works.then(|| Self {
                year,
                months: vec![(0, later)],
                span,
            });
        }
        let span = SPAN.captures(rest)?;
        // 首个工作日 and 第1个工作日 begin with the same letters and name no month.
        let first_month = ["首月", "头", "第1个月", "第1月"]
            .iter()
            .any(|words| rest.starts_with(words))
            && !rest.contains("工作日");
        let (months, whole) = months(&found, &span, first_month)?;
        let span = read_span(&span, whole)?;
        let months = months
            .into_iter()
            .map(|(month, more)| (month, later + more))
            .collect();
        Some(Self { year, months, span })
    }
}

/// Whether what stands alone is a whole month, a whole quarter or a whole year.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    Month,
    Longer,
}

/// Which month of a stretch a phrase means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum MonthIn {
    First,
    Last,
    /// The one after the stretch.
    After,
}

impl MonthIn {
    fn meant(span: &Captures<'_>, first_month: bool) -> Self {
        let is_early = matches!(part_of(span), "初" | "上旬");
        if span.name("after").is_some() {
            Self::After
        } else if is_early || first_month || span.name("first").is_some() {
            Self::First
        } else {
            // A quarter that is named by its end lies in its last month.
            Self::Last
        }
    }

    /// The month of a stretch by its first and its last, with how many years later it is.
    fn of(self, first: u32, last: u32) -> (u32, i32) {
        match self {
            Self::First => (first, 0),
            Self::Last => (last, 0),
            Self::After => next_month(last),
        }
    }
}

/// The word for a part of a stretch (初, 中旬, 底); empty where there is none.
fn part_of<'a>(span: &Captures<'a>) -> &'a str {
    span.name("part").map_or("", |part| part.as_str())
}

/// The months that are meant, each with how many years later it is.
fn months(
    found: &Captures<'_>,
    span: &Captures<'_>,
    first_month: bool,
) -> Option<(Vec<(u32, i32)>, Whole)> {
    let which = MonthIn::meant(span, first_month);
    if let Some(month) = found.name("month") {
        let month: u32 = month.as_str().parse().ok()?;
        return Some((vec![which.of(month, month)], Whole::Month));
    }
    if found.name("monthly").is_some() {
        let months = (1..=12).map(|month| which.of(month, month));
        return Some((months.collect(), Whole::Month));
    }
    if found.name("following").is_some() {
        return Some(((1..=12).map(next_month).collect(), Whole::Month));
    }
    let months = if found.name("half").is_some() {
        vec![month_of_half(found, span, which)?]
    } else if ["quarterly", "quarter", "nextquarter"]
        .iter()
        .any(|name| found.name(name).is_some())
    {
        months_of_quarters(found, span, which, first_month)?
    } else {
        vec![month_of_year(found, span, which)?]
    };
    Some((months, Whole::Longer))
}

fn months_of_quarters(
    found: &Captures<'_>,
    span: &Captures<'_>,
    which: MonthIn,
    first_month: bool,
) -> Option<Vec<(u32, i32)>> {
    let is_middle = part_of(span) == "中";
    let of_quarter = |end: u32| which.of(end - 2, end);
    if found.name("nextquarter").is_some() {
        let begins = first_month || which == MonthIn::First;
        return begins.then(|| QUARTER_ENDS.map(next_month).to_vec());
    }
    if let Some(quarter) = found.name("quarter") {
        let quarter: usize = quarter.as_str().parse().ok()?;
        return (!is_middle).then(|| vec![of_quarter(QUARTER_ENDS[quarter - 1])]);
    }
    // 每季度, 每季度中 and 每季度15日 do not say which of its months they mean.
    let is_day = span.name("day").is_some() && !first_month;
    let is_plain = span.name("none").is_some() || is_middle || is_day;
    (!is_plain).then(|| QUARTER_ENDS.map(of_quarter).to_vec())
}

fn month_of_half(found: &Captures<'_>, span: &Captures<'_>, which: MonthIn) -> Option<(u32, i32)> {
    let end = match found.name("half")?.as_str() {
        "上半年" => 6,
        _ => 12,
    };
    let says_month = part_of(span) != "中" && span.name("day").is_none();
    says_month.then(|| which.of(end - 5, end))
}

fn month_of_year(found: &Captures<'_>, span: &Captures<'_>, which: MonthIn) -> Option<(u32, i32)> {
    let mut names = ["year", "every", "next"].iter();
    let names_year = names.any(|name| found.name(name).is_some());
    if found.name("bare").is_some() && (!names_year || span.name("part").is_none()) {
        return None;
    }
    // A day of a year without its month is none, nor is a year that nobody names.
    let is_day = span.name("day").is_some() || span.name("from").is_some();
    let says_nothing = found.name("year").is_none() && span.name("none").is_some();
    if is_day || says_nothing {
        return None;
    }
    if part_of(span) == "中" && which == MonthIn::Last {
        return Some((6, 0));
    }
    Some(which.of(1, 12))
}

fn next_month(month: u32) -> (u32, i32) {
    if month == 12 { (1, 1) } else { (month + 1, 0) }
}

fn read_span(span: &Captures<'_>, whole: Whole) -> Option<DaySpan> {
    let number = |name: &str| {
        span.name(name)
            .and_then(|found| found.as_str().parse::<u32>().ok())
    };
    let day = |day: u32| (1..=31).contains(&day).then_some(day);
    if let (Some(from), Some(to)) = (number("from"), number("to")) {
        let same_month = span.name("tomonth").is_none();
        return (same_month && from <= to).then_some(DaySpan::Days(day(from)?, day(to)?));
    }
    if let Some(found) = number("day") {
        let found = day(found)?;
        return Some(if span.name("before").is_some() {
            DaySpan::UntilDay(found)
        } else {
            DaySpan::Day(found)
        });
    }
    if let Some(after) = number("after") {
        let working = span.name("working").is_some();
        return (1..=31).contains(&after).then_some(if working {
            DaySpan::WorkingDaysAfter(after)
        } else {
            DaySpan::DaysAfter(after)
        });
    }
    if let Some(first) = number("first") {
        let working = span.name("firstworking").is_some();
        return (1..=31).contains(&first).then_some(if working {
            DaySpan::WorkingDaysAfter(first)
        } else {
            DaySpan::UntilDay(first)
        });
    }
    if let Some(ordinal) = span.name("ordinal") {
        let last = ordinal.as_str().starts_with('最') || ordinal.as_str().starts_with('末');
        let nth = number("nth").unwrap_or(1);
        // No month has more weekdays.
        return (1..=23).contains(&nth).then_some(if last {
            DaySpan::LastWorkingDay
        } else {
            DaySpan::WorkingDay(nth)
        });
    }
    let until = span.name("until").is_some();
    Some(match (part_of(span), whole) {
        ("初" | "上旬", _) if until => DaySpan::Until(Box::new(DaySpan::Early)),
        ("初" | "上旬", _) => DaySpan::Early,
        ("中" | "中旬", Whole::Month) if until => DaySpan::Until(Box::new(DaySpan::Middle)),
        ("中" | "中旬", Whole::Month) => DaySpan::Middle,
        // 年中 is by the end of June: 中 chose the month already (`months`).
        ("中", Whole::Longer) => DaySpan::Late,
        ("底" | "末" | "下旬", _) if until => DaySpan::UntilEnd,
        ("底" | "末" | "下旬", _) => DaySpan::Late,
        _ => DaySpan::UntilEnd,
    })
}

/// Figures for numerals, without blanks and words of courtesy.
pub(super) fn folded(phrase: &str) -> String {
    let text: String = phrase
        .chars()
        .filter(|sign| !sign.is_whitespace())
        .map(narrow)
        .collect();
    let text = text.trim_end_matches(['。', '，', '；']).to_string();
    numerals(&text)
}

fn narrow(sign: char) -> char {
    match sign {
        '０'..='９' => {
            char::from_u32(u32::from(sign) - u32::from('０') + u32::from('0')).unwrap_or(sign)
        }
        '〇' => '零',
        other => other,
    }
}

/// 十二月 as 12月, 三十日 as 30日, 二零二二年 as 2022年; 十一 and 五一 as holidays stay.
fn numerals(text: &str) -> String {
    let is_numeral = |sign: char| sign == '十' || digit(sign).is_some();
    let signs: Vec<char> = text.chars().collect();
    let mut written = String::new();
    let mut at = 0;
    while at < signs.len() {
        let mut to = at;
        while to < signs.len() && is_numeral(signs[to]) {
            to += 1;
        }
        // Only before a word that is counted by: 十一 and 五一 alone are holidays.
        let counts = to < signs.len()
            && matches!(
                signs[to],
                '年' | '月' | '日' | '号' | '季' | '个' | '天' | '工'
            );
        if to == at || !counts {
            let to = to.max(at + 1);
            written.extend(&signs[at..to]);
            at = to;
            continue;
        }
        let run: String = signs[at..to].iter().collect();
        written.push_str(&in_figures(&run));
        at = to;
    }
    written
}

/// A run of numerals in figures: a number with tens, or a year digit by digit.
fn in_figures(run: &str) -> String {
    let number = if run.contains('十') {
        han_number(run)
    } else {
        let digits = run.chars().filter_map(digit).map(|digit| digit.to_string());
        digits.collect::<String>().parse().ok()
    };
    number.map_or_else(|| run.to_string(), |number: Decimal| number.to_string())
}

fn digit(sign: char) -> Option<Decimal> {
    let value = han_number(sign.encode_utf8(&mut [0; 4]))?;
    (value < Decimal::TEN && sign != '两').then_some(value)
}

fn holiday_name(word: &str) -> String {
    match word {
        "清明" | "端午" | "中秋" | "国庆" => format!("{word}节"),
        "五一" => "劳动节".to_string(),
        "十一" => "国庆节".to_string(),
        other => other.to_string(),
    }
}
