//! A plan is held against its original: what an import lost, moved or cut is told, in every format,
//! and a faithful import has no difference.

use crate::word_files;
use planbot::{
    Difference, DifferenceKind, Measure, NoteKind, PlanRecords, exam_differences, import_report,
    original_of,
};
use serde::Deserialize;
use std::path::Path;

const REPORT: &str = "柳溪县2029年农业计划执行情况及2030年计划的报告

一、2029年计划执行情况

修渠四十公里[1]，造林九十亩。比上年多[2]。

附件1 2030年主要指标表

| 序号 | 指标名称 | 单位 | 属性 | 2029年计划 | 2029年完成 | 2030年目标 |
|---|---|---|---|---|---|---|
| 1 | 油菜亩产 | 公斤 | 预期性 | 150 | 152 | 155左右 |
| 2 | 造林 | 亩 | 约束性 | 80 | 90 | 95 |
|   | 其中：乡镇造林 | 亩 | 约束性 | 60 | 61 | 62 |
| 3 | 粮食产值 | 亿元 | 预期性 | —— | 5.1 | 5.4 |

备注：1.油菜亩产为净作。2.粮食产值由省里核定，年底公布。

附件2 名词解释

1.三清：清塘、清渠、清沟。全县从2028年起每年冬天做一次。

2.护渠员：看护渠道的人。

由村里推选，县里发给补助。

3.“一村一塘”：每个村至少有一口塘。

[1]含改造的旧渠。

[2]上年为八十亩。
";

fn imported(bytes: &[u8], file: &str) -> PlanRecords {
    let imported = import_report(bytes, "liuxi-2030", file);
    assert!(
        imported.account.unassigned().is_empty(),
        "{:?}",
        imported.findings
    );
    imported.records
}

fn differences(plan: &PlanRecords, bytes: &[u8], file: &str) -> Vec<Difference> {
    let original = original_of(bytes, file).map_err(|why| why.0);
    exam_differences(plan, &original.unwrap())
}

/// What is told when a faithful plan is changed in one place.
fn told(change: impl Fn(&mut PlanRecords)) -> Vec<(DifferenceKind, String)> {
    let mut plan = imported(REPORT.as_bytes(), "a.txt");
    let faithful = differences(&plan, REPORT.as_bytes(), "a.txt");
    assert_eq!(faithful, [], "{plan:#?}");
    change(&mut plan);
    let found = differences(&plan, REPORT.as_bytes(), "a.txt");
    found
        .into_iter()
        .map(|difference| (difference.kind, difference.text))
        .collect()
}

fn kinds(change: impl Fn(&mut PlanRecords)) -> Vec<DifferenceKind> {
    told(change).into_iter().map(|(kind, _)| kind).collect()
}

fn value<'a>(plan: &'a mut PlanRecords, indicator: &str, heading: &str) -> &'a mut String {
    let mut cells = plan.cells.iter_mut();
    let cell = cells.find(|cell| cell.indicator == indicator && cell.heading == heading);
    &mut cell.unwrap().value
}

#[test]
fn a_changed_moved_or_swapped_figure_is_told() {
    use DifferenceKind::{FigureLeftOut, NoSuchRow, OtherFigure, RowLeftOut};
    let altered = told(|plan| *value(plan, "造林", "2029年完成") = "91".to_string());
    assert_eq!(altered[0].0, OtherFigure);
    assert!(altered[0].1.contains("2029年完成"), "{altered:?}");
    assert_eq!(altered[1], (FigureLeftOut, "90".to_string()));
    let swapped = kinds(|plan| {
        *value(plan, "造林", "2029年计划") = "90".to_string();
        *value(plan, "造林", "2029年完成") = "80".to_string();
    });
    assert_eq!(swapped[..2], [OtherFigure, OtherFigure]);
    let between_rows = kinds(|plan| {
        *value(plan, "油菜亩产", "2029年完成") = "90".to_string();
        *value(plan, "造林", "2029年完成") = "152".to_string();
    });
    assert_eq!(between_rows[..2], [OtherFigure, OtherFigure]);
    // The dash of one row is no figure of another.
    let dash = kinds(|plan| *value(plan, "造林", "2029年计划") = "——".to_string());
    assert_eq!(dash[0], OtherFigure);
    let renamed = kinds(|plan| {
        let cells = plan.cells.iter_mut();
        let own = cells.filter(|cell| cell.indicator == "粮食产值");
        own.for_each(|cell| cell.indicator = "粮食产量".to_string());
    });
    assert_eq!(renamed, [NoSuchRow, RowLeftOut]);
}

#[test]
fn what_stands_beside_a_figure_is_compared_too() {
    use DifferenceKind::{OtherMeasure, OtherNature, OtherNumber, OtherUnit, OtherYear};
    let all = |change: fn(&mut planbot::CellRecord)| {
        kinds(move |plan| {
            let cells = plan.cells.iter_mut();
            cells
                .filter(|cell| cell.indicator == "粮食产值")
                .for_each(change);
        })
    };
    assert_eq!(all(|cell| cell.unit = "元".to_string()), [OtherUnit]);
    assert_eq!(all(|cell| cell.unit.clear()), [OtherUnit]);
    assert_eq!(
        all(|cell| cell.nature = "约束性".to_string()),
        [OtherNature]
    );
    assert_eq!(
        all(|cell| cell.place = "附件1 第2行".to_string()),
        [OtherNumber]
    );
    assert_eq!(all(|cell| cell.year = Some(2031))[0], OtherYear);
    assert_eq!(all(|cell| cell.measure = Some(Measure::Actual)).len(), 2);
    assert_eq!(
        all(|cell| cell.measure = Some(Measure::Actual))[0],
        OtherMeasure
    );
}

#[test]
fn a_row_a_figure_or_a_table_that_is_left_out_is_told() {
    use DifferenceKind::{EntryLeftOut, FigureLeftOut, RowLeftOut, TableLeftOut};
    for (name, row) in [("油菜亩产", "1｜油菜亩产"), ("乡镇造林", "其中：乡镇造林")]
    {
        let found = told(|plan| plan.cells.retain(|cell| cell.indicator != name));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, RowLeftOut);
        assert!(found[0].1.starts_with(row), "{found:?}");
    }
    let figure = told(|plan| {
        plan.cells
            .retain(|cell| (cell.indicator.as_str(), cell.value.as_str()) != ("造林", "95"));
    });
    assert_eq!(figure, [(FigureLeftOut, "95".to_string())]);
    let column = told(|plan| plan.cells.retain(|cell| cell.heading != "2029年完成"));
    assert_eq!(column.len(), 4, "{column:?}");
    let table = told(|plan| {
        plan.cells.clear();
        plan.notes.retain(|note| note.kind == NoteKind::Footnote);
    });
    let kinds: Vec<DifferenceKind> = table.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, [TableLeftOut, EntryLeftOut], "{table:?}");
}

#[test]
fn a_term_that_is_cut_changed_or_left_out_is_told() {
    use DifferenceKind::{EntryLeftOut, NoSuchTerm, OtherDefinition};
    for at in 0..3 {
        let found = kinds(|plan| drop(plan.glossary.remove(at)));
        assert!(!found.is_empty() && found.iter().all(|kind| *kind == EntryLeftOut));
    }
    let cut = |at: usize, end: &'static str| {
        kinds(move |plan| {
            let definition = &mut plan.glossary[at].definition;
            let length = definition.find(end).unwrap();
            definition.truncate(length);
        })
    };
    // In the middle of a sentence, after one, after a line.
    assert_eq!(cut(0, "、清沟")[0], OtherDefinition);
    assert_eq!(cut(0, "全县从")[0], OtherDefinition);
    assert_eq!(cut(1, "由村里"), [EntryLeftOut]);
    assert_eq!(cut(1, "县里发给")[0], OtherDefinition);
    let other = kinds(|plan| plan.glossary[2].definition = "每个村有两口塘。".to_string());
    assert_eq!(other[0], OtherDefinition);
    let renamed = kinds(|plan| plan.glossary[2].name = "“一村两塘”".to_string());
    assert_eq!(renamed[0], NoSuchTerm);
    let cut_name = kinds(|plan| plan.glossary[1].name = "渠员".to_string());
    assert_eq!(cut_name[0], OtherDefinition);
    let swapped = kinds(|plan| {
        let first = plan.glossary[0].definition.clone();
        plan.glossary[0].definition = std::mem::replace(&mut plan.glossary[2].definition, first);
    });
    assert_eq!(swapped[..2], [OtherDefinition, OtherDefinition]);
}

#[test]
fn a_note_that_is_cut_changed_moved_or_left_out_is_told() {
    use DifferenceKind::{EntryLeftOut, NoSuchNote, OtherAnchor, OtherNote};
    let count = imported(REPORT.as_bytes(), "a.txt").notes.len();
    assert_eq!(count, 4);
    for at in 0..count {
        let found = kinds(|plan| drop(plan.notes.remove(at)));
        assert_eq!(found, [EntryLeftOut]);
        let cut = kinds(|plan| {
            let text = &mut plan.notes[at].text;
            let last = text.char_indices().rev().nth(2).unwrap().0;
            text.truncate(last);
        });
        assert_eq!(cut[0], OtherNote);
        let changed = kinds(|plan| plan.notes[at].text.insert(0, '不'));
        assert_eq!(changed[0], NoSuchNote);
    }
    let moved = kinds(|plan| {
        let first = plan.notes[0].anchor.clone();
        plan.notes[0].anchor = std::mem::replace(&mut plan.notes[1].anchor, first);
    });
    assert_eq!(moved, [OtherAnchor, OtherAnchor]);
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    text: String,
}

/// Whatever form a report has: where the import has no error, it is faithful. Tables without
/// indicators are told by both.
#[test]
fn what_is_imported_from_small_reports_of_every_form_is_faithful() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/import");
    let mut compared = 0;
    let mut faults = Vec::new();
    for file in ["forms.toml", "tables.toml", "glossary.toml", "notes.toml"] {
        let text = planbot::read_text(&cases.join(file)).unwrap();
        for case in toml::from_str::<Cases>(&text).unwrap().case {
            let bytes = case.text.as_bytes();
            let imported = import_report(bytes, "p-1", "a.txt");
            let is_error =
                |finding: &planbot::Finding| finding.severity == planbot::Severity::Error;
            if imported.findings.iter().any(is_error) {
                continue;
            }
            compared += 1;
            let mut findings = imported.findings.iter();
            let says_so = findings.any(|finding| finding.advice.contains("没有读成指标"));
            let mut found = differences(&imported.records, bytes, "a.txt");
            found.retain(|found| !says_so || found.kind != DifferenceKind::TableLeftOut);
            faults.extend(found.into_iter().map(|found| (case.name.clone(), found)));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(compared >= 20, "only {compared}");
}

#[test]
fn a_word_file_is_compared_by_its_own_cells() {
    let bytes = word_files::small_report();
    let mut plan = imported(&bytes, "a.docx");
    assert_eq!(differences(&plan, &bytes, "a.docx"), []);
    plan.cells[0].value = "153".to_string();
    let found = differences(&plan, &bytes, "a.docx");
    assert_eq!(found[0].kind, DifferenceKind::OtherFigure);
}
