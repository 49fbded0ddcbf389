//! Whether a message is for the bot, and what is left when its name is taken out.
//!
//! Silence is the default in a group: only a command for this bot, its name, or a reply to it is an
//! address. What the messenger marks decides first: a name in code, in a link or in a quotation is
//! no address. Where it marks nothing, as in “请问@plan_bot”, the text decides.

use super::commands::Command;
use super::incoming::{ChatKind, Incoming, Mark, Marked};

/// A message that is for the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Addressed {
    /// The command, where there is one.
    pub command: Option<Command>,
    /// The text without command and name.
    pub text: String,
}

/// Reads a message; nothing when it is not for the bot whose name is given (without @).
pub(crate) fn address(incoming: &Incoming, bot: &str) -> Option<Addressed> {
    // A file that is passed around in a group is not meant for the bot unless its words say so.
    if incoming.text.trim().is_empty() && incoming.kind == ChatKind::Group {
        return None;
    }
    let private = incoming.kind == ChatKind::Private;
    let said = without_name(&incoming.text, &incoming.marks, bot);
    if let Some(command) = said.text.strip_prefix('/').filter(|_| !said.begins_shown) {
        return addressed_command(command, bot, private || said.named);
    }
    (private || said.named || incoming.replies_to_bot).then_some(Addressed {
        command: None,
        text: said.text,
    })
}

/// `/ask@bot text`. A bare command counts where the bot is named and in a private chat; in a group
/// only where it is not every bot's.
fn addressed_command(command: &str, bot: &str, alone: bool) -> Option<Addressed> {
    let end = command.find(char::is_whitespace).unwrap_or(command.len());
    let (word, text) = (command.get(..end)?, command.get(end..)?.trim());
    let (name, target) = word
        .split_once('@')
        .map_or((word, None), |(name, target)| (name, Some(target)));
    let known = Command::from_name(&name.to_ascii_lowercase());
    let ours = match target {
        Some(target) => target.eq_ignore_ascii_case(bot),
        // /help and /start belong to every bot of a group: without a name they are for none.
        None => alone || known.is_some_and(|command| !command.is_common()),
    };
    if !ours {
        return None;
    }
    match known {
        Some(command) => Some(Addressed {
            command: Some(command),
            text: text.to_string(),
        }),
        None => Some(Addressed {
            // It was said to this bot, so something is said back: a list of what it knows.
            command: Some(Command::Help),
            text: String::new(),
        }),
    }
}

/// A text without the bot's name.
struct Said {
    text: String,
    /// Whether the name stood there.
    named: bool,
    /// Whether its first letter is shown, not said.
    begins_shown: bool,
}

fn without_name(text: &str, marks: &[Marked], bot: &str) -> Said {
    let mut said = Said {
        text: String::with_capacity(text.len()),
        named: false,
        begins_shown: false,
    };
    let mut at = 0;
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let mark = marks.iter().find(|marked| marked.range.contains(&at));
        let name_ends = match mark.map(|marked| (marked.mark, marked.range.end)) {
            Some((Mark::NamesBot, end)) => Some(end),
            Some((Mark::Shown, _)) => None,
            None => name_at(text, at, bot),
        };
        if let Some(end) = name_ends {
            said.named = true;
            // Always further, whatever a messenger says of where its mark ends.
            at = end.max(at + 1);
            continue;
        }
        if said.text.is_empty() {
            if letter.is_whitespace() {
                at += letter.len_utf8();
                continue;
            }
            said.begins_shown = mark.is_some();
        }
        said.text.push(letter);
        at += letter.len_utf8();
    }
    // A name at the end leaves the blank before it.
    said.text.truncate(said.text.trim_end().len());
    said
}

/// Where the bot's name ends that begins at a place of a text nobody marked; nothing where none
/// begins there. Before it stands no part of a mail address or a path, and it is not the beginning
/// of another name.
fn name_at(text: &str, at: usize, bot: &str) -> Option<usize> {
    let rest = text.get(at..)?;
    let name = rest.strip_prefix(['@', '＠'])?;
    let before = text.get(..at)?.chars().next_back();
    if before.is_some_and(|letter| {
        letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-' | '+' | '/' | '@')
    }) {
        return None;
    }
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let run = name
        .find(|letter| !is_of_name(letter))
        .unwrap_or(name.len());
    let (run, behind) = name.split_at_checked(run)?;
    let (called, glued) = run.split_at_checked(bot.len())?;
    if !called.eq_ignore_ascii_case(bot) {
        return None;
    }
    let mut behind = behind.chars();
    let next = behind.next();
    let is_ours = match glued.chars().next() {
        // “@plan_bot.example” is where mail goes, “@plan_bot.” ends a sentence.
        None => !(next == Some('.') && behind.next().is_some_and(is_of_name)),
        // “@plan_botGDP增速”: the question follows without a blank. A name of its own would be
        // marked; it goes on in small letters, and no Chinese letter follows it.
        Some(first) => {
            (first.is_ascii_uppercase() || first.is_ascii_digit())
                && next.is_some_and(|letter| !letter.is_ascii() && letter.is_alphanumeric())
        }
    };
    is_ours.then_some(text.len() - name.len() + called.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::MessageId;
    use crate::ports::{ChatId, PersonId};

    fn message(kind: ChatKind, text: &str) -> Incoming {
        Incoming {
            chat: ChatId(1),
            kind,
            person: PersonId(2),
            name: String::new(),
            message: MessageId(3),
            topic: None,
            replies_to_bot: false,
            replied_to: None,
            text: text.to_string(),
            file: None,
            marks: Vec::new(),
        }
    }

    /// What is heard in a group where a part of the text is marked.
    fn marked(text: &str, part: &str, mark: Mark) -> Option<(Option<Command>, String)> {
        let mut incoming = message(ChatKind::Group, text);
        let begin = text.find(part).unwrap();
        incoming.marks = vec![Marked {
            range: begin..begin + part.len(),
            mark,
        }];
        address(&incoming, "plan_bot").map(|a| (a.command, a.text))
    }

    #[test]
    fn only_what_is_for_the_bot_is_heard() {
        let group = |text: &str| address(&message(ChatKind::Group, text), "plan_bot");
        let heard = |text: &str| group(text).map(|a| (a.command, a.text));
        assert_eq!(heard("GDP目标是多少"), None);
        assert_eq!(heard("@plan_bot GDP目标"), Some((None, "GDP目标".into())));
        assert_eq!(heard("＠plan_bot GDP目标"), Some((None, "GDP目标".into())));
        assert_eq!(
            heard("请问 @Plan_Bot，GDP目标"),
            Some((None, "请问 ，GDP目标".into()))
        );
        assert_eq!(heard("@plan_bots GDP目标"), None);
        assert_eq!(heard("@plan_bot_test GDP目标"), None);
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

    #[test]
    fn a_name_in_an_address_or_a_path_is_none() {
        let heard = |text: &str| address(&message(ChatKind::Group, text), "plan_bot");
        for text in [
            "mail@plan_bot.example",
            "@plan_bot.example 是什么",
            "https://example.com/@plan_bot/page",
            "用 /ask@plan_bot 提问",
            "a.b@plan_bot",
        ] {
            assert_eq!(heard(text), None, "{text}");
        }
        assert!(heard("GDP目标 @plan_bot.").is_some());
    }

    #[test]
    fn a_question_may_follow_the_name_without_a_blank() {
        let heard = |text: &str| address(&message(ChatKind::Group, text), "plan_bot");
        let text = |said: &str| heard(said).map(|addressed| addressed.text);
        assert_eq!(text("@plan_bot进出口总额"), Some("进出口总额".into()));
        assert_eq!(
            text("请问@plan_bot进出口总额"),
            Some("请问进出口总额".into())
        );
        assert_eq!(text("@plan_botGDP增速"), Some("GDP增速".into()));
        assert_eq!(text("@plan_bot2022年目标"), Some("2022年目标".into()));
        assert_eq!(text("@plan_bots增速"), None);
        assert_eq!(text("@plan_botGDP growth"), None);
    }

    #[test]
    fn what_the_messenger_marks_decides() {
        assert_eq!(
            marked("用法：@plan_bot 问题", "@plan_bot", Mark::Shown),
            None
        );
        assert_eq!(
            marked("/ask@plan_bot 甲", "/ask@plan_bot", Mark::Shown),
            None
        );
        assert_eq!(
            marked("@plan_botGDP增速", "@plan_botGDP", Mark::Shown),
            None
        );
        assert_eq!(
            marked("计划 甲是多少", "计划", Mark::NamesBot),
            Some((None, "甲是多少".into()))
        );
        assert_eq!(
            marked("@plan_bot 看 @plan_bot", "看 @plan_bot", Mark::Shown),
            Some((None, "看 @plan_bot".into()))
        );
    }
}
