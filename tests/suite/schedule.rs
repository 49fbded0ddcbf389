//! Due phrases, working days and the days of reminders, against hand-checked cases.

use crate::harness::shipped_data;
use chrono::NaiveDate;
use planbot::{
    Agenda, DueDate, DueRule, Edition, IndexPlace, Policy, Reminders, Stage, WorkCalendar,
    read_data, read_text,
};
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
struct Phrases {
    phrase: Vec<Phrase>,
    outside: Vec<Outside>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrase {
    words: String,
    first: String,
    #[serde(default)]
    last: String,
    #[serde(default = "once")]
    times: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outside {
    words: String,
}

fn once() -> usize {
    1
}

fn policy() -> Policy {
    Reminders::default().policy().unwrap()
}

fn calendar() -> WorkCalendar {
    WorkCalendar::new(read_data(&shipped_data()).calendars)
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn agenda() -> Agenda {
    let edition = Edition::load(&shipped_data(), &IndexPlace::Memory)
        .map_err(|error| error.to_string())
        .unwrap();
    let (agenda, findings) = edition.agenda(&policy());
    assert!(findings.is_empty(), "{findings:?}");
    agenda
}

#[test]
fn phrases_are_read_as_the_key_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/due_phrases.toml");
    let cases: Phrases = toml::from_str(&read_text(&path).unwrap()).unwrap();
    let (policy, calendar) = (policy(), calendar());
    let shown = |date: &DueDate| format!("{} {} {}", date.open, date.close, date.day);
    let mut faults = Vec::new();
    for case in &cases.phrase {
        let Some(rule) = DueRule::parse(&case.words) else {
            faults.push(format!("{}: not read", case.words));
            continue;
        };
        let dates = rule.dates(2022, &policy, &calendar);
        let first = dates.first().map(shown).unwrap_or_default();
        let last = dates.last().map(shown).unwrap_or_default();
        if dates.len() != case.times || first != case.first || case.times > 1 && last != case.last {
            faults.push(format!(
                "{}: {} × {first} … {last}, not {} × {} … {}",
                case.words,
                dates.len(),
                case.times,
                case.first,
                case.last
            ));
        }
    }
    for case in &cases.outside {
        if let Some(rule) = DueRule::parse(&case.words)
            .filter(|rule| !rule.dates(2022, &policy, &calendar).is_empty())
        {
            faults.push(format!("{}: read as {rule:?}", case.words));
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(cases.phrase.len() + cases.outside.len() >= 300);
}

/// Every date of every stage of the first plan's two duties.
#[test]
fn the_stages_of_2022_fall_on_these_days() {
    let agenda = agenda();
    let found = agenda.occurrences(day(2022, 1, 1), day(2022, 12, 31));
    assert_eq!(
        found.iter().map(|o| o.due.day).collect::<Vec<_>>(),
        [day(2022, 7, 8), day(2022, 12, 30)]
    );
    assert_eq!(
        found[0].due.reading,
        "按7月1日至10日理解，最后一个工作日为7月8日（周五）"
    );
    assert_eq!(
        found[1].due.reading,
        "按12月21日至31日理解，最后一个工作日为12月30日（周五）"
    );
    let days = |at: usize| {
        agenda
            .stages(&found[at].due)
            .into_iter()
            .map(|(stage, day)| (stage, day.to_string()))
            .collect::<Vec<_>>()
    };
    let named = |list: [&str; 7]| {
        let stages = [
            Stage::Before(10),
            Stage::Before(5),
            Stage::Before(3),
            Stage::Before(1),
            Stage::Due,
            Stage::After(1),
            Stage::After(3),
        ];
        stages
            .into_iter()
            .zip(list.map(String::from))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        days(0),
        named([
            "2022-06-24",
            "2022-07-01",
            "2022-07-05",
            "2022-07-07",
            "2022-07-08",
            "2022-07-11",
            "2022-07-13"
        ])
    );
    assert_eq!(
        days(1),
        named([
            "2022-12-16",
            "2022-12-23",
            "2022-12-27",
            "2022-12-29",
            "2022-12-30",
            "2023-01-03",
            "2023-01-05"
        ])
    );
}

/// A duty of the 2022 notice comes again every year, with that year's holidays.
#[test]
fn a_duty_comes_again_every_year() {
    let agenda = agenda();
    let found = agenda.occurrences(day(2023, 1, 1), day(2027, 12, 31));
    let days: Vec<String> = found.iter().map(|o| o.due.day.to_string()).collect();
    assert_eq!(
        days,
        [
            "2023-07-10",
            "2023-12-29",
            "2024-07-10",
            "2024-12-31",
            "2025-07-10",
            "2025-12-31",
            "2026-07-10",
            "2026-12-31",
            "2027-07-09",
            "2027-12-31"
        ]
    );
    assert!(
        found
            .iter()
            .all(|o| o.due.estimated == (o.due.day > day(2026, 12, 31)))
    );
    assert_eq!(
        agenda.findings(day(2026, 11, 23)).len(),
        1,
        "the calendar of 2027 is wanted months ahead"
    );
    assert!(agenda.findings(day(2026, 1, 5)).is_empty());
}

#[test]
fn make_up_days_are_worked_and_holidays_are_not() {
    let calendar = calendar();
    assert!(calendar.is_working(day(2022, 10, 8)) && calendar.is_working(day(2023, 1, 28)));
    assert!(!calendar.is_working(day(2022, 12, 31)) && !calendar.is_working(day(2022, 10, 7)));
    assert_eq!(
        calendar.working_days_away(day(2022, 10, 8), -1),
        day(2022, 9, 30)
    );
    assert!(calendar.is_estimated(2030) && !calendar.is_estimated(2026));
}
