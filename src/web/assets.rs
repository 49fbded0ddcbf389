//! Style, scripts and icon of the page, compiled in. Their addresses change with them, so a browser
//! may keep them.

use super::keys;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use once_cell::sync::Lazy;

const STYLE: &str = include_str!("assets/page.css");
/// The script of the chat.
const CHAT: &str = include_str!("assets/page.js");
/// The script of all other pages.
const FORMS: &str = include_str!("assets/forms.js");
const ICON: &str = include_str!("assets/icon.svg");

static STYLE_ADDRESS: Lazy<String> =
    Lazy::new(|| format!("/assets/page.css?{}", keys::word_of(STYLE.as_bytes())));
static CHAT_ADDRESS: Lazy<String> =
    Lazy::new(|| format!("/assets/page.js?{}", keys::word_of(CHAT.as_bytes())));
static FORMS_ADDRESS: Lazy<String> =
    Lazy::new(|| format!("/assets/forms.js?{}", keys::word_of(FORMS.as_bytes())));

/// Where the style is.
pub(super) fn style_address() -> &'static str {
    &STYLE_ADDRESS
}

/// Where the script of the chat is.
pub(super) fn chat_script_address() -> &'static str {
    &CHAT_ADDRESS
}

/// Where the script of all other pages is.
pub(super) fn forms_script_address() -> &'static str {
    &FORMS_ADDRESS
}

/// One of them by its name.
pub(super) fn asset(name: &str) -> Option<Response> {
    let (kind, text) = match name {
        "page.css" => ("text/css; charset=utf-8", STYLE),
        "page.js" => ("text/javascript; charset=utf-8", CHAT),
        "forms.js" => ("text/javascript; charset=utf-8", FORMS),
        "icon.svg" => ("image/svg+xml", ICON),
        _ => return None,
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Some((headers, text).into_response())
}
