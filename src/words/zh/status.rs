//! Where units stand with what is due.

use crate::schedule::{Occurrence, shown_date};
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};

/// A unit has reported.
pub(crate) const REPORTED: &str = "已报送";

/// It is at work.
pub(crate) const IN_HAND: &str = "处理中";

/// It asks for more time.
pub(crate) const EXTENDED: &str = "申请延期";

/// It has said nothing.
pub(crate) const SILENT: &str = "未回应";

/// Its chat cannot be reached.
pub(crate) const UNREACHABLE: &str = "联系不上";

/// It asks for more time, until a day.
pub(crate) fn extended_until(until: NaiveDate) -> String {
    format!("{EXTENDED}到{}", shown_date(until))
}

/// How a due day stands to today, in words behind it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DueNow {
    /// So many working days ago, where it is over.
    pub(crate) over_by: Option<usize>,
    /// Whether the days off are not known yet.
    pub(crate) is_estimated: bool,
}

/// A duty with its due day.
pub(crate) fn title(occurrence: &Occurrence<'_>, now: DueNow) -> String {
    let over = match now.over_by {
        Some(days) => format!("，已过{days}个工作日"),
        None => String::new(),
    };
    let estimated = if now.is_estimated {
        "（预估：放假安排尚未录入）"
    } else {
        ""
    };
    let duty = occurrence.duty;
    format!(
        "向{}报送{}：{}截止{over}{estimated}",
        duty.recipient,
        duty.subject,
        shown_date(occurrence.due.day)
    )
}

/// How the phrase of a due day was read.
pub(crate) fn reading(occurrence: &Occurrence<'_>) -> String {
    let (words, due) = (&occurrence.duty.words, &occurrence.due);
    let mut reading = format!("期限写作“{words}”，{}。", due.reading);
    reading.extend(occurrence.repeated_from());
    reading
}

/// The sentence that lays a duty down, with its place.
pub(crate) fn sentence(occurrence: &Occurrence<'_>) -> String {
    let duty = occurrence.duty;
    format!(
        "{}（{}年计划，{}）",
        duty.sentence, duty.source_year, duty.place
    )
}

/// Who said something, where that is known, and when: the day and the time.
pub(crate) fn said_by(name: &str, at: DateTime<FixedOffset>) -> String {
    let when = format!("{}月{}日 {}", at.month(), at.day(), at.format("%H:%M"));
    match name {
        "" => when,
        name => format!("{name} {when}"),
    }
}
