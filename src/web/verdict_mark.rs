//! A verdict as it is shown beside figures.

use crate::reply::Verdict;
use maud::{Markup, html};

/// A verdict by word and sign, so that colour is not needed.
pub(super) fn mark(year: i32, verdict: Verdict) -> Markup {
    let (class, sign) = match verdict {
        Verdict::Met => ("met", "✓"),
        Verdict::NotMet => ("missed", "✗"),
        Verdict::Undecidable(_) => ("open", "？"),
    };
    let reason = if let Verdict::Undecidable(reason) = verdict {
        Some(reason)
    } else {
        None
    };
    html! { span class={ "verdict " (class) } title=[reason] { (sign) " " (year) "年" (verdict.word()) } " " }
}
