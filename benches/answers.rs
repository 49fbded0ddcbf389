//! How long an answer and a refusal take, in this process, over the exam's questions: median, 99th percentile, slowest.
//!
//! A harness of its own, since what counts is the distribution over many different questions, not the mean of one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a benchmark fails by panicking"
)]
use planbot::{Edition, IndexPlace, Reply, exam_items, odd_strings, read_data};
use std::path::Path;
use std::time::{Duration, Instant};

fn main() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let begun = Instant::now();
    let edition = Edition::load(&data, &IndexPlace::Memory)
        .map_err(|error| error.to_string())
        .unwrap();
    println!("edition with its index built: {:?}", begun.elapsed());
    let ways = read_data(&data).lexicon.exam;
    let plan = &edition.book.plans()[0];
    let today = plan.document_date.unwrap_or_default();
    let items = exam_items(plan, &ways, &edition);
    for item in items.iter().step_by(50) {
        edition.reply(&item.question, today);
    }
    let mut times: [Vec<Duration>; 2] = [Vec::new(), Vec::new()];
    for item in &items {
        let begun = Instant::now();
        let reply = edition.reply(&item.question, today).reply;
        let elapsed = begun.elapsed();
        times[usize::from(!matches!(reply, Reply::Answer(_)))].push(elapsed);
    }
    let odd = odd_strings(100_000).map(|text| {
        let begun = Instant::now();
        edition.reply(&text, today);
        begun.elapsed()
    });
    let [answers, others] = times;
    for (what, mut times) in [
        ("answers", answers),
        ("refusals and others", others),
        ("odd strings", odd.collect()),
    ] {
        times.sort_unstable();
        let at = |share: usize| times[(times.len() - 1) * share / 1000];
        println!(
            "{what}: {} questions, p50 {:?}, p99 {:?}, p99.9 {:?}, slowest {:?}",
            times.len(),
            at(500),
            at(990),
            at(999),
            at(1000)
        );
    }
}
