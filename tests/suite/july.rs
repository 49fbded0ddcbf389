//! The July cycle of twelve units in twelve groups, with everything that happens to groups in an office, each thing once. What
//! each chat saw is held against what it should see; the whole log is read by people (`docs/july-cycle.md`).

use crate::fake_bot_api::Sent;
use crate::harness::{ADMIN, RunningBot, SOMEBODY, group, mention};
use planbot::write_text;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const NAMES: [&str; 12] = [
    "甲街道",
    "乙街道",
    "丙街道",
    "丁局",
    "戊局",
    "己局",
    "庚局",
    "辛委",
    "壬委",
    "癸委",
    "子中心",
    "丑中心",
];

/// The group of a unit as units.toml has it.
fn chat(unit: usize) -> i64 {
    -100_301 - unit as i64
}

/// The group's number after it became a supergroup.
fn moved(unit: usize) -> i64 {
    -100_200_301 - unit as i64
}

fn units_toml() -> String {
    let unit =
        |(at, name): (usize, &&str)| format!("[[unit]]\nname = \"{name}\"\nchat = {}\n", chat(at));
    NAMES
        .iter()
        .enumerate()
        .map(unit)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A cycle under way: what was sent, by day.
struct Cycle {
    bot: RunningBot,
    day: (u32, u32),
    log: Vec<String>,
    sent: Vec<((u32, u32), Sent)>,
}

impl Cycle {
    async fn begun() -> Self {
        let bot = RunningBot::start_by(|config| {
            write_text(&config.paths.data.join("units.toml"), &units_toml()).unwrap()
        })
        .await;
        bot.api.make_chat_admin(SOMEBODY);
        let (log, sent) = (Vec::new(), Vec::new());
        Self {
            bot,
            day: (6, 23),
            log,
            sent,
        }
    }

    fn heard(&mut self, what: impl Into<String>) {
        let (month, day) = self.day;
        self.log.push(format!("{month}月{day}日 ← {}", what.into()));
    }

    fn take(&mut self, sent: Sent) {
        let (month, day) = self.day;
        let place = match sent.topic {
            Some(topic) => format!("{} 话题 {topic}", sent.chat),
            None => sent.chat.to_string(),
        };
        let buttons: Vec<String> = sent
            .buttons
            .iter()
            .map(|(label, _)| format!("[{label}]"))
            .collect();
        let text = sent.text.replace('\n', "\n    ");
        self.log.push(format!(
            "{month}月{day}日 → {place}\n    {text}\n    {}",
            buttons.join(" ")
        ));
        self.sent.push((self.day, sent));
    }

    /// Reads on until the bot has answered a question of a clerk, behind whatever else it had to say.
    async fn settle(&mut self) {
        for _ in 0..2 {
            self.bot.app.wake_desk();
            let asked = self
                .bot
                .api
                .push([crate::harness::private(SOMEBODY + 7, "什么是放管服")])[0];
            loop {
                let sent = self.bot.api.next_sent().await;
                if sent.reply_to == Some(asked) {
                    break;
                }
                self.take(sent);
            }
            // The desk has its own pace: each send of a tick is followed by the next within a moment.
            let mut quiet = 0;
            while quiet < 4 {
                tokio::time::sleep(std::time::Duration::from_millis(150)).await;
                let unread = self.bot.api.unread();
                quiet = if unread.is_empty() { quiet + 1 } else { 0 };
                unread.into_iter().for_each(|sent| self.take(sent));
            }
        }
    }

    /// A day's reminders, at ten.
    async fn on(&mut self, month: u32, day: u32) {
        self.day = (month, day);
        self.bot.clock.set(month, day, 10, 0);
        self.settle().await;
    }

    async fn say(&mut self, message: Value, described: &str) {
        self.heard(described);
        self.bot.api.push([message]);
        self.settle().await;
    }

    async fn news(&mut self, update: Value, described: &str) {
        self.heard(described);
        self.bot.api.push_raw(update);
        self.settle().await;
    }

    /// A person presses a button under the last reminder of a chat.
    async fn press(&mut self, chat: i64, label: &str) {
        self.heard(format!("{chat}：有人点“{label}”"));
        let mut of_chat = self.sent.iter().rev().filter(|(_, sent)| sent.chat == chat);
        let reminder = of_chat
            .find(|(_, sent)| is_reminder(sent))
            .unwrap()
            .1
            .clone();
        self.bot
            .api
            .press_under(&reminder, SOMEBODY, "press", &reminder.button(label));
        self.settle().await;
    }

    /// The days on which a chat was reminded.
    fn reminded(&self, chat: i64) -> Vec<(u32, u32)> {
        let of_chat = self
            .sent
            .iter()
            .filter(|(_, sent)| sent.chat == chat && is_reminder(sent));
        of_chat.map(|(day, _)| *day).collect()
    }

    fn told(&self, words: &str) -> usize {
        let to_admin = self.sent.iter().filter(|(_, sent)| sent.chat == ADMIN);
        to_admin
            .filter(|(_, sent)| sent.text.contains(words))
            .count()
    }
}

fn is_reminder(sent: &Sent) -> bool {
    sent.replaces.is_none() && sent.text.contains("【报送提醒】")
}

fn member(chat: i64, status: &str) -> Value {
    json!({"my_chat_member": {"chat": {"id": chat, "type": "supergroup", "title": "x"},
        "from": {"id": SOMEBODY, "is_bot": false, "first_name": "x"}, "date": 1,
        "old_chat_member": {"status": "member"}, "new_chat_member": {"status": status}}})
}

/// The cycle, from the day before the first reminder until the week behind the due day.
async fn cycle() -> Cycle {
    let mut cycle = Cycle::begun().await;
    cycle.settle().await;
    let mut in_topic = group(chat(3), SOMEBODY, &mention("/subscribe 丁局"));
    in_topic["message_thread_id"] = json!(77);
    in_topic["is_topic_message"] = json!(true);
    cycle
        .say(in_topic, "丁局在话题 77 里发 /subscribe 丁局")
        .await;
    cycle.on(6, 24).await;
    cycle.press(chat(0), "已报送").await;
    cycle.press(chat(1), "处理中").await;
    // One group moves and the bot learns it from the refusal, one tells so itself, in its new chat only.
    cycle.heard("乙街道的群升级成超级群（机器人发消息时才知道）");
    cycle.bot.api.set_moved(chat(1), moved(1));
    let told = json!({"message": {"message_id": 9_001, "date": 1, "chat": {"id": moved(2), "type": "supergroup"},
        "from": {"id": SOMEBODY, "is_bot": false, "first_name": "x"}, "migrate_from_chat_id": chat(2)}});
    cycle
        .news(told, "丙街道的群升级成超级群（新群里的消息）")
        .await;
    cycle.heard("丁局的话题 77 关闭");
    cycle
        .bot
        .api
        .set_refused(chat(3), Some(77), "Bad Request: TOPIC_CLOSED");
    cycle.heard("戊局的群不让机器人发言");
    cycle.bot.api.set_refused(
        chat(4),
        None,
        "Bad Request: not enough rights to send text messages to the chat",
    );
    cycle
        .news(member(chat(5), "kicked"), "己局把机器人请出群")
        .await;
    cycle.on(7, 1).await;
    cycle
        .news(member(chat(5), "member"), "己局把机器人请回来")
        .await;
    cycle.on(7, 5).await;
    for unit in [2, 3, 5, 6, 7] {
        let chat = if unit == 2 { moved(2) } else { chat(unit) };
        cycle.press(chat, "已报送").await;
    }
    cycle.on(7, 7).await;
    cycle.on(7, 8).await;
    for unit in [8, 9, 10, 11] {
        cycle.press(chat(unit), "已报送").await;
    }
    cycle.on(7, 11).await;
    cycle
        .say(
            crate::harness::private(ADMIN, "/status"),
            "管理员发 /status",
        )
        .await;
    cycle.on(7, 13).await;
    cycle
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute, and writes docs/july-cycle.md: just july"]
async fn a_july_cycle_of_twelve_units() {
    let cycle = cycle().await;
    let head = "# 七月初报送，十二个单位\n\n`just july` 写的：一次报送从头到尾，机器人在每个会话里说了什么（→），发生了什么（←）。日期是 2022 年。\n\n```text\n";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/july-cycle.md");
    write_text(&path, &format!("{head}{}\n```\n", cycle.log.join("\n"))).unwrap();
    let all = [(6, 24), (7, 1), (7, 5), (7, 7), (7, 8), (7, 11), (7, 13)];
    let expected: BTreeMap<i64, &[(u32, u32)]> = BTreeMap::from([
        (chat(0), &all[..1]),
        (chat(1), &all[..1]),
        (moved(1), &all[1..]),
        (chat(2), &all[..1]),
        (moved(2), &all[1..3]),
        (chat(3), &all[..3]),
        (chat(4), &all[..1]),
        (chat(6), &all[..3]),
        (chat(7), &all[..3]),
        (chat(8), &all[..5]),
        (chat(11), &all[..5]),
    ]);
    for (chat, days) in expected {
        assert_eq!(cycle.reminded(chat), days, "{chat}");
    }
    // Back in the group, it catches up on what it could not say.
    let back = cycle.reminded(chat(5));
    assert_eq!(back.last(), Some(&(7, 5)), "{back:?}");
    for (words, times) in [
        (format!("chat = {}\n", chat(1)), 1),
        (format!("chat = {}\n", chat(2)), 1),
        ("【提醒没有送达】".to_string(), 1),
        ("【提醒暂停】".to_string(), 1),
        ("【提醒恢复】".to_string(), 1),
        ("【督查】".to_string(), 1),
    ] {
        assert_eq!(cycle.told(&words), times, "{words}");
    }
    let in_general = cycle
        .sent
        .iter()
        .filter(|(_, sent)| sent.chat == chat(3) && sent.text.contains("话题关闭"));
    assert_eq!(in_general.count(), 2);
    cycle.bot.finish().await;
}
