//! A damaged index is known and built anew: no answer is lost or changed, neither of an edition that opens it nor of
//! one that had it open.

use crate::harness::{Qinghe, qinghe};
use chrono::NaiveDate;
use planbot::{DataFiles, Edition, IndexPlace, Reply, list_by_age, read_data};
use std::path::{Path, PathBuf};

/// Questions over the made-up plan whose answers come from the index, a refusal and two cells.
const QUESTIONS: &[&str] = &[
    "疏浚支渠多少条",
    "改造几座泵站",
    "稻鱼共养水田有多少亩",
    "轮灌调度怎么做",
    "怎样保护农田水鸟",
    "选聘了多少护渠员",
    "西渠年输水量为什么没有完成",
    "东渠年输水量2024年目标",
    "天文台有几座",
];

/// What happens to a file.
#[derive(Debug, Clone, Copy)]
enum Damage {
    /// One bit is another.
    Flip,
    /// A page of 512 bytes is nothing but zeros.
    Zero,
    /// The end is missing.
    Cut,
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % most.max(1)
    }
}

struct Place {
    qinghe: Qinghe,
    data: DataFiles,
    index: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let qinghe = qinghe();
        let data = read_data(&qinghe.path());
        let index = tempfile::tempdir().unwrap();
        Self {
            qinghe,
            data,
            index,
        }
    }

    fn open(&self) -> Edition {
        let place = IndexPlace::Directory(self.index.path().to_path_buf());
        Edition::build(&self.data, &place).unwrap_or_else(|error| panic!("{error:?}"))
    }

    /// Every file of the index, in order of its name.
    fn files(&self) -> Vec<PathBuf> {
        let generations = list_by_age(self.index.path()).unwrap();
        let mut found: Vec<PathBuf> = generations
            .iter()
            .flat_map(|generation| list_by_age(generation).unwrap())
            .collect();
        found.sort();
        found
    }
}

/// Damages a file in place, as a disk would; says whether its bytes are others now.
#[expect(clippy::disallowed_methods, reason = "tests spoil files")]
fn damage(file: &Path, how: Damage, dice: &mut Dice) -> bool {
    let whole = std::fs::read(file).unwrap();
    let mut bytes = whole.clone();
    let at = dice.below(bytes.len());
    match how {
        Damage::Flip => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
        Damage::Zero => {
            let from = at / 512 * 512;
            let to = bytes.len().min(from + 512);
            bytes[from..to].fill(0);
        }
        Damage::Cut => {}
    }
    // The same file, so that whoever has it mapped sees the change.
    let options = std::fs::OpenOptions::new().write(true).open(file).unwrap();
    match how {
        Damage::Cut => {
            options.set_len(at as u64).unwrap();
            at < whole.len()
        }
        Damage::Flip | Damage::Zero => {
            std::os::unix::fs::FileExt::write_all_at(&options, &bytes, 0).unwrap();
            bytes != whole
        }
    }
}

fn answers(edition: &Edition) -> Vec<Reply> {
    let day = NaiveDate::from_ymd_opt(2024, 6, 24).unwrap();
    let outcomes = QUESTIONS
        .iter()
        .map(|question| edition.reply(question, day));
    outcomes.map(|outcome| outcome.reply).collect()
}

/// Damages files of an index one after the other; how many damages were known.
fn endure(times: usize, how: Damage, seed: u64) -> usize {
    let place = Place::new();
    let before = place.open();
    let right = answers(&before);
    let answered = right
        .iter()
        .filter(|reply| matches!(reply, Reply::Answer(_)));
    assert!(answered.count() >= 6, "{right:?}");
    let mut dice = Dice(seed);
    let mut known = 0;
    for _ in 0..times {
        let files = place.files();
        let file = &files[dice.below(files.len())];
        let had_it_open = place.open();
        if !damage(file, how, &mut dice) {
            continue;
        }
        let what = format!("{how:?} in {}", file.display());
        assert_eq!(answers(&had_it_open), right, "{what}, while it was open");
        let opened = place.open();
        assert_eq!(answers(&opened), right, "{what}");
        let findings = opened.findings.iter().map(ToString::to_string);
        let told = findings.filter(|finding| finding.contains("索引")).count();
        assert_eq!(told, 1, "{what} is not told");
        let again = place.open().findings;
        assert!(
            !again
                .iter()
                .any(|finding| finding.to_string().contains("索引")),
            "{what} is not mended: {again:?}"
        );
        known += 1;
    }
    assert!(place.qinghe.path().exists());
    known
}

#[test]
fn a_damaged_index_changes_no_answer() {
    for (seed, how) in [Damage::Flip, Damage::Zero, Damage::Cut]
        .into_iter()
        .enumerate()
    {
        let known = endure(4, how, seed as u64 + 1);
        assert!(known >= 2, "{how:?}: {known}");
    }
}

/// `just damage`.
#[test]
#[ignore = "nine hundred damages take minutes"]
fn nine_hundred_damages_change_no_answer() {
    for (times, how, seed) in [
        (500, Damage::Flip, 11),
        (200, Damage::Zero, 12),
        (200, Damage::Cut, 13),
    ] {
        let known = endure(times, how, seed);
        println!(
            "{how:?}: {times} times, {known} changed a file, all known and mended, 0 answers changed"
        );
    }
}
