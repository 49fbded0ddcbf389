//! What running text, notes and definitions can be held against: their letters in pairs, by level of context.

use crate::import::UnitWords;
use crate::model::{Book, Fact, Measure, NoteKind, Passage, Plan, Provenance};
use crate::understand::Canonicaliser;
use std::collections::HashMap;

/// The letter pairs and letters of a text, sorted.
#[derive(Debug, Clone, Default)]
pub struct Grams {
    pairs: Vec<u64>,
    letters: Vec<char>,
}

/// A clause and the figures in it.
#[derive(Debug, Clone)]
pub struct Clause {
    /// Verbatim.
    pub text: String,
    /// As it is indexed.
    pub canonical: String,
    /// As it is compared.
    pub grams: Grams,
    /// What the clause behind it may leave out: its words, of a list only what stands behind it (甲、乙等5个项目).
    pub subject: Grams,
    /// The stretch between semicolons that it stands in.
    pub stretch: usize,
    /// Its figures with their subjects.
    pub facts: Vec<(Fact, Grams)>,
}

/// A sentence, a note or a definition.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// Position of its plan in the book.
    pub plan: usize,
    /// Where it stands.
    pub provenance: Provenance,
    /// Its year, where its chapter has one.
    pub year: Option<i32>,
    /// What its chapter reports.
    pub measure: Option<Measure>,
    /// Its text, as it is indexed.
    pub text: String,
    /// The headings and sentences around it, as they are indexed.
    pub context: String,
    /// Whether each stretch has a topic of its own in the item's first sentence: then the others' topics say nothing of it.
    pub has_topics: bool,
    /// The name, of a glossary entry.
    pub name: Option<Grams>,
    /// Its clauses.
    pub clauses: Vec<Clause>,
    /// The stretches between semicolons.
    pub stretches: Vec<Grams>,
    /// The whole.
    pub whole: Grams,
    /// Around it: its item or the sentence that it annotates, its section, its chapter; nearest first.
    pub around: Vec<Grams>,
}

/// All evidence of an edition, in the order of the book.
#[derive(Debug, Clone, Default)]
pub struct Library {
    evidence: Vec<Evidence>,
    spread: HashMap<u64, u32>,
}

impl Grams {
    /// Of canonical text.
    pub fn of(text: &str) -> Self {
        let kept: Vec<char> = symbols(text.chars()).map(|(symbol, _)| symbol).collect();
        let mut pairs: Vec<u64> = kept.windows(2).map(|pair| key(pair[0], pair[1])).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut letters = kept;
        letters.sort_unstable();
        letters.dedup();
        Self { pairs, letters }
    }

    /// Whether two letters stand next to each other.
    pub fn has_pair(&self, first: char, second: char) -> bool {
        self.pairs.binary_search(&key(first, second)).is_ok()
    }

    /// Whether a word's letters stand next to each other, pair by pair.
    pub fn holds(&self, word: &str) -> bool {
        let letters: Vec<char> = word.chars().collect();
        letters
            .windows(2)
            .all(|pair| self.has_pair(pair[0], pair[1]))
            && letters.iter().all(|letter| self.has_letter(*letter))
    }

    /// How many pairs there are.
    pub fn size(&self) -> usize {
        self.pairs.len()
    }

    /// Whether a letter stands in the text.
    pub fn has_letter(&self, letter: char) -> bool {
        self.letters.binary_search(&letter).is_ok()
    }
}

/// Letters as they are compared: a number counts as one letter, so that 15 never stands in 153; quotation marks and
/// brackets do not part words.
pub fn symbols(text: impl Iterator<Item = char>) -> impl Iterator<Item = (char, String)> {
    let mut symbols: Vec<(char, String)> = Vec::new();
    let mut number = String::new();
    for letter in text.chain(['\0']) {
        if letter.is_ascii_digit() || letter == '.' && !number.is_empty() {
            number.push(letter);
            continue;
        }
        if !number.is_empty() {
            symbols.push((
                number_symbol(number.trim_end_matches('.')),
                std::mem::take(&mut number),
            ));
        }
        if letter != '\0' && !"“”‘’（）()《》".contains(letter) {
            symbols.push((letter, letter.to_string()));
        }
    }
    symbols.into_iter()
}

/// A private letter for a number; two numbers may share one, which only makes a wrong candidate likelier.
fn number_symbol(number: &str) -> char {
    const FIRST: u32 = 0xF_0000;
    const COUNT: u32 = 0xFFFE;
    let hash = number.bytes().fold(2_166_136_261_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
    });
    char::from_u32(FIRST + hash % COUNT).unwrap_or('\u{F0000}')
}

/// Whether a letter stands for a number.
pub fn is_number(symbol: char) -> bool {
    u32::from(symbol) >= 0xF_0000
}

fn key(first: char, second: char) -> u64 {
    u64::from(u32::from(first)) << 32 | u64::from(u32::from(second))
}

impl Library {
    /// Collects the evidence of a book.
    pub fn new(book: &Book, canonicaliser: &Canonicaliser, units: &UnitWords) -> Self {
        let mut library = Self::default();
        for (at, plan) in book.plans().iter().enumerate() {
            let shelf = Shelf {
                plan_at: at,
                plan,
                canonicaliser,
                units,
            };
            library
                .evidence
                .extend((0..plan.passages.len()).map(|passage| shelf.passage(passage)));
            library
                .evidence
                .extend((0..plan.notes.len()).map(|note| shelf.note(note)));
            library
                .evidence
                .extend((0..plan.terms.len()).map(|term| shelf.term(term)));
        }
        for evidence in &library.evidence {
            for pair in &evidence.whole.pairs {
                *library.spread.entry(*pair).or_default() += 1;
            }
        }
        library
    }

    /// All evidence.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    /// How much a pair of letters says: the rarer, the more.
    pub fn weight(&self, first: char, second: char) -> f64 {
        let spread = f64::from(self.spread.get(&key(first, second)).copied().unwrap_or(0));
        ((self.evidence.len() as f64 + 1.0) / (spread + 1.0))
            .ln()
            .max(0.2)
    }
}

struct Shelf<'a> {
    plan_at: usize,
    plan: &'a Plan,
    canonicaliser: &'a Canonicaliser,
    units: &'a UnitWords,
}

impl Shelf<'_> {
    fn passage(&self, at: usize) -> Evidence {
        let passage = &self.plan.passages[at];
        let same_item = |other: &&Passage| {
            other.paragraph == passage.paragraph && other.path.item == passage.path.item
        };
        let item: String = self
            .plan
            .passages
            .iter()
            .filter(same_item)
            .map(|other| other.text.as_str())
            .collect();
        let path = &passage.path;
        let around = [path.item.as_str(), &path.section, &path.chapter, &item];
        self.evidence(
            Provenance::Passage(at),
            &passage.text,
            &around,
            (passage.year, passage.measure),
        )
    }

    fn note(&self, at: usize) -> Evidence {
        let note = &self.plan.notes[at];
        let annotated = match note.kind {
            NoteKind::Footnote => note.anchor.clone(),
            _ => self
                .plan
                .tables
                .iter()
                .filter(|table| note.place.starts_with(&table.label))
                .map(|table| table.title.clone())
                .collect(),
        };
        self.evidence(
            Provenance::Note(at),
            &note.text,
            &[&annotated],
            (None, None),
        )
    }

    fn term(&self, at: usize) -> Evidence {
        let term = &self.plan.terms[at];
        self.evidence(
            Provenance::Term(at),
            &format!("{}：{}", term.name, term.definition),
            &[],
            (None, None),
        )
    }

    /// An item that names as many topics (一是甲、乙…) as the sentence has stretches speaks of them in that order.
    fn topics(&self, provenance: Provenance, text: &str) -> Vec<&str> {
        let Provenance::Passage(at) = provenance else {
            return Vec::new();
        };
        let topics: Vec<&str> = self.plan.passages[at].path.item.split('、').collect();
        if topics.len() > 1 && topics.len() == text.split('；').count() {
            topics
        } else {
            Vec::new()
        }
    }

    fn evidence(
        &self,
        provenance: Provenance,
        text: &str,
        around: &[&str],
        (year, measure): (Option<i32>, Option<Measure>),
    ) -> Evidence {
        let of = |text: &str| self.canonicaliser.of(text);
        let mut stretches: Vec<Grams> = Vec::new();
        let mut clauses = Vec::new();
        let topics = self.topics(provenance, text);
        for (stretch, piece) in text.split('；').enumerate() {
            let topic = topics.get(stretch).copied().unwrap_or_default();
            stretches.push(Grams::of(&of(&format!("{topic}，{piece}"))));
            for clause in crate::import::clauses(piece) {
                let facts = crate::import::facts_of(clause, self.units);
                let facts = facts
                    .into_iter()
                    .map(|fact| {
                        let grams = Grams::of(&of(&fact.subject));
                        (fact, grams)
                    })
                    .collect();
                let canonical = of(clause);
                let listed = clause
                    .rsplit_once('、')
                    .map(|(_, last)| last.split_once('等').map_or("", |(_, behind)| behind));
                let subject = Grams::of(&of(listed.unwrap_or(clause)));
                clauses.push(Clause {
                    text: clause.to_string(),
                    subject,
                    grams: Grams::of(&canonical),
                    canonical,
                    stretch,
                    facts,
                });
            }
        }
        let around: Vec<String> = around.iter().map(|text| of(text)).collect();
        let canonical = of(text);
        Evidence {
            plan: self.plan_at,
            provenance,
            year,
            measure,
            name: match provenance {
                Provenance::Term(at) => Some(Grams::of(&of(&self.plan.terms[at].name))),
                _ => None,
            },
            has_topics: !topics.is_empty(),
            whole: Grams::of(&canonical),
            text: canonical,
            context: around.join(" "),
            clauses,
            stretches,
            around: around.iter().map(|text| Grams::of(text)).collect(),
        }
    }
}
