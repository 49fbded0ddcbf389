//! Duties to report as answers: when, who, to whom, with the sentence that says so.

use super::asked::Asked;
use super::reply::{Answer, Refusal};
use crate::model::Provenance;
use crate::understand::{Cue, Intent};
use chrono::Datelike;

/// When and by whom the document was issued: the lines that say so.
pub fn issued(asked: &Asked<'_>) -> super::cells::Result {
    let plan = asked.plan()?;
    let missing = || Refusal {
        missing: "印发日期和机关".to_string(),
        nearest: vec![plan.title.clone()],
        ..Refusal::default()
    };
    let date = plan.document_date.ok_or_else(missing)?;
    let printed = format!("{}年{}月{}日", date.year(), date.month(), date.day());
    let at = plan
        .passages
        .iter()
        .position(|passage| passage.text.trim() == printed)
        .ok_or_else(missing)?;
    let office = plan
        .passages
        .iter()
        .position(|passage| !plan.issuer.is_empty() && passage.text.trim() == plan.issuer);
    let issuer = office.map_or("", |_| plan.issuer.as_str());
    let citation = plan
        .cite(Provenance::Passage(at))
        .ok_or_else(Refusal::default)?;
    let mut answer = Answer::new(Intent::Issued, format!("{printed} {issuer}印发"), citation);
    if let Some(citation) = office.and_then(|office| plan.cite(Provenance::Passage(office))) {
        answer.cite(citation);
    }
    Ok(answer)
}

/// The duties of the plan in question; only the due phrase that was named, where one was.
pub fn duty(asked: &Asked<'_>) -> super::cells::Result {
    let plan = asked.plan()?;
    let named: Vec<&str> = asked
        .slots()
        .dues
        .iter()
        .filter_map(|at| asked.lexicon().dues.get(*at))
        .map(String::as_str)
        .collect();
    let mut answer: Option<Answer> = None;
    for duty in &plan.duties {
        let due: Vec<_> = duty
            .due
            .iter()
            .filter(|due| named.is_empty() || named.contains(&due.words.as_str()))
            .collect();
        if due.is_empty() {
            continue;
        }
        let mut year = None;
        let phrases: Vec<String> = due
            .iter()
            .map(|phrase| {
                if phrase.year == year.replace(phrase.year).flatten() {
                    phrase.words.clone()
                } else {
                    phrase.shown()
                }
            })
            .collect();
        let lead = format!(
            "{}：{}向{}报送{}",
            phrases.join("和"),
            duty.reporter,
            duty.recipient,
            duty.subject
        );
        let citation = plan
            .cite(Provenance::Passage(duty.passage))
            .ok_or_else(Refusal::default)?;
        let mut next = Answer::new(Intent::Duty, lead, citation);
        if asked.has(Cue::AskWhen) && due.iter().all(|phrase| !phrase.words.contains('日')) {
            let words: Vec<String> = due
                .iter()
                .map(|phrase| format!("“{}”", phrase.words))
                .collect();
            next.context
                .push(format!("文件只写{}，没有写具体日期。", words.join("和")));
        }
        next.context.push(format!("原文：{}", duty.sentence));
        match &mut answer {
            Some(answer) => answer.join(next),
            None => answer = Some(next),
        }
    }
    if let Some(year) = asked.years.iter().find(|year| {
        !plan
            .duties
            .iter()
            .flat_map(|duty| &duty.due)
            .any(|due| due.year.is_none_or(|due| due == **year))
    }) {
        return Err(Refusal {
            missing: format!("{year}年的报送要求"),
            nearest: plan
                .duties
                .iter()
                .map(|duty| duty.sentence.clone())
                .collect(),
            ..Refusal::default()
        });
    }
    answer.ok_or_else(|| Refusal {
        missing: "报送进展情况的要求".to_string(),
        ..Refusal::default()
    })
}
