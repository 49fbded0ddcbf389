//! The lines of an original as one run of letters, with the places at which an entry may begin or
//! end, and an account of what was found in it.

use super::solid;
use crate::import::{Original, OriginalBlock};
use once_cell::sync::Lazy;
use regex::Regex;
use std::ops::Range;

/// What stands before an entry on its line: its number, which may have been lost in a conversion.
static NUMBER: Lazy<Option<Regex>> = Lazy::new(|| {
    Regex::new(concat!(
        r"^(?:(?:备注|附注|注释|说明|注)(?:[（(][^（()）]*[）)])?[：:])?",
        r"(?:第\d{1,3}条|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]",
        r"|[（(\[［【]?\^?[\d\x{FFFD}]{0,3}[）)\]］】]?[.．、：:]?|[①-⑳⑴-⒇])$"
    ))
    .ok()
});
/// The number that a further entry begins with. 3.5% is none.
static NEXT: Lazy<Option<Regex>> = Lazy::new(|| {
    Regex::new(concat!(
        r"^(?:第\d{1,3}条|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]",
        r"|[（(\[［【]\^?[\d\x{FFFD}]{1,3}[）)\]］】]|\d{1,3}(?:[．、]|\.[^\d])|[①-⑳⑴-⒇])"
    ))
    .ok()
});
/// A caption takes at most so many lines.
const CAPTION_LINES: usize = 4;
const ENDS: &[char] = &['。', '；', ';', '！', '？'];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OriginalLine {
    /// Where it stands in the run.
    pub span: Range<usize>,
    /// Whether a table stands between it and the line before.
    pub after_table: bool,
    /// Whether it may be the caption of a table: it stands right above one.
    pub above_table: bool,
}

/// All lines in one.
pub(crate) struct Run {
    /// Their letters.
    pub text: String,
    /// Where each stands.
    pub lines: Vec<OriginalLine>,
    covered: Vec<bool>,
}

/// How well a text stands in the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LineStanding {
    /// As a whole entry, from here to there.
    Whole(Range<usize>),
    /// Its letters stand there, and the entry has more.
    Cut,
    /// Not at all.
    Nowhere,
}

impl Run {
    /// Of an original.
    pub(crate) fn of(original: &Original) -> Self {
        let mut text = String::new();
        let mut lines = Vec::new();
        let mut after_table = false;
        for block in &original.blocks {
            let OriginalBlock::Line(line) = block else {
                after_table = true;
                let above = lines.iter_mut().rev().take(CAPTION_LINES);
                above.for_each(|line: &mut OriginalLine| line.above_table = true);
                continue;
            };
            let start = text.len();
            text.push_str(&solid(line));
            let span = start..text.len();
            if !span.is_empty() {
                lines.push(OriginalLine {
                    span,
                    after_table,
                    above_table: false,
                });
                after_table = false;
            }
        }
        let covered = vec![false; text.len()];
        Self {
            text,
            lines,
            covered,
        }
    }

    /// The text of a span.
    pub(crate) fn slice(&self, span: Range<usize>) -> &str {
        self.text.get(span).unwrap_or_default()
    }

    /// Where a text stands as a whole entry: what stands before it on its line is nothing but its
    /// number, and nothing follows it but the next entry. `end` tells how much of what follows the
    /// text belongs to the entry; none where it is another one. Of equal entries the first that
    /// is not covered yet is taken.
    pub(crate) fn entry(&self, text: &str, end: impl Fn(&str) -> Option<usize>) -> LineStanding {
        let mut best = LineStanding::Nowhere;
        for (at, _) in self.text.match_indices(text).filter(|_| !text.is_empty()) {
            let Some(length) = end(&self.text[at + text.len()..]) else {
                continue;
            };
            let span = at..at + text.len() + length;
            let is_whole = self.begins_at(at) && self.ends_at(span.end);
            if is_whole && !self.covered[at] {
                return LineStanding::Whole(span);
            }
            match best {
                LineStanding::Whole(_) => {}
                _ if is_whole => best = LineStanding::Whole(span),
                _ => best = LineStanding::Cut,
            }
        }
        best
    }

    /// Notes that these letters belong to an entry of the plan.
    pub(crate) fn cover(&mut self, span: Range<usize>) {
        for offset in span {
            if let Some(letter) = self.covered.get_mut(offset) {
                *letter = true;
            }
        }
    }

    /// Whether some letter of a line belongs to an entry of the plan.
    pub(crate) fn is_touched(&self, line: &OriginalLine) -> bool {
        self.covered[line.span.clone()].iter().any(|letter| *letter)
    }

    /// The longest stretch of a line that belongs to no entry of the plan.
    pub(crate) fn open(&self, line: &OriginalLine) -> &str {
        let offsets: Vec<usize> = line.span.clone().collect();
        let stretches = offsets.chunk_by(|one, other| self.covered[*one] == self.covered[*other]);
        let open = stretches.filter(|stretch| !self.covered[stretch[0]]);
        let longest = open.max_by_key(|stretch| stretch.len());
        longest.map_or("", |stretch| {
            self.slice(stretch[0]..stretch[stretch.len() - 1] + 1)
        })
    }

    fn line_at(&self, at: usize) -> Option<&OriginalLine> {
        let next = self.lines.partition_point(|line| line.span.end <= at);
        self.lines.get(next)
    }

    fn begins_at(&self, at: usize) -> bool {
        let start = self.line_at(at).map_or(at, |line| line.span.start);
        let before = self.slice(start..at);
        let is_number = |text: &str| NUMBER.as_ref().is_some_and(|n| n.is_match(text));
        let after_entry = before.rsplit_once(ENDS).map(|(_, rest)| rest);
        is_number(before) || after_entry.is_some_and(is_number)
    }

    fn ends_at(&self, at: usize) -> bool {
        let is_line_end = self.lines.iter().any(|line| line.span.end == at);
        let rest = self.slice(at..self.text.len());
        let is_followed = NEXT.as_ref().is_some_and(|next| next.is_match(rest));
        is_line_end || is_followed && self.slice(0..at).ends_with(ENDS)
    }
}

/// Whether a line begins as an entry does.
pub(crate) fn begins_entry(line: &str) -> bool {
    NEXT.as_ref().is_some_and(|next| next.is_match(line))
}
