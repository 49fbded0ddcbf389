//! Signs that are drawn, so that they look the same on every machine: not all have a font of emoji.

use maud::{Markup, html};
use serde::{Deserialize, Serialize};

/// A thumb that points up.
const UP: &str = "M7 10v10H4V10zM7 19h10a2 2 0 0 0 2-1.6l1.4-6A2 2 0 0 0 18.4 9H13l.8-4.2A1.6 1.6 0 0 0 12.2 3L7 10";
/// Two sheets, one before the other.
const SHEETS: &str = "M9 5H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h8a2 2 0 0 0 2-2v-1M9 3h9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H9z";

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Icon {
    /// It helped.
    Up,
    /// It did not help.
    Down,
    /// Two sheets: a copy.
    Copy,
}

/// A sign beside a text, which says the same: a reader of the screen passes over it.
pub(super) fn icon(icon: Icon) -> Markup {
    let (path, turned) = match icon {
        Icon::Up => (UP, None),
        Icon::Down => (UP, Some("rotate(180 12 12)")),
        Icon::Copy => (SHEETS, None),
    };
    html! {
        svg.icon viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false" {
            path d=(path) transform=[turned] {}
        }
    }
}
