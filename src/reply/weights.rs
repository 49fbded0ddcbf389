//! The weights of the features, and the score that they give.

use super::features::{Feature, Features};
use once_cell::sync::Lazy;
use std::collections::BTreeMap;

/// The weights of the features, fitted by `planbot fit`; see the head of the file.
const WEIGHTS: &str = include_str!("weights.toml");

static FITTED: Lazy<Weights> = Lazy::new(|| Weights::read(WEIGHTS));

/// A weight for each feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights(Vec<f32>);

impl Weights {
    /// The weights that the program ships.
    pub fn fitted() -> &'static Self {
        &FITTED
    }

    /// Reads `name = value` lines; a feature without a line weighs nothing.
    pub fn read(text: &str) -> Self {
        let known: BTreeMap<&str, f32> = text
            .lines()
            .filter_map(|line| line.split('#').next()?.split_once('='))
            .filter_map(|(name, value)| Some((name.trim(), value.trim().parse().ok()?)))
            .collect();
        let of = |feature: &Feature| known.get(feature.name()).copied().unwrap_or(0.0);
        Self(Feature::ALL.iter().map(of).collect())
    }

    /// From values in the order of `Feature::ALL`.
    pub fn from_values(values: Vec<f32>) -> Self {
        Self(values)
    }

    /// One weight.
    pub fn get(&self, feature: Feature) -> f32 {
        self.0[feature as usize]
    }

    /// The score of a candidate's features; “nothing answers” scores nought.
    pub fn score(&self, features: &Features) -> f32 {
        self.0
            .iter()
            .zip(features.values())
            .map(|(w, v)| w * v)
            .sum()
    }

    /// What each feature contributes, the largest first.
    pub fn contributions(&self, features: &Features) -> Vec<(Feature, f32)> {
        let mut all: Vec<(Feature, f32)> = Feature::ALL
            .iter()
            .map(|feature| (*feature, self.get(*feature) * features.get(*feature)))
            .filter(|(_, value)| value.abs() > 0.005)
            .collect();
        all.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
        all
    }
}
