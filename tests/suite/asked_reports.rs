//! Small reports of several forms, imported, loaded and asked: no figure of another year, part or measure.

use crate::harness::copied_qinghe;
use chrono::NaiveDate;
use planbot::{Document, Edition, IndexPlace, import_report, list_by_age, read_text, write_plan};
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    ask: Vec<Ask>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    q: String,
    /// What the first line has; then it must be an answer. With neither this nor the next it must be none.
    has: Option<String>,
    /// What the first line does not have.
    #[serde(default)]
    lacks: Vec<String>,
}

#[test]
fn small_reports_are_asked() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/asked");
    let mut faults = Vec::new();
    let mut count = 0;
    for file in list_by_age(&directory).unwrap() {
        let text = read_text(&file).unwrap();
        let cases: Cases =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for case in &cases.case {
            count += case.ask.len();
            faults.extend(asked(case));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert!(count >= 10, "only {count} questions");
}

fn asked(case: &Case) -> Vec<String> {
    let directory = copied_qinghe();
    let data = directory.path().join("data");
    let imported = import_report(case.text.as_bytes(), "qinghe-2024", "case.md");
    let source = ("case.md", case.text.as_bytes());
    write_plan(&data, &imported.records, source, "", true).unwrap();
    let edition = Edition::load(&data, &IndexPlace::Memory)
        .unwrap_or_else(|error| panic!("{error:?}: {}", case.text));
    let today = NaiveDate::from_ymd_opt(2030, 6, 3).unwrap();
    let fault = |ask: &Ask| {
        let outcome = edition.reply(&ask.q, today);
        let said = Document::of(&outcome.reply).brief().plain();
        let first = said.lines().next().unwrap_or_default();
        let is_answer = outcome.reply.status() == "answer";
        let is_missing = match &ask.has {
            Some(has) => !is_answer || !first.contains(has.as_str()),
            None => is_answer && ask.lacks.is_empty(),
        };
        let is_wrong = ask
            .lacks
            .iter()
            .any(|lacks| format!("{first}\n").contains(lacks.as_str()));
        (is_missing || is_wrong).then(|| format!("{}: {said}", ask.q))
    };
    case.ask.iter().filter_map(fault).collect()
}
