//! Questions in, replies out: cases that a clerk can read, refusals among them.

use crate::harness::{app, shipped_data};
use chrono::NaiveDate;
use planbot::answer::{Answer, Reply, verify};
use planbot::app::App;
use planbot::chat::render;
use planbot::files;
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    ask: String,
    /// answer, clarify, unknown or help.
    #[serde(default = "answer")]
    status: String,
    /// What the first line holds.
    #[serde(default)]
    first: String,
    /// What the reply holds.
    #[serde(default)]
    has: Vec<String>,
    /// What the reply does not hold.
    #[serde(default)]
    lacks: Vec<String>,
}

fn answer() -> String {
    "answer".to_string()
}

fn cases(file: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(file);
    let text = files::read_text(&path).unwrap();
    toml::from_str::<Cases>(&text).unwrap_or_else(|error| panic!("{file}: {error}")).case
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2022, 6, 24).unwrap()
}

/// What is wrong with the reply to a case, if anything.
fn fault(app: &App, case: &Case) -> Option<String> {
    let answered = app.ask_as_of(&case.ask, day());
    let text = render::plain(&answered.reply);
    let first = text.lines().next().unwrap_or_default();
    let wrong = if answered.reply.status() != case.status {
        format!("is {}", answered.reply.status())
    } else if !first.contains(&case.first) {
        format!("the first line lacks {}", case.first)
    } else if let Some(words) = case.has.iter().find(|words| !text.contains(words.as_str())) {
        format!("lacks {words}")
    } else if let Some(words) = case.lacks.iter().find(|words| text.contains(words.as_str())) {
        format!("has {words}")
    } else {
        return None;
    };
    Some(format!("{}: {wrong}\n{text}\n", case.ask))
}

fn all_hold(file: &str, at_least: usize) {
    let app = app(&shipped_data(), None);
    let cases = cases(file);
    let faults: Vec<String> = cases.iter().filter_map(|case| fault(&app, case)).collect();
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), cases.len(), faults.join("\n"));
    assert!(cases.len() >= at_least, "only {} cases in {file}", cases.len());
}

#[test]
fn questions_are_answered() {
    all_hold("questions.toml", 60);
}

#[test]
fn what_the_documents_do_not_hold_is_refused() {
    all_hold("refusals.toml", 25);
}

/// A repair must move its case to the others.
#[test]
fn known_failures_fail() {
    let app = app(&shipped_data(), None);
    for case in cases("known_failures.toml") {
        assert!(fault(&app, &case).is_some(), "{} is answered now: move it to questions.toml", case.ask);
    }
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    let (one, other) = (app(&shipped_data(), None), app(&shipped_data(), None));
    for case in cases("questions.toml") {
        let text = |app: &App| render::plain(&app.ask_as_of(&case.ask, day()).reply);
        assert_eq!(text(&one), text(&other));
    }
}

/// Every answer of the cases verifies; with a figure, a place or a quotation changed none does.
#[test]
fn a_changed_answer_does_not_verify() {
    let app = app(&shipped_data(), None);
    let book = &app.edition().book;
    let mut changed = 0;
    for case in cases("questions.toml") {
        let Reply::Answer(answer) = app.ask_as_of(&case.ask, day()).reply else { continue };
        assert_eq!(verify(book, &answer), Ok(()), "{}", case.ask);
        for mutant in mutants(&answer) {
            changed += 1;
            assert!(verify(book, &mutant).is_err(), "{} passes as {mutant:?}", case.ask);
        }
    }
    assert!(changed > 100, "only {changed} mutants");
}

fn mutants(answer: &Answer) -> Vec<Answer> {
    let mut mutants = Vec::new();
    let mut other_number = answer.clone();
    other_number.lead.push_str("，另有98765.4个");
    mutants.push(other_number);
    let citation = &answer.citations()[0];
    for (place, quote) in
        [(format!("{}之外", citation.place), citation.quote.clone()), (citation.place.clone(), format!("{}又", citation.quote))]
    {
        let wrong = planbot::model::Citation { place, quote, ..citation.clone() };
        let mut mutant = Answer::new(answer.intent, answer.lead.clone(), wrong);
        mutant.context.clone_from(&answer.context);
        mutants.push(mutant);
    }
    if let Some(figure) = answer.figures.first() {
        let mut wrong = answer.clone();
        wrong.figures[0].printed = format!("{}7", figure.printed);
        mutants.push(wrong);
    }
    mutants
}

#[test]
fn anything_that_can_be_typed_gets_an_outcome() {
    let app = app(&shipped_data(), None);
    let long = "目标".repeat(5_000);
    let typed = [
        "",
        " ",
        "\u{0}\u{1}\u{7f}",
        "。。。！？",
        "😀🎉",
        "2022",
        "2022年",
        "年",
        "%",
        "<b>",
        "AND OR NOT (",
        "title:gdp^2~",
        "\\u{d800}",
        "\"",
        "@",
        "/",
        "零零零零年",
        "99999999999999999999",
        "多少多少多少",
        "的的的的",
        long.as_str(),
        "gdp gdp gdp gdp",
        "（（（（",
        "和和和和",
        "、、、",
        "￥……&*",
    ];
    for text in typed {
        let answered = app.ask_as_of(text, day());
        assert!(!render::plain(&answered.reply).is_empty(), "{text}");
    }
}
