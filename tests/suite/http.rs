//! A small HTTP client that can also misbehave: every byte that it sends is its own.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const WITHIN: Duration = Duration::from_secs(30);

/// A reply.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub bytes: Vec<u8>,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .next()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|_| panic!("no JSON: {} {}", self.head, self.body))
    }

    /// The whole of what came over a connection.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(bytes.get(..end)?).to_string();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let bytes = bytes.get(end + 4..)?.to_vec();
        let length = head.lines().find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length:")?
                .trim()
                .parse::<usize>()
                .ok()
        });
        if length.is_some_and(|length| bytes.len() < length) {
            return None;
        }
        Some(Self {
            status,
            body: String::from_utf8_lossy(&bytes).to_string(),
            head,
            bytes,
        })
    }
}

/// A browser without a window: it keeps its cookies and the token of the forms that it saw.
pub struct Client {
    address: SocketAddr,
    cookies: Vec<(String, String)>,
    pub csrf: String,
    pub accept: &'static str,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            cookies: Vec::new(),
            csrf: String::new(),
            accept: "application/json",
        }
    }

    /// The same browser, of a program that was begun again.
    pub fn connects_to(&mut self, address: SocketAddr) {
        self.address = address;
    }

    pub async fn get(&mut self, path: &str) -> Reply {
        self.try_get(path)
            .await
            .expect("no connection")
            .expect("no reply")
    }

    /// With further headers.
    pub async fn get_with(&mut self, path: &str, further: &[(&str, &str)]) -> Reply {
        let reply = self.try_get_with(path, further).await;
        reply.expect("no connection").expect("no reply")
    }

    /// Nothing where the connection is refused; nothing in it where no whole reply came.
    pub async fn try_get(&mut self, path: &str) -> Option<Option<Reply>> {
        self.try_get_with(path, &[]).await
    }

    async fn try_get_with(
        &mut self,
        path: &str,
        further: &[(&str, &str)],
    ) -> Option<Option<Reply>> {
        let further: String = further
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\n{}{further}\r\n",
            self.address,
            self.headers()
        );
        let stream = TcpStream::connect(self.address).await.ok()?;
        let reply = exchange(stream, head.as_bytes()).await;
        if let Some(reply) = &reply {
            self.learn(reply);
        }
        Some(reply)
    }

    /// What the administration does as a browser without a script does it: to the end, when it
    /// takes long.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let csrf = self.csrf.clone();
        if !path.starts_with("/admin/") {
            return self.post_with(path, fields, &csrf, "").await;
        }
        let accept = std::mem::replace(&mut self.accept, "text/html");
        let reply = self.post_with(path, fields, &csrf, "").await;
        let reply = self.until_done(reply).await;
        self.accept = accept;
        reply
    }

    /// The reply that a work of the administration has in the end.
    async fn until_done(&mut self, mut reply: Reply) -> Reply {
        for _ in 0..3_000 {
            let next = reply.header("location").map(String::from);
            match next.filter(|next| next.starts_with("/admin/works/")) {
                Some(next) => reply = self.get(&next).await,
                None => return reply,
            }
            while let Some(again) = reply.header("refresh").map(String::from) {
                assert_eq!(again, "2");
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                let work = reply.body.split("data-work=\"").nth(1).unwrap();
                let work = work.split('"').next().unwrap().to_string();
                reply = self.get(&work).await;
            }
        }
        panic!("the work does not end")
    }

    /// With another token, and further headers.
    pub async fn post_with(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        csrf: &str,
        further: &str,
    ) -> Reply {
        let body: Vec<String> = fields
            .iter()
            .chain(&[("csrf", csrf)])
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        let body = body.join("&");
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\n{}{further}content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            self.headers(),
            body.len()
        );
        let stream = TcpStream::connect(self.address).await.unwrap();
        let reply = exchange(stream, request.as_bytes())
            .await
            .expect("no reply");
        self.learn(&reply);
        reply
    }

    /// A file of a form.
    pub async fn post_file(&mut self, path: &str, name: &str, file: &[u8]) -> Reply {
        let accept = std::mem::replace(&mut self.accept, "text/html");
        let boundary = "----a-boundary-of-the-tests";
        let mut body = format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n\
             --{boundary}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n",
            self.csrf
        )
        .into_bytes();
        body.extend(file);
        body.extend(format!("\r\n--{boundary}--\r\n").bytes());
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\n{}content-type: multipart/form-data; boundary={boundary}\r\ncontent-length: {}\r\n\r\n",
            self.address,
            self.headers(),
            body.len()
        );
        let stream = TcpStream::connect(self.address).await.unwrap();
        let request = [head.as_bytes(), &body].concat();
        let reply = exchange(stream, &request).await.expect("no reply");
        self.learn(&reply);
        let reply = self.until_done(reply).await;
        self.accept = accept;
        reply
    }

    /// A cookie that it keeps.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    }

    /// The same browser, before another address.
    pub fn moved_to(self, address: SocketAddr) -> Self {
        Self { address, ..self }
    }

    /// Loads a page for the token of its forms.
    pub async fn renew(&mut self, path: &str) {
        self.get(path).await;
    }

    fn headers(&self) -> String {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let cookies = if cookies.is_empty() {
            String::new()
        } else {
            format!("cookie: {}\r\n", cookies.join("; "))
        };
        format!("accept: {}\r\nconnection: close\r\n{cookies}", self.accept)
    }

    fn learn(&mut self, reply: &Reply) {
        for line in reply
            .head
            .lines()
            .filter_map(|line| line.strip_prefix("set-cookie: "))
        {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_string(), value.to_string()));
            }
        }
        if let Some(rest) = reply.body.split("name=\"csrf\" value=\"").nth(1) {
            self.csrf = rest.split('"').next().unwrap().to_string();
        }
    }
}

/// Sends bytes and reads until the other side closes.
pub async fn exchange(mut stream: TcpStream, bytes: &[u8]) -> Option<Reply> {
    // Whoever is refused early may see the connection closed while it still sends.
    let sent = stream.write_all(bytes).await;
    let mut all = Vec::new();
    let mut part = [0_u8; 16 * 1024];
    let read = async {
        while let Ok(count) = stream.read(&mut part).await {
            if count == 0 {
                break;
            }
            all.extend_from_slice(part.get(..count).unwrap());
            if sent.is_err() && Reply::read(&all).is_some() {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(WITHIN, read).await;
    Reply::read(&all)
}

/// A text as a part of an address, as a browser writes it.
pub fn encoded(text: &str) -> String {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');
    utf8_percent_encode(text, RESERVED).to_string()
}
