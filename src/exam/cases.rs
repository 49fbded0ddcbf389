//! The cases that a plan brings with it, and what a changed edition answers worse than the one
//! before.

use super::{JudgedItem, items, judge};
use crate::chat::render;
use crate::edition::Edition;
use crate::model::{CaseRecord, ExamRecords};
use crate::reply::Reply;

/// What is wrong with the reply to a case, if anything. Asked back is as good as answered where the
/// first choice is what was wanted: one press gives it.
pub fn case_fault(edition: &Edition, case: &CaseRecord) -> Option<String> {
    let reply = edition.reply(&case.ask, case.today).reply;
    let first = match &reply {
        Reply::Clarify(back) if case.status == "answer" => back.choices.first(),
        _ => None,
    };
    let chosen = first.map(|choice| Reply::Answer(choice.answer.clone()));
    let shown = chosen.as_ref().unwrap_or(&reply);
    let text = render::plain(shown);
    let first = text.lines().next().unwrap_or_default();
    let lacks = case.has.iter().find(|words| !text.contains(words.as_str()));
    let has = case
        .lacks
        .iter()
        .find(|words| text.contains(words.as_str()));
    let wrong = if shown.status() != case.status {
        format!("is {}", reply.status())
    } else if !first.contains(&case.first) {
        format!("the first line lacks {}", case.first)
    } else if let Some(words) = lacks {
        format!("lacks {words}")
    } else if let Some(words) = has {
        format!("has {words}")
    } else {
        return None;
    };
    Some(format!("{}: {wrong}\n{text}\n", case.ask))
}

/// The questions of the exam and the cases that the older edition answers rightly and the newer one
/// does not. Tells how many of how many were asked.
pub fn setbacks(
    older: &Edition,
    newer: &Edition,
    ways: &ExamRecords,
    cases: &[CaseRecord],
    told: &dyn Fn(usize, usize),
) -> Vec<String> {
    let mut worse: Vec<String> = cases
        .iter()
        .filter(|case| case_fault(newer, case).is_some() && case_fault(older, case).is_none())
        .map(|case| case.ask.clone())
        .collect();
    let exams: Vec<_> = older
        .book
        .plans()
        .iter()
        .map(|plan| (plan, items(plan, ways, older)))
        .collect();
    let all: usize = exams.iter().map(|(_, items)| items.len()).sum();
    let mut asked = 0;
    for (plan, items) in exams {
        let day = plan.document_date.unwrap_or_default();
        for item in items {
            told(asked, all);
            asked += 1;
            let right = |edition: &Edition| {
                let other = |question: &str| Some(edition.reply(question, day).reply);
                let reply = edition.reply(&item.question, day).reply;
                judge(&reply, &item.expected, &other) == JudgedItem::Right
            };
            if !right(newer) && right(older) {
                worse.push(item.question);
            }
        }
    }
    worse
}
