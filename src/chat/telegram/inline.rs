//! Inline mode: whoever types behind the bot's name in any chat is offered answers to send there.

use crate::app::App;
use crate::chat::render::Document;
use crate::chat::words;
use crate::ports::PersonId;
use crate::reply::Reply;
use std::sync::Arc;
use teloxide::prelude::*;
use teloxide::types::{
    InlineQueryId, InlineQueryResult, InlineQueryResultArticle, InputMessageContent,
    InputMessageContentText, ParseMode,
};

/// So many results at most.
const MOST_RESULTS: usize = 6;
/// Telegram may keep results so long; a reload shows within that time.
const CACHED_SECONDS: u32 = 60;

/// Answers a query beside the queues. Who is not served gets no result.
pub fn answer(app: &Arc<App>, bot: &Bot, query: String, person: PersonId, text: String) {
    let (app, bot) = (Arc::clone(app), bot.clone());
    tokio::spawn(async move {
        let results = if app.serves_anywhere(person) {
            results(&app, text.trim()).await
        } else {
            Vec::new()
        };
        let answer = bot
            .answer_inline_query(InlineQueryId(query), results)
            .cache_time(CACHED_SECONDS)
            .is_personal(!app.serves_everybody());
        if answer.await.is_err() {
            tracing::debug!("an inline query was not answered; the person goes on typing");
        }
    });
}

/// Answers only: of a question with several readings, the answer to each.
async fn results(app: &Arc<App>, text: &str) -> Vec<InlineQueryResult> {
    if text.is_empty() {
        return Vec::new();
    }
    let Ok(first) = app.ask(text.to_string()).await else {
        return Vec::new();
    };
    let mut replies = Vec::new();
    if let Reply::Clarify(clarification) = &first.reply {
        let choices = clarification.choices.iter();
        replies.extend(choices.map(|choice| Reply::Answer(choice.answer.clone())));
        for hint in &clarification.hints {
            let hinted = app.ask(first.hinted(hint)).await;
            replies.extend(hinted.map(|answered| answered.reply.clone()));
        }
    } else {
        replies.push(first.reply.clone());
    }
    replies
        .iter()
        .take(MOST_RESULTS)
        .enumerate()
        .filter_map(|(at, reply)| result(&format!("{at}-{}", first.edition.id), reply))
        .collect()
}

fn result(id: &str, reply: &Reply) -> Option<InlineQueryResult> {
    let Reply::Answer(answer) = reply else {
        return None;
    };
    let document = Document::of(reply);
    let message = document.messages().into_iter().next()?;
    let content = InputMessageContent::Text(
        InputMessageContentText::new(message.html).parse_mode(ParseMode::Html),
    );
    let source = answer
        .citations()
        .first()
        .map(|citation| format!("{}{}", words::SOURCE, citation.place_with_page()))
        .unwrap_or_default();
    Some(InlineQueryResult::Article(
        InlineQueryResultArticle::new(id, &answer.lead, content).description(source),
    ))
}
