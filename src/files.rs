//! `data/` into memory and back: the only place that reads and writes data files.
//!
//! It knows formats and encodings, not what the data mean. Reading never changes a file; writing a
//! plan goes to a directory aside, which is renamed when it is whole.

mod calendar_files;
mod case_files;
mod causes;
mod disk;
mod lexicon_files;
mod plan_files;
mod sheets;
mod whole;

pub(crate) use case_files::change_synonym;
pub use case_files::{SynonymChange, read_cases};
pub(crate) use disk::{
    free_space, remove_empty_directory, settle_names, write_mark, write_whole, write_whole_by,
};
pub use disk::{is_empty, read_whole, remove_file, write_bytes};
pub use plan_files::write_plan;
pub(crate) use plan_files::{IMPORT_REPORT, original};
pub(crate) use whole::read_at_most;

use crate::model::{Finding, LexiconRecords, PlanRecords, Unit};
use crate::schedule::YearCalendar;
use causes::Cause;
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};

/// The largest file that is read: a plan report is well below a tenth of it.
pub(crate) const LARGEST_FILE: u64 = 20 * 1024 * 1024;

/// Everything under `data/`, as rows, with the digest of its bytes.
#[derive(Debug, Clone, Default)]
pub struct DataFiles {
    /// One entry a directory under `plans/`, ordered by name.
    pub plans: Vec<PlanRecords>,
    /// The files under `lexicon/`.
    pub lexicon: LexiconRecords,
    /// The files under `calendar/`.
    pub calendars: Vec<YearCalendar>,
    /// `units.toml`.
    pub units: Vec<Unit>,
    /// SHA-256 over names and bytes of all files read, in hexadecimal.
    pub digest: String,
    /// What is wrong with the files.
    pub findings: Vec<Finding>,
}

/// Whether a file must be there: only then is it an error that it is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Required,
    Optional,
}

/// A file's bytes, or a finding that says why not.
pub(crate) struct DataReader<'a> {
    root: &'a Path,
    hasher: Sha256,
    findings: Vec<Finding>,
}

impl<'a> DataReader<'a> {
    fn new(root: &'a Path) -> Self {
        Self {
            root,
            hasher: Sha256::new(),
            findings: Vec::new(),
        }
    }

    /// A whole file or directory is refused.
    fn refuse(&mut self, name: &str, cause: Cause<'_>) {
        self.findings.push(Finding::error(name, "", cause));
    }

    /// Whether a file is there at all.
    fn has(&self, name: &str) -> bool {
        self.root.join(name).is_file()
    }

    /// The decoded text of a file below the data directory.
    fn text(&mut self, name: &str, presence: Presence) -> Option<String> {
        let path = self.root.join(name);
        match whole::refuse_links(self.root, name).and_then(|()| read_bounded(&path)) {
            Ok(bytes) => {
                self.hasher.update(name.as_bytes());
                // With its length: what ends one file and begins the next cannot be moved between
                // them without another digest.
                self.hasher.update((bytes.len() as u64).to_le_bytes());
                self.hasher.update(&bytes);
                match crate::language::decode(&bytes) {
                    Ok(text) => Some(text),
                    Err(advice) => {
                        self.findings.push(Finding::error(name, "", advice));
                        None
                    }
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if presence == Presence::Required {
                    self.findings.push(Finding::error(name, "", Cause::Missing));
                }
                None
            }
            Err(error) => {
                self.findings
                    .push(Finding::error(name, "", Cause::Unreadable(&error)));
                None
            }
        }
    }
}

/// Reads all data. Faults of single files are findings; a missing data directory is one too.
pub fn read_data(root: &Path) -> DataFiles {
    let mut reader = DataReader::new(root);
    let lexicon = lexicon_files::read(&mut reader);
    let mut plans = Vec::new();
    // A plan that lies half replaced would otherwise be missing without a word.
    for name in interrupted(root) {
        reader.refuse(&format!("plans/{name}"), Cause::Interrupted);
    }
    for name in linked_plans(root) {
        reader.refuse(&format!("plans/{name}"), Cause::Linked);
    }
    match plan_directories(root) {
        Ok(names) if names.is_empty() => {
            reader.refuse("plans", Cause::NoPlans);
        }
        Ok(names) => plans.extend(names.iter().map(|name| plan_files::read(&mut reader, name))),
        Err(error) => {
            let directory = &root.join("plans");
            let error = &error;
            reader.refuse("plans", Cause::NoDirectory { directory, error });
        }
    }
    let calendars = calendar_files::calendars(&mut reader, root);
    let units = calendar_files::units(&mut reader);
    let digest = hex::encode(reader.hasher.finalize());
    DataFiles {
        plans,
        lexicon,
        calendars,
        units,
        digest,
        findings: reader.findings,
    }
}

/// Plans whose replacement was cut off: only the old directory stands.
fn interrupted(root: &Path) -> Vec<String> {
    let plans = root.join("plans");
    let entries = list_by_age(&plans).unwrap_or_default();
    let names = entries.iter().filter_map(|path| {
        path.file_name()?
            .to_str()?
            .strip_prefix('.')?
            .strip_suffix(".old")
            .map(String::from)
    });
    names.filter(|name| !plans.join(name).exists()).collect()
}

fn plan_directories(root: &Path) -> io::Result<Vec<String>> {
    names_of(root, std::fs::FileType::is_dir)
}

/// Plans that are links: what they lead to may be anything, at any time.
fn linked_plans(root: &Path) -> Vec<String> {
    names_of(root, std::fs::FileType::is_symlink).unwrap_or_default()
}

/// The names below `plans/` of one kind, in order.
#[expect(
    clippy::disallowed_methods,
    reason = "this module is where data files are listed"
)]
fn names_of(root: &Path, kind: fn(&std::fs::FileType) -> bool) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root.join("plans"))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_string();
        if kind(&entry.file_type()?) && !name.starts_with('.') {
            names.push(name);
        }
    }
    // Directories list their names in any order; an edition must not depend on it.
    names.sort();
    Ok(names)
}

/// The bytes of a file no larger than `LARGEST_FILE`.
pub fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    read_at_most(path, LARGEST_FILE)
}

/// A text file's content.
pub fn read_text(path: &Path) -> io::Result<String> {
    let bytes = read_bounded(path)?;
    crate::language::decode(&bytes)
        .map_err(|advice| io::Error::new(io::ErrorKind::InvalidData, advice))
}

/// Creates a directory and those above it.
pub fn create_directory(path: &Path) -> io::Result<()> {
    #![expect(
        clippy::disallowed_methods,
        reason = "this module is where directories are made"
    )]
    std::fs::create_dir_all(path)
}

/// Renames a directory.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    #![expect(
        clippy::disallowed_methods,
        reason = "this module is where directories are renamed"
    )]
    std::fs::rename(from, to)
}

/// Removes a directory with all that is in it; one that is not there is no fault.
pub fn remove_directory(path: &Path) -> io::Result<()> {
    #![expect(
        clippy::disallowed_methods,
        reason = "this module is where directories are removed"
    )]
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Writes a text file.
pub fn write_text(path: &Path, text: &str) -> io::Result<()> {
    #![expect(
        clippy::disallowed_methods,
        reason = "this module is where files are written"
    )]
    std::fs::write(path, text)
}

/// The names in a directory, with the time that each was last changed, oldest first.
pub fn list_by_age(path: &Path) -> io::Result<Vec<PathBuf>> {
    #![expect(
        clippy::disallowed_methods,
        reason = "this module is where directories are listed"
    )]
    let mut entries: Vec<_> = std::fs::read_dir(path)?
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    entries.sort();
    Ok(entries.into_iter().map(|(_, path)| path).collect())
}
