//! A question answered in a chat: the answer, what it rests on, how it was read, its further pages.

use super::conversation::Conversation;
use super::incoming::{ChatKind, Incoming};
use super::said::{Said, SaidButton};
use super::{explanation, words};
use crate::app::Answered;
use crate::document::{Block, Document};
use crate::model::{Book, Citation, Provenance};
use crate::reply::{Answer, Reply};
use crate::store::{OnPress, Origin, Picked, Vote};
use chrono::NaiveDate;
use std::sync::Arc;

/// So many places are shown where a quotation stands.
const MOST_ORIGINALS: usize = 4;
/// So many offers of a refusal have a button.
const MOST_OFFERS: usize = 2;
/// The longest text that a button copies.
const LONGEST_COPY: usize = 200;

impl Conversation {
    /// Answers a question of a chat.
    pub(super) async fn answer(&self, incoming: &Incoming, question: String) -> Said {
        let (chat, person) = (incoming.chat, incoming.person);
        let answered = self.app().ask_in(chat, person, question).await;
        self.answered(incoming, answered)
    }

    /// Shows the answer of a choice that was offered under the reply to a question.
    pub(super) async fn chosen(&self, incoming: &Incoming, of: &Origin, picked: Picked) -> Said {
        let (chat, person) = (incoming.chat, incoming.person);
        let answered = self.app().choose(chat, person, of, picked).await;
        self.answered(incoming, answered)
    }

    fn answered(&self, incoming: &Incoming, answered: anyhow::Result<Arc<Answered>>) -> Said {
        match answered {
            Ok(answered) => {
                let in_group = incoming.kind == ChatKind::Group;
                self.app()
                    .keep_unanswered(&answered, incoming.person, in_group);
                // A question that could not be answered is kept before it is said: what is said may
                // be the last thing.
                said(&answered, 0)
            }
            Err(error) => {
                tracing::error!(%error, "a question could not be answered");
                Said::sentence(words::FAULT)
            }
        }
    }

    /// Another page of a long list, in the place of the one before.
    pub(super) async fn page(&self, origin: &Origin, page: usize) -> Said {
        match self.app().again(origin).await {
            Ok(Some(answered)) => Said {
                // The page takes the place of the one before: a list that is leafed through should
                // not fill the chat.
                in_place: true,
                ..said(&answered, page)
            },
            Ok(None) => Said::sentence(words::ANSWER_CHANGED),
            Err(error) => {
                tracing::error!(%error, "a page could not be shown");
                Said::sentence(words::FAULT)
            }
        }
    }

    /// The quoted texts where they stand, with what is around them.
    pub(super) async fn original(&self, origin: &Origin) -> Said {
        let answered = match self.app().again(origin).await {
            Ok(Some(answered)) => answered,
            Ok(None) => return Said::sentence(words::ANSWER_CHANGED),
            Err(_) => return Said::sentence(words::FAULT),
        };
        let Reply::Answer(answer) = &answered.reply else {
            return Said::sentence(words::ANSWER_CHANGED);
        };
        let book = &answered.edition.book;
        let mut blocks: Vec<Block> = answer
            .citations()
            .iter()
            .take(MOST_ORIGINALS)
            .flat_map(|citation| standing(book, citation))
            .collect();
        if let Some(day) = self.earlier_day(origin) {
            blocks.insert(0, Block::Text(words::answered_on(day)));
        }
        if let Some(link) = answer.only_subject(book).and_then(|name| self.link(&name)) {
            blocks.push(Block::Source(words::link(&link)));
        }
        Said::document(Document(blocks))
    }

    /// How a question was read and what its answer was held against.
    pub(super) async fn why(&self, origin: &Origin) -> Said {
        match self.app().again(origin).await {
            Ok(Some(answered)) => {
                let why = explanation::why(&answered);
                let day = self.earlier_day(origin).map(words::answered_on);
                let lines: Vec<String> = day.into_iter().chain([why]).collect();
                Said::sentence(&lines.join("\n"))
            }
            Ok(None) => Said::sentence(words::ANSWER_CHANGED),
            Err(_) => Said::sentence(words::FAULT),
        }
    }

    /// The day of an answer that is not of today.
    fn earlier_day(&self, origin: &Origin) -> Option<NaiveDate> {
        let today = self.app().now().date_naive();
        origin.day.filter(|day| *day < today)
    }
}

/// A reply with its buttons.
fn said(answered: &Answered, page: usize) -> Said {
    let document = match answered.instead() {
        Some(sentence) => Document::sentence(&sentence),
        None => Document::of(&answered.reply),
    };
    let pages = document.pages();
    // The data may have changed since the button was made, and the list be shorter.
    let page = page.min(pages - 1);
    let mut rows = Vec::new();
    if pages > 1 {
        rows.push(turning(page, pages));
    }
    match &answered.reply {
        Reply::Answer(answer) => rows.extend(under_answer(answer)),
        Reply::Clarify(clarification) => {
            rows.extend(choices(answered, clarification.choices.len()));
            rows.extend(clarification.hints.iter().map(|hint| {
                let press = OnPress::Ask(answered.hinted(hint));
                vec![SaidButton::Press(words::choice_button(hint), press)]
            }));
        }
        Reply::Unknown(_) => rows.extend(choices(answered, MOST_OFFERS)),
        Reply::Help | Reply::Courtesy => {}
    }
    let said = Said::document(document.page(page)).with_buttons(answered.origin(), rows);
    match &answered.reply {
        // In a group a refusal is of use to the one who asked and to nobody else.
        Reply::Unknown(_) => said.quietly(),
        _ => said,
    }
}

/// A button a row for each of the first choices of a reply.
fn choices(answered: &Answered, most: usize) -> impl Iterator<Item = Vec<SaidButton>> {
    (0..most).map_while(|at| answered.pick(at)).map(|picked| {
        let label = words::choice_button(&picked.label);
        vec![SaidButton::Press(label, OnPress::Choose(picked))]
    })
}

fn turning(page: usize, pages: usize) -> Vec<SaidButton> {
    let button = |label: String, page| SaidButton::Press(label, OnPress::Page(page));
    let mut row = Vec::new();
    if page > 0 {
        row.push(button(words::page_before(page, pages), page - 1));
    }
    if page + 1 < pages {
        // People count pages from one.
        row.push(button(words::page_behind(page + 2, pages), page + 1));
    }
    row
}

fn under_answer(answer: &Answer) -> Vec<Vec<SaidButton>> {
    let button = |label: &str, press| SaidButton::Press(label.to_string(), press);
    let mut first = Vec::new();
    if let Some(name) = answer.only_indicator() {
        first.push(button(
            words::CHART_BUTTON,
            OnPress::Chart(Some(name.to_string())),
        ));
    }
    first.push(button(words::ORIGINAL_BUTTON, OnPress::Original));
    first.push(button(words::WHY_BUTTON, OnPress::Why));
    let mut second = Vec::new();
    // Of several figures nobody could tell which one a button copies.
    if let [figure] = answer.leading_figures().as_slice()
        && figure.chars().count() <= LONGEST_COPY
    {
        second.push(SaidButton::Copy(words::copy_button(figure), figure.clone()));
    }
    second.push(button("👍", OnPress::Vote(Vote::Helpful)));
    second.push(button("👎", OnPress::Vote(Vote::Unhelpful)));
    vec![first, second]
}

/// A quotation in its place: the heading, and of running text the sentences around it.
fn standing(book: &Book, citation: &Citation) -> Vec<Block> {
    let mut blocks = vec![Block::Lead(citation.place_with_page())];
    let Some(plan) = book.by_id(&citation.plan) else {
        return blocks;
    };
    let Provenance::Passage(at) = citation.provenance else {
        // A cell, a term and a note are whole; only a sentence has neighbours.
        blocks.push(Block::Text(citation.quote.clone()));
        return blocks;
    };
    let paragraph = plan.passages.get(at).map(|passage| passage.paragraph);
    // A sentence before and one after, of the same paragraph: more would hide the quoted one.
    for near in at.saturating_sub(1)..=at + 1 {
        let Some(passage) = plan
            .passages
            .get(near)
            .filter(|passage| Some(passage.paragraph) == paragraph)
        else {
            continue;
        };
        blocks.push(if near == at {
            Block::Lead(passage.text.clone())
        } else {
            Block::Text(passage.text.clone())
        });
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::{Edition, IndexPlace};
    use crate::model::PlanId;
    use crate::reply::{AnswerKind, Choice, Refusal};
    use chrono::NaiveDate;
    use std::path::Path;
    use std::time::Duration;

    #[test]
    fn the_first_offers_of_a_refusal_are_buttons() {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        let edition = Edition::load(&data, &IndexPlace::Memory).unwrap();
        let offer = |label: &str| {
            let citation = Citation {
                plan: PlanId("a-plan".to_string()),
                place: "第1段".to_string(),
                page: None,
                quote: "一句原文。".to_string(),
                provenance: Provenance::Passage(0),
            };
            Choice {
                label: label.to_string(),
                answer: Box::new(Answer::new(AnswerKind::Passage, label, citation)),
            }
        };
        let day = NaiveDate::default();
        let mut outcome = edition.reply("丁", day);
        outcome.reply = Reply::Unknown(Refusal {
            offers: ["甲", "乙", "丙"].map(offer).to_vec(),
            ..Refusal::default()
        });
        let answered = Answered::new("丁", day, outcome, Arc::new(edition), Duration::ZERO);
        let buttons: Vec<SaidButton> = said(&answered, 0).buttons.into_iter().flatten().collect();
        let choose = |at: usize, label: &str| {
            let label = label.to_string();
            let picked = Picked { at, label };
            SaidButton::Press(picked.label.clone(), OnPress::Choose(picked))
        };
        assert_eq!(buttons, [choose(0, "甲"), choose(1, "乙")]);
    }
}
