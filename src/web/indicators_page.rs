//! The indicators: filters, order, a picture a row, and the table as a file. Everything is in the
//! address.

use super::fault::Fault;
use super::form::Asked;
use super::indicator_rows::{Column, Filter, Row, columns, plan_of, rows, years};
use super::shell::{self, Tab, encoded};
use super::site::Site;
use super::visitor::Visitor;
use crate::app::NoTurn;
use crate::chart;
use crate::chat;
use crate::edition::Edition;
use crate::model::{IndicatorNature, Plan};
use crate::reply::Verdict;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

const VERDICTS: [&str; 3] = ["达标", "未达标", "不可判定"];

/// Which picture.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Which {
    plan: String,
    at: String,
}

/// The page.
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Asked(filter): Asked<Filter>,
) -> Result<Response, Fault> {
    let edition = site.app.edition();
    let plan = plan_of(&edition, &filter.plan).ok_or_else(Fault::absent)?;
    let shown = rows(&edition, plan, &filter);
    let year: Option<i32> = filter.year.parse().ok();
    let columns: Vec<Column> = columns(plan)
        .into_iter()
        .filter(|column| year.is_none_or(|year| year == column.year))
        .collect();
    let content = html! {
        p.scope { (plan.title) }
        (choices(&edition, plan, &filter))
        p.tools {
            span role="status" { "共 " (shown.len()) " 项" }
            " " a href=(format!("/indicators.xlsx?plan={}", encoded(&plan.id.0))) { "下载 XLSX" }
            " " a href=(format!("/indicators.csv?plan={}", encoded(&plan.id.0))) { "下载 CSV" }
        }
        @if shown.is_empty() { p.empty { "没有符合条件的指标；请放宽条件。" } }
        @else {
            div.wide tabindex="0" role="region" aria-label="指标表" { table.indicators {
                thead { tr {
                    (head(&filter, "name", "指标"))
                    th scope="col" { "单位" }
                    (head(&filter, "nature", "属性"))
                    (head(&filter, "category", "类别"))
                    @for column in &columns { (head(&filter, &column.key(), &column.heading)) }
                    (head(&filter, "verdict", "是否达标"))
                    th scope="col" { "对比图" }
                } }
                tbody { @for row in &shown { (line(&edition, plan, row, &columns)) } }
            } }
        }
    };
    Ok(shell::page(
        &site,
        Tab::Indicators,
        "指标",
        &visitor,
        content,
    ))
}

fn choices(edition: &Edition, plan: &Plan, filter: &Filter) -> Markup {
    let natures =
        [IndicatorNature::Anticipatory, IndicatorNature::Binding].map(IndicatorNature::word);
    let years: Vec<String> = years(plan).iter().map(i32::to_string).collect();
    html! {
        form.filters method="get" action="/indicators" {
            @if edition.book.plans().len() > 1 {
                label { "计划 " select name="plan" { @for known in edition.book.plans() {
                    option value=(known.id.0) selected[known.id == plan.id] { (known.plan_year) "年" }
                } } }
            }
            (choice("category", "类别", &plan.categories(), &filter.category))
            (choice("nature", "属性", &natures, &filter.nature))
            (choice("verdict", "是否达标", &VERDICTS, &filter.verdict))
            (choice("year", "年份", &years.iter().map(String::as_str).collect::<Vec<_>>(), &filter.year))
            button type="submit" { "筛选" }
            " " a href="/indicators" { "清除" }
        }
    }
}

fn choice(name: &str, label: &str, words: &[&str], chosen: &str) -> Markup {
    html! {
        label { (label) " " select name=(name) {
            option value="" { "全部" }
            @for word in words { option value=(word) selected[*word == chosen] { (word) } }
        } }
    }
}

/// A heading that orders the table; once more turns the order round.
fn head(filter: &Filter, key: &str, label: &str) -> Markup {
    let is_sorted = filter.sort == key;
    let descends = is_sorted && filter.dir == "desc";
    let next = if is_sorted && !descends {
        "desc"
    } else {
        "asc"
    };
    let kept = [
        ("plan", &filter.plan),
        ("category", &filter.category),
        ("nature", &filter.nature),
        ("verdict", &filter.verdict),
        ("year", &filter.year),
    ];
    let kept: String = kept
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}&", encoded(value)))
        .collect();
    let order = is_sorted.then_some(if descends { "descending" } else { "ascending" });
    html! {
        th scope="col" aria-sort=[order] {
            a href=(format!("/indicators?{kept}sort={}&dir={next}", encoded(key))) { (label) @if is_sorted { @if descends { " ▼" } @else { " ▲" } } }
        }
    }
}

fn line(edition: &Edition, plan: &Plan, row: &Row<'_>, columns: &[Column]) -> Markup {
    let indicator = row.indicator;
    let described = chart::described(
        &edition.book,
        &edition.library.names,
        &edition.words.thesaurus,
        &indicator.name,
    )
    .unwrap_or_default();
    html! {
        tr id=(format!("i{}", row.at)) {
            th scope="row" { (indicator.name) }
            td data-label="单位" { (indicator.unit) }
            td data-label="属性" { (indicator.nature.map(IndicatorNature::word).unwrap_or_default()) }
            td data-label="类别" { (indicator.category) }
            @for column in columns {
                td data-label=(column.heading) {
                    @if let Some(cell) = indicator.cell(column.year, column.measure) { span title=(cell.place) { (cell.quantity.printed) } }
                }
            }
            td data-label="是否达标" { @for (year, verdict) in &row.verdicts { (mark(*year, *verdict)) } }
            td data-label="对比图" {
                @let id = format!("chart{}", row.at);
                button type="button" popovertarget=(id) { "看图" }
                div.chart id=(id) popover {
                    img src=(format!("/indicators/chart.svg?plan={}&at={}", encoded(&plan.id.0), row.at)) loading="lazy" alt=(described);
                    button type="button" popovertarget=(id) popovertargetaction="hide" { "关闭" }
                }
            }
        }
    }
}

/// A verdict by word and sign, so that colour is not needed.
fn mark(year: i32, verdict: Verdict) -> Markup {
    let (class, sign) = match verdict {
        Verdict::Met => ("met", "✓"),
        Verdict::NotMet => ("missed", "✗"),
        Verdict::Undecidable(_) => ("open", "？"),
    };
    let reason = if let Verdict::Undecidable(reason) = verdict {
        Some(reason)
    } else {
        None
    };
    html! { span class={ "verdict " (class) } title=[reason] { (sign) " " (year) "年" (verdict.word()) } " " }
}

/// The picture of a row.
pub(super) async fn chart(
    State(site): State<Arc<Site>>,
    Asked(which): Asked<Which>,
) -> Result<Response, Fault> {
    let edition = site.app.edition();
    let name = plan_of(&edition, &which.plan)
        .and_then(|plan| plan.indicators.get(which.at.parse::<usize>().ok()?))
        .map(|i| i.name.clone());
    let name = name.ok_or_else(Fault::absent)?;
    let drawn = site.app.apart(move || {
        chart::indicator(
            &edition.book,
            &edition.library.names,
            &edition.words.thesaurus,
            &name,
        )
    });
    let picture = drawn
        .await
        .map_err(|why| match why {
            NoTurn::Crowded => Fault::crowded(),
            NoTurn::EndedEarly => Fault::ours(),
        })?
        .ok_or_else(Fault::absent)?;
    let mut response = shell::download("image/svg+xml", None, picture.svg.into_bytes());
    // A picture on its own may have styles of its own, and nothing else.
    let content = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'");
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, content);
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=60"),
    );
    Ok(response)
}

/// All tables as a workbook.
pub(super) async fn workbook(
    State(site): State<Arc<Site>>,
    Asked(which): Asked<Which>,
) -> Result<Response, Fault> {
    let edition = site.app.edition();
    let plan = plan_of(&edition, &which.plan).ok_or_else(Fault::absent)?;
    let file = chat::plan_workbook(std::slice::from_ref(plan), None).map_err(|error| {
        tracing::error!(%error, "the tables could not be made");
        Fault::ours()
    })?;
    Ok(shell::download(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some(&file.name),
        file.bytes,
    ))
}

/// The indicators as comma-separated text.
pub(super) async fn csv(
    State(site): State<Arc<Site>>,
    Asked(which): Asked<Which>,
) -> Result<Response, Fault> {
    let edition = site.app.edition();
    let file = chat::indicators_csv(plan_of(&edition, &which.plan).ok_or_else(Fault::absent)?);
    Ok(shell::download(
        "text/csv; charset=utf-8",
        Some(&file.name),
        file.bytes,
    ))
}
