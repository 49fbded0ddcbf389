//! What is due in a year, and which reminder of it a day has reached.

use super::calendar::WorkCalendar;
use super::due_date::DueDate;
use super::due_phrase::DueRule;
use super::policy::Policy;
use crate::model::{Book, Finding, Plan, Provenance};
use chrono::{Datelike, Days, NaiveDate};

/// One due phrase of a duty, ready to be reckoned with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Stable across reloads: plan, duty and phrase.
    pub id: String,
    /// The year of the plan that lays it down.
    pub source_year: i32,
    /// Its first year.
    pub first_year: i32,
    /// Whether it comes again every year.
    pub repeats: bool,
    /// The printed phrase (7月初).
    pub words: String,
    /// When it falls due.
    pub rule: DueRule,
    /// Who must report.
    pub reporter: String,
    /// Who receives it.
    pub recipient: String,
    /// What is reported.
    pub subject: String,
    /// The sentence that says so, verbatim.
    pub sentence: String,
    /// Where it stands.
    pub place: String,
}

/// A duty in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence<'a> {
    /// The duty.
    pub duty: &'a Duty,
    /// The year.
    pub year: i32,
    /// Stable across reloads that change the date: duty, year, and which of the year's dates.
    pub key: String,
    /// When it is due.
    pub due: DueDate,
}

/// A reminder's place before or behind the due day, in working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// So many working days before.
    Before(u32),
    /// The due day.
    Due,
    /// So many working days behind.
    After(u32),
}

/// Everything that reminders are reckoned from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agenda {
    /// The duties of the newest plan that has any.
    pub duties: Vec<Duty>,
    /// Working days.
    pub calendar: WorkCalendar,
    /// How phrases are read and when reminders go out.
    pub policy: Policy,
}

/// So long behind its due day a duty is still spoken of.
const FORGOTTEN_AFTER_DAYS: u64 = 45;
/// A year whose calendar is missing is a finding so many days before it is needed.
const CALENDAR_AHEAD_DAYS: u64 = 270;

impl Stage {
    /// Its word in keys and tables.
    pub fn word(self) -> String {
        match self {
            Self::Before(days) => format!("提前{days}个工作日"),
            Self::Due => "截止当天".to_string(),
            Self::After(days) => format!("逾期{days}个工作日"),
        }
    }
}

impl Agenda {
    /// The duties of a book. A phrase outside the grammar is a finding; such a duty is not reminded
    /// of.
    pub fn new(book: &Book, calendar: WorkCalendar, policy: Policy) -> (Self, Vec<Finding>) {
        let mut findings = Vec::new();
        let plan = book.plans().iter().find(|plan| !plan.duties.is_empty());
        let duties = plan
            .map(|plan| duties(plan, &mut findings))
            .unwrap_or_default();
        (
            Self {
                duties,
                calendar,
                policy,
            },
            findings,
        )
    }

    /// What falls due from one day to another, earliest first.
    pub fn occurrences(&self, from: NaiveDate, to: NaiveDate) -> Vec<Occurrence<'_>> {
        let mut found = Vec::new();
        for duty in &self.duties {
            let years = (from.year() - 1).max(duty.first_year)..=to.year();
            for year in years.filter(|year| duty.repeats || *year == duty.first_year) {
                for (number, due) in duty
                    .rule
                    .dates(year, &self.policy, &self.calendar)
                    .into_iter()
                    .enumerate()
                {
                    if (from..=to).contains(&due.day) {
                        found.push(Occurrence {
                            duty,
                            year,
                            key: format!("{}/{year}.{number}", duty.id),
                            due,
                        });
                    }
                }
            }
        }
        found.sort_by(|a, b| a.due.day.cmp(&b.due.day).then_with(|| a.key.cmp(&b.key)));
        found
    }

    /// What may be spoken of on a day: from before its first reminder until it is forgotten.
    pub fn around(&self, today: NaiveDate) -> Vec<Occurrence<'_>> {
        let earliest = today
            .checked_sub_days(Days::new(FORGOTTEN_AFTER_DAYS))
            .unwrap_or(today);
        let latest = today.checked_add_days(Days::new(90)).unwrap_or(today);
        self.occurrences(earliest, latest)
    }

    /// The reminders of an occurrence with their days, in order.
    pub fn stages(&self, due: &DueDate) -> Vec<(Stage, NaiveDate)> {
        let day = |away: i32| self.calendar.working_days_away(due.day, away);
        let count = |days: &u32| i32::try_from(*days).unwrap_or(0);
        let before = self
            .policy
            .before
            .iter()
            .map(|days| (Stage::Before(*days), day(-count(days))));
        let after = self
            .policy
            .after
            .iter()
            .map(|days| (Stage::After(*days), day(count(days))));
        let mut stages: Vec<(Stage, NaiveDate)> =
            before.chain([(Stage::Due, due.day)]).chain(after).collect();
        stages.sort_by_key(|(stage, day)| {
            (*day, std::cmp::Reverse(matches!(stage, Stage::Before(_))))
        });
        stages
    }

    /// The last reminder that a day has reached.
    pub fn reached(&self, due: &DueDate, today: NaiveDate) -> Option<(Stage, NaiveDate)> {
        let forgotten = due.day.checked_add_days(Days::new(FORGOTTEN_AFTER_DAYS))?;
        self.stages(due)
            .into_iter()
            .rfind(|(_, day)| *day <= today)
            .filter(|_| today <= forgotten)
    }

    /// The next due date from a day on.
    pub fn next(&self, today: NaiveDate) -> Option<Occurrence<'_>> {
        self.occurrences(today, today.checked_add_days(Days::new(800))?)
            .into_iter()
            .next()
    }

    /// What must be seen to: a year that is needed soon and whose calendar is missing.
    pub fn findings(&self, today: NaiveDate) -> Vec<Finding> {
        let until = today
            .checked_add_days(Days::new(CALENDAR_AHEAD_DAYS))
            .unwrap_or(today);
        let mut years: Vec<i32> = self
            .occurrences(today, until)
            .iter()
            .filter(|o| o.due.estimated)
            .map(|o| o.due.day.year())
            .collect();
        years.dedup();
        let finding = |year: i32| {
            Finding::warning(
                format!("calendar/{year}.toml"),
                "",
                format!(
                    "还没有{year}年的放假安排，到期日只按周末推算；请照国务院办公厅的通知新建这个文件。"
                ),
            )
        };
        years.into_iter().map(finding).collect()
    }
}

/// Due phrases of a book that cannot be read.
pub fn unread_phrases(book: &Book) -> Vec<Finding> {
    let mut findings = Vec::new();
    for plan in book.plans() {
        duties(plan, &mut findings);
    }
    findings
}

fn duties(plan: &Plan, findings: &mut Vec<Finding>) -> Vec<Duty> {
    let mut duties = Vec::new();
    for (at, duty) in plan.duties.iter().enumerate() {
        for (number, due) in duty.due.iter().enumerate() {
            let Some(rule) = DueRule::parse(&due.words) else {
                let advice = format!(
                    "看不懂期限“{}”，不会据此提醒；请改成“7月初”“12月31日前”“每季度末”这样的写法。",
                    due.shown()
                );
                findings.push(Finding::warning(
                    format!("plans/{}/plan.toml", plan.id),
                    "duty",
                    advice,
                ));
                continue;
            };
            duties.push(Duty {
                id: format!("{}/{at}.{number}", plan.id),
                source_year: plan.plan_year,
                first_year: rule.year.or(due.year).unwrap_or(plan.plan_year),
                repeats: duty.repeats,
                words: due.words.clone(),
                rule,
                reporter: duty.reporter.clone(),
                recipient: duty.recipient.clone(),
                subject: duty.subject.clone(),
                sentence: duty.sentence.clone(),
                place: plan
                    .cite(Provenance::Passage(duty.passage))
                    .map(|citation| citation.place)
                    .unwrap_or_default(),
            });
        }
    }
    duties
}
