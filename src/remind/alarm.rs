//! What administrators are told past the outbox: that the state, of which the outbox is part,
//! cannot be written, or that a messenger fails.

use super::compose;
use crate::app::{App, Hindrance};
use crate::document::{Block, Document};
use crate::ports::{Messenger, Outgoing, PersonId, SendOutcome};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// So often the state is looked at, so that a fault is told within a minute, also one that shows
/// only at the second look.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// What was wrong is over when so many looks in a row found nothing.
const WELL_AFTER_LOOKS: u32 = 2;

/// Tells administrators one thing, each of them once.
pub(crate) struct Alarm {
    /// Who has not been told.
    waiting: Vec<PersonId>,
    messenger: Arc<dyn Messenger>,
}

impl Alarm {
    /// Nobody has been told.
    pub(crate) fn new(admins: &[PersonId], messenger: Arc<dyn Messenger>) -> Self {
        Self {
            waiting: admins.to_vec(),
            messenger,
        }
    }

    /// Whether nobody is left to be told.
    pub(crate) fn is_told(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Tells whoever has not been told. Whom it does not reach now is told when it is raised again.
    pub(crate) async fn raise(&mut self, line: &str) {
        let mut unreached = Vec::new();
        for admin in std::mem::take(&mut self.waiting) {
            let body = Document(vec![Block::Lead(line.to_string())]);
            let message = Outgoing::new(admin.own_chat(), body);
            match self.messenger.send(&message).await {
                SendOutcome::Delivered(_) => {}
                // Twice is better than never, but nobody is told for ever who does not want to hear
                // it.
                SendOutcome::Gone(reason) | SendOutcome::Refused(reason) => {
                    tracing::warn!(admin = admin.0, reason, "an administrator cannot be told")
                }
                outcome => {
                    tracing::warn!(
                        admin = admin.0,
                        ?outcome,
                        "an administrator could not be told yet"
                    );
                    unreached.push(admin);
                }
            }
        }
        self.waiting = unreached;
    }
}

/// Watches the state's disk, whether or not a reminder is due: what is wrong with it is told once,
/// and once that it is over.
pub(super) struct DiskWatch {
    app: Arc<App>,
    messenger: Arc<dyn Messenger>,
    was_slow: bool,
    well: u32,
    /// What is wrong, with whom it is still to be told.
    fault: Option<(Hindrance, Alarm)>,
}

impl DiskWatch {
    pub(super) fn new(app: &Arc<App>, messenger: &Arc<dyn Messenger>) -> Self {
        let (app, messenger) = (Arc::clone(app), Arc::clone(messenger));
        Self {
            app,
            messenger,
            was_slow: false,
            well: 0,
            fault: None,
        }
    }

    /// Watches until told to stop, beside the ticks: one that hangs at the disk holds up no look. A
    /// tick that fails is looked at once, and has seen enough.
    pub(super) async fn watch(
        mut self,
        mut ticks: watch::Receiver<Option<Hindrance>>,
        mut stop: watch::Receiver<bool>,
    ) {
        loop {
            let of_tick = ticks.borrow_and_update().clone();
            tokio::select! {
                () = self.look(of_tick) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                Ok(()) = ticks.changed() => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    async fn look(&mut self, of_tick: Option<Hindrance>) {
        let found = match of_tick {
            Some(fault) => Some(fault),
            None => self.app.disk_fault().await,
        };
        match found {
            // Once may be a moment's load.
            Some(Hindrance::SlowDisk) if !std::mem::replace(&mut self.was_slow, true) => {}
            Some(fault) => self.tell(fault).await,
            None => {
                self.was_slow = false;
                self.is_well().await;
            }
        }
    }

    async fn tell(&mut self, found: Hindrance) {
        self.well = 0;
        let (fault, mut alarm) = match self.fault.take() {
            // The same again, or less: whoever was told is not told once more.
            Some(known) if !is_worse(&found, &known.0) => known,
            _ => (found, self.alarm()),
        };
        // Before the telling, which may take long: the page and `/readyz` say it at once.
        self.app.signs().disk_fails(fault.clone());
        alarm.raise(&compose::disk(&fault)).await;
        self.fault = Some((fault, alarm));
    }

    async fn is_well(&mut self) {
        self.well += 1;
        let was_wrong = self.fault.is_some() || self.app.signs().takes_up_again();
        if !was_wrong || self.well < WELL_AFTER_LOOKS {
            return;
        }
        self.fault = None;
        self.app.signs().disk_works();
        self.alarm().raise(compose::DISK_WORKS).await;
    }

    fn alarm(&self) -> Alarm {
        Alarm::new(self.app.admins(), Arc::clone(&self.messenger))
    }
}

/// Whether what was said before is too little.
fn is_worse(found: &Hindrance, known: &Hindrance) -> bool {
    let is_warning = |fault: &Hindrance| matches!(fault, Hindrance::LittleRoom(_));
    is_warning(known) && !is_warning(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Capabilities;
    use crate::ports::Sending;
    use std::sync::Mutex;

    /// Takes down whom it was sent to; the first send fails.
    #[derive(Default)]
    struct Recording(Mutex<Vec<(i64, String)>>);

    impl Messenger for Recording {
        fn capabilities(&self) -> Capabilities {
            Capabilities::all("test")
        }

        fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
            Box::pin(async move {
                let mut sent = self.0.lock().unwrap();
                sent.push((message.chat.0, message.body.plain()));
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
        let mut alarm = Alarm::new(
            &[PersonId(1), PersonId(2)],
            Arc::clone(&recording) as Arc<dyn Messenger>,
        );
        let fault = Hindrance::Unwritable("No space left on device".to_string());
        for _ in 0..3 {
            alarm.raise(&compose::disk(&fault)).await;
        }
        assert!(alarm.is_told());
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
