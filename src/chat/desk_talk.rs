//! What is said at the desk: subscriptions, what is due, who has reported, more time. Also as
//! files.

use super::calendar_file::{CALENDAR_DAYS, calendar_file};
use super::conversation::Conversation;
use super::incoming::{ChatKind, Incoming};
use super::said::{Said, SaidButton};
use super::{tables, words};
use crate::app::Extension;
use crate::ports::{Attachment, AttachmentKind};
use crate::store::{OnPress, Origin, Store, StoreError, TableFormat};
use chrono::Days;

impl Conversation {
    /// What is next, and what this chat's units said of it; a calendar file with a word for one.
    pub(super) fn deadlines(
        &self,
        store: &Store,
        incoming: &Incoming,
        text: &str,
    ) -> Result<Said, StoreError> {
        if ["ics", "日历"].contains(&text.trim().to_lowercase().as_str()) {
            return Ok(self.calendar());
        }
        let duties = self.app().duties(store, Some(incoming.chat))?;
        let said = Said::sentence(&words::deadlines(&duties));
        let button = SaidButton::Press(words::CALENDAR_BUTTON.to_string(), OnPress::Calendar);
        Ok(if duties.is_empty() {
            said
        } else {
            said.with_buttons(Origin::default(), vec![vec![button]])
        })
    }

    /// The due days from today on as a calendar file.
    pub(super) fn calendar(&self) -> Said {
        let from = self.app().now().date_naive();
        let to = from
            .checked_add_days(Days::new(CALENDAR_DAYS))
            .unwrap_or(from);
        let bytes = calendar_file(&self.app().agenda(), from, to).into_bytes();
        let file = Attachment {
            name: words::CALENDAR_FILE.to_string(),
            kind: AttachmentKind::Document,
            bytes,
        };
        Said::file(file, words::CALENDAR_CAPTION)
    }

    /// Who has reported, for administrators; as a file with a word for one.
    pub(super) fn status(
        &self,
        store: &Store,
        incoming: &Incoming,
        text: &str,
    ) -> Result<Said, StoreError> {
        if !self.app().is_admin(incoming.person) {
            return Ok(Said::sentence(words::STATUS_FOR_ADMINS));
        }
        let duties = self.app().duties(store, None)?;
        let format = match text.trim().to_lowercase().as_str() {
            "csv" => Some(TableFormat::Csv),
            "xlsx" | "表格" => Some(TableFormat::Xlsx),
            _ => None,
        };
        let Some(format) = format else {
            let said = Said::sentence(&words::status(&duties, store.unknown_sends()?));
            let button =
                |label: &str, format| SaidButton::Press(label.to_string(), OnPress::Status(format));
            let buttons = vec![vec![
                button("XLSX", TableFormat::Xlsx),
                button("CSV", TableFormat::Csv),
            ]];
            return Ok(if duties.is_empty() {
                said
            } else {
                said.with_buttons(Origin::default(), buttons)
            });
        };
        let day = self.app().now().date_naive();
        let file = match format {
            TableFormat::Csv => tables::status_csv(&duties, day),
            TableFormat::Xlsx => match tables::status_workbook(&duties, day) {
                Ok(file) => file,
                Err(error) => {
                    tracing::error!(%error, "the table of reports could not be made");
                    return Ok(Said::sentence(words::FAULT));
                }
            },
        };
        Ok(Said::file(file, &words::status_caption(day)))
    }

    /// The tables of all plans as a file; for administrators with who has reported.
    pub(super) fn export(&self, incoming: &Incoming) -> Said {
        let admin = self.app().is_admin(incoming.person);
        let duties = self
            .app()
            .store()
            .filter(|_| admin)
            .and_then(|store| self.app().duties(store, None).ok());
        match tables::plan_workbook(self.app().edition().book.plans(), duties.as_deref()) {
            Ok(file) => Said::file(file, words::EXPORT_CAPTION),
            Err(error) => {
                tracing::error!(%error, "the tables could not be made");
                Said::sentence(words::FAULT)
            }
        }
    }

    pub(super) async fn subscribe(
        &self,
        store: &Store,
        incoming: &Incoming,
        unit: &str,
    ) -> Result<Said, StoreError> {
        if !self.may_subscribe(incoming).await {
            return Ok(Said::sentence(words::NOT_CHAT_ADMIN));
        }
        let result = self
            .app()
            .subscribe(store, incoming.chat, incoming.person, unit)
            .await?;
        Ok(Said::sentence(&words::subscribed(&result)))
    }

    pub(super) async fn unsubscribe(
        &self,
        store: &Store,
        incoming: &Incoming,
        unit: &str,
    ) -> Result<Said, StoreError> {
        if !self.may_subscribe(incoming).await {
            return Ok(Said::sentence(words::NOT_CHAT_ADMIN));
        }
        let ended = self
            .app()
            .unsubscribe(store, incoming.chat, incoming.person, unit)
            .await?;
        Ok(Said::sentence(&words::unsubscribed(&ended)))
    }

    /// Whether a person may say where a chat is reminded of what.
    pub(super) async fn may_subscribe(&self, incoming: &Incoming) -> bool {
        incoming.kind == ChatKind::Private
            || self.app().is_admin(incoming.person)
            || self
                .messenger()
                .administers(incoming.chat, incoming.person)
                .await
    }

    /// A date and a reason, where they are awaited.
    pub(super) async fn extension(&self, incoming: &Incoming, text: &str) -> Option<Said> {
        let store = self.app().store()?;
        match self
            .app()
            .extend(store, incoming.chat, incoming.person, text)
            .await
        {
            // Without a date it is an ordinary question, unless it replies to what was asked.
            Ok(Some(Extension::NoDate)) if !incoming.replies_to_bot => None,
            Ok(result) => result.map(|result| Said::sentence(&words::extended(&result))),
            Err(error) => Some(Self::at_desk(Err(error))),
        }
    }

    /// What the desk says, or the fault's sentence.
    pub(super) fn at_desk(said: Result<Said, StoreError>) -> Said {
        said.unwrap_or_else(|error| {
            tracing::error!(%error, "the desk's state could not be used");
            Said::sentence(words::FAULT)
        })
    }
}
