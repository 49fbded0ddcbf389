//! `planbot run`: Telegram where there is a token, otherwise the local chat.

use super::{clock, index_place, shown};
#[cfg(unix)]
use crate::app::Reloaded;
use crate::app::{App, requests};
use crate::chat::{self, telegram};
use crate::config::{self, Config};
use crate::exam;
#[cfg(unix)]
use crate::model::Severity;
#[cfg(unix)]
use crate::ports::PersonId;
use crate::ports::{Clock, MovableClock, SystemClock};
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
        reload_on_signal(Arc::clone(&app))?;
        tokio::spawn(requests::serve(config.paths.state.clone(), store.clone(), Arc::new(SystemClock), stop.clone()));
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

/// SIGHUP reloads the data, as whoever sits at the machine.
#[cfg(unix)]
fn reload_on_signal(app: Arc<App>) -> anyhow::Result<()> {
    let mut hangup = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).context("无法接收重新载入信号")?;
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            tracing::info!("reloading on SIGHUP");
            log_reloaded(&app.reload(PersonId::LOCAL).await);
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn reload_on_signal(_: Arc<App>) -> anyhow::Result<()> {
    Ok(())
}

/// What became of a reload that nobody in a chat waits for.
#[cfg(unix)]
fn log_reloaded(reloaded: &Reloaded) {
    match reloaded {
        Reloaded::Same => tracing::info!("the data have not changed"),
        Reloaded::Changed(lines) => tracing::info!(changes = lines.join("；"), "new data are in use"),
        Reloaded::Busy => tracing::warn!("another reload is under way"),
        Reloaded::Failed(reason) => tracing::error!(%reason, "the reload failed; the old data stay in use"),
        Reloaded::Refused(findings) => {
            let first = findings.iter().find(|finding| finding.severity == Severity::Error).map(ToString::to_string);
            let first = first.unwrap_or_default();
            tracing::error!(findings = findings.len(), %first, "the data have errors; the old data stay in use");
        }
    }
}
