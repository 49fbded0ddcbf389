//! A state that the planbot before wrote, which kept reports by the position of a phrase in a plan and by the unit's name: who
//! was subscribed is subscribed, who had reported has, what was promised is not promised again.

use crate::harness::{ADMIN, RunningBot, SOMEBODY, qinghe, shipped_data};
use planbot::{
    ChatId, Export, MessageId, Store, TopicId, UnitId, check_data, read_data, read_text,
    remove_file, write_text,
};
use sha2::{Digest, Sha256};
use std::path::Path;

const FIRST: i64 = -100_501;
const SECOND: i64 = -100_502;
const UNITS: &str = "[[unit]]\nid = \"jia\"\nname = \"甲街道\"\nchat = -100501\n\n[[unit]]\nid = \"yi\"\nname = \"乙局\"\nchat = -100502\n";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Records as that planbot backed them up.
fn former() -> String {
    let chat = |chat: i64| hex(&chat.to_be_bytes());
    let subscription = |id: i64, unit: &str| {
        format!(
            r#"{{"tree":"subscriptions","key_hex":"{}","value":{{"chat":{id},"units":["{unit}"],"since":"2022-06-01","left":[],"suspended":null}}}}"#,
            chat(id)
        )
    };
    let mark = |id: i64| {
        format!(
            r#"{{"tree":"covered","key":"{id}|yuzhong-2022/0.0/2022.0|2022-07-08|提前10个工作日","value_hex":"0000000000000001"}}"#
        )
    };
    let told = |id: i64| {
        format!(r#"{{"tree":"told","key":"{id}|yuzhong-2022/0.0/2022.0","value":"2022-07-08"}}"#)
    };
    let lines = [
        r#"{"planbot":"state","backup":1,"state":3,"version":"0","at":"2022-06-24T12:00:00+08:00","numbers":100}"#.to_string(),
        r#"{"tree":"acknowledgements","key":"yuzhong-2022/0.0/2022.0|乙局","value":{"occurrence":"yuzhong-2022/0.0/2022.0","unit":"乙局","said":"Reported","chat":-100502,"person":43,"at":"2022-06-24T10:00:00+08:00","reason":""}}"#.to_string(),
        r#"{"tree":"buttons","key":"0000000000000007","value":{"chat":-100501,"occurrence":"yuzhong-2022/0.0/2022.0","unit":"甲街道","act":"reported"}}"#.to_string(),
        mark(FIRST),
        mark(SECOND),
        r#"{"tree":"meta","key":"format","value_hex":"03000000"}"#.to_string(),
        format!(r#"{{"tree":"outbox","key_hex":"{}","value":{{"id":1,"chat":-100501,"purpose":{{"Reminder":{{"covers":[{{"occurrence":"yuzhong-2022/0.0/2022.0","due":"2022-07-08","stage":"提前10个工作日","day":"2022-06-24"}}],"corrections":[]}}}},"state":"Pending","failures":1,"repeated":false,"not_before":"2022-06-24T10:05:00+08:00"}}}}"#, hex(&1_u64.to_be_bytes())),
        subscription(SECOND, "乙局"),
        subscription(FIRST, "甲街道"),
        told(FIRST),
        told(SECOND),
    ];
    let body = lines.map(|line| line + "\n").concat();
    let trailer = format!(
        r#"{{"records":10,"sha256":"{}"}}"#,
        hex(&Sha256::digest(body.as_bytes()))
    );
    format!("{body}{trailer}\n")
}

fn restore(state: &Path) {
    let export = Export::read(former().as_bytes()).unwrap();
    export.build(state).unwrap();
    write_text(&state.with_file_name("data").join("units.toml"), UNITS).unwrap();
}

#[tokio::test]
async fn a_state_of_the_format_before_goes_on() {
    let bot = RunningBot::start_over(restore).await;
    assert!(!bot.app.store().unwrap().is_older().unwrap());
    // What was promised and not yet sent is sent, once.
    bot.at(6, 27, 10, 0);
    let sent = bot.until_quiet().await;
    assert!(
        sent.len() == 1 && sent[0].chat == FIRST && sent[0].text.contains("单位：甲街道"),
        "{sent:?}"
    );
    let status = bot.ask(ADMIN, "/status").await.text;
    assert!(
        status.contains("单位2个：已报送1") && status.contains("乙局：已报送"),
        "{status}"
    );
    bot.at(7, 1, 10, 0);
    let sent = bot.until_quiet().await;
    assert!(
        sent.len() == 1 && sent[0].chat == FIRST && sent[0].text.contains("还有5个工作日"),
        "{sent:?}"
    );
    // A button of that time still works.
    bot.api.press(FIRST, SOMEBODY, "0000000000000007");
    for _ in 0..2 {
        let shown = bot.api.next_sent().await;
        assert!(shown.text.contains("✓ 已报送"), "{shown:?}");
    }
    bot.at(7, 5, 10, 0);
    assert_eq!(bot.until_quiet().await.len(), 0);
    bot.finish().await;
}

/// Only a program that knows the plans brings it up to date: looking at it and backing it up leave it as it was.
#[test]
fn a_state_that_is_only_looked_at_stays_of_its_format() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    Export::read(former().as_bytes())
        .unwrap()
        .build(&state)
        .unwrap();
    let stamp = planbot::Stamp {
        version: "0".to_string(),
        at: "2022-06-24T12:00:00+08:00".to_string(),
    };
    let store = Store::open(&state).unwrap();
    assert!(store.is_older().unwrap());
    let again = store.export(&stamp).unwrap();
    assert!(again.contains("\"state\":3") && again.contains("yuzhong-2022/0.0/2022.0|乙局"));
}

/// Records of the format in which a chat was its number alone, in keys as well as in what they say.
fn numbered() -> String {
    let subscription = |id: i64, unit: &str| {
        let key = hex(&id.to_be_bytes());
        format!(
            r#"{{"tree":"subscriptions","key_hex":"{key}","value":{{"chat":{id},"units":[{{"unit":"{unit}","since":"2022-06-01","listed":true}}],"left":[],"suspended":null}}}}"#
        )
    };
    let moved = (
        hex(&(-100_500_i64).to_be_bytes()),
        hex(&SECOND.to_be_bytes()),
    );
    let enrolled = |id: &str, name: &str, chat: i64| {
        format!(
            r#"{{"tree":"roll","key":"{id}","value":{{"id":"{id}","name":"{name}","aliases":[],"chat":{chat},"listing":"Listed","written":"{id}"}}}}"#
        )
    };
    let lines = [
        r#"{"planbot":"state","backup":1,"state":5,"version":"0","at":"2022-06-24T12:00:00+08:00","numbers":100}"#.to_string(),
        r#"{"tree":"acknowledgements","key":"市发展改革委/计划执行情况/2022-07|yi","value":{"occurrence":"市发展改革委/计划执行情况/2022-07","unit":"yi","said":"Reported","chat":-100502,"person":43,"at":"2022-06-24T10:00:00+08:00","reason":""}}"#.to_string(),
        format!(r#"{{"tree":"covered","key":"{FIRST}|jia|x/y/2022-07|2022-07-08|提前10个工作日","value_hex":"0000000000000001"}}"#),
        r#"{"tree":"meta","key":"format","value_hex":"05000000"}"#.to_string(),
        format!(r#"{{"tree":"moves","key_hex":"{}","value":{SECOND}}}"#, moved.0),
        enrolled("jia", "甲街道", FIRST),
        enrolled("yi", "乙局", SECOND),
        format!(r#"{{"tree":"shown","key":"{FIRST}|7","value":{{"chat":{FIRST},"message":7,"at":"2022-06-24T10:00:00+08:00","what":{{"Question":{{"occurrence":"x/y/2022-07","unit":"jia"}}}}}}}}"#),
        subscription(SECOND, "yi"),
        subscription(FIRST, "jia"),
        format!(r#"{{"tree":"told","key":"{FIRST}|jia|x/y/2022-07","value":"2022-07-08"}}"#),
        format!(r#"{{"tree":"topics","key_hex":"{}","value":3}}"#, moved.1),
        format!(r#"{{"tree":"wishes","key":"{FIRST}|某办","value":{{"chat":{FIRST},"unit":"某办","person":43,"name":"某人","at":"2022-06-24T10:00:00+08:00"}}}}"#),
    ];
    let records = lines.len() - 1;
    let body = lines.map(|line| line + "\n").concat();
    let digest = hex(&Sha256::digest(body.as_bytes()));
    format!("{body}{{\"records\":{records},\"sha256\":\"{digest}\"}}\n")
}

/// Every record is found by the name that its chat has now, also after the state is opened once more.
#[test]
fn a_state_whose_chats_were_numbers_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let records = Export::read(numbered().as_bytes()).unwrap();
    records.build(&state).unwrap();
    let (first, second, jia) = (ChatId(FIRST), ChatId(SECOND), UnitId("jia".to_string()));
    for _ in 0..2 {
        let store = Store::open(&state).unwrap();
        assert!(!store.is_older().unwrap());
        assert_eq!(store.subscriptions().unwrap().len(), 2);
        let subscription = store.subscription(first).unwrap().unwrap();
        assert!(subscription.chat == first && subscription.stands_for(&jia));
        assert_eq!(store.present_chat(ChatId(-100_500)).unwrap(), second);
        assert_eq!(store.topic(second).unwrap(), Some(TopicId(3)));
        let shown = store.shown(first, MessageId(7)).unwrap().unwrap();
        assert_eq!(
            (shown.chat, store.all_shown(first).unwrap().len()),
            (first, 1)
        );
        assert!(store.told(first, &jia, "x/y/2022-07").unwrap().is_some());
        let mark = "telegram:-100501|jia|x/y/2022-07|2022-07-08|提前10个工作日";
        assert!(store.is_promised(mark).unwrap());
        assert!(
            store
                .wish(first, &UnitId("某办".to_string()))
                .unwrap()
                .is_some()
        );
        let units = store.roll().unwrap();
        assert!(units.iter().any(|unit| unit.chat == Some(second)));
        // What is written from now on says whose it is.
        store.subscribe(&subscription).unwrap();
        store.flush().unwrap();
        let stamp = planbot::Stamp {
            version: "0".to_string(),
            at: "2022-06-24T12:00:00+08:00".to_string(),
        };
        let again = store.export(&stamp).unwrap();
        assert!(
            again.contains("\"state\":6") && !again.contains("\"key_hex\":\"ff"),
            "{again}"
        );
        assert!(
            again.contains(r#""key":"telegram:-100501","value":{"chat":"telegram:-100501""#),
            "{again}"
        );
        drop(store);
    }
}

/// Words of measures stood in `lexicon/units.toml` once, beside the roll of organisations in `units.toml`: they are read there as
/// long as nothing else is, and it is said.
#[test]
fn the_old_name_of_the_measures_is_read_and_said() {
    let data = qinghe();
    let (new, old) = ("lexicon/measures.toml", "lexicon/units.toml");
    let path = |name: &str| data.path().join(name);
    let text = read_text(&shipped_data().join(new)).unwrap();
    let _ = remove_file(&path(new));
    let of_old = || {
        let found = check_data(&read_data(&data.path()));
        let found = found.iter().filter(|finding| finding.file == old);
        found.map(|finding| finding.to_string()).collect::<Vec<_>>()
    };
    assert!(of_old().is_empty(), "{:?}", of_old());
    let before = read_data(&data.path()).lexicon.units;
    let with_own = text.replacen("money = [", "money = [\"贯\", ", 1);
    assert_ne!(with_own, text);
    write_text(&path(old), &with_own).unwrap();
    assert!(
        of_old().concat().contains("照旧读了，请改名"),
        "{:?}",
        of_old()
    );
    let read = read_data(&data.path()).lexicon.units;
    assert!(read != before && format!("{read:?}").contains("贯"));
    write_text(&path(old), "units = [\"元\"]\n").unwrap();
    assert!(of_old().concat().contains("写法也变了"), "{:?}", of_old());
    assert_eq!(read_data(&data.path()).lexicon.units, before);
    write_text(&path(new), &text).unwrap();
    assert!(of_old().concat().contains("没有读"), "{:?}", of_old());
}
