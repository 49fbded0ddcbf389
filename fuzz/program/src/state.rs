//! A state whose records, or one of whose files, hold anything.

use crate::{app, laid_out};
use planbot::{ChatId, Config, Export, Store, TopicId};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::OnceLock;
use tempfile::TempDir;

/// The trees of a state, by the names that its backups have.
const TREES: &[&str] = &[
    "acknowledgements",
    "audits",
    "awaited",
    "buttons",
    "counters",
    "covered",
    "due",
    "marks",
    "meta",
    "mended",
    "moves",
    "offered",
    "others_acts",
    "outbox",
    "page",
    "reach",
    "roll",
    "rooms",
    "shown",
    "subscriptions",
    "taken",
    "told",
    "topics",
    "unanswered",
    "wishes",
    "of another program",
];

/// The data, which the program starts on where its state is sound.
fn data() -> &'static (TempDir, Config) {
    static DATA: OnceLock<(TempDir, Config)> = OnceLock::new();
    DATA.get_or_init(|| {
        let data = laid_out();
        let store = Store::passing().expect("a state in memory");
        if let Err(error) = app(&data.1, store) {
            panic!("the program does not start: {error}");
        }
        data
    })
}

/// Restores a backup with these records, which is whole by its checksum, and starts on it. It is
/// refused with a sentence, or everything that reads the state goes on.
pub fn open_with_records(bytes: &[u8]) {
    let mut lines = vec![
        json!({"planbot": "state", "backup": 1, "state": 5, "version": "0",
        "at": "2024-06-24T09:00:00+08:00", "numbers": 100})
        .to_string(),
    ];
    for record in bytes.split(|byte| *byte == 0).take(20) {
        let Some((tree, rest)) = record.split_first() else {
            continue;
        };
        let tree = TREES[usize::from(*tree) % TREES.len()];
        let half = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap_or(rest.len());
        let (key, value) = rest.split_at(half);
        let hex = |bytes: &[u8]| {
            bytes
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>()
        };
        let value = value.get(1..).unwrap_or_default();
        lines.push(json!({"tree": tree, "key_hex": hex(key), "value_hex": hex(value)}).to_string());
    }
    let body = format!("{}\n", lines.join("\n"));
    let digest: String = Sha256::digest(body.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let backup = format!(
        "{body}{}\n",
        json!({"records": lines.len() - 1, "sha256": digest})
    );
    let Ok(export) = Export::read(backup.as_bytes()) else {
        return;
    };
    let directory = tempfile::tempdir().expect("a directory");
    let state = directory.path().join("state");
    if export.build(&state).is_ok() {
        start(&state);
    }
}

/// Opens a state of which one file, by the first byte, has these bytes.
pub fn open_with_file(bytes: &[u8]) {
    let Some((which, content)) = bytes.split_first() else {
        return;
    };
    let directory = tempfile::tempdir().expect("a directory");
    let state = directory.path().join("state");
    let store = Store::open(&state).expect("a new state");
    let _ = store.keep_topic(ChatId(-7), Some(TopicId(1)));
    let _ = store.rest();
    drop(store);
    let mut files = below(&state);
    files.sort();
    let Some(file) = files.get(usize::from(*which) % files.len().max(1)) else {
        return;
    };
    std::fs::write(file, content).expect("a file of the state");
    start(&state);
}

fn below(directory: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            true => found.extend(below(&entry.path())),
            false => found.push(entry.path()),
        }
    }
    found
}

/// Reads all that a start, a person and a tick read.
fn start(state: &Path) {
    let Ok(store) = Store::open(state) else {
        return;
    };
    let _ = store.subscriptions();
    let _ = store.outbox();
    let _ = store.audits();
    let _ = store.roll();
    let _ = store.named_rooms();
    let _ = store.known_due();
    let _ = store.taken_updates(planbot::BotId(9));
    let _ = store.unknown_sends();
    let _ = store.all_shown(ChatId(-7));
    let _ = store.mendings();
    // What a start cannot read is a sentence, and so it is for whoever asks later.
    let (_, config) = data();
    if let Ok(app) = app(config, store.clone()) {
        if let Some(state) = app.with_state() {
            let _ = state.look_at_desk(|desk| desk.duties(None));
        }
        let _ = app.unanswered();
    }
}
