//! A browser window through WebDriver: what a person does and sees. Waits are for what must come, never for a time.

use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A program with its checks on tries the answers of a large report for longer than a released one.
const WITHIN: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A window of a browser of its own.
pub struct Browser {
    client: Client,
    driver: Child,
}

impl Browser {
    pub async fn start(size: (u32, u32)) -> Self {
        Self::start_with(size, &[]).await
    }

    /// With further arguments of Chromium.
    pub async fn start_with((width, height): (u32, u32), further: &[&str]) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is needed: apt-get install chromium chromium-driver");
        let size = format!("--window-size={width},{height}");
        let mut arguments = vec![
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--lang=zh-CN",
            &size,
        ];
        arguments.extend(further);
        let mut options = json!({"args": arguments});
        if width < 500 {
            // A window is never so narrow; a phone is.
            options["mobileEmulation"] = json!({"deviceMetrics": {"width": width, "height": height, "pixelRatio": 2.0, "touch": true}});
        }
        let mut wanted = serde_json::Map::new();
        wanted.insert("goog:chromeOptions".to_string(), options);
        let address = format!("http://127.0.0.1:{port}");
        let begun = Instant::now();
        loop {
            match ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
                .capabilities(wanted.clone())
                .connect(&address)
                .await
            {
                Ok(client) => return Self { client, driver },
                Err(error) => assert!(begun.elapsed() < WITHIN, "no browser: {error}"),
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    pub async fn goto(&self, address: &str) {
        self.client.goto(address).await.unwrap();
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.unwrap()
    }

    async fn until(&self, what: &str, script: &str, arguments: Vec<Value>) {
        let begun = Instant::now();
        // A page that is just being left answers with a fault: it is looked at again.
        while self.client.execute(script, arguments.clone()).await.ok() != Some(json!(true)) {
            if begun.elapsed() >= WITHIN {
                let text = self.run("return document.body.innerText", Vec::new()).await;
                panic!("{what} did not come; the page says: {text}");
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits until the page says something.
    pub async fn sees(&self, text: &str) {
        self.until(
            text,
            "return document.body.textContent.includes(arguments[0])",
            vec![json!(text)],
        )
        .await;
    }

    /// Waits until a script of the page says so.
    pub async fn holds(&self, script: &str) {
        self.until(script, script, Vec::new()).await;
    }

    /// Types a question and sends it with Enter.
    pub async fn say(&self, text: &str) {
        let field = self
            .client
            .wait()
            .for_element(Locator::Css("#text"))
            .await
            .unwrap();
        field.send_keys(text).await.unwrap();
        field
            .send_keys(&String::from(char::from(Key::Enter)))
            .await
            .unwrap();
    }

    /// Presses the last button that says something.
    pub async fn press(&self, label: &str) {
        let there = "const all = [...document.querySelectorAll('button:not([disabled])')].filter((b) => b.textContent.includes(arguments[0]));";
        self.until(
            label,
            &format!("{there} return all.length > 0"),
            vec![json!(label)],
        )
        .await;
        self.run(
            &format!("{there} const last = all.at(-1); last.scrollIntoView({{block: 'center', behavior: 'instant'}}); last.click();"),
            vec![json!(label)],
        )
        .await;
    }

    pub async fn click(&self, css: &str) {
        self.client
            .wait()
            .for_element(Locator::Css(css))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
    }

    pub async fn fill(&self, css: &str, text: &str) {
        self.client
            .wait()
            .for_element(Locator::Css(css))
            .await
            .unwrap()
            .send_keys(text)
            .await
            .unwrap();
    }

    /// Sets a field whose keys depend on the language of the browser.
    pub async fn set(&self, css: &str, value: &str) {
        self.run(
            "document.querySelector(arguments[0]).value = arguments[1]",
            vec![json!(css), json!(value)],
        )
        .await;
    }

    pub async fn choose(&self, css: &str, label: &str) {
        let field = self
            .client
            .wait()
            .for_element(Locator::Css(css))
            .await
            .unwrap();
        field.select_by_label(label).await.unwrap();
    }

    /// Opens the last of the parts that can be opened.
    pub async fn open_last(&self, css: &str) {
        self.until(
            css,
            "return document.querySelectorAll(arguments[0]).length > 0",
            vec![json!(css)],
        )
        .await;
        self.run(
            "const last = [...document.querySelectorAll(arguments[0])].at(-1); last.querySelector('summary').click(); last.scrollIntoView({behavior: 'instant'})",
            vec![json!(css)],
        )
        .await;
    }

    /// Drops a file on the page, as from the desktop.
    pub async fn drop_file(&self, name: &str, bytes: &[u8]) {
        let script = "const [name, bytes] = arguments; const brought = new DataTransfer(); \
            brought.items.add(new File([Uint8Array.from(bytes)], name)); \
            document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: brought, bubbles: true, cancelable: true}))";
        self.run(script, vec![json!(name), json!(bytes)]).await;
    }

    pub async fn click_last(&self, css: &str) {
        self.run(
            "[...document.querySelectorAll(arguments[0])].at(-1).click()",
            vec![json!(css)],
        )
        .await;
    }

    pub async fn last_text(&self, css: &str) -> String {
        let found = self
            .run(
                "return [...document.querySelectorAll(arguments[0])].at(-1)?.textContent ?? ''",
                vec![json!(css)],
            )
            .await;
        found.as_str().unwrap().to_string()
    }

    /// The address that a link leads to.
    pub async fn link(&self, css: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.getAttribute('href') ?? ''";
        let found = self.run(script, vec![json!(css)]).await;
        found.as_str().unwrap().to_string()
    }

    /// The sizes of the sheets of paper that the page takes, in points.
    pub async fn printed(&self) -> Vec<(u32, u32)> {
        let settings = fantoccini::wd::PrintConfigurationBuilder::default().build();
        let pdf = self.client.print(settings.unwrap()).await.unwrap();
        let text = String::from_utf8_lossy(&pdf);
        let boxes = text.split("/MediaBox [").skip(1);
        boxes
            .map(|sheet| {
                let numbers = sheet.split(']').next().unwrap().split_whitespace();
                let numbers: Vec<f32> = numbers.map(|number| number.parse().unwrap()).collect();
                (numbers[2].round() as u32, numbers[3].round() as u32)
            })
            .collect()
    }

    pub async fn count(&self, css: &str) -> u64 {
        self.run(
            "return document.querySelectorAll(arguments[0]).length",
            vec![json!(css)],
        )
        .await
        .as_u64()
        .unwrap()
    }

    /// Puts a part of the page at the upper edge of the window.
    pub async fn scroll_to(&self, css: &str) {
        self.run(
            "document.querySelector(arguments[0]).closest('section').scrollIntoView({behavior: 'instant'})",
            vec![json!(css)],
        )
        .await;
    }

    /// Waits until a picture is there and drawn.
    pub async fn picture_is_shown(&self, css: &str) {
        let drawn = "const img = [...document.querySelectorAll(arguments[0])].at(-1); if (!img) return false;
            img.scrollIntoView({block: 'center', behavior: 'instant'}); return img.complete && img.naturalWidth > 100";
        self.until(css, drawn, vec![json!(css)]).await;
    }

    /// How bright the ground of a picture is, as it is shown: from 0 to 255.
    pub async fn brightness_of(&self, css: &str) -> u64 {
        let corner = "const img = [...document.querySelectorAll(arguments[0])].at(-1), canvas = document.createElement('canvas');
            canvas.width = canvas.height = 1; const on = canvas.getContext('2d'); on.drawImage(img, -4, -4);
            return Math.max(...on.getImageData(0, 0, 1, 1).data.slice(0, 3))";
        let brightest = self.run(corner, vec![json!(css)]).await;
        brightest.as_u64().unwrap()
    }

    /// Waits until the place that the address names is there and in the window.
    pub async fn has_target(&self) {
        let there = "const at = document.querySelector(':target'); if (!at) return false; const box = at.getBoundingClientRect();
            return box.top >= 0 && box.top < innerHeight";
        self.until("the place that the address names", there, Vec::new())
            .await;
    }

    /// Whether nothing is wider than the window.
    pub async fn fits(&self) -> bool {
        self.run(
            "return document.documentElement.scrollWidth <= innerWidth",
            Vec::new(),
        )
        .await
            == json!(true)
    }

    /// Texts whose contrast with the ground behind them is less than WCAG AA asks for, and controls without a name.
    pub async fn hard_to_read(&self) -> Vec<String> {
        let script = r"
            const rgb = (text) => { const n = text.match(/[\d.]+/g).map(Number); return n.length > 3 ? n : [...n, 1]; };
            const light = ([r, g, b]) => { const f = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
                return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b); };
            const ground = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] > 0.99) return c; }
                return matchMedia('(prefers-color-scheme: dark)').matches ? [17, 22, 29] : [255, 255, 255]; };
            const found = [];
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const e = walk.currentNode.parentElement;
                if (!walk.currentNode.textContent.trim() || !e.checkVisibility()) continue;
                const style = getComputedStyle(e), a = light(rgb(style.color)), b = light(ground(e));
                const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), size = parseFloat(style.fontSize);
                if (ratio < (size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5))
                    found.push(ratio.toFixed(2) + ' ' + walk.currentNode.textContent.trim().slice(0, 20));
            }
            for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea, button, img'))
                if (!(e.labels?.length || e.textContent.trim() || e.getAttribute('alt') || e.getAttribute('aria-label'))) found.push(e.outerHTML.slice(0, 90));
            return [...new Set(found)]";
        let found = self.run(script, Vec::new()).await;
        found
            .as_array()
            .unwrap()
            .iter()
            .map(|text| text.as_str().unwrap().to_string())
            .collect()
    }

    /// How many bytes the page and all that it loaded have without pictures, as they are sent, and from where they came.
    pub async fn resources(&self) -> (u64, Vec<String>) {
        let script = "const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
            return [all.filter((e) => e.initiatorType !== 'img').reduce((sum, e) => sum + e.encodedBodySize, 0), all.map((e) => e.name)]";
        let found = self.run(script, Vec::new()).await;
        let addresses = found[1]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap().to_string())
            .collect();
        (found[0].as_u64().unwrap(), addresses)
    }

    /// What is reached by so many presses of the tabulator from the beginning of the page.
    pub async fn tabbed(&self, presses: usize) -> Vec<String> {
        self.run("document.activeElement.blur(); window.scrollTo(0, 0); document.querySelector('.skip').focus()", Vec::new()).await;
        let mut reached = Vec::new();
        for _ in 0..presses {
            let element = self.client.active_element().await.unwrap();
            element
                .send_keys(&String::from(char::from(Key::Tab)))
                .await
                .unwrap();
            let text = self
                .run(
                    "return document.activeElement.textContent.slice(0, 40)",
                    Vec::new(),
                )
                .await;
            reached.push(text.as_str().unwrap_or_default().to_string());
        }
        reached
    }

    /// A picture of the window.
    pub async fn screenshot(&self) -> Vec<u8> {
        self.client.screenshot().await.unwrap()
    }

    pub async fn close(mut self) {
        self.client.clone().close().await.unwrap();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
