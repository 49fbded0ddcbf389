//! `data/calendar/<year>.toml` and `data/units.toml`.

use super::causes::Cause;
use super::plan_files::toml_finding;
use super::{DataReader, Presence, list_by_age};
use crate::model::{ChatId, Finding, Unit, UnitId};
use crate::schedule::{Holiday, YearCalendar};
use chrono::NaiveDate;
use serde::Deserialize;
use std::path::Path;
use toml::value::Datetime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarToml {
    year: i32,
    source: String,
    #[serde(default)]
    working: Vec<Datetime>,
    #[serde(default, rename = "holiday")]
    holidays: Vec<HolidayToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HolidayToml {
    name: String,
    from: Datetime,
    to: Datetime,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitsToml {
    #[serde(default, rename = "unit")]
    units: Vec<UnitToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitToml {
    #[serde(default)]
    id: Option<String>,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    chat: Option<ChatId>,
}

/// Every year's calendar; a file that says something impossible is an error.
pub(super) fn calendars(reader: &mut DataReader<'_>, root: &Path) -> Vec<YearCalendar> {
    let files = list_by_age(&root.join("calendar")).unwrap_or_default();
    let mut names: Vec<String> = files
        .iter()
        .filter_map(|file| {
            file.file_name()?
                .to_str()
                .filter(|name| name.ends_with(".toml"))
                .map(String::from)
        })
        .collect();
    // By name and not by age, so that findings and digest do not depend on when a file was saved.
    names.sort();
    names
        .iter()
        .filter_map(|name| calendar(reader, &format!("calendar/{name}")))
        .collect()
}

fn calendar(reader: &mut DataReader<'_>, name: &str) -> Option<YearCalendar> {
    let text = reader.text(name, Presence::Required)?;
    let read: CalendarToml = match toml::from_str(&text) {
        Ok(read) => read,
        Err(error) => {
            reader.findings.push(toml_finding(name, &text, &error));
            return None;
        }
    };
    let mut fault =
        |place: &str, cause: Cause<'_>| reader.findings.push(Finding::error(name, place, cause));
    // Finds a file that was copied for the next year and not changed.
    if name != format!("calendar/{}.toml", read.year) {
        fault("year", Cause::CalendarYear);
    }
    let working: Option<Vec<NaiveDate>> = read.working.iter().map(day).collect();
    let holidays: Option<Vec<Holiday>> = read
        .holidays
        .iter()
        .map(|holiday| {
            let (from, to) = (day(&holiday.from)?, day(&holiday.to)?);
            (from <= to).then(|| Holiday {
                name: holiday.name.clone(),
                from,
                to,
            })
        })
        .collect();
    let (Some(working), Some(holidays)) = (working, holidays) else {
        fault("", Cause::CalendarDay);
        return None;
    };
    Some(YearCalendar {
        year: read.year,
        source: read.source,
        holidays,
        working,
    })
}

fn day(date: &Datetime) -> Option<NaiveDate> {
    let date = date.date?;
    NaiveDate::from_ymd_opt(
        i32::from(date.year),
        u32::from(date.month),
        u32::from(date.day),
    )
}

/// The units that must report; an id, a name or an alias that stands twice is an error.
pub(super) fn units(reader: &mut DataReader<'_>) -> Vec<Unit> {
    const NAME: &str = "units.toml";
    let Some(text) = reader.text(NAME, Presence::Optional) else {
        return Vec::new();
    };
    let read: UnitsToml = match toml::from_str(&text) {
        Ok(read) => read,
        Err(error) => {
            reader.findings.push(toml_finding(NAME, &text, &error));
            return Vec::new();
        }
    };
    let mut seen: Vec<String> = Vec::new();
    let mut ids: Vec<&String> = Vec::new();
    for unit in &read.units {
        if let Some(id) = &unit.id {
            if id.trim().is_empty() || ids.contains(&id) {
                reader
                    .findings
                    .push(Finding::error(NAME, id, Cause::UnitId));
            }
            ids.push(id);
        }
        if unit.chat == Some(ChatId::LOCAL) {
            reader
                .findings
                .push(Finding::warning(NAME, &unit.name, Cause::UnitChat));
        }
        for name in std::iter::once(&unit.name).chain(&unit.aliases) {
            if name.trim().is_empty() || seen.contains(name) {
                reader
                    .findings
                    .push(Finding::error(NAME, name, Cause::UnitName));
            }
            seen.push(name.clone());
        }
    }
    read.units
        .into_iter()
        .map(|unit| Unit {
            id: unit.id.map(UnitId),
            name: unit.name,
            aliases: unit.aliases,
            chat: unit.chat,
        })
        .collect()
}
