//! The loop around the tick, until the program is told to stop.

use super::Reminder;
use super::alarm::DiskWatch;
use crate::app::{App, Hindrance};
use crate::ports::Messenger;
use crate::store::StoreError;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// What people do wakes the loop at once (`App::wake_desk`); this is for what time alone brings.
const TICK_EVERY: Duration = Duration::from_secs(20);
/// Twenty-five a second, below what the messenger takes overall; each chat gets one.
const PACE: Duration = Duration::from_millis(40);

/// Ticks until told to stop, and watches the state's disk beside. A tick that fails is logged, and
/// the next one goes on where it ended.
pub(crate) async fn run(app: Arc<App>, messenger: Arc<dyn Messenger>, stop: watch::Receiver<bool>) {
    let (ticked, ticks) = watch::channel(None);
    let disk = DiskWatch::new(&app, &messenger).watch(ticks, stop.clone());
    tokio::join!(tick_until(app, messenger, ticked, stop), disk);
}

async fn tick_until(
    app: Arc<App>,
    messenger: Arc<dyn Messenger>,
    ticked: watch::Sender<Option<Hindrance>>,
    mut stop: watch::Receiver<bool>,
) {
    while !*stop.borrow() {
        // A panic ends one tick, not the reminders.
        let (of_tick, through, told) = (Arc::clone(&app), Arc::clone(&messenger), stop.clone());
        let tick =
            tokio::spawn(
                async move { attempt(&of_tick, through.as_ref(), &|| *told.borrow()).await },
            )
            .await;
        let tick = tick.unwrap_or_else(|error| {
            tracing::error!(%error, "a tick of the reminders ended early");
            Ok(())
        });
        let fault = tick.err().map(|error| Hindrance::Unwritable(error.cause()));
        // Only a change: a fault that stays would have the disk looked at anew by every tick.
        ticked.send_if_modified(|known| std::mem::replace(known, fault.clone()) != fault);
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
