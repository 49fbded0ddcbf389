//! Whoever holds connections and long polls shuts nobody out: the page, the API and the health are answered meanwhile, on the
//! page's listener and on the webhook's.

use crate::harness::RunningBot;
use crate::http::{Client, Reply, exchange};
use crate::page::RunningPage;
use axum::routing::get;
use axum::{Extension, Router};
use planbot::{Seat, Served, listen_with_limits};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::watch;

/// More than the listener has places.
const MANY: usize = 700;
const ANSWERED_WITHIN: Duration = Duration::from_secs(2);
const ASKED: &str = "/api/v1/ask?q=%E5%A4%B1%E4%B8%9A%E7%8E%87";

/// A connection from an address of loopback.
async fn connected(to: SocketAddr, from: [u8; 4]) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((from, 0))).unwrap();
    socket.connect(to).await.unwrap()
}

/// Each is answered with 200, soon.
async fn all_are_answered(address: SocketAddr, from: [u8; 4], paths: &[&str]) {
    for path in paths {
        let begun = Instant::now();
        let stream = connected(address, from).await;
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        let reply = exchange(stream, request.as_bytes()).await;
        let took = begun.elapsed();
        assert!(
            reply.as_ref().is_some_and(|reply| reply.status == 200) && took < ANSWERED_WITHIN,
            "{path} from {from:?} after {took:?}: {reply:?}"
        );
    }
}

/// Opens many connections that send something and read on until they are closed.
async fn crowd(address: SocketAddr, sends: &str) -> Vec<TcpStream> {
    let mut crowd = Vec::new();
    for _ in 0..MANY {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // Who was displaced already may be closed.
        let _ = stream.write_all(sends.as_bytes()).await;
        crowd.push(stream);
    }
    crowd
}

#[tokio::test(flavor = "multi_thread")]
async fn who_holds_connections_shuts_nobody_out() {
    let page = RunningPage::start().await;
    let mut browser = page.browser().await;
    let seen = browser.get("/chat/news?after=0").await.json();
    let cookie = browser.cookie("planbot_visit").unwrap();
    let (host, version) = (page.address, seen["version"].as_u64().unwrap());
    let poll = format!(
        "GET /chat/news?after={version} HTTP/1.1\r\nhost: {host}\r\ncookie: planbot_visit={cookie}\r\n\r\n"
    );
    let held = [
        // Many polls, one behind the other on each connection.
        poll.repeat(20),
        // Half a head, half a body, nothing at all.
        format!("GET / HTTP/1.1\r\nhost: {host}\r\nx-slow: "),
        format!("POST /chat/say HTTP/1.1\r\nhost: {host}\r\ncontent-length: 100\r\n\r\na"),
        String::new(),
    ];
    for sends in held {
        let crowd = crowd(page.address, &sends).await;
        for from in [[127, 0, 0, 1], [127, 0, 0, 2]] {
            all_are_answered(page.address, from, &["/healthz", "/", ASKED]).await;
        }
        drop(crowd);
    }
    page.finish().await;
}

/// A browser with eight tabs open is told of the ninth; one that is closed makes room.
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_polls_only_so_often_at_once() {
    let page = RunningPage::start().await;
    let mut browser = page.browser().await;
    let seen = browser.get("/chat/news?after=0").await.json();
    let version = seen["version"].as_u64().unwrap();
    let cookie = browser.cookie("planbot_visit").unwrap();
    let request = format!(
        "GET /chat/news?after={version} HTTP/1.1\r\nhost: {}\r\ncookie: planbot_visit={cookie}\r\n\r\n",
        page.address
    );
    let mut tabs = Vec::new();
    for _ in 0..8 {
        let mut tab = TcpStream::connect(page.address).await.unwrap();
        tab.write_all(request.as_bytes()).await.unwrap();
        tabs.push(tab);
    }
    let mut ninth = Reply::read(b"HTTP/1.1 200 x\r\n\r\n").unwrap();
    for _ in 0..100 {
        // The others may still be on their way.
        ninth = browser.get("/chat/news?after=0").await;
        if ninth.status == 429 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(
        ninth.status == 429 && ninth.json()["error"].as_str().unwrap().contains("关掉几页"),
        "{}",
        ninth.body
    );
    drop(tabs);
    let mut again = 429;
    for _ in 0..100 {
        again = browser.get("/chat/news?after=0").await.status;
        if again == 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(again, 200);
    page.finish().await;
}

/// Where all that an address may have is at work, its health is answered all the same.
#[tokio::test(flavor = "multi_thread")]
async fn health_is_answered_where_everybody_is_at_work() {
    let at_work = |Extension(seat): Extension<Seat>| async move {
        let _at_work = seat.work();
        std::future::pending::<()>().await;
    };
    let served = Served {
        whole: Router::new().route("/work", get(at_work)),
        when_full: Router::new().route("/healthz", get(|| async { "ok\n" })),
    };
    let listening = listen_with_limits("127.0.0.1:0").await.unwrap();
    let address = listening.address;
    let (stop, stopped) = watch::channel(false);
    let serving = tokio::spawn(listening.serve(served, std::future::ready(()), stopped));
    let work = format!("GET /work HTTP/1.1\r\nhost: {address}\r\n\r\n");
    let mut working = Vec::new();
    for _ in 0..384 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(work.as_bytes()).await.unwrap();
        working.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    for _ in 0..40 {
        all_are_answered(address, [127, 0, 0, 1], &["/healthz"]).await;
    }
    // Nobody who is at work was cut off for it.
    for stream in &mut working {
        let mut byte = [0];
        let read = stream.read(&mut byte);
        let closed = tokio::time::timeout(Duration::from_millis(1), read).await;
        assert!(closed.is_err(), "cut off: {closed:?}");
    }
    drop(working);
    stop.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(15), serving)
        .await
        .expect("the end does not come")
        .unwrap();
}

/// The webhook's listener has the same limits, and the secret is asked for before anything is read.
#[tokio::test(flavor = "multi_thread")]
async fn the_webhook_reads_nothing_of_strangers_and_is_not_shut_out() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let bot = RunningBot::start_by(|config| {
        config.telegram.mode = "webhook".to_string();
        config.telegram.webhook_url = "https://bot.example.org".to_string();
        config.telegram.webhook_listen = address.to_string();
    })
    .await;
    bot.api.webhook_once().await;
    // A large body is announced and never sent: without the secret the answer does not wait for it.
    let head = |secret: &str| {
        format!(
            "POST /telegram HTTP/1.1\r\nhost: x\r\nx-telegram-bot-api-secret-token: {secret}\r\ncontent-length: 900000\r\n\r\n"
        )
    };
    let mut stranger = TcpStream::connect(address).await.unwrap();
    stranger.write_all(head("wrong").as_bytes()).await.unwrap();
    let mut answer = [0_u8; 12];
    let read = stranger.read_exact(&mut answer);
    tokio::time::timeout(ANSWERED_WITHIN, read)
        .await
        .expect("a stranger's body is waited for")
        .unwrap();
    assert_eq!(&answer, b"HTTP/1.1 403");
    for sends in ["POST /telegram HTTP/1.1\r\nhost: x\r\nx-slow: ", ""] {
        let crowd = crowd(address, sends).await;
        all_are_answered(address, [127, 0, 0, 1], &["/healthz"]).await;
        drop(crowd);
    }
    let large = format!(
        "GET /healthz HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n",
        "a".repeat(1 << 20)
    );
    let stream = TcpStream::connect(address).await.unwrap();
    let reply = exchange(stream, large.as_bytes()).await;
    assert!(reply.is_none_or(|reply| reply.status == 431));
    bot.finish().await;
}

/// The clients of one browser each have their room; many browsers of one address are bounded together.
#[tokio::test(flavor = "multi_thread")]
async fn many_browsers_of_one_address_poll_only_so_often_at_once() {
    let page = RunningPage::start().await;
    let mut polls = Vec::new();
    for _ in 0..300 {
        let mut browser = Client::new(page.address);
        browser.get("/").await;
        let seen = browser.get("/chat/news?after=0").await.json();
        let cookie = browser.cookie("planbot_visit").unwrap();
        let request = format!(
            "GET /chat/news?after={} HTTP/1.1\r\nhost: {}\r\nx-forwarded-for: 192.0.2.9\r\ncookie: planbot_visit={cookie}\r\n\r\n",
            seen["version"], page.address
        );
        let mut stream = TcpStream::connect(page.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        polls.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut refused = 0;
    for stream in &mut polls {
        let mut head = [0_u8; 12];
        let answered = tokio::time::timeout(Duration::from_millis(5), stream.read_exact(&mut head));
        if let Ok(Ok(_)) = answered.await {
            assert_eq!(&head, b"HTTP/1.1 429");
            refused += 1;
        }
    }
    assert_eq!(refused, 300 - 256);
    page.finish().await;
}
