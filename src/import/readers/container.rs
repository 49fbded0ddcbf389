//! The two containers of office files: zip archives and OLE compound files. Sizes are checked here,
//! before a reader of another crate sees the file.

use std::io::{Cursor, Read};

use crate::import::readers::unreadable::{Unreadable, guarded};

/// A part or a whole archive unpacks to at most so many bytes: a report with many pictures stays
/// below 20 MB, so what is larger is no report or is made to exhaust memory.
pub(crate) const MOST_UNPACKED_BYTES: u64 = 64 * 1024 * 1024;
/// An archive has at most so many entries: a workbook of 200 sheets has fewer than 1,000.
const MOST_ENTRIES: usize = 5_000;
/// Every zip archive begins with these bytes.
const ZIP_SIGNATURE: &[u8] = b"PK\x03\x04";
/// Every OLE compound file begins with these bytes.
const OLE_SIGNATURE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

const DAMAGED: &str = "文件已损坏，请重新取得完整的文件，或用办公软件打开后另存再导入";
const TOO_LARGE: &str = "文件解压后超过64 MB，请删去图片和无关的工作表后再导入";

/// Whether it is a zip archive.
pub(crate) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP_SIGNATURE)
}

/// Whether it is an OLE compound file.
pub(crate) fn is_ole(bytes: &[u8]) -> bool {
    bytes.starts_with(OLE_SIGNATURE)
}

/// The names of a zip archive's entries; none where its directory cannot be read.
pub(crate) fn zip_names(bytes: &[u8]) -> Vec<String> {
    if !is_zip(bytes) {
        return Vec::new();
    }
    let names = guarded(DAMAGED, || {
        let archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        let names = archive.file_names().filter_map(|name| name.ok());
        Ok(names.map(|name| name.to_string()).collect())
    });
    names.unwrap_or_default()
}

/// One entry of a zip archive.
pub(crate) fn zip_entry(bytes: &[u8], name: &str) -> Result<Vec<u8>, Unreadable> {
    guarded(DAMAGED, || {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        let entry = archive.by_name(name).map_err(|_| damaged())?;
        read_at_most(entry, MOST_UNPACKED_BYTES)
    })
}

/// One entry of a zip archive; none where the archive does not have it.
pub(crate) fn zip_part(bytes: &[u8], name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
    let is_there = zip_names(bytes).iter().any(|known| known == name);
    is_there.then(|| zip_entry(bytes, name)).transpose()
}

/// Unpacks every entry once and counts, since the sizes in the directory may be false. The entries
/// whose name satisfies `is_wanted` are given to `look`.
pub(crate) fn check_zip(
    bytes: &[u8],
    is_wanted: impl Fn(&str) -> bool,
    mut look: impl FnMut(&[u8]) -> Result<(), Unreadable>,
) -> Result<(), Unreadable> {
    guarded(DAMAGED, || {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        if archive.len() > MOST_ENTRIES {
            return Err(too_large());
        }
        // What the directory says costs nothing to add up; what it hides is found by unpacking.
        check_declared_sizes(&mut archive)?;
        let mut left = MOST_UNPACKED_BYTES;
        for index in 0..archive.len() {
            let entry = archive.by_index(index).map_err(|_| damaged())?;
            let is_wanted = entry.name().is_ok_and(|name| is_wanted(&name));
            if is_wanted {
                let content = read_at_most(entry, left)?;
                // Of all entries together: a thousand small ones fill the memory too.
                left -= content.len() as u64;
                look(&content)?;
            } else {
                left -= count_at_most(entry, left)?;
            }
        }
        Ok(())
    })
}

/// The sum of the sizes that the directory declares: most archives that are too large end here.
fn check_declared_sizes(archive: &mut zip::ZipArchive<Cursor<&[u8]>>) -> Result<(), Unreadable> {
    let mut sum = 0u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| damaged())?;
        sum = sum.saturating_add(entry.size());
    }
    if sum > MOST_UNPACKED_BYTES {
        return Err(too_large());
    }
    Ok(())
}

/// All bytes of a reader that gives at most so many.
fn read_at_most(reader: impl Read, most: u64) -> Result<Vec<u8>, Unreadable> {
    let mut content = Vec::new();
    // One more than is allowed, so that too much is told from just enough.
    let mut limited = reader.take(most + 1);
    limited.read_to_end(&mut content).map_err(|_| damaged())?;
    if content.len() as u64 > most {
        return Err(too_large());
    }
    Ok(content)
}

/// How many bytes a reader gives, which is at most so many.
fn count_at_most(reader: impl Read, most: u64) -> Result<u64, Unreadable> {
    let mut limited = reader.take(most + 1);
    let count = std::io::copy(&mut limited, &mut std::io::sink()).map_err(|_| damaged())?;
    if count > most {
        return Err(too_large());
    }
    Ok(count)
}

/// The names of the streams in the root of an OLE compound file.
pub(crate) fn ole_names(bytes: &[u8]) -> Vec<String> {
    if !is_ole(bytes) {
        return Vec::new();
    }
    let names = guarded(DAMAGED, || {
        let file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| damaged())?;
        let streams = file.read_root_storage().filter(cfb::Entry::is_stream);
        Ok(streams.map(|stream| stream.name().to_string()).collect())
    });
    names.unwrap_or_default()
}

/// A stream in the root of an OLE compound file.
pub(crate) fn ole_stream(bytes: &[u8], name: &str) -> Result<Vec<u8>, Unreadable> {
    guarded(DAMAGED, || {
        let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| damaged())?;
        let stream = file
            .open_stream(format!("/{name}"))
            .map_err(|_| damaged())?;
        read_at_most(stream, MOST_UNPACKED_BYTES)
    })
}

/// An OLE compound file with a single stream.
pub(crate) fn ole_with_stream(name: &str, content: &[u8]) -> Result<Vec<u8>, Unreadable> {
    guarded(DAMAGED, || {
        let write = || -> std::io::Result<Vec<u8>> {
            // The third version: calamine takes the fourth without short streams for damaged.
            let empty = Cursor::new(Vec::new());
            let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, empty)?;
            let mut stream = file.create_stream(format!("/{name}"))?;
            std::io::Write::write_all(&mut stream, content)?;
            std::io::Write::flush(&mut stream)?;
            drop(stream);
            Ok(file.into_inner().into_inner())
        };
        write().map_err(|_| damaged())
    })
}

fn damaged() -> Unreadable {
    Unreadable::because(DAMAGED)
}

fn too_large() -> Unreadable {
    Unreadable::because(TOO_LARGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_is_cut_where_it_gives_too_much() {
        assert_eq!(read_at_most(&b"abc"[..], 3), Ok(b"abc".to_vec()));
        assert_eq!(read_at_most(&b"abcd"[..], 3), Err(too_large()));
        assert_eq!(count_at_most(&b"abcd"[..], 3), Err(too_large()));
    }

    #[test]
    fn a_stream_that_was_written_is_read() {
        let file = ole_with_stream("Workbook", b"content").unwrap();
        assert_eq!(ole_names(&file), ["Workbook"]);
        assert_eq!(ole_stream(&file, "Workbook"), Ok(b"content".to_vec()));
    }
}
