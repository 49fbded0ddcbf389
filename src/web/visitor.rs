//! Who a request comes from: a sealed cookie names a browser, a second one an administrator's
//! session.
//!
//! A browser's chat follows from its cookie, so it is the same after a restart. What a browser may
//! do is decided elsewhere.

use super::fault::PageFault;
use super::page_chats::chat_of_browser;
use super::site::Site;
use crate::ports::{ChatId, PersonId};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

const VISIT: &str = "planbot_visit";
const ADMIN: &str = "planbot_admin";
const VISIT_PURPOSE: &str = "visit";
const FORM_PURPOSE: &str = "form";
/// The departments' rooms that a browser was in.
const ROOMS: &str = "planbot_rooms";
/// So many of them are remembered.
const MOST_ROOMS: usize = 8;
/// A year.
const VISIT_SECONDS: u32 = 31_536_000;

/// A browser.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    id: String,
    /// The secret of the administrator's session, where one is open.
    session: Option<String>,
    /// Whether the browser showed its cookie; otherwise it gets one with this reply.
    pub(super) known: bool,
    /// What forms of this browser must send back.
    pub(super) csrf: String,
    /// The departments' rooms that it was in, by their words.
    pub(super) rooms: Vec<String>,
}

impl Visitor {
    fn of(site: &Site, headers: &HeaderMap) -> Self {
        let known = cookie(headers, VISIT).and_then(|value| {
            let (id, seal) = value.split_once('.')?;
            site.keys
                .is_seal(VISIT_PURPOSE, id, seal)
                .then(|| id.to_string())
        });
        let session = cookie(headers, ADMIN)
            // A session that was ended, or of before a new token, counts as none.
            .filter(|secret| site.admins.is_in(secret))
            .map(String::from);
        let is_known = known.is_some();
        // A cookie with a seal that is not ours is as good as none: nobody is refused for it.
        let id = known.unwrap_or_else(|| site.keys.secret());
        // A form that was shown before an administrator came or left is not valid behind it.
        let csrf = site.keys.seal(
            FORM_PURPOSE,
            &format!("{id} {}", session.as_deref().unwrap_or_default()),
        );
        Self {
            id,
            session,
            known: is_known,
            csrf,
            rooms: cookie(headers, ROOMS)
                .map(|words| {
                    words
                        .split('.')
                        .take(MOST_ROOMS)
                        .map(String::from)
                        .collect()
                })
                .unwrap_or_default(),
        }
    }

    /// The browser's own chat.
    pub(super) fn chat(&self) -> ChatId {
        chat_of_browser(&self.id)
    }

    /// Who writes.
    pub(super) fn person(&self) -> PersonId {
        if self.is_admin() {
            PersonId::PAGE
        } else {
            PersonId(self.chat().0)
        }
    }

    /// What others in the group see.
    pub(super) fn name(&self) -> String {
        format!("访客{:04X}", self.chat().0 & 0xFFFF)
    }

    /// Keeps everybody out who does not administer the bot.
    pub(super) fn must_administer(&self) -> Result<(), PageFault> {
        if self.is_admin() {
            Ok(())
        } else {
            Err(PageFault::admins_only())
        }
    }

    /// Whether it proved to administer the bot.
    pub(super) fn is_admin(&self) -> bool {
        self.session.is_some()
    }

    /// The secret of the administrator's session.
    pub(super) fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }
}

/// Whether a request carries an administrator's session.
pub(super) fn is_administrator(site: &Site, headers: &HeaderMap) -> bool {
    Visitor::of(site, headers).is_admin()
}

/// The value that makes a browser remember a department's room; nothing where it does already.
pub(super) fn room_cookie(visitor: &Visitor, word: &str) -> Option<String> {
    if visitor.rooms.iter().any(|known| known == word) {
        return None;
    }
    let others = visitor.rooms.iter().map(String::as_str);
    let words: Vec<&str> = std::iter::once(word)
        .chain(others)
        .take(MOST_ROOMS)
        .collect();
    let words = words.join(".");
    Some(format!(
        "{ROOMS}={words}; Path=/; HttpOnly; SameSite=Lax; Max-Age={VISIT_SECONDS}"
    ))
}

/// The value that gives an administrator's session to a browser.
pub(super) fn admin_cookie(secret: &str) -> String {
    format!("{ADMIN}={secret}; Path=/; HttpOnly; SameSite=Strict")
}

/// The value that takes it away.
pub(super) fn no_admin_cookie() -> String {
    format!("{ADMIN}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
}

/// Finds out who asks, and gives a cookie to whoever has none.
pub(super) async fn recognise(
    State(site): State<Arc<Site>>,
    mut request: Request,
    next: Next,
) -> Response {
    let visitor = Visitor::of(&site, request.headers());
    let fresh = (!visitor.known).then(|| {
        let seal = site.keys.seal(VISIT_PURPOSE, &visitor.id);
        // Lax, so that a link from elsewhere to a paragraph does not begin a second visit.
        format!(
            "{VISIT}={}.{seal}; Path=/; HttpOnly; SameSite=Lax; Max-Age={VISIT_SECONDS}",
            visitor.id
        )
    });
    request.extensions_mut().insert(visitor);
    let mut response = next.run(request).await;
    if let Some(value) = fresh.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// By hand: axum-extra's signed cookies would sign in another way, and every browser would be a
/// stranger in its own room.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|line| line.to_str().ok());
    let mut pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}
