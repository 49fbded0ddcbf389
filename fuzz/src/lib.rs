//! The import and the reading of data alone, for the fuzz targets: the same files as the program's,
//! compiled without the rest of it, whose hundreds of crates would be instrumented for nothing.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

#[path = "../../src"]
mod program {
    pub mod files;
    pub mod import;
    pub mod language;
    pub mod model;
    pub mod schedule;
}
pub use program::{files, import, language, model, schedule};

/// The files that people edit, below `data/`.
const EDITED: &[&str] = &[
    "plans/qinghe-2024/plan.toml",
    "plans/qinghe-2024/indicators.csv",
    "plans/qinghe-2024/glossary.csv",
    "plans/qinghe-2024/notes.csv",
    "plans/qinghe-2024/body.md",
    "plans/qinghe-2024/synonyms.toml",
    "plans/qinghe-2024/pages.csv",
    "units.toml",
    "calendar/2024.toml",
    "lexicon/field.toml",
    "lexicon/measures.toml",
    "lexicon/exam.toml",
];

/// A data directory with the made-up plan of the tests.
fn data() -> &'static Path {
    static DATA: OnceLock<PathBuf> = OnceLock::new();
    DATA.get_or_init(|| {
        let data = std::env::temp_dir().join(format!("planbot-fuzz-{}", std::process::id()));
        for directory in ["plans/qinghe-2024", "calendar", "lexicon"] {
            let _ = std::fs::create_dir_all(data.join(directory));
        }
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/qinghe");
        for name in ["plan.toml", "indicators.csv", "glossary.csv", "notes.csv", "body.md"] {
            let _ = std::fs::copy(tests.join(name), data.join("plans/qinghe-2024").join(name));
        }
        data
    })
}

/// Reads a data directory in which one of the files has these bytes. Whatever they are, it ends, and
/// what is too long is said.
pub fn read_data_with(which: usize, bytes: &[u8]) {
    let file = data().join(EDITED[which % EDITED.len()]);
    let before = std::fs::read(&file).ok();
    let _ = std::fs::write(&file, bytes);
    let read = files::read_data(data());
    for plan in &read.plans {
        import::beyond_limits(plan);
    }
    let _ = match before {
        Some(before) => std::fs::write(&file, before),
        None => std::fs::remove_file(&file),
    };
}

/// Imports a file. Whatever the bytes are, it ends; and what has no error is accounted for letter by
/// letter.
pub fn import_file(bytes: &[u8], name: &str) {
    let imported = import::import(bytes, "p-1", name);
    let mut findings = imported.findings.iter();
    let has_error = findings.any(|finding| finding.severity == model::Severity::Error);
    assert!(has_error || imported.account.unassigned().is_empty());
}

/// Panics of other crates on damaged files are caught by the readers and become a sentence, so they
/// do not end the run. One of our own does, caught or not.
pub fn let_readers_catch() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| place.file());
        if place.is_some_and(|file| ["src/import", "src/language", "src/files", "src/schedule"].iter().any(|ours| file.contains(ours))) {
            eprintln!("{panic}");
            std::process::abort();
        }
    }));
}

/// An archive of some parts, stored: what changes in the bytes is the parts' content.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Stored);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let _ = archive.start_file(*name, options);
        let _ = archive.write_all(content);
    }
    let finished = archive.finish();
    finished.map(Cursor::into_inner).unwrap_or_default()
}

/// A compound file of some streams.
pub fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let write = || -> std::io::Result<Vec<u8>> {
        let empty = Cursor::new(Vec::new());
        let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, empty)?;
        for (name, content) in streams {
            let mut stream = file.create_stream(format!("/{name}"))?;
            stream.write_all(content)?;
        }
        file.flush()?;
        Ok(file.into_inner().into_inner())
    };
    write().unwrap_or_default()
}

/// The bytes cut in two at a place that they name themselves.
pub fn halves(bytes: &[u8]) -> (&[u8], &[u8]) {
    let Some((length, rest)) = bytes.split_at_checked(2) else {
        return (bytes, &[]);
    };
    let at = usize::from(u16::from_le_bytes([length[0], length[1]]));
    rest.split_at(at.min(rest.len()))
}
