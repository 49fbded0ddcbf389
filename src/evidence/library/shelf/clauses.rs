//! The clauses of a stretch: what each says, of which period, and which texts before it lend it a
//! subject.

use super::super::super::clauses::Clause;
use super::super::super::explainer::Level;
use super::super::super::figures::FigureReader;
use super::super::super::ids::TextId;
use super::super::period::period_of;
use super::super::time::Time;
use super::{Around, Shelf, worth};
use crate::import::clauses;
use crate::language::{Entry, segment};
use crate::question::weight;
use std::sync::Arc;

/// Earlier clauses that may lend a subject.
const CLAUSES_BEFORE: usize = 4;
/// So far back a period is looked for, in bytes: 700 letters, more than the longest sentence of the
/// reports tried here (520).
const PERIOD_REACH: usize = 2_100;

impl Shelf<'_> {
    pub(super) fn clauses_of(
        &mut self,
        stretch: &str,
        sentence: &str,
        levels: &[Level],
        time: &Time,
        around: &Around,
    ) {
        let reader = FigureReader {
            pattern: self.making.pattern,
            units: self.making.units,
            thesaurus: self.making.thesaurus,
        };
        let pieces = with_sums(&reader, stretch);
        let shown: Arc<str> = Arc::from(
            if stretch.is_empty() {
                sentence
            } else {
                stretch
            }
            .trim(),
        );
        let mut before: Vec<TextId> = Vec::new();
        let mut end = 0;
        for piece in &pieces {
            let rest = stretch.get(end..).unwrap_or_default();
            let start = end + rest.find(piece).unwrap_or_default();
            end = start + piece.len();
            let text = self.text(piece);
            let figures = reader.read(piece, &mut self.library.texts);
            if !figures.is_empty() {
                let mut own = vec![Level {
                    text,
                    worth: worth::CLAUSE,
                }];
                let mut value = worth::CLAUSE_BEFORE;
                for earlier in before.iter().rev().take(CLAUSES_BEFORE) {
                    own.push(Level {
                        text: *earlier,
                        worth: value,
                    });
                    value *= worth::FALLS;
                }
                own.extend(levels);
                let own_levels = own.iter().filter(|level| level.worth > 0.57).count();
                let clause_time = time.of_clause(piece, self.plan);
                let is_without_year = clause_time.years.is_empty();
                let verbs = self.verbs(text);
                self.library.clauses.push(Clause {
                    plan: self.at,
                    provenance: around.provenance,
                    verbatim: (*piece).to_string(),
                    stretch: Arc::clone(&shown),
                    text,
                    levels: own,
                    own_levels,
                    figures,
                    years: clause_time.years,
                    measure: clause_time.measure,
                    is_stock: around.is_stock,
                    period: period_of(near(stretch, start), piece)
                        .map(|period| self.making.thesaurus.document(&period))
                        .or_else(|| around.span.clone().filter(|_| is_without_year)),
                    verbs,
                });
            }
            // What an enumeration lists lends no subject to what follows it.
            let lends = self.text(&without_enumeration(piece));
            before.push(lends);
        }
    }

    fn verbs(&self, text: TextId) -> Vec<(String, f32)> {
        use crate::language::PartOfSpeech::Verb;
        let canonical = &self.library.texts.get(text).canonical;
        let letters: Vec<char> = canonical.chars().collect();
        segment(&letters, &|_: &[char]| Vec::<(usize, Entry)>::new())
            .into_iter()
            .filter(|piece| piece.part == Verb)
            .map(|piece| {
                let word: String = letters[piece.start..piece.end].iter().collect();
                let weight = weight(piece.end - piece.start, piece.part, piece.frequency);
                (word, weight)
            })
            .filter(|(word, _)| !"达有共为是到约超".chars().any(|c| word.contains(c)))
            .collect()
    }
}

/// The clauses of a stretch; one that only says the sum (总量达到6万亿元) is one with the clause before
/// it, which says of what.
fn with_sums<'a>(reader: &FigureReader<'_>, stretch: &'a str) -> Vec<&'a str> {
    let mut pieces: Vec<&str> = Vec::new();
    let mut end = 0;
    let mut start_of_last = 0;
    for piece in clauses(stretch) {
        let rest = stretch.get(end..).unwrap_or_default();
        let start = end + rest.find(piece).unwrap_or_default();
        end = start + piece.len();
        if let Some(last) = pieces.last_mut()
            && reader.only_sums(piece)
        {
            *last = stretch.get(start_of_last..end).unwrap_or(piece);
            continue;
        }
        start_of_last = start;
        pieces.push(piece);
    }
    pieces
}

/// What stands before a place, as far back as a period is looked for.
fn near(stretch: &str, end: usize) -> &str {
    let start = stretch.floor_char_boundary(end.saturating_sub(PERIOD_REACH));
    stretch.get(start..end).unwrap_or_default()
}

/// Without what is listed before 等 or 共计.
fn without_enumeration(clause: &str) -> String {
    let Some((listed, rest)) = clause.rsplit_once('、') else {
        return clause.to_string();
    };
    if listed.matches('、').count() < 1 {
        return clause.to_string();
    }
    match rest.split_once('等').or_else(|| rest.split_once("共计")) {
        Some((_, after)) => after.to_string(),
        None => clause.to_string(),
    }
}
