//! The program as people start it, against a fake Telegram, and what the system says of it: memory, threads, open files, time
//! on a processor, room on the disk.

use crate::fake_bot_api::TOKEN;
use crate::web_program::{Started, command_of};
use planbot::write_text;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

/// A program that does not outlive its test.
pub struct Watched {
    started: Started,
    state: PathBuf,
}

/// What a program holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Megabytes of memory.
    pub memory: u64,
    pub threads: u64,
    /// Open files and connections.
    pub descriptors: usize,
    /// Megabytes on the disk below the state's directory.
    pub state: u64,
}

impl Held {
    /// The larger of each.
    pub fn or_more(self, other: Self) -> Self {
        Self {
            memory: self.memory.max(other.memory),
            threads: self.threads.max(other.threads),
            descriptors: self.descriptors.max(other.descriptors),
            state: self.state.max(other.state),
        }
    }
}

impl Watched {
    /// The program that was built with the tests, in a directory, with settings and a page on a free port.
    pub fn start(directory: &Path, api: SocketAddr, settings: &str) -> Self {
        let program = assert_cmd::cargo::cargo_bin!("planbot").to_path_buf();
        Self::start_program(&program, directory, api, settings)
    }

    /// The program of PLANBOT_PROGRAM, where a measurement is to be of a released one.
    pub fn start_chosen(directory: &Path, api: SocketAddr, settings: &str) -> Self {
        Self::start_program(&chosen(), directory, api, settings)
    }

    fn start_program(program: &Path, directory: &Path, api: SocketAddr, settings: &str) -> Self {
        let page = "[web]\nlisten = \"127.0.0.1:0\"\n";
        write_text(&directory.join("bot.toml"), &format!("{page}{settings}")).unwrap();
        let mut command = command_of(program, directory);
        command
            .stderr(Stdio::null())
            .env("TELOXIDE_TOKEN", TOKEN)
            .env("TELOXIDE_API_URL", format!("http://{api}"));
        Self {
            started: Started::by(command),
            state: directory.join("state"),
        }
    }

    /// Where its page is.
    pub fn page(&self) -> SocketAddr {
        self.started.address
    }

    pub fn held(&self) -> Held {
        Held {
            memory: self.counted("VmRSS") / 1024,
            threads: self.counted("Threads"),
            descriptors: entries(&self.place("fd")).len(),
            state: room(&self.state) >> 20,
        }
    }

    /// The time that it has had on a processor so far.
    pub fn busy(&self) -> Duration {
        let all = text_of(&self.place("stat")).unwrap();
        // Behind the name, which ends with the last bracket: state, and eleven numbers before the two that count.
        let numbers: Vec<&str> = all.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks: u64 = numbers[11..13]
            .iter()
            .map(|number| number.parse::<u64>().unwrap())
            .sum();
        // Linux counts hundredths of a second here, on every machine.
        Duration::from_millis(ticks * 10)
    }

    /// How many threads the runtime has: those of its tasks and, by the same name, those of its pool.
    pub fn threads_of_the_runtime(&self) -> usize {
        let threads = entries(&self.place("task"));
        let name = |thread: PathBuf| text_of(&thread.join("comm"));
        // One that has just ended has no name any more.
        let names = threads.into_iter().flat_map(name);
        names
            .filter(|name| name.trim_end() == "tokio-rt-worker")
            .count()
    }

    /// A number of `/proc`: kilobytes of memory (`VmRSS`), threads (`Threads`).
    fn counted(&self, what: &str) -> u64 {
        let status = text_of(&self.place("status")).unwrap();
        let line = status.lines().find(|line| line.starts_with(what)).unwrap();
        let number = line.split_whitespace().nth(1).unwrap();
        number.parse().unwrap()
    }

    fn place(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{name}", self.started.child.id()))
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.started.child.kill();
        let _ = self.started.child.wait();
    }
}

/// What stands in a directory; one that has just gone holds nothing.
#[expect(
    clippy::disallowed_methods,
    reason = "what the system says of a program are files"
)]
fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten();
    entries.flatten().map(|entry| entry.path()).collect()
}

/// How many bytes the files below a directory have.
fn room(directory: &Path) -> u64 {
    let of = |entry: PathBuf| match entry.is_dir() {
        true => room(&entry),
        false => entry.metadata().map_or(0, |about| about.len()),
    };
    entries(directory).into_iter().map(of).sum()
}

#[expect(
    clippy::disallowed_methods,
    reason = "what the system says of a program is a file"
)]
fn text_of(file: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(file)
}

/// The program of PLANBOT_PROGRAM, or the one that was built with the tests.
#[expect(
    clippy::disallowed_methods,
    reason = "a measurement is told by its environment what to measure"
)]
pub fn chosen() -> PathBuf {
    std::env::var_os("PLANBOT_PROGRAM").map_or_else(
        || assert_cmd::cargo::cargo_bin!("planbot").to_path_buf(),
        PathBuf::from,
    )
}

/// How long a measurement lasts: so many seconds as PLANBOT_TEST_SECONDS says, or as many as it lasts usually.
#[expect(
    clippy::disallowed_methods,
    reason = "a measurement is told by its environment how long it lasts"
)]
pub fn seconds(usual: u64) -> Duration {
    let told = std::env::var("PLANBOT_TEST_SECONDS").ok();
    Duration::from_secs(told.map_or(usual, |told| told.parse().unwrap()))
}
