//! A choice under a reply is answered at once: the question is asked of the edition again, which
//! gives the same reply with the same choices, and the choice's answer is taken. No word of a label
//! is understood, unless the data have changed and the choice is gone.

use super::following::Speaker;
use super::talks::Topic;
use super::{Answered, App};
use crate::model::Book;
use crate::ports::{ChatId, PersonId};
use crate::reply::{Answer, Reply};
use crate::store::{Origin, Picked};
use std::sync::{Arc, OnceLock};

impl Answered {
    /// The choice at a position of the reply, to be kept with its button.
    pub fn pick(&self, at: usize) -> Option<Picked> {
        let label = self.reply.choices().get(at)?.label.clone();
        Some(Picked { at, label })
    }

    /// The answer of a choice of this reply; nothing where no choice has its label.
    pub(super) fn picking(&self, picked: &Picked) -> Option<Self> {
        let choices = self.reply.choices();
        // By its label too: other data may have another choice at the same place.
        let is_meant = |choice: &&crate::reply::Choice| choice.label == picked.label;
        let choice = choices
            .get(picked.at)
            .filter(is_meant)
            // It may have moved to another place among the choices.
            .or_else(|| choices.iter().find(is_meant))?;
        Some(Self {
            picked: Some(picked.clone()),
            follows: None,
            reply: Reply::Answer(choice.answer.clone()),
            fault: None,
            compared: OnceLock::new(),
            ..self.clone()
        })
    }
}

impl App {
    /// The answer of a choice that a person picked under the reply to a question, counted as a
    /// question. It becomes what the talk is about.
    pub async fn choose(
        self: &Arc<Self>,
        chat: ChatId,
        person: PersonId,
        of: &Origin,
        picked: Picked,
    ) -> anyhow::Result<Arc<Answered>> {
        let open = self.open_question(&picked.label);
        let (app, of) = (Arc::clone(self), of.clone());
        let asked = self.turns.take(move || app.asked_as(&of)).await?;
        let answered = match asked.picking(&picked) {
            Some(chosen) => {
                self.remember_chosen(chat, person, &chosen);
                Arc::new(chosen)
            }
            None => self.answer_in(chat, person, picked.label.clone()).await?,
        };
        open.answered(&answered);
        Ok(answered)
    }

    fn remember_chosen(&self, chat: ChatId, person: PersonId, chosen: &Answered) {
        let Reply::Answer(answer) = &chosen.reply else {
            return;
        };
        let origin = chosen.origin();
        let subject = subject(answer, &chosen.edition.book);
        let topic = Topic {
            subject: subject.unwrap_or_else(|| origin.words().to_string()),
            origin,
            ..Topic::of(&chosen.reading)
        };
        let now = self.clock.now();
        self.remember(Speaker { chat, person, now }, topic, chosen);
    }
}

/// What an answer is about: an indicator, a term, or what its figures are figures of, where that is
/// one thing.
fn subject(answer: &Answer, book: &Book) -> Option<String> {
    answer.only_subject(book).or_else(|| {
        let (first, others) = answer.figures.split_first()?;
        let is_one = others.iter().all(|other| other.subject == first.subject);
        is_one.then(|| first.subject.clone())
    })
}
