//! The loop around the tick, until the program is told to stop.

use super::{Reminder, compose};
use crate::app::App;
use crate::ports::{ChatId, Manner, Messenger, Outgoing, SendOutcome};
use crate::store::StoreError;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

const TICK_EVERY: Duration = Duration::from_secs(20);
/// Twenty-five a second, below what the messenger takes overall; each chat gets one.
const PACE: Duration = Duration::from_millis(40);

/// Ticks until told to stop. A tick that fails is logged, and the next one goes on where it ended.
pub async fn run(app: Arc<App>, messenger: Arc<dyn Messenger>, mut stop: watch::Receiver<bool>) {
    let mut alarm = Alarm {
        waiting: app.admins().to_vec(),
        messenger: Arc::clone(&messenger),
    };
    while !*stop.borrow() {
        // A panic ends one tick, not the reminders.
        let (of_tick, through, told) = (Arc::clone(&app), Arc::clone(&messenger), stop.clone());
        match tokio::spawn(
            async move { attempt(&of_tick, through.as_ref(), &|| *told.borrow()).await },
        )
        .await
        {
            Ok(Ok(())) => {}
            Ok(Err(error)) => alarm.raise(&error.cause()).await,
            Err(error) => tracing::error!(%error, "a tick of the reminders ended early"),
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

/// Tells administrators that the state cannot be written, each once in a run: past the outbox,
/// which is part of that state.
struct Alarm {
    /// Who has not been told.
    waiting: Vec<i64>,
    messenger: Arc<dyn Messenger>,
}

impl Alarm {
    /// Tells whoever has not been told. Whom it does not reach now is told when the next tick
    /// fails.
    async fn raise(&mut self, cause: &str) {
        let lines = [compose::unwritable(cause)];
        let mut unreached = Vec::new();
        for admin in std::mem::take(&mut self.waiting) {
            let (html, plain) = (compose::escaped(&lines), lines.join(""));
            let (chat, buttons) = (ChatId(admin), Vec::new());
            let message = Outgoing {
                chat,
                reply_to: None,
                topic: None,
                html,
                plain,
                buttons,
                attachment: None,
                replaces: None,
                manner: Manner::default(),
            };
            match self.messenger.send(&message).await {
                SendOutcome::Delivered(_) => {}
                // Twice is better than never, but nobody is told for ever who does not want to hear
                // it.
                SendOutcome::Gone(reason) | SendOutcome::Refused(reason) => {
                    tracing::warn!(
                        admin,
                        reason,
                        "an administrator cannot be told of the state"
                    )
                }
                outcome => {
                    tracing::warn!(
                        admin,
                        ?outcome,
                        "an administrator could not be told of the state yet"
                    );
                    unreached.push(admin);
                }
            }
        }
        self.waiting = unreached;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Sending;
    use std::sync::Mutex;

    /// Takes down whom it was sent to; the first send fails.
    #[derive(Default)]
    struct Recording(Mutex<Vec<(i64, String)>>);

    impl Messenger for Recording {
        fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
            Box::pin(async move {
                let mut sent = self.0.lock().unwrap();
                sent.push((message.chat.0, message.plain.clone()));
                if sent.len() == 1 {
                    SendOutcome::Broken("502".into())
                } else {
                    SendOutcome::Delivered(None)
                }
            })
        }
    }

    #[tokio::test]
    async fn each_administrator_is_told_once() {
        let recording = Arc::new(Recording::default());
        let mut alarm = Alarm {
            waiting: vec![1, 2],
            messenger: Arc::clone(&recording) as Arc<dyn Messenger>,
        };
        for _ in 0..3 {
            alarm.raise("No space left on device").await;
        }
        let sent = recording.0.lock().unwrap().clone();
        assert_eq!(
            sent.iter().map(|(chat, _)| *chat).collect::<Vec<_>>(),
            [1, 2, 1],
            "the first send failed and was made again"
        );
        assert!(
            sent[0].1.contains("写不进去（No space left on device）")
                && sent[0].1.contains("磁盘空间"),
            "{}",
            sent[0].1
        );
    }
}
