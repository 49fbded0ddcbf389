//! Places that are wider than a report's own: 全国 beside a province. A figure is of one where it
//! stands as the place, and of none where something is only held against it or ranked in it (高于全国,
//! 全国第三).

use std::ops::Range;

/// Places that are wider than any report's own: 全国, 全市 beside a district.
pub fn is_wider_scope(text: &str) -> bool {
    const SCOPES: &[&str] = &[
        "全国",
        "全市",
        "全省",
        "全世界",
        "全球",
        "外地",
        "外省",
        "外市",
    ];
    SCOPES.contains(&text)
}

/// 全国第几, 占全国, 比全国: the wider place is what something is held against.
pub(super) fn is_field(letters: &[char], span: &Range<usize>) -> bool {
    let word: String = letters[span.clone()].iter().collect();
    is_wider_scope(&word) && is_held_against(&letters[..span.start], &letters[span.end..])
}

/// Whether something is held against the wider place between these letters, or ranked in it.
fn is_held_against(before: &[char], after: &[char]) -> bool {
    let mut before = before.iter().rev().skip_while(|c| "了过".contains(**c));
    before
        .next()
        .is_some_and(|c| "占居排列较比与同在于超赢跑".contains(*c))
        || after
            .first()
            .is_some_and(|c| "第排前之首坐平领最".contains(*c))
}

/// Whether a text speaks of a wider place itself, and does not only hold something against it.
pub fn is_of_scope(text: &str, scope: &str) -> bool {
    text.match_indices(scope).any(|(start, _)| {
        let before: Vec<char> = text[..start].chars().collect();
        let after: Vec<char> = text[start + scope.len()..].chars().take(1).collect();
        !is_held_against(&before, &after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_against_a_wider_place_is_not_of_it() {
        for (text, is_of) in [
            ("全国稻谷增产2%", true),
            ("稻谷增幅高于全国", false),
            ("稻谷产量居全国第三", false),
            ("占了全国三成", false),
            ("跑赢全国", false),
            ("与全国走势一致", false),
            ("全省稻谷增产2%", false),
        ] {
            assert_eq!(is_of_scope(text, "全国"), is_of, "{text}");
        }
    }
}
