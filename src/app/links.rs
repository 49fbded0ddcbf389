//! Deep links: a short word that stands for an indicator or a term, the same as long as its name
//! is.

use super::App;
use sha2::{Digest, Sha256};

/// What a link opens.
const INDICATOR: char = 'i';
const TERM: char = 't';
const DIGEST_BYTES: usize = 8;

impl App {
    /// The link word of an indicator's or a term's printed name; nothing for other words.
    pub fn link_word(&self, name: &str) -> Option<String> {
        let edition = self.edition();
        edition.book.plans().iter().find_map(|plan| {
            let indicator = plan
                .indicators
                .iter()
                .any(|indicator| indicator.name == name)
                .then_some(INDICATOR);
            let kind = indicator.or(plan
                .terms
                .iter()
                .any(|term| term.name == name)
                .then_some(TERM))?;
            Some(word(kind, name))
        })
    }

    /// The question that a link word stands for.
    pub fn linked_question(&self, link: &str) -> Option<String> {
        let edition = self.edition();
        edition.book.plans().iter().find_map(|plan| {
            let of = |kind: char, name: &String| (word(kind, name) == link).then(|| name.clone());
            let indicator = plan
                .indicators
                .iter()
                .find_map(|indicator| of(INDICATOR, &indicator.name));
            indicator.or_else(|| plan.terms.iter().find_map(|term| of(TERM, &term.name)))
        })
    }

    /// Questions on things that are in the newest plan: an indicator, a term, when is reported.
    pub fn examples(&self) -> Vec<String> {
        let edition = self.edition();
        let Some(plan) = edition.book.newest() else {
            return Vec::new();
        };
        let indicator = plan
            .indicators
            .first()
            .map(|indicator| format!("{}年{}目标是多少", plan.plan_year, indicator.name));
        let term = plan
            .terms
            .first()
            .map(|term| format!("什么是{}", term.name));
        let duty = plan
            .duties
            .first()
            .map(|_| "什么时候报送进展情况".to_string());
        [indicator, term, duty].into_iter().flatten().collect()
    }
}

fn word(kind: char, name: &str) -> String {
    let digest = hex::encode(&Sha256::digest(name)[..DIGEST_BYTES]);
    // Telegram takes 64 letters of ASCII after `start`: a name of Chinese letters would not fit.
    format!("{kind}-{digest}")
}
