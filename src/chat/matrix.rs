//! Who has reported what, as a table: a row for each unit, a column for each duty.

use crate::app::DutyStatus;
use crate::ports::MessageTable;

/// The table, with the lines of the text that are not of one unit above it; nothing where there is
/// nobody to report.
pub(super) fn of(duties: &[DutyStatus], text: &str) -> Option<MessageTable> {
    let mut units: Vec<&String> = duties
        .iter()
        .flat_map(|duty| duty.units.iter().map(|unit| &unit.name))
        .collect();
    units.sort();
    units.dedup();
    if units.is_empty() {
        return None;
    }
    let state = |duty: &DutyStatus, unit: &String| {
        let found = duty.units.iter().find(|known| known.name == *unit);
        found.map_or_else(|| "—".to_string(), |unit| unit.shown())
    };
    let row = |unit: &String| {
        let states = duties.iter().map(|duty| state(duty, unit));
        std::iter::once(unit.clone()).chain(states).collect()
    };
    let due = duties
        .iter()
        .map(|duty| duty.due.format("%Y-%m-%d").to_string());
    let of_a_unit = |line: &str| {
        let unit = line.split_once('：').map(|(unit, _)| unit);
        units.iter().any(|known| unit == Some(known.as_str()))
    };
    let title = text.lines().filter(|line| !of_a_unit(line));
    Some(MessageTable {
        title: title.map(str::to_string).collect(),
        heads: std::iter::once("单位".to_string()).chain(due).collect(),
        rows: units.into_iter().map(row).collect(),
    })
}
