//! Figures of the running text, asked for by the words around them as they stand there, some at the
//! front left out.

use super::Expected;
use super::base::{About, Base};
use super::words::{Dice, Half};
use crate::language::{Segment, segment};
use crate::model::{Fact, Plan, Quantity};

/// Fewer letters before a figure do not tell it from others.
const FEWEST_LETTERS: usize = 4;
/// So many letters behind a figure still say what it counts.
const LETTERS_AFTER: usize = 14;
const LONGEST_HEAD: usize = 6;

/// Each figure of the running text whose words are those of no other.
pub(crate) fn of(plan: &Plan, half: Half) -> Vec<Base> {
    let everything = everything(plan);
    let facts = plan.facts.iter();
    let mut bases: Vec<Base> = facts
        .filter_map(|fact| base(plan, fact, &everything, half))
        .collect();
    bases.sort_by_key(Base::question);
    // What two figures answer is not asked.
    let questions: Vec<String> = bases.iter().map(Base::question).collect();
    let is_alone =
        |question: &String| questions.iter().filter(|other| *other == question).count() == 1;
    bases.retain(|base| is_alone(&base.question()));
    bases
}

/// Number and unit without the words around them: a table may print the same figure with other
/// words.
pub(crate) fn bare(quantity: &Quantity) -> String {
    quantity
        .printed
        .trim_start_matches(|c: char| !c.is_ascii_digit())
        .trim_end_matches("以上")
        .trim_end_matches("以内")
        .trim_end_matches("左右")
        .to_string()
}

/// 多少家 for 10家, 多少元 for 50亿元, 多少 for a share.
pub(crate) fn how_many(unit: &str) -> String {
    let without_size = unit.trim_start_matches(['万', '亿', '千', '百']);
    let unit = if without_size.is_empty() {
        unit
    } else {
        without_size
    };
    if unit == "%" {
        "多少".to_string()
    } else {
        format!("多少{unit}")
    }
}

/// The words of a text, by letters.
pub(crate) fn words_of(text: &str) -> (Vec<char>, Vec<Segment>) {
    let letters: Vec<char> = text.chars().collect();
    let words = segment(&letters, &|_: &[char]| Vec::new());
    (letters, words)
}

fn everything(plan: &Plan) -> String {
    let passages = plan.passages.iter().map(|passage| passage.text.as_str());
    let terms = plan.terms.iter().map(|term| term.definition.as_str());
    let notes = plan.notes.iter().map(|note| note.text.as_str());
    let texts: Vec<&str> = passages.chain(terms).chain(notes).collect();
    texts.join("\n")
}

fn base(plan: &Plan, fact: &Fact, everything: &str, half: Half) -> Option<Base> {
    let clause = fact.clause.as_ref();
    let printed = fact.quantity.printed.as_str();
    let is_plain = !clause.contains(['（', '）', '“', '”', '：', '年', '月', '此']);
    if !is_plain || clause.matches(printed).count() != 1 {
        return None;
    }
    let (before, after) = clause.split_once(printed)?;
    // 50亿元以上的项目: such a figure counts nothing.
    if after.starts_with(['的', '以', '及']) {
        return None;
    }
    let front = front(before)?;
    let back: String = after
        .chars()
        .take(LETTERS_AFTER)
        .take_while(|letter| !letter.is_ascii_digit() && !"、，；".contains(*letter))
        .collect();
    let front = shortened(
        &front,
        &back,
        &mut Dice::new(half, &format!("{front}{printed}")),
    );
    let length = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    // What is listed before 等 is no subject of the figure.
    let is_listed = front.ends_with('等') || front.ends_with("共计");
    let telling = if length(&front) >= FEWEST_LETTERS && !is_listed {
        &front
    } else {
        &back
    };
    if length(telling) < FEWEST_LETTERS || everything.matches(telling.as_str()).count() != 1 {
        return None;
    }
    let year = plan.passages.get(fact.passage)?.year;
    let asked = format!("{front}{}{back}", how_many(&fact.quantity.unit));
    let orders = year.map(|year| format!("{asked}，{year}年"));
    Some(Base {
        about: About::Figure,
        head: year.map(|year| format!("{year}年")).unwrap_or_default(),
        name: asked.clone(),
        tail: asked,
        year,
        orders: orders.into_iter().collect(),
        expected: Expected::First(vec![bare(&fact.quantity)]),
    })
}

/// The stretch before a figure: from the figure or the listed thing before it, with the verb that
/// opens the clause.
fn front(before: &str) -> Option<String> {
    let from = before.rfind(|c: char| c == '、' || c.is_ascii_digit());
    let Some(from) = from else {
        return Some(before.to_string());
    };
    let stretch = before.get(from..)?.trim_start_matches(|c: char| {
        c == '、' || c.is_ascii_digit() || c == '%' || "个家项户处元人亿万千".contains(c)
    });
    // 以下的项目: the figure before restricts it.
    if stretch.starts_with(['以', '的', '及', '左', '余', '年', '月', '日']) {
        return None;
    }
    let head: String = before
        .chars()
        .take_while(|c| !c.is_ascii_digit() && *c != '、')
        .collect();
    let (letters, words) = words_of(&head);
    let first = words
        .first()
        .map(|word| letters[..word.end].iter().collect::<String>());
    let verb = first.filter(|word| {
        word.chars().count() <= LONGEST_HEAD && before.contains(|c: char| c.is_ascii_digit())
    });
    Some(format!("{}{stretch}", verb.unwrap_or_default()))
}

/// Without some words at the front, as many as the dice say, so that enough is left to tell the
/// figure and that it begins with a word that names or does something.
fn shortened(front: &str, back: &str, dice: &mut Dice) -> String {
    let (letters, words) = words_of(front);
    let is_beginning = |word: &&Segment| {
        let left = letters.len() - word.start + back.chars().count();
        let names = word.part.is_nominal() || word.part.is_verbal();
        names && word.end - word.start >= 2 && left >= FEWEST_LETTERS + 2
    };
    let beginnings: Vec<&Segment> = words.iter().filter(is_beginning).collect();
    let from = dice.pick(&beginnings).map_or(0, |word| word.start);
    letters[from..].iter().collect()
}
