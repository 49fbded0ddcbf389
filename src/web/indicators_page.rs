//! The indicators: filters, order, hidden columns, two years side by side, and the table as files
//! and as a picture. Everything is in the address, and all that leads away from it keeps it.

use super::addresses;
use super::encoding::encoded;
use super::fault::PageFault;
use super::form::{Queried, csv_reader};
use super::indicator_details;
use super::indicator_rows::{RowFilter, View, all_fields, chosen, known_years, orders, plan_of};
use super::pictures::{self, Drawn};
use super::plan_choice;
use super::shell::{self, Tab};
use super::site::Site;
use super::verdict_mark::mark;
use super::visitor::Visitor;
use crate::chart::{self, BoardColumn, BoardOrder, BoardRow, BoardView};
use crate::chat::{self, Chosen, ChosenRow, Field};
use crate::edition::Edition;
use crate::model::{IndicatorNature, Measure, Plan};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;

const VERDICTS: [&str; 3] = ["达标", "未达标", "不可判定"];
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The words of an address, in their order.
type Words = Vec<(String, String)>;

pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Queried(words): Queried<Words>,
) -> Result<Response, PageFault> {
    let edition = site.app.edition();
    let mut view = View::of(words);
    let which = view.settle(&edition).ok_or_else(PageFault::absent)?;
    let plan = which.plan;
    let table = chosen(&edition, plan, &view);
    let content = html! {
        (which.title(&html! {}))
        (choices(&edition, plan, &view))
        p.tools {
            span role="status" { "共 " (table.rows.len()) " 项" }
            (downloads(plan, &view))
        }
        @if table.rows.is_empty() { p.empty { "没有符合条件的指标；请放宽条件。" } }
        @else { (shown(&edition, &visitor, &table, &view)) }
    };
    Ok(shell::page(
        &site,
        Tab::Indicators,
        "指标",
        &visitor,
        content,
    ))
}

/// The years of which there is a picture each: those that are shown, or the reported one.
fn board_years(plan: &Plan, view: &View) -> Vec<i32> {
    let asked = [&view.filter.year, &view.filter.beside];
    let mut years: Vec<i32> = asked.iter().filter_map(|year| year.parse().ok()).collect();
    years.dedup();
    if view.filter.year.is_empty() {
        years = vec![plan.executed_year];
    }
    years
}

/// The table as it is shown, as files and as a picture.
fn downloads(plan: &Plan, view: &View) -> Markup {
    let state = view.address();
    let address = |path: &str, more: &str| {
        let words: Vec<&str> = [state.as_str(), more]
            .into_iter()
            .filter(|w| !w.is_empty())
            .collect();
        format!("/indicators{path}?{}", words.join("&"))
    };
    html! {
        a href=(address(".xlsx", "")) { "下载 XLSX" }
        a href=(address(".csv", "")) { "下载 CSV（Excel）" }
        a href=(address(".csv", "reader=program")) { "CSV（程序用）" }
        @for year in board_years(plan, view) {
            @let of_year = View { filter: RowFilter { year: year.to_string(), ..view.filter.clone() }, ..view.clone() };
            @let words = if view.filter.year.is_empty() { state.clone() } else { of_year.address() };
            span { "图片（" (year) "年目标、完成、是否达标，也按这里的条件和列） "
                a href=(format!("/indicators/board.png?{words}")) { "PNG" } " "
                a href=(format!("/indicators/board.svg?{words}")) { "SVG" }
            }
        }
    }
}

fn choices(edition: &Edition, plan: &Plan, view: &View) -> Markup {
    let natures =
        [IndicatorNature::Anticipatory, IndicatorNature::Binding].map(IndicatorNature::word);
    let years: Vec<String> = known_years(edition, plan)
        .iter()
        .map(i32::to_string)
        .collect();
    let years: Vec<&str> = years.iter().map(String::as_str).collect();
    let filter = &view.filter;
    let fields = all_fields(edition, plan, filter);
    let is_descending = filter.dir == "desc";
    html! {
        form.filters method="get" action="/indicators" {
            (plan_choice::fields(edition, plan))
            (choice("category", "类别", &plan.categories(), &filter.category))
            (choice("nature", "属性", &natures, &filter.nature))
            (choice("verdict", "是否达标", &VERDICTS, &filter.verdict))
            (choice("year", "年份", &years, &filter.year))
            @if years.len() > 1 { (choice("with", "并列年份", &years, &filter.beside)) }
            label { "排序 " select name="sort" {
                option value="" { "原表顺序" }
                @for (key, name) in orders(&fields) { option value=(key) selected[key == filter.sort] { (name) } }
            } }
            label { "方向 " select name="dir" {
                option value="asc" { "从小到大" }
                option value="desc" selected[is_descending] { "从大到小" }
            } }
            details.columns open[!view.hidden.is_empty()] {
                summary { "隐藏列" }
                @for field in &fields { label {
                    input type="checkbox" name="hide" value=(field.key()) checked[view.hidden.contains(&field.key())];
                    " " (field.heading())
                } }
            }
            button type="submit" { "筛选" }
            " " a href=(if filter.plan.is_empty() { "/indicators".to_string() } else { format!("/indicators?plan={}", encoded(&filter.plan)) }) { "清除" }
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

fn shown(edition: &Edition, visitor: &Visitor, table: &Chosen<'_>, view: &View) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="指标表" { table.indicators {
            thead { tr {
                (head(view, "name", "指标"))
                @for field in &table.fields { (field_head(view, field)) }
                th scope="col" { "详情" }
            } }
            tbody { @for row in &table.rows { (line(edition, visitor, table, row)) } }
        } }
    }
}

fn field_head(view: &View, field: &Field) -> Markup {
    match field {
        Field::Unit => html! { th scope="col" { (field.heading()) } },
        _ => head(view, &field.key(), field.heading()),
    }
}

/// A heading that orders the table; once more turns the order round.
fn head(view: &View, key: &str, label: &str) -> Markup {
    let is_sorted = view.filter.sort == key;
    let descends = is_sorted && view.filter.dir == "desc";
    let next = if is_sorted && !descends {
        "desc"
    } else {
        "asc"
    };
    let kept = view.without_order();
    let join = if kept.is_empty() { "" } else { "&" };
    let order = is_sorted.then_some(if descends { "descending" } else { "ascending" });
    html! {
        th scope="col" aria-sort=[order] {
            a href=(format!("/indicators?{kept}{join}sort={}&dir={next}", encoded(key))) { (label) @if is_sorted { @if descends { " ▼" } @else { " ▲" } } }
        }
    }
}

fn line(edition: &Edition, visitor: &Visitor, table: &Chosen<'_>, row: &ChosenRow<'_>) -> Markup {
    let indicator = row.indicator;
    let id = format!("more{}", row.at);
    html! {
        tr id=(format!("i{}", row.at)) {
            th scope="row" { a href=(addresses::of_indicator(table.plan, row.at)) { (indicator.name) } }
            @for field in &table.fields {
                td data-label=(field.heading()) {
                    @match field {
                        Field::Unit => (indicator.unit),
                        Field::Nature => (indicator.nature.map_or("", IndicatorNature::word)),
                        Field::Category => (indicator.category),
                        Field::Figures(year, measure, _) => {
                            @if let Some((_, cell)) = row.cell(*year, *measure) { span title=(cell.place) { (cell.quantity.printed) } }
                        }
                        Field::Verdict => { @for (year, verdict) in &row.verdicts { (mark(*year, *verdict)) } }
                    }
                }
            }
            td data-label="详情" {
                button type="button" popovertarget=(id) { "详情" }
                div.chart id=(id) popover {
                    strong { (indicator.name) }
                    (indicator_details::inside(edition, visitor, table.plan, row, None))
                    button type="button" popovertarget=(id) popovertargetaction="hide" { "关闭" }
                }
            }
        }
    }
}

/// The rows as they are chosen, drawn as a board.
pub(super) async fn board(
    State(site): State<Arc<Site>>,
    Path(form): Path<String>,
    Queried(words): Queried<Words>,
) -> Result<Response, PageFault> {
    let drawn = Drawn::of(&form, &words)?;
    let edition = site.app.edition();
    let view = View::of(words);
    let plan_id = plan_of(&edition, &view.filter.plan)
        .ok_or_else(PageFault::absent)?
        .id
        .clone();
    pictures::respond(&site, drawn, move || {
        let plan = edition.book.by_id(&plan_id)?;
        let table = chosen(&edition, plan, &view);
        let view = board_view(&table, &view);
        Some(chart::board_of(plan, &edition.words.thesaurus, &view))
    })
    .await
}

/// The board of a table: its rows and order, and of its columns those that a board has.
fn board_view<'a>(table: &Chosen<'a>, view: &View) -> BoardView<'a> {
    let plan = table.plan;
    let year = view.filter.year.parse().unwrap_or(plan.executed_year);
    let key = |measure| Field::Figures(year, measure, String::new()).key();
    let columns = [
        (BoardColumn::Category, Field::Category.key(), "类别"),
        (BoardColumn::Target, key(Measure::Target), "目标"),
        (BoardColumn::Actual, key(Measure::Actual), "完成"),
        (BoardColumn::Verdict, Field::Verdict.key(), "是否达标"),
    ];
    let hidden = columns
        .iter()
        .filter(|(_, key, _)| view.hidden.contains(key));
    let words: Vec<&str> = hidden.clone().map(|(.., word)| *word).collect();
    let mut notes: Vec<String> = Vec::new();
    if !table.said.is_empty() {
        notes.push(table.said.clone());
    }
    let (shown, all) = (table.rows.len(), plan.indicators.len());
    if shown < all {
        notes.push(format!("{all}项中的{shown}项"));
    }
    if !words.is_empty() {
        notes.push(format!("没有画{}", words.join("、")));
    }
    if !view.filter.beside.is_empty() && view.filter.beside != view.filter.year {
        notes.push(format!("只画{year}年"));
    }
    BoardView {
        year,
        rows: table.rows.iter().map(|row| board_row(row, year)).collect(),
        order: if view.filter.sort.is_empty() {
            BoardOrder::ByCategory
        } else {
            BoardOrder::AsGiven
        },
        hidden: hidden.map(|(column, ..)| *column).collect(),
        notes,
    }
}

fn board_row<'a>(row: &ChosenRow<'a>, year: i32) -> BoardRow<'a> {
    BoardRow {
        indicator: row.indicator,
        target: row.cell(year, Measure::Target),
        actual: row.cell(year, Measure::Actual),
    }
}

/// The table as a workbook, with the glossary of the plan.
pub(super) async fn workbook(
    State(site): State<Arc<Site>>,
    Queried(words): Queried<Words>,
) -> Result<Response, PageFault> {
    let edition = site.app.edition();
    let view = View::of(words);
    let plan = plan_of(&edition, &view.filter.plan).ok_or_else(PageFault::absent)?;
    let table = chosen(&edition, plan, &view);
    let file = chat::plan_workbook(&[table], None).map_err(|error| {
        tracing::error!(%error, "the tables could not be made");
        PageFault::ours()
    })?;
    Ok(shell::download(WORKBOOK, Some(&file.name), file.bytes))
}

/// The table as comma-separated text.
pub(super) async fn csv(
    State(site): State<Arc<Site>>,
    Queried(words): Queried<Words>,
) -> Result<Response, PageFault> {
    let reader = csv_reader(&words);
    let edition = site.app.edition();
    let view = View::of(words);
    let plan = plan_of(&edition, &view.filter.plan).ok_or_else(PageFault::absent)?;
    let file = chat::indicators_csv(&chosen(&edition, plan, &view), reader);
    Ok(shell::download(
        "text/csv; charset=utf-8",
        Some(&file.name),
        file.bytes,
    ))
}
