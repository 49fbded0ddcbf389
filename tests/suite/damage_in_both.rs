//! sled and the journal have both lost something: each is right about what the other lacks, and what neither has comes from the
//! backup or is named.

#![expect(clippy::disallowed_methods, reason = "the tests spoil the state")]

use crate::damage::{Damage, audit, copy, journal, stamp};
use chrono::TimeZone;
use planbot::{ChatId, Mending, Store, TopicId, remove_directory};
use std::path::Path;

/// The first record of a tree is nothing any more that was ever sealed.
fn spoil(state: &Path, tree: &str) {
    let database = sled::open(state).unwrap();
    let tree = database.open_tree(tree).unwrap();
    let (key, _) = tree.first().unwrap().unwrap();
    tree.insert(key, b"nothing that was sealed").unwrap();
    database.flush().unwrap();
}

fn only_mending(store: &Store) -> Mending {
    let mendings = store.mendings().unwrap();
    let [mending] = mendings.try_into().expect("one thing is to be said");
    mending
}

/// Up to which change the journal is settled.
fn settled(state: &Path) -> u64 {
    let marks = std::fs::read(state.join("journal/marks")).unwrap();
    u64::from_le_bytes(marks[..8].try_into().unwrap())
}

/// The journal has lost a newer change of one record, sled another record: nothing is lost.
#[test]
fn each_is_right_about_what_the_other_lacks() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let store = Store::open(&state).unwrap();
    store.keep_topic(ChatId(-7), Some(TopicId(1))).unwrap();
    store.audit(&audit(1)).unwrap();
    store.export(&stamp()).unwrap();
    store.keep_topic(ChatId(-7), Some(TopicId(2))).unwrap();
    store.keep_topic(ChatId(-8), Some(TopicId(1))).unwrap();
    store.rest().unwrap();
    drop(store);
    let [log] = journal(&state, "log-").try_into().unwrap();
    // The first change of the log.
    Damage::Bit.strike(&log, 20);
    spoil(&state, "audits");
    let store = Store::open(&state).unwrap();
    let mending = only_mending(&store);
    let topics = [-7, -8].map(|chat| store.topic(ChatId(chat)).unwrap());
    assert_eq!(
        (topics, store.audits().unwrap()),
        ([Some(TopicId(2)), Some(TopicId(1))], vec![audit(1)])
    );
    assert!(
        mending.is_complete() && mending.journal && mending.brought_back() == 1,
        "{mending:?}"
    );
}

/// The journal has lost its beginning and sled a record of it: that is in the backup, and what is newer stays.
#[test]
fn what_neither_can_say_comes_from_the_backup() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let now = chrono_tz::Asia::Shanghai
        .with_ymd_and_hms(2022, 6, 24, 9, 0, 0)
        .unwrap();
    let store = Store::open(&state).unwrap();
    store.keep_topic(ChatId(-7), Some(TopicId(1))).unwrap();
    store.audit(&audit(1)).unwrap();
    assert!(store.back_up(now, &stamp()).unwrap());
    store.keep_topic(ChatId(-7), Some(TopicId(2))).unwrap();
    store.rest().unwrap();
    drop(store);
    for snapshot in journal(&state, "snapshot-") {
        std::fs::write(snapshot, "").unwrap();
    }
    spoil(&state, "audits");
    let store = Store::open(&state).unwrap();
    let mending = only_mending(&store);
    assert!(mending.from_backup.is_some(), "{mending:?}");
    assert_eq!(
        (store.topic(ChatId(-7)).unwrap(), store.audits().unwrap()),
        (Some(TopicId(2)), vec![audit(1)])
    );
}

/// Both have lost their end. The changes there are named by their numbers, which no later change may have.
#[test]
fn numbers_of_lost_changes_are_not_given_again() {
    let directory = tempfile::tempdir().unwrap();
    let (state, older) = (directory.path().join("a"), directory.path().join("b"));
    let store = Store::open(&state).unwrap();
    store.keep_topic(ChatId(-1), Some(TopicId(1))).unwrap();
    store.rest().unwrap();
    copy(&state, &older);
    for chat in 2..40 {
        store.keep_topic(ChatId(-chat), Some(TopicId(1))).unwrap();
    }
    store.rest().unwrap();
    drop(store);
    let (lost, marks) = (settled(&state), state.join("journal/marks"));
    std::fs::copy(marks, older.join("journal/marks")).unwrap();
    remove_directory(&state).unwrap();
    let store = Store::open(&older).unwrap();
    assert!(!only_mending(&store).is_complete());
    store.keep_topic(ChatId(-50), Some(TopicId(1))).unwrap();
    store.rest().unwrap();
    assert!(settled(&older) > lost, "{} after {lost}", settled(&older));
}
