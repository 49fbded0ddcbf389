//! The glossary with a search; every entry has an address.

use super::encoding::encoded;
use super::fault::PageFault;
use super::form::Queried;
use super::highlight::{holds, marked, words};
use super::plan_choice::{self, PlanWords};
use super::shell::{self, Tab};
use super::site::Site;
use super::visitor::Visitor;
use crate::edition::Edition;
use crate::model::Plan;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct GlossarySearch {
    #[serde(flatten)]
    pub(super) which: PlanWords,
    pub(super) q: String,
}

pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Queried(search): Queried<GlossarySearch>,
) -> Result<Response, PageFault> {
    let edition = site.app.edition();
    let shown = search.which.find(&edition).ok_or_else(PageFault::absent)?;
    let plan = shown.plan;
    let words = words(&search.q);
    let found: Vec<_> = plan
        .terms
        .iter()
        .enumerate()
        .filter(|(_, term)| holds(&format!("{} {}", term.name, term.definition), &words))
        .collect();
    let content = html! {
        (shown.title(&html! {}))
        (form(&edition, plan, ("/glossary", &search.q), "在名词和解释里找"))
        p.tools role="status" { "共 " (found.len()) " 条" }
        @if found.is_empty() { p.empty { "没有找到；请换个词。" } }
        dl.terms { @for (at, term) in found {
            div id=(format!("t{at}")) {
                dt { a href=(format!("#t{at}")) title="本条的地址" { (term.number) } " " (marked(&term.name, &words)) }
                dd { (marked(&term.definition, &words)) }
            }
        } }
    };
    Ok(shell::page(
        &site,
        Tab::Glossary,
        "名词解释",
        &visitor,
        content,
    ))
}

/// A search over one page, and the choice of a plan.
pub(super) fn form(
    edition: &Edition,
    plan: &Plan,
    (action, q): (&str, &str),
    label: &str,
) -> Markup {
    html! {
        form.filters role="search" method="get" action=(action) {
            (plan_choice::fields(edition, plan))
            label { (label) " " input type="search" name="q" value=(q) maxlength="100"; }
            button type="submit" { "查找" }
            @if !q.is_empty() { " " a href=(format!("{action}?plan={}", encoded(&plan.id.0))) { "看全部" } }
        }
    }
}
