//! The design as a test: who may use whom, how long a file may be, what a module must say, what the source must not know.

use crate::harness::{qinghe, shipped_data};
use crate::source::{code, sources};
use planbot::read_data;

const LONGEST_FILE: usize = 560;

/// The core: no async, clock, file, environment, network or log, and nothing that depends on hash order.
const PURE: &[&str] = &[
    "model", "language", "import", "question", "evidence", "kinds", "reply", "schedule", "chart",
    "fit", "document",
];

/// Module, what it may use inside the crate. What is not listed (`cli`, `main`, `lib`) may use all.
const LAYERS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("language", &[]),
    ("import", &["model", "language"]),
    ("question", &["model", "language"]),
    // `import` reads clauses and figures; a word of a document weighs what it would in a question.
    ("evidence", &["model", "language", "import", "question"]),
    ("reply", &["model", "language", "question", "evidence"]),
    (
        "kinds",
        &["model", "language", "question", "evidence", "reply"],
    ),
    ("schedule", &["model", "language"]),
    ("fit", &[]),
    ("workers", &[]),
    ("store", &["model", "schedule", "workers"]),
    ("files", &["model", "language", "schedule"]),
    ("config", &["model", "files", "schedule"]),
    // What is said where no edge is known; its causes and keys are below it.
    ("words", &["model", "schedule", "store"]),
    ("document", &[]),
    ("ports", &["model", "document"]),
    ("metrics", &[]),
    ("connections", &[]),
    (
        "edition",
        &[
            "model", "language", "import", "question", "evidence", "kinds", "reply", "files",
            "schedule",
        ],
    ),
    (
        "app",
        &[
            "model", "import", "question", "reply", "files", "config", "edition", "ports", "store",
            "schedule", "metrics", "words", "workers",
        ],
    ),
    (
        "remind",
        &["model", "document", "schedule", "store", "ports", "app"],
    ),
    ("chart", &["model", "language", "evidence", "reply"]),
    (
        "chat",
        &[
            "model", "document", "chart", "reply", "app", "edition", "ports", "store", "schedule",
        ],
    ),
    (
        "edge",
        &[
            "model",
            "document",
            "app",
            "chat",
            "config",
            "ports",
            "reply",
            "store",
            "remind",
            "connections",
            "words",
        ],
    ),
    // `import` reads the original again: its lines and grids, none of its rows.
    (
        "exam",
        &[
            "model", "language", "import", "question", "reply", "edition", "chat",
        ],
    ),
    (
        "web",
        &[
            "model",
            "document",
            "question",
            "reply",
            "app",
            "chat",
            "edge",
            "chart",
            "config",
            "ports",
            "store",
            "schedule",
            "edition",
            "remind",
            "metrics",
            "connections",
            "words",
        ],
    ),
];

/// Crate, the folders that may name it.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("tantivy", &["evidence/index"]),
    ("sled", &["store"]),
    ("fs4", &["files"]),
    ("teloxide", &["edge/telegram"]),
    ("reqwest", &["edge/telegram"]),
    ("clap", &["cli"]),
    ("csv", &["files", "chat", "import/readers"]),
    ("encoding_rs", &["language", "import/readers"]),
    ("scraper", &["import/readers"]),
    ("zip", &["import/readers"]),
    ("quick_xml", &["import/readers"]),
    ("calamine", &["import/readers"]),
    ("office_oxide", &["import/readers"]),
    ("cfb", &["import/readers"]),
    ("mail_parser", &["import/readers"]),
    ("pdf_oxide", &["import/readers"]),
    ("flate2", &["import/readers", "store", "web"]),
    ("crc32fast", &["store"]),
    ("arc_swap", &["app"]),
    (
        "tokio",
        &[
            "store",
            "app",
            "remind",
            "chat",
            "edge",
            "cli",
            "web",
            "connections",
            "workers",
        ],
    ),
    (
        "tracing",
        &["app", "remind", "chat", "edge", "cli", "web", "connections"],
    ),
    ("rust_xlsxwriter", &["chat"]),
    ("tempfile", &["edge/terminal"]),
    ("axum", &["edge/telegram", "web", "connections"]),
    ("subtle", &["edge/telegram", "web"]),
    ("getrandom", &["edge/telegram", "web"]),
    ("hyper", &["connections"]),
    ("hyper_util", &["connections"]),
    ("maud", &["web"]),
    ("percent_encoding", &["web"]),
    ("icalendar", &["chat"]),
    ("resvg", &["chart"]),
    ("skrifa", &["chart"]),
    ("fst", &["language"]),
    ("prometheus", &["metrics"]),
    ("tracing_subscriber", &["cli"]),
    ("anyhow", &["app", "chat", "edge", "cli"]),
    ("libm", &["fit"]),
    // The exam misspells by sound and writes traditional letters.
    ("hanconv", &["language", "exam"]),
    ("pinyin", &["language", "exam"]),
];

const NO_NAMES: &[&str] = &["utils", "helpers", "common", "manager", "misc"];

fn module(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

#[test]
fn modules_use_only_what_lies_below_them() {
    let mut faults = Vec::new();
    for (file, text) in sources() {
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == module(&file)) else {
            continue;
        };
        for used in code(&text).split("crate::").skip(1).map(first_word) {
            if used != module(&file) && !allowed.contains(&used) {
                faults.push(format!("{file} uses {used}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// The name that a path begins with; empty for `crate::{a, b}`, which hides what is used.
fn first_word(path: &str) -> &str {
    path.split(|c: char| !c.is_ascii_lowercase() && c != '_')
        .next()
        .unwrap_or_default()
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

/// A thread that is waited for at once: it has a larger stack, for files that are nested deeply.
const LARGE_STACK: (&str, &str) = ("import/readers/pdf/letters.rs", "std::thread");

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
        if PURE.contains(&module(&file)) {
            for word in impure {
                let is_allowed = LARGE_STACK == (file.as_str(), word);
                assert!(
                    is_allowed || !code(&text).contains(word),
                    "{file} has {word}"
                );
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

/// The names that a plan of the tests or the shipped one has and nobody else: its places, indicators, categories, terms and what people call them.
fn names_of_the_plans() -> (Vec<String>, Vec<String>) {
    let made_up = read_data(&qinghe().path()).plans;
    let shipped = read_data(&shipped_data()).plans;
    let (mut places, mut names) = (Vec::new(), Vec::new());
    for plan in shipped.iter().chain(&made_up) {
        places.extend(plan.header.region_names.iter().cloned());
        names.extend(plan.cells.iter().flat_map(|cell| {
            let (indicator, category) = (cell.indicator.clone(), cell.category.clone());
            [indicator, category]
        }));
        let terms = plan.glossary.iter();
        names.extend(terms.map(|entry| entry.name.replace(['“', '”'], "")));
        let said = plan.synonyms.iter().flat_map(|(_, words)| words);
        names.extend(said.filter(|word| word.chars().count() > 2).cloned());
    }
    names.retain(|name| name.chars().count() > 1);
    (places, names)
}

/// Nothing in the source knows a place, an indicator, a term or a synonym of a plan.
#[test]
fn the_source_knows_no_report() {
    let (places, names) = names_of_the_plans();
    let mut faults = Vec::new();
    for (file, text) in sources() {
        // Examples for people, of what can be asked.
        if file.starts_with("chat/words") || file == "chat/commands.rs" {
            continue;
        }
        let lines = code(&text).lines();
        for line in lines.filter(|line| !line.trim_start().starts_with("//")) {
            let known = places.iter().chain(&names);
            let known = known.filter(|name| line.contains(name.as_str()));
            faults.extend(known.map(|name| format!("{file} knows {name}: {}", line.trim())));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// The lexicon has the field's own names, and a plan's indicators are some of these: 一般公共预算收入 is general
/// knowledge. What only one plan has is its places, its figures and the terms that it explains.
#[test]
fn the_lexicon_knows_no_report() {
    let lexicon = read_data(&shipped_data()).lexicon;
    let (places, _) = names_of_the_plans();
    let concepts = lexicon.concepts.iter().flat_map(|concept| {
        let names = concept
            .same
            .iter()
            .chain(&concept.said)
            .chain(&concept.parts);
        std::iter::once(&concept.name).chain(names)
    });
    let measures = lexicon.units.iter().chain(&lexicon.measured_nouns);
    let measures = measures.flat_map(|(_, words)| words);
    let endings = lexicon.name_endings.iter().chain(&lexicon.change_endings);
    let mut faults = Vec::new();
    for word in concepts.chain(measures).chain(endings) {
        if let Some(place) = places.iter().find(|place| word.contains(place.as_str())) {
            faults.push(format!("{word} has the place {place}"));
        }
        if has_figure(word) {
            faults.push(format!("{word} has a figure"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Whether a number stands in a word that is no part of its name, as of a size of dust, a network, an age that
/// statistics count from, a rank of sights, a number that everybody calls.
fn has_figure(word: &str) -> bool {
    const NUMBERED: &[&str] = &[
        "pm2.5",
        "pm10",
        "so2",
        "5g",
        "1000m",
        "12345",
        "15-minute",
        "60 and above",
        "10000 people",
        "1000 people",
        "100 million yuan",
        "grade 3a",
        "under-5",
        "co2",
        "500强",
        "3a级",
        "4a级",
        "5a级",
        "3岁",
        "5岁",
        "60岁",
        "60周岁",
        "15分钟",
        "13th",
        "14th",
        "15th",
        "per 1,000",
        "per 10,000",
        "/10万",
    ];
    let rest = NUMBERED
        .iter()
        .fold(word.to_lowercase(), |rest, name| rest.replace(name, ""));
    rest.chars().any(|c| c.is_ascii_digit())
}
