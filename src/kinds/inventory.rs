//! “一共多少条名词解释”, “附件1有几条备注”, “有多少项指标”: how much of something the document has.

use super::cells::Found;
use super::indicator;
use crate::model::{NoteKind, Plan, PlanIx, Provenance};
use crate::question::{Operator, OperatorSet};
use crate::reply::{
    Answer, AnswerKind, Asked, Candidate, Feature, Features, Kind, Record, RecordKey, Time,
};
use std::rc::Rc;

/// How much of something the document has.
pub struct Inventory;

const USES: OperatorSet = indicator::uses(&[Operator::Define]);
const WANTS: OperatorSet = OperatorSet::of(&[Operator::Document, Operator::Indicator]);

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thing {
    Terms,
    Remarks,
    Footnotes,
    Indicators,
}

const WORDS: &[(Thing, &[&str])] = &[
    (
        Thing::Terms,
        &["名词解释", "名词", "术语", "词条", "terms", "glossary"],
    ),
    (Thing::Remarks, &["备注"]),
    (Thing::Footnotes, &["脚注", "注释"]),
    (Thing::Indicators, &["指标", "indicators", "indicator"]),
];

struct Count {
    plan: PlanIx,
    thing: Thing,
    table: Option<String>,
}

impl Kind for Inventory {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        let question = asked.question;
        let asks = question.any(&[Operator::Amount, Operator::List, Operator::Total]);
        // Which of them are lower, or were not reached, is no question after all of them.
        let restricts = question.any(&[Operator::Compare, Operator::Verdict]);
        let named = WORDS.iter().find_map(|(thing, words)| {
            let word = words.iter().find(|word| question.text.contains(**word))?;
            Some((*thing, *word))
        });
        let Some((thing, word)) = named.filter(|_| asks && !restricts) else {
            return;
        };
        // 指标按多少人口算 counts people.
        let mut counted = question.amount.heads.iter().flatten().peekable();
        let counts_thing = |head: &usize| question.words[*head].text.contains(word);
        let one_amount = question.operators.spans(Operator::Amount).count() == 1;
        if one_amount && counted.peek().is_some() && !counted.any(counts_thing) {
            return;
        }
        for (at, plan) in asked.plans() {
            let label = plan
                .tables
                .iter()
                .map(|table| &table.label)
                .find(|label| question.text.contains(&asked.thesaurus.document(label)));
            let count = Count {
                plan: at,
                thing,
                table: label.cloned(),
            };
            if count.places(plan).is_empty() {
                continue;
            }
            let mut letters =
                asked.letters_of(&[Operator::Document, Operator::Amount, Operator::Total]);
            for known in [word, "条", "项", "个", "可以", "附件1", "附件2", "能"] {
                for (byte, found) in question.text.match_indices(known) {
                    let start = question.text[..byte].chars().count();
                    letters[start..start + found.chars().count()].fill(1.0);
                }
            }
            let mut features = Features::default();
            features.set(Feature::Cover, 0.9);
            candidates.push(Candidate {
                kind: AnswerKind::Inventory,
                key: RecordKey::Document(AnswerKind::Inventory, at, thing as usize),
                plan: at,
                explained: asked.words_of_letters(&letters),
                time: Time::default(),
                texts: Vec::new(),
                figures: 1,
                features,
                uses: USES,
                wants: WANTS,
                record: Rc::new(count),
            });
        }
    }
}

impl Count {
    /// Where each stands, with its name and what it says: an indicator its newest value, a note its
    /// text.
    fn places(&self, plan: &Plan) -> Vec<(Provenance, String, String)> {
        let in_table = |place: &str| {
            self.table
                .as_ref()
                .is_none_or(|label| place.starts_with(label.as_str()))
        };
        let notes = |is: fn(NoteKind) -> bool| -> Vec<(Provenance, String, String)> {
            plan.notes
                .iter()
                .enumerate()
                .filter(|(_, note)| is(note.kind) && in_table(&note.place))
                .map(|(at, note)| (Provenance::Note(at), note.place.clone(), note.text.clone()))
                .collect()
        };
        match self.thing {
            Thing::Terms => plan
                .terms
                .iter()
                .enumerate()
                .map(|(at, term)| (Provenance::Term(at), term.name.clone(), String::new()))
                .collect(),
            Thing::Remarks => notes(|kind| kind != NoteKind::Footnote),
            Thing::Footnotes => notes(|kind| kind == NoteKind::Footnote),
            Thing::Indicators => plan
                .indicators
                .iter()
                .enumerate()
                .filter_map(|(at, indicator)| {
                    let cells = indicator.cells.iter().enumerate();
                    let here = cells.filter(|(_, cell)| in_table(&cell.place));
                    // Of one year the first: tables begin with what was aimed at.
                    let (position, cell) = here.rev().max_by_key(|(_, cell)| cell.year)?;
                    let provenance = Provenance::Cell {
                        indicator: at,
                        cell: position,
                    };
                    let newest = Found {
                        plan,
                        indicator,
                        cell,
                        provenance,
                    };
                    Some((provenance, indicator.name.clone(), newest.shown()))
                })
                .collect(),
        }
    }
}

impl Record for Count {
    fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        let plan = asked.plan(self.plan)?;
        let places = self.places(plan);
        let mut citations = places.iter().filter_map(|(place, ..)| plan.cite(*place));
        let first = citations.next()?;
        let count = places.len();
        let table = self.table.clone().unwrap_or_default();
        let lead = match self.thing {
            Thing::Terms => format!("名词解释共{count}条"),
            Thing::Remarks => format!("{table}备注共{count}条"),
            Thing::Footnotes => format!("脚注共{count}条"),
            Thing::Indicators => format!("{table}指标共{count}项"),
        };
        let mut answer = Answer::new(AnswerKind::Inventory, lead, first);
        answer.computed.push(count.to_string());
        if !table.is_empty() {
            answer.computed.push(table);
        }
        for citation in citations {
            answer.cite(citation);
        }
        answer.rows = places
            .into_iter()
            .map(|(_, name, value)| (name, value))
            .collect();
        Some(answer)
    }
}
