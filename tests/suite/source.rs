//! The project's own source, read by the tests of its form and by `examples/measure.rs`.
use planbot::{list_by_age, read_text};
use std::path::Path;

/// Every file of the source with its text, by its path below `src`.
pub fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(directory) = open.pop() {
        for path in list_by_age(&directory).unwrap() {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((relative(&root, &path), read_text(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// A path below another one, as it is written everywhere.
fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap()
        .to_string_lossy()
        .replace('\\', "/")
}

/// The source without its tests.
pub fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or_default()
}
