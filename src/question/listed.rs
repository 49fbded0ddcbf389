//! How many members a list has that is asked for: 哪三家, 六项任务都是什么, 五网是哪些.

use super::Question;
use super::operators::Operator;
use crate::language::han_number;
use rust_decimal::prelude::ToPrimitive;
use std::ops::Range;

/// Two things stand beside each other in every other sentence, and more are listed by nobody.
const COUNTS: Range<usize> = 3..31;
/// Signs right after a number that make it a day, a part of a whole, or a step of a larger number.
const NO_COUNTS: &[char] = &[
    '年', '月', '日', '号', '点', '时', '分', '成', '倍', '度', '季', '级', '百', '千', '万', '亿',
    '元', '%', '‰', '.', '-', '—', '~', '多', '余', '来', '几', '+', '岁', '周', '期', '届', '次',
    '字',
];

/// The number of members that a question counts, where it asks for them by name.
pub fn listed(question: &Question) -> Option<usize> {
    let is_amount = question.amount.is_asked && question.amount.implied.is_none();
    // 除了河长还有哪三个 counts what is left of a longer list.
    let is_rest = question.has(Operator::Except);
    if is_amount || is_rest || !question.has(Operator::List) {
        return None;
    }
    let letters = &question.letters.canonical;
    // 哪三家 counts what it asks for; 哪一个、哪三个 asks for two things.
    let after_which = (1..letters.len()).filter(|at| letters[at - 1] == '哪');
    let asked: Vec<Range<usize>> = after_which
        .filter_map(|at| numeral(letters, at..letters.len()).filter(|found| found.start == at))
        .collect();
    match &asked[..] {
        [] => only(&counts(letters)),
        [one] => count(letters, one.clone()),
        _ => None,
    }
}

/// The count, where there is one alone.
fn only(counts: &[usize]) -> Option<usize> {
    match counts {
        [count] => Some(*count),
        _ => None,
    }
}

/// The different counts of a question, in their order.
fn counts(letters: &[char]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(numeral) = numeral(letters, at..letters.len()) {
        at = numeral.end;
        found.extend(count(letters, numeral));
    }
    found.dedup();
    found
}

/// The first run of numerals in a span.
fn numeral(letters: &[char], span: Range<usize>) -> Option<Range<usize>> {
    let mut at = span;
    let start = at.find(|at| is_numeral(letters[*at]))?;
    let length = letters[start..]
        .iter()
        .take_while(|letter| is_numeral(**letter))
        .count();
    Some(start..start + length)
}

fn is_numeral(letter: char) -> bool {
    letter.is_ascii_digit() || "一二两三四五六七八九十".contains(letter)
}

fn count(letters: &[char], numeral: Range<usize>) -> Option<usize> {
    let before = numeral.start.checked_sub(1).map(|at| letters[at]);
    let after = letters.get(numeral.end)?;
    let is_ordinal = before.is_some_and(|sign| sign == '第' || sign == '.' || sign == '-');
    let is_in_word = before.is_some_and(|sign| sign.is_ascii_alphabetic()) || after.is_ascii();
    if is_ordinal || is_in_word || NO_COUNTS.contains(after) {
        return None;
    }
    let written: String = letters[numeral].iter().collect();
    let count = match written.parse::<usize>() {
        Ok(count) => count,
        Err(_) => han_number(&written)?.to_usize()?,
    };
    COUNTS.contains(&count).then_some(count)
}
