//! “…用什么单位”, “约束性还是预期性”, “属于哪一类”: what the table says of an indicator beside its figures.

use super::cells;
use super::indicator;
use crate::evidence::NameId;
use crate::question::{Operator, OperatorSet};
use crate::reply::{Answer, AnswerKind, Asked, Candidate, Kind, Record};
use std::rc::Rc;

/// The unit of an indicator.
pub struct Unit;
/// Whether an indicator binds.
pub struct Nature;
/// The category of an indicator.
pub struct Category;

struct Attribute {
    name: NameId,
    kind: AnswerKind,
}

const UNIT: OperatorSet = OperatorSet::of(&[Operator::Unit]);
const NATURE: OperatorSet = OperatorSet::of(&[Operator::Nature]);
const CATEGORY: OperatorSet = OperatorSet::of(&[Operator::Category]);
const DEFINE: OperatorSet = indicator::uses(&[Operator::Define]);

impl Kind for Unit {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        propose(asked, candidates, AnswerKind::Unit, UNIT);
    }
}

impl Kind for Nature {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        propose(asked, candidates, AnswerKind::Nature, NATURE);
    }
}

impl Kind for Category {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        propose(asked, candidates, AnswerKind::Category, CATEGORY);
    }
}

fn propose(
    asked: &Asked<'_>,
    candidates: &mut Vec<Candidate>,
    kind: AnswerKind,
    wants: OperatorSet,
) {
    if !asked.question.operators.set().meets(wants) {
        return;
    }
    for named in &asked.indicators {
        let record = Rc::new(Attribute {
            name: named.name,
            kind,
        });
        // A row without the attribute says nothing of it.
        if record.answer(asked).is_none() {
            continue;
        }
        let uses = DEFINE.or(wants);
        candidates.push(indicator::candidate(
            asked,
            named,
            kind,
            (uses, wants),
            record,
        ));
    }
}

impl Record for Attribute {
    fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        let name = asked.library.names.indicator(self.name);
        let row = cells::row(asked.book, name, &asked.question.frame.plans);
        let first = row.first()?;
        let indicator = first.indicator;
        let (label, value) = match self.kind {
            AnswerKind::Unit => ("单位", indicator.unit.as_str()),
            AnswerKind::Nature => ("属性", indicator.nature?.word()),
            _ => ("类别", indicator.category.as_str()),
        };
        if value.is_empty() {
            return None;
        }
        let lead = format!("{} {label}：{value}", indicator.name);
        Some(Answer::new(
            self.kind,
            lead,
            first.plan.cite(first.provenance)?,
        ))
    }
}
