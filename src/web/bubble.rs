//! A message as a page shows it. What comes as a messenger's HTML is read mark by mark: only marks
//! that are known go on.

use super::evidence;
use super::shelf::Shelf;
use crate::app::App;
use crate::ports::{AttachmentKind, ButtonAct, OfferedButton, Outgoing};
use crate::store::{OnPress, Origin};
use maud::{Markup, PreEscaped, html};
use serde::{Deserialize, Serialize};

/// Stands for a message's number until it is shown; no text holds it.
const NUMBER: &str = "\u{2}";

/// A file of a message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SentFile {
    /// The word that it is found by.
    pub(super) word: String,
    name: String,
    is_picture: bool,
    /// A picture's width and height, so that its place is there before it is.
    size: Option<(u32, u32)>,
}

/// What a message shows, whoever looks at it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Said {
    /// Who said it; nobody for the bot.
    pub(super) author: Option<(i64, String)>,
    body: String,
    time: String,
    /// The message that it replies to.
    reply_to: Option<i32>,
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
        reply_to: Option<i32>,
    ) -> Self {
        let body = html! { div.text { (text) } }.into_string();
        let author = Some((person, name.to_string()));
        Self {
            author,
            body,
            time: time(app),
            reply_to,
            file: None,
            described: String::new(),
        }
    }

    /// What the bot said, with the evidence where a button offers it.
    pub(super) fn of_bot(app: &App, shelf: &Shelf, message: &Outgoing) -> Self {
        let text =
            known_marks(&message.html).unwrap_or_else(|| html! { (message.plain) }.into_string());
        let (origin, rest) = parted(app, message);
        let body = html! {
            div.text { (PreEscaped(text)) }
            @if let Some(origin) = origin { (evidence::of_answer(app, &origin)) }
            @if !rest.is_empty() { div.buttons { @for row in &rest { div.row { @for button in row { (shown(button)) } } } } }
        };
        let file = message.attachment.as_ref().map(|file| SentFile {
            word: shelf.put(file),
            name: file.name.clone(),
            is_picture: file.kind == AttachmentKind::Picture,
            size: size_of(&file.bytes),
        });
        let described = file
            .as_ref()
            .filter(|file| file.is_picture)
            .map(|_| message.plain.clone())
            .unwrap_or_default();
        Self {
            author: None,
            body: body.into_string(),
            time: time(app),
            reply_to: message.reply_to,
            file,
            described,
        }
    }

    /// As it can be shown again later: a file that is not kept any more is said to be gone.
    pub(super) fn still_kept(mut self, shelf: &Shelf) -> Self {
        let is_gone = |file: &SentFile| shelf.get(&file.word).is_none();
        if let Some(file) = self.file.take_if(|file| is_gone(file)) {
            let gone = html! { p.note { (file.name) "不再保存了；需要的话请再要一次。" } };
            self.body.push_str(&gone.into_string());
        }
        self
    }

    /// As an element of the list, as somebody sees it.
    pub(super) fn element(&self, number: i32, room: &str, viewer: i64) -> Markup {
        let mine = self
            .author
            .as_ref()
            .is_some_and(|(person, _)| *person == viewer);
        let class = if mine {
            "mine"
        } else if self.author.is_some() {
            "theirs"
        } else {
            "bot"
        };
        let name = self
            .author
            .as_ref()
            .map_or("planbot", |(_, name)| if mine { "我" } else { name });
        html! {
            li class={ "item " (class) } id=(format!("m{number}")) data-number=(number) {
                div.by { span.name { (name) } " " time { (self.time) }
                    @if let Some(to) = self.reply_to.filter(|_| self.author.is_some()) { " " a href=(format!("#m{to}")) { "回复" } }
                    @if room == "group" && self.author.is_none() { " " button.reply type="button" data-reply=(number) { "回复" } }
                }
                @if let Some(file) = &self.file { (self.sent(file, room)) }
                (PreEscaped(self.body.replace(NUMBER, &number.to_string())))
            }
        }
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

/// What an answer came from, where a button offers its evidence, and the other buttons: on a page
/// the evidence opens in its place.
fn parted(app: &App, message: &Outgoing) -> (Option<Origin>, Vec<Vec<OfferedButton>>) {
    let mut origin = None;
    let mut is_original = |button: &OfferedButton| {
        let offered = app
            .store()
            .zip(button.id())
            .and_then(|(store, id)| store.offered(message.chat.0, id).ok().flatten());
        let Some((of_answer, OnPress::Original)) = offered else {
            return false;
        };
        origin = Some(of_answer);
        true
    };
    let rows = message.buttons.iter().map(|row| {
        row.iter()
            .filter(|button| !is_original(button))
            .cloned()
            .collect::<Vec<_>>()
    });
    let rows = rows.filter(|row| !row.is_empty()).collect();
    (origin, rows)
}

/// A button: a press is sent with the number of its message, which is filled in when the message is
/// shown.
fn shown(button: &OfferedButton) -> Markup {
    html! {
        @match &button.does {
            ButtonAct::SendBack(id) => button type="submit" form="press" name="button" value=(format!("{NUMBER}:{id}")) { (button.label) },
            ButtonAct::Nothing => button type="button" disabled { (button.label) },
            ButtonAct::Copy(text) => button.copy type="button" data-copy=(text) { (button.label) },
        }
    }
}

/// A messenger's HTML with its marks as a page has them; nothing where it holds a mark that is not
/// known.
fn known_marks(html: &str) -> Option<String> {
    let mut out = String::with_capacity(html.len() + 64);
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, from) = rest.split_at(at);
        out.push_str(known_text(text)?);
        let end = from.find('>')?;
        let mark = from.get(1..end)?;
        rest = from.get(end + 1..)?;
        match mark {
            "b" | "i" | "pre" => {
                open.push(mark);
                out.push_str(&format!("<{mark}>"));
            }
            "blockquote" | "blockquote expandable" => {
                open.push("blockquote");
                out.push_str("<details class=\"quoted\"><summary>引文</summary><blockquote>");
            }
            "/b" | "/i" | "/pre" if open.pop() == mark.get(1..) => {
                out.push_str(&format!("<{mark}>"))
            }
            "/blockquote" if open.pop() == Some("blockquote") => {
                out.push_str("</blockquote></details>")
            }
            _ => return None,
        }
        if matches!(mark, "/pre" | "/blockquote") {
            rest = rest.strip_prefix('\n').unwrap_or(rest);
        }
    }
    out.push_str(known_text(rest)?);
    // A line that ends before a block needs no break of its own.
    open.is_empty().then(|| {
        out.replace("\n<pre>", "<pre>")
            .replace("\n<details", "<details")
    })
}

/// A text without marks: it must be escaped already.
fn known_text(text: &str) -> Option<&str> {
    let escaped = text.split('&').skip(1).all(|tail| {
        ["amp;", "lt;", "gt;", "quot;"]
            .iter()
            .any(|known| tail.starts_with(known))
    });
    (escaped && !text.contains(['>', '"'])).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_marks_that_are_closed_go_on() {
        let marked = "<b>甲 &lt;1&gt;</b>\n<blockquote expandable>乙</blockquote>\n<i>来源</i>";
        let shown = known_marks(marked).unwrap();
        assert_eq!(
            shown,
            "<b>甲 &lt;1&gt;</b><details class=\"quoted\"><summary>引文</summary><blockquote>乙</blockquote></details><i>来源</i>"
        );
        let refused = [
            "<script>1</script>",
            "<b onclick=x>1</b>",
            "<b>1",
            "1 < 2",
            "<i><b>1</i></b>",
            "a & b",
            "<a href=\"x\">1</a>",
            "\"x",
        ];
        for html in refused {
            assert_eq!(known_marks(html), None, "{html}");
        }
    }
}
