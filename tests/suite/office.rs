//! What happens in an office in the middle of a cycle: units are renamed and moved, a second plan comes, phrases of the
//! document are put in order, chats of two units. What a unit reported is reported, and nobody hears a thing twice.

use crate::fake_bot_api::{Fault, Sent};
use crate::harness::{ADMIN, RunningBot, SOMEBODY, reply};
use planbot::{Reloaded, read_text, write_text};

const FIRST: i64 = -100_501;
const SECOND: i64 = -100_502;
const THIRD: i64 = -100_503;
const PLAN: &str = "plans/yuzhong-2022/plan.toml";

/// Two units with a group each.
const UNITS: &str =
    "[[unit]]\nname = \"甲街道\"\nchat = -100501\n\n[[unit]]\nname = \"乙局\"\nchat = -100502\n";
/// Two units in one group.
const TOGETHER: &str =
    "[[unit]]\nname = \"甲街道\"\nchat = -100501\n\n[[unit]]\nname = \"乙局\"\nchat = -100501\n";

/// So many messages, by chat.
async fn sent(bot: &RunningBot, count: usize) -> Vec<Sent> {
    let mut sent = Vec::new();
    for _ in 0..count {
        sent.push(bot.api.next_sent().await);
    }
    sent.sort_by_key(|sent| -sent.chat);
    sent
}

async fn status(bot: &RunningBot) -> String {
    bot.ask(ADMIN, "/status").await.text
}

/// Both units are reminded on the first day, and the second one reports.
async fn second_has_reported(units: &str) -> RunningBot {
    let bot = RunningBot::start_with_units(units).await;
    bot.at(6, 24, 10, 0);
    let reminders = sent(&bot, 2).await;
    assert_eq!((reminders[0].chat, reminders[1].chat), (FIRST, SECOND));
    bot.api
        .press(SECOND, SOMEBODY, &reminders[1].button("已报送"));
    let shown = bot.api.next_sent().await;
    assert!(shown.text.contains("✓ 已报送"), "{shown:?}");
    bot
}

/// At the next stage only the first chat hears, once.
async fn only_the_first_hears(bot: &RunningBot) {
    bot.at(7, 1, 10, 0);
    let next = bot.api.next_sent().await;
    assert!(
        next.chat == FIRST && next.text.contains("还有5个工作日"),
        "{next:?}"
    );
    let more = bot.until_quiet().await;
    assert!(more.is_empty(), "{more:?}");
}

#[tokio::test]
async fn a_renamed_unit_keeps_its_report() {
    // With nothing but its chat to know it by, with an alias, with an id.
    for (units, from, to) in [
        (UNITS.to_string(), "乙局", "乙委"),
        (
            UNITS.to_string(),
            "\"乙局\"\nchat = -100502",
            "\"乙委\"\naliases = [\"乙局\"]\nchat = -100502",
        ),
        (
            UNITS.replace("name = \"乙局\"", "id = \"yi\"\nname = \"乙局\""),
            "乙局",
            "乙委",
        ),
    ] {
        let bot = second_has_reported(&units).await;
        bot.clock.set(6, 27, 10, 0);
        let reloaded = bot.reload_with("units.toml", from, to).await;
        let Reloaded::Changed(lines) = reloaded else {
            panic!("{reloaded:?}")
        };
        assert!(
            lines.iter().any(|line| line.contains("乙局改名为乙委")),
            "{lines:?}"
        );
        only_the_first_hears(&bot).await;
        let status = status(&bot).await;
        assert!(
            status.contains("单位2个：已报送1") && status.contains("乙委：已报送"),
            "{status}"
        );
        bot.finish().await;
    }
}

#[tokio::test]
async fn a_second_plan_in_the_cycle_ends_nothing_and_asks_nobody_again() {
    let bot = second_has_reported(UNITS).await;
    bot.clock.set(6, 27, 10, 0);
    crate::harness::next_plan(&bot.data.path().join("data"));
    let app = std::sync::Arc::clone(&bot.app);
    let reloaded = app.reload(planbot::PersonId(ADMIN)).await;
    assert!(matches!(reloaded, Reloaded::Changed(_)), "{reloaded:?}");
    only_the_first_hears(&bot).await;
    // The cycle goes on to its end: the last day, the list of who is silent, and December's.
    bot.at(7, 8, 10, 0);
    let last = bot.api.next_sent().await;
    assert!(
        last.chat == FIRST && last.text.contains("就是今天"),
        "{last:?}"
    );
    bot.at(7, 11, 10, 0);
    let late = sent(&bot, 2).await;
    assert!(
        late[0].chat == ADMIN
            && late[0].text.contains("【督查】")
            && late[0].text.contains("单位1个：\n甲街道"),
        "{late:?}"
    );
    assert!(late[1].text.contains("已逾期1个工作日"), "{late:?}");
    bot.at(12, 16, 10, 0);
    let december = sent(&bot, 2).await;
    assert!(
        december
            .iter()
            .all(|sent| sent.text.contains("2022年12月30日（周五）截止")),
        "{december:?}"
    );
    bot.finish().await;
}

#[tokio::test]
async fn phrases_in_another_order_change_nothing() {
    let bot = second_has_reported(UNITS).await;
    bot.clock.set(6, 27, 10, 0);
    let turned = "\"2022年12月底\",\n    \"2022年7月初\"";
    bot.reload_with(PLAN, "\"2022年7月初\",\n    \"2022年12月底\"", turned)
        .await;
    only_the_first_hears(&bot).await;
    bot.finish().await;
}

/// 7月初 becomes 6月底: who had reported has, the other is told that the day has changed.
#[tokio::test]
async fn a_due_day_that_goes_to_another_month_takes_the_reports_along() {
    let bot = second_has_reported(UNITS).await;
    bot.clock.set(6, 27, 10, 0);
    bot.reload_with(PLAN, "\"2022年7月初\"", "\"2022年6月底\"")
        .await;
    let told = bot.api.next_sent().await;
    assert!(
        told.chat == FIRST
            && told
                .text
                .contains("更正：截止日原为2022年7月8日（周五），现为2022年6月30日（周四）"),
        "{told:?}"
    );
    bot.at(6, 29, 10, 0);
    let next = bot.api.next_sent().await;
    assert!(
        next.chat == FIRST && next.text.contains("还有1个工作日"),
        "{next:?}"
    );
    let status = status(&bot).await;
    assert!(status.contains("乙局：已报送"), "{status}");
    bot.finish().await;
}

#[tokio::test]
async fn of_two_units_in_a_chat_each_keeps_its_own_day() {
    let bot = RunningBot::start_with_units(TOGETHER).await;
    bot.at(6, 24, 10, 0);
    let reminder = bot.api.next_sent().await;
    assert!(reminder.text.contains("单位：甲街道、乙局"), "{reminder:?}");
    bot.api.push([reply(
        FIRST,
        SOMEBODY,
        &reminder,
        "乙局延期到7月15日，等数据",
    )]);
    let told = sent(&bot, 3).await;
    assert!(
        told.iter()
            .any(|sent| sent.text.contains("乙局申请延期到2022年7月15日（周五）")),
        "{told:?}"
    );
    // The first unit goes on alone until behind its day.
    for (month, day, words) in [
        (7, 1, "还有5个工作日"),
        (7, 5, "还有3个工作日"),
        (7, 7, "还有1个工作日"),
        (7, 8, "就是今天"),
    ] {
        bot.at(month, day, 10, 0);
        let next = bot.api.next_sent().await;
        assert!(
            next.text.contains(words) && next.text.contains("单位：甲街道\n"),
            "{next:?}"
        );
    }
    bot.at(7, 11, 10, 0);
    let late = sent(&bot, 2).await;
    assert!(
        late[0]
            .text
            .contains("乙局（申请延期到2022年7月15日（周五））"),
        "{late:?}"
    );
    bot.at(7, 13, 10, 0);
    assert!(bot.api.next_sent().await.text.contains("单位：甲街道\n"));
    // The second unit hears of the day that it asked for: before it, on it and behind it.
    for (day, words) in [
        (14, "已申请延期到2022年7月15日（周五），还有1个工作日"),
        (15, "已申请延期到2022年7月15日（周五），就是今天"),
    ] {
        bot.at(7, day, 10, 0);
        let next = bot.api.next_sent().await;
        assert!(
            next.text.contains(words) && next.text.contains("单位：乙局\n"),
            "{next:?}"
        );
    }
    bot.at(7, 18, 10, 0);
    let late = sent(&bot, 2).await;
    assert!(
        late[0].chat == ADMIN && late[0].text.contains("还没有确认报送的单位1个：\n乙局"),
        "{late:?}"
    );
    assert!(late[1].text.contains("已逾期1个工作日"), "{late:?}");
    bot.finish().await;
}

/// A message that could not be sent yet gives way to one that says more: nobody whom it was for is passed over.
#[tokio::test]
async fn what_waits_to_be_sent_is_not_lost_to_what_comes_behind_it() {
    let bot = RunningBot::start_with_units(UNITS).await;
    bot.api.fail_next([Fault::BadGateway, Fault::BadGateway]);
    bot.at(6, 24, 10, 0);
    let store = bot.app.store().unwrap();
    let have_failed = || {
        let outbox = store.outbox().unwrap();
        outbox
            .iter()
            .filter(|entry| entry.delivery.failures > 0)
            .count()
            == 2
    };
    while !have_failed() {
        tokio::task::yield_now().await;
    }
    // The second unit comes into the first one's group, whose reminder waits.
    bot.reload_with("units.toml", "-100502", "-100501").await;
    let both = bot.api.next_sent().await;
    assert!(
        both.chat == FIRST && both.text.contains("甲街道") && both.text.contains("乙局"),
        "{both:?}"
    );
    assert_eq!(bot.until_quiet().await.len(), 0);
    bot.finish().await;
}

/// The chat that the data name instead is reminded of what holds, as something new to it; the old one hears no more, and
/// says nothing for the unit.
#[tokio::test]
async fn a_chat_that_the_data_change_moves_the_reminders() {
    let bot = RunningBot::start_with_units(UNITS).await;
    bot.at(6, 24, 10, 0);
    let reminders = sent(&bot, 2).await;
    bot.clock.set(6, 27, 10, 0);
    bot.reload_with("units.toml", "-100502", "-100503").await;
    let there = bot.api.next_sent().await;
    assert!(
        there.chat == THIRD && !there.text.contains("补发"),
        "{there:?}"
    );
    bot.api
        .press(SECOND, SOMEBODY, &reminders[1].button("已报送"));
    bot.at(7, 1, 10, 0);
    let next = sent(&bot, 2).await;
    assert_eq!((next[0].chat, next[1].chat), (FIRST, THIRD));
    bot.api.flashed(1, "不是乙局登记过的会话").await;
    assert!(status(&bot).await.contains("已报送0"));
    // Whoever is struck out is not reminded, and comes back with what it said.
    bot.api.press(THIRD, SOMEBODY, &next[1].button("处理中"));
    // Both of its reminders say so.
    let shown = sent(&bot, 2).await;
    assert!(shown.iter().all(|sent| sent.chat == THIRD), "{shown:?}");
    let block = "[[unit]]\nname = \"乙局\"\nchat = -100503\n";
    bot.reload_with("units.toml", block, "").await;
    bot.at(7, 5, 10, 0);
    assert_eq!(bot.api.next_sent().await.chat, FIRST);
    let text = read_text(&bot.file("units.toml")).unwrap();
    write_text(&bot.file("units.toml"), &format!("{text}{block}")).unwrap();
    let app = std::sync::Arc::clone(&bot.app);
    app.reload(planbot::PersonId(ADMIN)).await;
    let back = bot.api.next_sent().await;
    assert!(
        back.chat == THIRD && back.text.contains("处理中 · 某人"),
        "{back:?}"
    );
    bot.finish().await;
}
