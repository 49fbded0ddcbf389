//! “附件2 第16行”, “备注2”, “脚注3”, “名词解释第21条”: what stands at a place that the bot itself cites.

use super::{document, indicator};
use crate::language::fold;
use crate::model::{Plan, PlanIx, Provenance};
use crate::question::{Operator, OperatorSet};
use crate::reply::{Answer, AnswerKind, Asked, Candidate, Feature, Features, Kind, Record};
use once_cell::sync::Lazy;
use regex::Regex;
use std::rc::Rc;

/// What stands at a place.
pub struct Place;

static PLACE: Lazy<Option<Regex>> = Lazy::new(|| {
    Regex::new(concat!(
        r"(?P<table>附[件表]\(?[0-9一二三四五六七八九十]+\)?)?[ ,的里中]*(?:",
        r"第(?P<row>[0-9]+|[一二三四五六七八九十]+)行",
        r"|第?(?P<note>[0-9]+|[一二三四五六七八九十]+)?(?:条|个)?(?P<kind>备注|脚注|注释)第?(?P<number>[0-9]+|[一二三四五六七八九十]+)?条?",
        r"|(?:名词解释|名词)的?第(?P<term>[0-9]+|[一二三四五六七八九十]+)[条个])"
    ))
    .ok()
});

const USES: OperatorSet = indicator::uses(&[Operator::Define, Operator::How, Operator::Where]);
const WANTS: OperatorSet = OperatorSet::of(&[Operator::Document]);

struct Standing {
    plan: PlanIx,
    provenance: Provenance,
}

impl Kind for Place {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        let text = &asked.question.text;
        let Some(found) = PLACE.as_ref().and_then(|pattern| pattern.captures(text)) else {
            return;
        };
        let Some(whole) = found.get(0) else { return };
        // The 一 of 备注一共几条 numbers none of them.
        let counts = found.name("number").is_some_and(|number| {
            let at = text[..number.start()].chars().count();
            asked.question.operators.at(at).has(Operator::Total)
        });
        if counts {
            return;
        }
        for (at, plan) in asked.plans() {
            let Some(provenance) = standing(plan, &found) else {
                continue;
            };
            let start = text[..whole.start()].chars().count();
            let mut letters = asked.letters_of(&[Operator::Document]);
            let end = start + whole.as_str().chars().count();
            letters[start..end].fill(1.0);
            let mut features = Features::default();
            features.set(Feature::Cover, 1.0);
            features.set(Feature::KindAgrees, 1.0);
            features.set(Feature::Verbatim, 1.0);
            candidates.push(document::candidate(
                asked,
                AnswerKind::Place,
                (at, 0),
                &letters,
                features,
                (USES, WANTS),
                Rc::new(Standing {
                    plan: at,
                    provenance,
                }),
            ));
        }
    }
}

fn standing(plan: &Plan, found: &regex::Captures<'_>) -> Option<Provenance> {
    let number = |name: &str| found.name(name).and_then(|n| numeral(n.as_str()));
    let table = found.name("table").map(|table| {
        let digits: String = table
            .as_str()
            .chars()
            .filter(|c| !"附件表()".contains(*c))
            .collect();
        numeral(&digits)
    });
    let in_table = |place: &str| {
        let place = fold(place);
        table.flatten().is_none_or(|number| {
            ["附件", "附表"]
                .iter()
                .any(|word| place.starts_with(&format!("{word}{number}")))
        })
    };
    if let Some(number) = number("term") {
        let at = plan
            .terms
            .iter()
            .position(|term| term.number as usize == number)?;
        return Some(Provenance::Term(at));
    }
    if let Some(number) = number("row") {
        return plan
            .indicators
            .iter()
            .enumerate()
            .find_map(|(indicator, row)| {
                let cell = row.cells.iter().position(|cell| {
                    in_table(&cell.place) && cell.place.ends_with(&format!("第{number}行"))
                })?;
                Some(Provenance::Cell { indicator, cell })
            });
    }
    let number = number("number").or_else(|| number("note"))?;
    let kind = match found.name("kind")?.as_str() {
        "备注" => "备注",
        _ => "脚注",
    };
    let wanted = format!("{kind}{number}");
    let at = plan.notes.iter().position(|note| {
        in_table(&note.place) && note.place.split(' ').next_back() == Some(wanted.as_str())
    })?;
    Some(Provenance::Note(at))
}

/// Arabic or Chinese, up to ninety-nine.
fn numeral(text: &str) -> Option<usize> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let digit = |c: char| "零一二三四五六七八九".chars().position(|d| d == c);
    let letters: Vec<char> = text.chars().collect();
    match letters.as_slice() {
        ['十'] => Some(10),
        ['十', ones] => Some(10 + digit(*ones)?),
        [tens, '十'] => Some(10 * digit(*tens)?),
        [tens, '十', ones] => Some(10 * digit(*tens)? + digit(*ones)?),
        [one] => digit(*one),
        _ => None,
    }
}

impl Record for Standing {
    fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        let plan = asked.plan(self.plan)?;
        if let Provenance::Term(at) = self.provenance {
            return super::term::entry(plan, at, AnswerKind::Place);
        }
        let citation = plan.cite(self.provenance)?;
        let lead = match self.provenance {
            Provenance::Cell { .. } => citation.quote.replace('｜', "，"),
            _ => citation.quote.clone(),
        };
        Some(Answer::new(AnswerKind::Place, lead, citation))
    }
}
