//! Whether a question asks how something changed, and whether it asks how fast; known from `sort`
//! on.

use super::refused::is_refused;
use super::{Operator, Question};
use crate::language::names_rate;
use std::ops::Range;

/// Words that ask how fast something grows, or by how much it changed.
const CHANGES: &[&str] = &[
    "增",
    "添",
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
/// Verbs of change: right before 多少 they ask how fast (增长多少).
const VERBS: &[&str] = &["增长", "下降", "涨", "降", "升"];

/// Whether a question asks for a change: 要钱数不要增幅 asks for none.
pub(super) fn asks_change(question: &Question) -> bool {
    let wanted = wanted(question);
    CHANGES.iter().any(|word| wanted.contains(word))
}

/// The letters of a question without the words that it refuses.
fn wanted(question: &Question) -> String {
    let words = &question.words;
    let refused: Vec<&Range<usize>> = words
        .iter()
        .map(|word| &word.span)
        .filter(|span| is_refused(words, span))
        .collect();
    let letters = question.letters.canonical.iter().enumerate();
    letters
        .filter(|(at, _)| !refused.iter().any(|span| span.contains(at)))
        .map(|(_, letter)| letter)
        .collect()
}

/// Whether a question asks how fast something grows and nothing else, whatever it is.
pub(super) fn asks_rate(question: &Question) -> bool {
    let after_verb = |span: &Range<usize>| {
        let before: String = question.letters.canonical[..span.start].iter().collect();
        let before = before.trim_end_matches('了');
        VERBS.iter().any(|verb| before.ends_with(verb))
    };
    let amounts: Vec<&Range<usize>> = question.operators.spans(Operator::Amount).collect();
    let asks_how_fast = !amounts.is_empty() && amounts.iter().all(|span| after_verb(span));
    // 增长 by itself is as often a verb of the talk (增长动能) as what is asked for.
    let wanted = wanted(question);
    let names_one = names_rate(&wanted.replace("增长", "")) || wanted.contains("增长率");
    asks_how_fast || names_one && amounts.len() < 2
}
