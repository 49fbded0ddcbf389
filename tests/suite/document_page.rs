//! The full text as a document, the calendar of due days, and who has reported on one page.

use crate::harness::{only_qinghe, replace};
use crate::http::{Client, encoded};
use crate::page::{RunningPage, TOKEN};

/// Contents lead to headings, marks to notes and back, and tables stand inside.
#[tokio::test(flavor = "multi_thread")]
async fn the_text_has_contents_footnotes_and_tables() {
    let page = RunningPage::start_by(only_qinghe).await;
    let mut client = page.browser().await;
    let text = client.get("/text").await.body;
    let contents = text.split("class=\"contents\"").nth(1).unwrap();
    let contents = contents.split("</details>").next().unwrap();
    for heading in [
        "一、2023年计划执行情况",
        "（二）田间管护",
        "附件1 2023年主要目标完成情况表",
        "脚注和备注",
    ] {
        assert!(contents.contains(heading), "{heading}: {contents}");
    }
    let all_lead_somewhere = contents.split("href=\"#").skip(1).all(|rest| {
        let id = rest.split('"').next().unwrap();
        let is_there = |id: &str| text.contains(&format!("id=\"{id}\""));
        is_there(id)
            || ["at-附件1", "at-附件2"]
                .iter()
                .any(|name| encoded(name) == id && is_there(name))
    });
    assert!(all_lead_somewhere, "{contents}");
    // The mark stands behind the words that the note annotates.
    let mark = "新建公用碾米坊9座<sup><a id=\"m0\" href=\"#n0\" aria-label=\"脚注1\">[1]</a></sup>，服务农户3200户";
    assert!(text.contains(mark), "{text}");
    let note = text
        .split("id=\"n0\"")
        .nth(1)
        .unwrap()
        .split("</p>")
        .next()
        .unwrap();
    assert!(
        note.contains("青禾现有公用碾米坊37座") && note.contains("href=\"#m0\""),
        "{note}"
    );
    let table = text
        .split("id=\"at-附件1\"")
        .nth(1)
        .unwrap()
        .split("id=\"at-附件2\"")
        .next()
        .unwrap();
    assert!(
        table.contains("297.5")
            && table.contains("西渠年输水量因上游清淤停水46天")
            && !table.contains("≥900"),
        "{table}"
    );
    page.finish().await;
}

/// A mark stands where the document has it, also where the words that it annotates stand twice in the sentence.
#[tokio::test(flavor = "multi_thread")]
async fn a_mark_stands_where_the_document_has_it() {
    let page = RunningPage::start_by(|data| {
        only_qinghe(data);
        let body = data.join("plans/qinghe-2024/body.md");
        replace(
            &body,
            "新建公用碾米坊9座，服务农户3200户。",
            "新建公用碾米坊9座，服务农户3200户，共新建公用碾米坊9座[^1]，如期完成。",
        );
    })
    .await;
    let text = page.browser().await.get("/text").await.body;
    let marked = "共新建公用碾米坊9座<sup><a id=\"m0\" href=\"#n0\" aria-label=\"脚注1\">[1]</a></sup>，如期完成。";
    assert!(
        text.contains(marked) && text.matches("<sup>").count() == 1,
        "{text}"
    );
    page.finish().await;
}

/// A search counts every place, in the text, in the tables and in the notes, and leads to the whole text.
#[tokio::test(flavor = "multi_thread")]
async fn a_search_counts_what_it_finds() {
    let page = RunningPage::start_by(only_qinghe).await;
    let mut client = page.browser().await;
    let found = client
        .get(&format!("/text?q={}", encoded("碾米坊")))
        .await
        .body;
    // Twice in the text, once in the footnote.
    let said = found
        .split("role=\"status\">")
        .nth(1)
        .unwrap()
        .split("</p>")
        .next()
        .unwrap();
    let said: String = said.split(['<', '>']).collect();
    assert!(
        said.contains("找到 3 处：正文 2 段，表格 0 行，脚注和备注 1 条"),
        "{said}"
    );
    assert_eq!(found.matches("<mark>碾米坊</mark>").count(), 3);
    assert!(found.contains("href=\"/text?plan=qinghe-2024#p"), "{found}");
    let rows = client
        .get(&format!("/text?q={}", encoded("西渠")))
        .await
        .body;
    assert_eq!(
        rows.matches("<mark>西渠</mark>").count(),
        3,
        "a row of each table and the remark below one"
    );
    assert!(
        rows.contains("找到 3 处：正文 0 段，表格 2 行，脚注和备注 0 条"),
        "{rows}"
    );
    page.finish().await;
}

/// The number of places that a search says is that of the marks on its page, for whatever is looked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_search_says_as_many_places_as_it_marks() {
    let page = RunningPage::start_by(|data| {
        only_qinghe(data);
        replace(
            &data.join("plans/qinghe-2024/body.md"),
            "新建公用碾米坊9座，服务农户3200户。",
            "新建公用碾米坊9座，服务农户3200户，碾米坊旁再建碾米坊2座。",
        );
    })
    .await;
    let mut client = page.browser().await;
    // Thrice in one sentence; two words; one inside the other; overlapping; in several cells of a row; in names and remarks.
    let looked_for = [
        "碾米坊",
        "公用 碾米坊",
        "碾米坊 碾米",
        "碾米 米坊",
        "86",
        "渠",
        "万",
        "年",
        // In a row's kind, and in the heading above it.
        "约束性",
        "2024年预期目标",
    ];
    for words in looked_for {
        let found = client
            .get(&format!("/text?q={}", encoded(words)))
            .await
            .body;
        let said = found.split("找到 ").nth(1).unwrap();
        let said: usize = said.split(' ').next().unwrap().parse().unwrap();
        let marks = found.matches("<mark>").count();
        assert!(said > 0, "{words} is found");
        assert_eq!(said, marks, "{words}: {found}");
    }
    page.finish().await;
}

/// An all-day event ends on the next day, and every event says when its file was made.
#[tokio::test(flavor = "multi_thread")]
async fn the_calendar_is_as_calendars_read_it() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    let calendar = client.get("/deadlines.ics").await.body;
    let events: Vec<&str> = calendar.split("BEGIN:VEVENT").skip(1).collect();
    assert!(!events.is_empty());
    for event in events {
        let day = |name: &str| {
            let line = event.lines().find(|line| line.starts_with(name));
            line.unwrap_or_else(|| panic!("{name}: {event}"))
                .rsplit(':')
                .next()
                .unwrap()
                .trim()
                .to_string()
        };
        let parse = |text: &str| chrono::NaiveDate::parse_from_str(text, "%Y%m%d").unwrap();
        let (start, end) = (
            parse(&day("DTSTART;VALUE=DATE")),
            parse(&day("DTEND;VALUE=DATE")),
        );
        assert_eq!(start.succ_opt(), Some(end), "{event}");
        // The clock of the tests stands in the morning of that day, in Shanghai.
        assert_eq!(day("DTSTAMP"), "20220624T010000Z");
        assert!(
            event.contains("BEGIN:VALARM") && event.contains("ACTION:DISPLAY"),
            "{event}"
        );
    }
    // What is looked at again is the same file: nothing in it comes of chance or of another clock.
    assert_eq!(client.get("/deadlines.ics").await.body, calendar);
    assert!(!calendar.contains("ICALENDAR-RS"), "{calendar}");
    page.finish().await;
}

/// One page to be printed says how many have reported and who has not; for administrators only.
#[tokio::test(flavor = "multi_thread")]
async fn who_has_reported_is_one_page() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    assert_eq!(client.get("/desk/print").await.status, 403);
    administrate(&mut client).await;
    client
        .post("/chat/say", &[("text", "/subscribe 某某街道")])
        .await;
    let shown = client.get("/desk/print").await.body;
    assert!(
        shown.contains("共 1 家，已报送 0 家，还差 1 家。"),
        "{shown}"
    );
    let silent = shown.split("未回应（1 家）").nth(1).unwrap();
    assert!(silent.contains("某某街道"), "{shown}");
    assert!(client.get("/deadlines").await.body.contains("/desk/print"));
    page.finish().await;
}

async fn administrate(client: &mut Client) {
    client.post("/admin/enter", &[("token", TOKEN)]).await;
    client.renew("/").await;
}
