//! The state that must survive a restart. Nothing else knows sled.
//!
//! It holds an audit of administrative acts, the updates that were handled, who is subscribed, who
//! has reported, and the messages that were promised. What it says is settled is on disk.

mod acts;
mod carrying;
mod change;
mod chats;
mod desk;
mod export;
mod flushing;
mod inbox;
mod moving;
mod offers;
mod outbox;
mod page;
mod probe;
mod restore;
mod roll;
mod rooms;
mod shares;
mod shown;
mod snapshots;
mod unanswered;
mod upgrade;
mod wishes;

pub use desk::{Acknowledged, Acknowledgement, Act, Button, Standing, Subscription};
pub use export::{Export, ExportError, Stamp};
pub use inbox::{AnsweredBy, NewUpdate, Taken};
pub use offers::{Offer, OnPress, Origin, Picked, TableFormat};
pub use outbox::{Correction, Covered, OutboxEntry, Purpose};
pub use restore::RestoreError;
pub use rooms::RoomEntry;
pub use shown::{Shown, ShownAs};
pub use unanswered::{KeptFor, Unanswered};
pub use wishes::{Decision, Wish};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;
use thiserror::Error;

/// The form of the records; a newer one is refused.
pub const FORMAT: u32 = 4;

const OPEN_TRIES: u32 = 10;
const OPEN_PAUSE: Duration = Duration::from_millis(50);
/// So much of the state is kept in memory beside the disk; sled's own measure is a gigabyte, which a
/// flood fills.
const CACHE_BYTES: u64 = 8 << 20;
/// The file that sled locks.
const DATABASE: &str = "db";

/// Why the state cannot be used; one sentence for the person who runs the bot.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Another process has it.
    #[error(
        "状态目录 {0} 正被另一个 planbot 使用；请先停掉它，或在 bot.toml 的 [paths] state 换一个目录"
    )]
    Locked(PathBuf),
    /// A newer planbot wrote it.
    #[error(
        "状态目录 {path} 是更新版本写的（格式 {found}，本程序认识到 {FORMAT}）；请用新版 planbot，目录未改动"
    )]
    Newer {
        /// The directory.
        path: PathBuf,
        /// Its form.
        found: u32,
    },
    /// It was written before, and nothing can be read any more.
    #[error("状态目录 {0} 里的记录读不出来；请从备份恢复，或把它改名保存后重新开始（订阅要重做）")]
    Damaged(PathBuf),
    /// It cannot be read or written.
    #[error(
        "状态目录 {path} 无法使用（{}{source}）；请检查磁盘空间和权限，或从备份恢复，目录未改动",
        in_words(source)
    )]
    Unusable {
        /// The directory.
        path: PathBuf,
        /// What sled says.
        source: sled::Error,
    },
    /// It changed with every reading.
    #[error("状态一直在变，没有取到同一时刻的全部记录；请过一会儿再试")]
    Changing,
    /// What was written could not be brought to disk.
    #[error("记录没能写到磁盘（{0}）；请检查磁盘后重新启动 planbot")]
    Flush(String),
    /// A record could not be written as JSON.
    #[error("记录无法写成 JSON：{0}")]
    Record(#[from] serde_json::Error),
}

/// An administrative act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// When, in RFC 3339.
    pub at: String,
    /// Who.
    pub person: i64,
    /// How whoever it was is called, where that is known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// In which chat, where it was in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat: Option<i64>,
    /// What.
    pub act: String,
    /// With what result.
    pub result: String,
}

/// The opened state.
#[derive(Debug, Clone)]
pub struct Store {
    path: PathBuf,
    database: sled::Db,
    meta: sled::Tree,
    audits: sled::Tree,
    others_acts: sled::Tree,
    acts: Arc<acts::CountedActs>,
    subscriptions: sled::Tree,
    acknowledgements: sled::Tree,
    buttons: sled::Tree,
    offers: sled::Tree,
    pending_offers: Arc<Mutex<offers::PendingOffers>>,
    inbox: Arc<inbox::Inbox>,
    counters: sled::Tree,
    unanswered: Arc<unanswered::Kept>,
    outbox: sled::Tree,
    covered: sled::Tree,
    told: sled::Tree,
    roll: sled::Tree,
    moves: sled::Tree,
    shown: sled::Tree,
    wishes: sled::Tree,
    due: sled::Tree,
    topics: sled::Tree,
    page: sled::Tree,
    rooms: sled::Tree,
    spoken: Arc<rooms::Spoken>,
    /// Numbers are given from here on: a restored state goes on behind those of the state that was
    /// backed up.
    numbers_from: u64,
    /// Whether it is kept in memory only: then nothing waits for a disk.
    passing: bool,
    flushing: flushing::Flushing,
}

impl StoreError {
    /// The cause alone, for a sentence that says the rest itself.
    pub fn cause(&self) -> String {
        match self {
            Self::Unusable { source, .. } => match in_words(source) {
                "" => source.to_string(),
                words => words.trim_end_matches('，').to_string(),
            },
            other => other.to_string(),
        }
    }
}

/// The faults of a disk that a person can mend, in words.
fn in_words(error: &sled::Error) -> &'static str {
    match error {
        sled::Error::Io(io) => match io.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "磁盘已满，",
            ErrorKind::FileTooLarge => "文件大小到了上限，",
            ErrorKind::ReadOnlyFilesystem => "磁盘是只读的，",
            ErrorKind::PermissionDenied => "没有权限，",
            _ => "",
        },
        _ => "",
    }
}

impl Store {
    /// Whether a directory holds a state.
    pub fn is_there(path: &Path) -> bool {
        began(path) || path.join(DATABASE).exists()
    }

    /// Keeps others from opening a state that is there, without opening it: as long as the file
    /// lives, no planbot starts on it. Nothing where there is no state.
    pub fn hold(path: &Path) -> Result<Option<std::fs::File>, StoreError> {
        let unusable = |source| StoreError::Unusable {
            path: path.to_path_buf(),
            source: sled::Error::Io(source),
        };
        let file = match std::fs::File::open(path.join(DATABASE)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unusable(error)),
        };
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::Locked(path.to_path_buf())),
            Err(std::fs::TryLockError::Error(error)) => Err(unusable(error)),
        }
    }

    /// Opens the state, waiting a moment for a process that is just ending.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut tries = 0;
        let database = loop {
            snapshots::remove_unfinished(path)?;
            match sled::Config::new()
                .path(path)
                .cache_capacity(CACHE_BYTES)
                .open()
            {
                Ok(database) => break database,
                Err(error) if is_locked(&error) && tries < OPEN_TRIES => {
                    tries += 1;
                    std::thread::sleep(OPEN_PAUSE);
                }
                Err(error) if is_locked(&error) => {
                    return Err(StoreError::Locked(path.to_path_buf()));
                }
                Err(source) => {
                    return Err(StoreError::Unusable {
                        path: path.to_path_buf(),
                        source,
                    });
                }
            }
        };
        Self::with(path, database, false)
    }

    /// A state that ends with the program: for simulations. What waits for the disk elsewhere only
    /// yields here.
    pub fn passing() -> Result<Self, StoreError> {
        let unusable = |source| StoreError::Unusable {
            path: PathBuf::new(),
            source,
        };
        let database = sled::Config::new()
            .temporary(true)
            .flush_every_ms(None)
            .open()
            .map_err(unusable)?;
        Self::with(Path::new(""), database, true)
    }

    fn with(path: &Path, database: sled::Db, passing: bool) -> Result<Self, StoreError> {
        let unusable = |source| StoreError::Unusable {
            path: path.to_path_buf(),
            source,
        };
        let meta = database.open_tree("meta").map_err(unusable)?;
        let stored = meta
            .get("format")
            .map_err(unusable)?
            .and_then(|bytes| bytes.as_ref().try_into().ok().map(u32::from_le_bytes));
        match stored {
            Some(found) if found > FORMAT => {
                return Err(StoreError::Newer {
                    path: path.to_path_buf(),
                    found,
                });
            }
            // An older one is brought up to date by whoever knows the plans.
            Some(_) => {}
            None if began(path) => return Err(StoreError::Damaged(path.to_path_buf())),
            None => {
                meta.insert("format", &FORMAT.to_le_bytes())
                    .map_err(unusable)?;
                meta.flush().map_err(unusable)?;
                if !passing {
                    mark_begun(path).map_err(|error| unusable(sled::Error::Io(error)))?;
                }
            }
        }
        let numbers_from = meta
            .get(NUMBERS_FROM)
            .map_err(unusable)?
            .and_then(|bytes| bytes.as_ref().try_into().ok().map(u64::from_le_bytes));
        let tree = |name: &str| database.open_tree(name).map_err(unusable);
        let offers = tree("offered")?;
        let pending_offers = offers::PendingOffers::behind(&offers).map_err(unusable)?;
        let rooms = tree("rooms")?;
        let spoken = rooms::Spoken::of(&rooms).map_err(unusable)?;
        let inbox = inbox::Inbox::open(tree("taken")?, tree("marks")?).map_err(unusable)?;
        Ok(Self {
            numbers_from: numbers_from.unwrap_or(0),
            path: path.to_path_buf(),
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
            database,
            passing,
            flushing: flushing::Flushing::default(),
        })
    }

    /// The form of the records as they stand.
    pub(crate) fn format(&self) -> Result<u32, StoreError> {
        let stored = self.meta.get("format").map_err(|e| self.unusable(e))?;
        let stored = stored.and_then(|bytes| bytes.as_ref().try_into().ok());
        Ok(stored.map_or(FORMAT, u32::from_le_bytes))
    }

    /// A number that none was given before.
    fn next_number(&self) -> Result<u64, StoreError> {
        Ok(self.numbers_from + self.database.generate_id().map_err(|e| self.unusable(e))?)
    }

    fn unusable(&self, source: sled::Error) -> StoreError {
        StoreError::Unusable {
            path: self.path.clone(),
            source,
        }
    }

    /// Waits until everything is on disk, without holding up the thread.
    pub async fn settle(&self) -> Result<(), StoreError> {
        if self.passing {
            let mut yielded = false;
            std::future::poll_fn(|_| {
                if std::mem::replace(&mut yielded, true) {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
            })
            .await;
            return Ok(());
        }
        self.flushing.settle(self).await
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
        tree: &sled::Tree,
        key: impl AsRef<[u8]>,
        value: &T,
    ) -> Result<(), StoreError> {
        tree.insert(key, serde_json::to_vec(value)?)
            .map(|_| ())
            .map_err(|e| self.unusable(e))
    }

    fn get<T: DeserializeOwned>(
        &self,
        tree: &sled::Tree,
        key: impl AsRef<[u8]>,
    ) -> Result<Option<T>, StoreError> {
        let found = tree.get(key).map_err(|e| self.unusable(e))?;
        Ok(found
            .map(|bytes| serde_json::from_slice(&bytes))
            .transpose()?)
    }

    fn all<T: DeserializeOwned>(&self, tree: &sled::Tree) -> Result<Vec<T>, StoreError> {
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
        self.write_offers()?;
        marks
    }

    /// Waits until everything is on disk.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.write_waiting()?;
        self.database
            .flush()
            .map(|_| ())
            .map_err(|e| self.unusable(e))
    }
}

fn is_locked(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(io) if io.kind() == ErrorKind::WouldBlock || io.to_string().contains("lock"))
}

/// Where the first number of a restored state is kept.
const NUMBERS_FROM: &str = "numbers_from";

/// The file that says that a state was begun here: a state that then holds nothing is damaged, not
/// new.
const BEGUN: &str = "begun";

fn began(path: &Path) -> bool {
    path.join(BEGUN).exists()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a mark beside the state, written once"
)]
fn mark_begun(path: &Path) -> std::io::Result<()> {
    std::fs::write(path.join(BEGUN), "")
}
