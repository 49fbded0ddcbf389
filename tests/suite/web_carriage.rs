//! How the page travels: packed where it is taken so, not at all where the browser has it, and never kept where it is secret.

use crate::http::{Client, Reply, encoded};
use crate::page::{RunningPage, TOKEN};
use flate2::read::GzDecoder;
use std::io::Read;

/// All that a first look at the page needs, as a browser fetches it; in bytes.
const MOST_BYTES: usize = 60 * 1024;

async fn packed(client: &mut Client, path: &str) -> Reply {
    client
        .get_with(path, &[("Accept-Encoding", "gzip, br")])
        .await
}

fn unpacked(reply: &Reply) -> String {
    let mut text = String::new();
    GzDecoder::new(reply.bytes.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_is_packed_and_says_the_same() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    let html = client.get("/").await.body;
    let of = |start: &str| {
        let from = html.split_once(start).unwrap().1;
        format!(
            "{}{}",
            start.trim_start_matches('"'),
            from.split('"').next().unwrap()
        )
    };
    let assets = [of("\"/assets/page.css?"), of("\"/assets/page.js?")];
    let forms = client.get("/indicators").await.body;
    assert!(forms.contains("/assets/forms.js?") && !forms.contains("/assets/page.js"));
    let paths = ["/indicators", "/glossary", "/text", "/deadlines"];
    for path in paths
        .iter()
        .copied()
        .chain(assets.iter().map(String::as_str))
    {
        let whole = client.get(path).await;
        let small = packed(&mut client, path).await;
        assert_eq!(whole.header("content-encoding"), None, "{path}");
        assert_eq!(small.header("content-encoding"), Some("gzip"), "{path}");
        assert_eq!(small.header("vary"), Some("accept-encoding"), "{path}");
        assert_eq!(unpacked(&small), whole.body, "{path}");
    }
    let refuses = [("Accept-Encoding", "gzip;q=0, identity")];
    let reply = client.get_with("/glossary", &refuses).await;
    assert_eq!(reply.header("content-encoding"), None);
    let mut with_assets = 0;
    for asset in &assets {
        with_assets += packed(&mut client, asset).await.bytes.len();
    }
    for path in paths.iter().chain(&["/"]) {
        let bytes = with_assets + packed(&mut client, path).await.bytes.len();
        println!("{path}: {bytes} bytes");
        assert!(bytes <= MOST_BYTES, "{path} has {bytes} bytes");
    }
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_browser_has_is_not_sent_again() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    let search = format!("/glossary?q={}", encoded("服务"));
    for path in ["/indicators", &search, "/text", "/indicators.csv"] {
        let first = client.get(path).await;
        let tag = first
            .header("etag")
            .unwrap_or_else(|| panic!("{path} has no mark"))
            .to_string();
        assert_eq!(
            first.header("cache-control"),
            Some("private, no-cache"),
            "{path}"
        );
        let again = client.get_with(path, &[("If-None-Match", &tag)]).await;
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
        assert_eq!(again.header("etag"), Some(tag.as_str()));
        let other = client
            .get_with(path, &[("If-None-Match", "W/\"another\"")])
            .await;
        assert_eq!(other.status, 200);
    }
    // The address of style and script changes with them.
    let style = client.get("/").await.body;
    let style = style.split_once("href=\"/assets/page.css").unwrap().1;
    let style = format!("/assets/page.css{}", style.split('"').next().unwrap());
    let kept = client.get(&style).await;
    assert_eq!(
        kept.header("cache-control"),
        Some("public, max-age=31536000, immutable")
    );
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_administrators_and_what_a_room_says_is_kept_by_nobody() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    client.post("/admin/enter", &[("token", TOKEN)]).await;
    for path in [
        "/",
        "/admin",
        "/deadlines",
        "/indicators",
        "/chat/news?room=own&after=0",
        "/readyz",
    ] {
        let reply = client.get(path).await;
        assert_eq!(reply.header("etag"), None, "{path}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
    }
    page.finish().await;
}
