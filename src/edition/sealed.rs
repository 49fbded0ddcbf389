//! The files of an index on disk under a seal, which lists their digests and lengths and has a
//! digest of its own. What is read is what was written, to the bit, or it is damaged.
//!
//! Files are read whole, so nothing that happens to them afterwards reaches who reads.

use crate::evidence::index::IndexFiles;
use crate::files;
use sha2::{Digest, Sha256};
use std::io;
use std::path::Path;

const SEAL: &str = "seal";
/// An index has some ten files, each a line of the seal.
const LONGEST_SEAL: u64 = 64 * 1024;

/// Writes files and, last, their seal into an empty directory.
pub(super) fn write(directory: &Path, files: &IndexFiles) -> io::Result<()> {
    let mut lines = String::new();
    for (name, bytes) in files {
        files::write_bytes(&directory.join(name), bytes)?;
        lines += &format!("{} {} {name}\n", digest(bytes), bytes.len());
    }
    let own = digest(lines.as_bytes());
    // Last: what was cut off before has no seal and is not opened.
    files::write_text(&directory.join(SEAL), &format!("{lines}{own}\n"))
}

/// Reads sealed files.
///
/// # Errors
/// Which file is not what was written, as a part of a sentence.
pub(super) fn read(directory: &Path) -> Result<IndexFiles, String> {
    let unread = |name: &str| {
        let name = name.to_string();
        move |error: io::Error| format!("{name}：{error}")
    };
    let damaged = |name: &str| format!("{name} 与写入时不同");
    let seal = files::read_at_most(&directory.join(SEAL), LONGEST_SEAL).map_err(unread(SEAL))?;
    let seal = String::from_utf8(seal).map_err(|_| damaged(SEAL))?;
    let (lines, own) = seal
        .strip_suffix('\n')
        .and_then(|seal| seal.rsplit_once('\n'))
        .ok_or_else(|| damaged(SEAL))?;
    let lines = format!("{lines}\n");
    if digest(lines.as_bytes()) != own {
        return Err(damaged(SEAL));
    }
    let mut files = IndexFiles::new();
    for line in lines.lines() {
        let mut parts = line.splitn(3, ' ');
        let (Some(sum), Some(length), Some(name)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(damaged(SEAL));
        };
        let length = length.parse().map_err(|_| damaged(SEAL))?;
        let bytes = files::read_at_most(&directory.join(name), length).map_err(unread(name))?;
        if digest(&bytes) != sum {
            return Err(damaged(name));
        }
        files.insert(name.to_string(), bytes);
    }
    Ok(files)
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_was_written() {
        let directory = tempfile::tempdir().unwrap();
        let empty: (String, Vec<u8>) = ("empty".to_string(), Vec::new());
        let written = IndexFiles::from([("a b.c".to_string(), vec![1, 2, 3]), empty]);
        write(directory.path(), &written).unwrap();
        assert_eq!(read(directory.path()), Ok(written));
        for (name, text) in [
            ("a b.c", "\u{1}\u{2}\u{4}"),
            ("a b.c", ""),
            (SEAL, ""),
            (SEAL, "\n"),
        ] {
            let file = directory.path().join(name);
            let whole = files::read_at_most(&file, LONGEST_SEAL).unwrap();
            files::write_text(&file, text).unwrap();
            assert!(read(directory.path()).is_err(), "{name}");
            files::write_bytes(&file, &whole).unwrap();
        }
        // A seal of whole lines that lacks one of them.
        let seal = files::read_text(&directory.path().join(SEAL)).unwrap();
        let shorter: Vec<&str> = seal.lines().skip(1).collect();
        files::write_text(&directory.path().join(SEAL), &(shorter.join("\n") + "\n")).unwrap();
        assert!(read(directory.path()).is_err());
        files::write_text(&directory.path().join(SEAL), &seal).unwrap();
        files::write_text(&directory.path().join("empty"), "1").unwrap();
        let error = read(directory.path()).unwrap_err();
        assert!(error.starts_with("empty"), "{error}");
    }
}
