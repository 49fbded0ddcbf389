//! Several plans: one indicator of a place over the years, beside that of another place, and all of
//! a place as small pictures.

use super::addresses;
use super::encoding::encoded;
use super::fault::PageFault;
use super::form::Queried;
use super::pictures::{self, Drawn};
use super::shell::{self, Tab};
use super::site::Site;
use super::visitor::Visitor;
use crate::chart;
use crate::edition::Edition;
use crate::model::{Cell, Measure, Plan};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;

/// The words of an address.
type Words = Vec<(String, String)>;

/// What is asked: a place, one to compare with, and an indicator by the name that the place prints.
#[derive(Debug, Clone, Default)]
struct ComparedPlaces {
    place: String,
    other: String,
    name: String,
}

impl ComparedPlaces {
    /// The newest plan's place where none is named.
    fn of(edition: &Edition, words: &Words) -> Option<Self> {
        let word = |name: &str| {
            let mut found = words.iter().filter(|(known, _)| known == name);
            found
                .next_back()
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        };
        let mut place = word("place");
        if place.is_empty() {
            place.clone_from(&edition.book.newest()?.region);
        }
        let is_known = edition.book.plans().iter().any(|plan| plan.region == place);
        let (other, name) = (word("with"), word("name"));
        is_known.then_some(Self { place, other, name })
    }

    /// As words of an address.
    fn address(&self) -> String {
        let mut words = vec![format!("place={}", encoded(&self.place))];
        for (name, value) in [("with", &self.other), ("name", &self.name)] {
            if !value.is_empty() {
                words.push(format!("{name}={}", encoded(value)));
            }
        }
        words.join("&")
    }

    /// The places with the name that each prints; the other one only where it has such an
    /// indicator.
    fn places(&self, edition: &Edition) -> Vec<(String, String)> {
        let mut places = vec![(self.place.clone(), self.name.clone())];
        let thesaurus = &edition.words.thesaurus;
        let wanted = thesaurus.document(&self.name);
        let mut others = names(edition, &self.other).into_iter();
        if self.other != self.place
            && let Some(same) = others.find(|name| thesaurus.document(name) == wanted)
        {
            places.push((self.other.clone(), same));
        }
        places
    }
}

/// The regions of the book, each once.
fn regions(edition: &Edition) -> Vec<&str> {
    let mut regions: Vec<&str> = Vec::new();
    for plan in edition.book.plans() {
        if !regions.contains(&plan.region.as_str()) {
            regions.push(&plan.region);
        }
    }
    regions
}

/// The indicators of a place, in the order of its newest plan.
fn names(edition: &Edition, region: &str) -> Vec<String> {
    let concepts = edition.library.names.indicators.iter();
    concepts
        .filter(|concept| concept.region == region)
        .map(|concept| concept.printed.clone())
        .collect()
}

pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Queried(words): Queried<Words>,
) -> Result<Response, PageFault> {
    let edition = site.app.edition();
    let asked = ComparedPlaces::of(&edition, &words).ok_or_else(PageFault::absent)?;
    let all = names(&edition, &asked.place);
    if !asked.name.is_empty() && !all.contains(&asked.name) {
        return Err(PageFault::absent());
    }
    let content = html! {
        (choices(&edition, &asked, &all))
        @if asked.name.is_empty() { (small_pictures(&edition, &asked, &all)) }
        @else { (one(&edition, &asked)) }
    };
    Ok(shell::page(&site, Tab::Years, "历年", &visitor, content))
}

fn choices(edition: &Edition, asked: &ComparedPlaces, all: &[String]) -> Markup {
    let regions = regions(edition);
    html! {
        form.filters method="get" action="/years" {
            label { "地区 " select name="place" {
                @for region in &regions { option value=(region) selected[*region == asked.place] { (region) } }
            } }
            label { "指标 " select name="name" {
                option value="" { "全部（小图）" }
                @for name in all { option value=(name) selected[*name == asked.name] { (name) } }
            } }
            @if regions.len() > 1 { label { "对比地区 " select name="with" {
                option value="" { "不对比" }
                @for region in &regions { option value=(region) selected[*region == asked.other] { (region) } }
            } } }
            button type="submit" { "查看" }
            " " a href="/years" { "清除" }
        }
    }
}

/// All indicators as small pictures, each leading to its own.
fn small_pictures(edition: &Edition, asked: &ComparedPlaces, all: &[String]) -> Markup {
    let drawn = chart::multiples(
        &edition.book,
        &edition.library.names,
        &edition.words.thesaurus,
        (&asked.place, all),
    );
    html! {
        @match drawn {
            None => p.empty { "没有可以按年份画的指标。" },
            Some(picture) => {
                p.tools { span role="status" { "共 " (all.len()) " 项" } }
                div.details.drawing tabindex="0" role="region" aria-label="图" { (pictures::shown("/years/board", &asked.address(), &picture.description, Some(picture.size))) }
                h2 { "看一个指标" }
                ul { @for name in all {
                    @let one = ComparedPlaces { name: name.clone(), ..asked.clone() };
                    li { a href=(format!("/years?{}", one.address())) { (name) } }
                } }
            }
        }
    }
}

/// One indicator: its line, and the same figures as a table with where they stand.
fn one(edition: &Edition, asked: &ComparedPlaces) -> Markup {
    let places = asked.places(edition);
    let drawn = draw(edition, &places);
    let described = drawn.as_ref().map(|picture| picture.description.as_str());
    let size = drawn.as_ref().map(|picture| picture.size);
    let columns: Vec<Stated<'_>> = places
        .iter()
        .flat_map(|(region, name)| {
            [Measure::Target, Measure::Actual]
                .map(|measure| stated(edition, (region, name), measure))
        })
        .collect();
    let years = columns
        .iter()
        .flat_map(|column| column.cells.iter().map(|(year, ..)| *year));
    let mut years: Vec<i32> = years.collect();
    years.sort_unstable();
    years.dedup();
    html! {
        @if !asked.other.is_empty() && places.len() < 2 { p.empty { (asked.other) "的计划里没有这个指标，或两处是同一个地区。" } }
        div.details.drawing tabindex="0" role="region" aria-label="图" { (pictures::shown("/years/chart", &asked.address(), described.unwrap_or_default(), size)) }
        div.wide tabindex="0" role="region" aria-label="历年数字" { table {
            thead { tr { th scope="col" { "年份" } @for column in &columns { th scope="col" { (column.heading) } } } }
            tbody { @for year in &years { tr {
                th scope="row" { (year) "年" }
                @for column in &columns { td data-label=(column.heading) {
                    @if let Some((_, plan, cell)) = column.cells.iter().find(|(known, ..)| known == year) {
                        (cell.quantity.shown()) " " a href=(addresses::of_place(plan, &cell.place)) { (plan.plan_year) "年计划 " (cell.place) }
                    }
                } }
            } } }
        } }
    }
}

/// A column of the table: the first cell of each year, as answers take it.
struct Stated<'a> {
    heading: String,
    cells: Vec<(i32, &'a Plan, &'a Cell)>,
}

fn stated<'a>(edition: &'a Edition, (region, name): (&str, &str), measure: Measure) -> Stated<'a> {
    let word = match measure {
        Measure::Target => "目标",
        Measure::Actual => "完成",
    };
    let concepts = edition.library.names.indicators.iter();
    let mut concepts = concepts.filter(|concept| concept.region == region);
    let members = concepts
        .find(|concept| concept.printed == name)
        .map(|concept| &concept.members);
    let mut cells: Vec<(i32, &Plan, &Cell)> = Vec::new();
    for (plan, at) in members.into_iter().flatten() {
        let plan = edition.book.plan(*plan);
        let row = plan.and_then(|plan| Some((plan, plan.indicators.get(*at)?)));
        let Some((plan, indicator)) = row else {
            continue;
        };
        for cell in indicator
            .cells
            .iter()
            .filter(|cell| cell.measure == Some(measure))
        {
            if let Some(year) = cell.year
                && !cells.iter().any(|(known, ..)| *known == year)
            {
                cells.push((year, plan, cell));
            }
        }
    }
    Stated {
        heading: format!("{region}{word}"),
        cells,
    }
}

fn draw(edition: &Edition, places: &[(String, String)]) -> Option<chart::Picture> {
    let places: Vec<(&str, &str)> = places
        .iter()
        .map(|(region, name)| (region.as_str(), name.as_str()))
        .collect();
    let (names, thesaurus) = (&edition.library.names, &edition.words.thesaurus);
    chart::over_years(&edition.book, names, thesaurus, &places)
}

/// What a picture is to be made of, and how.
fn wanted(
    site: &Site,
    form: &str,
    words: &Words,
) -> Result<(Drawn, Arc<Edition>, ComparedPlaces), PageFault> {
    let drawn = Drawn::of(form, words)?;
    let edition = site.app.edition();
    let asked = ComparedPlaces::of(&edition, words).ok_or_else(PageFault::absent)?;
    Ok((drawn, edition, asked))
}

/// The line of an indicator.
pub(super) async fn line(
    State(site): State<Arc<Site>>,
    Path(form): Path<String>,
    Queried(words): Queried<Words>,
) -> Result<Response, PageFault> {
    let (drawn, edition, asked) = wanted(&site, &form, &words)?;
    pictures::respond(&site, drawn, move || {
        draw(&edition, &asked.places(&edition))
    })
    .await
}

/// The small pictures of a place.
pub(super) async fn board(
    State(site): State<Arc<Site>>,
    Path(form): Path<String>,
    Queried(words): Queried<Words>,
) -> Result<Response, PageFault> {
    let (drawn, edition, asked) = wanted(&site, &form, &words)?;
    pictures::respond(&site, drawn, move || {
        let all = names(&edition, &asked.place);
        chart::multiples(
            &edition.book,
            &edition.library.names,
            &edition.words.thesaurus,
            (&asked.place, &all),
        )
    })
    .await
}
