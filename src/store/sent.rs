//! The files that were sent into rooms of the page, so that a restart keeps them. They stand beside
//! the records, each with a digest before it, so that a damaged one is not taken for whole; they
//! are no part of a backup.

use super::{Store, StoreError, place};
use crate::model::ChatId;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The directory below the state's.
const DIRECTORY: &str = "sent";
const PARTIAL: &str = "sent.partial";
/// So long a file stays: as long as its message does.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// All of them together. A picture of an indicator has about 60 kB, a workbook 20 kB.
const MOST_BYTES: u64 = 64 << 20;
/// Those of one room; its own oldest makes way.
const MOST_OF_ROOM: u64 = 8 << 20;
const DIGEST_LENGTH: usize = 32;

/// A file that is kept.
struct Kept {
    chat: String,
    at: SystemTime,
    length: u64,
    path: PathBuf,
}

impl Store {
    /// Keeps a file of a room under its word; what is too old or too much goes. Not waited for.
    pub fn keep_sent(
        &self,
        chat: ChatId,
        word: &str,
        bytes: &[u8],
        now: SystemTime,
    ) -> Result<(), StoreError> {
        let Some((directory, path)) = self.place_of_sent(chat, word) else {
            return Ok(());
        };
        let failed = |error| self.unusable(sled::Error::Io(error));
        place::make_private(&directory).map_err(failed)?;
        // Written aside: a kill in the middle must not leave half a file under its name.
        let partial = directory.join(PARTIAL);
        write(&partial, bytes, now)
            .and_then(|()| place::rename(&partial, &path))
            .and_then(|()| let_go(&directory, now))
            .map_err(failed)
    }

    /// Whether a file of a room is kept.
    pub fn has_sent(&self, chat: ChatId, word: &str) -> bool {
        let place = self.place_of_sent(chat, word);
        place.is_some_and(|(_, path)| path.exists())
    }

    /// A file of a room; nothing where it is not kept, or is not what was sent.
    pub fn sent(&self, chat: ChatId, word: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let Some((_, path)) = self.place_of_sent(chat, word) else {
            return Ok(None);
        };
        match read(&path) {
            Ok(whole) => Ok(whole),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.unusable(sled::Error::Io(error))),
        }
    }

    /// The directory and the file; none in a state that is kept in memory only, or for a word that
    /// is no name.
    fn place_of_sent(&self, chat: ChatId, word: &str) -> Option<(PathBuf, PathBuf)> {
        let is_name = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if self.is_passing() || !is_name {
            return None;
        }
        let directory = self.path.join(DIRECTORY);
        let path = directory.join(format!("{}.{word}", chat.0));
        Some((directory, path))
    }
}

fn write(path: &Path, bytes: &[u8], now: SystemTime) -> io::Result<()> {
    let mut file = place::create(path)?;
    file.write_all(&Sha256::digest(bytes))?;
    file.write_all(bytes)?;
    file.set_modified(now)
}

fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut whole = Vec::new();
    // Nobody who can write into the directory makes the program take more memory than a room may
    // have.
    let most = MOST_OF_ROOM + DIGEST_LENGTH as u64;
    place::open(path)?.take(most).read_to_end(&mut whole)?;
    let bytes = whole.split_off(DIGEST_LENGTH.min(whole.len()));
    let is_whole = whole[..] == Sha256::digest(&bytes)[..];
    Ok(is_whole.then_some(bytes))
}

/// Removes what is too old, too much of one room, or too much of all: then the oldest of the room
/// that has most.
fn let_go(directory: &Path, now: SystemTime) -> io::Result<()> {
    let mut kept: Vec<Kept> = Vec::new();
    for path in place::list(directory)? {
        let name = place::name_of(&path);
        let Some((chat, _)) = name.split_once('.').filter(|_| name != PARTIAL) else {
            continue;
        };
        let about = path.metadata()?;
        kept.push(Kept {
            chat: chat.to_string(),
            at: about.modified()?,
            length: about.len(),
            path,
        });
    }
    kept.sort_by_key(|file| file.at);
    for file in expendable(&kept, now) {
        place::remove_file(&file.path)?;
    }
    Ok(())
}

/// Those that need not be kept, of files in the order of their age.
fn expendable(kept: &[Kept], now: SystemTime) -> Vec<&Kept> {
    let is_old = |file: &Kept| now.duration_since(file.at).is_ok_and(|age| age > KEPT);
    let (mut gone, mut left): (Vec<&Kept>, Vec<&Kept>) = kept.iter().partition(|file| is_old(file));
    let mut of_rooms: HashMap<&str, u64> = HashMap::new();
    for file in &left {
        *of_rooms.entry(file.chat.as_str()).or_default() += file.length;
    }
    loop {
        let all: u64 = of_rooms.values().sum();
        let most = of_rooms
            .iter()
            .max_by_key(|(chat, bytes)| (**bytes, **chat));
        let Some((chat, bytes)) = most.map(|(chat, bytes)| (*chat, *bytes)) else {
            return gone;
        };
        let first = left.iter().position(|file| file.chat == chat);
        let Some(first) = first.filter(|_| bytes > MOST_OF_ROOM || all > MOST_BYTES) else {
            return gone;
        };
        let file = left.remove(first);
        of_rooms.insert(chat, bytes - file.length);
        gone.push(file);
    }
}

/// Takes the files along into the state that takes the place of one.
pub(crate) fn carry_sent(from: &Path, to: &Path) -> io::Result<()> {
    let directory = to.join(DIRECTORY);
    for path in place::list(&from.join(DIRECTORY))? {
        place::make_private(&directory)?;
        let at = path.metadata()?.modified()?;
        let mut copy = place::create(&directory.join(place::name_of(&path)))?;
        io::copy(&mut place::open(&path)?, &mut copy)?;
        copy.set_modified(at)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(chat: i64, day: u64, length: u64) -> Kept {
        Kept {
            chat: chat.to_string(),
            at: SystemTime::UNIX_EPOCH + Duration::from_secs(day * 86_400),
            length,
            path: PathBuf::from(format!("{chat}.{day}")),
        }
    }

    fn gone(kept: &[Kept], day: u64) -> Vec<String> {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(day * 86_400);
        let gone = expendable(kept, now).into_iter();
        gone.map(|file| place::name_of(&file.path)).collect()
    }

    #[test]
    fn what_is_too_old_or_too_much_goes_and_nothing_else() {
        assert_eq!(gone(&[file(1, 0, 5), file(1, 2, 5)], 31), ["1.0"]);
        let large = MOST_OF_ROOM / 2;
        let kept = [
            file(1, 0, large),
            file(2, 1, 9),
            file(1, 2, large),
            file(1, 3, 1),
        ];
        assert_eq!(gone(&kept, 4), ["1.0"]);
        // Nine rooms are full: the one that has most makes way, and not the one that has little.
        let mut kept: Vec<Kept> = vec![file(0, 0, 9)];
        kept.extend((1..=8).map(|chat| file(chat, chat as u64, MOST_OF_ROOM - chat as u64)));
        kept.push(file(9, 9, 100));
        assert_eq!(gone(&kept, 10), ["1.1"]);
    }

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let directory = tempfile::tempdir().unwrap();
        let state = directory.path().join("state");
        let store = Store::open(&state).unwrap();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        store
            .keep_sent(ChatId(-5), "ab12", b"what was sent", now)
            .unwrap();
        assert_eq!(
            store.sent(ChatId(-5), "ab12").unwrap().unwrap(),
            b"what was sent"
        );
        assert!(store.has_sent(ChatId(-5), "ab12") && !store.has_sent(ChatId(5), "ab12"));
        assert_eq!(store.sent(ChatId(-5), "../lock").unwrap(), None);
        let path = state.join(DIRECTORY).join("-5.ab12");
        let mut bytes = Vec::new();
        place::open(&path).unwrap().read_to_end(&mut bytes).unwrap();
        bytes.pop();
        place::create(&path).unwrap().write_all(&bytes).unwrap();
        assert_eq!(store.sent(ChatId(-5), "ab12").unwrap(), None, "it is cut");
    }
}
