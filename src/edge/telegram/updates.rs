//! An update as Telegram sends it, read only as far as the bot needs it.

use super::marks;
use crate::chat::{ChatKind, Incoming};
use crate::edge::event::{BotAccount, Event};
use crate::model::{BotId, UpdateId, is_of_telegram};
use crate::ports::{ChatId, MessageId, PersonId, SentFile, TopicId};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// The kinds that the bot asks for.
pub(crate) const KINDS: &[&str] = &[
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "my_chat_member",
];

#[derive(Deserialize)]
struct Update {
    message: Option<Message>,
    edited_message: Option<Message>,
    callback_query: Option<Callback>,
    inline_query: Option<Inline>,
    my_chat_member: Option<Membership>,
}

#[derive(Deserialize)]
struct Callback {
    id: String,
    from: User,
    message: Option<Message>,
    data: Option<String>,
}

#[derive(Deserialize)]
struct Inline {
    id: String,
    from: User,
    query: String,
}

#[derive(Deserialize)]
struct Membership {
    chat: Chat,
    new_chat_member: Member,
}

#[derive(Deserialize)]
struct Member {
    status: String,
}

/// What an update brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Brought {
    /// What happens in a chat of any messenger.
    Event(Event),
    /// Somebody types behind the bot's name in any chat.
    Typed {
        query: String,
        /// Who.
        person: PersonId,
        /// What was typed.
        text: String,
    },
}

/// What an update brings; nothing for kinds, senders and chats that the bot does not act on, nor
/// for ids that are nobody's.
pub(super) fn read(update: &Value, account: &BotAccount) -> Option<Brought> {
    brought(update, account).filter(is_of_somebody)
}

/// Whether chats and persons are some of Telegram's: 0 is nobody there, and whoever sits at the
/// machine here.
fn is_of_somebody(brought: &Brought) -> bool {
    let is_chat = |chat: ChatId| is_of_telegram(chat.0);
    let is_person = |person: PersonId| !person.is_of_program() && is_of_telegram(person.0);
    let event = match brought {
        Brought::Event(event) => event,
        Brought::Typed { person, .. } => return is_person(*person),
    };
    match event {
        Event::Said { incoming, .. } | Event::Pressed { incoming, .. } => {
            is_chat(incoming.chat) && is_person(incoming.person)
        }
        Event::Removed(chat, _) | Event::Added(chat) => is_chat(*chat),
        Event::Moved(from, to) => is_chat(*from) && is_chat(*to),
    }
}

fn brought(update: &Value, account: &BotAccount) -> Option<Brought> {
    // A kind that nobody knows yet is no fault: the next update must come through.
    let update = Update::deserialize(update).ok()?;
    if let Some(inline) = update.inline_query {
        return Some(Brought::Typed {
            query: inline.id,
            person: person(&inline.from)?,
            text: inline.query,
        });
    }
    event(update, account).map(Brought::Event)
}

fn event(update: Update, account: &BotAccount) -> Option<Event> {
    // Of the bot itself: others who come and go are not asked for.
    if let Some(membership) = update.my_chat_member {
        let (chat, status) = (
            ChatId(membership.chat.id),
            membership.new_chat_member.status,
        );
        return match status.as_str() {
            "left" | "kicked" => Some(Event::Removed(chat, status)),
            "member" | "administrator" => Some(Event::Added(chat)),
            _ => None,
        };
    }
    if let Some(callback) = update.callback_query {
        return pressed(callback);
    }
    if let Some(message) = update.edited_message {
        return Some(Event::Said {
            incoming: said(message, account)?,
            edited: true,
        });
    }
    let message = update.message?;
    if let Some(to) = message.migrate_to_chat_id {
        return Some(Event::Moved(ChatId(message.chat.id), ChatId(to)));
    }
    // The same news, told in the new chat: it may come first, or alone.
    if let Some(from) = message.migrate_from_chat_id {
        return Some(Event::Moved(ChatId(from), ChatId(message.chat.id)));
    }
    Some(Event::Said {
        incoming: said(message, account)?,
        edited: false,
    })
}

fn person(user: &User) -> Option<PersonId> {
    i64::try_from(user.id).ok().map(PersonId)
}

/// The names that a person gives, as one.
fn name(user: &User) -> String {
    // The family name first and nothing between, as Chinese names are written.
    format!("{}{}", user.last_name, user.first_name)
}

fn pressed(callback: Callback) -> Option<Event> {
    let message = callback.message?;
    let kind = if message.chat.kind == "private" {
        ChatKind::Private
    } else {
        ChatKind::Group
    };
    let incoming = Incoming {
        chat: ChatId(message.chat.id),
        kind,
        person: person(&callback.from)?,
        name: name(&callback.from),
        message: message.message_id,
        topic: message
            .message_thread_id
            .filter(|_| message.is_topic_message),
        replies_to_bot: false,
        replied_to: None,
        text: String::new(),
        file: None,
        marks: Vec::new(),
    };
    Some(Event::Pressed {
        press: callback.id,
        incoming,
        button: callback.data.unwrap_or_default(),
        keyboard: message
            .reply_markup
            .map(|keyboard| keyboard.to_string())
            .unwrap_or_default(),
    })
}

#[derive(Deserialize)]
struct Message {
    message_id: MessageId,
    chat: Chat,
    from: Option<User>,
    sender_chat: Option<SenderChat>,
    via_bot: Option<User>,
    forward_origin: Option<IgnoredAny>,
    #[serde(default)]
    is_automatic_forward: bool,
    text: Option<String>,
    #[serde(default)]
    entities: Vec<Value>,
    caption: Option<String>,
    document: Option<File>,
    #[serde(default)]
    caption_entities: Vec<Value>,
    migrate_to_chat_id: Option<i64>,
    migrate_from_chat_id: Option<i64>,
    message_thread_id: Option<TopicId>,
    #[serde(default)]
    is_topic_message: bool,
    reply_to_message: Option<Replied>,
    reply_markup: Option<Value>,
}

#[derive(Deserialize)]
struct File {
    file_id: String,
    file_name: Option<String>,
    file_size: Option<u64>,
}

#[derive(Deserialize)]
struct Chat {
    id: i64,
    #[serde(rename = "type")]
    kind: String,
}

/// In whose name a message was written: the group's own, where an administrator stays anonymous,
/// or a channel's.
#[derive(Deserialize)]
struct SenderChat {
    id: i64,
    #[serde(default)]
    title: String,
}

#[derive(Deserialize)]
struct User {
    id: u64,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    #[serde(default)]
    is_bot: bool,
}

#[derive(Deserialize)]
struct Replied {
    message_id: Option<MessageId>,
    from: Option<User>,
    forum_topic_created: Option<Value>,
}

/// The number of an update.
pub(crate) fn number(update: &Value) -> Option<UpdateId> {
    update.get("update_id")?.as_i64().map(UpdateId)
}

/// A message of somebody: nothing for posts of channels, for bots, for what the bot itself wrote in
/// another's name, and for what has neither a text nor a
/// document. What is forwarded into a group was not said there.
fn said(message: Message, me: &BotAccount) -> Option<Incoming> {
    let kind = match message.chat.kind.as_str() {
        "private" => ChatKind::Private,
        "group" | "supergroup" => ChatKind::Group,
        _ => return None,
    };
    let is_own = message.via_bot.is_some_and(|bot| BotId(bot.id) == me.id);
    // What is forwarded into a group was said to somebody else.
    let is_passed_on = kind == ChatKind::Group && message.forward_origin.is_some();
    if is_own || is_passed_on || message.is_automatic_forward {
        return None;
    }
    // Telegram names a bot of its own as the writer where somebody writes in a chat's name.
    let (person, name) = match message.sender_chat {
        Some(in_the_name_of) => (PersonId(in_the_name_of.id), in_the_name_of.title),
        None => {
            let from = message.from.filter(|from| !from.is_bot)?;
            (person(&from)?, name(&from))
        }
    };
    let replied = message.reply_to_message.filter(|replied| {
        let from = replied.from.as_ref();
        // In a topic each message replies to the one that opened it, which the bot may have done.
        replied.forum_topic_created.is_none() && from.is_some_and(|from| BotId(from.id) == me.id)
    });
    let file = message.document.map(|file| SentFile {
        id: file.file_id,
        name: file.file_name.unwrap_or_default(),
        bytes: file.file_size.unwrap_or_default(),
    });
    let (text, entities) = match (message.text, message.caption) {
        (Some(text), _) => (text, message.entities),
        (None, Some(caption)) => (caption, message.caption_entities),
        (None, None) if file.is_some() => (String::new(), Vec::new()),
        (None, None) => return None,
    };
    Some(Incoming {
        chat: ChatId(message.chat.id),
        kind,
        person,
        name,
        message: message.message_id,
        topic: message
            .message_thread_id
            .filter(|_| message.is_topic_message),
        replies_to_bot: replied.is_some(),
        replied_to: replied.and_then(|replied| replied.message_id),
        marks: marks::of(&text, &entities, me),
        text,
        file,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn me() -> BotAccount {
        BotAccount {
            id: BotId(7),
            name: "plan_bot".into(),
        }
    }

    fn update(message: Value) -> Value {
        json!({"update_id": 1, "message": message})
    }

    #[test]
    fn messages_of_people_are_read_and_others_skipped() {
        let group = json!({"id": -5, "type": "supergroup"});
        let person = json!({"id": 9, "is_bot": false});
        let message = |value: &Value| match read(value, &me()) {
            Some(Brought::Event(Event::Said { incoming, .. })) => Some(incoming),
            _ => None,
        };
        let said = |value: Value| message(&update(value));
        let plain =
            said(json!({"message_id": 2, "chat": group, "from": person, "text": "x", "message_thread_id": 4, "is_topic_message": true}))
                .unwrap();
        assert_eq!(
            (plain.topic, plain.kind, plain.replies_to_bot),
            (Some(TopicId(4)), ChatKind::Group, false)
        );
        let reply = json!({"message_id": 2, "chat": group, "from": person, "text": "x", "reply_to_message": {"from": {"id": 7, "is_bot": true}}});
        assert!(said(reply).unwrap().replies_to_bot);
        let topic_head = json!({"message_id": 2, "chat": group, "from": person, "text": "x",
            "reply_to_message": {"from": {"id": 7, "is_bot": true}, "forum_topic_created": {"name": "t"}}});
        assert!(!said(topic_head).unwrap().replies_to_bot);
        let newer = json!({"message_id": 2, "chat": group, "from": person, "text": "x", "entities": [{"type": "not_yet_known", "offset": 0, "length": 1}]});
        assert_eq!(said(newer).unwrap().text, "x");
        assert!(
            said(json!({"message_id": 2, "chat": {"id": 1, "type": "channel"}, "text": "x"}))
                .is_none()
        );
        assert!(said(json!({"message_id": 2, "chat": group, "from": {"id": 8, "is_bot": true}, "text": "x"})).is_none());
        let in_the_name_of = |id: i64| {
            said(
                json!({"message_id": 2, "chat": group, "from": {"id": 8, "is_bot": true},
                "sender_chat": {"id": id, "type": "channel"}, "text": "x"}),
            )
            .map(|incoming| incoming.person)
        };
        assert_eq!(in_the_name_of(-5), Some(PersonId(-5)));
        assert_eq!(in_the_name_of(-9), Some(PersonId(-9)));
        let passed_on = json!({"message_id": 2, "chat": group, "from": person, "text": "x", "forward_origin": {"type": "hidden_user"}});
        assert!(said(passed_on.clone()).is_none());
        let mut in_private = passed_on;
        in_private["chat"] = json!({"id": 9, "type": "private"});
        assert!(said(in_private.clone()).is_some());
        in_private["via_bot"] = json!({"id": 7, "is_bot": true});
        assert!(said(in_private).is_none());
        let post = json!({"message_id": 2, "chat": group, "from": {"id": 777_000}, "text": "x",
            "sender_chat": {"id": -9, "type": "channel"}, "is_automatic_forward": true});
        assert!(said(post).is_none());
        assert!(message(&json!({"update_id": 3, "some_new_kind": {}})).is_none());
    }
}
