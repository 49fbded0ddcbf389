//! The tables of the API as JSON: printed texts with their places, nothing computed but the
//! verdict.

use super::evidence::address;
use super::highlight::holds;
use super::indicator_rows::{RowFilter, rows};
use crate::chat::ChosenRow;
use crate::edition::Edition;
use crate::model::{Plan, Provenance};
use crate::reply::Verdict;
use crate::schedule::Agenda;
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};

/// An entry of the glossary.
#[derive(Debug, Serialize)]
pub(super) struct TermRow {
    number: u32,
    name: String,
    definition: String,
    place: String,
    address: String,
}

/// The indicators that a filter lets through.
pub(super) fn indicators(edition: &Edition, plan: &Plan, filter: &RowFilter) -> Value {
    let list: Vec<Value> = rows(edition, plan, filter)
        .iter()
        .map(|row| indicator(plan, row))
        .collect();
    json!(list)
}

fn indicator(plan: &Plan, row: &ChosenRow<'_>) -> Value {
    let indicator = row.indicator;
    let cells: Vec<Value> = indicator
        .cells
        .iter()
        .map(|cell| {
            json!({"heading": cell.heading, "year": cell.year, "measure": cell.measure.map(|measure| measure.key()),
                   "printed": cell.quantity.printed, "place": cell.place})
        })
        .collect();
    let verdicts: Vec<Value> = row
        .verdicts
        .iter()
        .map(|(year, verdict)| {
            let reason = if let Verdict::Undecidable(reason) = verdict {
                Some(reason)
            } else {
                None
            };
            json!({"year": year, "verdict": verdict.word(), "reason": reason})
        })
        .collect();
    json!({"name": indicator.name, "category": indicator.category, "unit": indicator.unit,
           "nature": indicator.nature.map(|nature| nature.word()), "cells": cells, "verdicts": verdicts,
           "address": address(plan, Provenance::Cell { indicator: row.at, cell: 0 })})
}

/// The entries of the glossary that hold all words.
pub(super) fn terms(plan: &Plan, words: &[String]) -> Vec<TermRow> {
    let found = plan
        .terms
        .iter()
        .enumerate()
        .filter(|(_, term)| holds(&format!("{} {}", term.name, term.definition), words));
    found
        .map(|(at, term)| TermRow {
            number: term.number,
            name: term.name.clone(),
            definition: term.definition.clone(),
            place: term.place.clone(),
            address: address(plan, Provenance::Term(at)),
        })
        .collect()
}

/// The sentences that hold all words.
pub(super) fn passages(plan: &Plan, words: &[String]) -> Value {
    let found = plan
        .passages
        .iter()
        .enumerate()
        .filter(|(_, passage)| holds(&passage.text, words));
    let list: Vec<Value> = found
        .map(|(at, passage)| {
            json!({"text": passage.text, "place": passage.place, "paragraph": passage.paragraph, "year": passage.year,
                   "chapter": passage.path.chapter, "section": passage.path.section, "address": address(plan, Provenance::Passage(at))})
        })
        .collect();
    json!(list)
}

/// What falls due in a stretch of days, with the days of its reminders.
pub(super) fn deadlines(agenda: &Agenda, from: NaiveDate, to: NaiveDate) -> Value {
    let occurrences = agenda.occurrences(from, to);
    let list: Vec<Value> = occurrences
        .iter()
        .map(|occurrence| {
            let duty = occurrence.duty;
            let stages = agenda.stages(&occurrence.due);
            let reminders: Vec<Value> = stages.iter().map(|(stage, day)| json!({"day": day, "stage": stage.word()})).collect();
            json!({"due": occurrence.due.day, "estimated": occurrence.due.estimated, "reporter": duty.reporter,
                   "recipient": duty.recipient, "subject": duty.subject, "words": duty.words, "reading": occurrence.due.reading,
                   "sentence": duty.sentence, "place": duty.place, "reminders": reminders})
        })
        .collect();
    json!(list)
}
