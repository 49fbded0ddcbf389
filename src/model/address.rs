//! Who and where: chats, people and messages. Each names the messenger that has it, and is kept so
//! (`telegram:-1001`, `page:group`, `local`); nothing else knows how the messengers' numbers lie
//! beside each other.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The page's numbers begin here, on both sides of nought.
const FIRST_OF_PAGE: i64 = 1 << 62;
/// Telegram's numbers need no more bits, so that nothing of it passes for somebody of the page.
const TELEGRAM_BITS: u32 = 52;
const LOCAL: &str = "local";
const PAGE_GROUP: &str = "page:group";
const PAGE_ADMINISTRATOR: &str = "page:admin";
const PAGE: &str = "page:";
const DEPARTMENT: &str = "page:department-";
const TELEGRAM: &str = "telegram:";

/// Whose a chat or a person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The machine's itself: nobody else's.
    Local,
    /// The page's.
    Page,
    /// Telegram's.
    Telegram,
}

/// Where people and the bot write to each other: a group, or one person with the bot. Its name is
/// what is kept; the number is how messengers lie beside each other in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChatId(pub i64);

impl ChatId {
    /// The chat at the machine itself: no messenger has it.
    pub const LOCAL: Self = Self(0);
    /// The chat that all browsers share.
    pub const PAGE_GROUP: Self = Self(-FIRST_OF_PAGE);

    /// The own chat of a browser, by a number that follows from it.
    pub fn of_browser(number: u64) -> Self {
        Self(FIRST_OF_PAGE | of_page(number))
    }

    /// The chat of a department's room, by a number that follows from its word.
    pub fn of_department(number: u64) -> Self {
        Self(Self::PAGE_GROUP.0 - 1 - of_page(number) / 2)
    }

    /// The messenger that has it, told by the range of its number.
    pub fn whose(self) -> Whose {
        whose(self.0)
    }

    /// Whether several people are in it.
    pub fn is_group(self) -> bool {
        self.0 < 0
    }

    /// The key of what is kept of it.
    pub fn key(self) -> String {
        self.to_string()
    }
}

/// A person; of whoever writes in the name of a group or a channel, that chat's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub i64);

impl PersonId {
    /// Whoever sits at the machine: no messenger gives this id.
    pub const LOCAL: Self = Self(0);
    /// Whoever proved on the page to administer the bot: no messenger gives this id.
    pub const PAGE: Self = Self(-1);

    /// Whose they are.
    pub fn whose(self) -> Whose {
        if self == Self::PAGE {
            return Whose::Page;
        }
        whose(self.0)
    }

    /// Whether it stands for whoever needs no list to administer the bot: a messenger's edge lets
    /// nobody in under such an id.
    pub fn is_of_program(self) -> bool {
        [Self::LOCAL, Self::PAGE].contains(&self)
    }

    /// Whether it is one person, and not a chat in whose name somebody writes, nor nobody.
    pub fn is_somebody(self) -> bool {
        self.0 > 0
    }

    /// The chat of one person and the bot.
    pub fn own_chat(self) -> ChatId {
        ChatId(self.0)
    }
}

/// A message by its number in its chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(pub i32);

/// A bot by the number that its messenger knows it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BotId(pub u64);

/// What a messenger brought, by the number that it gives it: what comes twice has it twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UpdateId(pub i64);

/// A topic of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TopicId(pub i32);

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether Telegram may have given a number: it gives nobody nought.
pub(crate) fn is_of_telegram(number: i64) -> bool {
    number != 0 && number.unsigned_abs() >> TELEGRAM_BITS == 0
}

fn whose(number: i64) -> Whose {
    if number == 0 {
        Whose::Local
    } else if number.unsigned_abs() >= FIRST_OF_PAGE.unsigned_abs() {
        Whose::Page
    } else {
        Whose::Telegram
    }
}

/// A number below that of the page's first chat.
fn of_page(number: u64) -> i64 {
    i64::try_from(number & (FIRST_OF_PAGE.unsigned_abs() - 1)).unwrap_or_default()
}

impl fmt::Display for ChatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.whose() {
            Whose::Local => f.write_str(LOCAL),
            Whose::Telegram => write!(f, "{TELEGRAM}{}", self.0),
            Whose::Page if *self == Self::PAGE_GROUP => f.write_str(PAGE_GROUP),
            Whose::Page if self.0 < 0 => {
                write!(f, "{DEPARTMENT}{}", Self::PAGE_GROUP.0.wrapping_sub(self.0))
            }
            Whose::Page => write!(f, "{PAGE}{}", self.0 - FIRST_OF_PAGE),
        }
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::PAGE {
            return f.write_str(PAGE_ADMINISTRATOR);
        }
        ChatId(self.0).fmt(f)
    }
}

/// A text that names no chat and no person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoAddress;

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no address of a messenger")
    }
}

impl FromStr for ChatId {
    type Err = NoAddress;

    fn from_str(text: &str) -> Result<Self, NoAddress> {
        let number = |text: &str| text.parse::<i64>().map_err(|_| NoAddress);
        if text == LOCAL {
            return Ok(Self::LOCAL);
        }
        if text == PAGE_GROUP {
            return Ok(Self::PAGE_GROUP);
        }
        let chat = if let Some(rest) = text.strip_prefix(TELEGRAM) {
            Self(number(rest)?)
        } else if let Some(rest) = text.strip_prefix(DEPARTMENT) {
            Self(Self::PAGE_GROUP.0.wrapping_sub(number(rest)?))
        } else if let Some(rest) = text.strip_prefix(PAGE) {
            Self(number(rest)?.wrapping_add(FIRST_OF_PAGE))
        } else {
            return Err(NoAddress);
        };
        // Nobody is called in two ways.
        if chat.to_string() == text {
            Ok(chat)
        } else {
            Err(NoAddress)
        }
    }
}

impl FromStr for PersonId {
    type Err = NoAddress;

    fn from_str(text: &str) -> Result<Self, NoAddress> {
        if text == PAGE_ADMINISTRATOR {
            return Ok(Self::PAGE);
        }
        text.parse::<ChatId>().map(|chat| Self(chat.0))
    }
}

/// Reads what is kept: its name, or the number alone that stood there before names did.
struct Kept;

impl Visitor<'_> for Kept {
    type Value = Result<i64, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an address or a number")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Ok(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        i64::try_from(number).map(Ok).map_err(E::custom)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Err(name.to_string()))
    }
}

impl Serialize for ChatId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for PersonId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ChatId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kept = deserializer.deserialize_any(Kept)?;
        kept.map_or_else(
            |name| name.parse().map_err(D::Error::custom),
            |number| Ok(Self(number)),
        )
    }
}

impl<'de> Deserialize<'de> for PersonId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kept = deserializer.deserialize_any(Kept)?;
        kept.map_or_else(
            |name| name.parse().map_err(D::Error::custom),
            |number| Ok(Self(number)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_chat_has_one_name_and_is_found_by_it() {
        let named = [
            (ChatId::LOCAL, "local"),
            (ChatId(-1001), "telegram:-1001"),
            (ChatId(42), "telegram:42"),
            (ChatId::PAGE_GROUP, "page:group"),
            (ChatId::of_browser(7), "page:7"),
            (ChatId::of_department(8), "page:department-5"),
        ];
        for (chat, name) in named {
            assert_eq!(chat.to_string(), name);
            assert_eq!(name.parse(), Ok(chat));
            assert_eq!(serde_json::to_string(&chat).unwrap(), format!("\"{name}\""));
        }
        for number in [0, 1, u64::MAX, 1 << 61, (1 << 62) - 1] {
            for chat in [ChatId::of_browser(number), ChatId::of_department(number)] {
                assert_eq!(chat.whose(), Whose::Page);
                assert_eq!(chat.to_string().parse(), Ok(chat), "{number}");
            }
        }
        for none in [
            "",
            "5",
            "telegram:",
            "telegram:0",
            "telegram:05",
            "page:-1",
            "x:1",
        ] {
            assert_eq!(none.parse::<ChatId>(), Err(NoAddress), "{none}");
        }
    }

    #[test]
    fn a_number_that_was_kept_before_is_read() {
        let read = |text: &str| serde_json::from_str::<ChatId>(text).ok();
        assert_eq!(read("-1001"), Some(ChatId(-1001)));
        assert_eq!(read("\"telegram:-1001\""), Some(ChatId(-1001)));
        assert_eq!(read("\"-1001\""), None);
        let person = |text: &str| serde_json::from_str::<PersonId>(text).ok();
        assert_eq!(person("-1"), Some(PersonId::PAGE));
        assert_eq!(person("\"page:admin\""), Some(PersonId::PAGE));
        assert_eq!(PersonId::PAGE.whose(), Whose::Page);
        assert_eq!(person("\"telegram:42\""), Some(PersonId(42)));
    }

    #[test]
    fn what_telegram_cannot_have_given_is_not_its() {
        assert!(is_of_telegram(-1_001_234_567_890) && is_of_telegram(42));
        for number in [0, 1 << 52, i64::MIN, i64::MAX, -(1 << 62)] {
            assert!(!is_of_telegram(number), "{number}");
        }
    }
}
