//! The clock of a demonstration, moved by words: one can watch a reminder come. Only where no
//! messenger is attached, and with a state of its own.

use super::words;
use crate::ports::{Clock, MovableClock};
use chrono::{NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Asia::Shanghai;

/// The command that moves the clock.
const COMMAND: &str = "/clock";

/// Moves the clock to a day (and an hour) where a line asks for it, and says what it shows; nothing
/// for other lines.
pub(crate) fn move_clock(clock: &MovableClock, line: &str) -> Option<String> {
    let words = line.strip_prefix(COMMAND)?.trim();
    // The usual hour of sending: whoever names only a day wants to see a reminder.
    let (day, time) = words.split_once(' ').unwrap_or((words, "09:30"));
    let moment = NaiveDate::parse_from_str(day, "%Y-%m-%d")
        .ok()
        .zip(NaiveTime::parse_from_str(time.trim(), "%H:%M").ok());
    let local =
        moment.and_then(|(day, time)| Shanghai.from_local_datetime(&day.and_time(time)).single());
    let Some(moment) = local else {
        return Some(words::CLOCK_ONLY_LOCAL.to_string());
    };
    clock.move_to(moment);
    Some(words::clock_shows(clock.now()))
}
