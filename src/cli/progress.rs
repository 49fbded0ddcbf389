//! How far a long work is, for whoever sits at the terminal; a file or a pipe hears nothing of it.

use std::cell::Cell;
use std::io::{IsTerminal, Write};

/// The signs that take a line back to its beginning and empty it.
const EMPTY_LINE: &str = "\r\x1b[K";

/// A line on the terminal's error output that is written over, and gone at the end.
pub(super) struct Progress {
    what: String,
    total: usize,
    done: Cell<usize>,
    is_seen: bool,
}

impl Progress {
    /// Of a work of so many steps.
    pub(super) fn of(what: &str, total: usize) -> Self {
        let progress = Self {
            what: what.to_string(),
            total,
            done: Cell::new(0),
            is_seen: std::io::stderr().is_terminal(),
        };
        progress.write(&progress.line());
        progress
    }

    /// A work that tells of no steps.
    pub(super) fn at(what: &str) -> Self {
        Self::of(what, 0)
    }

    /// One step more.
    pub(super) fn step(&self) {
        let before = self.hundredths();
        self.done.set(self.done.get() + 1);
        // Only when it shows: a terminal over a slow line would slow the work.
        if self.hundredths() != before {
            self.write(&self.line());
        }
    }

    fn hundredths(&self) -> usize {
        (self.done.get() * 100).checked_div(self.total).unwrap_or(0)
    }

    fn line(&self) -> String {
        match self.total {
            0 => format!("{}……", self.what),
            total => format!(
                "{}：{}%（{}/{total}）",
                self.what,
                self.hundredths(),
                self.done.get()
            ),
        }
    }

    fn write(&self, line: &str) {
        if self.is_seen {
            let mut terminal = std::io::stderr().lock();
            // Whoever closed the terminal sees nothing; the work goes on.
            let _ = write!(terminal, "{EMPTY_LINE}{line}");
            let _ = terminal.flush();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.write("");
    }
}
