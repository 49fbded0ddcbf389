//! What a press on a button comes to: what flashes up, and what is said.

use super::conversation::Conversation;
use super::incoming::Incoming;
use super::said::Said;
use super::words;
use crate::ports::Outgoing;
use crate::store::{Choice, Store, StoreError};

impl Conversation {
    /// Acts on a press; gives what flashes up, and replies.
    pub async fn press(&self, incoming: &Incoming, button: &str) -> (String, Vec<Outgoing>) {
        let Some(store) = self.store() else {
            return (words::NO_STATE.to_string(), Vec::new());
        };
        let pressed = match store.offered(incoming.chat.0, button) {
            Ok(Some((question, choice))) => self.choose(store, incoming, &question, choice).await,
            Ok(None) => self.at_reminder(store, incoming, button).await,
            Err(error) => Err(error),
        };
        let (flash, said) = pressed.unwrap_or_else(|error| {
            tracing::error!(%error, "a press could not be acted upon");
            (words::FAULT.to_string(), None)
        });
        (
            flash,
            said.map(|said| said.outgoing(incoming, Some(store)))
                .unwrap_or_default(),
        )
    }

    /// A button under a reminder, or one that is not known any more.
    async fn at_reminder(
        &self,
        store: &Store,
        incoming: &Incoming,
        button: &str,
    ) -> Result<(String, Option<Said>), StoreError> {
        let result = self
            .app()
            .press(store, incoming.chat, incoming.person, button)
            .await?;
        let (flash, said) = words::pressed(&result);
        Ok((flash, said.map(|said| Said::sentence(&said))))
    }

    async fn choose(
        &self,
        store: &Store,
        incoming: &Incoming,
        question: &str,
        choice: Choice,
    ) -> Result<(String, Option<Said>), StoreError> {
        let said = match choice {
            Choice::Ask(question) => self.answer(incoming, question).await,
            Choice::Original => self.original(question).await,
            Choice::Why => self.why(question).await,
            Choice::Page(page) => self.page(question, page).await,
            Choice::Calendar => self.calendar(),
            Choice::Status(format) => self.status(store, incoming, words::format_word(format))?,
            Choice::Vote(helped) => {
                return Ok((self.vote(incoming, question, helped).to_string(), None));
            }
            Choice::Adopt(printed, said) => self.synonym(incoming, &printed, &said, true).await,
            Choice::Withdraw(printed, said) => self.synonym(incoming, &printed, &said, false).await,
            Choice::Export => self.export(incoming),
            Choice::Chart(name) => self.picture(name).await,
        };
        Ok((String::new(), Some(said)))
    }
}
