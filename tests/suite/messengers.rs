//! Each messenger as a person has it: something is said, a button is pressed, and this is what is seen then.

use crate::fake_bot_api::{FakeBotApi, Sent};
use crate::harness::{RunningBot, TestClock, app_at, only_qinghe, private, qinghe};
use crate::http::Client;
use crate::page::RunningPage;
use planbot::{Input, Printer, Store, Terminal, run_terminal};
use serde_json::Value;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What is seen after something was said or pressed.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// What was said, without marks.
    pub text: String,
    /// What the buttons under it say; what only copies is left out.
    pub buttons: Vec<String>,
    /// The names of the files that came with it.
    pub files: Vec<String>,
    /// What flashed up.
    pub flash: String,
}

/// What a press is expected to bring: a messenger that answers beside the chat's queue must know what to wait for.
#[derive(Debug, Clone, Copy)]
pub struct Expected {
    pub message: bool,
}

/// A messenger in which one person after the other talks with the bot.
pub trait Messenger {
    /// From now on somebody else talks, of whom nothing was heard.
    async fn next_person(&mut self);
    async fn say(&mut self, text: &str) -> Seen;
    /// Presses the button of the last message that had one whose words begin so.
    async fn press(&mut self, label: &str, expected: Expected) -> Seen;
    async fn finish(self);
}

/// What is said after everything else, so that it is known when all was said.
const LAST: &str = "/id";
const REPLY_TO_LAST: &str = "您的编号：";

/// Telegram: the true client against a Bot API on loopback.
pub struct Telegram {
    bot: RunningBot,
    person: i64,
    buttons: Vec<(String, String)>,
}

impl Telegram {
    pub async fn start() -> Self {
        let bot = RunningBot::start_over(|state| only_qinghe(&state.with_file_name("data"))).await;
        Self {
            bot,
            person: 1_000,
            buttons: Vec::new(),
        }
    }

    fn api(&self) -> &FakeBotApi {
        &self.bot.api
    }

    fn seen(&mut self, sent: &[Sent]) -> Seen {
        let mut seen = Seen::default();
        for sent in sent {
            seen.text.push_str(&format!("{}\n", bare(&sent.text)));
            seen.files
                .extend(sent.file.iter().map(|(name, _)| name.clone()));
            let is_copy = |label: &str| label.starts_with("复制");
            let buttons = sent.buttons.iter().filter(|(label, _)| !is_copy(label));
            let buttons: Vec<(String, String)> = buttons.cloned().collect();
            seen.buttons
                .extend(buttons.iter().map(|(label, _)| label.clone()));
            if !buttons.is_empty() {
                self.buttons = buttons;
            }
        }
        seen
    }
}

impl Messenger for Telegram {
    async fn next_person(&mut self) {
        self.person += 1;
        self.buttons.clear();
    }

    async fn say(&mut self, text: &str) -> Seen {
        let person = self.person;
        self.api()
            .push([private(person, text), private(person, LAST)]);
        let mut sent = Vec::new();
        loop {
            let next = self.api().next_sent_to(person).await;
            if next.text.starts_with(REPLY_TO_LAST) {
                return self.seen(&sent);
            }
            sent.push(next);
        }
    }

    async fn press(&mut self, label: &str, expected: Expected) -> Seen {
        let before = self.api().flashes().len();
        let button = found(&self.buttons, label);
        self.api().press(self.person, self.person, &button);
        self.api().flashed(before + 1, "").await;
        let flash = self.api().flashes().split_off(before).concat();
        let mut sent = Vec::new();
        if expected.message {
            sent.push(self.api().next_sent_to(self.person).await);
        }
        Seen {
            flash,
            ..self.seen(&sent)
        }
    }

    async fn finish(self) {
        self.bot.finish().await;
    }
}

/// The page: a browser with a script.
pub struct Page {
    page: RunningPage,
    client: Client,
    version: u64,
    buttons: Vec<(String, String)>,
    /// What the last answer rests on: it opens in its place.
    evidence: String,
}

/// What the page calls what stands under an answer, and what the others call it.
const CALLED: [(&str, &str); 2] = [("有用", "👍"), ("没用", "👎")];
const EVIDENCE: &str = "原文";

impl Page {
    pub async fn start() -> Self {
        let page = RunningPage::start_by(only_qinghe).await;
        let client = page.browser().await;
        Self {
            page,
            client,
            version: 0,
            buttons: Vec::new(),
            evidence: String::new(),
        }
    }

    /// What is new in the room, of the bot.
    fn seen(&mut self, told: &Value) -> Seen {
        self.version = told["version"].as_u64().unwrap();
        let mut seen = Seen {
            flash: told["flash"].as_str().unwrap_or_default().to_string(),
            ..Seen::default()
        };
        let items = told["items"].as_array().unwrap().iter();
        let items = items.map(|item| item["html"].as_str().unwrap());
        for html in items.filter(|html| html.contains("class=\"item bot\"")) {
            let body = html.split_once("<div class=\"text\">").unwrap().1;
            let ends = ["<details class=\"evidence\"", "<div class=\"buttons\""];
            let end = ends.iter().filter_map(|end| body.find(end)).min();
            seen.text
                .push_str(&bare(&body[..end.unwrap_or(body.len())]));
            seen.text.push('\n');
            let mut buttons = buttons(html);
            if let Some((_, fold)) = html.split_once("<details class=\"evidence\"") {
                self.evidence = bare(fold.split_once("</summary>").unwrap().1);
                buttons.push((EVIDENCE.to_string(), String::new()));
            }
            seen.buttons
                .extend(buttons.iter().map(|(label, _)| label.clone()));
            if !buttons.is_empty() {
                self.buttons = buttons;
            }
            let names = html.split("download=\"").skip(1);
            seen.files
                .extend(names.map(|rest| rest.split('"').next().unwrap().to_string()));
            if html.contains("<a class=\"picture\"") {
                seen.files.push("picture.png".to_string());
            }
        }
        seen
    }
}

/// The buttons of an element that are sent back: what they say, and their value.
fn buttons(html: &str) -> Vec<(String, String)> {
    let sent_back = html.split("<button type=\"submit\"").skip(1);
    let button = |rest: &str| {
        let (mark, rest) = rest.split_once('>').unwrap();
        let value = mark.split_once("value=\"")?.1.split('"').next()?;
        let label = bare(rest.split_once("</button>")?.0);
        let called = CALLED.iter().find(|(page, _)| *page == label);
        let label = called.map_or(label.clone(), |(_, others)| (*others).to_string());
        Some((label, value.to_string()))
    };
    sent_back.filter_map(button).collect()
}

impl Messenger for Page {
    async fn next_person(&mut self) {
        self.client = self.page.browser().await;
        // The first words of the room are no answer.
        let news = self.client.get("/chat/news?room=own&after=0").await.json();
        self.seen(&news);
        self.buttons.clear();
    }

    async fn say(&mut self, text: &str) -> Seen {
        let after = self.version.to_string();
        let fields = [("text", text), ("after", after.as_str())];
        let reply = self.client.post("/chat/say", &fields).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        self.seen(&reply.json())
    }

    async fn press(&mut self, label: &str, _: Expected) -> Seen {
        let button = found(&self.buttons, label);
        if label == EVIDENCE {
            return Seen {
                text: self.evidence.clone(),
                ..Seen::default()
            };
        }
        let after = self.version.to_string();
        let fields = [("button", button.as_str()), ("after", after.as_str())];
        let reply = self.client.post("/chat/press", &fields).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        self.seen(&reply.json())
    }

    async fn finish(self) {
        self.page.finish().await;
    }
}

/// The terminal: lines in and lines out.
pub struct Local {
    lines: DuplexStream,
    printed: DuplexStream,
    clock: Arc<TestClock>,
    /// So many talks were begun: each an age after the one before.
    talks: u32,
    buttons: Vec<(String, String)>,
    _stop: watch::Sender<bool>,
    _state: tempfile::TempDir,
    task: JoinHandle<anyhow::Result<()>>,
}

impl Local {
    pub async fn start() -> Self {
        let clock = Arc::new(TestClock::default());
        let state = tempfile::tempdir().unwrap();
        let store = Store::open(state.path()).unwrap();
        let app = app_at(&qinghe().path(), Some(store), Arc::clone(&clock));
        let (lines, input) = tokio::io::duplex(1 << 16);
        let (output, printed) = tokio::io::duplex(1 << 20);
        let (_stop, stopped) = watch::channel(false);
        let terminal = Terminal {
            app,
            input: Input {
                lines: Box::new(input),
                is_typed: true,
            },
            clock: None,
            printer: Arc::new(Printer::to(output)),
            beside: true,
        };
        let task = tokio::spawn(run_terminal(terminal, stopped));
        let mut local = Self {
            lines,
            printed,
            clock,
            talks: 0,
            buttons: Vec::new(),
            _stop,
            _state: state,
            task,
        };
        // The first words are no answer.
        local.printed(LAST).await;
        local
    }

    /// What is printed for a line.
    async fn printed(&mut self, line: &str) -> String {
        let replies = 1 + usize::from(line == LAST);
        let lines = format!("{line}\n{LAST}\n");
        self.lines.write_all(lines.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        let mut read = [0; 4096];
        loop {
            let text = String::from_utf8_lossy(&bytes);
            let last = text.rsplit_once(REPLY_TO_LAST);
            let is_whole = last.is_some_and(|(_, last)| last.ends_with("\n\n"));
            if is_whole && text.matches(REPLY_TO_LAST).count() == replies {
                return text.split_once(REPLY_TO_LAST).unwrap().0.to_string();
            }
            let count = self.printed.read(&mut read).await.unwrap();
            assert!(count > 0, "it ended: {text}");
            bytes.extend(&read[..count]);
        }
    }

    fn seen(&mut self, printed: &str) -> Seen {
        let mut seen = Seen::default();
        for line in printed.lines() {
            if let Some(numbered) = line.strip_suffix("（回复数字）") {
                let buttons = numbered.split('［').skip(1).map(|button| {
                    let (number, label) = button.split_once(' ').unwrap();
                    (label.trim_end_matches('］').to_string(), number.to_string())
                });
                self.buttons = buttons.collect();
                let labels = self.buttons.iter().map(|(label, _)| label.clone());
                seen.buttons = labels.collect();
            } else if let Some((_, path)) = line.split_once("（文件已存到 ") {
                seen.files.push(path.trim_end_matches("）").to_string());
            } else {
                seen.text.push_str(&format!("{line}\n"));
            }
        }
        seen
    }
}

impl Messenger for Local {
    async fn next_person(&mut self) {
        self.talks += 1;
        // Nobody else sits here: what was said an age ago is forgotten.
        let minutes = self.talks * 11;
        let (hour, minute) = (8 + minutes / 60, minutes % 60);
        self.clock.set(6, 24, hour, minute);
        self.buttons.clear();
    }

    async fn say(&mut self, text: &str) -> Seen {
        let printed = self.printed(text).await;
        self.seen(&printed)
    }

    async fn press(&mut self, label: &str, expected: Expected) -> Seen {
        let number = found(&self.buttons, label);
        let printed = self.printed(&number).await;
        let mut seen = self.seen(&printed);
        // Nothing flashes up: what would have is said.
        if !expected.message {
            seen.flash = std::mem::take(&mut seen.text);
        }
        seen
    }

    async fn finish(self) {
        drop(self.lines);
        self.task.await.unwrap().unwrap();
    }
}

/// What a button sends back whose words begin so.
fn found(buttons: &[(String, String)], label: &str) -> String {
    let button = buttons.iter().find(|(words, _)| words.starts_with(label));
    button
        .unwrap_or_else(|| panic!("no {label} in {buttons:?}"))
        .1
        .clone()
}

/// The text without tags, entities read.
pub fn bare(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    let html = html.replace("<br>", "\n").replace("</p>", "\n");
    for letter in html.replace("</dd>", "\n").replace("</dt>", "：").chars() {
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
