//! How a changed edition is held against the current one. Given from above, because it asks as a
//! person would see the reply.

use crate::edition::{AnsweredOtherwise, AskedAt, Edition, NameTrial};
use crate::model::{CaseRecord, ExamRecords, Plan};
use chrono::NaiveDate;
use std::collections::HashSet;

/// Told how many of how many questions were asked.
pub(crate) type Told<'a> = &'a (dyn Fn(usize, usize) + 'a);

/// What asks questions of editions.
#[derive(Clone, Copy)]
pub struct Examiner {
    /// The questions that are answered worse with a further name for a thing.
    pub setbacks: fn(&NameTrial<'_>, &ExamRecords, &[CaseRecord], Told<'_>) -> Vec<String>,
    /// Those of some questions that it answers otherwise.
    pub otherwise: fn(&Edition, &Edition, &[AskedAt], NaiveDate) -> Vec<AnsweredOtherwise>,
    /// One plain question on each thing of a plan.
    pub plain: fn(&Plan, &ExamRecords) -> Vec<AskedAt>,
    /// The same on the things of a printed name, called by another one.
    pub plain_by_another_name: fn(&Plan, &ExamRecords, &str, &str) -> Vec<AskedAt>,
}

/// What was asked of two editions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// How many questions were asked.
    pub asked: usize,
    /// Those that are answered otherwise.
    pub otherwise: Vec<AnsweredOtherwise>,
}

impl Examiner {
    /// Asks nothing.
    pub(super) fn none() -> Self {
        Self {
            setbacks: |_, _, _, _| Vec::new(),
            otherwise: |_, _, _, _| Vec::new(),
            plain: |_, _| Vec::new(),
            plain_by_another_name: |_, _, _, _| Vec::new(),
        }
    }

    /// Asks each question once of two editions.
    pub(super) fn compare(
        self,
        older: &Edition,
        newer: &Edition,
        questions: impl Iterator<Item = AskedAt>,
        day: NaiveDate,
    ) -> Compared {
        let questions = each_once(questions);
        Compared {
            asked: questions.len(),
            otherwise: (self.otherwise)(older, newer, &questions, day),
        }
    }

    /// The same with a further name for a thing. A question that the name cannot touch counts as
    /// asked: its answer is known to be the same.
    pub(super) fn try_name(
        self,
        trial: &NameTrial<'_>,
        questions: impl Iterator<Item = AskedAt>,
        day: NaiveDate,
    ) -> Compared {
        let mut questions = each_once(questions);
        let asked = questions.len();
        questions.retain(|asked| trial.may_touch(&asked.question));
        Compared {
            asked,
            otherwise: (self.otherwise)(trial.older, trial.newer, &questions, day),
        }
    }
}

/// Two plans may give the same question; it is asked and counted once.
fn each_once(questions: impl Iterator<Item = AskedAt>) -> Vec<AskedAt> {
    let mut seen = HashSet::new();
    questions
        .filter(|question| seen.insert(question.clone()))
        .collect()
}
