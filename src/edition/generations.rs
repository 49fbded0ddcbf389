//! Index generations on disk: opened where they fit the data and are whole, written aside and
//! renamed.

use super::{EditionError, sealed};
use crate::evidence::Library;
use crate::evidence::index::{Entry, EntryKind, SearchIndex};
use crate::files;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// The present generation and the one before.
const GENERATIONS_KEPT: usize = 2;
/// Of a longer text around an entry only the beginning is indexed with it, in letters: else each
/// sentence of a long paragraph would be indexed with all of it. The longest paragraph of the
/// reports tried here has 1,400.
const LONGEST_CONTEXT: usize = 2_000;

pub(super) fn entries(library: &Library) -> impl Iterator<Item = Entry> {
    let context = |levels: &[crate::evidence::Level]| -> String {
        let texts = levels.iter().skip(1).take(5);
        let texts: Vec<String> = texts
            .map(|level| library.canonical(level.text).chars())
            .map(|letters| letters.take(LONGEST_CONTEXT).collect())
            .collect();
        texts.join(" ")
    };
    let clauses = library
        .clauses
        .iter()
        .enumerate()
        .map(move |(position, clause)| Entry {
            kind: EntryKind::Clause,
            position,
            text: library.canonical(clause.text).to_string(),
            context: context(&clause.levels),
        });
    let passages = library
        .passages
        .iter()
        .enumerate()
        .map(move |(position, passage)| Entry {
            kind: EntryKind::Passage,
            position,
            text: library.canonical(passage.text).to_string(),
            context: context(&passage.levels),
        });
    clauses.chain(passages)
}

/// Where the generation of an edition lies.
pub(super) fn target(root: &Path, id: &str, library: &Library) -> PathBuf {
    root.join(format!("{id}-{}", fingerprint(library)))
}

/// What was found where a generation should lie.
pub(super) enum FoundIndex {
    Whole(SearchIndex),
    /// Nothing is there.
    Absent,
    /// It is not what was written, or cannot be opened; why.
    Damaged(String),
}

/// Opens the generation of an edition: its files are held against their seal before tantivy sees
/// them.
pub(super) fn open(target: &Path, library: &Library) -> FoundIndex {
    if !target.exists() {
        return FoundIndex::Absent;
    }
    let opened = sealed::read(target).and_then(|files| {
        SearchIndex::of_files(&files, entries(library).count()).map_err(|error| error.to_string())
    });
    match opened {
        Ok(index) => FoundIndex::Whole(index),
        Err(why) => FoundIndex::Damaged(why),
    }
}

/// Writes a generation aside and renames it. It can always be built anew, so nothing waits for the
/// disk: what a power cut leaves does not match its seal.
pub(super) fn write(root: &Path, target: &Path, index: &SearchIndex) -> Result<(), EditionError> {
    let disk = |path: &Path| {
        let path = path.to_path_buf();
        move |source| EditionError::Disk { path, source }
    };
    let written = index.files()?;
    let mut aside = target.as_os_str().to_owned();
    // With the process in its name: two programs over one directory must not write into one
    // another's.
    aside.push(format!(".partial-{}", std::process::id()));
    let aside = PathBuf::from(aside);
    files::remove_directory(&aside).map_err(disk(&aside))?;
    files::create_directory(&aside).map_err(disk(&aside))?;
    if let Err(source) = sealed::write(&aside, &written) {
        let _ = files::remove_directory(&aside);
        return Err(disk(&aside)(source));
    }
    // A directory cannot be renamed over one that has something in it. Killed in between, the index
    // is missing and built at the next start.
    let swapped = files::remove_directory(target).and_then(|()| files::rename(&aside, target));
    if let Err(source) = swapped {
        let _ = files::remove_directory(&aside);
        return Err(disk(target)(source));
    }
    remove_old_generations(root, target);
    Ok(())
}

/// A digest of what is indexed: a program that cuts the same data otherwise must not open an older
/// index.
fn fingerprint(library: &Library) -> String {
    let mut hasher = Sha256::new();
    for entry in entries(library) {
        hasher.update((entry.kind as u64).to_le_bytes());
        hasher.update((entry.position as u64).to_le_bytes());
        hasher.update(entry.text);
        hasher.update(entry.context);
    }
    hex::encode(&hasher.finalize()[..4])
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
                // A generation's name begins with a digest; what else lies here is somebody else's
                // and stays.
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
    // What a killed program left aside; not what this one may be writing.
    let left_behind = kept
        .iter()
        .filter(|path| name(path).contains(".partial-") && !name(path).ends_with(&own));
    for path in old.iter().chain(left_behind) {
        let _ = files::remove_directory(path);
    }
}
