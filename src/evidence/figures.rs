//! The figures of a clause with what each counts.

use super::clauses::Figure;
use super::text::Texts;
use crate::import::{FigureSpan, UnitWords, figures_of};
use crate::language::{Entry, PartOfSpeech, Thesaurus, Units, segment};
use crate::question::weight;

/// Letters after a figure that still say what it counts (5家 文化 企业).
const ZONE_AFTER: usize = 14;

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
        let figure = |(at, figure): (usize, &FigureSpan)| {
            let mut zone = self.zone(clause, &found, &restricts, at);
            let mut words = self.zone_words(&zone, &figure.quantity.printed);
            // 新增甲5家、达52家: the total says nothing of its own, so it counts what the figure before
            // counts.
            let is_total = at > 0 && words.iter().all(|(word, _)| is_total_word(word));
            if is_total {
                zone = format!("{}{zone}", self.zone(clause, &found, &restricts, at - 1));
                words = self.zone_words(&zone, &figure.quantity.printed);
            }
            Figure {
                kind: self
                    .units
                    .kind(&crate::language::fold(&figure.quantity.unit)),
                zone: texts.add(&zone),
                zone_words: words,
                restricts: restricts[at],
                is_change: !is_total
                    && is_change(&clause[..figure.span.start], &figure.quantity.unit),
                is_total,
                quantity: figure.quantity.clone(),
                span: figure.span.clone(),
            }
        };
        found.iter().enumerate().map(figure).collect()
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
            .take_while(|letter| !"、，,；;".contains(*letter))
            .collect();
        self.thesaurus
            .document(&format!("{}{after}", &clause[from..span.start]))
    }

    fn zone_words(&self, zone: &str, printed: &str) -> Vec<(String, f32)> {
        let letters: Vec<char> = zone.chars().collect();
        let mut words = Vec::new();
        for piece in segment(&letters, &|_: &[char]| Vec::<(usize, Entry)>::new()) {
            let text: String = letters[piece.start..piece.end].iter().collect();
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

/// Words that only say that a figure is the sum.
fn is_total_word(word: &str) -> bool {
    [
        "达", "达到", "总数", "总量", "累计", "共", "突破", "超过", "合计", "总计", "已",
    ]
    .contains(&word)
}

/// Verbs of change and comparison right before a figure, or a unit that only differences have.
fn is_change(before: &str, unit: &str) -> bool {
    const CHANGES: &[&str] = &[
        "提高",
        "上升",
        "提升",
        "增加",
        "增长",
        "新增",
        "净增",
        "扩大",
        "下降",
        "降低",
        "减少",
        "压减",
        "缩减",
        "高出",
        "高",
        "低",
        "高于",
        "低于",
        "回落",
        "收窄",
        "增",
        "降",
        "涨",
        "跌",
        "增幅",
        "降幅",
        "加快",
        "新建",
        "新开工",
        "多",
        "少",
    ];
    const ROUGH: &[&str] = &[
        "约", "近", "超过", "超", "逾", "达", "达到", "了", "为", "至少", "分别", "仅", "同比",
        "到",
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
    CHANGES.iter().any(|word| text.ends_with(word)) || is_new(&tail)
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
