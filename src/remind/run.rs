//! The loop around the tick, until the program is told to stop.

use super::Reminder;
use crate::app::App;
use crate::ports::Messenger;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

const TICK_EVERY: Duration = Duration::from_secs(20);
/// Twenty-five a second, below what the messenger takes overall; each chat gets one.
const PACE: Duration = Duration::from_millis(40);

/// Ticks until told to stop. A tick that fails is logged, and the next one goes on where it ended.
pub async fn run(app: Arc<App>, messenger: Arc<dyn Messenger>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        // A panic ends one tick, not the reminders.
        let (of_tick, through) = (Arc::clone(&app), Arc::clone(&messenger));
        if let Err(error) = tokio::spawn(async move { tick(&of_tick, through.as_ref()).await }).await {
            tracing::error!(%error, "a tick of the reminders ended early");
        }
        tokio::select! {
            () = tokio::time::sleep(TICK_EVERY) => {}
            () = app.desk_changed() => {}
            _ = stop.changed() => return,
        }
    }
}

/// One tick as of the app's clock.
pub async fn tick(app: &App, messenger: &dyn Messenger) {
    let Some(store) = app.store().filter(|_| app.reminds()) else { return };
    let (edition, agenda) = (app.edition(), app.agenda());
    let reminder = Reminder { agenda: &agenda, units: &edition.units, store, messenger, admins: app.admins(), pace: PACE };
    match reminder.tick(app.now()).await {
        Ok(ticked) if ticked != super::Ticked::default() => tracing::info!(?ticked, "reminders"),
        Ok(_) => {}
        Err(error) => tracing::error!(%error, "reminders could not be seen to"),
    }
}
