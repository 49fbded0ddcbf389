//! Who did what, as a person reads it: names instead of numbers where there are any, and a search.

use super::highlight::{holds, marked, words};
use super::page_chats::{self, GROUP};
use super::site::Site;
use crate::model::Whose;
use crate::ports::{ChatId, PersonId};
use crate::store::{Audit, Store, StoreError};
use crate::words::zh::acts;
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::HashMap;

/// So many acts are shown, newest first.
const MOST_ACTS: usize = 100;

/// What is looked for among the acts.
#[derive(Debug, Default, Deserialize)]
pub(super) struct AuditSearch {
    #[serde(default)]
    acts: String,
}

/// An act as it is shown.
struct Line {
    at: String,
    who: String,
    act: String,
    result: String,
}

/// The acts with their search.
pub(super) fn section(site: &Site, search: &AuditSearch) -> Result<Markup, StoreError> {
    let acts = site.app.store().map(Store::audits).transpose()?;
    let acts = acts.unwrap_or_default();
    let mut chats = Chats {
        site,
        known: HashMap::new(),
    };
    let words = words(&search.acts);
    let mut found = Vec::new();
    for act in acts.iter().rev() {
        let line = chats.line(act)?;
        let whole = format!("{} {} {} {}", line.at, line.who, line.act, line.result);
        if holds(&whole, &words) {
            found.push(line);
        }
    }
    Ok(html! {
        @if acts.is_empty() { p.empty { "还没有操作。" } }
        @else {
            form.filters method="get" action="/admin#acts" role="search" {
                label { "找谁、找什么、哪一天 " input type="search" name="acts" value=(search.acts) placeholder="如：报送 6月、已报送" maxlength="60"; }
                button type="submit" { "查找" }
                @if !words.is_empty() { a href="/admin#acts" { "全部" } }
            }
            p.tools role="status" { "共 " (found.len()) " 条" @if found.len() > MOST_ACTS { "，只列最近 " (MOST_ACTS) " 条" } }
            @if found.is_empty() { p.empty { "没有找到；请换个词。" } }
            @else { (table(&found, &words)) }
        }
    })
}

fn table(found: &[Line], words: &[String]) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="操作记录" { table {
            thead { tr { th scope="col" { "时间" } th scope="col" { "谁" } th scope="col" { "操作" } th scope="col" { "结果" } } }
            tbody { @for line in found.iter().take(MOST_ACTS) { tr {
                th scope="row" { (marked(&line.at, words)) }
                td data-label="谁" { (marked(&line.who, words)) }
                td data-label="操作" { (marked(&line.act, words)) }
                td data-label="结果" { (marked(&line.result, words)) }
            } } }
        } }
    }
}

/// What chats are called, each looked up once.
struct Chats<'a> {
    site: &'a Site,
    known: HashMap<ChatId, String>,
}

impl Chats<'_> {
    fn line(&mut self, act: &Audit) -> Result<Line, StoreError> {
        let name = match act.name.as_str() {
            "" => person(act.person),
            name => name.to_string(),
        };
        let who = match act.chat {
            // In a chat of one's own the person says it all.
            Some(chat) if chat != act.person.own_chat() => {
                format!("{name}（{}）", self.name(chat)?)
            }
            _ => name,
        };
        Ok(Line {
            at: act.at.get(..16).unwrap_or(&act.at).replace('T', " "),
            who,
            act: acts::act(&act.act).to_string(),
            result: self.result(&act.result)?,
        })
    }

    /// A result whose last bracket names a duty or a chat, in words.
    fn result(&mut self, result: &str) -> Result<String, StoreError> {
        let bracket = result
            .strip_suffix('）')
            .and_then(|text| text.rsplit_once('（'));
        let Some((what, about)) = bracket else {
            return Ok(result.to_string());
        };
        if let Some(chat) = acts::chat_in(about) {
            return Ok(format!("{what}（{}）", self.name(chat)?));
        }
        Ok(duty(about).map_or_else(|| result.to_string(), |duty| format!("{what}（{duty}）")))
    }

    /// What a chat is called: by the units that it stands for, where it stands for any.
    fn name(&mut self, chat: ChatId) -> Result<String, StoreError> {
        if let Some(known) = self.known.get(&chat) {
            return Ok(known.clone());
        }
        let units = self.units(chat)?;
        let name = if !units.is_empty() {
            format!("{}的会话", units.join("、"))
        } else if let Some(room) = self.room(chat) {
            room
        } else if chat.is_group() {
            format!("群 {}", chat.0)
        } else {
            format!("私聊 {}", chat.0)
        };
        self.known.insert(chat, name.clone());
        Ok(name)
    }

    fn units(&self, chat: ChatId) -> Result<Vec<String>, StoreError> {
        let Some(kept) = self.site.app.with_state() else {
            return Ok(Vec::new());
        };
        let subscription = kept.store().subscription(chat)?;
        let standing = subscription.map(|known| known.units).unwrap_or_default();
        let ids: Vec<_> = standing.into_iter().map(|standing| standing.unit).collect();
        kept.look_at_desk(|desk| Ok(desk.roll()?.names(&ids)))
    }

    /// A room of the page, or the terminal.
    fn room(&self, chat: ChatId) -> Option<String> {
        if chat == GROUP {
            return Some("网页工作群".to_string());
        }
        if chat == ChatId::LOCAL {
            return Some("本机终端".to_string());
        }
        let departments = self.site.departments.all();
        let department = departments
            .iter()
            .find(|room| page_chats::chat_of_department(&room.word) == chat);
        department
            .map(|room| format!("网页会话“{}”", room.name))
            .or_else(|| page_chats::is_of_page(chat).then(|| person(PersonId(chat.0))))
    }
}

/// A duty by its key: recipient, subject and month, where several are of a month with a number.
fn duty(key: &str) -> Option<String> {
    let mut parts = key.rsplitn(3, '/');
    let (month, subject, recipient) = (parts.next()?, parts.next()?, parts.next()?);
    let (year, month) = month.split_once('-')?;
    let (month, number) = month.split_once('.').unwrap_or((month, ""));
    let (year, month) = (year.parse::<i32>().ok()?, month.parse::<u32>().ok()?);
    let number = if number.is_empty() {
        String::new()
    } else {
        format!("第{number}次")
    };
    Some(format!(
        "{year}年{month}月{number}向{recipient}报送{subject}"
    ))
}

fn person(person: PersonId) -> String {
    match person {
        PersonId::LOCAL => "本机终端".to_string(),
        PersonId::PAGE => "网页管理员".to_string(),
        PersonId(id) if person.whose() == Whose::Page => {
            format!("网页访客{:04X}", id & 0xFFFF)
        }
        PersonId(id) => format!("编号 {id}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duty_is_said_in_words() {
        let said = |key| duty(key).unwrap_or_default();
        assert_eq!(
            said("县水务局/灌溉进度/2024-06"),
            "2024年6月向县水务局报送灌溉进度"
        );
        assert_eq!(said("局/甲/乙/2024-11.2"), "2024年11月第2次向局/甲报送乙");
        assert_eq!(said("不是这样"), "");
    }
}
