//! All evidence of an edition, made once from the book: clauses with figures, passages, names.

mod lists;
mod period;
mod shelf;
mod time;

use super::clauses::Clause;
use super::full_text::FullText;
use super::ids::{ClauseId, PassageId, TextId};
use super::names::Names;
use super::passages::PassageText;
use super::texts::Texts;
use crate::import::UnitWords;
use crate::language::{Entry, Thesaurus, Units, segment};
use crate::model::{Book, PlanIx, Provenance};
use shelf::Shelf;
use std::collections::{BTreeMap, BTreeSet};

/// All evidence of an edition.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// Texts, each once.
    pub texts: Texts,
    /// Clauses with figures, in the order of the book.
    pub clauses: Vec<Clause>,
    /// Passages, in the order of the book.
    pub passages: Vec<PassageText>,
    /// Names of tables and glossary.
    pub names: Names,
    /// For each plan all its text as it is compared.
    everything: Vec<FullText>,
    /// The clauses of each sentence, note or definition.
    clauses_of: BTreeMap<(PlanIx, Provenance), Vec<ClauseId>>,
    /// The text of each sentence, note or definition.
    sentences: BTreeMap<(PlanIx, Provenance), TextId>,
}

/// What a library is made with.
#[derive(Clone, Copy)]
pub struct Making<'a> {
    /// The field's names.
    pub thesaurus: &'a Thesaurus,
    /// The pattern of figures.
    pub pattern: &'a UnitWords,
    /// What units measure.
    pub units: &'a Units,
    /// Endings of names that people leave out.
    pub name_endings: &'a [String],
}

impl Library {
    /// Makes the evidence of a book.
    pub fn new(book: &Book, making: Making<'_>) -> Self {
        let mut library = Self {
            names: Names::new(book, making.thesaurus, making.name_endings),
            ..Self::default()
        };
        for (at, plan) in book.numbered() {
            let mut shelf = Shelf {
                at,
                plan,
                making,
                library: &mut library,
                everything: String::new(),
            };
            shelf.body();
            shelf.notes();
            shelf.terms();
            shelf.tables();
            let everything = shelf.everything;
            library.everything.push(FullText::new(&everything));
        }
        library.texts.finish();
        for (at, clause) in library.clauses.iter().enumerate() {
            let place = (clause.plan, clause.provenance);
            library
                .clauses_of
                .entry(place)
                .or_default()
                .push(ClauseId::new(at));
        }
        library
    }

    /// A clause by its number.
    pub fn clause(&self, id: ClauseId) -> &Clause {
        &self.clauses[id.at()]
    }

    /// A passage by its number.
    pub fn passage(&self, id: PassageId) -> &PassageText {
        &self.passages[id.at()]
    }

    /// The clauses with figures of a sentence, a note or a definition.
    pub fn clauses_of(&self, plan: PlanIx, place: Provenance) -> impl Iterator<Item = &Clause> {
        let numbers = self.clauses_of.get(&(plan, place)).into_iter().flatten();
        numbers.map(|id| self.clause(*id))
    }

    /// The text of a sentence, as it is compared.
    pub fn sentence(&self, plan: PlanIx, place: Provenance) -> Option<TextId> {
        self.sentences.get(&(plan, place)).copied()
    }

    /// The texts of all sentences, notes and definitions of some plans.
    pub fn sentences<'a>(&'a self, plans: &'a [PlanIx]) -> impl Iterator<Item = TextId> + 'a {
        let sentences = self.sentences.iter();
        let within = sentences.filter(|((plan, _), _)| plans.contains(plan));
        within.map(|(_, text)| *text)
    }

    /// A text by its number.
    pub fn canonical(&self, text: TextId) -> &str {
        &self.texts.get(text).canonical
    }

    /// The words of two to four letters in all plans that the general dictionary has and that name
    /// or do something.
    pub fn words(&self) -> BTreeSet<String> {
        let mut words = BTreeSet::new();
        for letters in self.everything.iter().flat_map(FullText::lines) {
            for piece in segment(letters, &|_: &[char]| Vec::<(usize, Entry)>::new()) {
                let is_short = (2..=4).contains(&(piece.end - piece.start));
                if is_short && piece.frequency > 0 && piece.part.is_open() {
                    words.insert(letters[piece.start..piece.end].iter().collect());
                }
            }
        }
        words
    }

    /// Whether a canonical text stands in some plans.
    pub fn holds(&self, plans: &[PlanIx], text: &str) -> bool {
        plans
            .iter()
            .filter_map(|plan| self.everything.get(plan.at()))
            .any(|everything| everything.holds(text))
    }
}
