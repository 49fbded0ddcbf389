//! Telegram through a proxy: one of the bot's own (`TELOXIDE_PROXY`), over HTTP or SOCKS, and that of the system
//! (`HTTPS_PROXY`). The name of the server is known to the proxy alone.

use crate::fake_bot_api::{FakeBotApi, TOKEN};
use crate::harness::{SOMEBODY, copied_data, private};
use crate::operating::{fault, planbot};
use crate::web_program::command;
use std::net::SocketAddr;
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// What proxies were asked for, one line a connection.
type Asked = Arc<Mutex<Vec<String>>>;

/// Something that listens and serves each connection by itself.
async fn proxy<S, F>(serve: S) -> (SocketAddr, Asked)
where
    S: Fn(TcpStream, Asked) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Asked::default();
    let of_proxy = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let (client, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(client, Arc::clone(&of_proxy)));
        }
    });
    (address, asked)
}

/// An HTTP proxy that leads everything to one server.
async fn http_proxy(server: SocketAddr) -> (SocketAddr, Asked) {
    proxy(move |mut client, asked| async move {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let Ok(byte) = client.read_u8().await else {
                return;
            };
            head.push(byte);
        }
        let text = String::from_utf8_lossy(&head).to_string();
        let line = text.lines().next().unwrap_or_default().to_string();
        let is_tunnel = line.starts_with("CONNECT ");
        asked.lock().unwrap().push(line);
        let mut server = TcpStream::connect(server).await.unwrap();
        let begun = if is_tunnel {
            client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await
        } else {
            server.write_all(&head).await
        };
        if begun.is_ok() {
            let _ = copy_bidirectional(&mut client, &mut server).await;
        }
    })
    .await
}

/// A SOCKS proxy that leads everything to one server.
async fn socks_proxy(server: SocketAddr) -> (SocketAddr, Asked) {
    proxy(move |mut client, asked| async move {
        let mut greeting = [0_u8; 2];
        client.read_exact(&mut greeting).await.unwrap();
        let mut methods = vec![0_u8; usize::from(greeting[1])];
        client.read_exact(&mut methods).await.unwrap();
        client.write_all(&[5, 0]).await.unwrap();
        let mut request = [0_u8; 5];
        client.read_exact(&mut request).await.unwrap();
        assert_eq!(request[3], 3, "a name, which the proxy looks up");
        let mut name = vec![0_u8; usize::from(request[4]) + 2];
        client.read_exact(&mut name).await.unwrap();
        name.truncate(name.len() - 2);
        asked.lock().unwrap().push(String::from_utf8(name).unwrap());
        let granted = [5, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        client.write_all(&granted).await.unwrap();
        let mut server = TcpStream::connect(server).await.unwrap();
        let _ = copy_bidirectional(&mut client, &mut server).await;
    })
    .await
}

/// A program that does not outlive its test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program for a server whose name nobody but a proxy knows.
fn started(directory: &std::path::Path, server: &str, variable: &str, proxy: &str) -> Program {
    let mut command = command(directory);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command
        .env("TELOXIDE_TOKEN", TOKEN)
        .env("TELOXIDE_API_URL", server)
        .env(variable, proxy)
        .stderr(std::process::Stdio::null());
    Program(command.spawn().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_speaks_through_a_proxy_of_its_own() {
    let (api, server) = FakeBotApi::start().await;
    let (http, asked_http) = http_proxy(server).await;
    let (socks, asked_socks) = socks_proxy(server).await;
    for (proxy, asked, expected) in [
        (
            format!("http://{http}"),
            asked_http,
            "POST http://bot-api.invalid/bot",
        ),
        (format!("socks5h://{socks}"), asked_socks, "bot-api.invalid"),
    ] {
        let directory = copied_data();
        let name = "http://bot-api.invalid";
        let bot = started(directory.path(), name, "TELOXIDE_PROXY", &proxy);
        api.push([private(SOMEBODY, "什么是放管服")]);
        assert!(api.next_sent().await.text.contains("简政放权"));
        let asked = asked.lock().unwrap().clone();
        assert!(
            !asked.is_empty() && asked.iter().all(|line| line.starts_with(expected)),
            "{asked:?}"
        );
        drop(bot);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proxy_of_the_system_is_taken() {
    let (_, server) = FakeBotApi::start().await;
    let (proxy, asked) = http_proxy(server).await;
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        asked.lock().unwrap().clear();
        let directory = copied_data();
        let name = "https://bot-api.invalid";
        let bot = started(directory.path(), name, variable, &format!("http://{proxy}"));
        let begun = Instant::now();
        while asked.lock().unwrap().is_empty() {
            assert!(begun.elapsed() < Duration::from_secs(20), "{variable}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let first = asked.lock().unwrap()[0].clone();
        assert!(first.starts_with("CONNECT bot-api.invalid:443"), "{first}");
        drop(bot);
    }
}

#[test]
fn a_proxy_that_is_none_is_one_sentence_without_its_password() {
    let directory = copied_data();
    for wrong in ["someone:secret@proxy:3128", "ftp://someone:secret@proxy"] {
        let mut command = planbot(directory.path());
        command
            .env("TELOXIDE_PROXY", wrong)
            .env("TELOXIDE_TOKEN", TOKEN);
        let output = command.output().unwrap();
        assert!(!String::from_utf8_lossy(&output.stderr).contains("secret"));
        fault(&mut command, &["TELOXIDE_PROXY", "http://主机:端口"]);
    }
}
