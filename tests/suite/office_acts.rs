//! Who may say what of a unit's report, and how: its registered chats, with buttons or in reply to a reminder. What was said
//! is shown where the reminder stands, by whom and when, and can be taken back.

use crate::fake_bot_api::Sent;
use crate::harness::{ADMIN, RunningBot, SOMEBODY, group, mention, private, reply};
use planbot::{Audit, AuditAct, ChatId};

const GROUP: i64 = -100_501;
const STRANGER: i64 = 6_666;

const UNITS: &str = "[[unit]]\nname = \"甲街道\"\naliases = [\"甲\"]\nchat = -100501\n";

async fn reminded() -> (RunningBot, Sent) {
    let bot = RunningBot::start_with_units(UNITS).await;
    bot.at(6, 24, 10, 0);
    let reminder = bot.api.next_sent().await;
    assert_eq!(reminder.chat, GROUP);
    (bot, reminder)
}

/// So many messages, as they come.
async fn sent(bot: &RunningBot, count: usize) -> Vec<Sent> {
    let mut sent = Vec::new();
    for _ in 0..count {
        sent.push(bot.api.next_sent().await);
    }
    sent
}

fn audits(bot: &RunningBot, act: AuditAct) -> Vec<Audit> {
    let all = bot.app.store().unwrap().audits().unwrap();
    all.into_iter().filter(|audit| audit.act == act).collect()
}

/// A stranger in a private chat becomes nobody by asking; an administrator decides, once.
#[tokio::test]
async fn a_chat_that_nobody_registered_speaks_for_nobody() {
    let (bot, _) = reminded().await;
    let asked = bot.ask(STRANGER, "/subscribe 甲").await;
    assert!(asked.text.contains("已请管理员确认"), "{asked:?}");
    let wish = bot.api.next_sent().await;
    assert!(
        wish.chat == ADMIN && wish.text.contains("6666") && wish.text.contains("“甲街道”"),
        "{wish:?}"
    );
    // Asked again, nobody is asked again; and no reminder comes meanwhile.
    assert!(
        bot.ask(STRANGER, "/subscribe 甲街道")
            .await
            .text
            .contains("已请管理员")
    );
    assert_eq!(bot.until_quiet().await.len(), 0);
    // Somebody else cannot decide.
    bot.api
        .press_at(ADMIN, STRANGER, wish.number, &wish.button("同意"));
    bot.api
        .press_at(ADMIN, ADMIN, wish.number, &wish.button("不同意"));
    let mut denied = sent(&bot, 2).await;
    denied.sort_by_key(|sent| sent.chat);
    assert!(
        denied[0].chat == ADMIN
            && denied[0].replaces == Some(wish.number)
            && denied[0].buttons.is_empty(),
        "{denied:?}"
    );
    assert!(
        denied[1].chat == STRANGER && denied[1].text.contains("没有同意"),
        "{denied:?}"
    );
    bot.at(7, 1, 10, 0);
    let next = bot.until_quiet().await;
    assert!(next.len() == 1 && next[0].chat == GROUP, "{next:?}");
    // Granted, the chat is reminded of what comes and of what holds, and its word counts in the group's reminder.
    assert!(
        bot.ask(STRANGER, "/subscribe 甲街道")
            .await
            .text
            .contains("已请管理员")
    );
    let wish = bot.api.next_sent().await;
    bot.api
        .press_at(ADMIN, ADMIN, wish.number, &wish.button("同意"));
    let granted = sent(&bot, 3).await;
    let reminder = granted
        .iter()
        .find(|sent| sent.text.contains("【报送提醒】"))
        .unwrap();
    assert!(
        reminder.chat == STRANGER && !reminder.text.contains("补发"),
        "{granted:?}"
    );
    bot.api
        .press(STRANGER, STRANGER, &reminder.button("已报送"));
    let shown = sent(&bot, 3).await;
    let places: Vec<(i64, bool)> = shown
        .iter()
        .map(|sent| (sent.chat, sent.text.contains("✓ 已报送 · 某人 10:00")))
        .collect();
    // Both of the group's reminders and the stranger's.
    assert_eq!(places.len(), 3, "{shown:?}");
    assert!(places.iter().all(|(_, told)| *told), "{shown:?}");
    // What was sent in its time is not called late because it is shown anew.
    assert!(
        !shown.iter().any(|sent| sent.text.contains("补发")),
        "{shown:?}"
    );
    assert_eq!(places.iter().filter(|(chat, _)| *chat == GROUP).count(), 2);
    assert_eq!(audits(&bot, AuditAct::Grant).len(), 1);
    bot.finish().await;
}

#[tokio::test]
async fn without_administrators_nobody_is_said_to_be_told() {
    let bot = RunningBot::start_with_units_by(UNITS, |config| config.admins.ids.clear()).await;
    let said = bot.ask(STRANGER, "/subscribe 甲街道").await.text;
    assert!(
        said.contains("还没有设管理员") && !said.contains("已请"),
        "{said}"
    );
    bot.at(6, 24, 10, 0);
    let reminder = bot.api.next_sent().await;
    bot.api
        .push([reply(GROUP, SOMEBODY, &reminder, "延期到7月15日")]);
    let both = sent(&bot, 2).await;
    let said = both.iter().find(|sent| sent.replaces.is_none()).unwrap();
    assert!(
        said.text.contains("还没有设管理员") && !said.text.contains("已转告"),
        "{said:?}"
    );
    bot.finish().await;
}

/// What is said can be taken back: by the chat, and what was said before holds again. All of it is in the audit.
#[tokio::test]
async fn what_was_said_is_taken_back() {
    let (bot, reminder) = reminded().await;
    bot.api.press(GROUP, SOMEBODY, &reminder.button("处理中"));
    let first = bot.api.next_sent().await;
    assert!(
        first.replaces == Some(reminder.number) && first.text.contains("处理中 · 某人 10:00"),
        "{first:?}"
    );
    bot.api.press(GROUP, SOMEBODY, &first.button("已报送"));
    let second = bot.api.next_sent().await;
    assert_eq!(
        second
            .buttons
            .iter()
            .map(|(label, _)| label.as_str())
            .collect::<Vec<_>>(),
        ["撤回"]
    );
    // A button of the message as it was before says who was first.
    bot.api.press(GROUP, STRANGER, &reminder.button("已报送"));
    bot.api.flashed(1, "已经报送过了（某人）").await;
    bot.api.press(GROUP, STRANGER, &second.button("撤回"));
    let third = bot.api.next_sent().await;
    assert!(third.text.contains("处理中 · 某人"), "{third:?}");
    bot.api.press(GROUP, STRANGER, &third.button("撤回"));
    let fourth = bot.api.next_sent().await;
    assert!(!fourth.text.contains("某人"), "{fourth:?}");
    bot.at(7, 1, 10, 0);
    assert!(bot.api.next_sent().await.text.contains("还有5个工作日"));
    let said: Vec<String> = audits(&bot, AuditAct::Report)
        .into_iter()
        .map(|audit| {
            assert!(
                audit.chat == Some(ChatId(GROUP)) && audit.name == "某人" && !audit.at.is_empty()
            );
            audit.result
        })
        .collect();
    assert_eq!(
        said,
        [
            "甲街道：处理中（区发改委/进展情况/2022-07）",
            "甲街道：已报送（区发改委/进展情况/2022-07）"
        ]
    );
    assert_eq!(audits(&bot, AuditAct::TakeBack).len(), 2);
    bot.finish().await;
}

/// An administrator takes back what a unit said, from the list of who has reported.
#[tokio::test]
async fn an_administrator_takes_back_what_a_unit_said() {
    let (bot, reminder) = reminded().await;
    bot.api.press(GROUP, SOMEBODY, &reminder.button("已报送"));
    bot.api.next_sent().await;
    let status = bot.ask(ADMIN, "/status").await;
    let back = status.button("撤回：甲街道");
    bot.api.press_at(ADMIN, ADMIN, status.number, &back);
    let both = sent(&bot, 2).await;
    assert!(
        both.iter()
            .any(|sent| sent.chat == GROUP && !sent.text.contains("✓")),
        "{both:?}"
    );
    assert!(
        bot.ask(ADMIN, "/status")
            .await
            .text
            .contains("甲街道：未回应")
    );
    bot.finish().await;
}

/// Twelve units in a chat: eight have their buttons at once, the others a page further.
#[tokio::test]
async fn more_than_eight_units_page() {
    let units: String = (1..=12)
        .map(|number| format!("[[unit]]\nname = \"第{number}科\"\nchat = -100501\n"))
        .collect();
    let bot = RunningBot::start_with_units(&units).await;
    bot.at(6, 24, 10, 0);
    let reminder = bot.api.next_sent().await;
    assert_eq!(reminder.rows, [3, 3, 3, 3, 3, 3, 3, 3, 1]);
    let other = reminder.button("下一页 2/2");
    bot.api.press_at(GROUP, SOMEBODY, reminder.number, &other);
    let turned = bot.api.next_sent().await;
    assert_eq!(turned.replaces, Some(reminder.number));
    assert_eq!(turned.rows, [3, 3, 3, 3, 1]);
    bot.api
        .press(GROUP, SOMEBODY, &turned.button("已报送：第9科"));
    let shown = bot.api.next_sent().await;
    assert!(
        shown.text.contains("第9科：✓ 已报送") && shown.rows == [1, 3, 3, 3, 1],
        "{shown:?}"
    );
    bot.finish().await;
}

/// Words that reply to a reminder are the act, with a way back; other words are not.
#[tokio::test]
async fn words_are_acts_where_they_are_meant_as_such() {
    let (bot, reminder) = reminded().await;
    bot.api.push([reply(GROUP, SOMEBODY, &reminder, "收到")]);
    let both = sent(&bot, 2).await;
    let said = both.iter().find(|sent| sent.replaces.is_none()).unwrap();
    assert!(said.text.contains("甲街道处理中"), "{both:?}");
    bot.api
        .push([reply(GROUP, SOMEBODY, &reminder, "我们已经报送了")]);
    let both = sent(&bot, 2).await;
    let said = both.iter().find(|sent| sent.replaces.is_none()).unwrap();
    assert!(said.text.contains("甲街道已报送"), "{both:?}");
    bot.api
        .press_at(GROUP, SOMEBODY, said.number, &said.button("撤回"));
    let both = sent(&bot, 2).await;
    let of = |number: i64| both.iter().find(|sent| sent.replaces == Some(number));
    assert!(
        of(said.number).is_some_and(|sent| sent.text.contains("恢复为处理中"))
            && of(reminder.number).is_some(),
        "{both:?}"
    );
    bot.api.push([reply(
        GROUP,
        SOMEBODY,
        &reminder,
        "延期到下下周五，等统计数据",
    )]);
    let said = bot.api.next_sent().await;
    assert!(
        said.text.contains("2022年7月8日（周五）不在截止日之后"),
        "{said:?}"
    );
    // Courtesies and questions stay what they are, also in reply to a reminder.
    for (words, answer) in [
        ("谢谢", "不客气"),
        ("7月15日前要报什么", "报送进展情况"),
        ("报送了吗", ""),
    ] {
        bot.api.push([reply(GROUP, SOMEBODY, &reminder, words)]);
        let said = bot.api.next_sent().await;
        assert!(
            said.text.contains(answer) && !said.text.contains("已记下"),
            "{words}: {said:?}"
        );
    }
    // Said to nobody's reminder, the same words are no act.
    bot.api.push([group(GROUP, SOMEBODY, &mention("已报送"))]);
    assert!(!bot.api.next_sent().await.text.contains("已记下"));
    assert_eq!(audits(&bot, AuditAct::Report).len(), 2);
    bot.finish().await;
}

/// The reminder is for two units: the one that is named is meant, or both, or it is asked which.
#[tokio::test]
async fn words_say_which_unit_they_are_of() {
    let units = format!("{UNITS}\n[[unit]]\nname = \"乙局\"\nchat = -100501\n");
    let bot = RunningBot::start_with_units(&units).await;
    bot.at(6, 24, 10, 0);
    let reminder = bot.api.next_sent().await;
    bot.api.push([reply(GROUP, SOMEBODY, &reminder, "已报送")]);
    let which = bot.api.next_sent().await;
    assert!(
        which.text.contains("哪一个") && which.rows == [1, 1],
        "{which:?}"
    );
    bot.api
        .press_at(GROUP, SOMEBODY, which.number, &which.button("乙局"));
    let shown = sent(&bot, 1).await;
    assert!(
        shown
            .iter()
            .any(|sent| sent.text.contains("乙局：✓ 已报送")),
        "{shown:?}"
    );
    // Only one is left.
    bot.api
        .push([reply(GROUP, SOMEBODY, &reminder, "甲，正在汇总")]);
    let shown = sent(&bot, 2).await;
    assert!(
        shown
            .iter()
            .any(|sent| sent.text.contains("已记下：甲街道处理中")),
        "{shown:?}"
    );
    bot.finish().await;
}

/// A date counts only in reply to the bot's own question, for a day, and within bounds.
#[tokio::test]
async fn a_date_counts_only_where_it_was_asked_for() {
    let (bot, reminder) = reminded().await;
    bot.api.press(GROUP, SOMEBODY, &reminder.button("需延期"));
    let question = bot.api.next_sent().await;
    assert!(question.text.contains("24小时内"), "{question:?}");
    // Questions that have dates in them, by whoever pressed: answered, and nothing else.
    for words in [
        "7月15日前要报什么",
        "1-5月固定资产投资完成多少",
        "12月31日前的目标是什么",
    ] {
        bot.api.push([group(GROUP, SOMEBODY, &mention(words))]);
        assert!(!bot.api.next_sent().await.text.contains("延期"), "{words}");
        bot.api.push([reply(GROUP, SOMEBODY, &question, words)]);
        assert!(!bot.api.next_sent().await.text.contains("延期"), "{words}");
    }
    for (words, answer) in [
        ("2022年6月1日", "2022年6月1日（周三）已经过了"),
        ("3月1日", "2022年3月1日（周二）已经过了"),
        ("2099年12月31日", "2099年12月31日（周四）太远了"),
        ("7月5日", "2022年7月5日（周二）不在截止日之后"),
        ("延期", "没有看到日期"),
        ("算了，不用延期了", "不延期"),
    ] {
        bot.api.push([reply(GROUP, SOMEBODY, &question, words)]);
        let said = bot.api.next_sent().await;
        assert!(said.text.contains(answer), "{words}: {said:?}");
    }
    assert_eq!(audits(&bot, AuditAct::Report).len(), 0);
    // Somebody else of the chat may answer, but not on the day after.
    bot.clock.set(6, 25, 10, 1);
    bot.api
        .push([reply(GROUP, STRANGER, &question, "7月15日，等数据")]);
    let said = bot.api.next_sent().await;
    assert!(said.text.contains("过了24小时"), "{said:?}");
    bot.clock.set(6, 25, 9, 59);
    bot.api
        .push([reply(GROUP, STRANGER, &question, "7月15日，等数据")]);
    let three = sent(&bot, 3).await;
    assert!(
        three.iter().any(|sent| sent
            .text
            .contains("甲街道申请延期到2022年7月15日（周五），已转告管理员")),
        "{three:?}"
    );
    // The same date said elsewhere is a question like any other.
    bot.api.push([private(STRANGER, "7月15日，等数据")]);
    assert!(!bot.api.next_sent().await.text.contains("已记下"));
    bot.finish().await;
}

/// In a group only who administers it asks for it; the administrators of the bot decide all the same.
#[tokio::test]
async fn a_group_asks_through_who_administers_it() {
    let (bot, _) = reminded().await;
    bot.api.make_chat_admin(SOMEBODY);
    bot.api
        .push([group(GROUP - 1, SOMEBODY, &mention("/subscribe 甲街道"))]);
    let sent = [bot.api.next_sent().await, bot.api.next_sent().await];
    assert!(
        sent.iter()
            .any(|sent| sent.chat == ADMIN && sent.text.contains("【请求登记】"))
    );
    assert!(sent.iter().any(|sent| sent.text.contains("已请管理员确认")));
    // The group that the data name needs no leave, also behind an /unsubscribe.
    for words in ["/unsubscribe 甲", "/subscribe 甲街道"] {
        bot.api.push([group(GROUP, SOMEBODY, &mention(words))]);
        let said = bot.api.next_sent().await;
        assert!(
            said.text.contains("已停止提醒：甲街道")
                || said.text.contains("已订阅报送提醒：甲街道"),
            "{said:?}"
        );
    }
    bot.finish().await;
}
