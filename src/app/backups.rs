//! Backups that are made while the bot runs: nobody has to remember them; and one that an
//! administrator takes away.

use super::App;
use super::requests::stamp;
use crate::ports::{Clock, PersonId};
use crate::store::{AuditAct, Store, StoreError};
use crate::words::zh::acts;
use crate::workers::Workers;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// The store makes one an hour; what fails is tried again as soon.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Makes backups until told to stop. That one cannot be made is logged once in a row.
pub(crate) async fn serve(
    store: Store,
    (thread, clock): (Workers, Arc<dyn Clock>),
    mut stop: watch::Receiver<bool>,
) {
    let mut has_failed = false;
    while !*stop.borrow() {
        let (from, now) = (store.clone(), Arc::clone(&clock));
        let making = thread.run(move || from.back_up(now.now(), &stamp(now.as_ref())));
        match making.await {
            Ok(Ok(_)) => has_failed = false,
            // Once: a disk that is full would fill the log as well.
            Ok(Err(error)) if !has_failed => {
                tracing::error!(%error, "the hourly backup of the state could not be made");
                has_failed = true;
            }
            Ok(Err(_)) => {}
            Err(error) => tracing::error!(%error, "a backup ended early"),
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stop.changed() => return,
        }
    }
}

impl App {
    /// The whole state as the text of a backup, as `planbot state restore` takes it; who took it is
    /// written down.
    pub fn backup(&self, person: PersonId) -> Result<Vec<u8>, StoreError> {
        let Some(store) = self.store() else {
            return Ok(Vec::new());
        };
        // Before it is given away: who took the state is written even where the download breaks
        // off.
        let taken = acts::DOWNLOADED.to_string();
        store.audit(&self.act(person, AuditAct::Backup, taken))?;
        let mut text = Vec::new();
        store.export_to(&stamp(self.clock.as_ref()), &mut text)?;
        Ok(text)
    }
}
