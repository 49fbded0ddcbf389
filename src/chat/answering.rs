//! A question answered in a chat: the answer, what it rests on, how it was read, its further pages.

use super::conversation::Conversation;
use super::incoming::{ChatKind, Incoming};
use super::render::{Block, Document};
use super::said::{Said, SaidButton};
use super::{explanation, words};
use crate::answer::{Answer, Reply};
use crate::app::Answered;
use crate::model::{Book, Citation, Provenance};
use crate::store::Choice;

/// So many places are shown where a quotation stands.
const MOST_ORIGINALS: usize = 4;
/// The longest text that a button copies.
const LONGEST_COPY: usize = 200;

impl Conversation {
    /// Answers a question of a chat.
    pub(super) async fn answer(&self, incoming: &Incoming, question: String) -> Said {
        match self
            .app()
            .ask_in(incoming.chat, incoming.person, question)
            .await
        {
            Ok(answered) => {
                self.app()
                    .keep_unanswered(&answered, incoming.kind == ChatKind::Group);
                said(&answered, 0)
            }
            Err(error) => {
                tracing::error!(%error, "a question could not be answered");
                Said::sentence(words::FAULT)
            }
        }
    }

    /// Another page of a long list, in the place of the one before.
    pub(super) async fn page(&self, question: &str, page: usize) -> Said {
        match self.app().ask(question.to_string()).await {
            Ok(answered) => Said {
                in_place: true,
                ..said(&answered, page)
            },
            Err(error) => {
                tracing::error!(%error, "a page could not be shown");
                Said::sentence(words::FAULT)
            }
        }
    }

    /// The quoted texts where they stand, with what is around them.
    pub(super) async fn original(&self, question: &str) -> Said {
        let Ok(answered) = self.app().ask(question.to_string()).await else {
            return Said::sentence(words::FAULT);
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
        if let Some(link) = answer.only_subject(book).and_then(|name| self.link(&name)) {
            blocks.push(Block::Source(words::link(&link)));
        }
        Said::document(&Document(blocks))
    }

    /// How a question was read and what its answer was held against.
    pub(super) async fn why(&self, question: &str) -> Said {
        let Ok(answered) = self.app().ask(question.to_string()).await else {
            return Said::sentence(words::FAULT);
        };
        Said::sentence(&explanation::why(&answered))
    }
}

/// A reply with its buttons.
fn said(answered: &Answered, page: usize) -> Said {
    let document = Document::of(&answered.reply);
    let pages = document.pages();
    let page = page.min(pages - 1);
    let mut rows = Vec::new();
    if pages > 1 {
        rows.push(turning(page, pages));
    }
    match &answered.reply {
        Reply::Answer(answer) => rows.extend(under_answer(answer)),
        Reply::Clarify(clarification) => {
            let choose = |(option, question): (&String, String)| {
                vec![SaidButton::Choose(option.clone(), Choice::Ask(question))]
            };
            let questions = clarification
                .options
                .iter()
                .map(|option| answered.chosen(option));
            rows.extend(clarification.options.iter().zip(questions).map(choose));
        }
        Reply::Unknown(_) | Reply::Help => {}
    }
    Said::document(&document.page(page)).with_buttons(&answered.completed, rows)
}

fn turning(page: usize, pages: usize) -> Vec<SaidButton> {
    let button = |label: String, page| SaidButton::Choose(label, Choice::Page(page));
    let mut row = Vec::new();
    if page > 0 {
        row.push(button(words::page_before(page, pages), page - 1));
    }
    if page + 1 < pages {
        row.push(button(words::page_behind(page + 2, pages), page + 1));
    }
    row
}

fn under_answer(answer: &Answer) -> Vec<Vec<SaidButton>> {
    let choose = |label: &str, choice| SaidButton::Choose(label.to_string(), choice);
    let mut first = Vec::new();
    if let Some(name) = answer.only_indicator() {
        first.push(choose(
            words::CHART_BUTTON,
            Choice::Chart(Some(name.to_string())),
        ));
    }
    first.push(choose(words::ORIGINAL_BUTTON, Choice::Original));
    first.push(choose(words::WHY_BUTTON, Choice::Why));
    let mut second = Vec::new();
    if let [figure] = answer.leading_figures().as_slice()
        && figure.chars().count() <= LONGEST_COPY
    {
        second.push(SaidButton::Copy(words::copy_button(figure), figure.clone()));
    }
    second.push(choose("👍", Choice::Vote(true)));
    second.push(choose("👎", Choice::Vote(false)));
    vec![first, second]
}

/// A quotation in its place: the heading, and of running text the sentences around it.
fn standing(book: &Book, citation: &Citation) -> Vec<Block> {
    let mut blocks = vec![Block::Lead(citation.place.clone())];
    let Some(plan) = book.by_id(&citation.plan) else {
        return blocks;
    };
    let Provenance::Passage(at) = citation.provenance else {
        blocks.push(Block::Text(citation.quote.clone()));
        return blocks;
    };
    let paragraph = plan.passages.get(at).map(|passage| passage.paragraph);
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
