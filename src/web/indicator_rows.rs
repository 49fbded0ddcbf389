//! Which rows and columns of the table of indicators an address asks for, and in which order: for
//! the page, its files and pictures, and for programs.

use super::encoding::encoded;
use super::plan_choice::{PlanWords, ShownPlan};
use crate::chat::{Chosen, ChosenRow, Field, fields, figures, years};
use crate::edition::Edition;
use crate::model::{Cell, Indicator, IndicatorNature, Measure, Plan, PlanId};
use rust_decimal::Decimal;
use serde::Deserialize;

/// The orders that are no column of figures.
const ORDERS: [&str; 4] = ["name", "nature", "category", "verdict"];

/// What is asked of the table; nothing said is no limit.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RowFilter {
    pub(super) plan: String,
    pub(super) category: String,
    pub(super) nature: String,
    pub(super) verdict: String,
    /// The year whose figures are shown.
    pub(super) year: String,
    /// A second year, which is shown beside it.
    #[serde(rename = "with")]
    pub(super) beside: String,
    pub(super) sort: String,
    pub(super) dir: String,
}

/// A filter with the columns that are hidden.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    pub(super) filter: RowFilter,
    /// Another place or year, where one was chosen.
    pub(super) which: PlanWords,
    pub(super) hidden: Vec<String>,
}

impl View {
    /// Of the words of an address; a word that comes again hides one more column, or takes the
    /// place of the one before.
    pub(super) fn of(words: Vec<(String, String)>) -> Self {
        let mut view = Self::default();
        for (name, value) in words {
            if name == "hide" {
                view.hidden.push(value);
            } else if name == "place" {
                view.which.place = Some(value);
            } else if name == "planned" {
                view.which.planned = Some(value);
            } else if let Some(place) = view.filter.place(&name) {
                *place = value;
            }
        }
        // An address of before places and years could be chosen names the plan alone.
        view.which.plan.clone_from(&view.filter.plan);
        view
    }

    /// The plan that is asked for, which from now on is named where one was chosen.
    pub(super) fn settle<'a>(&mut self, edition: &'a Edition) -> Option<ShownPlan<'a>> {
        let shown = self.which.find(edition)?;
        // What leads away from the page names the plan then: place and year are found anew nowhere
        // else.
        if self.which.place.is_some() || self.which.planned.is_some() {
            self.filter.plan.clone_from(&shown.plan.id.0);
        }
        Some(shown)
    }

    /// The state as words of an address, without an order.
    pub(super) fn without_order(&self) -> String {
        let mut kept = self.clone();
        kept.filter.sort.clear();
        kept.filter.dir.clear();
        kept.address()
    }

    /// The whole state as words of an address.
    pub(super) fn address(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        let filter = &self.filter;
        let named = [
            ("plan", &filter.plan),
            ("category", &filter.category),
            ("nature", &filter.nature),
            ("verdict", &filter.verdict),
            ("year", &filter.year),
            ("with", &filter.beside),
            ("sort", &filter.sort),
            ("dir", &filter.dir),
        ];
        for (name, value) in named {
            if !value.is_empty() {
                words.push(format!("{name}={}", encoded(value)));
            }
        }
        let hidden = self.hidden.iter();
        words.extend(hidden.map(|key| format!("hide={}", encoded(key))));
        words.join("&")
    }
}

impl RowFilter {
    fn place(&mut self, name: &str) -> Option<&mut String> {
        match name {
            "plan" => Some(&mut self.plan),
            "category" => Some(&mut self.category),
            "nature" => Some(&mut self.nature),
            "verdict" => Some(&mut self.verdict),
            "year" => Some(&mut self.year),
            "with" => Some(&mut self.beside),
            "sort" => Some(&mut self.sort),
            "dir" => Some(&mut self.dir),
            _ => None,
        }
    }

    /// The years that are asked for; none where all columns of the plan are.
    fn years(&self) -> Vec<i32> {
        let asked = [&self.year, &self.beside];
        asked.iter().filter_map(|year| year.parse().ok()).collect()
    }

    /// By what rows are chosen and ordered, in words.
    fn said(&self, all: &[Field]) -> String {
        let mut said: Vec<String> = Vec::new();
        let named = [
            ("类别", &self.category),
            ("属性", &self.nature),
            ("是否达标", &self.verdict),
        ];
        for (name, value) in named {
            if !value.is_empty() {
                said.push(format!("{name}：{value}"));
            }
        }
        let years: Vec<String> = self.years().iter().map(i32::to_string).collect();
        if !years.is_empty() {
            said.push(format!("年份：{}", years.join("、")));
        }
        let sorted = all.iter().find(|field| field.key() == self.sort);
        let sorted = sorted.map(Field::heading);
        if let Some(heading) = sorted.or((self.sort == "name").then_some("指标")) {
            let way = if self.dir == "desc" {
                "从大到小"
            } else {
                "从小到大"
            };
            said.push(format!("按{heading}{way}"));
        }
        said.join("，")
    }
}

/// The plan that is asked for; the newest where none is named.
pub(super) fn plan_of<'a>(edition: &'a Edition, id: &str) -> Option<&'a Plan> {
    if id.is_empty() {
        edition.book.newest()
    } else {
        edition.book.by_id(&PlanId(id.to_string()))
    }
}

/// The plan and further ones of its place, newest first.
fn of_place<'a>(edition: &'a Edition, plan: &'a Plan) -> Vec<&'a Plan> {
    let others = edition.book.plans().iter();
    let others = others.filter(|other| other.region == plan.region && other.id != plan.id);
    std::iter::once(plan).chain(others).collect()
}

/// All years that the plans of its place have figures of.
pub(super) fn known_years(edition: &Edition, plan: &Plan) -> Vec<i32> {
    years(&figures(of_place(edition, plan)))
}

/// All columns that a filter's years leave, none hidden.
pub(super) fn all_fields(edition: &Edition, plan: &Plan, filter: &RowFilter) -> Vec<Field> {
    let asked = filter.years();
    if asked.is_empty() {
        return fields(figures([plan]));
    }
    // A year may be printed only in another plan of the place: last year as achieved, this year as
    // aimed at.
    let mut columns = figures(of_place(edition, plan));
    columns.retain(|field| matches!(field, Field::Figures(year, ..) if asked.contains(year)));
    fields(columns)
}

/// The table that a view asks for.
pub(super) fn chosen<'a>(edition: &'a Edition, plan: &'a Plan, view: &View) -> Chosen<'a> {
    let all = all_fields(edition, plan, &view.filter);
    let said = view.filter.said(&all);
    let mut fields = all;
    fields.retain(|field| !view.hidden.contains(&field.key()));
    Chosen {
        plan,
        rows: rows(edition, plan, &view.filter),
        fields,
        said,
    }
}

/// The rows that a filter lets through, in its order.
pub(super) fn rows<'a>(
    edition: &'a Edition,
    plan: &'a Plan,
    filter: &RowFilter,
) -> Vec<ChosenRow<'a>> {
    let years = years(&all_fields(edition, plan, filter));
    let members = members(edition, plan).into_iter().enumerate();
    let mut rows: Vec<ChosenRow<'a>> = members
        .filter_map(|(at, members)| {
            let (_, indicator) = members.first()?;
            let less = edition.words.thesaurus.less_is_good(&indicator.name);
            ChosenRow::new(at, members, &years, less)
        })
        .collect();
    let asked = filter.years();
    rows.retain(|row| {
        let indicator = row.indicator;
        let has_year = |year: &i32| {
            let measures = [Measure::Target, Measure::Actual];
            measures
                .iter()
                .any(|measure| row.cell(*year, *measure).is_some())
        };
        (filter.category.is_empty() || indicator.category == filter.category)
            && (filter.nature.is_empty()
                || indicator.nature.map(IndicatorNature::word) == Some(&filter.nature))
            && (filter.verdict.is_empty()
                || row
                    .verdicts
                    .iter()
                    .any(|(_, verdict)| verdict.word() == filter.verdict))
            && (asked.is_empty() || asked.iter().any(has_year))
    });
    order(&mut rows, filter);
    rows
}

/// What all plans of the place say of each indicator of a plan, the plan itself first.
fn members<'a>(edition: &'a Edition, plan: &'a Plan) -> Vec<Vec<(&'a Plan, &'a Indicator)>> {
    let own = plan.indicators.iter();
    let mut members: Vec<Vec<(&Plan, &Indicator)>> =
        own.map(|indicator| vec![(plan, indicator)]).collect();
    // By concept and not by name: a plan may rename an indicator that goes on.
    let concepts = edition.library.names.indicators.iter();
    for concept in concepts.filter(|concept| concept.region == plan.region) {
        let found = concept.members.iter().filter_map(|(of, at)| {
            let of = edition.book.plan(*of)?;
            Some((of, *at, of.indicators.get(*at)?))
        });
        let (own, others): (Vec<_>, Vec<_>) = found.partition(|(of, ..)| of.id == plan.id);
        let others = others.into_iter().map(|(of, _, indicator)| (of, indicator));
        let others: Vec<(&Plan, &Indicator)> = others.collect();
        for (_, at, _) in own {
            if let Some(row) = members.get_mut(at) {
                row.extend(others.iter().copied());
            }
        }
    }
    members
}

/// What has no figure, no nature, no verdict stands last, whichever way the rest is ordered.
fn order(rows: &mut [ChosenRow<'_>], filter: &RowFilter) {
    let descends = filter.dir == "desc";
    match filter.sort.as_str() {
        "" => {}
        "name" => by(rows, descends, |row| Some(row.indicator.name.clone())),
        "category" => by(rows, descends, |row| {
            Some(row.indicator.category.clone()).filter(|category| !category.is_empty())
        }),
        "nature" => by(rows, descends, |row| row.indicator.nature),
        "verdict" => by(rows, descends, |row| {
            row.verdicts.last().map(|(_, verdict)| verdict.word())
        }),
        key => by(rows, descends, |row| value(row, key)),
    }
}

fn by<K: Ord>(
    rows: &mut [ChosenRow<'_>],
    descends: bool,
    key: impl Fn(&ChosenRow<'_>) -> Option<K>,
) {
    rows.sort_by(|a, b| {
        let (a, b) = (key(a), key(b));
        let order = if descends { b.cmp(&a) } else { a.cmp(&b) };
        // In both ways: what has no figure is not the least one.
        a.is_none().cmp(&b.is_none()).then(order)
    });
}

fn value(row: &ChosenRow<'_>, key: &str) -> Option<Decimal> {
    let (year, measure) = key.split_once('-')?;
    let cell: &Cell = row.cell(year.parse().ok()?, Measure::from_key(measure)?)?.1;
    cell.quantity.value
}

/// The orders that are offered, each with its word: the document's own is none.
pub(super) fn orders(shown: &[Field]) -> Vec<(String, String)> {
    let named = std::iter::once(("name".to_string(), "指标".to_string()));
    let fields = shown.iter().filter(|field| {
        matches!(field, Field::Figures(..)) || ORDERS.contains(&field.key().as_str())
    });
    named
        .chain(fields.map(|field| (field.key(), field.heading().to_string())))
        .collect()
}
