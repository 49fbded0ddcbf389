//! The answers of an edition and a day, each made once: the same question has the same answer.
//!
//! In memory only, and bounded; a question that is not kept is asked anew. What continues a talk is
//! never kept. What is asked again stays: when there are too many, those that nobody has asked for
//! since the last time go, so that a flood of different questions takes none away that people ask.

use super::Answered;
use crate::edition::Edition;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// So many answers are kept, half of them since the last time that there were too many. A
/// department's questions of a day are some hundred, and with all of them taken the memory is some
/// megabytes.
const MOST_KEPT: usize = 512;
/// Longer questions are not kept.
const LONGEST_KEPT: usize = 400;

#[derive(Default)]
struct Kept {
    edition: String,
    day: NaiveDate,
    answers: HashMap<String, Arc<Answered>>,
    /// Those of before there were too many, as far as nobody has asked for them since.
    older: HashMap<String, Arc<Answered>>,
}

impl Kept {
    fn get(&mut self, question: &str) -> Option<Arc<Answered>> {
        if let Some(known) = self.answers.get(question) {
            return Some(Arc::clone(known));
        }
        let (question, answered) = self.older.remove_entry(question)?;
        // Asked for again: it is young once more.
        self.answers.insert(question, Arc::clone(&answered));
        Some(answered)
    }

    /// Makes room where there are too many; gives what is let go of.
    fn make_room(&mut self) -> HashMap<String, Arc<Answered>> {
        // Two halves, each at most half of it.
        if self.answers.len() < MOST_KEPT / 2 {
            return HashMap::new();
        }
        let young = std::mem::take(&mut self.answers);
        std::mem::replace(&mut self.older, young)
    }
}

/// The answers that are kept.
#[derive(Default)]
pub(super) struct Answers {
    kept: Mutex<Kept>,
}

impl Answers {
    /// The answer of an edition to a question on a day, where it is kept.
    pub(super) fn get(
        &self,
        edition: &Edition,
        day: NaiveDate,
        question: &str,
    ) -> Option<Arc<Answered>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // Of another day or edition; the next answer that is kept clears all of it.
        if kept.day != day || kept.edition != edition.id {
            return None;
        }
        kept.get(question)
    }

    /// Keeps an answer, unless something was wrong with it.
    pub(super) fn keep(&self, day: NaiveDate, answered: &Arc<Answered>) {
        // A fault may have passed by the next question.
        if answered.fault.is_some() || answered.question.len() > LONGEST_KEPT {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_other = kept.day != day || kept.edition != answered.edition.id;
        let fresh = || Kept {
            edition: answered.edition.id.clone(),
            day,
            ..Kept::default()
        };
        let old = is_other.then(|| std::mem::replace(&mut *kept, fresh()));
        kept.answers
            .insert(answered.question.clone(), Arc::clone(answered));
        let gone = kept.make_room();
        // What is thrown away is taken apart when nobody waits for it.
        drop(kept);
        drop((old, gone));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::{Edition, IndexPlace};
    use std::path::Path;
    use std::time::Duration;

    /// Whoever asks a thousand different things takes no answer away that others ask for; and no
    /// more are kept than may be.
    #[test]
    fn a_flood_of_questions_leaves_what_is_asked_again() {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        let edition = Arc::new(Edition::load(&data, &IndexPlace::Memory).unwrap());
        let (answers, day) = (Answers::default(), NaiveDate::default());
        let asked = |question: &str| {
            let known = answers.get(&edition, day, question);
            if known.is_none() {
                let outcome = edition.reply("丁", day);
                let edition = Arc::clone(&edition);
                let answered = Answered::new(question, day, outcome, edition, Duration::ZERO);
                answers.keep(day, &Arc::new(answered));
            }
            known.is_some()
        };
        asked("常问");
        for number in 0..2_000 {
            assert!(!asked(&format!("第{number}问")), "{number}");
            let again = number % 100 == 0;
            assert!(!again || asked("常问"), "{number}");
            let kept = answers.kept.lock().unwrap();
            assert!(kept.answers.len() + kept.older.len() <= MOST_KEPT);
        }
    }
}
