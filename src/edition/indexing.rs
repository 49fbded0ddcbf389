//! The index of an edition: taken from the disk where it is whole there, built where not, and built
//! anew where it fails while it is asked. It answers from memory; the disk only saves the building.

use super::generations::{self, FoundIndex};
use super::{EditionError, IndexPlace};
use crate::evidence::Library;
use crate::evidence::index::{EntryKind, SearchError, SearchIndex};
use crate::model::Finding;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// What findings about the index name as their file.
pub(super) const NAME: &str = "index";

/// The index of an edition.
pub(super) struct Indexing {
    current: RwLock<Arc<SearchIndex>>,
    /// The directory of generations and, below it, that of this edition.
    on_disk: Option<(PathBuf, PathBuf)>,
    /// One builds it anew; the others wait for what it built.
    building: Mutex<()>,
    /// Why it was built anew since somebody last looked.
    fault: Mutex<Option<String>>,
}

impl Indexing {
    /// Opens or builds the index of an edition. A damaged one, and one that the disk did not take,
    /// are findings and no reason to stop.
    pub(super) fn begin(
        place: &IndexPlace,
        id: &str,
        library: &Library,
    ) -> Result<(Self, Vec<Finding>), EditionError> {
        let on_disk = match place {
            IndexPlace::Memory => None,
            IndexPlace::Directory(root) => {
                Some((root.clone(), generations::target(root, id, library)))
            }
        };
        let mut findings = Vec::new();
        let index = match &on_disk {
            None => SearchIndex::build(generations::entries(library))?,
            Some((root, target)) => opened(root, target, library, &mut findings)?,
        };
        let indexing = Self {
            current: RwLock::new(Arc::new(index)),
            on_disk,
            building: Mutex::new(()),
            fault: Mutex::new(None),
        };
        Ok((indexing, findings))
    }

    /// The entries nearest to weighted runs. Where the index fails, the question waits until it is
    /// built anew, and asks again.
    pub(super) fn nearest(
        &self,
        runs: &[(&str, f32)],
        library: &Library,
    ) -> Result<Vec<(EntryKind, usize)>, SearchError> {
        let index = self.current();
        index
            .nearest(runs)
            .or_else(|fault| self.instead_of(&index, &fault, library)?.nearest(runs))
    }

    /// Looks whether the disk still has the index as it was written, and writes it again where not;
    /// says so.
    pub(super) fn look_after(&self, library: &Library) -> Vec<Finding> {
        let Some((root, target)) = &self.on_disk else {
            return Vec::new();
        };
        let why = match generations::open(target, library) {
            FoundIndex::Whole(_) => return Vec::new(),
            FoundIndex::Absent => "不见了".to_string(),
            FoundIndex::Damaged(why) => why,
        };
        let mut findings = vec![rebuilt(target, &why)];
        findings.extend(unwritten((root, target), &self.current(), library));
        findings
    }

    /// Why it was built anew while it was asked, once.
    pub(super) fn take_fault(&self) -> Option<String> {
        let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        fault.take()
    }

    fn current(&self) -> Arc<SearchIndex> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&current)
    }

    /// Another index in the place of one that failed: built from the same entries, swapped in, and
    /// written where the disk has no whole one.
    fn instead_of(
        &self,
        failed: &Arc<SearchIndex>,
        fault: &SearchError,
        library: &Library,
    ) -> Result<Arc<SearchIndex>, SearchError> {
        // All questions that failed together come here; one builds for all.
        let _turn = self.building.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.current();
        // Somebody built while this one waited for its turn.
        if !Arc::ptr_eq(&current, failed) {
            return Ok(current);
        }
        let built = Arc::new(SearchIndex::build(generations::entries(library))?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&built);
        let findings = self.look_after(library);
        let said = findings.iter().map(|finding| format!("；{finding}"));
        let said: String = std::iter::once(fault.to_string()).chain(said).collect();
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(said);
        Ok(built)
    }
}

/// The index of a generation; built and written where the disk has none that is whole.
fn opened(
    root: &Path,
    target: &Path,
    library: &Library,
    findings: &mut Vec<Finding>,
) -> Result<SearchIndex, EditionError> {
    match generations::open(target, library) {
        FoundIndex::Whole(index) => return Ok(index),
        FoundIndex::Absent => {}
        FoundIndex::Damaged(why) => findings.push(rebuilt(target, &why)),
    }
    let index = SearchIndex::build(generations::entries(library))?;
    findings.extend(unwritten((root, target), &index, library));
    Ok(index)
}

fn rebuilt(target: &Path, why: &str) -> Finding {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let advice =
        format!("索引文件损坏（{why}），已按数据重建，不影响回答；如果一再出现，请检查这块磁盘。");
    Finding::warning(NAME, name, advice)
}

/// Writes an index to its place; what to say where the disk does not take it.
fn unwritten(
    (root, target): (&Path, &Path),
    index: &SearchIndex,
    library: &Library,
) -> Option<Finding> {
    let error = generations::write(root, target, index).err()?;
    // Another planbot may have written the same meanwhile.
    if matches!(generations::open(target, library), FoundIndex::Whole(_)) {
        return None;
    }
    let advice = format!("索引没能写到磁盘，这次只在内存里使用，不影响回答：{error}。");
    Some(Finding::warning(NAME, "", advice))
}

#[cfg(test)]
mod tests {
    use super::super::parts;
    use super::*;
    use crate::files;

    const RUNS: &[(&str, f32)] = &[("修", 1.0), ("增长", 1.0), ("建设", 0.5), ("收入", 1.0)];

    /// Indexes that tantivy opens and that fail when they are asked: past the seal, a stretch of
    /// one file is nothing that tantivy wrote.
    fn failing(whole: &SearchIndex, entries: usize) -> Vec<SearchIndex> {
        let files = whole.files().unwrap();
        let mut failing = Vec::new();
        for name in files.keys() {
            let mut spoilt = files.clone();
            if let Some(bytes) = spoilt.get_mut(name) {
                let end = bytes.len().saturating_sub(256);
                bytes[..end].fill(0xff);
            }
            let opened = SearchIndex::of_files(&spoilt, entries);
            failing.extend(opened.ok().filter(|index| index.nearest(RUNS).is_err()));
        }
        failing
    }

    #[test]
    fn an_index_that_fails_while_it_is_asked_is_built_anew() {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        let (_, _, library, _) = parts(&files::read_data(&data)).map_err(drop).unwrap();
        let place = tempfile::tempdir().unwrap();
        let on_disk = IndexPlace::Directory(place.path().to_path_buf());
        let (indexing, findings) = Indexing::begin(&on_disk, "0", &library)
            .map_err(drop)
            .unwrap();
        assert_eq!(findings, []);
        let right = indexing.nearest(RUNS, &library).map_err(drop).unwrap();
        assert!(!right.is_empty());
        let failing = failing(&indexing.current(), generations::entries(&library).count());
        assert!(!failing.is_empty());
        for spoilt in failing {
            *indexing.current.write().unwrap() = Arc::new(spoilt);
            // The disk has been spoilt too.
            let (_, target) = indexing.on_disk.as_ref().unwrap();
            files::write_text(&target.join("meta.json"), "{}").unwrap();
            let found = indexing.nearest(RUNS, &library).map_err(drop).unwrap();
            assert_eq!(found, right);
            let fault = indexing.take_fault().unwrap();
            assert!(fault.contains("meta.json"), "{fault}");
            assert_eq!(indexing.take_fault(), None);
            assert_eq!(indexing.look_after(&library), []);
        }
    }
}
