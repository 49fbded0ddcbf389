//! How much there is of something is not answered by how fast it grows.

use crate::question::{Operator, Question, asks_change};

/// Words that ask how much there is.
const LEVELS: &[&str] = &[
    "总额", "总量", "总数", "余额", "规模", "盘子", "站上", "迈上",
];
/// Whether how much there is is asked for, by a word that is no part of what a text says.
pub fn is_asked(question: &Question, text: &str) -> bool {
    let names_level = |word: &&str| question.text.contains(*word) && !text.contains(*word);
    let asks_stock = question.has(Operator::Stock) && question.has(Operator::Amount);
    !asks_change(question) && (asks_stock || LEVELS.iter().any(names_level))
}
