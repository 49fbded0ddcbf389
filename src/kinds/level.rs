//! How much there is of something is not answered by how fast it grows, nor by what was added to
//! it.

use crate::evidence::ClauseFigure;
use crate::language::{PartOfSpeech, UnitKind, entry, stem};
use crate::reply::Asked;

/// Verbs that say what there is, or that it is aimed at.
const STANDS: &[&str] = &[
    "有", "达", "突破", "超过", "累计", "稳定", "力争", "争取", "确保", "保持", "预计", "完成",
    "实现", "控制", "跻身", "位居", "占",
];
/// Whether a figure is of another sort than the question asks for: an increase for what there is,
/// what there is for an increase, a growth for a share.
pub fn is_other_sort(asked: &Asked<'_>, figure: &ClauseFigure) -> bool {
    let sort = &asked.question.sort;
    let zone = asked.explainer.canonical(figure.zone);
    let only_adds = figure.is_change && !figure.is_total;
    let is_share = figure.kind == Some(UnitKind::Share);
    let is_of_other = (only_adds || is_share) && sort.is_level_beside(zone);
    if is_of_other || lacks_decrease(&asked.question.text, zone) {
        return true;
    }
    if sort.is_share && only_adds && is_share && !zone.contains(['占', '比', '率']) {
        return true;
    }
    // What was done says nothing of what is left to do.
    if sort.is_rest && !zone.contains(['剩', '余', '缺', '欠', '未', '尚']) {
        return true;
    }
    // 高新 names a sort of firm, and nothing new.
    let says_added = || figure.is_change || zone.replace("高新", "").contains(['新', '增']);
    let asks_added = sort.is_added && asked.question.amount.is_asked;
    if asks_added && !says_added() && says_stock(figure, zone) {
        return true;
    }
    sort.is_all && !figure.is_total && names_other_act(asked, figure)
}

/// Whether a question asks by how much something became less, and a text does not say that it did.
fn lacks_decrease(question: &str, text: &str) -> bool {
    const LESS: &[&str] = &["减少", "下降", "降低", "下跌", "缩减", "萎缩", "下滑"];
    const MORE: &[&str] = &["增", "升", "涨", "提高", "扩大"];
    let says = |words: &[&str]| words.iter().any(|word| question.contains(word));
    let said = ['减', '降', '跌', '缩', '滑', '压', '少', '低'];
    says(LESS) && !says(MORE) && !text.contains(said)
}

/// Whether a figure is what has been reached: 达到3万家, 超5.7万家.
fn says_stock(figure: &ClauseFigure, zone: &str) -> bool {
    const REACHED: &[&str] = &["达", "突破", "超", "拥有", "现有", "累计", "总数"];
    let printed = &figure.quantity.printed;
    let says = |word: &&str| zone.contains(*word) || printed.contains(*word);
    REACHED.iter().any(says)
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
