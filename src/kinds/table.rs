//! “哪些指标…”: queries over the tables, composed of filters, a projection and a count or an extreme.

mod filter;

use super::cells::{self, Found};
use super::difference::difference;
use super::{counted, indicator};
use crate::model::{Measure, Plan, PlanIx};
use crate::question::{Operator, OperatorSet};
use crate::reply::{
    Answer, AnswerKind, Asked, Candidate, Feature, Features, Kind, Record, RecordKey, Time,
};
use filter::{Filter, Polarity, filters};
use rust_decimal::Decimal;
use std::rc::Rc;

/// Indicators that fit a query.
pub struct Table;

const USES: OperatorSet = indicator::uses(&[
    Operator::Verdict,
    Operator::Compare,
    Operator::Unpublished,
    Operator::Nature,
    Operator::Category,
    Operator::Unit,
    Operator::Who,
    Operator::Define,
    Operator::How,
    Operator::Except,
    Operator::Extreme,
    Operator::Up,
    Operator::Down,
    Operator::Same,
]);
const WANTS: OperatorSet = OperatorSet::of(&[
    Operator::List,
    Operator::Indicator,
    Operator::Extreme,
    Operator::Except,
]);

/// A query over the tables of one plan.
struct Query {
    plan: PlanIx,
    filters: Vec<(Filter, Polarity)>,
    extreme: Option<Extreme>,
}

/// Which end of an order is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Highest,
    Lowest,
}

/// The extreme of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extreme {
    /// Of the printed values.
    Value(End),
    /// Of the change from one year to the next.
    Change(End),
}

impl Kind for Table {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        let question = asked.question;
        let lists = question.any(&[
            Operator::List,
            Operator::Amount,
            Operator::What,
            Operator::Who,
            Operator::How,
            Operator::Extreme,
            Operator::Except,
        ]);
        let speaks_of_indicators = question.has(Operator::Indicator);
        for (at, plan) in asked.plans() {
            if plan.indicators.is_empty() {
                continue;
            }
            let read = filters(asked, at, plan);
            let names_category = read
                .filters
                .iter()
                .any(|(f, _)| matches!(f, Filter::Category(_)));
            if !lists && !speaks_of_indicators && !names_category {
                continue;
            }
            let extreme = extreme(asked);
            if read.filters.is_empty() && !speaks_of_indicators {
                continue;
            }
            let query = Query {
                plan: at,
                filters: read.filters,
                extreme,
            };
            let members = query.members(asked, plan);
            if members.is_empty() {
                continue;
            }
            let count = members.len();
            let mut candidate = query.candidate(asked, read.letters);
            counted::of_members(asked, count, &mut candidate.features);
            candidate
                .features
                .set(Feature::Complete, f32::from(u8::from(read.is_complete)));
            candidates.push(candidate);
        }
    }
}

fn extreme(asked: &Asked<'_>) -> Option<Extreme> {
    let question = asked.question;
    if !question.has(Operator::Extreme) {
        return None;
    }
    let said: String = question
        .operators
        .spans(Operator::Extreme)
        .flat_map(|span| question.letters.canonical[span.clone()].iter())
        .collect();
    let low = ["低", "小", "少", "垫底", "倒数", "慢", "lowest", "smallest"];
    let end = if low.iter().any(|word| said.contains(word)) {
        End::Lowest
    } else {
        End::Highest
    };
    let text = &question.text;
    let changes = [
        "变化", "提高", "增加", "上调", "降低", "下调", "减少", "变动", "调整",
    ];
    let down = ["降低", "下调", "减少"]
        .iter()
        .any(|word| text.contains(word));
    Some(if down {
        Extreme::Change(End::Lowest)
    } else if changes.iter().any(|word| text.contains(word)) {
        Extreme::Change(end)
    } else {
        Extreme::Value(end)
    })
}

impl Query {
    fn candidate(self, asked: &Asked<'_>, mut letters: Vec<f32>) -> Candidate {
        // What only says where to look explains itself: 附件2里, 属于, 对应.
        for word in [
            "附件", "附表", "表里", "表中", "属于", "对应", "下面", "里面", "所有", "全部", "的",
        ] {
            for (byte, found) in asked.question.text.match_indices(word) {
                let start = asked.question.text[..byte].chars().count();
                letters[start..start + found.chars().count()].fill(1.0);
            }
        }
        let mut features = Features::default();
        features.set(Feature::Constraints, self.filters.len() as f32);
        features.set(Feature::Cover, 1.0);
        let plan = self.plan;
        let years = asked.plan(plan).map_or_else(Vec::new, |plan| {
            let mut years: Vec<i32> = plan
                .indicators
                .iter()
                .flat_map(|i| i.cells.iter().filter_map(|cell| cell.year))
                .collect();
            years.sort_unstable();
            years.dedup();
            years
        });
        Candidate {
            kind: AnswerKind::Table,
            key: RecordKey::Document(AnswerKind::Table, plan, 0),
            plan,
            explained: asked.words_of_letters(&letters),
            time: Time {
                years,
                measure: None,
                period: None,
            },
            texts: Vec::new(),
            figures: usize::MAX,
            features,
            uses: USES,
            wants: WANTS,
            record: Rc::new(self),
        }
    }

    /// Positions of the indicators that fit, in the order of the document.
    fn members(&self, asked: &Asked<'_>, plan: &Plan) -> Vec<usize> {
        let fits = |at: &usize| {
            self.filters.iter().all(|(filter, polarity)| {
                let fits = filter.fits(asked, plan, *at);
                fits == Some(*polarity == Polarity::Is)
            })
        };
        (0..plan.indicators.len()).filter(fits).collect()
    }

    /// The cells of an indicator that are asked for: at most two.
    fn cells<'a>(&self, asked: &Asked<'a>, indicator: usize) -> Vec<Found<'a>> {
        let Some(plan) = asked.plan(self.plan) else {
            return Vec::new();
        };
        let names = &asked.library.names.indicators;
        let Some(name) = names
            .iter()
            .find(|name| name.members.contains(&(self.plan, indicator)))
        else {
            return Vec::new();
        };
        let mut row = cells::row(asked.book, name, &[self.plan]);
        let years = &asked.question.frame.years;
        let measure = asked.measure.of_cell;
        let changes = self.filters.iter().any(|(filter, _)| filter.compares());
        let judges = self
            .filters
            .iter()
            .any(|(filter, _)| matches!(filter, Filter::Verdict(_)));
        if changes || judges {
            let year = if judges {
                plan.executed_year
            } else {
                plan.plan_year
            };
            row.retain(|found| !judges || found.cell.year == Some(year));
            row.truncate(if judges { 2 } else { 3 });
            return row;
        }
        let asked_for = |found: &Found<'_>| {
            (years.is_empty() || found.cell.year.is_some_and(|year| years.contains(&year)))
                && (measure.is_none() || found.cell.measure == measure)
        };
        let fitting: Vec<Found<'a>> = row
            .iter()
            .copied()
            .filter(|found| asked_for(found))
            .collect();
        let mut chosen = if fitting.is_empty() { row } else { fitting };
        chosen.truncate(if years.len() > 1 { 3 } else { 1 });
        chosen
    }

    fn title(&self) -> String {
        let parts: Vec<String> = self
            .filters
            .iter()
            .map(|(filter, polarity)| match polarity {
                Polarity::Is => filter.words(),
                Polarity::IsNot => format!("不是{}", filter.words()),
            })
            .collect();
        if parts.is_empty() {
            "表中的指标".to_string()
        } else {
            format!("{}的指标", parts.join("、"))
        }
    }
}

impl Record for Query {
    fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        let plan = asked.plan(self.plan)?;
        let members = self.members(asked, plan);
        if let Some(extreme) = self.extreme {
            return self.extreme_answer(asked, plan, &members, extreme);
        }
        let rows: Vec<(usize, Vec<Found<'_>>)> = members
            .iter()
            .map(|at| (*at, self.cells(asked, *at)))
            .filter(|(_, cells)| !cells.is_empty())
            .collect();
        let first = rows.first()?.1.first()?;
        let names: Vec<&str> = rows
            .iter()
            .map(|(at, _)| plan.indicators[*at].name.as_str())
            .collect();
        let title = self.title();
        let count = names.len();
        let mut lead = format!("{title}共{count}项：{}", names.join("、"));
        if lead.chars().count() > 160 {
            lead = format!("{title}共{count}项");
        }
        let mut answer = Answer::new(AnswerKind::Table, lead, plan.cite(first.provenance)?);
        answer.computed.push(count.to_string());
        for (at, cells) in &rows {
            let shown: Vec<String> = cells.iter().map(Found::shown).collect();
            answer
                .rows
                .push((plan.indicators[*at].name.clone(), shown.join("；")));
            for cell in cells {
                answer.cite(plan.cite(cell.provenance)?);
            }
        }
        let verdicts = self
            .filters
            .iter()
            .any(|(filter, _)| matches!(filter, Filter::Verdict(_)));
        if verdicts {
            stated(asked, plan, &mut answer);
        }
        Some(answer)
    }
}

impl Query {
    /// The extreme over indicators of one unit: figures of different units cannot be put in an
    /// order.
    fn extreme_answer(
        &self,
        asked: &Asked<'_>,
        plan: &Plan,
        members: &[usize],
        extreme: Extreme,
    ) -> Option<Answer> {
        let valued: Vec<(usize, Decimal, Vec<Found<'_>>)> = members
            .iter()
            .filter_map(|at| {
                let (value, cells) = self.ordered_value(asked, plan, *at, extreme)?;
                Some((*at, value, cells))
            })
            .collect();
        let unit = most_usual_unit(plan, &valued)?;
        let mut comparable: Vec<_> = valued
            .into_iter()
            .filter(|(at, ..)| plan.indicators[*at].unit == unit)
            .collect();
        let end = match extreme {
            Extreme::Value(end) | Extreme::Change(end) => end,
        };
        comparable.sort_by(|(a, x, _), (b, y, _)| {
            let order = if end == End::Highest {
                y.cmp(x)
            } else {
                x.cmp(y)
            };
            order.then(a.cmp(b))
        });
        let (_, best, _) = comparable.first()?;
        let best = *best;
        let winners: Vec<_> = comparable
            .iter()
            .filter(|(_, value, _)| *value == best)
            .collect();
        let what = match extreme {
            Extreme::Value(End::Highest) => "数值最高",
            Extreme::Value(End::Lowest) => "数值最低",
            Extreme::Change(End::Highest) => "提高最多",
            Extreme::Change(End::Lowest) => "降低最多",
        };
        let shown: Vec<String> = winners
            .iter()
            .map(|(at, _, cells)| {
                let cells: Vec<String> = cells.iter().map(Found::shown).collect();
                format!("{} {}", plan.indicators[*at].name, cells.join("，"))
            })
            .collect();
        let lead = format!("{what}的是{}", shown.join("；"));
        let first = winners.first()?.2.first()?;
        let mut answer = Answer::new(AnswerKind::Table, lead, plan.cite(first.provenance)?);
        for (_, _, cells) in &winners {
            cells.iter().for_each(|cell| cell.figure(&mut answer));
        }
        if let (Extreme::Change(_), Some((_, _, cells))) = (extreme, winners.first())
            && let [new, old, ..] = cells.as_slice()
        {
            let change = difference(new, old);
            answer.context.push(change.sentence);
            answer.computed.extend(change.computed);
        }
        answer.context.push(format!(
            "只在单位为“{unit}”、有具体数值的{}项指标里比较，不同单位不能相比。",
            comparable.len()
        ));
        answer.computed.push(comparable.len().to_string());
        for (at, _, cells) in &comparable {
            let shown: Vec<String> = cells.iter().map(Found::shown).collect();
            answer
                .rows
                .push((plan.indicators[*at].name.clone(), shown.join("；")));
            for cell in cells {
                answer.cite(plan.cite(cell.provenance)?);
            }
        }
        Some(answer)
    }

    fn ordered_value<'a>(
        &self,
        asked: &Asked<'a>,
        plan: &Plan,
        at: usize,
        extreme: Extreme,
    ) -> Option<(Decimal, Vec<Found<'a>>)> {
        match extreme {
            Extreme::Value(_) => {
                let cells = self.cells(asked, at);
                let first = cells.first()?;
                Some((first.cell.quantity.value?, vec![*first]))
            }
            Extreme::Change(_) => {
                let names = &asked.library.names.indicators;
                let name = names
                    .iter()
                    .find(|name| name.members.contains(&(self.plan, at)))?;
                let row = cells::row(asked.book, name, &[self.plan]);
                let of = |year: i32, measure: Measure| {
                    row.iter()
                        .find(|f| f.cell.year == Some(year) && f.cell.measure == Some(measure))
                        .copied()
                };
                let new = of(plan.plan_year, Measure::Target)?;
                let against = asked.measure.of_cell.unwrap_or(Measure::Target);
                let old = of(plan.executed_year, against)?;
                let change = new.cell.quantity.value? - old.cell.quantity.value?;
                Some((change, vec![new, old]))
            }
        }
    }
}

fn most_usual_unit(plan: &Plan, valued: &[(usize, Decimal, Vec<Found<'_>>)]) -> Option<String> {
    let mut counts: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for (at, ..) in valued {
        *counts
            .entry(plan.indicators[*at].unit.as_str())
            .or_default() += 1;
    }
    let best = counts
        .into_iter()
        .max_by_key(|(unit, count)| (*count, std::cmp::Reverse(*unit)));
    best.map(|(unit, _)| unit.to_string())
}

/// What the report states of its targets as a whole.
fn stated(asked: &Asked<'_>, plan: &Plan, answer: &mut Answer) {
    let passage = asked.library.passages.iter().find(|passage| {
        let text = asked.explainer.canonical(passage.text);
        let counts = text.contains("项") && text.contains("指标");
        counts
            && ["差距", "如期实现", "未达预期", "预计能"]
                .iter()
                .any(|word| text.contains(word))
            && asked.plan(passage.plan).is_some_and(|of| of.id == plan.id)
    });
    let Some(passage) = passage else { return };
    if let Some(citation) = plan.cite(passage.sentences[0]) {
        answer
            .context
            .push(format!("报告的说法：{}", passage.verbatim));
        answer.cite(citation);
    }
}
