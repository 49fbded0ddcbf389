//! Who has reported, on one page to be printed: for each duty how many have, and every unit under
//! its state.

use super::deadlines_page::for_admins;
use super::fault::PageFault;
use super::shell::{self, Tab};
use super::site::Site;
use super::visitor::Visitor;
use crate::app::{DutyStatus, UnitState, UnitStatus};
use crate::schedule::shown_day;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use chrono::Datelike;
use maud::{Markup, html};
use std::sync::Arc;

/// From so many units on they stand closer, so that two duties still fit a page across. Held by the
/// browser test that prints it.
const MANY: usize = 24;

/// The states in the order in which they are looked at: who is missing first.
const STATES: [&str; 5] = ["未回应", "联系不上", "申请延期", "处理中", "已报送"];

pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, PageFault> {
    let duties = for_admins(&site, &visitor)?;
    let now = site.app.now();
    let content = html! {
        p.scope { "截至 " (now.year()) "年" (shown_day(now.date_naive())) " " (now.format("%H:%M")) "　用浏览器的“打印”可以打印或存成 PDF。" }
        @if duties.iter().all(|duty| duty.units.is_empty()) { p.empty { "还没有单位订阅，units.toml 里也没有单位。" } }
        div.across { @for duty in &duties { (one(duty)) } }
    };
    Ok(shell::page(
        &site,
        Tab::Deadlines,
        "各单位报送情况",
        &visitor,
        content,
    ))
}

fn one(duty: &DutyStatus) -> Markup {
    let reported = duty
        .units
        .iter()
        .filter(|unit| unit.state == UnitState::Reported)
        .count();
    let class = if duty.units.len() > MANY {
        "roll many"
    } else {
        "roll"
    };
    html! {
        h2 { (duty.title) }
        p { "共 " (duty.units.len()) " 家，已报送 " (reported) " 家，还差 " (duty.units.len() - reported) " 家。" }
        @for word in STATES {
            @let units: Vec<&UnitStatus> = duty.units.iter().filter(|unit| unit.state.word() == word).collect();
            @if !units.is_empty() {
                h3 { (word) "（" (units.len()) " 家）" }
                ul class=(class) { @for unit in units { li { (unit.name) (detail(unit)) } } }
            }
        }
    }
}

/// What a unit's state says beside its word: until when, who said so.
fn detail(unit: &UnitStatus) -> String {
    let until = match unit.state {
        UnitState::Extended(until) => format!("到{}年{}", until.year(), shown_day(until)),
        _ => String::new(),
    };
    match [until.as_str(), unit.by.as_str()] {
        ["", ""] => String::new(),
        ["", by] => format!("　{by}"),
        [until, ""] => format!("　{until}"),
        [until, by] => format!("　{until}，{by}"),
    }
}
