//! The page over HTTP: what a browser sends and gets, with and without a script, and what is for administrators only.

use crate::harness::{ADMIN, replace};
use crate::http::{Client, Reply};
use crate::page::{RunningPage, TOKEN};
use planbot::{
    Acknowledged, ChatId, Decision, Desk, MovableClock, PersonId, Purpose, Setting, Site, UnitId,
    Who,
};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Says something and gives all that the room shows then.
async fn said(client: &mut Client, text: &str) -> String {
    let reply = client.post("/chat/say", &[("text", text)]).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    shown(client).await
}

async fn shown(client: &mut Client) -> String {
    let news: Value = client.get("/chat/news?room=own&after=0").await.json();
    news["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["html"].as_str().unwrap())
        .collect()
}

/// The value of the last button that says something.
fn button(shown: &str, label: &str) -> String {
    let before = shown
        .rsplit_once(&format!(">{label}"))
        .unwrap_or_else(|| panic!("no {label} in {shown}"))
        .0;
    before
        .rsplit_once("value=\"")
        .unwrap()
        .1
        .split('"')
        .next()
        .unwrap()
        .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_its_follow_up_and_its_buttons_are_those_of_the_chat() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    assert!(shown(&mut client).await.contains("我照着这份文件回答"));
    let answer = said(&mut client, "失业率2022年目标").await;
    assert!(
        answer.contains("<b>城镇调查失业率 2022年预期目标 5%以内</b>"),
        "{answer}"
    );
    assert!(
        answer.contains("<summary>原文</summary>")
            && answer.contains("href=\"/indicators?plan=yuzhong-2022#i10\""),
        "{answer}"
    );
    assert!(said(&mut client, "2021年呢").await.contains("接着上一问"));
    let picture = button(&answer, "对比图");
    assert_eq!(
        client
            .post("/chat/press", &[("button", &picture)])
            .await
            .status,
        200
    );
    let after = shown(&mut client).await;
    let last_address = |before: &str| {
        let address = after.rsplit_once(before).unwrap().1;
        address.split('"').next().unwrap().to_string()
    };
    let file = last_address("<img src=\"");
    let png = client.get(&file).await;
    assert!(png.bytes.starts_with(b"\x89PNG"));
    let dark = "<source media=\"screen and (prefers-color-scheme: dark)\" srcset=\"";
    let dark = client.get(&last_address(dark)).await;
    assert_eq!(dark.header("content-type"), Some("image/svg+xml"));
    assert!(
        dark.header("content-security-policy")
            .unwrap()
            .contains("style-src 'unsafe-inline'")
            && dark.body.contains("城镇调查失业率")
            && !dark.body.contains("\"#FFFFFF\""),
        "{}",
        dark.body
    );
    println!(
        "the picture: {} bytes, the drawing for a dark page: {}",
        png.bytes.len(),
        dark.bytes.len()
    );
    let mut other = page.browser().await;
    assert_eq!(
        other.get(&file).await.status,
        404,
        "a file of another browser's room"
    );
    let vote: Value = client
        .post("/chat/press", &[("button", &button(&answer, "没用"))])
        .await
        .json();
    assert!(vote["flash"].as_str().unwrap().contains("已记下"));
    let foreign = other.post("/chat/press", &[("button", &picture)]).await;
    assert!(
        foreign.json()["flash"].as_str().unwrap().contains("失效"),
        "a button of another browser"
    );
    page.finish().await;
}

/// What was said, and its buttons, are there after a restart; whoever only came by leaves nothing in the state.
#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_as_it_was_after_a_restart() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    let mut passer_by = page.browser().await;
    assert!(shown(&mut passer_by).await.contains("我照着这份文件回答"));
    shown(&mut client).await;
    let answer = said(&mut client, "失业率2022年目标").await;
    let (picture, vote) = (button(&answer, "对比图"), button(&answer, "没用"));
    client.post("/chat/press", &[("button", &picture)]).await;
    let before = shown(&mut client).await;
    let file = before.split("<img src=\"").nth(1).unwrap();
    let file = file.split('"').next().unwrap().to_string();
    let drawn = client.get(&file).await;
    assert!(drawn.bytes.starts_with(b"\x89PNG"));
    let page = page.restarted().await;
    client.connects_to(page.address);
    let again = client.get(&file).await;
    assert_eq!((again.status, again.bytes), (200, drawn.bytes));
    passer_by.connects_to(page.address);
    assert_eq!(passer_by.get(&file).await.status, 404, "it is not theirs");
    let html = client.get("/").await.body;
    assert!(
        html.contains("城镇调查失业率 2022年预期目标 5%以内") && html.contains("失业率2022年目标"),
        "{html}"
    );
    assert!(
        html.contains("<img src=") && html.contains(" srcset=") && !html.contains("不再保存了"),
        "{html}"
    );
    let pressed = client
        .post("/chat/press", &[("button", &vote)])
        .await
        .json();
    assert!(
        pressed["flash"].as_str().unwrap().contains("已记下"),
        "{pressed}"
    );
    // What is said now comes after what was said before.
    let after = said(&mut client, "什么是放管服").await;
    let places = ["我照着这份文件回答", "失业率2022年目标", "什么是放管服"];
    let found: Vec<_> = places.iter().map(|words| after.find(words)).collect();
    assert!(
        found.iter().all(Option::is_some) && found.is_sorted(),
        "{found:?}"
    );
    // A file that is not kept any more is said to be gone.
    crate::harness::remove_data_directory(&page.data.path().join("state/sent"));
    let page = page.restarted().await;
    client.connects_to(page.address);
    let html = client.get("/").await.body;
    assert!(
        html.contains("不再保存了") && !html.contains("<img src="),
        "{html}"
    );
    assert_eq!(client.get(&file).await.status, 404);
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_group_the_bot_is_silent_until_it_is_spoken_to() {
    let page = RunningPage::start().await;
    let (mut one, mut two) = (page.browser().await, page.browser().await);
    let say = [("room", "group"), ("text", "大家好")];
    assert_eq!(one.post("/chat/say", &say).await.status, 200);
    let group = |news: &Value| {
        news["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| i["html"].as_str().unwrap().to_string())
            .collect::<Vec<_>>()
    };
    let news: Value = two.get("/chat/news?room=group&after=0").await.json();
    assert_eq!(group(&news).len(), 1);
    assert!(group(&news)[0].contains("theirs") && group(&news)[0].contains("访客"));
    assert_eq!(
        two.post(
            "/chat/say",
            &[("room", "group"), ("text", "@planbot 什么是放管服")]
        )
        .await
        .status,
        200
    );
    let news: Value = one.get("/chat/news?room=group&after=0").await.json();
    assert!(
        group(&news).len() == 3 && group(&news)[2].contains("简政放权"),
        "{news}"
    );
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_of_a_person_are_shown_as_text() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    let shown = said(
        &mut client,
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
    )
    .await;
    assert!(
        shown.contains("&lt;script&gt;") && !shown.contains("<script") && !shown.contains("<img"),
        "{shown}"
    );
    for path in ["/text?q=", "/glossary?q=", "/indicators?category="] {
        let found = client
            .get(&format!("{path}%22%3E%3Cscript%3E1%3C/script%3E"))
            .await
            .body;
        assert!(!found.contains("<script>1"), "{path}");
    }
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_script_the_forms_lead_back_to_the_page() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    client.accept = "text/html";
    let reply = client.post("/chat/say", &[("text", "什么是放管服")]).await;
    // The way back is to the newest message.
    assert_eq!(
        (reply.status, reply.header("location")),
        (303, Some("/#m2"))
    );
    let room = client.get("/").await.body;
    let answer = room.split_once("id=\"m2\"").unwrap().1;
    assert!(answer.contains("简政放权"), "{room}");
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_is_filtered_sorted_and_sent_as_a_file() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    let rows = |reply: &Reply| reply.body.matches("<tr id=").count();
    assert_eq!(rows(&client.get("/indicators").await), 23);
    let binding = client
        .get("/indicators?nature=%E7%BA%A6%E6%9D%9F%E6%80%A7")
        .await;
    let missed = client
        .get("/indicators?verdict=%E6%9C%AA%E8%BE%BE%E6%A0%87&year=2021")
        .await;
    assert!((1..23).contains(&rows(&binding)) && (1..23).contains(&rows(&missed)));
    assert!(!missed.body.contains("2022年预期目标</a>") && missed.body.contains("未达标"));
    let sorted = client
        .get("/indicators?sort=2022-target&dir=asc")
        .await
        .body;
    assert!(sorted.contains("aria-sort=\"ascending\""));
    assert!(
        client
            .get("/indicators.xlsx")
            .await
            .bytes
            .starts_with(b"PK")
    );
    let csv = client.get("/indicators.csv").await;
    assert!(
        csv.body.contains("地区生产总值（GDP）增速")
            && csv
                .header("content-disposition")
                .unwrap()
                .contains("attachment")
    );
    assert!(
        client
            .get("/indicators/chart.svg?at=0")
            .await
            .body
            .starts_with("<svg")
    );
    assert_eq!(client.get("/indicators/chart.svg?at=999").await.status, 404);
    assert_eq!(client.get("/indicators?plan=nowhere").await.status, 404);
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_place_that_is_cited_has_its_address() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    let text = client.get("/text").await.body;
    let edition = page.app.edition();
    let plan = edition.book.newest().unwrap();
    for (at, passage) in plan.passages.iter().enumerate() {
        assert!(
            text.contains(&format!("id=\"s{at}\""))
                && text.contains(&format!("id=\"p{}\"", passage.paragraph)),
            "{at}"
        );
    }
    assert!((0..plan.notes.len()).all(|at| text.contains(&format!("id=\"n{at}\""))));
    let glossary = client.get("/glossary").await.body;
    assert!((0..plan.terms.len()).all(|at| glossary.contains(&format!("id=\"t{at}\""))));
    let found = client.get("/text?q=%E6%94%BE%E7%AE%A1%E6%9C%8D").await.body;
    assert!(found.contains("<mark>放管服</mark>") && found.len() < text.len() / 2);
    let calendar = client.get("/deadlines.ics").await.body;
    assert!(
        calendar.starts_with("BEGIN:VCALENDAR") && calendar.contains("20220708"),
        "{calendar}"
    );
    assert!(client.get("/deadlines").await.body.contains("2022年7月8日"));
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_is_for_administrators_and_says_what_it_found() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    assert_eq!(client.post("/admin/reload", &[]).await.status, 403);
    assert_eq!(client.get("/desk.csv").await.status, 403);
    assert_eq!(
        client
            .post("/admin/enter", &[("token", "wrong")])
            .await
            .status,
        403
    );
    let entered = client.post("/admin/enter", &[("token", TOKEN)]).await;
    assert_eq!(entered.status, 303);
    let cookie = entered.header("set-cookie").unwrap();
    assert!(
        cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Strict")
            && !cookie.contains(TOKEN),
        "{cookie}"
    );
    client.renew("/admin").await;
    assert!(
        client
            .post("/admin/reload", &[])
            .await
            .body
            .contains("数据没有变化")
    );
    let csv = page
        .data
        .path()
        .join("data/plans/yuzhong-2022/indicators.csv");
    replace(
        &csv,
        "2022,target,2022年预期目标,5左右,附件2 第1行",
        "2022,target,2022年预期目标,5.5左右,附件2 第1行",
    );
    assert!(
        client
            .post("/admin/reload", &[])
            .await
            .body
            .contains("5.5%左右")
    );
    replace(
        &csv,
        "2022,target,2022年预期目标,5.5左右,附件2 第1行",
        "2022,target",
    );
    let refused = client.post("/admin/reload", &[]).await.body;
    assert!(
        refused.contains("没有载入") && refused.contains("indicators.csv"),
        "{refused}"
    );
    said(&mut client, "火星人口是多少").await;
    let inside = client.get("/admin").await.body;
    assert!(
        inside.contains("火星") && inside.contains("网页管理员") && inside.contains("口令不对"),
        "{inside}"
    );
    assert_eq!(client.get("/desk.csv").await.status, 200);
    assert_eq!(client.post("/admin/leave", &[]).await.status, 303);
    client.renew("/admin").await;
    assert_eq!(client.post("/admin/reload", &[]).await.status, 403);
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_waits_on_disk_until_somebody_looks() {
    let clock = Arc::new(MovableClock::default());
    let page = RunningPage::start_with(Some(clock), 0).await;
    let mut client = page.browser().await;
    said(&mut client, "/clock 2022-06-20 10:00").await;
    client.post("/admin/enter", &[("token", TOKEN)]).await;
    client.renew("/").await;
    let shown = said(&mut client, "/subscribe 某某街道").await;
    assert!(
        shown.contains("已订阅报送提醒") && shown.contains("【演示时钟 2022-06-20"),
        "{shown}"
    );
    let moved = client
        .post("/clock", &[("day", "2022-07-07"), ("time", "09:30")])
        .await;
    assert_eq!(moved.status, 303);
    let (stop, stopped) = watch::channel(false);
    let site = Site::open(Setting {
        app: Arc::clone(&page.app),
        clock: None,
        hosts: Vec::new(),
        admin_token: Some(TOKEN.to_string()),
        may_print: false,
        waiting: 8,
        stop: stopped,
    });
    // Another page of the same state: nobody has it open, so the reminder stays where it is.
    planbot::remind_once(&page.app, site.unwrap().0.messenger().as_ref()).await;
    assert!(
        page.app
            .store()
            .unwrap()
            .outbox()
            .unwrap()
            .iter()
            .any(|entry| entry.delivery.is_open())
    );
    drop(stop);
    page.finish().await;
}

/// A room that nobody confirmed speaks for no unit; confirmed, it does so on the page of the deadlines too.
#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_room_reports_on_the_page_of_the_deadlines() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    let asked = said(&mut client, "/subscribe 某某街道").await;
    assert!(asked.contains("已请管理员确认"), "{asked}");
    let occurrence = "区发改委/进展情况/2022-07";
    let unit = UnitId("某某街道".to_string());
    let act = |act: &'static str| {
        [
            ("occurrence", occurrence),
            ("unit", "某某街道"),
            ("act", act),
        ]
    };
    let refused = client.post("/deadlines/act", &act("reported")).await;
    assert!(
        refused.status == 403 && refused.body.contains("不是某某街道登记过的会话"),
        "{}",
        refused.body
    );
    let store = page.app.store().unwrap();
    assert!(store.acknowledgement(occurrence, &unit).unwrap().is_none());
    assert!(
        !client
            .get("/deadlines")
            .await
            .body
            .contains("本会话登记的单位")
    );
    // An administrator confirms it, from a chat of their own.
    let wish = store.outbox().unwrap();
    let of = wish.iter().find_map(|entry| match &entry.purpose {
        Purpose::Wish { of, .. } => Some(*of),
        _ => None,
    });
    let admin = Who {
        chat: ChatId(ADMIN),
        person: PersonId(ADMIN),
        name: "管理员".to_string(),
    };
    let decide = |desk: &Desk<'_>| desk.decide(&admin, of.unwrap(), &unit, Decision::Grant);
    page.app
        .with_state()
        .unwrap()
        .at_desk(decide)
        .await
        .unwrap();
    client.renew("/deadlines").await;
    let shown = client.get("/deadlines").await.body;
    assert!(
        shown.contains("本会话登记的单位") && shown.contains("申请延期"),
        "{shown}"
    );
    let mut put_off = act("extend").to_vec();
    put_off.extend([("day", "2022-07-15"), ("reason", "等数据")]);
    assert_eq!(client.post("/deadlines/act", &put_off).await.status, 303);
    let shown = client.get("/deadlines").await.body;
    assert!(shown.contains("申请延期到2022年7月15日（周五）"), "{shown}");
    put_off[3] = ("day", "2029-07-15");
    assert_eq!(client.post("/deadlines/act", &put_off).await.status, 403);
    assert_eq!(
        client.post("/deadlines/act", &act("reported")).await.status,
        303
    );
    let said = store.acknowledgement(occurrence, &unit).unwrap().unwrap();
    assert_eq!(said.said, Acknowledged::Reported);
    assert_eq!(
        client.post("/deadlines/act", &act("withdraw")).await.status,
        303
    );
    let said = store.acknowledgement(occurrence, &unit).unwrap().unwrap();
    assert!(matches!(said.said, Acknowledged::Extended(_)), "{said:?}");
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_a_messenger_the_clock_stands() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    assert_eq!(
        client
            .post("/clock", &[("day", "2022-07-07"), ("time", "09:30")])
            .await
            .status,
        403
    );
    assert!(
        said(&mut client, "/clock 2022-07-07")
            .await
            .contains("只有演示（planbot run --demo）可以拨时钟")
    );
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often_is_told_once() {
    let page = RunningPage::start_with(None, 3).await;
    let mut client = page.browser().await;
    for _ in 0..6 {
        said(&mut client, "什么是放管服").await;
    }
    assert_eq!(
        shown(&mut client)
            .await
            .matches("您这一分钟问得太多了")
            .count(),
        1
    );
    page.finish().await;
}

/// Under load: whatever was sent before the program was told to stop is answered, over new and over kept connections.
#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_it_answers_all_that_it_accepted() {
    let page = RunningPage::start().await;
    let (address, stop) = (page.address, page.stop.clone());
    let asking = (0..24).map(|number| {
        let told = stop.subscribe();
        tokio::spawn(async move {
            let mut answered = 0;
            while !*told.borrow() {
                let question =
                    format!("/api/v1/ask?q=%E5%A4%B1%E4%B8%9A%E7%8E%87{number}x{answered}");
                let reply = Client::new(address)
                    .try_get(&question)
                    .await
                    .expect("no connection before the end");
                assert_eq!(
                    reply.expect("an accepted question was not answered").status,
                    200
                );
                answered += 1;
            }
            answered
        })
    });
    let asking: Vec<_> = asking.collect();
    let mut browser = page.browser().await;
    let saying = tokio::spawn(async move {
        browser
            .post("/chat/say", &[("text", "都有哪些指标")])
            .await
            .status
    });
    tokio::time::sleep(Duration::from_millis(400)).await;
    stop.send(true).unwrap();
    let mut answered = 0;
    for task in asking {
        answered += task.await.unwrap();
    }
    assert!(answered > 24, "{answered}");
    assert_eq!(saying.await.unwrap(), 200);
    page.finish().await;
}

/// A report is brought, one cell and the region are corrected, it is approved, and asked about.
#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_brings_a_report_and_asks_it() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    let report = crate::word_files::small_report();
    let refused = client.post_file("/admin/import", "a.docx", &report).await;
    assert_eq!(refused.status, 403, "only administrators bring reports");
    client.post("/admin/enter", &[("token", TOKEN)]).await;
    client.renew("/admin").await;
    let read = client
        .post_file("/admin/import", "../../柳溪计划.docx", &report)
        .await;
    assert_eq!(read.status, 303, "{}", read.body);
    let address = read.header("location").unwrap().to_string();
    let shown = client.get(&address).await.body;
    for expected in [
        "柳溪计划.docx",
        "liuxi-2030",
        "油菜亩产",
        "155公斤",
        "修渠90公里。",
    ] {
        assert!(shown.contains(expected), "{expected} is not in {shown}");
    }
    let open = client.get(&format!("{address}?cell=1")).await.body;
    assert!(open.contains("name=\"value\" value=\"155\""), "{open}");
    let cell = [
        ("row", "1"),
        ("indicator", "油菜亩产"),
        ("unit", "公斤"),
        ("year", "2030"),
        ("measure", "target"),
        ("value", "158"),
    ];
    // First what it changes, then it is saved.
    let preview = client.post(&format!("{address}/cell"), &cell).await.body;
    for expected in [
        "<del>155公斤</del>",
        "<ins>158公斤</ins>",
        "2030年油菜亩产目标是多少",
        "油菜亩产 2030年目标 155公斤",
        "油菜亩产 2030年目标 158公斤",
    ] {
        assert!(preview.contains(expected), "{expected} is not in {preview}");
    }
    let unchanged = client.get(&address).await.body;
    assert!(unchanged.contains("155公斤"), "it is not saved yet");
    let saved: Vec<_> = cell.into_iter().chain([("save", "yes")]).collect();
    assert_eq!(
        client.post(&format!("{address}/cell"), &saved).await.status,
        303
    );
    let bad = [
        ("id", "liuxi-2030"),
        ("title", "计划"),
        ("region", "柳溪县"),
        ("plan_year", "明年"),
    ];
    assert_eq!(
        client.post(&format!("{address}/plan"), &bad).await.status,
        400
    );
    let taken = [
        ("id", "yuzhong-2022"),
        ("title", "计划"),
        ("region", "柳溪县"),
        ("plan_year", "2030"),
    ];
    client.post(&format!("{address}/plan"), &taken).await;
    let exists = client.post(&format!("{address}/approve"), &[]).await.body;
    assert!(
        exists.contains("yuzhong-2022") && !exists.contains("已写入计划"),
        "{exists}"
    );
    let plan = [
        ("id", "liuxi-2030"),
        ("title", "柳溪县计划"),
        ("region", "柳溪县"),
        ("plan_year", "2030"),
    ];
    client.post(&format!("{address}/plan"), &plan).await;
    let approved = client.post(&format!("{address}/approve"), &[]).await.body;
    assert!(approved.contains("已写入计划 liuxi-2030"), "{approved}");
    assert!(
        approved.contains("柳溪计划.docx 写入为计划 liuxi-2030"),
        "it is written down"
    );
    let answer = said(&mut client, "柳溪县油菜亩产2030年目标").await;
    assert!(answer.contains("158公斤"), "{answer}");
    let original = client.get("/text/original?plan=liuxi-2030").await;
    assert_eq!(original.bytes, report);
    assert_eq!(client.get(&address).await.status, 404, "it was approved");
    let damaged = client
        .post_file("/admin/import", "b.docx", &report[..200])
        .await;
    let shown = client.get(damaged.header("location").unwrap()).await.body;
    assert!(
        shown.contains("已损坏") && !shown.contains("写入并启用"),
        "{shown}"
    );
    page.finish().await;
}
