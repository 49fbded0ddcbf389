//! Every surface that can stand in a question, with what it can mean: built from the lexicon files and the plans.

use super::canonical::Canonicaliser;
use super::intents::{Cue, Pattern, patterns};
use super::lexicon_builder::Builder;
use super::respell::Sounds;
use crate::model::{Book, Finding, IndicatorNature, LexiconRecords};
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::{BTreeSet, HashSet};

/// What a surface can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sense {
    /// A name of an indicator (position in the lexicon's concepts).
    Indicator(usize),
    /// A piece of an indicator's name.
    IndicatorPart(usize),
    /// A name of a term, or of a part of a compound entry.
    Term(usize),
    /// A piece of a term's name.
    TermPart(usize),
    /// A category.
    Category(usize),
    /// 预期性, 约束性.
    Nature(IndicatorNature),
    /// Words that stand in cells (position in the lexicon's values).
    Value(usize),
    /// A table (position in the lexicon's tables).
    Table(usize),
    /// A due phrase: duty and position in its list.
    Due(usize),
    /// A footnote or a remark (position in the lexicon's notes).
    Note(usize),
    /// A name of a plan's region.
    Region,
    /// A word that stands for a group of synonyms: content that must not be cut.
    Word,
    /// A cue.
    Cue(Cue),
}

/// An indicator by name, with every plan that has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorConcept {
    /// The printed name.
    pub name: String,
    /// The name as it is compared.
    pub canonical: String,
    /// Plan and position in it, newest plan first.
    pub members: Vec<(usize, usize)>,
    /// The printed unit.
    pub unit: String,
    /// The figures that stand in its row and in the remarks on it.
    pub figures: BTreeSet<String>,
}

/// A term by name, with every plan that has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermConcept {
    /// The printed name.
    pub name: String,
    /// Plan and position in it, newest plan first.
    pub members: Vec<(usize, usize)>,
}

/// A footnote or a remark by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteConcept {
    /// Where it stands (脚注3).
    pub name: String,
    /// Its plan.
    pub plan: usize,
    /// Its position there.
    pub note: usize,
}

/// A category of indicators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// The printed name.
    pub name: String,
}

/// All surfaces and patterns of an edition.
#[derive(Debug, Clone)]
pub struct Lexicon {
    canonicaliser: Canonicaliser,
    automaton: AhoCorasick,
    surfaces: Vec<(String, Vec<Sense>)>,
    patterns: Vec<Pattern>,
    units: Vec<String>,
    years: BTreeSet<i32>,
    pairs: HashSet<(char, char)>,
    apart: BTreeSet<String>,
    sounds: Sounds,
    /// Indicators by name.
    pub indicators: Vec<IndicatorConcept>,
    /// Terms by name.
    pub terms: Vec<TermConcept>,
    /// Categories.
    pub categories: Vec<Category>,
    /// Words that stand in cells instead of figures.
    pub values: Vec<String>,
    /// Labels of tables.
    pub tables: Vec<String>,
    /// Notes by their numbers.
    pub notes: Vec<NoteConcept>,
    /// Words of due phrases, with duty and position.
    pub dues: Vec<String>,
    /// Words in an indicator's name that mean that less is good.
    pub less_is_good: Vec<String>,
    /// Words by which a text gives a reason.
    pub reason_marks: Vec<String>,
    /// Words by which a text tells what there is.
    pub stock_marks: Vec<String>,
    /// Words by which a text tells what is added.
    pub increase_marks: Vec<String>,
    /// Words by which a question wants what is finished.
    pub done_marks: Vec<String>,
    /// Words by which a text tells of what is begun or under way.
    pub begun_marks: Vec<String>,
    /// Endings that tell of a change, not of a thing.
    pub change_endings: Vec<String>,
    /// Words that lead to a noun without being a part of it: verbs of aims and results, conjunctions, particles.
    pub leading_words: Vec<String>,
}

impl Lexicon {
    /// Builds the lexicon of a book; ambiguities and unreadable entries are findings.
    pub fn build(
        records: &LexiconRecords,
        book: &Book,
    ) -> Result<(Self, Vec<Finding>), aho_corasick::BuildError> {
        let mut findings = Vec::new();
        let mut builder = Builder::new(records);
        builder.cues(records, &mut findings);
        for word in records
            .synonyms
            .iter()
            .filter_map(|group| group.first())
            .chain(&records.apart)
        {
            builder.add(word, Sense::Word);
        }
        for (at, plan) in book.plans().iter().enumerate() {
            builder.plan(at, plan, &records.name_endings, &mut findings);
        }
        let patterns = patterns(&records.intents, &mut findings);
        let surfaces: Vec<(String, Vec<Sense>)> = builder
            .surfaces
            .into_iter()
            .map(|(text, senses)| (text, senses.into_iter().collect()))
            .collect();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(surfaces.iter().map(|(text, _)| text))?;
        let mut sounds = Sounds::new(
            surfaces
                .iter()
                .filter(|(_, senses)| {
                    senses
                        .iter()
                        .any(|sense| is_whole(sense) || *sense == Sense::Word)
                })
                .map(|(text, senses)| {
                    let is_name = senses.iter().any(|sense| {
                        is_whole(sense) && !matches!(sense, Sense::Cue(_) | Sense::Region)
                    });
                    (text.as_str(), is_name)
                }),
        );
        for indicator in book.plans().iter().flat_map(|plan| &plan.indicators) {
            sounds.spell(&super::fold(&indicator.name));
        }
        let years = book
            .plans()
            .iter()
            .flat_map(|plan| {
                [plan.plan_year, plan.executed_year].into_iter().chain(
                    plan.indicators
                        .iter()
                        .flat_map(|i| i.cells.iter().filter_map(|c| c.year)),
                )
            })
            .collect();
        let texts = book.plans().iter().flat_map(|plan| {
            plan.passages
                .iter()
                .map(|p| &p.text)
                .chain(plan.terms.iter().map(|t| &t.definition))
        });
        let mut pairs = HashSet::new();
        for text in texts {
            let letters: Vec<char> = builder.canonicaliser.of(text).chars().collect();
            pairs.extend(letters.windows(2).map(|pair| (pair[0], pair[1])));
        }
        let lexicon = Self {
            automaton,
            surfaces,
            patterns,
            units: records.units.clone(),
            years,
            pairs,
            apart: records
                .apart
                .iter()
                .map(|word| builder.canonicaliser.of(word))
                .collect(),
            sounds,
            indicators: builder.indicators,
            terms: builder.terms,
            categories: builder.categories,
            values: builder.values,
            tables: builder.tables,
            dues: builder.dues,
            notes: builder.notes,
            less_is_good: records.less_is_good.clone(),
            reason_marks: builder.reason_marks,
            stock_marks: builder.stock_marks,
            change_endings: records
                .change_endings
                .iter()
                .map(|ending| builder.canonicaliser.of(ending))
                .collect(),
            leading_words: leading_words(records),
            increase_marks: builder.increase_marks,
            begun_marks: builder.begun_marks,
            done_marks: builder.done_marks,
            canonicaliser: builder.canonicaliser,
        };
        Ok((lexicon, findings))
    }

    /// The rewriter of synonyms.
    pub fn canonicaliser(&self) -> &Canonicaliser {
        &self.canonicaliser
    }

    /// A text as it is compared, without what stands in brackets.
    pub fn as_compared(&self, text: &str) -> String {
        self.canonicaliser
            .of(&super::lexicon_builder::without_brackets(text))
    }

    /// The patterns in order of preference.
    pub(super) fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// The surfaces in a text, longest first from the left, with their senses.
    pub(super) fn find<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = (usize, usize, &'a [Sense])> + 'a {
        self.automaton.find_iter(text).filter_map(move |found| {
            let alone = super::canonical::stands_alone(text, found.start(), found.end());
            alone.then(|| {
                (
                    found.start(),
                    found.end(),
                    self.surfaces[found.pattern().as_usize()].1.as_slice(),
                )
            })
        })
    }

    /// Whether a text is a word of its own, though its letters stand in a longer name.
    pub(super) fn is_apart(&self, text: &str) -> bool {
        self.apart.contains(text)
    }

    /// Whether less of an indicator is good, by the words in its name.
    pub fn less_is_good(&self, indicator: &str) -> bool {
        self.less_is_good
            .iter()
            .any(|word| indicator.contains(word.as_str()))
    }

    /// The years that any plan has figures of.
    pub fn years(&self) -> &BTreeSet<i32> {
        &self.years
    }

    /// Words that count or measure.
    pub fn units(&self) -> &[String] {
        &self.units
    }

    /// Whether two letters stand next to each other anywhere in the book.
    pub(super) fn knows_pair(&self, first: char, second: char) -> bool {
        self.pairs.contains(&(first, second))
    }

    /// How names and cues sound.
    pub(super) fn sounds(&self) -> &Sounds {
        &self.sounds
    }
}

/// Whether a sense means a whole name or a cue that says something.
pub(super) fn is_whole(sense: &Sense) -> bool {
    match sense {
        Sense::IndicatorPart(_) | Sense::TermPart(_) | Sense::Word => false,
        Sense::Cue(cue) => !matches!(
            cue,
            Cue::Filler | Cue::Particle | Cue::Generic | Cue::IndicatorWord | Cue::Separator
        ),
        _ => true,
    }
}

/// The words of the cues that may stand right before a noun.
fn leading_words(records: &LexiconRecords) -> Vec<String> {
    const LEADING: &[Cue] = &[
        Cue::Target,
        Cue::Actual,
        Cue::IncreaseMarks,
        Cue::StockMarks,
        Cue::Separator,
        Cue::Particle,
        Cue::Generic,
        Cue::IndicatorWord,
    ];
    let leads = |key: &str| Cue::from_key(key).is_some_and(|cue| LEADING.contains(&cue));
    records
        .cues
        .iter()
        .filter(|(key, _)| leads(key))
        .flat_map(|(_, words)| words.iter().cloned())
        .collect()
}
