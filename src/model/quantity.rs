//! A quantity as it is printed: text, exact value, unit and bound.
//!
//! It never becomes a float and never loses its printed text.

use rust_decimal::Decimal;
use std::str::FromStr;

/// How the printed text limits the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The bare figure.
    Exact,
    /// 左右, 约.
    About,
    /// ≥, 以上, 不低于.
    AtLeast,
    /// ＞, 超过, 逾.
    MoreThan,
    /// ≤, 不超过.
    AtMost,
    /// ＜, 低于.
    LessThan,
    /// 以内.
    Within,
    /// A place in an order, such as （保持全市第1）.
    Rank,
    /// Words without a figure of their own, such as 市计划.
    Words,
    /// A dash: the figure is not published.
    Unpublished,
}

/// A printed quantity. `printed` is verbatim; `value` is present when the text holds one plain
/// figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// The text of the cell or clause, verbatim.
    pub printed: String,
    /// The exact decimal, in `unit`.
    pub value: Option<Decimal>,
    /// The unit as printed in the document; empty when there is none.
    pub unit: String,
    /// How the text limits the value.
    pub bound: Bound,
}

const PREFIXES: &[(&str, Bound)] = &[
    ("＞", Bound::MoreThan),
    (">", Bound::MoreThan),
    ("≥", Bound::AtLeast),
    ("＜", Bound::LessThan),
    ("<", Bound::LessThan),
    ("≤", Bound::AtMost),
    (">=", Bound::AtLeast),
    ("<=", Bound::AtMost),
    ("约", Bound::About),
    ("近", Bound::About),
    ("不低于", Bound::AtLeast),
    ("不少于", Bound::AtLeast),
    ("达到", Bound::Exact),
    ("超过", Bound::MoreThan),
    ("高于", Bound::MoreThan),
    ("大于", Bound::MoreThan),
    ("不超过", Bound::AtMost),
    ("不高于", Bound::AtMost),
    ("低于", Bound::LessThan),
    ("小于", Bound::LessThan),
];

const SUFFIXES: &[(&str, Bound)] = &[
    ("左右", Bound::About),
    ("以上", Bound::AtLeast),
    ("以内", Bound::Within),
    ("以下", Bound::AtMost),
];

impl Quantity {
    /// Reads a cell's text. Text that is no plain figure keeps its words and has no value.
    pub fn parse(printed: &str, unit: &str) -> Self {
        let text = printed.trim();
        let quantity = |value, bound| Self {
            printed: text.to_string(),
            value,
            unit: unit.trim().to_string(),
            bound,
        };
        if text.is_empty()
            // A dash is how tables print that nothing is published; it is no minus, which has a
            // figure after it.
            || text
                .chars()
                .all(|c| matches!(c, '—' | '-' | '–' | '－' | '―'))
        {
            return quantity(None, Bound::Unpublished);
        }
        let (_, number, _, bound) = split(text, unit.trim());
        if let Some(value) = number.and_then(decimal) {
            return quantity(Some(value), bound);
        }
        let rank = text.contains('第')
            && text
                .chars()
                .any(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
        quantity(None, if rank { Bound::Rank } else { Bound::Words })
    }

    /// The printed text with its unit put behind the figure: `5左右` in `%` is shown as `5%左右`.
    pub fn shown(&self) -> String {
        let (prefix, number, suffix, _) = split(&self.printed, &self.unit);
        match (number, self.value) {
            // Printed with its unit already: 5% is not 5%%.
            (Some(_), Some(_)) if !self.unit.is_empty() && self.printed.contains(&self.unit) => {
                self.printed.clone()
            }
            (Some(number), Some(_)) => format!("{prefix}{number}{}{suffix}", self.unit),
            _ => self.printed.clone(),
        }
    }

    /// Whether the document withholds the figure.
    pub fn is_unpublished(&self) -> bool {
        self.bound == Bound::Unpublished
    }
}

/// Cuts a text into qualifier, figure and qualifier, its unit taken out; the figure is absent where
/// anything else stands in it. The longest qualifier wins.
fn split<'a>(text: &'a str, unit: &str) -> (&'a str, Option<&'a str>, &'a str, Bound) {
    let (prefix, rest, mut bound) = PREFIXES
        .iter()
        .filter_map(|(mark, bound)| {
            text.strip_prefix(mark)
                .map(|rest| (*mark, rest.trim_start(), *bound))
        })
        // The longest: >= begins with >.
        .max_by_key(|(mark, ..)| mark.len())
        .unwrap_or(("", text, Bound::Exact));
    let (suffix, number) = SUFFIXES
        .iter()
        .find_map(|(mark, tail)| {
            let number = rest.strip_suffix(mark)?;
            // 约5%左右 says the same twice; what stands before counts.
            if bound == Bound::Exact {
                bound = *tail;
            }
            Some((*mark, number))
        })
        .unwrap_or(("", rest));
    let number = if unit.is_empty() {
        number
    } else {
        number.strip_suffix(unit).unwrap_or(number)
    }
    .trim_end();
    // A full-width sign of the unit is the unit.
    let number = match unit {
        "%" | "％" => number.trim_end_matches(['%', '％']).trim_end(),
        _ => number,
    };
    let plain = number
        .chars()
        .map(narrow)
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-'));
    (
        prefix,
        (plain && !number.is_empty()).then_some(number),
        suffix,
        bound,
    )
}

fn decimal(number: &str) -> Option<Decimal> {
    // A comma parts thousands here and is never a decimal point.
    let digits = number.chars().map(narrow).filter(|letter| *letter != ',');
    Decimal::from_str(&digits.collect::<String>()).ok()
}

/// A digit or point of full width as one of half width.
fn narrow(letter: char) -> char {
    match letter {
        '０'..='９' | '．' | '，' | '－' => {
            char::from_u32(letter as u32 - 0xFEE0).unwrap_or(letter)
        }
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_text_gives_value_bound_and_shown_form() {
        let cases = [
            ("5左右", "%", Some("5"), Bound::About, "5%左右"),
            (
                "＞4.5",
                "亿美元",
                Some("4.5"),
                Bound::MoreThan,
                "＞4.5亿美元",
            ),
            ("≥300", "天", Some("300"), Bound::AtLeast, "≥300天"),
            ("5以内", "%", Some("5"), Bound::Within, "5%以内"),
            ("100", "亿元", Some("100"), Bound::Exact, "100亿元"),
            (
                "（保持全市第1）",
                "万元/人",
                None,
                Bound::Rank,
                "（保持全市第1）",
            ),
            ("市计划", "%", None, Bound::Words, "市计划"),
            ("——", "%", None, Bound::Unpublished, "——"),
            ("-0.7", "%", Some("-0.7"), Bound::Exact, "-0.7%"),
            ("6%以上", "%", Some("6"), Bound::AtLeast, "6%以上"),
            ("≥ 100", "亿元", Some("100"), Bound::AtLeast, "≥100亿元"),
            ("120亿元", "亿元", Some("120"), Bound::Exact, "120亿元"),
            ("不低于96", "%", Some("96"), Bound::AtLeast, "不低于96%"),
            ("４１．５", "%", Some("41.5"), Bound::Exact, "４１．５%"),
            ("６％左右", "%", Some("6"), Bound::About, "６%左右"),
        ];
        for (printed, unit, value, bound, shown) in cases {
            let quantity = Quantity::parse(printed, unit);
            assert_eq!(
                quantity.value,
                value.and_then(|v| Decimal::from_str(v).ok()),
                "{printed}"
            );
            assert_eq!(quantity.bound, bound, "{printed}");
            assert_eq!(quantity.shown(), shown);
        }
    }
}
