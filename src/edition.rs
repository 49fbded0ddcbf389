//! One immutable edition: book, words, evidence and index, built whole, checked, then used.
//!
//! A question takes the current edition once and keeps it. A bad new edition never replaces a good
//! old one.

mod changes;
mod generations;
mod indexing;
mod sealed;
mod touching;
mod whole_words;
mod words;

pub(crate) use changes::{AnsweredOtherwise, AskedAt};
pub(crate) use touching::NameTrial;
pub(crate) use words::Words;

use crate::evidence::index::{EntryKind, FORMAT, SearchError};
use crate::evidence::{ClauseId, Library, Making, PassageId};
use crate::files::{self, DataFiles};
use crate::import::{assemble, beyond_limits, overlong_name};
use crate::kinds;
use crate::model::{Book, Finding, Provenance, Severity, Unit};
use crate::question::{OperatorSet, Operators, Question, Reader, Scope};
use crate::reply::{Desk, Fault, Nearest, Outcome, Ranked, Refusal, Reply, Weights};
use crate::schedule::{Agenda, Policy, WorkCalendar, unread_phrases};
use chrono::NaiveDate;
use indexing::Indexing;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Where an edition's index is kept.
#[derive(Debug, Clone)]
pub enum IndexPlace {
    /// In this directory, one generation below it for each edition.
    Directory(PathBuf),
    /// In memory, for tests.
    Memory,
}

/// Why there is no edition.
#[derive(Debug, Error)]
pub enum EditionError {
    /// The data have errors.
    #[error("数据有 {} 处错误", .0.iter().filter(|f| f.severity == Severity::Error).count())]
    Data(Vec<Finding>),
    /// The index could not be built.
    #[error("{0}；请检查内存是否够用，然后重试")]
    Search(#[from] SearchError),
    /// The disk refused.
    #[error("无法写入 {path}（{source}）；请检查磁盘空间和权限")]
    Disk {
        /// What was written.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The machine has no threads to give in which it would be asked.
    #[error("系统不给程序线程（{0}）；请看看线程数的上限，或稍后重试")]
    Threads(#[source] io::Error),
    /// What is kept beside it does not go with it.
    #[error("{0}")]
    State(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// How a question is asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Circumstances<'a> {
    /// The day as of which 今年, 去年 and due days are meant.
    pub today: NaiveDate,
    /// The region whose chat it is asked in, where the chat has one.
    pub home: Option<&'a str>,
    /// What was shown already: only other passages are an answer then.
    pub shown: &'a [Provenance],
    /// Operators whose words are taken for plain letters: to see what each is good for.
    pub deaf_to: OperatorSet,
}

/// Everything that answers a question.
pub struct Edition {
    /// The name: a digest of the data and of the index's form.
    pub id: String,
    /// The plans.
    pub book: Book,
    /// The thesaurus, units and sounds, compiled.
    pub words: Words,
    /// Working days.
    pub calendar: WorkCalendar,
    /// Who must report.
    pub units: Vec<Unit>,
    /// The evidence.
    pub library: Library,
    indexing: Indexing,
    /// What was found in the data that is no error.
    pub findings: Vec<Finding>,
}

/// Some of each plan, not all: it is asked before every swap, and an index that answers three of a
/// kind by their printed names is whole, since its digest is checked as well.
const SELF_CHECKS: usize = 3;

/// The name of the edition that the data would give.
pub(crate) fn edition_id(data: &DataFiles) -> String {
    let mut hasher = Sha256::new();
    // The version too: another program may cut and weigh the same data otherwise.
    hasher.update(FORMAT.to_le_bytes());
    hasher.update(env!("CARGO_PKG_VERSION"));
    hasher.update(&data.digest);
    hex::encode(&hasher.finalize()[..8])
}

/// Joins and checks data without an index: what `planbot check` shows.
pub fn check(data: &DataFiles) -> Vec<Finding> {
    match parts(data) {
        Ok((book, _, _, mut findings)) => {
            findings.extend(unread_phrases(&book));
            findings
        }
        Err(EditionError::Data(findings)) => findings,
        Err(other) => vec![Finding::error("", "", other.to_string())],
    }
}

/// The plans alone, or what is wrong with them.
pub(crate) fn book(data: &DataFiles) -> Result<Book, EditionError> {
    parts(data).map(|(book, ..)| book)
}

type Parts = (Book, Words, Library, Vec<Finding>);

fn parts(data: &DataFiles) -> Result<Parts, EditionError> {
    let mut findings = data.findings.clone();
    // Before anything is compiled of them: the patterns of names grow with their length.
    let overlong = overlong_names(data);
    if !overlong.is_empty() {
        findings.extend(overlong);
        return Err(EditionError::Data(findings));
    }
    let (words, found) = Words::new(&data.lexicon);
    findings.extend(found);
    let mut plans = Vec::new();
    for records in &data.plans {
        let beyond = beyond_limits(records);
        if !beyond.is_empty() {
            findings.extend(beyond);
            // The plan is not made, but the others are: whoever mends the data hears of all faults
            // at once.
            continue;
        }
        let (plan, found) = assemble(records, &words.figures);
        findings.extend(found);
        findings.extend(words::sayings(records, &words.thesaurus));
        plans.push(plan);
    }
    let book = Book::new(plans);
    if findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        return Err(EditionError::Data(findings));
    }
    let making = Making {
        thesaurus: &words.thesaurus,
        pattern: &words.figures,
        units: &words.units,
        name_endings: &words.name_endings,
    };
    // Only now: evidence is cut with the words of the lexicon, and the plans' own words are found
    // in the evidence.
    let library = Library::new(&book, making);
    let words = words.with_names_of(&book, &library);
    Ok((book, words, library, findings))
}

/// Names of the lexicon and of units that are longer than any.
fn overlong_names(data: &DataFiles) -> Vec<Finding> {
    let concepts = data.lexicon.concepts.iter().flat_map(|concept| {
        let lists = [&concept.same, &concept.said, &concept.units, &concept.parts];
        std::iter::once(&concept.name).chain(lists.into_iter().flatten())
    });
    let measures = data
        .lexicon
        .units
        .iter()
        .chain(&data.lexicon.measured_nouns);
    let measures = measures.flat_map(|(_, words)| words);
    let units = data.units.iter();
    let units = units.flat_map(|unit| std::iter::once(&unit.name).chain(&unit.aliases));
    let lexicon = concepts.map(|name| ("lexicon/field.toml", name));
    lexicon
        .chain(measures.map(|name| ("lexicon/measures.toml", name)))
        .chain(units.map(|name| ("units.toml", name)))
        .filter_map(|(file, name)| overlong_name(file, name))
        .collect()
}

impl Edition {
    /// Builds an edition from data that were read; an index that is there for the same data is
    /// opened, not built.
    pub fn build(data: &DataFiles, place: &IndexPlace) -> Result<Self, EditionError> {
        let (book, words, library, mut findings) = parts(data)?;
        let id = edition_id(data);
        let (indexing, found) = Indexing::begin(place, &id, &library)?;
        findings.extend(found);
        let calendar = WorkCalendar::new(data.calendars.iter().cloned());
        let edition = Self {
            id,
            book,
            words,
            calendar,
            units: data.units.clone(),
            library,
            indexing,
            findings,
        };
        // Before anybody is given it: what cannot answer its own names would refuse everything.
        edition.check_itself()?;
        Ok(edition)
    }

    /// Reads a data directory and builds its edition.
    pub fn load(data: &Path, place: &IndexPlace) -> Result<Self, EditionError> {
        Self::build(&files::read_data(data), place)
    }

    /// A text as questions and documents are compared.
    pub fn as_compared(&self, text: &str) -> String {
        self.words.thesaurus.document(text)
    }

    /// Answers a question as of a day.
    pub fn reply(&self, question: &str, today: NaiveDate) -> Outcome {
        self.reply_in(
            question,
            Circumstances {
                today,
                ..Circumstances::default()
            },
        )
    }

    /// Answers a question as it is asked: on a day, in a place's own chat, beyond what was shown
    /// already.
    pub fn reply_in(&self, question: &str, asking: Circumstances<'_>) -> Outcome {
        self.reply_with(question, asking, Weights::fitted())
    }

    /// Answers a question with weights of one's own.
    pub fn reply_with(
        &self,
        question: &str,
        asking: Circumstances<'_>,
        weights: &Weights,
    ) -> Outcome {
        // The core knows no faults of an index, so what failed is laid down here and looked at when
        // it is done.
        let fault: RefCell<Option<String>> = RefCell::new(None);
        let search = |question: &Question| self.search(question, &fault);
        let mut outcome = self.at_desk(&search, asking, weights, |desk| desk.reply(question));
        if let Some(fault) = fault.take() {
            outcome.fault = Some(Fault::Search(fault));
            outcome.reply = Reply::Unknown(Refusal::default());
        }
        outcome
    }

    /// The ranked candidates of a question, with weights of one's own: for `--explain` and the fit.
    pub fn ranked(
        &self,
        question: &str,
        today: NaiveDate,
        weights: &Weights,
        most: usize,
    ) -> (Question, Vec<Ranked>) {
        let fault: RefCell<Option<String>> = RefCell::new(None);
        let search = |question: &Question| self.search(question, &fault);
        let asking = Circumstances {
            today,
            ..Circumstances::default()
        };
        self.at_desk(&search, asking, weights, |desk| desk.ranked(question, most))
    }

    fn at_desk<T>(
        &self,
        search: &dyn Fn(&Question) -> Nearest,
        asking: Circumstances<'_>,
        weights: &Weights,
        work: impl FnOnce(&Desk<'_>) -> T,
    ) -> T {
        let desk = Desk {
            book: &self.book,
            library: &self.library,
            thesaurus: &self.words.thesaurus,
            units: &self.words.units,
            sounds: &self.words.sounds,
            kinds: kinds::ALL,
            named: kinds::named_indicators,
            search,
            reader: Reader {
                thesaurus: &self.words.thesaurus,
                units: &self.words.units,
                scope: Scope {
                    book: &self.book,
                    today: asking.today,
                    home: asking.home,
                },
                in_documents: &|plans, text| self.library.holds(plans, text),
                names: &|text| {
                    let mut names = self.library.names.inside(text);
                    names.extend(words_of(asking.deaf_to, text));
                    names
                },
                own_words: &|letters| self.words.own_words(letters),
            },
            weights,
            shown: asking.shown,
        };
        work(&desk)
    }

    /// What the index proposes for the content of a question.
    fn search(&self, question: &Question, fault: &RefCell<Option<String>>) -> Nearest {
        let content = question
            .words
            .iter()
            // The place is the frame that every record of the plan has: it tells none from another.
            .filter(|word| word.weight > 0.15 && !word.is_own_place);
        let mut runs: Vec<(&str, f32)> = Vec::new();
        for word in content {
            let weight = if word.is_operator {
                0.3
            } else {
                word.weight.max(0.2)
            };
            runs.push((word.text.as_str(), weight));
            runs.extend(
                word.meanings
                    .iter()
                    .map(|meaning| (meaning.as_str(), weight)),
            );
        }
        let compounds = question
            .compounds
            .iter()
            .map(|compound| (compound.text.as_str(), 0.5));
        runs.extend(compounds);
        let nearest = self.indexing.nearest(&runs, &self.library);
        let nearest = nearest.unwrap_or_else(|error| {
            *fault.borrow_mut() = Some(error.to_string());
            Vec::new()
        });
        let mut found = Nearest::default();
        for (kind, position) in nearest {
            match kind {
                EntryKind::Clause => found.clauses.push(ClauseId::new(position)),
                EntryKind::Passage => found.passages.push(PassageId::new(position)),
            }
        }
        found
    }

    /// What was found of the index when it was opened: that it was damaged, that the disk did not
    /// take it.
    pub fn index_findings(&self) -> impl Iterator<Item = &Finding> {
        let findings = self.findings.iter();
        findings.filter(|finding| finding.file == indexing::NAME)
    }

    /// Looks whether the index is on its disk as it was written, and writes it again where not;
    /// what was found.
    pub fn look_after_index(&self) -> Vec<Finding> {
        self.indexing.look_after(&self.library)
    }

    /// Why the index failed while it was asked and was built anew, told once.
    pub fn take_index_fault(&self) -> Option<String> {
        self.indexing.take_fault()
    }

    /// The duties to be reminded of; phrases that cannot be read are findings.
    pub fn agenda(&self, policy: &Policy) -> (Agenda, Vec<Finding>) {
        Agenda::new(&self.book, self.calendar.clone(), policy.clone())
    }

    /// How many pieces of evidence it holds.
    pub fn evidence_count(&self) -> usize {
        self.library.clauses.len() + self.library.passages.len()
    }

    /// Asks it for things that it must know: some terms and some indicators of each plan, by their
    /// printed names.
    fn check_itself(&self) -> Result<(), EditionError> {
        let today = NaiveDate::default();
        for plan in self.book.plans() {
            let terms = plan
                .terms
                .iter()
                .take(SELF_CHECKS)
                .map(|term| (term.name.as_str(), term.place.as_str()));
            let indicators = plan
                .indicators
                .iter()
                .filter(|i| !i.cells.is_empty())
                .take(SELF_CHECKS)
                .map(|i| (i.name.as_str(), i.cells[0].place.as_str()));
            for (name, place) in terms.chain(indicators) {
                let outcome = self.reply(name, today);
                if outcome.fault.is_some() || matches!(outcome.reply, Reply::Unknown(_)) {
                    let advice =
                        format!("自检没有通过：问“{name}”得不到出处 {place}；请检查最近的改动。");
                    return Err(EditionError::Data(vec![Finding::error(
                        format!("plans/{}", plan.id),
                        name,
                        advice,
                    )]));
                }
            }
        }
        Ok(())
    }
}

/// Where the words of some operators stand in a question. An operator inside a longer name asks
/// nothing, so each reaches a letter further than its words.
fn words_of(operators: OperatorSet, text: &str) -> Vec<std::ops::Range<usize>> {
    if operators.is_empty() {
        return Vec::new();
    }
    let letters: Vec<char> = text.chars().collect();
    let found = Operators::read(&letters, &|_, _| false);
    let spans = operators.iter().flat_map(|operator| found.spans(operator));
    spans.map(|span| span.start..span.end + 1).collect()
}
