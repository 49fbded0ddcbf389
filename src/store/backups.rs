//! Backups that the bot makes by itself, below the state: one an hour for a day, one a day for a
//! month, and never more than so many bytes.

use super::export::{Export, Stamp};
use super::packed::LARGEST;
use super::{Store, StoreError, place};
use chrono::{DateTime, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// The directory below the state's.
const DIRECTORY: &str = "backups";
const PARTIAL: &str = "backup.partial";
const ENDING: &str = ".jsonl.gz";
const HOUR: &str = "%Y-%m-%dT%H";
const HOURS: TimeDelta = TimeDelta::hours(24);
const DAYS: usize = 31;
/// All of them together; a state of three megabytes takes a tenth of one.
const MOST_BYTES: u64 = 16 << 20;

/// A backup with the hour in its name and its length.
type Made = (NaiveDateTime, u64, PathBuf);

impl Store {
    /// Makes the backup of this hour where there is none and something has changed since the last;
    /// says whether it did. What is too old goes.
    pub fn back_up(&self, now: DateTime<Tz>, stamp: &Stamp) -> Result<bool, StoreError> {
        let directory = self.path.join(DIRECTORY);
        let file = directory.join(format!("{}{ENDING}", now.format(HOUR)));
        let last = self.ledger.last();
        let mut backed_up = self.backed_up();
        // Nothing has changed since the last one: it would only push an older one out.
        if file.exists() || *backed_up == Some(last) {
            return Ok(false);
        }
        let failed = |error| self.unusable(sled::Error::Io(error));
        place::make_private(&directory).map_err(failed)?;
        let partial = directory.join(PARTIAL);
        let out = BufWriter::new(place::create(&partial).map_err(failed)?);
        let mut packing = GzEncoder::new(out, Compression::default());
        self.export_to(stamp, &mut packing)?;
        finish(packing)
            // On disk before it has its name: whatever is called a backup is a whole one.
            .and_then(|()| place::rename(&partial, &file))
            .and_then(|()| place::settle_names(&directory))
            .map_err(failed)?;
        *backed_up = Some(last);
        let made = made(&directory).map_err(failed)?;
        for old in expendable(&made, now.naive_local()) {
            place::remove_file(old).map_err(failed)?;
        }
        place::keep_private(&self.path);
        Ok(true)
    }
}

fn finish(packing: GzEncoder<BufWriter<File>>) -> io::Result<()> {
    let file = packing.finish()?.into_inner();
    file.map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// The backups of a directory, oldest first.
fn made(directory: &Path) -> io::Result<Vec<Made>> {
    let mut made = Vec::new();
    for path in place::list(directory)? {
        let name = place::name_of(&path);
        let hour = name.strip_suffix(ENDING).and_then(hour_of);
        if let Some(hour) = hour {
            made.push((hour, File::open(&path)?.metadata()?.len(), path));
        }
    }
    made.sort();
    Ok(made)
}

fn hour_of(name: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(&format!("{name}:00"), "%Y-%m-%dT%H:%M").ok()
}

/// Those that need not be kept.
fn expendable(made: &[Made], now: NaiveDateTime) -> Vec<&Path> {
    let mut gone = Vec::new();
    let (mut days, mut bytes) = (BTreeSet::new(), 0);
    for (hour, length, path) in made.iter().rev() {
        let is_of_today = now - *hour < HOURS;
        // The last one of a day is the one that is kept of it.
        let is_last_of_day = days.insert(hour.date()) && days.len() <= DAYS;
        let is_first = bytes == 0;
        bytes += length;
        // The newest one is kept whatever its size.
        if !(is_of_today || is_last_of_day) || bytes > MOST_BYTES && !is_first {
            bytes -= length;
            gone.push(path.as_path());
        }
    }
    gone
}

/// The newest backup of a state that is whole.
pub(super) fn newest_whole(state: &Path) -> io::Result<Option<Export>> {
    for (_, _, path) in made(&state.join(DIRECTORY))?.iter().rev() {
        let mut bytes = Vec::new();
        File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
        if let Ok(export) = Export::read(&bytes) {
            return Ok(Some(export));
        }
    }
    Ok(None)
}
/// Takes a state's backups along into the one that takes its place.
pub(crate) fn carry_backups(from: &Path, to: &Path) -> io::Result<()> {
    let made = made(&from.join(DIRECTORY))?;
    let directory = to.join(DIRECTORY);
    place::make_private(&directory)?;
    for (_, _, path) in made {
        let mut bytes = Vec::new();
        File::open(&path)?.read_to_end(&mut bytes)?;
        let mut copy = place::create(&directory.join(place::name_of(&path)))?;
        copy.write_all(&bytes)?;
        copy.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> NaiveDateTime {
        hour_of(text).unwrap()
    }

    /// What is left of a backup an hour through so many hours, each of so many bytes.
    fn left(hours: i64, length: u64) -> Vec<String> {
        let begin = moment("2026-01-01T00");
        let mut made: Vec<Made> = Vec::new();
        for hour in 0..hours {
            let now = begin + TimeDelta::hours(hour);
            made.push((now, length, PathBuf::from(now.format(HOUR).to_string())));
            let gone: Vec<PathBuf> = expendable(&made, now)
                .into_iter()
                .map(Path::to_path_buf)
                .collect();
            made.retain(|(_, _, path)| !gone.contains(path));
        }
        made.iter()
            .map(|(_, _, path)| path.display().to_string())
            .collect()
    }

    #[test]
    fn an_hour_of_a_day_and_a_day_of_a_month_are_kept() {
        let kept = left(24 * 60, 10);
        assert_eq!(kept.len(), 24 + DAYS - 1, "{kept:?}");
        assert_eq!(kept.last().unwrap(), "2026-03-01T23");
        assert_eq!(kept[0], "2026-01-30T23");
        assert!(kept.contains(&"2026-03-01T00".to_string()));
        assert!(!kept.contains(&"2026-02-27T22".to_string()));
    }

    #[test]
    fn they_never_take_more_than_their_room() {
        assert_eq!(left(100, MOST_BYTES / 4).len(), 4);
        assert_eq!(left(100, MOST_BYTES * 2), ["2026-01-05T03"]);
    }
}
