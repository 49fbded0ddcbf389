//! Whoever means no good: each attempt is refused or timed out with one sentence, and the bot goes on. SECURITY.md lists them.

use crate::http::{Client, Reply, exchange};
use crate::page::{RunningPage, TOKEN};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sends bytes as they are.
async fn raw(page: &RunningPage, bytes: &[u8]) -> Option<Reply> {
    exchange(TcpStream::connect(page.address).await.unwrap(), bytes).await
}

/// The page still answers.
async fn goes_on(page: &RunningPage) {
    let mut client = Client::new(page.address);
    let reply = client
        .get("/api/v1/ask?q=%E5%A4%B1%E4%B8%9A%E7%8E%87")
        .await;
    assert!(reply.status == 200 && reply.body.contains("城镇调查失业率"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_token_nothing_is_administered() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    for path in ["/admin/reload", "/admin/adopt"] {
        let reply = client.post(path, &[("printed", "x"), ("said", "y")]).await;
        assert_eq!(reply.status, 403, "{path}");
        assert!(reply.body.contains("管理员"), "{}", reply.body);
    }
    for path in ["/desk.csv", "/desk.xlsx"] {
        assert_eq!(client.get(path).await.status, 403);
    }
    assert!(!client.get("/admin").await.body.contains("操作记录"));
    let made_up = format!(
        "GET /admin HTTP/1.1\r\nhost: x.localhost\r\ncookie: planbot_admin={}\r\nconnection: close\r\n\r\n",
        "0".repeat(48)
    );
    let made_up = made_up.replace("x.localhost", &page.address.to_string());
    assert!(
        !raw(&page, made_up.as_bytes())
            .await
            .unwrap()
            .body
            .contains("操作记录")
    );
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_tokens_slow_their_address_down_and_never_lock_the_right_one() {
    let page = RunningPage::start().await;
    let guess = |from: &'static str| {
        let page = &page;
        async move {
            let mut client = page.browser().await;
            let csrf = client.csrf.clone();
            let further = format!("x-forwarded-for: 1.2.3.4, {from}\r\n");
            let begun = Instant::now();
            let reply = client
                .post_with("/admin/enter", &[("token", "guess")], &csrf, &further)
                .await;
            assert_eq!(reply.status, 403);
            begun.elapsed()
        }
    };
    for _ in 0..5 {
        guess("192.0.2.1").await;
    }
    let (sixth, seventh) = (guess("192.0.2.1").await, guess("192.0.2.1").await);
    assert!(
        sixth >= Duration::from_millis(500) && seventh >= Duration::from_millis(1_000),
        "another cookie is no way round: {sixth:?} {seventh:?}"
    );
    let other = guess("192.0.2.2").await;
    assert!(other < Duration::from_millis(500), "of another: {other:?}");
    // Two hundred more wait for their answers; the right one does not, from the same address.
    let waiting: Vec<_> = (0..200)
        .map(|_| {
            let address = page.address;
            tokio::spawn(async move {
                let mut client = Client::new(address);
                client.get("/").await;
                let csrf = client.csrf.clone();
                let further = "x-forwarded-for: 192.0.2.1\r\n";
                client
                    .post_with("/admin/enter", &[("token", "guess")], &csrf, further)
                    .await
                    .status
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut right = page.browser().await;
    let csrf = right.csrf.clone();
    let begun = Instant::now();
    let further = "x-forwarded-for: 192.0.2.1\r\n";
    let reply = right
        .post_with("/admin/enter", &[("token", TOKEN)], &csrf, further)
        .await;
    assert_eq!(reply.status, 303);
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
    assert!(reply.header("set-cookie").is_some());
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
    goes_on(&page).await;
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_of_other_sites_are_refused() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    let csrf = client.csrf.clone();
    let say = [("text", "什么是放管服")];
    for further in [
        "origin: http://evil.example\r\n",
        "origin: null\r\n",
        "sec-fetch-site: cross-site\r\n",
        "sec-fetch-site: same-site\r\n",
    ] {
        let reply = client.post_with("/chat/say", &say, &csrf, further).await;
        assert!(
            reply.status == 403 && reply.body.contains("别的网站"),
            "{further}: {}",
            reply.body
        );
    }
    let own = format!(
        "origin: http://{}\r\nsec-fetch-site: same-origin\r\n",
        page.address
    );
    for wrong in ["", "0000"] {
        assert_eq!(
            client
                .post_with("/chat/say", &say, wrong, &own)
                .await
                .status,
            403,
            "{wrong}"
        );
    }
    let mut other = page.browser().await;
    let foreign = other.csrf.clone();
    assert_eq!(
        client
            .post_with("/chat/say", &say, &foreign, &own)
            .await
            .status,
        403,
        "the token of another browser"
    );
    assert_eq!(
        client
            .post_with("/chat/say", &say, &csrf, &own)
            .await
            .status,
        200
    );
    let mut stranger = Client::new(page.address);
    assert_eq!(
        stranger
            .post_with("/chat/say", &say, &csrf, "")
            .await
            .status,
        403,
        "without a cookie"
    );
    assert_eq!(other.get("/chat/say").await.status, 405);
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_name_that_leads_here_is_refused() {
    let page = RunningPage::start().await;
    for (host, status) in [
        ("evil.example", 421),
        ("evil.example:8088", 421),
        ("plan.example", 200),
        ("localhost:1", 200),
        ("[::1]:8088", 200),
        ("", 421),
    ] {
        let reply = raw(
            &page,
            format!("GET /api/v1/terms HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")
                .as_bytes(),
        )
        .await
        .unwrap();
        assert_eq!(reply.status, status, "{host}");
    }
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tricks_with_paths_lead_nowhere() {
    let page = RunningPage::start().await;
    let paths = [
        "/../bot.toml",
        "/assets/../../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/assets/page.css%00.html",
        "/chat/file/..%2f..%2fstate",
        "/text?plan=../../state",
        "/text?plan=%2e%2e%2f",
        "/%ff%fe",
        "/data/units.toml",
        "/state/db",
        "/.git/config",
        "/indicators/chart.svg?plan=..&at=-1",
        "/admin/..;/reload",
    ];
    for path in paths {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
            page.address
        );
        let reply = raw(&page, request.as_bytes()).await.unwrap();
        assert!(
            [400, 404, 405].contains(&reply.status),
            "{path} gives {}: {}",
            reply.status,
            reply.body
        );
        assert!(
            !reply.body.contains("[package]") && !reply.body.contains("root:"),
            "{path}"
        );
    }
    let long = format!(
        "GET /text?q={} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
        "a".repeat(12_000),
        page.address
    );
    assert_eq!(raw(&page, long.as_bytes()).await.unwrap().status, 414);
    for method in ["PUT", "DELETE", "TRACE", "OPTIONS", "BREW"] {
        let request = format!(
            "{method} / HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
            page.address
        );
        assert_eq!(
            raw(&page, request.as_bytes()).await.unwrap().status,
            405,
            "{method}"
        );
    }
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn large_bodies_are_refused() {
    let page = RunningPage::start().await;
    let body = vec![b'a'; 10 << 20];
    let head = format!(
        "POST /chat/say HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n\r\n",
        page.address,
        body.len()
    );
    let reply = raw(&page, &[head.as_bytes(), &body].concat()).await;
    assert_eq!(reply.map(|reply| reply.status), Some(413));
    // Without a length, in pieces: cut off where it is too much.
    let head = format!(
        "POST /chat/say HTTP/1.1\r\nhost: {}\r\ntransfer-encoding: chunked\r\n\r\n",
        page.address
    );
    let piece = [b"10000\r\n".as_slice(), &vec![b'a'; 0x10000], b"\r\n"].concat();
    let reply = raw(&page, &[head.as_bytes(), &piece, &piece].concat()).await;
    assert_eq!(reply.map(|reply| reply.status), Some(413));
    goes_on(&page).await;
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn floods_of_headers_are_refused() {
    let page = RunningPage::start().await;
    let many: String = (0..1_000)
        .map(|number| format!("x-{number}: 1\r\n"))
        .collect();
    let large = format!("x-large: {}\r\n", "a".repeat(1 << 20));
    for flood in [many, large] {
        let request = format!("GET / HTTP/1.1\r\nhost: {}\r\n{flood}\r\n", page.address);
        let reply = raw(&page, request.as_bytes()).await;
        // A flood may be cut off before the refusal is read.
        assert!(reply.is_none_or(|reply| reply.status == 431 || reply.status == 400));
    }
    let nonsense = raw(
        &page,
        b"\x16\x03\x01\x02\x00\x01\x00 this is no HTTP \r\n\r\n",
    )
    .await;
    assert!(nonsense.is_none_or(|reply| reply.status == 400));
    let smuggled = format!(
        "POST /chat/say HTTP/1.1\r\nhost: {}\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /admin HTTP/1.1\r\n\r\n",
        page.address
    );
    assert!(
        raw(&page, smuggled.as_bytes())
            .await
            .is_none_or(|reply| reply.status >= 400)
    );
    goes_on(&page).await;
    page.finish().await;
}

/// A hundred clients that send a header and wait, and as many that send a body and wait, are cut off; others are served meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_are_timed_out_and_hold_up_nobody() {
    let page = RunningPage::start().await;
    let begun = Instant::now();
    let slow = (0..200).map(|number| {
        let address = page.address;
        tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let head = if number % 2 == 0 {
                format!("GET / HTTP/1.1\r\nhost: {address}\r\nx-slow: ")
            } else {
                format!(
                    "POST /chat/say HTTP/1.1\r\nhost: {address}\r\ncontent-length: 100\r\n\r\na"
                )
            };
            stream.write_all(head.as_bytes()).await.unwrap();
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest).await;
            rest
        })
    });
    let slow: Vec<_> = slow.collect();
    for _ in 0..20 {
        goes_on(&page).await;
    }
    assert!(
        begun.elapsed() < Duration::from_secs(8),
        "others had to wait"
    );
    for client in slow {
        let rest = tokio::time::timeout(Duration::from_secs(30), client)
            .await
            .expect("a slow client was not cut off")
            .unwrap();
        assert!(
            rest.is_empty() || Reply::read(&rest).is_some_and(|reply| reply.status == 408),
            "{}",
            String::from_utf8_lossy(&rest)
        );
    }
    goes_on(&page).await;
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reply_carries_the_headers() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    for path in [
        "/",
        "/text",
        "/nope",
        "/assets/page.js",
        "/api/v1/terms",
        "/api/v1/ask",
    ] {
        let reply = client.get(path).await;
        let policy = reply.header("content-security-policy").unwrap();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
        assert_eq!(
            reply.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert!(
            reply.header("access-control-allow-origin").is_none(),
            "{path}"
        );
    }
    let html = client.get("/").await.body;
    assert!(
        !html.contains("<style")
            && !html.contains(" style=")
            && !html.contains(" onclick")
            && !html.contains("<script>")
    );
    page.finish().await;
}
