//! Strings that anybody might type: pieces that mean something beside controls, marks, query syntax
//! and long runs.

const PIECES: &[&str] = &[
    "2022年",
    "GDP",
    "目标",
    "是多少",
    "为什么",
    "和",
    "、",
    "（",
    "“",
    "”",
    "\u{0}",
    "😀",
    "<b>",
    "&amp;",
    "\\",
    "\u{202e}",
    "title:x^2",
    "AND",
    "*",
    "~",
    "一是",
    "二是",
    "%",
    "9999999999999999999999",
    "１２",
    "。。",
    "的",
    "多少多少",
    "率",
    "什么是",
    "有哪些",
    " ",
    "\t",
    "@x",
    "/ask",
    "龘",
    "\u{feff}",
    "é",
    "\\ud800",
    "zengsu",
    "mubiao",
    "[*:*]",
];

/// Some strings in a fixed order; the same number gives the same strings.
pub fn odd_strings(count: usize) -> impl Iterator<Item = String> {
    let mut state: u64 = 1;
    let mut next = move |bound: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    (0..count).map(move |number| {
        let pieces = if number % 1000 == 0 {
            10_000
        } else {
            1 + next(24)
        };
        (0..pieces).map(|_| PIECES[next(PIECES.len())]).collect()
    })
}
