//! Inline mode: whoever types behind the bot's name in any chat is offered answers to send there.

use super::{html, message_size};
use crate::app::{App, NoTurn};
use crate::chat::words;
use crate::document::Document;
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
pub(crate) fn answer(app: &Arc<App>, bot: &Bot, query: String, person: PersonId, text: String) {
    let (app, bot) = (Arc::clone(app), bot.clone());
    tokio::spawn(async move {
        // An inline query comes from no chat, so it is the person who must be served.
        let results = if app.serves_anywhere(person) {
            results(&app, text.trim()).await
        } else {
            Ok(Vec::new())
        };
        let results = match results {
            Ok(results) => results,
            // An empty answer would be kept for a while and hide the true one.
            Err(why) => {
                tracing::debug!(%why, "an inline query was not answered");
                return;
            }
        };
        let answer = bot
            .answer_inline_query(InlineQueryId(query), results)
            .cache_time(CACHED_SECONDS)
            // Telegram keeps what is not personal for everybody, also for those who are not served.
            .is_personal(!app.serves_everybody());
        if answer.await.is_err() {
            tracing::debug!("an inline query was not answered; the person goes on typing");
        }
    });
}

/// Answers only: of a question with several readings, the answer to each.
async fn results(app: &Arc<App>, text: &str) -> Result<Vec<InlineQueryResult>, NoTurn> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let first = app.ask_apart(text.to_string()).await?;
    let mut replies = Vec::new();
    if let Reply::Clarify(clarification) = &first.reply {
        let choices = clarification.choices.iter();
        replies.extend(choices.map(|choice| Reply::Answer(choice.answer.clone())));
        for hint in &clarification.hints {
            let hinted = app.ask_apart(first.hinted(hint)).await?;
            replies.push(hinted.reply.clone());
        }
    } else {
        replies.push(first.reply.clone());
    }
    let shown = replies.iter().take(MOST_RESULTS).enumerate();
    Ok(shown
        .filter_map(|(at, reply)| result(&format!("{at}-{}", first.edition.id), reply))
        .collect())
}

fn result(id: &str, reply: &Reply) -> Option<InlineQueryResult> {
    // A refusal is nothing that somebody would send to others.
    let Reply::Answer(answer) = reply else {
        return None;
    };
    let document = Document::of(reply);
    let message = message_size::head(&html::text_of(&document).html);
    let content = InputMessageContent::Text(
        InputMessageContentText::new(message).parse_mode(ParseMode::Html),
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
