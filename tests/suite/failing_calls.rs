//! Every write, every wait for the disk, every rename and every mapping of what the program does fails once, or ends the
//! program: afterwards the data, the index and the state are as before or as wanted, never half, and whoever asked is told.
//!
//! `failing_calls.c` stands before the C library for that; it is compiled here.

use crate::damage::{Damage, files_below, used};
use crate::harness::{copied_data, copied_qinghe, replace};
use crate::kill::data_for_today;
use planbot::{list_by_age, read_bounded, read_text, rename_file, write_text};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const CALLS: [&str; 4] = ["write", "fsync", "rename", "mmap"];
const QUESTION: &str = "东渠年输水量2024年目标";
const PLAN: &str = "data/plans/qinghe-2024";

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// It fails.
    Fails,
    /// The program is killed in it.
    Ends,
}

/// What is on the disk afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    Old,
    New,
}

/// A call that is chosen, or none.
#[derive(Debug, Clone, Copy)]
struct Chosen {
    call: &'static str,
    at: usize,
    how: How,
}

/// What a run of the program said.
struct Ran {
    said: String,
    error: String,
    code: Option<i32>,
}

/// Something that the program does.
struct Act {
    name: &'static str,
    /// Whether it is the bot that runs, which may panic and is started again then.
    serves: bool,
    prepare: fn() -> tempfile::TempDir,
    run: fn(&mut Command, &Path) -> Ran,
    /// What is found afterwards by programs whose calls do not fail; what is neither old nor new is said.
    found: fn(&Path, &Ran) -> Result<Found, String>,
}

const ACTS: &[Act] = &[
    Act {
        name: "first start",
        serves: true,
        prepare: with_a_page,
        run: |command, _| asked_beside_a_page(command),
        found: |directory, ran| {
            answers(directory, "≥860")?;
            let again = asked_beside_a_page(&mut plain(directory));
            if again.code != Some(0) || !again.said.contains("≥860") {
                return Err(format!("{}{}", again.said, again.error));
            }
            dump(directory)?;
            let is_new = ran.said.contains("≥860");
            Ok(if is_new { Found::New } else { Found::Old })
        },
    },
    Act {
        name: "start",
        serves: true,
        prepare: with_state,
        run: |command, _| talk(command.arg("run"), "2024年稻谷目标是多少\n"),
        found: |directory, ran| {
            let dump = dump(directory)?;
            // A disk that takes nothing for a moment has damaged nothing.
            if dump.contains("\"mended\"") {
                return Err(format!("a call that failed was taken for damage: {dump}"));
            }
            let kept = dump.matches("\"蝗虫\"").count();
            let is_new = ran.said.contains("文件里没有稻谷");
            answers(directory, "≥860")?;
            (kept > 0)
                .then_some(if is_new { Found::New } else { Found::Old })
                .ok_or_else(|| "what was kept before is gone".to_string())
        },
    },
    Act {
        name: "import",
        serves: false,
        prepare: with_report,
        run: |command, _| {
            ran(command.args(["import", "new.txt", "--plan", "liuxi-2030", "--replace"]))
        },
        found: |directory, _| {
            let plan = directory.join("data/plans/liuxi-2030");
            if !plan.exists() {
                // The only moment between two renames: the next import says so and puts the old plan back.
                let again = ran(plain(directory).args([
                    "import",
                    "new.txt",
                    "--plan",
                    "liuxi-2030",
                    "--replace",
                ]));
                if !again.error.contains("已恢复替换前的内容") {
                    return Err(format!("no plan, and: {}", again.error));
                }
            }
            let now = contents(&plan);
            if now == contents(&directory.join("old")) {
                Ok(Found::Old)
            } else if now == contents(&directory.join("wanted")) {
                Ok(Found::New)
            } else {
                Err(format!("half a plan: {:?}", now.keys()))
            }
        },
    },
    Act {
        name: "index",
        serves: false,
        prepare: copied_qinghe,
        run: |command, _| ran(command.arg("index")),
        found: |directory, _| {
            let generations = list_by_age(&directory.join("index")).unwrap_or_default();
            let is_whole = |path: &PathBuf| !path.to_string_lossy().contains(".partial-");
            let is_new = generations.iter().any(is_whole);
            let again = ran(plain(directory).arg("index"));
            if again.code != Some(0) || again.said.contains("损坏") {
                return Err(format!("{}{}", again.said, again.error));
            }
            answers(directory, "≥860")?;
            Ok(if is_new { Found::New } else { Found::Old })
        },
    },
    Act {
        name: "reload",
        serves: true,
        prepare: with_state,
        run: reload,
        found: |directory, ran| {
            dump(directory)?;
            answers(directory, "≥870")?;
            let is_new = ran.said.contains("≥870");
            Ok(if is_new { Found::New } else { Found::Old })
        },
    },
    Act {
        name: "backup",
        serves: false,
        prepare: with_state,
        run: |command, _| ran(command.args(["state", "backup", "backup.json"])),
        found: |directory, _| {
            let before = records(&dump(directory)?);
            if !directory.join("backup.json").exists() {
                return Ok(Found::Old);
            }
            let restored =
                ran(plain(directory).args(["state", "restore", "backup.json", "--replace"]));
            let after = records(&dump(directory)?);
            if restored.code == Some(0) && before == after {
                Ok(Found::New)
            } else {
                Err(format!("the backup is not the state: {}", restored.error))
            }
        },
    },
    Act {
        name: "restore",
        serves: false,
        prepare: with_backup,
        run: |command, _| ran(command.args(["state", "restore", "backup.json", "--replace"])),
        found: |directory, _| {
            let now = dump(directory)?;
            match (now.contains("\"蝗虫\""), now.contains("\"稻谷\"")) {
                (true, false) => Ok(Found::New),
                (true, true) => Ok(Found::Old),
                _ => Err(format!("neither state: {now}")),
            }
        },
    },
    Act {
        name: "mending",
        serves: false,
        prepare: with_a_torn_journal,
        run: |command, _| ran(command.args(["state", "dump"])),
        found: |directory, ran| {
            let now = dump(directory)?;
            let is_kept = |line: &&str| !line.contains("\"mended\"");
            let now = records(&now.lines().filter(is_kept).collect::<Vec<_>>().join("\n"));
            let whole = records(&read_text(&directory.join("whole")).unwrap());
            let done = if ran.code == Some(0) {
                Found::New
            } else {
                Found::Old
            };
            (now == whole)
                .then_some(done)
                .ok_or_else(|| format!("{} records of {}", now.len(), whole.len()))
        },
    },
    Act {
        name: "adopt",
        serves: true,
        prepare: with_state,
        run: |command, _| {
            talk(
                command.arg("run"),
                "2024年稻谷目标是多少\n/unanswered\n1\n1\n",
            )
        },
        found: |directory, _| {
            dump(directory)?;
            answers(directory, "≥860")?;
            let file = directory.join(PLAN).join("synonyms.toml");
            match read_text(&file) {
                Err(_) => Ok(Found::Old),
                Ok(text) if text.starts_with("[names]\n\"") && text.ends_with("\"]\n") => {
                    Ok(Found::New)
                }
                Ok(text) => Err(format!("half a file: {text:?}")),
            }
        },
    },
    Act {
        name: "reminder",
        serves: true,
        prepare: due_today,
        run: |command, _| talk(command.arg("run"), REMINDED),
        found: |directory, before| {
            let after = talk(plain(directory).arg("run"), REMINDED);
            let reminded = |ran: &Ran| ran.said.matches("【报送提醒】").count();
            let marked = |ran: &Ran| ran.said.matches("如已收到请忽略").count();
            let (first, second) = (reminded(before), reminded(&after));
            let twice = first + second - marked(before) - marked(&after) > 1;
            // A message of unknown fate is repeated after five minutes.
            let state = dump(directory)?;
            let is_kept = state.contains("\"Sending\"") || state.contains("\"Pending\"");
            match (twice, first, second) {
                (true, ..) => Err(format!("reminded twice: {}{}", before.said, after.said)),
                (_, 0, 0) if !is_kept => Err(format!("not reminded: {}", after.said)),
                (_, 0, _) => Ok(Found::Old),
                _ => Ok(Found::New),
            }
        },
    },
];

/// Each line is followed by a look at what is due.
const REMINDED: &str = "/subscribe 某某街道\n/help\n/help\n";

/// The library that stands before the C library.
fn shim() -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/failing_calls.c");
    let library = directory.path().join("failing_calls.so");
    let compiled = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"])
        .args([&library, &source])
        .arg("-ldl")
        .status();
    assert!(compiled.unwrap().success());
    (directory, library)
}

/// The program in a directory, none of whose calls fail.
fn plain(directory: &Path) -> Command {
    under(directory, &[])
}

/// The program in a directory with settings of its environment alone; it ends within three minutes.
fn under(directory: &Path, settings: &[(&str, String)]) -> Command {
    let mut command = Command::new("timeout");
    command.args(["-s", "KILL", "180", "env"]);
    for (name, value) in settings {
        command.arg(format!("{name}={value}"));
    }
    command
        .arg(assert_cmd::cargo::cargo_bin!("planbot"))
        .current_dir(directory)
        .env_remove("TELOXIDE_TOKEN")
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn ended(mut child: Child, mut said: String) -> Ran {
    drop(child.stdin.take());
    if let Some(mut output) = child.stdout.take() {
        output.read_to_string(&mut said).unwrap();
    }
    let output = child.wait_with_output().unwrap();
    Ran {
        said,
        error: String::from_utf8_lossy(&output.stderr).to_string(),
        code: output.status.code(),
    }
}

fn ran(command: &mut Command) -> Ran {
    ended(command.spawn().unwrap(), String::new())
}

/// What the local chat says to some lines.
fn talk(command: &mut Command, lines: &str) -> Ran {
    let mut child = command.spawn().unwrap();
    // It may end before it has read them.
    let _ = child.stdin.as_mut().unwrap().write_all(lines.as_bytes());
    ended(child, String::new())
}

/// Asks once. With a page the program does not end with its input: it is told to.
fn asked_beside_a_page(command: &mut Command) -> Ran {
    let mut child = command.arg("run").spawn().unwrap();
    let _ = writeln!(child.stdin.as_mut().unwrap(), "{QUESTION}");
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    while !said.contains("≥860") && output.read_line(&mut said).unwrap() > 0 {}
    let told = Command::new("kill").arg(child.id().to_string()).status();
    assert!(told.is_ok());
    output.read_to_string(&mut said).unwrap();
    ended(child, said)
}

/// Asks, changes a figure, reloads and asks again.
fn reload(command: &mut Command, directory: &Path) -> Ran {
    let mut child = command.arg("run").spawn().unwrap();
    let _ = writeln!(child.stdin.as_mut().unwrap(), "{QUESTION}");
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    while !said.contains("≥860") && output.read_line(&mut said).unwrap() > 0 {}
    replace(&directory.join(PLAN).join("indicators.csv"), "≥860", "≥870");
    let _ = write!(child.stdin.as_mut().unwrap(), "/reload\n{QUESTION}\n");
    drop(child.stdin.take());
    output.read_to_string(&mut said).unwrap();
    ended(child, said)
}

fn answers(directory: &Path, value: &str) -> Result<(), String> {
    let answered = ran(plain(directory).args(["ask", QUESTION]));
    if answered.said.contains(value) {
        Ok(())
    } else {
        Err(format!(
            "{value} is not in: {}{}",
            answered.said, answered.error
        ))
    }
}

/// The records of the state, a line each.
fn dump(directory: &Path) -> Result<String, String> {
    let dumped = ran(plain(directory).args(["state", "dump"]));
    match dumped.code {
        Some(0) => Ok(dumped.said),
        _ => Err(format!("the state: {}", dumped.error)),
    }
}

/// The lines in order of their text.
fn records(dump: &str) -> Vec<String> {
    let mut records: Vec<String> = dump.lines().map(String::from).collect();
    records.sort_unstable();
    records
}

/// The files below a directory with their bytes.
fn contents(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for path in list_by_age(directory).unwrap_or_default() {
        let name = path.file_name().unwrap().to_string_lossy().to_string();
        if path.is_dir() {
            let inner = contents(&path).into_iter();
            found.extend(inner.map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.insert(name, read_bounded(&path).unwrap());
        }
    }
    found
}

fn copied(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-r").args([from, to]).status();
    assert!(copied.unwrap().success());
}

fn with_state() -> tempfile::TempDir {
    let directory = copied_qinghe();
    let first = talk(plain(directory.path()).arg("run"), "2024年蝗虫目标是多少\n");
    assert!(first.said.contains("文件里没有蝗虫"), "{}", first.said);
    directory
}

/// The journal has lost its end, as in a cut of the power; sled has everything.
fn with_a_torn_journal() -> tempfile::TempDir {
    let directory = with_state();
    // Whoever reads all records makes a snapshot of the logs: a copy is read.
    let aside = tempfile::tempdir().unwrap();
    let copy = aside.path().join("copy");
    copied(directory.path(), &copy);
    let whole = dump(&copy).unwrap();
    write_text(&directory.path().join("whole"), &whole).unwrap();
    let logs = files_below(&directory.path().join("state/journal"));
    let log = logs
        .iter()
        .rfind(|file| file.to_string_lossy().contains("/log-"));
    let log = log.unwrap();
    Damage::Cut.strike(log, used(log) as usize - 9);
    directory
}

/// Nothing was ever started here; the page will want keys of its own.
fn with_a_page() -> tempfile::TempDir {
    let directory = copied_qinghe();
    let settings = directory.path().join("bot.toml");
    write_text(&settings, "[web]\nlisten = \"127.0.0.1:0\"\n").unwrap();
    directory
}

fn with_backup() -> tempfile::TempDir {
    let directory = with_state();
    let kept = ran(plain(directory.path()).args(["state", "backup", "backup.json"]));
    assert_eq!(kept.code, Some(0), "{}", kept.error);
    talk(plain(directory.path()).arg("run"), "2024年稻谷目标是多少\n");
    directory
}

fn with_report() -> tempfile::TempDir {
    let directory = copied_qinghe();
    let report = |figure: &str| {
        format!(
            "关于柳溪县2029年农业计划执行情况及2030年计划的报告\n\n一、2029年执行情况\n\n修渠26公里。植树300亩。\n\n\
             二、2030年计划\n\n修渠{figure}公里。各乡镇于2030年6月底向县农业局报送进度。\n"
        )
    };
    for (name, figure, kept) in [("new", "40", "wanted"), ("old", "30", "old")] {
        let file = format!("{name}.txt");
        write_text(&directory.path().join(&file), &report(figure)).unwrap();
        // Of the same name, so that all but the figure is the same.
        let line = ["import", "new.txt", "--plan", "liuxi-2030", "--replace"];
        if name == "old" {
            rename_file(
                &directory.path().join("new.txt"),
                &directory.path().join("aside"),
            )
            .unwrap();
            rename_file(
                &directory.path().join("old.txt"),
                &directory.path().join("new.txt"),
            )
            .unwrap();
        }
        let imported = ran(plain(directory.path()).args(line));
        assert_eq!(
            imported.code,
            Some(0),
            "{}{}",
            imported.said,
            imported.error
        );
        copied(
            &directory.path().join("data/plans/liuxi-2030"),
            &directory.path().join(kept),
        );
    }
    rename_file(
        &directory.path().join("aside"),
        &directory.path().join("new.txt"),
    )
    .unwrap();
    directory
}

fn due_today() -> tempfile::TempDir {
    let directory = copied_data();
    data_for_today(directory.path(), 0);
    directory
}

/// Runs an act in a copy of a prepared directory with a call chosen: how it ended, and what was found or what is wrong.
fn once(
    act: &Act,
    prepared: &Path,
    library: &Path,
    chosen: Chosen,
) -> (Option<i32>, Result<Found, String>) {
    let place = tempfile::tempdir().unwrap();
    let directory = place.path().join("copy");
    copied(prepared, &directory);
    let mut settings = vec![
        ("LD_PRELOAD", library.display().to_string()),
        ("FAILING_CALL", chosen.call.to_string()),
        ("FAILING_AT", chosen.at.to_string()),
    ];
    if chosen.how == How::Ends {
        settings.push(("FAILING_ENDS", "1".to_string()));
    }
    let ran = (act.run)(&mut under(&directory, &settings), &directory);
    let found = (act.found)(&directory, &ran);
    let found = found.and_then(|found| told(act, chosen, &ran).map(|()| found));
    let what = |why| {
        format!(
            "{}: {chosen:?}: {why}\n{}\n{}",
            act.name, ran.said, ran.error
        )
    };
    (ran.code, found.map_err(what))
}

/// Whoever asked is told: what fails is said in a sentence. Without memory a program aborts; a bot that panicked, or whose
/// disk fails, is started again and does not end for good with a 2.
fn told(act: &Act, chosen: Chosen, ran: &Ran) -> Result<(), String> {
    let is_told = match ran.code {
        Some(0) => true,
        Some(2) => !act.serves && !ran.error.contains("unwrap()"),
        Some(75 | 101) => act.serves,
        _ => chosen.how == How::Ends || chosen.call == "mmap",
    };
    if is_told {
        Ok(())
    } else {
        Err(format!("it ended with {:?}", ran.code))
    }
}

/// How many calls of a kind an act makes.
fn count(act: &Act, prepared: &Path, library: &Path, call: &str) -> usize {
    let place = tempfile::tempdir().unwrap();
    let (directory, count) = (place.path().join("copy"), place.path().join("count"));
    copied(prepared, &directory);
    let settings = [
        ("LD_PRELOAD", library.display().to_string()),
        ("FAILING_CALL", call.to_string()),
        ("FAILING_AT", "0".to_string()),
        ("FAILING_COUNT", count.display().to_string()),
    ];
    let ran = (act.run)(&mut under(&directory, &settings), &directory);
    assert_eq!(ran.code, Some(0), "{}: {}{}", act.name, ran.said, ran.error);
    let found = (act.found)(&directory, &ran);
    assert_eq!(found, Ok(Found::New), "{}: {}", act.name, ran.said);
    read_text(&count).unwrap().trim().parse().unwrap()
}

/// Walks each `step`-th call of a kind; prints a line of the table and returns what is half.
fn walk(
    (act, prepared): (&Act, &Path),
    library: &Path,
    (call, how): (&'static str, How),
    step: usize,
) -> Vec<String> {
    let all = count(act, prepared, library, call);
    let mut counts = [0, 0];
    let mut half = Vec::new();
    let mut codes: BTreeMap<Option<i32>, usize> = BTreeMap::new();
    for at in (1..=all).step_by(step) {
        let (code, found) = once(act, prepared, library, Chosen { call, at, how });
        *codes.entry(code).or_default() += 1;
        match found {
            Ok(found) => counts[usize::from(found == Found::New)] += 1,
            Err(why) => half.push(why),
        }
    }
    let codes = codes.iter().map(|(code, times)| {
        let code = code.map_or_else(|| "none".to_string(), |code| code.to_string());
        format!("{code}×{times}")
    });
    println!(
        "| {} | {call} | {how:?} | {all} | {} | {} | {} | {} |",
        act.name,
        counts[0],
        counts[1],
        half.len(),
        codes.collect::<Vec<_>>().join(" ")
    );
    half
}

/// Walks every call of an act.
fn walk_all(name: &str) {
    let (_kept, library) = shim();
    let act = ACTS.iter().find(|act| act.name == name).unwrap();
    let prepared = (act.prepare)();
    println!("| act | call | it | calls | old | new | half | exit codes |");
    let mut half = Vec::new();
    for call in CALLS {
        for how in [How::Fails, How::Ends] {
            // To be killed in a mapping is to be killed between two other calls.
            if (call, how) != ("mmap", How::Ends) {
                half.extend(walk((act, prepared.path()), &library, (call, how), 1));
            }
        }
    }
    assert!(half.is_empty(), "{}", half.join("\n\n"));
}

/// A few calls of what is quick.
#[cfg(target_os = "linux")]
#[test]
fn a_call_that_fails_leaves_the_old_or_the_new() {
    let (_kept, library) = shim();
    for (name, call, how, step) in [
        ("import", "rename", How::Fails, 1),
        ("import", "write", How::Fails, 4),
        ("index", "write", How::Fails, 4),
        ("backup", "fsync", How::Fails, 2),
        ("start", "write", How::Fails, 8),
        ("start", "fsync", How::Fails, 8),
        ("mending", "fsync", How::Fails, 8),
        ("first start", "fsync", How::Fails, 4),
        ("mending", "fsync", How::Ends, 1),
    ] {
        let act = ACTS.iter().find(|act| act.name == name).unwrap();
        let prepared = (act.prepare)();
        let half = walk((act, prepared.path()), &library, (call, how), step);
        assert!(half.is_empty(), "{}", half.join("\n\n"));
    }
}

/// `just failing`: every call of one act, a test each.
macro_rules! every_call {
    ($($test:ident $act:literal)*) => {$(
        #[cfg(target_os = "linux")]
        #[test]
        #[ignore = "every call of an act takes minutes"]
        fn $test() {
            walk_all($act);
        }
    )*};
}

every_call! {
    every_call_of_a_first_start "first start"
    every_call_of_a_start "start"
    every_call_of_an_import "import"
    every_call_of_the_index "index"
    every_call_of_a_reload "reload"
    every_call_of_a_backup "backup"
    every_call_of_a_restore "restore"
    every_call_of_a_mending "mending"
    every_call_of_an_adoption "adopt"
    every_call_of_a_reminder "reminder"
}
