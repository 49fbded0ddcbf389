//! HTTP with nothing but sockets: one request a connection.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Whoever does not answer within this time hangs.
const WITHIN: Duration = Duration::from_secs(30);

/// A reply: its status, its head, its body.
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// Sends a request whose head has these lines further, and reads the reply to its end.
pub fn exchange(to: SocketAddr, line: &str, further: &str, body: &[u8]) -> io::Result<Reply> {
    let mut stream = TcpStream::connect(to)?;
    stream.set_read_timeout(Some(WITHIN))?;
    let head = format!(
        "{line} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\ncontent-length: {}\r\n{further}\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    // Whoever is refused early reads no further.
    let _ = stream.write_all(body);
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    Ok(Reply {
        status: status.unwrap_or_default(),
        head: head.to_string(),
        body: body.to_string(),
    })
}
