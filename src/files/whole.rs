//! Reading files whole, up to a length: a pipe that nobody writes into, a device without an end and
//! a link that leads elsewhere are said to be none.

use std::fs::{File, metadata, symlink_metadata};
use std::io::{self, Read};
use std::path::Path;

/// The bytes of a file of at most a length.
///
/// # Errors
/// Where it is longer, no file, or cannot be read; what is said can be shown to a person.
#[expect(
    clippy::disallowed_methods,
    reason = "this module is where files are looked at before they are read"
)]
pub(crate) fn read_at_most(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    // Opening a pipe waits for whoever writes into it, so it is looked at first.
    let length = metadata(path).and_then(|found| {
        if found.is_file() {
            Ok(found.len())
        } else {
            Err(no_file("不是普通文件（是目录、管道或设备）"))
        }
    })?;
    if length > most {
        return Err(too_large(length, most));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    // It may have grown, and some files do not say how long they are.
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 {
        length if length > most => Err(too_large(length, most)),
        _ => Ok(bytes),
    }
}

/// Refuses a name below a directory that is, or lies behind, a link.
///
/// # Errors
/// Where it is one; what is absent is no link.
pub(super) fn refuse_links(root: &Path, name: &str) -> io::Result<()> {
    let mut path = root.to_path_buf();
    for part in name.split('/') {
        path.push(part);
        if symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) {
            return Err(no_file("是链接；请换成它所指的内容本身"));
        }
    }
    Ok(())
}

fn no_file(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, what.to_string())
}

fn too_large(length: u64, most: u64) -> io::Error {
    let megabytes = |bytes: u64| bytes.div_ceil(1_048_576);
    let message = format!(
        "文件有 {} MB，超过 {} MB 的上限",
        megabytes(length),
        megabytes(most)
    );
    io::Error::new(io::ErrorKind::FileTooLarge, message)
}
