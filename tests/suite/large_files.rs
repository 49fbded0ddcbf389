//! Files beyond any report: refused in one sentence before they take time or memory.
use planbot::{Severity, import_report};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn word_file(body: &str) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    archive.start_file("word/document.xml", options).unwrap();
    let document = format!("<w:document xmlns:w=\"urn:w\"><w:body>{body}</w:body></w:document>");
    archive.write_all(document.as_bytes()).unwrap();
    archive.finish().unwrap().into_inner()
}

fn refused(bytes: &[u8], file: &str, expected: &str) {
    let imported = import_report(bytes, "liuxi-2030", file);
    let [finding] = imported.findings.as_slice() else {
        panic!("{file}: {} findings", imported.findings.len());
    };
    assert_eq!(finding.severity, Severity::Error);
    assert!(finding.advice.contains(expected), "{file}: {finding}");
}

#[test]
fn texts_and_tables_beyond_any_report_are_refused() {
    let more = "比任何一份报告都多";
    let text = "柳溪县2030年计划[1]。\n".repeat(120_000);
    refused(text.as_bytes(), "a.txt", more);
    let rows = format!("{}|\n", "| 1 ".repeat(120)).repeat(1_000);
    refused(rows.as_bytes(), "a.md", more);
    let cells = "<w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>".repeat(120);
    let table = format!("<w:tr>{cells}</w:tr>").repeat(1_000);
    let table = word_file(&format!("<w:tbl>{table}</w:tbl>"));
    refused(&table, "a.docx", more);
    refused(&word_file(&"<w:p/>".repeat(600_000)), "a.docx", "个元素");
    let page = format!(
        "<html><body>{}</body></html>",
        "<p>修渠。</p>".repeat(250_000)
    );
    refused(page.as_bytes(), "a.html", "标签超过");
}

/// A PDF of one page with this description.
fn drawn(description: &str) -> Vec<u8> {
    let stream = format!(
        "<< /Length {} >>\nstream\n{description}\nendstream",
        description.len()
    );
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>",
        &stream,
    ];
    let mut file = "%PDF-1.4\n".to_string();
    let mut places = String::new();
    for (at, object) in objects.iter().enumerate() {
        places.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let start = file.len();
    file.push_str(&format!(
        "xref\n0 5\n0000000000 65535 f \n{places}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    file.into_bytes()
}

/// The crate that decodes PDF files takes twenty times the memory of what is drawn.
#[test]
fn a_page_of_half_a_million_lines_is_refused_before_it_is_decoded() {
    refused(
        &drawn(&"0 0 m 100 100 l S ".repeat(500_000)),
        "a.pdf",
        "第1页图形过于复杂，超过 5 MB",
    );
}

#[test]
fn pages_of_twenty_thousand_levels_are_refused() {
    let page = format!("<html><body></body>{}修渠。", "<div>".repeat(20_000));
    refused(page.as_bytes(), "a.html", "嵌套超过");
    let saved = format!(
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/html\r\n\r\n{page}\r\n--b--\r\n"
    );
    refused(saved.as_bytes(), "a.mht", "嵌套超过");
}
