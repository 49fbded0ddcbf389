//! Whether a target was met: three values, decided on exact decimals and their bounds, never on a guess.

use crate::model::{Bound, Quantity};
use std::cmp::Ordering;

/// The verdict on a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The printed figures say that it was met.
    Met,
    /// They say that it was not.
    NotMet,
    /// They do not decide; the reason is said.
    Undecidable(&'static str),
}

impl Verdict {
    /// The word that is shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "达标",
            Self::NotMet => "未达标",
            Self::Undecidable(_) => "不可判定",
        }
    }
}

/// Compares a result with its target.
///
/// A target with a bound says which way is good. A bare target is met by the same figure or more; a result that is only
/// bounded from above (以内) shows that less is good.
pub fn judge(target: &Quantity, actual: &Quantity) -> Verdict {
    if actual.is_unpublished() {
        return Verdict::Undecidable("完成数尚未公布");
    }
    if target.is_unpublished() {
        return Verdict::Undecidable("目标数没有公布");
    }
    let (Some(aim), Some(result)) = (target.value, actual.value) else {
        return words(target, actual);
    };
    let order = result.cmp(&aim);
    let about = actual.bound == Bound::About;
    let less_is_good = matches!(target.bound, Bound::AtMost | Bound::LessThan | Bound::Within)
        || matches!(target.bound, Bound::Exact | Bound::About) && matches!(actual.bound, Bound::AtMost | Bound::LessThan | Bound::Within);
    let good = if less_is_good { Ordering::Less } else { Ordering::Greater };
    match order {
        Ordering::Equal => equal(target.bound, actual.bound, about),
        side if side == good => Verdict::Met,
        _ => Verdict::NotMet,
    }
}

fn equal(target: Bound, actual: Bound, about: bool) -> Verdict {
    match (target, about) {
        (Bound::About, _) => Verdict::Met,
        (_, true) => Verdict::Undecidable("完成数是约数，与目标数相同"),
        (Bound::MoreThan | Bound::LessThan, _) => match actual {
            Bound::Exact => Verdict::NotMet,
            _ => Verdict::Undecidable("完成数只给出界限"),
        },
        _ => Verdict::Met,
    }
}

/// Words against words: the same place in the order is the same.
fn words(target: &Quantity, actual: &Quantity) -> Verdict {
    let bare = |quantity: &Quantity| quantity.printed.trim_matches(['（', '）', '(', ')']).replace("预计", "");
    if target.bound == Bound::Rank && bare(target) == bare(actual) {
        return Verdict::Met;
    }
    Verdict::Undecidable("目标没有具体数值")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_decide() {
        let cases = [
            ("≥40", "39.4", "未达标"),
            ("＞4.5", "4.5左右", "不可判定"),
            ("＞4.5", "4.5", "未达标"),
            ("5左右", "5以内", "达标"),
            ("＜0.01", "0.0043", "达标"),
            ("6左右", "6左右", "达标"),
            ("0.8", "0.7左右", "未达标"),
            ("100", "100左右", "不可判定"),
            ("市计划", "——", "不可判定"),
            ("（保持全市第1）", "（预计保持全市第1）", "达标"),
        ];
        for (target, actual, word) in cases {
            let verdict = judge(&Quantity::parse(target, ""), &Quantity::parse(actual, ""));
            assert_eq!(verdict.word(), word, "{target} {actual}");
        }
    }
}
