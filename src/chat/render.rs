//! A reply as text: plain, or HTML for a messenger, cut into messages that break no tag, no character and no figure.

use super::words;
use crate::answer::{Answer, Reply};

/// The most UTF-16 units in one message; Telegram allows 4,096 and counts after taking marks out.
pub const LONGEST_MESSAGE: usize = 4_000;

/// A line with its weight in the message.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Line {
    Lead(String),
    Text(String),
    Source(String),
}

/// A text in two forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Escaped, with whole tags.
    pub html: String,
    /// Without marks.
    pub plain: String,
}

/// A reply as one plain text.
pub fn plain(reply: &Reply) -> String {
    lines(reply).iter().map(Line::text).collect::<Vec<_>>().join("\n")
}

/// A reply as messages.
pub fn messages(reply: &Reply) -> Vec<Rendered> {
    split(lines(reply))
}

/// A sentence of the bot's own as messages.
pub fn sentence(text: &str) -> Vec<Rendered> {
    split(text.lines().map(|line| Line::Text(line.to_string())).collect())
}

fn lines(reply: &Reply) -> Vec<Line> {
    match reply {
        Reply::Answer(answer) => {
            let mut lines = vec![Line::Lead(answer.lead.clone())];
            lines.extend(answer.context.iter().cloned().map(Line::Text));
            lines.push(Line::Source(format!("{}{}", words::SOURCE, places(answer))));
            lines
        }
        Reply::Clarify(clarification) => {
            let mut lines = vec![Line::Lead(clarification.question.clone())];
            lines.extend(clarification.options.iter().map(|option| Line::Text(format!("· {option}"))));
            lines
        }
        Reply::Unknown(refusal) => {
            let head =
                if refusal.missing.is_empty() { words::NOT_UNDERSTOOD.to_string() } else { words::not_in_documents(&refusal.missing) };
            let mut lines = vec![Line::Lead(head)];
            if !refusal.nearest.is_empty() {
                lines.push(Line::Text(format!("{}{}", words::THERE_IS, refusal.nearest.join("；"))));
            }
            lines
        }
        Reply::Help => words::HELP.lines().map(|line| Line::Text(line.to_string())).collect(),
    }
}

/// The places of an answer, each once; rows of one table are joined (附件2 第1、3行).
fn places(answer: &Answer) -> String {
    let mut joined: Vec<(String, Vec<String>)> = Vec::new();
    for citation in answer.citations() {
        let parted = citation.place.rsplit_once(" 第").and_then(|(head, tail)| Some((head, tail.strip_suffix('行')?)));
        match parted {
            Some((head, number)) => match joined.iter_mut().find(|(known, numbers)| known == head && !numbers.is_empty()) {
                Some((_, numbers)) if numbers.iter().any(|known| known == number) => {}
                Some((_, numbers)) => numbers.push(number.to_string()),
                None => joined.push((head.to_string(), vec![number.to_string()])),
            },
            None if joined.iter().any(|(known, _)| *known == citation.place) => {}
            None => joined.push((citation.place.clone(), Vec::new())),
        }
    }
    let shown =
        joined.into_iter().map(|(head, numbers)| if numbers.is_empty() { head } else { format!("{head} 第{}行", numbers.join("、")) });
    shown.collect::<Vec<_>>().join("；")
}

impl Line {
    fn text(&self) -> &str {
        match self {
            Self::Lead(text) | Self::Text(text) | Self::Source(text) => text,
        }
    }

    fn with(&self, text: &str) -> Self {
        match self {
            Self::Lead(_) => Self::Lead(text.to_string()),
            Self::Text(_) => Self::Text(text.to_string()),
            Self::Source(_) => Self::Source(text.to_string()),
        }
    }

    fn html(&self) -> String {
        let text = escape(self.text());
        match self {
            Self::Lead(_) => format!("<b>{text}</b>"),
            Self::Text(_) => text,
            Self::Source(_) => format!("<i>{text}</i>"),
        }
    }
}

/// Escapes what HTML would read as marks.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Packs lines into messages; a line that is too long for one is cut behind a punctuation mark.
fn split(lines: Vec<Line>) -> Vec<Rendered> {
    let mut messages: Vec<Rendered> = Vec::new();
    for line in lines.iter().flat_map(pieces) {
        let (html, plain) = (line.html(), line.text().to_string());
        match messages.last_mut() {
            Some(last) if units(&last.html) + units(&html) < LONGEST_MESSAGE => {
                last.html.push('\n');
                last.html.push_str(&html);
                last.plain.push('\n');
                last.plain.push_str(&plain);
            }
            _ => messages.push(Rendered { html, plain }),
        }
    }
    messages
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn pieces(line: &Line) -> Vec<Line> {
    let mut pieces = Vec::new();
    let mut rest = line.text();
    while units(&line.with(rest).html()) >= LONGEST_MESSAGE {
        let end = cut(line, rest);
        pieces.push(line.with(rest.get(..end).unwrap_or_default()));
        rest = rest.get(end..).unwrap_or_default();
    }
    pieces.push(line.with(rest));
    pieces
}

/// Where to cut: behind the last mark of punctuation that fits, else before the last figure or word that fits.
fn cut(line: &Line, text: &str) -> usize {
    let mut best = None;
    let mut loose = None;
    let mut end = 0;
    let mut used = units(&line.with("").html());
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '%' | '-');
        if !(joins(before) && joins(letter)) {
            loose = Some(at);
        }
        used += units(&escape(&letter.to_string()));
        if used >= LONGEST_MESSAGE {
            break;
        }
        end = at + letter.len_utf8();
        if "。；，、！？".contains(letter) {
            best = Some(end);
        }
        before = letter;
    }
    best.or(loose.filter(|at| *at > 0)).unwrap_or(end).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_escaped_and_long_text_is_cut_whole() {
        let sentence = "全年 <目标> & 12345.67亿元，".repeat(600);
        let parts = super::sentence(&sentence);
        assert!(parts.len() > 2);
        for part in &parts {
            assert!(units(&part.html) <= 4_096);
            assert!(!part.html.contains("<目标>"));
            assert!(part.plain.ends_with('，'), "{}", part.plain);
        }
        assert_eq!(parts.iter().map(|p| p.plain.as_str()).collect::<String>(), sentence);
    }

    #[test]
    fn a_figure_is_never_cut() {
        let digits = format!("{}{}", "字".repeat(LONGEST_MESSAGE - 3), "123456789");
        let parts = super::sentence(&digits);
        assert!(parts.iter().any(|part| part.plain.contains("123456789")));
    }
}
