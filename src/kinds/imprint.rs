//! “什么时候印发的”, “谁发的”, “发给谁”, “哪次会议批准的”, “报告是谁作的”: the imprint of the document,
//! whom it is addressed to, who approved it, who delivered it and where.

use super::{document, indicator};
use crate::model::{Plan, PlanIx, Provenance};
use crate::question::{Operator, OperatorSet, Word};
use crate::reply::{Answer, AnswerKind, Asked, Candidate, Feature, Features, Kind, Record};
use chrono::Datelike;
use std::ops::Range;
use std::rc::Rc;

/// When and by whom a document was issued, to whom it goes.
pub struct Imprint;

/// Words of a body that lets a document pass.
const APPROVALS: &[&str] = &["批准", "通过", "审议"];
/// Verbs of whoever delivers a report.
const DELIVERS: &[&str] = &[
    "作",
    "做",
    "念",
    "宣读",
    "报告人",
    "报告者",
    "deliver",
    "read",
];
/// Titles of the heads of governments: whoever delivers a report is one of them.
const HEADS: &[&str] = &[
    "省长", "市长", "区长", "县长", "州长", "盟长", "旗长", "镇长", "乡长", "主席", "主任",
];
/// The line that names the meeting or the speaker is not longer, in letters.
const LONGEST_LINE: usize = 90;
/// The notice before a report has at most so many sentences.
const LONGEST_NOTICE: usize = 12;

const USES: OperatorSet = indicator::uses(&[
    Operator::Issued,
    Operator::When,
    Operator::Who,
    Operator::Define,
    Operator::Where,
]);
const WANTS: OperatorSet = OperatorSet::of(&[Operator::Issued]);

/// What of the imprint is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Issued,
    Addressees,
    Approved,
    /// Who delivered it.
    Speaker,
    /// When and before whom.
    Meeting,
}

struct Issued {
    plan: PlanIx,
    part: Part,
}

impl Kind for Imprint {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        let question = asked.question;
        let asks = question.any(&[
            Operator::When,
            Operator::Who,
            Operator::What,
            Operator::List,
        ]);
        let by_title = asks_head(asked);
        if !by_title && (!question.has(Operator::Issued) || !asks) {
            return;
        }
        let says = |words: &[&str]| words.iter().any(|word| question.text.contains(word));
        let part = if by_title {
            Part::Speaker
        } else if says(&["主送", "发给", "抄送", "下发", "发到", "印发给"]) {
            Part::Addressees
        } else if says(APPROVALS) {
            Part::Approved
        } else if says(DELIVERS) && question.has(Operator::Document) {
            let asks_meeting = question.any(&[Operator::When, Operator::Where]);
            if asks_meeting || says(&["会议", "大会"]) {
                Part::Meeting
            } else {
                Part::Speaker
            }
        } else {
            Part::Issued
        };
        for (at, plan) in asked.plans() {
            let stands = match part {
                Part::Issued => issued(plan).is_some(),
                Part::Addressees => addressees(plan).is_some(),
                Part::Approved => approved(plan).is_some(),
                Part::Speaker | Part::Meeting => delivered(plan, part).is_some(),
            };
            if !stands {
                continue;
            }
            let mut letters = asked.letters_of(&[
                Operator::Issued,
                Operator::When,
                Operator::Who,
                Operator::What,
                Operator::List,
                Operator::Document,
                Operator::Reverse,
            ]);
            if let Some(title) = title_of_head(asked, plan) {
                letters[title].fill(1.0);
            }
            let mut features = Features::default();
            features.set(Feature::Cover, 0.9);
            candidates.push(document::candidate(
                asked,
                AnswerKind::Imprint,
                (at, part as usize),
                &letters,
                features,
                (USES, WANTS),
                Rc::new(Issued { plan: at, part }),
            ));
        }
    }
}

/// Whether the question asks who heads the government of the plan's own region: 省长是谁.
fn asks_head(asked: &Asked<'_>) -> bool {
    let question = asked.question;
    let asks = question.any(&[Operator::Who, Operator::Reverse]);
    let is_other_place = question.words.iter().any(Word::is_other_place);
    let names_head = |(_, plan): (PlanIx, &Plan)| title_of_head(asked, plan).is_some();
    asks && !is_other_place && asked.plans().all(names_head)
}

/// Where the question names the head of a plan's region, in letters: 省长 of a province, and no 副省长.
fn title_of_head(asked: &Asked<'_>, plan: &Plan) -> Option<Range<usize>> {
    let title = [plan.region.chars().last()?, '长'];
    let letters = &asked.question.letters.canonical;
    let mut starts = (0..letters.len()).filter(|at| letters[*at..].starts_with(&title));
    let is_deputy = |at: usize| at > 0 && letters[at - 1] == '副';
    let start = starts.find(|at| !is_deputy(*at))?;
    Some(start..start + title.len())
}

impl Record for Issued {
    fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        let plan = asked.plan(self.plan)?;
        match self.part {
            Part::Issued => issued(plan),
            Part::Addressees => addressees(plan),
            Part::Approved => approved(plan),
            Part::Speaker | Part::Meeting => delivered(plan, self.part),
        }
    }
}

/// The lines of the imprint that give day and office.
fn issued(plan: &Plan) -> Option<Answer> {
    let date = plan.document_date?;
    let printed = format!("{}年{}月{}日", date.year(), date.month(), date.day());
    let line = |text: &str| {
        plan.passages
            .iter()
            .position(|passage| passage.text.trim() == text)
    };
    let citation = plan.cite(Provenance::Passage(line(&printed)?))?;
    let office = line(&plan.issuer).filter(|_| !plan.issuer.is_empty());
    let issuer = office.map_or("", |_| plan.issuer.as_str());
    let lead = format!("{printed} {issuer}印发");
    let mut answer = Answer::new(AnswerKind::Imprint, lead, citation);
    if let Some(citation) = office.and_then(|office| plan.cite(Provenance::Passage(office))) {
        answer.cite(citation);
    }
    Some(answer)
}

/// The line that addresses the notice: it ends in a colon and names offices.
fn addressees(plan: &Plan) -> Option<Answer> {
    let at = plan
        .passages
        .iter()
        .take(LONGEST_NOTICE)
        .position(|passage| {
            let text = passage.text.trim();
            let length = text.chars().count();
            text.ends_with('：')
                && (6..200).contains(&length)
                && ["各", "部门", "单位"]
                    .iter()
                    .any(|word| text.contains(word))
        })?;
    let citation = plan.cite(Provenance::Passage(at))?;
    let lead = format!("主送：{}", citation.quote.trim_end_matches('：'));
    Some(Answer::new(AnswerKind::Imprint, lead, citation))
}

/// The sentence of the notice that says which meeting approved the document.
fn approved(plan: &Plan) -> Option<Answer> {
    let at = plan
        .passages
        .iter()
        .take(LONGEST_NOTICE)
        .position(|passage| {
            let says = |words: &[&str]| words.iter().any(|word| passage.text.contains(word));
            says(APPROVALS) && says(&["大会", "会议"])
        })?;
    let citation = plan.cite(Provenance::Passage(at))?;
    let lead = citation.quote.clone();
    Some(Answer::new(AnswerKind::Imprint, lead, citation))
}

/// The lines before the salutation that name the meeting and who spoke there; none where the part
/// that is asked for is not among them.
fn delivered(plan: &Plan, part: Part) -> Option<Answer> {
    let is_short = |text: &str| text.chars().count() <= LONGEST_LINE;
    let names_head = |text: &str| HEADS.iter().any(|head| text.contains(head));
    let names_meeting = |text: &str| text.contains("会议上");
    let before = plan.passages.iter().take(LONGEST_NOTICE).enumerate();
    let lines: Vec<(usize, &str)> = before
        .map(|(at, passage)| (at, passage.text.trim()))
        .take_while(|(_, text)| !text.starts_with("各位"))
        .filter(|(_, text)| is_short(text) && (names_meeting(text) || names_head(text)))
        .collect();
    let says_part = |(_, text): &(usize, &str)| match part {
        Part::Meeting => names_meeting(text),
        _ => names_head(text),
    };
    if !lines.iter().any(says_part) {
        return None;
    }
    let mut citations = lines
        .iter()
        .filter_map(|(at, _)| plan.cite(Provenance::Passage(*at)));
    let first = citations.next()?;
    let quoted: Vec<&str> = lines
        .iter()
        .map(|(_, text)| text.trim_start_matches('—'))
        .collect();
    let mut answer = Answer::new(AnswerKind::Imprint, quoted.join(" "), first);
    for citation in citations {
        answer.cite(citation);
    }
    Some(answer)
}
