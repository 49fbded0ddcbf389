//! What the bot counts while it runs, as text for Prometheus. It counts what it is told and looks
//! at nothing itself.
//!
//! Labels are words of closed sets: nothing that a person wrote, no id of a chat and no secret may
//! become one.

use prometheus::core::Collector;
use prometheus::{
    Encoder, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder,
};
use std::time::Duration;
use thiserror::Error;

/// The form of the text.
pub(crate) const TEXT_FORMAT: &str = prometheus::TEXT_FORMAT;

/// In seconds: an answer takes about a millisecond.
const ANSWERING_BUCKETS: [f64; 13] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0,
];

/// The library refuses a name or a value; no name here is refused.
#[derive(Debug, Error)]
#[error("计数无法给出（{0}）；这是程序的错误，请报告")]
pub struct MetricsError(#[from] prometheus::Error);

/// What is counted as it happens.
pub struct Metrics {
    registry: Registry,
    questions: IntCounterVec,
    answering: Histogram,
    sends: IntCounterVec,
}

/// What is looked up when somebody fetches the text.
#[derive(Debug, Clone, Default)]
pub struct Present {
    /// The edition in use.
    pub edition: String,
    /// Promised messages by state; nothing where the state cannot be read.
    pub outbox: Option<Vec<(&'static str, usize)>>,
    /// Sends whose result is not known, since the state was begun.
    pub unknown_sends: Option<u64>,
    /// The last tick of the reminders, as Unix time in seconds.
    pub last_tick: Option<i64>,
}

impl Metrics {
    /// Nothing is counted yet; the program began at a moment, as Unix time in seconds.
    pub fn new(begun: i64) -> Result<Self, MetricsError> {
        let registry = Registry::new();
        let questions = IntCounterVec::new(
            Opts::new(
                "planbot_questions_total",
                "Questions that were answered, by outcome and by what they were read to want.",
            ),
            &["outcome", "intent"],
        )?;
        let answering = Histogram::with_opts(
            HistogramOpts::new(
                "planbot_answering_seconds",
                "How long the answer to a question took, without sending it.",
            )
            .buckets(ANSWERING_BUCKETS.to_vec()),
        )?;
        let sends = IntCounterVec::new(
            Opts::new(
                "planbot_sends_total",
                "Attempts to send a message, by where it went and by what became of it.",
            ),
            &["edge", "outcome"],
        )?;
        let started = IntGauge::new(
            "process_start_time_seconds",
            "When the program began, as Unix time in seconds.",
        )?;
        started.set(begun);
        register(&registry, &questions)?;
        register(&registry, &answering)?;
        register(&registry, &sends)?;
        register(&registry, &started)?;
        Ok(Self {
            registry,
            questions,
            answering,
            sends,
        })
    }

    /// A question was answered.
    pub fn answered(&self, outcome: &'static str, intent: &'static str, took: Duration) {
        self.questions.with_label_values(&[outcome, intent]).inc();
        self.answering.observe(took.as_secs_f64());
    }

    /// A message was sent, or could not be.
    pub fn sent(&self, edge: &'static str, outcome: &'static str) {
        self.sends.with_label_values(&[edge, outcome]).inc();
    }

    /// Everything, in the format 0.0.4.
    pub fn text(&self, present: &Present) -> Result<String, MetricsError> {
        let looked_up = Registry::new();
        present.put_into(&looked_up)?;
        let mut families = self.registry.gather();
        families.extend(looked_up.gather());
        let mut text = Vec::new();
        TextEncoder::new().encode(&families, &mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}

impl Present {
    fn put_into(&self, registry: &Registry) -> Result<(), MetricsError> {
        let edition = IntGaugeVec::new(
            Opts::new(
                "planbot_edition_info",
                "The edition of the data that is in use.",
            ),
            &["id"],
        )?;
        edition.with_label_values(&[&self.edition]).set(1);
        register(registry, &edition)?;
        if let Some(states) = &self.outbox {
            let outbox = IntGaugeVec::new(
                Opts::new(
                    "planbot_outbox_entries",
                    "Messages that were promised, by state.",
                ),
                &["state"],
            )?;
            for (state, count) in states {
                outbox
                    .with_label_values(&[state])
                    .set(i64::try_from(*count).unwrap_or(i64::MAX));
            }
            register(registry, &outbox)?;
        }
        if let Some(unknown) = self.unknown_sends {
            let sends = IntCounter::new(
                "planbot_unknown_sends_total",
                "Sends whose result is not known, since the state was begun.",
            )?;
            sends.inc_by(unknown);
            register(registry, &sends)?;
        }
        if let Some(moment) = self.last_tick {
            let tick = IntGauge::new(
                "planbot_last_tick_timestamp_seconds",
                "When reminders were last seen to, as Unix time in seconds.",
            )?;
            tick.set(moment);
            register(registry, &tick)?;
        }
        Ok(())
    }
}

/// What is counted goes on being counted here: a clone shares its numbers.
fn register<C: Collector + Clone + 'static>(
    registry: &Registry,
    collector: &C,
) -> Result<(), MetricsError> {
    Ok(registry.register(Box::new(collector.clone()))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_says_what_was_counted_and_leaves_out_what_cannot_be_read() {
        let metrics = Metrics::new(1_655_000_000).unwrap();
        metrics.answered("answer", "value", Duration::from_micros(700));
        metrics.answered("answer", "value", Duration::from_secs(2));
        metrics.sent("telegram", "delivered");
        let present = Present {
            edition: "abc".to_string(),
            outbox: Some(vec![("pending", 3), ("dead", 0)]),
            ..Present::default()
        };
        let text = metrics.text(&present).unwrap();
        for line in [
            "planbot_questions_total{intent=\"value\",outcome=\"answer\"} 2",
            "planbot_answering_seconds_bucket{le=\"0.0005\"} 0",
            "planbot_answering_seconds_bucket{le=\"0.001\"} 1",
            "planbot_answering_seconds_bucket{le=\"+Inf\"} 2",
            "planbot_sends_total{edge=\"telegram\",outcome=\"delivered\"} 1",
            "planbot_edition_info{id=\"abc\"} 1",
            "planbot_outbox_entries{state=\"dead\"} 0",
            "planbot_outbox_entries{state=\"pending\"} 3",
            "process_start_time_seconds 1655000000",
        ] {
            assert!(
                text.lines().any(|found| found == line),
                "{line} is not in:\n{text}"
            );
        }
        assert!(
            !text.contains("last_tick") && !text.contains("unknown_sends"),
            "{text}"
        );
    }
}
