//! Tables as some departments print them: two halves side by side, notes in the last row and at a cell, rows that are hidden.

use planbot::{Imported, import_report};
use rust_xlsxwriter::Workbook;

const TITLE: &str = "柳溪县2030年农业计划执行情况及2031年计划的报告\n\n做了很多工作。\n\n";

fn imported(text: &str) -> Imported {
    import_report(format!("{TITLE}{text}").as_bytes(), "liuxi-2031", "a.md")
}

/// Name, category and unit of each cell, with its value.
fn read(imported: &Imported) -> Vec<String> {
    let cells = imported.records.cells.iter();
    cells
        .map(|cell| {
            let (name, category) = (&cell.indicator, &cell.category);
            format!("{category}:{name}|{}|{}", cell.unit, cell.value)
        })
        .collect()
}

/// Each half has categories of its own, which reach down in it alone, and rows that are parts of others there.
#[test]
fn two_halves_have_their_own_categories() {
    let table = "| 类别 | 指标名称（单位） | 2031年目标 | 类别 | 指标名称（单位） | 2031年目标 |\n|---|---|---|---|---|---|\n\
        | 种植 | 稻谷产量（万吨） | 41 | 渔业 | 鱼苗投放（万尾） | 65 |\n\
        | | 其中：早稻（万吨） | 12 | | 其中：早稻（万尾） | 7 |\n\
        | | 油菜产量（万吨） | 9 | 林业 | 造林（亩） | 300 |\n";
    assert_eq!(
        read(&imported(table)),
        [
            "种植:稻谷产量|万吨|41",
            "渔业:鱼苗投放|万尾|65",
            "种植:早稻|万吨|12",
            "渔业:鱼苗投放/早稻|万尾|7",
            "种植:油菜产量|万吨|9",
            "林业:造林|亩|300",
        ]
    );
}

/// A note in the last rows is no indicator, wherever in the row it stands.
#[test]
fn notes_in_the_last_rows_are_remarks() {
    let table = "附表1 主要指标\n\n| 序号 | 指标 | 单位 | 2031年目标 |\n|---|---|---|---|\n\
        | 1 | 稻谷产量 | 万吨 | 41 |\n| | 注：1.稻谷产量按干谷计。 | | |\n| | 2.其余按鲜重计。 | | |\n";
    let imported = imported(table);
    assert_eq!(read(&imported), [":稻谷产量|万吨|41"]);
    let notes = imported.records.notes.iter();
    let notes: Vec<_> = notes
        .map(|note| (note.text.as_str(), note.indicators.join("、")))
        .collect();
    let of_rice = ("稻谷产量按干谷计。", "稻谷产量".to_string());
    assert_eq!(notes, [of_rice, ("2.其余按鲜重计。", String::new())]);
}

/// The mark of a footnote at a name or a figure joins the note to the indicator.
#[test]
fn a_footnote_may_stand_at_a_cell() {
    let table = "修渠3公里[1]。\n\n| 指标 | 单位 | 2031年目标 |\n|---|---|---|\n\
        | 稻谷产量[2] | 万吨 | 41 |\n| 造林 | 亩 | 300[3] |\n\n\
        [1] 含改建。\n[2] 按干谷计。\n[3] 含补植。\n";
    let imported = imported(table);
    assert_eq!(read(&imported), [":稻谷产量|万吨|41", ":造林|亩|300"]);
    let notes = imported.records.notes.iter();
    let notes: Vec<_> = notes
        .map(|note| {
            (
                note.anchor.as_str(),
                note.indicators.concat(),
                note.text.as_str(),
            )
        })
        .collect();
    let at = |name: &str| name.to_string();
    assert_eq!(
        notes,
        [
            ("修渠3公里", at(""), "含改建。"),
            ("", at("稻谷产量"), "按干谷计。"),
            ("", at("造林"), "含补植。"),
        ]
    );
    let said = imported.findings.iter().map(ToString::to_string);
    let of_notes: Vec<String> = said.filter(|said| said.contains("脚注")).collect();
    assert!(of_notes.is_empty(), "{of_notes:?}");
}

/// What a workbook hides is left out, and said.
#[test]
fn hidden_rows_and_columns_of_a_workbook_are_left_out() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let rows = [
        ["指标", "单位", "草稿", "2031年目标"],
        ["稻谷产量", "万吨", "40", "41"],
        ["不公开", "万吨", "1", "2"],
        ["造林", "亩", "290", "300"],
    ];
    for (row, texts) in rows.iter().enumerate() {
        for (column, text) in texts.iter().enumerate() {
            let (row, column) = (row as u32, column as u16);
            sheet.write_string(row, column, *text).unwrap();
        }
    }
    sheet.set_row_hidden(2).unwrap();
    sheet.set_column_hidden(2).unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let imported = import_report(&bytes, "liuxi-2031", "a.xlsx");
    assert_eq!(read(&imported), [":稻谷产量|万吨|41", ":造林|亩|300"]);
    let said = imported.findings.iter().any(|finding| {
        let said = finding.to_string();
        said.contains("隐藏的第3行、C列没有读入")
    });
    assert!(said, "{:?}", imported.findings);
}
