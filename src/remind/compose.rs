//! The sentences of reminders. Dates and names come from the agenda and the state.

use crate::app::Hindrance;
use crate::model::UnitId;
use crate::ports::{ButtonStyle, ChatId};
use crate::schedule::{Occurrence, Policy, WorkCalendar, shown_date, shown_day};
use crate::store::{Acknowledged, Acknowledgement, Act, Correction, Covered, Wish};
use chrono::{DateTime, Datelike, Days, NaiveDate};

/// In the empty field where a date and a reason are written; Telegram takes 64 letters.
pub(super) const DATE_AND_REASON: &str = "日期和原因，例如：7月15日，等统计数据";

/// The last line of a message whose earlier send has an unknown result.
pub(super) const REPEATED: &str = "（上一次发送结果不明，如已收到请忽略。）";

/// What a reminder says of one duty.
pub(super) struct Part<'a> {
    pub(super) occurrence: &'a Occurrence<'a>,
    /// The day until which these units are awaited.
    pub(super) due: NaiveDate,
    pub(super) covered: Option<&'a Covered>,
    pub(super) correction: Option<&'a Correction>,
    /// The units with what they said.
    pub(super) units: Vec<UnitLine>,
}

/// A unit as it is shown.
pub(super) struct UnitLine {
    pub(super) unit: UnitId,
    pub(super) name: String,
    pub(super) said: Option<Acknowledgement>,
}

/// A button's label.
/// Apart from the act's key in the state: a label can be reworded without an upgrade.
pub(super) fn label(act: Act) -> &'static str {
    match act {
        Act::Reported => "已报送",
        Act::InHand => "处理中",
        Act::Extend => "需延期",
        Act::Withdraw => "撤回",
    }
}

/// How a button stands out.
pub(super) fn style(act: Act) -> Option<ButtonStyle> {
    match act {
        Act::Reported => Some(ButtonStyle::Good),
        Act::Extend => Some(ButtonStyle::Grave),
        Act::InHand | Act::Withdraw => None,
    }
}

/// The lines on one duty.
pub(super) fn reminder(calendar: &WorkCalendar, part: &Part<'_>, today: NaiveDate) -> Vec<String> {
    let duty = part.occurrence.duty;
    let due = part.occurrence.due.day;
    let is_put_off = |line: &UnitLine| {
        let said = line.said.as_ref().map(|said| &said.said);
        said == Some(&Acknowledged::Extended(part.due))
    };
    let until = if part.due != due && part.units.iter().any(is_put_off) {
        part.due
    } else {
        due
    };
    let mut head = format!("【报送提醒】向{}报送{}：", duty.recipient, duty.subject);
    if until == due {
        head.push_str(&format!("{}截止，", shown_date(due)));
    } else {
        head.push_str(&format!(
            "{}截止，已申请延期到{}，",
            shown_date(due),
            shown_date(until)
        ));
    }
    head.push_str(&left(calendar, until, today));
    let mut lines = vec![head];
    if let Some(correction) = part.correction {
        lines.push(format!(
            "更正：截止日原为{}，现为{}。",
            shown_date(correction.told),
            shown_date(correction.due)
        ));
    }
    let names: Vec<&str> = part.units.iter().map(|line| line.name.as_str()).collect();
    lines.push(format!("单位：{}", names.join("、")));
    lines.extend(part.units.iter().filter_map(|line| {
        let said = said_line(line.said.as_ref()?, today);
        Some(if part.units.len() > 1 {
            format!("{}：{said}", line.name)
        } else {
            said
        })
    }));
    lines.push(format!(
        "期限写作“{}”，{}。",
        duty.words, part.occurrence.due.reading
    ));
    // Working days are counted from the one to the other: each year must be known.
    let mut years: Vec<i32> = [due.year(), until.year(), today.year()]
        .into_iter()
        .filter(|year| calendar.is_estimated(*year))
        .collect();
    years.sort_unstable();
    years.dedup();
    for year in years {
        lines.push(format!(
            "（{year}年的放假安排尚未录入，日期和工作日数为预估。）"
        ));
    }
    lines.extend(part.occurrence.repeated_from());
    if let Some(covered) = part.covered.filter(|covered| covered.day < today) {
        lines.push(format!("（补发：本应{}发出。）", shown_day(covered.day)));
    }
    lines.push(format!(
        "依据（{}年计划，{}）：{}",
        duty.source_year, duty.place, duty.sentence
    ));
    lines
}

/// What a unit said, by whom and when (✓ 已报送 · 张三 10:02).
fn said_line(said: &Acknowledgement, today: NaiveDate) -> String {
    let what = match said.said {
        Acknowledged::Reported => "✓ 已报送".to_string(),
        Acknowledged::InHand => "处理中".to_string(),
        Acknowledged::Extended(until) => format!("申请延期到{}", shown_date(until)),
    };
    let at = DateTime::parse_from_rfc3339(&said.at).unwrap_or_default();
    let when = if at.date_naive() == today {
        at.format("%H:%M").to_string()
    } else {
        format!("{} {}", month_day(at.date_naive()), at.format("%H:%M"))
    };
    match said.name.as_str() {
        "" => format!("{what} · {when}"),
        name => format!("{what} · {name} {when}"),
    }
}

/// A day without its year and weekday (7月8日).
pub(super) fn month_day(day: NaiveDate) -> String {
    format!("{}月{}日", day.month(), day.day())
}

/// Asks until when a unit puts its report off.
pub(super) fn until_when(
    name: &str,
    due: NaiveDate,
    today: NaiveDate,
    policy: &Policy,
) -> Vec<String> {
    let example = due.max(today).checked_add_days(Days::new(7)).unwrap_or(due);
    let last = today
        .checked_add_days(Days::new(u64::from(policy.put_off_days)))
        .unwrap_or(today);
    vec![
        format!("{name}要延期到哪天？"),
        format!(
            "请回复本条消息，写明日期和原因，例如：{}，数据还没汇总完。24小时内回复有效，最晚可到{}。",
            month_day(example),
            shown_date(last)
        ),
    ]
}

/// Asks an administrator whether a chat may stand for a unit.
pub(super) fn wish(wish: &Wish, name: &str) -> Vec<String> {
    let by = match wish.name.as_str() {
        "" => String::new(),
        person => format!("{person}，"),
    };
    vec![
        format!(
            "【请求登记】会话 {}（{by}编号 {}）想接收“{name}”的报送提醒。",
            wish.chat, wish.person
        ),
        format!(
            "同意后，提醒会发到那里，那里的人可以代“{name}”点“已报送”。请先核实是不是这个单位。"
        ),
    ]
}

/// How long there is, or how late it is.
fn left(calendar: &WorkCalendar, due: NaiveDate, today: NaiveDate) -> String {
    if today < due {
        format!("还有{}个工作日", calendar.working_days_between(today, due))
    } else if today == due {
        "就是今天".to_string()
    } else {
        format!(
            "已逾期{}个工作日",
            calendar.working_days_between(due, today)
        )
    }
}

/// Who is silent behind a day.
pub(super) fn silence(
    calendar: &WorkCalendar,
    occurrence: &Occurrence<'_>,
    (day, today): (NaiveDate, NaiveDate),
    silent: &[&str],
) -> String {
    let duty = occurrence.duty;
    let due = occurrence.due.day;
    let when = if day == due {
        format!("{}截止", shown_date(due))
    } else {
        format!("{}截止，申请延期到{}", shown_date(due), shown_date(day))
    };
    let is_estimated = |of: NaiveDate| calendar.is_estimated(of.year());
    let estimated = if [due, day, today].into_iter().any(is_estimated) {
        "，日期为预估"
    } else {
        ""
    };
    format!(
        "【督查】{}报送{}（{when}{estimated}），还没有确认报送的单位{}个：\n{}",
        duty.words,
        duty.subject,
        silent.len(),
        silent.join("\n")
    )
}

/// A unit with what it said.
pub(super) fn with_state(unit: &str, said: Option<&Acknowledged>) -> String {
    match said {
        Some(Acknowledged::InHand) => format!("{unit}（处理中）"),
        Some(Acknowledged::Extended(until)) => {
            format!("{unit}（申请延期到{}）", shown_date(*until))
        }
        Some(Acknowledged::Reported) | None => unit.to_string(),
    }
}

/// A message that was given up.
pub(super) fn undeliverable(chat: ChatId, units: &[String], reason: &str) -> String {
    format!(
        "【提醒没有送达】会话 {}（{}）收不到提醒：{reason}。请改用别的办法通知，并重新订阅。",
        chat.0,
        units.join("、")
    )
}

/// A chat of the data that has another id now, with the line to change.
pub(super) fn moved(unit: &str, written: ChatId, present: ChatId) -> String {
    format!(
        "【群编号变了】{unit}的群升级了，提醒已跟着过去，不会漏。请把 units.toml 里“{unit}”的这一行：\nchat = {}\n改成：\nchat = {}\n改好后发 /reload。",
        written.0, present.0
    )
}

/// What is wrong with the state's disk, and what comes of it.
pub(super) fn disk(fault: &Hindrance) -> String {
    match fault {
        Hindrance::LittleRoom(megabytes) => format!(
            "【磁盘快满了】状态目录只剩 {megabytes} MB；请尽快腾出空间，满了就不能再发提醒、记报送。"
        ),
        Hindrance::Unwritable(cause) => format!(
            "【提醒停了】提醒状态写不进去（{cause}）；请检查磁盘空间和权限。能写之后机器人会自己接着工作，不用重启；在这之前不会再发提醒。"
        ),
        _ => "【磁盘太慢】状态迟迟写不完；请检查磁盘是否正常，提醒可能会晚。".to_string(),
    }
}

/// It is over.
pub(super) const DISK_WORKS: &str = "【磁盘恢复了】状态又能正常写入，提醒接着发。";
