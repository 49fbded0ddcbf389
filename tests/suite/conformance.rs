//! What is said is the same in each messenger; how it is shown is each one's own.

use crate::harness::{RunningBot, app, private, shipped_data};
use crate::http::Client;
use crate::page::RunningPage;
use planbot::chat::render::plain;
use planbot::document::{Block, Document};
use planbot::{exam, files};
use serde_json::Value;

/// The same facts in each form, no broken tag: over a sample of the exam's questions.
#[tokio::test(flavor = "multi_thread")]
async fn telegram_and_the_page_say_what_the_plain_text_says() {
    let app = app(&shipped_data(), None);
    let edition = app.edition();
    let ways = files::read_data(&shipped_data()).lexicon.exam;
    let plan = edition.book.newest().unwrap();
    let items = exam::items(plan, &ways, &edition);
    let (bot, page) = (RunningBot::start().await, RunningPage::start().await);
    for (person, item) in (1_000..).zip(items.iter().step_by(41)) {
        let question = &item.question;
        let reply = app.ask_here(question).reply.clone();
        let document = Document::of(&reply);
        bot.api.push([private(person, question)]);
        let sent = bot.api.next_sent_to(person).await.text;
        assert_eq!(figures(&bare(&sent)), figures(&document.plain()), "{sent}");
        assert!(balanced(&sent), "{sent}");
        let first = plain(&reply);
        assert!(bare(&sent).contains(first.lines().next().unwrap()));
        // On the page what is folded and what a button says stand in their own places.
        let blocks = document.0.into_iter();
        let open = blocks.filter(|block| match block {
            Block::Folded { .. } => false,
            Block::Text(text) => !text.starts_with("· "),
            _ => true,
        });
        let open = Document(open.collect()).plain();
        let shown = on_page(&mut page.browser().await, question).await;
        assert_eq!(figures(&bare(&shown)), figures(&open), "{shown}");
        assert!(balanced(&shown), "{shown}");
    }
    bot.finish().await;
    page.finish().await;
}

/// The text of the page's reply to a question, as its element holds it.
async fn on_page(client: &mut Client, question: &str) -> String {
    let reply = client.post("/chat/say", &[("text", question)]).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let news: Value = client.get("/chat/news?room=own&after=0").await.json();
    let last = news["items"].as_array().unwrap().last().unwrap();
    let element = last["html"].as_str().unwrap();
    let text = element.split_once("<div class=\"text\">").unwrap().1;
    let after = ["<details class=\"evidence\"", "<div class=\"buttons\""];
    let end = after.iter().filter_map(|mark| text.find(mark)).min();
    let text = &text[..end.unwrap_or(text.len())];
    text.rsplit_once("</div>").unwrap().0.to_string()
}

/// The text without tags, entities read.
fn bare(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for letter in html.replace("<br>", "\n").replace("</p>", "\n").chars() {
        match letter {
            '<' => inside = true,
            '>' if inside => inside = false,
            _ if !inside => text.push(letter),
            _ => {}
        }
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// Runs of digits with their decimal points, in order.
fn figures(text: &str) -> Vec<String> {
    let runs = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    runs.map(|run| run.trim_matches('.').to_string())
        .filter(|run| !run.is_empty())
        .collect()
}

/// Whether every tag that is opened is closed in its order.
fn balanced(html: &str) -> bool {
    let mut open: Vec<String> = Vec::new();
    for piece in html.split('<').skip(1) {
        let Some(tag) = piece.split('>').next() else {
            return false;
        };
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop().as_deref() != Some(name) {
                return false;
            }
        } else {
            open.push(tag.split(' ').next().unwrap().to_string());
        }
    }
    open.is_empty()
}
