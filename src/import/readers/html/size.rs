//! Whether a page can be parsed at all. The parser looks through all open elements at each tag: a
//! page of twenty thousand levels takes it ten seconds, so levels are counted before.

use super::super::Unreadable;

/// Open elements, those of which the end may be left out not counted. Pages of offices have some
/// thirty; a page that never closes its fonts has hundreds.
const MOST_OPEN: usize = 2_000;
/// Pages of offices have some thousand tags; the parser needs some 300 bytes for each.
const MOST_TAGS: usize = 400_000;
/// Elements that have no end, or whose end may be left out: the next of the kind closes them.
const CLOSED_BY_THEMSELVES: &[&str] = &[
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html",
    "img", "input", "li", "link", "meta", "option", "p", "param", "rp", "rt", "source", "tbody",
    "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];

/// Refuses a page that is nested or filled beyond any page of an office.
///
/// # Errors
/// One sentence that says which.
pub(crate) fn check(html: &str) -> Result<(), Unreadable> {
    let (mut tags, mut open, mut deepest) = (0usize, 0usize, 0usize);
    for piece in html.split('<').skip(1) {
        let is_end = piece.starts_with('/');
        let name = piece.trim_start_matches('/');
        let end = name.find(|letter: char| !letter.is_ascii_alphanumeric());
        let name = &name[..end.unwrap_or(name.len())];
        if name.is_empty() {
            continue;
        }
        tags += 1;
        let mut themselves = CLOSED_BY_THEMSELVES.iter();
        if themselves.any(|known| known.eq_ignore_ascii_case(name)) {
            continue;
        }
        open = if is_end {
            open.saturating_sub(1)
        } else {
            open + 1
        };
        deepest = deepest.max(open);
    }
    if deepest > MOST_OPEN {
        return Err(super::too_deep());
    }
    if tags > MOST_TAGS {
        return Err(Unreadable(format!(
            "网页里的标签超过 {MOST_TAGS} 个，不像是一份报告；请只保存报告所在的网页"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_beyond_any_report_are_refused() {
        let usual = "<div><p>a<p>b<br><img><table><tr><td>c<td>d</table></div>".repeat(3_000);
        assert_eq!(check(&usual), Ok(()));
        assert_eq!(check(&"<li>x<p>3 < 4".repeat(MOST_OPEN + 1)), Ok(()));
        let deep = "<div>".repeat(MOST_OPEN + 1);
        assert_eq!(check(&deep), Err(crate::import::readers::html::too_deep()));
        assert!(check(&"<p></p>".repeat(MOST_TAGS)).is_err());
    }
}
