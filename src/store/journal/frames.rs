//! The form of the journal: pieces with a checksum each, so that a damaged one spoils no other.
//!
//! A piece is a sign, a length, a checksum over length and body, and the body. After a piece that
//! cannot be read the next sign is looked for.

use super::Step;
use std::fs::File;
use std::io::{self, Read};

const SIGN: [u8; 4] = *b"PbJ1";
const HEAD: usize = 12;
const CHANGE: u8 = 0;
const END: u8 = 1;
/// So much is read at once.
const CHUNK: usize = 64 * 1024;

/// What stands in a file of the journal.
#[derive(Debug)]
pub(in crate::store) enum Piece {
    /// A change, with its number.
    Change(u64, Vec<Step>),
    /// The end of a snapshot: how many records it has.
    End(u64),
    /// Something that cannot be read.
    Unreadable,
}

/// A change as it is written.
pub(in crate::store) fn change(number: u64, steps: &[Step]) -> Vec<u8> {
    let mut body = vec![CHANGE];
    body.extend(number.to_le_bytes());
    for step in steps {
        put_bytes(&mut body, step.tree.as_bytes());
        put_bytes(&mut body, &step.key);
        match &step.value {
            Some(value) => {
                body.push(1);
                put_bytes(&mut body, value);
            }
            None => body.push(0),
        }
    }
    framed(&body)
}

/// The end of a snapshot as it is written.
pub(super) fn end(number: u64, records: u64) -> Vec<u8> {
    let mut body = vec![END];
    body.extend(number.to_le_bytes());
    body.extend(records.to_le_bytes());
    framed(&body)
}

fn framed(body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u32).to_le_bytes();
    let mut piece = Vec::with_capacity(HEAD + body.len());
    piece.extend(SIGN);
    piece.extend(length);
    piece.extend(checksum(&length, body).to_le_bytes());
    piece.extend(body);
    piece
}

fn checksum(length: &[u8], body: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(length);
    sum.update(body);
    sum.finalize()
}

fn put_bytes(body: &mut Vec<u8>, bytes: &[u8]) {
    body.extend((bytes.len() as u32).to_le_bytes());
    body.extend(bytes);
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

fn take_u64(rest: &mut &[u8]) -> Option<u64> {
    take(rest, 8)?.try_into().ok().map(u64::from_le_bytes)
}

fn take_bytes(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let length = take(rest, 4)?.try_into().ok().map(u32::from_le_bytes)?;
    take(rest, usize::try_from(length).ok()?).map(<[u8]>::to_vec)
}

fn read_body(mut rest: &[u8]) -> Option<Piece> {
    let kind = take(&mut rest, 1)?;
    let number = take_u64(&mut rest)?;
    if kind == [END] {
        return take_u64(&mut rest).map(Piece::End);
    }
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let tree = String::from_utf8(take_bytes(&mut rest)?).ok()?;
        let key = take_bytes(&mut rest)?;
        let value = match take(&mut rest, 1)? {
            [0] => None,
            _ => Some(take_bytes(&mut rest)?),
        };
        steps.push(Step { tree, key, value });
    }
    Some(Piece::Change(number, steps))
}

/// The pieces of a file, one after the other, without the file in memory.
pub(in crate::store) struct Pieces {
    file: File,
    /// How much of the file is not yet in the buffer.
    unread: u64,
    buffer: Vec<u8>,
    at: usize,
}

impl Pieces {
    /// From a file's beginning.
    pub(in crate::store) fn of(file: File) -> io::Result<Self> {
        Ok(Self {
            unread: file.metadata()?.len(),
            file,
            buffer: Vec::new(),
            at: 0,
        })
    }

    /// Reads on until so many bytes stand before us; says whether they do.
    fn has(&mut self, bytes: usize) -> io::Result<bool> {
        while self.buffer.len() - self.at < bytes {
            if self.unread == 0 {
                return Ok(false);
            }
            self.buffer.drain(..self.at);
            self.at = 0;
            let chunk = self.unread.min(CHUNK as u64);
            let read = (&mut self.file).take(chunk).read_to_end(&mut self.buffer)? as u64;
            // A file that is shortened while it is read ends here.
            self.unread = if read == 0 { 0 } else { self.unread - read };
        }
        Ok(true)
    }

    /// The piece that begins here, where one can be read.
    fn here(&mut self) -> io::Result<Option<Piece>> {
        if !self.has(HEAD)? || self.buffer[self.at..self.at + 4] != SIGN {
            return Ok(None);
        }
        let word = |at: usize| self.buffer[at..at + 4].try_into().map(u32::from_le_bytes);
        let (Ok(length), Ok(sum)) = (word(self.at + 4), word(self.at + 8)) else {
            return Ok(None);
        };
        let left = self.unread + (self.buffer.len() - self.at) as u64;
        if u64::from(length) + HEAD as u64 > left || !self.has(HEAD + length as usize)? {
            return Ok(None);
        }
        let body = &self.buffer[self.at + HEAD..self.at + HEAD + length as usize];
        if checksum(&length.to_le_bytes(), body) != sum {
            return Ok(None);
        }
        let piece = read_body(body);
        if piece.is_some() {
            self.at += HEAD + length as usize;
        }
        Ok(piece)
    }

    /// Goes to the next sign.
    fn skip(&mut self) -> io::Result<()> {
        self.at += 1;
        loop {
            let signs = self.buffer[self.at..].windows(SIGN.len());
            if let Some(found) = signs.enumerate().find(|(_, bytes)| *bytes == SIGN) {
                self.at += found.0;
                return Ok(());
            }
            // A sign may begin at the end of what was read.
            self.at = self
                .at
                .max(self.buffer.len().saturating_sub(SIGN.len() - 1));
            if !self.has(SIGN.len())? {
                self.at = self.buffer.len();
                return Ok(());
            }
        }
    }
}

impl Iterator for Pieces {
    type Item = io::Result<Piece>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.has(1) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(error) => return Some(Err(error)),
        }
        match self.here() {
            Ok(Some(piece)) => Some(Ok(piece)),
            Ok(None) => Some(self.skip().map(|()| Piece::Unreadable)),
            Err(error) => Some(Err(error)),
        }
    }
}
