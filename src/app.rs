//! The use cases: ask and reload. Every edge enters here, so that none of them can disagree with
//! another.
//!
//! It knows no messenger and no format of a reply.

mod answered;
mod answers;
pub(crate) mod backups;
mod choosing;
mod correcting;
mod counting;
mod desk;
mod examining;
mod following;
mod importing;
mod limits;
mod links;
mod mended;
mod origins;
mod readiness;
mod recording;
pub(crate) mod requests;
mod synonyms;
mod talks;
mod turns;
mod unanswered;

pub(crate) use crate::edition::AnsweredOtherwise;
pub use crate::files::SynonymChange;
pub use answered::Answered;
use answers::Answers;
pub(crate) use correcting::{CorrectionPreview, ReportCorrection};
pub(crate) use counting::Counting;
pub(crate) use desk::{Decided, DutyStatus, Roll, Subscribed, UnitStatus, WithState};
pub use desk::{Desk, Replied, Reported, UnitState, Who};
pub(crate) use examining::Compared;
pub use examining::Examiner;
pub(crate) use importing::{Approved, LARGEST_REPORT, Proposal};
pub(crate) use limits::{Limits, MayAsk};
pub use readiness::Hindrance;
pub(crate) use readiness::Signs;
pub use synonyms::Adopted;
pub(crate) use synonyms::SynonymPreview;
use synonyms::Tried;
use talks::Talks;
pub(crate) use turns::NoTurn;
use turns::Turns;
use unanswered::Votes;
pub(crate) use unanswered::{SYNONYM_LETTERS, UnansweredGroup};

use crate::config::{self, Config};
use crate::edition::{Circumstances, Edition, EditionError, IndexPlace, edition_id};
use crate::files;
use crate::metrics::Metrics;
use crate::model::{Finding, Provenance};
use crate::ports::{ChatId, Clock, PersonId};
use crate::schedule::{Agenda, Policy, unread_phrases};
use crate::store::{AuditAct, Origin, Store, StoreError};
use crate::words::zh::{acts, changes};
use crate::workers::Workers;
use arc_swap::ArcSwap;
use chrono::NaiveDate;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// Two years.
// What was said of a duty two years ago may still be looked up.
const UPGRADED_DAYS: chrono::Days = chrono::Days::new(730);

/// The running bot's core.
pub struct App {
    edition: ArcSwap<Edition>,
    data: PathBuf,
    index: IndexPlace,
    admins: Vec<PersonId>,
    chats: config::Chat,
    learning: config::Learning,
    clock: Arc<dyn Clock>,
    store: Option<Store>,
    policy: Policy,
    reminds: bool,
    desk_changed: tokio::sync::Notify,
    reloading: tokio::sync::Mutex<()>,
    talks: Talks,
    answers: Answers,
    turns: Turns,
    beside: Workers,
    proposals: importing::Proposals,
    votes: Votes,
    examiner: Examiner,
    tried: Tried,
    metrics: Option<Metrics>,
    signs: Signs,
    logs_questions: bool,
}

/// What became of a reload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reloaded {
    /// The data are those of the current edition.
    Same,
    /// The data are the same; the index on the disk was damaged and has been written again.
    Mended(Vec<Finding>),
    /// A new edition is in use; what changed, in lines.
    Changed(Vec<String>),
    /// The data have errors; the old edition stays.
    Refused(Vec<Finding>),
    /// Another reload is under way.
    Busy,
    /// Something else failed; the old edition stays.
    Failed(String),
}

impl App {
    /// Builds the first edition. Without a store nothing is written down: for `ask` and `check`.
    pub fn start(
        config: &Config,
        index: IndexPlace,
        clock: Arc<dyn Clock>,
        store: Option<Store>,
    ) -> Result<Self, EditionError> {
        let edition = Edition::load(&config.paths.data, &index)?;
        for finding in edition.index_findings() {
            tracing::warn!(%finding, "the index was not as it should be");
        }
        let policy = config.reminders.policy().map_err(|error| {
            EditionError::Data(vec![Finding::error("bot.toml", "", error.to_string())])
        })?;
        if let Some(store) = &store {
            // With the data at hand: the keys of before are positions in a plan, and only it says
            // what they were about.
            upgrade(store, &edition.agenda(&policy).0, clock.today())?;
            mended::tell(store, &somebodies(&config.admins.ids), clock.as_ref())?;
        }
        Ok(Self {
            policy,
            reminds: config.reminders.enabled,
            desk_changed: tokio::sync::Notify::new(),
            edition: ArcSwap::from_pointee(edition),
            data: config.paths.data.clone(),
            index,
            // A group's id, or nobody's, makes no administrator.
            admins: somebodies(&config.admins.ids),
            chats: config.chat.clone(),
            learning: config.learning.clone(),
            clock,
            store,
            reloading: tokio::sync::Mutex::new(()),
            talks: Talks::default(),
            answers: Answers::default(),
            turns: Turns::begin().map_err(EditionError::Threads)?,
            beside: Workers::begin("planbot-beside", 1).map_err(EditionError::Threads)?,
            proposals: importing::Proposals::default(),
            votes: Votes::default(),
            examiner: Examiner::none(),
            tried: Tried::default(),
            metrics: None,
            signs: Signs::default(),
            logs_questions: config.log.questions,
        })
    }

    /// With what holds a changed edition against the current one before a synonym is adopted.
    pub fn with_examiner(self, examiner: Examiner) -> Self {
        Self { examiner, ..self }
    }

    /// With what counts questions and sends; without it nothing is counted.
    pub fn with_metrics(self, metrics: Metrics) -> Self {
        Self {
            metrics: Some(metrics),
            ..self
        }
    }

    /// The edition that a question which begins now keeps.
    pub fn edition(&self) -> Arc<Edition> {
        self.edition.load_full()
    }

    /// Whether a person may reload: who is listed, whoever sits at the machine, and whoever proved
    /// it on the page. Who writes in the name of a group or a channel is nobody that is listed.
    pub fn is_admin(&self, person: PersonId) -> bool {
        person.is_of_program() || self.admins.contains(&person)
    }

    /// Whether a chat is answered: a listed one, or an administrator's own; all where none is
    /// listed.
    pub fn serves(&self, chat: ChatId, person: PersonId) -> bool {
        self.serves_everybody()
            || self.is_allowed(chat)
            // Whoever locks everybody out by a wrong list must still be able to reload.
            || chat == person.own_chat() && self.is_admin(person)
    }

    /// Whether a chat is written to unasked, as it is answered: a reminder whose buttons do nothing
    /// is worse than none.
    pub fn writes_to(&self, chat: ChatId) -> bool {
        self.serves(chat, PersonId(chat.0))
    }

    /// Whether a chat is listed, under the id that it has or under one that it had. Id 0 is nobody.
    fn is_allowed(&self, chat: ChatId) -> bool {
        if chat == ChatId::LOCAL || self.chats.allowed.contains(&chat.0) {
            // Listed or not, id 0 is a chat at the machine and none of a messenger.
            return chat != ChatId::LOCAL;
        }
        let Some(store) = &self.store else {
            return false;
        };
        let present = |listed: &i64| store.present_chat(ChatId(*listed));
        let moved: Result<Vec<ChatId>, StoreError> =
            self.chats.allowed.iter().map(present).collect();
        moved
            .inspect_err(|error| tracing::error!(%error, "where chats have moved cannot be read"))
            .is_ok_and(|moved| moved.contains(&chat))
    }

    /// Whether a person is answered where the chat is not known: when their own chat is.
    pub fn serves_anywhere(&self, person: PersonId) -> bool {
        self.serves(person.own_chat(), person)
    }

    /// Whether all chats are answered.
    pub fn serves_everybody(&self) -> bool {
        self.chats.allowed.is_empty()
    }

    /// How many questions a minute one person may ask; nought is no limit.
    pub fn questions_per_minute(&self) -> usize {
        self.chats.questions_per_minute
    }

    /// The state, where the bot keeps one.
    pub fn store(&self) -> Option<&Store> {
        self.store.as_ref()
    }

    /// Answers a question as of the clock's day, on the calling thread.
    pub fn ask_here(&self, question: &str) -> Arc<Answered> {
        self.ask_as_of(question, self.clock.today())
    }

    /// Answers a question as of a day, on the calling thread.
    pub fn ask_as_of(&self, question: &str, today: NaiveDate) -> Arc<Answered> {
        self.known(question, today).unwrap_or_else(|| {
            let answered = Arc::new(self.answered(question, today, &[]));
            // Another day than the present one is asked about seldom, and must not push out what
            // everybody asks.
            if today == self.clock.today() {
                self.answers.keep(today, &answered);
            }
            answered
        })
    }

    /// The answer to a question as of a day, where it was made before and is still the same.
    pub fn known(&self, question: &str, today: NaiveDate) -> Option<Arc<Answered>> {
        self.answers.get(&self.edition.load(), today, question)
    }

    fn answered(&self, question: &str, today: NaiveDate, shown: &[Provenance]) -> Answered {
        let edition = self.edition();
        let begun = Instant::now();
        let outcome = edition.reply_in(
            question,
            Circumstances {
                today,
                shown,
                ..Circumstances::default()
            },
        );
        if let Some(fault) = &outcome.fault {
            tracing::error!(%fault, "an answer did not verify and was not shown");
        }
        if let Some(fault) = edition.take_index_fault() {
            tracing::error!(%fault, "the index failed and was built anew");
        }
        Answered {
            without: shown.to_vec(),
            ..Answered::new(question, today, outcome, edition, begun.elapsed())
        }
    }

    /// Answers a question off the async threads.
    pub async fn ask(self: &Arc<Self>, question: String) -> anyhow::Result<Arc<Answered>> {
        if let Some(known) = self.known(&question, self.clock.today()) {
            return Ok(known);
        }
        let app = Arc::clone(self);
        Ok(self.turns.take(move || app.ask_here(&question)).await?)
    }

    /// Answers a question off the async threads, apart from what people say in chats: for what
    /// comes in floods.
    ///
    /// # Errors
    /// Where too many wait already, or the thread panicked.
    pub async fn ask_apart(self: &Arc<Self>, question: String) -> Result<Arc<Answered>, NoTurn> {
        if let Some(known) = self.known(&question, self.clock.today()) {
            return Ok(known);
        }
        let app = Arc::clone(self);
        self.apart(move || app.ask_here(&question)).await
    }

    /// The thread for what is done again and again beside the questions, mostly with the disk.
    pub(crate) fn beside(&self) -> &Workers {
        &self.beside
    }

    /// Does what takes long off the async threads, apart from what people say in chats.
    ///
    /// # Errors
    /// Where too many wait already, or the thread panicked.
    pub async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NoTurn> {
        self.turns.take_apart(work).await
    }

    /// Answers what a person says in a chat off the async threads, and counts it: a follow-up keeps
    /// the subject of the question before.
    pub async fn ask_in(
        self: &Arc<Self>,
        chat: ChatId,
        person: PersonId,
        question: String,
    ) -> anyhow::Result<Arc<Answered>> {
        let open = self.open_question(&question);
        let answered = self.answer_in(chat, person, question).await?;
        open.answered(&answered);
        Ok(answered)
    }

    /// What a person last asked or picked in a chat, in full, while it is remembered.
    pub fn last_asked(&self, chat: ChatId, person: PersonId) -> Option<Origin> {
        self.talks
            .topic(chat, person, self.clock.now())
            .map(|topic| topic.origin)
    }

    /// Another talk begins: what a person said in a chat is not kept in mind.
    pub fn forget_talk(&self, chat: ChatId, person: PersonId) {
        self.talks.forget(chat, person);
    }

    /// Builds a new edition and swaps it in, one reload at a time; the old one stays when anything
    /// is wrong.
    pub async fn reload(self: &Arc<Self>, person: PersonId) -> Reloaded {
        // Said and not waited for: whoever sends /reload twice wants to know, not to build twice.
        let Ok(_turn) = self.reloading.try_lock() else {
            return Reloaded::Busy;
        };
        let app = Arc::clone(self);
        let reloaded = match tokio::task::spawn_blocking(move || app.build_and_swap()).await {
            Ok(reloaded) => reloaded,
            Err(error) => {
                tracing::error!(%error, "a reload's task ended early");
                Reloaded::Failed(changes::RELOAD_FAILED.to_string())
            }
        };
        self.write_down(person, &reloaded);
        reloaded
    }

    fn build_and_swap(&self) -> Reloaded {
        let data = files::read_data(&self.data);
        let current = self.edition();
        let clean = data
            .findings
            .iter()
            .all(|finding| finding.severity < crate::model::Severity::Error);
        // The same data need no new edition; what may have suffered is the index on its disk.
        if clean && edition_id(&data) == current.id {
            let findings = current.look_after_index();
            return if findings.is_empty() {
                Reloaded::Same
            } else {
                Reloaded::Mended(findings)
            };
        }
        match Edition::build(&data, &self.index) {
            Ok(edition) => {
                let mut lines = current.changes(&edition);
                lines.extend(self.changes_at_desk(&current, &edition));
                if lines.is_empty() {
                    // Something is said all the same: whoever changed a file should see that it was
                    // read.
                    lines.push(changes::NOTHING_NEW.to_string());
                }
                let mut findings = self.findings_of_agenda(&edition);
                findings.extend(edition.index_findings().cloned());
                findings.extend(self.unserved(&edition));
                let remarks = findings.iter().map(ToString::to_string);
                lines.extend(remarks.map(|finding| changes::remark(&finding)));
                // Questions that are under way keep the edition that they took; it goes with the
                // last of them.
                self.edition.store(Arc::new(edition));
                self.desk_changed.notify_one();
                Reloaded::Changed(lines)
            }
            Err(EditionError::Data(findings)) => Reloaded::Refused(findings),
            Err(other) => Reloaded::Failed(other.to_string()),
        }
    }

    /// What the units of newer data change. A state that cannot be read is told elsewhere.
    fn changes_at_desk(&self, current: &Edition, newer: &Edition) -> Vec<String> {
        let Some(store) = &self.store else {
            return Vec::new();
        };
        let called = Roll::call(store, &current.units)
            .and_then(|before| Ok((before, Roll::call(store, &newer.units)?)));
        match called {
            Ok((before, after)) => desk::changes(&before, &after),
            Err(error) => {
                tracing::error!(%error, "the roll of the units could not be called");
                Vec::new()
            }
        }
    }

    /// What reminders cannot go by: due phrases that cannot be read, years without a calendar.
    fn findings_of_agenda(&self, edition: &Edition) -> Vec<Finding> {
        let (agenda, _) = edition.agenda(&self.policy);
        let mut findings = unread_phrases(&edition.book);
        findings.extend(agenda.findings(self.clock.today()));
        findings
    }

    /// Units that are not reminded since their chat is not answered; a chat that moved is where it
    /// is now.
    fn unserved(&self, edition: &Edition) -> Vec<Finding> {
        let present = |chat: ChatId| {
            let found = self.store.as_ref().map(|store| store.present_chat(chat));
            found.and_then(Result::ok).unwrap_or(chat)
        };
        config::unserved(&edition.units, |chat| self.writes_to(present(chat)))
    }

    fn write_down(&self, person: PersonId, reloaded: &Reloaded) {
        let result = match reloaded {
            Reloaded::Same => acts::SAME.to_string(),
            Reloaded::Mended(_) => acts::MENDED.to_string(),
            Reloaded::Changed(_) => acts::changed(&self.edition().id),
            Reloaded::Refused(findings) => acts::refused(findings.len()),
            Reloaded::Busy => acts::BUSY.to_string(),
            Reloaded::Failed(reason) => reason.clone(),
        };
        self.write_act_down(self.act(person, AuditAct::Reload, result));
    }
}

/// Those of these ids that are persons'.
fn somebodies(ids: &[i64]) -> Vec<PersonId> {
    let persons = ids.iter().copied().map(PersonId);
    persons.filter(|person| person.is_somebody()).collect()
}

/// Records of an older planbot go on under the keys of this one: what is due of the loaded plans,
/// as far back and ahead as anybody may still speak of it.
fn upgrade(store: &Store, agenda: &Agenda, today: NaiveDate) -> Result<(), EditionError> {
    let failed = |error: StoreError| EditionError::State(Box::new(error));
    if !store.is_older().map_err(failed)? {
        return Ok(());
    }
    let (from, to) = (
        today.checked_sub_days(UPGRADED_DAYS).unwrap_or(today),
        today.checked_add_days(UPGRADED_DAYS).unwrap_or(today),
    );
    let keys = agenda.keys_by_position(from, to).into_iter().collect();
    store.upgrade(&keys).map_err(failed)
}
