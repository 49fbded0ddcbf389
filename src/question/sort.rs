//! What sort of figure a question asks for: how much there is, what was added, a change, a share.
//! It is reckoned once for a question, since each of hundreds of figures is held against it.

use super::change::{asks_change, asks_rate};
use super::{Operator, Question, Word};

/// Words that ask how much there is.
const LEVELS: &[&str] = &[
    "总额", "总量", "总数", "余额", "规模", "盘子", "站上", "迈上", "金额",
];
/// Words that ask what share of a whole something has.
const SHARES: &[&str] = &["占比", "比重", "份额", "占多少", "占几", "占全"];
/// Words that ask how much there is in all.
const ALL: &[&str] = &[
    "总数",
    "一共",
    "总共",
    "共有",
    "现有",
    "拢共",
    "统共",
    "总计",
    "共计",
    "总里程",
    "总面积",
];
/// Words that ask what was added.
const ADDED: &[&str] = &[
    "新增",
    "净增",
    "增加多少",
    "增加了多少",
    "增加几",
    "多了多少",
    "新设",
    "新认定",
];

/// Words that ask what is left, or missing.
const REST: &[&str] = &["剩", "余下", "还缺", "还欠", "缺口"];

/// Whether a question asks what is still to be done: 还有多少没拆.
fn asks_undone(text: &str) -> bool {
    let still = text.split_once("还有").map_or("", |(_, after)| after);
    let mut denied = still.match_indices('没');
    still.contains('未') || denied.any(|(at, _)| !still[at..].starts_with("没有"))
}

/// The sort of figure that a question asks for.
#[derive(Debug, Clone, Default)]
pub struct AskedSort {
    /// Whether it asks for a change.
    pub is_change: bool,
    /// Whether it asks how fast something grows and nothing else, whatever it is.
    pub is_rate: bool,
    /// Whether it asks what share of a whole something has.
    pub is_share: bool,
    /// Whether it asks what was added.
    pub is_added: bool,
    /// Whether it asks how many there are in all, and nothing of what was done with them.
    pub is_all: bool,
    /// Whether it asks what is left of something, or what is missing.
    pub is_rest: bool,
    is_stock: bool,
    levels: Vec<&'static str>,
}

impl AskedSort {
    /// The sort of a question that is read.
    pub(super) fn of(question: &Question) -> Self {
        let says = |words: &[&str]| words.iter().any(|word| question.text.contains(word));
        // The 停车 of 停车泊位 is a part of a thing.
        let is_part = |at: usize| question.compounds.iter().any(|pair| pair.words[0] == at);
        let names_verb = |(at, word): (usize, &Word)| {
            word.is_verb() && word.weight > 0.15 && !word.is_operator && !is_part(at)
        };
        let names_verb = question.words.iter().enumerate().any(names_verb);
        let one_amount = question.operators.spans(Operator::Amount).count() < 2;
        let is_change = asks_change(question);
        let levels = LEVELS.iter().copied();
        let is_all = one_amount && says(ALL) && !is_change && !names_verb;
        // 一共 may sum what was done; 共有 speaks of what there is.
        let is_there = is_all && says(&["共有", "总数"]);
        Self {
            is_change,
            is_rate: asks_rate(question),
            is_share: says(SHARES),
            is_added: says(ADDED),
            is_all,
            is_rest: question.amount.is_asked && (says(REST) || asks_undone(&question.text)),
            is_stock: is_there || question.has(Operator::Amount) && question.has(Operator::Stock),
            levels: levels.filter(|word| question.text.contains(word)).collect(),
        }
    }

    /// Whether how much there is is asked for, by a word that is no part of what a text says.
    pub fn is_level_beside(&self, text: &str) -> bool {
        let mut levels = self.levels.iter();
        !self.is_change && (self.is_stock || levels.any(|word| !text.contains(word)))
    }
}
