//! Synonyms: those that are in use, each to be withdrawn, one to be tried, and what one would
//! change before it is adopted.

use super::otherwise;
use super::shell::{self, Tab};
use super::site::Site;
use super::visitor::Visitor;
use crate::app::{SynonymChange, SynonymPreview};
use crate::chat::adopted_sentence;
use axum::response::Response;
use maud::{Markup, html};

/// The part of the administration that shows synonyms.
pub(super) fn section(site: &Site, visitor: &Visitor) -> Markup {
    let edition = site.app.edition();
    let plans = edition.book.plans();
    let several = plans.len() > 1;
    let mut names: Vec<&str> = Vec::new();
    for plan in plans {
        let indicators = plan
            .indicators
            .iter()
            .map(|indicator| indicator.name.as_str());
        names.extend(indicators.chain(plan.terms.iter().map(|term| term.name.as_str())));
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(*name));
    html! {
        p { "人们的叫法和报告里的名称不一样时，在这里说它就是哪一个。先看哪些问题会因此答得不同，再决定采纳；随时可以撤回。" }
        form.filters data-long="试这个叫法" method="post" action="/admin/synonym" {
            input type="hidden" name="csrf" value=(visitor.csrf);
            label { "人们说 " input name="said" required minlength="2" maxlength="16"; }
            label { "就是报告里的 " select name="printed" required {
                option value="" { "请选择" }
                @for name in &names { option value=(name) { (name) } }
            } }
            button type="submit" { "先看会变什么" }
        }
        @let used: Vec<_> = plans.iter().flat_map(|plan| plan.synonyms.iter().map(move |synonym| (plan, synonym))).collect();
        @if !used.is_empty() { details { summary { "正在用的叫法" } div.wide tabindex="0" role="region" aria-label="正在用的叫法" { table {
            thead { tr { th scope="col" { "报告里的名称" } th scope="col" { "叫法" } } }
            tbody { @for (plan, (printed, said)) in &used { tr {
                th scope="row" { (printed) @if several { "（" (plan.region) (plan.plan_year) "年）" } }
                td data-label="叫法" { div { @for said in said {
                    form.inline method="post" action="/admin/withdraw" data-long="撤回" {
                        input type="hidden" name="csrf" value=(visitor.csrf);
                        input type="hidden" name="printed" value=(printed);
                        input type="hidden" name="said" value=(said);
                        (said) " " button type="submit" aria-label=(format!("撤回“{said}”")) { "撤回" }
                    }
                } } }
            } } }
        } } } }
    }
}

/// What a synonym would change.
pub(super) fn shown(site: &Site, visitor: &Visitor, preview: &SynonymPreview) -> Response {
    let (printed, said) = (&preview.printed, &preview.said);
    let content = html! {
        p { "“" (said) "”按“" strong { (printed) } "”理解。" }
        @if let Some(hindered) = &preview.hindered { p.fault role="alert" { (adopted_sentence(hindered, SynonymChange::Adopt, printed, said)) } }
        @if preview.of_people.asked > 0 {
            h2 { "人们问过的" }
            (otherwise::table("用人们问过的话", &preview.of_people))
        }
        @if preview.of_plans.asked > 0 {
            h2 { "计划里的内容" }
            (otherwise::table("用这个叫法和计划里的全部指标、名词", &preview.of_plans))
        }
        div.tools.acts {
            @if preview.hindered.is_none() {
                form method="post" action="/admin/adopt" data-long="采纳" {
                    input type="hidden" name="csrf" value=(visitor.csrf);
                    input type="hidden" name="printed" value=(printed);
                    input type="hidden" name="said" value=(said);
                    button.primary type="submit" { "采纳" }
                }
            }
            a href="/admin#synonyms" { "不采纳" }
        }
    };
    shell::page(site, Tab::Admin, "采纳叫法之前", visitor, content)
}
