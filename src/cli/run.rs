//! `planbot run`: Telegram where there is a token, otherwise the local chat.

use super::{clock, index_place, shown};
use crate::app::App;
use crate::chat::{self, telegram};
use crate::config::{self, Config};
use crate::exam;
use crate::ports::{Clock, MovableClock};
use crate::store::Store;
use anyhow::Context;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

/// Runs until the input ends, or the program is told to stop.
pub fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let token = config::token();
    log(config, token.is_some());
    let store = Store::open(&config.paths.state)?;
    let movable = Arc::new(MovableClock::default());
    let clock: Arc<dyn Clock> = if token.is_some() { clock() } else { Arc::clone(&movable) as Arc<dyn Clock> };
    let app = App::start(config, index_place(&config.paths.index), clock, Some(store.clone())).map_err(shown)?;
    let app = Arc::new(app.with_examiner(exam::setbacks));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("无法启动运行环境")?;
    let result = runtime.block_on(async {
        let stop = stop_signal()?;
        match token {
            Some(token) => telegram::run(app, &config.telegram, config.chat.waiting, &config.admins.ids, &token, stop)
                .await
                .map_err(anyhow::Error::from),
            None => chat::run_terminal(app, movable, stop).await,
        }
    });
    runtime.shutdown_background();
    store.flush()?;
    result.map(|()| ExitCode::SUCCESS)
}

/// Logs go to standard error; in the local chat only warnings do, so that they do not stand between the replies.
fn log(config: &Config, serving: bool) {
    let level = if serving { config.log.level.as_str() } else { "warn" };
    let filter = EnvFilter::try_new(format!("planbot={level},warn")).unwrap_or_default();
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// Turns ^C and SIGTERM into one word: stop.
fn stop_signal() -> anyhow::Result<watch::Receiver<bool>> {
    let (stop, stopped) = watch::channel(false);
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).context("无法接收停止信号")?;
    tokio::spawn(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
        tracing::info!("stopping");
        let _ = stop.send(true);
        std::future::pending::<()>().await;
    });
    Ok(stopped)
}
