//! PDF files that are small and unpack, multiply or go round without end: each is refused or read, soon and in little memory.

use crate::harness::copied_qinghe;
use crate::watched::{chosen, seconds};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use planbot::write_bytes;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a report may take, with the program itself.
const MOST_MEGABYTES: u64 = 300;
/// A build without optimisation beside other tests; a released one has three seconds (`just bombs`).
const WITHIN: u64 = 60;

const CATALOG: &str = "<< /Type /Catalog /Pages 2 0 R >>";
const PAGES: &str = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
const PAGE: &str = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>";
const TEXT: &str = "BT /F1 12 Tf 50 700 Td (Report of 2030) Tj ET";
const FONT: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
const CODED_FONT: &str = "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>";
const DESCENDANT: &str = "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /DW 1000 >>";
const DEFLATED: &str = "/Filter /FlateDecode";

/// The objects of a file, by their numbers.
struct Objects(Vec<(usize, Vec<u8>)>);

impl Objects {
    /// A report of one page.
    fn of_a_report() -> Self {
        let objects = Self(Vec::new());
        let objects = objects.with(1, CATALOG).with(2, PAGES).with(3, PAGE);
        objects.with(4, stream("", TEXT.as_bytes())).with(5, FONT)
    }

    /// With another object of a number.
    fn with(mut self, number: usize, object: impl AsRef<[u8]>) -> Self {
        self.0.retain(|(known, _)| *known != number);
        self.0.push((number, object.as_ref().to_vec()));
        self
    }

    /// Its page paints this.
    fn painting(self, description: &str, content: &[u8]) -> Self {
        self.with(4, stream(description, content))
    }

    fn written(&self) -> (Vec<u8>, Vec<(usize, usize)>) {
        let mut file = b"%PDF-1.5\n".to_vec();
        let mut places = Vec::new();
        for (number, object) in &self.0 {
            places.push((*number, file.len()));
            file.extend(format!("{number} 0 obj\n").bytes());
            file.extend(object);
            file.extend(b"\nendobj\n");
        }
        (file, places)
    }

    /// The file with a table of places.
    fn file(&self, of_trailer: &str) -> Vec<u8> {
        let (mut file, places) = self.written();
        let (start, end) = (
            file.len(),
            self.0.iter().map(|(number, _)| number + 1).max(),
        );
        let end = end.unwrap();
        file.extend(format!("xref\n0 {end}\n0000000000 65535 f \n").bytes());
        for number in 1..end {
            let place = places.iter().find(|(known, _)| *known == number);
            let line = match place {
                Some((_, place)) => format!("{place:010} 00000 n \n"),
                None => "0000000000 65535 f \n".to_string(),
            };
            file.extend(line.bytes());
        }
        let trailer = format!(
            "trailer\n<< /Size {end} /Root 1 0 R {of_trailer} >>\nstartxref\n{start}\n%%EOF\n"
        );
        file.extend(trailer.bytes());
        file
    }

    /// The file with its places in a part of its own; some objects stand in the part of number 9.
    fn file_with_parts(&self, in_part: &[(usize, usize)]) -> Vec<u8> {
        let (mut file, mut places) = self.written();
        let own = 10;
        places.push((own, file.len()));
        let mut rows = Vec::new();
        for number in 0..=own {
            let place = places.iter().find(|(known, _)| *known == number);
            let inside = in_part.iter().find(|(known, _)| *known == number);
            let (kind, at, index) = match (place, inside) {
                (Some((_, place)), _) => (1, *place, 0),
                (None, Some((_, index))) => (2, 9, *index),
                (None, None) => (0, 0, 0),
            };
            rows.push(kind);
            rows.extend((at as u32).to_be_bytes());
            rows.extend((index as u16).to_be_bytes());
        }
        let table = "/Type /XRef /Size 11 /W [1 4 2] /Root 1 0 R";
        let start = file.len();
        file.extend(format!("{own} 0 obj\n").bytes());
        file.extend(stream(table, &rows));
        file.extend(format!("\nendobj\nstartxref\n{start}\n%%EOF\n").bytes());
        file
    }
}

fn stream(description: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<< /Length {} {description} >>\nstream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

/// Something packed, so many times over, one behind the other.
fn packed(pieces: &[(&[u8], usize)]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    for (piece, times) in pieces {
        let some = piece.repeat(65_536 / piece.len().min(65_536));
        let mut left = piece.len() * times;
        while left > 0 {
            let now = &some[..left.min(some.len())];
            encoder.write_all(now).unwrap();
            left -= now.len();
        }
    }
    encoder.finish().unwrap()
}

/// The beginning of a part of objects that holds the first three and the font.
fn of_objects() -> (String, String) {
    let (mut head, mut body) = (String::new(), String::new());
    for (number, object) in [(1, CATALOG), (2, PAGES), (3, PAGE), (5, FONT)] {
        head.push_str(&format!("{number} {} ", body.len()));
        body.push_str(object);
        body.push('\n');
    }
    (head, body)
}

/// A report whose objects stand in a part that unpacks to so much.
fn report_in_a_part(blanks: usize) -> Vec<u8> {
    let (head, body) = of_objects();
    let description = format!("/Type /ObjStm /N 4 /First {} {DEFLATED}", head.len());
    let content = packed(&[(head.as_bytes(), 1), (body.as_bytes(), 1), (b" ", blanks)]);
    let objects = Objects(Vec::new()).with(4, stream("", TEXT.as_bytes()));
    let objects = objects.with(9, stream(&description, &content));
    objects.file_with_parts(&[(1, 0), (2, 1), (3, 2), (5, 3)])
}

/// A report whose page uses a form that uses another so often, and so on.
fn forms(levels: usize, times: usize) -> Vec<u8> {
    let with_form = "/Font << /F1 5 0 R >> /XObject << /X 100 0 R >>";
    let page = PAGE.replace("/Font << /F1 5 0 R >>", with_form);
    let mut objects = Objects::of_a_report().with(3, page).painting("", b"/X Do");
    for level in 0..levels {
        let (next, content) = match level + 1 == levels {
            true => (100 + level, TEXT.to_string()),
            false => (101 + level, "/X Do ".repeat(times)),
        };
        let description = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 5 0 R >> /XObject << /X {next} 0 R >> >>"
        );
        objects = objects.with(100 + level, stream(&description, content.as_bytes()));
    }
    objects.file("")
}

/// A report whose letters have a table of codes.
fn coded(table: &[u8]) -> Vec<u8> {
    let objects = Objects::of_a_report()
        .with(5, CODED_FONT)
        .with(6, DESCENDANT);
    let objects = objects.with(7, stream(DEFLATED, table));
    objects
        .painting("", b"BT /F1 12 Tf <00010002> Tj ET")
        .file("")
}

/// Branches that name the next one twice: a tree of a page to the power of the levels.
fn doubling_tree() -> Vec<u8> {
    let mut objects = Objects(Vec::new()).with(1, CATALOG);
    for number in 2..42 {
        let next = number + 1;
        let kids = format!("<< /Type /Pages /Kids [{next} 0 R {next} 0 R] /Count 2 >>");
        objects = objects.with(number, kids);
    }
    objects
        .with(42, "<< /Type /Page /MediaBox [0 0 9 9] >>")
        .file("")
}

/// Tables of places each of which names the one before.
fn chain_of_tables() -> Vec<u8> {
    let mut file = Objects::of_a_report().file("");
    let mut before = file.windows(4).position(|four| four == b"xref").unwrap();
    for _ in 0..20_000 {
        let now = file.len();
        let table = format!("xref\n0 0\ntrailer<</Size 6/Root 1 0 R/Prev {before}>>\n");
        file.extend(table.bytes());
        before = now;
    }
    file.extend(format!("startxref\n{before}\n%%EOF\n").bytes());
    file
}

fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    const HUGE: usize = 300 << 20;
    let report = Objects::of_a_report;
    let twice = packed(&[(&packed(&[(b" ", HUGE)]), 1)]);
    let runs = packed(&[(b"\x81 ", 5_000_000)]);
    let kids = |kids: &str| PAGES.replace("3 0 R", kids);
    let boxed = |corners: &str| {
        let page = PAGE.replace("[0 0 595 842]", corners);
        report().with(3, page).file("")
    };
    let parts = PAGE.replace("4 0 R", &format!("[{}]", "4 0 R ".repeat(1_000_000)));
    let widths = format!("/FirstChar 0 /Widths [{}] >>", "1 ".repeat(2_000_000));
    let without_places = |count: usize| {
        let mut file = report().written().0;
        for number in 6..count {
            file.extend(format!("{number} 0 obj 0 endobj\n").bytes());
        }
        file.extend(b"trailer<</Root 1 0 R>>\n%%EOF\n");
        file
    };
    let painting = |content: &str, times: usize| {
        let content = packed(&[(content.as_bytes(), times)]);
        report().painting(DEFLATED, &content).file("")
    };
    vec![
        ("packed", painting(" ", HUGE)),
        ("operators", painting("q Q\n", 100_000_000)),
        ("operators of a page", painting("0 0 9 9 re f ", 370_000)),
        (
            "letters",
            painting("BT /F1 9 Tf (aaaaaaaa) Tj ET\n", 12_000),
        ),
        (
            "packed twice",
            report()
                .painting("/Filter [/FlateDecode /FlateDecode]", &twice)
                .file(""),
        ),
        (
            "packed by name",
            report()
                .painting("/Filter [/Fl#61teDecode /Fl]", &twice)
                .file(""),
        ),
        (
            "runs",
            report()
                .painting("/Filter [/FlateDecode /RunLengthDecode]", &runs)
                .file(""),
        ),
        ("a part of objects", report_in_a_part(HUGE)),
        (
            "a long list",
            report().with(2, kids(&"3 0 R ".repeat(1_000_000))).file(""),
        ),
        (
            "long widths",
            report().with(5, FONT.replace(">>", &widths)).file(""),
        ),
        ("many parts", report().with(3, parts).file("")),
        ("a tree in itself", report().with(2, kids("2 0 R")).file("")),
        ("a tree that doubles", doubling_tree()),
        ("many objects", without_places(500_000)),
        (
            "ranges of codes",
            coded(&packed(&[(
                b"beginbfrange\n<0000> <ffff> <0041>\nendbfrange\n",
                100_000,
            )])),
        ),
        (
            "codes",
            coded(&packed(&[(
                b"beginbfchar\n<0001> <00410041>\nendbfchar\n",
                500_000,
            )])),
        ),
        ("forms in forms", forms(10, 10)),
        ("a form in itself", forms(1, 1)),
        ("a form in eight levels", forms(6, 8)),
        ("a huge page", boxed("[0 0 1e38 1e38]")),
        ("a page of no size", boxed("[0 0 (a) /b]")),
        ("places in a circle", report().file("/Prev 0 /XRefStm 9")),
        ("places of a chain", chain_of_tables()),
    ]
}

/// What the system says of a program that may have ended.
#[expect(clippy::disallowed_methods, reason = "it is no file of the program")]
fn text_of(status: &str) -> String {
    std::fs::read_to_string(status).unwrap_or_default()
}

/// The exit code, what was said, the megabytes that it had at most and how long it took.
fn imported(
    directory: &Path,
    file: &str,
    within: Duration,
) -> (Option<i32>, String, u64, Duration) {
    let begun = Instant::now();
    let mut child = Command::new(chosen())
        .args(["import", "--dry-run", file])
        .current_dir(directory)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > within {
            child.kill().unwrap();
        }
        let status = text_of(&status);
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        most = most.max(kilobytes.map_or(0, |number| number.parse::<u64>().unwrap() >> 10));
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).to_string();
    (output.status.code(), said, most, begun.elapsed())
}

#[cfg(target_os = "linux")]
#[test]
fn no_pdf_takes_more_than_a_report_may() {
    let directory = copied_qinghe();
    let within = seconds(WITHIN);
    let mut faults = Vec::new();
    for (name, bytes) in bombs() {
        write_bytes(&directory.path().join("bomb.pdf"), &bytes).unwrap();
        let (code, said, most, took) = imported(directory.path(), "bomb.pdf", within);
        println!(
            "{name}: {} kB, {code:?}, {took:.2?}, {most} MB",
            bytes.len() >> 10
        );
        let is_said = code == Some(2) && said.contains("错误") && !said.contains("panicked");
        if !is_said || most > MOST_MEGABYTES || took > within {
            faults.push(format!("{name}: {code:?}, {took:.2?}, {most} MB: {said}"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    // What is no bomb is taken in this form too.
    assert!(report_in_a_part(9).len() < 2_000);
}
