//! How well a figure of a clause fits what is asked: its unit, what it counts, what else its
//! stretch says.

use super::super::level;
use super::begun::are_only_begun;
use crate::evidence::{Clause as Evidence, ClauseFigure};
use crate::language::{UnitKind, Units, names_rate};
use crate::model::{PlanIx, Provenance};
use crate::question::Word;
use crate::reply::{Asked, Feature, Features};

/// The best fit of any figure of a sentence to what is asked: for passages that quote it whole.
/// Unit, and how far its stretch says what is counted.
pub fn best_fit(asked: &Asked<'_>, plan: PlanIx, places: &[Provenance]) -> Option<(f32, f32)> {
    places
        .iter()
        .flat_map(|place| asked.library.clauses_of(plan, *place))
        .flat_map(|clause| &clause.figures)
        .map(|figure| {
            let found = asked.explainer.weight_in(figure.zone);
            let head = head_fit(asked, figure).max(found.min(1.0));
            (unit_of(asked, figure), head)
        })
        .max_by(|a, b| (a.0.min(0.6) + a.1).total_cmp(&(b.0.min(0.6) + b.1)))
}

/// The weight of the question that stands in one clause with a figure of the unit asked for: the
/// most of any clause of a passage.
pub fn weight_at_figure(asked: &Asked<'_>, plan: PlanIx, places: &[Provenance]) -> f32 {
    let clauses = places
        .iter()
        .flat_map(|place| asked.library.clauses_of(plan, *place));
    let clauses: Vec<&Evidence> = clauses.collect();
    if are_only_begun(asked.question, &clauses) {
        return 0.0;
    }
    // 一季度下降13% is no figure of the year.
    let asks_period = !asked.question.frame.periods.is_empty();
    clauses
        .into_iter()
        .filter(|clause| asks_period || !clause.period.as_deref().is_some_and(is_part_of_year))
        .filter(|clause| {
            clause.figures.iter().any(|figure| {
                let is_level_for_rate = asked.question.sort.is_rate && !figure.is_change;
                let fits = !is_level_for_rate && !level::is_other_sort(asked, figure);
                let unit = unit_of(asked, figure);
                let counts_other = counts_other_dimension(asked, unit, head_fit(asked, figure));
                fits && unit > -0.9 && !counts_other && !is_told(asked, figure)
            })
        })
        .map(|clause| asked.explainer.weight_in(clause.text))
        .fold(0.0, f32::max)
}

/// Whether a period is a part of a year, and not several years.
fn is_part_of_year(period: &str) -> bool {
    period.contains(['季', '月', '半'])
}

/// How well a figure fits what is asked.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fit {
    pub(super) unit: f32,
    /// Whether the words at the figure say aim where a result is asked for, or a result for an aim.
    is_other_measure: bool,
    head: f32,
    unsaid: f32,
    unsaid_weight: f32,
    found: f32,
    restricts: bool,
}

impl Fit {
    fn value(self, place: usize) -> f32 {
        let restricts = if self.restricts { 1.5 } else { 0.0 };
        let other_measure = if self.is_other_measure { 1.5 } else { 0.0 };
        self.unit + self.head - 0.6 * self.unsaid + 0.5 * self.found
            - restricts
            - other_measure
            - 0.02 * place as f32
    }

    /// Whether it counts something else than what a noun of measurement asks for.
    pub(super) fn counts_other_dimension(self, asked: &Asked<'_>) -> bool {
        counts_other_dimension(asked, self.unit, self.head)
    }

    pub(super) fn features(self, asked: &Asked<'_>, features: &mut Features) {
        let question = asked.question;
        features.set(Feature::UnitAgrees, self.unit);
        features.set(Feature::UnitDiffers, f32::from(u8::from(self.unit < -0.9)));
        features.set(Feature::HeadFound, self.head);
        let asks_head = question.amount.is_asked && !question.amount.heads.is_empty();
        features.set(
            Feature::HeadMissing,
            f32::from(u8::from(asks_head && self.head < 0.3)),
        );
        features.set(Feature::ZoneUnsaid, self.unsaid);
        features.set(Feature::ZoneWeight, self.unsaid_weight.min(3.0));
        features.set(Feature::ZoneFound, self.found.min(2.0));
        features.set(Feature::Restricts, f32::from(u8::from(self.restricts)));
        let content = question
            .words
            .iter()
            .filter(|w| w.is_content() && w.weight > 0.25)
            .count();
        if content <= 1 {
            features.set(Feature::ZoneUnsaidSingle, (self.unsaid - 0.4).max(0.0));
        }
        if question.weight() < 1.4 {
            features.set(Feature::ZoneUnsaidBare, self.unsaid);
        }
    }
}

/// Whether the question tells a figure itself, beside the amount that it asks for: 68处里国家级的占几处.
fn is_told(asked: &Asked<'_>, figure: &ClauseFigure) -> bool {
    let amount = &asked.question.amount;
    let number = digits(&figure.quantity.printed);
    let is_figure = |word: &Word| {
        let unit = word
            .text
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        digits(&word.text) == number && !unit.is_empty() && figure.quantity.unit.starts_with(unit)
    };
    let asks_other = amount.is_asked && amount.implied.is_none() && amount.claim.is_none();
    asks_other && asked.question.words.iter().any(is_figure)
}

pub(super) fn best_figure(asked: &Asked<'_>, clause: &Evidence) -> Option<(usize, Fit)> {
    let mut best: Option<(usize, Fit)> = None;
    for (at, figure) in clause.figures.iter().enumerate() {
        let is_level_for_rate = asked.question.sort.is_rate && !figure.is_change;
        let is_known = is_told(asked, figure);
        if is_level_for_rate || is_known || level::is_other_sort(asked, figure) {
            continue;
        }
        let fit = fit(asked, clause, at, figure);
        if best.is_none_or(|(known, other)| fit.value(at) > other.value(known)) {
            best = Some((at, fit));
        }
    }
    best
}

/// Whether a figure counts something where the money, the area, … of a thing is asked for by that
/// word, and its stretch does not have the word: 引进医院1所 is no 投资.
fn counts_other_dimension(asked: &Asked<'_>, unit: f32, head: f32) -> bool {
    asked.question.amount.is_guess && unit < 0.0 && head < 0.3
}

/// How well a figure's unit agrees with the one asked for, from -1 to 1.
fn unit_of(asked: &Asked<'_>, figure: &ClauseFigure) -> f32 {
    let amount = &asked.question.amount;
    let unit = match (amount.kind, &amount.unit) {
        (Some(kind), unit) => unit_fit(kind, unit.as_deref(), amount.is_guess, figure),
        (None, Some(size)) => size_fit(size, figure),
        (None, None) => 0.0,
    };
    let further = amount.further.iter().map(|(unit, kind)| {
        kind.map_or(0.0, |kind| unit_fit(kind, unit.as_deref(), false, figure))
    });
    further.fold(unit, f32::max)
}

/// How well a figure's stretch says what is counted, from 0 to 1.
fn head_fit(asked: &Asked<'_>, figure: &ClauseFigure) -> f32 {
    let question = asked.question;
    let amount = &question.amount;
    let is_unit_of_noun = amount.implied.is_some()
        && amount
            .unit
            .as_ref()
            .is_some_and(|unit| *unit == figure.quantity.unit);
    if is_unit_of_noun {
        return 1.0;
    }
    // 下降1.2% says the 增速 that is asked for, though not by that word.
    let says_rate = |word: usize| figure.is_change && names_rate(&question.words[word].text);
    let in_zone = |word: usize| {
        if says_rate(word) {
            return 1.0;
        }
        asked.explainer.in_text(word, figure.zone)
    };
    let mut head: f32 = if amount.heads.is_empty() { 0.3 } else { 0.0 };
    for words in &amount.heads {
        let best = words.iter().map(|word| in_zone(*word)).fold(0.0, f32::max);
        let mean = words.iter().map(|word| in_zone(*word)).sum::<f32>() / words.len().max(1) as f32;
        let is_unit = words
            .first()
            .is_some_and(|word| question.words[*word].text == figure.quantity.unit);
        head = head.max(if is_unit && best < 0.5 {
            1.0
        } else if words.len() > 1 {
            0.5 * best + 0.5 * mean
        } else {
            best
        });
    }
    head
}

fn fit(asked: &Asked<'_>, clause: &Evidence, at: usize, figure: &ClauseFigure) -> Fit {
    let question = asked.question;
    let restricting = clause.figures[..at]
        .iter()
        .rev()
        .take_while(|other| other.restricts);
    let unsaid_restriction = restricting
        .filter(|other| {
            let number: String = digits(&other.quantity.printed);
            !question.text.contains(&number)
        })
        .count() as f32
        * 0.7;
    let total: f32 = figure.zone_words.iter().map(|(_, w)| w).sum::<f32>() + unsaid_restriction;
    let unsaid: f32 = figure
        .zone_words
        .iter()
        .filter(|(word, _)| {
            // 涨幅2% is what 涨 and 控在多少 ask for.
            let is_rate = || figure.is_change && names_rate(word);
            !question.says(word) && !is_own_place(asked, clause.plan, word) && !is_rate()
        })
        .map(|(_, weight)| weight)
        .sum::<f32>()
        + unsaid_restriction;
    let found = asked.explainer.weight_in(figure.zone);
    Fit {
        unit: unit_of(asked, figure),
        head: head_fit(asked, figure),
        unsaid: unsaid / (total + 0.6),
        unsaid_weight: unsaid,
        found,
        restricts: figure.restricts,
        is_other_measure: is_other_measure(asked, clause.plan, figure),
    }
}

/// Whether a word of a text is the name of the plan's own place, or a part of it: 渝 of 渝中区, 全区.
fn is_own_place(asked: &Asked<'_>, plan: PlanIx, word: &str) -> bool {
    asked.plan(plan).is_some_and(|plan| {
        let level = plan.region.chars().last();
        // Few words begin with a letter of the name, which is faster seen.
        word.starts_with(|first| plan.region.contains(first)) && plan.region.contains(word)
            || word
                .strip_prefix(['全', '我', '本'])
                .is_some_and(|rest| rest.chars().eq(level))
    })
}

/// Of 计划增长8%、实际增长3% the one is asked for and not the other: in a year that is over a result,
/// unless an aim is named.
fn is_other_measure(asked: &Asked<'_>, plan: PlanIx, figure: &ClauseFigure) -> bool {
    let usual = || {
        let year = asked.question.frame.years.first()?;
        Some(asked.plan(plan)?.usual_measure(*year))
    };
    let wanted = asked
        .measure
        .strong
        .or(asked.measure.of_cell)
        .or_else(usual);
    let said = figure.measure;
    wanted.is_some_and(|wanted| said.is_some_and(|said| said != wanted))
}

/// 多少亿 of whatever: no share has such a size, and no 17家.
fn size_fit(size: &str, figure: &ClauseFigure) -> f32 {
    let unit = &figure.quantity.unit;
    let is_sized = unit.starts_with(['万', '亿']);
    match figure.kind {
        Some(UnitKind::Share) => -1.0,
        Some(UnitKind::Count) if !is_sized => -1.0,
        _ if unit.starts_with(size) => 1.0,
        _ => 0.0,
    }
}

fn unit_fit(kind: UnitKind, unit: Option<&str>, is_guess: bool, figure: &ClauseFigure) -> f32 {
    let Some(of_figure) = figure.kind else {
        return 0.0;
    };
    let printed = &figure.quantity.unit;
    if let Some(unit) = unit
        && (printed == unit
            || printed.ends_with(unit)
            || "万亿".contains(unit) && printed.contains(unit))
    {
        return 1.0;
    }
    if is_guess && kind == UnitKind::Money {
        return match of_figure {
            UnitKind::Money => 0.3,
            UnitKind::Share => 0.0,
            _ => -0.3,
        };
    }
    if kind == of_figure {
        return 0.6;
    }
    if Units::agree(kind, of_figure) {
        return if unit == Some("个") { 0.1 } else { -0.4 };
    }
    -1.0
}

fn digits(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_digit() || *c == '.')
        .collect()
}
