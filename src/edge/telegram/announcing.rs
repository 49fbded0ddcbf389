//! Whether Telegram still posts updates to us: it is told where the door is, and asked again and
//! again what it knows of it. Another program with the same token can take the webhook away, and
//! what stands between Telegram and the door can fail, without a word to us.

use super::call::call;
use super::line::TelegramLine;
use super::trouble::{Pauses, Trouble};
use super::{updates, who_is};
use crate::ports::{Clock, SystemClock};
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use teloxide::Bot;
use teloxide::requests::Payload;
use tokio::sync::watch;

/// Telegram answers within.
const ANSWERS_WITHIN: Duration = Duration::from_secs(15);
/// The first look comes so soon after the announcement, since programs that start together take the
/// webhook from each other at once; each further one after twice the time.
const FIRST_LOOK: Duration = Duration::from_secs(1);
/// So often Telegram is asked in the long run: nobody may write for hours, and a poll's signs of
/// life are missing.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// After the webhook was taken away, or failed, so many looks in a row that find nothing say that
/// it is over: half a minute, so that two programs that take it from each other are one outage.
const WELL_LOOKS: u32 = 5;

/// `setWebhook`, without a certificate of our own.
#[derive(Clone, Serialize)]
struct SetWebhook<'a> {
    url: &'a str,
    secret_token: &'a str,
    allowed_updates: &'static [&'static str],
}

impl Payload for SetWebhook<'_> {
    type Output = bool;
    const NAME: &'static str = "SetWebhook";
}

#[derive(Serialize)]
struct GetWebhookInfo {}

impl Payload for GetWebhookInfo {
    type Output = WebhookInfo;
    const NAME: &'static str = "GetWebhookInfo";
}

/// What Telegram knows of a webhook.
#[derive(Debug, Clone, Default, Deserialize)]
struct WebhookInfo {
    url: String,
    #[serde(default)]
    pending_update_count: u64,
    /// Unix time in seconds.
    #[serde(default)]
    last_error_date: i64,
    #[serde(default)]
    last_error_message: String,
}

/// Where Telegram is to post, and what came of it.
pub(super) struct Announcing {
    url: String,
    secret: String,
    /// When something last came in, in Unix seconds: an earlier failure is over.
    came_in: AtomicI64,
}

impl Announcing {
    pub(super) fn new(url: String, secret: String) -> Self {
        let came_in = AtomicI64::new(now());
        Self {
            url,
            secret,
            came_in,
        }
    }

    /// What Telegram shows with each update, so that it is known.
    pub(super) fn secret(&self) -> &str {
        &self.secret
    }

    /// An update came in.
    pub(super) fn came_in(&self) {
        self.came_in.store(now(), Ordering::Relaxed);
    }

    /// Tells Telegram where the door is until it takes it, looks again and again whether it is
    /// still so, and tells it again where not. Until told to stop.
    pub(super) async fn keep(
        &self,
        bot: &Bot,
        line: &TelegramLine,
        mut stop: watch::Receiver<bool>,
    ) {
        let mut is_announced = false;
        let mut looks = Looks::default();
        let mut pauses = Pauses::default();
        while !*stop.borrow() {
            let asked = tokio::select! {
                asked = self.ask(bot, is_announced) => asked,
                _ = stop.changed() => return,
            };
            let wait = match asked {
                Ok(()) => {
                    is_announced = true;
                    let wait = looks.next();
                    if looks.is_well() {
                        pauses.end();
                        line.heard();
                    }
                    wait
                }
                Err(trouble) => {
                    // After a fault of the line it may still stand as it was: it is looked at, not
                    // set again.
                    is_announced &= trouble != Trouble::WebhookTaken;
                    looks.begin(&trouble);
                    line.failed(&trouble);
                    pauses.next(&trouble)
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                _ = stop.changed() => return,
            }
        }
    }

    async fn ask(&self, bot: &Bot, is_announced: bool) -> Result<(), Trouble> {
        if is_announced {
            return match call(bot, &GetWebhookInfo {}, ANSWERS_WITHIN).await {
                Ok(info) => self.trouble(&info).map_or(Ok(()), Err),
                // A server that does not know the method: who the bot is shows that it is there.
                Err(Trouble::Token | Trouble::NotTelegram(_) | Trouble::Refused(_)) => {
                    who_is::identity(bot).await.map(|_| ())
                }
                Err(trouble) => Err(trouble),
            };
        }
        let webhook = SetWebhook {
            url: &self.url,
            secret_token: &self.secret,
            allowed_updates: updates::KINDS,
        };
        call(bot, &webhook, ANSWERS_WITHIN).await.map(|_| ())
    }

    /// What is wrong by what Telegram knows. A failure of which nothing waits any more is over, and
    /// so is one after which something came in.
    fn trouble(&self, info: &WebhookInfo) -> Option<Trouble> {
        if info.url != self.url {
            return Some(Trouble::WebhookTaken);
        }
        let is_present = info.last_error_date >= self.came_in.load(Ordering::Relaxed);
        let fails = info.pending_update_count > 0 && !info.last_error_message.is_empty();
        (is_present && fails).then(|| Trouble::WebhookFails(info.last_error_message.clone()))
    }
}

/// The looks since something was wrong, or since the beginning.
#[derive(Default)]
struct Looks {
    well: u32,
    wanted: u32,
}

impl Looks {
    /// Something is wrong: with the webhook for a while, with the line until it is answered.
    fn begin(&mut self, trouble: &Trouble) {
        self.well = 0;
        if matches!(trouble, Trouble::WebhookTaken | Trouble::WebhookFails(_)) {
            self.wanted = WELL_LOOKS;
        }
    }

    /// One more that found nothing; when to look again.
    fn next(&mut self) -> Duration {
        let wait = FIRST_LOOK * 2_u32.pow(self.well.min(8));
        self.well += 1;
        if self.is_well() {
            self.wanted = 0;
        }
        wait.min(LOOK_EVERY)
    }

    fn is_well(&self) -> bool {
        self.well >= self.wanted
    }
}

fn now() -> i64 {
    SystemClock.now().timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_telegram_knows_of_the_webhook_is_told_apart() {
        let announcing = Announcing::new("https://a.example/telegram".to_string(), String::new());
        let ours = WebhookInfo {
            url: announcing.url.clone(),
            ..WebhookInfo::default()
        };
        assert_eq!(announcing.trouble(&ours), None);
        for url in ["", "https://b.example/telegram"] {
            let url = url.to_string();
            let taken = WebhookInfo {
                url,
                ..ours.clone()
            };
            assert_eq!(announcing.trouble(&taken), Some(Trouble::WebhookTaken));
        }
        let failing = WebhookInfo {
            pending_update_count: 2,
            last_error_date: now() + 5,
            last_error_message: "Connection refused".to_string(),
            ..ours
        };
        let said = Trouble::WebhookFails("Connection refused".to_string());
        assert_eq!(announcing.trouble(&failing), Some(said));
        let delivered = WebhookInfo {
            pending_update_count: 0,
            ..failing.clone()
        };
        assert_eq!(announcing.trouble(&delivered), None);
        let before = WebhookInfo {
            last_error_date: now() - 3_600,
            ..failing
        };
        assert_eq!(announcing.trouble(&before), None);
    }

    #[test]
    fn a_webhook_that_was_taken_is_ours_again_after_some_looks() {
        let mut looks = Looks::default();
        let waits: Vec<u64> = (0..8).map(|_| looks.next().as_secs()).collect();
        assert!(looks.is_well());
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        looks.begin(&Trouble::Slow);
        looks.next();
        assert!(looks.is_well(), "the line is there as soon as it answers");
        looks.begin(&Trouble::WebhookTaken);
        for _ in 1..WELL_LOOKS {
            looks.next();
            assert!(!looks.is_well());
        }
        looks.next();
        assert!(looks.is_well());
        looks.next();
        assert!(looks.is_well());
    }
}
