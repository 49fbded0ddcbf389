//! The first screens: what the bot is for, with real examples as buttons, and how to ask. Also what
//! a link opens.

use super::conversation::Conversation;
use super::incoming::{ChatKind, Incoming};
use super::said::{Said, SaidButton};
use super::{commands, words};
use crate::store::{OnPress, Origin};

impl Conversation {
    /// What the bot is for; behind a link, what the link stands for.
    pub(super) async fn start(&self, incoming: &Incoming, link: &str) -> Said {
        if !link.is_empty()
            && let Some(question) = self.app().linked_question(link)
        {
            // At once: whoever follows a link has asked already.
            return self.answer(incoming, question).await;
        }
        let edition = self.app().edition();
        let titles: Vec<&str> = edition
            .book
            .plans()
            .iter()
            .map(|plan| plan.title.as_str())
            .collect();
        Said::sentence(&words::start(&titles)).with_buttons(Origin::default(), self.examples())
    }

    /// How to ask, and the commands of the chat.
    pub(super) fn help(&self, incoming: &Incoming) -> Said {
        let admin = self.app().is_admin(incoming.person);
        let audience = match incoming.kind {
            ChatKind::Private if admin => commands::MenuReader::Admin,
            ChatKind::Private => commands::MenuReader::Private,
            ChatKind::Group => commands::MenuReader::Group,
        };
        let lines: Vec<String> = commands::menu(audience)
            .map(|(name, description)| format!("/{name}　{description}"))
            .collect();
        Said::sentence(&format!("{}\n{}", words::HELP, lines.join("\n")))
            .with_buttons(Origin::default(), self.examples())
    }

    /// One row an example: each is a question that the data answer.
    fn examples(&self) -> Vec<Vec<SaidButton>> {
        let examples = self.app().examples().into_iter();
        examples
            .map(|question| vec![SaidButton::Press(question.clone(), OnPress::Ask(question))])
            .collect()
    }

    /// The link to an indicator or a term, where the bot has a public name.
    pub(super) fn link(&self, name: &str) -> Option<String> {
        let word = self.app().link_word(name)?;
        Some(format!("https://t.me/{}?start={word}", self.bot()?))
    }
}
