//! What could not be answered: kept, grouped by what was missing, with names of the plan that may
//! be meant.

use super::{Answered, App};
use crate::edition::Edition;
use crate::ports::PersonId;
use crate::reply::Reply;
use crate::store::{KeptFor, StoreError, Unanswered};
use chrono::Days;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};

/// So much of a question is kept, in letters.
const LONGEST_QUESTION: usize = 200;
/// A synonym is no shorter and no longer.
pub(crate) const SYNONYM_LETTERS: std::ops::RangeInclusive<usize> = 2..=16;
/// So many votes are remembered; then none.
const MOST_VOTES: usize = 10_000;
/// So many names are proposed for a group.
const MOST_PROPOSED: usize = 2;

/// Questions in which the same thing was missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnansweredGroup {
    /// What was missing; a question where nothing is named.
    pub missing: String,
    /// How often such questions were asked.
    pub times: u32,
    /// Some of them.
    pub questions: Vec<String>,
    /// Whether their answers were voted down.
    pub voted_down: bool,
    /// Printed names that may be meant, nearest first.
    pub proposed: Vec<String>,
}

/// Who found which answer of no help, so that pressing twice counts once. In memory only: no name
/// is kept on disk.
#[derive(Debug, Default)]
pub(super) struct Votes {
    cast: Mutex<HashSet<(PersonId, String)>>,
}

impl Votes {
    fn is_first(&self, person: PersonId, question: &str) -> bool {
        let mut cast = self.cast.lock().unwrap_or_else(PoisonError::into_inner);
        // Forgetting all of them lets somebody vote twice; keeping all of them would let memory
        // grow.
        if cast.len() >= MOST_VOTES {
            cast.clear();
        }
        cast.insert((person, question.to_string()))
    }
}

impl App {
    /// Keeps a question whose reply is a refusal.
    pub fn keep_unanswered(&self, answered: &Answered, person: PersonId, in_group: bool) {
        // 还有呢 was no question of its own, and the one before it was answered.
        if answered.exhausted.is_some() {
            return;
        }
        if let Reply::Unknown(refusal) = &answered.reply {
            let missing = refusal.missing.trim_matches(['“', '”']);
            let told = (answered.question.as_str(), missing);
            self.keep(told, KeptFor::NoAnswer, person, in_group);
        }
    }

    /// Keeps a question whose answer did not help; one person says so of one question once.
    pub fn keep_voted_down(&self, person: PersonId, question: &str, in_group: bool) {
        if self.votes.is_first(person, question) {
            self.keep((question, ""), KeptFor::VotedDown, person, in_group);
        }
    }

    /// Keeps a question with what was missing. Who asked it is not written down.
    fn keep(
        &self,
        (question, missing): (&str, &str),
        kept_for: KeptFor,
        person: PersonId,
        in_group: bool,
    ) {
        let Some(store) = self.store().filter(|_| self.learning.keep) else {
            return;
        };
        let question: String = question.trim().chars().take(LONGEST_QUESTION).collect();
        let (private, group) = (u32::from(!in_group), u32::from(in_group));
        let kept = Unanswered {
            question,
            missing: missing.chars().take(LONGEST_QUESTION).collect(),
            kept_for,
            private,
            group,
            last: self.clock.today(),
        };
        if let Err(error) = store.keep_question(&kept, person) {
            tracing::error!(%error, "a question could not be kept");
        }
    }

    /// What is kept, most often asked first.
    pub fn unanswered(&self) -> Result<Vec<UnansweredGroup>, StoreError> {
        let Some(store) = self.store() else {
            return Ok(Vec::new());
        };
        let since = self
            .clock
            .today()
            .checked_sub_days(Days::new(u64::from(self.learning.days)))
            .unwrap_or_default();
        let edition = self.edition();
        let mut groups: BTreeMap<(String, KeptFor), UnansweredGroup> = BTreeMap::new();
        for kept in store.kept_questions(since)? {
            // A vote names no missing word, so the question itself stands for its group.
            let missing = if kept.missing.is_empty() {
                kept.question.clone()
            } else {
                kept.missing.clone()
            };
            let fresh = || UnansweredGroup {
                missing: missing.clone(),
                times: 0,
                questions: Vec::new(),
                voted_down: kept.kept_for == KeptFor::VotedDown,
                proposed: if kept.missing.is_empty() {
                    Vec::new()
                } else {
                    proposed(&edition, &kept.missing)
                },
            };
            let group = groups
                .entry((missing.clone(), kept.kept_for))
                .or_insert_with(fresh);
            // One number for people; where it was asked is for the state alone.
            group.times += kept.private + kept.group;
            group.questions.push(kept.question);
        }
        let mut groups: Vec<UnansweredGroup> = groups.into_values().collect();
        for group in &mut groups {
            let mut questions = group.questions.iter();
            let is_whole = questions.all(|asked| edition.is_whole_in(&group.missing, asked));
            // A name that stands for half a word would change what other questions mean.
            group.proposed.retain(|_| is_whole);
        }
        groups.sort_by(|a, b| {
            b.times
                .cmp(&a.times)
                .then_with(|| a.missing.cmp(&b.missing))
        });
        Ok(groups)
    }
}

/// The printed names of the newest plan that share most letter pairs, or letters, with what was
/// missing.
fn proposed(edition: &Edition, missing: &str) -> Vec<String> {
    // Too long or too short for a name, or a figure, or a year.
    if !SYNONYM_LETTERS.contains(&missing.chars().count())
        || missing.chars().any(|letter| letter.is_ascii_digit())
    {
        return Vec::new();
    }
    let Some(plan) = edition.book.newest() else {
        return Vec::new();
    };
    let names = plan
        .indicators
        .iter()
        .map(|i| &i.name)
        .chain(plan.terms.iter().map(|term| &term.name));
    let wanted = letters(missing);
    // Two letters that make no word (岗率) share one with half of all names.
    let of_words = edition.letters_of_words(missing);
    let mut near: Vec<(usize, &String)> = names
        .filter_map(|name| {
            let in_name = letters(name);
            let shared = in_name.intersection(&wanted).count();
            let shares_word = !in_name.is_disjoint(&of_words);
            // At least half of what was said stands in the name.
            (shares_word && shared * 2 >= wanted.len()).then_some((shared, name))
        })
        .collect();
    near.sort_by(|a, b| {
        b.0.cmp(&a.0)
            .then_with(|| a.1.chars().count().cmp(&b.1.chars().count()))
            .then_with(|| a.1.cmp(b.1))
    });
    near.into_iter()
        .take(MOST_PROPOSED)
        .map(|(_, name)| name.clone())
        .collect()
}

fn letters(text: &str) -> BTreeSet<char> {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}
