//! Administration: entering with the token, a reload with what it found, what could not be
//! answered, who did what.

use super::admin::Entered;
use super::fault::Fault;
use super::form::Posted;
use super::shell::{self, Tab};
use super::site::Site;
use super::visitor::{self, Visitor};
use crate::app::UnansweredGroup;
use crate::chat::{adopted_sentence, reloaded_sentence};
use crate::connections::Peer;
use crate::ports::PersonId;
use crate::store::{Audit, StoreError};
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// So many acts are shown, newest first.
const MOST_ACTS: usize = 100;
/// So many groups of questions are shown.
const MOST_GROUPS: usize = 50;

/// The token.
#[derive(Deserialize)]
pub(super) struct Token {
    #[serde(default)]
    token: String,
}

/// Nothing but the form itself.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// A printed name and what people say instead.
#[derive(Debug, Deserialize)]
pub(super) struct Synonym {
    #[serde(default)]
    printed: String,
    #[serde(default)]
    said: String,
}

/// The page: the door, or what is behind it.
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, Fault> {
    shown(&site, &visitor, None)
}

pub(super) fn shown(
    site: &Site,
    visitor: &Visitor,
    result: Option<&str>,
) -> Result<Response, Fault> {
    let content = if visitor.is_admin() {
        inside(site, visitor, result).map_err(at_state)?
    } else {
        door(visitor)
    };
    Ok(shell::page(site, Tab::Admin, "管理", visitor, content))
}

fn at_state(error: StoreError) -> Fault {
    tracing::error!(%error, "the state could not be read for the page");
    Fault::ours()
}

fn door(visitor: &Visitor) -> Markup {
    html! {
        p { "管理员口令在第一次启动时显示在终端里，也可以用环境变量 PLANBOT_ADMIN_TOKEN 设定。" }
        form.stack method="post" action="/admin/enter" {
            input type="hidden" name="csrf" value=(visitor.csrf);
            label { "管理员口令 " input type="password" name="token" autocomplete="current-password" required; }
            button type="submit" { "进入" }
        }
    }
}

fn inside(site: &Site, visitor: &Visitor, result: Option<&str>) -> Result<Markup, StoreError> {
    let groups = site.app.unanswered()?;
    let mut acts = site
        .app
        .store()
        .map(crate::store::Store::audits)
        .transpose()?
        .unwrap_or_default();
    acts.reverse();
    Ok(html! {
        @if let Some(result) = result { div.result role="status" { (result) } }
        section {
            h2 { "数据" }
            p { "当前数据版本 " code { (site.app.edition().id) } "。改好 data/ 里的文件后重新载入；有错误就不换，照旧用原来的。" }
            (post("/admin/reload", visitor, "重新载入数据"))
            @let findings = &site.app.edition().findings;
            @if !findings.is_empty() { details { summary { "数据里的提示 " (findings.len()) " 条" } ul { @for finding in findings { li { (finding) } } } } }
        }
        section { h2 { "导入报告" } (super::import_page::form(visitor)) (super::import_page::waiting_list(&site.app.waiting())) }
        section { h2 { "答不了的问题" } (unanswered(&groups, visitor)) }
        section { h2 { "操作记录" } (audits(&acts)) }
        section { h2 { "离开" } (post("/admin/leave", visitor, "退出管理")) }
    })
}

fn post(action: &str, visitor: &Visitor, label: &str) -> Markup {
    html! { form method="post" action=(action) { input type="hidden" name="csrf" value=(visitor.csrf); button type="submit" { (label) } } }
}

fn unanswered(groups: &[UnansweredGroup], visitor: &Visitor) -> Markup {
    html! {
        @if groups.is_empty() { p.empty { "最近没有答不了的问题，也没有被点 👎 的回答。" } }
        @else { div.wide tabindex="0" role="region" aria-label="答不了的问题" { table {
            thead { tr { th scope="col" { "没有的内容" } th scope="col" { "次数" } th scope="col" { "问法" } th scope="col" { "采纳叫法" } } }
            tbody { @for group in groups.iter().take(MOST_GROUPS) { tr {
                th scope="row" { (group.missing) @if group.voted_down { " 👎" } }
                td data-label="次数" { (group.times) }
                td data-label="问法" { @for question in group.questions.iter().take(3) { div { (question) } } }
                td data-label="采纳叫法" { @for name in &group.proposed {
                    form method="post" action="/admin/adopt" {
                        input type="hidden" name="csrf" value=(visitor.csrf);
                        input type="hidden" name="printed" value=(name);
                        input type="hidden" name="said" value=(group.missing);
                        button type="submit" { "“" (group.missing) "”就是" (name) }
                    }
                } }
            } } }
        } } }
    }
}

fn audits(acts: &[Audit]) -> Markup {
    html! {
        @if acts.is_empty() { p.empty { "还没有操作。" } }
        @else { div.wide tabindex="0" role="region" aria-label="操作记录" { table {
            thead { tr { th scope="col" { "时间" } th scope="col" { "谁" } th scope="col" { "操作" } th scope="col" { "结果" } } }
            tbody { @for act in acts.iter().take(MOST_ACTS) { tr {
                th scope="row" { (act.at.get(..16).unwrap_or(&act.at).replace('T', " ")) }
                td data-label="谁" { (act.name) @if act.name.is_empty() { (who(act.person)) } @if let Some(chat) = act.chat { "（会话 " (chat) "）" } }
                td data-label="操作" { (word(&act.act)) }
                td data-label="结果" { (act.result) }
            } } }
        } } }
    }
}

fn who(person: i64) -> String {
    match PersonId(person) {
        PersonId::LOCAL => "本机终端".to_string(),
        PersonId::PAGE => "网页管理员".to_string(),
        PersonId(id) if visitor::is_of_page(crate::ports::ChatId(id)) => {
            format!("网页访客{:04X}", id & 0xFFFF)
        }
        PersonId(id) => id.to_string(),
    }
}

fn word(act: &str) -> &str {
    match act {
        "reload" => "重新载入",
        "ask to subscribe" => "请求登记",
        "grant" => "同意登记",
        "deny" => "不同意登记",
        "report" => "报送",
        "take back" => "撤回",
        "subscribe" => "订阅提醒",
        "unsubscribe" => "停止提醒",
        "adopt" => "采纳叫法",
        "withdraw" => "撤回叫法",
        "enter" => "登录管理",
        "import" => "导入报告",
        other => other,
    }
}

/// Somebody gives the token.
pub(super) async fn enter(
    State(site): State<Arc<Site>>,
    Extension(Peer(from)): Extension<Peer>,
    Posted(given): Posted<Token>,
) -> Result<Response, Fault> {
    let result = site.admins.enter(&site.keys, &given.token, from);
    if let Entered::Wrong(answered_after) = result {
        tokio::time::sleep(answered_after).await;
    }
    let audit = Audit {
        at: site.app.really().to_rfc3339(),
        person: PersonId::PAGE.0,
        name: String::new(),
        chat: None,
        act: "enter".to_string(),
        result: match result {
            Entered::In(_) => "进入",
            Entered::Wrong(_) => "口令不对",
        }
        .to_string(),
    };
    // Whoever fails is a stranger: what administrators did is not displaced by it.
    let written = site.app.store().map(|store| match result {
        Entered::In(_) => store.audit(&audit),
        Entered::Wrong(_) => store.audit_other(&audit),
    });
    if let Some(Err(error)) = written {
        tracing::error!(%error, "an administrative act could not be written down");
    }
    match result {
        Entered::In(secret) => {
            let mut response = Redirect::to("/admin").into_response();
            if let Ok(cookie) = HeaderValue::from_str(&visitor::admin_cookie(&secret)) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Entered::Wrong(_) => {
            tracing::warn!(%from, "a wrong token for administrators");
            Err(Fault::new(
                StatusCode::FORBIDDEN,
                "口令不对；请看第一次启动时终端里显示的口令，或环境变量 PLANBOT_ADMIN_TOKEN。",
            ))
        }
    }
}

/// The session ends.
pub(super) async fn leave(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Response {
    if let Some(secret) = visitor.session() {
        site.admins.leave(secret);
    }
    let mut response = Redirect::to("/admin").into_response();
    if let Ok(cookie) = HeaderValue::from_str(&visitor::no_admin_cookie()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// New data, with what changed or what is wrong.
pub(super) async fn reload(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Fault> {
    if !visitor.is_admin() {
        return Err(Fault::admins_only());
    }
    let result = site.app.reload(visitor.person()).await;
    shown(&site, &visitor, Some(&reloaded_sentence(&result)))
}

/// A synonym is adopted, where nothing is answered worse with it.
pub(super) async fn adopt(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Posted(synonym): Posted<Synonym>,
) -> Result<Response, Fault> {
    if !visitor.is_admin() {
        return Err(Fault::admins_only());
    }
    let result = site
        .app
        .adopt(visitor.person(), &synonym.printed, &synonym.said)
        .await;
    shown(
        &site,
        &visitor,
        Some(&adopted_sentence(
            &result,
            &synonym.printed,
            &synonym.said,
            true,
        )),
    )
}
