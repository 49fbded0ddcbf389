//! What all pages have around them: head, navigation, the way past it for a keyboard.

use super::assets;
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

/// A page that belongs to no tab.
pub(super) fn bare(title: &str, content: Markup) -> Markup {
    document(title, None, content)
}

/// A page under a tab of the navigation, or under none.
pub(super) fn document(title: &str, tab: Option<Tab>, content: Markup) -> Markup {
    let script = if tab == Some(Tab::Chat) {
        assets::chat_script_address()
    } else {
        assets::forms_script_address()
    };
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
                script src=(script) defer {}
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
