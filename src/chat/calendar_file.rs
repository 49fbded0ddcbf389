//! Due days as an iCalendar file with alarms, for whoever keeps a calendar of their own.

use crate::schedule::{Agenda, Stage};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use icalendar::{Alarm, Calendar, Component, Event, EventLike};

/// Who made the file, in the form that RFC 5545 (3.7.3) has for it.
const PRODUCT: &str = "-//planbot//planbot//ZH";
/// The calendar file reaches so far ahead.
pub(crate) const CALENDAR_DAYS: u64 = 400;

/// The due days from one day to another: all-day events, each with an alarm for every reminder
/// before it. `now` is when the file is made, by which calendars tell a newer one of an event.
pub fn calendar_file(
    agenda: &Agenda,
    (from, to): (NaiveDate, NaiveDate),
    now: DateTime<Utc>,
) -> String {
    // Not `Calendar::new`, whose file says that the library is the product.
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", PRODUCT))
        .append_property(("CALSCALE", "GREGORIAN"))
        .name("报送期限")
        .timezone("Asia/Shanghai");
    for occurrence in agenda.occurrences(from, to) {
        let duty = occurrence.duty;
        let due = occurrence.due.day;
        let estimated = if occurrence.due.estimated {
            "（预估）"
        } else {
            ""
        };
        let mut event = Event::new();
        event
            // The key and not the day: a due day that moves changes its entry in a calendar and
            // adds none.
            .uid(&in_lines(&format!("{}@planbot", occurrence.key)))
            .timestamp(now)
            .summary(&in_lines(&format!(
                "向{}报送{}{estimated}",
                duty.recipient, duty.subject
            )))
            .description(&in_lines(&format!(
                "期限写作“{}”，{}。依据（{}年计划，{}）：{}",
                duty.words, occurrence.due.reading, duty.source_year, duty.place, duty.sentence
            )))
            .starts(due)
            // The end of an all-day event is the first day that is no more of it. By hand: the
            // library's own `all_day` ends it on the day on which it starts, which RFC 5545
            // refuses.
            .ends(due.succ_opt().unwrap_or(due));
        for (stage, day) in agenda.stages(&occurrence.due) {
            // An alarm after the due day would ring for whoever has reported long ago.
            if !matches!(stage, Stage::After(_)) {
                // Alarms are reckoned from the beginning of the due day.
                let before = (day.and_time(agenda.policy.send_at)) - due.and_time(NaiveTime::MIN);
                let minutes = TimeDelta::minutes(before.num_minutes());
                let said = in_lines(&format!("{}：{}", stage.word(), duty.subject));
                let mut alarm = Alarm::display(&said, minutes);
                // Given here, since the library would take them from the system's clock and from
                // chance: the file would be another one at each look.
                let uid = in_lines(&format!("{}/{day}@planbot", occurrence.key));
                alarm.uid(&uid).timestamp(now);
                event.alarm(alarm);
            }
        }
        calendar.push(event.done());
    }
    calendar.to_string()
}

/// A text whose lines end in one way: the library writes that end by name, and what other signs
/// would end a line, or control a reader, would make a line of the file itself.
fn in_lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_sign = |letter: char| letter.is_control() && !['\n', '\t'].contains(&letter);
    text.replace(is_sign, " ")
}
