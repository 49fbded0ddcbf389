//! A day of a busy work group: five thousand messages of all forms that Telegram brings, of which 150 speak to the bot. Those
//! are answered once, in their topic, and nobody else is; of a question that was changed the answer is changed, once.

use crate::fake_bot_api::{BOT_ID, BOT_NAME, Sent};
use crate::harness::{ADMIN, RunningBot, group, mention};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const GROUP: i64 = -100_777;
const CHANNEL: i64 = -100_888;
const MESSAGES: usize = 5_000;
const ADDRESSED: usize = 150;

const QUESTIONS: [&str; 6] = [
    "什么是放管服",
    "失业率2022年目标",
    "2022年GDP增速目标是多少",
    "什么时候报进展",
    "绿化覆盖率达标没",
    "火星人口2022年目标",
];

/// The same numbers for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// What Telegram says of a part of a text.
fn entity(kind: &str, text: &str, part: &str) -> Value {
    let begin = text.find(part).unwrap();
    let units = |text: &str| text.encode_utf16().count();
    json!({"type": kind, "offset": units(&text[..begin]), "length": units(part)})
}

/// A message with one part marked.
fn marked(person: i64, text: &str, kind: &str, part: &str) -> Value {
    let mut message = group(GROUP, person, text);
    message["entities"] = json!([entity(kind, text, part)]);
    message
}

/// A message that names the bot as people do.
fn named(person: i64, text: &str) -> Value {
    marked(person, text, "mention", &format!("@{BOT_NAME}"))
}

fn with(mut message: Value, field: &str, value: Value) -> Value {
    message[field] = value;
    message
}

/// A message in the name of the group or of a channel: Telegram names a bot of its own as the writer.
fn in_the_name_of(chat: i64, mut message: Value) -> Value {
    let kind = if chat == GROUP {
        "supergroup"
    } else {
        "channel"
    };
    message["from"] = json!({"id": 1_087_968_824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"});
    message["sender_chat"] = json!({"id": chat, "type": kind, "title": "某处"});
    message
}

fn replied_to(id: i64, is_bot: bool) -> Value {
    json!({"message_id": 1, "date": 1, "chat": {"id": GROUP, "type": "supergroup"}, "text": "x",
        "from": {"id": id, "is_bot": is_bot, "first_name": "x"}})
}

/// So many of them are answered to everybody; the last is refused, which only the asker sees.
const ANSWERED: usize = 5;

const FORMS_TO_THE_BOT: usize = 21;

/// A message that speaks to the bot.
fn to_the_bot(form: usize, person: i64, q: &str) -> Value {
    let glued = format!("@{BOT_NAME}GDP增速2022年目标");
    let command = format!("/ask@{BOT_NAME}");
    match form {
        0 => named(person, &mention(q)),
        1 => named(person, &format!("{q} @{BOT_NAME}")),
        2 => named(person, &format!("请问 @{BOT_NAME}，{q}")),
        // Before and behind a Chinese letter Telegram marks no name.
        3 => group(GROUP, person, &format!("@{BOT_NAME}{q}")),
        4 => group(GROUP, person, &glued),
        5 => group(GROUP, person, &format!("请问@{BOT_NAME} {q}")),
        6 => marked(person, &format!("{command} {q}"), "bot_command", &command),
        7 => marked(person, &format!("/ask {q}"), "bot_command", "/ask"),
        8 => {
            let text = format!("计划小助手 {q}");
            let mut message = marked(person, &text, "text_mention", "计划小助手");
            message["entities"][0]["user"] =
                json!({"id": BOT_ID, "is_bot": true, "first_name": "b"});
            message
        }
        9 => in_the_name_of(GROUP, named(person, &mention(q))),
        10 => in_the_name_of(
            GROUP,
            marked(person, &format!("{command} {q}"), "bot_command", &command),
        ),
        11 => in_the_name_of(CHANNEL, named(person, &mention(q))),
        12 => with(
            group(GROUP, person, q),
            "reply_to_message",
            replied_to(BOT_ID, true),
        ),
        13 => {
            let message = with(
                group(GROUP, person, q),
                "reply_to_message",
                replied_to(BOT_ID, true),
            );
            with(
                message,
                "quote",
                json!({"text": "x", "position": 0, "is_manual": true}),
            )
        }
        14 => with(
            named(person, &mention(q)),
            "reply_to_message",
            replied_to(9_999, false),
        ),
        15 => with(
            with(named(person, &mention(q)), "message_thread_id", json!(77)),
            "is_topic_message",
            json!(true),
        ),
        16 => {
            let mut message = named(person, &mention(q));
            message["caption"] = message["text"].take();
            message["caption_entities"] = message["entities"].take();
            message
                .as_object_mut()
                .unwrap()
                .retain(|_, value| !value.is_null());
            with(message, "photo", json!([]))
        }
        17 => named(person, &format!("👩‍👩‍👧🇨🇳 @{BOT_NAME} {q}")),
        18 => named(person, &mention(&format!("/ask {q}"))),
        19 => {
            let text = format!("@{BOT_NAME} {q} 用法见 `@{BOT_NAME} 问题`");
            let code = format!("`@{BOT_NAME} 问题`");
            let mut message = named(person, &text);
            let code = entity("code", &text, &code);
            message["entities"].as_array_mut().unwrap().push(code);
            message
        }
        _ => marked(person, &format!("＠{BOT_NAME} {q}"), "not_yet_known", "＠"),
    }
}

const FORMS_TO_OTHERS: usize = 33;

/// A message that does not speak to the bot.
fn to_others(form: usize, person: i64, q: &str) -> Value {
    let plain = |text: &str| group(GROUP, person, text);
    let name = format!("@{BOT_NAME}");
    let whole = |kind: &str, text: String| marked(person, &text, kind, &text);
    let nothing = |field: &str| {
        let mut message = group(GROUP, person, "");
        message.as_object_mut().unwrap().remove("text");
        with(message, field, json!({"x": 1}))
    };
    match form {
        0 => plain(q),
        1 => marked(
            person,
            &format!("用法：{name} 问题"),
            "code",
            &format!("{name} 问题"),
        ),
        2 => whole("pre", format!("/ask{name} {q}")),
        3 => whole("url", format!("https://example.com/{name}/page")),
        4 => whole("email", format!("mail{name}.example")),
        5 => marked(person, &format!("见 {name} 的说明"), "text_link", &name),
        6 => whole("blockquote", format!("{name} {q}")),
        7 => whole("mention", format!("{name}_test")),
        8 => marked(
            person,
            &format!("{name}_test {q}"),
            "mention",
            &format!("{name}_test"),
        ),
        9 => plain(&format!("发到 mail{name}.example 吧")),
        10 => plain(&format!("/ask@another_bot {q}")),
        11 => plain("/help"),
        12 => plain("/start"),
        13 => plain("/weather 重庆"),
        14 => marked(
            person,
            &format!("@another_bot {q}"),
            "mention",
            "@another_bot",
        ),
        15 => with(plain(q), "reply_to_message", replied_to(9_999, false)),
        16 => with(
            plain("城镇调查失业率"),
            "via_bot",
            json!({"id": BOT_ID, "is_bot": true, "first_name": "b"}),
        ),
        17 => with(
            named(person, &mention(q)),
            "forward_origin",
            json!({"type": "hidden_user", "sender_user_name": "x", "date": 1}),
        ),
        18 => {
            let post = in_the_name_of(CHANNEL, named(person, &mention("问数据")));
            with(
                with(post, "is_automatic_forward", json!(true)),
                "from",
                json!({"id": 777_000, "is_bot": false, "first_name": "Telegram"}),
            )
        }
        19 => with(
            named(person, &mention(q)),
            "from",
            json!({"id": 8_888, "is_bot": true, "first_name": "another"}),
        ),
        20 => {
            let text = format!("计划小助手 {q}");
            let mut message = marked(person, &text, "text_mention", "计划小助手");
            message["entities"][0]["user"] =
                json!({"id": 9_999, "is_bot": false, "first_name": "x"});
            message
        }
        21 => in_the_name_of(GROUP, plain(q)),
        22 => in_the_name_of(CHANNEL, plain(q)),
        23 => with(
            with(plain(q), "reply_to_message", {
                let mut head = replied_to(BOT_ID, true);
                head["forum_topic_created"] = json!({"name": "t", "icon_color": 1});
                head
            }),
            "message_thread_id",
            json!(78),
        ),
        24 => nothing("sticker"),
        25 => nothing("voice"),
        26 => nothing("poll"),
        27 => nothing("new_chat_members"),
        28 => nothing("pinned_message"),
        29 => nothing("forum_topic_edited"),
        30 => with(
            nothing("sticker"),
            "reply_to_message",
            replied_to(BOT_ID, true),
        ),
        31 => plain(&format!("大家可以用 /ask{name} 提问")),
        _ => with(
            plain(q),
            "external_reply",
            json!({"origin": {"type": "hidden_user"}}),
        ),
    }
}

/// Who is answered how often: by the number of the message, and of the bot's own messages how often they were changed.
fn counted(sent: &[Sent]) -> (BTreeMap<i64, usize>, BTreeMap<i64, usize>) {
    let (mut answers, mut changes) = (BTreeMap::new(), BTreeMap::new());
    for sent in sent {
        match sent.replaces {
            Some(own) => *changes.entry(own).or_default() += 1,
            None => *answers.entry(sent.reply_to.unwrap()).or_default() += 1,
        }
    }
    (answers, changes)
}

async fn a_day(seed: u64) {
    let bot = RunningBot::start_with(MESSAGES).await;
    let mut dice = Dice(seed);
    // Places of the day at which somebody speaks to the bot, each form as often as the others.
    let mut forms: Vec<Option<usize>> = (0..MESSAGES)
        .map(|at| (at < ADDRESSED).then_some(at % FORMS_TO_THE_BOT))
        .collect();
    for at in (1..MESSAGES).rev() {
        let other = dice.below(at + 1);
        forms.swap(at, other);
    }
    let chatter = [
        "收到",
        "今天下午开会",
        "@another_bot 看一下",
        "好的",
        "材料发群里了",
    ];
    let mut described = BTreeMap::new();
    let mut expected = BTreeMap::new();
    let mut changed = BTreeSet::new();
    for form in forms {
        let (person, q) = (500 + dice.below(60) as i64, dice.of(&QUESTIONS));
        let message = match form {
            Some(form) => to_the_bot(form, person, q),
            None if dice.below(3) == 0 => to_others(dice.below(FORMS_TO_OTHERS), person, q),
            None => group(GROUP, person, dice.of(&chatter)),
        };
        let topic = message["message_thread_id"]
            .as_i64()
            .filter(|_| form.is_some());
        let number = bot.api.push([message.clone()])[0];
        described.insert(number, message.clone());
        if form.is_some() {
            expected.insert(number, topic);
        }
        // Somebody finds that something else was meant.
        if form == Some(0)
            && let Some(at) = QUESTIONS
                .iter()
                .take(ANSWERED)
                .position(|known| *known == q)
        {
            let mut edited = named(person, &mention(QUESTIONS[(at + 1) % ANSWERED]));
            edited["message_id"] = json!(number);
            edited["edit_date"] = json!(2);
            bot.api.push_raw(json!({"edited_message": edited}));
            changed.insert(number);
            continue;
        }
        // A preview of a link is added, and now and then the text is changed without a change for the bot.
        if dice.below(40) == 0 {
            let mut edited = message;
            edited["message_id"] = json!(number);
            edited["edit_date"] = json!(2);
            bot.api.push_raw(json!({"edited_message": edited}));
        }
    }
    // What is said last in the chat is answered last.
    let last = bot.api.push([named(499, &mention("什么是放管服"))])[0];
    expected.insert(last, None);
    let mut sent = Vec::new();
    while sent
        .last()
        .is_none_or(|sent: &Sent| sent.reply_to != Some(last))
    {
        sent.push(bot.api.next_sent().await);
    }
    bot.finish().await;
    let (answers, changes) = counted(&sent);
    let question_of = |own: &i64| {
        let first = |sent: &&Sent| sent.number == *own && sent.replaces.is_none();
        sent.iter().find(first).unwrap().reply_to.unwrap()
    };
    let of_questions: BTreeSet<i64> = changes.keys().map(question_of).collect();
    assert_eq!(of_questions, changed, "whose answer was changed");
    assert!(changes.values().all(|times| *times == 1) && !changed.is_empty());
    for (number, times) in &answers {
        assert!(
            expected.contains_key(number),
            "nobody spoke to the bot: {}",
            described[number]
        );
        assert_eq!(*times, 1, "{}", described[number]);
    }
    for number in expected.keys().filter(|number| **number != last) {
        assert!(
            answers.contains_key(number),
            "no answer: {}",
            described[number]
        );
    }
    for sent in sent.iter().filter(|sent| sent.replaces.is_none()) {
        assert_eq!(sent.topic, expected[&sent.reply_to.unwrap()], "{sent:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_speak_to_the_bot_are_answered_once_and_nobody_else() {
    a_day(14).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute: other days of the same kind"]
async fn on_twenty_other_days_too() {
    for seed in 100..120 {
        a_day(seed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_becomes_a_question_is_answered_and_one_that_stops_to_be_is_left() {
    let bot = RunningBot::start().await;
    let numbers = bot.api.push([
        group(GROUP, 500, "什么是放管"),
        named(501, &mention("失业率2022年目标")),
    ]);
    let answer = bot.api.next_sent().await;
    assert_eq!(answer.reply_to, Some(numbers[1]));
    let edited = |number: i64, mut message: Value| {
        message["message_id"] = json!(number);
        json!({"edited_message": message})
    };
    bot.api
        .push_raw(edited(numbers[1], group(GROUP, 501, "没事了")));
    bot.api
        .push_raw(edited(numbers[0], named(500, &mention("什么是放管服"))));
    assert_eq!(bot.api.next_sent().await.reply_to, Some(numbers[0]));
    bot.finish().await;
}

/// An administrator who stays anonymous may subscribe the group; a channel may not.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_writes_as_the_group_administers_it() {
    let bot = RunningBot::start().await;
    let command = format!("/subscribe@{BOT_NAME} 甲局");
    let message = || group(GROUP, 500, &command);
    bot.api.push([in_the_name_of(CHANNEL, message())]);
    let refused = bot.api.next_sent().await.text;
    bot.api.push([in_the_name_of(GROUP, message())]);
    let taken = bot.api.next_sent_to(GROUP).await.text;
    assert_ne!(refused, taken);
    // Whether the chat may speak for the unit is asked of an administrator of the bot.
    bot.api.next_sent_to(ADMIN).await;
    assert!(!refused.contains("已订阅"), "{refused}");
    bot.finish_but_for(Some(GROUP)).await;
}
