//! A reply is sent until it arrives, is refused for good, or is given up: a few tries, a few
//! minutes.

use super::conversation::Conversation;
use crate::ports::{MessageId, Outgoing, SendOutcome};
use std::time::{Duration, Instant};

/// A reply is tried so often and so long; what then has not arrived is given up.
const SEND_TRIES: u32 = 30;
const SEND_WITHIN: Duration = Duration::from_secs(240);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// A messenger that wants a longer wait than Telegram's minute for a group will not take the reply
/// while anybody still waits for it.
const LONGEST_WAIT: u64 = 60;
/// Waiting because the messenger says so is no try and takes none of that time: an outage of hours
/// loses no reply.
const WAITS_WITHIN: Duration = Duration::from_secs(6 * 3600);

impl Conversation {
    /// Sends replies in order; gives the number of the first.
    pub(crate) async fn send_all(&self, replies: Vec<Outgoing>) -> Option<MessageId> {
        let mut first = None;
        for reply in replies {
            let sent = self.send(reply).await;
            first = first.or(sent);
        }
        first
    }

    /// Sends a reply; a refusal for now, a moved chat and a broken connection are tried again a few
    /// times.
    pub(crate) async fn send(&self, mut reply: Outgoing) -> Option<MessageId> {
        let begun = Instant::now();
        let mut waited = Duration::ZERO;
        let mut attempt = 0;
        while attempt < SEND_TRIES && waited < WAITS_WITHIN {
            // Waiting that Telegram asked for does not count against a reply.
            if begun.elapsed() > SEND_WITHIN + waited {
                break;
            }
            attempt += 1;
            let pause = (Duration::from_millis(100) * attempt).min(LONGEST_PAUSE);
            match self.messenger().send(&reply).await {
                SendOutcome::Delivered(number) => return number,
                SendOutcome::Moved(chat) => {
                    self.moved(reply.chat, chat).await;
                    reply = Outgoing {
                        chat,
                        // The message has another number in the new chat.
                        reply_to: None,
                        ..reply
                    };
                }
                SendOutcome::Later(seconds) => {
                    if seconds > LONGEST_WAIT {
                        break;
                    }
                    let wait = Duration::from_secs(seconds.max(1));
                    tokio::time::sleep(wait).await;
                    waited += wait;
                    // It was told to wait: that is no try.
                    attempt -= 1;
                }
                SendOutcome::Refused(reason) if reply.attachment.is_some() => {
                    tracing::warn!(
                        chat = reply.chat.0,
                        reason,
                        "a file cannot be sent; its text is"
                    );
                    reply = Self::without_file(reply);
                }
                SendOutcome::Refused(reason) if reply.replaces.is_some() => {
                    tracing::debug!(
                        chat = reply.chat.0,
                        reason,
                        "a message cannot be changed; a new one is sent"
                    );
                    // The message may have been taken away, or be too old to be changed.
                    reply.replaces = None;
                }
                SendOutcome::Gone(reason) | SendOutcome::Refused(reason) => {
                    tracing::warn!(chat = reply.chat.0, reason, "a reply cannot be sent");
                    return None;
                }
                SendOutcome::Broken(reason) => {
                    tracing::warn!(
                        chat = reply.chat.0,
                        attempt,
                        reason,
                        "a reply could not be sent"
                    );
                    tokio::time::sleep(pause).await;
                }
                SendOutcome::Unknown(reason) => {
                    tracing::warn!(
                        chat = reply.chat.0,
                        attempt,
                        reason,
                        "whether a reply arrived is not known"
                    );
                    self.count_unknown_send();
                    tokio::time::sleep(pause).await;
                }
            }
        }
        tracing::error!(chat = reply.chat.0, "a reply was given up");
        None
    }

    /// Counts a send whose result is not known.
    pub(crate) fn count_unknown_send(&self) {
        if let Some(Err(error)) = self.store().map(crate::store::Store::count_unknown_send) {
            tracing::error!(%error, "a send with an unknown result could not be counted");
        }
    }
}
