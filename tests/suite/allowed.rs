//! `[chat] allowed` means the same for everything that comes from a chat or goes to it, also where the chat has moved; and ids
//! that are nobody's open nothing.

use crate::harness::{ADMIN, NO_PAGE, RunningBot, SOMEBODY, copied_data, group, mention, private};
use crate::operating::{outcome, planbot};
use planbot::{ChatId, write_text};
use serde_json::{Value, json};

const ALLOWED: i64 = -100_810;
const OTHER: i64 = -100_820;
const MOVED: i64 = -100_830;
const QUESTION: &str = "什么是放管服";
const UNITS: &str =
    "[[unit]]\nname = \"甲局\"\nchat = -100810\n\n[[unit]]\nname = \"乙局\"\nchat = -100820\n";

async fn bot() -> RunningBot {
    RunningBot::start_with_units_by(UNITS, |config| config.chat.allowed = vec![ALLOWED]).await
}

fn edited(mut message: Value, number: i64) -> Value {
    message["message_id"] = json!(number);
    message["date"] = json!(1_640_000_000);
    json!({"edited_message": message})
}

fn typed(person: i64) -> Value {
    json!({"inline_query": {"id": format!("q{person}"), "from": {"id": person, "is_bot": false, "first_name": "某人"},
        "query": QUESTION, "offset": ""}})
}

/// What comes from a chat that is not allowed does nothing, whatever it is; only its id is told.
#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_is_not_allowed_gets_its_id_and_nothing_else() {
    let bot = bot().await;
    bot.api.push([group(ALLOWED, SOMEBODY, &mention(QUESTION))]);
    let answer = bot.api.next_sent_to(ALLOWED).await;
    let button = answer.button("原文");
    bot.api.push([
        group(OTHER, SOMEBODY, &mention(QUESTION)),
        group(OTHER, SOMEBODY, "/deadlines"),
        private(SOMEBODY, QUESTION),
    ]);
    bot.api
        .push_raw(edited(group(OTHER, SOMEBODY, &mention(QUESTION)), 900));
    bot.api.press(OTHER, SOMEBODY, &button);
    bot.api.push_raw(typed(SOMEBODY));
    let inline = bot.api.inline_answers_once(1).await;
    assert_eq!(inline[0]["results"], json!([]), "{inline:?}");
    for (chat, message) in [
        (OTHER, group(OTHER, SOMEBODY, &mention("/id"))),
        (SOMEBODY, private(SOMEBODY, "/id")),
    ] {
        bot.api.push([message]);
        let told = bot.api.next_sent_to(chat).await;
        assert!(told.text.contains(&chat.to_string()), "{told:?}");
    }
    bot.ask(ADMIN, QUESTION).await;
    assert_eq!(bot.api.flashes(), Vec::<String>::new());
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_is_not_allowed_is_not_reminded() {
    let bot = bot().await;
    bot.at(6, 24, 10, 0);
    let sent = bot.until_quiet_to(ADMIN).await;
    let chats: Vec<i64> = sent.iter().map(|sent| sent.chat).collect();
    assert_eq!(chats, [ALLOWED], "{sent:?}");
    bot.finish().await;
}

/// A group that becomes a supergroup has another id: what it says in the same batch is heard.
#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_moved_stays_allowed() {
    let bot = bot().await;
    let news = json!({"chat": {"id": MOVED, "type": "supergroup", "title": "工作群"},
        "from": {"id": SOMEBODY, "is_bot": false, "first_name": "某人"}, "migrate_from_chat_id": ALLOWED});
    bot.api
        .push([news, group(MOVED, SOMEBODY, &mention(QUESTION))]);
    let answer = bot.api.next_sent_to(MOVED).await;
    assert!(answer.text.contains("简政放权"), "{answer:?}");
    bot.api.push_raw(edited(
        group(MOVED, SOMEBODY, &mention("失业率2022年目标")),
        901,
    ));
    bot.api.next_sent_to(MOVED).await;
    bot.finish_but_for(Some(ADMIN)).await;
}

/// 0 sits at the machine and -1 at the page: nothing of Telegram passes for them.
#[tokio::test(flavor = "multi_thread")]
async fn ids_that_are_nobodys_open_nothing() {
    let bot = RunningBot::start().await;
    let mut as_the_page = group(OTHER, SOMEBODY, &mention("/status"));
    as_the_page["sender_chat"] = json!({"id": -1, "type": "channel", "title": "某频道"});
    let mut at_the_machine = group(OTHER, 0, &mention("/status"));
    at_the_machine["from"]["id"] = json!(0);
    let of_the_page = private(1 << 62, QUESTION);
    bot.api.push([
        as_the_page,
        at_the_machine,
        private(0, "/reload"),
        of_the_page,
    ]);
    bot.ask(SOMEBODY, QUESTION).await;
    bot.finish().await;
}

/// A reload names the units that are not reminded, a chat that moved among those that are.
#[tokio::test(flavor = "multi_thread")]
async fn a_reload_names_the_units_that_are_not_allowed() {
    let bot = bot().await;
    let store = bot.app.store().unwrap();
    store.note_move(ChatId(ALLOWED), ChatId(MOVED)).unwrap();
    let moved = format!("{UNITS}\n[[unit]]\nname = \"丙局\"\nchat = {MOVED}\n");
    write_text(&bot.data.path().join("data/units.toml"), &moved).unwrap();
    bot.api.push([private(ADMIN, "/reload")]);
    let mut reloaded = String::new();
    // That the chat has moved is told too.
    while !reloaded.contains("已载入新数据") {
        reloaded = bot.api.next_sent_to(ADMIN).await.text;
    }
    let named: Vec<&str> = reloaded
        .lines()
        .filter(|line| line.contains("allowed"))
        .collect();
    assert!(
        matches!(named.as_slice(), [line] if line.contains("乙局") && line.contains(&OTHER.to_string())),
        "{reloaded}"
    );
    bot.finish().await;
}

#[test]
fn check_and_doctor_name_the_units_that_are_not_allowed() {
    let directory = copied_data();
    let path = directory.path();
    let settings = format!("{NO_PAGE}\n[admins]\nids = [7]\n\n[chat]\nallowed = [{ALLOWED}]\n");
    write_text(&path.join("bot.toml"), &settings).unwrap();
    let own = "\n[[unit]]\nname = \"丙局\"\nchat = 7\n";
    write_text(&path.join("data/units.toml"), &format!("{UNITS}{own}")).unwrap();
    for command in ["check", "doctor"] {
        let (text, _, code) = outcome(planbot(path).arg(command));
        assert_eq!(code, 0, "{text}");
        let named: Vec<&str> = text
            .lines()
            .filter(|line| line.contains("allowed"))
            .collect();
        let is_of_other = |line: &&str| line.contains("乙局") && line.contains(&OTHER.to_string());
        assert_eq!(
            named.iter().filter(|line| is_of_other(line)).count(),
            1,
            "{command}: {text}"
        );
        assert!(
            !text.contains("甲局") && !text.contains("丙局"),
            "{command}: {text}"
        );
    }
    write_text(
        &path.join("data/units.toml"),
        "[[unit]]\nname = \"丁局\"\nchat = 0\n",
    )
    .unwrap();
    let (text, _, code) = outcome(planbot(path).arg("check"));
    assert!(code == 0 && text.contains("chat = 0"), "{text}");
}
