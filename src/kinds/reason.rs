//! “为什么没完成”: the remarks of an indicator and the sentences of the report that give a reason for it.

use super::cells;
use super::indicator;
use crate::evidence::{Grain, IndicatorName, NameId};
use crate::model::{PlanIx, Provenance};
use crate::question::{Operator, OperatorSet};
use crate::reply::{Answer, AnswerKind, Asked, Candidate, Kind, Record};
use std::rc::Rc;

/// Why a figure is as it is.
pub struct Reason;

const USES: OperatorSet = indicator::uses(&[
    Operator::Why,
    Operator::Compare,
    Operator::Verdict,
    Operator::Unpublished,
    Operator::How,
    Operator::Define,
    Operator::Up,
    Operator::Down,
]);
const WANTS: OperatorSet = OperatorSet::of(&[Operator::Why]);
/// More is said by the first few.
const MOST_SENTENCES: usize = 3;

struct Reasons {
    name: NameId,
    places: Vec<(PlanIx, Provenance)>,
}

impl Kind for Reason {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        if !asked.question.has(Operator::Why) {
            return;
        }
        for named in &asked.indicators {
            let name = asked.library.names.indicator(named.name);
            let places = places(asked, name);
            if places.is_empty() {
                continue;
            }
            let texts: Vec<String> = places
                .iter()
                .filter_map(|(plan, place)| asked.plan(*plan)?.quoted(*place))
                .map(|text| asked.thesaurus.document(&text))
                .collect();
            let record = Rc::new(Reasons {
                name: named.name,
                places,
            });
            let kind = AnswerKind::Reason;
            let mut candidate = indicator::candidate(asked, named, kind, (USES, WANTS), record);
            for (explained, word) in candidate.explained.iter_mut().zip(&asked.question.words) {
                if word.weight > 0.2 && texts.iter().any(|text| text.contains(&word.text)) {
                    *explained = explained.max(0.9);
                }
            }
            candidates.push(candidate);
        }
    }
}

/// Remarks first, then sentences that name the indicator and give a reason.
fn places(asked: &Asked<'_>, name: &IndicatorName) -> Vec<(PlanIx, Provenance)> {
    let mut places = Vec::new();
    for (plan_at, at) in &name.members {
        let indicator = asked
            .plan(*plan_at)
            .and_then(|plan| plan.indicators.get(*at));
        let Some(indicator) = indicator.filter(|_| asked.is_in_frame(*plan_at)) else {
            continue;
        };
        places.extend(
            indicator
                .remarks
                .iter()
                .map(|note| (*plan_at, Provenance::Note(*note))),
        );
    }
    let bare = name.name.text.split('(').next().unwrap_or_default();
    let longer: Vec<&str> = asked
        .library
        .names
        .indicators
        .iter()
        .map(|other| other.name.text.as_str())
        .filter(|other| other.contains(bare) && other.len() > name.name.text.len())
        .collect();
    for passage in &asked.library.passages {
        if !passage.gives_reason
            || passage.grain != Grain::Sentence
            || !asked.is_in_frame(passage.plan)
        {
            continue;
        }
        let mut text = asked.explainer.canonical(passage.text).to_string();
        for other in &longer {
            text = text.replace(other, "");
        }
        let named = std::iter::once(bare).chain(
            name.aliases
                .iter()
                .map(String::as_str)
                .filter(|a| a.chars().count() >= 4),
        );
        if named.into_iter().any(|name| text.contains(name)) {
            places.push((passage.plan, passage.sentences[0]));
        }
    }
    places.truncate(MOST_SENTENCES);
    places
}

impl Record for Reasons {
    fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        let mut citations = self
            .places
            .iter()
            .filter_map(|(plan, place)| asked.plan(*plan)?.cite(*place));
        let first = citations.next()?;
        let mut answer = Answer::new(AnswerKind::Reason, first.quote.clone(), first);
        for citation in citations {
            answer.context.push(citation.quote.clone());
            answer.cite(citation);
        }
        let name = asked.library.names.indicator(self.name);
        let row = cells::row(asked.book, name, &asked.question.frame.plans);
        let years = &asked.question.frame.years;
        let shown: Vec<_> = row
            .iter()
            .filter(|found| years.is_empty() || found.cell.year.is_some_and(|y| years.contains(&y)))
            .take(2)
            .collect();
        if !shown.is_empty() && !answer.lead.contains(&name.printed) {
            answer.lead = format!("{}：{}", name.printed, answer.lead);
        }
        if !shown.is_empty() && answer.lead.contains(&name.printed) {
            let cells: Vec<String> = shown.iter().map(|found| found.shown()).collect();
            answer
                .context
                .push(format!("{} {}", name.printed, cells.join("；")));
            shown.iter().for_each(|found| found.figure(&mut answer));
        }
        Some(answer)
    }
}
