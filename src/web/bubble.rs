//! A message as a page shows it: its text, its evidence in one fold, what can be pressed under it.

use super::body::Body;
use super::evidence;
use super::icons::{Icon, icon};
use super::shelf::Shelf;
use crate::app::App;
use crate::ports::{AttachmentKind, ButtonAct, ChatId, MessageId, OfferedButton, Outgoing};
use crate::store::{OnPress, Origin};
use chrono::NaiveDate;
use maud::{Markup, PreEscaped, html};
use serde::{Deserialize, Serialize};

/// Stands for a message's number until it is shown; no text holds it.
const NUMBER: &str = "\u{2}";

/// A file of a message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SentFile {
    /// The word that it is found by.
    pub(super) word: String,
    /// Its name, with its ending.
    pub(super) name: String,
    /// Whether it is shown in its place.
    pub(super) is_picture: bool,
    /// A picture's width and height, so that its place is there before it is.
    size: Option<(u32, u32)>,
}

/// Who looks at a message, where and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    /// The room, as it stands in addresses.
    pub(super) room: &'a str,
    /// Whether others see the room too.
    pub(super) is_shared: bool,
    /// The browser's own chat.
    pub(super) by: i64,
    /// The day.
    pub(super) on: NaiveDate,
}

/// What a message shows, whoever looks at it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Said {
    /// Who said it; nobody for the bot.
    pub(super) author: Option<(i64, String)>,
    body: String,
    time: String,
    /// The day, where it was written down.
    #[serde(default)]
    day: Option<NaiveDate>,
    /// The message that it replies to.
    reply_to: Option<MessageId>,
    /// A file.
    pub(super) file: Option<SentFile>,
    /// The picture's facts, or nothing.
    described: String,
}

impl Said {
    /// What a person said.
    pub(super) fn of_person(
        app: &App,
        person: i64,
        name: &str,
        text: &str,
        reply_to: Option<MessageId>,
    ) -> Self {
        let body = html! { div.text { (text) } }.into_string();
        let author = Some((person, name.to_string()));
        Self {
            author,
            body,
            time: time(app),
            day: Some(app.now().date_naive()),
            reply_to,
            file: None,
            described: String::new(),
        }
    }

    /// What the bot said, with the evidence where a button offers it.
    pub(super) fn of_bot(app: &App, shelf: &Shelf, message: &Outgoing) -> Self {
        let buttons = Buttons::of(app, message);
        let Body { text, folded } = Body::of(&message.body, &buttons.labels);
        let body = html! {
            div.text { (text) }
            @if let Some(origin) = &buttons.origin { (evidence::of_answer(app, origin, &folded)) }
            @else if !folded.is_empty() { (evidence::quoted(&folded)) }
            (buttons.shown())
        };
        let file = message.attachment.as_ref().map(|file| SentFile {
            word: shelf.put(message.chat, file),
            name: file.name.clone(),
            is_picture: file.kind == AttachmentKind::Picture,
            size: size_of(&file.bytes),
        });
        let described = file
            .as_ref()
            .filter(|file| file.is_picture)
            .map(|_| message.body.plain())
            .unwrap_or_default();
        Self {
            author: None,
            body: body.into_string(),
            time: time(app),
            day: Some(app.now().date_naive()),
            reply_to: message.reply_to,
            file,
            described,
        }
    }

    /// As it can be shown again later: a file that is not kept any more is said to be gone.
    pub(super) fn still_kept(mut self, chat: ChatId, shelf: &Shelf) -> Self {
        let is_gone = |file: &SentFile| !shelf.has(chat, &file.word);
        if let Some(file) = self.file.take_if(|file| is_gone(file)) {
            let gone = html! { p.note { (file.name) "不再保存了；需要的话请再要一次。" } };
            self.body.push_str(&gone.into_string());
        }
        self
    }

    /// As an element of the list, as somebody sees it.
    pub(super) fn element(&self, number: i32, seen: &Seen<'_>) -> Markup {
        html! {
            article class={ "item " (self.class(seen)) } id=(format!("m{number}")) data-number=(number) aria-label=(format!("{} {}", self.name(seen), self.time)) {
                div.by { (self.by(seen))
                    @if let Some(to) = self.reply_to.filter(|_| self.author.is_some()) { " " a href=(format!("#m{to}")) { "回复" } }
                    @if seen.is_shared && self.author.is_none() { " " button.reply type="button" data-reply=(number) { "回复" } }
                }
                @if let Some(file) = &self.file { (self.sent(file, seen.room)) }
                (PreEscaped(self.body.replace(NUMBER, &number.to_string())))
            }
        }
    }

    fn is_mine(&self, seen: &Seen<'_>) -> bool {
        let author = self.author.as_ref();
        author.is_some_and(|(person, _)| *person == seen.by)
    }

    /// Whose it is, as a class of the style.
    pub(super) fn class(&self, seen: &Seen<'_>) -> &'static str {
        match &self.author {
            None => "bot",
            Some(_) if self.is_mine(seen) => "mine",
            Some(_) => "theirs",
        }
    }

    /// Who said it, as somebody calls them.
    fn name(&self, seen: &Seen<'_>) -> &str {
        match &self.author {
            None => "planbot",
            Some(_) if self.is_mine(seen) => "我",
            Some((_, name)) => name,
        }
    }

    /// Who said it and when.
    pub(super) fn by(&self, seen: &Seen<'_>) -> Markup {
        let day = self.day.filter(|day| *day != seen.on);
        html! { span.name { (self.name(seen)) } " " time { @if let Some(day) = day { (day.format("%-m月%-d日 ")) } (self.time) } }
    }

    /// What it says, without marks and without what can be pressed.
    pub(super) fn text(&self) -> String {
        let ends = ["<details class=\"evidence\"", "<div class=\"buttons\""];
        let until = ends.iter().filter_map(|end| self.body.find(end)).min();
        let body = &self.body[..until.unwrap_or(self.body.len())];
        let mut text = String::with_capacity(body.len());
        for part in body.split('<') {
            let (mark, said) = part.split_once('>').unwrap_or(("", part));
            let begins_row = mark == "dt" && !text.ends_with('\n');
            if begins_row || matches!(mark, "/dd" | "/p") {
                text.push('\n');
            } else if mark == "dd" {
                text.push_str("  ");
            }
            text.push_str(said);
        }
        let escaped = [
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&amp;", "&"),
        ];
        let text = escaped
            .iter()
            .fold(text, |text, (mark, letter)| text.replace(mark, letter));
        text.trim().to_string()
    }

    fn sent(&self, file: &SentFile, room: &str) -> Markup {
        let address = format!("/chat/file/{}?room={room}", file.word);
        html! {
            @if file.is_picture {
                a.picture href=(address) { img src=(address) alt=(self.described) width=[file.size.map(|size| size.0)] height=[file.size.map(|size| size.1)]; }
            } @else {
                a.file href=(address) download=(file.name) { "下载 " (file.name) }
            }
        }
    }
}

/// Width and height of a PNG, which stand in its head.
fn size_of(png: &[u8]) -> Option<(u32, u32)> {
    let number = |from: usize| {
        Some(u32::from_be_bytes(
            png.get(from..from + 4)?.try_into().ok()?,
        ))
    };
    png.starts_with(b"\x89PNG")
        .then_some(number(16).zip(number(20)))
        .flatten()
}

fn time(app: &App) -> String {
    app.now().format("%H:%M").to_string()
}

/// What can be pressed under a message.
#[derive(Default)]
struct Buttons {
    /// What an answer came from, where a button offers its evidence: on a page it opens in its
    /// place.
    origin: Option<Origin>,
    rows: Vec<Vec<(OfferedButton, Option<OnPress>)>>,
    /// What the choices say in full.
    labels: Vec<String>,
}

impl Buttons {
    fn of(app: &App, message: &Outgoing) -> Self {
        let mut buttons = Self::default();
        for row in &message.buttons {
            let mut shown = Vec::new();
            for button in row {
                let offered = app.store().zip(button.id()).and_then(|(store, id)| {
                    let offered = store.offered(message.chat, id);
                    offered.ok().flatten()
                });
                let press = match offered {
                    Some((of_answer, OnPress::Original)) => {
                        buttons.origin = Some(of_answer);
                        continue;
                    }
                    Some((_, press)) => Some(press),
                    None => None,
                };
                if let Some(OnPress::Choose(picked)) = &press {
                    buttons.labels.push(picked.label.clone());
                }
                shown.push((button.clone(), press));
            }
            if !shown.is_empty() {
                buttons.rows.push(shown);
            }
        }
        buttons
    }

    fn shown(&self) -> Markup {
        html! {
            @if !self.rows.is_empty() { div.buttons { @for row in &self.rows { div.row {
                @for (button, press) in row { (shown(button, press.as_ref())) }
                @if row.iter().any(|(_, press)| matches!(press, Some(OnPress::Vote(true)))) {
                    button.copy type="button" data-copy-answer { (icon(Icon::Copy)) "连出处复制" }
                }
            } } } }
        }
    }
}

/// A button: a press is sent with the number of its message, which is filled in when the message is
/// shown.
fn shown(button: &OfferedButton, press: Option<&OnPress>) -> Markup {
    let label = match press {
        Some(OnPress::Choose(picked)) => html! { (picked.label) },
        Some(OnPress::Vote(true)) => html! { (icon(Icon::Up)) "有用" },
        Some(OnPress::Vote(false)) => html! { (icon(Icon::Down)) "没用" },
        _ => html! { (button.label) },
    };
    html! {
        @match &button.does {
            ButtonAct::SendBack(id) => button type="submit" form="press" name="button" value=(format!("{NUMBER}:{id}")) { (label) },
            ButtonAct::Nothing => button type="button" disabled { (label) },
            ButtonAct::Copy(text) => button.copy type="button" data-copy=(text) { (icon(Icon::Copy)) (label) },
        }
    }
}
