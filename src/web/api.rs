//! The HTTP API, read-only: the same answers and tables for programs. `openapi.json` describes it;
//! a test holds the two together.

use super::api_lists::{self, TermRow};
use super::api_words::{DESCRIPTION, Described};
use super::fault::PageFault;
use super::glossary_page::GlossarySearch;
use super::highlight::words;
use super::indicator_rows::{RowFilter, plan_of};
use super::site::Site;
use crate::app::NoTurn;
use crate::chat::render;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{Days, NaiveDate};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

const JSON: &str = "application/json";
/// The longest stretch of days whose deadlines are given.
const LONGEST_STRETCH: i64 = 3_660;
/// Without an end deadlines are given for so long.
const USUAL_STRETCH: u64 = 366;

/// A question, and the day on which it is asked.
#[derive(Debug, Deserialize)]
pub(super) struct ApiQuestion {
    q: String,
    today: Option<NaiveDate>,
}

/// A stretch of days.
#[derive(Debug, Deserialize)]
pub(super) struct Stretch {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

/// What `ask --json` gives.
pub(super) async fn ask(
    State(site): State<Arc<Site>>,
    Described(asked): Described<ApiQuestion>,
) -> Result<Response, PageFault> {
    let question = asked.q.trim();
    let today = asked.today.unwrap_or_else(|| site.app.now().date_naive());
    let app = Arc::clone(&site.app);
    let answered = match app.known(question, today) {
        Some(known) => {
            app.open_question(question).answered(&known);
            known
        }
        None => {
            let question = question.to_string();
            // Counted there: whoever goes away meanwhile is no fault.
            let asked = Arc::clone(&app);
            let asking = app.apart(move || {
                let open = asked.open_question(&question);
                let answered = asked.ask_as_of(&question, today);
                open.answered(&answered);
                answered
            });
            asking.await.map_err(no_turn)?
        }
    };
    let json = answered
        .json(render::plain)
        .map_err(|error| failed(&error))?;
    Ok(([(header::CONTENT_TYPE, JSON)], json).into_response())
}

/// The table of indicators.
pub(super) async fn indicators(
    State(site): State<Arc<Site>>,
    Described(filter): Described<RowFilter>,
) -> Result<Json<Value>, PageFault> {
    let edition = site.app.edition();
    let plan = plan_of(&edition, &filter.plan).ok_or_else(no_plan)?;
    Ok(Json(api_lists::indicators(&edition, plan, &filter)))
}

/// The glossary.
pub(super) async fn terms(
    State(site): State<Arc<Site>>,
    Described(search): Described<GlossarySearch>,
) -> Result<Json<Vec<TermRow>>, PageFault> {
    let edition = site.app.edition();
    let plan = plan_of(&edition, &search.which.plan).ok_or_else(no_plan)?;
    Ok(Json(api_lists::terms(plan, &words(&search.q))))
}

/// The sentences of the running text.
pub(super) async fn passages(
    State(site): State<Arc<Site>>,
    Described(search): Described<GlossarySearch>,
) -> Result<Json<Value>, PageFault> {
    let edition = site.app.edition();
    let plan = plan_of(&edition, &search.which.plan).ok_or_else(no_plan)?;
    Ok(Json(api_lists::passages(plan, &words(&search.q))))
}

/// What falls due.
pub(super) async fn deadlines(
    State(site): State<Arc<Site>>,
    Described(stretch): Described<Stretch>,
) -> Result<Json<Value>, PageFault> {
    let usual = Days::new(USUAL_STRETCH);
    let today = site.app.now().date_naive();
    let from = match (stretch.from, stretch.to) {
        (Some(from), _) => from,
        // What is asked up to a day that is past lies before that day.
        (None, Some(to)) if to < today => to.checked_sub_days(usual).unwrap_or(to),
        (None, _) => today,
    };
    let to = stretch
        .to
        .or_else(|| from.checked_add_days(usual))
        .unwrap_or(from);
    if !(0..=LONGEST_STRETCH).contains(&(to - from).num_days()) {
        return Err(bad("from 不能晚于 to，相隔不超过十年；请改正。".to_string()));
    }
    Ok(Json(api_lists::deadlines(&site.app.agenda(), from, to)))
}

pub(super) async fn description() -> Response {
    ([(header::CONTENT_TYPE, JSON)], DESCRIPTION).into_response()
}

fn bad(sentence: String) -> PageFault {
    PageFault::new(StatusCode::BAD_REQUEST, sentence)
}

fn no_turn(why: NoTurn) -> PageFault {
    match why {
        NoTurn::Crowded => PageFault::crowded(),
        NoTurn::EndedEarly => failed(&why),
    }
}

fn no_plan() -> PageFault {
    PageFault::new(
        StatusCode::NOT_FOUND,
        "没有这份计划；plan 要写 data/plans 下的目录名。",
    )
}

fn failed(error: &dyn std::fmt::Display) -> PageFault {
    tracing::error!(%error, "a question of the API could not be answered");
    PageFault::ours()
}
