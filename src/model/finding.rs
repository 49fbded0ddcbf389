//! A remark about data: which file, which place, how grave, and what to do.

use std::fmt;

/// How grave a finding is. An error keeps an edition from being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth a look.
    Notice,
    /// Probably wrong; the edition is used.
    Warning,
    /// Wrong; the edition is not used.
    Error,
}

/// One remark about data, in Chinese, for the person who edits it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file, relative to the data directory.
    pub file: String,
    /// The line or row in it; empty for the whole file.
    pub place: String,
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong and what to do.
    pub advice: String,
}

impl Finding {
    /// A finding that keeps the edition from being used.
    pub fn error(
        file: impl Into<String>,
        place: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self::new(Severity::Error, file, place, advice)
    }

    /// A finding that is shown and does not stop anything.
    pub fn warning(
        file: impl Into<String>,
        place: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self::new(Severity::Warning, file, place, advice)
    }

    fn new(
        severity: Severity,
        file: impl Into<String>,
        place: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            file: file.into(),
            place: place.into(),
            severity,
            advice: advice.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grade = match self.severity {
            Severity::Notice => "提示",
            Severity::Warning => "注意",
            Severity::Error => "错误",
        };
        write!(f, "{grade}｜{}", self.file)?;
        if !self.place.is_empty() {
            write!(f, " {}", self.place)?;
        }
        write!(f, "：{}", self.advice)
    }
}
