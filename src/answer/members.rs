//! Lists over the tables: the indicators of a category or a nature, and those whose cell says certain words.

use super::asked::Asked;
use super::reply::{Answer, Refusal};
use super::verdict::{Verdict, judge};
use crate::model::{Bound, Cell, Indicator, Measure, Plan, Provenance};
use crate::understand::{Cue, Intent};
use std::cmp::Ordering;

/// Every indicator of the plan.
pub fn all(asked: &Asked<'_>) -> super::cells::Result {
    list(asked.plan()?, Intent::AllMembers, "表中的指标", last_cell)
}

/// The indicators of the category that was named, and of the nature where one was.
pub fn of_category(asked: &Asked<'_>) -> super::cells::Result {
    let natures = &asked.slots().natures;
    let names: Vec<&str> = asked
        .slots()
        .categories
        .iter()
        .filter_map(|at| asked.lexicon().categories.get(*at))
        .map(|c| c.name.as_str())
        .collect();
    let plan = asked.plan()?;
    let title = names.join("、");
    let nature: Vec<&str> = natures.iter().map(|nature| nature.word()).collect();
    list(
        plan,
        Intent::CategoryMembers,
        &format!("“{title}”的{}指标", nature.join("、")),
        |indicator| {
            let of_nature = natures.is_empty()
                || indicator
                    .nature
                    .is_some_and(|nature| natures.contains(&nature));
            (of_nature && names.contains(&indicator.category.as_str()))
                .then(|| last_cell(indicator))
                .flatten()
        },
    )
}

/// The indicators of the nature that was named.
pub fn of_nature(asked: &Asked<'_>) -> super::cells::Result {
    let natures = &asked.slots().natures;
    let plan = asked.plan()?;
    let title: Vec<&str> = natures.iter().map(|nature| nature.word()).collect();
    list(
        plan,
        Intent::NatureMembers,
        &format!("{}指标", title.join("、")),
        |indicator| {
            indicator
                .nature
                .is_some_and(|nature| natures.contains(&nature))
                .then(|| last_cell(indicator))
                .flatten()
        },
    )
}

/// The indicators that have words instead of a figure, or no published figure, in the column that was named.
pub fn of_value(asked: &Asked<'_>) -> super::cells::Result {
    let plan = asked.plan()?;
    let values: Vec<&str> = asked
        .slots()
        .values
        .iter()
        .filter_map(|at| asked.lexicon().values.get(*at))
        .map(String::as_str)
        .collect();
    let tables: Vec<&str> = asked
        .slots()
        .tables
        .iter()
        .filter_map(|at| asked.lexicon().tables.get(*at))
        .map(String::as_str)
        .collect();
    let unpublished = asked.has(Cue::Unpublished);
    let mut measures = asked.measures();
    if measures.is_empty() && (unpublished || !asked.years.is_empty()) {
        measures
            .push(asked.usual_measure(asked.years.first().copied().unwrap_or(plan.executed_year)));
    }
    let fits = |cell: &Cell| {
        let says = values.contains(&cell.quantity.printed.as_str())
            || unpublished && cell.quantity.bound == Bound::Unpublished;
        says && (tables.is_empty() || tables.iter().any(|table| cell.place.starts_with(table)))
            && (asked.years.is_empty() || cell.year.is_some_and(|year| asked.years.contains(&year)))
            && (measures.is_empty()
                || cell
                    .measure
                    .is_some_and(|measure| measures.contains(&measure)))
    };
    let mut title = tables.join("、");
    let heading = plan
        .indicators
        .iter()
        .flat_map(|indicator| &indicator.cells)
        .find(|cell| fits(cell))
        .map(|cell| cell.heading.clone());
    if asked.years.is_empty() && measures.is_empty() {
        title.push_str("表中");
    } else {
        title.push_str(&format!("“{}”", heading.unwrap_or_default()));
    }
    let words = if unpublished {
        "未公布".to_string()
    } else {
        format!("为“{}”", values.join("、"))
    };
    list(
        plan,
        Intent::ValueMembers,
        &format!("{title}{words}的指标"),
        |indicator| indicator.cells.iter().position(fits),
    )
}

/// The indicators whose target of a year was met, or was not; those that cannot be judged are named as well.
pub fn of_verdict(asked: &Asked<'_>) -> super::cells::Result {
    let plan = asked.plan()?;
    let year = asked.years.first().copied().unwrap_or(plan.executed_year);
    let wanted = if asked.has(Cue::NotMet) {
        Verdict::NotMet
    } else {
        Verdict::Met
    };
    let verdict = |indicator: &Indicator| -> Option<Verdict> {
        let (target, actual) = (
            indicator.cell(year, Measure::Target)?,
            indicator.cell(year, Measure::Actual)?,
        );
        Some(judge(
            &target.quantity,
            &actual.quantity,
            asked.less_is_good(&indicator.name),
        ))
    };
    let title = format!("按表中{year}年目标与完成情况比较，{}的指标", wanted.word());
    let mut answer = list(plan, Intent::VerdictMembers, &title, |indicator| {
        let actual = || {
            indicator
                .cells
                .iter()
                .position(|cell| cell.year == Some(year) && cell.measure == Some(Measure::Actual))
        };
        (verdict(indicator)? == wanted).then(actual).flatten()
    })?;
    let open: Vec<&str> = plan
        .indicators
        .iter()
        .filter(|indicator| matches!(verdict(indicator), Some(Verdict::Undecidable(_))))
        .map(|indicator| indicator.name.as_str())
        .collect();
    if !open.is_empty() {
        let count = open.len().to_string();
        answer
            .context
            .push(format!("另有{count}项不可判定：{}", open.join("、")));
        answer.computed.push(count);
        answer
            .computed
            .extend(open.iter().map(|name| (*name).to_string()));
    }
    Ok(answer)
}

/// The indicators whose target is higher, or lower, than the other year's: its target, or its result where the question
/// says so. Both values are shown; where one has no figure, nothing is said.
pub fn of_change(asked: &Asked<'_>) -> super::cells::Result {
    let plan = asked.plans().first().ok_or_else(Refusal::default)?;
    let against = if asked.has(Cue::Actual) {
        Measure::Actual
    } else {
        Measure::Target
    };
    let wanted = if asked.has(Cue::Raised) {
        Ordering::Greater
    } else {
        Ordering::Less
    };
    let cells = |indicator: &Indicator| -> Option<(usize, usize)> {
        let find = |year, measure| {
            indicator
                .cells
                .iter()
                .position(|cell| cell.year == Some(year) && cell.measure == Some(measure))
        };
        let (now, before) = (
            find(plan.plan_year, Measure::Target)?,
            find(plan.executed_year, against)?,
        );
        let order = indicator.cells[now]
            .quantity
            .value?
            .cmp(&indicator.cells[before].quantity.value?);
        (order == wanted).then_some((now, before))
    };
    let word = if wanted == Ordering::Greater {
        "高"
    } else {
        "低"
    };
    let other = if against == Measure::Actual {
        "完成数"
    } else {
        "目标"
    };
    let title = format!(
        "按数值，{}年目标比{}年{other}{word}的指标",
        plan.plan_year, plan.executed_year
    );
    let mut answer = list(plan, Intent::ChangeMembers, &title, |indicator| {
        cells(indicator).map(|(now, _)| now)
    })?;
    let changed: Vec<(usize, &Indicator, (usize, usize))> = plan
        .indicators
        .iter()
        .enumerate()
        .filter_map(|(at, indicator)| Some((at, indicator, cells(indicator)?)))
        .collect();
    for ((_, value), (_, indicator, (now, before))) in answer.rows.iter_mut().zip(&changed) {
        let shown = |cell: &usize| indicator.cells[*cell].quantity.shown();
        *value = format!("{} → {}", shown(before), shown(now));
    }
    for (at, _, (_, before)) in changed {
        if let Some(citation) = plan.cite(Provenance::Cell {
            indicator: at,
            cell: before,
        }) {
            answer.cite(citation);
        }
    }
    Ok(answer)
}

fn last_cell(indicator: &Indicator) -> Option<usize> {
    indicator.cells.len().checked_sub(1)
}

fn list(
    plan: &Plan,
    intent: Intent,
    title: &str,
    member: impl Fn(&Indicator) -> Option<usize>,
) -> super::cells::Result {
    let members: Vec<(Provenance, &Indicator)> = plan
        .indicators
        .iter()
        .enumerate()
        .filter_map(|(at, indicator)| {
            Some((
                Provenance::Cell {
                    indicator: at,
                    cell: member(indicator)?,
                },
                indicator,
            ))
        })
        .collect();
    let citations: Vec<_> = members
        .iter()
        .filter_map(|(provenance, _)| plan.cite(*provenance))
        .collect();
    let Some(first) = citations.first() else {
        return Err(Refusal {
            missing: title.to_string(),
            ..Refusal::default()
        });
    };
    let count = members.len().to_string();
    let mut answer = Answer::new(intent, format!("{title}共{count}项："), first.clone());
    answer.computed.push(count);
    for (number, (_, indicator)) in members.iter().enumerate() {
        answer.computed.push((number + 1).to_string());
        answer
            .rows
            .push((format!("{}. {}", number + 1, indicator.name), String::new()));
    }
    citations.into_iter().for_each(|citation| {
        answer.cite(citation);
    });
    Ok(answer)
}
