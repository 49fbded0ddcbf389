//! Whether Telegram can be used at present: noted by whoever asks it, looked at by whoever sends,
//! and told once in each outage.
//!
//! An outage is one line in the log when it begins and one when it ends, a reason in `/readyz`, and
//! a word to administrators by whatever still works: Telegram itself where only the updates are
//! kept back, the page, and where nothing did, Telegram when it is back.

use super::trouble::Trouble;
use crate::app::App;
use crate::ports::Messenger;
use crate::remind::Alarm;
use std::mem::{Discriminant, discriminant};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// An outage of which nobody could be told is told afterwards where it was no shorter.
const TOLD_AFTERWARDS: Duration = Duration::from_secs(60);
/// So many words may wait to be told; there is one for each outage.
const MOST_WAITING: usize = 16;

/// Whoever cannot be told now is tried again so often, with such a pause: half an hour in all.
/// Later the word would be older than what the page says by itself.
const TELL_TRIES: usize = 90;
const TELL_PAUSE: Duration = Duration::from_secs(20);

struct Outage {
    since: Instant,
    kind: Discriminant<Trouble>,
    lets_send: bool,
    failures: u32,
    is_told: bool,
    words: String,
}

pub(super) struct TelegramLine {
    app: Arc<App>,
    /// Whether Telegram was ever heard: until then nothing is sent.
    was_heard: AtomicBool,
    outage: Mutex<Option<Outage>>,
    words: mpsc::Sender<String>,
}

impl TelegramLine {
    /// A line of which nothing is known yet; and what is to be told to administrators.
    pub(super) fn new(app: &Arc<App>) -> (Arc<Self>, mpsc::Receiver<String>) {
        let (words, told) = mpsc::channel(MOST_WAITING);
        let line = Self {
            app: Arc::clone(app),
            was_heard: AtomicBool::default(),
            outage: Mutex::default(),
            words,
        };
        (Arc::new(line), told)
    }

    /// Whether a message would surely not arrive now.
    pub(super) fn is_down(&self) -> bool {
        let outage = self.lock();
        let is_out = outage.as_ref().is_some_and(|outage| !outage.lets_send);
        is_out || !self.was_heard.load(Ordering::SeqCst)
    }

    /// A call came to nothing.
    pub(super) fn failed(&self, trouble: &Trouble) {
        let words = trouble.to_string();
        let mut open = self.lock();
        let outage = open.get_or_insert_with(|| Outage {
            since: Instant::now(),
            kind: discriminant(&Trouble::Slow),
            lets_send: false,
            failures: 0,
            is_told: false,
            words: String::new(),
        });
        // By the kind and not by the words: these hold seconds and causes that differ each time.
        let is_other = outage.failures == 0 || outage.kind != discriminant(trouble);
        if is_other {
            tracing::warn!(reason = %words, "Telegram cannot be used at present; it is tried again and again");
        }
        outage.kind = discriminant(trouble);
        outage.lets_send = trouble.lets_send();
        outage.failures += 1;
        outage.words.clone_from(&words);
        if outage.lets_send && !outage.is_told && outage.failures >= trouble.told_after() {
            outage.is_told = true;
            self.tell(format!("【Telegram 有问题】{words}；planbot 会一直重试。"));
        }
        drop(open);
        self.app.signs().messenger_fails(words);
    }

    /// A call arrived.
    pub(super) fn heard(&self) {
        self.app.signs().messenger_works();
        let is_first = !self.was_heard.swap(true, Ordering::SeqCst);
        let outage = self.lock().take();
        if is_first || outage.is_some() {
            // What waited goes out now and not with the next tick.
            self.app.wake_desk();
        }
        let Some(outage) = outage else { return };
        let lasted = outage.since.elapsed();
        tracing::info!(
            seconds = lasted.as_secs(),
            "Telegram can be used again; what waited goes out"
        );
        if !outage.is_told && lasted >= TOLD_AFTERWARDS {
            self.tell(format!(
                "【Telegram 已恢复】之前约 {} 分钟用不了（{}）；这段时间的提问和提醒正在补上。",
                lasted.as_secs().div_ceil(60),
                outage.words
            ));
        }
    }

    /// Where too much waits already, one more word helps nobody.
    fn tell(&self, words: String) {
        if self.words.try_send(words).is_err() {
            tracing::debug!("administrators have enough to read");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Outage>> {
        self.outage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells administrators what is to be told, each line once.
pub(super) async fn tell_administrators(
    app: Arc<App>,
    messenger: Arc<dyn Messenger>,
    mut words: mpsc::Receiver<String>,
) {
    while let Some(line) = words.recv().await {
        let mut alarm = Alarm::new(app.admins(), Arc::clone(&messenger));
        for _ in 0..TELL_TRIES {
            alarm.raise(&line).await;
            if alarm.is_told() {
                break;
            }
            tokio::time::sleep(TELL_PAUSE).await;
        }
    }
}
