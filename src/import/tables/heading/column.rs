//! One column of a table: what the words over it say that it holds.

use super::super::super::pattern::{YEAR, first_year, pattern};
use super::super::super::turned::YEARS;
use crate::model::Measure;
use once_cell::sync::Lazy;
use regex::Regex;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Column {
    /// The row's number.
    Number,
    Category,
    /// The indicator's name.
    Name,
    Unit,
    /// 预期性 or 约束性.
    Nature,
    /// A value, under its heading.
    Value {
        /// The heading in one line.
        heading: String,
        /// The year in it, or the one that it means by the caption.
        year: Option<i32>,
        /// What it says the value is.
        measure: Option<Measure>,
        /// What the values are of.
        scope: ColumnScope,
        /// Whether it is how fast the indicator grew, in hundredths, beside the indicator itself.
        is_rate: bool,
    },
}

/// What the values of a column are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ColumnScope {
    /// The heading says nothing of it.
    Unsaid,
    /// All places together (合计).
    All,
    /// The place that the heading names.
    Part(String),
}

impl ColumnScope {
    /// The place that is named.
    pub(crate) fn part(&self) -> Option<&str> {
        match self {
            Self::Part(place) => Some(place),
            Self::Unsaid | Self::All => None,
        }
    }

    fn of(parts: &[String]) -> Self {
        if let Some(place) = parts.iter().find_map(|part| place_in(part)) {
            return Self::Part(place);
        }
        // 合计, 2031年合计.
        let heading = parts.concat();
        let said = YEAR.replace(&heading, "");
        match WHOLE.contains(&said.as_ref()) {
            true => Self::All,
            false => Self::Unsaid,
        }
    }
}

const NUMBER: &[&str] = &["序号", "编号", "No", "NO", "No.", "号"];
const CATEGORY: &[&str] = &["类别", "指标类别", "类型", "领域", "分类", "一级指标"];
const NAME: &[&str] = &[
    "指标",
    "指标名称",
    "名称",
    "主要指标",
    "项目",
    "指标项目",
    "项目名称",
    "指标内容",
    "目标名称",
];
const UNIT: &[&str] = &["单位", "计量单位"];
const NATURE: &[&str] = &["属性", "指标属性", "性质", "指标性质", "指标类型"];
const TARGET_WORDS: &[&str] = &["目标", "计划", "预期", "安排"];
/// Headings of how fast something grew.
const RATE_WORDS: &[&str] = &["增速", "增长", "增幅", "涨幅", "同比"];
const ACTUAL_WORDS: &[&str] = &["完成", "实际", "实绩", "执行", "现状"];
/// A place, by itself or before a year: 柏溪镇, 柏溪镇2030年目标.
static PLACE: Lazy<Regex> = Lazy::new(|| {
    pattern(
        r"^(\p{Han}{1,8}?(?:新区|高新区|开发区|经开区|园区|度假区|镇|乡|街道|县|区|市|旗|村|社区))(?:20[0-9]{2}年.*)?$",
    )
});
/// Headings of all places together.
const WHOLE: &[&str] = &["合计", "总计", "全部", "平均"];
static UNIT_BESIDE: Lazy<Regex> = Lazy::new(|| pattern(r"[（(〔\[](?:计量)?单位[）)〕\]]$"));
static SHORT_YEAR: Lazy<Regex> = Lazy::new(|| pattern(r"(?:^|[^0-9])([1-6][0-9])年"));
static BARE_YEAR: Lazy<Regex> = Lazy::new(|| pattern(r"^20[0-9]{2}$"));

pub(super) fn column(parts: &[String], of_caption: Option<i32>, left: Option<&Column>) -> Column {
    let heading = parts.concat();
    // 指标名称（单位）: the names below have their units in them.
    let name = UNIT_BESIDE.replace(&heading, "");
    let is = |words: &[&str]| words.contains(&name.as_ref());
    if is(NUMBER) {
        return Column::Number;
    }
    if is(CATEGORY) {
        return Column::Category;
    }
    if is(NAME) || is(YEARS) {
        return Column::Name;
    }
    if is(UNIT) {
        return Column::Unit;
    }
    if is(NATURE) {
        return Column::Nature;
    }
    // The lowest heading says most of its column.
    let measure = parts.iter().rev().find_map(|part| measure(part));
    let is_rate = RATE_WORDS.iter().any(|word| heading.contains(word));
    let says = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    let scope = ColumnScope::of(parts);
    // The year of the caption counts only where the heading says that it is about it: a heading
    // that says nothing may be about any year.
    let meant = || {
        let year = of_caption?;
        if says(&["上年", "去年"]) {
            return Some(year - 1);
        }
        let is_of_place = scope != ColumnScope::Unsaid;
        (says(&["今年", "本年", "当年"]) || measure.is_some() || is_of_place).then_some(year)
    };
    let (mut year, mut measure) = (year_in(&heading).or_else(meant), measure);
    // 增长（%） after a column is how that column grew.
    if let Some(Column::Value {
        year: left_year,
        measure: left_measure,
        ..
    }) = left.filter(|_| is_rate && year.is_none() && !says(&["均", "累计", "年来"]))
    {
        year = *left_year;
        measure = measure.or(*left_measure);
    }
    // 2030年增速 beside 2030年完成 is how that result grew.
    if let Some(Column::Value {
        year: left_year,
        measure: left_measure,
        ..
    }) = left.filter(|_| is_rate && measure.is_none())
        && *left_year == year
    {
        measure = *left_measure;
    }
    Column::Value {
        heading,
        year,
        measure,
        scope,
        is_rate,
    }
}

/// The place that a heading names.
fn place_in(heading: &str) -> Option<String> {
    let found = PLACE.captures(heading)?;
    found.get(1).map(|place| place.as_str().to_string())
}

/// What the figures under a heading or a title are, where it says so.
pub(crate) fn measure(heading: &str) -> Option<Measure> {
    let says = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    // Results before aims: 计划完成情况 is what was achieved.
    if says(ACTUAL_WORDS) {
        Some(Measure::Actual)
    } else if says(TARGET_WORDS) {
        Some(Measure::Target)
    } else {
        None
    }
}

/// The year of a heading: 2030年, 2030, or 30年.
pub(super) fn year_in(heading: &str) -> Option<i32> {
    if let Some(year) = first_year(heading) {
        return Some(year);
    }
    if BARE_YEAR.is_match(heading) {
        return heading.parse().ok();
    }
    let short: i32 = SHORT_YEAR
        .captures(heading)?
        .get(1)?
        .as_str()
        .parse()
        .ok()?;
    // 30年 is of this century; the pattern takes 10 to 69 alone.
    Some(2000 + short)
}
