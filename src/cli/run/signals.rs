//! What the system tells the program: to stop, and to load new data.

use crate::app::{App, Reloaded};
use crate::model::Severity;
use crate::ports::PersonId;
use anyhow::Context;
use std::sync::Arc;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// SIGHUP, heard from before anything is opened: until then it would end the program.
pub(super) struct Reloads {
    #[cfg(unix)]
    hangup: Signal,
}

impl Reloads {
    /// Hears from now on; what comes before somebody sees to it is kept.
    pub(super) fn hear(runtime: &tokio::runtime::Runtime) -> anyhow::Result<Self> {
        let _inside = runtime.enter();
        Ok(Self {
            #[cfg(unix)]
            hangup: signal(SignalKind::hangup()).context("无法接收重新载入信号")?,
        })
    }

    /// Reloads the data at each, as whoever sits at the machine.
    #[cfg_attr(
        not(unix),
        expect(unused_variables, reason = "there is no such signal")
    )]
    pub(super) fn see_to(self, app: Arc<App>) {
        #[cfg(unix)]
        tokio::spawn(async move {
            let mut hangup = self.hangup;
            while hangup.recv().await.is_some() {
                tracing::info!("reloading on SIGHUP");
                log_reloaded(&app.reload(PersonId::LOCAL).await);
            }
        });
    }
}

/// Turns ^C and SIGTERM into one word: stop. Whoever holds the sender can say it too.
pub(super) fn stop() -> anyhow::Result<(watch::Sender<bool>, watch::Receiver<bool>)> {
    let (stop, stopped) = watch::channel(false);
    let told = stop.clone();
    #[cfg(unix)]
    let mut terminate = signal(SignalKind::terminate()).context("无法接收停止信号")?;
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
    Ok((told, stopped))
}

/// What became of a reload that nobody in a chat waits for.
#[cfg_attr(not(unix), expect(dead_code, reason = "there is no such signal"))]
fn log_reloaded(reloaded: &Reloaded) {
    match reloaded {
        Reloaded::Same => tracing::info!("the data have not changed"),
        Reloaded::Mended(findings) => {
            let said: Vec<String> = findings.iter().map(ToString::to_string).collect();
            let said = said.join("；");
            tracing::warn!(%said, "the data have not changed; the index was damaged and is written again");
        }
        Reloaded::Changed(lines) => {
            tracing::info!(changes = lines.join("；"), "new data are in use")
        }
        Reloaded::Busy => tracing::warn!("another reload is under way"),
        Reloaded::Failed(reason) => {
            tracing::error!(%reason, "the reload failed; the old data stay in use")
        }
        Reloaded::Refused(findings) => {
            let first = findings
                .iter()
                .find(|finding| finding.severity == Severity::Error)
                .map(ToString::to_string);
            let first = first.unwrap_or_default();
            tracing::error!(findings = findings.len(), %first, "the data have errors; the old data stay in use");
        }
    }
}
