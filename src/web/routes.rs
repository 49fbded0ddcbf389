//! Which addresses lead where.

use super::fault::PageFault;
use super::site::Site;
use super::{
    admin_page, admin_rooms, api, assets, carriage, chat_page, clock_page, deadlines_page,
    full_text, glossary_page, guard, history, import_page, indicator_details, indicators_page,
    roll_page, visitor, watching, works_page, years_page,
};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use std::sync::Arc;

/// All that the site serves.
pub(super) fn router(site: &Arc<Site>) -> Router {
    let pages = Router::new()
        .route("/", get(chat_page::page))
        .route("/chat/say", post(chat_page::say))
        .route("/chat/press", post(chat_page::press))
        .route("/chat/news", get(chat_page::news))
        .route("/chat/file/{word}", get(chat_page::file))
        .route("/chat/history", get(history::page))
        .route("/indicators", get(indicators_page::page))
        .route("/indicators/one", get(indicator_details::page))
        .route("/indicators/chart.{form}", get(indicator_details::picture))
        .route("/indicators/board.{form}", get(indicators_page::board))
        .route("/indicators.xlsx", get(indicators_page::workbook))
        .route("/indicators.csv", get(indicators_page::csv))
        .route("/years", get(years_page::page))
        .route("/years/chart.{form}", get(years_page::line))
        .route("/years/board.{form}", get(years_page::board))
        .route("/glossary", get(glossary_page::page))
        .route("/text", get(full_text::page))
        .route("/deadlines", get(deadlines_page::page))
        .route("/deadlines/act", post(deadlines_page::act))
        .route("/deadlines.ics", get(deadlines_page::calendar))
        .route("/desk.xlsx", get(deadlines_page::workbook))
        .route("/desk.csv", get(deadlines_page::csv))
        .route("/desk/print", get(roll_page::page))
        .route("/clock", post(clock_page::set))
        .route("/admin", get(admin_page::page))
        .route("/admin/enter", post(admin_page::enter))
        .route("/admin/leave", post(admin_page::leave))
        .route("/admin/reload", post(admin_page::reload))
        .route("/admin/synonym", post(admin_page::try_synonym))
        .route("/admin/adopt", post(admin_page::adopt))
        .route("/admin/withdraw", post(admin_page::withdraw))
        .route("/admin/works/{word}", get(works_page::page))
        .route("/admin/rooms", post(admin_rooms::add))
        .route("/admin/rooms/remove", post(admin_rooms::remove))
        .route("/admin/backup", post(admin_page::backup))
        .route("/admin/import", post(import_page::take))
        .route("/admin/import/{word}", get(import_page::page))
        .route("/admin/import/{word}/plan", post(import_page::correct_plan))
        .route("/admin/import/{word}/cell", post(import_page::correct_cell))
        .route("/admin/import/{word}/term", post(import_page::correct_term))
        .route("/admin/import/{word}/approve", post(import_page::approve))
        .route("/admin/import/{word}/discard", post(import_page::discard))
        .layer(DefaultBodyLimit::max(guard::LARGEST_REPORT))
        .route("/text/original", get(full_text::original))
        .layer(from_fn_with_state(Arc::clone(site), visitor::recognise));
    let api = Router::new()
        .route("/api/v1/ask", get(api::ask))
        .route("/api/v1/indicators", get(api::indicators))
        .route("/api/v1/terms", get(api::terms))
        .route("/api/v1/passages", get(api::passages))
        .route("/api/v1/deadlines", get(api::deadlines))
        .route("/api/v1/openapi.json", get(api::description));
    let watching = Router::new()
        .route("/metrics", get(watching::metrics))
        .route("/healthz", get(watching::alive))
        .route("/readyz", get(watching::ready));
    Router::new()
        .merge(pages)
        .merge(api)
        .merge(watching)
        .route("/assets/{name}", get(asset))
        .fallback(|| async { PageFault::absent() })
        .method_not_allowed_fallback(|| async {
            PageFault::new(
                axum::http::StatusCode::METHOD_NOT_ALLOWED,
                "这里不接受这种请求。",
            )
        })
        .layer(from_fn_with_state(Arc::clone(site), carriage::carry))
        .layer(from_fn_with_state(Arc::clone(site), guard::guard))
        .with_state(Arc::clone(site))
}

/// Style, script or icon.
async fn asset(Path(name): Path<String>) -> Result<Response, PageFault> {
    assets::asset(&name).ok_or_else(PageFault::absent)
}
