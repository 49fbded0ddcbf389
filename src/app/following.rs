//! A talk: what a question leaves out is what was answered before.
//!
//! Subject, year and measure are carried separately and each can be replaced: 去年呢, 那进出口呢, 完工的呢,
//! 不是这个. A question that was refused, a courtesy or an interjection never becomes the subject. What
//! a follow-up says itself must stand in the reply to it: a talk lends what was left out, it does
//! not replace what was said.

use super::talks::Topic;
use super::{Answered, App};
use crate::ports::{ChatId, PersonId};
use crate::question::{Operator, Question};
use crate::reply::{AnswerKind, Refusal, Reply};
use crate::store::Origin;
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use std::sync::Arc;

/// A question with less content than this leaves its subject out.
const ELLIPTICAL: f32 = 0.75;
/// Beginnings that say that the answer before was not what was meant.
const CORRECTIONS: &[&str] = &[
    "不是这个",
    "不是问这个",
    "不是这",
    "不对",
    "错了",
    "我问的是",
    "我是问",
    "我是说",
    "我问",
    "问的是",
];
/// A word of at least this weight must stand in what answers.
const MUST_STAND: f32 = 0.5;
/// So many words of a subject are tried in exchange for a new one.
const MOST_EXCHANGED: usize = 4;

/// Who says something in a talk, where and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Speaker {
    pub(super) chat: ChatId,
    pub(super) person: PersonId,
    pub(super) now: DateTime<Tz>,
}

/// What a follow-up asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FollowUp {
    /// The same again, but for what was shown.
    More,
    /// Something else of the same.
    Else,
}

impl App {
    pub(super) async fn answer_in(
        self: &Arc<Self>,
        chat: ChatId,
        person: PersonId,
        question: String,
    ) -> anyhow::Result<Arc<Answered>> {
        let now = self.clock.now();
        let question = self.at_home(chat, question, now.date_naive());
        let day = now.date_naive();
        let speaker = Speaker { chat, person, now };
        let topic = self.talks.topic(chat, person, now);
        // What is known and leaves nothing out needs no thought.
        let corrects = correction(&question).is_some();
        if let Some(known) = self.known(&question, day)
            && topic
                .as_ref()
                .is_none_or(|topic| !corrects && (topic.subject.is_empty() || stands_alone(&known)))
        {
            self.remember(speaker, Topic::of(&known.reading), &known);
            return Ok(known);
        }
        // Nor does what continues a talk, where all that it may stand for is known.
        let topic = match topic {
            Some(topic) if self.knows_all(&topic, &question, day) => {
                return Ok(self.ask_following(speaker, topic, &question));
            }
            other => other,
        };
        let app = Arc::clone(self);
        let think = move || match topic {
            Some(topic) => app.ask_following(speaker, topic, &question),
            None => {
                let answered = app.ask_as_of(&question, day);
                app.remember(speaker, Topic::of(&answered.reading), &answered);
                answered
            }
        };
        Ok(self.turns.take(think).await?)
    }

    /// A question of a chat that has its own place, with that place where it names none and several
    /// may be meant.
    fn at_home(&self, chat: ChatId, question: String, day: NaiveDate) -> String {
        let Some(place) = self.chats.places.get(&chat.0.to_string()) else {
            return question;
        };
        // With one plan there is nothing to choose between, and its place need not be said.
        if self.edition().book.plans().len() < 2 {
            return question;
        }
        // Whether a question names a place is for its reading to say, not for a search in its
        // letters.
        let is_open = self.ask_as_of(&question, day).reading.frame.is_open;
        if is_open {
            format!("{place}{question}")
        } else {
            question
        }
    }

    /// Whether a question and every way to complete it was thought about before.
    fn knows_all(&self, topic: &Topic, question: &str, day: NaiveDate) -> bool {
        if correction(question).is_some() {
            return false;
        }
        let Some(alone) = self.known(question, day) else {
            return false;
        };
        let is_known = |completed: &String| self.known(completed, day).is_some();
        !alone.reading.has(Operator::More)
            && completions(&alone.reading, topic, question)
                .iter()
                .all(is_known)
    }

    fn ask_following(&self, speaker: Speaker, topic: Topic, question: &str) -> Arc<Answered> {
        let day = speaker.now.date_naive();
        let corrected = correction(question);
        let spoken = corrected.unwrap_or(question);
        let alone = self.ask_as_of(spoken, day);
        let leaves_out = leaves_subject_out(&alone.reading) || corrected.is_some();
        let stands_alone = match corrected {
            None => stands_alone(&alone),
            Some(_) => says_all(&alone),
        };
        // Nothing could be lent, or nothing needs to be.
        if stands_alone || topic.subject.is_empty() {
            self.remember(speaker, Topic::of(&alone.reading), &alone);
            return alone;
        }
        if alone.reading.has(Operator::More) && leaves_out {
            let origin = topic.origin.words().to_string();
            // The question of before once more, without the records that were shown: the next best
            // is left.
            let mut more = self.answered(&origin, day, &topic.shown);
            if matches!(more.reply, Reply::Unknown(_)) {
                more.reply = Reply::Unknown(Refusal::default());
                more.exhausted = Some(origin);
            }
            let more = self.follow(speaker, &topic, Arc::new(more), FollowUp::More);
            return asked_as(question, more);
        }
        let shown = if corrected.is_some() {
            topic.shown.as_slice()
        } else {
            &[]
        };
        // The same completions come again and again in a group: unless something is left out of
        // them, each is thought about once.
        let complete = |completed: String| match shown {
            [] => self.ask_as_of(&completed, day),
            _ => Arc::new(self.answered(&completed, day, shown)),
        };
        let best = completions(&alone.reading, &topic, spoken)
            .into_iter()
            .map(|completed| surely(complete(completed)))
            .filter_map(|answered| Some((speaks_of(&alone.reading, spoken, &answered)?, answered)))
            // What holds the new subject in one piece comes before what is only likelier.
            .max_by(|(a, one), (b, other)| a.cmp(b).then(value(one).total_cmp(&value(other))))
            .map(|(_, answered)| answered);
        match best {
            // A question that says all itself is only taken for a follow-up where that is the
            // better reading.
            Some(best) if leaves_out || value(&best) > value(&alone) => {
                let best = self.follow(speaker, &topic, best, FollowUp::Else);
                asked_as(question, best)
            }
            _ if leaves_out && matches!(alone.reply, Reply::Answer(_)) => {
                // Alone it says something, but of what nobody said: the talk's subject was not
                // found.
                self.remember(speaker, Topic::of(&alone.reading), &alone);
                alone
            }
            _ => alone,
        }
    }

    /// Takes a completed question as the answer to what was said, and remembers it.
    fn follow(
        &self,
        speaker: Speaker,
        topic: &Topic,
        following: Arc<Answered>,
        wanted: FollowUp,
    ) -> Answered {
        let following = Arc::unwrap_or_clone(following);
        let understood = match wanted {
            FollowUp::More => topic.subject.clone(),
            FollowUp::Else => following.completed.clone(),
        };
        let following = following.taken_for(understood);
        let mut next = Topic::of(&following.reading);
        // 还有呢 once more must leave out what was shown both times.
        if wanted == FollowUp::More {
            next.shown.clone_from(&topic.shown);
        }
        if next.subject.is_empty() {
            next.subject.clone_from(&topic.subject);
        }
        self.remember(speaker, next, &following);
        following
    }

    /// Remembers what was answered, or asked back, with all that was shown on it; anything else
    /// leaves no trace.
    pub(super) fn remember(&self, speaker: Speaker, mut topic: Topic, answered: &Answered) {
        if matches!(
            answered.reply,
            // The talk goes on with what was last answered: 那个呢 after a refusal means what was
            // there before it.
            Reply::Unknown(_) | Reply::Help | Reply::Courtesy
        ) {
            return;
        }
        let citations = answered
            .reply
            .answers()
            .flat_map(|answer| answer.citations());
        topic
            .shown
            .extend(citations.map(|citation| citation.provenance));
        if topic.origin == Origin::default() {
            topic.origin = answered.origin();
        }
        if !topic.subject.is_empty() {
            let Speaker { chat, person, now } = speaker;
            self.talks.remember(chat, person, now, topic);
        }
    }
}

/// What was answered, or what is asked back in place of an answer that is not sure by itself: what
/// the talk lends to a question may be another thing than what is meant.
fn surely(answered: Arc<Answered>) -> Arc<Answered> {
    match &answered.unsure {
        None => answered,
        Some(clarification) => Arc::new(Answered {
            reply: Reply::Clarify(clarification.clone()),
            ..Answered::clone(&answered)
        }),
    }
}

/// An answer under the question as it was typed, not as it was completed.
fn asked_as(question: &str, answered: Answered) -> Arc<Answered> {
    Arc::new(Answered {
        question: question.to_string(),
        ..answered
    })
}

/// How good a reply is: an answer by its confidence, a question back by a part of it.
fn value(answered: &Answered) -> f32 {
    match answered.reply {
        Reply::Answer(_) => 1.0 + answered.confidence,
        Reply::Clarify(_) => answered.confidence,
        Reply::Unknown(_) | Reply::Help | Reply::Courtesy => 0.0,
    }
}

/// Whether a question says too little to be about anything by itself.
fn leaves_subject_out(question: &Question) -> bool {
    let content: f32 = question
        .words
        .iter()
        .filter(|word| word.is_content() && !question.frame.is_period(word.span.start))
        .map(|word| word.weight)
        .sum();
    let text = question
        .text
        .trim()
        .trim_end_matches(['?', '!', '。', '呀', '啊']);
    let asks_on = text.ends_with('呢') || text.starts_with('那') || text.starts_with("其中");
    content < ELLIPTICAL || asks_on && content < 2.0 * ELLIPTICAL
}

/// Whether a reply answers a question whatever was said before it.
fn stands_alone(alone: &Answered) -> bool {
    match &alone.reply {
        Reply::Help | Reply::Courtesy => true,
        Reply::Answer(_) if !leaves_subject_out(&alone.reading) => true,
        _ => says_all(alone),
    }
}

/// Whether nothing of a talk could add to a question, though it is short or corrects another one.
fn says_all(alone: &Answered) -> bool {
    match &alone.reply {
        Reply::Help | Reply::Courtesy => false,
        Reply::Unknown(_) => names_what_is_absent(&alone.reading),
        reply => needs_no_subject(reply) || names_what_is_absent(&alone.reading),
    }
}

/// Whether a reply is of a kind that is asked for without a subject: 哪些指标没有完成, 什么时候报.
fn needs_no_subject(reply: &Reply) -> bool {
    use AnswerKind::{Duty, Imprint, Inventory, Place, Table};
    let kind = match reply {
        Reply::Answer(answer) => Some(answer.kind),
        Reply::Clarify(clarification) => {
            let first = clarification.choices.first();
            first.map(|choice| choice.answer.kind)
        }
        Reply::Unknown(_) | Reply::Help | Reply::Courtesy => None,
    };
    kind.is_some_and(|kind| matches!(kind, Duty | Imprint | Inventory | Place | Table))
}

/// Whether a question names a thing that neither stands in the documents nor means anything of the
/// field: no talk about something else can answer it.
fn names_what_is_absent(question: &Question) -> bool {
    question.words.iter().any(|word| {
        let is_thing = word.is_content() && word.is_noun() && word.weight >= MUST_STAND;
        is_thing && !word.is_in_documents && word.meanings.is_empty()
    })
}

/// How well a reply speaks of what a follow-up says itself: 2 where it has its new subject as it
/// was said, 1 where it has the words; nothing where it has not, or where it is neither an answer
/// nor a question back.
fn speaks_of(follow_up: &Question, spoken: &str, answered: &Answered) -> Option<u8> {
    let text = answered.compared()?;
    let subject = answered
        .edition
        .as_compared(new_subject(follow_up, spoken).0);
    if !subject.is_empty() && text.contains(&subject) {
        return Some(2);
    }
    let stands = |word: &str| text.contains(word);
    let all_stand = follow_up.words.iter().all(|word| {
        let must = word.is_content() && word.is_noun() && word.weight >= MUST_STAND;
        !must || stands(&word.text) || word.meanings.iter().any(|meaning| stands(meaning))
    });
    all_stand.then_some(1)
}

/// What follows 不是这个 and the like.
fn correction(question: &str) -> Option<&str> {
    let marks = ['，', ',', ' ', '。', '、', '：', ':'];
    let mut rest = question.trim();
    // People say several in a row: 不对，我问的是….
    while let Some(behind) = CORRECTIONS.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = behind.trim_start_matches(marks);
    }
    (rest.len() < question.trim().len()).then_some(rest)
}

/// A follow-up without the words that only join it to what was said before.
fn bare(spoken: &str) -> &str {
    spoken
        .trim()
        .trim_start_matches(['那', '，', ','])
        .trim_end_matches(['？', '?', '呢', '呀', '啊'])
}

/// What a follow-up begins with before it asks anything or names a year (那西渠呢, 那西渠完成多少), and what
/// is behind that; the first is empty where it is no more than a letter.
fn new_subject<'a>(follow_up: &Question, spoken: &'a str) -> (&'a str, &'a str) {
    let rest = bare(spoken);
    let letters = &follow_up.letters;
    let begin = letters.text().find(bare(&letters.text())).unwrap_or(0);
    let begin = letters.text()[..begin].chars().count();
    let asks = |at: &usize| !follow_up.operators.at(*at).is_empty() || follow_up.frame.is_year(*at);
    let end = (begin..letters.canonical.len()).find(asks);
    let typed = letters.typed(begin..end.unwrap_or(letters.canonical.len()));
    let subject = bare(&typed).trim_end_matches('的');
    match rest.strip_prefix(subject) {
        Some(behind) if subject.chars().count() > 1 => (&rest[..subject.len()], behind),
        _ => ("", rest),
    }
}

/// The ways to complete a question from what was answered before: the same subject with what is
/// new, a new subject asked in the same way, or the same subject with one of its words exchanged.
fn completions(reading: &Question, topic: &Topic, spoken: &str) -> Vec<String> {
    let rest = bare(spoken);
    if rest.is_empty() {
        return vec![topic.origin.words().to_string()];
    }
    let years: String = topic.years.iter().map(|year| format!("{year}年")).collect();
    let has_year = !reading.frame.years.is_empty();
    let has_measure = reading.has(Operator::Target) || reading.has(Operator::Actual);
    let year = if has_year { "" } else { years.as_str() };
    let measure = if has_measure || has_year {
        ""
    } else {
        topic.measure.unwrap_or("")
    };
    let mut all = vec![format!("{year}{}{measure}{rest}", topic.subject)];
    let content: f32 = reading
        .words
        .iter()
        .filter(|w| w.is_content())
        .map(|w| w.weight)
        .sum();
    if content > 0.3 {
        all.push(format!("{year}{rest}{measure}"));
    }
    let (subject, behind) = new_subject(reading, spoken);
    if !subject.is_empty() {
        let known = topic
            .words
            .iter()
            .filter(|word| topic.subject.contains(word.as_str()));
        let exchanged = known.take(MOST_EXCHANGED).map(|word| {
            let subject = topic.subject.replacen(word.as_str(), subject, 1);
            format!("{year}{subject}{measure}{behind}")
        });
        all.extend(exchanged);
    }
    // An exchange may give what the first one is already.
    all.dedup();
    all
}
