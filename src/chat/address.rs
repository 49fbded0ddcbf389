//! Whether a message is for the bot, and what is left when its name is taken out.
//!
//! Silence is the default in a group: only a command for this bot, its name, or a reply to it is an
//! address.

use super::commands::Command;
use super::incoming::{ChatKind, Incoming};

/// A message that is for the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed {
    /// The command, where there is one.
    pub command: Option<Command>,
    /// The text without command and name.
    pub text: String,
}

/// Reads a message; nothing when it is not for the bot whose name is given (without @).
pub fn address(incoming: &Incoming, bot: &str) -> Option<Addressed> {
    let text = incoming.text.trim();
    // A file that is passed around in a group is not meant for the bot unless its words say so.
    if text.is_empty() && incoming.kind == ChatKind::Group {
        return None;
    }
    let private = incoming.kind == ChatKind::Private;
    if let Some(command) = text.strip_prefix('/') {
        return addressed_command(command, bot, private);
    }
    let (rest, named) = without_name(text, bot);
    if let Some(command) = rest.strip_prefix('/').filter(|_| named) {
        return addressed_command(command, bot, true);
    }
    (private || named || incoming.replies_to_bot).then_some(Addressed {
        command: None,
        text: rest,
    })
}

/// `/ask@bot text`. A bare command counts in a private chat; in a group only where it is not every
/// bot's.
fn addressed_command(command: &str, bot: &str, private: bool) -> Option<Addressed> {
    let end = command.find(char::is_whitespace).unwrap_or(command.len());
    let (word, text) = (command.get(..end)?, command.get(end..)?.trim());
    let (name, target) = word
        .split_once('@')
        .map_or((word, None), |(name, target)| (name, Some(target)));
    let known = Command::from_name(&name.to_ascii_lowercase());
    let ours = match target {
        Some(target) => target.eq_ignore_ascii_case(bot),
        None => private || known.is_some_and(|command| !command.is_common()),
    };
    if !ours {
        return None;
    }
    let (text, _) = without_name(text, bot);
    match known {
        Some(command) => Some(Addressed {
            command: Some(command),
            text,
        }),
        None => Some(Addressed {
            command: Some(Command::Help),
            text: String::new(),
        }),
    }
}

/// The text without `@bot`, and whether it stood there as a word of its own.
fn without_name(text: &str, bot: &str) -> (String, bool) {
    let mut named = false;
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, from) = rest.split_at(at);
        kept.push_str(before);
        let name: String = from
            .chars()
            .skip(1)
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        if !name.is_empty() && name.eq_ignore_ascii_case(bot) {
            named = true;
            rest = from.get(1 + name.len()..).unwrap_or_default();
        } else {
            kept.push('@');
            rest = from.get(1..).unwrap_or_default();
        }
    }
    kept.push_str(rest);
    (kept.trim().to_string(), named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::{ChatId, PersonId};

    fn message(kind: ChatKind, text: &str) -> Incoming {
        Incoming {
            chat: ChatId(1),
            kind,
            person: PersonId(2),
            message: 3,
            topic: None,
            replies_to_bot: false,
            text: text.to_string(),
            file: None,
        }
    }

    #[test]
    fn only_what_is_for_the_bot_is_heard() {
        let group = |text: &str| address(&message(ChatKind::Group, text), "plan_bot");
        let heard = |text: &str| group(text).map(|a| (a.command, a.text));
        assert_eq!(heard("GDP目标是多少"), None);
        assert_eq!(heard("@plan_bot GDP目标"), Some((None, "GDP目标".into())));
        assert_eq!(
            heard("请问 @Plan_Bot，GDP目标"),
            Some((None, "请问 ，GDP目标".into()))
        );
        assert_eq!(heard("@plan_bots GDP目标"), None);
        assert_eq!(
            heard("mail@plan_bot.example"),
            Some((None, "mail.example".into()))
        );
        assert_eq!(
            heard("/ask@plan_bot GDP目标"),
            Some((Some(Command::Ask), "GDP目标".into()))
        );
        assert_eq!(heard("/ask@other_bot GDP目标"), None);
        assert_eq!(
            heard("/ask GDP目标"),
            Some((Some(Command::Ask), "GDP目标".into()))
        );
        assert_eq!(
            heard("@plan_bot /ask GDP目标"),
            Some((Some(Command::Ask), "GDP目标".into()))
        );
        assert_eq!(heard("/help"), None);
        assert_eq!(heard("/start"), None);
        assert_eq!(heard("/unheard_of"), None);
        let private = |text: &str| {
            address(&message(ChatKind::Private, text), "plan_bot").map(|a| (a.command, a.text))
        };
        assert_eq!(private("GDP目标"), Some((None, "GDP目标".into())));
        assert_eq!(private("/help"), Some((Some(Command::Help), String::new())));
        assert_eq!(
            private("/unheard_of"),
            Some((Some(Command::Help), String::new()))
        );
    }
}
