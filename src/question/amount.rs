//! Which amount is asked for: the kind of unit, and the words for what is counted.

use super::operators::Operator;
use super::{Question, Word};
use crate::language::{UnitKind, Units};
use std::ops::Range;

/// The amount that a question asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Amount {
    /// Whether an amount is asked for at all.
    pub is_asked: bool,
    /// The unit that stands beside 多少, where one does.
    pub unit: Option<String>,
    /// The kind of unit, where it is known.
    pub kind: Option<UnitKind>,
    /// Whether the kind follows only from the noun (营业收入: money, but perhaps its growth).
    pub is_guess: bool,
    /// The unit and the kind of every further amount, where several are asked for (投放多少辆、花了多少钱).
    pub further: Vec<(Option<String>, Option<UnitKind>)>,
    /// For each 多少 the positions of the words for what is counted.
    pub heads: Vec<Vec<usize>>,
    /// A noun of measurement that asks for an amount without 多少 (去年户数).
    pub implied: Option<Range<usize>>,
    /// Position of the figure that the question takes for right, which the answer need not have.
    pub claim: Option<usize>,
}

impl Amount {
    /// What the figures must measure that are asked for by a unit: 花了多少钱、修了几公里. Measure words are
    /// no units, since people count in other ones than are printed.
    pub fn kinds_said(&self) -> impl Iterator<Item = UnitKind> {
        let further = self.further.iter();
        let asked = std::iter::once((self.unit.as_ref(), self.kind))
            .chain(further.map(|(unit, kind)| (unit.as_ref(), *kind)));
        let said = asked.filter_map(|(unit, kind)| unit.and(kind));
        said.filter(|kind| is_measured_by_unit(*kind))
    }
}

/// Whether a kind has units and not only measure words.
fn is_measured_by_unit(kind: UnitKind) -> bool {
    !matches!(kind, UnitKind::Count | UnitKind::Person | UnitKind::Time)
}

/// Nouns of measurement: at the end of a phrase they ask for an amount.
const MEASURED: &[&str] = &[
    "户数", "人数", "家数", "个数", "套数", "件数", "台数", "辆数", "亩数", "数量", "总数", "总量",
    "总额", "面积", "金额", "额度", "规模", "余额", "合计", "投资", "资金", "占比", "比例", "比重",
    "增速", "增长", "涨幅", "增幅", "降幅", "强度", "率", "额", "产量", "里程", "均值", "数",
];

/// Whether a word ends as a noun of measurement.
pub(super) fn is_measured(word: &str) -> bool {
    MEASURED.iter().any(|noun| word.ends_with(noun))
}

/// Reads what amount a question asks for, in which some stretches are names of the documents.
pub fn asked_amount(question: &Question, units: &Units, names: &[Range<usize>]) -> Amount {
    let mut amount = Amount::default();
    let letters = &question.letters.canonical;
    for span in question.operators.spans(Operator::Amount) {
        let (unit, kind) = unit_asked(letters, span, units);
        // What says no unit says nothing against the next one.
        if amount.unit.is_none() && amount.kind.is_none() {
            (amount.unit, amount.kind) = (unit, kind);
        } else {
            amount.further.push((unit, kind));
        }
        amount.is_asked = true;
        let asks_money = letters.get(span.end) == Some(&'钱');
        let asked = span.start..span.end + usize::from(asks_money);
        amount.heads.extend(head(question, &asked));
    }
    if amount.is_asked {
        for (at, noun) in measured_parts(question) {
            amount.further.push((None, units.kind_of_noun(noun)));
            amount.heads.push(vec![at]);
        }
    }
    if !amount.is_asked {
        claimed(question, units, names, &mut amount);
    }
    if !amount.is_asked {
        amount.implied = implied(question, units);
        if let Some(span) = amount.implied.clone() {
            amount.is_asked = true;
            let at = question
                .words
                .iter()
                .position(|word| word.span.end >= span.end);
            if let Some(at) = at.filter(|at| question.words[*at].is_content()) {
                amount.heads.push(vec![at]);
            }
        }
    }
    if amount.is_asked && amount.kind.is_none() {
        let noun: String = amount
            .heads
            .iter()
            .flatten()
            .map(|at| question.words[*at].text.as_str())
            .collect();
        let implied: String = amount
            .implied
            .clone()
            .map_or_else(String::new, |span| letters[span].iter().collect());
        amount.kind = units
            .kind_of_noun(&noun)
            .or_else(|| units.kind_of_noun(&implied));
        // 元数 says the unit as 多少元 does; 件数 only counts.
        let said = implied.strip_suffix('数');
        let said = said.filter(|unit| units.kind(unit).is_some_and(is_measured_by_unit));
        amount.unit = amount.unit.or(said.map(String::from));
        // 收入多少亿 can only be money; 收入多少 may be its growth.
        amount.is_guess = amount.kind.is_some() && amount.unit.is_none();
    }
    amount
}

/// The unit that stands beside a word that asks how much, and its kind.
fn unit_asked(
    letters: &[char],
    span: &Range<usize>,
    units: &Units,
) -> (Option<String>, Option<UnitKind>) {
    let asked: String = letters[span.clone()].iter().collect();
    if asked.contains("百分之") {
        return (Some("%".to_string()), Some(UnitKind::Share));
    }
    if asked.ends_with(['高', '长', '远', '深', '宽']) {
        return (None, Some(UnitKind::Length));
    }
    const COUNTING: &[&str] = &["多少", "几", "好多", "几多", "若干", "几何"];
    if !COUNTING.iter().any(|word| asked.ends_with(word)) {
        return (None, None);
    }
    let after = &letters[span.end..];
    if let Some(unit) = units.leading(after) {
        let kind = units.kind(&unit);
        return (Some(unit), kind);
    }
    // What takes up 多少 of a whole takes up a share of it.
    (None, asked.starts_with('占').then_some(UnitKind::Share))
}

/// Nouns of measurement, with their positions, that end a part of the question which asks nothing
/// else, where another part asks how much: 收了多少户，还有总面积.
fn measured_parts(question: &Question) -> Vec<(usize, &str)> {
    let words = &question.words;
    let last = words.iter().map(|word| word.clause).max().unwrap_or(0);
    let measured = |part: usize| {
        let mut of_part = words
            .iter()
            .enumerate()
            .filter(|(_, word)| word.clause == part);
        let asks = of_part
            .clone()
            .any(|(_, word)| word.operators.has(Operator::Amount));
        let (at, word) = of_part.rfind(|(_, word)| word.is_content())?;
        // 总额 by itself says more of what is asked beside it.
        of_part.rfind(|(_, word)| word.is_content())?;
        let noun = MEASURED.iter().find(|noun| word.text.ends_with(**noun))?;
        (!asks && noun.chars().count() > 1).then_some((at, *noun))
    };
    (0..=last).filter_map(measured).collect()
}

/// What makes a larger number of one, and is no unit.
const MULTIPLIERS: &str = "万亿千百";

/// Whether a statement is held out to be confirmed, by nothing but its sign or its last letter:
/// 护林员有5名？ 护林员是5名吧
fn is_held_out(question: &Question) -> bool {
    let asks = question.any(&[
        Operator::Amount,
        Operator::List,
        Operator::What,
        Operator::Why,
        Operator::When,
        Operator::Who,
        Operator::Where,
        Operator::How,
        Operator::Define,
        Operator::Reverse,
        Operator::Compare,
    ]);
    let typed = question.typed.trim_end();
    let said = typed.trim_end_matches(['?', '？', '。', '！', '!']);
    (typed.ends_with(['?', '？']) || said.ends_with('吧')) && !asks
}

/// Who asks whether a figure is right asks for the figure: 护林员有5名，对吗.
fn claimed(question: &Question, units: &Units, names: &[Range<usize>], amount: &mut Amount) {
    // 降到1.56%，是全省最高吗 asks whether it is the highest.
    let asks_figure = question.has(Operator::Premise) || is_held_out(question);
    if !asks_figure || question.has(Operator::Extreme) {
        return;
    }
    let figure = |(at, word): (usize, &Word)| {
        let unit = word
            .text
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let is_figure = word.is_number() && !question.frame.is_year(word.span.start);
        let kind = units.kind(unit);
        let is_bare = !unit.is_empty() && unit.chars().all(|c| MULTIPLIERS.contains(c));
        // The 3岁 of 3岁以下婴幼儿托位数 is no figure of it.
        let is_of_name = names
            .iter()
            .any(|name| name.start <= word.span.start && word.span.end <= name.end);
        let is_claim = is_figure && !is_of_name && (kind.is_some() || is_bare);
        is_claim.then(|| (at, unit.to_string(), kind))
    };
    let figures: Vec<_> = question
        .words
        .iter()
        .enumerate()
        .filter_map(figure)
        .collect();
    if let [(at, unit, kind)] = figures.as_slice() {
        amount.is_asked = true;
        amount.unit = kind.map(|_| unit.clone());
        amount.kind = *kind;
        amount.claim = Some(*at);
        amount
            .heads
            .extend(head(question, &question.words[*at].span));
    }
}

/// What is counted stands right after 多少 (多少亩茶园), otherwise before it (茶园有多少亩).
fn head(question: &Question, span: &Range<usize>) -> Option<Vec<usize>> {
    let counted = |at: &usize| {
        let word = &question.words[*at];
        word.is_content() && (word.part.is_open() && word.weight > 0.2)
    };
    let after: Vec<usize> = (0..question.words.len())
        .filter(|at| question.words[*at].span.start >= span.end)
        .take_while(|at| question.words[*at].span.start - span.end <= 2 || counted(at))
        .filter(counted)
        .collect();
    if let Some(first) = after.first()
        && question.words[*first].span.start - span.end <= 2
    {
        let mut head = vec![*first];
        for at in after.iter().skip(1) {
            let last = head[head.len() - 1];
            if question.words[*at].span.start != question.words[last].span.end {
                break;
            }
            head.push(*at);
        }
        return Some(head);
    }
    let before: Vec<usize> = (0..question.words.len())
        .filter(|at| question.words[*at].span.end <= span.start)
        .filter(counted)
        .collect();
    let noun = before
        .iter()
        .rev()
        .find(|at| question.words[**at].part.is_nominal());
    noun.or(before.last()).map(|at| vec![*at])
}

fn implied(question: &Question, units: &Units) -> Option<Range<usize>> {
    let asks_otherwise = question.any(&[
        Operator::Why,
        Operator::Define,
        Operator::Who,
        Operator::When,
        Operator::Where,
        Operator::List,
        Operator::How,
        Operator::Unit,
        Operator::Nature,
        Operator::Category,
    ]);
    if asks_otherwise {
        return None;
    }
    let of_word = question.words.iter().rev().find_map(|word| {
        let noun = MEASURED.iter().find(|noun| word.text.ends_with(**noun))?;
        let length = noun.chars().count();
        Some(word.span.end - length..word.span.end)
    });
    // 占比 is younger than the dictionary, which has only 占 and 比; 元数 is made of a unit.
    let of_two = question.words.windows(2).rev().find_map(|two| {
        let together = format!("{}{}", two[0].text, two[1].text);
        let touches = two[0].span.end == two[1].span.start;
        let is_made = two[1].text == "数" && units.kind(&two[0].text).is_some();
        let is_noun = touches && (is_made || MEASURED.contains(&together.as_str()));
        is_noun.then(|| two[0].span.start..two[1].span.end)
    });
    let ends_later = |span: &Range<usize>| of_word.as_ref().is_none_or(|word| span.end >= word.end);
    of_two.filter(ends_later).or(of_word)
}
