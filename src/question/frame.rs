//! The frame of a question: place, time and plan. It is read first, and no answer crosses it.

use crate::language::{Entry, Letters, in_latin_letters, prefixes, stands_alone};
use crate::model::{Book, Plan, PlanIx};
use chrono::{Datelike, NaiveDate};
use once_cell::sync::Lazy;
use regex::Regex;
use std::collections::BTreeSet;
use std::ops::Range;

/// The short names of provinces and of cities of that rank, as number plates and newspapers use
/// them.
const SHORT_NAMES: &[(&str, &str)] = &[
    ("北京", "京"),
    ("天津", "津"),
    ("河北", "冀"),
    ("山西", "晋"),
    ("内蒙古", "蒙"),
    ("辽宁", "辽"),
    ("吉林", "吉"),
    ("黑龙江", "黑"),
    ("上海", "沪"),
    ("江苏", "苏"),
    ("浙江", "浙"),
    ("安徽", "皖"),
    ("福建", "闽"),
    ("江西", "赣"),
    ("山东", "鲁"),
    ("河南", "豫"),
    ("湖北", "鄂"),
    ("湖南", "湘"),
    ("广东", "粤"),
    ("广西", "桂"),
    ("海南", "琼"),
    ("重庆", "渝"),
    ("四川", "川"),
    ("贵州", "黔"),
    ("云南", "滇"),
    ("西藏", "藏"),
    ("陕西", "陕"),
    ("甘肃", "甘"),
    ("青海", "青"),
    ("宁夏", "宁"),
    ("新疆", "新"),
];
/// Levels of administration, by the last letter of a region's name.
const LEVELS: &[char] = &['国', '省', '市', '区', '县', '州', '旗', '镇', '乡'];

static YEAR: Lazy<Option<Regex>> = Lazy::new(|| {
    Regex::new(concat!(
        r"(?P<full>(?:19|20)[0-9]{2})年?度?|(?P<short>[0-9]{2})年(?:度|底|末)?",
        r"|(?P<this>今年|本年度?|今岁|当年|这一年|本年)|(?P<last>去年|上一?年度?|去岁|旧年|上年)",
        r"|(?P<next>明年|来年|下一?年度?)|(?P<before>前年)|(?P<after>后年)",
        r"|(?P<both>(?:这|前后|去今|今去|连续|近)?两(?:个年度|年)|两个年份|this year and last)",
        r"|(?P<thisyear>this year)|(?P<lastyear>last year)",
    ))
    .ok()
});
/// A five-year plan by its number, and the five years to come.
static FIVE_YEARS: Lazy<Option<Regex>> = Lazy::new(|| {
    Regex::new(concat!(
        r"十(?P<plan>[一二三四五六七])五(?:规划)?(?:(?P<end>期?末|末年|收官)|期间|时期)?",
        r"|(?:未来|今后|往后|接下来|后)五年|五年(?:以后|之后|后)"
    ))
    .ok()
});
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

    fn read_years(&mut self, text: &str, scope: Scope<'_>) {
        let plans: Vec<_> = self
            .plans
            .iter()
            .filter_map(|at| scope.book.plan(*at))
            .collect();
        let newest = plans.iter().map(|plan| plan.plan_year).max().unwrap_or(0);
        let clock = scope.today.year();
        let is_planned = plans.iter().any(|plan| plan.plan_year == clock);
        self.this_year = if is_planned { clock } else { newest };
        let this_year = self.this_year;
        // A plan of several years knows no year before its last one: 去年 is the year whose results
        // it reports.
        let covered = plans.iter().any(|plan| plan.covers(this_year - 1));
        let executed = plans
            .iter()
            .map(|plan| plan.executed_year)
            .max()
            .unwrap_or(0);
        let last_year = if covered { this_year - 1 } else { executed };
        let Some(pattern) = YEAR.as_ref() else { return };
        let mut both = None;
        for found in pattern.captures_iter(text) {
            let Some(whole) = found.get(0) else { continue };
            let before = text[..whole.start()].chars().next_back();
            let after = text[whole.end()..].chars().next();
            let digits_go_on = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == '.');
            let number = |name: &str| {
                found
                    .name(name)
                    .and_then(|n| n.as_str().parse::<i32>().ok())
            };
            let span = letters_of(text, whole.start()..whole.end());
            let year = if let Some(year) = number("full") {
                let is_amount = !whole.as_str().contains('年') && begins_unit(&text[whole.end()..]);
                if digits_go_on(before) || digits_go_on(after) || is_amount {
                    continue;
                }
                Some(year)
            } else if let Some(year) = number("short") {
                if digits_go_on(before) || before == Some('第') || year > 50 {
                    continue;
                }
                Some(2000 + year)
            } else if found.name("this").or(found.name("thisyear")).is_some() {
                Some(this_year)
            } else if found.name("last").or(found.name("lastyear")).is_some() {
                Some(last_year)
            } else if found.name("next").is_some() {
                Some(this_year + 1)
            } else if found.name("before").is_some() {
                Some(this_year - 2)
            } else if found.name("after").is_some() {
                Some(this_year + 2)
            } else {
                both = Some(span.clone());
                None
            };
            if let Some(year) = year {
                self.add_year(year, span);
            }
        }
        self.read_five_years(text, &plans, executed);
        self.read_bare_years(
            text,
            &plans
                .iter()
                .map(|plan| [plan.plan_year, plan.executed_year])
                .collect::<Vec<_>>()
                .concat(),
        );
        self.drop_bases(text);
        // 比去年 without another year holds this year against it.
        let last = last_year;
        let against = ["比", "较", "跟", "和", "与", "对比", "相比"];
        let before_last = self.year_spans.iter().any(|(year, span)| {
            let before: String = text.chars().take(span.start).collect();
            *year == last && against.iter().any(|word| before.ends_with(word))
        });
        self.is_compared = before_last || self.years.len() > 1;
        if before_last && self.years == [last] {
            self.years.push(this_year);
        }
        if let Some(span) = both
            && self.years.len() < 2
        {
            self.add_year(last_year, span.clone());
            self.add_year(this_year, span);
        }
    }

    /// The end of a five-year plan is a year. Without 末 its number is a name in most texts, and a time
    /// where a table looks years ahead of the executed one.
    fn read_five_years(&mut self, text: &str, plans: &[&Plan], executed: i32) {
        let Some(pattern) = FIVE_YEARS.as_ref() else {
            return;
        };
        let columns = plans.iter().flat_map(|plan| &plan.indicators);
        let last_column = columns
            .flat_map(|row| &row.cells)
            .filter_map(|cell| cell.year);
        let ahead = last_column.max().filter(|year| *year >= executed + 3);
        for found in pattern.captures_iter(text) {
            let Some(whole) = found.get(0) else { continue };
            let numbered = found.name("plan").and_then(|plan| {
                // The eleventh five-year plan ended in 2010.
                let mut numbers = "一二三四五六七".chars();
                let at = numbers.position(|c| plan.as_str().starts_with(c))?;
                Some(2010 + 5 * at as i32)
            });
            let is_time = found.name("end").is_some() || ahead.is_some();
            if let Some(year) = numbered.or(ahead).filter(|_| is_time) {
                self.add_year(year, letters_of(text, whole.start()..whole.end()));
            }
        }
    }

    /// 失业率 24, 24全年: two digits by themselves are a year that a plan is about.
    fn read_bare_years(&mut self, text: &str, known: &[i32]) {
        let letters: Vec<char> = text.chars().collect();
        let is_digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
        for start in 0..letters.len().saturating_sub(1) {
            let end = start + 2;
            let before = start.checked_sub(1).map(|at| letters[at]);
            let stands_apart =
                before.is_none_or(|c| !c.is_ascii_alphanumeric() && !".-第".contains(c));
            let goes_on = letters
                .get(end)
                .is_some_and(|c| c.is_alphanumeric() && *c != '全');
            let is_number = is_digit(start) && is_digit(start + 1);
            if !is_number || !stands_apart || goes_on || self.is_year(start) {
                continue;
            }
            let digits: String = letters[start..end].iter().collect();
            let year = digits.parse().map_or(0, |short: i32| 2000 + short);
            if known.contains(&year) && letters.get(end) != Some(&'.') {
                self.add_year(year, start..end);
            }
        }
    }

    fn add_year(&mut self, year: i32, span: Range<usize>) {
        if !self.years.contains(&year) {
            self.years.push(year);
        }
        self.year_spans.push((year, span));
    }

    /// 较上年增长 says from where the growth is reckoned, and not of when a figure is, where another
    /// year is named.
    fn drop_bases(&mut self, text: &str) {
        let is_base = |(_, span): &(i32, Range<usize>)| {
            let before: String = text.chars().take(span.start).collect();
            let after: String = text.chars().skip(span.end).collect();
            before.ends_with(['较', '比']) && after.starts_with(['增', '涨'])
        };
        let kept: Vec<i32> = self
            .year_spans
            .iter()
            .filter(|span| !is_base(span))
            .map(|(year, _)| *year)
            .collect();
        if !kept.is_empty() {
            self.years.retain(|year| kept.contains(year));
            self.year_spans.retain(|span| !is_base(span));
        }
    }

    /// Takes out the years that are refused: 不要去年的, 去年那数别掺进来. Another year is asked for then.
    pub(super) fn drop_refused(&mut self, is_refused: &dyn Fn(&Range<usize>) -> bool) {
        let refused: Vec<i32> = self
            .year_spans
            .iter()
            .filter(|(_, span)| is_refused(span))
            .map(|(year, _)| *year)
            .collect();
        self.years.retain(|year| !refused.contains(year));
        self.is_compared &= self.years.len() > 1 || refused.is_empty();
        if self.years.is_empty() && refused.iter().any(|year| *year < self.this_year) {
            self.years.push(self.this_year);
        }
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

/// The names of the places of a book, each with the plans that are about it.
struct Places {
    names: Vec<(String, PlanIx)>,
}

impl Places {
    fn of(book: &Book) -> Self {
        let mut names = Vec::new();
        for (at, plan) in book.numbered() {
            let mut of_plan: Vec<String> = plan.region_names.clone();
            of_plan.push(plan.region.clone());
            let mut shorter: Vec<String> = Vec::new();
            for name in &of_plan {
                let bare = name.trim_end_matches(LEVELS);
                if bare.chars().count() >= 2 {
                    shorter.push(bare.to_string());
                }
                let short = SHORT_NAMES.iter().find(|(long, _)| *long == bare);
                shorter.extend(short.map(|(_, short)| (*short).to_string()));
                shorter.push(in_latin_letters(bare));
            }
            of_plan.extend(shorter);
            of_plan.retain(|name| !name.is_empty());
            of_plan.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
            of_plan.dedup();
            names.extend(of_plan.into_iter().map(|name| (name, at)));
        }
        names.sort_by_key(|(name, at)| (std::cmp::Reverse(name.chars().count()), *at));
        Self { names }
    }

    /// The plans whose place a text names, and where. A longer name hides a shorter one inside it.
    fn named(&self, text: &str) -> (BTreeSet<PlanIx>, Vec<Range<usize>>) {
        let mut plans = BTreeSet::new();
        let mut spans: Vec<Range<usize>> = Vec::new();
        for (name, at) in &self.names {
            let is_short = name.chars().count() == 1;
            for (start, _) in text.match_indices(name.as_str()) {
                let span = letters_of(text, start..start + name.len());
                let hidden = spans
                    .iter()
                    .any(|known| overlap(known, &span) && known.len() > span.len());
                // One letter names a place only where it begins the question or follows 在, 驻, 全:
                // 在川, 驻琼.
                let before = text[..start].chars().next_back();
                let after = text[start + name.len()..].chars().next();
                let alone = before.is_none_or(|c| c == ' ' || "在全我咱驻来入".contains(c))
                    && after.is_none_or(|c| !"菜剧港江流贝汤味".contains(c));
                let is_whole = stands_alone(text, start, start + name.len());
                if hidden || !is_whole || is_short && !alone {
                    continue;
                }
                plans.insert(*at);
                if !spans.contains(&span) {
                    spans.push(span);
                }
            }
        }
        (plans, spans)
    }
}

/// Whether a text begins with what a number counts: 2021人 is no year, 2021人均 is.
fn begins_unit(text: &str) -> bool {
    let letters: Vec<char> = text.chars().take(LONGEST_WORD_AFTER_YEAR).collect();
    let is_word = |(length, entry): &(usize, Entry)| *length > 1 && entry.part.is_open();
    text.starts_with(|c| "万亿千百元吨斤个家户人件项亩米套名台辆公里度%％".contains(c))
        && !prefixes(&letters).any(|word| is_word(&word))
}

/// So many letters are looked at to tell a unit from a longer word that begins like it.
const LONGEST_WORD_AFTER_YEAR: usize = 4;

/// The short name of a province, or the letter that stands for a part of the world (欧 for 欧洲).
pub fn short_name(place: &str) -> Option<String> {
    let known = SHORT_NAMES.iter().find(|(long, _)| *long == place);
    let of_world = || {
        let first = place.chars().next()?;
        let is_part =
            place.chars().count() == 2 && (place.ends_with('洲') || place.ends_with('国'));
        is_part.then(|| first.to_string())
    };
    known
        .map(|(_, short)| (*short).to_string())
        .or_else(of_world)
}

fn is_region(plan: &crate::model::Plan, home: &str) -> bool {
    plan.region == home || plan.region_names.iter().any(|name| name == home)
}

/// 我区, 全省, 咱们市, 本县: the region in the mouth of who lives there.
fn own_words(text: &str, region: &str) -> Vec<Range<usize>> {
    let Some(level) = region.chars().last().filter(|c| LEVELS.contains(c)) else {
        return Vec::new();
    };
    let before = ["全", "我", "咱", "咱们", "我们", "俺们", "本", "这", "俺"];
    let mut spans = Vec::new();
    let said = before.iter().map(|word| format!("{word}{level}"));
    for own in said.chain([format!("{level}里")]) {
        for (start, _) in text.match_indices(&own) {
            spans.push(letters_of(text, start..start + own.len()));
        }
    }
    for own in [
        "本地",
        "当地",
        "我们这里",
        "我们这",
        "咱们这",
        "咱这",
        "我们这边",
        "咱们",
        "我们",
    ] {
        for (start, _) in text.match_indices(own) {
            spans.push(letters_of(text, start..start + own.len()));
        }
    }
    spans
}

/// Byte offsets of a text as positions of letters.
fn letters_of(text: &str, bytes: Range<usize>) -> Range<usize> {
    let start = text[..bytes.start].chars().count();
    start..start + text[bytes].chars().count()
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

#[cfg(test)]
mod tests {
    use super::begins_unit;

    #[test]
    fn a_number_counts_people_and_no_words_that_begin_so() {
        for (text, is_unit) in [
            ("人", true),
            ("人报名", true),
            ("人均产值", false),
            ("年", false),
        ] {
            assert_eq!(begins_unit(text), is_unit, "{text}");
        }
    }
}
