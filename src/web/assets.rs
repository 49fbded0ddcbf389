//! Style, script and icon of the page, compiled in. Their addresses change with them, so a browser
//! may keep them.

use super::keys;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use once_cell::sync::Lazy;

const STYLE: &str = include_str!("assets/page.css");
const SCRIPT: &str = include_str!("assets/page.js");
const ICON: &str = include_str!("assets/icon.svg");

static STYLE_ADDRESS: Lazy<String> =
    Lazy::new(|| format!("/assets/page.css?{}", keys::word_of(STYLE.as_bytes())));
static SCRIPT_ADDRESS: Lazy<String> =
    Lazy::new(|| format!("/assets/page.js?{}", keys::word_of(SCRIPT.as_bytes())));

/// Where the style is.
pub(super) fn style_address() -> &'static str {
    &STYLE_ADDRESS
}

/// Where the script is.
pub(super) fn script_address() -> &'static str {
    &SCRIPT_ADDRESS
}

/// One of them by its name.
pub(super) fn asset(name: &str) -> Option<Response> {
    let (kind, text) = match name {
        "page.css" => ("text/css; charset=utf-8", STYLE),
        "page.js" => ("text/javascript; charset=utf-8", SCRIPT),
        "icon.svg" => ("image/svg+xml", ICON),
        _ => return None,
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Some((headers, text).into_response())
}
