//! Workbooks: the first byte says whether the others are a sheet of .xlsx, the content of .ods, the
//! records of .xls, or a whole file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use planbot_fuzz::{archive, compound, import_file, let_readers_catch};

const CONTENT_TYPES: &[u8] = br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const WORKBOOK: &[u8] = br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const OPEN_DOCUMENT: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

fuzz_target!(init: let_readers_catch(), |bytes: &[u8]| {
    let Some((kind, content)) = bytes.split_first() else {
        return;
    };
    match kind % 4 {
        0 => import_file(
            &archive(&[
                ("[Content_Types].xml", CONTENT_TYPES),
                ("xl/workbook.xml", WORKBOOK),
                ("xl/_rels/workbook.xml.rels", RELATIONS),
                ("xl/worksheets/sheet1.xml", content),
            ]),
            "a.xlsx",
        ),
        1 => import_file(
            &archive(&[("mimetype", OPEN_DOCUMENT), ("content.xml", content)]),
            "a.ods",
        ),
        2 => import_file(&compound(&[("Workbook", content)]), "a.xls"),
        _ => import_file(content, "a.xlsx"),
    }
});
