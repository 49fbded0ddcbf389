//! Whether a target was met: three values, decided on exact decimals and their bounds, never on a
//! guess.

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
/// A target with a bound says which way is good. A bare target is met by the same figure or more,
/// unless less is good (`less_is_good`, from the lexicon) or the result is only bounded from above.
/// Where the bounds of the two overlap, the printed text does not decide.
pub fn judge(target: &Quantity, actual: &Quantity, less_is_good: bool) -> Verdict {
    if actual.is_unpublished() {
        return Verdict::Undecidable("完成数尚未公布");
    }
    if target.is_unpublished() {
        return Verdict::Undecidable("目标数没有公布");
    }
    let (Some(aim), Some(result)) = (target.value, actual.value) else {
        return words(target, actual);
    };
    if target.bound == Bound::About && actual.bound == Bound::About && aim == result {
        return Verdict::Met;
    }
    let upper = |bound| matches!(bound, Bound::AtMost | Bound::LessThan | Bound::Within);
    let lower = |bound| matches!(bound, Bound::AtLeast | Bound::MoreThan);
    let plain = !upper(target.bound) && !lower(target.bound);
    let less = upper(target.bound) || plain && (less_is_good || upper(actual.bound));
    // How far the result lies on the good side.
    let ahead = if less {
        aim.cmp(&result)
    } else {
        result.cmp(&aim)
    };
    let open_good = if less {
        upper(actual.bound)
    } else {
        lower(actual.bound)
    };
    let open_bad = if less {
        lower(actual.bound)
    } else {
        upper(actual.bound)
    };
    let strict = matches!(target.bound, Bound::MoreThan | Bound::LessThan);
    match (ahead, actual.bound) {
        (Ordering::Greater, _) if open_bad => Verdict::Undecidable("完成数只给出界限"),
        (Ordering::Greater, _) => Verdict::Met,
        (Ordering::Less, _) if open_good => Verdict::Undecidable("完成数只给出界限"),
        (Ordering::Less, _) if target.bound == Bound::About => Verdict::Undecidable("目标是约数"),
        (Ordering::Less, _) => Verdict::NotMet,
        (Ordering::Equal, Bound::MoreThan | Bound::LessThan) if open_good => Verdict::Met,
        (Ordering::Equal, _) if open_good && !strict => Verdict::Met,
        (Ordering::Equal, _)
            if open_bad && actual.bound != Bound::AtLeast && actual.bound != Bound::AtMost =>
        {
            Verdict::NotMet
        }
        (Ordering::Equal, Bound::About) if target.bound != Bound::About => {
            Verdict::Undecidable("完成数是约数，与目标数相同")
        }
        (Ordering::Equal, Bound::Exact) if strict => Verdict::NotMet,
        (Ordering::Equal, Bound::Exact | Bound::About) => Verdict::Met,
        (Ordering::Equal, _) => Verdict::Undecidable("完成数只给出界限"),
    }
}

/// Words against words: the same place in the order is the same.
fn words(target: &Quantity, actual: &Quantity) -> Verdict {
    let bare = |quantity: &Quantity| {
        quantity
            .printed
            .trim_matches(['（', '）', '(', ')'])
            .replace("预计", "")
    };
    if target.bound == Bound::Rank && bare(target) == bare(actual) {
        return Verdict::Met;
    }
    Verdict::Undecidable(if target.value.is_none() {
        "目标没有具体数值"
    } else {
        "完成数没有具体数值"
    })
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
            ("≥40", "39以上", "不可判定"),
            ("＞4.5", "5以内", "不可判定"),
            ("300以内", "＞300", "未达标"),
            ("＜0.01", "＜0.01", "达标"),
            ("0.8左右", "0.79", "不可判定"),
            ("80.9", "高于全市平均水平", "不可判定"),
            ("（保持全市第1）", "（预计保持全市第1）", "达标"),
        ];
        for (target, actual, word) in cases {
            let verdict = judge(
                &Quantity::parse(target, ""),
                &Quantity::parse(actual, ""),
                false,
            );
            assert_eq!(verdict.word(), word, "{target} {actual}");
        }
        let less = judge(
            &Quantity::parse("5.5", "%"),
            &Quantity::parse("5.2", "%"),
            true,
        );
        assert_eq!(less, Verdict::Met);
    }
}
