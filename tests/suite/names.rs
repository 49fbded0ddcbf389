//! One name for one thing: a type that other modules see has a name of its own.

use crate::source::{code, sources};
use std::collections::BTreeMap;

/// Names that stand for two things, and why both keep them.
const SHARED: &[(&str, &str)] = &[
    (
        "Document",
        "a message as blocks; a file that was read, inside of import",
    ),
    (
        "Block",
        "a part of the one or of the other, never seen together",
    ),
    (
        "Desk",
        "app::Desk hears units, reply::Desk answers questions: edition alone sees the second",
    ),
    (
        "Candidate",
        "what may answer; its features alone, for the solver that knows no record",
    ),
    (
        "Figure",
        "of a clause; as an answer shows it, with its citation",
    ),
    (
        "Entry",
        "of the index; of the dictionary: both as books call them",
    ),
    (
        "Reader",
        "of a question; of a file format, inside of import",
    ),
];

/// Where a type's name is seen by one list alone: each kind of question is a file with a type, named after what it answers.
const APART: &[&str] = &["kinds/", "import/readers/"];

#[test]
fn what_other_modules_see_has_a_name_of_its_own() {
    let mut homes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, text) in sources() {
        if APART.iter().any(|folder| file.starts_with(folder)) {
            continue;
        }
        for name in code(&text).lines().filter_map(seen_type) {
            homes
                .entry(name.to_string())
                .or_default()
                .push(file.clone());
        }
    }
    let is_shared = |name: &str| SHARED.iter().any(|(shared, _)| *shared == name);
    let twice: Vec<_> = homes
        .iter()
        .filter(|(name, files)| files.len() > 1 && !is_shared(name))
        .collect();
    assert!(twice.is_empty(), "{twice:#?}");
    for (shared, _) in SHARED {
        let files = homes.get(*shared).map_or(0, Vec::len);
        assert!(files != 1, "{shared} is no longer shared");
    }
}

/// The type that a line makes known beyond its own module.
fn seen_type(line: &str) -> Option<&str> {
    let seen = ["pub ", "pub(crate) "];
    let rest = seen.iter().find_map(|word| line.strip_prefix(word))?;
    let kinds = ["struct ", "enum ", "trait ", "type "];
    let named = kinds.iter().find_map(|kind| rest.strip_prefix(kind))?;
    named
        .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .next()
}
