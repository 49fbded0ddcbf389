//! A plan compared with the text that it was imported from: every figure with a unit that stands
//! there must be found by asking for it with the words of its clause.
//!
//! The text is read anew and crudely here, by a scan of its own that shares nothing with the
//! import, so that what the import lost or cut wrongly is missed here.

use super::{compared, figures, first_line};
use crate::chat::render;
use crate::edition::Edition;
use crate::language::{PartOfSpeech, prefixes};
use crate::reply::{Answer, Reply};
use chrono::NaiveDate;
use once_cell::sync::Lazy;
use regex::Regex;

static TAG: Lazy<Option<Regex>> =
    Lazy::new(|| Regex::new(r"(?s)<!--.*?-->|<(script|style)\b.*?</(script|style)>|<[^<>]*>").ok());
static FOOTNOTE: Lazy<Option<Regex>> = Lazy::new(|| Regex::new(r"[\[［〔]\s*\d*\s*[\]］〕]").ok());
/// Fewer letters beside a figure do not tell it; the clause before is asked with it.
const FEWEST_LETTERS: usize = 6;
/// What counts things and is no measure word in the dictionary.
const OTHER_UNITS: &[&str] = &[
    "人", "人次", "人份", "所", "处", "部", "期", "站", "笔", "床", "间", "支", "对", "只", "头",
    "例", "剂",
];
const SIZES: &str = "万亿千百余多";

/// A figure with its unit as a scan of the original finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginalFigure {
    /// Number and unit.
    pub printed: String,
    /// The question for it.
    pub question: String,
}

/// How many figures of the original were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OriginalScore {
    /// How many figures with a unit there are.
    pub asked: usize,
    /// How many the answer shows.
    pub shown: usize,
    /// How many one of the choices of a question back shows.
    pub offered: usize,
    /// Those that are not shown, with the first line of the reply.
    pub missed: Vec<(OriginalFigure, String)>,
}

/// Asks for every figure of the original text.
pub fn take_original(edition: &Edition, text: &str, today: NaiveDate) -> OriginalScore {
    let mut score = OriginalScore::default();
    for figure in figures_of_original(text) {
        score.asked += 1;
        let wanted = compared(&figure.printed);
        let shows = |answer: &Answer| {
            let text = render::plain(&Reply::Answer(Box::new(answer.clone())));
            super::shows(&compared(&text), &wanted)
        };
        let reply = edition.reply(&figure.question, today).reply;
        match &reply {
            Reply::Answer(answer) if shows(answer) => score.shown += 1,
            Reply::Clarify(clarification)
                if clarification
                    .choices
                    .iter()
                    .any(|choice| shows(&choice.answer)) =>
            {
                score.offered += 1;
            }
            _ => score.missed.push((figure, first_line(&reply))),
        }
    }
    score
}

/// Every figure with a unit of a text, in its order.
fn figures_of_original(text: &str) -> Vec<OriginalFigure> {
    let without = |pattern: &Lazy<Option<Regex>>, text: &str| match pattern.as_ref() {
        Some(pattern) => pattern.replace_all(text, "").into_owned(),
        None => text.to_string(),
    };
    let looks_like_html = text.contains("</");
    let text = if looks_like_html {
        without(&TAG, text)
    } else {
        text.to_string()
    };
    // A mark of a footnote may be broken over two lines.
    let text = without(&FOOTNOTE, &text);
    let mut found = Vec::new();
    for line in text.lines() {
        let clauses: Vec<&str> = line
            .split(['，', '。', '；', '：', '！', '？', '\t', '|'])
            .collect();
        for (number, clause) in clauses.iter().enumerate() {
            let before = number.checked_sub(1).map_or("", |before| clauses[before]);
            found.extend(figures_of_clause(clause.trim(), before.trim()));
        }
    }
    found
}

/// Figures of a clause, each with its question.
fn figures_of_clause(clause: &str, before: &str) -> Vec<OriginalFigure> {
    let letters: Vec<char> = clause.chars().collect();
    let text = |from: usize, to: usize| letters[from..to].iter().collect::<String>();
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        if !letters[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let from = at;
        let digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
        while digit(at) || letters.get(at).is_some_and(|c| ".,".contains(*c)) && digit(at + 1) {
            at += 1;
        }
        let outside = from.checked_sub(1).map(|before| letters[before]);
        let is_name = outside.is_some_and(|c| c.is_ascii_alphanumeric() || "第.-".contains(c));
        let mut unit_from = at;
        while letters
            .get(unit_from)
            .is_some_and(|letter| SIZES.contains(*letter))
        {
            unit_from += 1;
        }
        let Some(length) = unit(&letters[unit_from..]).filter(|_| !is_name) else {
            continue;
        };
        let end = unit_from + length;
        let asked = figures::how_many(&text(unit_from, end));
        let mut question = format!("{}{asked}{}", text(0, from), text(end, letters.len()));
        if question.chars().filter(|c| c.is_alphabetic()).count() < FEWEST_LETTERS + 2 {
            question = format!("{before}，{question}");
        }
        found.push(OriginalFigure {
            printed: text(from, end),
            question,
        });
        at = end;
    }
    found
}

/// The letters of the unit that some letters begin with: a measure word of the general dictionary,
/// or a share.
fn unit(letters: &[char]) -> Option<usize> {
    if letters
        .first()
        .is_some_and(|letter| "%％".contains(*letter))
    {
        return Some(1);
    }
    let words: Vec<(usize, PartOfSpeech)> = prefixes(letters)
        .map(|(length, entry)| (length, entry.part))
        .collect();
    let measure = words
        .iter()
        .rev()
        .find(|(_, part)| *part == PartOfSpeech::Measure);
    // 号 makes a name of a number: 18号线.
    if let Some((length, _)) = measure {
        return Some(*length).filter(|_| letters.first() != Some(&'号'));
    }
    let (length, _) = words.last()?;
    let word: String = letters[..*length].iter().collect();
    OTHER_UNITS.contains(&word.as_str()).then_some(*length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_with_units_are_found_in_plain_text() {
        let text = "一、2021年概况\n新引进企业12家、增长5.5%[\n]，第3家门店开业，总投资约1,400亿元，学校7所。\n";
        let found = figures_of_original(text)
            .into_iter()
            .map(|figure| figure.printed);
        assert_eq!(
            found.collect::<Vec<String>>(),
            ["12家", "5.5%", "1,400亿元", "7所"]
        );
        let html = "<p>新建公厕<b>10</b>座</p>";
        assert_eq!(figures_of_original(html)[0].question, "，新建公厕多少座");
    }
}
