//! Many questions at once: each is answered once, in its chat's order, in bad weather too, and across kills. How fast, beside
//! a bare echo bot of the same library, is measured by `just load`.

use crate::fake_bot_api::{FakeBotApi, Fault, Sent, TOKEN};
use crate::harness::{
    NO_PAGE, RunningBot, SOMEBODY, copied_data, group, mention, private, shipped_data,
};
use crate::kill::start;
use crate::watched::chosen;
use planbot::{Edition, IndexPlace, exam_items, read_data};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use teloxide::prelude::*;
use tempfile::TempDir;

const QUESTIONS: [&str; 5] = [
    "2022年GDP增速目标是多少",
    "什么是放管服",
    "失业率2021年完成情况",
    "什么时候报进展",
    "火星人口2022年目标",
];

/// Reads what arrived once there are so many messages, or after so long at most.
async fn answers(api: &FakeBotApi, messages: usize, within: Duration) -> Vec<Sent> {
    let begun = Instant::now();
    while api.arrivals() < messages && begun.elapsed() < within {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    api.unread()
}

/// So many chats ask so many questions each, in turn.
fn asked(chats: i64, questions: usize) -> Vec<(i64, &'static str)> {
    (0..questions)
        .flat_map(|at| {
            (1..=chats).map(move |chat| (chat, QUESTIONS[(at + chat as usize) % QUESTIONS.len()]))
        })
        .collect()
}

/// Each question has one answer, and a chat's answers come in its order.
fn once_and_in_order(sent: &[Sent], numbers: &[i64], questions: &[(i64, &str)]) {
    for chat in questions
        .iter()
        .map(|(chat, _)| *chat)
        .collect::<BTreeSet<_>>()
    {
        let expected: Vec<i64> = questions
            .iter()
            .zip(numbers)
            .filter(|((c, _), _)| *c == chat)
            .map(|(_, number)| *number)
            .collect();
        let got: Vec<i64> = sent
            .iter()
            .filter(|sent| sent.chat == chat)
            .filter_map(|sent| sent.reply_to)
            .collect();
        assert_eq!(got, expected, "chat {chat}");
    }
}

async fn busy(chats: i64, each: usize) -> Duration {
    let bot = RunningBot::start_with(10_000).await;
    let questions = asked(chats, each);
    let begun = Instant::now();
    let numbers = bot
        .api
        .push(questions.iter().map(|(chat, text)| private(*chat, text)));
    let sent = answers(&bot.api, questions.len(), Duration::from_secs(10)).await;
    let took = sent
        .iter()
        .map(|sent| sent.at)
        .max()
        .map_or(begun.elapsed(), |last| last - begun);
    eprintln!(
        "{} of {} in {took:?}; {:?}",
        sent.len(),
        questions.len(),
        sent.last()
    );
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
    let numbers = bot
        .api
        .push(questions.iter().map(|(chat, text)| private(*chat, text)));
    let answered = |sent: &[Sent]| {
        sent.iter()
            .map(|sent| (sent.chat, sent.reply_to))
            .collect::<BTreeSet<_>>()
            .len()
    };
    let mut sent: Vec<Sent> = Vec::new();
    let begun = Instant::now();
    while answered(&sent) < questions.len() && begun.elapsed() < Duration::from_secs(400) {
        tokio::time::sleep(Duration::from_millis(50)).await;
        sent.extend(bot.api.unread());
    }
    // A repeat behind a broken connection comes a moment later.
    tokio::time::sleep(Duration::from_secs(3)).await;
    sent.extend(bot.api.unread());
    let mut count: BTreeMap<(i64, i64), usize> = BTreeMap::new();
    sent.iter().for_each(|sent| {
        *count
            .entry((sent.chat, sent.reply_to.unwrap()))
            .or_default() += 1
    });
    let lost = questions
        .iter()
        .zip(&numbers)
        .filter(|((chat, _), number)| !count.contains_key(&(*chat, **number)))
        .count();
    let repeated: usize = count.values().map(|count| count - 1).sum();
    println!(
        "{} questions, {lost} lost, {repeated} repeated, {} connections broken",
        questions.len(),
        bot.api.dropped()
    );
    assert!(lost == 0 && repeated <= bot.api.dropped() && bot.api.dropped() > 0);
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_in_bad_weather() {
    stormy(30, 3).await;
}

/// The real program, killed while questions pour in: none is lost, none is answered twice but with a word that says so.
async fn killed_under_load(rounds: u64, chats: i64, each: usize) {
    let directory = without_limits();
    let (api, address) = FakeBotApi::start().await;
    let mut seed = 11_u64;
    let mut questions: Vec<(i64, i64)> = Vec::new();
    let mut sent: Vec<Sent> = Vec::new();
    for round in 0..rounds {
        let asked: Vec<(i64, &str)> = asked(chats, each);
        let numbers = api.push(asked.iter().map(|(chat, text)| private(*chat, text)));
        questions.extend(asked.iter().map(|(chat, _)| *chat).zip(numbers));
        let mut child = start(directory.path(), &address.to_string());
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // How long it lives is what is tried here: nothing waits for a result.
        tokio::time::sleep(Duration::from_millis(100 + (seed >> 33) % 900)).await;
        assert!(
            child.try_wait().unwrap().is_none(),
            "round {round}: it did not open or ended by itself"
        );
        child.kill().unwrap();
        child.wait().unwrap();
        sent.extend(api.unread());
    }
    let mut child = start(directory.path(), &address.to_string());
    let before = sent.len();
    let missing = |sent: &[Sent]| {
        let answered: BTreeSet<(i64, i64)> = sent
            .iter()
            .map(|sent| (sent.chat, sent.reply_to.unwrap_or(0)))
            .collect();
        questions
            .iter()
            .filter(|question| !answered.contains(question))
            .count()
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
    for sent in sent
        .iter()
        .filter(|sent| !sent.text.contains("重启前可能已经答过"))
    {
        *unmarked
            .entry((sent.chat, sent.reply_to.unwrap_or(0)))
            .or_default() += 1;
    }
    let twice = unmarked.values().filter(|count| **count > 1).count();
    let marked = sent.len() - unmarked.values().sum::<usize>();
    println!(
        "{rounds} kills, {} questions, {before} answered before the last start, {} lost, {twice} twice, {marked} marked as perhaps repeated",
        questions.len(),
        missing(&sent)
    );
    assert!(
        missing(&sent) == 0 && twice == 0,
        "{} lost, {twice} twice",
        missing(&sent)
    );
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

/// Where the bare bot finds its server.
const BARE_BOT_API: &str = "PLANBOT_TEST_BARE_BOT_API";

/// A bare bot of the same library that says back what it hears, as a program of its own: measurements start it.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a program that measurements start"]
#[expect(
    clippy::disallowed_methods,
    reason = "a program of the tests' own is told where its server is"
)]
async fn a_bare_bot() {
    let Ok(address) = std::env::var(BARE_BOT_API) else {
        return;
    };
    let bot =
        Bot::new(TOKEN).set_api_url(reqwest::Url::parse(&format!("http://{address}")).unwrap());
    let handler = Update::filter_message().endpoint(|bot: Bot, message: Message| async move {
        let text = message.text().unwrap_or_default().to_string();
        bot.send_message(message.chat.id, text)
            .reply_parameters(
                teloxide::types::ReplyParameters::new(message.id).allow_sending_without_reply(),
            )
            .await?;
        Ok::<(), teloxide::RequestError>(())
    });
    Dispatcher::builder(bot, handler).build().dispatch().await;
}

/// A program that is measured; it ends with its measurement.
struct Program(Child);

impl Program {
    fn bare_bot(address: &str) -> Self {
        let mut command = on_its_own_core(&std::env::current_exe().unwrap());
        command
            .args(["load::a_bare_bot", "--exact", "--ignored"])
            .env(BARE_BOT_API, address);
        Self::started(command)
    }

    fn planbot(directory: &Path, address: &str) -> Self {
        let mut command = on_its_own_core(&chosen());
        command
            .current_dir(directory)
            .env("TELOXIDE_TOKEN", TOKEN)
            .env("TELOXIDE_API_URL", format!("http://{address}"));
        Self::started(command)
    }

    fn started(mut command: Command) -> Self {
        let started = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Self(started.unwrap())
    }

    /// The most memory that it held so far, in megabytes.
    #[expect(
        clippy::disallowed_methods,
        reason = "what the system says of a program is a file"
    )]
    fn most_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .unwrap();
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
        kilobytes / 1024
    }
}

/// The core of what measures, and that of what is measured.
const CORES: [&str; 2] = ["0", "1"];

/// A program on a core of its own; what measures keeps to the other one. `taskset` becomes the program, so that its number
/// is the program's.
fn on_its_own_core(program: &Path) -> Command {
    let own = std::process::id().to_string();
    let kept = Command::new("taskset")
        .args(["-a", "-pc", CORES[0], &own])
        .output();
    assert!(
        kept.unwrap().status.success(),
        "taskset cannot keep a program to a core"
    );
    let mut command = Command::new("taskset");
    command.args(["-c", CORES[1]]).arg(program);
    command
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Data and settings without any limit of our own.
#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
fn without_limits() -> TempDir {
    let directory = copied_data();
    let settings = "[telegram]\nsends_per_second = 0\n\n[chat]\nwaiting = 10000\nquestions_per_minute = 0\n\n[reminders]\nenabled = false\n";
    std::fs::write(
        directory.path().join("bot.toml"),
        format!("{NO_PAGE}{settings}"),
    )
    .unwrap();
    directory
}

/// How many messages a second a bot answers, from the first update until the last answer.
async fn a_second(start: impl FnOnce(&str) -> Program, questions: &[(i64, String)]) -> f64 {
    let (api, address) = FakeBotApi::start().await;
    let _program = start(&address.to_string());
    api.polled().await;
    let begun = Instant::now();
    let numbers = api.push(questions.iter().map(|(chat, text)| private(*chat, text)));
    let sent = answers(&api, questions.len(), Duration::from_secs(120)).await;
    assert_eq!(
        (sent.len(), numbers.len()),
        (questions.len(), questions.len())
    );
    let took = sent.iter().map(|sent| sent.at).max().unwrap() - begun;
    questions.len() as f64 / took.as_secs_f64()
}

/// Latencies of single questions at a steady pace, sorted.
async fn paced(api: &FakeBotApi, count: usize) -> Vec<Duration> {
    api.polled().await;
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

/// Different questions of the shipped plan, with their answers in it.
pub fn answerable() -> Vec<String> {
    let data = read_data(&shipped_data());
    let edition = Edition::build(&data, &IndexPlace::Memory).unwrap();
    let items = exam_items(&edition.book.plans()[0], &data.lexicon.exam, &edition);
    let questions: BTreeSet<String> = items.into_iter().map(|item| item.question).collect();
    questions.into_iter().collect()
}

/// So many different questions, so many of a hundred of which no document can answer, to the chats of others.
fn different(answerable: &[String], refused: usize, like: &[(i64, String)]) -> Vec<(i64, String)> {
    let step = answerable.len() / like.len();
    assert!(step > 0, "only {} different questions", answerable.len());
    let of = |at: usize| match at % 100 < refused {
        true => format!("火星{at}号基地2022年目标"),
        false => answerable[at * step].clone(),
    };
    (0..like.len()).map(|at| (like[at].0, of(at))).collect()
}

/// Questions of chats.
type Questions = Vec<(i64, String)>;

/// The kinds of questions that are measured, with what planbot must reach beside the echo bot: 200 chats of 50 questions.
fn measured() -> [(&'static str, f64, Questions); 3] {
    let same: Vec<(i64, String)> = asked(200, 50)
        .into_iter()
        .map(|(chat, text)| (chat, text.to_string()))
        .collect();
    let answerable = answerable();
    let all = different(&answerable, 0, &same);
    let refused = different(&answerable, 40, &same);
    [
        ("the same", 0.8, same),
        ("different", 0.5, all),
        ("different, 40 % refused", 0.4, refused),
    ]
}

/// How fast beside an echo bot on the same server, five rounds each in turn, on a core of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: just load"]
async fn as_fast_as_a_bare_bot() {
    let mut reached = Vec::new();
    for (kind, least, questions) in measured() {
        let mut ratios = Vec::new();
        for _ in 0..5 {
            let bare = a_second(Program::bare_bot, &questions).await;
            let directory = without_limits();
            let ours = a_second(
                |address| Program::planbot(directory.path(), address),
                &questions,
            )
            .await;
            println!("{kind}: echo {bare:.0} a second, planbot {ours:.0} a second");
            ratios.push(ours / bare);
        }
        ratios.sort_by(f64::total_cmp);
        println!(
            "{kind}: planbot answers {:.2} times as many a second as the echo bot (median of 5; {least} wanted)",
            ratios[2]
        );
        reached.push(ratios[2] >= least);
    }
    assert_eq!(reached, [true; 3]);
}

/// A flood of each kind: how much memory the program holds at most.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: just load"]
async fn a_flood_takes_no_more_memory_than_it_may() {
    let directory = without_limits();
    let (api, address) = FakeBotApi::start().await;
    let program = Program::planbot(directory.path(), &address.to_string());
    api.polled().await;
    println!("at rest: {} MB", program.most_memory());
    let mut asked = 0;
    for (kind, _, questions) in measured() {
        asked += questions.len();
        api.push(questions.iter().map(|(chat, text)| private(*chat, text)));
        let sent = answers(&api, asked, Duration::from_secs(120)).await;
        println!(
            "{kind}: {} answers, {} MB",
            sent.len(),
            program.most_memory()
        );
    }
    let most = program.most_memory();
    assert!(most <= 150, "{most} MB");
}

/// What planbot adds to the latency of an echo bot at a hundred questions a second.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: just load"]
async fn what_it_adds_to_the_latency() {
    const COUNT: usize = 1_000;
    let directory = without_limits();
    let (api, address) = FakeBotApi::start().await;
    let bare = {
        let _program = Program::bare_bot(&address.to_string());
        paced(&api, COUNT).await
    };
    let (api, address) = FakeBotApi::start().await;
    let _program = Program::planbot(directory.path(), &address.to_string());
    let ours = paced(&api, COUNT).await;
    let at = |sorted: &[Duration], share: usize| sorted[sorted.len() * share / 100];
    println!(
        "echo p50 {:?} p99 {:?}; planbot p50 {:?} p99 {:?}",
        at(&bare, 50),
        at(&bare, 99),
        at(&ours, 50),
        at(&ours, 99)
    );
}

/// One group floods two hundred slow questions; another group's answer comes as soon as without them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: just load"]
async fn a_flood_does_not_delay_another_group() {
    let bot = RunningBot::start_with(1_000).await;
    bot.api.slow_down(-1, Duration::from_millis(50));
    bot.api.push(
        (0..200).map(|_| group(-1, SOMEBODY, &mention("全区2022年重点工作有哪些要求和安排"))),
    );
    let mut worst = Duration::ZERO;
    for _ in 0..20 {
        let asked = Instant::now();
        bot.api
            .push([group(-2, SOMEBODY, &mention("什么是放管服"))]);
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

/// What a batch costs the state from the moment it is taken until it is done with: the disk waits twice, as for an answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: just load"]
async fn what_a_settled_batch_costs() {
    const BATCHES: i64 = 1_000;
    let directory = tempfile::tempdir().unwrap();
    let store = planbot::Store::open(directory.path()).unwrap();
    let raw = serde_json::json!({"message": {"text": "城镇居民人均可支配收入".repeat(20)}});
    let mut took: Vec<Duration> = Vec::new();
    for batch in 0..BATCHES {
        let begun = Instant::now();
        let numbers = batch * 20..batch * 20 + 20;
        let updates: Vec<_> = numbers
            .clone()
            .map(|number| planbot::NewUpdate {
                number: planbot::UpdateId(number),
                raw: &raw,
                at_once: true,
            })
            .collect();
        store.take_updates(planbot::BotId(7), &updates).unwrap();
        store.settle().await.unwrap();
        numbers.for_each(|number| {
            store.finish_update(planbot::BotId(7), planbot::UpdateId(number));
        });
        store.settle().await.unwrap();
        took.push(begun.elapsed());
    }
    let all: Duration = took.iter().sum();
    took.sort();
    println!(
        "{:.0} batches of 20 a second, p50 {:?}, p99 {:?}",
        BATCHES as f64 / all.as_secs_f64(),
        took[took.len() / 2],
        took[took.len() * 99 / 100]
    );
}
