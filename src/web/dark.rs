//! Pictures on a dark page, of the tables and of the chat alike.

use maud::{Markup, html};

/// Where a dark page has a picture from; on paper it is the light one.
pub(super) fn dark_source(address: &str) -> Markup {
    html! { source media="screen and (prefers-color-scheme: dark)" srcset=(address); }
}
