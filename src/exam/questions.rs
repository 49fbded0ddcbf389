//! Questions whose answer stands in the plan.

use super::{Expected, Item, perturb};
use crate::model::{Cell, ExamRecords, Fact, Measure, NoteKind, Plan, Provenance};
use std::collections::BTreeMap;

/// All questions on a plan.
pub fn of(plan: &Plan, ways: &ExamRecords) -> Vec<Item> {
    let mut items = Vec::new();
    for indicator in plan
        .indicators
        .iter()
        .filter(|indicator| !indicator.cells.is_empty())
    {
        let name = indicator.name.as_str();
        for cell in &indicator.cells {
            cell_questions(name, cell, ways, &mut items);
        }
        let first =
            |words: &[&str]| Expected::First(words.iter().map(|w| (*w).to_string()).collect());
        if !indicator.unit.is_empty() {
            ask(
                "单位",
                &ways.unit,
                &[("{name}", name)],
                &first(&[name, &format!("单位：{}", indicator.unit)]),
                &mut items,
            );
        }
        if let Some(nature) = indicator.nature {
            ask(
                "属性",
                &ways.nature,
                &[("{name}", name)],
                &first(&[name, &format!("属性：{}", nature.word())]),
                &mut items,
            );
        }
        if !indicator.category.is_empty() {
            ask(
                "类别",
                &ways.category_of,
                &[("{name}", name)],
                &first(&[name, &indicator.category]),
                &mut items,
            );
        }
        for note in indicator
            .remarks
            .iter()
            .filter_map(|at| plan.notes.get(*at))
            .filter(|note| note.kind == NoteKind::Remark)
        {
            ask(
                "备注",
                &ways.remark,
                &[("{name}", name)],
                &Expected::Place(note.place.clone()),
                &mut items,
            );
        }
    }
    for category in plan.categories() {
        let members = plan
            .indicators
            .iter()
            .filter(|i| i.category == category)
            .map(|i| i.name.clone())
            .collect();
        ask(
            "一类指标",
            &ways.members,
            &[("{name}", category)],
            &Expected::Anywhere(members),
            &mut items,
        );
    }
    for term in &plan.terms {
        let expected = Expected::Place(term.place.clone());
        ask(
            "名词",
            &ways.term,
            &[("{name}", &term.name)],
            &expected,
            &mut items,
        );
        let bare = term.name.replace(['“', '”'], "");
        if let Some(slip) = perturb::homophone(&bare).filter(|_| bare.chars().count() >= 3) {
            ask_plainly("名词：同音错字", &ways.term, &slip, &expected, &mut items);
        }
    }
    facts(plan, ways, &mut items);
    items
}

fn cell_questions(name: &str, cell: &Cell, ways: &ExamRecords, items: &mut Vec<Item>) {
    let (Some(year), Some(measure)) = (cell.year, cell.measure) else {
        return;
    };
    let forms = if measure == Measure::Target {
        &ways.target
    } else {
        &ways.actual
    };
    let expected = Expected::First(vec![
        name.to_string(),
        year.to_string(),
        cell.quantity.shown(),
    ]);
    let year = year.to_string();
    ask(
        "数值",
        forms,
        &[("{name}", name), ("{year}", &year)],
        &expected,
        items,
    );
    if let Some(spelled) = perturb::pinyin(name) {
        let word = if measure == Measure::Target {
            "目标"
        } else {
            "完成情况"
        };
        items.push(Item {
            kind: "数值：拼音",
            question: format!("{year}年 {spelled} {word}"),
            expected: expected.clone(),
        });
    }
}

/// Each way to ask, filled in, as different people type it.
fn ask(
    kind: &'static str,
    ways: &[String],
    parts: &[(&str, &str)],
    expected: &Expected,
    items: &mut Vec<Item>,
) {
    for way in ways {
        let question = parts
            .iter()
            .fold(way.clone(), |text, (part, value)| text.replace(part, value));
        items.extend(perturb::all(&question).into_iter().map(|question| Item {
            kind,
            question,
            expected: expected.clone(),
        }));
    }
}

fn ask_plainly(
    kind: &'static str,
    ways: &[String],
    name: &str,
    expected: &Expected,
    items: &mut Vec<Item>,
) {
    items.extend(ways.iter().map(|way| Item {
        kind,
        question: way.replace("{name}", name),
        expected: expected.clone(),
    }));
}

/// Each figure of the running text and of the notes: its clause with the figure asked for. A question that two figures
/// answer is not asked.
fn facts(plan: &Plan, ways: &ExamRecords, items: &mut Vec<Item>) {
    let mut answers: BTreeMap<(String, &'static str), Vec<String>> = BTreeMap::new();
    for fact in &plan.facts {
        let Some(passage) = plan.passages.get(fact.passage) else {
            continue;
        };
        let year = passage
            .year
            .map(|year| format!("{year}年"))
            .unwrap_or_default();
        if let Some(question) = asked_for(fact) {
            answers
                .entry((format!("{year}{question}"), "正文数字"))
                .or_default()
                .push(bare(fact));
        }
    }
    for (at, note) in plan.notes.iter().enumerate() {
        for fact in plan.facts_of_note(at) {
            let fits = plan
                .quoted(Provenance::Note(at))
                .is_some_and(|text| text.contains(&fact.quantity.printed));
            if let Some(question) =
                asked_for(fact).filter(|_| fits && note.kind == NoteKind::Footnote)
            {
                answers
                    .entry((question, "脚注数字"))
                    .or_default()
                    .push(bare(fact));
            }
        }
    }
    for ((question, kind), printed) in answers {
        let one = printed.iter().all(|other| *other == printed[0]);
        if one {
            ask(
                kind,
                &ways.fact,
                &[("{name}", &question)],
                &Expected::Anywhere(vec![printed[0].clone()]),
                items,
            );
        }
    }
}

/// Number and unit without the words around them: a table may print the same figure with other words.
fn bare(fact: &Fact) -> String {
    fact.quantity
        .printed
        .trim_start_matches(|c: char| !c.is_ascii_digit())
        .trim_end_matches("以上")
        .trim_end_matches("以内")
        .trim_end_matches("左右")
        .to_string()
}

const LONGEST_HEAD: usize = 6;
const FEWEST_LETTERS: usize = 4;

/// The stretch of the clause that holds a figure, the figure replaced by the question for it; the whole clause where
/// the stretch says too little.
fn asked_for(fact: &Fact) -> Option<String> {
    let figure = &fact.quantity.printed;
    let unit = fact
        .quantity
        .unit
        .trim_start_matches(['万', '亿', '千', '百']);
    let unit = if unit.is_empty() {
        fact.quantity.unit.as_str()
    } else {
        unit
    };
    let question = if unit == "%" {
        "多少".to_string()
    } else {
        format!("多少{unit}")
    };
    if fact.clause.contains(['（', '）']) {
        return None;
    }
    let stretch = fact
        .clause
        .split('、')
        .find(|stretch| stretch.contains(figure.as_str()))?;
    let head = fact
        .clause
        .split(|c: char| c.is_ascii_digit())
        .next()
        .unwrap_or_default();
    let text = if fact.subject.chars().count() < 4 {
        fact.clause.clone()
    } else if !stretch.starts_with(head)
        && head.chars().count() <= LONGEST_HEAD
        && !fact.clause.starts_with(stretch)
    {
        format!("{head}{stretch}")
    } else {
        stretch.to_string()
    };
    let words = text.replacen(figure.as_str(), "", 1);
    let telling = words.chars().filter(|c| c.is_alphabetic()).count() >= FEWEST_LETTERS
        && !words.starts_with('此');
    telling.then(|| text.replacen(figure.as_str(), &question, 1))
}
