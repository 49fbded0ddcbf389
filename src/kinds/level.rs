//! How much there is of something is not answered by how fast it grows, nor by what was added to
//! it.

use crate::evidence::ClauseFigure;
use crate::language::{PartOfSpeech, UnitKind, entry, stem};
use crate::question::{Operator, Question, Word, asks_change};
use crate::reply::Asked;

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
/// Verbs that say what there is, or that it is aimed at.
const STANDS: &[&str] = &[
    "有", "达", "突破", "超过", "累计", "稳定", "力争", "争取", "确保", "保持", "预计", "完成",
    "实现", "控制", "跻身", "位居", "占",
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

/// Whether how much there is is asked for, by a word that is no part of what a text says.
pub fn is_asked(question: &Question, text: &str) -> bool {
    let names_level = |word: &&str| question.text.contains(*word) && !text.contains(*word);
    !asks_change(question) && (asks_stock(question) || LEVELS.iter().any(names_level))
}

/// Whether what there is in all is asked for.
fn asks_stock(question: &Question) -> bool {
    question.has(Operator::Amount) && question.has(Operator::Stock)
}

/// Whether a figure is of another sort than the question asks for: an increase for what there is,
/// what there is for an increase, a growth for a share.
pub fn is_other_sort(asked: &Asked<'_>, figure: &ClauseFigure) -> bool {
    let question = asked.question;
    let zone = asked.explainer.canonical(figure.zone);
    let only_adds = figure.is_change && !figure.is_total;
    let is_share = figure.kind == Some(UnitKind::Share);
    if is_asked(question, zone) && (only_adds || is_share) {
        return true;
    }
    let asks_share = SHARES.iter().any(|word| question.text.contains(word));
    if asks_share && only_adds && is_share && !zone.contains(['占', '比', '率']) {
        return true;
    }
    let asks_added = ADDED.iter().any(|word| question.text.contains(word));
    // 高新 names a sort of firm, and nothing new.
    let says_added = figure.is_change || zone.replace("高新", "").contains(['新', '增']);
    if asks_added && question.amount.is_asked && !says_added && says_stock(figure, zone) {
        return true;
    }
    asks_all(question) && !figure.is_total && names_other_act(asked, figure)
}

/// Whether a figure is what has been reached: 达到3万家, 超5.7万家.
fn says_stock(figure: &ClauseFigure, zone: &str) -> bool {
    const REACHED: &[&str] = &["达", "突破", "超", "拥有", "现有", "累计", "总数"];
    let printed = &figure.quantity.printed;
    let says = |word: &&str| zone.contains(*word) || printed.contains(*word);
    REACHED.iter().any(says)
}

/// Whether it is asked how many there are in all, and nothing of what was done with them.
fn asks_all(question: &Question) -> bool {
    let names_verb = |word: &Word| word.is_verb() && word.weight > 0.15 && !word.is_operator;
    let one_amount = question.operators.spans(Operator::Amount).count() < 2;
    one_amount
        && ALL.iter().any(|word| question.text.contains(word))
        && !asks_change(question)
        && !question.words.iter().any(names_verb)
}

/// Whether a figure counts what was done by an act that the question does not name: 改造老旧小区5个 is not
/// how many there are.
fn names_other_act(asked: &Asked<'_>, figure: &ClauseFigure) -> bool {
    let is_verb = |word: &str| {
        entry(word).is_some_and(|entry| entry.part == PartOfSpeech::Verb) && stem(word).is_none()
    };
    let is_act = |word: &str| {
        is_verb(word)
            && !STANDS.iter().any(|stands| word.contains(stands))
            && !asked.question.text.contains(word)
    };
    figure.zone_words.iter().any(|(word, _)| is_act(word))
}
