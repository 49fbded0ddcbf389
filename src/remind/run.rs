//! The loop around the tick, until the program is told to stop.

use super::Reminder;
use super::alarm::DiskWatch;
use crate::app::{App, Hindrance};
use crate::ports::Messenger;
use crate::store::StoreError;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

const TICK_EVERY: Duration = Duration::from_secs(20);
/// Twenty-five a second, below what the messenger takes overall; each chat gets one.
const PACE: Duration = Duration::from_millis(40);

/// Ticks until told to stop. A tick that fails is logged, and the next one goes on where it ended.
pub async fn run(app: Arc<App>, messenger: Arc<dyn Messenger>, mut stop: watch::Receiver<bool>) {
    let mut disk = DiskWatch::new(&app, &messenger);
    while !*stop.borrow() {
        // A panic ends one tick, not the reminders.
        let (of_tick, through, told) = (Arc::clone(&app), Arc::clone(&messenger), stop.clone());
        let ticked =
            tokio::spawn(
                async move { attempt(&of_tick, through.as_ref(), &|| *told.borrow()).await },
            )
            .await;
        let ticked = ticked.unwrap_or_else(|error| {
            tracing::error!(%error, "a tick of the reminders ended early");
            Ok(())
        });
        let looked = disk.look(ticked.map_err(|error| Hindrance::Unwritable(error.cause())));
        tokio::select! {
            () = looked => {}
            _ = stop.changed() => return,
        }
        tokio::select! {
            () = tokio::time::sleep(TICK_EVERY) => {}
            () = app.desk_changed() => {}
            _ = stop.changed() => return,
        }
    }
}

/// One tick as of the app's clock; what fails is logged.
pub async fn tick(app: &App, messenger: &dyn Messenger) {
    // Whoever calls this sits at the log.
    let _ = attempt(app, messenger, &|| false).await;
}

async fn attempt(
    app: &App,
    messenger: &dyn Messenger,
    is_stopping: &(dyn Fn() -> bool + Sync),
) -> Result<(), StoreError> {
    let Some(store) = app.store().filter(|_| app.reminds()) else {
        return Ok(());
    };
    let (edition, agenda) = (app.edition(), app.agenda());
    let reminder = Reminder {
        agenda: &agenda,
        units: &edition.units,
        store,
        messenger,
        admins: app.admins(),
        pace: PACE,
        is_stopping,
    };
    match reminder.tick(app.now()).await {
        Ok(ticked) => {
            app.signs().ticked();
            if ticked != super::Ticked::default() {
                tracing::info!(?ticked, "reminders");
            }
            Ok(())
        }
        Err(error) => {
            tracing::error!(%error, "reminders could not be seen to");
            Err(error)
        }
    }
}
