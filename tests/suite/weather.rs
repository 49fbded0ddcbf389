//! What Telegram does to bots: refusals, broken connections, edits, removals, webhooks; and what a restart finds.

use crate::fake_bot_api::Fault;
use crate::harness::{ADMIN, RunningBot, SOMEBODY, group, mention, only_qinghe, private};
use planbot::{AuditAct, BotId, NewUpdate, Stamp, Store, UpdateId};
use serde_json::json;

const GROUP: i64 = -100_800;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_for_good_is_not_tried_again() {
    let bot = RunningBot::start().await;
    bot.api
        .fail_next([Fault::Refused("Bad Request: TOPIC_CLOSED")]);
    let questions =
        ["什么是放管服", "失业率2022年目标"].map(|text| group(GROUP, SOMEBODY, &mention(text)));
    let numbers = bot.api.push(questions);
    assert_eq!(
        bot.api.next_sent().await.reply_to,
        Some(numbers[1]),
        "the first is given up at once"
    );
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_a_chat_does_not_take_leaves_its_text() {
    let bot = RunningBot::start().await;
    bot.api.fail_next([Fault::Refused(
        "Bad Request: not enough rights to send photos to the chat",
    )]);
    let reply = bot.ask(SOMEBODY, "/chart 失业率").await;
    assert!(
        reply.file.is_none()
            && reply.text.contains("5%以内")
            && reply.text.contains("不让机器人发图片"),
        "{reply:?}"
    );
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_whose_marks_are_refused_goes_out_without_them() {
    let bot = RunningBot::start().await;
    bot.api.fail_next([Fault::Refused(
        "Bad Request: can't parse entities: unsupported start tag",
    )]);
    let reply = bot.ask(SOMEBODY, "什么是放管服").await;
    assert!(
        reply.parse_mode.is_none()
            && reply.text.contains("简政放权")
            && !reply.text.contains("<b>"),
        "{reply:?}"
    );
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_behind_the_arrival_is_one_repeat_and_counted() {
    let bot = RunningBot::start().await;
    bot.api.fail_next([Fault::DroppedBehind]);
    let first = bot.ask(SOMEBODY, "什么是放管服").await;
    let second = bot.api.next_sent().await;
    assert_eq!(first.text, second.text);
    assert_eq!(bot.app.store().unwrap().unknown_sends().unwrap(), 1);
    assert!(
        bot.ask(ADMIN, "/status")
            .await
            .text
            .contains("结果不明的发送：1次")
    );
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_question_changes_its_answer_each_time() {
    let bot = RunningBot::start().await;
    let first = bot.ask(SOMEBODY, "失业率2021年目标").await;
    let edited = |text: &str| {
        let mut message = private(SOMEBODY, text);
        message["message_id"] = json!(first.reply_to.unwrap());
        message["date"] = json!(1);
        message["edit_date"] = json!(2);
        json!({"edited_message": message})
    };
    bot.api.push_raw(edited("失业率2022年目标"));
    let second = bot.api.next_sent().await;
    assert_eq!(second.replaces, Some(first.number), "{second:?}");
    assert!(second.text.contains("5%以内"));
    // A preview of a link was added: the text is the same, and nothing is to be said.
    bot.api.push_raw(edited("失业率2022年目标"));
    bot.api.push_raw(edited("什么是放管服"));
    let third = bot.api.next_sent().await;
    assert_eq!(third.replaces, Some(first.number), "{third:?}");
    assert!(third.text.contains("简政放权"), "{}", third.text);
    // Somebody took the answer away.
    bot.api
        .fail_next([Fault::Refused("Bad Request: message to edit not found")]);
    bot.api.push_raw(edited("失业率2021年目标"));
    let anew = bot.api.next_sent().await;
    assert_eq!((anew.replaces, anew.reply_to), (None, first.reply_to));
    let chart = bot.ask(SOMEBODY, "/chart 失业率").await;
    let mut of_chart = private(SOMEBODY, "什么是放管服");
    of_chart["message_id"] = json!(chart.reply_to.unwrap());
    of_chart["date"] = json!(1);
    bot.api.push_raw(json!({"edited_message": of_chart}));
    let behind = bot.api.next_sent().await;
    assert!(
        behind.replaces.is_none() && behind.text.contains("简政放权"),
        "a picture is not changed into a text: {behind:?}"
    );
    assert!(bot.ask(ADMIN, "什么是放管服").await.replaces.is_none());
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_comes_twice_or_late_is_answered_once() {
    let bot = RunningBot::start().await;
    let update = |number: i64, text: &str| {
        let mut message = private(SOMEBODY, text);
        message["message_id"] = json!(number);
        message["date"] = json!(1);
        json!({"update_id": number, "message": message})
    };
    bot.api.push_exact(update(900, "什么是放管服"));
    bot.api.next_sent().await;
    bot.api.push_exact(update(901, "失业率2022年目标"));
    bot.api.next_sent().await;
    bot.api.push_exact(update(901, "失业率2022年目标"));
    // The same message under another number.
    let mut again = update(901, "失业率2022年目标");
    again["update_id"] = json!(902);
    bot.api.push_exact(again);
    bot.ask(ADMIN, "什么是放管服").await;
    bot.finish().await;
}

/// What came in while the bot stood still is more than a queue takes: everybody whose question is not answered hears so once.
#[tokio::test(flavor = "multi_thread")]
async fn a_backlog_is_answered_or_each_asker_is_told_once() {
    let bot = RunningBot::start_with(2).await;
    bot.api.slow_down(-7, std::time::Duration::from_millis(20));
    let askers = 12_i64;
    let messages = (0..3).flat_map(|_| 0..askers);
    let numbers = bot.api.push(messages.map(|asker| {
        crate::harness::group(-7, 500 + asker, &crate::harness::mention("什么是放管服"))
    }));
    let mut answered = std::collections::BTreeSet::new();
    let mut told = Vec::new();
    // The last question of all is answered only when nothing else waits.
    loop {
        let sent = bot.api.next_sent().await;
        let at = numbers
            .iter()
            .position(|number| sent.reply_to == Some(*number));
        let asker = at.unwrap() as i64 % askers;
        if sent.text.contains("简政放权") {
            answered.insert(asker);
        } else {
            told.push(asker);
        }
        let heard = told
            .iter()
            .chain(&answered)
            .collect::<std::collections::BTreeSet<_>>();
        if heard.len() as i64 == askers {
            break;
        }
    }
    bot.finish_but_for(Some(-7)).await;
    let once: std::collections::BTreeSet<_> = told.iter().collect();
    assert_eq!(once.len(), told.len(), "told twice: {told:?}");
    assert!(!told.is_empty(), "nothing was too much");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_comes_back_reminds_again() {
    let bot = RunningBot::start().await;
    bot.clock.set(6, 20, 10, 0);
    bot.api
        .push([group(GROUP, ADMIN, &mention("/subscribe 某街道"))]);
    assert!(bot.api.next_sent().await.text.contains("已订阅"));
    let member = |status: &str| {
        json!({"my_chat_member": {"chat": {"id": GROUP, "type": "supergroup", "title": "工作群"}, "date": 1,
            "from": {"id": SOMEBODY, "is_bot": false, "first_name": "某人"},
            "old_chat_member": {"status": "member"}, "new_chat_member": {"status": status}}})
    };
    bot.api.push_raw(member("kicked"));
    assert!(bot.api.next_sent().await.text.contains("离开了会话"));
    bot.clock.set(6, 24, 10, 0);
    bot.api.push_raw(member("member"));
    let (first, second) = (bot.api.next_sent().await, bot.api.next_sent().await);
    let texts = format!("{}\n{}", first.text, second.text);
    assert!(
        texts.contains("回到了会话") && texts.contains("报送提醒"),
        "{texts}"
    );
    bot.finish().await;
}

/// What was taken before a restart is answered after it; what may have been answered says so.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_before_a_restart_is_answered() {
    let update = |number: i64, text: &str| {
        let mut message = private(SOMEBODY, text);
        message["message_id"] = json!(number);
        message["date"] = json!(1);
        json!({"update_id": number, "message": message})
    };
    let bot = RunningBot::start_over(|state| {
        let store = Store::open(state).unwrap();
        let bot = BotId(u64::try_from(crate::fake_bot_api::BOT_ID).unwrap());
        let take = |number: i64| {
            let raw = update(number, "什么是放管服");
            store
                .take_updates(
                    bot,
                    &[NewUpdate {
                        number: UpdateId(number),
                        raw: &raw,
                        at_once: false,
                    }],
                )
                .unwrap()
        };
        assert_eq!((take(41), take(42)), (vec![true], vec![true]));
        store.begin_answer(bot, UpdateId(42));
        assert_eq!(take(41), [false]);
        store.flush().unwrap();
    })
    .await;
    let (first, second) = (bot.api.next_sent().await, bot.api.next_sent().await);
    assert_eq!((first.reply_to, second.reply_to), (Some(41), Some(42)));
    assert!(
        !first.text.contains("重启前") && second.text.contains("重启前可能已经答过"),
        "{second:?}"
    );
    bot.ask(SOMEBODY, "什么是放管服").await;
    let store = bot.app.store().unwrap();
    let open = store.taken_updates(BotId(7_000)).unwrap();
    let asked = [UpdateId(41), UpdateId(42)];
    assert!(
        open.iter().all(|(number, _)| !asked.contains(number)),
        "{open:?}"
    );
    bot.finish().await;
}

/// What is done with does not come back because its neighbour is still open, however many others are done with meanwhile.
#[test]
fn what_is_done_with_stays_so_while_its_neighbour_is_open() {
    const BOT: BotId = BotId(7);
    let directory = tempfile::tempdir().unwrap();
    let raw = json!({"update_id": 0});
    let store = Store::open(directory.path()).unwrap();
    let take = |numbers: std::ops::Range<i64>| {
        let updates: Vec<NewUpdate<'_>> = numbers
            .map(|number| NewUpdate {
                number: UpdateId(number),
                raw: &raw,
                at_once: true,
            })
            .collect();
        assert!(
            store
                .take_updates(BOT, &updates)
                .unwrap()
                .iter()
                .all(|is_new| *is_new)
        );
    };
    take(1..3);
    store.finish_update(BOT, UpdateId(1));
    store.flush().unwrap();
    for batch in 1..=220 {
        let numbers = batch * 100..(batch + 1) * 100;
        take(numbers.clone());
        numbers.for_each(|number| store.finish_update(BOT, UpdateId(number)));
        store.flush().unwrap();
    }
    drop(store);
    let store = Store::open(directory.path()).unwrap();
    let open: Vec<UpdateId> = store
        .taken_updates(BOT)
        .unwrap()
        .into_iter()
        .map(|(number, _)| number)
        .collect();
    assert_eq!(open, [UpdateId(2)]);
}

/// An update that comes twice in one batch is taken once, and its record goes when it is done with.
#[test]
fn an_update_that_comes_twice_at_once_is_taken_once() {
    let directory = tempfile::tempdir().unwrap();
    let raw = json!({"update_id": 5});
    let update = NewUpdate {
        number: UpdateId(5),
        raw: &raw,
        at_once: false,
    };
    let store = Store::open(directory.path()).unwrap();
    assert_eq!(
        store.take_updates(BotId(7), &[update, update]).unwrap(),
        [true, false]
    );
    assert_eq!(store.take_updates(BotId(7), &[update]).unwrap(), [false]);
    store.finish_update(BotId(7), UpdateId(5));
    store.flush().unwrap();
    let kept = store
        .export(&Stamp {
            version: String::new(),
            at: String::new(),
        })
        .unwrap();
    assert!(!kept.contains("\"taken\""), "{kept}");
}

/// Whoever asked much before a restart is answered after it, whatever the limits say of the moment of the start.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_before_a_restart_knows_no_limit() {
    const COUNT: i64 = 70;
    let bot = RunningBot::start_over(|state| {
        let store = Store::open(state).unwrap();
        for number in 1..=COUNT {
            let mut message = private(SOMEBODY, "什么是放管服");
            message["message_id"] = json!(number);
            let raw = json!({"update_id": number, "message": message});
            let bot = BotId(u64::try_from(crate::fake_bot_api::BOT_ID).unwrap());
            store
                .take_updates(
                    bot,
                    &[NewUpdate {
                        number: UpdateId(number),
                        raw: &raw,
                        at_once: false,
                    }],
                )
                .unwrap();
        }
        store.flush().unwrap();
    })
    .await;
    for number in 1..=COUNT {
        let sent = bot.api.next_sent().await;
        assert!(
            sent.reply_to == Some(number) && sent.text.contains("简政放权"),
            "{sent:?}"
        );
    }
    bot.finish().await;
}

/// A webhook: the secret is asked for, the body is bounded, the same questions get the same answers.
#[tokio::test(flavor = "multi_thread")]
async fn updates_come_by_webhook_too() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let bot = RunningBot::start_by(|config| {
        config.telegram.mode = "webhook".to_string();
        config.telegram.webhook_url = "https://bot.example.org".to_string();
        config.telegram.webhook_listen = free.to_string();
    })
    .await;
    let set = bot.api.webhook_once().await;
    assert_eq!(set["url"], json!("https://bot.example.org/telegram"));
    let secret = set["secret_token"].as_str().unwrap().to_string();
    let client = reqwest::Client::new();
    let address = format!("http://{free}");
    let post = |secret: &str, body: Vec<u8>| {
        client
            .post(format!("{address}/telegram"))
            .header("X-Telegram-Bot-Api-Secret-Token", secret)
            .body(body)
            .send()
    };
    let mut message = private(SOMEBODY, "什么是放管服");
    message["message_id"] = json!(5);
    message["date"] = json!(1);
    let update = |number: i64| -> Vec<u8> {
        serde_json::to_vec(&json!({"update_id": number, "message": message})).unwrap()
    };
    assert_eq!(post(&secret, update(1)).await.unwrap().status(), 200);
    assert!(bot.api.next_sent().await.text.contains("简政放权"));
    assert_eq!(post(&secret, update(1)).await.unwrap().status(), 200);
    assert_eq!(post("wrong", update(2)).await.unwrap().status(), 403);
    assert_eq!(post(&secret, b"{".to_vec()).await.unwrap().status(), 400);
    // The connection may end before all of it is written.
    assert!(
        post(&secret, vec![b'x'; 3 << 20])
            .await
            .map_or(true, |answer| answer.status() == 413)
    );
    let health = reqwest::Client::new()
        .get(format!("{address}/healthz"))
        .send()
        .await
        .unwrap();
    assert_eq!(health.text().await.unwrap(), "ok");
    bot.finish().await;
}

/// What could not be answered is kept without names, proposed as a synonym, adopted after the exam, and taken back.
#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_answered_is_learned_and_taken_back() {
    // Adopting takes the exam of all plans twice: over the shipped one that is a minute without optimisation.
    let bot = RunningBot::start_by(|config| only_qinghe(&config.paths.data)).await;
    let question = "2024年稻谷目标是多少";
    let refusal = bot.ask(SOMEBODY, question).await;
    assert!(refusal.text.contains("文件里没有"), "{refusal:?}");
    let down = bot.ask(SOMEBODY, "什么是三水共治").await;
    // Pressing twice is one vote.
    bot.api.press(SOMEBODY, SOMEBODY, &down.button("👎"));
    bot.api.press(SOMEBODY, SOMEBODY, &down.button("👎"));
    assert!(
        bot.ask(SOMEBODY, "/unanswered")
            .await
            .text
            .contains("只有管理员")
    );
    let listed = bot.ask(ADMIN, "/unanswered").await;
    assert!(
        listed.text.contains("稻谷") && listed.text.contains("👎“什么是三水共治”　1次"),
        "{listed:?}"
    );
    let adopt = listed
        .buttons
        .iter()
        .find(|(label, _)| label.contains("就是早稻亩均产量"))
        .unwrap_or_else(|| panic!("{listed:?}"))
        .clone();
    bot.api.press(SOMEBODY, SOMEBODY, &adopt.1);
    bot.api.press(ADMIN, ADMIN, &adopt.1);
    // What it changes is shown before it is adopted.
    let tried = bot.api.next_sent().await;
    for expected in [question, "文件里没有稻谷", "415公斤左右"] {
        assert!(tried.text.contains(expected), "{expected}: {tried:?}");
    }
    assert!(
        bot.ask(SOMEBODY, question)
            .await
            .text
            .contains("文件里没有")
    );
    bot.api.press(ADMIN, ADMIN, &tried.button("采纳"));
    let adopted = bot.api.next_sent().await;
    assert!(adopted.text.contains("已采纳"), "{adopted:?}");
    assert!(
        bot.ask(SOMEBODY, question)
            .await
            .text
            .contains("415公斤左右")
    );
    bot.api.press(ADMIN, ADMIN, &adopted.button("撤回"));
    assert!(bot.api.next_sent().await.text.contains("已撤回"));
    assert!(
        bot.ask(SOMEBODY, question)
            .await
            .text
            .contains("文件里没有")
    );
    bot.clock.set(12, 1, 9, 0);
    assert!(
        bot.ask(ADMIN, "/unanswered")
            .await
            .text
            .contains("没有答不了的问题"),
        "what is old is forgotten"
    );
    let acts: Vec<AuditAct> = bot
        .app
        .store()
        .unwrap()
        .audits()
        .unwrap()
        .into_iter()
        .map(|audit| audit.act)
        .collect();
    assert_eq!(acts, [AuditAct::Adopt, AuditAct::Withdraw]);
    bot.finish().await;
}

/// A synonym that would make a right answer wrong is not adopted, and the file stays as it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_synonym_that_answers_worse_is_refused() {
    let bot = RunningBot::start().await;
    let file = bot.file("plans/yuzhong-2022/synonyms.toml");
    let before = planbot::read_text(&file).unwrap();
    let admin = planbot::PersonId(ADMIN);
    let result = bot
        .app
        .change_synonym(admin, planbot::SynonymChange::Adopt, "绿化覆盖率", "失业率")
        .await;
    assert!(!matches!(result, planbot::Adopted::Done), "{result:?}");
    let result = bot
        .app
        .change_synonym(admin, planbot::SynonymChange::Adopt, "没有这个指标", "某率")
        .await;
    assert_eq!(result, planbot::Adopted::NoSuchName);
    assert_eq!(planbot::read_text(&file).unwrap(), before);
    assert!(
        bot.ask(SOMEBODY, "失业率2022年目标")
            .await
            .text
            .contains("5%以内")
    );
    bot.finish().await;
}
