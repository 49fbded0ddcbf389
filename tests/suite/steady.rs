//! A steady stream of questions through the fake Telegram, so many a second whatever comes back, and how long each waited for
//! its answer.

use crate::fake_bot_api::{FakeBotApi, Sent};
use crate::harness::private;
use crate::load::answerable;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// As many persons ask in turn: each of them seldom enough for the limit of one person.
const PERSONS: usize = 2_000;
/// How often it is looked what is to be asked, and what has come.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// The last answers may take so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Different questions of the shipped plan, without an end: the same ones come again in other words.
pub struct Questions {
    plain: Vec<String>,
    at: usize,
}

/// What may stand before a question and changes nothing of it.
const BEFORE: [&str; 8] = [
    "",
    "请问",
    "麻烦问一下，",
    "帮我查一下，",
    "想了解一下，",
    "您好，",
    "打扰了，",
    "对了，",
];

impl Questions {
    pub fn of_the_plan() -> Self {
        Self {
            plain: answerable(),
            at: 0,
        }
    }
}

impl Iterator for Questions {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let round = self.at / self.plain.len();
        let question = &self.plain[self.at % self.plain.len()];
        self.at += 1;
        Some(format!("{}{question}", BEFORE[round % BEFORE.len()]))
    }
}

/// What became of the questions.
#[derive(Default)]
pub struct Steady {
    /// When a message of a chat was asked.
    waiting: HashMap<(i64, i64), Instant>,
    waited: Vec<Duration>,
}

impl Steady {
    /// Asks for a while and waits for the last answers. What is sent otherwise goes to `others`.
    pub async fn ask(
        &mut self,
        api: &FakeBotApi,
        questions: &mut Questions,
        (a_second, length): (u32, Duration),
        mut others: impl FnMut(&Sent),
    ) {
        let begun = Instant::now();
        let mut asked = 0;
        while begun.elapsed() < length {
            let due = (begun.elapsed().as_secs_f64() * f64::from(a_second)) as usize;
            let now = Instant::now();
            for (number, question) in (asked..due).zip(&mut *questions) {
                let person = 1 + (number % PERSONS) as i64;
                let message = api.push([private(person, &question)])[0];
                self.waiting.insert((person, message), now);
            }
            asked = due.max(asked);
            self.hear(api, &mut others);
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let over = Instant::now();
        while !self.waiting.is_empty() && over.elapsed() < PATIENCE {
            self.hear(api, &mut others);
            tokio::time::sleep(LOOK_EVERY).await;
        }
        self.waited.sort_unstable();
    }

    fn hear(&mut self, api: &FakeBotApi, others: &mut impl FnMut(&Sent)) {
        for sent in api.unread() {
            let replied = sent.reply_to.map(|number| (sent.chat, number));
            match replied.and_then(|replied| self.waiting.remove(&replied)) {
                Some(asked) => self.waited.push(sent.at.saturating_duration_since(asked)),
                None => others(&sent),
            }
        }
    }

    /// With what became of other questions.
    pub fn with(mut self, other: Self) -> Self {
        self.waiting.extend(other.waiting);
        self.waited.extend(other.waited);
        self.waited.sort_unstable();
        self
    }

    /// How many were answered.
    pub fn answered(&self) -> usize {
        self.waited.len()
    }

    /// How many never were.
    pub fn unanswered(&self) -> usize {
        self.waiting.len()
    }

    /// So many of a thousand waited no longer.
    pub fn within(&self, of_a_thousand: usize) -> Duration {
        let at = self.waited.len() * of_a_thousand / 1_000;
        let at = at.min(self.waited.len().saturating_sub(1));
        self.waited.get(at).copied().unwrap_or_default()
    }
}
