//! What is said is the same in each messenger; how it is shown is each one's own.

use crate::harness::{RunningBot, app, private, shipped_data};
use crate::http::Client;
use crate::messengers::{Expected, Local, Messenger, Page, Seen, Telegram, bare};
use crate::page::RunningPage;
use planbot::{Block, Document, exam_items, plain_reply as plain, read_data, read_text};
use serde::Deserialize;
use serde_json::Value;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dialogues {
    dialogue: Vec<Dialogue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dialogue {
    what: String,
    turn: Vec<Turn>,
}

/// What is said or pressed, and what is seen then; the file says what each word means.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Turn {
    say: String,
    press: String,
    first: String,
    has: Vec<String>,
    lacks: Vec<String>,
    buttons: Vec<String>,
    file: String,
    flash: String,
}

impl Turn {
    /// What is wrong with what is seen.
    fn faults(&self, seen: &Seen) -> Vec<String> {
        let mut faults = Vec::new();
        let first = seen.text.trim_start().lines().next().unwrap_or_default();
        if !first.contains(&self.first) {
            faults.push(format!("does not begin with {}", self.first));
        }
        let lacking = self.has.iter().filter(|words| !seen.text.contains(*words));
        faults.extend(lacking.map(|words| format!("lacks {words}")));
        let having = self.lacks.iter().filter(|words| seen.text.contains(*words));
        faults.extend(having.map(|words| format!("has {words}")));
        for label in &self.buttons {
            if !seen.buttons.iter().any(|known| known.starts_with(label)) {
                faults.push(format!("has no button {label}"));
            }
        }
        if seen.files.iter().any(|name| name.ends_with(&self.file)) == self.file.is_empty() {
            faults.push(format!("has the files {:?}, not {}", seen.files, self.file));
        }
        if !seen.flash.contains(&self.flash) {
            faults.push(format!("does not flash {}", self.flash));
        }
        faults
    }
}

/// Every dialogue in one messenger; says what went otherwise.
async fn talk(name: &str, mut messenger: impl Messenger) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/dialogues.toml");
    let cases: Dialogues = toml::from_str(&read_text(&path).unwrap()).unwrap();
    assert!(cases.dialogue.len() >= 60);
    let mut faults = Vec::new();
    for dialogue in &cases.dialogue {
        messenger.next_person().await;
        for turn in &dialogue.turn {
            let seen = if turn.press.is_empty() {
                messenger.say(&turn.say).await
            } else {
                let message = turn.flash.is_empty();
                messenger.press(&turn.press, Expected { message }).await
            };
            let wrong = turn.faults(&seen);
            if !wrong.is_empty() {
                let (what, wrong) = (&dialogue.what, wrong.join(", "));
                faults.push(format!(
                    "{what}｜{}{}: {wrong}\n{seen:?}",
                    turn.say, turn.press
                ));
            }
        }
    }
    messenger.finish().await;
    assert!(faults.is_empty(), "{name}:\n{}", faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_dialogue_goes_the_same_way_in_telegram() {
    talk("telegram", Telegram::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_dialogue_goes_the_same_way_on_the_page() {
    talk("page", Page::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_dialogue_goes_the_same_way_in_the_terminal() {
    talk("terminal", Local::start().await).await;
}

/// The same facts in each form, no broken tag: over a sample of the exam's questions.
#[tokio::test(flavor = "multi_thread")]
async fn telegram_and_the_page_say_what_the_plain_text_says() {
    let app = app(&shipped_data(), None);
    let edition = app.edition();
    let ways = read_data(&shipped_data()).lexicon.exam;
    let plan = edition.book.newest().unwrap();
    let items = exam_items(plan, &ways, &edition);
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
