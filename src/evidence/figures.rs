//! The figures of a clause with what each counts.

use super::clauses::Figure;
use super::parts;
use super::texts::Texts;
use crate::import::{FigureSpan, UnitWords, figures_of};
use crate::language::{
    Entry, PartOfSpeech, Thesaurus, Units, ends_in_change, ends_in_rate, entry, is_rate, segment,
};
use crate::model::Measure;
use crate::question::weight;
use once_cell::sync::Lazy;
use regex::Regex;

/// Letters after a figure that still say what it counts (5家 文化 企业).
const ZONE_AFTER: usize = 14;
/// What 规上 weighs: as much as a noun that tells one name from another.
const WEIGHT_OF_SIZE: f32 = 1.0;

/// A noun of aim or result with the verb that ties it to a figure: 超目标2个百分点 is neither.
static AIM_OR_RESULT: Lazy<Option<Regex>> = Lazy::new(|| {
    Regex::new(concat!(
        r"(?:(?P<aim>计划|目标|预期|力争|确保)|(?P<result>实际|实绩))(?:数|值)?",
        r"(?:为|是|增长|下降|上涨|达到|达|完成)(?:约|近|超过)?$"
    ))
    .ok()
});
/// A figure that belongs to an aim: 未完成6%的年度目标.
static OF_AIM: Lazy<Option<Regex>> = Lazy::new(|| {
    Regex::new(r"^(?:左右|以上|以下|以内)?的(?:年初|年度|全年|预期|计划|既定)*(?:目标|计划|任务)")
        .ok()
});

/// What figures are read with.
#[derive(Clone, Copy)]
pub struct FigureReader<'a> {
    /// The pattern of figures.
    pub pattern: &'a UnitWords,
    /// What units measure.
    pub units: &'a Units,
    /// The field's names.
    pub thesaurus: &'a Thesaurus,
}

impl FigureReader<'_> {
    /// The figures of a verbatim clause.
    pub fn read(&self, clause: &str, texts: &mut Texts) -> Vec<Figure> {
        let found = figures_of(clause, self.pattern);
        let restricts: Vec<bool> = found
            .iter()
            .map(|figure| restricts(&clause[figure.span.end..]))
            .collect();
        let measures: Vec<Option<Measure>> = (0..found.len())
            .map(|at| {
                measure_at(
                    before_figure(clause, &found, at),
                    after_figure(clause, &found, at),
                )
            })
            .collect();
        let figure = |(at, figure): (usize, &FigureSpan)| {
            let before = before_figure(clause, &found, at);
            let own = self.thesaurus.before_figure(after_sign(before));
            let own_words = self.zone_words(&own, &figure.quantity.printed);
            let all = |is: fn(&str) -> bool| own_words.iter().all(|(word, _)| is(word));
            // 新增甲5家、达52家 and 甲完成5亿元、增长3%: what says nothing of its own counts what the figure
            // before counts; and so does the result beside its plan (甲计划增长8%、实际增长3%).
            let is_listed = own_words.is_empty();
            let is_total = at > 0 && !is_listed && all(is_total_word);
            let is_its_change = all(|word| ends_in_change(word) || is_rate(word));
            let is_beside = at > 0 && measures[at].is_some() && measures[at - 1].is_some();
            let mut zone = self.zone(clause, &found, &restricts, at);
            if at > 0 && (is_total || is_its_change || is_beside) {
                let own = if is_beside { zone } else { own };
                zone = format!("{}{own}", self.zone(clause, &found, &restricts, at - 1));
            }
            let mut words = self.zone_words(&zone, &figure.quantity.printed);
            if is_total {
                // How the figure before changed is not what the sum counts.
                words.retain(|(word, _)| {
                    !is_total_word(word) && !ends_in_change(word) && !is_rate(word)
                });
            }
            let adds =
                |at: usize| is_change(&clause[..found[at].span.start], &found[at].quantity.unit);
            // 新增甲5家、乙6家: the verb before the list governs each of its members.
            let first = first_of_list(clause, &found, at);
            let shares_verb = first < at
                && !is_its_change
                && !is_total
                && !self.has_verb(before)
                && self.has_verb(before_figure(clause, &found, first));
            let is_change = adds(at) || at > 0 && is_listed && adds(at - 1);
            words.extend(parts::sizes_of(before).map(|size| (size.to_string(), WEIGHT_OF_SIZE)));
            Figure {
                kind: self
                    .units
                    .kind(&crate::language::fold(&figure.quantity.unit)),
                zone: texts.add(&zone),
                zone_words: words,
                restricts: restricts[at],
                measure: measures[at],
                place: parts::place_of(before),
                is_change: is_change && !is_total,
                shares_verb,
                is_total,
                quantity: figure.quantity.clone(),
                span: figure.span.clone(),
            }
        };
        found.iter().enumerate().map(figure).collect()
    }

    /// Whether a clause says how much there is in all, or how much that changed, and not of what:
    /// 总量达到6万亿元, 下降1.2%.
    pub fn only_sums(&self, clause: &str) -> bool {
        let found = figures_of(clause, self.pattern);
        let Some(first) = found.first() else {
            return false;
        };
        self.is_sum(&clause[..first.span.start], first)
    }

    /// Whether the words before a figure only say that it is a sum, or only that it is a change.
    fn is_sum(&self, before: &str, figure: &FigureSpan) -> bool {
        let before = self.thesaurus.document(before);
        let words = self.zone_words(&before, &figure.quantity.printed);
        let all = |is: fn(&str) -> bool| words.iter().all(|(word, _)| is(word));
        !words.is_empty()
            && (all(is_total_word) || all(|word| ends_in_change(word) || is_rate(word)))
    }

    /// From the figure before, restricting ones passed over, to a little after this one.
    fn zone(&self, clause: &str, found: &[FigureSpan], restricts: &[bool], at: usize) -> String {
        let mut first = at;
        while first > 0 && restricts[first - 1] {
            first -= 1;
        }
        let from = first
            .checked_sub(1)
            .map_or(0, |before| found[before].span.end);
        let span = &found[at].span;
        let to = found
            .get(at + 1)
            .map_or(clause.len(), |next| next.span.start);
        let after: String = clause[span.end..to]
            .chars()
            .take(ZONE_AFTER)
            .take_while(|letter| !"、，,；;（(".contains(*letter))
            .collect();
        let before = self.thesaurus.before_figure(&clause[from..span.start]);
        format!("{before}{}", self.thesaurus.document(&after))
    }

    /// Whether a text says what was done.
    fn has_verb(&self, text: &str) -> bool {
        let letters: Vec<char> = self.thesaurus.document(text).chars().collect();
        segment(&letters, &|_: &[char]| Vec::<(usize, Entry)>::new())
            .iter()
            .any(|piece| piece.part == PartOfSpeech::Verb)
    }

    /// The weighty words of a stretch. What stands in brackets says again what stands before them,
    /// and what stands before 等 are examples of what stands after it: neither narrows what is
    /// counted.
    fn zone_words(&self, zone: &str, printed: &str) -> Vec<(String, f32)> {
        let letters: Vec<char> = without_brackets(zone);
        let mut words: Vec<(String, f32)> = Vec::new();
        for piece in segment(&letters, &|_: &[char]| Vec::<(usize, Entry)>::new()) {
            let text: String = letters[piece.start..piece.end].iter().collect();
            if text == AND_OTHERS && piece.end < letters.len() {
                words.retain(|(word, _)| {
                    entry(word).is_some_and(|entry| entry.part == PartOfSpeech::Verb)
                });
            }
            let content = piece.part.is_open() && piece.part != PartOfSpeech::Unknown;
            if content && !printed.contains(&text) {
                words.push((
                    text,
                    weight(piece.end - piece.start, piece.part, piece.frequency),
                ));
            }
        }
        words
    }
}

/// What ends a list of examples.
const AND_OTHERS: &str = "等";

/// The letters of a text without what stands in brackets after a word.
fn without_brackets(text: &str) -> Vec<char> {
    let letters: Vec<char> = text.chars().collect();
    let mut kept = Vec::with_capacity(letters.len());
    let mut at = 0;
    while at < letters.len() {
        let is_after_word = kept.last().is_some_and(|c: &char| c.is_alphabetic());
        let closes = letters[at..].iter().position(|letter| *letter == ')');
        if letters[at] == '('
            && is_after_word
            && let Some(length) = closes
        {
            at += length + 1;
            continue;
        }
        kept.push(letters[at]);
        at += 1;
    }
    kept
}

/// The first figure of the list with 、 that a figure belongs to: no other sign stands between them.
fn first_of_list(clause: &str, found: &[FigureSpan], at: usize) -> usize {
    let mut first = at;
    while first > 0 {
        let between = &clause[found[first - 1].span.end..found[first].span.start];
        if !between.starts_with('、') || between.contains(['，', ',', '；']) {
            break;
        }
        first -= 1;
    }
    first
}

/// What stands after the last sign of a text.
fn after_sign(text: &str) -> &str {
    text.rsplit(['，', '、', ',']).next().unwrap_or(text)
}

/// What stands between the figure before and a figure.
fn before_figure<'a>(clause: &'a str, found: &[FigureSpan], at: usize) -> &'a str {
    let from = at.checked_sub(1).map_or(0, |before| found[before].span.end);
    clause.get(from..found[at].span.start).unwrap_or_default()
}

/// What stands between a figure and the next one.
fn after_figure<'a>(clause: &'a str, found: &[FigureSpan], at: usize) -> &'a str {
    let to = found
        .get(at + 1)
        .map_or(clause.len(), |next| next.span.start);
    clause.get(found[at].span.end..to).unwrap_or_default()
}

/// Aim or result, where the words right before or after a figure say.
fn measure_at(before: &str, after: &str) -> Option<Measure> {
    let said = AIM_OR_RESULT
        .as_ref()
        .and_then(|said| said.captures(before));
    if let Some(said) = said {
        let is_aim = said.name("aim").is_some();
        return Some(if is_aim {
            Measure::Target
        } else {
            Measure::Actual
        });
    }
    let is_of_aim = OF_AIM.as_ref().is_some_and(|of_aim| of_aim.is_match(after));
    is_of_aim.then_some(Measure::Target)
}

/// Words that only say that a figure is the sum.
fn is_total_word(word: &str) -> bool {
    [
        "达",
        "达到",
        "总数",
        "总量",
        "总额",
        "总规模",
        "累计",
        "共",
        "突破",
        "超过",
        "合计",
        "总计",
        "已",
    ]
    .contains(&word)
}

/// Verbs of change and comparison right before a figure, or a unit that only differences have.
fn is_change(before: &str, unit: &str) -> bool {
    const CHANGES: &[&str] = &[
        "新增",
        "净增",
        "高出",
        "高",
        "低",
        "高于",
        "低于",
        "增",
        "降",
        "涨",
        "跌",
        "新建",
        "新开工",
        "多",
        "少",
    ];
    const ROUGH: &[&str] = &[
        "约",
        "近",
        "超过",
        "超",
        "逾",
        "达",
        "达到",
        "了",
        "为",
        "至少",
        "分别",
        "仅",
        "同比",
        "到",
        "控制在",
        "保持在",
        "稳定在",
    ];
    if unit.contains("百分点") {
        return true;
    }
    let mut text = before.trim_end();
    while let Some(shorter) = ROUGH.iter().find_map(|word| text.strip_suffix(word)) {
        // 提高到, 增加到 reach a level.
        if text.ends_with('到') || text.ends_with('至') {
            return false;
        }
        text = shorter;
    }
    let tail: String = text
        .chars()
        .rev()
        .take(12)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let changes = ends_in_change(text) || CHANGES.iter().any(|word| text.ends_with(word));
    changes || ends_in_rate(text) || is_new(&tail)
}

/// 新 before a verb (新获批, 新认定): what came about, not what there is.
fn is_new(text: &str) -> bool {
    if text.contains("新增") || text.contains("净增") {
        return true;
    }
    let Some((_, after)) = text.rsplit_once('新') else {
        return false;
    };
    let letters: Vec<char> = after.chars().collect();
    let first = segment(&letters, &|_: &[char]| Vec::<(usize, Entry)>::new());
    first.first().is_some_and(|piece| {
        matches!(piece.part, PartOfSpeech::Verb | PartOfSpeech::VerbalNoun)
            && piece.end > piece.start
    })
}

/// 的 after a figure says that it restricts what follows and counts nothing.
fn restricts(after: &str) -> bool {
    ["的", "及以上的", "以上的", "以下的", "以内的"]
        .iter()
        .any(|word| after.starts_with(word))
}
