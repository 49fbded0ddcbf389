//! What all pages have around them: head, navigation, the way past it for a keyboard. Also
//! addresses and downloads.

use super::assets;
use super::site::Site;
use super::visitor::Visitor;
use super::watching;
use crate::chat::banner;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

/// The pages of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Chat,
    Indicators,
    Years,
    Glossary,
    Text,
    Deadlines,
    Admin,
    /// What was said in a room: a part of the chat, without its form.
    History,
}

const TABS: [(Tab, &str, &str); 7] = [
    (Tab::Chat, "/", "聊天"),
    (Tab::Indicators, "/indicators", "指标"),
    (Tab::Years, "/years", "历年"),
    (Tab::Glossary, "/glossary", "名词"),
    (Tab::Text, "/text", "全文"),
    (Tab::Deadlines, "/deadlines", "期限"),
    (Tab::Admin, "/admin", "管理"),
];

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
        @if visitor.is_admin() { @for trouble in site.app.signs().troubles() { p.fault role="alert" { (watching::sentence(&trouble)) } } }
        (content)
    };
    Html(document(title, Some(tab), content).into_string()).into_response()
}

/// A page that belongs to no tab.
pub(super) fn bare(title: &str, content: Markup) -> Markup {
    document(title, None, content)
}

fn document(title: &str, tab: Option<Tab>, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) "｜planbot 计划问答" }
                link rel="stylesheet" href=(assets::style_address());
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                script src=(assets::script_address()) defer {}
            }
            body class=[(tab == Some(Tab::Chat)).then_some("chatting")] {
                a.skip href="#content" { "跳到正文" }
                header {
                    a.brand href="/" { "planbot" }
                    nav aria-label="主导航" {
                        @for (known, address, name) in TABS { a href=(address) aria-current=[(tab == Some(known)).then_some("page")] { (name) } }
                    }
                }
                main #content tabindex="-1" { @if tab != Some(Tab::Chat) { h1 { (title) } } @else { h1.unseen { (title) } } (content) }
            }
        }
    }
}

/// A text as a part of an address.
pub(super) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
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
