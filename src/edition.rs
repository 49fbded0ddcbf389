//! One immutable edition: book, words, evidence and index, built whole, checked, then used.
//!
//! A question takes the current edition once and keeps it. A bad new edition never replaces a good old one.

mod words;

pub use words::Words;

use crate::evidence::index::{Entry, EntryKind, FORMAT, SearchError, SearchIndex};
use crate::evidence::{Library, Making};
use crate::files::{self, DataFiles};
use crate::import::assemble;
use crate::kinds;
use crate::model::{Book, Finding, Provenance, Severity, Unit};
use crate::question::{OperatorSet, Operators, Question, Reader, Scope};
use crate::reply::{Desk, Fault, Nearest, Outcome, Ranked, Refusal, Reply, Weights};
use crate::schedule::{Agenda, Policy, WorkCalendar, unread_phrases};
use chrono::NaiveDate;
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
    #[error("{0}；请检查磁盘空间和 index 目录的权限")]
    Search(#[from] SearchError),
    /// The disk refused.
    #[error("无法写入 {path}（{source}）；请检查磁盘空间和权限")]
    Disk {
        /// What was written.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

/// How a question is asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Circumstances<'a> {
    /// The day.
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
    /// The words.
    pub words: Words,
    /// Working days.
    pub calendar: WorkCalendar,
    /// Who must report.
    pub units: Vec<Unit>,
    /// The evidence.
    pub library: Library,
    index: SearchIndex,
    /// What was found in the data that is no error.
    pub findings: Vec<Finding>,
}

const SELF_CHECKS: usize = 3;
const GENERATIONS_KEPT: usize = 2;

/// The name of the edition that the data would give.
pub fn edition_id(data: &DataFiles) -> String {
    let mut hasher = Sha256::new();
    hasher.update(FORMAT.to_le_bytes());
    hasher.update(env!("CARGO_PKG_VERSION"));
    hasher.update(&data.digest);
    hasher
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
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
pub fn book(data: &DataFiles) -> Result<Book, EditionError> {
    parts(data).map(|(book, ..)| book)
}

type Parts = (Book, Words, Library, Vec<Finding>);

fn parts(data: &DataFiles) -> Result<Parts, EditionError> {
    let mut findings = data.findings.clone();
    let (words, found) = Words::new(&data.lexicon);
    findings.extend(found);
    let mut plans = Vec::new();
    for records in &data.plans {
        let (plan, found) = assemble(records, &words.figures);
        findings.extend(found);
        findings.extend(words::sayings(records, &words.thesaurus));
        plans.push(plan);
    }
    let book = Book::new(plans);
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(EditionError::Data(findings));
    }
    let making = Making {
        thesaurus: &words.thesaurus,
        pattern: &words.figures,
        units: &words.units,
        name_endings: &words.name_endings,
    };
    let library = Library::new(&book, making);
    let words = words.with_sounds_of(&library);
    Ok((book, words, library, findings))
}

impl Edition {
    /// Builds an edition from data that were read; an index that is there for the same data is opened, not built.
    pub fn build(data: &DataFiles, place: &IndexPlace) -> Result<Self, EditionError> {
        let (book, words, library, findings) = parts(data)?;
        let id = edition_id(data);
        let index = match place {
            IndexPlace::Memory => SearchIndex::in_memory(entries(&library))?,
            IndexPlace::Directory(root) => open_or_build(root, &id, &library)?,
        };
        let calendar = WorkCalendar::new(data.calendars.iter().cloned());
        let edition = Self {
            id,
            book,
            words,
            calendar,
            units: data.units.clone(),
            library,
            index,
            findings,
        };
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
        self.reply_in(question, Circumstances { today, ..Circumstances::default() })
    }

    /// Answers a question as it is asked: on a day, in a place's own chat, beyond what was shown already.
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
        let asking = Circumstances { today, ..Circumstances::default() };
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
        let content = question.words.iter().filter(|word| word.weight > 0.15 && !word.is_own_place);
        let mut runs: Vec<(&str, f32)> = Vec::new();
        for word in content {
            let weight = if word.is_operator { 0.3 } else { word.weight.max(0.2) };
            runs.push((word.text.as_str(), weight));
            runs.extend(word.meanings.iter().map(|meaning| (meaning.as_str(), weight)));
        }
        let compounds = question.compounds.iter().map(|(compound, ..)| (compound.as_str(), 0.5));
        runs.extend(compounds);
        let nearest = self.index.nearest(&runs).unwrap_or_else(|error| {
            *fault.borrow_mut() = Some(error.to_string());
            Vec::new()
        });
        let mut found = Nearest::default();
        for (kind, position) in nearest {
            match kind {
                EntryKind::Clause => found.clauses.push(position),
                EntryKind::Passage => found.passages.push(position),
            }
        }
        found
    }

    /// The duties to be reminded of; phrases that cannot be read are findings.
    pub fn agenda(&self, policy: &Policy) -> (Agenda, Vec<Finding>) {
        Agenda::new(&self.book, self.calendar.clone(), policy.clone())
    }

    /// How many pieces of evidence it holds.
    pub fn evidence_count(&self) -> usize {
        self.library.clauses.len() + self.library.passages.len()
    }

    /// Asks it for things that it must know: some terms and some indicators of each plan, by their printed names.
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

    /// What another edition has that this one has not, and what it no longer has, in lines for a person.
    pub fn changes(&self, newer: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        compare(
            "指标数值",
            cells_of(&self.book),
            cells_of(&newer.book),
            &mut lines,
        );
        compare(
            "名词",
            terms_of(&self.book),
            terms_of(&newer.book),
            &mut lines,
        );
        compare(
            "备注脚注",
            notes_of(&self.book),
            notes_of(&newer.book),
            &mut lines,
        );
        compare(
            "正文句子",
            passages_of(&self.book),
            passages_of(&newer.book),
            &mut lines,
        );
        if lines.is_empty() {
            lines.push("文件有改动，内容没有变化（词表或格式）。".to_string());
        }
        lines
    }
}

/// Where the words of some operators stand in a question. An operator inside a longer name asks nothing, so each reaches
/// a letter further than its words.
fn words_of(operators: OperatorSet, text: &str) -> Vec<std::ops::Range<usize>> {
    if operators.is_empty() {
        return Vec::new();
    }
    let letters: Vec<char> = text.chars().collect();
    let found = Operators::read(&letters, &|_| false);
    let spans = operators.iter().flat_map(|operator| found.spans(operator));
    spans.map(|span| span.start..span.end + 1).collect()
}

type Keyed = std::collections::BTreeMap<String, String>;

fn cells_of(book: &Book) -> Keyed {
    let mut keyed = Keyed::new();
    for plan in book.plans() {
        for indicator in &plan.indicators {
            for cell in &indicator.cells {
                keyed.insert(
                    format!(
                        "{} {} {} {}",
                        plan.id, cell.place, indicator.name, cell.heading
                    ),
                    cell.quantity.shown(),
                );
            }
        }
    }
    keyed
}

fn terms_of(book: &Book) -> Keyed {
    book.plans()
        .iter()
        .flat_map(|plan| {
            plan.terms.iter().map(|term| {
                (
                    format!("{} {}", plan.id, term.name),
                    term.definition.clone(),
                )
            })
        })
        .collect()
}

fn notes_of(book: &Book) -> Keyed {
    book.plans()
        .iter()
        .flat_map(|plan| {
            plan.notes
                .iter()
                .map(|note| (format!("{} {}", plan.id, note.place), note.text.clone()))
        })
        .collect()
}

fn passages_of(book: &Book) -> Keyed {
    book.plans()
        .iter()
        .flat_map(|plan| {
            plan.passages
                .iter()
                .map(|p| (format!("{} {} {}", plan.id, p.place, p.text), String::new()))
        })
        .collect()
}

const MOST_LINES: usize = 8;

fn compare(what: &str, old: Keyed, new: Keyed, lines: &mut Vec<String>) {
    let shorten = |text: &str| text.chars().take(60).collect::<String>();
    let mut changed = Vec::new();
    for (key, value) in &new {
        match old.get(key) {
            None => changed.push(
                format!("＋{} {}", shorten(key), shorten(value))
                    .trim_end()
                    .to_string(),
            ),
            Some(before) if before != value => changed.push(format!(
                "改 {}：{} → {}",
                shorten(key),
                shorten(before),
                shorten(value)
            )),
            Some(_) => {}
        }
    }
    changed.extend(
        old.keys()
            .filter(|key| !new.contains_key(*key))
            .map(|key| format!("－{}", shorten(key))),
    );
    if changed.is_empty() {
        return;
    }
    lines.push(format!("{what}：{} 处变化", changed.len()));
    let more = changed.len().saturating_sub(MOST_LINES);
    lines.extend(changed.into_iter().take(MOST_LINES));
    if more > 0 {
        lines.push(format!("……另有 {more} 处"));
    }
}

fn entries(library: &Library) -> impl Iterator<Item = Entry> {
    let context = |levels: &[crate::evidence::Level]| -> String {
        let texts = levels.iter().skip(1).take(5);
        let texts: Vec<&str> = texts.map(|level| library.canonical(level.text)).collect();
        texts.join(" ")
    };
    let clauses = library.clauses.iter().enumerate().map(move |(position, clause)| Entry {
        kind: EntryKind::Clause,
        position,
        text: library.canonical(clause.text).to_string(),
        context: context(&clause.levels),
    });
    let passages = library.passages.iter().enumerate().map(move |(position, passage)| Entry {
        kind: EntryKind::Passage,
        position,
        text: library.canonical(passage.text).to_string(),
        context: context(&passage.levels),
    });
    clauses.chain(passages)
}

/// Opens the generation of an edition; builds it aside and renames it where it is absent or damaged.
fn open_or_build(root: &Path, id: &str, library: &Library) -> Result<SearchIndex, EditionError> {
    let target = root.join(format!("{id}-{}", fingerprint(library)));
    let count = entries(library).count();
    if target.exists()
        && let Ok(index) = SearchIndex::open(&target, count)
    {
        return Ok(index);
    }
    let disk = |path: &Path| {
        let path = path.to_path_buf();
        move |source| EditionError::Disk { path, source }
    };
    let aside = root.join(format!("{id}.partial-{}", std::process::id()));
    files::remove_directory(&aside).map_err(disk(&aside))?;
    files::create_directory(&aside).map_err(disk(&aside))?;
    if let Err(error) = SearchIndex::create(&aside, entries(library)) {
        let _ = files::remove_directory(&aside);
        return Err(error.into());
    }
    files::remove_directory(&target).map_err(disk(&target))?;
    if let Err(source) = files::rename(&aside, &target) {
        let _ = files::remove_directory(&aside);
        if !target.exists() {
            return Err(EditionError::Disk {
                path: target,
                source,
            });
        }
    }
    remove_old_generations(root, &target);
    Ok(SearchIndex::open(&target, count)?)
}

/// A digest of what is indexed: a program that cuts the same data otherwise must not open an older index.
fn fingerprint(library: &Library) -> String {
    let mut hasher = Sha256::new();
    for entry in entries(library) {
        hasher.update((entry.kind as u64).to_le_bytes());
        hasher.update((entry.position as u64).to_le_bytes());
        hasher.update(entry.text);
        hasher.update(entry.context);
    }
    hasher
        .finalize()
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Keeps the newest generations; what cannot be removed stays, it is only space.
fn remove_old_generations(root: &Path, current: &Path) {
    let name = |path: &Path| {
        path.file_name()
            .map(|name| name.to_string_lossy().to_string())
            .unwrap_or_default()
    };
    let ours = |path: &PathBuf| {
        path != current
            && name(path)
                .chars()
                .next()
                .is_some_and(|c| c.is_ascii_hexdigit())
            && path.is_dir()
    };
    let others: Vec<PathBuf> = files::list_by_age(root)
        .unwrap_or_default()
        .into_iter()
        .filter(ours)
        .collect();
    let own = format!(".partial-{}", std::process::id());
    let surplus = others.len().saturating_sub(GENERATIONS_KEPT - 1);
    let (old, kept) = others.split_at(surplus);
    let left_behind = kept
        .iter()
        .filter(|path| name(path).contains(".partial-") && !name(path).ends_with(&own));
    for path in old.iter().chain(left_behind) {
        let _ = files::remove_directory(path);
    }
}
