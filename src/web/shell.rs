//! A page of the site, with what is to be said on every one. Also addresses and downloads.

use super::encoding::encoded;
pub(super) use super::frame::Tab;
use super::frame::document;
use super::site::Site;
use super::troubles;
use super::visitor::Visitor;
use crate::chat::banner;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};

/// A page with its navigation.
pub(super) fn page(
    site: &Site,
    tab: Tab,
    title: &str,
    visitor: &Visitor,
    content: Markup,
) -> Response {
    let content = html! {
        @if let Some(banner) = banner(&site.app) {
            p.demo role="note" { (banner) "这是演示，和正式运行分开，提醒和报送记录都不算数。" }
        }
        @if visitor.is_admin() { @for trouble in site.app.signs().troubles() { p.fault role="alert" { (troubles::sentence(&trouble)) } } }
        (content)
    };
    Html(document(title, Some(tab), content).into_string()).into_response()
}

/// Bytes of a kind; with a name they are kept as a file.
pub(super) fn download(kind: &'static str, name: Option<&str>, bytes: Vec<u8>) -> Response {
    let mut response = ([(header::CONTENT_TYPE, kind)], bytes).into_response();
    let kept = name.map(|name| format!("attachment; filename*=UTF-8''{}", encoded(name)));
    if let Some(value) = kept.and_then(|kept| HeaderValue::from_str(&kept).ok()) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// The name under which a browser keeps what it shows, should somebody keep it.
pub(super) fn inline_name(name: &str) -> String {
    format!("inline; filename*=UTF-8''{}", encoded(name))
}
