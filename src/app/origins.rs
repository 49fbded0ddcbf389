//! A reply is made again from what it came from, for what stands under it: its evidence, how it was
//! read, its further pages. It is the same reply, whatever was asked meanwhile; where the data do
//! not give it any more there is none, and never the evidence of another one.

use super::{Answered, App};
use crate::reply::Reply;
use crate::store::Origin;
use crate::words::zh::talk;
use sha2::{Digest, Sha256};
use std::sync::{Arc, OnceLock};

impl Answered {
    /// What the reply came from.
    pub fn origin(&self) -> Origin {
        Origin {
            question: self.completed.clone(),
            picked: self.picked.clone(),
            day: Some(self.day),
            without: self.without.clone(),
            follows: self.follows.clone(),
            told: self.told(),
        }
    }

    /// As the reply to what continues a talk, with what it was taken for.
    pub(super) fn taken_for(mut self, understood: String) -> Self {
        if let Reply::Answer(answer) = &mut self.reply {
            let line = talk::follows(&understood);
            answer.computed.push(line.clone());
            answer.context.push(line);
        }
        self.follows = Some(understood);
        self.compared = OnceLock::new();
        self
    }

    /// A digest of what an answer says and where it has it from.
    fn told(&self) -> Option<u64> {
        let Reply::Answer(answer) = &self.reply else {
            return None;
        };
        let mut digest = Sha256::new();
        let mut take = |text: &str| {
            digest.update(text);
            // So that two texts side by side are not taken for one text cut elsewhere.
            digest.update([0]);
        };
        take(&answer.lead);
        for (label, value) in &answer.rows {
            take(label);
            take(value);
        }
        for citation in answer.citations() {
            take(&citation.plan.0);
            take(&citation.place);
            take(&citation.quote);
        }
        let bytes = digest.finalize();
        let first = bytes.iter().take(8);
        Some(first.fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }
}

impl App {
    /// Makes a reply again, on the calling thread; nothing where the data give another one now.
    pub fn again_here(&self, origin: &Origin) -> Option<Arc<Answered>> {
        let asked = self.asked_as(origin);
        let mut again = match &origin.picked {
            None => asked,
            Some(picked) => Arc::new(asked.picking(picked)?),
        };
        if let Some(understood) = &origin.follows {
            again = Arc::new(Arc::unwrap_or_clone(again).taken_for(understood.clone()));
        }
        let is_same = origin.told.is_none() || origin.told == again.told();
        // Not the same any more: no evidence is better than that of another answer.
        is_same.then_some(again)
    }

    /// Asks a question again under the circumstances of a reply to it, whatever comes of it.
    pub(super) fn asked_as(&self, origin: &Origin) -> Arc<Answered> {
        let day = origin.day.unwrap_or_else(|| self.clock.today());
        if origin.without.is_empty() {
            return self.ask_as_of(&origin.question, day);
        }
        Arc::new(self.answered(&origin.question, day, &origin.without))
    }

    /// Makes a reply again, off the async threads; nothing where the data give another one now.
    ///
    /// # Errors
    /// Where the thread panicked.
    pub async fn again(self: &Arc<Self>, origin: &Origin) -> anyhow::Result<Option<Arc<Answered>>> {
        let (app, origin) = (Arc::clone(self), origin.clone());
        Ok(self.turns.take(move || app.again_here(&origin)).await?)
    }
}
