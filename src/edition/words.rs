//! The words of an edition: the field's thesaurus, units, the pattern of figures, how names sound.

use crate::evidence::Library;
use crate::import::UnitWords;
use crate::language::{
    Concept, Entry, PartOfSpeech, Sounds, Thesaurus, UnitKind, Units, entry, everyday_words,
    segment,
};
use crate::model::{Book, CellRecord, ConceptRecord, Finding, LexiconRecords, PlanRecords};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The words of an edition.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// The field's names.
    pub thesaurus: Thesaurus,
    /// What units measure.
    pub units: Units,
    /// The pattern of figures in running text.
    pub figures: UnitWords,
    /// How names sound.
    pub sounds: Sounds,
    /// Endings of names that people leave out.
    pub name_endings: Vec<String>,
    /// The words of the names of tables and what the plans put into quotation marks, by the first
    /// letter.
    own: BTreeMap<char, Vec<(Vec<char>, Entry)>>,
}

/// A word of a plan's own names is as usual in a question about the plan as a very usual word.
const NAME_FREQUENCY: u32 = 20_000;
/// What a plan puts into quotation marks is a rare word, and yet a word (“一老一小”).
const QUOTED_FREQUENCY: u32 = 2_000;
/// Longer quotations are sentences, in letters.
const LONGEST_QUOTED: usize = 8;

impl Words {
    /// Compiles the rows of the data files; what is wrong with them are findings.
    pub fn new(records: &LexiconRecords) -> (Self, Vec<Finding>) {
        let mut findings = doubled(&records.concepts);
        let concepts: Vec<Concept> = records.concepts.iter().map(concept).collect();
        let mut kinds = |table: &[(String, Vec<String>)], key: &str| {
            let mut known = Vec::new();
            for (kind, words) in table {
                match UnitKind::from_key(kind) {
                    Some(kind) => known.push((kind, words.clone())),
                    None => findings.push(Finding::error(
                        "lexicon/measures.toml",
                        key,
                        format!("不认识“{kind}”；请改用 money、share、area 等已有的类别。"),
                    )),
                }
            }
            known
        };
        let units = kinds(&records.units, "units");
        let nouns = kinds(&records.measured_nouns, "nouns");
        let dimensions = kinds(&records.dimensions, "dimensions");
        let all: Vec<String> = units.iter().flat_map(|(_, words)| words.clone()).collect();
        let words = Self {
            thesaurus: Thesaurus::new(&concepts),
            units: Units::new(&units, &nouns, &dimensions),
            figures: UnitWords::new(&all),
            sounds: Sounds::default(),
            name_endings: records.name_endings.clone(),
            own: BTreeMap::new(),
        };
        (words, findings)
    }

    /// With the words of the plans of a book, and with how their names sound.
    pub fn with_names_of(self, book: &Book, library: &Library) -> Self {
        let indicators = library
            .names
            .indicators
            .iter()
            .flat_map(|name| std::iter::once(&name.name.text).chain(&name.aliases));
        let terms = library
            .names
            .terms
            .iter()
            .flat_map(|term| term.names.iter().map(|name| &name.text));
        let names = indicators.chain(terms).map(String::as_str);
        let words = library.words();
        let sounds = Sounds::new(names).with_words(words.iter().map(String::as_str));
        // Names before quotations: a word that is both keeps the frequency of a name.
        let mut own = OwnWordList::default();
        own.add_names(library);
        own.add_quoted(book, &self.thesaurus);
        let own = own.by_letter;
        Self {
            sounds,
            own,
            ..self
        }
    }

    /// Words that some letters begin with: those of the plans of the edition, and those of every
    /// day.
    pub fn own_words(&self, letters: &[char]) -> Vec<(usize, Entry)> {
        let of_plans = letters.first().and_then(|first| self.own.get(first));
        let of_plans = of_plans.into_iter().flatten();
        let begins = of_plans.filter(|(word, _)| letters.starts_with(word));
        let begins = begins.map(|(word, entry)| (word.len(), *entry));
        everyday_words(letters).chain(begins).collect()
    }
}

/// The own words of plans while they are collected.
#[derive(Default)]
struct OwnWordList {
    known: HashSet<Vec<char>>,
    by_letter: BTreeMap<char, Vec<(Vec<char>, Entry)>>,
}

impl OwnWordList {
    fn add(&mut self, word: &[char], entry: Entry) {
        let Some(first) = word.first() else { return };
        if self.known.insert(word.to_vec()) {
            let words = self.by_letter.entry(*first).or_default();
            words.push((word.to_vec(), entry));
        }
    }

    /// Words of two letters and more that the names of indicators are made of.
    fn add_names(&mut self, library: &Library) {
        for name in &library.names.indicators {
            let letters = &name.name.letters;
            // By the general dictionary alone: the own words are only being collected here.
            for piece in segment(letters, &|_: &[char]| Vec::new()) {
                let word = &letters[piece.start..piece.end];
                // Single letters and 的 or 和 are no words of a plan, though its names hold them.
                if word.len() < 2 || !piece.part.is_open() {
                    continue;
                }
                let text: String = word.iter().collect();
                let entry = Entry {
                    frequency: NAME_FREQUENCY,
                    part: entry(&text).map_or(PartOfSpeech::Noun, |entry| entry.part),
                };
                self.add(word, entry);
            }
        }
    }

    /// What the plans put into quotation marks and no dictionary has.
    fn add_quoted(&mut self, book: &Book, thesaurus: &Thesaurus) {
        for plan in book.plans() {
            let passages = plan.passages.iter().map(|passage| &passage.text);
            let notes = plan.notes.iter().map(|note| &note.text);
            let definitions = plan.terms.iter().map(|term| &term.definition);
            for text in passages.chain(notes).chain(definitions) {
                for quoted in quotations(text) {
                    let word: Vec<char> = thesaurus.document(quoted).chars().collect();
                    let text: String = word.iter().collect();
                    let is_word = (2..=LONGEST_QUOTED).contains(&word.len())
                        && word.iter().all(|letter| letter.is_alphanumeric())
                        // What begins with a Latin letter is cut out by its script anyhow.
                        && !word[0].is_ascii()
                        && entry(&text).is_none();
                    if is_word {
                        let entry = Entry {
                            frequency: QUOTED_FREQUENCY,
                            part: PartOfSpeech::OtherName,
                        };
                        self.add(&word, entry);
                    }
                }
            }
        }
    }
}

/// What stands between quotation marks.
fn quotations(text: &str) -> impl Iterator<Item = &str> {
    let after_mark = text.split('“').skip(1);
    after_mark.filter_map(|part| Some(part.split_once('”')?.0))
}

fn concept(record: &ConceptRecord) -> Concept {
    Concept {
        name: record.name.clone(),
        same: record.same.clone(),
        said: record.said.clone(),
        units: record.units.clone(),
        less_is_good: record.less_is_good,
        parts: record.parts.clone(),
        with_figure: record.with_figure.clone(),
        members: record.members.clone(),
    }
}

/// What is wrong with what people say for a plan's names: a name that the plan has not, a saying of
/// two things.
pub(crate) fn sayings(records: &PlanRecords, thesaurus: &Thesaurus) -> Vec<Finding> {
    let file = format!("plans/{}/synonyms.toml", records.header.id);
    let indicators = records.cells.iter().map(CellRecord::indicator_name);
    let printed = records.cells.iter().map(|cell| cell.indicator.as_str());
    let terms = records.glossary.iter().map(|entry| entry.name.as_str());
    let printed = printed.chain(terms).map(Cow::Borrowed);
    let printed: BTreeSet<Cow<'_, str>> = indicators.chain(printed).collect();
    let mut means: BTreeMap<String, &str> = BTreeMap::new();
    for name in &printed {
        means.insert(thesaurus.document(name), name);
    }
    let mut findings = Vec::new();
    for (name, words) in &records.synonyms {
        if !printed.contains(name.as_str()) {
            // A misspelt name would stand for nothing, and nobody would notice.
            let advice = "计划里没有这个指标或名词；左边请照抄原文的名称。";
            findings.push(Finding::error(&file, name, advice));
            continue;
        }
        for word in words {
            let other = means.insert(thesaurus.document(word), name);
            // The same saying twice for one name is only written twice.
            if let Some(other) = other.filter(|other| other != name) {
                let advice =
                    format!("“{word}”已经是“{other}”的叫法；一个叫法只能属于一项，请换一个。");
                findings.push(Finding::error(&file, name, advice));
            }
        }
    }
    findings
}

/// A word that stands for two things stands for neither.
fn doubled(concepts: &[ConceptRecord]) -> Vec<Finding> {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    let mut findings = Vec::new();
    for concept in concepts {
        for word in std::iter::once(&concept.name).chain(&concept.same) {
            let other = known.insert(word, &concept.name);
            if let Some(other) = other {
                findings.push(Finding::error(
                    "lexicon/field.toml",
                    word,
                    format!(
                        "“{word}”同时写在“{other}”和“{}”里；请只留一处。",
                        concept.name
                    ),
                ));
            }
        }
    }
    findings
}
