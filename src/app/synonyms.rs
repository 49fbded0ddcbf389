//! A synonym is adopted only when everything that was answered rightly still is, and can be taken
//! back.

use super::{App, Reloaded};
use crate::edition::{Edition, IndexPlace};
use crate::files;
use crate::model::{CaseRecord, ExamRecords};
use crate::ports::PersonId;
use crate::store::Audit;
use std::sync::Arc;

/// Names the questions that a newer edition answers worse than an older one. Given from above,
/// because it asks as a person would see the reply.
pub type Examiner = fn(&Edition, &Edition, &ExamRecords, &[CaseRecord]) -> Vec<String>;

/// What became of a synonym.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Adopted {
    /// It is in use, or taken back; the file is changed.
    Done,
    /// These questions would be answered worse; nothing is changed.
    Worse(Vec<String>),
    /// No plan has that name.
    NoSuchName,
    /// Something failed; nothing is changed.
    Failed(String),
}

impl App {
    /// Makes a synonym of what people say for a printed name.
    pub async fn adopt(self: &Arc<Self>, person: PersonId, printed: &str, said: &str) -> Adopted {
        self.change_synonym(person, printed, said, true).await
    }

    /// Takes a synonym back.
    pub async fn withdraw(
        self: &Arc<Self>,
        person: PersonId,
        printed: &str,
        said: &str,
    ) -> Adopted {
        self.change_synonym(person, printed, said, false).await
    }

    async fn change_synonym(
        self: &Arc<Self>,
        person: PersonId,
        printed: &str,
        said: &str,
        add: bool,
    ) -> Adopted {
        let Ok(turn) = self.reloading.try_lock() else {
            return Adopted::Failed("另一次载入还没结束，请稍候。".to_string());
        };
        let app = Arc::clone(self);
        let (name, word) = (printed.to_string(), said.to_string());
        let task = tokio::task::spawn_blocking(move || app.try_synonym(&name, &word, add));
        let adopted = task.await.unwrap_or_else(|error| {
            tracing::error!(%error, "trying a synonym ended early");
            Adopted::Failed("程序出错，没有改动。".to_string())
        });
        drop(turn);
        self.write_synonym_down(person, printed, said, add, &adopted);
        adopted
    }

    fn try_synonym(&self, printed: &str, said: &str, add: bool) -> Adopted {
        let current = self.edition();
        let holds = |plan: &&crate::model::Plan| {
            plan.indicators
                .iter()
                .any(|indicator| indicator.name == printed)
                || plan.terms.iter().any(|term| term.name == printed)
        };
        let Some(plan) = current
            .book
            .plans()
            .iter()
            .find(holds)
            .map(|plan| plan.id.0.clone())
        else {
            return Adopted::NoSuchName;
        };
        if add && let Some(refused) = self.examined(&current, &plan, printed, said) {
            return refused;
        }
        if let Err(error) = files::change_synonym(&self.data, &plan, printed, said, add) {
            return Adopted::Failed(format!("叫法没有写成（{error}）；请检查磁盘空间和权限。"));
        }
        match self.build_and_swap() {
            Reloaded::Changed(_) | Reloaded::Same | Reloaded::Mended(_) => Adopted::Done,
            Reloaded::Refused(findings) => Adopted::Failed(
                findings
                    .first()
                    .map_or_else(String::new, ToString::to_string),
            ),
            Reloaded::Busy => Adopted::Failed("另一次载入还没结束，请稍候。".to_string()),
            Reloaded::Failed(reason) => Adopted::Failed(reason),
        }
    }

    /// Why a synonym is not adopted, if there is a reason.
    fn examined(
        &self,
        current: &Edition,
        plan: &str,
        printed: &str,
        said: &str,
    ) -> Option<Adopted> {
        let mut data = files::read_data(&self.data);
        let records = data
            .plans
            .iter_mut()
            .find(|records| records.header.id == plan)?;
        match records
            .synonyms
            .iter_mut()
            .find(|(name, _)| name == printed)
        {
            Some((_, words)) => words.push(said.to_string()),
            None => records
                .synonyms
                .push((printed.to_string(), vec![said.to_string()])),
        }
        let cases = match files::read_cases(&self.data, plan) {
            Ok(cases) => cases,
            Err(finding) => return Some(Adopted::Failed(finding.to_string())),
        };
        let newer = match Edition::build(&data, &IndexPlace::Memory) {
            Ok(newer) => newer,
            Err(error) => return Some(Adopted::Failed(error.to_string())),
        };
        // A synonym that belongs to two things is a finding of the new edition: it would make
        // questions ambiguous.
        let fresh = newer
            .findings
            .iter()
            .find(|finding| !current.findings.contains(finding));
        if let Some(finding) = fresh {
            return Some(Adopted::Failed(finding.to_string()));
        }
        let worse = (self.examiner)(current, &newer, &data.lexicon.exam, &cases);
        (!worse.is_empty()).then_some(Adopted::Worse(worse))
    }

    fn write_synonym_down(
        &self,
        person: PersonId,
        printed: &str,
        said: &str,
        add: bool,
        adopted: &Adopted,
    ) {
        let Some(store) = self.store() else { return };
        let result = match adopted {
            Adopted::Done => format!("“{said}”＝{printed}"),
            Adopted::Worse(worse) => format!(
                "“{said}”＝{printed} 未采纳：{}个问题会答得更差",
                worse.len()
            ),
            Adopted::NoSuchName => format!("没有“{printed}”"),
            Adopted::Failed(reason) => reason.clone(),
        };
        let act = if add { "adopt" } else { "withdraw" }.to_string();
        let audit = Audit {
            at: self.clock.really().to_rfc3339(),
            person: person.0,
            name: String::new(),
            chat: None,
            act,
            result,
        };
        let written = store.audit(&audit).and_then(|()| {
            if *adopted == Adopted::Done {
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
