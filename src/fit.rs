//! The weights of a log-linear model, fitted to examples: which candidate answers a question, or
//! that none does.
//!
//! Pure, and deterministic to the bit: sums run in the order of the input, nothing is threaded or
//! hashed, and exponentials and logarithms do not come from the system.

pub(crate) mod bank;
mod likelihood;
mod solver;

use std::collections::BTreeSet;

/// One possible answer to a question.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    /// One number for each weight, in the same order; a feature that is always 1 is the bias.
    pub features: Vec<f64>,
    /// Whether this answers the question.
    pub right: bool,
}

/// A question with its candidates.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Example {
    /// All that could be said; may be empty.
    pub candidates: Vec<Candidate>,
    /// Whether not to answer is right as well. It is also what the fit aims at when no candidate
    /// is right, but then it still counts as refused in [`outcomes`].
    pub nothing_answers: bool,
    /// How much the example counts in the fit, at least 0; 1 is usual, 0 leaves it out.
    pub weight: f64,
}

/// Which values a weight may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freedom {
    /// Its prior only, whatever its sign.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the tests ask what fixed weights cost")
    )]
    Fixed,
    /// Any value.
    Free,
    /// The feature may help or do nothing.
    AtLeastZero,
    /// The feature may hurt or do nothing.
    AtMostZero,
}

/// How weights are fitted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Options {
    /// λ: how strongly all weights are drawn to their priors; at least 0.
    pub penalty: f64,
    /// One number for each weight by which λ is multiplied; at least 0.
    pub scales: Vec<f64>,
    /// What each weight may become.
    pub freedoms: Vec<Freedom>,
    /// The fit ends after this many steps even if it could still improve.
    pub most_iterations: usize,
}

impl Options {
    /// Options for this many weights: all free, each with scale 1, at most 1,000 steps.
    pub(crate) fn new(weights: usize, penalty: f64) -> Self {
        Self {
            penalty,
            scales: vec![1.0; weights],
            freedoms: vec![Freedom::Free; weights],
            most_iterations: 1000,
        }
    }
}

/// The result of a fit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fitted {
    /// One number for each feature.
    pub weights: Vec<f64>,
    /// What was minimised: the negative log-likelihood plus the penalty. Not a number if a
    /// feature or a prior was not finite; the weights are then the start.
    pub loss: f64,
    /// Steps taken; [`Options::most_iterations`] means that the fit was cut off.
    pub iterations: usize,
}

/// What weights do to examples, each counted once whatever its weight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Answered with a right candidate, or not answered where nothing answers.
    pub right: usize,
    /// Answered with any other candidate.
    pub wrong: usize,
    /// Not answered though an answer was wanted.
    pub refused: usize,
}

/// The weights that maximise the likelihood of what is right, less the penalty.
///
/// A candidate's score is the product of its features and the weights, the score of "nothing here
/// answers" is 0, and the probabilities are their softmax. The fit starts at `prior`, moved to
/// the nearest value allowed; the penalty is measured from `prior` itself.
///
/// # Panics
///
/// If `prior`, the options' lists and the features of each candidate are not equally long.
pub(crate) fn fit<'a>(
    examples: impl IntoIterator<Item = &'a Example>,
    prior: &[f64],
    options: &Options,
) -> Fitted {
    let examples: Vec<&Example> = examples.into_iter().collect();
    assert_eq!(options.scales.len(), prior.len(), "a scale for each weight");
    assert_eq!(
        options.freedoms.len(),
        prior.len(),
        "a freedom for each weight"
    );
    for candidate in examples.iter().flat_map(|example| &example.candidates) {
        assert_eq!(
            candidate.features.len(),
            prior.len(),
            "a feature for each weight"
        );
    }
    let pulls = options.scales.iter().map(|scale| scale * options.penalty);
    let pulls: Vec<f64> = pulls.collect();
    let mut curvatures: Vec<f64> = pulls.iter().map(|pull| 2.0 * pull).collect();
    for example in &examples {
        likelihood::add_curvature(example, &mut curvatures);
    }
    for curvature in &mut curvatures {
        // Without a penalty and without examples a weight does not matter; any estimate will do.
        if *curvature <= 0.0 {
            *curvature = 1.0;
        }
    }
    let problem = solver::Problem {
        freedoms: &options.freedoms,
        curvatures: &curvatures,
        most_iterations: options.most_iterations,
    };
    let minimum = problem.minimise(prior, |weights| {
        let mut slope = vec![0.0; weights.len()];
        let mut loss = 0.0;
        for example in &examples {
            loss += likelihood::add_loss(example, weights, &mut slope);
        }
        for (at, &weight) in weights.iter().enumerate() {
            let away = weight - prior[at];
            loss += pulls[at] * away * away;
            slope[at] += 2.0 * pulls[at] * away;
        }
        (loss, slope)
    });
    Fitted {
        weights: minimum.point,
        loss: minimum.loss,
        iterations: minimum.iterations,
    }
}

/// Counts what happens when each example is answered with its best candidate, the first of equals,
/// if that scores above the threshold. `weights` is as long as each candidate's features.
pub(crate) fn outcomes<'a>(
    examples: impl IntoIterator<Item = &'a Example>,
    weights: &[f64],
    threshold: f64,
) -> Counts {
    let mut counts = Counts::default();
    for example in examples {
        let mut best = threshold;
        let mut answer = None;
        for candidate in &example.candidates {
            let score = likelihood::score(candidate, weights);
            if score > best {
                best = score;
                answer = Some(candidate);
            }
        }
        match answer {
            Some(candidate) if candidate.right => counts.right += 1,
            Some(_) => counts.wrong += 1,
            None if example.nothing_answers => counts.right += 1,
            None => counts.refused += 1,
        }
    }
    counts
}

/// Cross-validation: for each key, in the order of the keys, the outcomes of its examples with
/// weights that were fitted to the examples of all other keys.
///
/// # Panics
///
/// As [`fit`].
pub(crate) fn leave_out(
    grouped: &[(String, Example)],
    prior: &[f64],
    options: &Options,
    threshold: f64,
) -> Vec<(String, Counts)> {
    let keys: BTreeSet<&String> = grouped.iter().map(|(key, _)| key).collect();
    let mut counts = Vec::new();
    for key in keys {
        let others = grouped.iter().filter(|(other, _)| other != key);
        let fitted = fit(others.map(|(_, example)| example), prior, options);
        let own = grouped.iter().filter(|(other, _)| other == key);
        let own = own.map(|(_, example)| example);
        counts.push((key.clone(), outcomes(own, &fitted.weights, threshold)));
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small made-up numbers that look random and are always the same, in -1..1.
    struct Numbers(u64);

    impl Numbers {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_mul(6364136223846793005);
            self.0 = self.0.wrapping_add(1442695040888963407);
            (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
        }
    }

    /// Examples of a bias and further features, in which the best candidate by the true weights is
    /// right if it scores above 0, and otherwise nothing answers.
    fn made_up(examples: usize, truth: &[f64]) -> Vec<Example> {
        let mut numbers = Numbers(7);
        let mut made = Vec::new();
        for _ in 0..examples {
            let mut candidates = Vec::new();
            for _ in 0..4 {
                let mut features = vec![1.0];
                features.extend((1..truth.len()).map(|_| numbers.next()));
                let right = false;
                candidates.push(Candidate { features, right });
            }
            let best = candidates
                .iter_mut()
                .max_by(|a, b| likelihood::score(a, truth).total_cmp(&likelihood::score(b, truth)));
            let best = best.unwrap();
            best.right = likelihood::score(best, truth) > 0.0;
            let nothing_answers = !best.right;
            made.push(Example {
                candidates,
                nothing_answers,
                weight: 1.0,
            });
        }
        made
    }

    fn one(features: &[f64], right: bool) -> Candidate {
        let features = features.to_vec();
        Candidate { features, right }
    }

    const TRUTH: [f64; 4] = [-1.0, 3.0, -2.0, 0.0];

    #[test]
    fn the_signs_of_the_weights_are_found() {
        let examples = made_up(300, &TRUTH);
        let options = Options::new(4, 0.1);
        let fitted = fit(&examples, &[0.0; 4], &options);
        let w = &fitted.weights;
        assert!(w[0] < -1.0 && w[1] > 3.0 && w[2] < -2.0, "{w:?}");
        assert!(w[3].abs() < 0.1 * w[1], "{w:?}");
        assert!(fitted.iterations < 60, "{}", fitted.iterations);

        let counts = outcomes(&examples, w, 0.0);
        assert!(counts.right > 290, "{counts:?}");
        assert_eq!(counts.right + counts.wrong + counts.refused, 300);
    }

    #[test]
    fn without_examples_each_weight_stays_at_its_prior() {
        let mut options = Options::new(4, 1.0);
        options.freedoms[2] = Freedom::AtMostZero;
        options.freedoms[3] = Freedom::AtLeastZero;
        let fitted = fit(&[], &[0.5, -2.0, -1.5, -3.0], &options);
        // The last prior is forbidden; the nearest value allowed is 0.
        assert_eq!(fitted.weights, [0.5, -2.0, -1.5, 0.0]);
        assert_eq!(fitted.loss, 9.0);
    }

    #[test]
    fn the_penalty_and_its_scale_hold_weights_near_their_priors() {
        let examples = made_up(100, &TRUTH);
        let prior = [0.0, 1.0, 1.0, 0.0];
        let mut options = Options::new(4, 1e4);
        options.scales[1] = 0.0;
        let fitted = fit(&examples, &prior, &options);
        assert!((fitted.weights[2] - 1.0).abs() < 0.01, "{fitted:?}");
        assert!(fitted.weights[1] > 3.0, "{fitted:?}");
    }

    #[test]
    fn bounds_and_fixed_weights_hold_and_the_others_fit_around_them() {
        let examples = made_up(300, &TRUTH);
        let mut options = Options::new(4, 0.1);
        options.freedoms[0] = Freedom::Fixed;
        options.freedoms[1] = Freedom::AtMostZero;
        options.freedoms[2] = Freedom::AtMostZero;
        options.freedoms[3] = Freedom::AtLeastZero;
        let fitted = fit(&examples, &[-0.25, -1.0, 1.0, 1.0], &options);
        let w = &fitted.weights;
        assert_eq!((w[0], w[1]), (-0.25, 0.0), "{w:?}");
        assert!(w[2] < -0.5 && w[3] >= 0.0, "{w:?}");
    }

    #[test]
    fn the_fit_ends_where_no_allowed_move_lowers_the_loss() {
        let examples = made_up(200, &TRUTH);
        let prior = [0.0; 4];
        let mut options = Options::new(4, 0.5);
        options.freedoms[2] = Freedom::AtLeastZero;
        let best = fit(&examples, &prior, &options);
        for at in 0..4 {
            for move_by in [-1e-3, 1e-3] {
                // Everything fixed, a fit only measures the loss at its start; the penalty is then
                // taken from there, so it is added by hand.
                let mut moved = best.weights.clone();
                moved[at] += move_by;
                if moved[2] < 0.0 {
                    continue;
                }
                let mut there = Options::new(4, 0.5);
                there.freedoms = vec![Freedom::Fixed; 4];
                let penalty: f64 = moved.iter().map(|w| 0.5 * w * w).sum();
                let loss = fit(&examples, &moved, &there).loss + penalty;
                assert!(loss > best.loss, "{at} {move_by}: {loss} {}", best.loss);
            }
        }
    }

    #[test]
    fn features_of_any_size_are_fitted_alike() {
        let mut examples = made_up(200, &TRUTH);
        let options = |by: f64| {
            let mut options = Options::new(4, 0.5);
            options.scales[1] = by * by;
            options
        };
        let plain = fit(&examples, &[0.0; 4], &options(1.0));
        for example in &mut examples {
            for candidate in &mut example.candidates {
                candidate.features[1] *= 1000.0;
            }
        }
        let large = fit(&examples, &[0.0; 4], &options(1000.0));
        assert!((large.loss - plain.loss).abs() < 1e-6);
        assert!((large.weights[1] * 1000.0 - plain.weights[1]).abs() < 1e-3);
        assert!(large.iterations <= plain.iterations + 5, "{large:?}");
    }

    #[test]
    fn two_runs_give_identical_bits() {
        let run = || {
            let fitted = fit(&made_up(200, &TRUTH), &[0.1; 4], &Options::new(4, 0.3));
            let mut bits: Vec<u64> = fitted.weights.iter().map(|w| w.to_bits()).collect();
            bits.push(fitted.loss.to_bits());
            bits
        };
        assert_eq!(run(), run());
    }

    #[test]
    fn the_likelihood_is_of_all_right_answers_together() {
        // Three candidates and nothing, all with score 0: each has a probability of a quarter.
        let three = |right: [bool; 3], nothing_answers| Example {
            candidates: right.map(|right| one(&[1.0], right)).to_vec(),
            nothing_answers,
            weight: 2.0,
        };
        let cases = [
            (three([true, false, false], false), 0.25),
            (three([true, true, false], false), 0.5),
            (three([true, false, false], true), 0.5),
            (three([false, false, false], true), 0.25),
            // No candidate is right: then nothing is, though an answer was wanted.
            (three([false, false, false], false), 0.25),
            (three([true, true, true], true), 1.0),
        ];
        for (example, probability) in cases {
            let mut slope = [0.0];
            let loss = likelihood::add_loss(&example, &[0.0], &mut slope);
            let expected = -2.0 * libm::log(probability);
            assert!((loss - expected).abs() < 1e-12, "{loss} {expected}");
        }
    }

    #[test]
    fn the_slope_is_that_of_the_loss_and_large_scores_do_not_overflow() {
        let example = Example {
            candidates: vec![
                one(&[1.0, 2.0], true),
                one(&[1.0, -1.0], false),
                one(&[1.0, 0.5], true),
            ],
            nothing_answers: true,
            weight: 1.5,
        };
        let loss = |weights: [f64; 2]| likelihood::add_loss(&example, &weights, &mut [0.0; 2]);
        let mut slope = [0.0; 2];
        likelihood::add_loss(&example, &[0.3, -0.7], &mut slope);
        let by_bias = (loss([0.3 + 1e-6, -0.7]) - loss([0.3 - 1e-6, -0.7])) / 2e-6;
        let by_other = (loss([0.3, -0.7 + 1e-6]) - loss([0.3, -0.7 - 1e-6])) / 2e-6;
        assert!((slope[0] - by_bias).abs() < 1e-6, "{slope:?} {by_bias}");
        assert!((slope[1] - by_other).abs() < 1e-6, "{slope:?} {by_other}");
        assert!(loss([1e4, 1e4]).is_finite());
        assert!(loss([-1e4, -1e4]).is_finite());
    }

    #[test]
    fn outcomes_count_what_a_threshold_lets_through() {
        let example = |scores: [(f64, bool); 2], nothing_answers| Example {
            candidates: scores.map(|(score, right)| one(&[score], right)).to_vec(),
            nothing_answers,
            weight: 1.0,
        };
        // right, wrong, refused
        let cases = [
            (example([(2.0, true), (1.5, false)], false), (1, 0, 0)),
            (example([(2.0, false), (3.0, true)], false), (1, 0, 0)),
            (example([(2.0, false), (1.5, true)], false), (0, 1, 0)),
            (example([(2.0, false), (1.5, false)], true), (0, 1, 0)),
            (example([(1.0, true), (0.5, false)], false), (0, 0, 1)),
            (example([(1.0, false), (0.5, false)], true), (1, 0, 0)),
            // Of equals the first is said.
            (example([(2.0, true), (2.0, false)], false), (1, 0, 0)),
            (example([(2.0, false), (2.0, true)], false), (0, 1, 0)),
        ];
        for (example, expected) in cases {
            let counts = outcomes([&example], &[1.0], 1.0);
            let counts = (counts.right, counts.wrong, counts.refused);
            assert_eq!(counts, expected, "{example:?}");
        }
    }

    #[test]
    fn each_group_is_judged_with_weights_from_the_others() {
        // In group b the feature means the opposite, so what the others teach is wrong there.
        let example = |feature: f64, right| Example {
            candidates: vec![one(&[feature], right), one(&[-feature], !right)],
            nothing_answers: false,
            weight: 1.0,
        };
        let grouped = [
            ("b".to_owned(), example(1.0, false)),
            ("a".to_owned(), example(1.0, true)),
            ("a".to_owned(), example(2.0, true)),
            ("c".to_owned(), example(1.5, true)),
        ];
        let judged = leave_out(&grouped, &[0.0], &Options::new(1, 0.1), 0.0);
        let counts = |right, wrong| Counts {
            right,
            wrong,
            refused: 0,
        };
        let expected = [
            ("a", counts(2, 0)),
            ("b", counts(0, 1)),
            ("c", counts(1, 0)),
        ];
        assert_eq!(judged, expected.map(|(key, c)| (key.to_owned(), c)));
    }
}
