//! Text as it is compared: one width, simplified characters, lower case, no controls, no @mentions.

use once_cell::sync::Lazy;
use regex::Regex;
use unicode_normalization::UnicodeNormalization;

#[expect(
    clippy::expect_used,
    reason = "constant patterns; a test compiles each"
)]
static MENTION: Lazy<Regex> = Lazy::new(|| {
    Regex::new(r"[@＠](?:[A-Za-z0-9_]+|\p{Han}{1,8}(\s|$|[，,：:A-Za-z]))")
        .expect("a constant pattern")
});
#[expect(
    clippy::expect_used,
    reason = "constant patterns; a test compiles each"
)]
static WRITTEN_YEAR: Lazy<Regex> = Lazy::new(|| {
    Regex::new(r"[二2][〇○零0][一二三四五六七八九〇○零]{2}年").expect("a constant pattern")
});

/// Folds a text for comparison. Never used for what is shown.
pub fn fold(text: &str) -> String {
    let without_mentions = MENTION.replace_all(text, " $1");
    let composed: String = without_mentions
        .nfkc()
        .filter(|c| !c.is_control() || c.is_whitespace())
        .collect();
    let simplified = if composed.is_ascii() {
        composed
    } else {
        hanconv::t2s(composed)
    };
    let lowered = simplified.to_lowercase();
    if !lowered.contains('年') {
        return lowered;
    }
    WRITTEN_YEAR
        .replace_all(&lowered, |found: &regex::Captures<'_>| {
            found[0].chars().map(digit).collect::<String>()
        })
        .into_owned()
}

fn digit(sign: char) -> char {
    match sign {
        '〇' | '○' | '零' => '0',
        '一' => '1',
        '二' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        '六' => '6',
        '七' => '7',
        '八' => '8',
        '九' => '9',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_people_type_become_one() {
        assert_eq!(fold("２０２２年ＧＤＰ"), "2022年gdp");
        assert_eq!(fold("研發經費"), "研发经费");
        assert_eq!(fold("二〇二二年 @小助手 目标"), "2022年   目标");
    }
}
