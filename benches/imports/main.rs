//! How long the import of a long report takes, and how much memory: a Word file and a PDF of sixty
//! pages, both made here. The limits are 0.5 s, 3 s and 150 MB.
//!
//! `cargo bench --bench imports` imports each in a process of its own, so that the memory of one is
//! not counted for the other.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a benchmark fails by panicking, and reads its own arguments"
)]

mod pdf;
mod report;
mod word;
use planbot::import_report;
use std::process::Command;
use std::time::{Duration, Instant};

/// The report is laid out on so many pages at least.
const PAGES: usize = 60;
/// The median of so many imports counts.
const ROUNDS: usize = 5;

struct Format {
    name: &'static str,
    made: fn() -> Vec<u8>,
    limit: Duration,
}

const FORMATS: &[Format] = &[
    Format {
        name: "report.docx",
        made: word::file,
        limit: Duration::from_millis(500),
    },
    Format {
        name: "report.pdf",
        made: || pdf::file().0,
        limit: Duration::from_secs(3),
    },
];
/// In kilobytes.
const MOST_MEMORY: u64 = 150 * 1024;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let named = |format: &&Format| arguments.iter().any(|argument| argument == format.name);
    if let Some(format) = FORMATS.iter().find(named) {
        return measure(format);
    }
    let program = std::env::current_exe().unwrap();
    for format in FORMATS {
        let ended = Command::new(&program).arg(format.name).status().unwrap();
        assert!(ended.success(), "{} is over its limit", format.name);
    }
}

fn measure(format: &Format) {
    assert!(pdf::file().1 >= PAGES);
    let bytes = (format.made)();
    let before = peak_memory();
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let imported = import_report(&bytes, "liuxi-2030", format.name);
        times.push(begun.elapsed());
        let records = &imported.records;
        assert_eq!(
            records.cells.len(),
            report::FIGURES,
            "{:?}",
            imported.findings
        );
        assert_eq!(records.glossary.len(), report::TERMS);
    }
    times.sort_unstable();
    let median = times[ROUNDS / 2];
    println!(
        "{}: {} pages, {} KB, median {median:?}, slowest {:?} (limit {:?}); peak memory {} MB, {} MB \
         before (limit {} MB)",
        format.name,
        pdf::file().1,
        bytes.len() / 1024,
        times[ROUNDS - 1],
        format.limit,
        peak_memory() / 1024,
        before / 1024,
        MOST_MEMORY / 1024,
    );
    assert!(median <= format.limit && peak_memory() <= MOST_MEMORY);
}

/// The most memory that this process has held, in kilobytes; none where the system does not tell.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let figure = line.and_then(|line| line.split_whitespace().nth(1));
    figure.and_then(|figure| figure.parse().ok()).unwrap_or(0)
}
