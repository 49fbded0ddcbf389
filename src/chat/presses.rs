//! What a press on a button comes to: what flashes up, and what is said.

use super::conversation::Conversation;
use super::incoming::{ChatKind, Incoming};
use super::said::Said;
use super::words;
use crate::app::{Reported, SynonymChange, WithState};
use crate::model::UnitId;
use crate::ports::{ChatId, Outgoing};
use crate::store::{Act, Decision, OnPress, Origin, StoreError};

impl Conversation {
    /// Acts on a press; gives what flashes up, and replies.
    pub(crate) async fn press(&self, incoming: &Incoming, button: &str) -> (String, Vec<Outgoing>) {
        let Some(kept) = self.app().with_state() else {
            return (words::NO_STATE.to_string(), Vec::new());
        };
        let pressed = match kept.store().offered(incoming.chat, button) {
            Ok(Some((origin, press))) => self.act(kept, incoming, &origin, press).await,
            // Buttons of reminders are kept apart from those of replies, and live longer.
            Ok(None) => self.at_reminder(kept, incoming, button).await,
            Err(error) => Err(error),
        };
        let (flash, said) = pressed.unwrap_or_else(|error| {
            tracing::error!(%error, "a press could not be acted upon");
            (words::FAULT.to_string(), None)
        });
        (
            flash,
            said.map(|said| said.outgoing(incoming, Some(kept.store())))
                .unwrap_or_default(),
        )
    }

    /// Whether a button of a reply has done all that it can do, once it was pressed. In a group
    /// others may want to vote, or to see for themselves what is shown to one person alone.
    pub(crate) fn is_used_up(&self, incoming: &Incoming, button: &str) -> bool {
        let offered = self
            .store()
            .map(|store| store.offered(incoming.chat, button));
        let Some(Ok(Some((_, press)))) = offered else {
            return false;
        };
        match press {
            OnPress::Ask(_) | OnPress::Choose(_) | OnPress::Chart(_) => true,
            // In a group others may still press it.
            OnPress::Original | OnPress::Why | OnPress::Vote(_) => {
                incoming.kind == ChatKind::Private
            }
            _ => false,
        }
    }

    /// A button under a reminder, or one that is not known any more.
    async fn at_reminder(
        &self,
        kept: WithState<'_>,
        incoming: &Incoming,
        button: &str,
    ) -> Result<(String, Option<Said>), StoreError> {
        let who = incoming.who();
        let result = kept.at_desk(|desk| desk.press(&who, button)).await?;
        let (flash, said) = words::reported(&result);
        Ok((flash, said.map(|said| Said::sentence(&said))))
    }

    /// Something is said of a unit's report, under another message than the reminder.
    async fn report(
        &self,
        kept: WithState<'_>,
        incoming: &Incoming,
        act: Act,
        occurrence: &str,
        unit: &UnitId,
    ) -> Result<(String, Option<Said>), StoreError> {
        let who = incoming.who();
        let result = kept
            .at_desk(|desk| desk.act(&who, act, occurrence, unit))
            .await?;
        let (flash, said) = words::reported(&result);
        // Under a confirmation in the unit's own chat; a list of all units stays as it is.
        let store = kept.store();
        let subscription = store.subscription(store.present_chat(incoming.chat)?)?;
        let is_own = subscription.is_some_and(|known| known.stands_for(unit));
        let in_place = |said: String| Said {
            in_place: is_own,
            ..Said::sentence(&said)
        };
        // The message said what is taken back now: it says so itself.
        let said = match &result {
            Reported::TakenBack(..) => Some(flash.clone()),
            _ => said,
        };
        Ok((flash, said.map(in_place)))
    }

    async fn decide(
        &self,
        kept: WithState<'_>,
        incoming: &Incoming,
        decision: Decision,
        of: ChatId,
        unit: &UnitId,
    ) -> Result<(String, Option<Said>), StoreError> {
        // Looked at again when it is pressed: whoever was shown the button may not be an
        // administrator any more.
        if !self.app().is_admin(incoming.person) {
            return Ok((words::ADMINS_ONLY_FLASH.to_string(), None));
        }
        let who = incoming.who();
        let decided = kept
            .at_desk(|desk| desk.decide(&who, of, unit, decision))
            .await?;
        let text = words::decided(&decided, &who.name);
        let said = Said {
            in_place: true,
            ..Said::sentence(&text)
        };
        Ok((text, Some(said)))
    }

    /// Other units' buttons under a reminder.
    async fn turn(
        &self,
        kept: WithState<'_>,
        incoming: &Incoming,
        page: usize,
    ) -> Result<(String, Option<Said>), StoreError> {
        let (chat, message) = (incoming.chat, incoming.message);
        kept.at_desk(|desk| desk.turn(chat, message, page)).await?;
        Ok((String::new(), None))
    }

    async fn act(
        &self,
        kept: WithState<'_>,
        incoming: &Incoming,
        origin: &Origin,
        press: OnPress,
    ) -> Result<(String, Option<Said>), StoreError> {
        let said = match press {
            OnPress::Ask(question) => self.answer(incoming, question).await,
            OnPress::Choose(picked) => self.chosen(incoming, origin, picked).await,
            OnPress::Original => self.original(origin).await.quietly(),
            OnPress::Why => self.why(origin).await.quietly(),
            OnPress::Page(page) => self.page(origin, page).await,
            OnPress::Calendar => self.calendar(),
            OnPress::Status(format) => self.status(kept, incoming, words::format_word(format))?,
            OnPress::Report(act, occurrence, unit) => {
                return self.report(kept, incoming, act, &occurrence, &unit).await;
            }
            OnPress::Turn(page) => return self.turn(kept, incoming, page).await,
            OnPress::Decide(decision, of, unit) => {
                return self.decide(kept, incoming, decision, of, &unit).await;
            }
            OnPress::Vote(vote) => {
                return Ok((self.vote(incoming, origin, vote).to_string(), None));
            }
            OnPress::TrySynonym(printed, said) => self.try_synonym(incoming, &printed, &said).await,
            OnPress::Adopt(printed, said) => {
                let change = SynonymChange::Adopt;
                self.synonym(incoming, change, &printed, &said).await
            }
            OnPress::Withdraw(printed, said) => {
                let change = SynonymChange::Withdraw;
                self.synonym(incoming, change, &printed, &said).await
            }
            OnPress::Export => self.export(incoming),
            OnPress::Import { word, replace } => self.import(incoming, &word, replace).await,
            OnPress::Discard(word) => self.discard(incoming, &word),
            OnPress::Chart(name) => self.picture(name).await,
        };
        Ok((String::new(), Some(said)))
    }
}
