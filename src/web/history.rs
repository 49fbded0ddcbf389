//! What was said in a room as long as it is kept, and a search in it.

use super::chat_page::seen;
use super::fault::PageFault;
use super::form::Queried;
use super::highlight::{holds, marked, words};
use super::places::RoomPlace;
use super::room::MOST_SHOWN;
use super::shell::{self, Tab};
use super::site::Site;
use super::visitor::Visitor;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use maud::html;
use serde::Deserialize;
use std::sync::Arc;

/// So many messages are shown, the newest.
const MOST_FOUND: usize = 500;

/// What is looked for, and where.
#[derive(Debug, Deserialize)]
pub(super) struct HistorySearch {
    #[serde(default)]
    room: String,
    #[serde(default)]
    q: String,
}

pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Queried(search): Queried<HistorySearch>,
) -> Result<Response, PageFault> {
    let place = RoomPlace::of(&site, &search.room, &visitor)?;
    let words = words(&search.q);
    // A browser that shows no cookie has no room yet, and must not make one by looking.
    let all = if visitor.known || place.is_shared() {
        site.rooms.all_said(place.chat)
    } else {
        Vec::new()
    };
    // What is not shown in the room any more has no place there to go to.
    let first_shown = all.len().saturating_sub(MOST_SHOWN);
    let found: Vec<_> = all
        .iter()
        .enumerate()
        .map(|(at, entry)| (at >= first_shown, entry, entry.said.text()))
        .filter(|(.., text)| holds(text, &words))
        .collect();
    let seen = seen(&site, &place, &visitor);
    let content = html! {
        form.filters method="get" action="/chat/history" role="search" {
            input type="hidden" name="room" value=(place.word);
            label { "找什么 " input type="search" name="q" value=(search.q) maxlength="100"; }
            button type="submit" { "查找" }
            a href=(place.address()) { "回到" (place.name) }
        }
        p.tools role="status" { "共 " (found.len()) " 条" @if found.len() > MOST_FOUND { "，只列最近 " (MOST_FOUND) " 条" } "；只保留最近30天的。" }
        @if found.is_empty() { p.empty { "没有找到；请换个词。" } }
        div.history { @for (is_there, entry, text) in found.iter().rev().take(MOST_FOUND) {
            article class={ "item " (entry.said.class(&seen)) } {
                div.by { (entry.said.by(&seen)) @if *is_there { " " a href=(format!("{}#m{}", place.address(), entry.number)) { "在会话里看" } } }
                div.text { (marked(text, &words)) }
            }
        } }
    };
    Ok(shell::page(
        &site,
        Tab::History,
        &format!("{}的聊天记录", place.name),
        &visitor,
        content,
    ))
}
