//! PDF files: the bytes are the whole file, or what is drawn on the only page of one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use planbot_fuzz::{import_file, let_readers_catch};

/// A file of one page with this description.
fn page(drawn: &[u8]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let stream = [
        format!("<< /Length {} >>\nstream\n", drawn.len()).into_bytes(),
        drawn.to_vec(),
        b"\nendstream".to_vec(),
    ];
    let objects: [Vec<u8>; 5] = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_vec(),
        stream.concat(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n", at + 1).into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(b"xref\n0 6\n0000000000 65535 f \n");
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    file.extend(
        format!("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").into_bytes(),
    );
    file
}

fuzz_target!(init: let_readers_catch(), |bytes: &[u8]| {
    if bytes.starts_with(b"%PDF") {
        return import_file(bytes, "a.pdf");
    }
    import_file(&page(bytes), "a.pdf");
});
