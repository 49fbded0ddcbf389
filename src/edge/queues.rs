//! One queue a chat: a chat in order, chats side by side, and a chat that floods holds up nobody
//! else.

use super::event::Event;
use super::plainly;
use crate::chat::{Addressed, Conversation, Incoming};
use crate::model::{BotId, UpdateId};
use crate::ports::{ChatId, Messenger, Outgoing, PersonId, UsedButton};
use crate::store::{AnsweredBy, Store};
use futures_util::FutureExt;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio_util::task::TaskTracker;

/// A message that waits for its answer.
#[derive(Debug, Clone)]
pub(super) struct Task {
    /// The message.
    pub(super) incoming: Incoming,
    /// What it says to the bot.
    pub(super) addressed: Addressed,
    /// The number of its update.
    pub(super) update: UpdateId,
    /// Whether it was written before and is changed now.
    pub(super) edited: bool,
    /// Where it comes from.
    pub(super) origin: TaskOrigin,
}

/// Where a message comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TaskOrigin {
    /// It was just taken.
    New {
        /// Whether it is on disk already that an answer is on its way.
        begun: bool,
    },
    /// It was taken before a restart.
    Recovered {
        /// Whether an answer may have been sent before it.
        answering: bool,
    },
}

impl TaskOrigin {
    /// Whether it was taken before a restart: then it is answered, however much waits.
    pub(super) fn is_recovered(self) -> bool {
        matches!(self, Self::Recovered { .. })
    }
}

/// What is known of the chats. A chat's queue exists while its worker runs.
#[derive(Default)]
struct Chats {
    queues: HashMap<ChatId, VecDeque<Task>>,
    told: HashMap<(ChatId, PersonId), Instant>,
}

/// The queues of all chats.
pub(super) struct Queues {
    conversation: Conversation,
    messenger: Arc<dyn Messenger>,
    longest: usize,
    chats: Mutex<Chats>,
    workers: TaskTracker,
    store: Option<Store>,
    bot: BotId,
}

/// What is done with is brought to disk so soon.
const SETTLED_WITHIN: Duration = Duration::from_millis(5);
/// Whoever floods a full queue is told once, and not again for a minute: a word for each message
/// would use up what a group may be sent (twenty a minute).
const TOLD_AGAIN_AFTER: Duration = Duration::from_secs(60);

impl Chats {
    /// Whether somebody whose question a full queue does not take is told so now: each asker once a
    /// minute.
    fn may_tell(&mut self, asker: (ChatId, PersonId)) -> bool {
        let now = Instant::now();
        self.told
            // With this the map never holds more than the askers of one minute.
            .retain(|_, told| now.duration_since(*told) < TOLD_AGAIN_AFTER);
        match self.told.entry(asker) {
            Entry::Occupied(_) => false,
            Entry::Vacant(free) => {
                free.insert(now);
                true
            }
        }
    }
}

impl Queues {
    /// Queues of a bot that hold so many messages a chat.
    pub(super) fn new(
        conversation: Conversation,
        messenger: Arc<dyn Messenger>,
        longest: usize,
        store: Option<Store>,
        bot: BotId,
    ) -> Arc<Self> {
        Arc::new(Self {
            conversation,
            messenger,
            longest,
            chats: Mutex::default(),
            workers: TaskTracker::new(),
            store,
            bot,
        })
    }

    /// Whether a message of a chat would be answered at once.
    pub(super) fn is_idle(&self, chat: ChatId) -> bool {
        !self.lock().queues.contains_key(&chat)
    }

    /// Puts a message into its chat's queue and starts a worker where none runs. Never waits. What
    /// was taken before a restart is always taken again.
    pub(super) fn push(self: &Arc<Self>, task: Task) {
        let chat = task.incoming.chat;
        let mut chats = self.lock();
        let this = Arc::clone(self);
        match chats.queues.get_mut(&chat) {
            // What was taken before a restart was promised an answer: no full queue drops it.
            Some(waiting) if waiting.len() < self.longest || task.origin.is_recovered() => {
                waiting.push_back(task)
            }
            Some(_) => {
                let replies = if chats.may_tell((chat, task.incoming.person)) {
                    Conversation::too_many(&task.incoming)
                } else {
                    Vec::new()
                };
                // `say` may settle the update at once, and needs the lock for nothing.
                drop(chats);
                self.say(replies, task.update);
            }
            None => {
                chats.queues.insert(chat, VecDeque::from([task]));
                self.workers.spawn(async move { this.work(chat).await });
            }
        }
    }

    /// Says something beside the queues; with it an update is done.
    pub(super) fn say(self: &Arc<Self>, replies: Vec<Outgoing>, update: UpdateId) {
        if replies.is_empty() {
            return self.done(update);
        }
        let this = Arc::clone(self);
        self.workers.spawn(async move {
            this.conversation.send_all(replies).await;
            this.done(update);
            this.settled_soon().await;
        });
    }

    /// Acts on what happened besides messages, beside the queues: a press is answered at once.
    pub(super) fn event(self: &Arc<Self>, event: Event, update: UpdateId) {
        let this = Arc::clone(self);
        self.workers.spawn(async move {
            if AssertUnwindSafe(this.act(event))
                .catch_unwind()
                .await
                .is_err()
            {
                tracing::error!("acting on an update ended early");
            }
            this.done(update);
            this.settled_soon().await;
        });
    }

    async fn act(&self, event: Event) {
        match event {
            Event::Pressed {
                press,
                incoming,
                button,
                keyboard,
            } => {
                let (flash, replies) = self.conversation.press(&incoming, &button).await;
                let can = self.messenger.capabilities();
                let mut replies = plainly::with_flash(&flash, replies, &incoming, can);
                // Before the replies: until then the button shows that it is being waited for.
                let outcome = self.messenger.answer_press(&press, &flash).await;
                tracing::debug!(?outcome, "a press was answered");
                for reply in &mut replies {
                    if let Some(quietly) = &mut reply.manner.quietly {
                        // By the press the messenger knows which one a message to one person
                        // answers.
                        quietly.press = Some(press.clone());
                    }
                }
                self.conversation.send_all(replies).await;
                if self.conversation.is_used_up(&incoming, &button) {
                    let used = UsedButton {
                        chat: incoming.chat,
                        message: incoming.message,
                        keyboard: &keyboard,
                        button: &button,
                    };
                    let outcome = self.messenger.use_up(used).await;
                    tracing::debug!(?outcome, "a used button was shown as such");
                }
            }
            Event::Removed(chat, status) => self.conversation.lost(chat, &status).await,
            Event::Added(chat) => self.conversation.regained(chat).await,
            Event::Moved(from, to) => self.conversation.moved(from, to).await,
            // Goes through its chat's queue (`push`), never by here.
            Event::Said { .. } => {}
        }
    }

    /// Waits until every queue is empty.
    pub(super) async fn finish(&self) {
        // `wait` ends only for a tracker that is closed.
        self.workers.close();
        self.workers.wait().await;
    }

    /// An update is done with.
    pub(super) fn done(&self, update: UpdateId) {
        if let Some(store) = &self.store {
            store.finish_update(self.bot, update);
        }
    }

    /// Counts a send whose result is not known.
    pub(super) fn count_unknown(&self) {
        self.conversation.count_unknown_send();
    }

    /// Handles a chat's messages in order and ends with the queue. A panic ends one message.
    async fn work(&self, chat: ChatId) {
        while let Some(task) = self.next(chat) {
            // Kept beside the task, which a panic takes with it: the person is told, and the update
            // is done with.
            let (update, incoming) = (task.update, task.incoming.clone());
            if AssertUnwindSafe(self.handle(task))
                .catch_unwind()
                .await
                .is_err()
            {
                tracing::error!(chat = chat.0, "handling a message ended early");
                let saying = self.conversation.send_all(Conversation::fault(&incoming));
                let _ = AssertUnwindSafe(saying).catch_unwind().await;
            }
            self.done(update);
        }
        // Between two messages it is the next one's waiting for the disk that settles this.
        self.settled_soon().await;
    }

    /// Answers one message. That an answer is on its way is on disk before it is sent. A question
    /// that was changed changes its answer, each time that it asks something else; an answer that
    /// is a file is followed by a new one. A message that was answered and comes again as it was,
    /// with another number or for a change that is no change of its text, is not answered twice.
    async fn handle(&self, task: Task) {
        let (chat, question) = (task.incoming.chat, task.incoming.message);
        let before = self
            .store
            .as_ref()
            .and_then(|store| store.answered_by(chat, question));
        let asked = AnsweredBy::digest(&task.incoming.text);
        // Telegram sends an edit also where only a preview or a mark has changed.
        if before.is_some_and(|before| before.asked == asked) {
            return;
        }
        let mut replies = self
            .conversation
            .reply(&task.incoming, &task.addressed)
            .await;
        // A picture cannot take the place of a text, nor a text that of a picture.
        let is_file = replies
            .first()
            .is_some_and(|first| first.attachment.is_some());
        if let Some(message) = before
            .and_then(|before| before.message)
            .filter(|_| task.edited && !is_file)
        {
            replies.truncate(1);
            if let Some(first) = replies.first_mut() {
                first.replaces = Some(message);
            }
        }
        if task.origin == (TaskOrigin::Recovered { answering: true }) {
            Conversation::mark_repeated(&mut replies);
        }
        let is_marked = matches!(
            task.origin,
            TaskOrigin::New { begun: true } | TaskOrigin::Recovered { answering: true }
        );
        if let Some(store) = self.store.as_ref().filter(|_| !is_marked) {
            // On disk before it is sent: after a kill the next start knows that it may have been
            // answered, and says so.
            store.begin_answer(self.bot, task.update);
            self.settled().await;
        }
        let sent = self.conversation.send_all(replies).await;
        let by = AnsweredBy {
            // A file is never changed: a later edit of the question gets a message of its own.
            message: sent.filter(|_| !is_file),
            asked,
        };
        if let Some(store) = &self.store {
            store.remember_answer(chat, question, by);
        }
    }

    fn next(&self, chat: ChatId) -> Option<Task> {
        let mut chats = self.lock();
        let next = chats.queues.get_mut(&chat)?.pop_front();
        // Taken away under the same lock under which it was found empty, so that what comes
        // meanwhile starts a worker of its own.
        if next.is_none() {
            chats.queues.remove(&chat);
        }
        next
    }

    /// Nobody waits for this: who is asking goes first at the disk, and often brings it there as
    /// well.
    async fn settled_soon(&self) {
        tokio::time::sleep(SETTLED_WITHIN).await;
        self.settled().await;
    }

    async fn settled(&self) {
        if let Some(store) = &self.store
            && let Err(error) = store.settle().await
        {
            tracing::error!(%error, "the state of a question is not on disk");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Chats> {
        self.chats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
