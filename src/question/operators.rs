//! What a question asks for, in about thirty closed classes: how much, why, which, compared with
//! what.
//!
//! Each class is a small grammar over function words and the few verbs of reporting and planning,
//! expanded once into its surfaces. It holds no courtesy, no name and no word of any report.

mod grammar;

use grammar::SURFACES;
use std::ops::Range;

/// What a part of a question asks for or says of what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Operator {
    /// 多少, 几
    Amount,
    /// 为什么
    Why,
    /// 是什么意思
    Define,
    /// 叫什么
    Reverse,
    /// 什么时候
    When,
    /// 谁, 哪个部门
    Who,
    /// 在哪里
    Where,
    /// 哪些
    List,
    /// 什么, 哪个
    What,
    /// 什么单位
    Unit,
    /// 约束性还是预期性
    Nature,
    /// 属于哪一类
    Category,
    /// 完成了吗
    Verdict,
    /// 比, 高还是低
    Compare,
    /// 最高
    Extreme,
    /// 怎么做
    How,
    /// 目标
    Target,
    /// 完成
    Actual,
    /// 报送
    Report,
    /// 印发
    Issued,
    /// 指标
    Indicator,
    /// 一共, 分别
    Total,
    /// 未公布
    Unpublished,
    /// 不是, 除了
    Except,
    /// 对吗, 是不是
    Premise,
    /// 上调
    Up,
    /// 下调
    Down,
    /// 一样
    Same,
    /// 请问, 帮我查一下
    Request,
    /// 还有呢
    More,
    /// 现有, 目前
    Stock,
    /// 名词, 备注, 附件
    Document,
    /// 你觉得: what no document says.
    Opinion,
}

/// A set of operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OperatorSet(u64);

impl OperatorSet {
    /// No operator.
    pub const NONE: Self = Self(0);

    /// The set of some operators.
    pub const fn of(operators: &[Operator]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < operators.len() {
            bits |= 1_u64 << operators[at] as u8;
            at += 1;
        }
        Self(bits)
    }

    /// Whether an operator is in the set.
    pub fn has(self, operator: Operator) -> bool {
        self.0 & (1_u64 << operator as u8) != 0
    }

    /// Whether two sets share an operator.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// What is in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether it is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many operators it has.
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// Adds an operator.
    pub fn insert(&mut self, operator: Operator) {
        self.0 |= 1_u64 << operator as u8;
    }

    /// The operators, in the order of the enumeration.
    pub fn iter(self) -> impl Iterator<Item = Operator> {
        Operator::ALL.iter().copied().filter(move |o| self.has(*o))
    }
}

impl Operator {
    /// Every operator in order.
    pub const ALL: [Self; 33] = [
        Self::Amount,
        Self::Why,
        Self::Define,
        Self::Reverse,
        Self::When,
        Self::Who,
        Self::Where,
        Self::List,
        Self::What,
        Self::Unit,
        Self::Nature,
        Self::Category,
        Self::Verdict,
        Self::Compare,
        Self::Extreme,
        Self::How,
        Self::Target,
        Self::Actual,
        Self::Report,
        Self::Issued,
        Self::Indicator,
        Self::Total,
        Self::Unpublished,
        Self::Except,
        Self::Premise,
        Self::Up,
        Self::Down,
        Self::Same,
        Self::Request,
        Self::More,
        Self::Stock,
        Self::Document,
        Self::Opinion,
    ];
}

/// The operators of a question: the set, and which letters each covers.
#[derive(Debug, Clone, Default)]
pub struct Operators {
    spans: Vec<(Operator, Range<usize>)>,
    /// For each letter the operators that cover it.
    letters: Vec<OperatorSet>,
}

impl Operators {
    /// Finds the operators of canonical letters. `inside_name` tells whether a span lies inside a
    /// longer name: what stands there is part of the name and asks nothing.
    pub fn read(letters: &[char], inside_name: &dyn Fn(Operator, &Range<usize>) -> bool) -> Self {
        let mut found: Vec<(Operator, Range<usize>)> = Vec::new();
        for hit in SURFACES.phrases.all(letters) {
            let surface = &SURFACES.surfaces[hit.phrase];
            if surface.fits(letters, &hit.span) && !inside_name(surface.operator, &hit.span) {
                found.push((surface.operator, hit.span));
            }
        }
        // How many is no how.
        let amounts: Vec<Range<usize>> = found
            .iter()
            .filter(|(operator, _)| *operator == Operator::Amount)
            .map(|(_, span)| span.clone())
            .collect();
        found.retain(|(operator, span)| {
            let inside = |amount: &Range<usize>| {
                amount.start <= span.start && span.end <= amount.end && amount.len() > span.len()
            };
            *operator != Operator::How || !amounts.iter().any(inside)
        });
        // Of one class those that overlap are one: 实际完成 and 完成情况.
        found.sort_by_key(|(operator, span)| (*operator, span.start, std::cmp::Reverse(span.end)));
        let mut spans: Vec<(Operator, Range<usize>)> = Vec::new();
        for (operator, span) in found {
            match spans.last_mut() {
                Some((last, known)) if *last == operator && span.start < known.end => {
                    known.end = known.end.max(span.end);
                }
                _ => spans.push((operator, span)),
            }
        }
        let mut covered = vec![OperatorSet::NONE; letters.len()];
        for (operator, span) in &spans {
            for set in &mut covered[span.clone()] {
                set.insert(*operator);
            }
        }
        Self {
            spans,
            letters: covered,
        }
    }

    /// The whole set.
    pub fn set(&self) -> OperatorSet {
        let mut set = OperatorSet::NONE;
        for (operator, _) in &self.spans {
            set.insert(*operator);
        }
        set
    }

    /// Whether an operator stands in the question.
    pub fn has(&self, operator: Operator) -> bool {
        self.spans.iter().any(|(known, _)| *known == operator)
    }

    /// Whether any of some operators stands in the question.
    pub fn any(&self, operators: &[Operator]) -> bool {
        operators.iter().any(|operator| self.has(*operator))
    }

    /// Where an operator stands.
    pub fn spans(&self, operator: Operator) -> impl Iterator<Item = &Range<usize>> {
        self.spans
            .iter()
            .filter(move |(known, _)| *known == operator)
            .map(|(_, span)| span)
    }

    /// The operators that cover one letter.
    pub fn at(&self, letter: usize) -> OperatorSet {
        self.letters.get(letter).copied().unwrap_or_default()
    }

    /// Takes out what a single letter within one of some words seemed to ask: the 会 of 社会 plans
    /// nothing.
    pub fn drop_within(&mut self, words: &[Range<usize>]) {
        let is_within = |span: &Range<usize>| {
            let holds = |word: &Range<usize>| word.start <= span.start && span.end <= word.end;
            span.len() == 1 && words.iter().any(holds)
        };
        let (within, kept) = self.spans.drain(..).partition(|(_, span)| is_within(span));
        self.spans = kept;
        let within: Vec<(Operator, Range<usize>)> = within;
        for (operator, span) in within {
            let set = &mut self.letters[span.start];
            *set = set.without(OperatorSet::of(&[operator]));
        }
    }

    /// Adds an operator at a span.
    pub fn add(&mut self, operator: Operator, span: Range<usize>) {
        for set in self.letters.iter_mut().take(span.end).skip(span.start) {
            set.insert(operator);
        }
        self.spans.push((operator, span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Operators {
        let letters: Vec<char> = text.chars().collect();
        Operators::read(&letters, &|_, _| false)
    }

    #[test]
    fn forms_are_read_by_grammar() {
        let cases = [
            ("电梯装了几何", Operator::Amount),
            ("兑现了没有", Operator::Verdict),
            ("咋个打法", Operator::How),
            ("归在哪一栏", Operator::Category),
            ("用啥单位", Operator::Unit),
            ("除开水质", Operator::Except),
            ("拢共装了若干台", Operator::Total),
            ("因何滞后", Operator::Why),
            ("亩产离任务还有几斤", Operator::Compare),
        ];
        for (text, operator) in cases {
            assert!(read(text).has(operator), "{text}: {operator:?}");
        }
        assert!(!read("占比").has(Operator::Compare));
        assert!(!read("几乎").has(Operator::Amount));
        assert!(!read("外资").has(Operator::Except));
    }
}
