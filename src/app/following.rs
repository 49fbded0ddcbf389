//! A talk: what a question leaves out is what was answered before.
//!
//! Subject, year and measure are carried separately and each can be replaced: 去年呢, 那进出口呢, 完工的呢, 不是这个.
//! A question that was refused, a courtesy or an interjection never becomes the subject.

use super::talks::Topic;
use super::{Answered, App};
use crate::ports::{ChatId, PersonId};
use crate::question::{Operator, Question};
use crate::reply::Reply;
use crate::store::Origin;
use anyhow::Context;
use chrono::DateTime;
use chrono_tz::Tz;
use std::sync::Arc;

/// A question with less content than this leaves its subject out.
const ELLIPTICAL: f32 = 0.75;
/// Beginnings that say that the answer before was not what was meant.
const CORRECTIONS: &[&str] = &["不是这个", "不是这", "不是问这个", "不对", "错了", "我问的是", "我是问", "我是说", "问的是"];

impl App {
    pub(super) async fn answer_in(
        self: &Arc<Self>,
        chat: ChatId,
        person: PersonId,
        question: String,
    ) -> anyhow::Result<Arc<Answered>> {
        let now = self.clock.now();
        let topic = self.talks.topic(chat, person, now);
        if topic.is_none()
            && let Some(known) = self.known(&question, now.date_naive())
        {
            self.remember(chat, person, now, Topic::of(&known.reading), &known);
            return Ok(known);
        }
        let app = Arc::clone(self);
        let task = tokio::task::spawn_blocking(move || match topic {
            Some(topic) => app.ask_following(chat, person, now, topic, &question),
            None => {
                let answered = app.ask_as_of(&question, now.date_naive());
                app.remember(chat, person, now, Topic::of(&answered.reading), &answered);
                answered
            }
        });
        task.await.context("the question's task ended early")
    }

    fn ask_following(
        &self,
        chat: ChatId,
        person: PersonId,
        now: DateTime<Tz>,
        topic: Topic,
        question: &str,
    ) -> Arc<Answered> {
        let day = now.date_naive();
        let alone = self.ask_as_of(question, day);
        let corrected = correction(question);
        let leaves_out = leaves_subject_out(&alone.reading) || corrected.is_some();
        let stands_alone = match &alone.reply {
            Reply::Help => true,
            Reply::Answer(_) => !leaves_out,
            Reply::Clarify(_) | Reply::Unknown(_) => false,
        };
        if stands_alone || topic.subject.is_empty() {
            self.remember(chat, person, now, Topic::of(&alone.reading), &alone);
            return alone;
        }
        if alone.reading.has(Operator::More) && leaves_out {
            let origin = topic.origin.words().to_string();
            let more = self.answered(&origin, day, &topic.shown);
            return self.follow(chat, person, now, &topic, question, more, true);
        }
        let rest = corrected.unwrap_or(question);
        let best = completions(&alone.reading, &topic, rest)
            .into_iter()
            .map(|completed| {
                let shown = if corrected.is_some() { topic.shown.as_slice() } else { &[] };
                self.answered(&completed, day, shown)
            })
            .filter(|answered| matches!(answered.reply, Reply::Answer(_) | Reply::Clarify(_)))
            .max_by(|a, b| value(a).total_cmp(&value(b)));
        match best {
            Some(best) if leaves_out || value(&best) > value(&alone) => {
                self.follow(chat, person, now, &topic, question, best, false)
            }
            _ if leaves_out && matches!(alone.reply, Reply::Answer(_)) => {
                // Alone it says something, but of what nobody said: the talk's subject was not found.
                self.remember(chat, person, now, Topic::of(&alone.reading), &alone);
                alone
            }
            _ => alone,
        }
    }

    /// Takes a completed question as the answer to what was said.
    #[expect(clippy::too_many_arguments, reason = "a talk's turn has so many sides")]
    fn follow(
        &self,
        chat: ChatId,
        person: PersonId,
        now: DateTime<Tz>,
        topic: &Topic,
        question: &str,
        mut following: Answered,
        is_more: bool,
    ) -> Arc<Answered> {
        if let Reply::Answer(answer) = &mut following.reply {
            let understood = if is_more { topic.subject.clone() } else { following.completed.clone() };
            let line = format!("接着上一问，按“{understood}”理解");
            answer.computed.push(line.clone());
            answer.context.push(line);
        }
        let mut next = Topic::of(&following.reading);
        if is_more {
            next.shown.clone_from(&topic.shown);
        }
        if next.subject.is_empty() {
            next.subject.clone_from(&topic.subject);
        }
        self.remember(chat, person, now, next, &following);
        Arc::new(Answered {
            question: question.to_string(),
            ..following
        })
    }

    /// Remembers what was answered, with all that was shown on it; anything else leaves no trace.
    pub(super) fn remember(
        &self,
        chat: ChatId,
        person: PersonId,
        now: DateTime<Tz>,
        mut topic: Topic,
        answered: &Answered,
    ) {
        match &answered.reply {
            Reply::Answer(answer) => {
                let places = answer.citations().iter().map(|citation| citation.provenance);
                topic.shown.extend(places);
            }
            Reply::Clarify(_) => {}
            Reply::Unknown(_) | Reply::Help => return,
        }
        if topic.origin == Origin::default() {
            topic.origin = answered.origin();
        }
        if !topic.subject.is_empty() {
            self.talks.remember(chat, person, now, topic);
        }
    }
}

/// How good a reply is: an answer by its confidence, a question back by a part of it.
fn value(answered: &Answered) -> f32 {
    match answered.reply {
        Reply::Answer(_) => 1.0 + answered.confidence,
        Reply::Clarify(_) => answered.confidence,
        Reply::Unknown(_) | Reply::Help => 0.0,
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
    let text = question.text.trim().trim_end_matches(['?', '!', '。', '呀', '啊']);
    let asks_on = text.ends_with('呢') || text.starts_with('那') || text.starts_with("其中");
    content < ELLIPTICAL || asks_on && content < 2.0 * ELLIPTICAL
}

/// What follows 不是这个 and the like.
fn correction(question: &str) -> Option<&str> {
    let trimmed = question.trim();
    CORRECTIONS.iter().find_map(|word| {
        let rest = trimmed.strip_prefix(word)?;
        Some(rest.trim_start_matches(['，', ',', ' ', '。', '、', '：', ':']))
    })
}

/// The ways to complete a question from what was answered before: the same subject with what is new, or a new subject
/// asked in the same way.
fn completions(reading: &Question, topic: &Topic, rest: &str) -> Vec<String> {
    let years: String = topic.years.iter().map(|year| format!("{year}年")).collect();
    let has_year = !reading.frame.years.is_empty();
    let has_measure = reading.has(Operator::Target) || reading.has(Operator::Actual);
    let year = if has_year { "" } else { years.as_str() };
    let measure = if has_measure || has_year { "" } else { topic.measure.unwrap_or("") };
    let bare = rest
        .trim()
        .trim_start_matches(['那', '，', ','])
        .trim_end_matches(['？', '?', '呢', '呀', '啊']);
    let mut all = vec![format!("{year}{}{measure}{bare}", topic.subject)];
    let content: f32 = reading.words.iter().filter(|w| w.is_content()).map(|w| w.weight).sum();
    if content > 0.3 {
        all.push(format!("{year}{bare}{measure}"));
    }
    all.dedup();
    all
}
