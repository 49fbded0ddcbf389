//! A reply with the edition that gave it, and its form for programs (`ask --json`).

use crate::answer::{Choice, Fault, Outcome, Reply};
use crate::edition::Edition;
use crate::store::Picked;
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
    /// The choice whose answer this is, where one was picked.
    pub picked: Option<Picked>,
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
    options: Vec<Value>,
    nearest: Vec<Value>,
    related: Option<Value>,
    elapsed_us: u128,
}

impl Answered {
    /// Joins an outcome with its edition.
    pub fn new(question: &str, outcome: Outcome, edition: Arc<Edition>, elapsed: Duration) -> Self {
        let (question, completed) = (question.to_string(), question.to_string());
        Self {
            question,
            completed,
            picked: None,
            reply: outcome.reply,
            utterance: outcome.utterance,
            fault: outcome.fault,
            edition,
            elapsed,
        }
    }

    /// The question that a hint of a question back stands for.
    pub fn hinted(&self, hint: &str) -> String {
        format!("{hint} {}", self.completed)
    }

    /// One line of JSON; `plain` gives what the chat would show of a reply, without marks.
    pub fn json(&self, plain: fn(&Reply) -> String) -> Result<String, serde_json::Error> {
        let text = plain(&self.reply);
        let of_choice = |choice: &Choice| {
            let text = plain(&Reply::Answer(choice.answer.clone()));
            json!({"label": choice.label, "text": text})
        };
        let mut line = Line {
            question: &self.question,
            status: self.reply.status(),
            text: &text,
            intent: self.intent(),
            slots: slots(&self.utterance.slots, &self.edition),
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
                    .map(|c| json!({"plan": c.plan.0, "place": c.place, "quote": c.quote}))
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
            Reply::Help => {}
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
