//! Reports of every form into rows: nothing lost, nothing invented, nothing half written.

use crate::harness::{copied_data, shipped_data};
use assert_cmd::Command;
use planbot::{
    Imported, Measure, NoteKind, Severity, UnitWords, assemble, import_report, list_by_age,
    read_data, read_text, rename_file, write_plan, write_text,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

const PLAN: &str = "yuzhong-2022";

fn source() -> String {
    read_text(
        &shipped_data()
            .join("plans")
            .join(PLAN)
            .join("source/yuzhong-2022-report.txt"),
    )
    .unwrap()
}

fn solid(text: &str) -> BTreeMap<char, i64> {
    let mut counts = BTreeMap::new();
    for letter in text.chars().filter(|c| !c.is_whitespace()) {
        *counts.entry(letter).or_default() += 1;
    }
    counts
}

/// The shipped rows, counted letter by letter, and what the import lists as structure, are the source.
#[test]
fn every_character_of_the_first_report_is_in_one_record_or_in_the_structure() {
    let imported = import_report(source().as_bytes(), PLAN, "source.txt");
    assert!(imported.account.unassigned().is_empty());
    let mut left = solid(&source());
    let mut take = |text: &str| {
        for (letter, count) in solid(text) {
            *left.entry(letter).or_default() -= count;
        }
    };
    let records = &imported.records;
    let mut row = (String::new(), String::new());
    let mut category = (String::new(), String::new());
    for cell in &records.cells {
        take(&cell.value);
        let this = (cell.place.clone(), cell.indicator.clone());
        if this == row {
            continue;
        }
        row = this;
        let table = cell.place.split(' ').next().unwrap_or_default().to_string();
        take(&format!("{}{}{}", cell.indicator, cell.unit, cell.nature));
        take(
            cell.place
                .rsplit('第')
                .next()
                .unwrap()
                .trim_end_matches('行'),
        );
        if (table.clone(), cell.category.clone()) != category {
            take(&cell.category);
            category = (table, cell.category.clone());
        }
    }
    records
        .glossary
        .iter()
        .for_each(|entry| take(&format!("{}{}", entry.name, entry.definition)));
    records.notes.iter().for_each(|note| take(&note.text));
    let marks = regex_free_body(&records.body);
    take(&marks);
    imported
        .account
        .structure()
        .iter()
        .for_each(|(_, text)| take(text));
    left.retain(|_, count| *count != 0);
    assert!(left.is_empty(), "{left:?}");
}

/// The body without the signs that the file's format adds.
fn regex_free_body(body: &str) -> String {
    let mut text = String::new();
    for line in body.lines() {
        let mut rest = line.trim_start_matches('#');
        while let Some(at) = rest.find("[^") {
            text.push_str(&rest[..at]);
            rest = &rest[at..];
            rest = &rest[rest.find(']').unwrap() + 1..];
        }
        text.push_str(rest);
    }
    text
}

#[test]
fn the_shipped_files_are_what_the_import_gives() {
    let imported = import_report(source().as_bytes(), PLAN, "source.txt");
    let shipped = read_data(&shipped_data());
    assert!(shipped.findings.is_empty(), "{:?}", shipped.findings);
    let plan = shipped
        .plans
        .iter()
        .find(|plan| plan.header.id == PLAN)
        .unwrap();
    assert_eq!(plan.header, imported.records.header);
    assert_eq!(plan.cells, imported.records.cells);
    assert_eq!(plan.glossary, imported.records.glossary);
    assert_eq!(plan.notes, imported.records.notes);
    assert_eq!(plan.body, imported.records.body);
}

/// Over the columns of places, and of all of them together, stands no word but their names: the title says that the figures are
/// aims, also those of a year that is over.
#[test]
fn columns_of_places_and_of_all_together_take_their_measure_from_the_title() {
    let text = "柳溪县2030年农业计划执行情况及2031年计划的报告\n\n做了很多工作。\n\n附件1\n\n2030年各镇计划指标表\n\n\
        | 指标 | 单位 | 合计 | 柏溪镇 |\n|---|---|---|---|\n| 修渠 | 公里 | 90 | 40 |\n";
    let imported = import_report(text.as_bytes(), "p-1", "a.md");
    let cells = imported.records.cells.iter();
    let read: Vec<_> = cells
        .map(|cell| (cell.indicator.as_str(), cell.year, cell.measure))
        .collect();
    let aim = (Some(2030), Some(Measure::Target));
    assert_eq!(
        read,
        [("修渠", aim.0, aim.1), ("柏溪镇/修渠", aim.0, aim.1)]
    );
}

/// How fast a thing grew has the thing's printed name and is another indicator all the same; what was written down is read back
/// as it was.
#[test]
fn growth_keeps_the_printed_name_and_is_an_indicator_of_its_own() {
    let text = "柳溪县2030年农业计划\n\n做了很多工作。\n\n\
        | 指标 | 单位 | 2029年 | 五年平均增长（%） |\n|---|---|---|---|\n| 油菜产值 | 亿元 | 5.1 | 6.4 |\n";
    let imported = import_report(text.as_bytes(), "p-1", "a.md");
    let records = &imported.records;
    let names = records.cells.iter().map(|cell| cell.indicator.as_str());
    assert_eq!(names.collect::<Vec<_>>(), ["油菜产值", "油菜产值"]);
    let (plan, _) = assemble(records, &UnitWords::default());
    let indicators = plan.indicators.iter();
    let read: Vec<_> = indicators
        .map(|indicator| (indicator.name.as_str(), indicator.unit.as_str()))
        .collect();
    assert_eq!(read, [("油菜产值", "亿元"), ("油菜产值增速", "%")]);
    let data = copied_data();
    let source = ("a.md", text.as_bytes());
    let root = data.path().join("data");
    write_plan(&root, records, source, "", false).unwrap();
    let again = read_data(&root);
    let plan = again.plans.iter().find(|plan| plan.header.id == "p-1");
    assert_eq!(plan.unwrap().cells, records.cells);
}

#[test]
fn the_first_report_has_its_rows_terms_and_notes() {
    let Imported {
        records, findings, ..
    } = import_report(source().as_bytes(), PLAN, "source.txt");
    assert!(findings.is_empty(), "{findings:?}");
    let mut names: Vec<&str> = records
        .cells
        .iter()
        .map(|cell| cell.indicator.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(
        (names.len(), records.cells.len(), records.glossary.len()),
        (23, 92, 46)
    );
    for name in names {
        let years: Vec<(Option<i32>, Option<&str>)> = records
            .cells
            .iter()
            .filter(|c| c.indicator == name)
            .map(|c| (c.year, c.measure.map(|m| m.key())))
            .collect();
        let of = |year, key| (Some(year), Some(key));
        assert_eq!(
            years,
            [
                of(2021, "target"),
                of(2021, "actual"),
                of(2021, "actual"),
                of(2022, "target")
            ],
            "{name}"
        );
    }
    let count = |kind| {
        records
            .notes
            .iter()
            .filter(|note| note.kind == kind)
            .count()
    };
    assert_eq!(
        (
            count(NoteKind::Footnote),
            count(NoteKind::Remark),
            count(NoteKind::Convention)
        ),
        (17, 4, 1)
    );
    assert!(
        records
            .notes
            .iter()
            .filter(|n| n.kind == NoteKind::Footnote)
            .all(|n| !n.anchor.is_empty())
    );
    let convention = records
        .notes
        .iter()
        .find(|n| n.kind == NoteKind::Convention)
        .unwrap();
    assert_eq!(
        (convention.anchor.as_str(), convention.indicators.len()),
        ("——", 5)
    );
    assert_eq!(
        records.header.duties[0].due,
        ["2022年7月初", "2022年12月底"]
    );
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    text: String,
    #[serde(default)]
    terms: Vec<[String; 2]>,
    /// Name, unit, nature, heading and value of a cell, parted by |.
    #[serde(default)]
    cells: Vec<String>,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    duties: Vec<String>,
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    findings: Vec<String>,
    #[serde(default)]
    errors: bool,
}

#[test]
fn small_reports_of_every_form() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/import");
    let mut count = 0;
    for file in list_by_age(&directory).unwrap() {
        let text = read_text(&file).unwrap();
        let cases: Cases =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for case in &cases.case {
            count += 1;
            check(case, &case.text);
        }
    }
    assert!(count >= 15, "only {count} cases");
}

fn check(case: &Case, text: &str) {
    let name = &case.name;
    let Imported {
        records,
        findings,
        account,
        ..
    } = import_report(text.as_bytes(), "case", "case.txt");
    let errors = findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    assert_eq!(errors, case.errors, "{name}: {findings:?}");
    for words in &case.findings {
        assert!(
            findings
                .iter()
                .any(|finding| finding.to_string().contains(words)),
            "{name}: {words} is not in {findings:?}"
        );
    }
    if !errors {
        assert!(
            account.unassigned().is_empty(),
            "{name}: {:?}",
            account.unassigned()
        );
        let assigned: usize = account.counts().values().sum();
        assert_eq!(assigned, account.total(), "{name}");
    }
    if errors && case.cells.is_empty() {
        return;
    }
    let terms: Vec<[String; 2]> = records
        .glossary
        .iter()
        .map(|entry| [entry.name.clone(), entry.definition.clone()])
        .collect();
    assert_eq!(terms, case.terms, "{name}");
    let cells: Vec<String> = records
        .cells
        .iter()
        .map(|cell| {
            let mut parts = vec![
                cell.indicator.as_str(),
                &cell.unit,
                &cell.nature,
                &cell.heading,
                &cell.value,
            ];
            parts.extend(Some(cell.figures.key()).filter(|key| !key.is_empty()));
            parts.join("|")
        })
        .collect();
    assert_eq!(cells, case.cells, "{name}");
    let notes: Vec<String> = records
        .notes
        .iter()
        .map(|note| format!("{}|{}|{}", note.place, note.anchor, note.text))
        .collect();
    assert_eq!(notes, case.notes, "{name}");
    let duties: Vec<String> = records
        .header
        .duties
        .iter()
        .map(|duty| {
            format!(
                "{}|{}|{}|{}",
                duty.reporter,
                duty.recipient,
                duty.subject,
                duty.due.join("、")
            )
        })
        .collect();
    assert_eq!(duties, case.duties, "{name}");
    if let Some(region) = &case.region {
        assert_eq!(&records.header.region, region, "{name}");
    }
}

fn import_file(directory: &Path, bytes: &[u8], arguments: &[&str]) -> (String, String, i32) {
    #![expect(clippy::disallowed_methods, reason = "tests make their own files")]
    let file = directory.join("report.txt");
    std::fs::write(&file, bytes).unwrap();
    let mut command = Command::cargo_bin("planbot").unwrap();
    let output = command
        .current_dir(directory)
        .args(["import", "report.txt", "--plan", "test-2022"])
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_string();
    (
        text(&output.stdout),
        text(&output.stderr),
        output.status.code().unwrap(),
    )
}

fn plans(directory: &Path) -> usize {
    list_by_age(&directory.join("data/plans")).map_or(0, |entries| entries.len())
}

#[test]
fn encodings_and_line_ends_give_the_same_plan() {
    let text = source();
    let numbered = text.replace('\u{FFFD}', "");
    let gb = encoding_rs::GB18030.encode(&numbered).0.into_owned();
    let variants: [Vec<u8>; 3] = [
        [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat(),
        text.replace('\n', "\r\n").into_bytes(),
        gb,
    ];
    let plain = import_report(text.as_bytes(), "p", "f.txt").records;
    for bytes in variants {
        let records = import_report(&bytes, "p", "f.txt").records;
        assert_eq!(
            (records.cells, records.glossary),
            (plain.cells.clone(), plain.glossary.clone())
        );
    }
}

/// A directory that is planbot's and holds no plan.
fn empty_place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    write_text(&place.path().join("bot.toml"), "").unwrap();
    place
}

#[test]
fn what_is_no_report_is_refused_and_nothing_is_written() {
    let cases: [(&[u8], &str); 5] = [
        (b"", "空文件"),
        (b"   \n\n", "空文件"),
        (b"PK\x03\x04\x00\x00\x00\x01", "已损坏"),
        ("购物清单\n牛奶\n面包\n".as_bytes(), "不像是一份计划报告"),
        (b"\xff\xff\xfe\xfa\x80", "report.txt"),
    ];
    for (bytes, expected) in cases {
        let directory = empty_place();
        let (_, error, code) = import_file(directory.path(), bytes, &[]);
        assert_eq!((code, plans(directory.path())), (2, 0), "{error}");
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_file_of_a_hundred_megabytes_is_refused_before_it_is_read() {
    let directory = empty_place();
    let file = std::fs::File::create(directory.path().join("report.txt")).unwrap();
    file.set_len(100 * 1024 * 1024).unwrap();
    let mut command = Command::cargo_bin("planbot").unwrap();
    let output = command
        .current_dir(directory.path())
        .args(["import", "report.txt", "--plan", "big"])
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        error.contains("100 MB") && error.contains("20 MB"),
        "{error}"
    );
}

#[test]
fn a_torn_row_leaves_the_plan_that_was_there() {
    let directory = empty_place();
    let (_, error, code) = import_file(directory.path(), source().as_bytes(), &[]);
    assert_eq!(code, 0, "{error}");
    let torn = source().replacen(
        "\t%\n\t预期性\n\t6左右\n\t5左右",
        "\t%\n\t6左右\n\t5左右",
        1,
    );
    let (findings, error, code) = import_file(directory.path(), torn.as_bytes(), &["--replace"]);
    assert_eq!(code, 2);
    assert!(
        findings.contains("这一行有 6 格，表头有 7 格") && error.contains("没有写入"),
        "{findings}{error}"
    );
    let kept = read_data(&directory.path().join("data")).plans;
    assert_eq!(
        (kept.len(), kept[0].cells.len(), plans(directory.path())),
        (1, 92, 1)
    );
}

#[test]
fn a_second_import_needs_replace_and_keeps_the_synonyms() {
    let directory = empty_place();
    assert_eq!(import_file(directory.path(), source().as_bytes(), &[]).2, 0);
    let synonyms = directory.path().join("data/plans/test-2022/synonyms.toml");
    write_text(&synonyms, "[names]\n\"绿化覆盖率\" = [\"绿化\"]\n").unwrap();
    let (_, error, code) = import_file(directory.path(), source().as_bytes(), &[]);
    assert!(code == 2 && error.contains("--replace"), "{error}");
    assert_eq!(
        import_file(directory.path(), source().as_bytes(), &["--replace"]).2,
        0
    );
    assert!(read_text(&synonyms).unwrap().contains("绿化覆盖率"));
}

#[test]
fn a_replacement_that_was_cut_off_loses_nothing() {
    let directory = empty_place();
    assert_eq!(import_file(directory.path(), source().as_bytes(), &[]).2, 0);
    let plans = directory.path().join("data/plans");
    write_text(
        &plans.join("test-2022/synonyms.toml"),
        "[names]\n\"绿化覆盖率\" = [\"绿化\"]\n",
    )
    .unwrap();
    rename_file(&plans.join("test-2022"), &plans.join(".test-2022.old")).unwrap();
    let found = read_data(&directory.path().join("data")).findings;
    assert!(
        found
            .iter()
            .any(|finding| finding.to_string().contains("上次替换")),
        "{found:?}"
    );
    let (_, error, code) = import_file(directory.path(), source().as_bytes(), &["--replace"]);
    assert!(code == 2 && error.contains("已恢复"), "{error}");
    assert!(
        read_text(&plans.join("test-2022/synonyms.toml"))
            .unwrap()
            .contains("绿化")
    );
    assert_eq!(
        import_file(directory.path(), source().as_bytes(), &["--replace"]).2,
        0
    );
    assert!(
        read_text(&plans.join("test-2022/synonyms.toml"))
            .unwrap()
            .contains("绿化")
    );
}

#[test]
fn synonyms_that_cannot_be_read_are_not_overwritten() {
    let directory = empty_place();
    assert_eq!(import_file(directory.path(), source().as_bytes(), &[]).2, 0);
    let synonyms = directory.path().join("data/plans/test-2022/synonyms.toml");
    std::fs::remove_file(&synonyms).unwrap();
    std::fs::create_dir(&synonyms).unwrap();
    let (_, _, code) = import_file(directory.path(), source().as_bytes(), &["--replace"]);
    assert_eq!(code, 2);
    assert!(synonyms.is_dir());
}
