//! A state on a disk that goes bad: whatever bit turns, page is zeroed or file is cut, every record is there again or is
//! named, and nothing panics.

#![expect(clippy::disallowed_methods, reason = "the tests spoil the state")]

use crate::harness::{ADMIN, RunningBot, copied_data};
use crate::operating::{done, planbot};
use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone};
use chrono_tz::Asia::Shanghai;
use chrono_tz::Tz;
use planbot::{
    Audit, AuditAct, ChatId, Export, KeptFor, Mending, OutboxEntry, PersonId, Purpose,
    STATE_FORMAT as FORMAT, Stamp, Store, Subscription, TopicId, Unanswered, UnitId,
    create_directory, list_by_age, read_whole, remove_directory, rename_file,
};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Draws numbers, the same ones in every run.
struct Drawing(u64);

impl Drawing {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

fn now() -> DateTime<Tz> {
    Shanghai.with_ymd_and_hms(2022, 6, 24, 9, 0, 0).unwrap()
}

pub(crate) fn stamp() -> Stamp {
    Stamp {
        version: "0".to_string(),
        at: "2022-06-24T09:00:00+08:00".to_string(),
    }
}

pub(crate) fn audit(number: usize) -> Audit {
    Audit {
        at: "2022-06-24T09:00:00+08:00".to_string(),
        person: PersonId(42),
        name: String::new(),
        chat: None,
        act: AuditAct::Other(format!("act {number}")),
        result: "好".to_string(),
    }
}

/// Some seven hundred records of many kinds, some of them changed, some removed again.
fn write_much(store: &Store, from: i64) {
    let day = NaiveDate::from_ymd_opt(2022, 7, 8).unwrap();
    for chat in from..from + 200 {
        store.subscribe(&Subscription::of(ChatId(chat))).unwrap();
        let unit = UnitId(format!("单位{chat}"));
        store
            .tell(ChatId(chat), &unit, "plan/0.0/2022.0", day)
            .unwrap();
        let purpose = Purpose::Text {
            text: format!("给{chat}的话"),
            at_once: true,
        };
        let entry = OutboxEntry::new(ChatId(chat), purpose, now());
        let id = store.promise(entry, &[format!("{chat}|mark")]).unwrap();
        if chat % 5 == 0 {
            store.forget(id.unwrap()).unwrap();
            store.unmark(&format!("{chat}|mark")).unwrap();
        }
        if chat % 7 == 0 {
            let later = day + TimeDelta::days(1);
            store
                .tell(ChatId(chat), &unit, "plan/0.0/2022.0", later)
                .unwrap();
        }
        store
            .keep_question(&question(chat), PersonId(chat))
            .unwrap();
    }
    for number in 0..20 {
        store.audit(&audit(number)).unwrap();
    }
    store.flush().unwrap();
}

fn question(number: i64) -> Unanswered {
    Unanswered {
        question: format!("第{number}问"),
        missing: format!("第{number}问"),
        kept_for: KeptFor::NoAnswer,
        private: 1,
        group: 0,
        last: NaiveDate::from_ymd_opt(2022, 6, 24).unwrap(),
    }
}

/// The files of the journal whose name begins so.
pub(crate) fn journal(state: &Path, beginning: &str) -> Vec<PathBuf> {
    let mut files = files_below(&state.join("journal"));
    files.retain(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with(beginning)
    });
    files
}

/// Nothing that was held is missing, and nothing had to be mended.
pub(crate) fn all_is_there(store: &Store, whole: &BTreeSet<String>) {
    assert_eq!(records(store), *whole);
    assert_eq!(store.mendings().unwrap(), []);
}

/// Every record as a line, but for what is said of the mending itself.
pub(crate) fn records(store: &Store) -> BTreeSet<String> {
    let text = store.export(&stamp()).unwrap();
    let lines = text
        .lines()
        .skip(1)
        .filter(|line| line.contains("\"tree\""));
    let lines = lines.filter(|line| !line.contains("\"tree\":\"mended\""));
    lines.map(str::to_string).collect()
}

/// Copies a state as a kill at one moment would leave it: where the bot's own threads changed
/// something meanwhile (the journal is shortened beside the writing), it is copied anew.
pub(crate) fn copy(from: &Path, to: &Path) {
    for _ in 0..200 {
        let before = standing(from);
        if copied(from, to).is_ok() && standing(from) == before {
            return;
        }
        let _ = remove_directory(to);
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("{} never stood still", from.display());
}

fn copied(from: &Path, to: &Path) -> io::Result<()> {
    create_directory(to)?;
    for path in list_by_age(from)? {
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copied(&path, &target)?;
        } else {
            std::fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

/// Each file below a directory with its length and the time of its last change.
fn standing(directory: &Path) -> BTreeMap<PathBuf, Option<(u64, SystemTime)>> {
    let about = |path: &Path| {
        let about = path.metadata().ok()?;
        Some((about.len(), about.modified().ok()?))
    };
    let files = everything_below(directory).into_iter();
    files
        .map(|file| {
            let about = about(&file);
            (file, about)
        })
        .collect()
}

fn everything_below(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in there(list_by_age(directory)).unwrap_or_default() {
        if path.is_dir() {
            found.extend(everything_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What was read, or nothing where it has gone since it was listed: a state that somebody uses loses
/// files while one looks.
fn there<T>(read: io::Result<T>) -> Option<T> {
    match read {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        other => Some(other.unwrap()),
    }
}

/// The files below a directory with something in them.
pub(crate) fn files_below(directory: &Path) -> Vec<PathBuf> {
    let has_content =
        |file: &PathBuf| there(read_whole(file)).is_some_and(|bytes| !bytes.is_empty());
    let files = everything_below(directory).into_iter();
    files.filter(has_content).collect()
}

/// A state as it is found at a start.
pub(crate) struct Found {
    name: &'static str,
    pub(crate) directory: PathBuf,
    records: BTreeSet<String>,
}

/// Three states: stopped in order without a snapshot of either kind; with both; and killed in the middle of the work.
pub(crate) fn found_states(at: &Path) -> Vec<Found> {
    let plain = at.join("plain");
    let store = Store::open(&plain).unwrap();
    write_much(&store, 1_000);
    store.rest().unwrap();
    write_much(&store, 2_000);
    let killed = at.join("killed");
    // Nothing is let go of yet: this is what a kill leaves.
    copy(&plain, &killed);
    drop(store);
    let with_snapshots = at.join("with-snapshots");
    copy(&plain, &with_snapshots);
    let store = Store::open(&with_snapshots).unwrap();
    store.export(&stamp()).unwrap();
    write_much(&store, 3_000);
    drop(store);
    drop(Store::open(&with_snapshots).unwrap());
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().to_string();
    let has_snapshot = |directory: &Path| {
        let files = list_by_age(directory).unwrap();
        files.iter().any(|path| name(path).starts_with("snap."))
    };
    assert!(has_snapshot(&with_snapshots));
    [
        ("stopped, no snapshot", plain),
        ("stopped, snapshots", with_snapshots),
        ("killed", killed),
    ]
    .map(|(name, directory)| {
        let twin = at.join("twin");
        copy(&directory, &twin);
        let store = Store::open(&twin).unwrap();
        let records = records(&store);
        assert_eq!(store.mendings().unwrap(), [], "{name} is not damaged");
        drop(store);
        remove_directory(&twin).unwrap();
        assert!(records.len() > 700, "{name}: {}", records.len());
        Found {
            name,
            directory,
            records,
        }
    })
    .into()
}

/// What is done to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Damage {
    Bit,
    Page,
    Cut,
}

impl Damage {
    /// Damages one of the files where something stands; says where.
    fn befall(self, state: &Path, draw: &mut Drawing) -> String {
        let files = files_below(state);
        let file = &files[draw.below(files.len() as u64) as usize];
        let at = draw.below(used(file)) as usize;
        self.strike(file, at)
    }

    /// Damages a file at a place; says where.
    pub(crate) fn strike(self, file: &Path, at: usize) -> String {
        let mut bytes = read_whole(file).unwrap();
        match self {
            Self::Bit => bytes[at] ^= 1 << (at % 8),
            Self::Page => {
                let from = at / 4096 * 4096;
                let to = (from + 4096).min(bytes.len());
                bytes[from..to].fill(0);
            }
            Self::Cut => bytes.truncate(at),
        }
        std::fs::write(file, bytes).unwrap();
        format!("{self:?} at {at} of {}", file.display())
    }
}

/// How far something stands in a file.
pub(crate) fn used(file: &Path) -> u64 {
    let bytes = read_whole(file).unwrap();
    bytes.iter().rposition(|byte| *byte != 0).unwrap_or(0) as u64 + 1
}

/// What came of many damages.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    cases: usize,
    /// Nothing had to be mended: the damage hit what nobody needs.
    untouched: usize,
    /// Mended, and said; how many records came back from the journal.
    pub(crate) mended: usize,
    brought_back: usize,
    rebuilt: usize,
    journals: usize,
    /// Not everything came back, and each loss was named.
    pub(crate) named: usize,
    pub(crate) silent: Vec<String>,
}

impl Tally {
    pub(crate) fn take(&mut self, found: &Found, place: &str, state: &Path) {
        self.cases += 1;
        let store = match Store::open(state) {
            Ok(store) => store,
            Err(error) => return self.silent.push(format!("{place}: refused: {error}")),
        };
        let mendings = store.mendings().unwrap();
        let now = records(&store);
        let missing: Vec<&String> = found.records.difference(&now).collect();
        let new: Vec<&String> = now.difference(&found.records).collect();
        let is_same = missing.is_empty() && new.is_empty();
        match mendings.as_slice() {
            [] if is_same => self.untouched += 1,
            [one] if is_same => {
                self.mended += 1;
                self.count(one);
            }
            [one] if !one.is_complete() && one.sentence().contains("补不回来的有") => {
                self.named += 1;
                self.count(one);
            }
            other => self.silent.push(format!(
                "{} {place}: {other:?}, missing {missing:?}, new {new:?}",
                found.name
            )),
        }
        drop(store);
        // What was mended is whole: the next opening has nothing to say.
        let again = Store::open(state).unwrap();
        if again.mendings().unwrap() != mendings || records(&again) != now {
            self.silent.push(format!("{place}: not mended for good"));
        }
    }

    fn count(&mut self, mending: &Mending) {
        self.brought_back += mending.brought_back();
        self.rebuilt += usize::from(mending.were_unreadable);
        self.journals += usize::from(mending.journal);
    }
}

/// So many bits, pages and cuts in each of the states.
fn befall(bits: usize, others: usize) {
    let directory = tempfile::tempdir().unwrap();
    let states = found_states(directory.path());
    let mut tallies: BTreeMap<(&str, Damage), Tally> = BTreeMap::new();
    let mut draw = Drawing(20_220_624);
    for found in &states {
        for (damage, times) in [
            (Damage::Bit, bits),
            (Damage::Page, others),
            (Damage::Cut, others),
        ] {
            let tally = tallies.entry((found.name, damage)).or_default();
            for _ in 0..times {
                let state = directory.path().join("state");
                copy(&found.directory, &state);
                let place = damage.befall(&state, &mut draw);
                tally.take(found, &place, &state);
                remove_directory(&state).unwrap();
            }
        }
    }
    for ((state, damage), tally) in &tallies {
        println!("{state}, {damage:?}: {tally:?}");
    }
    let silent: Vec<&String> = tallies.values().flat_map(|tally| &tally.silent).collect();
    assert!(silent.is_empty(), "{silent:#?}");
    // What is damaged is damaged in one place, and everything stands in two.
    let named: usize = tallies.values().map(|tally| tally.named).sum();
    assert_eq!(named, 0, "{tallies:?}");
    let mended: usize = tallies.values().map(|tally| tally.mended).sum();
    assert!(mended > tallies.len(), "nothing was damaged: {tallies:?}");
}

/// A state in use is looked at and copied while its journal is shortened again and again: what has
/// gone since it was listed is absent, and each copy is a state of one moment.
#[test]
fn a_state_is_copied_while_its_journal_is_shortened() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let store = Store::open(&state).unwrap();
    write_much(&store, 1_000);
    store.rest().unwrap();
    let kept = records(&store);
    // Dropped when the looking is over, however it ends.
    let looking = Arc::new(());
    let looked_at = Arc::downgrade(&looking);
    std::thread::scope(|scope| {
        let looking = looking;
        scope.spawn(|| {
            while looked_at.strong_count() > 0 {
                for _ in 0..5 {
                    store.keep_topic(ChatId(-7), Some(TopicId(1))).unwrap();
                    store.keep_topic(ChatId(-7), None).unwrap();
                    store.export(&stamp()).unwrap();
                }
                // Now and then it stands still, as every state does.
                std::thread::sleep(Duration::from_millis(400));
            }
        });
        for _ in 0..200 {
            assert!(!files_below(&state).is_empty());
        }
        for number in 0..10 {
            let copied = directory.path().join(format!("copy-{number}"));
            copy(&state, &copied);
            let store = Store::open(&copied).unwrap();
            let (now, mendings) = (records(&store), store.mendings().unwrap());
            assert!(kept.is_subset(&now), "something is missing");
            assert_eq!(mendings, []);
        }
        drop(looking);
    });
}

#[test]
fn what_is_damaged_is_mended_or_named() {
    befall(8, 5);
}

#[test]
#[ignore = "takes minutes: just damage"]
fn of_thousands_of_damages_none_is_silent() {
    befall(500, 200);
}

/// What a kill leaves is no damage: everything that was settled is there, and nothing is said.
#[test]
fn a_kill_leaves_everything_that_was_settled() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let store = Store::open(&state).unwrap();
    for round in 0..20 {
        for number in 0..50 {
            store
                .subscribe(&Subscription::of(ChatId(round * 100 + number)))
                .unwrap();
        }
        store.flush().unwrap();
        let killed = directory.path().join(format!("killed-{round}"));
        copy(&state, &killed);
        let left = Store::open(&killed).unwrap();
        let count = left.subscriptions().unwrap().len() as i64;
        assert_eq!(
            (count, left.mendings().unwrap()),
            ((round + 1) * 50, vec![])
        );
    }
}

/// Both are gone: the newest automatic backup takes their place, and it is said what may be missing.
#[test]
fn where_records_and_journal_are_gone_the_newest_backup_is_taken() {
    let directory = copied_data();
    let state = directory.path().join("state");
    let store = Store::open(&state).unwrap();
    write_much(&store, 1);
    let at = |hour: i64| now() + TimeDelta::hours(hour);
    assert!(store.back_up(at(0), &stamp()).unwrap());
    let kept = records(&store);
    assert!(!store.back_up(at(0), &stamp()).unwrap(), "one an hour");
    assert!(!store.back_up(at(1), &stamp()).unwrap(), "nothing new");
    store.subscribe(&Subscription::of(ChatId(-7))).unwrap();
    assert!(store.back_up(at(2), &stamp()).unwrap());
    drop(store);
    let backups = list_by_age(&state.join("backups")).unwrap();
    let [first, newest] = backups.as_slice() else {
        panic!("{backups:?}");
    };
    // The newest one is damaged: it is not taken.
    let bytes = read_whole(newest).unwrap();
    std::fs::write(newest, &bytes[..bytes.len() / 2]).unwrap();
    for file in files_below(&state.join("journal")) {
        std::fs::write(file, "").unwrap();
    }
    std::fs::write(state.join("db"), vec![7; 9_000]).unwrap();
    let store = Store::open(&state).unwrap();
    let mending = &store.mendings().unwrap()[0];
    assert!(!mending.is_complete(), "{mending:?}");
    assert!(mending.sentence().contains("自动备份补齐"), "{mending:?}");
    assert_eq!(records(&store), kept);
    drop(store);
    // By hand as well, and the backups go along.
    let said = done(
        planbot(directory.path())
            .args(["state", "restore"])
            .arg(first)
            .arg("--replace"),
    );
    assert!(said.contains("已恢复"), "{said}");
    let store = Store::open(&state).unwrap();
    assert_eq!(records(&store), kept);
    assert_eq!(list_by_age(&state.join("backups")).unwrap().len(), 2);
    let bytes = read_whole(first).unwrap_or_else(|_| panic!("{first:?} is gone"));
    assert!(Export::read(&bytes).unwrap().count() >= kept.len());
}

/// A restore that is killed between its two renames, and one before the first of them.
#[test]
fn a_restore_that_is_cut_off_leaves_a_state() {
    let directory = copied_data();
    let state = directory.path().join("state");
    let new = directory.path().join("state.restoring-1");
    let store = Store::open(&state).unwrap();
    store.subscribe(&Subscription::of(ChatId(1))).unwrap();
    let export = Export::read(store.export(&stamp()).unwrap().as_bytes()).unwrap();
    store.subscribe(&Subscription::of(ChatId(2))).unwrap();
    drop(store);
    export.build(&new).unwrap();
    // Not ready, or a state is there: it counts for nothing.
    assert_eq!(
        Store::open(&state).unwrap().subscriptions().unwrap().len(),
        2
    );
    rename_file(&state, &directory.path().join("elsewhere")).unwrap();
    assert!(!Store::is_there(&state));
    rename_file(&directory.path().join("elsewhere"), &state).unwrap();
    planbot::restore_is_ready(&new).unwrap();
    rename_file(&state, &directory.path().join("state.old-1")).unwrap();
    let dump = done(planbot(directory.path()).args(["state", "dump"]));
    assert_eq!(dump.matches("\"subscriptions\"").count(), 1, "{dump}");
    assert!(state.exists() && !new.exists());
    // One that never came to its first rename is not taken later.
    export.build(&new).unwrap();
    planbot::restore_is_ready(&new).unwrap();
    drop(Store::open(&state).unwrap());
    rename_file(&state, &directory.path().join("state.old-2")).unwrap();
    assert!(!Store::is_there(&state));
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_the_state() {
    use std::os::unix::fs::PermissionsExt;
    let directory = copied_data();
    let state = directory.path().join("state");
    create_directory(&state).unwrap();
    let store = Store::open(&state).unwrap();
    write_much(&store, 1);
    store.back_up(now(), &stamp()).unwrap();
    drop(store);
    drop(Store::open(&state).unwrap());
    let mode = |path: &Path| {
        std::fs::symlink_metadata(path)
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode(&state), 0o700);
    for file in files_below(&state) {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
        assert_eq!(mode(file.parent().unwrap()), 0o700, "{}", file.display());
    }
}

/// A state of before there was a journal, as sled held it then.
#[test]
fn a_state_without_a_journal_gets_one() {
    let directory = copied_data();
    let state = directory.path().join("state");
    let database = sled::open(&state).unwrap();
    let put = |tree: &str, key: &[u8], value: &[u8]| {
        database
            .open_tree(tree)
            .unwrap()
            .insert(key, value)
            .unwrap();
    };
    put("meta", b"format", &4_u32.to_le_bytes());
    put("meta", b"numbers_from", &500_u64.to_le_bytes());
    let subscription = serde_json::to_vec(&Subscription::of(ChatId(-7))).unwrap();
    put("subscriptions", &(-7_i64).to_be_bytes(), &subscription);
    let said = serde_json::to_vec(&audit(1)).unwrap();
    put("audits", &501_u64.to_be_bytes(), &said);
    let given: Vec<u64> = (0..5).map(|_| database.generate_id().unwrap()).collect();
    database.flush().unwrap();
    drop(database);
    std::fs::write(state.join("begun"), "").unwrap();
    let store = Store::open(&state).unwrap();
    assert_eq!(
        store.subscriptions().unwrap(),
        [Subscription::of(ChatId(-7))]
    );
    store.audit(&audit(2)).unwrap();
    assert_eq!(store.audits().unwrap(), [audit(1), audit(2)]);
    let text = store.export(&stamp()).unwrap();
    assert!(
        text.starts_with(&format!(
            "{{\"planbot\":\"state\",\"backup\":1,\"state\":{FORMAT}"
        )),
        "{text}"
    );
    assert_eq!(store.mendings().unwrap(), []);
    drop(store);
    // The next number lies behind all that were given.
    let header: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert!(header["numbers"].as_u64().unwrap() > 500 + given.last().unwrap());
    // Its files stay for a planbot of that time.
    let former = sled::open(state.join("older")).unwrap();
    assert_eq!(former.open_tree("audits").unwrap().len(), 1);
    assert_eq!(Store::open(&state).unwrap().audits().unwrap().len(), 2);
}

/// Administrators hear of it once, and the doctor says it as long as nothing newer was mended.
#[tokio::test(flavor = "multi_thread")]
async fn administrators_are_told_what_was_mended() {
    let bot = RunningBot::start_over(|state| {
        let store = Store::open(state).unwrap();
        store.audit(&audit(1)).unwrap();
        drop(store);
        std::fs::write(state.join("db"), vec![7; 9_000]).unwrap();
    })
    .await;
    let told = bot.api.next_sent_to(ADMIN).await;
    assert!(
        told.text.contains("状态目录有损坏") && told.text.contains("没有丢失"),
        "{told:?}"
    );
    assert!(
        bot.app
            .store()
            .unwrap()
            .untold_mendings()
            .unwrap()
            .is_empty()
    );
    assert_eq!(bot.app.store().unwrap().audits().unwrap(), [audit(1)]);
    bot.finish().await;
}

/// The doctor and a start on a damaged state say it in a sentence, and no panic is seen.
#[test]
fn a_damaged_state_is_one_sentence_for_whoever_looks() {
    let directory = copied_data();
    let state = directory.path().join("state");
    let store = Store::open(&state).unwrap();
    write_much(&store, 1);
    drop(store);
    let mut bytes = read_whole(&state.join("db")).unwrap();
    let used = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    bytes[used / 2] ^= 4;
    std::fs::write(state.join("db"), bytes).unwrap();
    let (text, error, _) = crate::operating::outcome(planbot(directory.path()).arg("doctor"));
    assert!(
        text.contains("状态目录有损坏") && text.contains("没有丢失"),
        "{text}"
    );
    assert!(!error.contains("panicked"), "{error}");
}
