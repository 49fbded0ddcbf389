//! The sentences of reminders. Dates and names come from the agenda and the state.

use crate::ports::ButtonStyle;
use crate::schedule::{Occurrence, WorkCalendar, shown_day};
use crate::store::{Acknowledged, Correction, Covered};
use chrono::{Datelike, NaiveDate};

/// The last line of a message whose earlier send has an unknown result.
pub(super) const REPEATED: &str = "（上一次发送结果不明，如已收到请忽略。）";

/// What a press says, and the button's label.
pub(super) const BUTTONS: [(&str, &str); 3] = [
    ("reported", "已报送"),
    ("in_hand", "处理中"),
    ("extend", "需延期"),
];

/// How a button stands out.
pub(super) fn style(act: &str) -> Option<ButtonStyle> {
    match act {
        "reported" => Some(ButtonStyle::Good),
        "extend" => Some(ButtonStyle::Grave),
        _ => None,
    }
}

/// The lines on one duty.
pub(super) fn reminder(
    calendar: &WorkCalendar,
    occurrence: &Occurrence<'_>,
    covered: Option<&Covered>,
    correction: Option<&Correction>,
    units: &[String],
    today: NaiveDate,
) -> Vec<String> {
    let duty = occurrence.duty;
    let due = occurrence.due.day;
    let mut lines = vec![format!(
        "【报送提醒】向{}报送{}：{}截止，{}",
        duty.recipient,
        duty.subject,
        dated(due),
        left(calendar, due, today)
    )];
    if let Some(correction) = correction {
        lines.push(format!(
            "更正：截止日原为{}，现为{}。",
            dated(correction.told),
            dated(correction.due)
        ));
    }
    lines.push(format!("单位：{}", units.join("、")));
    lines.push(format!(
        "期限写作“{}”，{}。",
        duty.words, occurrence.due.reading
    ));
    if occurrence.due.estimated {
        lines.push(format!(
            "（{}年的放假安排尚未录入，日期为预估。）",
            due.year()
        ));
    }
    if let Some(covered) = covered.filter(|covered| covered.day < today) {
        lines.push(format!("（补发：本应{}发出。）", shown_day(covered.day)));
    }
    lines.push(format!(
        "依据（{}年计划，{}）：{}",
        duty.source_year, duty.place, duty.sentence
    ));
    lines
}

fn dated(day: NaiveDate) -> String {
    format!("{}年{}", day.year(), shown_day(day))
}

/// How long there is, or how late it is.
fn left(calendar: &WorkCalendar, due: NaiveDate, today: NaiveDate) -> String {
    let between = |from: NaiveDate, to: NaiveDate| {
        from.iter_days()
            .skip(1)
            .take_while(|day| *day <= to)
            .filter(|day| calendar.is_working(*day))
            .count()
    };
    if today < due {
        format!("还有{}个工作日", between(today, due))
    } else if today == due {
        "就是今天".to_string()
    } else {
        format!("已逾期{}个工作日", between(due, today))
    }
}

/// Who is silent behind a due day; nothing where there is nobody to speak of.
pub(super) fn silence(occurrence: &Occurrence<'_>, silent: &[String]) -> Option<String> {
    (!silent.is_empty()).then(|| {
        let duty = occurrence.duty;
        format!(
            "【督查】{}报送{}（{}截止），还没有确认报送的单位{}个：\n{}",
            duty.words,
            duty.subject,
            dated(occurrence.due.day),
            silent.len(),
            silent.join("\n")
        )
    })
}

/// A unit with what it said.
pub(super) fn with_state(unit: &str, said: Option<&Acknowledged>) -> String {
    match said {
        Some(Acknowledged::InHand) => format!("{unit}（处理中）"),
        Some(Acknowledged::Extended(until)) => format!("{unit}（申请延期到{}）", shown_day(*until)),
        Some(Acknowledged::Reported) | None => unit.to_string(),
    }
}

/// A message that was given up.
pub(super) fn undeliverable(chat: i64, units: &[String], reason: &str) -> String {
    format!(
        "【提醒没有送达】会话 {chat}（{}）收不到提醒：{reason}。请改用别的办法通知，并重新订阅。",
        units.join("、")
    )
}

/// A chat of the data that has another id now, with the line to change.
pub(super) fn moved(unit: &str, written: i64, present: i64) -> String {
    format!(
        "【群编号变了】{unit}的群升级了，提醒已跟着过去，不会漏。请把 units.toml 里“{unit}”的这一行：\nchat = {written}\n改成：\nchat = {present}\n改好后发 /reload。"
    )
}

/// The state cannot be written: nothing is promised or sent until somebody sees to it.
pub(super) fn unwritable(cause: &str) -> String {
    format!(
        "【提醒停了】提醒状态写不进去（{cause}）；请检查磁盘空间和权限后重启机器人，在这之前不会再发提醒。"
    )
}

/// Lines as HTML: the first one bold.
pub(super) fn escaped(lines: &[String]) -> String {
    let escape = |line: &String| {
        line.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let mut escaped: Vec<String> = lines.iter().map(escape).collect();
    if let Some(first) = escaped.first_mut() {
        *first = format!("<b>{first}</b>");
    }
    escaped.join("\n")
}
