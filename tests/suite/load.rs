//! Many questions at once: each is answered once, in its chat's order, in bad weather too, and across kills. How fast, beside
//! a bare echo bot of the same library, is measured by `just load`.

use crate::fake_bot_api::{FakeBotApi, Fault, Sent, TOKEN};
use crate::harness::{NO_PAGE, RunningBot, SOMEBODY, copied_data, group, mention, private};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use teloxide::prelude::*;

const QUESTIONS: [&str; 5] = ["2022年GDP增速目标是多少", "什么是放管服", "失业率2021年完成情况", "什么时候报进展", "火星人口2022年目标"];

/// Reads what arrives until every question has its answer, or for so long at most.
async fn answers(api: &FakeBotApi, questions: usize, within: Duration) -> Vec<Sent> {
    let mut sent: Vec<Sent> = Vec::new();
    let begun = Instant::now();
    let answered = |sent: &[Sent]| sent.iter().map(|sent| (sent.chat, sent.reply_to)).collect::<std::collections::BTreeSet<_>>().len();
    while answered(&sent) < questions && begun.elapsed() < within {
        sent.extend(api.unread());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    sent.extend(api.unread());
    sent
}

/// So many chats ask so many questions each, in turn.
fn asked(chats: i64, questions: usize) -> Vec<(i64, &'static str)> {
    (0..questions).flat_map(|at| (1..=chats).map(move |chat| (chat, QUESTIONS[(at + chat as usize) % QUESTIONS.len()]))).collect()
}

/// Each question has one answer, and a chat's answers come in its order.
fn once_and_in_order(sent: &[Sent], numbers: &[i64], questions: &[(i64, &str)]) {
    for chat in questions.iter().map(|(chat, _)| *chat).collect::<std::collections::BTreeSet<_>>() {
        let expected: Vec<i64> = questions.iter().zip(numbers).filter(|((c, _), _)| *c == chat).map(|(_, number)| *number).collect();
        let got: Vec<i64> = sent.iter().filter(|sent| sent.chat == chat).filter_map(|sent| sent.reply_to).collect();
        assert_eq!(got, expected, "chat {chat}");
    }
}

async fn busy(chats: i64, each: usize) -> Duration {
    let bot = RunningBot::start_with(10_000).await;
    let questions = asked(chats, each);
    let begun = Instant::now();
    let numbers = bot.api.push(questions.iter().map(|(chat, text)| private(*chat, text)));
    let sent = answers(&bot.api, questions.len(), Duration::from_secs(10)).await;
    let took = sent.iter().map(|sent| sent.at).max().map_or(begun.elapsed(), |last| last - begun);
    eprintln!("{} of {} in {took:?}; {:?}", sent.len(), questions.len(), sent.last());
    once_and_in_order(&sent, &numbers, &questions);
    bot.finish().await;
    took
}

#[tokio::test(flavor = "multi_thread")]
async fn many_chats_are_answered_once_and_in_order() {
    busy(40, 10).await;
}

/// A fifth of the sends is refused for now, a tenth fails at the server, a twentieth arrives behind a broken connection.
fn storm(send: usize) -> Option<Fault> {
    match send % 20 {
        3 | 8 | 13 | 18 => Some(Fault::TooManyRequests),
        5 | 15 => Some(Fault::BadGateway),
        10 => Some(Fault::DroppedBehind),
        _ => None,
    }
}

async fn stormy(chats: i64, each: usize) {
    let bot = RunningBot::start_with(10_000).await;
    bot.api.set_weather(storm);
    let questions = asked(chats, each);
    let numbers = bot.api.push(questions.iter().map(|(chat, text)| private(*chat, text)));
    let mut sent = answers(&bot.api, questions.len(), Duration::from_secs(400)).await;
    // A repeat behind a broken connection comes a moment later.
    tokio::time::sleep(Duration::from_secs(3)).await;
    sent.extend(bot.api.unread());
    let mut count: BTreeMap<(i64, i64), usize> = BTreeMap::new();
    sent.iter().for_each(|sent| *count.entry((sent.chat, sent.reply_to.unwrap())).or_default() += 1);
    let lost = questions.iter().zip(&numbers).filter(|((chat, _), number)| !count.contains_key(&(*chat, **number))).count();
    let repeated: usize = count.values().map(|count| count - 1).sum();
    println!("{} questions, {lost} lost, {repeated} repeated, {} connections broken", questions.len(), bot.api.dropped());
    assert!(lost == 0 && repeated <= bot.api.dropped() && bot.api.dropped() > 0);
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_in_bad_weather() {
    stormy(30, 3).await;
}

fn start(directory: &Path, address: &str) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin!("planbot"))
        .current_dir(directory)
        .env("TELOXIDE_TOKEN", TOKEN)
        .env("TELOXIDE_API_URL", format!("http://{address}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The real program, killed while questions pour in: none is lost, none is answered twice but with a word that says so.
#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
async fn killed_under_load(rounds: u64, chats: i64, each: usize) {
    let directory = copied_data();
    let settings =
        "[telegram]\nsends_per_second = 0\n\n[chat]\nwaiting = 10000\nquestions_per_minute = 0\n\n[reminders]\nenabled = false\n";
    std::fs::write(directory.path().join("bot.toml"), format!("{NO_PAGE}{settings}")).unwrap();
    let (api, address) = FakeBotApi::start().await;
    let mut seed = 11_u64;
    let mut questions: Vec<(i64, i64)> = Vec::new();
    let mut sent: Vec<Sent> = Vec::new();
    for round in 0..rounds {
        let asked: Vec<(i64, &str)> = asked(chats, each);
        let numbers = api.push(asked.iter().map(|(chat, text)| private(*chat, text)));
        questions.extend(asked.iter().map(|(chat, _)| *chat).zip(numbers));
        let mut child = start(directory.path(), &address.to_string());
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // How long it lives is what is tried here: nothing waits for a result.
        tokio::time::sleep(Duration::from_millis(100 + (seed >> 33) % 900)).await;
        assert!(child.try_wait().unwrap().is_none(), "round {round}: it did not open or ended by itself");
        child.kill().unwrap();
        child.wait().unwrap();
        sent.extend(api.unread());
    }
    let mut child = start(directory.path(), &address.to_string());
    let before = sent.len();
    let missing = |sent: &[Sent]| {
        let answered: std::collections::BTreeSet<(i64, i64)> = sent.iter().map(|sent| (sent.chat, sent.reply_to.unwrap_or(0))).collect();
        questions.iter().filter(|question| !answered.contains(question)).count()
    };
    let begun = Instant::now();
    while missing(&sent) > 0 && begun.elapsed() < Duration::from_secs(60) {
        sent.extend(api.unread());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    sent.extend(api.unread());
    let mut unmarked: BTreeMap<(i64, i64), usize> = BTreeMap::new();
    for sent in sent.iter().filter(|sent| !sent.text.contains("重启前可能已经答过")) {
        *unmarked.entry((sent.chat, sent.reply_to.unwrap_or(0))).or_default() += 1;
    }
    let twice = unmarked.values().filter(|count| **count > 1).count();
    let marked = sent.len() - unmarked.values().sum::<usize>();
    println!(
        "{rounds} kills, {} questions, {before} answered before the last start, {} lost, {twice} twice, {marked} marked as perhaps repeated",
        questions.len(),
        missing(&sent)
    );
    assert!(missing(&sent) == 0 && twice == 0, "{} lost, {twice} twice", missing(&sent));
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_under_load_lose_no_question() {
    killed_under_load(5, 40, 10).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute: just load"]
async fn fifty_kills_under_load_lose_no_question() {
    killed_under_load(50, 60, 20).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: just load"]
async fn ten_thousand_questions_in_bad_weather() {
    stormy(200, 50).await;
}

/// A bare bot of the same library that says back what it hears; it runs until it is stopped.
fn bare_bot(address: std::net::SocketAddr) -> tokio::task::JoinHandle<()> {
    let bot = Bot::new(TOKEN).set_api_url(reqwest::Url::parse(&format!("http://{address}")).unwrap());
    let handler = Update::filter_message().endpoint(|bot: Bot, message: Message| async move {
        let text = message.text().unwrap_or_default().to_string();
        bot.send_message(message.chat.id, text)
            .reply_parameters(teloxide::types::ReplyParameters::new(message.id).allow_sending_without_reply())
            .await?;
        Ok::<(), teloxide::RequestError>(())
    });
    tokio::spawn(async move { Dispatcher::builder(bot, handler).build().dispatch().await })
}

/// How long an echo bot takes.
async fn echo(chats: i64, each: usize) -> Duration {
    let (api, address) = FakeBotApi::start().await;
    let running = bare_bot(address);
    let questions = asked(chats, each);
    let begun = Instant::now();
    api.push(questions.iter().map(|(chat, text)| private(*chat, text)));
    let sent = answers(&api, questions.len(), Duration::from_secs(120)).await;
    assert_eq!(sent.len(), questions.len());
    let took = sent.iter().map(|sent| sent.at).max().unwrap() - begun;
    running.abort();
    took
}

/// Latencies of single questions at a steady pace, sorted.
async fn paced(api: &FakeBotApi, count: usize) -> Vec<Duration> {
    let mut latencies = Vec::new();
    for at in 0..count {
        let asked = Instant::now();
        api.push([private(1 + at as i64 % 50, QUESTIONS[at % QUESTIONS.len()])]);
        let sent = api.next_sent().await;
        latencies.push(sent.at - asked);
        tokio::time::sleep(Duration::from_millis(10).saturating_sub(asked.elapsed())).await;
    }
    latencies.sort();
    latencies
}

/// 200 chats of 50 questions: how fast beside an echo bot on the same server, three rounds each in turn.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: just load"]
async fn as_fast_as_a_bare_bot() {
    const CHATS: i64 = 200;
    const EACH: usize = 50;
    let mut ratios = Vec::new();
    for _ in 0..3 {
        let bare = echo(CHATS, EACH).await;
        let ours = busy(CHATS, EACH).await;
        let total = CHATS as f64 * EACH as f64;
        println!("echo {:.0} a second, planbot {:.0} a second", total / bare.as_secs_f64(), total / ours.as_secs_f64());
        ratios.push(bare.as_secs_f64() / ours.as_secs_f64());
    }
    ratios.sort_by(f64::total_cmp);
    println!("planbot answers {:.2} times as many a second as the echo bot (median of 3)", ratios[1]);
}

/// What planbot adds to the latency of an echo bot at a hundred questions a second.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: just load"]
async fn what_it_adds_to_the_latency() {
    const COUNT: usize = 1_000;
    let (api, address) = FakeBotApi::start().await;
    let running = bare_bot(address);
    let bare = paced(&api, COUNT).await;
    running.abort();
    let bot = RunningBot::start_with(100).await;
    let ours = paced(&bot.api, COUNT).await;
    bot.finish().await;
    let at = |sorted: &[Duration], share: usize| sorted[sorted.len() * share / 100];
    println!("echo p50 {:?} p99 {:?}; planbot p50 {:?} p99 {:?}", at(&bare, 50), at(&bare, 99), at(&ours, 50), at(&ours, 99));
}

/// One group floods two hundred slow questions; another group's answer comes as soon as without them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: just load"]
async fn a_flood_does_not_delay_another_group() {
    let bot = RunningBot::start_with(1_000).await;
    bot.api.slow_down(-1, Duration::from_millis(50));
    bot.api.push((0..200).map(|_| group(-1, SOMEBODY, &mention("全区2022年重点工作有哪些要求和安排"))));
    let mut worst = Duration::ZERO;
    for _ in 0..20 {
        let asked = Instant::now();
        bot.api.push([group(-2, SOMEBODY, &mention("什么是放管服"))]);
        loop {
            let sent = bot.api.next_sent().await;
            if sent.chat == -2 {
                worst = worst.max(sent.at - asked);
                break;
            }
        }
    }
    println!("the other group's answers came within {worst:?} at worst");
    assert!(worst < Duration::from_millis(100), "{worst:?}");
    bot.finish_but_for(Some(-1)).await;
}
