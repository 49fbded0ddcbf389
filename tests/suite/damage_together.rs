//! A state whose records are older than its journal, or where both go bad in the same place: what one of them has is brought
//! back, and what neither has is named.

#![expect(clippy::disallowed_methods, reason = "the tests spoil the state")]

use crate::damage::{Damage, Tally, audit, copy, files_below, found_states, records, stamp, used};
use planbot::{
    ChatId, Store, Subscription, TopicId, list_by_age, read_whole, remove_directory, remove_file,
};
use std::path::{Path, PathBuf};

/// The files of the records; the journal stands in a directory of its own.
fn is_of_the_records(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_string_lossy().to_string();
    ["db", "conf", "blobs"].contains(&name.as_str()) || name.starts_with("snap.")
}

/// Puts the records of an older copy into a state.
fn take_records_of(older: &Path, state: &Path) {
    for path in list_by_age(state).unwrap() {
        match is_of_the_records(&path) {
            true if path.is_dir() => remove_directory(&path).unwrap(),
            true => remove_file(&path).unwrap(),
            false => {}
        }
    }
    for path in list_by_age(older).unwrap() {
        let target = state.join(path.file_name().unwrap());
        match is_of_the_records(&path) {
            true if path.is_dir() => copy(&path, &target),
            true => drop(std::fs::copy(&path, &target).unwrap()),
            false => {}
        }
    }
}

/// The files of the journal whose name begins so.
fn journal(state: &Path, beginning: &str) -> Vec<PathBuf> {
    let is_one = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().to_string();
        name.starts_with(beginning)
    };
    let files = files_below(&state.join("journal")).into_iter();
    files.filter(is_one).collect()
}

/// Every file in turn, in its middle, in a state that has snapshots of both kinds.
#[test]
fn each_file_may_be_damaged() {
    let directory = tempfile::tempdir().unwrap();
    let found = found_states(directory.path()).remove(1);
    let mut tally = Tally::default();
    for file in files_below(&found.directory) {
        let name = file.strip_prefix(&found.directory).unwrap();
        for damage in [Damage::Bit, Damage::Page, Damage::Cut] {
            let state = directory.path().join("state");
            copy(&found.directory, &state);
            let damaged = state.join(name);
            let place = damage.strike(&damaged, used(&damaged) as usize / 2);
            tally.take(&found, &place, &state);
            remove_directory(&state).unwrap();
        }
    }
    println!("{tally:?}");
    assert!(tally.silent.is_empty(), "{:#?}", tally.silent);
    assert!(tally.named == 0 && tally.mended >= 9, "{tally:?}");
}

/// What stands in the journal alone when the program is killed is there at the next start, and nothing is said.
#[test]
fn what_only_the_journal_has_at_a_kill_is_caught_up_with() {
    let directory = tempfile::tempdir().unwrap();
    let (state, killed) = (directory.path().join("a"), directory.path().join("b"));
    let store = Store::open(&state).unwrap();
    store.keep_topic(ChatId(-1), Some(TopicId(1))).unwrap();
    store.keep_topic(ChatId(-2), Some(TopicId(1))).unwrap();
    store.flush().unwrap();
    store.keep_topic(ChatId(-1), Some(TopicId(2))).unwrap();
    store.keep_topic(ChatId(-2), None).unwrap();
    store.keep_topic(ChatId(-3), Some(TopicId(1))).unwrap();
    copy(&state, &killed);
    let left = Store::open(&killed).unwrap();
    let topics = [-1, -2, -3].map(|chat| left.topic(ChatId(chat)).unwrap());
    assert_eq!(
        (topics, left.mendings().unwrap()),
        ([Some(TopicId(2)), None, Some(TopicId(1))], vec![])
    );
}

/// Something that is done to a state.
type Done = fn(&Store);

/// The records are those of an earlier time, each of them sound: nothing but the journal knows better.
#[test]
fn records_of_an_earlier_time_are_brought_back() {
    // Each alone: one that is missing makes everything be looked at.
    let changes: [(&str, Done); 3] = [
        ("changed", |store| {
            store.keep_topic(ChatId(-7), Some(TopicId(2))).unwrap()
        }),
        ("removed", |store| {
            store.keep_topic(ChatId(-7), None).unwrap()
        }),
        ("new", |store| {
            store.keep_topic(ChatId(-8), Some(TopicId(2))).unwrap()
        }),
    ];
    for (name, change) in changes {
        let directory = tempfile::tempdir().unwrap();
        let (state, older) = (directory.path().join("a"), directory.path().join("b"));
        let store = Store::open(&state).unwrap();
        store.keep_topic(ChatId(-7), Some(TopicId(1))).unwrap();
        store.rest().unwrap();
        copy(&state, &older);
        change(&store);
        store.rest().unwrap();
        let whole = records(&store);
        drop(store);
        take_records_of(&older, &state);
        let store = Store::open(&state).unwrap();
        assert_eq!(records(&store), whole, "{name}");
        let mendings = store.mendings().unwrap();
        assert!(
            matches!(mendings.as_slice(), [one] if one.is_complete() && one.from_journal["topics"] == 1),
            "{name}: {mendings:?}"
        );
    }
}

/// Both have lost their end: how many changes that were is known from the marks, and said.
#[test]
fn changes_that_neither_has_are_named_by_their_number() {
    let directory = tempfile::tempdir().unwrap();
    let (state, older) = (directory.path().join("a"), directory.path().join("b"));
    let store = Store::open(&state).unwrap();
    store.subscribe(&Subscription::of(ChatId(1))).unwrap();
    store.rest().unwrap();
    let before = records(&store);
    copy(&state, &older);
    for chat in 2..5 {
        store.subscribe(&Subscription::of(ChatId(chat))).unwrap();
    }
    store.rest().unwrap();
    drop(store);
    take_records_of(&older, &state);
    let marks = read_whole(&state.join("journal/marks")).unwrap();
    remove_directory(&state.join("journal")).unwrap();
    copy(&older.join("journal"), &state.join("journal"));
    std::fs::write(state.join("journal/marks"), marks).unwrap();
    let store = Store::open(&state).unwrap();
    assert_eq!(records(&store), before);
    let mendings = store.mendings().unwrap();
    let [mending] = mendings.as_slice() else {
        panic!("nothing is said: {mendings:?}");
    };
    let sentence = mending.sentence();
    assert!(
        !mending.is_complete() && mending.lost.len() == 1 && sentence.contains("次写入"),
        "{sentence}"
    );
}

/// The journal has lost that a record was removed; the records are sound, so it stays removed.
#[test]
fn what_was_removed_does_not_come_back_from_a_torn_journal() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let store = Store::open(&state).unwrap();
    store.keep_topic(ChatId(-7), Some(TopicId(1))).unwrap();
    store.export(&stamp()).unwrap();
    store.keep_topic(ChatId(-7), None).unwrap();
    store.keep_topic(ChatId(-8), Some(TopicId(1))).unwrap();
    store.rest().unwrap();
    drop(store);
    let [log] = journal(&state, "log-").try_into().unwrap();
    // The first change of the log.
    Damage::Bit.strike(&log, 20);
    let store = Store::open(&state).unwrap();
    let topics = [-7, -8].map(|chat| store.topic(ChatId(chat)).unwrap());
    assert_eq!(topics, [None, Some(TopicId(1))]);
    let mendings = store.mendings().unwrap();
    assert!(
        matches!(mendings.as_slice(), [one] if one.is_complete()),
        "{mendings:?}"
    );
}

/// A record whose checksum does not fit is brought back from the journal; where that is gone too, it is named.
#[test]
fn a_record_that_cannot_be_read_is_brought_back_or_named() {
    for journal_is_there in [true, false] {
        let directory = tempfile::tempdir().unwrap();
        let state = directory.path().join("state");
        let store = Store::open(&state).unwrap();
        store.audit(&audit(1)).unwrap();
        store.subscribe(&Subscription::of(ChatId(7))).unwrap();
        let text = store.export(&stamp()).unwrap();
        let whole = records(&store);
        store.rest().unwrap();
        drop(store);
        let database = sled::open(&state).unwrap();
        let audits = database.open_tree("audits").unwrap();
        let (key, _) = audits.first().unwrap().unwrap();
        audits.insert(key, b"nothing that was sealed").unwrap();
        database.flush().unwrap();
        drop((audits, database));
        if !journal_is_there {
            let files = journal(&state, "log-").into_iter();
            for file in files.chain(journal(&state, "snapshot-")) {
                std::fs::write(file, "").unwrap();
            }
        }
        let store = Store::open(&state).unwrap();
        let mendings = store.mendings().unwrap();
        let [mending] = mendings.as_slice() else {
            panic!("nothing is said: {mendings:?}; {text}");
        };
        if journal_is_there {
            assert!(
                mending.is_complete() && mending.brought_back() == 1,
                "{mending:?}"
            );
            assert_eq!(records(&store), whole);
        } else {
            assert!(
                mending.lost.iter().any(|lost| lost.contains("audits")),
                "{mending:?}"
            );
            assert!(store.audits().unwrap().is_empty());
            assert_eq!(
                store.subscriptions().unwrap(),
                [Subscription::of(ChatId(7))]
            );
        }
    }
}

/// Killed after a snapshot has its name and before the one before is removed; then the newer one is damaged.
#[test]
fn the_snapshot_before_stands_in_for_a_damaged_one() {
    let directory = tempfile::tempdir().unwrap();
    let (state, older) = (directory.path().join("a"), directory.path().join("b"));
    let store = Store::open(&state).unwrap();
    for chat in 1..50 {
        store.subscribe(&Subscription::of(ChatId(chat))).unwrap();
    }
    store.export(&stamp()).unwrap();
    for chat in 50..60 {
        store.subscribe(&Subscription::of(ChatId(chat))).unwrap();
    }
    store.rest().unwrap();
    copy(&state, &older);
    store.export(&stamp()).unwrap();
    let whole = records(&store);
    store.rest().unwrap();
    drop(store);
    let [newest] = journal(&state, "snapshot-").try_into().unwrap();
    Damage::Cut.strike(&newest, used(&newest) as usize / 2);
    for beginning in ["snapshot-", "log-"] {
        for file in journal(&older, beginning) {
            let target = state.join("journal").join(file.file_name().unwrap());
            std::fs::copy(file, target).unwrap();
        }
    }
    let store = Store::open(&state).unwrap();
    assert_eq!(records(&store), whole);
    let mendings = store.mendings().unwrap();
    assert!(mendings.iter().all(|one| one.is_complete()), "{mendings:?}");
}
