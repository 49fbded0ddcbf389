//! How a state is opened: sled is held against the journal, and where either is damaged both are
//! made anew from what the two say together.
//!
//! Whatever is written here is written so that a kill at any moment is mended by the next opening:
//! first a whole journal, then sled from it, then the mark that sled has everything.

use super::comparing::{Comparison, compare};
use super::guarded::guarded;
use super::journal::{self, Journal, Marks, Step, Witness};
use super::mending::Truth;
use super::sealed::seal;
use super::{
    BEGUN, CACHE_BYTES, DATABASE, StoreError, backups, began, is_locked, older, place, reach,
    snapshots,
};
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

/// sled's files may take so many times what their records do, and so much in any case, before they
/// are made anew at a start. sled gives no room back: after a hostile week they took four times as
/// much, made anew one and a half times.
const MOST_TIMES: u64 = 3;
const MOST_ROOM: u64 = 16 << 20;
/// What sled has set aside: the last damaged one, in case somebody wants to look.
const SET_ASIDE: &str = "damaged";

/// A state that was opened.
pub(super) struct Opened {
    pub(super) database: sled::Db,
    pub(super) journal: Journal,
    /// The number of the last change.
    pub(super) last: u64,
}

/// Opens a state that nobody else has.
pub(super) fn open(path: &Path) -> Result<Opened, StoreError> {
    let at = Place { path };
    // What was cut off while it was written counts for nothing and would only lie there.
    snapshots::remove_unfinished(path).map_err(|e| at.io(e))?;
    let witness = match at.witness()? {
        Some(witness) => witness,
        None => at.begin()?,
    };
    let opened = at.look(witness)?;
    place::keep_private(path);
    Ok(opened)
}

/// sled as it stands, or nothing where it cannot be read.
pub(super) fn records(path: &Path) -> Result<Option<sled::Db>, StoreError> {
    let at = Place { path };
    let mut opened = at.sled_there()?;
    // A call that fails once has damaged nothing; what is damaged fails again.
    if matches!(&opened, Some(Err(error)) if is_of_a_call(error)) {
        opened = at.sled_there()?;
    }
    match opened {
        Some(Ok(database)) => Ok(Some(database)),
        Some(Err(error)) if is_of_the_disk(&error) => Err(at.sled(error)),
        Some(Err(_)) | None => Ok(None),
    }
}

/// Whether a person must see to the disk; otherwise what stands on it is damaged.
fn is_of_the_disk(error: &sled::Error) -> bool {
    use ErrorKind::{
        FileTooLarge, NotADirectory, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem,
        StorageFull,
    };
    let of_the_disk = [
        FileTooLarge,
        NotADirectory,
        PermissionDenied,
        QuotaExceeded,
        ReadOnlyFilesystem,
        StorageFull,
    ];
    matches!(error, sled::Error::Io(io) if of_the_disk.contains(&io.kind()))
}

/// Whether the system refused a call, and not for a reason that a person must see to.
fn is_of_a_call(error: &sled::Error) -> bool {
    let is_refused = matches!(error, sled::Error::Io(io) if io.raw_os_error().is_some());
    is_refused && !is_of_the_disk(error)
}

/// The state directory that is opened.
struct Place<'a> {
    path: &'a Path,
}

impl Place<'_> {
    fn io(&self, error: std::io::Error) -> StoreError {
        self.sled(sled::Error::Io(error))
    }

    fn sled(&self, source: sled::Error) -> StoreError {
        StoreError::Unusable {
            path: self.path.to_path_buf(),
            source,
        }
    }

    /// What sled makes of its files; nothing where it panicked.
    fn sled_there(&self) -> Result<Option<sled::Result<sled::Db>>, StoreError> {
        let from = self.path.to_path_buf();
        let opened = guarded(move || {
            sled::Config::new()
                .path(from)
                .cache_capacity(CACHE_BYTES)
                .open()
        });
        match opened.map_err(|e| self.io(e))? {
            Some(Err(error)) if is_locked(&error) => {
                Err(StoreError::Locked(self.path.to_path_buf()))
            }
            other => Ok(other),
        }
    }

    /// sled where it has no files yet: nothing there can be damaged, so what fails is the disk's.
    fn sled_anew(&self) -> Result<sled::Db, StoreError> {
        let ended = || self.io(std::io::Error::other("新建记录时中断"));
        let opened = self.sled_there()?.ok_or_else(ended)?;
        opened.map_err(|e| self.sled(e))
    }

    fn damaged(&self) -> StoreError {
        StoreError::Damaged(self.path.to_path_buf())
    }

    fn witness(&self) -> Result<Option<Witness>, StoreError> {
        let directory = self.path.join(journal::DIRECTORY);
        Witness::read(&directory, u64::MAX).map_err(|e| self.io(e))
    }

    /// A state without a journal: a new one, one of an older planbot, or one that has lost it.
    fn begin(&self) -> Result<Witness, StoreError> {
        let directory = self.path.join(journal::DIRECTORY);
        place::make_private(&directory).map_err(|e| self.io(e))?;
        if self.path.join(DATABASE).exists() {
            let Some(database) = records(self.path)? else {
                return Ok(Witness::nothing());
            };
            let records = older::records(&database).map_err(|e| self.sled(e))?;
            drop(database);
            let Some(records) = records else {
                return Ok(Witness::nothing());
            };
            self.write(&directory, &records)?;
            self.set_aside(older::KEPT_IN)?;
        } else if began(self.path) {
            return Ok(Witness::nothing());
        } else {
            self.write(&directory, &Truth::default())?;
            place::mark(&self.path.join(BEGUN)).map_err(|e| self.io(e))?;
        }
        self.witness()?.ok_or_else(|| self.damaged())
    }

    /// A whole journal of these records; sled has none of them yet.
    fn write(&self, directory: &Path, truth: &Truth) -> Result<(), StoreError> {
        let last = truth.last();
        let marks = Marks {
            settled: last,
            kept: 0,
        };
        let is_marked = self
            .witness()?
            .is_some_and(|witness| witness.marks.is_some());
        let written = if is_marked {
            Ok(())
        } else {
            Marks::default().write(directory)
        };
        // Marks that say more than the journal has would make it one that was cut.
        written
            .and_then(|()| journal::write_snapshot(directory, last, truth.records().map(Ok)))
            .and_then(|_| marks.write(directory))
            .map_err(|e| self.io(e))
    }

    /// Holds both against each other and mends what is damaged.
    fn look(&self, witness: Witness) -> Result<Opened, StoreError> {
        let witness = Arc::new(witness);
        // sled was not yet made of this journal: nothing that it says counts.
        if witness.is_whole() && witness.kept() == 0 {
            return self.build(&witness);
        }
        let opened = records(self.path)?;
        let comparison = match opened.clone() {
            None => None,
            Some(database) => {
                let witness = Arc::clone(&witness);
                let compared = guarded(move || compare(&database, &witness).ok());
                compared.map_err(|e| self.io(e))?.flatten()
            }
        };
        if let (Some(database), Some(found)) = (&opened, &comparison)
            && witness.is_whole()
            && found.is_in_order()
        {
            if self.takes_too_much(found)? {
                let last = witness.last;
                drop((opened, comparison));
                return self.make_smaller(last);
            }
            self.catch_up(database, &found.behind)?;
            return self.go_on(database.clone(), witness.last);
        }
        drop(opened);
        self.mend(&witness, comparison)
    }

    /// Whether sled's files take far more than what stands in them.
    fn takes_too_much(&self, found: &Comparison) -> Result<bool, StoreError> {
        let files = snapshots::files_of_sled(self.path).map_err(|e| self.io(e))?;
        let sizes = files.iter().map(|file| place::size(file));
        let room: u64 = sizes
            .sum::<std::io::Result<u64>>()
            .map_err(|e| self.io(e))?;
        Ok(room > MOST_ROOM && room > MOST_TIMES * found.bytes)
    }

    /// Makes sled anew from the journal.
    fn make_smaller(&self, last: u64) -> Result<Opened, StoreError> {
        self.leave_to_the_journal(last)?;
        let witness = self.witness()?.ok_or_else(|| self.damaged())?;
        self.build(&Arc::new(witness))
    }

    /// Takes sled's files away. Until they are there again the journal alone is the state, so that
    /// is on disk first, and says that sled has nothing.
    fn leave_to_the_journal(&self, last: u64) -> Result<(), StoreError> {
        let directory = self.path.join(journal::DIRECTORY);
        let marks = Marks {
            settled: last,
            kept: 0,
        };
        journal::condense(&directory, last)
            .and_then(|_| marks.write(&directory))
            .and_then(|()| snapshots::files_of_sled(self.path))
            .and_then(|files| files.iter().try_for_each(|file| place::remove(file)))
            .and_then(|()| place::settle_names(self.path))
            .map_err(|e| self.io(e))
    }

    /// Makes both anew from what they say together.
    fn mend(
        &self,
        witness: &Witness,
        comparison: Option<Comparison>,
    ) -> Result<Opened, StoreError> {
        let (mut truth, mut mending) =
            Truth::of(witness, comparison.as_ref()).map_err(|e| self.io(e))?;
        let is_sound = comparison.as_ref().is_some_and(Comparison::is_sound);
        if truth.is_empty() || !is_sound && !witness.has_snapshot() {
            let backup = backups::newest_whole(self.path).map_err(|e| self.io(e))?;
            match backup {
                Some(backup) => {
                    mending.from_backup = Some(backup.at.clone());
                    truth.fill_from(backup);
                }
                None if truth.is_empty() => return Err(self.damaged()),
                None => mending.has_lost_its_beginning = true,
            }
        }
        if let Some(found) = truth.format().filter(|found| *found > super::FORMAT) {
            return Err(StoreError::Newer {
                path: self.path.to_path_buf(),
                found,
            });
        }
        if mending.is_worth_telling() {
            truth.remember(&mending)?;
        }
        let directory = self.path.join(journal::DIRECTORY);
        self.write(&directory, &truth)?;
        let witness = self.witness()?.ok_or_else(|| self.damaged())?;
        self.build(&Arc::new(witness))
    }

    /// Makes sled anew from a whole journal, and looks whether it is the same.
    fn build(&self, witness: &Arc<Witness>) -> Result<Opened, StoreError> {
        self.set_aside(SET_ASIDE)?;
        let database = self.sled_anew()?;
        let mut trees = std::collections::HashMap::new();
        for record in witness.records().map_err(|e| self.io(e))? {
            let ((tree, key), number, value) = record.map_err(|e| self.io(e))?;
            if !trees.contains_key(&tree) {
                let opened = database.open_tree(&tree).map_err(|e| self.sled(e))?;
                trees.insert(tree.clone(), opened);
            }
            let sealed = seal(&tree, &key, number, &value);
            if let Some(records) = trees.get(&tree) {
                records.insert(key, sealed).map_err(|e| self.sled(e))?;
            }
        }
        database.flush().map_err(|e| self.sled(e))?;
        let found = compare(&database, witness).map_err(|e| self.io(e))?;
        if !found.is_in_order() || !found.behind.is_empty() {
            // A disk that gives back other bytes than it took is found here, and not by the next
            // question.
            return Err(self.io(std::io::Error::other("新建的记录和日志对不上")));
        }
        self.go_on(database, witness.last)
    }

    /// Brings changes into sled that it did not yet have on disk when the program ended.
    fn catch_up(&self, database: &sled::Db, behind: &[(u64, Step)]) -> Result<(), StoreError> {
        for (number, step) in behind {
            let tree = database.open_tree(&step.tree).map_err(|e| self.sled(e))?;
            let made = match &step.value {
                Some(value) => {
                    let sealed = seal(&step.tree, &step.key, *number, value);
                    tree.insert(&step.key, sealed)
                }
                None => tree.remove(&step.key),
            };
            made.map_err(|e| self.sled(e))?;
        }
        if !behind.is_empty() {
            database.flush().map_err(|e| self.sled(e))?;
        }
        Ok(())
    }

    fn go_on(&self, database: sled::Db, last: u64) -> Result<Opened, StoreError> {
        reach::flush(&database, last).map_err(|e| self.sled(e))?;
        let directory = self.path.join(journal::DIRECTORY);
        let marks = Marks {
            settled: last,
            kept: last,
        };
        let journal = Journal::go_on(&directory, last, marks).map_err(|e| self.io(e))?;
        Ok(Opened {
            database,
            journal,
            last,
        })
    }

    /// Takes sled's files out of the way, in the place of those that were taken before.
    fn set_aside(&self, name: &str) -> Result<(), StoreError> {
        let files = snapshots::files_of_sled(self.path).map_err(|e| self.io(e))?;
        if files.is_empty() {
            return Ok(());
        }
        let aside = self.path.join(name);
        let moved = place::remove_directory(&aside)
            .and_then(|()| place::make_private(&aside))
            .and_then(|()| {
                files.iter().try_for_each(|file| {
                    place::rename(file, &aside.join(file.file_name().unwrap_or_default()))
                })
            })
            .and_then(|()| place::settle_names(self.path));
        moved.map_err(|e| self.io(e))
    }
}

/// Keeps everybody else out as long as the file lives; nothing where somebody has it.
pub(super) fn lock(path: &Path) -> std::io::Result<Option<File>> {
    let file = place::open_or_create(&path.join(super::LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ChatId, TopicId};
    use crate::store::Store;

    /// A kill while sled is made anew, when its old files are gone.
    #[test]
    fn where_the_journal_alone_is_the_state_nothing_is_damaged() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        let store = Store::open(path).unwrap();
        store.keep_topic(ChatId(-7), Some(TopicId(1))).unwrap();
        store.rest().unwrap();
        drop(store);
        let place = Place { path };
        let last = place.witness().unwrap().unwrap().last;
        place.leave_to_the_journal(last).unwrap();
        let store = Store::open(path).unwrap();
        let found = (store.topic(ChatId(-7)).unwrap(), store.mendings().unwrap());
        assert_eq!(found, (Some(TopicId(1)), vec![]));
    }
}
