//! Eight reports at once, four places over two years: no answer comes from another place or year than was asked.

use crate::harness::{qinghe, qinghe_plan};
use chrono::NaiveDate;
use planbot::{Answer, Edition, IndexPlace, Reply, read_text, remove_directory};
use std::path::Path;

/// Made-up places; each has figures of its own.
const PLACES: [&str; 4] = ["青禾", "白鹭", "石桥", "云溪"];
/// Earlier and later plan year.
const YEARS: [i32; 2] = [2024, 2025];
const NAMES: [&str; 4] = [
    "东渠年输水量",
    "西渠年输水量",
    "早稻亩均产量",
    "渔塘尾水净化率",
];

/// The made-up plan as another place's and year's, with other figures in its tables.
#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
fn write_plan(data: &Path, place: &str, number: usize, year: i32) {
    let directory = data.join(format!("plans/p{number}-{year}"));
    std::fs::create_dir_all(&directory).unwrap();
    for file in [
        "plan.toml",
        "indicators.csv",
        "glossary.csv",
        "notes.csv",
        "body.md",
    ] {
        let text = read_text(&qinghe_plan().join(file)).unwrap();
        let mut text = text.replace("青禾", place);
        if year == 2025 {
            text = text.replace("2024", "2025").replace("2023", "2024");
        }
        if file == "indicators.csv" {
            let shift = |line: &str| shifted(line, number * 2 + usize::from(year == 2025));
            text = text.lines().map(shift).collect::<Vec<_>>().join("\n") + "\n";
        }
        std::fs::write(directory.join(file), text).unwrap();
    }
}

/// A row whose figure is another one in each plan.
fn shifted(line: &str, by: usize) -> String {
    let mut cells: Vec<String> = line.split(',').map(String::from).collect();
    let is_digit = |letter: &char| letter.is_ascii_digit();
    let digits: String = cells[7]
        .chars()
        .skip_while(|letter| !is_digit(letter))
        .take_while(is_digit)
        .collect();
    if let Ok(figure) = digits.parse::<usize>() {
        cells[7] = cells[7].replacen(&digits, &(figure + 1_000 * (by + 1)).to_string(), 1);
    }
    cells.join(",")
}

fn eight() -> (crate::harness::Qinghe, Edition) {
    let data = qinghe();
    let root = data.path();
    remove_directory(&root.join("plans")).unwrap();
    for (number, place) in PLACES.iter().enumerate() {
        for year in YEARS {
            write_plan(&root, place, number, year);
        }
    }
    let edition =
        Edition::load(&root, &IndexPlace::Memory).unwrap_or_else(|error| panic!("{error:?}"));
    assert_eq!(edition.book.plans().len(), 8);
    (data, edition)
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 6, 24).unwrap()
}

/// Whether every source of an answer is of a place, and every figure of a year.
fn keeps_to(answer: &Answer, place: usize, year: i32) -> bool {
    let prefix = format!("p{place}-");
    let of_place = answer
        .citations()
        .iter()
        .all(|c| c.plan.0.starts_with(&prefix));
    let shown = answer
        .figures
        .iter()
        .filter(|figure| {
            figure
                .printed
                .contains(|letter: char| letter.is_ascii_digit())
        })
        .filter(|figure| answer.lead.contains(&figure.printed));
    of_place
        && shown
            .into_iter()
            .all(|figure| figure.year.is_none_or(|of| of == year))
}

#[test]
fn no_answer_is_of_another_place_or_year() {
    let (_data, edition) = eight();
    let mut answered = 0;
    for (number, place) in PLACES.iter().enumerate() {
        for name in NAMES {
            for (year, word) in [
                (2025, "目标"),
                (2024, "目标"),
                (2024, "完成多少"),
                (2023, "完成情况"),
            ] {
                let ways = [
                    format!("{place}{year}年{name}{word}"),
                    format!("{year}年{name}{word}，{place}县的"),
                    format!("麻烦问下{place}县{name}{year}年{word}"),
                ];
                for question in ways {
                    let reply = edition.reply(&question, day()).reply;
                    for answer in reply.answers() {
                        answered += 1;
                        assert!(
                            keeps_to(answer, number, year),
                            "{question}: {}",
                            answer.lead
                        );
                        let named = answer
                            .plan_names
                            .iter()
                            .any(|(_, name)| name.contains(place));
                        assert!(named, "{question}: the source names no place");
                    }
                }
            }
        }
    }
    assert!(answered >= 150, "only {answered} answers");
}

#[test]
fn a_place_or_a_year_that_no_plan_has_is_refused() {
    let (_data, edition) = eight();
    for place in ["南山县", "成都", "上海市"] {
        for name in NAMES {
            let question = format!("{place}2025年{name}目标");
            let reply = edition.reply(&question, day()).reply;
            assert!(!matches!(reply, Reply::Answer(_)), "{question}");
        }
    }
    for name in NAMES {
        let question = format!("白鹭县2019年{name}目标");
        let Reply::Unknown(refusal) = edition.reply(&question, day()).reply else {
            panic!("{question} is not refused");
        };
        assert!(
            refusal.missing.contains("2019"),
            "{question}: {}",
            refusal.missing
        );
    }
}

#[test]
fn without_a_place_it_is_asked_which_one_is_meant() {
    let (_data, edition) = eight();
    for name in NAMES {
        let question = format!("2025年{name}目标是多少");
        let Reply::Clarify(back) = edition.reply(&question, day()).reply else {
            panic!("{question} is not asked back");
        };
        assert!(back.choices.len() > 1, "{question}");
        let places: Vec<&str> = PLACES
            .into_iter()
            .filter(|place| {
                back.choices
                    .iter()
                    .any(|choice| choice.label.contains(place))
            })
            .collect();
        assert!(places.len() > 1, "{question}: {places:?}");
    }
}
