//! The names of the tables and of the glossary, prepared to be held against questions.

use super::ids::TextId;
use super::ids::{NameId, TermNameId};
use crate::language::{Phrases, Thesaurus};
use crate::model::{Book, Plan, PlanIx};
use crate::question::Name;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// A pair of letters that more names have is common.
const COMMON: usize = 512;

/// An indicator under one name in the plans of one region.
#[derive(Debug, Clone)]
pub struct IndicatorName {
    /// As printed in the newest plan that has it.
    pub printed: String,
    /// The region whose plans have it.
    pub region: String,
    /// Its name.
    pub name: Name,
    /// What the plans say that people call it, as it is compared.
    pub aliases: Vec<String>,
    /// Position of the plan and of the indicator in it, newest plan first.
    pub members: Vec<(PlanIx, usize)>,
}

/// A glossary entry with all its names.
#[derive(Debug, Clone)]
pub struct TermName {
    /// Position of its plan in the book.
    pub plan: PlanIx,
    /// Position in the plan's glossary.
    pub term: usize,
    /// The whole name first, then quoted parts and aliases, then words that the definition itself
    /// explains.
    pub names: Vec<Name>,
    /// How many of the names are the entry's own.
    pub own: usize,
    /// The definition, as it is compared; set by the library.
    pub definition: Option<TextId>,
}

/// All names of a book.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Indicators, newest plan first.
    pub indicators: Vec<IndicatorName>,
    /// Glossary entries.
    pub terms: Vec<TermName>,
    /// Categories of the tables with their plan, each once a plan.
    pub categories: Vec<(PlanIx, String, Name)>,
    /// Values in words (高于全市平均水平) with their plan, without brackets, each once a plan.
    pub values: Vec<(PlanIx, String, Name)>,
    /// For each pair of letters the indicators whose names or aliases have it.
    pairs: HashMap<(char, char), Vec<u32>>,
    /// Names and aliases of three letters and more, to be found in a question at once.
    surfaces: Phrases,
}

impl Names {
    /// Collects the names of a book.
    pub fn new(book: &Book, thesaurus: &Thesaurus, endings: &[String]) -> Self {
        let mut printed: Vec<String> = Vec::new();
        for plan in book.plans() {
            printed.extend(plan.indicators.iter().map(|i| thesaurus.document(&i.name)));
            printed.extend(plan.terms.iter().map(|t| thesaurus.document(&t.name)));
        }
        printed.sort();
        printed.dedup();
        let spread = Spread::of(&printed);
        let rarity = |letter: char| spread.rarity(letter);
        let mut names = Self::default();
        let mut known: BTreeMap<(String, String), usize> = BTreeMap::new();
        for (plan_at, plan) in book.numbered() {
            for (at, indicator) in plan.indicators.iter().enumerate() {
                let canonical = thesaurus.document(&indicator.name);
                let key = (plan.region.clone(), canonical.clone());
                let found = *known.entry(key).or_insert_with(|| {
                    names.indicators.push(IndicatorName {
                        printed: indicator.name.clone(),
                        region: plan.region.clone(),
                        name: Name::new(&canonical, &rarity, endings),
                        aliases: Vec::new(),
                        members: Vec::new(),
                    });
                    names.indicators.len() - 1
                });
                let entry = &mut names.indicators[found];
                entry.members.push((plan_at, at));
                let said = plan
                    .synonyms
                    .iter()
                    .filter(|(name, _)| *name == indicator.name);
                for alias in said.flat_map(|(_, words)| words) {
                    let alias = thesaurus.document(alias);
                    if !entry.aliases.contains(&alias) {
                        entry.aliases.push(alias);
                    }
                }
            }
            names.add_terms(book, plan_at, thesaurus, &rarity);
            names.add_values(plan_at, plan, thesaurus);
            for category in plan.categories() {
                let canonical = thesaurus.document(category);
                let name = Name::new(&canonical, &|_| 1.0, &[]);
                names.categories.push((plan_at, category.to_string(), name));
            }
        }
        names.index();
        names
    }

    fn add_terms(
        &mut self,
        book: &Book,
        plan_at: PlanIx,
        thesaurus: &Thesaurus,
        rarity: &dyn Fn(char) -> f32,
    ) {
        let Some(plan) = book.plan(plan_at) else {
            return;
        };
        for (at, term) in plan.terms.iter().enumerate() {
            let mut own = vec![thesaurus.document(&term.name)];
            own.extend(quoted(&term.name).map(|part| thesaurus.document(part)));
            let said = plan.synonyms.iter().filter(|(name, _)| *name == term.name);
            own.extend(
                said.flat_map(|(_, words)| words)
                    .map(|word| thesaurus.document(word)),
            );
            own.retain(|name| name.chars().count() >= 2);
            let inner: Vec<String> = defined_inside(&term.definition)
                .map(|word| thesaurus.document(word))
                .filter(|word| word.chars().count() >= 2 && !own.contains(word))
                .collect();
            let count = own.len();
            let names = own
                .iter()
                .chain(&inner)
                .map(|name| Name::new(name, rarity, &[]));
            self.terms.push(TermName {
                plan: plan_at,
                term: at,
                names: names.collect(),
                own: count,
                definition: None,
            });
        }
    }

    fn add_values(&mut self, plan_at: PlanIx, plan: &Plan, thesaurus: &Thesaurus) {
        let mut seen = BTreeSet::new();
        for cell in plan
            .indicators
            .iter()
            .flat_map(|indicator| &indicator.cells)
        {
            if cell.quantity.value.is_some() || cell.quantity.is_unpublished() {
                continue;
            }
            let printed = cell.quantity.printed.trim_matches(['（', '）', '(', ')']);
            let canonical = thesaurus.document(printed);
            if canonical.chars().count() >= 2 && seen.insert(canonical.clone()) {
                let name = Name::new(&canonical, &|_| 1.0, &[]);
                self.values.push((plan_at, printed.to_string(), name));
            }
        }
    }

    fn index(&mut self) {
        let mut surfaces: BTreeSet<String> = BTreeSet::new();
        for (at, indicator) in self.indicators.iter().enumerate() {
            let texts = std::iter::once(&indicator.name.text).chain(&indicator.aliases);
            let mut pairs: BTreeSet<(char, char)> = BTreeSet::new();
            for text in texts {
                let letters: Vec<char> = text.chars().collect();
                pairs.extend(letters.windows(2).map(|two| (two[0], two[1])));
                // Abbreviations of two neighbouring words: their letters stand near each other.
                for gap in 2..5 {
                    pairs.extend(letters.windows(gap + 1).map(|run| (run[0], run[gap])));
                }
                if letters.len() >= 3 {
                    surfaces.insert(text.clone());
                }
            }
            for pair in pairs {
                self.pairs.entry(pair).or_default().push(at as u32);
            }
        }
        for term in &self.terms {
            for name in &term.names {
                if name.letters.len() >= 3 {
                    surfaces.insert(name.text.clone());
                }
            }
        }
        self.surfaces = Phrases::new(&surfaces);
    }

    /// A name of an indicator by its number.
    pub fn indicator(&self, id: NameId) -> &IndicatorName {
        &self.indicators[id.at()]
    }

    /// A name of a glossary entry by its number.
    pub fn term(&self, id: TermNameId) -> &TermName {
        &self.terms[id.at()]
    }

    /// The names of glossary entries with their numbers.
    pub fn numbered_terms(&self) -> impl Iterator<Item = (TermNameId, &TermName)> {
        let terms = self.terms.iter().enumerate();
        terms.map(|(at, term)| (TermNameId::new(at), term))
    }

    /// Indicators that share a pair of letters with a question or with what it may mean, most pairs
    /// first.
    pub fn near(&self, question: &str, meanings: &[&str], most: usize) -> Vec<NameId> {
        let mut found: Vec<&Vec<u32>> = Vec::new();
        for text in std::iter::once(&question).chain(meanings) {
            let letters: Vec<char> = text.chars().collect();
            let pairs = letters
                .windows(2)
                .filter_map(|two| self.pairs.get(&(two[0], two[1])));
            found.extend(pairs);
        }
        // What nearly every name has tells none from the others.
        if found.iter().any(|names| names.len() <= COMMON) {
            found.retain(|names| names.len() <= COMMON);
        }
        let mut counts: HashMap<u32, u32> = HashMap::new();
        for at in found.into_iter().flatten() {
            *counts.entry(*at).or_default() += 1;
        }
        let mut near: Vec<(u32, u32)> = counts.into_iter().collect();
        near.sort_by_key(|(at, count)| (std::cmp::Reverse(*count), *at));
        near.truncate(most);
        near.into_iter()
            .map(|(at, _)| NameId::new(at as usize))
            .collect()
    }

    /// Where names, or four and more letters of a name, stand in a question.
    pub fn inside(&self, question: &str) -> Vec<Range<usize>> {
        let letters: Vec<char> = question.chars().collect();
        let found = self.surfaces.all(&letters);
        let mut spans: Vec<Range<usize>> = found.map(|found| found.span).collect();
        for at in self.near(question, &[], 24) {
            let name = &self.indicator(at).name.letters;
            spans.extend(blocks(&letters, name, 4));
        }
        spans
    }
}

/// Blocks of at least some letters that two texts share, as spans of the first.
fn blocks(letters: &[char], name: &[char], least: usize) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    for start in 0..letters.len() {
        for from in 0..name.len() {
            let begins_here = start == 0 || from == 0 || letters[start - 1] != name[from - 1];
            if !begins_here {
                continue;
            }
            let length = letters[start..]
                .iter()
                .zip(&name[from..])
                .take_while(|(one, other)| one == other)
                .count();
            if length >= least {
                spans.push(start..start + length);
            }
        }
    }
    spans
}

/// How many names of a book have each letter.
struct Spread {
    counts: HashMap<char, u32>,
    names: f32,
}

impl Spread {
    fn of(names: &[String]) -> Self {
        let mut counts: HashMap<char, u32> = HashMap::new();
        for name in names {
            let letters: BTreeSet<char> = name.chars().collect();
            for letter in letters {
                *counts.entry(letter).or_default() += 1;
            }
        }
        Self {
            counts,
            names: names.len().max(1) as f32,
        }
    }

    fn rarity(&self, letter: char) -> f32 {
        let count = self.counts.get(&letter).copied().unwrap_or(1).max(1) as f32;
        (1.0 + self.names / count).ln()
    }
}

/// What stands in quotation marks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('“')
        .skip(1)
        .filter_map(|part| part.split_once('”'))
        .map(|(inner, _)| inner)
}

/// Words that a definition explains itself: “一核”即…, “…”是指….
fn defined_inside(definition: &str) -> impl Iterator<Item = &str> {
    definition.split('“').skip(1).filter_map(|part| {
        let (word, after) = part.split_once('”')?;
        let explains = ["是指", "指", "即", "：", "为"]
            .iter()
            .any(|w| after.starts_with(w));
        (explains && (2..=10).contains(&word.chars().count())).then_some(word)
    })
}
