//! Pictures in the chat: an indicator over the years, or the board of all.

use super::conversation::Conversation;
use super::said::Said;
use super::words;
use crate::app::NoTurn;
use crate::chart::{self, Picture};
use crate::ports::{Attachment, AttachmentKind};
use crate::reply::{Clarification, Reply};

/// Longer facts stand in the picture alone.
const LONGEST_CAPTION: usize = 800;

impl Conversation {
    /// The picture that words ask for: an indicator, however it is called, or with a word for all
    /// of them the board.
    pub(super) async fn chart(&self, text: &str) -> Said {
        let text = text.trim();
        if text.is_empty() {
            return Said::sentence(words::WHICH_CHART);
        }
        if words::ALL_INDICATORS.contains(&text) {
            return self.picture(None).await;
        }
        let Ok(answered) = self.app().ask(text.to_string()).await else {
            return Said::sentence(words::FAULT);
        };
        match &answered.reply {
            Reply::Answer(answer) if answer.only_indicator().is_some() => {
                self.picture(answer.only_indicator().map(String::from))
                    .await
            }
            // Of what may be meant only indicators can be drawn; where that is one, it is meant.
            Reply::Clarify(clarification) => match drawable(clarification).as_slice() {
                [] => Said::sentence(&words::no_chart(text)),
                [only] => self.picture(Some((*only).to_string())).await,
                several => Said::sentence(&words::which_of(several)),
            },
            _ => Said::sentence(&words::no_chart(text)),
        }
    }

    /// The picture of an indicator by its printed name, or the board. Drawn off the async threads.
    pub(super) async fn picture(&self, name: Option<String>) -> Said {
        let edition = self.app().edition();
        let drawn = self.app().apart(move || {
            let picture = match &name {
                Some(name) => chart::indicator(
                    &edition.book,
                    &edition.library.names,
                    &edition.words.thesaurus,
                    name,
                ),
                None => edition
                    .book
                    .newest()
                    .map(|plan| chart::board(plan, &edition.words.thesaurus)),
            };
            picture.map(|picture| picture.png().map(|png| (picture, png)))
        });
        match drawn.await {
            Ok(Some(Ok((picture, png)))) => shown(picture, png),
            Ok(None) => Said::sentence(words::ANSWER_CHANGED),
            Ok(Some(Err(error))) => {
                tracing::error!(%error, "a picture could not be drawn");
                Said::sentence(words::FAULT)
            }
            Err(NoTurn::Crowded) => Said::sentence(words::CROWDED),
            Err(error) => {
                tracing::error!(%error, "drawing a picture ended early");
                Said::sentence(words::FAULT)
            }
        }
    }
}

/// The names under which the things of a question back can be drawn, each once.
fn drawable(clarification: &Clarification) -> Vec<&str> {
    let choices = clarification.choices.iter();
    let named = choices.filter_map(|choice| choice.answer.only_indicator());
    let mut names: Vec<&str> = Vec::new();
    for name in named.chain(clarification.hints.iter().map(String::as_str)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn shown(picture: Picture, bytes: Vec<u8>) -> Said {
    let picture = picture.dark();
    let file = Attachment {
        name: format!("{}.png", words::CHART_FILE),
        kind: AttachmentKind::Picture { dark: picture.svg },
        bytes,
    };
    let caption = if picture.description.chars().count() <= LONGEST_CAPTION {
        &picture.description
    } else {
        &picture.title
    };
    Said::file(file, caption)
}
