//! A promised message as of the moment at which it is sent: its lines and its buttons.

use super::compose::{Part, UnitLine};
use super::{Reminder, compose};
use crate::app::Roll;
use crate::document::Document;
use crate::model::UnitId;
use crate::ports::{ButtonAct, ChatId, Manner, OfferedButton, Outgoing};
use crate::store::{
    Acknowledged, Act, Button, Correction, Covered, Decision, Offer, OnPress, Origin, OutboxEntry,
    Purpose, ShownAs, StoreError,
};
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

/// So many units have their buttons under a reminder at once; the others are a page further.
const UNITS_A_PAGE: usize = 8;

/// A message's lines, and its buttons in rows.
type Composed = (Vec<String>, Vec<Vec<OfferedButton>>);

/// What a reminder is of, and which part of it is shown.
struct ReminderView<'a> {
    covers: &'a [Covered],
    corrections: &'a [Correction],
    showing: Showing,
    /// The page of its buttons, from nought.
    page: usize,
}

/// Who is shown in a reminder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Showing {
    /// Those who are still to be reminded.
    Open,
    /// Everybody whom it was sent for, with what they said.
    All,
}

impl Reminder<'_> {
    /// Whether a promised reminder waits: its chat cannot be reached now, or units of it are struck
    /// out. Both may come back, and then nothing of it is lost.
    pub(super) fn waits(
        &self,
        entry: &OutboxEntry,
        today: NaiveDate,
        roll: &Roll,
    ) -> Result<bool, StoreError> {
        let Purpose::Reminder { covers, .. } = &entry.purpose else {
            return Ok(false);
        };
        let Some(subscription) = self.store.subscription(entry.chat)? else {
            return Ok(false);
        };
        // Duties that were put off are among them: their due day lies outside the usual stretch.
        let around = self.agenda.around_put_off(today);
        let is_due = |covered: &&Covered| around.iter().any(|o| o.key == covered.occurrence);
        let mut units = covers.iter().filter(is_due).flat_map(|one| &one.units);
        Ok(units.any(|unit| {
            subscription.stands_for(unit)
                && (subscription.suspended.is_some() || !roll.is_active(unit))
        }))
    }

    /// The message as of now; nothing where nobody is left to be reminded.
    pub(super) fn message(
        &self,
        entry: &OutboxEntry,
        now: DateTime<Tz>,
        roll: &Roll,
    ) -> Result<Option<Outgoing>, StoreError> {
        let mut replaces = None;
        let composed = match &entry.purpose {
            Purpose::Text { text, .. } => Some((vec![text.clone()], Vec::new())),
            Purpose::Question { occurrence, unit } => {
                self.question(occurrence, &roll.name(unit), now.date_naive())
            }
            Purpose::Wish { of, unit } => self.wish(entry.chat, *of, unit, roll)?,
            Purpose::Reminder {
                covers,
                corrections,
            } => {
                let view = ReminderView {
                    covers,
                    corrections,
                    showing: Showing::Open,
                    page: 0,
                };
                self.reminder(entry.chat, view, now, roll)?
            }
            Purpose::Edit { message } => {
                let Some(shown) = self.store.shown(entry.chat, *message)? else {
                    return Ok(None);
                };
                let ShownAs::Reminder {
                    covers,
                    corrections,
                } = &shown.what
                else {
                    return Ok(None);
                };
                replaces = Some(*message);
                let view = ReminderView {
                    covers,
                    corrections,
                    showing: Showing::All,
                    page: shown.page,
                };
                self.reminder(entry.chat, view, now, roll)?
            }
        };
        let Some((mut lines, buttons)) = composed else {
            return Ok(None);
        };
        // An edit that arrives twice shows the same as once.
        if entry.delivery.repeated && replaces.is_none() {
            lines.push(compose::REPEATED.to_string());
        }
        let is_question = matches!(entry.purpose, Purpose::Question { .. });
        let asks_for = is_question.then(|| compose::DATE_AND_REASON.to_string());
        Ok(Some(Outgoing {
            // Where the chat wants its reminders now; it may have changed since this was promised.
            topic: self.store.topic(entry.chat)?,
            buttons,
            replaces,
            manner: Manner {
                asks_for,
                ..Manner::default()
            },
            ..Outgoing::new(entry.chat, Document::headed(lines))
        }))
    }

    fn reminder(
        &self,
        chat: ChatId,
        view: ReminderView<'_>,
        now: DateTime<Tz>,
        roll: &Roll,
    ) -> Result<Option<Composed>, StoreError> {
        let Some(subscription) = self
            .store
            .subscription(chat)?
            .filter(|subscription| subscription.suspended.is_none())
        else {
            return Ok(None);
        };
        let today = now.date_naive();
        let occurrences = self.agenda.around_put_off(today);
        let mut parts = Vec::new();
        for occurrence in &occurrences {
            let covered = view
                .covers
                .iter()
                .map(|one| (one.due, &one.units, Some(one), None));
            let corrected = view
                .corrections
                .iter()
                .map(|one| (one.due, &one.units, None, Some(one)));
            let about = |covered: Option<&Covered>, correction: Option<&Correction>| {
                let key = covered.map(|one| &one.occurrence);
                key.or(correction.map(|one| &one.occurrence)) == Some(&occurrence.key)
            };
            for (due, of, covered, correction) in covered.chain(corrected) {
                if !about(covered, correction) {
                    continue;
                }
                let mut units = Vec::new();
                for unit in of {
                    if !subscription.stands_for(unit) || !roll.is_active(unit) {
                        continue;
                    }
                    let said = self.store.acknowledgement(&occurrence.key, unit)?;
                    let until = super::open_until(said.as_ref(), occurrence.due.day);
                    // A correction speaks of the due day also to whoever put it off.
                    let is_meant = match correction {
                        Some(_) => until.is_some() && due == occurrence.due.day,
                        None => until == Some(due),
                    };
                    if view.showing == Showing::All || is_meant {
                        let (unit, name) = (unit.clone(), roll.name(unit));
                        units.push(UnitLine { unit, name, said });
                    }
                }
                if !units.is_empty() {
                    parts.push(Part {
                        occurrence,
                        due,
                        // A message that is shown anew was sent in its time: it is not late now.
                        covered: covered.filter(|_| view.showing == Showing::Open),
                        correction,
                        units,
                    });
                }
            }
        }
        if parts.is_empty() {
            return Ok(None);
        }
        let lines = parts
            .iter()
            .flat_map(|part| compose::reminder(&self.agenda.calendar, part, today))
            .collect();
        Ok(Some((lines, self.buttons(chat, &parts, view.page)?)))
    }

    /// A row of buttons for each unit, some units a page.
    fn buttons(
        &self,
        chat: ChatId,
        parts: &[Part<'_>],
        page: usize,
    ) -> Result<Vec<Vec<OfferedButton>>, StoreError> {
        let all: Vec<(&Part<'_>, &UnitLine)> = parts
            .iter()
            .flat_map(|part| part.units.iter().map(move |unit| (part, unit)))
            .collect();
        let pages = all.len().div_ceil(UNITS_A_PAGE).max(1);
        // Units may have reported since somebody turned to the last page.
        let page = page.min(pages - 1);
        let mut rows = Vec::new();
        for (part, line) in all.iter().skip(page * UNITS_A_PAGE).take(UNITS_A_PAGE) {
            let mut of = String::new();
            if all.len() > 1 {
                of = format!("：{}", line.name);
            }
            // Two duties in one message: the day tells their buttons apart.
            if parts.len() > 1 {
                of = format!("{of}（{}）", compose::month_day(part.due));
            }
            let acts = match line.said.as_ref().map(|said| &said.said) {
                None => vec![Act::Reported, Act::InHand, Act::Extend],
                Some(Acknowledged::Reported) => vec![Act::Withdraw],
                Some(Acknowledged::InHand | Acknowledged::Extended(_)) => {
                    vec![Act::Reported, Act::Extend, Act::Withdraw]
                }
            };
            let mut row = Vec::new();
            for act in acts {
                let button = Button {
                    chat,
                    occurrence: part.occurrence.key.clone(),
                    unit: line.unit.clone(),
                    act,
                };
                row.push(OfferedButton {
                    label: format!("{}{of}", compose::label(act)),
                    does: ButtonAct::SendBack(self.store.keep_button(&button)?),
                    style: compose::style(act),
                });
            }
            rows.push(row);
        }
        if pages > 1 {
            rows.push(self.turning(chat, page, pages)?);
        }
        Ok(rows)
    }

    fn turning(
        &self,
        chat: ChatId,
        page: usize,
        pages: usize,
    ) -> Result<Vec<OfferedButton>, StoreError> {
        let before = page
            .checked_sub(1)
            .map(|to| (to, format!("‹ 上一页 {}/{pages}", to + 1)));
        let behind = Some(page + 1)
            .filter(|to| *to < pages)
            .map(|to| (to, format!("下一页 {}/{pages} ›", to + 1)));
        self.offered(
            chat,
            before
                .into_iter()
                .chain(behind)
                .map(|(to, label)| (label, OnPress::Turn(to)))
                .collect(),
        )
    }

    /// Buttons that do something else than report.
    fn offered(
        &self,
        chat: ChatId,
        buttons: Vec<(String, OnPress)>,
    ) -> Result<Vec<OfferedButton>, StoreError> {
        let (labels, presses): (Vec<_>, Vec<_>) = buttons.into_iter().unzip();
        let ids = self.store.keep_offer(Offer {
            chat,
            origin: Origin::default(),
            presses,
        })?;
        Ok(labels
            .into_iter()
            .zip(ids)
            .map(|(label, id)| OfferedButton {
                label,
                does: ButtonAct::SendBack(id),
                style: None,
            })
            .collect())
    }

    /// Until when a unit puts its report off; nothing where its duty is over.
    fn question(&self, occurrence: &str, name: &str, today: NaiveDate) -> Option<Composed> {
        let around = self.agenda.around_put_off(today);
        let due = around.iter().find(|known| known.key == occurrence)?.due.day;
        let lines = compose::until_when(name, due, today, &self.agenda.policy);
        Some((lines, Vec::new()))
    }

    /// Whether a chat may stand for a unit; nothing where that is decided.
    fn wish(
        &self,
        admin: ChatId,
        of: ChatId,
        unit: &UnitId,
        roll: &Roll,
    ) -> Result<Option<Composed>, StoreError> {
        let Some(wish) = self.store.wish(self.store.present_chat(of)?, unit)? else {
            return Ok(None);
        };
        let decide = |decision| OnPress::Decide(decision, wish.chat, unit.clone());
        let row = self.offered(
            admin,
            vec![
                ("同意".to_string(), decide(Decision::Grant)),
                ("不同意".to_string(), decide(Decision::Deny)),
            ],
        )?;
        let lines = compose::wish(&wish, &roll.name(unit));
        Ok(Some((lines, vec![row])))
    }
}
