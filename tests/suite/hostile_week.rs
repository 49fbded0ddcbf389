//! A week of people who want to fill the bot up, from a seed: every store keeps its bound, and nothing real makes way for it.

use crate::harness::{ADMIN, RunningBot, SOMEBODY, app, group, mention, private, shipped_data};
use planbot::{
    Act, Audit, AuditAct, Capabilities, ChatId, Messenger, Offer, OnPress, Origin, OutboxEntry,
    Outgoing, PersonId, Purpose, SendOutcome, Sending, Stamp, Store, UnitId, UnitState, Who,
    list_by_age, remind_once,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const REAL: i64 = -100_501;
const SPOILT: i64 = -100_502;
const UNITS: &str =
    "[[unit]]\nname = \"甲街道\"\nchat = -100501\n\n[[unit]]\nname = \"乙街道\"\nchat = -100502\n";
const REAL_QUESTION: &str = "火星人口2022年目标";
const DAYS: u32 = 7;
/// What one day brings, of each kind.
const PRESSES: usize = 21;
const WISHES: usize = 60;
const WRONG_TOKENS: usize = 20;
const QUESTIONS: usize = 1_500;
const REPLIES: usize = 2_500;
/// What the records of the state may take, as a backup has them, and what all files may take while the bot runs: sled keeps
/// what was written before for a while.
const MOST_BYTES: usize = 8 << 20;
const MOST_ON_DISK: u64 = 50 << 20;

/// Numbers that look like chance and come from the seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % most
    }

    /// A visitor of the page who has thrown the cookie away, or one of two hundred strangers.
    fn somebody(&mut self) -> i64 {
        match self.below(2) {
            0 => (1 << 62) + self.below(1 << 30) as i64,
            _ => 5_000 + self.below(200) as i64,
        }
    }
}

fn who(id: i64) -> Who {
    Who {
        chat: ChatId(id),
        person: PersonId(id),
        name: "谁".repeat(30),
    }
}

/// One day of a hostile person's acts.
async fn day(bot: &RunningBot, chance: &mut Chance) {
    let kept = bot.app.with_state().unwrap();
    let member = Who {
        chat: ChatId(SPOILT),
        ..who(44)
    };
    let duty = kept
        .look_at_desk(|desk| desk.duties(None))
        .unwrap()
        .remove(0);
    for number in 0..PRESSES {
        let act = [Act::Extend, Act::Reported, Act::Withdraw][number % 3];
        let unit = UnitId("乙街道".to_string());
        let pressed = kept.at_desk(|desk| desk.act(&member, act, &duty.occurrence, &unit));
        pressed.await.unwrap();
    }
    // All at once, so that they share their waits for the disk.
    let strangers: Vec<Who> = (0..WISHES).map(|_| who(chance.somebody())).collect();
    let asking = strangers.iter().map(|stranger| {
        kept.at_desk(|desk| {
            desk.subscribe(stranger, "甲街道")?;
            desk.unsubscribe(stranger, "")
        })
    });
    futures::future::try_join_all(asking).await.unwrap();
    for _ in 0..WRONG_TOKENS {
        let audit = Audit {
            at: bot.app.really().to_rfc3339(),
            person: PersonId::PAGE,
            name: String::new(),
            chat: None,
            act: AuditAct::Enter,
            result: "口令不对".to_string(),
        };
        kept.store().audit_other(&audit).unwrap();
    }
    for _ in 0..QUESTIONS {
        let question = format!("{}{}", "乱问".repeat(90), chance.below(1 << 30));
        bot.app
            .keep_voted_down(PersonId(chance.somebody()), &question, false);
    }
    for _ in 0..REPLIES {
        let offer = Offer {
            chat: ChatId(chance.somebody()),
            origin: Origin::asked("长".repeat(chance.below(1_000))),
            presses: vec![OnPress::Original, OnPress::Why],
        };
        kept.store().keep_offer(offer).unwrap();
    }
    kept.store().settle().await.unwrap();
}

fn size(directory: &Path) -> u64 {
    let mut total = 0;
    for path in list_by_age(directory).unwrap_or_default() {
        total += if path.is_dir() {
            size(&path)
        } else {
            // sled may have taken a file away since it was listed.
            path.metadata().map_or(0, |about| about.len())
        };
    }
    total
}

/// All records, as a backup has them.
fn backup(store: &Store) -> String {
    let stamp = Stamp {
        version: String::new(),
        at: String::new(),
    };
    store.export(&stamp).unwrap()
}

/// How many records each tree has, by its name.
fn counts(text: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        if let Some(tree) = line["tree"].as_str() {
            *counts.entry(tree.to_string()).or_default() += 1;
        }
    }
    counts
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_of_hostile_use_fills_nothing_and_displaces_nothing_real() {
    let bot = RunningBot::start_with_units(UNITS).await;
    let store = bot.app.store().unwrap().clone();
    // What is real: a report, an administrator's act, a question, a button, a wish.
    let _ = Arc::clone(&bot.app).reload(PersonId(ADMIN)).await;
    bot.at(6, 24, 10, 0);
    let reminder = bot.api.next_sent_to(REAL).await;
    bot.api
        .press_at(REAL, SOMEBODY, reminder.number, &reminder.button("已报送"));
    bot.api.next_sent_to(REAL).await;
    bot.api.push([private(SOMEBODY, REAL_QUESTION)]);
    bot.api.next_sent_to(SOMEBODY).await;
    bot.api
        .push([group(REAL, SOMEBODY, &mention("失业率2022年目标"))]);
    let answer = bot.api.next_sent_to(REAL).await;
    let asking = who(-777);
    let kept = bot.app.with_state().unwrap();
    kept.at_desk(|desk| desk.subscribe(&asking, "甲街道"))
        .await
        .unwrap();
    bot.until_quiet().await;

    let mut chance = Chance(20_220_624);
    let mut middle = Default::default();
    for number in 0..DAYS {
        bot.at(6, 24 + number, 12, 0);
        day(&bot, &mut chance).await;
        bot.until_quiet().await;
        bot.api.unread();
        if number == DAYS / 2 {
            middle = counts(&backup(&store));
        }
    }

    let text = backup(&store);
    let end = counts(&text);
    // What could still grow has its bound.
    let bounds = [
        ("others_acts", 300 * 4 + 300 * 202),
        ("wishes", 200),
        ("unanswered", 300 * 7 + 2),
        ("outbox", 600),
        ("shown", 110),
        ("buttons", 200),
        ("roll", 2),
        ("subscriptions", 3),
        ("topics", 2),
    ];
    for (tree, most) in bounds {
        let count = end.get(tree).copied().unwrap_or_default();
        assert!(count <= most, "{tree}: {count} > {most}; {end:?}");
    }
    println!("middle {middle:?}\nend    {end:?}");
    let unit = UnitId("甲街道".to_string());
    let duties = kept.look_at_desk(|desk| desk.duties(None)).unwrap();
    let state = duties[0]
        .units
        .iter()
        .find(|known| known.unit == unit)
        .unwrap();
    assert!(matches!(state.state, UnitState::Reported), "{state:?}");
    let audits = store.audits().unwrap();
    assert!(
        audits
            .iter()
            .any(|audit| audit.act == AuditAct::Reload && audit.person == PersonId(ADMIN))
    );
    assert!(
        audits
            .iter()
            .any(|audit| audit.act == AuditAct::Report && audit.chat == Some(ChatId(REAL)))
    );
    let unanswered = bot.app.unanswered().unwrap();
    let has_real = |questions: &Vec<String>| questions.iter().any(|text| text == REAL_QUESTION);
    assert!(unanswered.iter().any(|group| has_real(&group.questions)));
    assert!(
        store.wish(ChatId(-777), &unit).unwrap().is_some(),
        "a real wish made way"
    );
    bot.api
        .press_at(REAL, SOMEBODY, answer.number, &answer.button("原文"));
    let original = bot.api.next_sent_to(REAL).await;
    assert!(original.text.contains("城镇调查失业率"), "{original:?}");

    let state = bot.data.path().join("state");
    store.flush().unwrap();
    let on_disk = size(&state);
    let parts = list_by_age(&state).unwrap().into_iter();
    let parts = parts.map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().to_string();
        let bytes = match path.is_dir() {
            true => size(&path),
            false => path.metadata().map_or(0, |about| about.len()),
        };
        format!("{name} {} kB", bytes >> 10)
    });
    println!(
        "records {} kB, on disk {} kB: {}",
        text.len() >> 10,
        on_disk >> 10,
        parts.collect::<Vec<_>>().join(", ")
    );
    assert!(text.len() <= MOST_BYTES, "{}", text.len());
    assert!(on_disk <= MOST_ON_DISK, "{on_disk}");
    bot.api.unread();
    bot.finish().await;
}

/// A room of the page that somebody has open, or nobody.
#[derive(Default)]
struct Room {
    is_open: AtomicBool,
    tried: AtomicUsize,
}

impl Messenger for Room {
    fn capabilities(&self) -> Capabilities {
        Capabilities::all("test")
    }

    fn hears(&self, _chat: ChatId) -> bool {
        self.is_open.load(Ordering::SeqCst)
    }

    fn send<'a>(&'a self, _message: &'a Outgoing) -> Sending<'a> {
        self.tried.fetch_add(1, Ordering::SeqCst);
        let outcome = match self.is_open.load(Ordering::SeqCst) {
            true => SendOutcome::Delivered(None),
            false => SendOutcome::Later(60),
        };
        Box::pin(async move { outcome })
    }
}

/// A message for a room that nobody has open waits without a word on disk, and comes when somebody opens it.
#[tokio::test]
async fn a_closed_room_writes_nothing_again_and_again() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path()).unwrap();
    let app = app(&shipped_data(), Some(store.clone()));
    let room = Room::default();
    let purpose = Purpose::Text {
        text: "一句话".to_string(),
        at_once: true,
    };
    let entry = OutboxEntry::new(ChatId(1 << 62), purpose, app.now());
    store.promise(entry, &[]).unwrap();
    remind_once(&app, &room).await;
    let before = store.outbox().unwrap();
    for _ in 0..5 {
        remind_once(&app, &room).await;
    }
    assert_eq!(store.outbox().unwrap(), before);
    assert_eq!(room.tried.load(Ordering::SeqCst), 0);
    room.is_open.store(true, Ordering::SeqCst);
    remind_once(&app, &room).await;
    assert_eq!(room.tried.load(Ordering::SeqCst), 1);
    assert!(!store.outbox().unwrap()[0].delivery.is_open());
}
