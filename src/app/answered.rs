//! A reply with the edition that gave it, and its form for programs (`ask --json`).

use crate::edition::Edition;
use crate::model::Provenance;
use crate::question::Question;
use crate::reply::{Choice, Clarification, Fault, Outcome, Reply};
use crate::store::Picked;
use crate::words::zh::talk;
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// A question that was answered.
#[derive(Clone)]
pub struct Answered {
    /// As it was asked.
    pub question: String,
    /// The question in full: a follow-up with the subject that it leaves out.
    pub completed: String,
    /// The choice whose answer this is, where one was picked.
    pub picked: Option<Picked>,
    /// The day as of which it was answered.
    pub day: NaiveDate,
    /// What had been shown before and was left out.
    pub without: Vec<Provenance>,
    /// What it was taken for, where it continues a talk.
    pub follows: Option<String>,
    /// One of the four outcomes, verified.
    pub reply: Reply,
    /// The question of which more was asked, where nothing is left to say: none was left open.
    pub exhausted: Option<String>,
    /// How it was read.
    pub reading: Question,
    /// What was rewritten by sound: as typed, and the name.
    pub respelled: Vec<(String, String)>,
    /// The probability that the best record answers, by the model.
    pub confidence: f32,
    /// What is asked back in its place, where an answer must be sure by itself and it is not.
    pub unsure: Option<Clarification>,
    /// The edition that it was asked of.
    pub edition: Arc<Edition>,
    /// Why an answer was held back, where one was.
    pub fault: Option<Fault>,
    /// How long it took.
    pub elapsed: Duration,
    /// What its answer, or its first choice, says and quotes, as it is compared.
    pub(super) compared: OnceLock<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    question: &'a str,
    status: &'a str,
    text: &'a str,
    intent: &'a str,
    slots: Value,
    figures: Vec<Value>,
    citations: Vec<Value>,
    options: Vec<Value>,
    nearest: Vec<Value>,
    related: Option<Value>,
    elapsed_us: u128,
}

impl Answered {
    /// Joins an outcome with its edition and its day.
    pub fn new(
        question: &str,
        day: NaiveDate,
        outcome: Outcome,
        edition: Arc<Edition>,
        elapsed: Duration,
    ) -> Self {
        let (question, completed) = (question.to_string(), question.to_string());
        Self {
            question,
            completed,
            picked: None,
            day,
            without: Vec::new(),
            follows: None,
            reply: outcome.reply,
            exhausted: None,
            reading: outcome.question,
            respelled: outcome.respelled,
            confidence: outcome.confidence,
            unsure: outcome.unsure,
            fault: outcome.fault,
            edition,
            elapsed,
            compared: OnceLock::new(),
        }
    }

    /// What its answer, or its first choice, says and quotes, as it is compared: reckoned once,
    /// since the same reply is held against many follow-ups.
    pub(super) fn compared(&self) -> Option<&str> {
        let answer = match &self.reply {
            Reply::Answer(answer) => answer,
            // What somebody most likely meant, as the first button shows it.
            Reply::Clarify(clarification) => &clarification.choices.first()?.answer,
            Reply::Unknown(_) | Reply::Help | Reply::Courtesy => return None,
        };
        let compared = self.compared.get_or_init(|| {
            let quotes = answer.citations().iter();
            let quotes = quotes.map(|citation| citation.quote.clone());
            let lines: Vec<String> = answer.lines().chain(quotes).collect();
            self.edition.as_compared(&lines.join("\n"))
        });
        Some(compared)
    }

    /// What is said in the place of a refusal, where the documents lack nothing that was asked for.
    pub fn instead(&self) -> Option<String> {
        self.exhausted.as_deref().map(talk::nothing_more)
    }

    /// What is said; `plain` has the words of a reply.
    pub fn plain(&self, plain: fn(&Reply) -> String) -> String {
        self.instead().unwrap_or_else(|| plain(&self.reply))
    }

    /// The question that a hint of a question back stands for.
    pub fn hinted(&self, hint: &str) -> String {
        format!("{hint} {}", self.completed)
    }

    /// One line of JSON; `plain` gives what the chat would show of a reply, without marks.
    pub fn json(&self, plain: fn(&Reply) -> String) -> Result<String, serde_json::Error> {
        let text = self.plain(plain);
        let of_choice = |choice: &Choice| {
            let text = plain(&Reply::Answer(choice.answer.clone()));
            json!({"label": choice.label, "text": text})
        };
        let mut line = Line {
            question: &self.question,
            status: self.reply.status(),
            text: &text,
            intent: self.intent(),
            slots: slots(&self.reading, &self.edition),
            figures: Vec::new(),
            citations: Vec::new(),
            options: Vec::new(),
            nearest: Vec::new(),
            related: None,
            elapsed_us: self.elapsed.as_micros(),
        };
        match &self.reply {
            Reply::Answer(answer) => {
                line.figures = answer
                    .figures
                    .iter()
                    .map(|figure| {
                        json!({"printed": figure.printed, "unit": figure.unit, "subject": figure.subject, "year": figure.year,
                               "measure": figure.measure.map(|measure| measure.key()), "citation": figure.citation})
                    })
                    .collect();
                let cited = answer.citations().iter();
                line.citations = cited
                    .map(|c| json!({"plan": c.plan.0, "place": c.place, "page": c.page, "quote": c.quote}))
                    .collect();
            }
            Reply::Clarify(clarification) => {
                let hints = clarification.hints.iter();
                let hints = hints.map(|hint| json!({"label": hint, "text": ""}));
                let choices = clarification.choices.iter().map(of_choice);
                line.options = choices.chain(hints).collect();
            }
            Reply::Unknown(refusal) => {
                line.nearest = refusal.offers.iter().map(of_choice).collect();
                let related = refusal.related.as_ref();
                line.related = related.map(|c| json!({"place": c.place, "quote": c.quote}));
            }
            Reply::Help | Reply::Courtesy => {}
        }
        serde_json::to_string(&line)
    }

    /// The word of the kind of answer; empty where nothing was answered.
    pub(super) fn intent(&self) -> &'static str {
        match &self.reply {
            Reply::Answer(answer) => answer.kind.key(),
            Reply::Help | Reply::Courtesy => "help",
            Reply::Clarify(_) | Reply::Unknown(_) => "",
        }
    }
}

/// The frame and the words of a question.
fn slots(question: &Question, edition: &Edition) -> Value {
    let words: Vec<&str> = question
        .words
        .iter()
        .filter(|word| word.is_content())
        .map(|word| word.text.as_str())
        .collect();
    let plans: Vec<&str> = question
        .frame
        .plans
        .iter()
        .filter_map(|at| edition.book.plan(*at))
        .map(|plan| plan.id.0.as_str())
        .collect();
    let operators: Vec<String> = question
        .operators
        .set()
        .iter()
        .map(|operator| format!("{operator:?}").to_lowercase())
        .collect();
    json!({"year": question.frame.years, "plan": plans, "operators": operators, "words": words})
}
