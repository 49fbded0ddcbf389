//! Groups that move, close a topic, or put the bot out: the reminders follow, and administrators hear of it once.

use crate::fake_bot_api::{Fault, Sent};
use crate::harness::{ADMIN, RunningBot, SOMEBODY, group, mention, private, replace, reply};
use planbot::{ChatId, write_text};
use serde_json::{Value, json};

const OLD: i64 = -5_009;
const NEW: i64 = -100_200_900;
const UNITS: &str = "[[unit]]\nname = \"某街道\"\nchat = -5009\n";

/// A bot whose units.toml names the old group, on the day of the first reminder.
async fn with_a_listed_group() -> RunningBot {
    let bot = RunningBot::start_by(|config| {
        write_text(&config.paths.data.join("units.toml"), UNITS).unwrap()
    })
    .await;
    bot.clock.set(6, 24, 10, 0);
    bot
}

/// Wakes the desk and waits until the bot has answered something else.
async fn a_while(bot: &RunningBot) {
    for _ in 0..3 {
        bot.app.wake_desk();
        bot.ask(SOMEBODY, "什么是放管服").await;
    }
}

/// Somebody who administers the new group subscribes it, and an administrator of the bot agrees; gives the reply.
async fn subscribed(bot: &RunningBot, message: Value) -> Sent {
    bot.api.make_chat_admin(SOMEBODY);
    bot.api.push([message]);
    let reply = bot.api.next_sent_to(NEW).await;
    let wish = bot.api.next_sent_to(ADMIN).await;
    bot.api
        .press_at(ADMIN, ADMIN, wish.number, &wish.button("同意"));
    for _ in 0..2 {
        bot.api.next_sent().await;
    }
    reply
}

fn is_reminder(sent: &Sent) -> bool {
    sent.text.contains("【报送提醒】")
}

/// Reads what is sent until so many messages came, and gives the reminders and the rest.
async fn sent(bot: &RunningBot, count: usize) -> (Vec<Sent>, Vec<Sent>) {
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(bot.api.next_sent().await);
    }
    all.into_iter().partition(is_reminder)
}

fn tells_the_line(sent: &Sent) -> bool {
    sent.chat == ADMIN
        && sent.text.contains("“某街道”")
        && sent.text.contains(&format!("chat = {OLD}\n"))
        && sent.text.contains(&format!("chat = {NEW}\n"))
}

#[tokio::test]
async fn a_group_of_the_data_that_moves_is_followed_once_and_administrators_hear_what_to_change() {
    let bot = with_a_listed_group().await;
    bot.api.fail_next([Fault::MovedTo(NEW)]);
    bot.app.wake_desk();
    let (reminders, told) = sent(&bot, 2).await;
    assert_eq!(
        reminders.iter().map(|sent| sent.chat).collect::<Vec<_>>(),
        [NEW]
    );
    assert!(told.iter().all(tells_the_line), "{told:?}");
    // The file still has the old number, and nothing comes of that.
    a_while(&bot).await;
    bot.clock.set(7, 1, 10, 0);
    bot.app.wake_desk();
    let (reminders, _) = sent(&bot, 1).await;
    assert_eq!(reminders[0].chat, NEW);
    a_while(&bot).await;
    bot.finish().await;
}

fn news(chat: i64, field: &str, other: i64) -> Value {
    let mut message = group(chat, SOMEBODY, "");
    message.as_object_mut().unwrap().remove("text");
    message[field] = json!(other);
    message
}

/// The news comes in the old group, in the new one, or in both, before or behind the bot's being counted out of the old one.
#[tokio::test]
async fn the_news_of_a_move_may_come_in_any_order() {
    let to = || json!({"message": news(OLD, "migrate_to_chat_id", NEW)});
    let from = || json!({"message": news(NEW, "migrate_from_chat_id", OLD)});
    let left = || {
        json!({"my_chat_member": {"chat": {"id": OLD, "type": "group", "title": "x"}, "from": {"id": SOMEBODY, "is_bot": false, "first_name": "x"},
            "date": 1, "old_chat_member": {"status": "member"}, "new_chat_member": {"status": "left"}}})
    };
    for order in [
        vec![to(), from()],
        vec![from(), to()],
        vec![from()],
        vec![left(), from()],
        vec![to(), left()],
    ] {
        let described = format!("{order:?}");
        let bot = with_a_listed_group().await;
        bot.app.wake_desk();
        let (reminders, _) = sent(&bot, 1).await;
        assert_eq!(reminders[0].chat, OLD);
        for mut update in order {
            if let Some(message) = update.get_mut("message") {
                message["message_id"] = json!(9_000);
                message["date"] = json!(1);
            }
            bot.api.push_raw(update);
            // By the asker's chat: what administrators are told may come before the reply.
            bot.api.push([private(SOMEBODY + 1, "/id")]);
            bot.api.next_sent_to(SOMEBODY + 1).await;
        }
        bot.clock.set(7, 1, 10, 0);
        bot.app.wake_desk();
        let (mut reminded, mut told) = (Vec::new(), 0);
        while reminded.is_empty() || told == 0 {
            let next = bot.api.next_sent().await;
            told += usize::from(tells_the_line(&next));
            if is_reminder(&next) {
                reminded.push(next.chat);
            }
        }
        assert_eq!(reminded, [NEW], "{described}");
        bot.finish_but_for(Some(ADMIN)).await;
    }
}

/// What was said in the old group and is read behind the news of its move counts: the reminder is known by the number that
/// it has there, and so are its buttons.
#[tokio::test]
async fn what_was_said_before_a_move_counts_behind_it() {
    let bot = with_a_listed_group().await;
    bot.app.wake_desk();
    let (reminders, _) = sent(&bot, 1).await;
    bot.api.set_moved(OLD, NEW);
    bot.api.push([news(OLD, "migrate_to_chat_id", NEW)]);
    assert!(tells_the_line(&bot.api.next_sent_to(ADMIN).await));
    bot.api
        .push([reply(OLD, SOMEBODY, &reminders[0], "处理中")]);
    let said = bot.api.next_sent_to(NEW).await.text;
    assert!(said.contains("处理中"), "{said}");
    let status = bot.ask(ADMIN, "/status").await.text;
    assert!(status.contains("某街道：处理中"), "{status}");
    let button = reminders[0].button("已报送");
    bot.api
        .press_at(OLD, SOMEBODY, reminders[0].number, &button);
    let said = bot.api.next_sent_to(NEW).await.text;
    assert!(said.contains("已报送"), "{said}");
    let status = bot.ask(ADMIN, "/status").await.text;
    assert!(status.contains("某街道：已报送"), "{status}");
    bot.finish().await;
}

#[tokio::test]
async fn a_group_that_does_not_let_the_bot_write_rests_at_once_and_is_said() {
    for reason in [
        "Forbidden: bot was kicked from the group chat",
        "Forbidden: bot is not a member of the supergroup chat",
        "Forbidden: the group chat was deleted",
        "Forbidden: bot can't initiate conversation with a user",
        "Bad Request: CHAT_WRITE_FORBIDDEN",
        "Bad Request: TOPIC_CLOSED",
        "Bad Request: not enough rights to send text messages to the chat",
        "Bad Request: have no rights to send a message",
    ] {
        let bot = with_a_listed_group().await;
        bot.api.set_refused(OLD, None, reason);
        bot.app.wake_desk();
        // Nothing wakes the desk a second time: it is told in the same breath.
        let told = bot.api.next_sent().await;
        assert!(
            told.chat == ADMIN && told.text.contains("某街道") && told.text.contains(reason),
            "{told:?}"
        );
        let suspended = bot
            .app
            .store()
            .unwrap()
            .subscription(ChatId(OLD))
            .unwrap()
            .unwrap()
            .suspended;
        assert_eq!(suspended.as_deref(), Some(reason));
        a_while(&bot).await;
        bot.finish().await;
    }
}

#[tokio::test]
async fn a_chat_that_cannot_be_reached_stands_in_the_status() {
    let bot = RunningBot::start().await;
    bot.clock.set(6, 24, 9, 0);
    subscribed(&bot, group(NEW, SOMEBODY, &mention("/subscribe 某街道"))).await;
    bot.clock.set(6, 24, 10, 0);
    bot.api
        .set_refused(NEW, None, "Bad Request: CHAT_WRITE_FORBIDDEN");
    bot.app.wake_desk();
    bot.api.next_sent().await;
    let status = bot.ask(ADMIN, "/status").await.text;
    assert!(
        status.contains("联系不上1") && status.contains("某街道：联系不上"),
        "{status}"
    );
    bot.finish().await;
}

#[tokio::test]
async fn who_subscribed_in_a_topic_is_reminded_there_and_in_general_when_it_is_closed() {
    let bot = RunningBot::start().await;
    bot.clock.set(6, 24, 9, 0);
    let mut message = group(NEW, SOMEBODY, &mention("/subscribe 某街道"));
    message["message_thread_id"] = json!(77);
    message["is_topic_message"] = json!(true);
    assert_eq!(subscribed(&bot, message).await.topic, Some(77));
    bot.clock.set(6, 24, 10, 0);
    bot.app.wake_desk();
    let reminder = bot.api.next_sent().await;
    assert_eq!((reminder.chat, reminder.topic), (NEW, Some(77)));
    for closed in [
        "Bad Request: TOPIC_CLOSED",
        "Bad Request: message thread not found",
    ] {
        let day = if closed.contains("CLOSED") { 1 } else { 5 };
        bot.clock.set(7, day, 10, 0);
        bot.api.fail_next([Fault::Refused(closed)]);
        bot.app.wake_desk();
        let reminder = bot.api.next_sent().await;
        assert_eq!((reminder.chat, reminder.topic), (NEW, None));
        assert!(
            reminder.text.contains("话题关闭或删除了"),
            "{}",
            reminder.text
        );
    }
    // Whoever does not administer the group does not move its reminders to another topic.
    let mut elsewhere = group(NEW, SOMEBODY + 9, &mention("/subscribe 某街道"));
    elsewhere["message_thread_id"] = json!(78);
    elsewhere["is_topic_message"] = json!(true);
    bot.api.push([elsewhere]);
    assert_eq!(bot.api.next_sent().await.topic, Some(78));
    // Open again, it is used again.
    bot.clock.set(7, 7, 10, 0);
    bot.app.wake_desk();
    let reminder = bot.api.next_sent().await;
    assert_eq!(reminder.topic, Some(77));
    assert!(!reminder.text.contains("话题关闭"), "{}", reminder.text);
    bot.finish().await;
}

#[tokio::test]
async fn a_reload_lists_units_whose_chat_is_another_or_that_are_gone() {
    let bot = with_a_listed_group().await;
    bot.clock.set(6, 20, 10, 0);
    let units = bot.file("units.toml");
    write_text(
        &units,
        &format!("{UNITS}\n[[unit]]\nname = \"乙局\"\nchat = -7\n"),
    )
    .unwrap();
    let listed = reloaded(&bot).await;
    assert!(listed.contains("单位：新增乙局"), "{listed}");
    replace(&units, "chat = -5009", "chat = -8");
    let listed = reloaded(&bot).await;
    assert!(
        listed.contains("单位：某街道的会话由 -5009 改为 -8"),
        "{listed}"
    );
    replace(&units, "chat = -8\n", "");
    let listed = reloaded(&bot).await;
    assert!(
        listed.contains("单位：某街道的会话由 -8 改为 无"),
        "{listed}"
    );
    write_text(&units, UNITS).unwrap();
    let listed = reloaded(&bot).await;
    assert!(listed.contains("已没有乙局"), "{listed}");
    bot.finish().await;
}

/// What the bot says of a reload.
async fn reloaded(bot: &RunningBot) -> String {
    bot.api.push([crate::harness::private(ADMIN, "/reload")]);
    loop {
        let sent = bot.api.next_sent().await;
        if sent.text.contains("已载入新数据") {
            return sent.text;
        }
    }
}
