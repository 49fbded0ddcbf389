//! The likelihood of one example under weights, and its slope.

use super::{Candidate, Example};
use libm::{exp, log};

/// Features times weights, summed in their order.
pub(super) fn score(candidate: &Candidate, weights: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (feature, weight) in candidate.features.iter().zip(weights) {
        sum += feature * weight;
    }
    sum
}

/// The example's weighted negative log-likelihood; adds its slope, one number for each weight, to
/// `slope`.
pub(super) fn add_loss(example: &Example, weights: &[f64], slope: &mut [f64]) -> f64 {
    let candidates = &example.candidates;
    let scores: Vec<f64> = candidates.iter().map(|c| score(c, weights)).collect();
    let nothing_is_right = example.nothing_answers || candidates.iter().all(|c| !c.right);

    let all = Softmax::over(scores.iter().copied().chain([0.0]));
    let right_scores = candidates.iter().zip(&scores).filter(|(c, _)| c.right);
    let right_scores = right_scores.map(|(_, score)| *score);
    let right = Softmax::over(right_scores.chain(nothing_is_right.then_some(0.0)));

    // The slope is what the model expects of the features, less what it would expect if it knew
    // that the answer is right. "Nothing" has no features, so it takes part only in the totals.
    for (candidate, &score) in candidates.iter().zip(&scores) {
        let mut surplus = all.share(score);
        if candidate.right {
            surplus -= right.share(score);
        }
        let surplus = example.weight * surplus;
        for (sum, feature) in slope.iter_mut().zip(&candidate.features) {
            *sum += surplus * feature;
        }
    }
    example.weight * (all.log_total() - right.log_total())
}

/// Adds to each weight's curvature what the example brings to it while all candidates are equally
/// probable, roughly: the loss bends by the variance of a feature, and this is its mean square.
pub(super) fn add_curvature(example: &Example, curvatures: &mut [f64]) {
    let share = example.weight / (example.candidates.len() + 1) as f64;
    for candidate in &example.candidates {
        for (sum, feature) in curvatures.iter_mut().zip(&candidate.features) {
            *sum += share * feature * feature;
        }
    }
}

/// A sum of exponentials, kept relative to the largest so that it cannot overflow.
struct Softmax {
    largest: f64,
    total: f64,
}

impl Softmax {
    /// Over at least one score.
    fn over(scores: impl Iterator<Item = f64> + Clone) -> Self {
        let largest = scores.clone().fold(f64::NEG_INFINITY, f64::max);
        let mut total = 0.0;
        for score in scores {
            total += exp(score - largest);
        }
        Self { largest, total }
    }

    /// The probability of one of the scores.
    fn share(&self, score: f64) -> f64 {
        exp(score - self.largest) / self.total
    }

    fn log_total(&self) -> f64 {
        self.largest + log(self.total)
    }
}
