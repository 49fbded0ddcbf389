//! Every record of the state as lines of text, and back: a header, one line a record, a trailer
//! that shows a cut file.
//!
//! It knows trees, keys and values, not what they mean: a tree that is added later is covered.

use super::packed::{PACKED, unpacked};
use super::{FORMAT, NUMBERS_FROM, Store, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::io::{self, Write};
use thiserror::Error;

/// The form of these lines; a newer one is refused.
const LINES_FORMAT: u32 = 1;
/// How the header begins.
const BEGINNING: &[u8] = b"{\"planbot\":\"state\"";

/// Why lines are not a whole backup; one sentence for the person who has the file.
#[derive(Debug, Error)]
pub enum ExportError {
    /// Something else than a backup.
    #[error("不是 planbot state backup 写的备份；请确认文件选对了")]
    Strange,
    /// The trailer is missing or does not fit.
    #[error("备份不完整或被改动过（{0}）；请换一份完整的备份")]
    Damaged(String),
    /// A newer planbot wrote it.
    #[error("备份是更新版本写的（planbot {0}）；请用新版 planbot 恢复")]
    Newer(String),
}

/// By which program and when a backup was made.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// The product's version.
    pub version: String,
    /// When, in RFC 3339.
    pub at: String,
}

#[derive(Serialize, Deserialize)]
struct Header {
    planbot: String,
    backup: u32,
    state: u32,
    version: String,
    at: String,
    /// Numbers below this one were given.
    numbers: u64,
}

#[derive(Serialize, Deserialize)]
struct Trailer {
    records: usize,
    sha256: String,
}

/// A record: the key as text where it is readable, the value as JSON where it is JSON, byte for
/// byte.
#[derive(Serialize, Deserialize)]
struct Line {
    tree: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key_hex: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value_hex: Option<String>,
}

/// A record as a person reads it.
#[derive(Serialize)]
struct Readable<'a> {
    tree: &'a str,
    key: String,
    value: Box<RawValue>,
}

/// A tree's name, a key, a value.
pub(super) type Record = (String, Vec<u8>, Vec<u8>);

/// A whole backup, checked.
pub struct Export {
    /// When it was made, in RFC 3339.
    pub at: String,
    /// The form of its records.
    pub(super) format: u32,
    pub(super) numbers: u64,
    pub(super) records: Vec<Record>,
}

impl Store {
    /// Everything, as the text of a backup.
    pub fn export(&self, stamp: &Stamp) -> Result<String, StoreError> {
        let mut text = Vec::new();
        self.export_to(stamp, &mut text)?;
        Ok(String::from_utf8_lossy(&text).to_string())
    }

    /// Writes everything as the text of a backup, record by record: nothing but what has changed
    /// lately is in memory.
    pub fn export_to(&self, stamp: &Stamp, out: &mut dyn Write) -> Result<(), StoreError> {
        self.write_waiting()?;
        self.write_asked()?;
        let header = Header {
            planbot: "state".to_string(),
            backup: LINES_FORMAT,
            state: self.format()?,
            version: stamp.version.clone(),
            at: stamp.at.clone(),
            // A state that is restored from this goes on above the numbers that were given until
            // now.
            numbers: self.next_number()?,
        };
        let mut lines = Lines {
            out,
            digest: Sha256::new(),
        };
        let mut records = 0;
        let written = lines.write(&header).map_err(|e| self.failed(e));
        written.and_then(|()| {
            self.each_record(&mut |record| {
                records += 1;
                lines.write(&Line::of(&record))
            })
        })?;
        // Over all lines before it: the trailer shows a cut and a changed file alike.
        let sha256 = hex::encode(lines.digest.clone().finalize());
        let trailer = Trailer { records, sha256 };
        lines.write(&trailer).map_err(|e| self.failed(e))
    }

    /// Every record as of one moment, in order. They come from the journal: sled has no view of one
    /// moment, and keeps in memory whatever is changed while somebody reads it.
    fn each_record(
        &self,
        take: &mut dyn FnMut(Record) -> io::Result<()>,
    ) -> Result<(), StoreError> {
        // Where numbers begin is a matter of this directory; a restored one writes its own.
        let is_own = |tree: &str, key: &[u8]| tree == "meta" && key == NUMBERS_FROM.as_bytes();
        let of_journal = self.ledger.condense(|witness| {
            for record in witness.records()? {
                let ((tree, key), _, value) = record?;
                if !is_own(&tree, &key) {
                    take((tree, key, value))?;
                }
            }
            Ok(())
        });
        match of_journal.map_err(|e| self.failed(e))? {
            Some(()) => Ok(()),
            None => Err(self.failed(io::ErrorKind::Unsupported.into())),
        }
    }

    /// Every record of every tree, in order.
    pub(super) fn records(&self) -> Result<Vec<Record>, StoreError> {
        let mut records = Vec::new();
        self.each_record(&mut |record| {
            records.push(record);
            Ok(())
        })?;
        Ok(records)
    }

    fn failed(&self, error: io::Error) -> StoreError {
        self.unusable(sled::Error::Io(error))
    }
}

/// Lines as they are written, with the digest of all of them.
struct Lines<'a> {
    out: &'a mut dyn Write,
    digest: Sha256,
}

impl Lines<'_> {
    fn write(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.digest.update(&text);
        self.out.write_all(&text)
    }
}

impl Export {
    /// Reads the text of a backup. What is cut, changed or newer is refused.
    pub fn read(bytes: &[u8]) -> Result<Self, ExportError> {
        let damaged = |why: &str| ExportError::Damaged(why.to_string());
        if bytes.starts_with(&PACKED) {
            let text = unpacked(bytes).map_err(|_| damaged("解压不开"))?;
            return match text.starts_with(&PACKED) {
                true => Err(ExportError::Strange),
                false => Self::read(&text),
            };
        }
        let first = bytes
            .split(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        let header: Header = match serde_json::from_slice(first) {
            Ok(header) => header,
            Err(_) if first.starts_with(BEGINNING) => return Err(damaged("只剩开头一段")),
            Err(_) => return Err(ExportError::Strange),
        };
        if header.planbot != "state" {
            return Err(ExportError::Strange);
        }
        if header.backup > LINES_FORMAT || header.state > FORMAT {
            return Err(ExportError::Newer(header.version));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| damaged("有读不出的字节"))?;
        let whole = text
            .strip_suffix('\n')
            .ok_or_else(|| damaged("末尾缺了一段"))?;
        let (body, last) = whole
            .rsplit_once('\n')
            .ok_or_else(|| damaged("末尾缺了一段"))?;
        let trailer: Trailer = serde_json::from_str(last).map_err(|_| damaged("末尾缺了一段"))?;
        if trailer.sha256 != digest(&format!("{body}\n")) {
            return Err(damaged("校验和对不上"));
        }
        let records: Vec<Record> = body
            .lines()
            .enumerate()
            .skip(1)
            .map(|(at, line)| {
                let read = serde_json::from_str::<Line>(line)
                    .ok()
                    .and_then(Line::record);
                read.ok_or_else(|| damaged(&format!("第{}行读不出来", at + 1)))
            })
            .collect::<Result<_, _>>()?;
        if records.len() != trailer.records {
            return Err(damaged("条数对不上"));
        }
        Ok(Self {
            at: header.at,
            format: header.state,
            numbers: header.numbers,
            records,
        })
    }

    /// How many records it holds.
    pub fn count(&self) -> usize {
        self.records.len()
    }

    /// The records as lines that a person can read.
    pub fn readable(&self) -> Result<Vec<String>, serde_json::Error> {
        let line = |(tree, key, value): &Record| {
            let value = match json(value) {
                Some(value) => value,
                None if value.is_empty() => RawValue::from_string("null".to_string())?,
                None => RawValue::from_string(serde_json::to_string(&shown(value))?)?,
            };
            serde_json::to_string(&Readable {
                tree,
                key: shown(key),
                value,
            })
        };
        self.records.iter().map(line).collect()
    }
}

impl Line {
    fn of((tree, key, value): &Record) -> Self {
        let text = readable_text(key);
        let json = json(value);
        Self {
            tree: tree.clone(),
            key_hex: text.is_none().then(|| hex::encode(key)),
            key: text,
            value_hex: json.is_none().then(|| hex::encode(value)),
            value: json,
        }
    }

    fn record(self) -> Option<Record> {
        let key = match (self.key, self.key_hex) {
            (Some(text), None) => text.into_bytes(),
            (None, Some(digits)) => hex::decode(digits).ok()?,
            _ => return None,
        };
        let value = match (self.value, self.value_hex) {
            (Some(json), None) => json.get().as_bytes().to_vec(),
            (None, Some(digits)) => hex::decode(digits).ok()?,
            _ => return None,
        };
        Some((self.tree, key, value))
    }
}

/// A value as it stands, where it is JSON on one line and comes back byte for byte. A bare null
/// would come back as nothing.
fn json(value: &[u8]) -> Option<Box<RawValue>> {
    let text = std::str::from_utf8(value)
        .ok()
        .filter(|text| !text.contains(['\n', '\r']) && *text != "null")?;
    serde_json::from_str::<Box<RawValue>>(text)
        .ok()
        .filter(|raw| raw.get() == text)
}

fn readable_text(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.is_empty() && !text.chars().any(char::is_control)).then(|| text.to_string())
}

/// A record for a person, by its tree and its key.
/// A key that holds what somebody has asked is not shown: this goes into the log.
pub(super) fn named(tree: &str, key: &[u8]) -> String {
    match tree {
        "unanswered" => format!("{tree}/{}", &hex::encode(Sha256::digest(key))[..8]),
        _ => format!("{tree}/{}", shown(key)),
    }
}

/// Bytes for a person: text, a number of eight bytes, or digits.
fn shown(bytes: &[u8]) -> String {
    let number = || {
        <[u8; 8]>::try_from(bytes)
            .ok()
            .map(|bytes| i64::from_be_bytes(bytes).to_string())
    };
    readable_text(bytes)
        .or_else(number)
        .unwrap_or_else(|| hex::encode(bytes))
}

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_record_comes_back_byte_for_byte() {
        let values: [&[u8]; 8] = [
            b"{\"b\":1,\"a\":1.50}",
            b"",
            b"null",
            b"\"\xe4\xb8\xad\"",
            b" 1",
            b"{\n}",
            &[0, 255, 1],
            &[2, 0, 0, 0],
        ];
        let keys: [&[u8]; 4] = [
            b"-1|x",
            &[0, 0, 0, 0, 0, 0, 0, 7],
            b"a\nb",
            "单位".as_bytes(),
        ];
        for key in keys {
            for value in values {
                let record: Record = ("t".to_string(), key.to_vec(), value.to_vec());
                let line = serde_json::to_string(&Line::of(&record)).unwrap();
                assert!(!line.contains('\n'));
                assert_eq!(
                    serde_json::from_str::<Line>(&line)
                        .ok()
                        .and_then(Line::record),
                    Some(record),
                    "{line}"
                );
            }
        }
    }
}
