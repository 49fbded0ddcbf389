//! How a command says what it found: in lines for people, or as JSON for programs.

use crate::model::{Finding, Severity};
use serde_json::{Value, json};

/// For whom it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Output {
    /// Lines in Chinese.
    Lines,
    /// JSON, with English names.
    Json,
}

impl Output {
    /// As `--json` says.
    pub(super) fn of(json: bool) -> Self {
        if json { Self::Json } else { Self::Lines }
    }
}

/// A finding for programs.
pub(super) fn finding(finding: &Finding) -> Value {
    let severity = match finding.severity {
        Severity::Notice => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    json!({"severity": severity, "file": finding.file, "place": finding.place, "advice": finding.advice})
}
