//! A synonym is adopted only when it is said as whole words and everything that was answered
//! rightly still is. What it changes is shown before, and it can be taken back.

use super::examining::{Compared, Told};
use super::{App, Reloaded};
use crate::edition::{AskedAt, Edition, IndexPlace, NameTrial};
use crate::files::{self, DataFiles, SynonymChange};
use crate::model::{CaseRecord, Plan};
use crate::ports::PersonId;
use crate::store::AuditAct;
use crate::words::zh::{acts, changes};
use std::sync::{Arc, Mutex, PoisonError};

/// What became of a synonym.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Adopted {
    /// It is in use, or taken back; the file is changed.
    Done,
    /// These questions would be answered worse; nothing is changed.
    Worse(Vec<String>),
    /// No plan has that name.
    NoSuchName,
    /// It is only a part of a word in this question, which somebody asked.
    PartOfWord(String),
    /// Something failed; nothing is changed.
    Failed(String),
}

/// What a synonym changes, before it is adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SynonymPreview {
    /// The printed name.
    pub printed: String,
    /// What people say for it.
    pub said: String,
    /// Why it cannot be adopted.
    pub hindered: Option<Adopted>,
    /// Questions that people asked with these words.
    pub of_people: Compared,
    /// Plain questions by the new name, and on all that the plans say.
    pub of_plans: Compared,
}

/// The synonym that was tried last with nothing worse: of which edition, for what, said how.
#[derive(Default)]
pub(super) struct Tried(Mutex<Option<[String; 3]>>);

impl Tried {
    fn keep(&self, tried: [String; 3]) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(tried);
    }

    fn is(&self, tried: &[String; 3]) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            == Some(tried)
    }
}

impl App {
    /// What would be answered otherwise with a synonym; tells how far the exam is.
    pub async fn preview_synonym(
        self: &Arc<Self>,
        printed: &str,
        said: &str,
        told: impl Fn(usize, usize) + Send + 'static,
    ) -> SynonymPreview {
        let preview = |hindered| SynonymPreview {
            printed: printed.to_string(),
            said: said.to_string(),
            hindered: Some(hindered),
            of_people: Compared::default(),
            of_plans: Compared::default(),
        };
        let Ok(_turn) = self.reloading.try_lock() else {
            return preview(Adopted::Failed(changes::ONE_AT_A_TIME.to_string()));
        };
        let app = Arc::clone(self);
        let (name, word) = (printed.to_string(), said.to_string());
        // It asks some hundred questions: no thread of the network may be held that long.
        let task = tokio::task::spawn_blocking(move || app.previewed(name, word, &told));
        task.await.unwrap_or_else(|error| {
            tracing::error!(%error, "previewing a synonym ended early");
            preview(Adopted::Failed(changes::NOTHING_CHANGED.to_string()))
        })
    }

    fn previewed(&self, printed: String, said: String, told: Told<'_>) -> SynonymPreview {
        let current = self.edition();
        let mut preview = SynonymPreview {
            printed,
            said,
            hindered: None,
            of_people: Compared::default(),
            of_plans: Compared::default(),
        };
        let (printed, said) = (preview.printed.as_str(), preview.said.as_str());
        let with = match self.with_synonym(&current, printed, said) {
            Ok(with) => with,
            Err(hindered) => {
                preview.hindered = Some(hindered);
                return preview;
            }
        };
        let trial = NameTrial::new(&current, &with.newer, printed, said);
        let today = self.clock.today();
        let of_people = self.asked_with(said).into_iter();
        let of_people = of_people.map(|question| AskedAt {
            question,
            home: None,
        });
        preview.of_people = self.examiner.try_name(&trial, of_people, today);
        let ways = &with.data.lexicon.exam;
        let plans = current.book.plans();
        // Questions that use the new word, and all others: a word may help one and harm the next.
        let named = plans
            .iter()
            .flat_map(|plan| (self.examiner.plain_by_another_name)(plan, ways, printed, said));
        let plain = plans
            .iter()
            .flat_map(|plan| (self.examiner.plain)(plan, ways));
        preview.of_plans = self.examiner.try_name(&trial, named.chain(plain), today);
        let worse = self.worse(&trial, &with, told);
        if worse.is_empty() {
            let tried = [current.id.clone(), printed.to_string(), said.to_string()];
            self.tried.keep(tried);
        } else {
            preview.hindered = Some(Adopted::Worse(worse));
        }
        preview
    }

    /// Makes a synonym of what people say for a printed name, or takes one back.
    pub async fn change_synonym(
        self: &Arc<Self>,
        person: PersonId,
        change: SynonymChange,
        printed: &str,
        said: &str,
    ) -> Adopted {
        // A change of the data swaps the edition as a reload does: never both at once.
        let Ok(turn) = self.reloading.try_lock() else {
            return Adopted::Failed(changes::ONE_AT_A_TIME.to_string());
        };
        let app = Arc::clone(self);
        let (name, word) = (printed.to_string(), said.to_string());
        let task = tokio::task::spawn_blocking(move || app.try_synonym(change, &name, &word));
        let adopted = task.await.unwrap_or_else(|error| {
            tracing::error!(%error, "trying a synonym ended early");
            Adopted::Failed(changes::NOTHING_CHANGED.to_string())
        });
        drop(turn);
        self.write_synonym_down(person, change, (printed, said), &adopted);
        adopted
    }

    fn try_synonym(&self, change: SynonymChange, printed: &str, said: &str) -> Adopted {
        let current = self.edition();
        let plans: Vec<&Plan> = match change {
            SynonymChange::Adopt => named(&current, printed).into_iter().collect(),
            SynonymChange::Withdraw => {
                let plans = current.book.plans().iter();
                plans.filter(|plan| says(plan, printed, said)).collect()
            }
        };
        if plans.is_empty() {
            return Adopted::NoSuchName;
        }
        let tried = [current.id.clone(), printed.to_string(), said.to_string()];
        // What was tried for the preview, of the same edition, need not be tried again.
        if change == SynonymChange::Adopt && !self.tried.is(&tried) {
            match self.with_synonym(&current, printed, said) {
                Err(hindered) => return hindered,
                Ok(with) => {
                    let trial = NameTrial::new(&current, &with.newer, printed, said);
                    let worse = self.worse(&trial, &with, &|_, _| {});
                    if !worse.is_empty() {
                        return Adopted::Worse(worse);
                    }
                }
            }
        }
        for plan in plans {
            let changed = files::change_synonym(&self.data, &plan.id.0, printed, said, change);
            if let Err(error) = changed {
                return Adopted::Failed(changes::synonym_not_written(&error.to_string()));
            }
        }
        match self.build_and_swap() {
            Reloaded::Changed(_) | Reloaded::Same | Reloaded::Mended(_) => Adopted::Done,
            Reloaded::Refused(findings) => Adopted::Failed(
                findings
                    .first()
                    .map_or_else(String::new, ToString::to_string),
            ),
            Reloaded::Busy => Adopted::Failed(changes::ONE_AT_A_TIME.to_string()),
            Reloaded::Failed(reason) => Adopted::Failed(reason),
        }
    }

    /// Kept questions that hold a saying.
    fn asked_with(&self, said: &str) -> Vec<String> {
        let groups = self.unanswered().unwrap_or_else(|error| {
            tracing::error!(%error, "what could not be answered could not be read");
            Vec::new()
        });
        let questions = groups.into_iter().flat_map(|group| group.questions);
        questions
            .filter(|question| question.contains(said))
            .collect()
    }

    /// The data and the edition with a synonym, or why it cannot be adopted.
    fn with_synonym(
        &self,
        current: &Edition,
        printed: &str,
        said: &str,
    ) -> Result<WithSynonym, Adopted> {
        let plan = named(current, printed)
            .ok_or(Adopted::NoSuchName)?
            .id
            .0
            .clone();
        let asked = self.asked_with(said);
        let torn = asked
            .into_iter()
            .find(|asked| !current.is_whole_in(said, asked));
        if let Some(question) = torn {
            return Err(Adopted::PartOfWord(question));
        }
        let mut data = files::read_data(&self.data);
        let mut known = data.plans.iter_mut();
        let records = known.find(|records| records.header.id == plan);
        let records = records.ok_or(Adopted::NoSuchName)?;
        let mut synonyms = records.synonyms.iter_mut();
        match synonyms.find(|(name, _)| name == printed) {
            Some((_, words)) => words.push(said.to_string()),
            None => records
                .synonyms
                .push((printed.to_string(), vec![said.to_string()])),
        }
        let cases = files::read_cases(&self.data, &plan);
        let cases = cases.map_err(|finding| Adopted::Failed(finding.to_string()))?;
        let newer = Edition::build(&data, &IndexPlace::Memory);
        let newer = newer.map_err(|error| Adopted::Failed(error.to_string()))?;
        // A synonym that belongs to two things is a finding of the new edition: it would make
        // questions ambiguous.
        let mut findings = newer.findings.iter();
        if let Some(fresh) = findings.find(|finding| !current.findings.contains(finding)) {
            return Err(Adopted::Failed(fresh.to_string()));
        }
        Ok(WithSynonym { data, cases, newer })
    }

    fn worse(&self, trial: &NameTrial<'_>, with: &WithSynonym, told: Told<'_>) -> Vec<String> {
        let ways = &with.data.lexicon.exam;
        (self.examiner.setbacks)(trial, ways, &with.cases, told)
    }

    fn write_synonym_down(
        &self,
        person: PersonId,
        change: SynonymChange,
        (printed, said): (&str, &str),
        adopted: &Adopted,
    ) {
        let Some(store) = self.store() else { return };
        let result = match adopted {
            Adopted::Done => acts::synonym(printed, said),
            Adopted::Worse(worse) => acts::worse(printed, said, worse.len()),
            Adopted::NoSuchName => acts::no_such_name(printed),
            Adopted::PartOfWord(question) => acts::part_of_word(said, question),
            Adopted::Failed(reason) => reason.clone(),
        };
        let act = match change {
            SynonymChange::Adopt => AuditAct::Adopt,
            SynonymChange::Withdraw => AuditAct::Withdraw,
        };
        let audit = self.act(person, act, result);
        let written = store.audit(&audit).and_then(|()| {
            if *adopted == Adopted::Done {
                // They are answered now; whoever looks at what is missing should not see them
                // again.
                store.forget_questions(said)
            } else {
                Ok(())
            }
        });
        if let Err(error) = written {
            tracing::error!(%error, "a synonym could not be written down");
        }
    }
}

/// The data and the edition with a synonym that is tried.
struct WithSynonym {
    data: DataFiles,
    cases: Vec<CaseRecord>,
    newer: Edition,
}

/// The newest plan that has a printed name.
fn named<'a>(edition: &'a Edition, printed: &str) -> Option<&'a Plan> {
    edition.book.plans().iter().find(|plan| {
        let mut indicators = plan.indicators.iter();
        let mut terms = plan.terms.iter();
        indicators.any(|indicator| indicator.name == printed)
            || terms.any(|term| term.name == printed)
    })
}

/// Whether a plan has a synonym.
fn says(plan: &Plan, printed: &str, said: &str) -> bool {
    let mut names = plan.synonyms.iter();
    names.any(|(name, words)| name == printed && words.iter().any(|word| word == said))
}
