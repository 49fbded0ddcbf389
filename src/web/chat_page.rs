//! The chat: a room of one's own and the group that all browsers share, as in a messenger. Works
//! with and without a script.

use super::bubble::Onlooker;
use super::fault::PageFault;
use super::form::{Posted, Queried};
use super::page_chats::GROUP;
use super::places::RoomPlace;
use super::room::Room;
use super::shell::{self, Tab};
use super::site::Site;
use super::visitor::{self, Visitor};
use super::{bubble, clock_page, pictures, places};
use crate::chat::{Addressed, ChatKind, Command, Incoming, move_clock};
use crate::connections::Peer;
use crate::document::Document;
use crate::ports::{ChatId, MessageId, Outgoing};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// One request waits so long for news.
const NEWS_WITHIN: Duration = Duration::from_secs(20);
/// The longest message.
pub(super) const LONGEST_TEXT: usize = 2_000;

#[derive(Debug, Deserialize)]
pub(super) struct WhichRoom {
    #[serde(default)]
    room: String,
    #[serde(default)]
    after: u64,
}

/// A message that is said.
#[derive(Debug, Deserialize)]
pub(super) struct Say {
    #[serde(default)]
    room: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    reply: String,
    /// A word that a script makes for the message, so that one that is sent again over a bad line
    /// is said once.
    #[serde(default)]
    once: String,
    /// The version that the browser has.
    #[serde(default)]
    after: String,
}

/// A button that is pressed: the number of its message and its id.
#[derive(Debug, Deserialize)]
pub(super) struct Press {
    #[serde(default)]
    room: String,
    #[serde(default)]
    button: String,
    /// The version that the browser has.
    #[serde(default)]
    after: String,
}

pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Queried(which): Queried<WhichRoom>,
) -> Result<Response, PageFault> {
    let place = RoomPlace::of(&site, &which.room, &visitor)?;
    // Who has no cookie yet has no room, and one that comes by once is given none.
    let found = if visitor.known || place.is_shared() {
        site.rooms.open(place.chat).since(0)
    } else {
        Default::default()
    };
    let seen = seen(&site, &place, &visitor);
    let hint = if place.is_shared() {
        "请 @planbot 或回复它"
    } else {
        "问指标、名词、数字、报送时间"
    };
    let content = html! {
        div.chat data-room=(place.word) {
            div.rooms role="group" aria-label="会话" {
                (places::tabs(&site, &visitor, &place))
                a.find href=(format!("/chat/history?room={}", place.word)) { "找记录" }
                (clock_page::control(&site, &visitor, "/"))
            }
            div #log role="log" aria-live="polite" aria-label="消息" tabindex="0" data-version=(found.0) { @for item in &found.1 { (item.said.element(item.number, &seen)) } }
            p #line role="status" hidden { "连不上程序，正在重试；没发出去的都还在，连上就自动发出。" }
            form #press method="post" action="/chat/press" {
                input type="hidden" name="csrf" value=(visitor.csrf);
                input type="hidden" name="room" value=(place.word);
                // The buttons that belong to it stand under the messages.
                button type="submit" hidden { "按" }
            }
            form #say method="post" action="/chat/say" {
                input type="hidden" name="csrf" value=(visitor.csrf);
                input type="hidden" name="room" value=(place.word);
                input type="hidden" name="reply" value="";
                p #replying hidden { span {} " " button type="button" { "取消" } }
                label.unseen for="text" { "您的问题" }
                textarea #text name="text" rows="1" maxlength=(LONGEST_TEXT) placeholder=(hint) required autofocus {}
                button type="submit" { "发送" }
            }
            p #flash role="status" aria-live="polite" hidden {}
        }
    };
    let mut response = shell::page(&site, Tab::Chat, "聊天", &visitor, content);
    // The group that all share is known to all.
    let is_department = place.is_shared() && place.chat != GROUP;
    let cookie = is_department.then(|| visitor::room_cookie(&visitor, &place.word));
    if let Some(cookie) = cookie.flatten()
        && let Ok(value) = HeaderValue::from_str(&cookie)
    {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

pub(super) fn seen<'a>(site: &Site, place: &'a RoomPlace, visitor: &Visitor) -> Onlooker<'a> {
    Onlooker {
        room: &place.word,
        is_shared: place.is_shared(),
        by: visitor.chat(),
        on: site.app.now().date_naive(),
    }
}

/// What is new in a room after a version, for a script.
fn news_after(site: &Site, room: &Room, place: &RoomPlace, visitor: &Visitor, after: u64) -> Value {
    let (version, items) = room.since(after);
    let seen = seen(site, place, visitor);
    let elements: Vec<Value> = items
        .iter()
        .map(|item| {
            let html = item.said.element(item.number, &seen).into_string();
            json!({"number": item.number, "version": item.version, "html": html})
        })
        .collect();
    json!({"version": version, "items": elements, "clock": clock_page::shown(site)})
}

/// What is new in a room: waits a while for it.
pub(super) async fn news(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Extension(Peer(from)): Extension<Peer>,
    Queried(which): Queried<WhichRoom>,
) -> Result<Response, PageFault> {
    if !visitor.known {
        return Err(PageFault::new(
            StatusCode::FORBIDDEN,
            "浏览器没有接受 Cookie，不能聊天；请允许本页面的 Cookie。",
        ));
    }
    let Some(_waits) = site.polls.enter(visitor.chat(), from) else {
        return Err(PageFault::new(
            StatusCode::TOO_MANY_REQUESTS,
            "打开的聊天页面太多了，这一页暂时不更新；请关掉几页。",
        ));
    };
    let place = RoomPlace::of(&site, &which.room, &visitor)?;
    let room = site.rooms.open(place.chat);
    if room.look() {
        // Reminders may wait for this.
        site.app.wake_desk();
    }
    let mut news = room.news();
    if room.is_empty() && !place.is_shared() {
        welcome(&site, &visitor, place.chat).await;
    }
    let mut stop = site.stop();
    let (version, items) = room.since(which.after);
    if items.is_empty() && version == which.after {
        tokio::select! {
            _ = news.changed() => {}
            _ = stop.wait_for(|stop| *stop) => {}
            () = tokio::time::sleep(NEWS_WITHIN) => {}
        }
    }
    room.look();
    let told = news_after(&site, &room, &place, &visitor, which.after);
    Ok(axum::Json(told).into_response())
}

/// The first words in a room of one's own: those of every messenger.
async fn welcome(site: &Arc<Site>, visitor: &Visitor, chat: ChatId) {
    let own = (chat, ChatKind::Private);
    let incoming = incoming(own, visitor, MessageId(0), None, String::new());
    let addressed = Addressed {
        command: Some(Command::Start),
        text: String::new(),
    };
    for reply in site
        .direct
        .conversation()
        .reply(&incoming, &addressed)
        .await
    {
        site.rooms.put(&Outgoing {
            reply_to: None,
            ..reply
        });
    }
}

fn incoming(
    (chat, kind): (ChatId, ChatKind),
    visitor: &Visitor,
    message: MessageId,
    replied_to: Option<MessageId>,
    text: String,
) -> Incoming {
    Incoming {
        chat,
        kind,
        person: visitor.person(),
        name: visitor.name(),
        message,
        topic: None,
        replies_to_bot: replied_to.is_some(),
        replied_to,
        text,
        file: None,
        marks: Vec::new(),
    }
}

/// A message is said; the reply to the request comes when it is answered.
pub(super) async fn say(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    Posted(said): Posted<Say>,
) -> Result<Response, PageFault> {
    // A form sends each end of a line as two letters.
    let text = said.text.trim().replace("\r\n", "\n");
    if text.is_empty() || text.chars().count() > LONGEST_TEXT {
        return Err(PageFault::new(
            StatusCode::BAD_REQUEST,
            format!("请写一个不超过 {LONGEST_TEXT} 个字的问题。"),
        ));
    }
    let place = RoomPlace::of(&site, &said.room, &visitor)?;
    let (chat, kind) = (place.chat, place.kind);
    let room = site.rooms.open(chat);
    let reply_to: Option<MessageId> = said.reply.trim().parse().ok().map(MessageId);
    let sent =
        bubble::RoomMessage::of_person(&site.app, visitor.chat(), &visitor.name(), &text, reply_to);
    let items = room.since(0).1;
    let replied_to = match reply_to {
        Some(to) => items.iter().find(|item| item.number == to.0),
        // In a room of one's own what is said next is said to the bot's last message.
        None => items.last().filter(|_| kind == ChatKind::Private),
    };
    let replied_to = replied_to
        .filter(|item| item.said.author.is_none())
        .map(|item| MessageId(item.number));
    if !room.enter(site.waiting) {
        return Err(PageFault::new(
            StatusCode::TOO_MANY_REQUESTS,
            "问得太快了，前面的还没答完；请稍后再发。",
        ));
    }
    if !room.is_new(visitor.chat(), &said.once) {
        room.leave();
        return Ok(Done::new(&site, &room, &place, &visitor).reply(&headers, &said.after));
    }
    let number = site.rooms.say(chat, sent, None);
    let incoming = incoming((chat, kind), &visitor, MessageId(number), replied_to, text);
    accepted(&site, Arc::clone(&room), move |site| async move {
        answer(&site, incoming).await
    })
    .await;
    Ok(Done::new(&site, &room, &place, &visitor).reply(&headers, &said.after))
}

async fn answer(site: &Arc<Site>, incoming: Incoming) {
    if let Some(shown) = site
        .clock
        .as_ref()
        .and_then(|clock| move_clock(clock, &incoming.text))
    {
        site.rooms.put(&Outgoing {
            reply_to: Some(incoming.message),
            ..Outgoing::new(incoming.chat, Document::sentence(&shown))
        });
        site.app.wake_desk();
        return;
    }
    for reply in &site.direct.replies(&incoming).await {
        site.rooms.put(reply);
    }
}

/// What is accepted is done in its turn, also when the browser has gone; only then the room has its
/// place again.
async fn accepted<F, W>(site: &Arc<Site>, room: Arc<Room>, work: W)
where
    W: FnOnce(Arc<Site>) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let of_task = Arc::clone(site);
    let task = site.tasks.spawn(async move {
        let _turn = room.turn.lock().await;
        if let Err(error) = tokio::spawn(work(of_task)).await {
            tracing::error!(
                panicked = error.is_panic(),
                "a message of the page ended early"
            );
        }
        room.leave();
    });
    let _ = task.await;
}

/// A button is pressed.
pub(super) async fn press(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    Posted(pressed): Posted<Press>,
) -> Result<Response, PageFault> {
    let unknown = || {
        PageFault::new(
            StatusCode::BAD_REQUEST,
            "这个按钮已经失效；请刷新页面再试。",
        )
    };
    let (number, button) = pressed.button.split_once(':').ok_or_else(unknown)?;
    let number: i32 = number.parse().map_err(|_| unknown())?;
    let place = RoomPlace::of(&site, &pressed.room, &visitor)?;
    let (chat, kind) = (place.chat, place.kind);
    let room = site.rooms.open(chat);
    let at = (chat, kind);
    let incoming = incoming(at, &visitor, MessageId(number), None, String::new());
    if !site.direct.may_press(incoming.person) {
        return Err(PageFault::new(
            StatusCode::TOO_MANY_REQUESTS,
            "点得太快了，请稍等一会儿再点。",
        ));
    }
    if !room.enter(site.waiting) {
        return Err(PageFault::new(
            StatusCode::TOO_MANY_REQUESTS,
            "点得太快了，前面的还没处理完；请稍后再点。",
        ));
    }
    let flash = Arc::new(std::sync::OnceLock::new());
    let (told, button) = (Arc::clone(&flash), button.to_string());
    accepted(&site, Arc::clone(&room), move |site| async move {
        let (words, replies) = site.direct.pressed(&incoming, &button).await;
        for reply in replies {
            site.rooms.put(&Outgoing {
                reply_to: None,
                ..reply
            });
        }
        let _ = told.set(words);
    })
    .await;
    let flash = flash.get().cloned().unwrap_or_default();
    let done = Done {
        flash,
        ..Done::new(&site, &room, &place, &visitor)
    };
    Ok(done.reply(&headers, &pressed.after))
}

/// What was said or pressed is done.
struct Done<'a> {
    site: &'a Site,
    room: &'a Room,
    place: &'a RoomPlace,
    visitor: &'a Visitor,
    /// What flashes up.
    flash: String,
}

impl<'a> Done<'a> {
    fn new(site: &'a Site, room: &'a Room, place: &'a RoomPlace, visitor: &'a Visitor) -> Self {
        Self {
            site,
            room,
            place,
            visitor,
            flash: String::new(),
        }
    }

    /// For a script what is new, so that it need not ask for it over a slow line; otherwise the
    /// room again, at its last message.
    fn reply(self, headers: &HeaderMap, after: &str) -> Response {
        if headers
            .get(header::ACCEPT)
            .is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"))
        {
            let after = after.parse().unwrap_or_default();
            let mut told = news_after(self.site, self.room, self.place, self.visitor, after);
            told["flash"] = json!(self.flash);
            return axum::Json(told).into_response();
        }
        let last = format!("{}#m{}", self.place.address(), self.room.last_number());
        Redirect::to(&last).into_response()
    }
}

/// A file that was sent in a room of the browser's.
pub(super) async fn file(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Path(word): Path<String>,
    Queried(which): Queried<WhichRoom>,
) -> Result<Response, PageFault> {
    let place = RoomPlace::of(&site, &which.room, &visitor)?;
    let gone = || PageFault::new(StatusCode::NOT_FOUND, "这个文件已经不在了；请再要一次。");
    // Who has no cookie yet has no room.
    if !visitor.known && !place.is_shared() {
        return Err(gone());
    }
    let file = site.rooms.open(place.chat).file(&word).ok_or_else(gone)?;
    let bytes = site.rooms.shelf.get(place.chat, &word).ok_or_else(gone)?;
    let bytes = bytes.to_vec();
    Ok(if file.dark.is_some_and(|dark| dark == word) {
        pictures::on_its_own(shell::download("image/svg+xml", None, bytes))
    } else if file.is_picture {
        shell::download("image/png", None, bytes)
    } else {
        shell::download("application/octet-stream", Some(&file.name), bytes)
    })
}
