//! A state whose records, or one of whose files, hold anything.

use crate::{ADMIN, StandingClock, laid_out};
use chrono::Days;
use planbot::{
    Agenda, BotId, Capabilities, ChatId, Clock, Desk, Edition, Export, IndexPlace, MessageId,
    Messenger, Outgoing, PersonId, Reminder, STATE_FORMAT, SendOutcome, Sending, Store, TopicId,
    Unit,
};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::runtime::Runtime;

/// So far back and ahead keys of an older planbot may be spoken of.
const WITHIN: Days = Days::new(730);

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

/// What is due of the made-up plan and who reports: read once, as it is the same for every state.
fn data() -> &'static (Agenda, Vec<Unit>) {
    static DATA: OnceLock<(Agenda, Vec<Unit>)> = OnceLock::new();
    DATA.get_or_init(|| {
        let (_directory, config) = laid_out();
        let edition = Edition::load(&config.paths.data, &IndexPlace::Memory);
        let edition = edition.unwrap_or_else(|error| panic!("no plan: {error}"));
        let policy = config.reminders.policy().expect("the settings as shipped");
        (edition.agenda(&policy).0, edition.units)
    })
}

/// Restores a backup with these records, which is whole by its checksum, and starts on it. It is
/// refused with a sentence, or everything that reads the state goes on.
pub fn open_with_records(bytes: &[u8]) {
    let mut lines = vec![
        json!({"planbot": "state", "backup": 1, "state": STATE_FORMAT, "version": "0",
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

/// Does what a start, a person and a tick do. What cannot be read is a sentence.
fn start(state: &Path) {
    let Ok(store) = Store::open(state) else {
        return;
    };
    let now = StandingClock.now();
    let today = now.date_naive();
    let (agenda, units) = data();
    let keys = agenda.keys_by_position(today - WITHIN, today + WITHIN);
    let _ = store.upgrade(&keys.into_iter().collect());
    let _ = store.mendings();
    let _ = store.audits();
    let _ = store.named_rooms();
    let _ = store.kept_questions(today);
    let _ = store.taken_updates(BotId(9));
    let _ = store.unknown_sends();
    let _ = store.all_shown(ChatId(-7));
    let desk = Desk {
        store: &store,
        agenda,
        units,
        admins: &[PersonId(ADMIN)],
        now,
        really: now,
    };
    if let Ok(roll) = desk.roll() {
        let _ = desk.enrol(&roll);
    }
    let _ = desk.duties(None);
    let reminder = Reminder {
        agenda,
        units,
        store: &store,
        messenger: &EverythingArrives,
        admins: &[PersonId(ADMIN)],
        pace: Duration::ZERO,
        is_stopping: &|| false,
    };
    let _ = runtime().block_on(reminder.tick(now));
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().expect("a runtime"))
}

struct EverythingArrives;

impl Messenger for EverythingArrives {
    fn capabilities(&self) -> Capabilities {
        Capabilities::all("fuzzed")
    }

    fn send<'a>(&'a self, _: &'a Outgoing) -> Sending<'a> {
        Box::pin(async { SendOutcome::Delivered(Some(MessageId(8))) })
    }
}
