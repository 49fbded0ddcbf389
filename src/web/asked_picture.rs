//! What people asked this month, as a small picture: a bar for each kind of question, parted by
//! what became of it. Counts alone: no question and no name.

use super::site::Site;
use crate::chat::intent_name;
use crate::store::{AskedCounts, StoreError};
use chrono::Datelike;
use maud::{Markup, html};

/// What became of questions: the word in the state, for people, the class of the style.
const OUTCOMES: [(&str, &str, &str); 4] = [
    ("answer", "答了", "met"),
    ("clarify", "反问", "open"),
    ("unknown", "没有", "missed"),
    ("fault", "出错", "fault"),
];
/// Courtesies and the help text answer nothing.
const HELP: &str = "help";
/// The picture's measures.
const NAME_WIDTH: u64 = 190;
const BAR_WIDTH: u64 = 300;
const ROW_HEIGHT: u64 = 26;

/// The picture with its numbers, or that there is nothing yet.
pub(super) fn section(site: &Site) -> Result<Markup, StoreError> {
    let today = site.app.now().date_naive();
    let counts = match site.app.store() {
        Some(store) => store.asked(today)?,
        None => AskedCounts::default(),
    };
    let mut rows: Vec<(String, Vec<u64>)> = counts
        .iter()
        .filter(|(kind, _)| *kind != HELP)
        .map(|(kind, outcomes)| (intent_name(kind).to_string(), parted(outcomes)))
        .collect();
    rows.sort_by_key(|(_, times)| std::cmp::Reverse(times.iter().sum::<u64>()));
    let month = format!("{}年{}月", today.year(), today.month());
    let all: u64 = rows.iter().flat_map(|(_, times)| times).sum();
    if all == 0 {
        return Ok(html! { p.empty { (month) "还没有人问。" } });
    }
    Ok(html! {
        p { (month) "共问了 " (all) " 次；只记次数，不记是谁、问了什么。" }
        p.legend { @for (_, name, class) in OUTCOMES { span class={ "key " (class) } {} (name) " " } }
        (drawn(&rows, &month))
        details { summary { "看数字" } div.wide tabindex="0" role="region" aria-label="这个月问了什么" { table {
            thead { tr { th scope="col" { "问的是" } @for (_, name, _) in OUTCOMES { th scope="col" { (name) } } } }
            tbody { @for (name, times) in &rows { tr {
                th scope="row" { (name) }
                @for ((_, outcome, _), times) in OUTCOMES.iter().zip(times) { td data-label=(outcome) { (times) } }
            } } }
        } } }
    })
}

/// How often each outcome was, in their order.
fn parted(outcomes: &std::collections::BTreeMap<String, u64>) -> Vec<u64> {
    let times = |(word, ..): &(&str, &str, &str)| outcomes.get(*word).copied().unwrap_or_default();
    OUTCOMES.iter().map(times).collect()
}

fn drawn(rows: &[(String, Vec<u64>)], month: &str) -> Markup {
    let most = rows
        .iter()
        .map(|(_, times)| times.iter().sum::<u64>())
        .max();
    let most = most.unwrap_or(1).max(1);
    let (width, height) = (NAME_WIDTH + BAR_WIDTH + 60, ROW_HEIGHT * rows.len() as u64);
    let said: Vec<String> = rows
        .iter()
        .map(|(name, times)| format!("{name} {} 次", times.iter().sum::<u64>()))
        .collect();
    html! {
        svg.asked viewBox=(format!("0 0 {width} {height}")) role="img" aria-label=(format!("{month}问的：{}", said.join("，"))) {
            @for (at, (name, times)) in rows.iter().enumerate() {
                @let top = ROW_HEIGHT * at as u64;
                text x=(NAME_WIDTH - 8) y=(top + 18) text-anchor="end" { (name) }
                @for (before, times, class) in stretches(times) {
                    rect class=(class) x=(NAME_WIDTH + before * BAR_WIDTH / most) y=(top + 5) width=(times * BAR_WIDTH / most) height="16" {}
                }
                @let sum = times.iter().sum::<u64>();
                text x=(NAME_WIDTH + sum * BAR_WIDTH / most + 8) y=(top + 18) { (sum) }
            }
        }
    }
}

/// The stretches of a bar: what lies before each, how long it is, its class.
fn stretches(times: &[u64]) -> impl Iterator<Item = (u64, u64, &'static str)> {
    let mut before = 0;
    OUTCOMES.iter().zip(times).map(move |((.., class), times)| {
        let from = before;
        before += times;
        (from, *times, *class)
    })
}
