//! A Bot API on loopback: what a bot asks for is answered with whole objects, what it sends is kept.
//!
//! Method names are taken in either spelling, arguments as JSON, form or multipart.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequest, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

pub const BOT_ID: i64 = 7_000;
pub const BOT_NAME: &str = "plan_test_bot";
pub const TOKEN: &str = "7000:TEST";

/// A message that the bot sent.
#[derive(Debug, Clone)]
pub struct Sent {
    pub chat: i64,
    pub text: String,
    pub reply_to: Option<i64>,
    pub topic: Option<i64>,
    pub parse_mode: Option<String>,
    /// The buttons' labels and what they send back, or copy.
    pub buttons: Vec<(String, String)>,
    /// How many buttons each row has.
    pub rows: Vec<usize>,
    /// The file that went with it: name and content.
    pub file: Option<(String, Vec<u8>)>,
    /// The bot's own message that it took the place of.
    pub replaces: Option<i64>,
    /// Whom alone it is shown to, and behind which press.
    pub quietly: Option<(i64, Option<String>)>,
    /// What stands under it, as it came.
    pub markup: Value,
    /// The HTML of a rich message.
    pub rich: Option<String>,
    /// Its own number.
    pub number: i64,
    /// When it arrived.
    pub at: Instant,
}

impl Sent {
    /// What a button sends back.
    pub fn button(&self, label: &str) -> String {
        let found = self
            .buttons
            .iter()
            .find(|(text, _)| text.starts_with(label));
        found
            .unwrap_or_else(|| panic!("no button {label}: {self:?}"))
            .1
            .clone()
    }
}

/// What a send says; the buttons are read when somebody looks at them, so that they cost nothing where time is measured.
#[derive(Deserialize)]
struct Wanted {
    chat_id: Value,
    text: Option<String>,
    caption: Option<String>,
    parse_mode: Option<String>,
    message_id: Option<Value>,
    message_thread_id: Option<Value>,
    #[serde(default)]
    reply_parameters: Value,
    reply_markup: Option<Box<RawValue>>,
    #[serde(default)]
    ephemeral_message_parameters: Value,
    #[serde(default)]
    rich_message: Value,
}

impl Wanted {
    /// Whether a server of before Bot API 9.4 would have to know it.
    fn is_new(&self) -> bool {
        let markup = self.reply_markup.as_ref().map_or("", |raw| raw.get());
        !self.ephemeral_message_parameters.is_null()
            || !self.rich_message.is_null()
            || ["\"style\"", "\"disabled\""]
                .iter()
                .any(|word| markup.contains(word))
    }
}

/// A message whose buttons are not yet read.
struct Arrived {
    sent: Sent,
    markup: Option<Box<RawValue>>,
}

impl Arrived {
    fn read(self) -> Sent {
        let markup = self
            .markup
            .map(|raw| parsed(&serde_json::from_str(raw.get()).unwrap()))
            .unwrap_or_default();
        Sent {
            buttons: buttons(&markup),
            rows: rows(&markup),
            markup,
            ..self.sent
        }
    }
}

/// How the next sends fail, each once.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    TooManyRequests,
    BadGateway,
    MovedTo(i64),
    /// It arrives, and the connection breaks before that is said.
    DroppedBehind,
    /// Refused for good, with a reason.
    Refused(&'static str),
}

/// How calls are answered while something is out of order.
#[derive(Debug, Clone, Copy)]
pub enum Outage {
    /// With a page, as a gateway or a portal does.
    Page(u16),
    /// In the form of the Bot API, with a code and words.
    Says(u16, &'static str),
    /// Not before so many seconds.
    TooOften(u64),
    /// Not at all.
    Silent,
}

impl Outage {
    async fn answer(self) -> Response {
        match self {
            Self::Page(code) => {
                let page = "<html><body>请先登录网络</body></html>";
                (StatusCode::from_u16(code).unwrap(), page).into_response()
            }
            Self::Says(code, words) => refused(code, words, json!({})),
            Self::TooOften(seconds) => {
                refused(429, "Too Many Requests", json!({"retry_after": seconds}))
            }
            Self::Silent => std::future::pending().await,
        }
    }
}

#[derive(Default)]
struct Inner {
    updates: VecDeque<Value>,
    confirmed: i64,
    sent: VecDeque<Arrived>,
    /// How many messages arrived so far.
    arrivals: usize,
    menus: Vec<Value>,
    faults: VecDeque<Fault>,
    next_update: i64,
    next_message: i64,
    polls: usize,
    pressed: Vec<String>,
    chat_admins: Vec<i64>,
    inline: Vec<Value>,
    /// Every how many sends which fault comes by itself.
    weather: Option<fn(usize) -> Option<Fault>>,
    sends: usize,
    dropped: usize,
    slow: Option<(i64, Duration)>,
    webhook: Option<Value>,
    /// Why updates do not arrive at the webhook.
    webhook_fault: Option<String>,
    /// What is out of order: one method, or with none everything.
    outage: Option<(Option<&'static str>, Outage)>,
    /// Files that people sent, by their id.
    files: HashMap<String, Vec<u8>>,
    /// Whether it knows nothing newer than Bot API 9.3.
    old: bool,
    /// The keyboards that messages were given later.
    keyboards: Vec<Value>,
    /// Chats that have moved, and those, or topics of them, that take no messages, with the reason.
    moved: Vec<(i64, i64)>,
    closed: Vec<(i64, Option<i64>, &'static str)>,
}

/// The server's state, shared with the tests.
#[derive(Clone, Default)]
pub struct FakeBotApi {
    inner: Arc<Mutex<Inner>>,
    changed: Arc<Notify>,
    arrived: Arc<Notify>,
}

impl FakeBotApi {
    /// Starts a server on a free port of loopback.
    pub async fn start() -> (Self, SocketAddr) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (Self::default().serving(listener), address)
    }

    /// Starts a server where nobody listened before.
    pub async fn start_at(address: SocketAddr) -> Self {
        let listener = tokio::net::TcpListener::bind(address).await.unwrap();
        Self::default().serving(listener)
    }

    fn serving(self, listener: tokio::net::TcpListener) -> Self {
        let router = Router::new()
            .fallback(axum::routing::any(answer))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        self
    }

    /// From now on nothing is answered as it should be.
    pub fn break_off(&self, outage: Outage) {
        self.set_outage(Some((None, outage)));
    }

    /// From now on one method (in small letters) is not answered as it should be.
    pub fn break_method(&self, method: &'static str, outage: Outage) {
        self.set_outage(Some((Some(method), outage)));
    }

    /// Everything is in order again.
    pub fn mend(&self) {
        self.set_outage(None);
    }

    fn set_outage(&self, outage: Option<(Option<&'static str>, Outage)>) {
        self.inner.lock().unwrap().outage = outage;
        self.changed.notify_waiters();
    }

    fn outage_of(&self, method: &str) -> Option<Outage> {
        let outage = self.inner.lock().unwrap().outage;
        let (_, outage) = outage.filter(|(only, _)| only.is_none_or(|only| only == method))?;
        Some(outage)
    }

    /// Another program sets a webhook for the same token.
    pub fn set_webhook_of_another(&self) {
        self.inner.lock().unwrap().webhook = Some(json!({"url": "https://another.example"}));
        self.changed.notify_waiters();
    }

    /// Updates do not arrive at the webhook, or do again.
    pub fn fail_webhook(&self, words: Option<&str>) {
        self.inner.lock().unwrap().webhook_fault = words.map(str::to_string);
    }

    /// Keeps a file that a person sent.
    pub fn keep_file(&self, id: &str, bytes: &[u8]) {
        let mut inner = self.inner.lock().unwrap();
        inner.files.insert(id.to_string(), bytes.to_vec());
    }

    /// Puts messages into the queue of updates; gives the numbers of the messages.
    pub fn push(&self, messages: impl IntoIterator<Item = Value>) -> Vec<i64> {
        let mut inner = self.inner.lock().unwrap();
        let numbers = messages
            .into_iter()
            .map(|mut message| {
                inner.next_update += 1;
                inner.next_message += 1;
                let (update, number) = (inner.next_update, inner.next_message);
                message["message_id"] = json!(number);
                message["date"] = json!(1_640_000_000);
                inner
                    .updates
                    .push_back(json!({"update_id": update, "message": message}));
                number
            })
            .collect();
        drop(inner);
        self.changed.notify_waiters();
        numbers
    }

    /// Puts an update of any kind into the queue.
    pub fn push_raw(&self, mut update: Value) {
        let mut inner = self.inner.lock().unwrap();
        inner.next_update += 1;
        update["update_id"] = json!(inner.next_update);
        inner.updates.push_back(update);
        drop(inner);
        self.changed.notify_waiters();
    }

    /// Puts an update with a number of its own into the queue.
    pub fn push_exact(&self, update: Value) {
        let mut inner = self.inner.lock().unwrap();
        inner.next_update = inner.next_update.max(update["update_id"].as_i64().unwrap());
        inner.updates.push_back(update);
        drop(inner);
        self.changed.notify_waiters();
    }

    /// From now on it refuses what is newer than Bot API 9.3.
    pub fn grow_old(&self) {
        self.inner.lock().unwrap().old = true;
    }

    /// The keyboards that messages were given later, once there are so many; a bounded wait.
    pub async fn keyboards_once(&self, count: usize) -> Vec<Value> {
        self.once(|inner| (inner.keyboards.len() >= count).then(|| inner.keyboards.clone()))
            .await
    }

    /// A person presses a button under a message that the bot sent.
    pub fn press_under(&self, sent: &Sent, person: i64, press: &str, button: &str) {
        let kind = if sent.chat < 0 {
            "supergroup"
        } else {
            "private"
        };
        self.push_raw(json!({"callback_query": {"id": press, "from": {"id": person, "is_bot": false, "first_name": "某人"},
            "message": {"message_id": sent.number, "date": 1, "chat": {"id": sent.chat, "type": kind}, "reply_markup": sent.markup},
            "chat_instance": "x", "data": button}}));
    }

    /// From now on a chat has another id.
    pub fn set_moved(&self, from: i64, to: i64) {
        self.inner.lock().unwrap().moved.push((from, to));
    }

    /// From now on a topic takes no messages, or with none the whole chat.
    pub fn set_refused(&self, chat: i64, topic: Option<i64>, reason: &'static str) {
        self.inner
            .lock()
            .unwrap()
            .closed
            .push((chat, topic, reason));
    }

    /// Lets sends fail by their number.
    pub fn set_weather(&self, weather: fn(usize) -> Option<Fault>) {
        self.inner.lock().unwrap().weather = Some(weather);
    }

    /// How many connections were broken behind an arrival.
    pub fn dropped(&self) -> usize {
        self.inner.lock().unwrap().dropped
    }

    /// Sends to one chat take so long.
    pub fn slow_down(&self, chat: i64, time: Duration) {
        self.inner.lock().unwrap().slow = Some((chat, time));
    }

    /// Lets the next sends fail.
    pub fn fail_next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.inner.lock().unwrap().faults.extend(faults);
    }

    /// The next message that the bot sent, in the order of arrival; a bounded wait.
    pub async fn next_sent(&self) -> Sent {
        self.taken_once(|_| true).await
    }

    /// The next message that is sent to this chat: of two chats nobody is promised who hears first.
    pub async fn next_sent_to(&self, chat: i64) -> Sent {
        self.taken_once(|sent| sent.chat == chat).await
    }

    async fn taken_once(&self, is_wanted: impl Fn(&Sent) -> bool) -> Sent {
        let take = || {
            let sent = &mut self.inner.lock().unwrap().sent;
            let place = sent.iter().position(|one| is_wanted(&one.sent))?;
            sent.remove(place).map(Arrived::read)
        };
        let wait = async {
            loop {
                let arrived = self.arrived.notified();
                if let Some(sent) = take() {
                    return sent;
                }
                arrived.await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), wait)
            .await
            .expect("the bot sent nothing")
    }

    /// Waits until a bot polls; bounded.
    pub async fn polled(&self) {
        let begun = Instant::now();
        while self.inner.lock().unwrap().polls == 0 {
            assert!(begun.elapsed() < Duration::from_secs(60), "no bot polls");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// How many messages arrived so far.
    pub fn arrivals(&self) -> usize {
        self.inner.lock().unwrap().arrivals
    }

    /// What was sent and not yet looked at.
    pub fn unread(&self) -> Vec<Sent> {
        let sent: Vec<Arrived> = self.inner.lock().unwrap().sent.drain(..).collect();
        sent.into_iter().map(Arrived::read).collect()
    }

    /// The command menus, once so many are set; a bounded wait.
    pub async fn menus_once(&self, count: usize) -> Vec<Value> {
        self.once(|inner| (inner.menus.len() >= count).then(|| inner.menus.clone()))
            .await
    }

    /// What flashed up behind presses on buttons.
    pub fn flashes(&self) -> Vec<String> {
        self.inner.lock().unwrap().pressed.clone()
    }

    /// The same, once as many of them as wanted say some words; a bounded wait. A press is answered beside the chats' queues:
    /// nobody is promised that it comes before an answer, or two in their order.
    pub async fn flashed(&self, count: usize, words: &str) {
        self.once(|inner| {
            let says = inner.pressed.iter().filter(|flash| flash.contains(words));
            (says.count() >= count).then_some(())
        })
        .await;
    }

    /// Makes a person an administrator of every chat.
    pub fn make_chat_admin(&self, person: i64) {
        self.inner.lock().unwrap().chat_admins.push(person);
    }

    /// What inline queries were answered with, once there are so many; a bounded wait.
    pub async fn inline_answers_once(&self, count: usize) -> Vec<Value> {
        self.once(|inner| (inner.inline.len() >= count).then(|| inner.inline.clone()))
            .await
    }

    /// The webhook, once it is set; a bounded wait.
    pub async fn webhook_once(&self) -> Value {
        self.once(|inner| inner.webhook.clone()).await
    }

    async fn once<T>(&self, ready: impl Fn(&Inner) -> Option<T>) -> T {
        let wait = async {
            loop {
                let arrived = self.arrived.notified();
                if let Some(found) = ready(&self.inner.lock().unwrap()) {
                    return found;
                }
                arrived.await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), wait)
            .await
            .expect("the bot did not do it")
    }

    /// A person presses a button under a message in a chat.
    pub fn press(&self, chat: i64, person: i64, button: &str) {
        self.press_at(chat, person, 5, button);
    }

    /// A person presses a button under a message of a number.
    pub fn press_at(&self, chat: i64, person: i64, message: i64, button: &str) {
        let group = if chat < 0 {
            json!({"id": chat, "type": "supergroup", "title": "工作群"})
        } else {
            json!({"id": chat, "type": "private", "first_name": "某人"})
        };
        self.push_raw(json!({"callback_query": {"id": "press", "from": {"id": person, "is_bot": false, "first_name": "某人"},
            "message": {"message_id": message, "date": 1_640_000_000, "chat": group}, "chat_instance": "x", "data": button}}));
    }

    /// The highest update that was confirmed.
    pub fn confirmed(&self) -> i64 {
        self.inner.lock().unwrap().confirmed
    }

    async fn updates(&self, arguments: &Value) -> Value {
        let offset = number(&arguments["offset"]).unwrap_or(0);
        let seconds = number(&arguments["timeout"]).unwrap_or(0).clamp(0, 50) as u64;
        let wait = async {
            loop {
                let changed = self.changed.notified();
                let ready = {
                    let mut inner = self.inner.lock().unwrap();
                    inner.polls += 1;
                    inner.confirmed = inner.confirmed.max(offset);
                    while inner
                        .updates
                        .front()
                        .is_some_and(|update| update["update_id"].as_i64() < Some(offset))
                    {
                        inner.updates.pop_front();
                    }
                    let waiting = inner.updates.iter().filter(|update| {
                        offset == 0 || update["update_id"].as_i64() >= Some(offset)
                    });
                    waiting.take(100).cloned().collect::<Vec<_>>()
                };
                let is_over = self.outage_of("getupdates").is_some()
                    || self.inner.lock().unwrap().webhook.is_some();
                if !ready.is_empty() || seconds == 0 || is_over {
                    return ready;
                }
                changed.await;
            }
        };
        json!(
            tokio::time::timeout(Duration::from_secs(seconds.max(1)), wait)
                .await
                .unwrap_or_default()
        )
    }

    fn send(&self, wanted: Wanted, file: Option<(String, Vec<u8>)>) -> Response {
        let mut inner = self.inner.lock().unwrap();
        inner.sends += 1;
        let fault = inner
            .faults
            .pop_front()
            .or_else(|| inner.weather.and_then(|weather| weather(inner.sends)));
        match fault {
            Some(Fault::TooManyRequests) => {
                return refused(
                    429,
                    "Too Many Requests: retry after 1",
                    json!({"retry_after": 1}),
                );
            }
            Some(Fault::BadGateway) => return refused(400, "Bad Gateway", json!({})),
            Some(Fault::Refused(reason)) => return refused(400, reason, json!({})),
            Some(Fault::MovedTo(chat)) => {
                return refused(
                    400,
                    "Bad Request: group chat was upgraded to a supergroup chat",
                    json!({"migrate_to_chat_id": chat}),
                );
            }
            Some(Fault::DroppedBehind) => inner.dropped += 1,
            None => {}
        }
        let (to, topic) = (
            number(&wanted.chat_id),
            wanted.message_thread_id.as_ref().and_then(number),
        );
        if let Some((_, to)) = inner.moved.iter().find(|(from, _)| Some(*from) == to) {
            let words = "Bad Request: group chat was upgraded to a supergroup chat";
            return refused(400, words, json!({"migrate_to_chat_id": to}));
        }
        let is_closed = |(chat, closed, _): &&(i64, Option<i64>, &str)| {
            Some(*chat) == to && (closed.is_none() || *closed == topic)
        };
        if let Some((.., reason)) = inner.closed.iter().find(is_closed) {
            return refused(400, reason, json!({}));
        }
        if let Some(reason) = beyond_limits(&wanted, file.is_some()) {
            return refused(400, reason, json!({}));
        }
        if inner.old && wanted.is_new() {
            return refused(400, "Bad Request: can't parse the request", json!({}));
        }
        let reply = parsed(&wanted.reply_parameters);
        if reply.is_object() && reply["allow_sending_without_reply"] != json!(true) {
            return refused(
                400,
                "Bad Request: message to be replied not found",
                json!({}),
            );
        }
        inner.next_message += 1;
        inner.arrivals += 1;
        let chat = number(&wanted.chat_id).unwrap_or(0);
        let rich = wanted.rich_message["html"].as_str().map(str::to_string);
        let shown = rich.as_deref().map(lines_of);
        let text = wanted.text.or(wanted.caption).or(shown).unwrap_or_default();
        let replaces = wanted.message_id.as_ref().and_then(number);
        let number_sent = replaces.unwrap_or(inner.next_message);
        let ephemeral = &wanted.ephemeral_message_parameters;
        let quietly = ephemeral["receiver_user_id"].as_i64().map(|person| {
            let press = ephemeral["callback_query_id"].as_str();
            (person, press.map(str::to_string))
        });
        let is_quiet = quietly.is_some();
        let sent = Sent {
            quietly,
            markup: Value::Null,
            rich,
            chat,
            text: text.clone(),
            reply_to: number(&reply["message_id"]),
            topic: wanted.message_thread_id.as_ref().and_then(number),
            parse_mode: wanted.parse_mode,
            buttons: Vec::new(),
            rows: Vec::new(),
            file,
            replaces,
            number: number_sent,
            at: Instant::now(),
        };
        inner.sent.push_back(Arrived {
            sent,
            markup: wanted.reply_markup,
        });
        drop(inner);
        self.arrived.notify_waiters();
        if let Some(Fault::DroppedBehind) = fault {
            let broken = futures::stream::once(async {
                Err::<Bytes, _>(std::io::Error::other("a planned break"))
            });
            return axum::body::Body::from_stream(broken).into_response();
        }
        // A message for one person has no number of the chat.
        let number_sent = if is_quiet { 0 } else { number_sent };
        granted(
            json!({"message_id": number_sent, "date": 1_640_000_000, "text": text, "from": me(),
            "chat": {"id": chat, "type": "private", "first_name": "x"}}),
        )
    }
}

/// Why a message is refused for its size: the limits of the Bot API, counted after the marks are taken out. Keyboards that
/// can hold nothing beyond them are not read.
fn beyond_limits(wanted: &Wanted, is_file: bool) -> Option<&'static str> {
    let (most, reason) = if is_file {
        (1_024, "Bad Request: message caption is too long")
    } else {
        (4_096, "Bad Request: message is too long")
    };
    let text = wanted.text.as_ref().or(wanted.caption.as_ref());
    let text = text.map_or("", String::as_str);
    if text.len() > most
        && shown(text, wanted.parse_mode.is_some())
            .encode_utf16()
            .count()
            > most
    {
        return Some(reason);
    }
    let markup = wanted.reply_markup.as_ref().map_or("", |raw| raw.get());
    let markup = (markup.len() > 500).then(|| parsed(&serde_json::from_str(markup).unwrap()))?;
    let rows = rows(&markup);
    if rows.iter().sum::<usize>() > 100 || rows.iter().any(|row| *row > 8) {
        return Some("Bad Request: reply markup is too long");
    }
    let is_refused = |button: &Value| {
        let data = button["callback_data"].as_str().unwrap_or_default();
        let copied = button["copy_text"]["text"].as_str().unwrap_or_default();
        data.len() > 64 || copied.chars().count() > 256 || button["text"] == json!("")
    };
    let keyboard = markup["inline_keyboard"].as_array().into_iter().flatten();
    let mut all = keyboard.filter_map(Value::as_array).flatten();
    all.any(is_refused)
        .then_some("Bad Request: BUTTON_DATA_INVALID")
}

/// What is shown of a text with marks.
fn shown(text: &str, is_marked: bool) -> String {
    if !is_marked {
        return text.to_string();
    }
    let pieces = text.split('<').enumerate();
    let bare: String = pieces
        .map(|(at, piece)| match piece.split_once('>') {
            Some((_, rest)) if at > 0 => rest,
            _ => piece,
        })
        .collect();
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    named
        .iter()
        .fold(bare, |text, (name, letter)| text.replace(name, letter))
}

/// What a person reads of a rich message: a line for each paragraph and each row of a table.
fn lines_of(html: &str) -> String {
    let cells = html.replace("</td><td>", "：").replace("</th><th>", "：");
    let rows = cells.replace("</p>", "\n").replace("</tr>", "\n");
    [
        "<p>", "<table>", "</table>", "<tr>", "<td>", "</td>", "<th>", "</th>",
    ]
    .iter()
    .fold(rows, |text, mark| text.replace(mark, ""))
}

/// A value that came as JSON within a form.
fn parsed(value: &Value) -> Value {
    match value.as_str() {
        Some(text) => serde_json::from_str(text).unwrap_or_default(),
        None => value.clone(),
    }
}

/// The fields of a form, and its file.
async fn form(headers: &HeaderMap, body: Bytes) -> (Value, Option<(String, Vec<u8>)>) {
    let mut request = axum::http::Request::builder();
    request.headers_mut().unwrap().extend(headers.clone());
    let request = request.body(axum::body::Body::from(body)).unwrap();
    let mut fields = axum::extract::Multipart::from_request(request, &())
        .await
        .unwrap();
    let (mut arguments, mut file) = (json!({}), None);
    while let Some(field) = fields.next_field().await.unwrap() {
        let name = field.name().unwrap_or_default().to_string();
        match field.file_name().map(String::from) {
            Some(file_name) => file = Some((file_name, field.bytes().await.unwrap().to_vec())),
            None => arguments[name] = json!(field.text().await.unwrap()),
        }
    }
    (arguments, file)
}

fn rows(markup: &Value) -> Vec<usize> {
    let rows = markup["inline_keyboard"].as_array().into_iter().flatten();
    rows.map(|row| row.as_array().map_or(0, Vec::len)).collect()
}

fn buttons(markup: &Value) -> Vec<(String, String)> {
    let rows = markup["inline_keyboard"].as_array().into_iter().flatten();
    let all = rows.filter_map(Value::as_array).flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    all.map(|button| {
        (
            text(&button["text"]),
            text(
                button
                    .get("callback_data")
                    .unwrap_or(&button["copy_text"]["text"]),
            ),
        )
    })
    .collect()
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn me() -> Value {
    json!({"id": BOT_ID, "is_bot": true, "first_name": "planbot", "username": BOT_NAME, "can_join_groups": true,
        "can_read_all_group_messages": false, "supports_inline_queries": false, "can_connect_to_business": false,
        "has_main_web_app": false, "has_topics_enabled": false, "allows_users_to_create_topics": false})
}

fn granted(result: Value) -> Response {
    (
        StatusCode::OK,
        axum::Json(json!({"ok": true, "result": result})),
    )
        .into_response()
}

fn refused(code: u16, description: &str, parameters: Value) -> Response {
    let mut body = json!({"ok": false, "error_code": code, "description": description});
    if parameters != json!({}) {
        body["parameters"] = parameters;
    }
    (StatusCode::from_u16(code).unwrap(), axum::Json(body)).into_response()
}

async fn answer(
    State(api): State<FakeBotApi>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // The client writes the slash in the path of a file as %2F, as Telegram takes it.
    let file_path = format!("/file/bot{TOKEN}/documents%2F");
    if let Some(id) = uri.path().strip_prefix(&file_path) {
        return match api.inner.lock().unwrap().files.get(id) {
            Some(bytes) => bytes.clone().into_response(),
            None => refused(404, "Not Found", json!({})),
        };
    }
    let Some((token, method)) = uri
        .path()
        .strip_prefix("/bot")
        .and_then(|rest| rest.split_once('/'))
    else {
        return refused(404, "Not Found", json!({}));
    };
    if token != TOKEN {
        return refused(401, "Unauthorized", json!({}));
    }
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let (body, file) = if kind.starts_with("multipart/form-data") {
        let (arguments, file) = form(&headers, body).await;
        (Bytes::from(arguments.to_string()), file)
    } else {
        (body, None)
    };
    let method = method.to_ascii_lowercase();
    if let Some(outage) = api.outage_of(&method) {
        return outage.answer().await;
    }
    if [
        "sendmessage",
        "senddocument",
        "sendphoto",
        "editmessagetext",
        "sendrichmessage",
    ]
    .contains(&method.as_str())
    {
        let Ok(wanted) = serde_json::from_slice::<Wanted>(&body) else {
            return refused(400, "Bad Request: not understood", json!({}));
        };
        let slow = api
            .inner
            .lock()
            .unwrap()
            .slow
            .filter(|(chat, _)| number(&wanted.chat_id) == Some(*chat));
        if let Some((_, time)) = slow {
            tokio::time::sleep(time).await;
        }
        return api.send(wanted, file);
    }
    let arguments: Value = serde_json::from_slice(&body).unwrap_or_default();
    match method.as_str() {
        "getme" => granted(me()),
        "getupdates" => {
            let updates = api.updates(&arguments).await;
            if let Some(outage) = api.outage_of(&method) {
                return outage.answer().await;
            }
            if api.inner.lock().unwrap().webhook.is_some() {
                let words = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
                return refused(409, words, json!({}));
            }
            granted(updates)
        }
        "deletewebhook" => {
            api.inner.lock().unwrap().webhook = None;
            granted(json!(true))
        }
        "getfile" => {
            let id = arguments["file_id"].as_str().unwrap_or_default();
            match api.inner.lock().unwrap().files.get(id) {
                Some(bytes) => granted(json!({"file_id": id, "file_unique_id": id,
                    "file_size": bytes.len(), "file_path": format!("documents/{id}")})),
                None => refused(400, "Bad Request: file is too big", json!({})),
            }
        }
        "answerinlinequery" => {
            api.inner.lock().unwrap().inline.push(arguments);
            api.arrived.notify_waiters();
            granted(json!(true))
        }
        "setwebhook" => {
            api.inner.lock().unwrap().webhook = Some(arguments);
            api.arrived.notify_waiters();
            granted(json!(true))
        }
        "getwebhookinfo" => {
            let inner = api.inner.lock().unwrap();
            let set = inner.webhook.as_ref();
            let url = set.and_then(|webhook| webhook["url"].as_str());
            let mut info = json!({"url": url.unwrap_or_default(), "has_custom_certificate": false, "pending_update_count": 0});
            if let Some(words) = &inner.webhook_fault {
                info["pending_update_count"] = json!(3);
                info["last_error_date"] = json!(i64::from(u32::MAX));
                info["last_error_message"] = json!(words);
            }
            granted(info)
        }
        "answercallbackquery" => {
            api.inner
                .lock()
                .unwrap()
                .pressed
                .push(arguments["text"].as_str().unwrap_or_default().to_string());
            api.arrived.notify_waiters();
            granted(json!(true))
        }
        "getchatmember" => {
            let person = number(&arguments["user_id"]).unwrap_or(0);
            let user = json!({"id": person, "is_bot": false, "first_name": "某人"});
            let status = if api.inner.lock().unwrap().chat_admins.contains(&person) {
                json!({"user": user, "status": "administrator", "is_anonymous": false, "can_be_edited": false, "can_manage_chat": true,
                    "can_delete_messages": false, "can_manage_video_chats": false, "can_restrict_members": false,
                    "can_promote_members": false, "can_change_info": false, "can_invite_users": false, "can_post_stories": false,
                    "can_edit_stories": false, "can_delete_stories": false})
            } else {
                json!({"user": user, "status": "member"})
            };
            granted(status)
        }
        "editmessagereplymarkup" => {
            let mut inner = api.inner.lock().unwrap();
            if inner.old && arguments.to_string().contains("\"disabled\"") {
                let words = "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard";
                return refused(400, words, json!({}));
            }
            inner.keyboards.push(arguments["reply_markup"].clone());
            drop(inner);
            api.arrived.notify_waiters();
            granted(json!({"message_id": arguments["message_id"], "date": 1}))
        }
        "setmycommands" => {
            api.inner.lock().unwrap().menus.push(arguments);
            api.arrived.notify_waiters();
            granted(json!(true))
        }
        _ => granted(json!(true)),
    }
}
