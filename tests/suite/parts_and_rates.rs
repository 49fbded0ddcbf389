//! A figure of a part, or of how much there is, is not given to who asks for the whole, or for how fast it grew.

use crate::harness::{qinghe, replace};
use chrono::NaiveDate;
use planbot::{Edition, IndexPlace, Reply};

/// What is answered over the made-up plan with some more sentences.
fn asked(more: &str, question: &str) -> Reply {
    let qinghe = qinghe();
    let body = qinghe.path().join("plans/qinghe-2024/body.md");
    replace(
        &body,
        "服务农户3200户。",
        &format!("服务农户3200户。三是碾米产业。{more}"),
    );
    let edition =
        Edition::load(&qinghe.path(), &IndexPlace::Memory).map_err(|error| error.to_string());
    let day = NaiveDate::from_ymd_opt(2024, 6, 24).unwrap();
    edition.unwrap().reply(question, day).reply
}

/// What is counted of the firms above a size alone is that of all only where nothing else can be meant.
#[test]
fn what_firms_above_a_size_have_is_asked_about() {
    const SENTENCES: &str = "规上碾米企业实现产值2.6亿元，增长7%。全县碾米业产值4.1亿元，增长5%。";
    let of_all = asked(SENTENCES, "碾米企业产值多少");
    assert!(!matches!(of_all, Reply::Answer(_)), "{of_all:?}");
    let of_these = asked(SENTENCES, "规上碾米企业产值多少");
    assert!(
        matches!(&of_these, Reply::Answer(answer) if format!("{answer:?}").contains("2.6亿元")),
        "{of_these:?}"
    );
}

/// How much there is says nothing of how fast it grew: that is not in the documents, and offered as no choice.
#[test]
fn a_level_is_no_answer_to_a_rate() {
    const SENTENCE: &str = "2023年渔业产值3.2亿元。";
    for question in ["渔业产值增长多少", "渔业产值增幅是多少"] {
        let reply = asked(SENTENCE, question);
        assert!(matches!(reply, Reply::Unknown(_)), "{question}: {reply:?}");
    }
    let level = asked(SENTENCE, "渔业产值多少");
    assert!(matches!(level, Reply::Answer(_)), "{level:?}");
}
