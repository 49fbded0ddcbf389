//! The recipe of deploy/planbot.service as it is written there: its commands lead from nothing to a program that runs, and what
//! the program writes may be written.

use crate::fake_bot_api::{FakeBotApi, TOKEN};
use crate::harness::{SOMEBODY, private};
use crate::http::Client;
use crate::source::sources;
use crate::web_program::{Started, command};
use planbot::{read_text, write_text};
use std::path::{Path, PathBuf};

const HOME: &str = "/var/lib/planbot";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn unit() -> String {
    read_text(&root().join("deploy/planbot.service")).unwrap()
}

/// The paths of a setting, without the sign that they may be absent.
fn paths(unit: &str, setting: &str) -> Vec<String> {
    let lines = unit
        .lines()
        .filter_map(|line| line.strip_prefix(setting)?.strip_prefix('='));
    let paths = lines.flat_map(str::split_whitespace);
    paths
        .map(|path| path.trim_start_matches('-').to_string())
        .collect()
}

/// Of the paths that lead to a file the longest one decides, as in systemd.
fn may_be_written(unit: &str, file: &str) -> bool {
    let longest = |setting: &str| {
        let leading = paths(unit, setting).into_iter();
        let leading = leading.filter(|path| file.starts_with(path.as_str()));
        leading.map(|path| path.len()).max().unwrap_or(0)
    };
    let read_only = longest("ReadOnlyPaths");
    longest("ReadWritePaths") > read_only || read_only == 0
}

#[test]
fn the_unit_lets_be_written_what_the_program_writes_and_nothing_else() {
    let unit = unit();
    assert!(unit.contains("\nStateDirectory=planbot\n"));
    for written in [
        "state/db",
        "index/1.partial-1",
        "data/plans/name-2022/synonyms.toml",
        "data/plans/.name-2022.partial",
    ] {
        assert!(
            may_be_written(&unit, &format!("{HOME}/{written}")),
            "{written}"
        );
    }
    for read in [
        "bot.toml",
        "data/units.toml",
        "data/lexicon/field.toml",
        "data/calendar/2026.toml",
    ] {
        assert!(!may_be_written(&unit, &format!("{HOME}/{read}")), "{read}");
    }
}

/// What may pass, a crash and a full disk, is started again however often it comes; what a person must mend is not.
#[test]
fn the_unit_starts_again_what_may_pass() {
    let unit = unit();
    let setting = |name: &str| {
        let mut lines = unit.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
    };
    assert_eq!(setting("Restart"), Some("on-failure"));
    assert_eq!(setting("RestartPreventExitStatus"), Some("2"));
    // A program that does not hear signals yet ends of a reload, which is no failure to systemd.
    assert_eq!(setting("RestartForceExitStatus"), Some("SIGHUP"));
    // systemd gives up after five starts within ten seconds, unless the unit says otherwise.
    let pause: u32 = setting("RestartSec").unwrap().parse().unwrap();
    assert!(pause * 4 > 10 && setting("StartLimitBurst").is_none());
    let container = read_text(&root().join("deploy/Dockerfile")).unwrap();
    assert!(container.contains("--restart on-failure -e"));
}

/// The files that the manifest names as targets, and the build script, which cargo takes where it is.
fn targets(manifest: &toml::Table) -> Vec<String> {
    let kinds = [("bin", "src"), ("test", "tests"), ("bench", "benches")];
    let mut files = vec!["build.rs".to_string()];
    for (kind, folder) in kinds {
        for target in manifest[kind].as_array().unwrap() {
            let name = target["name"].as_str().unwrap();
            let path = target.get("path").and_then(toml::Value::as_str);
            files.push(path.map_or_else(|| format!("{folder}/{name}.rs"), str::to_string));
        }
    }
    files
}

/// The files that are compiled into the program, by their paths from the root.
fn included() -> Vec<String> {
    let mut files = Vec::new();
    for (file, text) in sources() {
        let folder = root().join("src").join(file);
        for call in ["include_str!(\"", "include_bytes!(\""] {
            for rest in text.split(call).skip(1) {
                let (path, _) = rest.split_once('"').unwrap();
                let path = folder.parent().unwrap().join(path);
                let path = path.canonicalize().unwrap();
                let path = path.strip_prefix(root()).unwrap();
                files.push(path.to_string_lossy().into_owned());
            }
        }
    }
    files
}

/// A container is built of what its recipe copies, without the rest of the tree.
#[test]
fn the_container_has_all_that_the_build_needs() {
    let recipe = read_text(&root().join("deploy/Dockerfile")).unwrap();
    let lines = recipe.lines().filter_map(|line| line.strip_prefix("COPY "));
    let lines = lines.filter(|line| !line.starts_with("--from"));
    let copied: Vec<&str> = lines
        .flat_map(|line| line.rsplit_once(' ').unwrap().0.split(' '))
        .collect();
    let manifest = read_text(&root().join("Cargo.toml")).unwrap();
    let needed = [targets(&manifest.parse().unwrap()), included()].concat();
    assert!(needed.contains(&"data/lexicon/field.toml".to_string()));
    for file in needed {
        let is_copied = copied
            .iter()
            .any(|copied| Path::new(&file).starts_with(copied));
        assert!(is_copied, "{file} is not in the container: {copied:?}");
    }
}

/// The lines of the recipe that call the program are run one after the other; then it is started as the unit starts it.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_recipe_leads_to_a_program_that_runs() {
    let place = tempfile::tempdir().unwrap();
    let home = place.path().join("planbot");
    let report = root().join("data/plans/yuzhong-2022/source/yuzhong-2022-report.txt");
    let program = assert_cmd::cargo::cargo_bin!("planbot");
    let unit = unit();
    let recipe = unit.lines().filter_map(|line| line.strip_prefix("#   "));
    let recipe: Vec<String> = recipe
        .filter(|line| line.contains("planbot init") || line.contains("planbot import"))
        .map(|line| {
            line.replace(HOME, &home.display().to_string())
                .replace("/path/to/report.docx", &report.display().to_string())
                .replace("planbot i", &format!("'{}' i", program.display()))
        })
        .collect();
    assert_eq!(recipe.len(), 2, "{recipe:?}");
    for line in recipe {
        let done = std::process::Command::new("sh")
            .args(["-c", &line])
            .output();
        let done = done.unwrap();
        let said = String::from_utf8_lossy(&done.stderr).to_string();
        assert!(done.status.success(), "{line}: {said}");
    }
    let settings = home.join("bot.toml");
    let text = read_text(&settings).unwrap();
    write_text(&settings, &text.replace("127.0.0.1:8088", "127.0.0.1:0")).unwrap();
    let (api, telegram) = FakeBotApi::start().await;
    let mut command = command(&home);
    command
        .env("TELOXIDE_TOKEN", TOKEN)
        .env("TELOXIDE_API_URL", format!("http://{telegram}"));
    assert!(unit.contains("\nExecStart=/usr/local/bin/planbot run\n"));
    let started = Started::by({
        command.arg("run");
        command
    });
    api.push([private(SOMEBODY, "什么是放管服")]);
    assert!(api.next_sent().await.text.contains("简政放权"));
    assert_eq!(
        Client::new(started.address).get("/healthz").await.status,
        200
    );
    started.stop();
}
