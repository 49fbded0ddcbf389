//! “什么时候报进展”, “向谁报”: the duties to report of every plan in the frame.

use super::indicator;
use crate::model::{Plan, PlanIx, Provenance, ReportingDuty};
use crate::question::{Operator, OperatorSet};
use crate::reply::{
    Answer, AnswerKind, Asked, Candidate, Feature, Features, Kind, Record, RecordKey, Time,
};
use std::rc::Rc;

/// A duty to report.
pub struct Duty;

const USES: OperatorSet = indicator::uses(&[
    Operator::Report,
    Operator::When,
    Operator::Who,
    Operator::Where,
    Operator::How,
    Operator::Define,
    Operator::Premise,
]);
const WANTS: OperatorSet = OperatorSet::of(&[Operator::Report]);

struct Due {
    plan: PlanIx,
    duty: usize,
}

impl Kind for Duty {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        for (at, plan) in asked.plans() {
            for (number, duty) in plan.duties.iter().enumerate() {
                let phrase = named_phrase(asked, duty);
                if !asked.question.has(Operator::Report) && phrase.is_none() {
                    continue;
                }
                let mut letters = asked.letters_of(&[
                    Operator::Report,
                    Operator::When,
                    Operator::Who,
                    Operator::Amount,
                    Operator::List,
                    Operator::Target,
                ]);
                if let Some(span) = phrase {
                    letters[span].fill(1.0);
                }
                let sentence =
                    crate::evidence::Text::new(&asked.thesaurus.document(&duty.sentence));
                let mut explained = asked.words_of_letters(&letters);
                for (explained, word) in explained.iter_mut().zip(&asked.question.words) {
                    if word.weight > 0.1 {
                        *explained = explained.max(sentence.holds(&word.text));
                    }
                }
                let mut years: Vec<i32> = duty.due.iter().filter_map(|due| due.year).collect();
                years.dedup();
                let mut features = Features::default();
                features.set(Feature::Cover, 0.8);
                candidates.push(Candidate {
                    kind: AnswerKind::Duty,
                    key: RecordKey::Document(AnswerKind::Duty, at, number),
                    plan: at,
                    explained,
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
                    record: Rc::new(Due {
                        plan: at,
                        duty: number,
                    }),
                });
            }
        }
    }
}

/// Where a due phrase of a duty stands in the question (12月底), its last letter left open (12月).
fn named_phrase(asked: &Asked<'_>, duty: &ReportingDuty) -> Option<std::ops::Range<usize>> {
    let text = &asked.question.text;
    duty.due.iter().find_map(|due| {
        let words = asked.thesaurus.document(&due.words);
        let month: String = words
            .chars()
            .take_while(|c| *c != '月')
            .chain(['月'])
            .collect();
        let found = [words.as_str(), month.as_str()];
        found
            .iter()
            .filter(|word| word.chars().count() >= 2)
            .find_map(|word| {
                let byte = text.find(word)?;
                let start = text[..byte].chars().count();
                let next = text[byte + word.len()..].chars().next();
                let end = start
                    + word.chars().count()
                    + usize::from(next.is_some_and(|c| "初底末份".contains(c)));
                Some(start..end)
            })
    })
}

impl Record for Due {
    fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        let plan = asked.plan(self.plan)?;
        answer(asked, plan, plan.duties.get(self.duty)?)
    }
}

fn answer(asked: &Asked<'_>, plan: &Plan, duty: &ReportingDuty) -> Option<Answer> {
    let mut year = None;
    let phrases: Vec<String> = duty
        .due
        .iter()
        .map(|phrase| {
            if phrase.year == year.replace(phrase.year).flatten() {
                phrase.words.clone()
            } else {
                phrase.shown()
            }
        })
        .collect();
    let lead = format!(
        "{}：{}向{}报送{}",
        phrases.join("和"),
        duty.reporter,
        duty.recipient,
        duty.subject
    );
    let citation = plan.cite(Provenance::Passage(duty.passage))?;
    let mut answer = Answer::new(AnswerKind::Duty, lead, citation);
    if asked.question.has(Operator::Amount) && duty.due.len() > 1 {
        let count = duty.due.len();
        answer.context.push(format!("每年{count}次。"));
        answer.computed.push(count.to_string());
    }
    let says_no_day = duty.due.iter().all(|phrase| !phrase.words.contains('日'));
    if asked.question.has(Operator::When) && says_no_day {
        let words: Vec<String> = duty
            .due
            .iter()
            .map(|phrase| format!("“{}”", phrase.words))
            .collect();
        let line = format!("文件只写{}，没有写具体日期。", words.join("和"));
        answer.context.push(line);
    }
    answer.context.push(format!("原文：{}", duty.sentence));
    Some(answer)
}
