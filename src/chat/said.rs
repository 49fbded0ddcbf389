//! What is said in reply: a text, the buttons under it, and a file.

use super::incoming::{ChatKind, Incoming};
use crate::document::Document;
use crate::ports::{Attachment, ButtonAct, Manner, MessageTable, OfferedButton, Outgoing, Quietly};
use crate::store::{Offer, OnPress, Origin, Store};

/// A button before it has an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SaidButton {
    /// What it says and what it does.
    Press(String, OnPress),
    /// What it says and what it copies.
    Copy(String, String),
}

/// A reply before it is addressed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// What is said, where anything is.
    pub body: Document,
    /// Rows of buttons under the text.
    pub buttons: Vec<Vec<SaidButton>>,
    /// What the buttons belong to.
    pub origin: Origin,
    /// A file; the text stands under it.
    pub file: Option<Attachment>,
    /// Whether it takes the place of the message whose button was pressed.
    pub in_place: bool,
    /// Who in a group is to see it.
    pub audience: Audience,
    /// What stands in the empty field where the reply to it is written, where one is wanted.
    pub asks_for: Option<String>,
    /// The same facts as a table.
    pub table: Option<MessageTable>,
}

/// Who in a group is to see a reply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Audience {
    /// The whole chat.
    #[default]
    Everybody,
    /// Whoever asked: it says nothing to the others.
    Asker,
}

impl Said {
    /// A sentence of the bot's own.
    pub(crate) fn sentence(text: &str) -> Self {
        Self {
            body: Document::sentence(text),
            ..Self::default()
        }
    }

    pub(crate) fn document(body: Document) -> Self {
        Self {
            body,
            ..Self::default()
        }
    }

    /// A file with a line under it.
    pub(crate) fn file(file: Attachment, caption: &str) -> Self {
        Self {
            body: Document::sentence(caption),
            file: Some(file),
            ..Self::default()
        }
    }

    /// With rows of buttons that belong to what was asked.
    pub(crate) fn with_buttons(self, origin: Origin, buttons: Vec<Vec<SaidButton>>) -> Self {
        Self {
            buttons,
            origin,
            ..self
        }
    }

    /// For whoever asked alone, where others are there too.
    pub(crate) fn quietly(self) -> Self {
        Self {
            audience: Audience::Asker,
            ..self
        }
    }

    /// Addressed: it replies to the question and stands in its topic; nothing where nothing is
    /// said. Without a store there are no buttons.
    pub(crate) fn outgoing(self, incoming: &Incoming, store: Option<&Store>) -> Vec<Outgoing> {
        if self.body.is_empty() {
            return Vec::new();
        }
        let buttons = store
            .map(|store| offered(incoming, self.origin, self.buttons, store))
            .unwrap_or_default();
        // Who writes in the name of a chat is nobody that something could be shown to.
        let is_somebody = incoming.kind == ChatKind::Group && incoming.person.is_somebody();
        let quietly = (is_somebody && self.audience == Audience::Asker).then_some(Quietly {
            to: incoming.person,
            press: None,
        });
        let (reply_to, replaces) = if self.in_place {
            // What takes a message's place stands where that one stood and replies to nothing.
            (None, Some(incoming.message))
        } else {
            (Some(incoming.message), None)
        };
        vec![Outgoing {
            chat: incoming.chat,
            reply_to,
            topic: incoming.topic,
            body: self.body,
            buttons,
            attachment: self.file,
            replaces,
            manner: Manner {
                quietly,
                asks_for: self.asks_for,
                table: self.table,
            },
        }]
    }
}

/// The buttons with their ids; where they cannot be kept, none is shown.
fn offered(
    incoming: &Incoming,
    origin: Origin,
    rows: Vec<Vec<SaidButton>>,
    store: &Store,
) -> Vec<Vec<OfferedButton>> {
    let presses: Vec<OnPress> = rows
        .iter()
        .flatten()
        .filter_map(|button| match button {
            SaidButton::Press(_, press) => Some(press.clone()),
            SaidButton::Copy(..) => None,
        })
        .collect();
    let offer = Offer {
        chat: incoming.chat,
        origin,
        presses,
    };
    let ids = if offer.presses.is_empty() {
        Ok(Vec::new())
    } else {
        store.keep_offer(offer)
    };
    // A reply without its buttons is better than none.
    let Ok(ids) = ids
        .inspect_err(|error| tracing::error!(%error, "the buttons of a reply could not be kept"))
    else {
        return Vec::new();
    };
    let mut ids = ids.into_iter();
    let mut offer = |button: SaidButton| match button {
        SaidButton::Press(label, _) => ids.next().map(|id| OfferedButton {
            label,
            does: ButtonAct::SendBack(id),
            style: None,
        }),
        SaidButton::Copy(label, text) => Some(OfferedButton {
            label,
            does: ButtonAct::Copy(text),
            style: None,
        }),
    };
    rows.into_iter()
        .map(|row| row.into_iter().filter_map(&mut offer).collect())
        .collect()
}
