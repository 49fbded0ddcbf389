//! Word files: made here part by part, imported, and what came out of them.
use planbot::{Imported, Severity, import_report};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A Word file of these parts.
fn word_file(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A part with the usual namespaces around some XML.
fn part(name: &str, inner: &str) -> String {
    format!("<?xml version=\"1.0\"?><w:{name} xmlns:w=\"urn:w\">{inner}</w:{name}>")
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn cell(properties: &str, text: &str) -> String {
    format!(
        "<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>",
        paragraph(text)
    )
}

fn document(body: &str) -> String {
    part("document", &format!("<w:body>{body}</w:body>"))
}

const TITLE: &str = "柳溪县2029年农业计划执行情况及2030年计划的报告";

/// A whole small report: for the page.
pub fn small_report() -> Vec<u8> {
    let head = [
        cell("", "指标名称"),
        cell("", "单位"),
        cell("", "2029年完成"),
        cell("", "2030年目标"),
    ];
    let row = [
        cell("", "油菜亩产"),
        cell("", "公斤"),
        cell("", "152"),
        cell("", "155"),
    ];
    let rows = [head.concat(), row.concat()].map(|row| format!("<w:tr>{row}</w:tr>"));
    let body = format!(
        "{}{}<w:tbl>{}</w:tbl>",
        paragraph(TITLE),
        paragraph("修渠90公里。"),
        rows.concat()
    );
    word_file(&[("word/document.xml", &document(&body))])
}

fn imported(body: &str, more: &[(&str, &str)]) -> Imported {
    let main = document(&format!("{}{body}", paragraph(TITLE)));
    let mut parts = vec![("word/document.xml", main.as_str())];
    parts.extend(more);
    import_report(&word_file(&parts), "liuxi-2030", "计划.docx")
}

fn said(imported: &Imported) -> String {
    let findings: Vec<String> = imported.findings.iter().map(ToString::to_string).collect();
    findings.join("\n")
}

#[test]
fn merged_cells_and_two_rows_of_headings_are_read() {
    let head = [
        cell("<w:vMerge w:val=\"restart\"/>", "类别"),
        cell("<w:vMerge w:val=\"restart\"/>", "指标名称"),
        cell("<w:gridSpan w:val=\"2\"/>", "2029年"),
        cell("", "2030年"),
    ];
    let below = [
        cell("<w:vMerge/>", ""),
        cell("<w:vMerge/>", ""),
        cell("", "计划"),
        cell("", "完成"),
        cell("", "目标"),
    ];
    let first = [
        cell("<w:vMerge w:val=\"restart\"/>", "田间"),
        cell("", "油菜亩产（公斤）"),
        cell("", "150"),
        cell("", "152"),
        cell("", "155"),
    ];
    let second = [
        cell("<w:vMerge/>", ""),
        cell("", "豆子亩产（公斤）"),
        cell("", "90"),
        cell("", "91"),
        cell("", "95"),
    ];
    let rows = [
        head.to_vec(),
        below.to_vec(),
        first.to_vec(),
        second.to_vec(),
    ];
    let rows: String = rows
        .iter()
        .map(|row| format!("<w:tr>{}</w:tr>", row.concat()))
        .collect();
    let imported = imported(&format!("<w:tbl>{rows}</w:tbl>"), &[]);
    let cells: Vec<String> = imported
        .records
        .cells
        .iter()
        .map(|cell| {
            let parts = [
                &cell.category,
                &cell.indicator,
                &cell.unit,
                &cell.heading,
                &cell.value,
            ];
            parts.map(String::as_str).join("|")
        })
        .collect();
    assert_eq!(
        cells,
        [
            "田间|油菜亩产|公斤|2029年计划|150",
            "田间|油菜亩产|公斤|2029年完成|152",
            "田间|油菜亩产|公斤|2030年目标|155",
            "田间|豆子亩产|公斤|2029年计划|90",
            "田间|豆子亩产|公斤|2029年完成|91",
            "田间|豆子亩产|公斤|2030年目标|95",
        ],
        "{}",
        said(&imported)
    );
}

#[test]
fn notes_stand_at_their_marks_and_computed_numbers_before_their_headings() {
    let numbered = |level: usize, text: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr>\
             <w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let body = format!(
        "{}{}<w:p><w:r><w:t>修渠40公里</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r>\
         <w:r><w:t>，造林90亩。</w:t></w:r></w:p>{}{}",
        numbered(0, "2029年计划执行情况"),
        numbered(1, "农田水利"),
        numbered(0, "2030年计划安排"),
        paragraph("修渠50公里。"),
    );
    let numbering = part(
        "numbering",
        "<w:abstractNum w:abstractNumId=\"3\">\
         <w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"chineseCounting\"/><w:lvlText w:val=\"%1、\"/></w:lvl>\
         <w:lvl w:ilvl=\"1\"><w:start w:val=\"1\"/><w:numFmt w:val=\"chineseCounting\"/><w:lvlText w:val=\"（%2）\"/></w:lvl>\
         </w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"3\"/></w:num>",
    );
    let notes = part(
        "footnotes",
        &format!(
            "<w:footnote w:id=\"0\" w:type=\"separator\">{}</w:footnote><w:footnote w:id=\"2\">{}</w:footnote>",
            paragraph(""),
            paragraph("含改造的渠道。")
        ),
    );
    let imported = imported(
        &body,
        &[
            ("word/numbering.xml", &numbering),
            ("word/footnotes.xml", &notes),
        ],
    );
    let text = &imported.records.body;
    for line in [
        "## 一、2029年计划执行情况",
        "### （一）农田水利",
        "修渠40公里[^1]，造林90亩。",
        "## 二、2030年计划安排",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    let note = &imported.records.notes[0];
    assert_eq!(
        (note.anchor.as_str(), note.text.as_str()),
        ("修渠40公里", "含改造的渠道。")
    );
}

#[test]
fn what_was_deleted_hidden_or_boxed_is_left_out_and_said() {
    let body = "<w:p><w:r><w:t>修渠</w:t></w:r><w:del><w:r><w:delText>80</w:delText></w:r></w:del>\
        <w:ins><w:r><w:t>90</w:t></w:r></w:ins><w:r><w:t>公里。</w:t></w:r>\
        <w:r><w:rPr><w:vanish/></w:rPr><w:t>内部数</w:t></w:r>\
        <w:r><w:pict><w:txbxContent><w:p><w:r><w:t>图中字</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>";
    let imported = imported(body, &[]);
    assert!(
        imported.records.body.contains("修渠90公里。"),
        "{}",
        imported.records.body
    );
    for absent in ["80", "内部数", "图中字"] {
        assert!(!imported.records.body.contains(absent), "{absent}");
    }
    let said = said(&imported);
    for expected in [
        "已删除的文字没有录入（2 字）",
        "隐藏文字没有录入（3 字）",
        "文本框、图形里的文字没有录入（3 字）",
    ] {
        assert!(said.contains(expected), "{expected} is not in {said}");
    }
}

/// Struck figures are deleted, raised ones are marks, and a deleted row is none.
#[test]
fn how_text_looks_says_what_it_is() {
    let run = |properties: &str, text: &str| {
        format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>")
    };
    let raised = "<w:vertAlign w:val=\"superscript\"/>";
    let sentence = format!(
        "<w:p>{}{}{}{}{}{}</w:p>",
        run("", "修渠30"),
        run(raised, "2"),
        run("", "公里，造林"),
        run("<w:strike/>", "8"),
        run("", "9亩，占地3m"),
        run(raised, "2"),
    );
    let joined = format!(
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{}</w:p>{}",
        run("", "油菜12."),
        paragraph("6万吨。")
    );
    let head = [cell("", "指标"), cell("", "2030年目标")].concat();
    let kept = [cell("", "油菜亩产"), cell("", "155")].concat();
    let gone = [cell("", "豆子亩产"), cell("", "90")].concat();
    let table = format!(
        "<w:tbl><w:tr>{head}</w:tr><w:tr>{kept}</w:tr><w:tr><w:trPr><w:del/></w:trPr>{gone}</w:tr></w:tbl>"
    );
    let imported = imported(&format!("{sentence}{joined}{table}"), &[]);
    let body = &imported.records.body;
    assert!(body.contains("修渠30[^2]公里，造林9亩，占地3m²"), "{body}");
    assert!(body.contains("油菜12.6万吨。"), "{body}");
    let values: Vec<&str> = imported
        .records
        .cells
        .iter()
        .map(|cell| cell.value.as_str())
        .collect();
    assert_eq!(values, ["155"], "{}", said(&imported));
}

#[test]
fn a_file_is_told_by_its_content() {
    let main = document(&format!(
        "{}{}",
        paragraph(TITLE),
        paragraph("修渠90公里。")
    ));
    let bytes = word_file(&[("word/document.xml", &main)]);
    let imported = import_report(&bytes, "liuxi-2030", "计划.txt");
    assert!(imported.records.body.contains("修渠90公里。"));
    assert!(
        said(&imported).contains("内容却是Word 文件"),
        "{}",
        said(&imported)
    );
}

#[test]
fn damaged_and_hostile_files_are_refused_in_one_sentence() {
    let main = document(&paragraph(TITLE));
    let whole = word_file(&[("word/document.xml", &main)]);
    let cut = &whole[..whole.len() / 2];
    let deep = document(&("<w:p>".repeat(20_000) + &"</w:p>".repeat(20_000)));
    let deep = word_file(&[("word/document.xml", &deep)]);
    let torn = word_file(&[("word/document.xml", "<w:document><w:body>")]);
    let bomb = "<w:p/>".repeat(11 * 1024 * 1024);
    let bomb = word_file(&[("word/document.xml", &bomb)]);
    assert!(
        bomb.len() < 1024 * 1024,
        "the bomb is small until it is unpacked"
    );
    for (bytes, expected) in [
        (cut, ""),
        (&deep, "嵌套超过"),
        (&torn, "已损坏"),
        (&bomb, "超过64 MB"),
    ] {
        let imported = import_report(bytes, "liuxi-2030", "计划.docx");
        let errors = imported
            .findings
            .iter()
            .filter(|one| one.severity == Severity::Error);
        let errors: Vec<String> = errors.map(ToString::to_string).collect();
        assert!(
            !errors.is_empty() && errors[0].contains(expected),
            "{errors:?}"
        );
    }
}

/// Bits flipped, ends cut, pieces swapped: an error or a plan that is accounted for, and no panic.
#[test]
fn damaged_copies_never_end_in_a_panic() {
    let rows: String = (0..40)
        .map(|at| {
            format!(
                "<w:tr>{}{}</w:tr>",
                cell("", &format!("指标{at}")),
                cell("", "12.5")
            )
        })
        .collect();
    let body = format!(
        "{}{}<w:tbl>{rows}</w:tbl>",
        paragraph(TITLE),
        paragraph("修渠90公里。")
    );
    let whole = word_file(&[("word/document.xml", &document(&body))]);
    let mut seed = 20_300_u64;
    let mut next = |most: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % most
    };
    for round in 0..300 {
        let mut bytes = whole.clone();
        match round % 3 {
            0 => {
                let at = next(bytes.len());
                bytes[at] ^= 1 << next(8);
            }
            1 => bytes.truncate(next(whole.len())),
            _ => {
                let (one, other) = (next(bytes.len()), next(bytes.len()));
                bytes.swap(one, other);
            }
        }
        let imported = import_report(&bytes, "liuxi-2030", "计划.docx");
        let is_whole = imported.account.unassigned().is_empty();
        assert!(is_whole || !imported.findings.is_empty(), "round {round}");
    }
}
