//! What keeps Telegram from being used, told apart, each with its sentence for people; and how long
//! to wait before it is asked again.
//!
//! All of it may pass, so none of it ends the program.

use super::rate_limit::pause_asked_for;
use std::fmt;
use std::time::Duration;

/// The first pause after a call that failed; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// No pause is longer, unless Telegram asks for a longer one (`rate_limit`): with a short call
/// before it Telegram's return is noticed within thirty seconds; a test in `poll` holds that.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// With so many failures in a row it is no mere change of guard: with the pauses between them that
/// is some four seconds, in which a program that is being replaced has ended.
const TOLD_AFTER_FAILURES: u32 = 5;

/// Why a call came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// No connection comes about: no network, no name, nobody listens.
    Unreachable(String),
    /// It was asked and does not answer in time.
    Slow,
    /// A fault of the server or of a gateway before it, by its code.
    Server(u16),
    /// Something answers that is no Bot API, as the page of a network that wants a password.
    NotTelegram(u16),
    /// The token is refused, or the address is none of the Bot API's.
    Token,
    /// Another program takes the updates of the same token.
    Conflict,
    /// An earlier webhook takes the updates.
    WebhookInTheWay,
    /// Another program has taken our webhook away or put its own in its place.
    WebhookTaken,
    /// Telegram cannot post to our webhook, in its words.
    WebhookFails(String),
    /// It was asked too often: not before so many seconds.
    TooOften(u64),
    /// Refused for another reason, in Telegram's words.
    Refused(String),
}

impl Trouble {
    /// Whether messages can be sent all the same.
    pub(super) fn lets_send(&self) -> bool {
        matches!(
            self,
            Self::Conflict
                | Self::WebhookInTheWay
                | Self::WebhookTaken
                | Self::WebhookFails(_)
                | Self::TooOften(_)
                | Self::Refused(_)
        )
    }

    /// After how many failures in a row administrators are told. A webhook that was taken away is
    /// set again at once, so there is no second one.
    pub(super) fn told_after(&self) -> u32 {
        match self {
            Self::WebhookTaken => 1,
            _ => TOLD_AFTER_FAILURES,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(cause) => write!(
                out,
                "连不上 Telegram（{cause}）；请检查网络、代理（环境变量 HTTPS_PROXY 或 TELOXIDE_PROXY）和 [telegram] api_url"
            ),
            Self::Slow => write!(out, "Telegram 迟迟不回答；请检查网络和代理"),
            Self::Server(code) => {
                write!(
                    out,
                    "Telegram 的服务器出错（{code}），一般过一会儿会自己恢复"
                )
            }
            Self::NotTelegram(code) => write!(
                out,
                "[telegram] api_url 那里回答的不是 Bot API（{code}，可能是上网认证的网页）；请检查网络、代理和 api_url"
            ),
            Self::Token => write!(
                out,
                "Telegram 不接受这个令牌；请核对环境变量 TELOXIDE_TOKEN（从 @BotFather 取得），并确认 api_url 正确"
            ),
            Self::Conflict => write!(
                out,
                "另有一个程序正用同一个令牌收消息，这里收不到；请停掉它"
            ),
            Self::WebhookInTheWay => write!(
                out,
                "这个令牌还设着 webhook，这里收不到消息；planbot 正在取消它"
            ),
            Self::WebhookTaken => write!(
                out,
                "webhook 被别的程序取消或改到了别处，planbot 已重新设回；请检查是否有另一个程序在用同一个令牌"
            ),
            Self::WebhookFails(words) => write!(
                out,
                "Telegram 送不到这里的 webhook（{words}）；请检查 [telegram] webhook_url、证书和前面的代理"
            ),
            Self::TooOften(seconds) => write!(out, "Telegram 要求过 {seconds} 秒再连"),
            Self::Refused(words) => write!(
                out,
                "Telegram 拒绝了（{words}）；请核对 bot.toml 的 [telegram]"
            ),
        }
    }
}

/// How long to wait after one failure after the other.
#[derive(Debug, Default)]
pub(super) struct Pauses {
    failures: u32,
}

impl Pauses {
    /// A call arrived.
    pub(super) fn end(&mut self) {
        self.failures = 0;
    }

    /// Whether the last call failed.
    pub(super) fn is_in_trouble(&self) -> bool {
        self.failures > 0
    }

    /// The pause after a failure.
    pub(super) fn next(&mut self, trouble: &Trouble) -> Duration {
        let pause = (FIRST_PAUSE * 2_u32.pow(self.failures.min(8))).min(LONGEST_PAUSE);
        self.failures += 1;
        match trouble {
            // Never sooner than asked, so nothing is taken off by chance.
            Trouble::TooOften(seconds) => pause.max(pause_asked_for(*seconds)),
            _ => shortened_by_chance(pause),
        }
    }
}

/// Up to a quarter less, so that many bots do not come back at the same moment.
fn shortened_by_chance(pause: Duration) -> Duration {
    let mut chance = [0_u8; 1];
    if getrandom::fill(&mut chance).is_err() {
        return pause;
    }
    pause - pause * u32::from(chance[0]) / 1_024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound_and_begin_anew() {
        let mut pauses = Pauses::default();
        let waits: Vec<Duration> = (0..20).map(|_| pauses.next(&Trouble::Slow)).collect();
        for (number, wait) in (0_u32..).zip(&waits) {
            let full = (FIRST_PAUSE * 2_u32.pow(number.min(8))).min(LONGEST_PAUSE);
            assert!((full * 3 / 4..=full).contains(wait), "{number}: {wait:?}");
        }
        assert!(pauses.is_in_trouble());
        pauses.end();
        assert!(!pauses.is_in_trouble() && pauses.next(&Trouble::Slow) <= FIRST_PAUSE);
        let asked_for = |seconds| Pauses::default().next(&Trouble::TooOften(seconds));
        assert_eq!(asked_for(20), Duration::from_secs(20));
    }
}
