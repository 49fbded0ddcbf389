//! The state that must survive a restart. Nothing else knows sled.
//!
//! It holds an audit of administrative acts, the updates that were handled, who is subscribed, who
//! has reported, and the messages that were promised. What it says is settled is on disk.

mod acts;
mod asked;
mod backups;
mod carrying;
mod change;
mod chats;
mod comparing;
mod desk;
mod export;
mod fault;
mod flushing;
mod guarded;
mod inbox;
mod journal;
mod keeper;
mod ledger;
mod mending;
mod moving;
mod naming;
mod numbers;
mod offers;
mod older;
mod opening;
mod outbox;
mod packed;
mod page;
mod place;
mod probe;
mod reach;
mod restore;
mod restoring;
mod roll;
mod rooms;
mod sealed;
mod sent;
mod shares;
mod shown;
mod snapshots;
mod tree;
mod unanswered;
mod upgrade;
mod wishes;

pub use acts::AuditAct;
pub(crate) use asked::AskedCounts;
pub(crate) use backups::carry_backups;
pub use desk::{Acknowledged, Act, Standing, Subscription};
pub(crate) use desk::{Acknowledgement, Button};
pub use export::{Export, Stamp};
pub(crate) use fault::StoreError;
pub(crate) use guarded::is_guarded;
pub(crate) use inbox::AnsweredBy;
pub use inbox::NewUpdate;
pub use mending::Mending;
pub use offers::{Offer, OnPress, Origin};
pub(crate) use offers::{Picked, TableFormat, Vote};
pub(crate) use outbox::{Correction, Covered, PromiseId};
pub use outbox::{OutboxEntry, Purpose};
pub(crate) use page::NamedRoom;
pub(crate) use restoring::beside as restoring_beside;
pub use restoring::is_ready as restore_is_ready;
pub(crate) use rooms::RoomEntry;
pub(crate) use sent::carry_sent;
pub(crate) use shown::{Shown, ShownAs};
pub use unanswered::{KeptFor, Unanswered};
pub use wishes::Decision;
pub(crate) use wishes::Wish;

use crate::model::{ChatId, PersonId};
use ledger::Ledger;
use numbers::Numbers;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tree::Tree;

/// The form of the records; a newer one is refused.
pub const FORMAT: u32 = 6;

/// From this form on every record has a number and a checksum, and stands in the journal too.
const FIRST_SEALED: u32 = 5;

const OPEN_TRIES: u32 = 10;
const OPEN_PAUSE: Duration = Duration::from_millis(50);
/// So much of the state is kept in memory beside the disk; sled's own measure is a gigabyte, which
/// a flood fills.
const CACHE_BYTES: u64 = 8 << 20;
/// The file that holds sled's records.
const DATABASE: &str = "db";
/// The file whose lock keeps other programs out.
const LOCK: &str = "lock";

/// An administrative act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// When, in RFC 3339.
    pub at: String,
    /// Who.
    pub person: PersonId,
    /// How whoever it was is called, where that is known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// In which chat, where it was in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat: Option<ChatId>,
    /// What.
    pub act: AuditAct,
    /// With what result.
    pub result: String,
}

/// The opened state.
#[derive(Debug, Clone)]
pub struct Store {
    path: PathBuf,
    /// Ends before what it works on is let go of.
    keeper: Option<Arc<keeper::Keeper>>,
    database: sled::Db,
    ledger: Arc<Ledger>,
    numbers: Arc<Numbers>,
    meta: Tree,
    audits: Tree,
    others_acts: Tree,
    acts: Arc<acts::CountedActs>,
    subscriptions: Tree,
    acknowledgements: Tree,
    buttons: Tree,
    offers: Tree,
    pending_offers: Arc<Mutex<offers::PendingOffers>>,
    inbox: Arc<inbox::Inbox>,
    counters: Tree,
    counted: Arc<asked::Counted>,
    unanswered: Arc<unanswered::Kept>,
    outbox: Tree,
    covered: Tree,
    told: Tree,
    roll: Tree,
    moves: Tree,
    shown: Tree,
    wishes: Tree,
    due: Tree,
    topics: Tree,
    page: Tree,
    rooms: Tree,
    spoken: Arc<rooms::Spoken>,
    mended: Tree,
    /// The change after which the last backup was made.
    backed_up: Arc<Mutex<Option<u64>>>,
    /// Nothing where it is kept in memory only: then nothing waits for a disk.
    flushing: Option<flushing::Flushing>,
    /// Keeps others out as long as any part of the program has the state.
    _lock: Option<Arc<File>>,
}

impl Store {
    /// Whether a directory holds a state.
    pub fn is_there(path: &Path) -> bool {
        began(path)
            || path.join(DATABASE).exists()
            || path.join(journal::DIRECTORY).exists()
            || restoring::is_due(path)
    }

    /// Keeps others from opening a state that is there, without opening it: as long as the file
    /// lives, no planbot starts on it. Nothing where there is no state.
    pub fn hold(path: &Path) -> Result<Option<File>, StoreError> {
        let unusable = |source| StoreError::Unusable {
            path: path.to_path_buf(),
            source: sled::Error::Io(source),
        };
        if !path.exists() || !Self::is_there(path) {
            return Ok(None);
        }
        let locked = || StoreError::Locked(path.to_path_buf());
        let held = opening::lock(path).map_err(unusable)?.ok_or_else(locked)?;
        // A planbot of before there was that file locks sled's.
        match File::open(path.join(DATABASE)).map(|file| file.try_lock()) {
            Ok(Err(std::fs::TryLockError::WouldBlock)) => Err(locked()),
            Ok(Err(std::fs::TryLockError::Error(error))) => Err(unusable(error)),
            Err(error) if error.kind() != ErrorKind::NotFound => Err(unusable(error)),
            _ => Ok(Some(held)),
        }
    }

    /// Opens the state, waiting a moment for a process that is just ending. What is damaged is
    /// mended, and `mendings` says so.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let unusable = |source| StoreError::Unusable {
            path: path.to_path_buf(),
            source: sled::Error::Io(source),
        };
        // Before anything of it is looked at: a restore that was cut off is brought to its end or
        // undone.
        restoring::finish(path)
            .and_then(|()| place::make_private(path))
            .map_err(unusable)?;
        let mut tries = 0;
        loop {
            let lock = opening::lock(path).map_err(unusable)?;
            let opened = match lock {
                None => Err(StoreError::Locked(path.to_path_buf())),
                Some(lock) => opening::open(path).map(|opened| (opened, lock)),
            };
            match opened {
                Err(StoreError::Locked(_)) if tries < OPEN_TRIES => {
                    tries += 1;
                    std::thread::sleep(OPEN_PAUSE);
                }
                Err(other) => return Err(other),
                Ok((opened, lock)) => {
                    restoring::forget(path).map_err(unusable)?;
                    let store = Self::with(path, opened, lock).map_err(unusable_or(path))?;
                    store.check_format()?;
                    return Ok(store);
                }
            }
        }
    }

    /// A state that ends with the program: for simulations. What waits for the disk elsewhere only
    /// yields here.
    pub fn passing() -> Result<Self, StoreError> {
        let database = sled::Config::new()
            .temporary(true)
            .flush_every_ms(None)
            .open();
        let path = PathBuf::new();
        let of_trees = database.and_then(|database| {
            let ledger = Ledger::new(PathBuf::new(), 0, None);
            Self::of(&path, database, Arc::new(ledger))
        });
        let store = of_trees.map_err(unusable_or(&path))?;
        store.check_format()?;
        Ok(store)
    }

    fn with(path: &Path, opened: opening::Opened, lock: File) -> sled::Result<Self> {
        let opening::Opened {
            database,
            journal,
            last,
        } = opened;
        let ledger = Ledger::new(path.join(journal::DIRECTORY), last, Some(journal));
        let ledger = Arc::new(ledger);
        let keeper = keeper::Keeper::begin(Arc::clone(&ledger), database.clone())?;
        let mut store = Self::of(path, database, ledger)?;
        store.keeper = Some(Arc::new(keeper));
        store.flushing = Some(flushing::Flushing::begin()?);
        store._lock = Some(Arc::new(lock));
        Ok(store)
    }

    fn of(path: &Path, database: sled::Db, ledger: Arc<Ledger>) -> sled::Result<Self> {
        let tree = |name: &str| Tree::open(&database, name, &ledger);
        let meta = tree("meta")?;
        let offers = tree("offered")?;
        let pending_offers = offers::PendingOffers::behind(&offers)?;
        let rooms = tree("rooms")?;
        let spoken = rooms::Spoken::of(&rooms)?;
        let inbox = inbox::Inbox::open(tree("taken")?, tree("marks")?)?;
        let numbers_from = meta.get(NUMBERS_FROM)?;
        let numbers_from =
            numbers_from.and_then(|bytes| bytes.try_into().ok().map(u64::from_le_bytes));
        Ok(Self {
            path: path.to_path_buf(),
            keeper: None,
            numbers: Arc::new(Numbers::from(numbers_from.unwrap_or(0))),
            audits: tree("audits")?,
            others_acts: tree("others_acts")?,
            acts: Arc::default(),
            subscriptions: tree("subscriptions")?,
            acknowledgements: tree("acknowledgements")?,
            buttons: tree("buttons")?,
            offers,
            pending_offers: Arc::new(Mutex::new(pending_offers)),
            inbox: Arc::new(inbox),
            counters: tree("counters")?,
            counted: Arc::default(),
            unanswered: Arc::new(unanswered::Kept::open(tree("unanswered")?)),
            outbox: tree("outbox")?,
            covered: tree("covered")?,
            told: tree("told")?,
            roll: tree("roll")?,
            moves: tree("moves")?,
            shown: tree("shown")?,
            wishes: tree("wishes")?,
            due: tree("due")?,
            topics: tree("topics")?,
            meta,
            page: tree("page")?,
            rooms,
            spoken: Arc::new(spoken),
            mended: tree(mending::TREE)?,
            database,
            ledger,
            backed_up: Arc::default(),
            flushing: None,
            _lock: None,
        })
    }

    /// A newer form is refused; a new state gets this one, and so does one that is brought up to
    /// date by what it says itself.
    fn check_format(&self) -> Result<(), StoreError> {
        let stored = self.meta.get("format").map_err(|e| self.unusable(e))?;
        let stored = stored.and_then(|bytes| bytes.try_into().ok().map(u32::from_le_bytes));
        if let Some(found) = stored
            && naming::has_numbers(found)
        {
            self.name_keys()?;
        }
        match stored {
            Some(found) if found > FORMAT => Err(StoreError::Newer {
                path: self.path.clone(),
                found,
            }),
            // An older one is brought up to date by whoever knows the plans.
            Some(found) if found == FORMAT || upgrade::needs_the_plans(found) => Ok(()),
            _ => {
                let made = self.meta.insert("format", FORMAT.to_le_bytes());
                made.map_err(|e| self.unusable(e))?;
                self.flush()
            }
        }
    }

    /// A tree that no field names.
    fn tree(&self, name: &str) -> sled::Result<Tree> {
        Tree::open(&self.database, name, &self.ledger)
    }

    fn backed_up(&self) -> MutexGuard<'_, Option<u64>> {
        self.backed_up
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The form of the records as they stand.
    pub(crate) fn format(&self) -> Result<u32, StoreError> {
        let stored = self.meta.get("format").map_err(|e| self.unusable(e))?;
        let stored = stored.and_then(|bytes| bytes.try_into().ok());
        Ok(stored.map_or(FORMAT, u32::from_le_bytes))
    }

    fn unusable(&self, source: sled::Error) -> StoreError {
        StoreError::Unusable {
            path: self.path.clone(),
            source,
        }
    }

    /// Whether it ends with the program.
    fn is_passing(&self) -> bool {
        self.flushing.is_none()
    }

    /// Waits until everything is on disk, without holding up the thread.
    pub async fn settle(&self) -> Result<(), StoreError> {
        if let Some(flushing) = &self.flushing {
            return flushing.settle(self).await;
        }
        // Nothing is waited for in memory; others get their turn all the same, as they would with a
        // disk.
        tokio::task::yield_now().await;
        Ok(())
    }

    /// Forgets everything but updates and their marks: for simulations, which have none of them.
    pub fn clear(&self) -> Result<(), StoreError> {
        self.unanswered.clear().map_err(|e| self.unusable(e))?;
        self.forget_counted_acts();
        let edge = [
            &self.audits,
            &self.others_acts,
            &self.offers,
            &self.counters,
        ];
        let desk = [
            &self.subscriptions,
            &self.acknowledgements,
            &self.buttons,
            &self.outbox,
            &self.covered,
            &self.told,
            &self.roll,
            &self.moves,
            &self.shown,
            &self.wishes,
            &self.due,
            &self.topics,
            &self.page,
            &self.rooms,
        ];
        for tree in edge.into_iter().chain(desk) {
            tree.clear().map_err(|e| self.unusable(e))?;
        }
        Ok(())
    }

    fn put<T: Serialize>(
        &self,
        tree: &Tree,
        key: impl AsRef<[u8]>,
        value: &T,
    ) -> Result<(), StoreError> {
        tree.insert(key, serde_json::to_vec(value)?)
            .map_err(|e| self.unusable(e))
    }

    fn get<T: DeserializeOwned>(
        &self,
        tree: &Tree,
        key: impl AsRef<[u8]>,
    ) -> Result<Option<T>, StoreError> {
        let found = tree.get(key).map_err(|e| self.unusable(e))?;
        Ok(found
            .map(|bytes| serde_json::from_slice(&bytes))
            .transpose()?)
    }

    fn all<T: DeserializeOwned>(&self, tree: &Tree) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        for record in tree {
            let (_, bytes) = record.map_err(|e| self.unusable(e))?;
            found.push(serde_json::from_slice(&bytes)?);
        }
        Ok(found)
    }

    /// Writes what waits in memory to be written with others.
    fn write_waiting(&self) -> Result<(), StoreError> {
        let marks = self.write_marks();
        // The marks first: what is done is written even where a reply's buttons cannot be.
        self.write_offers()?;
        self.write_much_asked()?;
        marks
    }

    /// Waits until everything is on disk.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.write_waiting()?;
        let settled = self
            .ledger
            .settle(|number| reach::flush(&self.database, number));
        settled.map(|_| ()).map_err(|e| self.unusable(e))
    }

    /// Waits until everything is on disk in both places, so that the next opening has nothing to
    /// catch up.
    pub fn rest(&self) -> Result<(), StoreError> {
        self.write_asked()?;
        self.flush()?;
        // From 0, so that it is brought to disk even where nothing seems to have changed.
        let kept = keeper::keep(&self.ledger, &self.database, 0);
        kept.map(|_| ()).map_err(|e| self.unusable(e))
    }
}

fn unusable_or(path: &Path) -> impl Fn(sled::Error) -> StoreError {
    let path = path.to_path_buf();
    move |source| StoreError::Unusable {
        path: path.clone(),
        source,
    }
}

fn is_locked(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(io) if io.to_string().contains("could not acquire lock"))
}

/// Where the first number of a restored state is kept.
const NUMBERS_FROM: &str = "numbers_from";

/// The file that says that a state was begun here: a state that then holds nothing is damaged, not
/// new.
const BEGUN: &str = "begun";

fn began(path: &Path) -> bool {
    path.join(BEGUN).exists()
}
