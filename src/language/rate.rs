//! Nouns of how fast something grows or by how much it changed, and the verbs that say so.

/// As they are compared.
const RATES: &[&str] = &[
    "增速",
    "增长",
    "增幅",
    "涨幅",
    "降幅",
    "增长率",
    "升幅",
    "跌幅",
];
/// Verbs of change.
const CHANGES: &[&str] = &[
    "提高", "上升", "提升", "增加", "增长", "上涨", "扩大", "加快", "下降", "降低", "减少", "下跌",
    "回落", "收窄", "压减", "缩减",
];

/// Whether a word is such a noun itself.
pub fn is_rate(word: &str) -> bool {
    RATES.contains(&word)
}

/// Whether a name is that of a rate.
pub fn names_rate(name: &str) -> bool {
    RATES.iter().any(|rate| name.contains(rate))
}

/// Whether a text ends in such a noun.
pub fn ends_in_rate(text: &str) -> bool {
    RATES.iter().any(|rate| text.ends_with(rate))
}

/// Whether a text ends in a verb of change.
pub fn ends_in_change(text: &str) -> bool {
    CHANGES.iter().any(|verb| text.ends_with(verb))
}

/// A name without the noun of a rate at its end: 固定资产投资 of 固定资产投资增速.
pub fn without_rate(name: &str) -> Option<&str> {
    let rest = RATES.iter().find_map(|rate| name.strip_suffix(rate))?;
    (rest.chars().count() > 1).then_some(rest)
}
