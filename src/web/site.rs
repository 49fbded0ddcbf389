//! What all pages share: the core, the rooms, the keys.

use super::admin::AdminSessions;
use super::departments::Departments;
use super::keys::{KeyError, Keys};
use super::polls::Polls;
use super::rooms::Rooms;
use super::works::Works;
use crate::app::{App, Counting, Limits};
use crate::chat::Conversation;
use crate::edge::Direct;
use crate::ports::{Messenger, MovableClock};
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
    /// Answers what is said and pressed.
    pub(super) direct: Direct,
    pub(super) rooms: Arc<Rooms>,
    /// The rooms, their sends counted.
    messenger: Arc<dyn Messenger>,
    pub(super) keys: Keys,
    pub(super) admins: AdminSessions,
    pub(super) polls: Polls,
    pub(super) departments: Departments,
    pub(super) works: Works,
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
        let (admins, token) =
            AdminSessions::open(&keys, admin_token.as_deref(), may_print, app.store())?;
        let rooms = Arc::new(Rooms::new(Arc::clone(&app)));
        let messenger = Counting::around(Arc::clone(&rooms) as Arc<dyn Messenger>, &app);
        let conversation = Conversation::new(Arc::clone(&app), Arc::clone(&messenger), None);
        let departments = Departments::open(app.store())?;
        let limits = Limits::new(app.questions_per_minute());
        let direct = Direct::new(
            Arc::clone(&app),
            conversation,
            limits,
            messenger.capabilities(),
        );
        let tasks = TaskTracker::new();
        let site = Self {
            app,
            direct,
            rooms,
            messenger,
            keys,
            admins,
            polls: Polls::default(),
            departments,
            works: Works::default(),
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
        self.direct.conversation().finish().await;
    }
}
