//! The rows of a plan's files joined into a `Plan`, with findings where they do not agree.

use super::causes::Cause;
use super::{facts, passages};
use crate::import::UnitWords;
use crate::model::{
    Cell, CellRecord, DuePhrase, Finding, GlossaryTerm, Indicator, IndicatorNature, Note, Plan,
    PlanHeader, PlanId, PlanRecords, Quantity, ReportingDuty, TableTitle,
};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Joins rows into a plan. Findings of severity error mean that the plan must not be used.
pub fn assemble(records: &PlanRecords, units: &UnitWords) -> (Plan, Vec<Finding>) {
    let header = &records.header;
    let mut findings = Vec::new();
    let file = |name: &str| format!("plans/{}/{name}", header.id);
    let mut indicators = indicators(records, &file("indicators.csv"), &mut findings);
    let notes: Vec<Note> = records
        .notes
        .iter()
        .map(|row| Note {
            kind: row.kind,
            text: row.text.clone(),
            anchor: row.anchor.clone(),
            place: row.place.clone(),
        })
        .collect();
    join_remarks(records, &mut indicators, &file("notes.csv"), &mut findings);
    let terms = terms(records, &file("glossary.csv"), &mut findings);
    let passages = passages::passages(&records.body, header.executed_year, header.plan_year);
    let duties = duties(header, &passages, &file("plan.toml"), &mut findings);
    if header.plan_year == 0 {
        findings.push(Finding::error(
            file("plan.toml"),
            "plan_year",
            Cause::YearMissing,
        ));
    }
    // The longest first: where one name begins another, the whole one is the place that is meant.
    let mut region_names = header.region_names.clone();
    region_names.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
    let plan = Plan {
        id: PlanId(header.id.clone()),
        title: header.title.clone(),
        pages: records.pages.iter().cloned().collect(),
        issuer: header.issuer.clone(),
        document_date: header.document_date,
        plan_year: header.plan_year,
        executed_year: header.executed_year,
        region: header.region.clone(),
        region_names,
        tables: header
            .tables
            .iter()
            .map(|(label, title)| TableTitle {
                label: label.clone(),
                title: title.clone(),
            })
            .collect(),
        facts: facts::facts(&passages, units),
        note_facts: facts::facts_of_texts(notes.iter().map(|note| note.text.as_str()), units),
        indicators,
        terms,
        notes,
        passages,
        duties,
        synonyms: records.synonyms.clone(),
    };
    (plan, findings)
}

fn indicators(records: &PlanRecords, file: &str, findings: &mut Vec<Finding>) -> Vec<Indicator> {
    let mut indicators: Vec<Indicator> = Vec::new();
    let mut positions: BTreeMap<Cow<'_, str>, usize> = BTreeMap::new();
    for (row, record) in records.cells.iter().enumerate() {
        // Rows are counted from 1 and the first line is the heading, as a spreadsheet shows it.
        let place = format!("第{}行", row + 2);
        if record.indicator.is_empty() || record.place.is_empty() {
            findings.push(Finding::error(file, place, Cause::IndicatorIncomplete));
            continue;
        }
        let nature = IndicatorNature::from_word(&record.nature);
        // No nature at all is usual: many plans do not print it.
        if nature.is_none() && !record.nature.is_empty() {
            findings.push(Finding::error(
                file,
                &place,
                Cause::UnknownNature(&record.nature),
            ));
        }
        let at = *positions
            .entry(record.indicator_name())
            .or_insert_with_key(|name| {
                indicators.push(Indicator {
                    name: name.to_string(),
                    category: record.category.clone(),
                    unit: record.unit.clone(),
                    nature,
                    cells: Vec::new(),
                    remarks: Vec::new(),
                });
                indicators.len() - 1
            });
        let indicator = &mut indicators[at];
        if indicator.unit != record.unit || indicator.nature != nature {
            let cause = Cause::RowsDisagree(&indicator.name);
            findings.push(Finding::error(file, &place, cause));
        }
        // A row without a heading stands for an indicator that has no figure.
        if record.heading.is_empty() {
            continue;
        }
        if record.value.is_empty() {
            findings.push(Finding::warning(
                file,
                &place,
                Cause::EmptyCell {
                    indicator: &indicator.name,
                    heading: &record.heading,
                },
            ));
            continue;
        }
        let cell = cell(record, &records.header);
        disagreements(indicator, &cell, file, &place, findings);
        indicator.cells.push(cell);
    }
    indicators
}

fn cell(record: &CellRecord, header: &PlanHeader) -> Cell {
    // Where neither heading nor title says which measure it is: a heading that names only the year
    // means what happened in years gone by and what is planned in others.
    let usual = || record.year.map(|year| usual_measure(header, year));
    Cell {
        heading: record.heading.clone(),
        year: record.year,
        measure: record.measure.or_else(usual),
        quantity: Quantity::parse(&record.value, &record.unit),
        place: record.place.clone(),
    }
}

fn usual_measure(header: &PlanHeader, year: i32) -> crate::model::Measure {
    if year <= header.executed_year {
        crate::model::Measure::Actual
    } else {
        crate::model::Measure::Target
    }
}

/// The same year and measure printed in two tables must say the same.
fn disagreements(
    indicator: &Indicator,
    cell: &Cell,
    file: &str,
    place: &str,
    findings: &mut Vec<Finding>,
) {
    let twin = indicator.cells.iter().find(|other| {
        // Two cells without a year may well be of two years.
        other.year.is_some()
            && other.year == cell.year
            && other.measure == cell.measure
            && other.quantity.printed != cell.quantity.printed
    });
    if let Some(twin) = twin {
        findings.push(Finding::warning(
            file,
            place,
            Cause::CellsDisagree {
                indicator: &indicator.name,
                heading: &cell.heading,
                one: (&twin.place, &twin.quantity.printed),
                other: (&cell.place, &cell.quantity.printed),
            },
        ));
    }
}

fn join_remarks(
    records: &PlanRecords,
    indicators: &mut [Indicator],
    file: &str,
    findings: &mut Vec<Finding>,
) {
    for (at, note) in records.notes.iter().enumerate() {
        for name in &note.indicators {
            match indicators
                .iter_mut()
                .find(|indicator| indicator.name == *name)
            {
                Some(indicator) => indicator.remarks.push(at),
                None => findings.push(Finding::error(
                    file,
                    format!("第{}行", at + 2),
                    Cause::UnknownIndicator(name),
                )),
            }
        }
    }
}

fn terms(records: &PlanRecords, file: &str, findings: &mut Vec<Finding>) -> Vec<GlossaryTerm> {
    let mut terms: Vec<GlossaryTerm> = Vec::new();
    for (row, record) in records.glossary.iter().enumerate() {
        let place = format!("第{}行", row + 2);
        if record.name.is_empty() || record.definition.is_empty() {
            findings.push(Finding::error(file, place, Cause::TermIncomplete));
            continue;
        }
        // Both are kept: which of two definitions holds is for a person to say.
        if terms.iter().any(|term| term.name == record.name) {
            findings.push(Finding::warning(
                file,
                place,
                Cause::TermTwice(&record.name),
            ));
        }
        terms.push(GlossaryTerm {
            number: record.number,
            name: record.name.clone(),
            definition: record.definition.clone(),
            place: super::glossary::place(record.number),
        });
    }
    terms
}

fn duties(
    header: &PlanHeader,
    passages: &[crate::model::Passage],
    file: &str,
    findings: &mut Vec<Finding>,
) -> Vec<ReportingDuty> {
    let mut duties = Vec::new();
    for (at, record) in header.duties.iter().enumerate() {
        // A duty quotes its sentence. One that the text does not hold could not be shown with its
        // source, and a reminder would speak of something that nobody can read up.
        let Some(passage) = passages
            .iter()
            .position(|passage| passage.text == record.sentence)
        else {
            findings.push(Finding::error(
                file,
                format!("第{}条 duty", at + 1),
                Cause::DutySentenceDiffers,
            ));
            continue;
        };
        duties.push(ReportingDuty {
            reporter: record.reporter.clone(),
            recipient: record.recipient.clone(),
            subject: record.subject.clone(),
            due: record.due.iter().map(|phrase| due_phrase(phrase)).collect(),
            sentence: record.sentence.clone(),
            repeats: !record.once,
            passage,
        });
    }
    duties
}

fn due_phrase(phrase: &str) -> DuePhrase {
    match phrase.split_once('年') {
        // In bytes: a Chinese letter has three, so only four digits are a year.
        Some((year, words)) if year.len() == 4 => match year.parse() {
            Ok(year) => DuePhrase {
                year: Some(year),
                words: words.to_string(),
            },
            Err(_) => DuePhrase {
                year: None,
                words: phrase.to_string(),
            },
        },
        _ => DuePhrase {
            year: None,
            words: phrase.to_string(),
        },
    }
}
