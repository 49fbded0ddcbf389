//! Data beyond any report, and files in the data directory that are none: a finding with its place, soon and without the
//! memory of the machine.

use crate::harness::{copied_qinghe, qinghe, replace};
use crate::operating::{outcome, planbot};
use planbot::{
    Edition, IndexPlace, Severity, check_data, create_directory, import_report, read_data,
    read_text, remove_file, rename_file, write_text,
};
use std::path::Path;
use std::time::{Duration, Instant};

const PLAN: &str = "plans/qinghe-2024";
/// What grew with the square of a length took minutes; without optimisation, beside other tests, the same takes seconds.
const SOON: Duration = Duration::from_secs(90);

/// What `planbot check` says of a data directory.
fn checked(directory: &Path) -> (String, i32) {
    let (text, error, code) = outcome(planbot(directory).arg("check"));
    (format!("{text}{error}"), code)
}

fn append(file: &Path, text: &str) {
    let before = read_text(file).unwrap();
    write_text(file, &format!("{}\n{text}\n", before.trim_end())).unwrap();
}

#[cfg(unix)]
#[test]
fn pipes_links_directories_and_large_files_are_findings() {
    let directory = copied_qinghe();
    let data = directory.path().join("data");
    let at = |name: &str| data.join(name);
    let plan = |name: &str| at(&format!("{PLAN}/{name}"));
    let replaced = [plan("body.md"), plan("glossary.csv"), plan("notes.csv")];
    let aside = directory.path().join("notes-aside.csv");
    rename_file(&replaced[2], &aside).unwrap();
    for file in &replaced[..2] {
        remove_file(file).unwrap();
    }
    let made = std::process::Command::new("mkfifo")
        .arg(&replaced[0])
        .status();
    assert!(made.unwrap().success());
    std::os::unix::fs::symlink("/dev/zero", &replaced[1]).unwrap();
    std::os::unix::fs::symlink(&aside, &replaced[2]).unwrap();
    create_directory(&plan("synonyms.toml")).unwrap();
    // A hole of 21 MB.
    let large = std::fs::File::create(at("units.toml")).unwrap();
    large.set_len(21 * 1024 * 1024).unwrap();
    std::os::unix::fs::symlink(at(PLAN), at("plans/linked-2024")).unwrap();
    let begun = Instant::now();
    let (text, code) = checked(directory.path());
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert_eq!(code, 2, "{text}");
    for (name, why) in [
        (format!("{PLAN}/body.md"), "管道"),
        (format!("{PLAN}/glossary.csv"), "链接"),
        (format!("{PLAN}/notes.csv"), "链接"),
        (format!("{PLAN}/synonyms.toml"), "目录"),
        ("units.toml".to_string(), "21 MB"),
        ("plans/linked-2024".to_string(), "链接"),
    ] {
        let said = text.lines().find(|line| line.contains(&name));
        assert!(
            said.is_some_and(|line| line.contains(why)),
            "{name}: {text}"
        );
    }
}

#[test]
fn names_cells_and_sentences_beyond_any_report_are_findings() {
    let directory = copied_qinghe();
    let data = directory.path().join("data");
    let file = |name: &str| data.join(PLAN).join(name);
    let name = "水渠".repeat(1_500);
    let row = |indicator: &str, value: &str| {
        format!("{indicator},沟渠灌溉,公里,预期性,2024,target,2024年预期目标,{value},附件2 第9行")
    };
    append(&file("indicators.csv"), &row(&name, "5"));
    append(&file("indicators.csv"), &row("新渠", &"9".repeat(3_000)));
    append(&file("glossary.csv"), &format!("4,{name},治渠水。"));
    append(
        &file("notes.csv"),
        &format!("footnote,脚注2,修渠,,{}", "长".repeat(6_000)),
    );
    append(
        &file("body.md"),
        &format!("\n修渠{}。", "，修渠1公里".repeat(1_000)),
    );
    append(
        &file("body.md"),
        &format!("\n{}", "修渠12公里，增长5%。".repeat(5_000)),
    );
    write_text(
        &file("synonyms.toml"),
        &format!("[names]\n\"{name}\" = [\"渠\"]\n"),
    )
    .unwrap();
    replace(
        &file("plan.toml"),
        "region = \"",
        &format!("region = \"{name}"),
    );
    let begun = Instant::now();
    let (text, code) = checked(directory.path());
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert_eq!(code, 2, "{text}");
    for said in [
        "indicators.csv 第14行：指标名称有 3000 个字",
        "indicators.csv 第15行：数值有 3000 个字",
        "glossary.csv 第5行：名词有 3000 个字",
        "notes.csv 第5行：注释有 6000 个字",
        "一句话有 6003 个字",
        "这一段有 60000 个字",
        "synonyms.toml",
        "plan.toml",
    ] {
        assert!(text.contains(said), "{said} is not in: {text}");
    }
    // One before each concept.
    replace(
        &data.join("lexicon/field.toml"),
        "\n[[concept]]\n",
        &format!("\n[[concept]]\nname = \"{name}\"\n[[concept]]\n"),
    );
    let (text, code) = checked(directory.path());
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert!(code == 2 && text.contains("lexicon/field.toml"), "{text}");
}

/// Just below the limits: every sentence of a paragraph was once compared with all of it, and a paragraph of a
/// thousand sentences took forty seconds.
#[test]
fn a_paragraph_of_two_thousand_sentences_is_taken_in_at_once() {
    let qinghe = qinghe();
    let sentences: String = (0..2_000)
        .map(|at| format!("第{at}村修水渠{at}公里，增长5%。"))
        .collect();
    append(
        &qinghe.path().join(PLAN).join("body.md"),
        &format!("\n{sentences}"),
    );
    let begun = Instant::now();
    let findings = check_data(&read_data(&qinghe.path()));
    assert!(
        findings
            .iter()
            .all(|found| found.severity < Severity::Error),
        "{findings:?}"
    );
    let edition =
        Edition::load(&qinghe.path(), &IndexPlace::Memory).map_err(|error| error.to_string());
    assert!(edition.unwrap().evidence_count() > 4_000);
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
}

/// A row of a thousand numerals was once read as every numeral that it holds.
#[test]
fn a_long_row_of_numerals_is_taken_in_at_once() {
    let qinghe = qinghe();
    append(
        &qinghe.path().join(PLAN).join("body.md"),
        &format!("\n{}户。", "一百千万".repeat(1_200)),
    );
    let begun = Instant::now();
    check_data(&read_data(&qinghe.path()));
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
}

fn page(rows: &str) -> String {
    format!(
        "<html><body><h1>青禾县2023年计划执行情况及2024年计划的报告</h1>\
         <p>2023年，全县疏浚支渠26条，修复水闸14座，闸门启闭全部改为电动。</p>\
         <table>{rows}</table><p>2024年，疏浚支渠30条，改造泵站6座。</p></body></html>"
    )
}

#[test]
fn cells_that_claim_a_million_columns_end_in_a_finding() {
    let wide = "<tr><td colspan=\"1000000\" rowspan=\"1000000\">甲</td><td>1</td></tr>";
    let table = "<tr><th>指标</th><th>单位</th><th>2024年目标</th></tr><tr><td>支渠</td><td>条</td><td>30</td></tr>";
    let few = import_report(
        page(&format!("{table}{wide}")).as_bytes(),
        "qinghe-2024",
        "a.html",
    );
    let said = few.findings.iter().map(ToString::to_string);
    assert_eq!(
        said.filter(|said| said.contains("1000000 列")).count(),
        1,
        "{:?}",
        few.findings
    );
    for rows in [
        "<tr><td colspan=\"1000000\">甲</td><td>1</td></tr>".repeat(60_000),
        format!("{wide}{}", "<tr><td>1</td></tr>".repeat(60_000)),
    ] {
        let begun = Instant::now();
        let many = import_report(page(&rows).as_bytes(), "qinghe-2024", "a.html");
        let [finding] = many.findings.as_slice() else {
            panic!("{:?}", many.findings);
        };
        assert!(finding.advice.contains("比任何一份报告都多"), "{finding}");
        assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    }
}
