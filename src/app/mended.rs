//! What was damaged in the state and mended when it was opened: for the log and for administrators.

use crate::edition::EditionError;
use crate::ports::{Clock, PersonId};
use crate::store::{OutboxEntry, Purpose, Store, StoreError};

/// Tells it once: in the log at once, administrators through the outbox.
pub(super) fn tell(
    store: &Store,
    admins: &[PersonId],
    clock: &dyn Clock,
) -> Result<(), EditionError> {
    attempt(store, admins, clock).map_err(|error| EditionError::State(Box::new(error)))
}

fn attempt(store: &Store, admins: &[PersonId], clock: &dyn Clock) -> Result<(), StoreError> {
    let untold = store.untold_mendings()?;
    if untold.is_empty() {
        return Ok(());
    }
    for (_, mending) in &untold {
        let text = mending.sentence();
        tracing::error!("{text}");
        for lost in &mending.lost {
            tracing::error!(lost, "a record of the state is lost");
        }
        for admin in admins {
            let (text, at_once) = (text.clone(), true);
            let entry = OutboxEntry::new(
                admin.own_chat(),
                Purpose::Text { text, at_once },
                clock.now(),
            );
            store.promise(entry, &[])?;
        }
    }
    // After all of them are promised: a program that is killed in between tells some of it twice
    // and leaves nothing untold.
    store.told_of_mendings(untold)?;
    store.flush()
}
