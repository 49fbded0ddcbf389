//! What Telegram marks in a text, as stretches of its bytes: Telegram counts in UTF-16 units.

use crate::chat::{Mark, Marked};
use crate::edge::event::BotAccount;
use crate::model::BotId;
use serde::Deserialize;
use serde_json::Value;
use std::ops::Range;

/// Kinds of stretches that are shown and not said.
const SHOWN: [&str; 9] = [
    "code",
    "pre",
    "url",
    "email",
    "text_link",
    "blockquote",
    "expandable_blockquote",
    "mention",
    "text_mention",
];

#[derive(Deserialize)]
struct Entity {
    #[serde(rename = "type")]
    kind: String,
    offset: usize,
    length: usize,
    user: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    id: u64,
}

/// The marks of a text; an entity of an unknown form is none.
pub(super) fn of(text: &str, entities: &[Value], me: &BotAccount) -> Vec<Marked> {
    let entities = entities
        .iter()
        .filter_map(|entity| Entity::deserialize(entity).ok());
    let mut marks: Vec<Marked> = entities
        .filter(|entity| SHOWN.contains(&entity.kind.as_str()))
        .filter_map(|entity| {
            let range = bytes(text, entity.offset, entity.length)?;
            // A mark that ends within a letter is none: nothing of the text is read at a wrong
            // place.
            let name = text.get(range.clone())?.strip_prefix('@');
            let names_bot = match entity.kind.as_str() {
                "mention" => name.is_some_and(|name| name.eq_ignore_ascii_case(&me.name)),
                "text_mention" => entity.user.is_some_and(|user| BotId(user.id) == me.id),
                _ => false,
            };
            let mark = if names_bot {
                Mark::NamesBot
            } else {
                Mark::Shown
            };
            Some(Marked { range, mark })
        })
        .collect();
    // A name in a quotation is shown.
    marks.sort_by_key(|marked| (marked.mark == Mark::NamesBot, marked.range.start));
    marks
}

/// The bytes of a stretch that is given in UTF-16 units.
fn bytes(text: &str, offset: usize, length: usize) -> Option<Range<usize>> {
    let (mut units, mut begin) = (0, None);
    let end = offset.checked_add(length)?;
    let places = text.char_indices().chain([(text.len(), '\0')]);
    for (at, letter) in places {
        if units == offset {
            begin = Some(at);
        }
        if units >= end {
            return Some(begin?..at);
        }
        units += letter.len_utf16();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_stretch_is_found_behind_letters_of_two_units() {
        let text = "👩‍👧 @plan_bot，甲";
        let offset = "👩‍👧 ".encode_utf16().count();
        let range = bytes(text, offset, 9).unwrap();
        assert_eq!(text.get(range), Some("@plan_bot"));
        assert_eq!(bytes(text, offset, 90), None);
        assert_eq!(bytes("甲乙", 1, 1), Some(3..6));
        assert_eq!(bytes("甲", 1, usize::MAX), None);
    }

    #[test]
    fn only_a_name_of_the_bot_names_it() {
        let me = BotAccount {
            id: BotId(7),
            name: "plan_bot".into(),
        };
        let mark = |entity: Value| {
            of("@Plan_Bot 甲", &[entity], &me)
                .first()
                .map(|marked| marked.mark)
        };
        let kind = |kind: &str| json!({"type": kind, "offset": 0, "length": 9});
        assert_eq!(mark(kind("mention")), Some(Mark::NamesBot));
        assert_eq!(mark(kind("code")), Some(Mark::Shown));
        assert_eq!(mark(kind("bold")), None);
        assert_eq!(mark(kind("not_yet_known")), None);
        assert_eq!(mark(json!({"type": "code"})), None);
        let person =
            |id: u64| json!({"type": "text_mention", "offset": 0, "length": 9, "user": {"id": id}});
        assert_eq!(mark(person(7)), Some(Mark::NamesBot));
        assert_eq!(mark(person(8)), Some(Mark::Shown));
    }
}
