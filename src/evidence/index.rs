//! The index: which clauses and passages share letter pairs with a content. Nothing else knows
//! tantivy.
//!
//! It proposes candidates and decides nothing. Chat text never reaches a query parser. It lives in
//! memory and is taken from files, or made into files, whole: nothing of it is mapped from a disk
//! that may change under it.

mod tokenizer;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use tantivy::collector::TopDocs;
use tantivy::columnar::Column;
use tantivy::directory::{Directory, RamDirectory};
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{
    DocAddress, DocId, Index, IndexReader, ReloadPolicy, Searcher, SegmentReader, TantivyDocument,
    Term,
};
use thiserror::Error;

/// The version of the index's form; it is part of an edition's name.
pub const FORMAT: u32 = 6;

/// More candidates cost time and bring nothing: on the development questions the right one is among
/// the first 200.
const CANDIDATES: usize = 200;
const MOST_PAIRS: usize = 64;
const CONTEXT_WEIGHT: f32 = 0.35;
const WRITER_MEMORY: usize = 20_000_000;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A clause with a figure.
    Clause,
    /// A passage.
    Passage,
}

impl EntryKind {
    const ALL: [Self; 2] = [Self::Clause, Self::Passage];
}

/// What is indexed.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// Its position among the library's clauses or passages.
    pub position: usize,
    /// Its text, as it is compared.
    pub text: String,
    /// The text around it, as it is compared.
    pub context: String,
}

/// Why an index could not be built or opened.
#[derive(Debug, Error)]
pub enum SearchError {
    /// tantivy refused.
    #[error("索引出错（{0}）")]
    Index(#[from] tantivy::TantivyError),
    /// A part of it could not be taken into memory, or made into a file.
    #[error("索引无法读出（{0}）")]
    Files(String),
    /// tantivy panicked.
    #[error("索引内部出错")]
    Panicked,
    /// The index holds another number of entries than the book.
    #[error("索引里有 {found} 条，应有 {expected} 条")]
    Incomplete {
        /// Entries in the index.
        found: u64,
        /// Entries of the book.
        expected: usize,
    },
}

/// The files of an index by their names, as tantivy writes them.
pub type IndexFiles = BTreeMap<String, Vec<u8>>;

/// An index of one edition, in memory.
pub struct SearchIndex {
    index: Index,
    searcher: Searcher,
    fields: Fields,
    /// What the documents of each segment are.
    entries: Vec<EntryColumns>,
}

/// What each document of a segment is, in columns: to open a stored document takes as long as to
/// find it.
struct EntryColumns {
    kind: Column<u64>,
    position: Column<u64>,
}

impl EntryColumns {
    fn of(segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        Ok(Self {
            kind: columns.u64(KIND)?,
            position: columns.u64(POSITION)?,
        })
    }

    fn entry(&self, document: DocId) -> Option<(EntryKind, usize)> {
        let kind = EntryKind::ALL.get(self.kind.first(document)? as usize)?;
        Some((*kind, self.position.first(document)? as usize))
    }
}

const KIND: &str = "kind";
const POSITION: &str = "position";

#[derive(Clone, Copy)]
struct Fields {
    position: Field,
    text: Field,
    context: Field,
    kind: Field,
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer::NAME)
        .set_index_option(IndexRecordOption::WithFreqs);
    let options = TextOptions::default().set_indexing_options(indexing);
    let fields = Fields {
        position: builder.add_u64_field(POSITION, NumericOptions::default().set_fast()),
        text: builder.add_text_field("text", options.clone()),
        context: builder.add_text_field("context", options),
        kind: builder.add_u64_field(KIND, NumericOptions::default().set_fast()),
    };
    (builder.build(), fields)
}

impl SearchIndex {
    /// Builds an index.
    ///
    /// # Errors
    /// Where tantivy refuses or panics.
    pub fn build(entries: impl Iterator<Item = Entry>) -> Result<Self, SearchError> {
        let (schema, fields) = schema();
        guarded(|| Self::fill(Index::create_in_ram(schema), fields, entries))
    }

    /// Takes an index from its files, which must hold a number of entries. Whether the files are as
    /// they were written is for the caller to know: tantivy looks only at what it reads.
    ///
    /// # Errors
    /// Where tantivy refuses or panics, and where the number is another.
    pub fn of_files(files: &IndexFiles, expected: usize) -> Result<Self, SearchError> {
        let (_, fields) = schema();
        let memory = RamDirectory::create();
        for (name, bytes) in files {
            memory
                .atomic_write(Path::new(name), bytes)
                .map_err(|error| SearchError::Files(error.to_string()))?;
        }
        let opened = guarded(|| Self::reader(Index::open(memory)?, fields))?;
        let found = opened.searcher.num_docs();
        if found == expected as u64 {
            Ok(opened)
        } else {
            Err(SearchError::Incomplete { found, expected })
        }
    }

    /// Its files, to be written to a disk.
    ///
    /// # Errors
    /// Where a file that tantivy lists cannot be read.
    pub fn files(&self) -> Result<IndexFiles, SearchError> {
        let directory = self.index.directory();
        let paths = directory.list_managed_files().into_iter();
        paths
            .filter(|path| directory.exists(path).unwrap_or_default())
            .map(|path| match directory.atomic_read(&path) {
                Ok(bytes) => Ok((path.to_string_lossy().to_string(), bytes)),
                Err(error) => Err(SearchError::Files(error.to_string())),
            })
            .collect()
    }

    fn fill(
        index: Index,
        fields: Fields,
        entries: impl Iterator<Item = Entry>,
    ) -> Result<Self, SearchError> {
        index
            .tokenizers()
            .register(tokenizer::NAME, tokenizer::LetterPairs);
        let mut writer = index.writer_with_num_threads(1, WRITER_MEMORY)?;
        for entry in entries {
            let mut document = TantivyDocument::default();
            document.add_u64(fields.position, entry.position as u64);
            document.add_text(fields.text, &entry.text);
            document.add_text(fields.context, &entry.context);
            document.add_u64(fields.kind, entry.kind as u64);
            writer.add_document(document)?;
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        Self::reader(index, fields)
    }

    fn reader(index: Index, fields: Fields) -> Result<Self, SearchError> {
        index
            .tokenizers()
            .register(tokenizer::NAME, tokenizer::LetterPairs);
        let reader: IndexReader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        let searcher = reader.searcher();
        let segments = searcher.segment_readers().iter();
        Ok(Self {
            entries: segments.map(EntryColumns::of).collect::<Result<_, _>>()?,
            index,
            searcher,
            fields,
        })
    }

    /// The entries nearest to weighted runs of canonical text, best first.
    ///
    /// # Errors
    /// Where tantivy cannot read the index, or panics.
    pub fn nearest(&self, runs: &[(&str, f32)]) -> Result<Vec<(EntryKind, usize)>, SearchError> {
        guarded(|| self.search(runs))
    }

    fn search(&self, runs: &[(&str, f32)]) -> Result<Vec<(EntryKind, usize)>, SearchError> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        let mut pairs: BTreeMap<String, f32> = BTreeMap::new();
        for (run, weight) in runs {
            for pair in tokenizer::looked_for(run).into_iter().take(MOST_PAIRS) {
                let known = pairs.entry(pair).or_insert(*weight);
                *known = known.max(*weight);
            }
        }
        for (pair, pair_weight) in pairs.into_iter().take(MOST_PAIRS) {
            for (field, weight) in [
                (self.fields.text, 1.0),
                (self.fields.context, CONTEXT_WEIGHT),
            ] {
                let term = TermQuery::new(
                    Term::from_field_text(field, &pair),
                    IndexRecordOption::WithFreqs,
                );
                let boosted = BoostQuery::new(Box::new(term), weight * pair_weight);
                clauses.push((Occur::Should, Box::new(boosted)));
            }
        }
        if clauses.is_empty() {
            return Ok(Vec::new());
        }
        let top = self.searcher.search(
            &BooleanQuery::new(clauses),
            &TopDocs::with_limit(CANDIDATES).order_by_score(),
        )?;
        let entry = |address: DocAddress| {
            let columns = self.entries.get(address.segment_ord as usize)?;
            columns.entry(address.doc_id)
        };
        let found = top.into_iter().filter_map(|(_, address)| entry(address));
        Ok(found.collect())
    }
}

/// A panic inside tantivy is a fault of the index and no reason to stop.
fn guarded<T>(work: impl FnOnce() -> Result<T, SearchError>) -> Result<T, SearchError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(SearchError::Panicked))
}
