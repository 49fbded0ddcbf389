//! A report is dropped, looked at beside its original, corrected, and approved or discarded.

use super::admin_page::Nothing;
use super::fault::PageFault;
use super::form::{Posted, Queried};
use super::import_form::address;
use super::keys;
use super::shell::{self, Tab};
use super::site::Site;
use super::visitor::Visitor;
use super::works::WorkOutcome;
use crate::app::{Approved, Proposal, ReportCorrection};
use crate::chat::approved_sentence;
use crate::model::{CellRecord, Finding, Measure, Quantity, Severity};
use axum::Extension;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// So many cells are shown; a report has some hundreds.
const MOST_CELLS: usize = 2_000;

/// Which row is open for correction.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Open {
    cell: Option<usize>,
    term: Option<usize>,
}

/// What the plan is.
#[derive(Debug, Deserialize)]
pub(super) struct PlanForm {
    id: String,
    title: String,
    region: String,
    plan_year: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct CellForm {
    row: String,
    indicator: String,
    unit: String,
    year: String,
    measure: String,
    value: String,
    #[serde(default)]
    save: String,
}

/// One entry of the glossary.
#[derive(Debug, Deserialize)]
pub(super) struct TermForm {
    row: String,
    name: String,
    definition: String,
    #[serde(default)]
    save: String,
}

/// Whether a plan of that name may be replaced.
#[derive(Debug, Deserialize)]
pub(super) struct Approval {
    #[serde(default)]
    replace: String,
}

/// A file arrives.
pub(super) async fn take(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    mut parts: Multipart,
) -> Result<Response, PageFault> {
    visitor.must_administer()?;
    let broken = || PageFault::new(StatusCode::BAD_REQUEST, "文件没有传完整；请再试一次。");
    let mut is_ours = false;
    while let Some(part) = parts.next_field().await.map_err(|_| broken())? {
        match part.name().unwrap_or_default() {
            "csrf" => {
                let sent = part.text().await.map_err(|_| broken())?;
                is_ours = visitor.known && keys::same(sent.as_bytes(), visitor.csrf.as_bytes());
            }
            // The form sends its proof first: no byte of a file is taken before somebody may send
            // it.
            "file" if is_ours => {
                let name = part.file_name().unwrap_or_default().to_string();
                let bytes = part.bytes().await.map_err(|_| broken())?.to_vec();
                if bytes.is_empty() {
                    return Err(PageFault::new(
                        StatusCode::BAD_REQUEST,
                        "没有选文件，或文件是空的。",
                    ));
                }
                let app = Arc::clone(&site.app);
                // Reading sixty pages takes seconds: the browser is told how far it is instead of
                // waiting.
                let work = site
                    .works
                    .begin(&site.keys, "读取报告".to_string(), |_| async move {
                        match app.propose(&name, bytes).await {
                            Some(proposal) => WorkOutcome::At(address(&proposal)),
                            None => WorkOutcome::Failed(PageFault::ours()),
                        }
                    });
                return Ok(work.reply(&headers).await);
            }
            _ => break,
        }
    }
    Err(PageFault::new(
        StatusCode::FORBIDDEN,
        "页面已经过期，没有执行；请刷新页面再试。",
    ))
}

/// What was read, beside the original.
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Path(word): Path<String>,
    Queried(open): Queried<Open>,
) -> Result<Response, PageFault> {
    visitor.must_administer()?;
    let proposal = waiting(&site, &word)?;
    Ok(shown(&site, &visitor, &proposal, &open, None))
}

/// The plan's name, title, region and year are corrected.
pub(super) async fn correct_plan(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Path(word): Path<String>,
    Posted(form): Posted<PlanForm>,
) -> Result<Response, PageFault> {
    let plan_year = form.plan_year.trim().parse().map_err(|_| {
        PageFault::new(
            StatusCode::BAD_REQUEST,
            "计划年度应是四位数字，例如 2031；请返回改正。",
        )
    })?;
    let correction = ReportCorrection::Plan {
        id: form.id.trim().to_string(),
        title: form.title.trim().to_string(),
        region: form.region.trim().to_string(),
        plan_year,
    };
    corrected(&site, &visitor, &word, correction)
}

/// A cell is corrected: first it is shown what that changes, and then it is saved.
pub(super) async fn correct_cell(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Path(word): Path<String>,
    headers: HeaderMap,
    Posted(form): Posted<CellForm>,
) -> Result<Response, PageFault> {
    let year = match form.year.trim() {
        "" => None,
        year => Some(year.parse().map_err(|_| {
            PageFault::new(
                StatusCode::BAD_REQUEST,
                "年份应是四位数字，或留空；请返回改正。",
            )
        })?),
    };
    let correction = ReportCorrection::Cell {
        row: form.row.parse().map_err(|_| PageFault::absent())?,
        indicator: form.indicator.trim().to_string(),
        unit: form.unit.trim().to_string(),
        year,
        measure: Measure::from_key(&form.measure),
        value: form.value.trim().to_string(),
    };
    // The page before the last asks only what would change; the one with the comparison saves.
    if form.save.is_empty() {
        return previewed(&site, &visitor, (word, correction), &headers).await;
    }
    corrected(&site, &visitor, &word, correction)
}

/// An entry of the glossary is corrected, in the same way.
pub(super) async fn correct_term(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Path(word): Path<String>,
    headers: HeaderMap,
    Posted(form): Posted<TermForm>,
) -> Result<Response, PageFault> {
    let correction = ReportCorrection::Term {
        row: form.row.parse().map_err(|_| PageFault::absent())?,
        name: form.name.trim().to_string(),
        definition: form.definition.trim().to_string(),
    };
    if form.save.is_empty() {
        return previewed(&site, &visitor, (word, correction), &headers).await;
    }
    corrected(&site, &visitor, &word, correction)
}

/// The report becomes a plan.
pub(super) async fn approve(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Path(word): Path<String>,
    headers: HeaderMap,
    Posted(form): Posted<Approval>,
) -> Result<Response, PageFault> {
    visitor.must_administer()?;
    let proposal = waiting(&site, &word)?;
    let replace = form.replace == "yes";
    let (app, person) = (Arc::clone(&site.app), visitor.person());
    let what = "写入并启用这份报告".to_string();
    let work = site.works.begin(&site.keys, what, |_| async move {
        let Some(result) = app.approve(person, &word, replace).await else {
            return WorkOutcome::Failed(PageFault::absent());
        };
        let sentence = approved_sentence(&result, &proposal.imported.records.header.id);
        match result {
            Approved::Loaded(_) => WorkOutcome::Told(sentence),
            // Back to the report, which is still there to be corrected.
            Approved::Faulty(_) | Approved::Refused(_) => WorkOutcome::OfReport(word, sentence),
        }
    });
    Ok(work.reply(&headers).await)
}

/// What was read, with a sentence on what became of it.
pub(super) fn told(
    site: &Site,
    visitor: &Visitor,
    word: &str,
    sentence: &str,
) -> Result<Response, PageFault> {
    let proposal = waiting(site, word)?;
    Ok(shown(
        site,
        visitor,
        &proposal,
        &Open::default(),
        Some(sentence),
    ))
}

/// The report is dropped.
pub(super) async fn discard(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Path(word): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, PageFault> {
    visitor.must_administer()?;
    site.app.discard(&word);
    Ok(Redirect::to("/admin").into_response())
}

fn waiting(site: &Site, word: &str) -> Result<Arc<Proposal>, PageFault> {
    site.app.proposal(word).ok_or_else(|| {
        PageFault::new(
            StatusCode::NOT_FOUND,
            "这份报告已经处理过，或等得太久了；请到“管理”里重新导入。",
        )
    })
}

fn corrected(
    site: &Site,
    visitor: &Visitor,
    word: &str,
    correction: ReportCorrection,
) -> Result<Response, PageFault> {
    visitor.must_administer()?;
    waiting(site, word)?;
    let proposal = site
        .app
        .correct(word, correction)
        .ok_or_else(PageFault::absent)?;
    Ok(Redirect::to(&address(&proposal)).into_response())
}

/// What a correction changes is shown before it is made.
async fn previewed(
    site: &Site,
    visitor: &Visitor,
    (word, correction): (String, ReportCorrection),
    headers: &HeaderMap,
) -> Result<Response, PageFault> {
    visitor.must_administer()?;
    waiting(site, &word)?;
    let app = Arc::clone(&site.app);
    let what = "试算改了以后的回答".to_string();
    let work = site.works.begin(&site.keys, what, |_| async move {
        match app.preview_correction(&word, correction).await {
            Some(preview) => WorkOutcome::Correction(Box::new(preview)),
            None => WorkOutcome::Failed(PageFault::ours()),
        }
    });
    Ok(work.reply(headers).await)
}

fn shown(
    site: &Site,
    visitor: &Visitor,
    proposal: &Proposal,
    open: &Open,
    result: Option<&str>,
) -> Response {
    let records = &proposal.imported.records;
    let faults = proposal.faults().len();
    let content = html! {
        @if let Some(result) = result { div.result role="status" { (result) } }
        h2 { (proposal.file) }
        (plan_form(visitor, proposal))
        (findings(&proposal.imported.findings))
        div.tools.acts {
            @if faults == 0 {
                form method="post" action=(format!("{}/approve", address(proposal))) data-long="写入并启用" {
                    input type="hidden" name="csrf" value=(visitor.csrf);
                    label { input type="checkbox" name="replace" value="yes"; " 替换同名的计划" }
                    " " button.primary type="submit" { "写入并启用" }
                }
            } @else { p.fault { "有 " (faults) " 处错误，改好原文件再导入，或在下面改正。" } }
            form method="post" action=(format!("{}/discard", address(proposal))) {
                input type="hidden" name="csrf" value=(visitor.csrf);
                button type="submit" { "放弃" }
            }
        }
        div.sides {
            section aria-label="原文" tabindex="0" { h3 { "原文" } (original(proposal)) }
            section aria-label="读到的内容" tabindex="0" {
                h3 { "指标（" (records.cells.len()) " 个数值）" } (cells(visitor, proposal, open.cell))
                h3 { "名词（" (records.glossary.len()) " 条）" } (terms(visitor, proposal, open.term))
                h3 { "脚注和备注（" (records.notes.len()) " 条）" }
                ul { @for note in &records.notes { li { b { (note.place) } " " @if !note.anchor.is_empty() { "（" (note.anchor) "）" } (note.text) } } }
                h3 { "报送要求（" (records.header.duties.len()) " 条）" }
                ul { @for duty in &records.header.duties { li { (duty.reporter) "向" (duty.recipient) "报送" (duty.subject) "：" (duty.due.join("、")) } } }
            }
        }
    };
    shell::page(site, Tab::Admin, "导入报告", visitor, content)
}

fn plan_form(visitor: &Visitor, proposal: &Proposal) -> Markup {
    let header = &proposal.imported.records.header;
    let field = |label: &str, name: &str, value: &str| {
        html! { label { (label) " " input name=(name) value=(value) required; } }
    };
    html! {
        form.filters method="post" action=(format!("{}/plan", address(proposal))) {
            input type="hidden" name="csrf" value=(visitor.csrf);
            (field("计划编号", "id", &header.id))
            (field("标题", "title", &header.title))
            (field("地区", "region", &header.region))
            (field("计划年度", "plan_year", &header.plan_year.to_string()))
            button type="submit" { "改正" }
        }
    }
}

/// What a person should look at, each leading to its line of the original.
fn findings(findings: &[Finding]) -> Markup {
    html! {
        @if findings.is_empty() { p { "没有发现问题；请对照原文抽查几处再写入。" } }
        @else { ul.findings { @for finding in findings {
            li class=(if finding.severity == Severity::Error { "fault" } else { "" }) {
                @match line_of(&finding.place) {
                    Some(line) => a href=(format!("#l{line}")) { (finding.place) },
                    None => (finding.place),
                }
                @if !finding.place.is_empty() { "：" }
                (finding.advice)
            }
        } } }
    }
}

/// The line of the original that a place names (第12行).
fn line_of(place: &str) -> Option<usize> {
    let after = place.split_once('第')?.1;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    let rest = after.get(digits.len()..)?;
    rest.starts_with('行')
        .then(|| digits.parse().ok())
        .flatten()
}

fn original(proposal: &Proposal) -> Markup {
    // Lines that somebody should look at are coloured in the original too.
    let marked: Vec<usize> = proposal
        .imported
        .findings
        .iter()
        .filter_map(|finding| line_of(&finding.place))
        .collect();
    html! {
        @for (at, line) in proposal.imported.text.lines().enumerate() {
            @if !line.trim().is_empty() {
                p id=(format!("l{}", at + 1)) class=(if marked.contains(&(at + 1)) { "fault" } else { "" }) { (line) }
            }
        }
    }
}

fn cells(visitor: &Visitor, proposal: &Proposal, open: Option<usize>) -> Markup {
    let cells = &proposal.imported.records.cells;
    html! {
        @if cells.is_empty() { p.empty { "没有读到指标表。" } }
        @else { div.wide { table {
            thead { tr { th scope="col" { "指标" } th scope="col" { "栏目" } th scope="col" { "数值" } th scope="col" { "出处" } th scope="col" { "改正" } } }
            tbody { @for (at, cell) in cells.iter().enumerate().take(MOST_CELLS) {
                tr id=(format!("c{at}")) {
                    th scope="row" { (cell.indicator) }
                    td data-label="栏目" { (cell.heading) }
                    td data-label="数值" { (Quantity::parse(&cell.value, &cell.unit).shown()) }
                    td data-label="出处" { (cell.place) }
                    td data-label="改正" { a href=(format!("{}?cell={at}#c{at}", address(proposal))) { "改" } }
                }
                @if open == Some(at) { tr { td colspan="5" { (cell_form(visitor, proposal, at, cell)) } } }
            } }
        } } }
    }
}

fn cell_form(visitor: &Visitor, proposal: &Proposal, at: usize, cell: &CellRecord) -> Markup {
    let year = cell.year.map_or_else(String::new, |year| year.to_string());
    let chosen = |measure: Option<Measure>| cell.measure == measure;
    html! {
        form.filters method="post" action=(format!("{}/cell", address(proposal))) data-long="试算改了以后的回答" {
            input type="hidden" name="csrf" value=(visitor.csrf);
            input type="hidden" name="row" value=(at);
            label { "指标 " input name="indicator" value=(cell.indicator) required; }
            label { "单位 " input name="unit" value=(cell.unit); }
            label { "年份 " input name="year" value=(year) inputmode="numeric"; }
            label { "性质 " select name="measure" {
                option value="" selected[chosen(None)] { "未标明" }
                option value=(Measure::Target.key()) selected[chosen(Some(Measure::Target))] { "目标" }
                option value=(Measure::Actual.key()) selected[chosen(Some(Measure::Actual))] { "完成情况" }
            } }
            label { "数值 " input name="value" value=(cell.value); }
            button type="submit" { "看改了会怎样" }
        }
    }
}

fn terms(visitor: &Visitor, proposal: &Proposal, open: Option<usize>) -> Markup {
    html! { dl { @for (at, entry) in proposal.imported.records.glossary.iter().enumerate() {
        dt id=(format!("t{at}")) { (entry.name) " " a href=(format!("{}?term={at}#t{at}", address(proposal))) { "改" } }
        dd { (entry.definition) }
        @if open == Some(at) { dd {
            form.stack method="post" action=(format!("{}/term", address(proposal))) data-long="试算改了以后的回答" {
                input type="hidden" name="csrf" value=(visitor.csrf);
                input type="hidden" name="row" value=(at);
                label { "名词 " input name="name" value=(entry.name) required; }
                label { "解释 " textarea name="definition" rows="4" required { (entry.definition) } }
                button type="submit" { "看改了会怎样" }
            }
        } }
    } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_lead_to_lines() {
        assert_eq!(line_of("第12行（附件1）"), Some(12));
        assert_eq!(line_of("名词解释 第3条"), None);
        assert_eq!(line_of("plan_year"), None);
    }
}
