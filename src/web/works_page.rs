//! The page of a work: how far it is, and what came of it. Without a script it is loaded again by
//! itself until the work is done.

use super::fault::PageFault;
use super::form::Queried;
use super::shell::{self, Tab};
use super::site::Site;
use super::visitor::Visitor;
use super::works::{Work, WorkOutcome, wants_json};
use super::{admin_page, correction_page, import_page, synonym_page};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;
use std::sync::Arc;

/// So soon the page is loaded again, in seconds.
const AGAIN: HeaderValue = HeaderValue::from_static("2");

/// Whether the page is to stay as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Look {
    still: String,
}

pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Path(word): Path<String>,
    Queried(look): Queried<Look>,
    headers: HeaderMap,
) -> Result<Response, PageFault> {
    visitor.must_administer()?;
    let work = site.works.find(&word).ok_or_else(|| {
        let sentence = "这一项已经过去了；请到“管理”里看结果，或再做一次。";
        PageFault::new(StatusCode::NOT_FOUND, sentence)
    })?;
    if wants_json(&headers) {
        return Ok(axum::Json(work.json()).into_response());
    }
    match work.outcome().as_deref() {
        None => Ok(going_on(&site, &visitor, &work, !look.still.is_empty())),
        Some(WorkOutcome::Told(sentence)) => admin_page::shown(&site, &visitor, Some(sentence)),
        Some(WorkOutcome::OfReport(report, sentence)) => {
            import_page::told(&site, &visitor, report, sentence)
        }
        Some(WorkOutcome::At(address)) => Ok(Redirect::to(address).into_response()),
        Some(WorkOutcome::Correction(preview)) => {
            Ok(correction_page::shown(&site, &visitor, preview))
        }
        Some(WorkOutcome::Synonym(preview)) => Ok(synonym_page::shown(&site, &visitor, preview)),
        Some(WorkOutcome::Failed(fault)) => Err(fault.clone()),
    }
}

fn going_on(site: &Site, visitor: &Visitor, work: &Work, is_still: bool) -> Response {
    let told = work.steps.told();
    let content = html! {
        section.work data-work=(work.address()) {
            p role="status" {
                "正在" (work.what) "，已经 " (work.seconds()) " 秒"
                @if let Some((done, all)) = told { "，" (done) "／" (all) }
                "。"
            }
            @match told {
                Some((done, all)) => progress aria-label="进展" value=(done) max=(all) {},
                None => progress aria-label="进展" {},
            }
            p { "可以离开这一页，做完了结果仍在这里。"
                @if is_still { a href=(work.address()) { "自动刷新" } }
                @else { a href=(format!("{}?still=yes", work.address())) { "不要自动刷新" } }
            }
        }
    };
    let mut response = shell::page(site, Tab::Admin, "请稍候", visitor, content);
    if !is_still {
        let name = HeaderName::from_static("refresh");
        response.headers_mut().insert(name, AGAIN);
    }
    response
}
