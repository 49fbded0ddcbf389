//! The design as a test: who may use whom, how long a file may be, what a module must say, what the source must not know.

use crate::harness::shipped_data;
use planbot::files;
use std::path::Path;

const LONGEST_FILE: usize = 560;

/// Module, what it may use inside the crate.
const LAYERS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("language", &[]),
    ("import", &["model"]),
    ("understand", &["model"]),
    ("answer", &["model", "understand", "import"]),
    ("schedule", &["model"]),
    ("fit", &[]),
    ("search", &["model"]),
    ("store", &["model", "schedule"]),
    ("files", &["model", "schedule"]),
    ("config", &["model", "files", "schedule"]),
    ("ports", &[]),
    ("metrics", &[]),
    (
        "edition",
        &[
            "model",
            "import",
            "understand",
            "answer",
            "search",
            "files",
            "schedule",
        ],
    ),
    (
        "app",
        &[
            "model",
            "understand",
            "answer",
            "files",
            "config",
            "edition",
            "ports",
            "store",
            "schedule",
            "metrics",
        ],
    ),
    ("remind", &["model", "schedule", "store", "ports", "app"]),
    ("chart", &["model", "understand", "answer"]),
    (
        "chat",
        &[
            "model",
            "chart",
            "understand",
            "answer",
            "app",
            "config",
            "ports",
            "store",
            "schedule",
            "remind",
        ],
    ),
    ("exam", &["model", "answer", "edition", "chat"]),
    (
        "web",
        &[
            "model",
            "answer",
            "understand",
            "app",
            "chat",
            "chart",
            "config",
            "ports",
            "store",
            "schedule",
            "edition",
            "remind",
            "metrics",
        ],
    ),
];

/// Crate, the folders that may name it.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("tantivy", &["search"]),
    ("sled", &["store"]),
    ("fs4", &["files"]),
    ("teloxide", &["chat/telegram"]),
    ("reqwest", &["chat/telegram"]),
    ("clap", &["cli"]),
    ("csv", &["files", "chat"]),
    ("encoding_rs", &["files"]),
    ("scraper", &["import"]),
    ("arc_swap", &["app"]),
    ("tokio", &["store", "app", "remind", "chat", "cli", "web"]),
    ("tracing", &["app", "remind", "chat", "cli", "web"]),
    ("rust_xlsxwriter", &["chat"]),
    ("axum", &["chat/telegram", "web"]),
    ("subtle", &["chat/telegram", "web"]),
    ("getrandom", &["chat/telegram", "web"]),
    ("hyper", &["web"]),
    ("hyper_util", &["web"]),
    ("maud", &["web"]),
    ("icalendar", &["chat"]),
    ("resvg", &["chart"]),
    ("skrifa", &["chart"]),
    ("fst", &["language"]),
    ("prometheus", &["metrics"]),
    ("tracing_subscriber", &["cli"]),
    ("anyhow", &["app", "chat", "cli"]),
    ("libm", &["fit"]),
];

const NO_NAMES: &[&str] = &["utils", "helpers", "common", "manager", "misc"];

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(directory) = open.pop() {
        for path in files::list_by_age(&directory).unwrap() {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((relative(&root, &path), files::read_text(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap()
        .to_string_lossy()
        .replace('\\', "/")
}

fn module(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The source without its tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or_default()
}

#[test]
fn modules_use_only_what_lies_below_them() {
    let mut faults = Vec::new();
    for (file, text) in sources() {
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == module(&file)) else {
            continue;
        };
        for piece in code(&text).split("crate::").skip(1) {
            let used: String = piece
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                .collect();
            if !used.is_empty() && used != module(&file) && !allowed.contains(&used.as_str()) {
                faults.push(format!("{file} uses {used}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn each_outside_crate_stays_in_its_folder() {
    let mut faults = Vec::new();
    for (file, text) in sources() {
        for (name, folders) in OUTSIDE {
            let named = code(&text).lines().any(|line| {
                !line.trim_start().starts_with("//") && line.contains(&format!("{name}::"))
            });
            let home = folders.iter().any(|folder| {
                file.starts_with(&format!("{folder}/")) || file == format!("{folder}.rs")
            });
            if named && !home {
                faults.push(format!("{file} names {name}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_core_is_pure() {
    let impure = [
        "async ",
        "std::fs",
        "std::env",
        "std::net",
        "std::thread",
        "SystemTime",
        "::now()",
        "println!",
        "eprintln!",
    ];
    for (file, text) in sources() {
        if [
            "model",
            "language",
            "import",
            "understand",
            "answer",
            "schedule",
            "chart",
            "fit",
        ]
        .contains(&module(&file))
        {
            for word in impure {
                assert!(!code(&text).contains(word), "{file} has {word}");
            }
        }
    }
}

#[test]
fn files_hold_one_idea_and_say_which() {
    for (file, text) in sources() {
        assert!(
            text.starts_with("//! "),
            "{file} does not say what it is for"
        );
        let lines = text.lines().count();
        assert!(lines <= LONGEST_FILE, "{file} has {lines} lines");
        let stem = file.rsplit('/').next().unwrap().trim_end_matches(".rs");
        assert!(
            !NO_NAMES.contains(&stem),
            "{file} has a name that says nothing"
        );
        assert!(!code(&text).contains(".unwrap()"), "{file} unwraps");
    }
}

/// Nothing in the source knows a place, an indicator, a term or a synonym of a plan; nothing in the lexicon a figure.
#[test]
fn the_source_knows_no_report() {
    let data = files::read_data(&shipped_data());
    let mut names: Vec<String> = Vec::new();
    for plan in &data.plans {
        names.extend(plan.header.region_names.iter().cloned());
        names.extend(
            plan.cells
                .iter()
                .flat_map(|cell| [cell.indicator.clone(), cell.category.clone()]),
        );
        names.extend(
            plan.glossary
                .iter()
                .map(|entry| entry.name.replace(['“', '”'], "")),
        );
        names.extend(
            plan.synonyms
                .iter()
                .flat_map(|(_, words)| words.iter().filter(|w| w.chars().count() > 2).cloned()),
        );
    }
    names.retain(|name| name.chars().count() > 1);
    for (file, text) in sources() {
        for line in code(&text)
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            if let Some(name) = names.iter().find(|name| line.contains(name.as_str())) {
                assert!(
                    file == "chat/words.rs" || file == "chat/commands.rs",
                    "{file} knows {name}: {line}"
                );
            }
        }
    }
    let concepts = data.lexicon.concepts.iter();
    let said = concepts.flat_map(|concept| [concept.same.clone(), concept.said.clone()]);
}
