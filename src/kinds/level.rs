//! How much there is of something is not answered by how fast it grows.

use crate::question::{Operator, Question, RATES};

/// Words that ask how much there is.
const LEVELS: &[&str] = &[
    "总额", "总量", "总数", "余额", "规模", "盘子", "站上", "迈上",
];
/// Words that ask how fast something grows, or by how much it changed.
const CHANGES: &[&str] = &[
    "增",
    "涨",
    "降",
    "提高",
    "提升",
    "减",
    "高多少",
    "低多少",
    "个点",
    "变化",
    "跌",
    "升",
    "扩大",
    "高了",
    "低了",
    "高出",
    "超",
    "快",
];
/// Whether a question asks for a change.
pub fn asks_change(question: &Question) -> bool {
    CHANGES.iter().any(|word| question.text.contains(word))
}

/// Whether how much there is is asked for, by a word that is no part of what a text says.
pub fn is_asked(question: &Question, text: &str) -> bool {
    let names_level = |word: &&str| question.text.contains(*word) && !text.contains(*word);
    let asks_stock = question.has(Operator::Stock) && question.has(Operator::Amount);
    !asks_change(question) && (asks_stock || LEVELS.iter().any(names_level))
}

/// Whether a name is that of a rate.
pub fn is_rate(name: &str) -> bool {
    RATES.iter().any(|word| name.contains(word))
}
