//! A drawn sample of plain questions on a plan, in parts, from which the checks make the same
//! question in other words and others that are nearly it.

use super::Expected;
use super::base::{About, Base};
use super::figures;
use super::words::{Dice, Half};
use crate::model::{Indicator, Measure, Plan};

/// How many of each are drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draw {
    pub cells: usize,
    pub attributes: usize,
    pub terms: usize,
    /// Figures of the running text.
    pub figures: usize,
}

/// Plain questions on a plan, the same for the same half.
pub(crate) fn drawn(plan: &Plan, half: Half, draw: Draw) -> Vec<Base> {
    let mut dice = Dice::new(half, "bases");
    let mut bases = Vec::new();
    bases.extend(dice.sample(cells(plan), draw.cells));
    bases.extend(dice.sample(attributes(plan), draw.attributes));
    bases.extend(dice.sample(terms(plan), draw.terms));
    bases.extend(dice.sample(figures::of(plan, half), draw.figures));
    bases
}

fn with_cells(plan: &Plan) -> impl Iterator<Item = &Indicator> {
    plan.indicators
        .iter()
        .filter(|indicator| !indicator.cells.is_empty())
}

fn cells(plan: &Plan) -> Vec<Base> {
    let mut bases = Vec::new();
    for indicator in with_cells(plan) {
        let name = indicator.name.as_str();
        for cell in &indicator.cells {
            let (Some(year), Some(measure)) = (cell.year, cell.measure) else {
                continue;
            };
            let what = if measure == Measure::Target {
                "目标"
            } else {
                "实际值"
            };
            bases.push(Base {
                about: About::Cell,
                head: format!("{year}年{name}{what}"),
                tail: "是多少".to_string(),
                name: name.to_string(),
                year: Some(year),
                orders: vec![
                    format!("{name}{year}年{what}是多少"),
                    format!("{year}年{what}是多少，{name}"),
                    format!("{name}，{year}年的{what}是多少"),
                    format!("{year}年的{what}，{name}是多少"),
                    format!("{name}的{what}是多少，{year}年"),
                    format!("{what}是多少，{year}年的{name}"),
                ],
                expected: Expected::First(vec![
                    name.to_string(),
                    year.to_string(),
                    cell.quantity.shown(),
                ]),
            });
        }
    }
    bases
}

fn attributes(plan: &Plan) -> Vec<Base> {
    let mut bases = Vec::new();
    for indicator in with_cells(plan) {
        let name = indicator.name.as_str();
        let nature = indicator.nature.map_or("", |nature| nature.word());
        let asked = [
            ("计量单位", "是什么", indicator.unit.as_str()),
            ("指标属性", "是什么", nature),
            ("", "属于哪一类", indicator.category.as_str()),
        ];
        for (what, tail, value) in asked.into_iter().filter(|(.., value)| !value.is_empty()) {
            bases.push(Base {
                about: About::Attribute,
                head: if what.is_empty() {
                    name.to_string()
                } else {
                    format!("{name}的{what}")
                },
                tail: tail.to_string(),
                name: name.to_string(),
                year: None,
                orders: vec![
                    format!("{what}{tail}，{name}"),
                    format!("{name}，{what}{tail}"),
                ],
                expected: Expected::First(vec![name.to_string(), value.to_string()]),
            });
        }
    }
    bases
}

fn terms(plan: &Plan) -> Vec<Base> {
    let base = |(name, place): (String, String)| Base {
        about: About::Term,
        head: name.clone(),
        tail: "是什么意思".to_string(),
        orders: vec![
            format!("是什么意思，{name}"),
            format!("{name}，这是什么意思"),
        ],
        name,
        year: None,
        expected: Expected::Place(place),
    };
    let terms = plan.terms.iter();
    let terms = terms.map(|term| (term.name.replace(['“', '”'], ""), term.place.clone()));
    terms.map(base).collect()
}
