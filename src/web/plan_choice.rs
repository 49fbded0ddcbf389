//! Which plan a page shows. Place and year are chosen each by itself; what goes with the other one
//! stands first in each list, so that they narrow each other without a script too. Where a place
//! has several plans of a year, they are told apart by their titles.

use crate::edition::Edition;
use crate::model::{Plan, PlanId};
use maud::{Markup, html};
use serde::Deserialize;

/// The words of an address that choose a plan; none of them is the newest.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct PlanWords {
    /// The one that an address names, or that was shown when another place or year was chosen.
    pub(super) plan: String,
    pub(super) place: Option<String>,
    /// The planned year.
    pub(super) planned: Option<String>,
}

pub(super) struct ShownPlan<'a> {
    pub(super) plan: &'a Plan,
    /// Why it is not what was chosen.
    pub(super) instead: Option<String>,
}

impl PlanWords {
    /// The plan that they choose. No plan has the place and the year: then what was changed last
    /// counts, and that is said.
    pub(super) fn find<'a>(&self, edition: &'a Edition) -> Option<ShownPlan<'a>> {
        let before = edition.book.by_id(&PlanId(self.plan.clone()));
        let exact = |plan| ShownPlan {
            plan,
            instead: None,
        };
        if self.place.is_none() && self.planned.is_none() {
            let named = if self.plan.is_empty() {
                edition.book.newest()
            } else {
                before
            };
            return named.map(exact);
        }
        let plans = edition.book.plans();
        let start = before.or(edition.book.newest())?;
        let place = self.place.as_deref().unwrap_or(&start.region);
        let year = self.planned.as_deref().and_then(|year| year.parse().ok());
        let year = year.unwrap_or(start.plan_year);
        let fits = |plan: &&Plan| plan.region == place && plan.plan_year == year;
        let chosen = before.filter(fits).or_else(|| plans.iter().find(fits));
        if let Some(plan) = chosen {
            return Some(exact(plan));
        }
        let of_place = plans.iter().filter(|plan| plan.region == place);
        let nearest = of_place.min_by_key(|plan| (plan.plan_year - year).abs());
        let of_year = plans.iter().find(|plan| plan.plan_year == year);
        let plan = if place == start.region {
            of_year.or(nearest)
        } else {
            nearest.or(of_year)
        }?;
        let instead = format!(
            "{place}没有{year}年的计划；下面是{}{}年的。",
            plan.region, plan.plan_year
        );
        Some(ShownPlan {
            plan,
            instead: Some(instead),
        })
    }
}

impl ShownPlan<'_> {
    /// The plan by its title, and why it is not what was chosen.
    pub(super) fn title(&self, more: &Markup) -> Markup {
        html! {
            @if let Some(instead) = &self.instead { p.result role="status" { (instead) } }
            p.scope { (self.plan.title) " " (more) }
        }
    }
}

/// An entry of a list, with what goes with it in the other list.
struct Entry {
    value: String,
    label: String,
    with: Vec<String>,
}

/// The fields of a form that choose another plan; none where there is one plan.
pub(super) fn fields(edition: &Edition, plan: &Plan) -> Markup {
    let plans = edition.book.plans();
    let (mut places, mut years): (Vec<Entry>, Vec<Entry>) = (Vec::new(), Vec::new());
    for known in plans {
        let year = known.plan_year.to_string();
        add(&mut places, &known.region, &known.region, &year);
        add(&mut years, &year, &format!("{year}年"), &known.region);
    }
    years.sort_by(|a, b| b.value.cmp(&a.value));
    let is_alike = |known: &&Plan| known.region == plan.region && known.plan_year == plan.plan_year;
    let alike: Vec<&Plan> = plans.iter().filter(is_alike).collect();
    let year = plan.plan_year.to_string();
    html! {
        @if plans.len() > 1 {
            (list("place", "地区", &places, (&plan.region, &year), ["有这一年计划的地区", "没有这一年计划的地区"]))
            (list("planned", "计划年度", &years, (&year, &plan.region), ["这个地区的年度", "其他地区的年度"]))
            @if alike.len() > 1 {
                label { "计划 " select name="plan" { @for known in &alike {
                    option value=(known.id.0) selected[known.id == plan.id] { (known.title) }
                } } }
            } @else { input type="hidden" name="plan" value=(plan.id.0); }
        }
    }
}

fn add(entries: &mut Vec<Entry>, value: &str, label: &str, with: &str) {
    match entries.iter_mut().find(|entry| entry.value == value) {
        Some(entry) => entry.with.push(with.to_string()),
        None => entries.push(Entry {
            value: value.to_string(),
            label: label.to_string(),
            with: vec![with.to_string()],
        }),
    }
}

/// A list whose first group goes with what the other list has chosen.
fn list(
    name: &str,
    label: &str,
    entries: &[Entry],
    (chosen, other): (&str, &str),
    groups: [&str; 2],
) -> Markup {
    let goes = |entry: &Entry| entry.with.iter().any(|with| with == other);
    html! {
        label { (label) " " select name=(name) {
            @for (group, is_first) in groups.iter().zip([true, false]) {
                optgroup label=(group) hidden[!entries.iter().any(|entry| goes(entry) == is_first)] {
                    @for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| goes(entry) == is_first) {
                        option value=(entry.value) selected[entry.value == chosen] data-at=(at) data-with=(entry.with.join("|")) { (entry.label) }
                    }
                }
            }
        } }
    }
}
