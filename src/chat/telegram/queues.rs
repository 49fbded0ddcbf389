//! One queue a chat: a chat in order, chats side by side, and a chat that floods holds up nobody else.

use super::updates::Event;
use crate::chat::address::Addressed;
use crate::chat::conversation::Conversation;
use crate::chat::incoming::Incoming;
use crate::ports::{ChatId, Messenger, Outgoing, SendOutcome};
use crate::store::Store;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio_util::task::TaskTracker;

/// A message with the number of its update.
type Waiting = (Incoming, Addressed, Option<i64>);

/// Marks updates as handled, where a state is kept.
#[derive(Clone)]
pub struct Marker {
    store: Option<Store>,
    bot: u64,
}

impl Marker {
    /// Marks the updates of a bot.
    pub fn new(store: Option<Store>, bot: u64) -> Self {
        Self { store, bot }
    }

    fn mark(&self, update: Option<i64>) {
        if let (Some(store), Some(update)) = (&self.store, update)
            && let Err(error) = store.mark_handled(self.bot, update)
        {
            tracing::error!(%error, "an update could not be marked as handled");
        }
    }
}

/// What is known of the chats. A chat's queue exists while its worker runs.
#[derive(Default)]
struct Chats {
    queues: HashMap<ChatId, VecDeque<Waiting>>,
    told: HashMap<ChatId, Instant>,
}

/// The queues of all chats.
#[derive(Clone)]
pub struct Queues {
    conversation: Conversation,
    messenger: Arc<dyn Messenger>,
    longest: usize,
    chats: Arc<Mutex<Chats>>,
    workers: TaskTracker,
    marker: Marker,
}

const SEND_TRIES: u32 = 4;
const LONGEST_WAIT: u64 = 60;
const TOLD_AGAIN_AFTER: Duration = Duration::from_secs(60);

impl Chats {
    /// Whether a chat that floods is told so now: once a minute.
    fn may_tell(&mut self, chat: ChatId) -> bool {
        let now = Instant::now();
        self.told.retain(|_, told| now.duration_since(*told) < TOLD_AGAIN_AFTER);
        match self.told.entry(chat) {
            Entry::Occupied(_) => false,
            Entry::Vacant(free) => {
                free.insert(now);
                true
            }
        }
    }
}

impl Queues {
    /// Queues that hold so many messages a chat.
    pub fn new(conversation: Conversation, messenger: Arc<dyn Messenger>, longest: usize, marker: Marker) -> Self {
        Self { conversation, messenger, longest, chats: Arc::default(), workers: TaskTracker::new(), marker }
    }

    /// Puts a message into its chat's queue and starts a worker where none runs. Never waits.
    pub fn push(&self, incoming: Incoming, addressed: Addressed, update: Option<i64>) {
        let chat = incoming.chat;
        let mut chats = self.lock();
        let this = self.clone();
        match chats.queues.get_mut(&chat) {
            Some(waiting) if waiting.len() < self.longest => waiting.push_back((incoming, addressed, update)),
            Some(_) => {
                self.marker.mark(update);
                if chats.may_tell(chat) {
                    self.workers.spawn(async move { this.send_all(Conversation::too_many(&incoming)).await });
                }
            }
            None => {
                chats.queues.insert(chat, VecDeque::from([(incoming, addressed, update)]));
                self.workers.spawn(async move { this.work(chat).await });
            }
        }
    }

    /// Acts on what happened besides messages, beside the queues: a press is answered at once.
    pub fn event(&self, event: Event) {
        let this = self.clone();
        self.workers.spawn(async move {
            match event {
                Event::Press(press, incoming, button) => {
                    let (flash, replies) = this.conversation.press(&incoming, &button).await;
                    let outcome = this.messenger.answer_press(&press, &flash).await;
                    tracing::debug!(?outcome, "a press was answered");
                    this.send_all(replies).await;
                }
                Event::Removed(chat, status) => this.conversation.lost(chat, &status).await,
                Event::Moved(from, to) => this.conversation.moved(from, to),
            }
        });
    }

    /// Waits until every queue is empty.
    pub async fn finish(&self) {
        self.workers.close();
        self.workers.wait().await;
    }

    /// Handles a chat's messages in order and ends with the queue. A panic ends one message.
    async fn work(&self, chat: ChatId) {
        while let Some((incoming, addressed, update)) = self.next(chat) {
            let this = self.clone();
            let message = incoming.clone();
            let handling = tokio::spawn(async move {
                let replies = this.conversation.reply(&message, &addressed).await;
                this.send_all(replies).await;
            });
            if let Err(error) = handling.await {
                tracing::error!(%error, "handling a message ended early");
                let this = self.clone();
                let _ = tokio::spawn(async move { this.send_all(Conversation::fault(&incoming)).await }).await;
            }
            self.marker.mark(update);
        }
    }

    fn next(&self, chat: ChatId) -> Option<Waiting> {
        let mut chats = self.lock();
        let next = chats.queues.get_mut(&chat)?.pop_front();
        if next.is_none() {
            chats.queues.remove(&chat);
        }
        next
    }

    async fn send_all(&self, replies: Vec<Outgoing>) {
        for reply in replies {
            self.send(reply).await;
        }
    }

    /// Sends a reply; a refusal for now, a moved chat and a broken connection are tried again a few times.
    async fn send(&self, mut reply: Outgoing) {
        for attempt in 1..=SEND_TRIES {
            match self.messenger.send(&reply).await {
                SendOutcome::Delivered => return,
                SendOutcome::Moved(chat) => reply = Outgoing { chat, reply_to: None, ..reply },
                SendOutcome::Later(seconds) => {
                    if seconds > LONGEST_WAIT {
                        break;
                    }
                    tokio::time::sleep(Duration::from_secs(seconds)).await;
                }
                SendOutcome::Gone(reason) => {
                    tracing::warn!(chat = reply.chat.0, reason, "a chat cannot be reached");
                    return;
                }
                SendOutcome::Broken(reason) | SendOutcome::Unknown(reason) => {
                    tracing::warn!(chat = reply.chat.0, attempt, reason, "a reply could not be sent");
                    tokio::time::sleep(Duration::from_millis(200 * u64::from(attempt))).await;
                }
            }
        }
        tracing::error!(chat = reply.chat.0, "a reply was given up");
    }

    fn lock(&self) -> MutexGuard<'_, Chats> {
        self.chats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
