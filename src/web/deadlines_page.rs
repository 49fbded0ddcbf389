//! The deadlines: what is next, the calendar file, and for administrators the desk with who has
//! reported.

use super::clock_page;
use super::fault::Fault;
use super::shell::{self, Tab};
use super::site::Site;
use super::visitor::Visitor;
use crate::app::{DutyStatus, UnitState};
use crate::chat::{self, CALENDAR_DAYS, calendar_file};
use crate::ports::Attachment;
use crate::schedule::{Agenda, Occurrence, shown_day};
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use chrono::{Datelike, Days, NaiveDate};
use maud::{Markup, html};
use std::sync::Arc;

/// The page.
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, Fault> {
    let agenda = site.app.agenda();
    let today = site.app.now().date_naive();
    let to = today
        .checked_add_days(Days::new(CALENDAR_DAYS))
        .unwrap_or(today);
    let coming = agenda.occurrences(today, to);
    let content = html! {
        (clock_page::control(&site, &visitor, "/deadlines"))
        @if coming.is_empty() { p.empty { "计划里没有看得懂的报送要求。" } }
        @else {
            p.tools { a href="/deadlines.ics" { "下载日历文件（.ics）" } }
            ol.duties { @for occurrence in &coming { (duty(&agenda, occurrence, today)) } }
        }
        p { "要在到期前收到提醒：在“聊天”里发 /subscribe 单位名称。" }
        h2 { "各单位报送情况" }
        @if visitor.is_admin() { (desk(&duties(&site)?)) } @else { p { "只给管理员看；请先在" a href="/admin" { "管理" } "里登录。" } }
    };
    Ok(shell::page(
        &site,
        Tab::Deadlines,
        "报送期限",
        &visitor,
        content,
    ))
}

fn duty(agenda: &Agenda, occurrence: &Occurrence<'_>, today: NaiveDate) -> Markup {
    let duty = occurrence.duty;
    let due = occurrence.due.day;
    let left = (due - today).num_days();
    html! {
        li {
            h3 { time datetime=(due) { (due.year()) "年" (shown_day(due)) } "　向" (duty.recipient) "报送" (duty.subject) }
            p { @if left == 0 { strong { "就是今天。" } } @else { "还有 " (left) " 天。" }
                "期限写作“" (duty.words) "”，" (occurrence.due.reading) "。"
                @if occurrence.due.estimated { "（预估：放假安排尚未录入）" } }
            details { summary { "什么时候提醒" } ul { @for (stage, day) in agenda.stages(&occurrence.due) {
                li { time datetime=(day) { (day.year()) "年" (shown_day(day)) } "　" (agenda.policy.send_at.format("%H:%M")) "　" (stage.word()) }
            } } }
            blockquote { (duty.sentence) footer { (duty.source_year) "年计划，" (duty.place) } }
        }
    }
}

fn duties(site: &Site) -> Result<Vec<DutyStatus>, Fault> {
    let store = site.app.store().ok_or_else(Fault::ours)?;
    site.app.duties(store, None).map_err(|error| {
        tracing::error!(%error, "the desk's state could not be used");
        Fault::ours()
    })
}

fn desk(duties: &[DutyStatus]) -> Markup {
    let units: Vec<&String> = duties
        .first()
        .map(|duty| duty.units.iter().map(|(unit, _)| unit).collect())
        .unwrap_or_default();
    html! {
        @if units.is_empty() { p.empty { "还没有单位订阅，units.toml 里也没有单位。" } }
        @else {
            p.tools { a href="/desk.xlsx" { "下载 XLSX" } " " a href="/desk.csv" { "下载 CSV" } }
            div.wide tabindex="0" role="region" aria-label="各单位报送情况" { table {
                thead { tr { th scope="col" { "单位" } @for duty in duties { th scope="col" { (duty.title) } } } }
                tbody { @for (at, unit) in units.iter().enumerate() { tr {
                    th scope="row" { (unit) }
                    @for duty in duties { td data-label=(duty.title) { @if let Some((_, state)) = duty.units.get(at) { (shown(*state)) } } }
                } } }
            } }
        }
    }
}

fn shown(state: UnitState) -> Markup {
    let class = match state {
        UnitState::Reported => "met",
        UnitState::InHand | UnitState::Extended(_) => "open",
        UnitState::Silent | UnitState::Unreachable => "missed",
    };
    html! { span class={ "verdict " (class) } { (state.shown()) } }
}

/// The due days as a calendar file.
pub(super) async fn calendar(State(site): State<Arc<Site>>) -> Response {
    let from = site.app.now().date_naive();
    let to = from
        .checked_add_days(Days::new(CALENDAR_DAYS))
        .unwrap_or(from);
    let text = calendar_file(&site.app.agenda(), from, to);
    shell::download(
        "text/calendar; charset=utf-8",
        Some("报送期限.ics"),
        text.into_bytes(),
    )
}

/// Who has reported, as a workbook, for administrators.
pub(super) async fn workbook(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, Fault> {
    let made = chat::status_workbook(&for_admins(&site, &visitor)?, site.app.now().date_naive())
        .map_err(|error| {
            tracing::error!(%error, "the table of reports could not be made");
            Fault::ours()
        })?;
    Ok(sent(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        made,
    ))
}

/// Who has reported, as comma-separated text, for administrators.
pub(super) async fn csv(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, Fault> {
    let made = chat::status_csv(&for_admins(&site, &visitor)?, site.app.now().date_naive());
    Ok(sent("text/csv; charset=utf-8", made))
}

fn for_admins(site: &Site, visitor: &Visitor) -> Result<Vec<DutyStatus>, Fault> {
    if visitor.is_admin() {
        duties(site)
    } else {
        Err(Fault::admins_only())
    }
}

fn sent(kind: &'static str, file: Attachment) -> Response {
    shell::download(kind, Some(&file.name), file.bytes)
}
