//! One printed figure against another, in plain words, with exact decimals.

use super::cells::Found;
use std::cmp::Ordering;

/// What a comparison says, and the number that was computed for it.
pub struct Difference {
    /// 2021年完成情况比2021年计划目标低0.6个百分点
    pub sentence: String,
    /// The computed number, where there is one.
    pub computed: Option<String>,
}

/// Compares two cells of one indicator.
pub fn difference(one: &Found<'_>, other: &Found<'_>) -> Difference {
    let (a, b) = (&one.cell.quantity, &other.cell.quantity);
    let (first, second) = (&one.cell.heading, &other.cell.heading);
    let words = |sentence: String| Difference {
        sentence,
        computed: None,
    };
    if a.is_unpublished() || b.is_unpublished() {
        let which = if a.is_unpublished() { first } else { second };
        return words(format!("{which}尚未公布，无法比较"));
    }
    let (Some(x), Some(y)) = (a.value, b.value) else {
        let bare = |text: &str| {
            text.trim_matches(['（', '）', '(', ')'])
                .replace("预计", "")
        };
        return words(if bare(&a.printed) == bare(&b.printed) {
            format!("{first}与{second}相同")
        } else {
            format!("{first}与{second}没有可以相减的数值")
        });
    };
    let unit = if one.indicator.unit == "%" {
        "个百分点"
    } else {
        &one.indicator.unit
    };
    let difference = (x - y).abs().normalize().to_string();
    let rough = if a.bound == b.bound && a.bound == crate::model::Bound::Exact {
        ""
    } else {
        "（按所印数字相减）"
    };
    let sentence = match x.cmp(&y) {
        Ordering::Equal => return words(format!("{first}与{second}所印数字相同")),
        Ordering::Greater => format!("{first}比{second}高{difference}{unit}{rough}"),
        Ordering::Less => format!("{first}比{second}低{difference}{unit}{rough}"),
    };
    Difference {
        sentence,
        computed: Some(difference),
    }
}
