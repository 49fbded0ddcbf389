//! Answers from the cells of an indicator: value, unit, nature, verdict, comparison, reason.

use super::asked::Asked;
use super::figures::{Found, find, row};
use super::reply::{Answer, Refusal};
use super::verdict::{Verdict, judge};
use crate::model::{Bound, Measure, Provenance};
use crate::understand::{Cue, IndicatorConcept, Intent};
use rust_decimal::Decimal;

/// An answer, or what is missing for one.
pub type Result = std::result::Result<Answer, Refusal>;

/// The cells that a question asks for.
pub fn value(asked: &Asked<'_>, concept: &IndicatorConcept) -> Result {
    let all = row(asked.plans(), concept);
    let chosen = chosen(asked, concept, &all)?;
    let (Some(first), Some(name)) = (
        chosen.first(),
        chosen.first().map(|found| found.indicator.name.as_str()),
    ) else {
        return Err(nothing(concept, &all, ""));
    };
    let shown: Vec<String> = chosen.iter().map(Found::shown_with_remark).collect();
    let mut answer = first
        .answer(
            Intent::IndicatorValue,
            format!("{name} {}", shown.join("；")),
        )
        .ok_or_else(Refusal::default)?;
    chosen
        .iter()
        .skip(1)
        .for_each(|found| found.figure(&mut answer));
    chosen
        .iter()
        .for_each(|found| found.convention(&mut answer));
    chosen
        .iter()
        .filter(|found| found.cell.measure == Some(Measure::Actual))
        .for_each(|found| found.remarks(&mut answer));
    let others: Vec<&Found<'_>> = all
        .iter()
        .filter(|found| !chosen.iter().any(|c| c.provenance == found.provenance))
        .take(2)
        .collect();
    if !others.is_empty() && !asked.several {
        let line: Vec<String> = others
            .iter()
            .map(|found| format!("{}：{}", found.cell.heading, found.value()))
            .collect();
        answer.context.insert(0, line.join("；"));
        others.iter().for_each(|found| found.figure(&mut answer));
    }
    if let Some(citation) = first
        .plan
        .terms
        .iter()
        .position(|term| term.name == *name)
        .and_then(|at| first.plan.cite(Provenance::Term(at)))
    {
        answer.context.push(format!("名词解释：{}", citation.quote));
        answer.cite(citation);
    }
    if let Some(nature) = first.indicator.nature.filter(|_| !asked.several) {
        answer.context.push(format!("属性：{}", nature.word()));
    }
    Ok(answer)
}

/// The cells of the years and measures that were asked for; the usual ones where nothing was said.
fn chosen<'a>(
    asked: &Asked<'a>,
    concept: &IndicatorConcept,
    all: &[Found<'a>],
) -> std::result::Result<Vec<Found<'a>>, Refusal> {
    let mut wanted: Vec<(i32, Measure)> = Vec::new();
    let measures = asked.measures();
    let (planned, executed) = asked.usual_years(concept);
    match (asked.years.as_slice(), measures.as_slice()) {
        ([], []) => {
            let newest = all.first().map(|found| vec![*found]).unwrap_or_default();
            return Ok(newest);
        }
        ([], measures) => wanted.extend(measures.iter().map(|measure| {
            (
                if *measure == Measure::Target {
                    planned
                } else {
                    executed
                },
                *measure,
            )
        })),
        (years, []) => {
            for year in years {
                let both = [
                    asked.usual_measure(*year),
                    other(asked.usual_measure(*year)),
                ];
                let first = both
                    .into_iter()
                    .find(|measure| find(asked.plans(), concept, *year, *measure).is_some());
                wanted.push((*year, first.unwrap_or(both[0])));
            }
        }
        (years, measures) => wanted.extend(
            years
                .iter()
                .flat_map(|year| measures.iter().map(|measure| (*year, *measure))),
        ),
    }
    let found: Vec<Found<'a>> = wanted
        .iter()
        .filter_map(|(year, measure)| find(asked.plans(), concept, *year, *measure))
        .collect();
    if found.is_empty() || found.len() < wanted.len() && measures.len() < 2 {
        let absent = wanted
            .iter()
            .find(|(year, measure)| find(asked.plans(), concept, *year, *measure).is_none());
        let what = absent.map_or_else(String::new, |(year, measure)| {
            format!("{year}年的{}", word(*measure))
        });
        return Err(nothing(concept, all, &what));
    }
    Ok(found)
}

fn other(measure: Measure) -> Measure {
    if measure == Measure::Target {
        Measure::Actual
    } else {
        Measure::Target
    }
}

fn word(measure: Measure) -> &'static str {
    if measure == Measure::Target {
        "目标"
    } else {
        "完成情况"
    }
}

fn nothing(concept: &IndicatorConcept, all: &[Found<'_>], what: &str) -> Refusal {
    let headings: Vec<&str> = all
        .iter()
        .map(|found| found.cell.heading.as_str())
        .collect();
    Refusal {
        missing: format!("“{}”{what}", concept.name),
        nearest: vec![format!("{}：{}", concept.name, headings.join("、"))],
        ..Refusal::default()
    }
}

/// The unit.
pub fn unit(asked: &Asked<'_>, concept: &IndicatorConcept) -> Result {
    let all = row(asked.plans(), concept);
    let first = all.first().ok_or_else(|| nothing(concept, &all, ""))?;
    if first.indicator.unit.is_empty() {
        return Err(nothing(concept, &all, "的单位"));
    }
    let lead = format!("{} 单位：{}", first.indicator.name, first.indicator.unit);
    Ok(Answer::new(
        Intent::IndicatorUnit,
        lead,
        first
            .plan
            .cite(first.provenance)
            .ok_or_else(Refusal::default)?,
    ))
}

/// 预期性 or 约束性.
pub fn nature(asked: &Asked<'_>, concept: &IndicatorConcept) -> Result {
    let all = row(asked.plans(), concept);
    let first = all.first().ok_or_else(|| nothing(concept, &all, ""))?;
    let Some(nature) = first.indicator.nature else {
        return Err(nothing(concept, &all, "的属性"));
    };
    let lead = format!("{} 属性：{}", first.indicator.name, nature.word());
    Ok(Answer::new(
        Intent::IndicatorNature,
        lead,
        first
            .plan
            .cite(first.provenance)
            .ok_or_else(Refusal::default)?,
    ))
}

/// The category that it stands under.
pub fn category(asked: &Asked<'_>, concept: &IndicatorConcept) -> Result {
    let all = row(asked.plans(), concept);
    let first = all.first().ok_or_else(|| nothing(concept, &all, ""))?;
    if first.indicator.category.is_empty() {
        return Err(nothing(concept, &all, "的类别"));
    }
    let lead = format!(
        "{} 类别：{}",
        first.indicator.name, first.indicator.category
    );
    Ok(Answer::new(
        Intent::IndicatorCategory,
        lead,
        first
            .plan
            .cite(first.provenance)
            .ok_or_else(Refusal::default)?,
    ))
}

/// Whether the target of a year was met.
pub fn verdict(asked: &Asked<'_>, concept: &IndicatorConcept) -> Result {
    let all = row(asked.plans(), concept);
    let year = asked
        .years
        .first()
        .copied()
        .unwrap_or(asked.usual_years(concept).1);
    let target = find(asked.plans(), concept, year, Measure::Target);
    let actual = find(asked.plans(), concept, year, Measure::Actual);
    let (Some(target), Some(actual)) = (target, actual) else {
        let what = if target.is_none() {
            "目标"
        } else {
            "完成情况"
        };
        return Err(nothing(concept, &all, &format!("{year}年的{what}")));
    };
    let verdict = judge(
        &target.cell.quantity,
        &actual.cell.quantity,
        asked.less_is_good(&target.indicator.name),
    );
    let reason = if let Verdict::Undecidable(reason) = verdict {
        format!("（{reason}）")
    } else {
        String::new()
    };
    let lead = format!(
        "{} {year}年{}{reason}：{}，{}",
        target.indicator.name,
        verdict.word(),
        target.shown(),
        actual.shown()
    );
    let mut answer = actual
        .answer(Intent::IndicatorVerdict, lead)
        .ok_or_else(Refusal::default)?;
    target.figure(&mut answer);
    actual.convention(&mut answer);
    actual.remarks(&mut answer);
    Ok(answer)
}

/// One cell against another: the years that were named, or the target against the result.
pub fn compare(asked: &Asked<'_>, concept: &IndicatorConcept) -> Result {
    let all = row(asked.plans(), concept);
    let (planned, executed) = asked.usual_years(concept);
    let measures = asked.measures();
    let against_last_year = asked.has(Cue::LastYear) && asked.years.len() == 1;
    let pairs: Vec<(i32, Measure)> = match (asked.years.as_slice(), measures.as_slice()) {
        ([a, b, ..], _) => [a, b].map(|year| (*year, asked.measure_of(*year))).to_vec(),
        ([last], _) if against_last_year => vec![
            (last + 1, asked.usual_measure(last + 1)),
            (*last, asked.usual_measure(*last)),
        ],
        ([year], _) if *year <= executed => {
            vec![(*year, Measure::Actual), (*year, Measure::Target)]
        }
        (_, [Measure::Target]) => vec![(planned, Measure::Target), (executed, Measure::Target)],
        _ => vec![(planned, Measure::Target), (executed, Measure::Actual)],
    };
    let found: Vec<Found<'_>> = pairs
        .iter()
        .filter_map(|(year, measure)| find(asked.plans(), concept, *year, *measure))
        .collect();
    let [first, second] = found.as_slice() else {
        let absent = pairs
            .iter()
            .find(|(year, measure)| find(asked.plans(), concept, *year, *measure).is_none());
        let what = absent.map_or_else(String::new, |(year, measure)| {
            format!("{year}年的{}", word(*measure))
        });
        return Err(nothing(concept, &all, &what));
    };
    let (change, computed) = change(first, second);
    let lead = format!(
        "{}：{}，{}{change}",
        first.indicator.name,
        first.shown(),
        second.shown()
    );
    let mut answer = first
        .answer(Intent::IndicatorCompare, lead)
        .ok_or_else(Refusal::default)?;
    second.figure(&mut answer);
    answer.computed.extend(computed);
    answer.context.push(format!(
        "按{}与{}比较",
        first.cell.heading, second.cell.heading
    ));
    found.iter().for_each(|found| found.convention(&mut answer));
    Ok(answer)
}

/// The difference with its terms, where both are bare or about figures; none where one is a bound.
fn change(first: &Found<'_>, second: &Found<'_>) -> (String, Option<String>) {
    let (now, before) = (&first.cell.quantity, &second.cell.quantity);
    let (Some(a), Some(b)) = (now.value, before.value) else {
        return (String::new(), None);
    };
    if a == b {
        let same = if now.printed == before.printed {
            "相同"
        } else {
            "数值相同，限定不同"
        };
        return (format!("，{same}"), None);
    }
    let difference: Decimal = (a - b).abs().normalize();
    let plain = |bound| matches!(bound, Bound::Exact | Bound::About);
    if !plain(now.bound) || !plain(before.bound) {
        return ("，其中有界限，差额不定".to_string(), None);
    }
    let about = if now.bound == Bound::Exact && before.bound == Bound::Exact {
        ""
    } else {
        "约"
    };
    let unit = if now.unit == "%" {
        "个百分点"
    } else {
        now.unit.as_str()
    };
    let direction = if a > b { "高" } else { "低" };
    (
        format!("，前者比后者{direction}{about}{difference}{unit}（{a}与{b}之差）"),
        Some(difference.to_string()),
    )
}

/// Why an indicator stands as it does: the remarks on it.
pub fn reason(asked: &Asked<'_>, concept: &IndicatorConcept) -> Result {
    let all = row(asked.plans(), concept);
    let first = all.first().ok_or_else(|| nothing(concept, &all, ""))?;
    let remarks: Vec<_> = first
        .indicator
        .remarks
        .iter()
        .filter_map(|note| first.plan.cite(Provenance::Note(*note)))
        .collect();
    let Some((lead, rest)) = remarks.split_first() else {
        return Err(nothing(concept, &all, "的原因说明"));
    };
    let mut answer = Answer::new(Intent::IndicatorReason, lead.quote.clone(), lead.clone());
    for remark in rest {
        answer.context.push(remark.quote.clone());
        answer.cite(remark.clone());
    }
    Ok(answer)
}

/// Whether the words of the question ask for an aim, a result, or both.
pub fn measures(cues: &std::collections::BTreeSet<Cue>) -> Vec<Measure> {
    let mut measures = Vec::new();
    if cues.contains(&Cue::Target) {
        measures.push(Measure::Target);
    }
    if cues.contains(&Cue::Actual) {
        measures.push(Measure::Actual);
    }
    measures
}
