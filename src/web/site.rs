//! What all pages share: the core, the rooms, the keys, and which addresses lead where.

use super::admin::Admins;
use super::fault::Fault;
use super::keys::{KeyError, Keys};
use super::places::Departments;
use super::polls::Polls;
use super::rooms::Rooms;
use super::{
    admin_page, admin_rooms, api, assets, carriage, chat_page, clock_page, deadlines_page,
    full_text, glossary_page, guard, history, import_page, indicator_details, indicators_page,
    roll_page, visitor, watching, years_page,
};
use crate::app::{App, Counting, Edge, Limits};
use crate::chat::Conversation;
use crate::ports::{ChatId, Messenger, MovableClock};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use std::sync::Arc;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

/// What the page is opened with.
pub struct Setting {
    /// The core.
    pub app: Arc<App>,
    /// The clock, where it may be moved: in the local chat only.
    pub clock: Option<Arc<MovableClock>>,
    /// Names under which a proxy is reached.
    pub hosts: Vec<String>,
    /// The administrators' token, where the environment sets one.
    pub admin_token: Option<String>,
    /// Whether a new token for administrators may be printed: to a terminal, not into a log that
    /// lasts.
    pub may_print: bool,
    /// So many messages of one room may wait.
    pub waiting: usize,
    /// Told when the program is to end.
    pub stop: watch::Receiver<bool>,
}

/// The page.
pub struct Site {
    pub(super) app: Arc<App>,
    pub(super) conversation: Conversation,
    pub(super) rooms: Arc<Rooms>,
    /// The rooms, their sends counted.
    messenger: Arc<dyn Messenger>,
    pub(super) keys: Keys,
    pub(super) admins: Admins,
    pub(super) limits: Limits,
    pub(super) polls: Polls,
    pub(super) departments: Departments,
    pub(super) clock: Option<Arc<MovableClock>>,
    pub(super) hosts: Vec<String>,
    pub(super) waiting: usize,
    pub(super) tasks: TaskTracker,
    stop: watch::Receiver<bool>,
}

impl Site {
    /// Opens the page; gives the administrators' token where it is new and must be printed now.
    pub fn open(setting: Setting) -> Result<(Arc<Self>, Option<String>), KeyError> {
        let Setting {
            app,
            clock,
            hosts,
            admin_token,
            may_print,
            waiting,
            stop,
        } = setting;
        let keys = Keys::open(app.store())?;
        let (admins, token) = Admins::open(&keys, admin_token.as_deref(), may_print, app.store())?;
        let rooms = Arc::new(Rooms::new(Arc::clone(&app)));
        let messenger =
            Counting::around(Arc::clone(&rooms) as Arc<dyn Messenger>, Edge::Page, &app);
        let conversation = Conversation::new(Arc::clone(&app), Arc::clone(&messenger), None);
        let departments = Departments::open(app.store())?;
        let limits = Limits::new(app.questions_per_minute());
        let tasks = TaskTracker::new();
        let site = Self {
            app,
            conversation,
            rooms,
            messenger,
            keys,
            admins,
            limits,
            polls: Polls::default(),
            departments,
            clock,
            hosts,
            waiting,
            tasks,
            stop,
        };
        Ok((Arc::new(site), token))
    }

    /// Sends to the page's chats: for reminders.
    pub fn messenger(&self) -> Arc<dyn Messenger> {
        Arc::clone(&self.messenger)
    }

    /// Whether a chat is one of the page.
    pub fn owns(chat: ChatId) -> bool {
        visitor::is_of_page(chat)
    }

    pub(super) fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    pub(super) fn stop(&self) -> watch::Receiver<bool> {
        self.stop.clone()
    }

    /// Waits for what was accepted and is still being answered.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.conversation.finish().await;
    }

    /// Which addresses lead where.
    pub(super) fn router(self: &Arc<Self>) -> Router {
        let pages = Router::new()
            .route("/", get(chat_page::page))
            .route("/chat/say", post(chat_page::say))
            .route("/chat/press", post(chat_page::press))
            .route("/chat/news", get(chat_page::news))
            .route("/chat/file/{word}", get(chat_page::file))
            .route("/chat/history", get(history::page))
            .route("/indicators", get(indicators_page::page))
            .route("/indicators/one", get(indicator_details::page))
            .route("/indicators/chart.{form}", get(indicator_details::picture))
            .route("/indicators/board.{form}", get(indicators_page::board))
            .route("/indicators.xlsx", get(indicators_page::workbook))
            .route("/indicators.csv", get(indicators_page::csv))
            .route("/years", get(years_page::page))
            .route("/years/chart.{form}", get(years_page::line))
            .route("/years/board.{form}", get(years_page::board))
            .route("/glossary", get(glossary_page::page))
            .route("/text", get(full_text::page))
            .route("/deadlines", get(deadlines_page::page))
            .route("/deadlines/act", post(deadlines_page::act))
            .route("/deadlines.ics", get(deadlines_page::calendar))
            .route("/desk.xlsx", get(deadlines_page::workbook))
            .route("/desk.csv", get(deadlines_page::csv))
            .route("/desk/print", get(roll_page::page))
            .route("/clock", post(clock_page::set))
            .route("/admin", get(admin_page::page))
            .route("/admin/enter", post(admin_page::enter))
            .route("/admin/leave", post(admin_page::leave))
            .route("/admin/reload", post(admin_page::reload))
            .route("/admin/adopt", post(admin_page::adopt))
            .route("/admin/rooms", post(admin_rooms::add))
            .route("/admin/rooms/remove", post(admin_rooms::remove))
            .route("/admin/backup", post(admin_page::backup))
            .route("/admin/import", post(import_page::take))
            .route("/admin/import/{word}", get(import_page::page))
            .route("/admin/import/{word}/plan", post(import_page::correct_plan))
            .route("/admin/import/{word}/cell", post(import_page::correct_cell))
            .route("/admin/import/{word}/term", post(import_page::correct_term))
            .route("/admin/import/{word}/approve", post(import_page::approve))
            .route("/admin/import/{word}/discard", post(import_page::discard))
            .layer(DefaultBodyLimit::max(guard::LARGEST_REPORT))
            .route("/text/original", get(full_text::original))
            .layer(from_fn_with_state(Arc::clone(self), visitor::recognise));
        let api = Router::new()
            .route("/api/v1/ask", get(api::ask))
            .route("/api/v1/indicators", get(api::indicators))
            .route("/api/v1/terms", get(api::terms))
            .route("/api/v1/passages", get(api::passages))
            .route("/api/v1/deadlines", get(api::deadlines))
            .route("/api/v1/openapi.json", get(api::description));
        let watching = Router::new()
            .route("/metrics", get(watching::metrics))
            .route("/healthz", get(watching::alive))
            .route("/readyz", get(watching::ready));
        Router::new()
            .merge(pages)
            .merge(api)
            .merge(watching)
            .route("/assets/{name}", get(assets::asset))
            .fallback(|| async { Fault::absent() })
            .method_not_allowed_fallback(|| async {
                Fault::new(
                    axum::http::StatusCode::METHOD_NOT_ALLOWED,
                    "这里不接受这种请求。",
                )
            })
            .layer(from_fn_with_state(Arc::clone(self), carriage::carry))
            .layer(from_fn_with_state(Arc::clone(self), guard::guard))
            .with_state(Arc::clone(self))
    }
}
