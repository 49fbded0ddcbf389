//! The real program on a port of its own, over a copy of the shipped data; it ends with the test.
use planbot::{create_directory, read_text, write_text};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub const ADMIN_TOKEN: &str = "a-token-for-browser-tests";

/// A directory to run in.
pub struct Prepared {
    directory: tempfile::TempDir,
}

/// The running program.
pub struct Program {
    child: Child,
    origin: String,
    _directory: tempfile::TempDir,
}

/// The program under test: the one of PLANBOT_PROGRAM, or the one that was built with the tests.
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment what to run"
)]
fn executable() -> PathBuf {
    std::env::var_os("PLANBOT_PROGRAM").map_or_else(
        || assert_cmd::cargo::cargo_bin!("planbot").to_path_buf(),
        PathBuf::from,
    )
}

/// Whether it is the one that is released.
pub fn is_released() -> bool {
    executable().to_string_lossy().contains("release")
}

#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

impl Program {
    pub async fn prepare() -> Prepared {
        let directory = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        copy(&root.join("data"), &directory.path().join("data"));
        write_text(
            &directory.path().join("bot.toml"),
            "[web]\nlisten = \"127.0.0.1:0\"\n",
        )
        .unwrap();
        // The index is there, as in a clone that was started before.
        assert!(
            Command::new(executable())
                .current_dir(directory.path())
                .arg("index")
                .status()
                .unwrap()
                .success()
        );
        Prepared { directory }
    }

    pub async fn start() -> Self {
        Self::prepare().await.start().await
    }

    /// A demonstration: its clock can be moved.
    pub async fn demonstrate() -> Self {
        Self::prepare().await.start_as(&["run", "--demo"]).await
    }

    /// An address of the page.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Ends the program as a service manager does; it must end well.
    pub fn stop(mut self) {
        assert!(
            Command::new("kill")
                .arg("-TERM")
                .arg(self.child.id().to_string())
                .status()
                .unwrap()
                .success()
        );
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Prepared {
    /// Puts made-up plans in the place of the shipped one: that of the fixtures, one of the year after it, one of another place.
    #[expect(clippy::disallowed_methods, reason = "tests make their own files")]
    pub fn of_made_up_plans(self, wanted: &[&str]) -> Self {
        let plans = self.directory.path().join("data/plans");
        std::fs::remove_dir_all(&plans).unwrap();
        let made_up = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/qinghe");
        let changed: [(&str, &[(&str, &str)]); 3] = [
            ("qinghe-2024", &[]),
            (
                "qinghe-2025",
                &[("2024", "2O25"), ("2023", "2024"), ("2O25", "2025")],
            ),
            ("baishan-2024", &[("青禾", "白山")]),
        ];
        for (name, changes) in changed
            .into_iter()
            .filter(|(name, _)| wanted.contains(name))
        {
            copy(&made_up, &plans.join(name));
            for entry in std::fs::read_dir(plans.join(name)).unwrap() {
                let file = entry.unwrap().path();
                let text = read_text(&file).unwrap();
                let text = changes
                    .iter()
                    .fold(text, |text, (from, to)| text.replace(from, to));
                write_text(&file, &text).unwrap();
            }
        }
        self
    }

    /// Changes a file before the start.
    pub fn write(&self, file: &str, text: &str) {
        let file = self.directory.path().join(file);
        create_directory(file.parent().unwrap()).unwrap();
        write_text(&file, text).unwrap();
    }

    /// Where a file is.
    pub fn path(&self, file: &str) -> PathBuf {
        self.directory.path().join(file)
    }

    pub async fn start(self) -> Program {
        self.start_as(&[]).await
    }

    async fn start_as(self, arguments: &[&str]) -> Program {
        let mut child = Command::new(executable())
            .current_dir(self.directory.path())
            .args(arguments)
            .env_remove("TELOXIDE_TOKEN")
            .env("PLANBOT_ADMIN_TOKEN", ADMIN_TOKEN)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let origin = lines
            .find_map(|line| {
                Some(
                    line.ok()?
                        .strip_prefix("网页：")?
                        .trim_end_matches('/')
                        .to_string(),
                )
            })
            .unwrap();
        // What is printed further is read, so that the program never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Program {
            child,
            origin,
            _directory: self.directory,
        }
    }
}
