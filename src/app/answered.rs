//! A reply with the edition that gave it, and its form for programs (`ask --json`).

use crate::answer::{Fault, Outcome, Reply};
use crate::edition::Edition;
use crate::understand::{Slots, Utterance};
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// A question that was answered.
pub struct Answered {
    /// As it was asked.
    pub question: String,
    /// The question in full: a follow-up with the subject that it leaves out.
    pub completed: String,
    /// The reply.
    pub reply: Reply,
    /// How it was read.
    pub utterance: Utterance,
    /// The edition that it was asked of.
    pub edition: Arc<Edition>,
    /// Why an answer was held back, where one was.
    pub fault: Option<Fault>,
    /// How long it took.
    pub elapsed: Duration,
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
    options: &'a [String],
    elapsed_us: u128,
}

impl Answered {
    /// Joins an outcome with its edition.
    pub fn new(question: &str, outcome: Outcome, edition: Arc<Edition>, elapsed: Duration) -> Self {
        let (question, completed) = (question.to_string(), question.to_string());
        Self {
            question,
            completed,
            reply: outcome.reply,
            utterance: outcome.utterance,
            fault: outcome.fault,
            edition,
            elapsed,
        }
    }

    /// The question that an option of a question back stands for.
    pub fn chosen(&self, option: &str) -> String {
        format!("{option} {}", self.completed)
    }

    /// One line of JSON; `text` is what the chat would show, without marks.
    pub fn json(&self, text: &str) -> Result<String, serde_json::Error> {
        let mut line = Line {
            question: &self.question,
            status: self.reply.status(),
            text,
            intent: self.intent(),
            slots: slots(&self.utterance.slots, &self.edition),
            figures: Vec::new(),
            citations: Vec::new(),
            options: &[],
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
                    .map(|c| json!({"plan": c.plan.0, "place": c.place, "quote": c.quote}))
                    .collect();
            }
            Reply::Clarify(clarification) => line.options = &clarification.options,
            Reply::Unknown(_) | Reply::Help => {}
        }
        serde_json::to_string(&line)
    }

    /// The intent's word.
    pub(super) fn intent(&self) -> &'static str {
        match &self.reply {
            Reply::Answer(answer) => answer.intent.key(),
            _ => self
                .utterance
                .readings
                .first()
                .map_or("", |reading| reading.intent.key()),
        }
    }
}

fn slots(slots: &Slots, edition: &Edition) -> Value {
    let lexicon = &edition.lexicon;
    let mut named = serde_json::Map::new();
    let mut put = |key: &str, names: Vec<Value>| {
        if !names.is_empty() {
            named.insert(key.to_string(), Value::Array(names));
        }
    };
    put(
        "indicator",
        slots
            .indicators
            .iter()
            .filter_map(|at| lexicon.indicators.get(*at))
            .map(|c| json!(c.name))
            .collect(),
    );
    put(
        "term",
        slots
            .terms
            .iter()
            .filter_map(|at| lexicon.terms.get(*at))
            .map(|c| json!(c.name))
            .collect(),
    );
    put(
        "category",
        slots
            .categories
            .iter()
            .filter_map(|at| lexicon.categories.get(*at))
            .map(|c| json!(c.name))
            .collect(),
    );
    put(
        "nature",
        slots
            .natures
            .iter()
            .map(|nature| json!(nature.word()))
            .collect(),
    );
    put("year", slots.years.iter().map(|year| json!(year)).collect());
    put(
        "due",
        slots
            .dues
            .iter()
            .filter_map(|at| lexicon.dues.get(*at))
            .map(|due| json!(due))
            .collect(),
    );
    Value::Object(named)
}
