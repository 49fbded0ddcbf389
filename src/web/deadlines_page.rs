//! The deadlines: what is next, the calendar file, and for administrators the desk with who has
//! reported.

use super::clock_page;
use super::fault::PageFault;
use super::form::{Posted, Queried, csv_reader};
use super::shell::{self, Tab};
use super::site::Site;
use super::visitor::Visitor;
use crate::app::{DutyStatus, Replied, Reported, UnitState, UnitStatus, Who};
use crate::chat::{self, CALENDAR_DAYS, calendar_file};
use crate::model::UnitId;
use crate::ports::Attachment;
use crate::schedule::{Agenda, Occurrence, SpokenDay, shown_day};
use crate::store::{Act, StoreError};
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use chrono::{Datelike, Days, NaiveDate};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// The longest reason of a unit that wants more time.
const LONGEST_REASON: usize = 200;

pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, PageFault> {
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
        (own(&site, &visitor)?)
        h2 { "各单位报送情况" }
        @if visitor.is_admin() { (desk(&duties(&site)?, &visitor)) } @else { p { "只给管理员看；请先在" a href="/admin" { "管理" } "里登录。" } }
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
            h2 { time datetime=(due) { (due.year()) "年" (shown_day(due)) } "　向" (duty.recipient) "报送" (duty.subject) }
            p { @if left == 0 { strong { "就是今天。" } } @else { "还有 " (left) " 天。" }
                "期限写作“" (duty.words) "”，" (occurrence.due.reading) "。"
                @if occurrence.due.estimated { "（预估：放假安排尚未录入）" } (occurrence.repeated_from().unwrap_or_default()) }
            details { summary { "什么时候提醒" } ul { @for (stage, day) in agenda.stages(&occurrence.due) {
                li { time datetime=(day) { (day.year()) "年" (shown_day(day)) } "　" (agenda.policy.send_at.format("%H:%M")) "　" (stage.word()) @if agenda.calendar.is_estimated(day.year()) { "（预估）" } }
            } } }
            blockquote { (duty.sentence) footer { (duty.source_year) "年计划，" (duty.place) } }
        }
    }
}

fn duties(site: &Site) -> Result<Vec<DutyStatus>, PageFault> {
    let kept = site.app.with_state().ok_or_else(PageFault::ours)?;
    let duties = kept.look_at_desk(|desk| desk.duties(None));
    duties.map_err(unusable)
}

/// What the units of this browser's own room say, with what they may say now: nothing where the
/// room stands for nobody.
fn own(site: &Site, visitor: &Visitor) -> Result<Markup, PageFault> {
    let Some(kept) = site.app.with_state() else {
        return Ok(html! {});
    };
    let chat = visitor.chat();
    let duties = kept.look_at_desk(|desk| desk.duties(Some(chat)));
    let duties = duties.map_err(unusable)?;
    if duties.iter().all(|duty| duty.units.is_empty()) {
        return Ok(html! {});
    }
    Ok(html! {
        h2 { "本会话登记的单位" }
        @for duty in &duties {
            h3 { (duty.title) }
            ul.own { @for unit in &duty.units { li {
                (unit.name) "　" (shown(unit)) " "
                (acts(visitor, duty, unit))
            } } }
        }
    })
}

/// The buttons of a unit.
fn acts(visitor: &Visitor, duty: &DutyStatus, unit: &UnitStatus) -> Markup {
    let hidden = |act: &str| {
        html! {
            input type="hidden" name="csrf" value=(visitor.csrf);
            input type="hidden" name="occurrence" value=(duty.occurrence);
            input type="hidden" name="unit" value=(unit.unit.0);
            input type="hidden" name="act" value=(act);
        }
    };
    let button = |act: &str, label: &str| {
        html! { form.act method="post" action="/deadlines/act" { (hidden(act)) button type="submit" { (label) } } }
    };
    html! {
        @if unit.state != UnitState::Reported {
            (button("reported", "已报送"))
            @if unit.state != UnitState::InHand { (button("in_hand", "处理中")) }
            form.act method="post" action="/deadlines/act" {
                (hidden("extend"))
                label { "延期到 " input type="date" name="day" required; }
                label { "原因 " input type="text" name="reason" maxlength="200"; }
                button type="submit" { "申请延期" }
            }
        }
        @if !unit.by.is_empty() { (button("withdraw", "撤回")) }
    }
}

/// What is said of a unit's report on the page.
#[derive(Debug, Deserialize)]
pub(super) struct SaidOfDuty {
    occurrence: String,
    unit: String,
    act: Act,
    #[serde(default)]
    day: String,
    #[serde(default)]
    reason: String,
}

/// A unit's act on the page: by whoever may speak for it in this browser's own room, or, to take it
/// back, by an administrator.
pub(super) async fn act(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Posted(said): Posted<SaidOfDuty>,
) -> Result<Redirect, PageFault> {
    let kept = site.app.with_state().ok_or_else(PageFault::ours)?;
    let who = Who {
        chat: visitor.chat(),
        person: visitor.person(),
        name: visitor.name(),
    };
    let unit = UnitId(said.unit);
    let day = NaiveDate::parse_from_str(&said.day, "%Y-%m-%d").ok();
    // The form has the same bound, but a form need not be what sends it.
    let reason: String = said.reason.trim().chars().take(LONGEST_REASON).collect();
    let result = kept
        .at_desk(|desk| match (said.act, day) {
            (Act::Extend, Some(day)) => {
                let day = SpokenDay { day, next: None };
                desk.put_off(&who, &said.occurrence, &unit, day, &reason)
                    .map(Some)
            }
            // A browser without a field for dates sends whatever was typed.
            (Act::Extend, None) => Ok(None),
            (act, _) => desk
                .act(&who, act, &said.occurrence, &unit)
                .map(|reported| Some(Replied::Acted(reported))),
        })
        .await
        .map_err(unusable)?;
    match result {
        Some(Replied::Acted(Reported::Noted { .. } | Reported::TakenBack(..))) => {
            Ok(Redirect::to("/deadlines"))
        }
        Some(refused) => Err(PageFault::new(
            StatusCode::FORBIDDEN,
            chat::replied_sentence(&refused),
        )),
        None => Err(PageFault::new(
            StatusCode::BAD_REQUEST,
            "请写明延期到哪天。",
        )),
    }
}

fn unusable(error: StoreError) -> PageFault {
    tracing::error!(%error, "the desk's state could not be used");
    PageFault::ours()
}

fn desk(duties: &[DutyStatus], visitor: &Visitor) -> Markup {
    let units: Vec<&String> = duties
        .first()
        .map(|duty| duty.units.iter().map(|unit| &unit.name).collect())
        .unwrap_or_default();
    html! {
        @if units.is_empty() { p.empty { "还没有单位订阅，units.toml 里也没有单位。" } }
        @else {
            p.tools { a href="/desk.xlsx" { "下载 XLSX" } " " a href="/desk.csv" { "下载 CSV（Excel）" } " " a href="/desk.csv?reader=program" { "CSV（程序用）" } " " a href="/desk/print" { "打印用的一页" } }
            div.wide tabindex="0" role="region" aria-label="各单位报送情况" { table {
                thead { tr { th scope="col" { "单位" } @for duty in duties { th scope="col" { (duty.title) } } } }
                tbody { @for (at, unit) in units.iter().enumerate() { tr {
                    th scope="row" { (unit) }
                    @for duty in duties { td data-label=(duty.title) { @if let Some(unit) = duty.units.get(at) { (shown(unit)) @if !unit.by.is_empty() { " " (taking_back(visitor, duty, unit)) } } } }
                } } }
            } }
        }
    }
}

/// An administrator takes back what a unit said.
fn taking_back(visitor: &Visitor, duty: &DutyStatus, unit: &UnitStatus) -> Markup {
    html! {
        form.act method="post" action="/deadlines/act" {
            input type="hidden" name="csrf" value=(visitor.csrf);
            input type="hidden" name="occurrence" value=(duty.occurrence);
            input type="hidden" name="unit" value=(unit.unit.0);
            input type="hidden" name="act" value="withdraw";
            button type="submit" { "撤回" }
        }
    }
}

fn shown(unit: &UnitStatus) -> Markup {
    let class = match unit.state {
        UnitState::Reported => "met",
        UnitState::InHand | UnitState::Extended(_) => "open",
        UnitState::Silent | UnitState::Unreachable => "missed",
    };
    html! { span class={ "verdict " (class) } { (unit.shown()) } }
}

/// The due days as a calendar file.
pub(super) async fn calendar(State(site): State<Arc<Site>>) -> Response {
    let from = site.app.now().date_naive();
    let to = from
        .checked_add_days(Days::new(CALENDAR_DAYS))
        .unwrap_or(from);
    // The clock of the program and not the machine's: in a demonstration it is moved.
    let now = site.app.now().to_utc();
    let text = calendar_file(&site.app.agenda(), (from, to), now);
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
) -> Result<Response, PageFault> {
    let made = chat::status_workbook(&for_admins(&site, &visitor)?, site.app.now().date_naive())
        .map_err(|error| {
            tracing::error!(%error, "the table of reports could not be made");
            PageFault::ours()
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
    Queried(words): Queried<Vec<(String, String)>>,
) -> Result<Response, PageFault> {
    let duties = for_admins(&site, &visitor)?;
    let made = chat::status_csv(&duties, site.app.now().date_naive(), csv_reader(&words));
    Ok(sent("text/csv; charset=utf-8", made))
}

pub(super) fn for_admins(site: &Site, visitor: &Visitor) -> Result<Vec<DutyStatus>, PageFault> {
    visitor.must_administer()?;
    duties(site)
}

fn sent(kind: &'static str, file: Attachment) -> Response {
    shell::download(kind, Some(&file.name), file.bytes)
}
