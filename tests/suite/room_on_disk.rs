//! The room that a state takes on the disk: what was written and has gone again is given back at the next start.

use crate::damage::{audit, copy, files_below, records};
use planbot::{Audit, ChatId, Offer, OnPress, Origin, Store, TopicId};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long is waited for the journal to become short: it takes a quarter of a second here at most.
const PATIENCE: Duration = Duration::from_secs(60);

/// What files take; one that has gone meanwhile takes nothing.
fn bytes(files: impl Iterator<Item = PathBuf>) -> u64 {
    files
        .map(|file| file.metadata().map_or(0, |about| about.len()))
        .sum()
}

/// What the files of the records take, without the journal.
fn room(state: &Path) -> u64 {
    let files = files_below(state).into_iter();
    bytes(files.filter(|file| !file.starts_with(state.join("journal"))))
}

#[cfg(unix)]
#[test]
fn a_state_that_grew_is_small_again_after_a_start() {
    let directory = tempfile::tempdir().unwrap();
    let (state, killed) = (directory.path().join("a"), directory.path().join("b"));
    let store = Store::open(&state).unwrap();
    for number in 0..30_000_i64 {
        let offer = Offer {
            chat: ChatId(number % 50),
            origin: Origin::asked("长".repeat(700)),
            presses: vec![OnPress::Original],
        };
        store.keep_offer(offer).unwrap();
        if number % 500 == 0 {
            store.flush().unwrap();
        }
    }
    store.rest().unwrap();
    // Some ten times as much was written.
    let journal = || bytes(files_below(&state.join("journal")).into_iter());
    let begun = Instant::now();
    while journal() > 20 << 20 {
        assert!(begun.elapsed() < PATIENCE, "{}", journal());
        std::thread::sleep(Duration::from_millis(50));
    }
    println!("the journal was short after {:?}", begun.elapsed());
    let kept = records(&store);
    let before = room(&state);
    // A kill leaves the same.
    copy(&state, &killed);
    drop(store);
    for state in [&state, &killed] {
        let store = Store::open(state).unwrap();
        assert_eq!(
            (records(&store), store.mendings().unwrap()),
            (kept.clone(), vec![])
        );
        drop(store);
        let after = room(state);
        println!("{} kB, then {} kB", before >> 10, after >> 10);
        assert!(after * 2 < before, "{before}, then {after}");
        // Once is enough.
        let number = || state.join("db").metadata().unwrap().ino();
        let made = number();
        drop(Store::open(state).unwrap());
        assert_eq!(number(), made);
    }
}

/// Many records take much room, and rightly so: they are not written anew at every start.
#[cfg(unix)]
#[test]
fn a_state_that_is_full_stays_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let store = Store::open(&state).unwrap();
    for number in 0..150 {
        let long = Audit {
            result: "长".repeat(45_000),
            ..audit(number)
        };
        store.audit(&long).unwrap();
    }
    store.rest().unwrap();
    drop(store);
    assert!(room(&state) > 16 << 20, "{}", room(&state));
    let file = || state.join("db").metadata().unwrap().ino();
    let before = file();
    let store = Store::open(&state).unwrap();
    assert_eq!((file(), store.mendings().unwrap()), (before, vec![]));
}

/// What is not there is removed without a write.
#[test]
fn to_remove_nothing_is_no_change() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let store = Store::open(&state).unwrap();
    store.keep_topic(ChatId(-1), Some(TopicId(1))).unwrap();
    store.rest().unwrap();
    let written = || bytes(files_below(&state.join("journal")).into_iter());
    let before = written();
    for _ in 0..100 {
        store.keep_topic(ChatId(-2), None).unwrap();
    }
    store.rest().unwrap();
    assert_eq!(written(), before);
}
