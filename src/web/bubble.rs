//! A message as a page shows it: its text, its evidence in one fold, what can be pressed under it.

use super::body;
use super::dark::dark_source;
use super::evidence;
use super::older_said;
use super::pressable::{self, Offered, RoomButton};
use super::shelf::FileShelf;
use crate::app::App;
use crate::document::{Block, Document};
use crate::ports::{Attachment, AttachmentKind, ChatId, MessageId, Outgoing};
use chrono::NaiveDate;
use maud::{Markup, PreEscaped, html};
use serde::{Deserialize, Serialize};

/// A file of a message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct RoomFile {
    /// The word that it is found by.
    pub(super) word: String,
    /// Its name, with its ending.
    pub(super) name: String,
    /// Whether it is shown in its place.
    pub(super) is_picture: bool,
    /// A picture's width and height, so that its place is there before it is.
    size: Option<(u32, u32)>,
    /// The word of the picture's drawing for a dark page; rooms of before 0.2.0 have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) dark: Option<String>,
}

impl RoomFile {
    /// Puts what goes with a message on the shelf.
    fn of(shelf: &FileShelf, chat: ChatId, file: &Attachment) -> Self {
        let dark = match &file.kind {
            AttachmentKind::Document => None,
            AttachmentKind::Picture { dark } => Some(shelf.put(chat, dark.as_bytes())),
        };
        Self {
            word: shelf.put(chat, &file.bytes),
            name: file.name.clone(),
            is_picture: dark.is_some(),
            size: size_of(&file.bytes),
            dark,
        }
    }
}

/// Who looks at a message, where and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Onlooker<'a> {
    /// The room, as it stands in addresses.
    pub(super) room: &'a str,
    /// Whether others see the room too.
    pub(super) is_shared: bool,
    /// The browser's own chat.
    pub(super) by: ChatId,
    /// The day.
    pub(super) on: NaiveDate,
}

/// Who said a message. Rooms have kept it since 0.1 as a number with a name, and still do, so that
/// the version before reads them too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(i64, String)", into = "(i64, String)")]
pub(super) struct Author {
    /// The own chat of the browser in which it was written.
    browser: ChatId,
    /// What others see as the person's name.
    name: String,
}

impl From<(i64, String)> for Author {
    fn from((number, name): (i64, String)) -> Self {
        let browser = ChatId(number);
        Self { browser, name }
    }
}

impl From<Author> for (i64, String) {
    fn from(author: Author) -> Self {
        (author.browser.0, author.name)
    }
}

/// What a message shows, whoever looks at it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct RoomMessage {
    /// Who said it; nobody for the bot.
    pub(super) author: Option<Author>,
    /// What it says, without what is folded away and without what its buttons say.
    #[serde(default)]
    says: Document,
    /// Its evidence in one fold, as markup: it stays as it was when it was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    evidence: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    buttons: Vec<Vec<RoomButton>>,
    /// All of it as markup, in what was kept before 0.2.0.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    body: String,
    time: String,
    /// The day, where it was written down.
    #[serde(default)]
    day: Option<NaiveDate>,
    /// The message that it replies to.
    reply_to: Option<MessageId>,
    pub(super) file: Option<RoomFile>,
    /// The picture's facts, or nothing.
    described: String,
    /// The name of a file that is not kept any more.
    #[serde(skip)]
    lost: Option<String>,
}

impl RoomMessage {
    /// What a person said.
    pub(super) fn of_person(
        app: &App,
        browser: ChatId,
        name: &str,
        text: &str,
        reply_to: Option<MessageId>,
    ) -> Self {
        let name = name.to_string();
        let author = Some(Author { browser, name });
        let says = Document(vec![Block::Text(text.to_string())]);
        Self {
            author,
            reply_to,
            ..Self::now(app, says)
        }
    }

    /// What the bot said, with the evidence where a button offers it.
    pub(super) fn of_bot(app: &App, shelf: &FileShelf, message: &Outgoing) -> Self {
        let offered = Offered::under(app, message);
        let (says, folded) = body::parted(&message.body, &offered.choices);
        let evidence = match &offered.origin {
            Some(origin) => evidence::of_answer(app, origin, &folded),
            None if folded.is_empty() => html! {},
            None => evidence::quoted(&folded),
        };
        let sent = message.attachment.as_ref();
        let file = sent.map(|file| RoomFile::of(shelf, message.chat, file));
        // Whoever does not see the picture reads the figures that it shows.
        let described = file
            .as_ref()
            .filter(|file| file.is_picture)
            .map(|_| message.body.plain())
            .unwrap_or_default();
        Self {
            evidence: evidence.into_string(),
            buttons: offered.rows,
            reply_to: message.reply_to,
            file,
            described,
            ..Self::now(app, says)
        }
    }

    /// What the bot says now, and nothing more.
    fn now(app: &App, says: Document) -> Self {
        let now = app.now();
        Self {
            author: None,
            says,
            evidence: String::new(),
            buttons: Vec::new(),
            body: String::new(),
            time: now.format("%H:%M").to_string(),
            day: Some(now.date_naive()),
            reply_to: None,
            file: None,
            described: String::new(),
            lost: None,
        }
    }

    /// As it can be shown again later: a file that is not kept any more is said to be gone.
    pub(super) fn still_kept(mut self, chat: ChatId, shelf: &FileShelf) -> Self {
        let is_gone = |file: &RoomFile| !shelf.has(chat, &file.word);
        if let Some(file) = self.file.take_if(|file| is_gone(file)) {
            self.lost = Some(file.name);
        }
        if let Some(file) = &mut self.file {
            file.dark.take_if(|word| !shelf.has(chat, word));
        }
        self
    }

    /// As an element of the list, as somebody sees it.
    pub(super) fn element(&self, number: i32, seen: &Onlooker<'_>) -> Markup {
        html! {
            article class={ "item " (self.class(seen)) } id=(format!("m{number}")) data-number=(number) aria-label=(format!("{} {}", self.name(seen), self.time)) {
                div.by { (self.by(seen))
                    @if let Some(to) = self.reply_to.filter(|_| self.author.is_some()) { " " a href=(format!("#m{to}")) { "回复" } }
                    @if seen.is_shared && self.author.is_none() { " " button.reply type="button" data-reply=(number) { "回复" } }
                }
                @if let Some(file) = &self.file { (self.sent(file, seen.room)) }
                @if self.body.is_empty() {
                    div.text { (body::element(&self.says)) }
                    (PreEscaped(&self.evidence))
                    (pressable::elements(&self.buttons, number))
                } @else { (older_said::element(&self.body, number)) }
                @if let Some(name) = &self.lost { p.note { (name) "不再保存了；需要的话请再要一次。" } }
            }
        }
    }

    fn is_mine(&self, seen: &Onlooker<'_>) -> bool {
        let author = self.author.as_ref();
        author.is_some_and(|author| author.browser == seen.by)
    }

    /// Whose it is, as a class of the style.
    pub(super) fn class(&self, seen: &Onlooker<'_>) -> &'static str {
        match &self.author {
            None => "bot",
            Some(_) if self.is_mine(seen) => "mine",
            Some(_) => "theirs",
        }
    }

    /// Who said it, as somebody calls them.
    fn name(&self, seen: &Onlooker<'_>) -> &str {
        match &self.author {
            None => "planbot",
            Some(_) if self.is_mine(seen) => "我",
            Some(author) => &author.name,
        }
    }

    /// Who said it and when.
    pub(super) fn by(&self, seen: &Onlooker<'_>) -> Markup {
        let day = self.day.filter(|day| *day != seen.on);
        html! { span.name { (self.name(seen)) } " " time { @if let Some(day) = day { (day.format("%-m月%-d日 ")) } (self.time) } }
    }

    /// What it says, without marks and without what can be pressed.
    pub(super) fn text(&self) -> String {
        if self.body.is_empty() {
            self.says.plain()
        } else {
            older_said::text(&self.body)
        }
    }

    fn sent(&self, file: &RoomFile, room: &str) -> Markup {
        let address_of = |word: &str| format!("/chat/file/{word}?room={room}");
        let address = address_of(&file.word);
        html! {
            @if file.is_picture {
                a.picture href=(address) { picture {
                    @if let Some(dark) = &file.dark { (dark_source(&address_of(dark))) }
                    img src=(address) alt=(self.described) width=[file.size.map(|size| size.0)] height=[file.size.map(|size| size.1)];
                } }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_was_kept_as_markup_is_read() {
        let kept = r#"{"author": null, "body": "<div class=\"text\">甲 &gt; 乙</div>", "time": "08:00",
            "day": "2022-01-04", "reply_to": 3, "file": null, "described": ""}"#;
        let said: RoomMessage = serde_json::from_str(kept).unwrap();
        assert_eq!(said.text(), "甲 > 乙");
    }

    #[test]
    fn an_author_is_kept_as_a_number_with_a_name() {
        let author = Author {
            browser: ChatId::of_browser(7),
            name: "甲".to_string(),
        };
        let kept = format!("[{},\"甲\"]", (1_i64 << 62) + 7);
        assert_eq!(serde_json::to_string(&author).unwrap(), kept);
        assert_eq!(serde_json::from_str::<Author>(&kept).unwrap(), author);
    }
}
