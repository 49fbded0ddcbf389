//! The cases that a plan brings with it, and what a changed edition answers worse than the one
//! before.

use super::{JudgedItem, items, judge};
use crate::chat::render;
use crate::edition::{Edition, NameTrial};
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

/// The questions of the exam and the cases that are answered rightly without a further name for a
/// thing and not with it. Tells how many of how many were asked.
pub fn setbacks(
    trial: &NameTrial<'_>,
    ways: &ExamRecords,
    cases: &[CaseRecord],
    told: &dyn Fn(usize, usize),
) -> Vec<String> {
    let (older, newer) = (trial.older, trial.newer);
    let mut worse: Vec<String> = cases
        .iter()
        .filter(|case| trial.may_touch(&case.ask))
        .filter(|case| case_fault(newer, case).is_some() && case_fault(older, case).is_none())
        .map(|case| case.ask.clone())
        .collect();
    let exams: Vec<_> = older
        .book
        .plans()
        .iter()
        .map(|plan| {
            let mut items = items(plan, ways, older);
            items.retain(|item| trial.may_touch(&item.question));
            (plan, items)
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::IndexPlace;
    use crate::files;
    use std::path::Path;

    /// One of so many questions is asked. With one of twenty-five it took minutes.
    const EVERY: usize = 150;

    /// Only what a further name can touch is asked when it is tried; so everything else must be
    /// answered alike with it. The second name ends with a word of the field, by which other
    /// questions mean something.
    #[test]
    fn what_a_name_cannot_touch_is_answered_alike() {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        let data = files::read_data(&data);
        let older = Edition::build(&data, &IndexPlace::Memory).unwrap();
        let plan = older.book.newest().unwrap();
        let items = items(plan, &data.lexicon.exam, &older).into_iter();
        let items: Vec<_> = items.step_by(EVERY).collect();
        let day = plan.document_date.unwrap_or_default();
        for (at, said) in [(0, "街坊账"), (3, "岗位人口")] {
            let printed = plan.indicators[at].name.as_str();
            let mut named = data.clone();
            let synonym = (printed.to_string(), vec![said.to_string()]);
            named.plans[0].synonyms.push(synonym);
            let newer = Edition::build(&named, &IndexPlace::Memory).unwrap();
            let trial = NameTrial::new(&older, &newer, printed, said);
            assert!(trial.may_touch(&format!("2022年{said}目标")));
            let untouched = items.iter().filter(|item| !trial.may_touch(&item.question));
            let untouched: Vec<_> = untouched.collect();
            assert!(untouched.len() > items.len() / 2, "{}", untouched.len());
            for item in untouched {
                let reply = |edition: &Edition| edition.reply(&item.question, day).reply;
                assert_eq!(reply(&older), reply(&newer), "{said}: {}", item.question);
            }
        }
    }
}
