//! What can be pressed under a message of a room: kept as it was offered, drawn when it is shown.

use super::icons::{Icon, icon};
use crate::app::App;
use crate::ports::{ButtonAct, OfferedButton, Outgoing};
use crate::store::{OnPress, Origin, Vote};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

/// A button under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RoomButton {
    label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    icon: Option<Icon>,
    does: RoomPress,
}

/// What it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum RoomPress {
    /// This is sent back, with the number of the message.
    SendBack(String),
    /// The browser copies this.
    Copy(String),
    /// The browser copies the answer with its source.
    CopyAnswer,
    /// Nothing: it says what was done.
    Nothing,
}

/// The buttons of a message, as a room shows them.
#[derive(Default)]
pub(super) struct Offered {
    /// What an answer came from, where a button offers its evidence: in a room that opens in its
    /// place, so there is no button for it.
    pub(super) origin: Option<Origin>,
    /// The buttons, in rows.
    pub(super) rows: Vec<Vec<RoomButton>>,
    /// What the choices say in full: that need not be said above them as well.
    pub(super) choices: Vec<String>,
}

impl Offered {
    /// Those under a message. What each does is looked up now: the offer may be gone when the
    /// message is shown again.
    pub(super) fn under(app: &App, message: &Outgoing) -> Self {
        let mut offered = Self::default();
        for row in &message.buttons {
            let mut shown = Vec::new();
            let mut has_vote = false;
            for button in row {
                let press = match press_of(app, message, button) {
                    Some((origin, OnPress::Original)) => {
                        offered.origin = Some(origin);
                        continue;
                    }
                    Some((_, press)) => Some(press),
                    None => None,
                };
                if let Some(OnPress::Choose(picked)) = &press {
                    offered.choices.push(picked.label.clone());
                }
                has_vote |= matches!(press, Some(OnPress::Vote(Vote::Helpful)));
                shown.push(RoomButton::of(button, press.as_ref()));
            }
            if has_vote {
                shown.push(RoomButton::copying_answer());
            }
            if !shown.is_empty() {
                offered.rows.push(shown);
            }
        }
        offered
    }
}

/// What a button does, and what the reply above it came from, where that is still known.
fn press_of(app: &App, message: &Outgoing, button: &OfferedButton) -> Option<(Origin, OnPress)> {
    let offered = app.store()?.offered(message.chat, button.id()?);
    offered.ok().flatten()
}

impl RoomButton {
    fn of(button: &OfferedButton, press: Option<&OnPress>) -> Self {
        let (icon, label) = match press {
            Some(OnPress::Choose(picked)) => (None, picked.label.as_str()),
            Some(OnPress::Vote(Vote::Helpful)) => (Some(Icon::Up), "有用"),
            Some(OnPress::Vote(Vote::Unhelpful)) => (Some(Icon::Down), "没用"),
            _ => (None, button.label.as_str()),
        };
        let (icon, does) = match &button.does {
            ButtonAct::SendBack(id) => (icon, RoomPress::SendBack(id.clone())),
            ButtonAct::Copy(text) => (Some(Icon::Copy), RoomPress::Copy(text.clone())),
            ButtonAct::Nothing => (icon, RoomPress::Nothing),
        };
        Self {
            label: label.to_string(),
            icon,
            does,
        }
    }

    fn copying_answer() -> Self {
        Self {
            label: "连出处复制".to_string(),
            icon: Some(Icon::Copy),
            does: RoomPress::CopyAnswer,
        }
    }

    /// As an element under the message of a number.
    fn element(&self, number: i32) -> Markup {
        let label = html! { @if let Some(drawn) = self.icon { (icon(drawn)) } (self.label) };
        html! {
            @match &self.does {
                RoomPress::SendBack(id) => button type="submit" form="press" name="button" value=(format!("{number}:{id}")) { (label) },
                RoomPress::Copy(text) => button.copy type="button" data-copy=(text) { (label) },
                RoomPress::CopyAnswer => button.copy type="button" data-copy-answer { (label) },
                RoomPress::Nothing => button type="button" disabled { (label) },
            }
        }
    }
}

/// The buttons under the message of a number.
pub(super) fn elements(rows: &[Vec<RoomButton>], number: i32) -> Markup {
    html! {
        @if !rows.is_empty() { div.buttons {
            @for row in rows { div.row { @for button in row { (button.element(number)) } } }
        } }
    }
}
