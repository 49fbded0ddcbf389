//! Messages of several parts that were broken off between two of them: tried again, they go on
//! where they ended. In memory only: after a restart such a message says that it may be known.

use super::html_message::HtmlMessage;
use crate::ports::{ChatId, MessageId};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// So many are remembered; of an older one all parts are sent again.
const MOST: usize = 64;

struct BrokenOff {
    chat: ChatId,
    html: String,
    /// How many parts were sent.
    done: usize,
    /// The number of the first.
    first: Option<MessageId>,
}

/// How far messages came.
#[derive(Default)]
pub(super) struct Unfinished(Mutex<VecDeque<BrokenOff>>);

impl Unfinished {
    /// How many parts of a message were sent before, and the number of the first; forgets it.
    pub(super) fn take(&self, message: &HtmlMessage) -> (usize, Option<MessageId>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it =
            |known: &BrokenOff| known.chat == message.chat && known.html == message.text.html;
        let known = all.iter().position(is_it).and_then(|at| all.remove(at));
        known.map_or((0, None), |known| (known.done, known.first))
    }

    /// Remembers how many parts of a message were sent.
    pub(super) fn keep(&self, message: &HtmlMessage, done: usize, first: Option<MessageId>) {
        if done == 0 {
            return;
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.pop_front();
        }
        all.push_back(BrokenOff {
            chat: message.chat,
            html: message.text.html.clone(),
            done,
            first,
        });
    }
}
