//! What a person sees, drawn from the bot's own messages: for the README. `just screens` writes docs/screens.

use crate::fake_bot_api::Sent;
use crate::harness::{ADMIN, RunningBot, SOMEBODY, group, mention};
use planbot::Picture;
use std::path::Path;

const WIDTH: f32 = 830.0;
const SIZE: f32 = 26.0;
const LINE: f32 = 40.0;
const LEFT: f32 = 36.0;
const COLUMNS: usize = 50;
/// How wide a letter of half a column stands: figures are a little wider than half of what is full.
const HALF: f32 = SIZE * 0.57;

/// A line of a bubble with its look.
struct Drawn {
    text: String,
    look: &'static str,
    folded: bool,
    /// In even type, where columns stand below each other.
    even: bool,
}

fn columns(text: &str) -> usize {
    text.chars()
        .map(|letter| if letter.is_ascii() { 1 } else { 2 })
        .sum()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn read(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// The lines of a message, wrapped; of a folded quotation the first three, as a telephone shows it.
fn lines(html: &str) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    let (mut folded, mut even) = (false, false);
    for line in html.lines() {
        folded |= line.contains("<blockquote expandable>");
        even |= line.contains("<pre>");
        let look = match () {
            () if line.contains("<b>") => "stroke=\"#111\" stroke-width=\"0.9\" fill=\"#111\"",
            () if line.contains("<i>") => "fill=\"#5b6b7a\"",
            () => "fill=\"#222\"",
        };
        let bare = [
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            "<pre>",
            "</pre>",
            "<blockquote expandable>",
            "</blockquote>",
        ]
        .iter()
        .fold(line.to_string(), |text, tag| text.replace(tag, ""));
        let mut rest = String::new();
        for letter in read(&bare).chars() {
            if columns(&rest) + columns(&letter.to_string()) > COLUMNS && !even {
                drawn.push(Drawn {
                    text: std::mem::take(&mut rest),
                    look,
                    folded,
                    even,
                });
            }
            rest.push(letter);
        }
        drawn.push(Drawn {
            text: rest,
            look,
            folded,
            even,
        });
        folded &= !line.contains("</blockquote>");
        even &= !line.contains("</pre>");
    }
    let mut shown = 0;
    drawn.retain(|line| {
        shown = if line.folded { shown + 1 } else { 0 };
        shown <= 3
    });
    drawn
}

/// A question and its reply as bubbles with buttons.
fn screen(question: &str, reply: &Sent) -> Vec<u8> {
    let mut svg = String::new();
    let family = "font-family=\"Noto Sans CJK SC, Noto Sans SC, sans-serif\"";
    let mut text = |x: f32, y: f32, look: &str, words: &str| {
        svg.push_str(&format!(
            "<text x=\"{x}\" y=\"{y}\" {family} font-size=\"{SIZE}\" xml:space=\"preserve\" {look}>{}</text>",
            escaped(words)
        ));
    };
    let asked = columns(question) as f32 * HALF + 48.0;
    text(
        WIDTH - LEFT - asked + 22.0,
        62.0,
        "fill=\"#0b3d1e\"",
        question,
    );
    let top = 110.0;
    let mut y = top + 20.0;
    let mut bars = Vec::new();
    for line in lines(&reply.text) {
        y += LINE;
        if line.folded {
            bars.push(y);
        }
        let left = LEFT + 28.0 + if line.folded { 16.0 } else { 0.0 };
        match line.text.split_once("  ").filter(|_| line.even) {
            Some((label, value)) => {
                let before = columns(&line.text) - columns(value.trim_start());
                text(left, y - 10.0, line.look, label);
                text(
                    left + before as f32 * SIZE / 2.0,
                    y - 10.0,
                    line.look,
                    value.trim_start(),
                );
            }
            None => text(left, y - 10.0, line.look, &line.text),
        }
    }
    let bottom = y + 22.0;
    let mut shapes = format!(
        "<rect x=\"{}\" y=\"24\" width=\"{asked}\" height=\"60\" rx=\"20\" fill=\"#d6f5d6\"/><rect x=\"{LEFT}\" y=\"{top}\" width=\"{}\" height=\"{}\" rx=\"20\" fill=\"#fff\"/>",
        WIDTH - LEFT - asked,
        WIDTH - 2.0 * LEFT,
        bottom - top
    );
    if let (Some(first), Some(last)) = (bars.first(), bars.last()) {
        shapes.push_str(&format!("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"#eef4fb\"/><rect x=\"{}\" y=\"{}\" width=\"5\" height=\"{}\" fill=\"#3b82c4\"/>", LEFT + 20.0, first - LINE + 4.0, WIDTH - 2.0 * LEFT - 40.0, last - first + LINE, LEFT + 20.0, first - LINE + 4.0, last - first + LINE));
    }
    let mut y = bottom + 12.0;
    for row in rows(reply) {
        let width = (WIDTH - 2.0 * LEFT - 8.0 * (row.len() as f32 - 1.0)) / row.len() as f32;
        for (at, label) in row.iter().enumerate() {
            let x = LEFT + at as f32 * (width + 8.0);
            shapes.push_str(&format!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"54\" rx=\"14\" fill=\"#8fb3d1\"/>"));
            let label = label.replace("👍", "赞").replace("👎", "踩");
            text(
                x + width / 2.0 - columns(&label) as f32 * SIZE / 4.0,
                y + 37.0,
                "fill=\"#0d2236\"",
                &label,
            );
        }
        y += 62.0;
    }
    let height = y + 20.0;
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\"><rect width=\"100%\" height=\"100%\" fill=\"#c9dbe8\"/>{shapes}{svg}</svg>"
    );
    Picture {
        svg,
        size: (WIDTH as u32, height as u32),
        title: String::new(),
        description: String::new(),
    }
    .png()
    .unwrap()
}

/// The labels of the buttons, in their rows.
fn rows(reply: &Sent) -> Vec<Vec<String>> {
    let mut labels = reply.buttons.iter().map(|(label, _)| label.clone());
    reply
        .rows
        .iter()
        .map(|count| labels.by_ref().take(*count).collect())
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a picture is written where the README shows it"
)]
fn write(name: &str, bytes: &[u8]) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screens");
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join(name), bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes pictures: just screens"]
async fn screens() {
    let bot = RunningBot::start().await;
    for (name, question) in [
        ("answer.png", "2022年GDP增速目标是多少"),
        ("list.png", "2022年目标比2021年目标低了的指标有哪些"),
        ("clarification.png", "增速2022年目标是多少"),
        ("refusal.png", "渝北区GDP目标"),
    ] {
        let reply = bot.ask(SOMEBODY, question).await;
        write(name, &screen(question, &reply));
    }
    let chart = bot.ask(SOMEBODY, "/chart 绿化覆盖率").await;
    write("chart.png", &chart.file.unwrap().1);
    let board = bot.ask(SOMEBODY, "/chart 全部").await;
    write("board.png", &board.file.unwrap().1);
    bot.clock.set(6, 24, 10, 0);
    for (at, unit) in ["某街道", "某某局", "某园区"].iter().enumerate() {
        let chat = -100 - at as i64;
        bot.api
            .push([group(chat, ADMIN, &mention(&format!("/subscribe {unit}")))]);
        let (first, second) = (bot.api.next_sent().await, bot.api.next_sent().await);
        let reminder = if first.buttons.is_empty() {
            second
        } else {
            first
        };
        if at == 0 {
            write("reminder.png", &screen("（到了提醒的时间）", &reminder));
        }
        if at < 2 {
            bot.api
                .press(chat, SOMEBODY, &reminder.button(["已报送", "处理中"][at]));
            bot.api.next_sent().await;
        }
    }
    write(
        "status.png",
        &screen("/status", &bot.ask(ADMIN, "/status").await),
    );
    bot.finish().await;
}
