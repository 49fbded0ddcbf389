//! New data while the bot runs: built whole, checked, swapped; a bad edition never replaces a good one.

use crate::harness::{ADMIN, RunningBot, SOMEBODY, app, copied_data, replace};
use planbot::{AuditAct, PersonId, Reloaded, Reply};

const INDICATORS: &str = "plans/yuzhong-2022/indicators.csv";
const OLD_ROW: &str = "2022,target,2022年预期目标,5左右,附件2 第1行";
const NEW_ROW: &str = "2022,target,2022年预期目标,5.5左右,附件2 第1行";

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_reloads_and_is_told_what_changed() {
    let bot = RunningBot::start().await;
    replace(&bot.file(INDICATORS), OLD_ROW, NEW_ROW);
    let begun = bot.ask(ADMIN, "/reload").await;
    assert!(begun.text.contains("正在检查"), "{}", begun.text);
    let done = bot.api.next_sent().await;
    assert!(done.text.contains("已载入新数据"), "{}", done.text);
    assert!(done.text.contains("5%左右 → 5.5%左右"), "{}", done.text);
    let reply = bot.ask(SOMEBODY, "2022年GDP增速目标").await;
    assert!(reply.text.contains("5.5%左右"), "{}", reply.text);
    let acts = bot.app.store().unwrap().audits().unwrap();
    assert_eq!(
        (acts.len(), acts[0].person.0, &acts[0].act),
        (1, ADMIN, &AuditAct::Reload)
    );
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_cannot_reload() {
    let bot = RunningBot::start().await;
    let before = bot.app.edition().id.clone();
    replace(&bot.file(INDICATORS), OLD_ROW, NEW_ROW);
    let reply = bot.ask(SOMEBODY, "/reload").await;
    assert!(reply.text.contains("只有管理员"), "{}", reply.text);
    assert_eq!(bot.app.edition().id, before);
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_data_are_refused_with_findings_and_the_old_edition_stays() {
    let bot = RunningBot::start().await;
    replace(&bot.file(INDICATORS), OLD_ROW, "2022,target,5左右");
    bot.ask(ADMIN, "/reload").await;
    let done = bot.api.next_sent().await;
    assert!(
        done.text.contains("没有载入") && done.text.contains("第49行"),
        "{}",
        done.text
    );
    let reply = bot.ask(SOMEBODY, "2022年GDP增速目标").await;
    assert!(reply.text.contains("5%左右"), "{}", reply.text);
    bot.ask(ADMIN, "/reload").await;
    assert!(bot.api.next_sent().await.text.contains("没有载入"));
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_data_are_not_loaded_again() {
    let bot = RunningBot::start().await;
    bot.ask(ADMIN, "/reload").await;
    assert!(bot.api.next_sent().await.text.contains("没有变化"));
    bot.finish().await;
}

/// A thousand questions are under way while the data change: none fails, and each reply is of one edition.
#[tokio::test(flavor = "multi_thread")]
async fn questions_under_way_keep_their_edition() {
    let data = copied_data();
    let root = data.path().join("data");
    let app = app(&root, None);
    let old = app.edition().id.clone();
    replace(&root.join(INDICATORS), OLD_ROW, NEW_ROW);
    replace(
        &root.join("plans/yuzhong-2022/body.md"),
        "提出地区生产总值增长5%左右",
        "提出地区生产总值增长5.5%左右",
    );
    let ask = |_| {
        let app = app.clone();
        tokio::spawn(async move {
            app.ask("2022年GDP增速目标是多少".to_string())
                .await
                .unwrap()
        })
    };
    let first: Vec<_> = (0..500).map(ask).collect();
    let reloading = {
        let app = app.clone();
        tokio::spawn(async move { app.reload(PersonId(ADMIN)).await })
    };
    let mut asked: Vec<_> = first;
    asked.extend((0..500).map(ask));
    let mut answers = Vec::new();
    for task in asked {
        answers.push(task.await.unwrap());
    }
    assert!(matches!(reloading.await.unwrap(), Reloaded::Changed(_)));
    answers.push(
        app.ask("2022年GDP增速目标是多少".to_string())
            .await
            .unwrap(),
    );
    let mut of_each = [0, 0];
    for answered in &answers {
        let Reply::Answer(answer) = &answered.reply else {
            panic!("{:?}", answered.reply)
        };
        let is_old = answered.edition.id == old;
        of_each[usize::from(!is_old)] += 1;
        let (value, other) = if is_old {
            ("5%左右", "5.5%左右")
        } else {
            ("5.5%左右", " 5%左右")
        };
        assert!(
            answer.lead.ends_with(value) && !answer.lead.contains(other),
            "{}",
            answer.lead
        );
        let quoted = if is_old {
            "2022年预期目标：5左右"
        } else {
            "2022年预期目标：5.5左右"
        };
        assert!(
            answer.citations()[0].quote.contains(quoted),
            "{}",
            answer.citations()[0].quote
        );
    }
    assert_eq!(of_each[0] + of_each[1], 1_001);
    assert!(of_each[1] > 0);
}
