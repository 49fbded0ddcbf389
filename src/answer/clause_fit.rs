//! Whether a clause can hold the figure that is asked for: it counts the same thing in the same kind of unit, and names
//! it as the question does.

use super::evidence::{Clause, Evidence, Grams};
use super::lookup::{AROUND, Letter, Piece, Query, Weights};
use crate::model::Fact;

/// A noun of so few letters that is all of a question is meant as it stands: 医院 is not 三甲医院.
const BARE_LETTERS: usize = 2;
/// For a clause that names the thing that is asked about.
const NAMED: f64 = 0.1;
const STOCK: f64 = 0.12;

/// What a unit measures: an amount of money is no answer to how many.
#[derive(Clone, Copy, PartialEq, Eq)]
enum UnitKind {
    Money,
    Share,
    Area,
    Count,
}

impl UnitKind {
    fn of(unit: &str) -> Self {
        if unit.ends_with('元') || matches!(unit, "钱" | "亿" | "万") {
            Self::Money
        } else if unit.contains(['%', '％']) || unit.ends_with('点') {
            Self::Share
        } else if unit.contains("平方") || unit.ends_with(['亩', '顷']) {
            Self::Area
        } else {
            Self::Count
        }
    }

    fn suits(self, other: Self) -> bool {
        self == other
    }
}

/// The kinds of the units that are asked for; 万 and 亿 are only a size.
fn asked_kinds(query: &Query<'_>) -> impl Iterator<Item = UnitKind> {
    query
        .units
        .iter()
        .filter(|asked| !matches!(**asked, "万" | "亿"))
        .map(|asked| UnitKind::of(asked))
}

impl Clause {
    /// Whether a clause can hold the figure: it has one, it says something of the content itself, and what is counted
    /// stands beside a figure (or is its unit). What is begun is not what is finished.
    pub(super) fn may_answer(&self, near: &[&Grams], query: &Query<'_>, weights: &Weights) -> bool {
        let says = weights
            .pieces
            .iter()
            .any(|piece| match piece.letters.as_slice() {
                [letter] => !letter.optional && self.grams.has_letter(letter.symbol),
                letters => letters.windows(2).any(|pair| {
                    !(pair[0].optional && pair[1].optional)
                        && self.grams.has_pair(pair[0].symbol, pair[1].symbol)
                }),
            });
        let counts = |word: &str| {
            let unit = |fact: &Fact| {
                fact.quantity
                    .unit
                    .chars()
                    .any(|letter| word.contains(letter))
            };
            let letters: Vec<char> = word.chars().collect();
            let ends = [
                letters.get(letters.len().saturating_sub(2)..),
                letters.get(..2),
            ];
            let held = |subject: &Grams| {
                ends.iter()
                    .flatten()
                    .any(|end| subject.holds(&end.iter().collect::<String>()))
            };
            self.facts
                .iter()
                .any(|(fact, subject)| held(subject) || unit(fact))
        };
        let kinds = asked_kinds(query).all(|asked| {
            self.facts
                .iter()
                .any(|(fact, _)| asked.suits(UnitKind::of(&fact.quantity.unit)))
        });
        let same = || {
            weights.pieces.iter().all(|piece| {
                self.holds_compound(
                    piece,
                    near,
                    query.leading,
                    weights.pieces.len() == 1 && query.counted.is_some(),
                )
            })
        };
        let counted = || query.counted.as_deref().is_none_or(counts) || self.names(weights);
        !self.facts.is_empty()
            && !self.tells_of_begun_only(query)
            && says
            && kinds
            && counted()
            && same()
    }

    /// Whether what is finished is asked for and the clause tells of what is begun: one of the marks stands at its head, and
    /// behind no mark of what is finished stands a figure of the kind that is asked for.
    fn tells_of_begun_only(&self, query: &Query<'_>) -> bool {
        let Some((begun, done)) = query.finished else {
            return false;
        };
        if !begun
            .iter()
            .any(|word| self.canonical.starts_with(word.as_str()))
        {
            return false;
        }
        let finished = done
            .iter()
            .filter_map(|word| self.canonical.find(word.as_str()))
            .min();
        let behind = finished
            .and_then(|at| self.canonical.get(at..))
            .unwrap_or_default();
        let suits = |fact: &Fact| {
            asked_kinds(query).all(|asked| asked.suits(UnitKind::of(&fact.quantity.unit)))
        };
        !self
            .facts
            .iter()
            .any(|(fact, _)| behind.contains(fact.quantity.printed.as_str()) && suits(fact))
    }

    /// Whether a noun of the question is not another noun here: where the clause has its end with something else right
    /// before it (营业收入 for 旅游收入), the rest must stand in the clause as well; where nothing stands before it, the rest
    /// must stand near: in the clause before, in the first one, or in a heading.
    fn holds_compound(
        &self,
        piece: &Piece,
        near: &[&Grams],
        leading: &[String],
        alone: bool,
    ) -> bool {
        let letters: Vec<&Letter> = piece
            .letters
            .iter()
            .filter(|letter| !letter.optional)
            .collect();
        let text = |letters: &[&Letter]| {
            letters
                .iter()
                .map(|letter| letter.text.as_str())
                .collect::<String>()
        };
        let held = (0..letters.len().saturating_sub(1)).find_map(|from| {
            let end = text(&letters[from..]);
            self.canonical.contains(&end).then_some((from, end))
        });
        let bare = alone && letters.len() <= BARE_LETTERS;
        let Some((from, end)) = held.filter(|(from, _)| *from > 0 || bare) else {
            return true;
        };
        let rest = &letters[..from];
        let has_rest = |grams: &Grams| match rest {
            [.., first, second] => grams.has_pair(first.symbol, second.symbol),
            [letter] => grams.has_letter(letter.symbol),
            [] => true,
        };
        let same_noun = |(at, end): (usize, &str)| {
            let before = self.canonical.get(..at).unwrap_or_default();
            let behind = self.canonical.get(at + end.len()..).unwrap_or_default();
            let leads = |word: &String| before.ends_with(word.as_str());
            let goes_on = |word: &String| behind.starts_with(word.as_str());
            let begins = !before.ends_with(char::is_alphabetic) || leading.iter().any(leads);
            let figure =
                |(fact, _): &(Fact, Grams)| behind.starts_with(fact.quantity.printed.as_str());
            begins
                && (!bare
                    || self.facts.iter().any(figure)
                    || !behind.starts_with(char::is_alphabetic)
                    || leading.iter().any(goes_on))
        };
        if from == 0 {
            return self.canonical.match_indices(&end).any(same_noun);
        }
        has_rest(&self.grams)
            || near.iter().any(|grams| has_rest(grams))
                && self.canonical.match_indices(&end).any(same_noun)
    }

    /// Whether the longest run of several is here: it names the thing, and a shorter one may be the verb.
    fn names(&self, weights: &Weights) -> bool {
        let longest = weights
            .pieces
            .iter()
            .max_by_key(|piece| piece.letters.len())
            .filter(|_| weights.pieces.len() > 1);
        longest.is_some_and(|piece| {
            let text: String = piece
                .letters
                .iter()
                .map(|letter| letter.text.as_str())
                .collect();
            piece.letters.len() > 2 && self.canonical.contains(&text)
        })
    }
}

impl Evidence {
    /// What an elided subject of a clause can be taken from: the clause before, the first one, the headings.
    pub(super) fn near(&self, clause: usize) -> Vec<&Grams> {
        let before = clause.checked_sub(1).and_then(|at| self.clauses.get(at));
        let first = self.clauses.first().filter(|_| clause > 0);
        let headings = self.around.iter().take(AROUND.len());
        before
            .into_iter()
            .chain(first)
            .map(|clause| &clause.subject)
            .chain(headings)
            .collect()
    }
}

/// A little for the unit that is asked for, and for a subject that says what the question says and no more.
pub(super) fn bonus(
    evidence: &Evidence,
    clause: &Clause,
    query: &Query<'_>,
    weights: &Weights,
) -> f64 {
    let letters: Vec<char> = weights
        .pieces
        .iter()
        .flat_map(|piece| &piece.letters)
        .map(|letter| letter.symbol)
        .collect();
    let pairs = letters.len().saturating_sub(1).max(1) as f64;
    let near = letters
        .windows(2)
        .filter(|pair| clause.grams.has_pair(pair[0], pair[1]))
        .count() as f64
        / pairs;
    let subject = clause
        .facts
        .iter()
        .map(|(_, grams)| {
            let asked = letters
                .windows(2)
                .filter(|pair| grams.has_pair(pair[0], pair[1]))
                .count() as f64;
            asked / (grams.size() as f64).max(1.0)
        })
        .fold(0.0, f64::max);
    let unit = |asked: &&str| match *asked {
        "个" | "项" => 0.0,
        "钱" => {
            if clause
                .facts
                .iter()
                .any(|(fact, _)| fact.quantity.unit.ends_with('元'))
            {
                0.1
            } else {
                -0.1
            }
        }
        asked => {
            if clause
                .facts
                .iter()
                .any(|(fact, _)| fact.quantity.unit.contains(asked))
            {
                0.1
            } else {
                -0.1
            }
        }
    };
    0.2 * subject.min(1.0) * near
        + if clause.names(weights) { NAMED } else { 0.0 }
        + stock(evidence, clause, query)
        + query
            .units
            .iter()
            .map(unit)
            .fold(0.0, f64::max)
            .max(if query.units.is_empty() { 0.0 } else { -0.1 })
}

/// Where what there is is asked for: a little for text that says so, less for text that tells of additions.
fn stock(evidence: &Evidence, clause: &Clause, query: &Query<'_>) -> f64 {
    let Some((holding, adding)) = query.stock else {
        return 0.0;
    };
    let says = |words: &[String], text: &str| words.iter().any(|word| text.contains(word.as_str()));
    if says(adding, &clause.text) {
        -STOCK
    } else if says(
        holding,
        if evidence.year.is_none() {
            &evidence.text
        } else {
            &clause.text
        },
    ) {
        STOCK
    } else {
        0.0
    }
}
