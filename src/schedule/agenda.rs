//! What is due in a year, and which reminder of it a day has reached.

use super::calendar::WorkCalendar;
use super::due_date::DueDate;
use super::due_phrase::DueRule;
use super::policy::Policy;
use crate::model::{Book, Finding, Plan, Provenance};
use chrono::{Datelike, Days, NaiveDate};
use std::collections::BTreeMap;

/// One due phrase of a duty, ready to be reckoned with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Where it stands among all: plan, duty and phrase. Nothing is kept under it.
    pub position: String,
    /// The year of the plan that lays it down.
    pub source_year: i32,
    pub first_year: i32,
    /// Whether it comes again every year.
    pub repeats: bool,
    /// From this year on a newer plan says what is due.
    pub superseded_from: Option<i32>,
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
    pub duty: &'a Duty,
    pub year: i32,
    /// What it is about: recipient, subject, and the month in which it falls due. Whatever lays it
    /// down, and in whatever order, it is the same.
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
    /// The duties of the newest plan that has any, and behind them those of older plans of the same
    /// place, for the years before.
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

impl Occurrence<'_> {
    /// Why it is due in a year that its document does not speak of; nothing where it does.
    pub fn repeated_from(&self) -> Option<String> {
        let of = self.duty.source_year;
        (self.duty.repeats && self.year > self.duty.first_year).then(|| {
            format!(
                "（{of}年计划里的要求，按每年重复推到{}年；新计划载入后以新计划为准。只报那一年的，请管理员在 plan.toml 里写 once = true。）",
                self.year
            )
        })
    }
}

impl Agenda {
    /// The duties of a book. A phrase outside the grammar is a finding; such a duty is not reminded
    /// of.
    pub fn new(book: &Book, calendar: WorkCalendar, policy: Policy) -> (Self, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut all = Vec::new();
        let mut newer: Option<&Plan> = None;
        for plan in book.plans().iter().filter(|plan| !plan.duties.is_empty()) {
            match newer {
                Some(newer) if !is_of_same_place(plan, newer) => continue,
                // Of two plans of a year the first holds: the other is its draft.
                Some(newer) if plan.plan_year >= newer.plan_year => continue,
                _ => {}
            }
            all.extend(duties(
                plan,
                newer.map(|newer| newer.plan_year),
                &mut findings,
            ));
            newer = Some(plan);
        }
        let duties = all;
        (
            Self {
                duties,
                calendar,
                policy,
            },
            findings,
        )
    }

    /// What falls due from one day to another, earliest first. What a newer and an older plan lay
    /// down for the same month is one thing, and the newer one says when.
    pub fn occurrences(&self, from: NaiveDate, to: NaiveDate) -> Vec<Occurrence<'_>> {
        let mut found: Vec<Occurrence<'_>> = self
            .months(from, to)
            .into_iter()
            .flat_map(|(key, dated)| keyed(&key, dated))
            .map(|(occurrence, _)| occurrence)
            .filter(|occurrence| (from..=to).contains(&occurrence.due.day))
            .collect();
        found.sort_by(|a, b| a.due.day.cmp(&b.due.day).then_with(|| a.key.cmp(&b.key)));
        found
    }

    /// The keys that were in use before: each position of a due phrase in a plan, with what it is
    /// about.
    pub fn keys_by_position(&self, from: NaiveDate, to: NaiveDate) -> Vec<(String, String)> {
        self.months(from, to)
            .into_iter()
            .flat_map(|(key, dated)| keyed(&key, dated))
            .flat_map(|(occurrence, positions)| {
                let to = |position| (position, occurrence.key.clone());
                positions.into_iter().map(to).collect::<Vec<_>>()
            })
            .collect()
    }

    /// Everything around a stretch of days, by what it is about.
    fn months(&self, from: NaiveDate, to: NaiveDate) -> BTreeMap<String, Vec<Dated<'_>>> {
        let mut months: BTreeMap<String, Vec<Dated<'_>>> = BTreeMap::new();
        for duty in &self.duties {
            // 次年 and 结束后 may each put a day one year on, and what holidays push back may lie in the
            // year before its own.
            let years = (from.year() - 2).max(duty.first_year)..=to.year() + 1;
            for year in years.filter(|year| duty.holds_in(*year)) {
                let dates = duty.rule.dates(year, &self.policy, &self.calendar);
                for (number, due) in dates.into_iter().enumerate() {
                    // The month and not the day: a day that the calendar moves within its month
                    // stays the same occurrence, and what was said of it holds.
                    let month = due.open.format("%Y-%m");
                    let key = format!("{}/{}/{month}", duty.recipient, duty.subject);
                    months.entry(key).or_default().push(Dated {
                        duty,
                        year,
                        number,
                        due,
                    });
                }
            }
        }
        months
    }

    /// What may be spoken of on a day: from before its first reminder until it is forgotten.
    pub fn around(&self, today: NaiveDate) -> Vec<Occurrence<'_>> {
        self.around_back(today, 0)
    }

    /// The same, and what may have been put off to as late a day as the policy permits.
    pub fn around_put_off(&self, today: NaiveDate) -> Vec<Occurrence<'_>> {
        self.around_back(today, u64::from(self.policy.put_off_days))
    }

    fn around_back(&self, today: NaiveDate, more: u64) -> Vec<Occurrence<'_>> {
        let earliest = today
            .checked_sub_days(Days::new(FORGOTTEN_AFTER_DAYS + more))
            .unwrap_or(today);
        // Forty working days, the earliest reminder that the settings permit, and the holidays
        // among them.
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
            // Holidays may put two stages on one day; the one nearer to being late comes last and
            // is the one that is said.
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

    /// The last reminder that a day has reached of what a unit put off: the nearest one before the
    /// new day, the day itself (or the working day before), and those behind. What lies before the
    /// day on which it was asked is not made up for.
    pub fn reached_put_off(
        &self,
        until: NaiveDate,
        asked: NaiveDate,
        today: NaiveDate,
    ) -> Option<(Stage, NaiveDate)> {
        let forgotten = until.checked_add_days(Days::new(FORGOTTEN_AFTER_DAYS))?;
        let day = |away: i32| self.calendar.working_days_away(until, away);
        // A unit may name a Sunday; the reminder of the day itself goes out while somebody reads
        // it.
        let on = if self.calendar.is_working(until) {
            until
        } else {
            day(-1)
        };
        let count = |days: &u32| i32::try_from(*days).unwrap_or(0);
        // Only the nearest: whoever asked for a later day knows of it.
        let nearest = self.policy.before.iter().min();
        let before = nearest.map(|days| {
            let day = self.calendar.working_days_away(on, -count(days));
            (Stage::Before(*days), day)
        });
        let after = self.policy.after.iter();
        let after = after.map(|days| (Stage::After(*days), day(count(days))));
        let stages = before.into_iter().chain([(Stage::Due, on)]).chain(after);
        stages
            .filter(|(_, day)| *day > asked && *day <= today && today <= forgotten)
            .max_by_key(|(stage, day)| (*day, *stage))
    }

    /// The next due date from a day on.
    pub fn next(&self, today: NaiveDate) -> Option<Occurrence<'_>> {
        // More than two years: what comes once a year is found, also where this year's is over.
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
        // Occurrences come in order of their days, so equal years are neighbours.
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
pub(crate) fn unread_phrases(book: &Book) -> Vec<Finding> {
    let mut findings = Vec::new();
    for plan in book.plans() {
        duties(plan, None, &mut findings);
    }
    findings
}

impl Duty {
    /// Whether it is due in a year. What it says of its own year holds whatever comes later: a
    /// cycle that runs is not ended by the next plan.
    fn holds_in(&self, year: i32) -> bool {
        let is_repeated = self.repeats
            && year > self.first_year
            && self.superseded_from.is_none_or(|from| year < from);
        year == self.first_year || is_repeated
    }
}

/// One date of a duty in a year.
struct Dated<'a> {
    duty: &'a Duty,
    year: i32,
    /// Which of the year's dates.
    number: usize,
    due: DueDate,
}

impl Dated<'_> {
    fn position(&self) -> String {
        format!("{}/{}.{}", self.duty.position, self.year, self.number)
    }
}

/// What a month has of one matter, each with the positions at which it is laid down: of several
/// plans the newest counts, and a day that stands twice is one.
fn keyed<'a>(key: &str, dated: Vec<Dated<'a>>) -> Vec<(Occurrence<'a>, Vec<String>)> {
    let newest = dated.iter().map(|dated| dated.duty.source_year).max();
    // What an older plan says of the month is not due a second time; only what was kept under it is
    // found by the newer one's key.
    let (mut holding, older): (Vec<Dated<'_>>, Vec<Dated<'_>>) = dated
        .into_iter()
        .partition(|dated| Some(dated.duty.source_year) == newest);
    holding.sort_by_key(|dated| (dated.due.day, dated.due.close));
    let mut found: Vec<(Occurrence<'a>, Vec<String>)> = Vec::new();
    for dated in holding {
        let position = dated.position();
        if let Some((last, positions)) = found.last_mut()
            && last.due.day == dated.due.day
        {
            positions.push(position);
            continue;
        }
        let key = match found.len() {
            0 => key.to_string(),
            before => format!("{key}.{}", before + 1),
        };
        let occurrence = Occurrence {
            duty: dated.duty,
            year: dated.year,
            key,
            due: dated.due,
        };
        found.push((occurrence, vec![position]));
    }
    for dated in older {
        let nearest = found
            .iter_mut()
            .min_by_key(|(occurrence, _)| (occurrence.due.day - dated.due.day).num_days().abs());
        if let Some((_, positions)) = nearest {
            positions.push(dated.position());
        }
    }
    found
}

fn is_of_same_place(one: &Plan, other: &Plan) -> bool {
    one.region == other.region || {
        let mut names = one.region_names.iter();
        names.any(|name| other.region_names.contains(name))
    }
}

fn duties(plan: &Plan, superseded_from: Option<i32>, findings: &mut Vec<Finding>) -> Vec<Duty> {
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
                position: format!("{}/{at}.{number}", plan.id),
                source_year: plan.plan_year,
                first_year: rule.year.or(due.year).unwrap_or(plan.plan_year),
                repeats: duty.repeats,
                superseded_from,
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
