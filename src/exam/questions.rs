//! Questions whose answer stands in the plan.

use super::{Expected, Item, figures, perturb};
use crate::model::{
    Cell, ExamRecords, Fact, GlossaryTerm, Indicator, Measure, NoteKind, Plan, Provenance,
};
use std::collections::BTreeMap;

/// All questions on a plan.
pub(crate) fn of(plan: &Plan, ways: &ExamRecords) -> Vec<Item> {
    let mut items = Vec::new();
    for indicator in &plan.indicators {
        if !indicator.cells.is_empty() {
            on_indicator(plan, indicator, ways, &mut items);
        }
    }
    for category in plan.categories() {
        let members = plan
            .indicators
            .iter()
            .filter(|i| i.category == category)
            .map(|i| i.name.clone())
            .collect();
        let expected = Expected::Anywhere(members);
        let of_category = [("{name}", category)];
        ask(
            "一类指标",
            &ways.members,
            &of_category,
            &expected,
            &mut items,
        );
    }
    for term in &plan.terms {
        on_term(term, ways, &mut items);
    }
    facts(plan, ways, &mut items);
    other_names(plan, ways, &mut items);
    items
}

/// Each cell of an indicator, and what else its row says.
fn on_indicator(plan: &Plan, indicator: &Indicator, ways: &ExamRecords, items: &mut Vec<Item>) {
    let name = indicator.name.as_str();
    for cell in &indicator.cells {
        cell_questions(name, cell, ways, items);
    }
    let named = [("{name}", name)];
    let first = |said: String| Expected::First(vec![name.to_string(), said]);
    if !indicator.unit.is_empty() {
        let expected = first(format!("单位：{}", indicator.unit));
        ask("单位", &ways.unit, &named, &expected, items);
    }
    if let Some(nature) = indicator.nature {
        let expected = first(format!("属性：{}", nature.word()));
        ask("属性", &ways.nature, &named, &expected, items);
    }
    if !indicator.category.is_empty() {
        let expected = first(indicator.category.clone());
        ask("类别", &ways.category_of, &named, &expected, items);
    }
    let notes = indicator
        .remarks
        .iter()
        .filter_map(|at| plan.notes.get(*at));
    for note in notes.filter(|note| note.kind == NoteKind::Remark) {
        let expected = Expected::Place(note.place.clone());
        ask("备注", &ways.remark, &named, &expected, items);
    }
}

fn on_term(term: &GlossaryTerm, ways: &ExamRecords, items: &mut Vec<Item>) {
    let expected = Expected::Place(term.place.clone());
    let named = [("{name}", term.name.as_str())];
    ask("名词", &ways.term, &named, &expected, items);
    let bare = term.name.replace(['“', '”'], "");
    if let Some(slip) = perturb::homophone(&bare).filter(|_| bare.chars().count() >= 3) {
        ask_plainly("名词：同音错字", &ways.term, &slip, &expected, items);
    }
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

/// Each figure of the running text and of the notes: its clause with the figure asked for. A
/// question that two figures answer is not asked.
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
                .push(figures::bare(&fact.quantity));
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
                    .push(figures::bare(&fact.quantity));
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

const LONGEST_HEAD: usize = 6;
const FEWEST_LETTERS: usize = 4;

/// The stretch of the clause that holds a figure, the figure replaced by the question for it; the
/// whole clause where the stretch says too little.
fn asked_for(fact: &Fact) -> Option<String> {
    let figure = &fact.quantity.printed;
    let question = figures::how_many(&fact.quantity.unit);
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
        fact.clause.to_string()
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

/// The first figure of each indicator, asked by its other names: those of the plan's own file, and
/// its printed name with a name of the field in place of another one for the same thing.
fn other_names(plan: &Plan, ways: &ExamRecords, items: &mut Vec<Item>) {
    for indicator in &plan.indicators {
        let printed = indicator.name.as_str();
        let own = plan.synonyms.iter().filter(|(name, _)| name == printed);
        let own = own
            .flat_map(|(_, said)| said)
            .map(|said| ("叫法：计划自己的", said.clone()));
        let of_field = ways
            .same_names
            .iter()
            .flat_map(|names| renamed(printed, names));
        let of_field = of_field.map(|name| ("叫法：行业词库", name));
        let cell = indicator
            .cells
            .iter()
            .find(|cell| cell.measure == Some(Measure::Target));
        let Some((cell, year)) = cell.and_then(|cell| Some((cell, cell.year?))) else {
            continue;
        };
        let expected = Expected::First(vec![
            printed.to_string(),
            year.to_string(),
            cell.quantity.shown(),
        ]);
        items.extend(own.chain(of_field).map(|(kind, name)| Item {
            kind,
            question: format!("{year}年{name}目标是多少"),
            expected: expected.clone(),
        }));
    }
}

/// A printed name with the longest of some names that it holds replaced by each of the others.
fn renamed(printed: &str, names: &[String]) -> Vec<String> {
    let lower = printed.to_lowercase();
    let held = names.iter().filter(|name| lower.contains(name.as_str()));
    let Some(held) = held.max_by_key(|name| name.chars().count()) else {
        return Vec::new();
    };
    // A name of several Latin words stands for a whole name, not inside a Chinese one.
    let fits = |name: &&String| !name.contains(' ') || *held == lower;
    let others = names.iter().filter(|name| *name != held).filter(fits);
    others
        .map(|other| lower.replacen(held.as_str(), other, 1))
        .collect()
}
