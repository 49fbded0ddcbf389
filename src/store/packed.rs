//! The text of a packed backup.

use flate2::read::GzDecoder;
use std::io::{self, Read};

/// How packed bytes begin.
pub(super) const PACKED: [u8; 2] = [0x1f, 0x8b];
/// So much a backup may hold: a file that says more of itself is none of ours.
pub(super) const LARGEST: u64 = 1 << 30;

/// The text of packed bytes.
pub(super) fn unpacked(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let read = GzDecoder::new(bytes).take(LARGEST).read_to_end(&mut text)?;
    if read as u64 == LARGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(text)
}
