//! Questions that would be answered otherwise, as a table: what is said now, what would be said.

use crate::app::Compared;
use maud::{Markup, html};

/// So many are shown.
const MOST_SHOWN: usize = 40;

/// The questions; `about` says which were asked.
pub(super) fn table(about: &str, compared: &Compared) -> Markup {
    let (asked, changed) = (compared.asked, &compared.otherwise);
    html! {
        p role="status" { (about) "问了 " (asked) " 个问题，"
            @if changed.is_empty() { "回答都不变。" } @else { strong { (changed.len()) " 个回答会变" } "："
                @if changed.len() > MOST_SHOWN { "只列前 " (MOST_SHOWN) " 个。" } }
        }
        @if !changed.is_empty() { div.wide tabindex="0" role="region" aria-label=(format!("{about}会变的回答")) { table {
            thead { tr { th scope="col" { "问题" } th scope="col" { "现在" } th scope="col" { "改了以后" } } }
            tbody { @for one in changed.iter().take(MOST_SHOWN) { tr {
                th scope="row" { (one.question) }
                td data-label="现在" { (one.before) }
                td data-label="改了以后" { ins { (one.after) } }
            } } }
        } } }
    }
}
