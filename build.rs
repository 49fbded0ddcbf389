//! Names the version: that of the package, and the commit where the tree knows it.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=.git/HEAD");
    println!("cargo::rerun-if-changed=.git/refs/heads");
    let version = env!("CARGO_PKG_VERSION");
    match commit() {
        Some(commit) => println!("cargo::rustc-env=PLANBOT_VERSION={version} ({commit})"),
        None => println!("cargo::rustc-env=PLANBOT_VERSION={version}"),
    }
}

/// The commit and its day; nothing outside a repository.
fn commit() -> Option<String> {
    let output = Command::new("git")
        .args(["log", "-1", "--format=%h %cs"])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = text.trim();
    (output.status.success() && !line.is_empty()).then(|| line.to_string())
}
