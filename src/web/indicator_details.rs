//! One indicator: its figures of all years, its remarks, where it stands in the report, its
//! picture, and what can be asked of it. Inside the table, and as a page with an address of its
//! own.

use super::addresses;
use super::encoding::encoded;
use super::fault::PageFault;
use super::form::Queried;
use super::indicator_rows::{RowFilter, plan_of, rows};
use super::pictures::{self, Drawn};
use super::shell::{self, Tab};
use super::site::Site;
use super::verdict_mark::mark;
use super::visitor::Visitor;
use crate::chart;
use crate::chat::ChosenRow;
use crate::edition::Edition;
use crate::model::{Measure, Plan};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// Which indicator.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WhichRow {
    plan: String,
    at: String,
}

pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Queried(which): Queried<WhichRow>,
) -> Result<Response, PageFault> {
    let edition = site.app.edition();
    let plan = plan_of(&edition, &which.plan).ok_or_else(PageFault::absent)?;
    let all = rows(&edition, plan, &RowFilter::default());
    let at: Option<usize> = which.at.parse().ok();
    let row = all
        .iter()
        .find(|row| Some(row.at) == at)
        .ok_or_else(PageFault::absent)?;
    // The row is what this page is about: how large its picture is is known before it comes.
    let drawn = chart::indicator_of(
        &edition.book,
        &edition.library.names,
        &edition.words.thesaurus,
        (&plan.region, &row.indicator.name),
    );
    let size = drawn.map(|picture| picture.size);
    let content = html! {
        p.scope { (plan.title) }
        p { a href=(format!("/indicators?plan={}#i{}", encoded(&plan.id.0), row.at)) { "回到指标表" } }
        div.details { (inside(&edition, &visitor, plan, row, size)) }
    };
    Ok(shell::page(
        &site,
        Tab::Indicators,
        &row.indicator.name,
        &visitor,
        content,
    ))
}

/// What a row opens, with the size of its picture where it was drawn already.
pub(super) fn inside(
    edition: &Edition,
    visitor: &Visitor,
    plan: &Plan,
    row: &ChosenRow<'_>,
    size: Option<(u32, u32)>,
) -> Markup {
    let indicator = row.indicator;
    let about = [
        indicator.unit.as_str(),
        indicator.category.as_str(),
        indicator.nature.map_or("", |nature| nature.word()),
    ];
    let about: Vec<&str> = about.into_iter().filter(|word| !word.is_empty()).collect();
    let described = chart::described_of(
        &edition.book,
        &edition.library.names,
        &edition.words.thesaurus,
        (&plan.region, &indicator.name),
    )
    .unwrap_or_default();
    html! {
        p { (about.join(" · ")) @for (year, verdict) in &row.verdicts { " " (mark(*year, *verdict)) } }
        ul.figures { @for (heading, shown, places) in figures(row) {
            li { (heading) "：" strong { (shown) } @for (plan, place) in places {
                "　" a href=(addresses::of_place(plan, place)) { (plan.plan_year) "年计划 " (place) }
            } }
        } }
        @for (at, note) in row.remarks() {
            p.remark { a href=(addresses::of_note(plan, at)) { (note.place) } "：" (note.text) }
        }
        (pictures::shown("/indicators/chart", &addresses::indicator_words(plan, row.at), &described, size))
        (questions(edition, visitor, plan, row))
    }
}

/// A printed figure under its heading, with all places where it stands so.
type Stated<'a> = (&'a str, String, Vec<(&'a Plan, &'a str)>);

fn figures<'a>(row: &ChosenRow<'a>) -> Vec<Stated<'a>> {
    let mut all: Vec<Stated<'a>> = Vec::new();
    for (plan, indicator) in &row.members {
        for cell in &indicator.cells {
            let place = (*plan, cell.place.as_str());
            let shown = cell.quantity.shown();
            let mut known = all.iter_mut();
            match known.find(|known| known.0 == cell.heading && known.1 == shown) {
                Some(known) => known.2.push(place),
                None => all.push((&cell.heading, shown, vec![place])),
            }
        }
    }
    all
}

/// Questions that a press asks in the chat.
fn questions(edition: &Edition, visitor: &Visitor, plan: &Plan, row: &ChosenRow<'_>) -> Markup {
    // Where there are several places, a question that names none would be asked back.
    let mut plans = edition.book.plans().iter();
    let is_one_place = plans.all(|other| other.region == plan.region);
    let place = if is_one_place { "" } else { &plan.region };
    let name = format!("{place}{}", row.indicator.name);
    let (planned, executed) = (plan.plan_year, plan.executed_year);
    let mut asked: Vec<String> = Vec::new();
    if row.cell(planned, Measure::Target).is_some() {
        asked.push(format!("{name}{planned}年目标是多少"));
    }
    if row.cell(executed, Measure::Actual).is_some() {
        asked.push(format!("{name}{executed}年完成情况"));
    }
    if row.verdict(executed).is_some() {
        asked.push(format!("{name}{executed}年达标没有"));
    }
    if row.remarks().next().is_some() {
        asked.push(format!("{name}有什么说明"));
    }
    html! {
        form.asks method="post" action="/chat/say" {
            input type="hidden" name="csrf" value=(visitor.csrf);
            @for question in &asked { button type="submit" name="text" value=(question) { "问：" (question) } }
        }
    }
}

/// The picture of an indicator over the years.
pub(super) async fn picture(
    State(site): State<Arc<Site>>,
    Path(form): Path<String>,
    Queried(asked): Queried<Vec<(String, String)>>,
) -> Result<Response, PageFault> {
    let drawn = Drawn::of(&form, &asked)?;
    let of = |name: &str| {
        let mut words = asked.iter().filter(|(known, _)| known == name);
        words
            .next_back()
            .map(|(_, value)| value.as_str())
            .unwrap_or_default()
    };
    let edition = site.app.edition();
    let plan = plan_of(&edition, of("plan")).ok_or_else(PageFault::absent)?;
    let indicator = of("at")
        .parse::<usize>()
        .ok()
        .and_then(|at| plan.indicators.get(at));
    let name = indicator.ok_or_else(PageFault::absent)?.name.clone();
    let region = plan.region.clone();
    pictures::respond(&site, drawn, move || {
        chart::indicator_of(
            &edition.book,
            &edition.library.names,
            &edition.words.thesaurus,
            (&region, &name),
        )
    })
    .await
}
