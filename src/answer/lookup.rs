//! Running text held against a question's content: every letter of the content must be explained by the clause, its
//! sentence or what stands around it.

use super::clause_fit::bonus;
use super::evidence::{Clause, Evidence, Grams, Library, is_number, symbols};
use crate::model::{Measure, Provenance};
use crate::understand::ContentPiece;
use std::cmp::Ordering;

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Query<'a> {
    /// The content, in runs.
    pub content: &'a [ContentPiece],
    /// Only these years, where any is named.
    pub years: &'a [i32],
    /// Aims or results, where the question says so.
    pub measure: Option<Measure>,
    /// Aims alone, or results alone, where one of them is asked for and nothing that compares it.
    pub only: Option<Measure>,
    /// Whether a figure is asked for.
    pub figure: bool,
    /// How much may stay unexplained.
    pub strictness: Strictness,
    /// How many amounts are asked for.
    pub amounts: usize,
    /// Counting words behind the amounts.
    pub units: &'a [&'a str],
    /// Only what is done, not what a word means: no glossary entries.
    pub deeds: bool,
    /// Only what defines: glossary entries and notes.
    pub definitions: bool,
    /// What the question counts: the end of the content that stands by the amount; it must stand in the clause.
    pub counted: Option<String>,
    /// Words that lead to a noun without being a part of it.
    pub leading: &'a [String],
    /// Whether what there is is asked for, not what is added.
    pub stock: Option<(&'a [String], &'a [String])>,
    /// Where what is finished is asked for: words that tell of what is begun, and of what is finished.
    pub finished: Option<(&'a [String], &'a [String])>,
    /// Whether a glossary entry answers by its whole text, not by its name only.
    pub whole_entries: bool,
    /// Words of which one must stand in the evidence, where any is given.
    pub marks: &'a [String],
}

/// How much of the content may stay unexplained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// Nothing: for definitions, where one letter makes another word.
    EveryLetter,
    /// Nothing but letters that stand alone in the question: for figures, names and dates.
    EveryWord,
    /// Some: for passages, which are quoted.
    Most,
}

/// Evidence that explains a question.
#[derive(Debug, Clone)]
pub struct Match {
    /// Position in the library.
    pub evidence: usize,
    /// Positions of the clauses that hold the figures; empty when no figure is asked for.
    pub clauses: Vec<usize>,
    /// How near the explaining text stands, from 0 to 1 and a little more for unit and subject.
    pub score: f64,
    /// Runs of content that nothing explains.
    pub unexplained: Vec<String>,
    /// Whether it is good enough to be shown.
    pub accepted: bool,
}

const CLAUSE: f64 = 1.0;
const STRETCH: f64 = 0.9;
const SENTENCE: f64 = 0.8;
pub(super) const AROUND: [f64; 3] = [0.6, 0.5, 0.4];
/// The whole item explains a passage that is quoted; for a figure it is too far.
const ITEM: f64 = 0.6;
const MEASURE: f64 = 0.15;
/// Clauses of one sentence that answer alike are shown together.
const ALIKE: f64 = 0.04;
const MOST_CLAUSES: usize = 3;
const LETTER: f64 = 0.3;
const OPTIONAL: f64 = 0.2;
const LEAST_SCORE: f64 = 0.5;
const MOST_UNEXPLAINED_STRICT: f64 = 0.25;
const MOST_UNEXPLAINED: f64 = 0.38;

/// Holds candidates against the content; best first, ties in the order of the book.
pub fn matches(library: &Library, candidates: &[usize], query: &Query<'_>) -> Vec<Match> {
    let mut ordered = candidates.to_vec();
    ordered.sort_unstable();
    ordered.dedup();
    let weights = Weights::new(library, query.content);
    let mut found: Vec<Match> = ordered
        .iter()
        .filter_map(|at| Some((*at, library.evidence().get(*at)?)))
        .filter(|(_, evidence)| query.fits_in_time(evidence))
        .filter(|(_, evidence)| !query.deeds || !matches!(evidence.provenance, Provenance::Term(_)))
        .filter(|(_, evidence)| {
            !query.definitions || !matches!(evidence.provenance, Provenance::Passage(_))
        })
        .filter(|(_, evidence)| {
            query.marks.is_empty() || query.marks.iter().any(|mark| evidence.text.contains(mark))
        })
        .filter_map(|(at, evidence)| best_clauses(at, evidence, query, &weights))
        .collect();
    found.sort_by(|a, b| {
        let rank = |m: &Match| (m.accepted, m.score);
        rank(b).partial_cmp(&rank(a)).unwrap_or(Ordering::Equal)
    });
    found
}

impl Query<'_> {
    /// A named year wants evidence of that year; a figure without a year does not answer for one, a result is no
    /// aim, and an aim no result.
    fn fits_in_time(&self, evidence: &Evidence) -> bool {
        if self.figure
            && self
                .only
                .zip(evidence.measure)
                .is_some_and(|(only, found)| only != found)
        {
            return false;
        }
        self.years.is_empty()
            || evidence
                .year
                .map_or(!self.figure, |year| self.years.contains(&year))
    }
}

/// The content's letters with their weights.
pub(super) struct Weights {
    pub(super) pieces: Vec<Piece>,
    total: f64,
}

/// A run of the content.
pub(super) struct Piece {
    pub(super) letters: Vec<Letter>,
    before_amount: bool,
}

/// A letter of the content.
pub(super) struct Letter {
    pub(super) symbol: char,
    pub(super) text: String,
    pub(super) optional: bool,
    weight: f64,
}

impl Weights {
    fn new(library: &Library, content: &[ContentPiece]) -> Self {
        let mut total = 0.0;
        let pieces = content
            .iter()
            .map(|piece| {
                let letters: Vec<(char, String)> =
                    symbols(piece.letters.iter().map(|(letter, _)| *letter)).collect();
                let pair = |at: usize| {
                    letters
                        .get(at..at + 2)
                        .map_or(0.0, |pair| library.weight(pair[0].0, pair[1].0))
                };
                let mut from = 0;
                let weighed = letters
                    .iter()
                    .enumerate()
                    .map(|(at, (symbol, text))| {
                        let optional = piece
                            .letters
                            .get(from)
                            .is_some_and(|(_, optional)| *optional);
                        from += text.chars().count();
                        let near = if letters.len() == 1 {
                            1.0
                        } else {
                            pair(at).max(if at > 0 { pair(at - 1) } else { 0.0 })
                        };
                        let weight = if optional { near * OPTIONAL } else { near };
                        total += weight;
                        Letter {
                            symbol: *symbol,
                            text: text.clone(),
                            optional,
                            weight,
                        }
                    })
                    .collect();
                Piece {
                    letters: weighed,
                    before_amount: piece.before_amount,
                }
            })
            .collect();
        Self { pieces, total }
    }
}

fn best_clauses(
    at: usize,
    evidence: &Evidence,
    query: &Query<'_>,
    weights: &Weights,
) -> Option<Match> {
    if !query.figure {
        let named = evidence
            .name
            .as_ref()
            .filter(|_| query.strictness != Strictness::Most && !query.whole_entries);
        let levels = named.map_or_else(|| levels(evidence, None), |name| vec![(CLAUSE, name)]);
        let wished =
            query.measure.is_some() && query.years.is_empty() && evidence.measure == query.measure;
        let bonus = directness(evidence, weights) + if wished { MEASURE } else { 0.0 };
        return Some(judge(at, Vec::new(), &levels, bonus, query, weights));
    }
    let mut good: Vec<(Match, Vec<f64>)> = Vec::new();
    for (position, clause) in evidence
        .clauses
        .iter()
        .enumerate()
        .filter(|(at, clause)| clause.may_answer(&evidence.near(*at), query, weights))
    {
        let levels = levels(evidence, Some(clause));
        let bonus = bonus(evidence, clause, query, weights);
        good.push((
            judge(at, vec![position], &levels, bonus, query, weights),
            values(&levels, weights, false),
        ));
    }
    let rank = |found: &Match| (found.accepted, found.score);
    let best = good
        .iter()
        .enumerate()
        .max_by(|(a, x), (b, y)| {
            rank(&x.0)
                .partial_cmp(&rank(&y.0))
                .unwrap_or(Ordering::Equal)
                .then(b.cmp(a))
        })?
        .0;
    let (mut found, reached) = good[best].clone();
    let first = found.clauses[0];
    let first_hand = |values: &[f64]| {
        values
            .iter()
            .map(|value| *value == CLAUSE)
            .collect::<Vec<_>>()
    };
    for (other, values) in &good {
        let position = other.clauses[0];
        let near = position != first
            && evidence.clauses[position].stretch == evidence.clauses[first].stretch;
        let alike = other.accepted
            && (other.score - found.score).abs() <= ALIKE
            && first_hand(values) == first_hand(&reached);
        if near && alike && found.clauses.len() < MOST_CLAUSES {
            found.clauses.push(position);
        }
    }
    let beside = [first.checked_sub(1), Some(first + 1)];
    for position in beside
        .into_iter()
        .flatten()
        .filter(|position| query.amounts > 1 && !found.clauses.contains(position))
        .collect::<Vec<_>>()
    {
        let Some(clause) = evidence.clauses.get(position) else {
            continue;
        };
        let joins = clause.stretch == evidence.clauses[first].stretch
            && !clause.facts.is_empty()
            && found.clauses.len() < query.amounts;
        if joins && adds(&self::levels(evidence, Some(clause)), &reached, weights) {
            found.clauses.push(position);
        }
    }
    found.clauses.sort_unstable();
    let wished =
        query.measure.is_some() && query.years.is_empty() && evidence.measure == query.measure;
    found.score += if wished { MEASURE } else { 0.0 };
    Some(found)
}

fn levels<'a>(evidence: &'a Evidence, clause: Option<&'a Clause>) -> Vec<(f64, &'a Grams)> {
    let mut levels: Vec<(f64, &Grams)> = Vec::with_capacity(6);
    if let Some(clause) = clause {
        levels.push((CLAUSE, &clause.grams));
        levels.extend(
            evidence
                .stretches
                .get(clause.stretch)
                .map(|grams| (STRETCH, grams)),
        );
        levels.push((SENTENCE, &evidence.whole));
    } else {
        levels.push((CLAUSE, &evidence.whole));
    }
    let passed_over = usize::from(clause.is_some() && evidence.has_topics);
    levels.extend(
        AROUND
            .iter()
            .copied()
            .zip(&evidence.around)
            .skip(passed_over),
    );
    if clause.is_none() {
        levels.extend(evidence.around.get(AROUND.len()).map(|item| (ITEM, item)));
    }
    levels
}

/// For each letter of the content, the nearest level that explains it; leniently, a letter that stands there alone.
fn values(levels: &[(f64, &Grams)], weights: &Weights, lenient: bool) -> Vec<f64> {
    let mut values = Vec::new();
    for Piece { letters: piece, .. } in &weights.pieces {
        for at in 0..piece.len() {
            let explained = |grams: &Grams| {
                let symbol = piece[at].symbol;
                if piece.len() == 1 {
                    return grams.has_letter(symbol);
                }
                let forward = piece
                    .get(at + 1)
                    .is_some_and(|next| grams.has_pair(symbol, next.symbol));
                forward || at > 0 && grams.has_pair(piece[at - 1].symbol, symbol)
            };
            let number = is_number(piece[at].symbol);
            let near = levels
                .iter()
                .filter(|(level, _)| !number || *level >= SENTENCE);
            let alone =
                |grams: &Grams| number && grams.has_letter(piece[at].symbol) && piece.len() <= 2;
            let level = near
                .map(|(level, grams)| (*level, explained(grams) || alone(grams)))
                .find(|(_, found)| *found)
                .map_or(0.0, |(level, _)| level);
            let letter = lenient
                && levels
                    .first()
                    .is_some_and(|(_, grams)| grams.has_letter(piece[at].symbol));
            values.push(if level == 0.0 && letter {
                LETTER
            } else {
                level
            });
        }
    }
    values
}

fn judge(
    at: usize,
    clauses: Vec<usize>,
    levels: &[(f64, &Grams)],
    bonus: f64,
    query: &Query<'_>,
    weights: &Weights,
) -> Match {
    let values = values(levels, weights, query.strictness == Strictness::Most);
    let mut explained = 0.0;
    let mut lost = 0.0;
    let mut inside = false;
    let mut unexplained: Vec<String> = Vec::new();
    let mut position = 0;
    for piece in &weights.pieces {
        let mut run = String::new();
        for (
            at,
            Letter {
                text,
                optional,
                weight,
                ..
            },
        ) in piece.letters.iter().enumerate()
        {
            let value = values[position];
            position += 1;
            explained += value * weight;
            if value == 0.0 && !optional {
                lost += weight;
                inside |= piece.letters.len() > 1
                    && !(piece.before_amount && at + 1 == piece.letters.len());
                run.push_str(text);
            } else if !run.is_empty() {
                unexplained.push(std::mem::take(&mut run));
            }
        }
        if !run.is_empty() {
            unexplained.push(run);
        }
    }
    let total = weights.total.max(f64::EPSILON);
    let (score, lost) = (explained / total, lost / total);
    let figure_lost = unexplained
        .iter()
        .any(|run| run.contains(|c: char| c.is_ascii_digit()));
    let accepted = score >= LEAST_SCORE
        && !figure_lost
        && match query.strictness {
            Strictness::EveryLetter => unexplained.is_empty(),
            Strictness::EveryWord => !inside && lost <= MOST_UNEXPLAINED_STRICT,
            Strictness::Most => lost <= MOST_UNEXPLAINED,
        };
    Match {
        evidence: at,
        clauses,
        score: score + bonus,
        unexplained,
        accepted,
    }
}

/// A little for text that speaks of nothing else, and for text that begins with what is asked.
fn directness(evidence: &Evidence, weights: &Weights) -> f64 {
    let letters: Vec<char> = weights
        .pieces
        .iter()
        .flat_map(|piece| &piece.letters)
        .map(|letter| letter.symbol)
        .collect();
    let shared = |grams: &Grams| {
        letters
            .windows(2)
            .filter(|pair| grams.has_pair(pair[0], pair[1]))
            .count()
    };
    let whole = shared(&evidence.whole);
    let dense = whole as f64 / (evidence.whole.size() as f64).max(1.0);
    let first = evidence
        .clauses
        .first()
        .is_some_and(|clause| whole > 0 && shared(&clause.grams) * 2 >= whole);
    0.3 * dense + if first { 0.1 } else { 0.0 }
}

/// Whether another clause explains at first hand what the chosen one does not.
fn adds(levels: &[(f64, &Grams)], reached: &[f64], weights: &Weights) -> bool {
    let other = values(levels, weights, false);
    let letters = weights.pieces.iter().flat_map(|piece| &piece.letters);
    let gained = letters
        .zip(other.iter().zip(reached))
        .filter(|(_, (now, before))| **now == CLAUSE && **before < CLAUSE)
        .count();
    gained >= 2
}
