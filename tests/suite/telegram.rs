//! The bot in Telegram: who is answered, where, in what form, and what stops it (nothing does).

use crate::fake_bot_api::{BOT_ID, BOT_NAME, Fault};
use crate::harness::{ADMIN, RunningBot, SOMEBODY, group, mention, only_qinghe, private};
use serde_json::json;

const GROUP: i64 = -100_123;

#[tokio::test(flavor = "multi_thread")]
async fn a_question_in_a_private_chat_is_answered_with_its_source() {
    let bot = RunningBot::start().await;
    let reply = bot.ask(SOMEBODY, "2022年GDP增速目标是多少").await;
    assert_eq!(reply.parse_mode.as_deref(), Some("HTML"));
    assert!(
        reply
            .text
            .starts_with("<b>地区生产总值（GDP）增速 2022年预期目标 5%左右</b>\n"),
        "{}",
        reply.text
    );
    assert!(
        reply.text.contains("<i>来源：附件2 第1行"),
        "{}",
        reply.text
    );
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follow_up_keeps_the_subject_of_its_own_chat_and_person() {
    let bot = RunningBot::start_by(|config| only_qinghe(&config.paths.data)).await;
    let steps = [
        ("早稻亩均产量2024年目标", "415公斤左右"),
        ("那2023年呢", "412公斤"),
        ("完成了吗", "达标"),
        ("用什么单位", "单位：公斤"),
    ];
    for (question, expected) in steps {
        let reply = bot.ask(SOMEBODY, question).await;
        assert!(reply.text.contains(expected), "{question}: {}", reply.text);
        assert!(
            reply.text.contains("早稻亩均产量"),
            "{question}: {}",
            reply.text
        );
    }
    let first = bot.ask(SOMEBODY, "一村一碾怎么推进").await;
    let more = bot.ask(SOMEBODY, "还有呢").await;
    assert!(more.text.contains("一村一碾"), "{}", more.text);
    assert_ne!(first.text.lines().next(), more.text.lines().next());
    let other = bot.ask(ADMIN, "完成了吗").await;
    assert!(!other.text.contains("公斤"), "{}", other.text);
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn html_in_a_question_and_in_the_data_is_escaped() {
    let bot = RunningBot::start().await;
    let reply = bot.ask(SOMEBODY, "<b>火星</b>&人口").await;
    assert!(!reply.text.contains("<b>火星"), "{}", reply.text);
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_answered_only_when_it_speaks_to_the_bot() {
    let bot = RunningBot::start().await;
    let reply_to_bot = json!({"message_id": 1, "date": 1, "from": {"id": BOT_ID, "is_bot": true, "first_name": "b"},
        "chat": {"id": GROUP, "type": "supergroup", "title": "t"}, "text": "x"});
    let mut replied = group(GROUP, SOMEBODY, "什么是放管服");
    replied["reply_to_message"] = reply_to_bot;
    let mut in_topic = group(GROUP, SOMEBODY, &mention("失业率2022年目标"));
    in_topic["message_thread_id"] = json!(77);
    in_topic["is_topic_message"] = json!(true);
    let numbers = bot.api.push([
        group(GROUP, SOMEBODY, "什么是放管服"),
        group(GROUP, SOMEBODY, &mention("什么是放管服")),
        group(GROUP, SOMEBODY, &format!("/ask@{BOT_NAME} 什么是放管服")),
        group(GROUP, SOMEBODY, "/ask@another_bot 什么是放管服"),
        group(GROUP, SOMEBODY, "/help"),
        replied,
        in_topic,
    ]);
    for expected in [1, 2, 5] {
        let sent = bot.api.next_sent().await;
        assert_eq!(
            (sent.chat, sent.reply_to, sent.topic),
            (GROUP, Some(numbers[expected]), None)
        );
        assert!(sent.text.contains("简政放权"), "{}", sent.text);
    }
    let sent = bot.api.next_sent().await;
    assert_eq!((sent.reply_to, sent.topic), (Some(numbers[6]), Some(77)));
    assert!(sent.text.contains("5%以内"), "{}", sent.text);
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn channels_bots_and_unknown_kinds_are_skipped() {
    let bot = RunningBot::start().await;
    bot.api.push_raw(json!({"a_kind_not_yet_known": {"x": 1}}));
    bot.api.push_raw(json!({"channel_post": {"message_id": 5, "date": 1, "chat": {"id": -9, "type": "channel"}, "text": "GDP"}}));
    let mut of_a_bot = group(GROUP, SOMEBODY, &mention("GDP目标"));
    of_a_bot["from"]["is_bot"] = json!(true);
    let mut new_entity = private(SOMEBODY, "什么是放管服");
    new_entity["entities"] = json!([{"type": "an_entity_not_yet_known", "offset": 0, "length": 2}]);
    let numbers = bot.api.push([of_a_bot, new_entity]);
    assert_eq!(bot.api.next_sent().await.reply_to, Some(numbers[1]));
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_group_log_gets_no_word_from_the_bot() {
    let bot = RunningBot::start().await;
    let talk = [
        "GDP目标是多少",
        "什么是放管服",
        "收到",
        "/start",
        "/ask@another_bot 失业率",
        "@another_bot 失业率目标",
        "早上好",
        "https://example.org/?a=1&b=2",
    ];
    bot.api.push(
        (0..10_000).map(|at| group(GROUP, SOMEBODY + at % 50, talk[at as usize % talk.len()])),
    );
    let reply = bot.ask(SOMEBODY, "什么是放管服").await;
    assert_eq!(reply.chat, SOMEBODY);
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_chat_is_answered_in_its_order() {
    let bot = RunningBot::start_with(100).await;
    let years = [
        "2021年GDP增速目标",
        "2022年GDP增速目标",
        "什么是放管服",
        "什么时候报进展",
    ];
    let chats = [501, 502];
    let questions: Vec<(i64, &str)> = (0..40)
        .map(|at| (chats[at % 2], years[at / 2 % years.len()]))
        .collect();
    let numbers = bot
        .api
        .push(questions.iter().map(|(chat, text)| private(*chat, text)));
    let mut seen: Vec<(i64, i64)> = Vec::new();
    for _ in 0..questions.len() {
        let sent = bot.api.next_sent().await;
        seen.push((sent.chat, sent.reply_to.unwrap()));
    }
    for chat in chats {
        let expected: Vec<i64> = questions
            .iter()
            .zip(&numbers)
            .filter(|((c, _), _)| *c == chat)
            .map(|(_, number)| *number)
            .collect();
        let got: Vec<i64> = seen
            .iter()
            .filter(|(c, _)| *c == chat)
            .map(|(_, number)| *number)
            .collect();
        assert_eq!(got, expected);
    }
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_floods_is_told_once_and_others_are_answered() {
    let bot = RunningBot::start_with(2).await;
    bot.api.push(
        (0..300)
            .map(|_| private(601, "失业率2022年目标"))
            .chain([private(602, "什么是放管服")]),
    );
    let mut answered_other = false;
    let mut told = 0;
    let mut flooded = 0;
    while !answered_other || flooded < 3 || told == 0 {
        let sent = bot.api.next_sent().await;
        answered_other |= sent.chat == 602;
        told += usize::from(sent.text.contains("问得太快了"));
        flooded += usize::from(sent.chat == 601);
    }
    bot.api.push([private(602, "什么是放管服")]);
    let mut last = bot.api.next_sent().await;
    while last.chat != 602 {
        told += usize::from(last.text.contains("问得太快了"));
        last = bot.api.next_sent().await;
    }
    assert_eq!(told, 1);
    bot.finish_but_for(Some(601)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_handling_is_one_neutral_sentence_and_the_bot_goes_on() {
    let bot = RunningBot::start().await;
    bot.ask(SOMEBODY, "什么是两地").await;
    bot.clock.break_once();
    let reply = bot.ask(SOMEBODY, "什么是放管服").await;
    assert!(reply.text.contains("已经记录下来"), "{}", reply.text);
    let reply = bot.ask(SOMEBODY, "什么是放管服").await;
    assert!(reply.text.contains("简政放权"), "{}", reply.text);
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_that_fails_is_tried_again() {
    let bot = RunningBot::start().await;
    bot.api
        .fail_next([Fault::BadGateway, Fault::TooManyRequests]);
    let reply = bot.ask(SOMEBODY, "什么是放管服").await;
    assert!(reply.text.contains("简政放权"));
    bot.api.fail_next([Fault::MovedTo(-100_999)]);
    bot.api
        .push([group(GROUP, SOMEBODY, &mention("什么是放管服"))]);
    assert_eq!(bot.api.next_sent().await.chat, -100_999);
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_registered_in_chinese_and_more_for_administrators() {
    let bot = RunningBot::start().await;
    let reply = bot.ask(SOMEBODY, "/id").await;
    assert!(reply.text.contains(&SOMEBODY.to_string()), "{}", reply.text);
    let menus = bot.api.menus_once(4).await;
    assert_eq!(menus.len(), 4);
    let names = |at: usize| -> Vec<String> {
        menus[at]["commands"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["command"].as_str().unwrap().to_string())
            .collect()
    };
    assert!(names(0).contains(&"ask".to_string()) && !names(0).contains(&"reload".to_string()));
    assert!(names(3).contains(&"reload".to_string()));
    let kinds: Vec<&str> = menus
        .iter()
        .map(|menu| menu["scope"]["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "all_private_chats",
            "all_group_chats",
            "all_chat_administrators",
            "chat"
        ]
    );
    assert!(
        !names(1).contains(&"subscribe".to_string()) && names(2).contains(&"subscribe".to_string())
    );
    assert_eq!(menus[3]["scope"]["chat_id"], json!(ADMIN));
    for (command, expected) in [
        ("/term 放管服", "简政放权"),
        ("/target 失业率", "5%以内"),
        ("/list 约束性指标", "共7项"),
        ("/deadlines", "7月初"),
        ("/ask", "请在命令后面"),
        ("/start", "点下面的例子"),
    ] {
        let reply = bot.ask(SOMEBODY, command).await;
        assert!(reply.text.contains(expected), "{command}: {}", reply.text);
    }
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_in_order_answers_what_was_taken_and_confirms_it() {
    let bot = RunningBot::start_with(100).await;
    let first = bot.ask(SOMEBODY, "什么是放管服").await;
    assert!(first.text.contains("简政放权"));
    bot.api
        .push((0..5).map(|_| private(SOMEBODY, "失业率2022年目标")));
    for _ in 0..5 {
        assert!(bot.api.next_sent().await.text.contains("5%以内"));
    }
    let api = bot.api.clone();
    bot.finish().await;
    assert_eq!(api.confirmed(), 7);
}
