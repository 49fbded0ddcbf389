//! Half an hour of different questions, one behind the other: what the program holds does not grow, and afterwards it rests.

use crate::fake_bot_api::FakeBotApi;
use crate::harness::copied_data;
use crate::steady::{Questions, Steady};
use crate::watched::{Held, Watched, seconds};
use std::time::{Duration, Instant};

/// Telegram's own limits and the reminders would stand in the way of what is measured.
const SETTINGS: &str = "\n[telegram]\nsends_per_second = 0\n\n[reminders]\nenabled = false\n";

/// How long the program is left alone before it is looked whether it rests: threads with nothing to do end after ten seconds,
/// and the journal is made short.
const CALM: Duration = Duration::from_secs(20);

/// The first quarter fills what is bounded; afterwards nothing may be held that was not held then.
async fn soaked(a_second: u32, length: Duration, resting: Duration) {
    let directory = copied_data();
    let (api, address) = FakeBotApi::start().await;
    let program = Watched::start_chosen(directory.path(), address, SETTINGS);
    api.polled().await;
    let mut questions = Questions::of_the_plan();
    let mut held: Vec<Held> = Vec::new();
    let mut steady = Steady::default();
    const LOOKS: u32 = 40;
    for look in 0..LOOKS {
        let stretch = (a_second, length / LOOKS);
        steady.ask(&api, &mut questions, stretch, |_| {}).await;
        held.push(program.held());
        println!("{look:2}: {:?}", held.last());
    }
    println!(
        "{} answered, {} not; p50 {:?}, p99 {:?}, slowest {:?}",
        steady.answered(),
        steady.unanswered(),
        steady.within(500),
        steady.within(990),
        steady.within(1_000)
    );
    assert_eq!(steady.unanswered(), 0);
    let most = |looks: &[Held], of: fn(&Held) -> u64| looks.iter().map(of).max().unwrap();
    let (first, later) = held.split_at(LOOKS as usize / 4);
    let memory = |held: &Held| held.memory;
    let threads = |held: &Held| held.threads;
    let descriptors = |held: &Held| held.descriptors as u64;
    let state = |held: &Held| held.state;
    for (what, of, more) in [
        ("megabytes", memory as fn(&Held) -> u64, 15),
        ("threads", threads, 3),
        ("descriptors", descriptors, 8),
        ("megabytes of state", state, 16),
    ] {
        let (before, after) = (most(first, of), most(later, of));
        println!("{what}: at most {before} in the first quarter, {after} later");
        assert!(after <= before + more, "{what}: {before}, {after}");
    }
    tokio::time::sleep(CALM).await;
    let (busy, begun) = (program.busy(), Instant::now());
    tokio::time::sleep(resting).await;
    let share = (program.busy() - busy).as_secs_f64() / begun.elapsed().as_secs_f64();
    println!(
        "at rest {:.2} % of a core; {:?}",
        share * 100.0,
        program.held()
    );
    assert!(share <= 0.01, "{share}");
}

/// `just soak`.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
#[ignore = "half an hour"]
async fn half_an_hour_of_questions_leaves_nothing_behind() {
    soaked(200, seconds(1_800), Duration::from_secs(60)).await;
}
