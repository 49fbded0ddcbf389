//! What a backup of a running bot costs: neither threads nor memory in proportion to what is kept.

use crate::damage::stamp;
use crate::fake_bot_api::FakeBotApi;
use crate::harness::copied_data;
use crate::mixed_attack::planbot_now;
use crate::operating::{done, planbot};
use crate::watched::Watched;
use planbot::{ChatId, Store, UnitId};
use std::path::Path;
use std::time::Duration;

/// So many records.
const RECORDS: i64 = 12_000;
/// The least that each of them has in a backup: an id is as long as somebody makes it.
const BYTES: usize = 1_000;
/// Half of what they are together: a record at a time is read, and the allocator keeps a little.
const MORE_MEMORY: u64 = 6;
/// Whoever answers the request, and whoever brings the state to disk.
const MORE_THREADS: u64 = 3;

fn filled(state: &Path) {
    let store = Store::open(state).unwrap();
    let day = chrono::NaiveDate::from_ymd_opt(2022, 7, 5).unwrap();
    let unit = UnitId("某街道办事处经济发展科".repeat(BYTES / 30));
    for number in 0..RECORDS {
        store
            .tell(ChatId(-number), &unit, "县农业局|进度|2022-07", day)
            .unwrap();
    }
    // The backup of this hour is there, so that the program makes none by itself at its start: whatever that one took would
    // be at rest already.
    store.back_up(planbot_now(), &stamp()).unwrap();
    store.rest().unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_takes_no_memory_or_threads_for_what_is_kept() {
    let directory = copied_data();
    filled(&directory.path().join("state"));
    let (api, address) = FakeBotApi::start().await;
    let program = Watched::start(directory.path(), address, "");
    api.polled().await;
    let rest = program.held();
    let place = directory.path().to_path_buf();
    let backup = tokio::task::spawn_blocking(move || {
        done(planbot(&place).args(["state", "backup", "live.jsonl"]))
    });
    let mut most = rest;
    while !backup.is_finished() {
        most = most.or_more(program.held());
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    backup.await.unwrap();
    let backup = directory.path().join("live.jsonl");
    let length = backup.metadata().unwrap().len();
    println!("{length} bytes: at rest {rest:?}, at most {most:?}");
    assert!(length > BYTES as u64 * RECORDS as u64, "{length}");
    assert!(
        most.memory <= rest.memory + MORE_MEMORY,
        "{most:?}, {rest:?}"
    );
    assert!(
        most.threads <= rest.threads + MORE_THREADS,
        "{most:?}, {rest:?}"
    );
}
