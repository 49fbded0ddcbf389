//! The page, and a browser in it that has entered as an administrator.

use crate::http::{Reply, exchange};
use crate::{app, laid_out};
use planbot::{Setting, Site, Store, listen_for_page};
use std::net::SocketAddr;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::watch;

const TOKEN: &str = "a-token-of-the-fuzzing";
/// What is asked by its address. What waits for news, or a second for a wrong token, is left out.
const ASKED: &[&str] = &[
    "/",
    "/chat/file/",
    "/chat/history",
    "/indicators",
    "/indicators/one",
    "/indicators/chart.svg",
    "/indicators/board.svg",
    "/indicators.xlsx",
    "/indicators.csv",
    "/years",
    "/years/chart.svg",
    "/years/board.svg",
    "/glossary",
    "/text",
    "/deadlines",
    "/deadlines.ics",
    "/desk.xlsx",
    "/desk.csv",
    "/desk/print",
    "/admin",
    "/api/v1/ask",
    "/api/v1/indicators",
    "/api/v1/terms",
    "/api/v1/passages",
    "/api/v1/deadlines",
];
/// What is posted. What would change the data, or end the browser's visit, is left out.
const POSTED: &[&str] = &[
    "/chat/say",
    "/chat/press",
    "/deadlines/act",
    "/clock",
    "/admin/rooms",
    "/admin/rooms/remove",
    "/admin/import/{word}/plan",
    "/admin/import/{word}/cell",
    "/admin/import/{word}/term",
];

/// A page that runs.
pub struct Page {
    address: SocketAddr,
    cookies: String,
    csrf: String,
    /// A report that waits to be approved.
    word: String,
    _runs: (Runtime, watch::Sender<bool>, TempDir),
}

impl Page {
    /// Starts it, enters, and brings a report.
    pub fn start() -> Self {
        let (directory, config) = laid_out();
        let store = Store::open(&directory.path().join("state")).expect("a state");
        let app = app(&config, store);
        let app = app.unwrap_or_else(|error| panic!("the program does not start: {error}"));
        let runtime = Runtime::new().expect("a runtime");
        let (stop, stopped) = watch::channel(false);
        let listening = runtime
            .block_on(listen_for_page("127.0.0.1:0"))
            .expect("an address");
        let address = listening.address;
        let setting = Setting {
            app,
            clock: None,
            hosts: Vec::new(),
            admin_token: Some(TOKEN.to_string()),
            may_print: false,
            waiting: 8,
            stop: stopped.clone(),
        };
        let (site, _) = Site::open(setting).expect("a page");
        runtime.spawn(listening.serve(site, stopped));
        let mut page = Self {
            address,
            cookies: String::new(),
            csrf: String::new(),
            word: String::new(),
            _runs: (runtime, stop, directory),
        };
        let first = page.request("GET /", "", b"");
        page.learn(&first);
        let entered = page.post("/admin/enter", format!("token={TOKEN}").as_bytes());
        assert_eq!(entered.status, 303, "{}", entered.body);
        page.learn(&entered);
        let again = page.request("GET /admin", "", b"");
        page.learn(&again);
        page.word = page.bring("柳溪县2030年农业计划\n\n做了很多工作。\n\n| 指标 | 单位 | 2030年目标 |\n|---|---|---|\n| 修渠 | 公里 | 9 |\n\n名词解释\n\n1.三治：治渠、治塘、治沟。\n".as_bytes());
        assert!(!page.word.is_empty(), "the report was not taken");
        page
    }

    fn learn(&mut self, reply: &Reply) {
        for line in reply.head.lines() {
            let Some(cookie) = line
                .to_ascii_lowercase()
                .starts_with("set-cookie:")
                .then(|| &line[11..])
            else {
                continue;
            };
            let cookie = cookie.split(';').next().unwrap_or_default().trim();
            let parting = if self.cookies.is_empty() { "" } else { "; " };
            self.cookies.push_str(&format!("{parting}{cookie}"));
        }
        if let Some(rest) = reply.body.split("name=\"csrf\" value=\"").nth(1) {
            self.csrf = rest.split('"').next().unwrap_or_default().to_string();
        }
    }

    fn request(&self, line: &str, further: &str, body: &[u8]) -> Reply {
        let further = format!("cookie: {}\r\n{further}", self.cookies);
        let reply = exchange(self.address, line, &further, body);
        reply.unwrap_or_else(|error| panic!("{line}: {error}"))
    }

    fn post(&self, path: &str, form: &[u8]) -> Reply {
        let body = [format!("csrf={}&", self.csrf).as_bytes(), form].concat();
        let further = "content-type: application/x-www-form-urlencoded\r\n";
        self.request(&format!("POST {path}"), further, &body)
    }

    /// Brings a report; says its word where it was taken.
    fn bring(&self, content: &[u8]) -> String {
        let head = format!(
            "--b\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n--b\r\n\
            content-disposition: form-data; name=\"file\"; filename=\"a.md\"\r\n\r\n",
            self.csrf
        );
        let body = [head.as_bytes(), content, b"\r\n--b--\r\n"].concat();
        let further = "content-type: multipart/form-data; boundary=b\r\n";
        let reply = self.request("POST /admin/import", further, &body);
        sound(&reply, "/admin/import");
        let word = reply
            .head
            .split("/admin/import/")
            .nth(1)
            .unwrap_or_default();
        word.split(['\r', '?', '#'])
            .next()
            .unwrap_or_default()
            .to_string()
    }

    /// What the first byte says is done with the others: asked, posted, or a body sent as a whole.
    pub fn take(&self, bytes: &[u8]) {
        let Some((kind, rest)) = bytes.split_first() else {
            return;
        };
        let which = usize::from(*kind);
        if which < ASKED.len() {
            // An address has no blanks and no line breaks; everything else may stand in it.
            let words: String = rest
                .iter()
                .map(|byte| match byte {
                    b'!'..=b'~' => char::from(*byte).to_string(),
                    _ => format!("%{byte:02x}"),
                })
                .collect();
            let path = format!("{}?{words}", ASKED[which]);
            return sound(&self.request(&format!("GET {path}"), "", b""), &path);
        }
        if which == ASKED.len() {
            let further = "content-type: multipart/form-data; boundary=b\r\n";
            return sound(
                &self.request("POST /admin/import", further, rest),
                "a whole body",
            );
        }
        let path = POSTED[which % POSTED.len()].replace("{word}", &self.word);
        sound(&self.post(&path, rest), &path);
    }
}

/// Whatever was sent, the reply is whole and says no fault of ours.
fn sound(reply: &Reply, what: &str) {
    let is_sound = reply.status < 500 && reply.status >= 200;
    assert!(is_sound, "{what}: {} {}", reply.status, reply.body);
}
