//! What a question says that it does not want: 不要去年的, 莫拿完成数来, 去年那数别掺进来.

use super::Word;
use super::operators::Operator;
use std::ops::Range;

/// Words that say what is not wanted.
const REFUSING: &[&str] = &["不是", "不要", "不用", "而非", "莫", "别", "勿", "甭"];
/// So many letters after such a word belong to it: 莫拿完成数.
const AFTER: usize = 2;
/// And so many before it, within its part of the question: 去年那数别掺进来.
const BEFORE: usize = 3;

/// Whether something that stands at some letters is refused. 分别 is another word, 是不是 asks, and
/// what is refused after it is no matter of what stands before (要去年的，不要今年的).
pub fn is_refused(words: &[Word], span: &Range<usize>) -> bool {
    let refusing = words.iter().filter(|word| {
        REFUSING.contains(&word.text.as_str()) && !word.operators.has(Operator::Premise)
    });
    // A year is no word: the next one tells in which part of the question it stands.
    let next = words.iter().find(|word| word.span.end > span.start);
    let part = next.map(|word| word.clause);
    refusing.into_iter().any(|word| {
        let after = word.span.end..=word.span.end + AFTER;
        let before = span.end..=span.end + BEFORE;
        let same_part = part == Some(word.clause);
        // 是目标不是实绩 refuses what comes next.
        let names_more = |other: &Word| {
            let is_next = other.clause == word.clause && other.span.start >= word.span.end;
            is_next && (other.part.is_nominal() || !other.operators.is_empty())
        };
        let ends = !words.iter().any(names_more);
        after.contains(&span.start) || same_part && ends && before.contains(&word.span.start)
    })
}
