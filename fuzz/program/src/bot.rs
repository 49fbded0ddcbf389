//! The bot in webhook mode behind a Bot API that accepts everything.

use crate::http::exchange;
use crate::{ADMIN, app, laid_out};
use planbot::{App, Store, run_messengers};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::watch;

const ID: u64 = 9;
const TOKEN: &str = "9:token";
/// An update that is not done with by then hangs.
const WITHIN: Duration = Duration::from_secs(20);

/// A bot that takes updates.
pub struct Bot {
    app: Arc<App>,
    door: SocketAddr,
    secret: String,
    number: AtomicI64,
    _runs: (Runtime, watch::Sender<bool>, TempDir),
}

impl Bot {
    /// Starts it.
    pub fn start() -> Self {
        let (directory, mut config) = laid_out();
        let secret = Arc::new(Mutex::new(String::new()));
        let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let door = free.expect("a free address");
        config.telegram.api_url = format!("http://{}", bot_api(Arc::clone(&secret)));
        config.telegram.mode = "webhook".to_string();
        config.telegram.webhook_url = "https://bot.example.org".to_string();
        config.telegram.webhook_listen = door.to_string();
        let state = directory.path().join("state");
        let app = app(&config, Store::open(&state).expect("a state"));
        let app = app.unwrap_or_else(|error| panic!("the program does not start: {error}"));
        let runtime = Runtime::new().expect("a runtime");
        let (stop, stopped) = watch::channel(false);
        let running = Arc::clone(&app);
        runtime.spawn(async move {
            run_messengers(running, &config, TOKEN, None, stopped).await
        });
        let begun = Instant::now();
        let is_known = || secret.lock().is_ok_and(|secret| !secret.is_empty());
        while !is_known() {
            assert!(begun.elapsed() < WITHIN, "no webhook is set");
            std::thread::sleep(Duration::from_millis(20));
        }
        let secret = secret.lock().map(|secret| secret.clone());
        Self {
            app,
            door,
            secret: secret.unwrap_or_default(),
            number: AtomicI64::new(1),
            _runs: (runtime, stop, directory),
        }
    }

    /// Takes an update as Telegram would post it, and waits until it is done with.
    pub fn take(&self, mut update: Value) {
        let number = self.number.fetch_add(1, Ordering::SeqCst);
        if let Some(fields) = update.as_object_mut() {
            fields.insert("update_id".to_string(), json!(number));
        }
        let further = format!("x-telegram-bot-api-secret-token: {}\r\n", self.secret);
        let body = update.to_string();
        let reply = exchange(self.door, "POST /telegram", &further, body.as_bytes());
        let status = reply.map_or(0, |reply| reply.status);
        assert!(
            matches!(status, 200 | 400 | 413 | 503),
            "{status}: {update}"
        );
        let begun = Instant::now();
        let store = self.app.store().expect("a state");
        while !store.taken_updates(planbot::BotId(ID)).expect("a state").is_empty() {
            assert!(begun.elapsed() < WITHIN, "it hangs: {update}");
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// An update of a kind that the first byte says, made of the others; the whole of one for kind
    /// nought.
    pub fn update(bytes: &[u8]) -> Option<Value> {
        let (kind, rest) = bytes.split_first()?;
        let text = String::from_utf8_lossy(rest);
        let person = if kind & 16 == 0 { 43 } else { ADMIN };
        let from = json!({"id": person, "is_bot": false, "first_name": "某人"});
        let private = json!({"id": person, "type": "private"});
        let group = json!({"id": -100_501, "type": "supergroup", "title": "群"});
        let message = |chat: &Value, text: &str, entities: Value| {
            json!({"message_id": 7, "date": 1_719_000_000, "chat": chat, "from": from,
                "text": text, "entities": entities})
        };
        Some(match kind % 8 {
            0 => serde_json::from_slice(rest).ok()?,
            1 => json!({"message": message(&private, &text, json!([]))}),
            2 => json!({"message": message(&group, &format!("@fuzzed_bot {text}"), json!([]))}),
            3 => {
                let (entities, text) = text.split_once('\n').unwrap_or(("", &text));
                let entities = serde_json::from_str(entities).ok()?;
                json!({"message": message(&group, text, entities)})
            }
            4 => json!({"callback_query": {"id": "1", "from": from, "data": text,
                "message": message(&private, "x", json!([]))}}),
            5 => json!({"inline_query": {"id": "1", "from": from, "query": text, "offset": ""}}),
            6 => json!({"edited_message": message(&private, &text, json!([]))}),
            _ => {
                let (name, caption) = text.split_once('\n').unwrap_or((&text, ""));
                json!({"message": {"message_id": 7, "date": 1_719_000_000, "chat": private,
                    "from": from, "caption": caption,
                    "document": {"file_id": "f", "file_unique_id": "u", "file_name": name, "file_size": 9}}})
            }
        })
    }
}

/// A server that answers every method with something that fits; says where it listens, and writes
/// down the secret of the webhook.
fn bot_api(secret: Arc<Mutex<String>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("an address");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let secret = Arc::clone(&secret);
            std::thread::spawn(move || serve(stream, &secret));
        }
    });
    address
}

/// Answers the requests of one connection until it ends.
fn serve(stream: TcpStream, secret: &Mutex<String>) -> Option<()> {
    let mut writing = stream.try_clone().ok()?;
    let mut reading = BufReader::new(stream);
    loop {
        let mut first = String::new();
        if reading.read_line(&mut first).ok()? == 0 {
            return None;
        }
        let method = first
            .split(' ')
            .nth(1)?
            .rsplit('/')
            .next()?
            .to_ascii_lowercase();
        let mut length = 0;
        loop {
            let mut line = String::new();
            reading.read_line(&mut line).ok()?;
            if line.trim().is_empty() {
                break;
            }
            if let Some(said) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = said.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        reading.read_exact(&mut body).ok()?;
        if method == "setwebhook"
            && let Ok(said) = serde_json::from_slice::<Value>(&body)
            && let Ok(mut secret) = secret.lock()
        {
            *secret = said["secret_token"]
                .as_str()
                .unwrap_or_default()
                .to_string();
        }
        let reply = json!({"ok": true, "result": result(&method)}).to_string();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            reply.len()
        );
        writing.write_all(head.as_bytes()).ok()?;
        writing.write_all(reply.as_bytes()).ok()?;
    }
}

fn result(method: &str) -> Value {
    match method {
        "getme" => json!({"id": ID, "is_bot": true, "first_name": "bot", "username": "fuzzed_bot",
            "can_join_groups": true, "can_read_all_group_messages": false,
            "supports_inline_queries": true, "has_main_web_app": false,
            "can_connect_to_business": false}),
        "getwebhookinfo" => json!({"url": "https://bot.example.org/telegram",
            "has_custom_certificate": false, "pending_update_count": 0}),
        _ if method.starts_with("send") || method.starts_with("edit") => json!({"message_id": 8,
            "date": 1_719_000_000, "chat": {"id": 43, "type": "private", "first_name": "某人"},
            "text": "x"}),
        _ => json!(true),
    }
}
