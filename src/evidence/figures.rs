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
            let zone = self.zone(clause, &found, &restricts, at);
            let words = self.zone_words(&zone, &figure.quantity.printed);
            Figure {
                kind: self.units.kind(&crate::language::fold(&figure.quantity.unit)),
                zone: texts.add(&zone),
                zone_words: words,
                restricts: restricts[at],
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
        let from = first.checked_sub(1).map_or(0, |before| found[before].span.end);
        let span = &found[at].span;
        let to = found.get(at + 1).map_or(clause.len(), |next| next.span.start);
        let after: String = clause[span.end..to]
            .chars()
            .take(ZONE_AFTER)
            .take_while(|letter| !"、，,；;".contains(*letter))
            .collect();
        self.thesaurus.document(&format!("{}{after}", &clause[from..span.start]))
    }

    fn zone_words(&self, zone: &str, printed: &str) -> Vec<(String, f32)> {
        let letters: Vec<char> = zone.chars().collect();
        let mut words = Vec::new();
        for piece in segment(&letters, &|_: &[char]| Vec::<(usize, Entry)>::new()) {
            let text: String = letters[piece.start..piece.end].iter().collect();
            let content = piece.part.is_open() && piece.part != PartOfSpeech::Unknown;
            if content && !printed.contains(&text) {
                words.push((text, weight(piece.end - piece.start, piece.part, piece.frequency)));
            }
        }
        words
    }
}

/// 的 after a figure says that it restricts what follows and counts nothing.
fn restricts(after: &str) -> bool {
    ["的", "及以上的", "以上的", "以下的", "以内的"]
        .iter()
        .any(|word| after.starts_with(word))
}
