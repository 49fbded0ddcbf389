//! What the desk keeps of chats and their units, without a messenger: who left and came back, a chat that moves with all that
//! it has, and the bounds of what is kept, within which one chat displaces nothing of another's.

use crate::harness::{ADMIN, shipped_data};
use chrono::{DateTime, Days, NaiveDate, TimeZone};
use chrono_tz::{Asia::Shanghai, Tz};
use planbot::{
    Act, Agenda, Capabilities, ChatId, Decision, Desk, Edition, IndexPlace, MessageId, Messenger,
    Offer, OnPress, Origin, Outgoing, PersonId, Reminder, Reminders, Replied, Reported,
    SendOutcome, Sending, Store, Unit, UnitId, Who,
};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

const ADMINS: &[PersonId] = &[PersonId(ADMIN)];

fn agenda() -> &'static Agenda {
    static AGENDA: OnceLock<Agenda> = OnceLock::new();
    AGENDA.get_or_init(|| {
        let edition = Edition::load(&shipped_data(), &IndexPlace::Memory)
            .map_err(|error| error.to_string())
            .unwrap();
        edition.agenda(&Reminders::default().policy().unwrap()).0
    })
}

/// The morning on which the first reminder of July's report is due, or of another day of that year.
fn morning(month: u32, day: u32) -> DateTime<Tz> {
    Shanghai
        .with_ymd_and_hms(2022, month, day, 10, 0, 0)
        .unwrap()
}

fn unit(name: &str, chat: Option<i64>) -> Unit {
    Unit {
        id: None,
        name: name.to_string(),
        aliases: Vec::new(),
        chat: chat.map(ChatId),
    }
}

fn somebody_in(chat: i64) -> Who {
    Who {
        chat: ChatId(chat),
        person: PersonId(6_666),
        name: "某人".to_string(),
    }
}

fn admin_in(chat: i64) -> Who {
    Who {
        person: PersonId(ADMIN),
        ..somebody_in(chat)
    }
}

/// Acts at the desk.
fn at<T>(store: &Store, units: &[Unit], now: DateTime<Tz>, act: impl FnOnce(&Desk<'_>) -> T) -> T {
    act(&Desk {
        store,
        agenda: agenda(),
        units,
        admins: ADMINS,
        now,
        really: now,
    })
}

/// The data are loaded anew.
fn reload(store: &Store, units: &[Unit], now: DateTime<Tz>) {
    at(store, units, now, |desk| {
        desk.enrol(&desk.roll().unwrap()).unwrap()
    });
}

/// The names that a chat stands for.
fn stands_for(store: &Store, units: &[Unit], chat: i64) -> Vec<String> {
    let subscription = store.subscription(ChatId(chat)).unwrap();
    let standing = subscription.into_iter().flat_map(|known| known.units);
    let ids: Vec<UnitId> = standing.map(|standing| standing.unit).collect();
    at(store, units, morning(6, 1), |desk| {
        desk.roll().unwrap().names(&ids)
    })
}

/// Numbers what arrives.
#[derive(Default)]
struct Numbering(AtomicI32);

impl Messenger for Numbering {
    fn capabilities(&self) -> Capabilities {
        Capabilities::all("test")
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        let number = match message.replaces {
            Some(number) => number,
            None => MessageId(self.0.fetch_add(1, Ordering::SeqCst) + 1),
        };
        Box::pin(async move { SendOutcome::Delivered(Some(number)) })
    }
}

impl Numbering {
    /// Sends what waits, and gives the number of the last message that arrived.
    async fn tick(&self, store: &Store, units: &[Unit], now: DateTime<Tz>) -> MessageId {
        let reminder = Reminder {
            agenda: agenda(),
            units,
            store,
            messenger: self,
            admins: ADMINS,
            pace: Duration::ZERO,
            is_stopping: &|| false,
        };
        reminder.tick(now).await.unwrap();
        MessageId(self.0.load(Ordering::SeqCst))
    }
}

/// A chat that left is not taken back by the data; one that came back follows the data again, and since the day that it had.
#[test]
fn who_left_is_not_taken_back_and_who_came_back_follows_the_data() {
    let store = Store::passing().unwrap();
    let (here, elsewhere) = ([unit("甲街道", Some(-5))], [unit("甲街道", Some(-6))]);
    reload(&store, &here, morning(6, 1));
    at(&store, &here, morning(6, 2), |desk| {
        desk.unsubscribe(&somebody_in(-5), "").unwrap()
    });
    reload(&store, &here, morning(6, 3));
    assert!(stands_for(&store, &here, -5).is_empty());
    at(&store, &here, morning(6, 4), |desk| {
        desk.subscribe(&somebody_in(-5), "甲街道").unwrap()
    });
    reload(&store, &here, morning(6, 5));
    let since = store.subscription(ChatId(-5)).unwrap().unwrap().units[0].since;
    assert_eq!(Some(since), NaiveDate::from_ymd_opt(2022, 6, 4));
    reload(&store, &elsewhere, morning(6, 6));
    assert!(stands_for(&store, &elsewhere, -5).is_empty());
    reload(&store, &here, morning(6, 7));
    assert_eq!(stands_for(&store, &here, -5), ["甲街道"]);
}

/// What a chat has asked for, and what was shown in it, follows it to its new id.
#[test]
fn a_chat_that_moves_takes_along_what_it_asked_for_and_what_it_was_shown() {
    let store = Store::passing().unwrap();
    let units = [unit("甲街道", Some(-5))];
    reload(&store, &units, morning(6, 1));
    at(&store, &units, morning(6, 1), |desk| {
        desk.subscribe(&somebody_in(-7), "甲街道").unwrap()
    });
    let offer = Offer {
        chat: ChatId(-7),
        origin: Origin::asked("什么是放管服"),
        presses: vec![OnPress::Original],
    };
    let [shown] = store.keep_offer(offer).unwrap().try_into().unwrap();
    store.move_chat(ChatId(-7), ChatId(-1_007)).unwrap();
    let pressed = store.offered(ChatId(-1_007), &shown).unwrap();
    assert!(
        matches!(pressed, Some((_, OnPress::Original))),
        "{pressed:?}"
    );
    // The administrator's button still says the old id.
    at(&store, &units, morning(6, 2), |desk| {
        let id = desk.roll().unwrap().called("甲街道").unwrap().id.clone();
        desk.decide(&admin_in(ADMIN), ChatId(-7), &id, Decision::Grant)
            .unwrap()
    });
    assert_eq!(stands_for(&store, &units, -1_007), ["甲街道"]);
}

/// Both ids were subscribed before the bot heard that they are one chat: it stands for what either stood for, and where the data
/// name it, it still follows the data.
#[test]
fn a_chat_that_was_subscribed_under_both_its_ids_keeps_what_it_stood_for() {
    let store = Store::passing().unwrap();
    let units = [unit("甲街道", Some(-5)), unit("乙街道", None)];
    reload(&store, &units, morning(6, 1));
    for name in ["甲街道", "乙街道"] {
        at(&store, &units, morning(6, 2), |desk| {
            desk.subscribe(&admin_in(-1_005), name).unwrap()
        });
    }
    store.move_chat(ChatId(-5), ChatId(-1_005)).unwrap();
    assert_eq!(stands_for(&store, &units, -1_005), ["甲街道", "乙街道"]);
    let elsewhere = [unit("甲街道", Some(-6)), unit("乙街道", None)];
    reload(&store, &elsewhere, morning(6, 3));
    assert_eq!(stands_for(&store, &elsewhere, -1_005), ["乙街道"]);
}

/// A chat that comes back to an id that it had is found there from every id that it ever had.
#[test]
fn a_chat_that_moves_back_is_found() {
    for moves in [Store::note_move, Store::move_chat] {
        let store = Store::passing().unwrap();
        moves(&store, ChatId(-5), ChatId(-6)).unwrap();
        moves(&store, ChatId(-6), ChatId(-5)).unwrap();
        let found = [-5, -6].map(|chat| store.present_chat(ChatId(chat)).unwrap());
        assert_eq!(found, [ChatId(-5), ChatId(-5)]);
    }
}

/// Whoever asks for too much, or long ago, keeps nobody's place: a chat has so many wishes at once, and for so long.
#[test]
fn wishes_of_a_chat_are_few_and_pass() {
    let store = Store::passing().unwrap();
    let names: Vec<String> = (1..=12).map(|number| format!("第{number}科")).collect();
    let units: Vec<Unit> = names.iter().map(|name| unit(name, None)).collect();
    for name in &names {
        at(&store, &units, morning(6, 1), |desk| {
            desk.subscribe(&somebody_in(-7), name).unwrap()
        });
    }
    assert_eq!(store.open_wishes(ChatId(-7)), 8);
    at(&store, &units, morning(7, 2), |desk| {
        desk.subscribe(&somebody_in(-8), "第1科").unwrap()
    });
    let open = [-7, -8].map(|chat| store.open_wishes(ChatId(chat)));
    assert_eq!(open, [0, 1]);
}

/// Somebody presses 需延期 again and again: the bot's questions make room for each other, and for nothing else. A chat whose id
/// begins like another's is another chat.
#[tokio::test]
async fn questions_make_room_for_questions_of_their_chat_alone() {
    const PRESSES: usize = 55;
    const KEPT: usize = 50;
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(&directory.path().join("state")).unwrap();
    let units = [unit("甲街道", Some(-5)), unit("乙街道", Some(-57))];
    reload(&store, &units, morning(6, 1));
    let messenger = Numbering::default();
    let now = morning(6, 24);
    messenger.tick(&store, &units, now).await;
    let occurrence = agenda().around(now.date_naive())[0].key.clone();
    let put_off = |chat: i64, name: &str| {
        at(&store, &units, now, |desk| {
            let id = desk.roll().unwrap().called(name).unwrap().id.clone();
            let asked = desk.act(&somebody_in(chat), Act::Extend, &occurrence, &id);
            assert!(matches!(asked.unwrap(), Reported::Asked(_)));
        })
    };
    let reminder = store.all_shown(ChatId(-5)).unwrap()[0].message;
    put_off(-57, "乙街道");
    let others = messenger.tick(&store, &units, now).await;
    for _ in 0..PRESSES {
        put_off(-5, "甲街道");
        messenger.tick(&store, &units, now).await;
    }
    assert_eq!(store.all_shown(ChatId(-5)).unwrap().len(), 1 + KEPT);
    let replied = |chat: i64, message: MessageId, words: &str| {
        at(&store, &units, now, |desk| {
            desk.replied(&somebody_in(chat), message, words).unwrap()
        })
    };
    for said in [
        replied(-57, others, "7月15日，等数据"),
        replied(-5, reminder, "已报送"),
    ] {
        assert!(matches!(said, Some(Replied::Acted(_))), "{said:?}");
    }
    // What stands there since a third of a year goes when something new is shown.
    let next = agenda().next((now + Days::new(150)).date_naive());
    let due = next.unwrap().due.day;
    for before in (0..20).rev() {
        let day = (due - Days::new(before)).and_hms_opt(10, 0, 0).unwrap();
        let day = Shanghai.from_local_datetime(&day).unwrap();
        messenger.tick(&store, &units, day).await;
    }
    let kept = store.all_shown(ChatId(-5)).unwrap();
    assert!(!kept.is_empty() && kept.len() < 10, "{}", kept.len());
}
