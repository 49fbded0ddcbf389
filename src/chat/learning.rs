//! What could not be answered, for administrators: groups, proposed synonyms as buttons, adopting
//! and taking back.

use super::conversation::Conversation;
use super::incoming::{ChatKind, Incoming};
use super::said::{Said, SaidButton};
use super::words;
use crate::app::{Adopted, SynonymChange, UnansweredGroup};
use crate::document::{Block, Document};
use crate::store::{OnPress, Origin, StoreError, Vote};

/// So many groups are shown at once.
const MOST_GROUPS: usize = 8;
/// So many questions of a group are shown.
const MOST_QUESTIONS: usize = 3;

impl Conversation {
    /// The groups of questions that were not answered.
    pub(super) fn unanswered(&self, incoming: &Incoming) -> Result<Said, StoreError> {
        if !self.app().is_admin(incoming.person) {
            return Ok(Said::sentence(words::ADMINS_ONLY));
        }
        let groups = self.app().unanswered()?;
        if groups.is_empty() {
            return Ok(Said::sentence(words::NOTHING_UNANSWERED));
        }
        let shown = groups.iter().take(MOST_GROUPS);
        let mut blocks = vec![Block::Lead(words::unanswered_head(
            groups.len(),
            groups.iter().map(|group| group.times).sum(),
        ))];
        blocks.extend(shown.clone().map(|group| Block::Text(line(group))));
        let adopt = |group: &UnansweredGroup| {
            let button = |name: &String| {
                let press = OnPress::TrySynonym(name.clone(), group.missing.clone());
                vec![SaidButton::Press(
                    words::adopt_button(&group.missing, name),
                    press,
                )]
            };
            group.proposed.iter().map(button).collect::<Vec<_>>()
        };
        let buttons = shown.flat_map(adopt).collect();
        Ok(Said::document(Document(blocks)).with_buttons(Origin::default(), buttons))
    }

    /// Shows what a synonym would change, with a button that adopts it where nothing is worse.
    pub(super) async fn try_synonym(&self, incoming: &Incoming, printed: &str, said: &str) -> Said {
        if !self.app().is_admin(incoming.person) {
            return Said::sentence(words::ADMINS_ONLY);
        }
        // Shown before it is done: one word more may make other questions worse.
        let preview = self.app().preview_synonym(printed, said, |_, _| {}).await;
        let shown = Said::sentence(&words::synonym_preview(&preview));
        if preview.hindered.is_some() {
            return shown;
        }
        let adopt = SaidButton::Press(
            words::ADOPT_BUTTON.to_string(),
            OnPress::Adopt(printed.to_string(), said.to_string()),
        );
        shown.with_buttons(Origin::default(), vec![vec![adopt]])
    }

    /// Adopts a synonym, or takes one back.
    pub(super) async fn synonym(
        &self,
        incoming: &Incoming,
        change: SynonymChange,
        printed: &str,
        said: &str,
    ) -> Said {
        if !self.app().is_admin(incoming.person) {
            return Said::sentence(words::ADMINS_ONLY);
        }
        let result = self
            .app()
            .change_synonym(incoming.person, change, printed, said)
            .await;
        let sentence = Said::sentence(&words::adopted(&result, change, printed, said));
        if result != Adopted::Done || change == SynonymChange::Withdraw {
            return sentence;
        }
        let back = SaidButton::Press(
            words::WITHDRAW_BUTTON.to_string(),
            OnPress::Withdraw(printed.to_string(), said.to_string()),
        );
        sentence.with_buttons(Origin::default(), vec![vec![back]])
    }

    /// Takes a vote on an answer: the question of one that did not help is kept.
    pub(super) fn vote(&self, incoming: &Incoming, origin: &Origin, vote: Vote) -> &'static str {
        if vote == Vote::Helpful {
            return words::VOTED_UP;
        }
        let in_group = incoming.kind == ChatKind::Group;
        self.app()
            .keep_voted_down(incoming.person, &words::asked(origin), in_group);
        if self.app().admins().is_empty() {
            words::VOTED_DOWN_UNSEEN
        } else {
            words::VOTED_DOWN
        }
    }
}

fn line(group: &UnansweredGroup) -> String {
    let questions: Vec<&str> = group
        .questions
        .iter()
        .take(MOST_QUESTIONS)
        .map(String::as_str)
        .collect();
    words::unanswered_line(group.voted_down, &group.missing, group.times, &questions)
}
