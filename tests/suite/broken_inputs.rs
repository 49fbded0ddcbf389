//! Files that somebody broke, a letter or a stretch at a time: whatever stands in them, a finding or a sentence comes of it and no
//! panic. The formats of reports have fuzz targets of their own (`fuzz/`).

use crate::damage::{records, stamp};
use crate::harness::{copied_data, qinghe};
use planbot::{
    Audit, AuditAct, ChatId, Export, PersonId, Store, Subscription, check_data, list_by_age,
    read_data, read_whole, write_bytes,
};
use std::path::{Path, PathBuf};

/// Draws numbers, the same ones in every run.
struct Drawing(u64);

impl Drawing {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// What breaks a file of data: signs of TOML, CSV and Markdown, figures beyond all measure, letters of several bytes.
const PIECES: &[&str] = &[
    "\"",
    "'",
    "[",
    "]",
    "[[",
    "{",
    "}",
    "=",
    ",",
    "\n",
    "\r",
    "\0",
    "#",
    "|",
    "-",
    "0",
    "9999999999999999999999",
    "-1",
    "1e400",
    "nan",
    "true",
    "2024-13-45",
    "年",
    "𠮷",
    "\u{feff}",
    "\u{202e}",
    "其中：",
    "%",
    "％",
    "……",
    "（",
    "[1]",
    "\\u{0}",
];

/// Breaks bytes in one place: a bit, a stretch that is gone, twice there or elsewhere, or a piece that is put in.
fn broken(bytes: &[u8], draw: &mut Drawing) -> Vec<u8> {
    let mut broken = bytes.to_vec();
    let at = draw.below(broken.len());
    let end = (at + 1 + draw.below(40)).min(broken.len());
    match draw.below(5) {
        0 if !broken.is_empty() => broken[at] ^= 1 << draw.below(8),
        1 => drop(broken.drain(at..end)),
        2 => {
            let stretch = broken[at..end].to_vec();
            let to = draw.below(broken.len());
            broken.splice(to..to, stretch);
        }
        3 => broken.truncate(at),
        _ => {
            let piece = PIECES[draw.below(PIECES.len())];
            broken.splice(at..at, piece.bytes());
        }
    }
    broken
}

/// The files below a directory that people edit.
fn edited_files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in list_by_age(directory).unwrap() {
        let name = path.file_name().unwrap().to_string_lossy().to_string();
        if path.is_dir() && name != "source" {
            found.extend(edited_files(&path));
        } else if [".toml", ".csv", ".md"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Breaks files of data one after the other, now and then several at once.
fn break_data(times: usize, seed: u64) {
    let qinghe = qinghe();
    let whole: Vec<(PathBuf, Vec<u8>)> = edited_files(&qinghe.path())
        .into_iter()
        .map(|file| (file.clone(), read_whole(&file).unwrap()))
        .collect();
    assert!(whole.len() >= 8, "{whole:?}");
    let mut draw = Drawing(seed);
    let mut found = 0;
    for _ in 0..times {
        let (file, bytes) = &whole[draw.below(whole.len())];
        let mut now = broken(bytes, &mut draw);
        for _ in 0..draw.below(4) {
            now = broken(&now, &mut draw);
        }
        write_bytes(file, &now).unwrap();
        let findings = check_data(&read_data(&qinghe.path()));
        found += usize::from(!findings.is_empty());
        write_bytes(file, bytes).unwrap();
    }
    assert!(found > times / 10, "{found} of {times} were found");
}

#[test]
fn broken_data_are_findings() {
    break_data(60, 20_240_101);
}

/// `just broken`.
#[test]
#[ignore = "thousands of broken files take minutes"]
fn thousands_of_broken_data_are_findings() {
    break_data(5_000, 20_240_202);
}

/// A backup that is not to the letter what was written is refused, and one that is whole is taken.
#[test]
fn a_broken_backup_is_never_taken() {
    let directory = copied_data();
    let store = Store::open(&directory.path().join("state")).unwrap();
    for chat in 1..20 {
        store.subscribe(&Subscription::of(ChatId(chat))).unwrap();
        let audit = Audit {
            at: "2022-06-24T09:00:00+08:00".to_string(),
            person: PersonId(42),
            name: "某人".to_string(),
            chat: Some(ChatId(chat)),
            act: AuditAct::Other(format!("act {chat}")),
            result: "好".to_string(),
        };
        store.audit(&audit).unwrap();
    }
    let text = store.export(&stamp()).unwrap();
    let mut draw = Drawing(20_220_624);
    let mut refused = 0;
    for _ in 0..3_000 {
        let broken = broken(text.as_bytes(), &mut draw);
        if Export::read(&broken).is_err() {
            refused += 1;
            continue;
        }
        // A space in the last line, which holds the digest of all others, changes nothing.
        let said = String::from_utf8_lossy(&broken).to_string();
        let records = |text: &str| text.trim_end().rsplit_once('\n').unwrap().0.to_string();
        assert_eq!(records(&said), records(&text));
    }
    assert!(refused > 2_000, "{refused}");
    let whole = Export::read(text.as_bytes()).unwrap();
    assert!(whole.count() >= records(&store).len());
}
