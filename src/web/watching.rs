//! For whoever watches the bot: what it counts, whether it lives, whether it can do its work.
//! Without cookies, for programs.

use super::fault::PageFault;
use super::site::Site;
use super::troubles::sentence;
use crate::metrics::TEXT_FORMAT;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// What the bot counts, where it counts.
pub(super) async fn metrics(State(site): State<Arc<Site>>) -> Result<Response, PageFault> {
    // The state is read from disk for it, as often as somebody watches.
    let app = Arc::clone(&site.app);
    let counting = site.app.beside().run(move || app.counted());
    let counted = counting.await.map_err(|error| failed(&error))?;
    let text = counted
        .map_err(|error| failed(&error))?
        .ok_or_else(PageFault::absent)?;
    Ok(([(header::CONTENT_TYPE, TEXT_FORMAT)], text).into_response())
}

/// The process lives.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// Whether the bot can do its work; otherwise a line for each reason.
pub(super) async fn ready(State(site): State<Arc<Site>>) -> Response {
    let reasons: Vec<String> = if site.is_stopping() {
        vec!["正在停止：已经收到的提问答完就结束。".to_string()]
    } else {
        site.app.hindrances().await.iter().map(sentence).collect()
    };
    if reasons.is_empty() {
        return "ok\n".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, reasons.join("\n") + "\n").into_response()
}

fn failed(error: &dyn std::fmt::Display) -> PageFault {
    tracing::error!(%error, "the metrics could not be given");
    PageFault::ours()
}
