//! Rooms of the page as a messenger has them: by link, with a name, searched, and each message said once.

use crate::harness::only_qinghe;
use crate::http::{Client, Reply, encoded};
use crate::page::{RunningPage, TOKEN};
use planbot::{Audit, AuditAct, ChatId, PersonId};

async fn administer(client: &mut Client) {
    client.renew("/admin").await;
    client.post("/admin/enter", &[("token", TOKEN)]).await;
    client.renew("/admin").await;
}

/// The word of the room that the administration shows last.
fn word_of(page: &str) -> String {
    let link = page.rsplit_once("href=\"/?room=").unwrap().1;
    link.split('"').next().unwrap().to_string()
}

async fn said(client: &mut Client, room: &str, text: &str) -> Reply {
    let fields = [("room", room), ("text", text)];
    let reply = client.post("/chat/say", &fields).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply
}

#[tokio::test(flavor = "multi_thread")]
async fn a_department_has_a_room_by_its_link() {
    let page = RunningPage::start().await;
    let mut admin = page.browser().await;
    administer(&mut admin).await;
    let made = admin.post("/admin/rooms", &[("name", " 统计科 ")]).await;
    assert!(made.body.contains("已新建“统计科”的会话"), "{}", made.body);
    let again = admin.post("/admin/rooms", &[("name", "统计科")]).await;
    assert!(again.body.contains("已经有“统计科”了"), "{}", again.body);
    let word = word_of(&made.body);
    assert!(word.len() >= 32, "{word}");

    let (mut one, mut other) = (page.browser().await, page.browser().await);
    let address = format!("/?room={word}");
    for client in [&mut one, &mut other] {
        let room = client.get(&address).await.body;
        assert!(room.contains("aria-current=\"page\">统计科</a>"), "{room}");
        // It is found again from elsewhere.
        assert!(client.get("/").await.body.contains(&address));
    }
    said(&mut one, &word, "@planbot 失业率2022年目标").await;
    let news = format!("/chat/news?room={word}&after=0");
    assert!(other.get(&news).await.body.contains("5%以内"));
    // Nobody else hears of it, and nobody guesses it.
    assert!(!other.get("/?room=group").await.body.contains("5%以内"));
    for room in ["0123456789abcdef", "统计科"] {
        let reply = other.get(&format!("/?room={}", encoded(room))).await;
        assert_eq!(reply.status, 404, "{}", reply.body);
    }
    let mut stranger = page.browser().await;
    let not_allowed = stranger.post("/admin/rooms", &[("name", "别的科")]).await;
    assert_eq!(not_allowed.status, 403);

    // After a restart it is there with what was said, until its link is taken back.
    let page = page.restarted().await;
    other.connects_to(page.address);
    assert!(other.get(&address).await.body.contains("5%以内"));
    admin.connects_to(page.address);
    administer(&mut admin).await;
    let removed = admin.post("/admin/rooms/remove", &[("word", &word)]).await;
    assert!(removed.body.contains("链接已收回"), "{}", removed.body);
    assert_eq!(other.get(&address).await.status, 404);
    assert!(!other.get("/").await.body.contains(&word));
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_is_found_again() {
    let page = RunningPage::start_by(only_qinghe).await;
    let mut client = page.browser().await;
    said(&mut client, "own", "什么是<稻鱼共养>").await;
    said(&mut client, "own", "东渠年输水量2024年目标").await;
    let page = page.restarted().await;
    let mut client = client.moved_to(page.address);
    let search = |words: &str| format!("/chat/history?room=own&q={}", encoded(words));
    let found = client.get(&search("输水量 2024年")).await.body;
    assert!(
        found.contains("<mark>2024年</mark>") && found.contains("≥860万立方米"),
        "{found}"
    );
    assert!(!found.contains("稻鱼共养"), "{found}");
    // Said marks are text, and each message leads to its place.
    let found = client.get(&search("<稻鱼共养>")).await.body;
    assert!(found.contains("<mark>&lt;稻鱼共养&gt;</mark>"), "{found}");
    let place = found.split_once("href=\"/#m").unwrap().1;
    let place = place.split('"').next().unwrap();
    let room = client.get("/").await.body;
    assert!(room.contains(&format!("id=\"m{place}\"")), "{place}");
    // Others find nothing of it.
    let mut other = page.browser().await;
    assert!(other.get(&search("输水量")).await.body.contains("没有找到"));
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_letters_are_two_thousand() {
    let page = RunningPage::start_by(only_qinghe).await;
    let mut client = page.browser().await;
    // Every line of a form ends in two letters, and some letters take four bytes.
    for letter in ["水", "𠀀", "水\r\n"] {
        let letters = letter.replace("\r\n", "\n").chars().count();
        let longest = letter.repeat(2_000 / letters);
        said(&mut client, "own", &longest).await;
        let longer = format!("{longest}水水");
        let refused = client.post("/chat/say", &[("text", &longer)]).await;
        assert_eq!(refused.status, 400, "{}", refused.body);
        assert!(
            refused.body.contains("不超过 2000 个字"),
            "{}",
            refused.body
        );
    }
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_again_over_a_bad_line_is_said_once() {
    let page = RunningPage::start_by(only_qinghe).await;
    let mut client = page.browser().await;
    let fields = [
        ("text", "什么是稻鱼共养"),
        ("once", "a-word-of-the-browser"),
        ("after", "0"),
    ];
    for _ in 0..3 {
        let reply = client.post("/chat/say", &fields).await;
        assert_eq!(reply.status, 200);
        // The reply has what is new, so that nothing more need be fetched.
        let items = reply.json()["items"].as_array().unwrap().len();
        assert!(
            items >= 2 && reply.body.contains("既种水稻又养田鱼"),
            "{}",
            reply.body
        );
    }
    let room = client.get("/").await.body;
    assert_eq!(room.matches("什么是稻鱼共养</div>").count(), 1, "{room}");
    // Without a script there is no such word, and a question may be asked twice.
    for _ in 0..2 {
        said(&mut client, "own", "护渠员有多少").await;
    }
    let room = client.get("/").await.body;
    assert_eq!(
        room.matches("<div class=\"text\">护渠员有多少</div>")
            .count(),
        2
    );
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_is_a_button_that_says_it_in_full_and_nothing_needs_a_font_of_emoji() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    said(&mut client, "own", "服务业怎么样").await;
    said(&mut client, "own", "绿化覆盖率2021年达标没").await;
    said(&mut client, "own", "2022年目标比2021年目标低了的指标有哪些").await;
    let room = client.get("/").await.body;
    assert!(!room.contains("\n· ") && !room.contains(">· "), "{room}");
    assert!(
        room.contains("依托解放碑中央商务区、化龙桥国际商务区建设…</button>"),
        "{room}"
    );
    // A list has its values, and one fold has the evidence.
    assert!(
        room.contains("<dl class=\"rows\"><div><dt>") && !room.contains("<pre>"),
        "{room}"
    );
    let answer = room
        .split("<article")
        .find(|item| item.contains("未达标"))
        .unwrap();
    assert_eq!(answer.matches("<details").count(), 1, "{answer}");
    let is_emoji = |letter: char| ('\u{1F000}'..='\u{1FAFF}').contains(&letter);
    assert!(!room.contains(is_emoji), "{room}");
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_see_what_was_asked_who_did_what_and_take_a_backup() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    for _ in 0..2 {
        said(&mut client, "own", "失业率2022年目标").await;
    }
    said(&mut client, "own", "火星人口").await;
    said(&mut client, "own", "谢谢").await;
    administer(&mut client).await;
    let inside = client.get("/admin").await.body;
    assert!(inside.contains("共问了 3 次"), "{inside}");
    for counted in ["表里的数 2 次", "没有定下来的 1 次"] {
        assert!(inside.contains(counted), "{inside}");
    }
    client.post("/admin/reload", &[]).await;
    let report = Audit {
        at: "2022-07-01T09:02:00+08:00".to_string(),
        person: PersonId(7),
        name: "张三".to_string(),
        chat: Some(ChatId(-55)),
        act: AuditAct::Report,
        result: "甲街道：已报送（局/进展/2022-07）".to_string(),
    };
    page.app.store().unwrap().audit_other(&report).unwrap();
    let inside = client.get("/admin").await.body;
    for words in ["张三（群 -55）", "甲街道：已报送（2022年7月向局报送进展）"]
    {
        assert!(inside.contains(words), "{inside}");
    }
    let search = format!("/admin?acts={}", encoded("登录"));
    let found = client.get(&search).await.body;
    assert!(
        found.contains("<mark>登录</mark>管理") && !found.contains("重新载入</td>"),
        "{found}"
    );
    let backup = client.post("/admin/backup", &[]).await;
    assert_eq!(backup.status, 200);
    assert!(
        backup
            .header("content-disposition")
            .unwrap()
            .contains("attachment")
    );
    let first = backup.body.lines().next().unwrap();
    assert!(first.contains("\"planbot\":\"state\""), "{first}");
    assert!(client.get("/admin").await.body.contains("下载备份</td>"));
    let mut stranger = page.browser().await;
    assert_eq!(stranger.post("/admin/backup", &[]).await.status, 403);
    page.finish().await;
}
