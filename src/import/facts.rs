//! The figures of the running text: each number with its unit and qualifiers, its subject and its
//! clause.

use crate::language::han_number;
use crate::model::{Bound, Fact, Passage, Quantity};
use regex::Regex;
use rust_decimal::Decimal;
use std::sync::Arc;

/// The units of measure that data files name, compiled to find figures.
#[derive(Debug, Clone, Default)]
pub struct UnitWords {
    figure: Option<Regex>,
    /// Figures in Chinese numerals.
    written: Option<Regex>,
    /// Hundredths in Chinese numerals.
    hundredths: Option<Regex>,
}

/// Figures in Chinese numerals count with units that measure: 三个作用 is no figure.
const WRITTEN: &str = concat!(
    r"(?P<front>约|近|超过|超|逾|突破|达到|至少|不低于|不少于|不超过)?",
    r"(?P<number>[一二三四五六七八九十百千两][零一二三四五六七八九十百千万亿]+)",
    r"(?P<unit>亿元|万元|元|美元|万吨|吨|公斤|斤|亩|公顷|平方米|平方公里|立方米|公里|千瓦时|千瓦|人次|人|户)",
    r"(?P<back>以上|以下|以内|左右)?"
);
/// 百分之六点五.
const HUNDREDTHS: &str = concat!(
    r"(?P<front>约|近|超过|超|逾|突破|达到|至少|不低于|不少于|不超过)?",
    r"百分之(?P<number>[零一二三四五六七八九十百]+(?:点[零一二三四五六七八九]+)?)",
    r"(?P<back>以上|以下|以内|左右)?"
);

const QUALIFIERS: &str = "约|近|超过|超|逾|突破|达到|至少|不低于|不少于|不超过";
const MAGNITUDES: &str = "万亿|百亿|千亿|亿|百万|千万|万|千|百";

impl UnitWords {
    /// Compiles a pattern from unit words; the longest word wins.
    pub fn new(words: &[String]) -> Self {
        let mut words: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
        // The first alternative that fits is taken: 元 before 元/吨 would leave the rest of the unit.
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        let pattern = format!(
            r"(?P<front>{QUALIFIERS})?(?P<number>[0-9０-９][0-9０-９,]*(?:[.．][0-9０-９]+)?(?:[-—–~～][0-9]+(?:\.[0-9]+)?)?)(?P<more>余|多)?(?P<size>{MAGNITUDES})?(?P<more2>余|多)?(?P<unit>{})(?P<back>以上|以下|以内|左右|余|多)?",
            words.join("|")
        );
        Self {
            figure: if words.is_empty() {
                None
            } else {
                Regex::new(&pattern).ok()
            },
            written: Regex::new(WRITTEN).ok(),
            hundredths: Regex::new(HUNDREDTHS).ok(),
        }
    }
}

/// Every figure of the passages, in order.
pub(crate) fn facts(passages: &[Passage], units: &UnitWords) -> Vec<Fact> {
    facts_of_texts(passages.iter().map(|passage| passage.text.as_str()), units)
}

/// Every figure of some texts; `passage` is the position of its text.
pub(crate) fn facts_of_texts<'a>(
    texts: impl Iterator<Item = &'a str>,
    units: &UnitWords,
) -> Vec<Fact> {
    let of_text = |(at, text): (usize, &str)| {
        let facts = clauses(text)
            .into_iter()
            .flat_map(|clause| facts_of(clause, units));
        facts
            .map(|fact| Fact {
                passage: at,
                ..fact
            })
            .collect::<Vec<_>>()
    };
    texts.enumerate().flat_map(of_text).collect()
}

/// A figure of a clause and where it stands there, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FigureSpan {
    /// From its qualifier to its unit.
    pub span: std::ops::Range<usize>,
    /// The figure.
    pub quantity: Quantity,
}

/// Every figure of one clause, in order.
pub(crate) fn figures_of(clause: &str, units: &UnitWords) -> Vec<FigureSpan> {
    let Some(figure) = &units.figure else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for figure in figure.captures_iter(clause) {
        let (Some(whole), Some(number)) = (figure.get(0), figure.name("number")) else {
            continue;
        };
        let part = |name| figure.name(name).map_or("", |text| text.as_str());
        let before = clause.get(..number.start()).unwrap_or_default();
        let inside_word =
            // The 4 of A4 and the 3 of 第3批 are no figures.
            before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.' || c == '第');
        // 2030年 is when, 5年 is how long.
        let is_year = part("unit") == "年" && number.as_str().len() == 4;
        // 12月28日 is when as well, and so is 2020年12月.
        let is_day = matches!(part("unit"), "日" | "号") && before.ends_with('月');
        let day_follows = clause[whole.end()..].starts_with(|c: char| c.is_ascii_digit());
        let is_month = part("unit") == "月" && (before.ends_with('年') || day_follows);
        if inside_word || is_year || is_day || is_month {
            continue;
        }
        let after = format!("{}{}{}", part("more"), part("more2"), part("back"));
        found.push(FigureSpan {
            span: whole.start()..whole.end(),
            quantity: Quantity {
                printed: whole.as_str().to_string(),
                value: Quantity::parse(part("number"), "").value,
                unit: format!("{}{}", part("size"), part("unit")),
                bound: bound(part("front"), &after),
            },
        });
    }
    found.extend(written_figures(clause, units));
    found.extend(written_hundredths(clause, units));
    // The three patterns each go through the clause from its beginning.
    found.sort_by_key(|figure| figure.span.start);
    found
}

/// The figures of a clause in Chinese numerals.
fn written_figures(clause: &str, units: &UnitWords) -> Vec<FigureSpan> {
    let Some(pattern) = &units.written else {
        return Vec::new();
    };
    let figures = pattern.captures_iter(clause).filter_map(|figure| {
        let whole = figure.get(0)?;
        let number = figure.name("number")?;
        let part = |name| figure.name(name).map_or("", |text| text.as_str());
        // 第三十人, 数十万人, 几百户: an order, or no number.
        let before = clause.get(..number.start())?.chars().next_back();
        if before.is_some_and(|letter| "第数几上成近百千万亿".contains(letter)) {
            return None;
        }
        Some(FigureSpan {
            span: whole.range(),
            quantity: Quantity {
                printed: whole.as_str().to_string(),
                value: han_number(number.as_str()),
                unit: part("unit").to_string(),
                bound: bound(part("front"), part("back")),
            },
        })
    });
    figures.collect()
}

/// The hundredths of a clause in Chinese numerals.
fn written_hundredths(clause: &str, units: &UnitWords) -> Vec<FigureSpan> {
    let Some(pattern) = &units.hundredths else {
        return Vec::new();
    };
    let figures = pattern.captures_iter(clause).filter_map(|figure| {
        let whole = figure.get(0)?;
        let part = |name| figure.name(name).map_or("", |text| text.as_str());
        Some(FigureSpan {
            span: whole.range(),
            quantity: Quantity {
                printed: whole.as_str().to_string(),
                value: han_decimal(part("number")),
                unit: "%".to_string(),
                bound: bound(part("front"), part("back")),
            },
        })
    });
    figures.collect()
}

/// The value of a Chinese numeral that may have decimals: 六点五.
fn han_decimal(text: &str) -> Option<Decimal> {
    let (whole, decimals) = text.split_once('点').unwrap_or((text, ""));
    // Digit by digit: 点零五 is no five.
    let digits: Option<String> = decimals
        .chars()
        .map(|letter| Some(han_number(letter.encode_utf8(&mut [0; 4]))?.to_string()))
        .collect();
    format!("{}.{}", han_number(whole)?, digits?)
        .trim_end_matches('.')
        .parse()
        .ok()
}

/// Every figure of one clause; the passage is not known here and stays 0. A figure's subject
/// reaches from the figure before it to the next one, so that “甲、乙等8个” counts both.
pub(crate) fn facts_of(clause: &str, units: &UnitWords) -> Vec<Fact> {
    let found = figures_of(clause, units);
    // Shared: a clause with ten figures is kept once.
    let whole: Arc<str> = Arc::from(clause);
    let subject = |at: usize| {
        let from = at.checked_sub(1).map_or(0, |before| found[before].span.end);
        let to = found
            .get(at + 1)
            .map_or(clause.len(), |next| next.span.start);
        let span = &found[at].span;
        let before = clause.get(from..span.start).unwrap_or_default();
        let after = clause.get(span.end..to).unwrap_or_default();
        format!("{before}{after}")
            .trim_matches(['（', '）', '：', '、', ' '])
            .to_string()
    };
    found
        .iter()
        .enumerate()
        .map(|(at, figure)| Fact {
            passage: 0,
            subject: subject(at),
            quantity: figure.quantity.clone(),
            clause: Arc::clone(&whole),
        })
        .collect()
}

fn bound(front: &str, back: &str) -> Bound {
    match (front, back) {
        ("约" | "近", _) | (_, "左右") => Bound::About,
        ("至少" | "不低于" | "不少于", _) | (_, "以上") => Bound::AtLeast,
        ("超过" | "超" | "逾" | "突破", _) | (_, "余" | "多") => Bound::MoreThan,
        ("不超过", _) | (_, "以下") => Bound::AtMost,
        (_, "以内") => Bound::Within,
        _ => Bound::Exact,
    }
}

/// Cuts a sentence at ，。；： outside quotation marks and brackets; the same signs of half width cut
/// too, where they are no part of a number (1,234) or of a ratio (20:59).
pub(crate) fn clauses(sentence: &str) -> Vec<&str> {
    let mut cut = Vec::new();
    let mut depth = 0i32;
    let mut from = 0;
    for (at, sign) in sentence.char_indices() {
        match sign {
            '“' | '（' | '《' => depth += 1,
            '”' | '）' | '》' => depth = (depth - 1).max(0),
            ',' | ':' if is_in_number(sentence, at) => {}
            '，' | '。' | '；' | '：' | '！' | '？' | ',' | ';' | ':' if depth == 0 => {
                cut.push(sentence.get(from..at).unwrap_or_default());
                from = at + sign.len_utf8();
            }
            _ => {}
        }
    }
    cut.push(sentence.get(from..).unwrap_or_default());
    cut.into_iter()
        .map(str::trim)
        .filter(|clause| !clause.is_empty())
        .collect()
}

/// Whether a sign stands between two digits.
fn is_in_number(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    let after = text.get(at + 1..).and_then(|after| after.chars().next());
    let is_digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
    is_digit(before) && is_digit(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_qualifier_unit_and_subject() {
        let units = UnitWords::new(&["家", "元", "%", "个", "日", "月"].map(String::from));
        let passage = |text: &str| Passage {
            text: text.into(),
            ..empty()
        };
        let read = |text: &str| -> Vec<(String, String, Bound)> {
            facts(&[passage(text)], &units)
                .into_iter()
                .map(|f| (f.quantity.printed, f.subject, f.quantity.bound))
                .collect()
        };
        assert_eq!(
            read("新引进甲10个、乙70家。"),
            [
                ("10个".into(), "新引进甲、乙".into(), Bound::Exact),
                ("70家".into(), "乙".into(), Bound::Exact)
            ]
        );
        assert_eq!(read("总量突破1400亿元，增长约6%。")[0].0, "突破1400亿元");
        assert_eq!(read("发放2000余万元。")[0].2, Bound::MoreThan);
        assert!(read("途经D8街、第1家。").is_empty());
        assert!(read("定于12月28日").is_empty());
        assert!(read("成文于2020年12月").is_empty());
        assert_eq!(read("休渔45日")[0].0, "45日");
        assert_eq!(read("棉花收入１２元")[0].0, "１２元");
        assert_eq!(read("补贴三十六万元")[0].0, "三十六万元");
        assert!(read("第三十二人、三个作用、数十万人").is_empty());
        let share = facts(&[passage("棉花收入增长百分之六点五左右。")], &units);
        assert_eq!(share[0].quantity.printed, "百分之六点五左右");
        assert_eq!(share[0].quantity.value, Some(Decimal::new(65, 1)));
        assert_eq!(share[0].quantity.bound, Bound::About);
    }

    #[test]
    fn signs_of_half_width_cut_clauses() {
        let sentence = "产值417.97亿元,增长3.9%;粮食1,234.5吨";
        let cut = ["产值417.97亿元", "增长3.9%", "粮食1,234.5吨"];
        assert_eq!(clauses(sentence), cut);
    }

    fn empty() -> Passage {
        Passage {
            path: crate::model::SectionPath::default(),
            text: String::new(),
            footnotes: Vec::new(),
            marks: Vec::new(),
            year: None,
            measure: None,
            place: String::new(),
            paragraph: 0,
            opens_item: false,
        }
    }
}
