//! A report that an administrator brings: read, looked at, corrected, and then a plan of the data
//! directory, or dropped.

use super::correcting::{ReportCorrection, apply};
use super::{App, Reloaded};
use crate::edition::{Edition, IndexPlace};
use crate::files;
use crate::import::{self, Imported};
use crate::model::{Finding, Severity};
use crate::ports::PersonId;
use crate::store::AuditAct;
use crate::words::zh::{acts, changes};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Larger reports are not read, in bytes: as `planbot import` does.
pub(crate) const LARGEST_REPORT: u64 = files::LARGEST_FILE;

/// So many reports wait to be approved; an older one makes room.
const MOST_WAITING: usize = 4;
/// Names of files are kept so long, in letters.
const LONGEST_NAME: usize = 80;

/// A report that was read and waits to be approved.
#[derive(Clone)]
pub struct Proposal {
    /// The word that it is found by.
    pub word: String,
    /// The name of the file.
    pub file: String,
    /// The file as it was received.
    pub bytes: Arc<Vec<u8>>,
    /// What was read, with the corrections so far.
    pub imported: Imported,
}

/// What became of an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approved {
    /// The plan was written and the data were loaded again.
    Loaded(Reloaded),
    /// Nothing was written: these must be mended first.
    Faulty(Vec<Finding>),
    /// Nothing was written: one sentence.
    Refused(String),
}

/// The reports that wait.
#[derive(Default)]
pub(super) struct Proposals(Mutex<VecDeque<Arc<Proposal>>>);

impl Proposals {
    fn put(&self, proposal: Arc<Proposal>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A correction takes the place of what it corrects, and becomes the newest.
        waiting.retain(|known| known.word != proposal.word);
        waiting.push_back(proposal);
        // Each holds the whole file; whoever brings a fifth has forgotten the first.
        while waiting.len() > MOST_WAITING {
            waiting.pop_front();
        }
    }

    fn get(&self, word: &str) -> Option<Arc<Proposal>> {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.iter().find(|known| known.word == word).cloned()
    }

    fn all(&self) -> Vec<Arc<Proposal>> {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.iter().cloned().collect()
    }

    fn drop(&self, word: &str) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|known| known.word != word);
    }
}

impl Proposal {
    /// What keeps it from being approved.
    pub fn faults(&self) -> Vec<&Finding> {
        let has_year = self.imported.records.header.plan_year > 0;
        let findings = self.imported.findings.iter();
        findings
            .filter(|finding| finding.severity == Severity::Error)
            // A year that was corrected is missing no longer.
            .filter(|finding| finding.place != "plan_year" || !has_year)
            .collect()
    }
}

impl App {
    /// Reads a report off the async threads; it waits under its word.
    pub async fn propose(&self, file: &str, bytes: Vec<u8>) -> Option<Arc<Proposal>> {
        let file = safe_name(file);
        let read = tokio::task::spawn_blocking(move || {
            let mut imported = import::import(&bytes, "", &file);
            // Proposed and not asked for: most administrators keep it.
            imported.records.header.id = import::plan_id(&imported.records.header);
            Proposal {
                word: word_of(&bytes),
                file,
                bytes: Arc::new(bytes),
                imported,
            }
        });
        let proposal = match read.await {
            Ok(proposal) => Arc::new(proposal),
            Err(error) => {
                tracing::error!(%error, "a report could not be read");
                return None;
            }
        };
        self.proposals.put(Arc::clone(&proposal));
        Some(proposal)
    }

    /// The reports that wait, oldest first.
    pub fn waiting(&self) -> Vec<Arc<Proposal>> {
        self.proposals.all()
    }

    /// A report that waits.
    pub fn proposal(&self, word: &str) -> Option<Arc<Proposal>> {
        self.proposals.get(word)
    }

    /// Corrects a report that waits.
    pub fn correct(&self, word: &str, correction: ReportCorrection) -> Option<Arc<Proposal>> {
        let mut proposal = Proposal::clone(&*self.proposals.get(word)?);
        apply(&mut proposal.imported.records, correction);
        let proposal = Arc::new(proposal);
        self.proposals.put(Arc::clone(&proposal));
        Some(proposal)
    }

    /// Drops a report that waits.
    pub fn discard(&self, word: &str) {
        self.proposals.drop(word);
    }

    /// Writes a report that waits into the data directory and loads the data again. Nothing is
    /// written where the data would not load with it.
    pub async fn approve(
        self: &Arc<Self>,
        person: PersonId,
        word: &str,
        replace: bool,
    ) -> Option<Approved> {
        let proposal = self.proposals.get(word)?;
        // Looked at again and not only on the page: a button may be pressed long after.
        let faults: Vec<Finding> = proposal.faults().into_iter().cloned().collect();
        if !faults.is_empty() {
            return Some(Approved::Faulty(faults));
        }
        let app = Arc::clone(self);
        let written = tokio::task::spawn_blocking({
            let proposal = Arc::clone(&proposal);
            move || app.write(&proposal, replace)
        });
        let result = match written.await {
            Ok(Ok(())) => {
                // Written is written, whatever becomes of the reload: it must not be approved a
                // second time.
                self.proposals.drop(word);
                Approved::Loaded(self.reload(person).await)
            }
            Ok(Err(refused)) => refused,
            Err(error) => {
                tracing::error!(%error, "a report could not be written");
                Approved::Refused(changes::WRITING_FAILED.to_string())
            }
        };
        self.write_down_import(person, &proposal, &result);
        Some(result)
    }

    fn write(&self, proposal: &Proposal, replace: bool) -> Result<(), Approved> {
        let records = &proposal.imported.records;
        let mut data = files::read_data(&self.data);
        data.plans
            // It takes the place of the plan of the same name, as it will on the disk.
            .retain(|plan| plan.header.id != records.header.id);
        data.plans.push(records.clone());
        // The whole of the data is built with it: a name that another plan has would only be seen
        // then.
        if let Err(crate::edition::EditionError::Data(findings)) =
            Edition::build(&data, &IndexPlace::Memory)
        {
            return Err(Approved::Faulty(findings));
        }
        let report = proposal.imported.account.report();
        let source = (proposal.file.as_str(), proposal.bytes.as_slice());
        files::write_plan(&self.data, records, source, &report, replace)
            .map(|_| ())
            .map_err(|error| Approved::Refused(format!("{error}")))
    }

    fn write_down_import(&self, person: PersonId, proposal: &Proposal, result: &Approved) {
        let id = &proposal.imported.records.header.id;
        let result = match result {
            Approved::Loaded(_) => acts::imported(&proposal.file, id),
            Approved::Faulty(findings) => acts::faulty(&proposal.file, findings.len()),
            Approved::Refused(sentence) => sentence.clone(),
        };
        self.write_act_down(self.act(person, AuditAct::Import, result));
    }

    /// The document that a plan was imported from, with the name of its file.
    pub fn original(&self, plan: &str) -> Option<(String, Vec<u8>)> {
        let plan = self
            .edition()
            .book
            .by_id(&crate::model::PlanId(plan.to_string()))?
            .id
            .clone();
        files::original(&self.data, &plan.0)
    }
}

/// The word of a file: the same file that comes again takes its own place.
fn word_of(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes)[..16])
}

/// The last part of a name that a browser or a messenger sent, without signs that a path could be
/// made of.
fn safe_name(file: &str) -> String {
    // Some browsers send the whole path, with the signs of their own system.
    let last = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = |letter: &char| letter.is_alphanumeric() || "._-（）()《》 ".contains(*letter);
    let name: String = last.chars().filter(kept).take(LONGEST_NAME).collect();
    let name = name.trim().trim_start_matches('.').to_string();
    if name.is_empty() || name == files::IMPORT_REPORT {
        return "report".to_string();
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_no_paths() {
        for (given, kept) in [
            ("计划 2031.docx", "计划 2031.docx"),
            ("../../etc/passwd", "passwd"),
            ("C:\\报告\\a.docx", "a.docx"),
            ("..", "report"),
            ("import-report.md", "report"),
            ("a\u{0}b\n.pdf", "ab.pdf"),
        ] {
            assert_eq!(safe_name(given), kept);
        }
    }
}
