//! A page that runs over a copy of the shipped data, on a port of its own.

use crate::harness::{ADMIN, TestClock, copied_data, examiner};
use crate::http::Client;
use planbot::{
    App, Config, IndexPlace, Metrics, MovableClock, Paths, Setting, Site, Store, listen_for_page,
};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub const TOKEN: &str = "a-token-of-the-tests";

/// A page that runs; its end is an assertion.
pub struct RunningPage {
    pub address: SocketAddr,
    pub data: tempfile::TempDir,
    pub app: Arc<App>,
    pub stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl RunningPage {
    pub async fn start() -> Self {
        Self::start_with(None, 0).await
    }

    /// Over data that were changed before.
    pub async fn start_by(change: impl FnOnce(&Path)) -> Self {
        let data = copied_data();
        change(&data.path().join("data"));
        Self::start_over(data, None, 0).await
    }

    pub async fn start_with(clock: Option<Arc<MovableClock>>, a_minute: usize) -> Self {
        Self::start_over(copied_data(), clock, a_minute).await
    }

    async fn start_over(
        data: tempfile::TempDir,
        clock: Option<Arc<MovableClock>>,
        a_minute: usize,
    ) -> Self {
        let mut config = Config {
            paths: Paths {
                data: data.path().join("data"),
                ..Paths::default()
            },
            ..Config::default()
        };
        config.admins.ids = vec![ADMIN];
        config.chat.questions_per_minute = a_minute;
        let store = Store::open(&data.path().join("state")).unwrap();
        let app = match &clock {
            Some(clock) => App::start(
                &config,
                IndexPlace::Memory,
                Arc::clone(clock) as _,
                Some(store),
            ),
            None => App::start(
                &config,
                IndexPlace::Memory,
                Arc::new(TestClock::default()),
                Some(store),
            ),
        };
        let app = app
            .map_err(|error| error.to_string())
            .unwrap()
            .with_examiner(examiner());
        let app = Arc::new(app.with_metrics(Metrics::new(0).unwrap()));
        let (stop, stopped) = watch::channel(false);
        let listening = listen_for_page("127.0.0.1:0").await.unwrap();
        let address = listening.address;
        let setting = Setting {
            app: Arc::clone(&app),
            clock,
            hosts: vec!["plan.example".to_string()],
            admin_token: Some(TOKEN.to_string()),
            may_print: false,
            waiting: 8,
            stop: stopped.clone(),
        };
        let (site, printed) = Site::open(setting).unwrap();
        assert_eq!(printed, None, "a token of the environment is not printed");
        let task = tokio::spawn(listening.serve(site, stopped));
        Self {
            address,
            data,
            app,
            stop,
            task,
        }
    }

    /// A browser that has its cookie.
    pub async fn browser(&self) -> Client {
        let mut client = Client::new(self.address);
        assert_eq!(client.get("/").await.status, 200);
        client
    }

    pub async fn finish(self) {
        self.ended().await;
    }

    /// Ended, and begun again over the same data and the same state.
    pub async fn restarted(self) -> Self {
        let data = self.ended().await;
        Self::start_over(data, None, 0).await
    }

    async fn ended(self) -> tempfile::TempDir {
        self.stop.send_replace(true);
        tokio::time::timeout(Duration::from_secs(15), self.task)
            .await
            .expect("the page did not end")
            .unwrap();
        // As `planbot run` does when it ends.
        self.app.store().unwrap().flush().unwrap();
        self.data
    }
}
