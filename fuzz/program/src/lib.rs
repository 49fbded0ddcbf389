//! The whole program for the fuzz targets: the bot behind a Bot API of our own, the page, the state.

mod bot;
mod http;
mod page;
mod state;

pub use bot::Bot;
pub use page::Page;
pub use state::{open_with_file, open_with_records};

use chrono::{DateTime, TimeZone};
use chrono_tz::Tz;
use planbot::{App, Clock, Config, EditionError, IndexPlace, Paths, Store};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// The administrator of the settings.
pub const ADMIN: i64 = 42;

/// A moment of the year that the made-up plan is for.
struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> DateTime<Tz> {
        let moment = chrono_tz::Asia::Shanghai.with_ymd_and_hms(2024, 6, 24, 10, 0, 0);
        moment.single().expect("a moment that there is once")
    }
}

/// The made-up plan of the tests as a data directory, and settings for it.
fn laid_out() -> (TempDir, Config) {
    let directory = tempfile::tempdir().expect("a directory for the data");
    let plan = directory.path().join("data/plans/qinghe-2024");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    copy(&root.join("tests/fixtures/qinghe"), &plan);
    let data = directory.path().join("data");
    copy(&root.join("data/lexicon"), &data.join("lexicon"));
    let units = "[[unit]]\nname = \"甲街道\"\nchat = -100501\n\n[[unit]]\nname = \"乙街道\"\n";
    std::fs::write(data.join("units.toml"), units).expect("the units");
    let mut config = Config {
        paths: Paths {
            data,
            ..Paths::default()
        },
        ..Config::default()
    };
    config.admins.ids = vec![ADMIN];
    config.chat.questions_per_minute = 0;
    config.telegram.sends_per_second = 0;
    config.telegram.group_sends_per_minute = 0;
    (directory, config)
}

/// The files of a directory into another one.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("a directory").flatten() {
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a file of the data");
    }
}

/// The program over a state.
fn app(config: &Config, store: Store) -> Result<Arc<App>, EditionError> {
    App::start(
        config,
        IndexPlace::Memory,
        Arc::new(StandingClock),
        Some(store),
    )
    .map(Arc::new)
}

/// What panics in our own code is a find, also where the program catches it; what panics in other
/// crates on damaged files is caught and becomes a sentence.
pub fn let_others_be_caught() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or("", |place| place.file());
        if !place.contains("/registry/") && !place.starts_with("/rustc/") {
            eprintln!("{panic}");
            std::process::abort();
        }
    }));
}
