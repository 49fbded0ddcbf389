//! What is said at the desk: subscriptions, what is due, who has reported, more time. Also as
//! files.

use super::calendar_file::{CALENDAR_DAYS, calendar_file};
use super::conversation::Conversation;
use super::incoming::{ChatKind, Incoming};
use super::said::{Said, SaidButton};
use super::tables::{self, Chosen, CsvReader};
use super::words;
use crate::app::{DutyStatus, Replied, Reported, WithState};
use crate::model::UnitId;
use crate::ports::{Attachment, AttachmentKind};
use crate::store::{Act, OnPress, Origin, StoreError, TableFormat};
use chrono::Days;

/// A message has at most a hundred buttons; those of the files are among them.
const MOST_TAKEN_BACK: usize = 90;

impl Conversation {
    /// What is next, and what this chat's units said of it; a calendar file with a word for one.
    pub(super) fn deadlines(
        &self,
        kept: WithState<'_>,
        incoming: &Incoming,
        text: &str,
    ) -> Result<Said, StoreError> {
        if ["ics", "日历"].contains(&text.trim().to_lowercase().as_str()) {
            return Ok(self.calendar());
        }
        let duties = kept.look_at_desk(|desk| desk.duties(Some(incoming.chat)))?;
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
        let bytes =
            calendar_file(&self.app().agenda(), (from, to), self.app().now().to_utc()).into_bytes();
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
        kept: WithState<'_>,
        incoming: &Incoming,
        text: &str,
    ) -> Result<Said, StoreError> {
        if !self.app().is_admin(incoming.person) {
            return Ok(Said::sentence(words::STATUS_FOR_ADMINS));
        }
        let duties = kept.look_at_desk(|desk| desk.duties(None))?;
        let format = match text.trim().to_lowercase().as_str() {
            "csv" => Some(TableFormat::Csv),
            "xlsx" | "表格" => Some(TableFormat::Xlsx),
            _ => None,
        };
        let Some(format) = format else {
            let said = Said::sentence(&words::status(&duties, kept.store().unknown_sends()?));
            let button =
                |label: &str, format| SaidButton::Press(label.to_string(), OnPress::Status(format));
            let mut buttons = taking_back(&duties);
            buttons.push(vec![
                button("XLSX", TableFormat::Xlsx),
                button("CSV", TableFormat::Csv),
            ]);
            return Ok(if duties.is_empty() {
                said
            } else {
                said.with_buttons(Origin::default(), buttons)
            });
        };
        let day = self.app().now().date_naive();
        let file = match format {
            // Whoever asks in a chat opens it with a click.
            TableFormat::Csv => tables::status_csv(&duties, day, CsvReader::Spreadsheet),
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
        // Who has reported is for administrators; the tables of the plan are everybody's.
        let kept = self.app().with_state().filter(|_| admin);
        let duties = kept.and_then(|kept| kept.look_at_desk(|desk| desk.duties(None)).ok());
        let edition = self.app().edition();
        let less_is_good = |name: &str| edition.words.thesaurus.less_is_good(name);
        let plans = edition.book.plans().iter();
        let tables: Vec<Chosen<'_>> = plans
            .map(|plan| Chosen::whole(plan, less_is_good))
            .collect();
        match tables::plan_workbook(&tables, duties.as_deref()) {
            Ok(file) => Said::file(file, words::EXPORT_CAPTION),
            Err(error) => {
                tracing::error!(%error, "the tables could not be made");
                Said::sentence(words::FAULT)
            }
        }
    }

    pub(super) async fn subscribe(
        &self,
        kept: WithState<'_>,
        incoming: &Incoming,
        unit: &str,
    ) -> Result<Said, StoreError> {
        if !self.may_subscribe(incoming).await {
            return Ok(Said::sentence(words::NOT_CHAT_ADMIN));
        }
        let who = incoming.who();
        let result = kept.at_desk(|desk| desk.subscribe(&who, unit)).await?;
        Ok(Said::sentence(&words::subscribed(&result)))
    }

    pub(super) async fn unsubscribe(
        &self,
        kept: WithState<'_>,
        incoming: &Incoming,
        unit: &str,
    ) -> Result<Said, StoreError> {
        if !self.may_subscribe(incoming).await {
            return Ok(Said::sentence(words::NOT_CHAT_ADMIN));
        }
        let who = incoming.who();
        let ended = kept.at_desk(|desk| desk.unsubscribe(&who, unit)).await?;
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

    /// What words come to that reply to a reminder or to a question of the bot; nothing where they
    /// are none of a unit's report.
    pub(super) async fn report_in_words(&self, incoming: &Incoming, text: &str) -> Option<Said> {
        let kept = self.app().with_state()?;
        // Only in reply: 已报送 said into a group may be about anything.
        let message = incoming.replied_to?;
        let who = incoming.who();
        match kept.replied(&who, message, text).await {
            Ok(replied) => replied.map(|replied| said_to_words(&replied)),
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

/// A button for each thing that a unit said, so that an administrator can take it back.
fn taking_back(duties: &[DutyStatus]) -> Vec<Vec<SaidButton>> {
    let said = duties.iter().flat_map(|duty| {
        let acted = duty.units.iter().filter(|unit| !unit.by.is_empty());
        acted.map(move |unit| {
            let label = if duties.len() > 1 {
                words::withdraw_of_day(&unit.name, duty.due)
            } else {
                words::withdraw_of(&unit.name)
            };
            let press = OnPress::Report(Act::Withdraw, duty.occurrence.clone(), unit.unit.clone());
            SaidButton::Press(label, press)
        })
    });
    let all: Vec<SaidButton> = said.take(MOST_TAKEN_BACK).collect();
    all.chunks(2).map(<[SaidButton]>::to_vec).collect()
}

/// What is said when words were an act: with a button to take it back, or one for each unit that
/// may be meant.
fn said_to_words(replied: &Replied) -> Said {
    let report = |label: String, act, occurrence: &str, unit: &UnitId| {
        let press = OnPress::Report(act, occurrence.to_string(), unit.clone());
        vec![SaidButton::Press(label, press)]
    };
    let back = |reported: &Reported, label: &str| match reported {
        Reported::Noted {
            occurrence, unit, ..
        } => Some(report(label.to_string(), Act::Withdraw, occurrence, unit)),
        _ => None,
    };
    let rows: Vec<Vec<SaidButton>> = match replied {
        Replied::Acted(reported) => back(reported, words::WITHDRAW).into_iter().collect(),
        Replied::ActedForAll(all) => all
            .iter()
            .filter_map(|reported| match reported {
                Reported::Noted { name, .. } => back(reported, &words::withdraw_of(name)),
                _ => None,
            })
            .collect(),
        Replied::Whose(act, those) => those
            .iter()
            .map(|(name, occurrence, unit)| report(name.clone(), *act, occurrence, unit))
            .collect(),
        _ => Vec::new(),
    };
    let text = words::replied(replied);
    if text.is_empty() {
        return Said::default();
    }
    Said::sentence(&text).with_buttons(Origin::default(), rows)
}
