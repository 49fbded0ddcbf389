//! What rarely comes together: a kill right after an opening, a power cut after a removal, a beginning that is gone.
//! Each of these is what one guard of the opening is there for.

#![expect(clippy::disallowed_methods, reason = "the tests spoil the state")]

use crate::damage::{all_is_there, audit, copy, files_below, journal, records, stamp};
use chrono::TimeZone;
use planbot::{ChatId, Store, TopicId, list_by_age, remove_directory, remove_file};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Two directories for states.
struct Places {
    _directory: tempfile::TempDir,
    state: PathBuf,
    other: PathBuf,
}

fn places() -> Places {
    let directory = tempfile::tempdir().unwrap();
    Places {
        state: directory.path().join("a"),
        other: directory.path().join("b"),
        _directory: directory,
    }
}

/// Which file sled's records stand in: another one where sled was made anew.
fn number(state: &Path) -> u64 {
    state.join("db").metadata().unwrap().ino()
}

/// An opening brings into sled what only the journal had, and says that both have it: sled must say so too, before anything else is
/// written.
#[test]
fn a_kill_right_after_an_opening_is_no_damage() {
    let Places {
        state,
        other,
        _directory,
    } = places();
    let store = Store::open(&state).unwrap();
    store.keep_topic(ChatId(-1), Some(TopicId(1))).unwrap();
    store.flush().unwrap();
    store.keep_topic(ChatId(-2), Some(TopicId(1))).unwrap();
    copy(&state, &other);
    drop(store);
    let again = other.with_file_name("c");
    // What is in the journal alone is caught up with, and then the program is killed at once.
    let store = Store::open(&other).unwrap();
    copy(&other, &again);
    drop(store);
    let made = number(&again);
    let store = Store::open(&again).unwrap();
    assert_eq!(
        (store.topic(ChatId(-2)).unwrap(), store.mendings().unwrap()),
        (Some(TopicId(1)), vec![])
    );
    assert_eq!(number(&again), made, "sled was made anew for nothing");
}

/// The power is cut: sled has the last change on disk, the journal not yet. It was a removal and a new record: neither is damage, and
/// what was removed stays so.
#[test]
fn a_removal_that_only_sled_has_is_no_damage() {
    let Places {
        state,
        other,
        _directory,
    } = places();
    let store = Store::open(&state).unwrap();
    store.keep_topic(ChatId(-7), Some(TopicId(1))).unwrap();
    store.rest().unwrap();
    copy(&state, &other);
    store.keep_topic(ChatId(-7), None).unwrap();
    store.keep_topic(ChatId(-8), Some(TopicId(2))).unwrap();
    store.rest().unwrap();
    let whole = records(&store);
    drop(store);
    // The journal as it was before.
    remove_directory(&state.join("journal")).unwrap();
    copy(&other.join("journal"), &state.join("journal"));
    let store = Store::open(&state).unwrap();
    all_is_there(&store, &whole);
}

/// sled is gone and the journal has lost its beginning, but not its end: the backup gives the beginning, and the end is newer than
/// what the backup has.
#[test]
fn where_the_beginning_is_gone_the_backup_gives_it_and_the_end_is_newer() {
    let Places {
        state, _directory, ..
    } = places();
    let now = chrono_tz::Asia::Shanghai
        .with_ymd_and_hms(2022, 6, 24, 9, 0, 0)
        .unwrap();
    let store = Store::open(&state).unwrap();
    store.keep_topic(ChatId(-7), Some(TopicId(1))).unwrap();
    store.audit(&audit(1)).unwrap();
    // A backup is a snapshot too: the logs begin behind it.
    assert!(store.back_up(now, &stamp()).unwrap());
    store.keep_topic(ChatId(-7), Some(TopicId(2))).unwrap();
    store.rest().unwrap();
    drop(store);
    for snapshot in journal(&state, "snapshot-") {
        std::fs::write(snapshot, "").unwrap();
    }
    std::fs::write(state.join("db"), vec![7; 9_000]).unwrap();
    let store = Store::open(&state).unwrap();
    let mendings = store.mendings().unwrap();
    let [mending] = mendings.as_slice() else {
        panic!("nothing is said: {mendings:?}");
    };
    assert!(mending.from_backup.is_some(), "{mending:?}");
    assert_eq!(
        (store.topic(ChatId(-7)).unwrap(), store.audits().unwrap()),
        (Some(TopicId(2)), vec![audit(1)])
    );
}

/// Killed after a snapshot had its name and before the one before was removed; then the newer one is damaged, and sled too.
#[test]
fn without_sled_the_snapshot_before_stands_in_for_a_damaged_one() {
    let Places {
        state,
        other,
        _directory,
    } = places();
    let store = Store::open(&state).unwrap();
    store.keep_topic(ChatId(-7), Some(TopicId(1))).unwrap();
    store.export(&stamp()).unwrap();
    store.keep_topic(ChatId(-7), Some(TopicId(2))).unwrap();
    store.rest().unwrap();
    copy(&state, &other);
    store.export(&stamp()).unwrap();
    let whole = records(&store);
    store.rest().unwrap();
    drop(store);
    let [newest] = journal(&state, "snapshot-").try_into().unwrap();
    std::fs::write(newest, "").unwrap();
    std::fs::write(state.join("db"), vec![7; 9_000]).unwrap();
    for file in files_below(&other.join("journal")) {
        let name = file.file_name().unwrap();
        if name != "marks" {
            std::fs::copy(&file, state.join("journal").join(name)).unwrap();
        }
    }
    let store = Store::open(&state).unwrap();
    let mendings = store.mendings().unwrap();
    assert_eq!(records(&store), whole, "{mendings:?}");
    assert!(mendings.iter().all(|one| one.is_complete()), "{mendings:?}");
}

/// Killed after a snapshot had its name and before the logs that it holds were removed: what they say is older.
#[test]
fn logs_that_a_snapshot_holds_say_nothing_newer() {
    let Places {
        state,
        other,
        _directory,
    } = places();
    let store = Store::open(&state).unwrap();
    store.keep_topic(ChatId(-7), Some(TopicId(1))).unwrap();
    store.rest().unwrap();
    copy(&state, &other);
    store.keep_topic(ChatId(-7), Some(TopicId(2))).unwrap();
    store.export(&stamp()).unwrap();
    let whole = records(&store);
    store.rest().unwrap();
    drop(store);
    for log in journal(&other, "log-") {
        let name = log.file_name().unwrap();
        std::fs::copy(&log, state.join("journal").join(name)).unwrap();
    }
    let store = Store::open(&state).unwrap();
    all_is_there(&store, &whole);
}

/// The journal has lost its end and the marks that would tell so: without marks it is not whole, and sled knows better.
#[test]
fn a_journal_without_marks_is_not_taken_for_whole() {
    let Places {
        state, _directory, ..
    } = places();
    let store = Store::open(&state).unwrap();
    store.keep_topic(ChatId(-7), Some(TopicId(1))).unwrap();
    store.export(&stamp()).unwrap();
    store.keep_topic(ChatId(-8), Some(TopicId(1))).unwrap();
    store.rest().unwrap();
    let whole = records(&store);
    drop(store);
    for log in journal(&state, "log-") {
        std::fs::write(log, "").unwrap();
    }
    std::fs::write(state.join("journal/marks"), "").unwrap();
    let store = Store::open(&state).unwrap();
    let mendings = store.mendings().unwrap();
    assert_eq!(records(&store), whole, "{mendings:?}");
    assert!(
        matches!(mendings.as_slice(), [one] if one.is_complete() && one.journal),
        "{mendings:?}"
    );
}

/// A state that was begun and of which nothing is left is no new one: whoever starts on it would take an empty state for the truth.
#[test]
fn a_state_of_which_nothing_is_left_is_no_new_one() {
    let Places {
        state, _directory, ..
    } = places();
    let store = Store::open(&state).unwrap();
    store.keep_topic(ChatId(-7), Some(TopicId(1))).unwrap();
    drop(store);
    for path in list_by_age(&state).unwrap() {
        match path.file_name().unwrap().to_string_lossy().as_ref() {
            "begun" => {}
            _ if path.is_dir() => remove_directory(&path).unwrap(),
            _ => remove_file(&path).unwrap(),
        }
    }
    let error = Store::open(&state).err().map(|error| error.to_string());
    assert!(
        error.as_ref().is_some_and(|error| error.contains("备份")),
        "{error:?}"
    );
}

/// What is damaged is set aside for whoever wants to look, the last one alone.
#[test]
fn what_was_set_aside_before_makes_room() {
    let Places {
        state, _directory, ..
    } = places();
    for _ in 0..2 {
        let store = Store::open(&state).unwrap();
        store.keep_topic(ChatId(-7), Some(TopicId(1))).unwrap();
        store.rest().unwrap();
        drop(store);
        std::fs::write(state.join("db"), vec![7; 9_000]).unwrap();
        // What an earlier sled had beside its records.
        let former = state.join("damaged/snap.7");
        if state.join("damaged").exists() {
            std::fs::write(&former, "").unwrap();
        }
        drop(Store::open(&state).unwrap());
        assert!(!former.exists());
        assert!(state.join("damaged/db").exists());
    }
}
