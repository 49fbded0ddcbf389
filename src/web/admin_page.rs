//! Administration: entering with the token, a reload with what it found, what could not be
//! answered, who did what.

use super::admin::Entered;
use super::audits::AuditSearch;
use super::fault::PageFault;
use super::form::{Posted, Queried};
use super::shell::{self, Tab};
use super::site::Site;
use super::visitor::{self, Visitor};
use super::works::WorkOutcome;
use super::{asked_picture, audits, import_form, room_links, synonym_page};
use crate::app::{SYNONYM_LETTERS, SynonymChange, UnansweredGroup};
use crate::chat::{adopted_sentence, reloaded_sentence};
use crate::connections::Peer;
use crate::ports::PersonId;
use crate::store::{AuditAct, StoreError};
use crate::words::zh::acts;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// So many groups of questions are shown.
const MOST_GROUPS: usize = 50;

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

impl Synonym {
    /// Without blanks around; a saying of one letter or of a whole sentence is none.
    fn trimmed(self) -> Result<Self, PageFault> {
        let said = self.said.trim().to_string();
        if !SYNONYM_LETTERS.contains(&said.chars().count()) {
            return Err(PageFault::new(
                StatusCode::BAD_REQUEST,
                "叫法要有 2 到 16 个字；请返回改正。",
            ));
        }
        let printed = self.printed.trim().to_string();
        Ok(Self { printed, said })
    }
}

/// The page: the door, or what is behind it.
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Queried(search): Queried<AuditSearch>,
) -> Result<Response, PageFault> {
    found(&site, &visitor, None, &search)
}

pub(super) fn shown(
    site: &Site,
    visitor: &Visitor,
    result: Option<&str>,
) -> Result<Response, PageFault> {
    found(site, visitor, result, &AuditSearch::default())
}

fn found(
    site: &Site,
    visitor: &Visitor,
    result: Option<&str>,
    search: &AuditSearch,
) -> Result<Response, PageFault> {
    let content = if visitor.is_admin() {
        inside(site, visitor, result, search).map_err(at_state)?
    } else {
        door(visitor)
    };
    Ok(shell::page(site, Tab::Admin, "管理", visitor, content))
}

fn at_state(error: StoreError) -> PageFault {
    tracing::error!(%error, "the state could not be read for the page");
    PageFault::ours()
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

fn inside(
    site: &Site,
    visitor: &Visitor,
    result: Option<&str>,
    search: &AuditSearch,
) -> Result<Markup, StoreError> {
    let groups = site.app.unanswered()?;
    let asked = asked_picture::section(site)?;
    let acts = audits::section(site, search)?;
    Ok(html! {
        @if let Some(result) = result { div.result role="status" { (result) } }
        section {
            h2 { "数据" }
            p { "当前数据版本 " code { (site.app.edition().id) } "。改好 data/ 里的文件后重新载入；有错误就不换，照旧用原来的。" }
            (post_long("/admin/reload", visitor, "重新载入数据"))
            @let findings = &site.app.edition().findings;
            @if !findings.is_empty() { details { summary { "数据里的提示 " (findings.len()) " 条" } ul { @for finding in findings { li { (finding) } } } } }
        }
        section { h2 { "导入报告" } (import_form::form(visitor)) (import_form::waiting_list(&site.app.waiting())) }
        section #synonyms { h2 { "叫法" } (synonym_page::section(site, visitor)) }
        section { h2 { "答不了的问题" } (unanswered(&groups, visitor)) }
        section { h2 { "这个月问了什么" } (asked) }
        section { h2 { "部门会话" } (room_links::section(site, visitor)) }
        section #acts { h2 { "操作记录" } (acts) }
        section {
            h2 { "备份" }
            p { "程序每小时自己备份一次，放在状态目录的 backups/ 里。下面的按钮现在就存一份到您的电脑；里面有登录的密钥，请收好。恢复：planbot state restore 文件名。" }
            (post("/admin/backup", visitor, "下载备份"))
        }
        section { h2 { "离开" } (post("/admin/leave", visitor, "退出管理")) }
    })
}

fn post(action: &str, visitor: &Visitor, label: &str) -> Markup {
    html! { form method="post" action=(action) { input type="hidden" name="csrf" value=(visitor.csrf); button type="submit" { (label) } } }
}

/// The same for what takes long.
fn post_long(action: &str, visitor: &Visitor, label: &str) -> Markup {
    html! { form method="post" action=(action) data-long=(label) { input type="hidden" name="csrf" value=(visitor.csrf); button type="submit" { (label) } } }
}

fn unanswered(groups: &[UnansweredGroup], visitor: &Visitor) -> Markup {
    html! {
        @if groups.is_empty() { p.empty { "最近没有答不了的问题，也没有被点“没用”的回答。" } }
        @else { div.wide tabindex="0" role="region" aria-label="答不了的问题" { table {
            thead { tr { th scope="col" { "没有的内容" } th scope="col" { "次数" } th scope="col" { "问法" } th scope="col" { "采纳叫法" } } }
            tbody { @for group in groups.iter().take(MOST_GROUPS) { tr {
                th scope="row" { (group.missing) @if group.voted_down { "（被点“没用”）" } }
                td data-label="次数" { (group.times) }
                td data-label="问法" { @for question in group.questions.iter().take(3) { div { (question) } } }
                td data-label="采纳叫法" { div { @for name in &group.proposed {
                    form method="post" action="/admin/synonym" data-long="试这个叫法" {
                        input type="hidden" name="csrf" value=(visitor.csrf);
                        input type="hidden" name="printed" value=(name);
                        input type="hidden" name="said" value=(group.missing);
                        button type="submit" { "“" (group.missing) "”就是" (name) }
                    }
                } } }
            } } }
        } } }
    }
}

/// The whole state, to be kept elsewhere.
pub(super) async fn backup(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, PageFault> {
    visitor.must_administer()?;
    let name = format!(
        "planbot-备份-{}.jsonl",
        site.app.really().format("%Y%m%d-%H%M")
    );
    let (of_task, person) = (Arc::clone(&site), visitor.person());
    let made = tokio::task::spawn_blocking(move || of_task.app.backup(person)).await;
    match made {
        Ok(Ok(bytes)) => Ok(shell::download(
            "application/octet-stream",
            Some(&name),
            bytes,
        )),
        Ok(Err(error)) => Err(at_state(error)),
        Err(error) => {
            tracing::error!(%error, "a backup ended early");
            Err(PageFault::ours())
        }
    }
}

/// Somebody gives the token.
pub(super) async fn enter(
    State(site): State<Arc<Site>>,
    Extension(Peer(from)): Extension<Peer>,
    Posted(given): Posted<Token>,
) -> Result<Response, PageFault> {
    let result = site.admins.enter(&site.keys, &given.token, from);
    if let Entered::Wrong(answered_after) = result {
        tokio::time::sleep(answered_after).await;
    }
    let became = match result {
        Entered::In(_) => acts::ENTERED,
        Entered::Wrong(_) => acts::WRONG_TOKEN,
    };
    let audit = site
        .app
        .act(PersonId::PAGE, AuditAct::Enter, became.to_string());
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
            Err(PageFault::new(
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
    headers: HeaderMap,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, PageFault> {
    visitor.must_administer()?;
    let (app, person) = (Arc::clone(&site.app), visitor.person());
    let work = site
        .works
        .begin(&site.keys, "重新载入数据".to_string(), |_| async move {
            WorkOutcome::Told(reloaded_sentence(&app.reload(person).await))
        });
    Ok(work.reply(&headers).await)
}

/// What a synonym would change.
pub(super) async fn try_synonym(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    Posted(synonym): Posted<Synonym>,
) -> Result<Response, PageFault> {
    visitor.must_administer()?;
    let Synonym { printed, said } = synonym.trimmed()?;
    let app = Arc::clone(&site.app);
    let what = format!("试“{said}”这个叫法");
    let work = site.works.begin(&site.keys, what, |steps| async move {
        let told = move |done, all| steps.tell(done, all);
        let preview = app.preview_synonym(&printed, &said, told).await;
        WorkOutcome::Synonym(Box::new(preview))
    });
    Ok(work.reply(&headers).await)
}

/// A synonym is adopted, where nothing is answered worse with it.
pub(super) async fn adopt(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    Posted(synonym): Posted<Synonym>,
) -> Result<Response, PageFault> {
    change(&site, &visitor, &headers, synonym, SynonymChange::Adopt).await
}

/// A synonym is taken back.
pub(super) async fn withdraw(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    Posted(synonym): Posted<Synonym>,
) -> Result<Response, PageFault> {
    change(&site, &visitor, &headers, synonym, SynonymChange::Withdraw).await
}

/// Begins a change of a synonym, which asks all questions again and takes a while.
async fn change(
    site: &Arc<Site>,
    visitor: &Visitor,
    headers: &HeaderMap,
    synonym: Synonym,
    change: SynonymChange,
) -> Result<Response, PageFault> {
    visitor.must_administer()?;
    let Synonym { printed, said } = synonym.trimmed()?;
    let (app, person) = (Arc::clone(&site.app), visitor.person());
    let what = match change {
        SynonymChange::Adopt => format!("采纳“{said}”"),
        SynonymChange::Withdraw => format!("撤回“{said}”"),
    };
    let work = site.works.begin(&site.keys, what, |_| async move {
        let result = app.change_synonym(person, change, &printed, &said).await;
        WorkOutcome::Told(adopted_sentence(&result, change, &printed, &said))
    });
    Ok(work.reply(headers).await)
}
