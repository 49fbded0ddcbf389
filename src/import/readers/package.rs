//! Files that are zip archives of parts: their parts within limits.

use super::Unreadable;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Unpacked parts are at most so large together, in bytes: a report of 60 pages has some 5 MB.
pub const MOST_UNPACKED: u64 = 64 * 1024 * 1024;
/// An archive has at most so many parts.
const MOST_PARTS: usize = 4_000;

/// An archive whose parts are read one by one.
pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
}

/// Whether some bytes begin like a zip archive.
pub fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

impl<'a> Package<'a> {
    /// Opens an archive.
    ///
    /// # Errors
    /// Where it is damaged or has too many parts.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| Unreadable("文件已损坏，无法解开；请重新保存或重新下载".to_string()))?;
        if archive.len() > MOST_PARTS {
            return Err(Unreadable(format!(
                "文件里有 {} 个部分，超过 {MOST_PARTS} 个的上限；请确认文件选对了",
                archive.len()
            )));
        }
        Ok(Self {
            archive,
            left: MOST_UNPACKED,
        })
    }

    /// Whether it has a part.
    pub fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// The bytes of a part; none where the archive does not have it.
    ///
    /// # Errors
    /// Where the part is damaged, or the parts together are larger than `MOST_UNPACKED`.
    pub fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        if !self.has(name) {
            return Ok(None);
        }
        let damaged = || Unreadable(format!("文件的 {name} 部分已损坏；请重新保存或重新下载"));
        let part = self.archive.by_name(name).map_err(|_| damaged())?;
        let mut bytes = Vec::new();
        // One byte more than allowed, so that reaching the limit is seen and nothing is cut.
        let mut bounded = part.take(self.left + 1);
        bounded.read_to_end(&mut bytes).map_err(|_| damaged())?;
        let length = bytes.len() as u64;
        if length > self.left {
            return Err(Unreadable(format!(
                "文件解开后超过 {} MB 的上限；请删去图片等附件后再导入",
                MOST_UNPACKED / 1024 / 1024
            )));
        }
        self.left -= length;
        Ok(Some(bytes))
    }
}
