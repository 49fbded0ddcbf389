//! Three zones: answer where one record is beyond doubt, ask back where a few may be meant, refuse
//! below.

/// What is done with the best candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// The best one answers.
    Answer,
    /// The best few are choices.
    Ask,
    /// Nothing answers.
    Refuse,
}

/// From which probability the best record answers: that it is right, by the fitted model. Chosen on
/// the questions that were not put aside, from the table of `planbot fit --table`, so that about
/// one answer in a hundred is wrong.
const ANSWER_FROM: f32 = 0.77;
/// Below this probability that anything answers, nothing is offered as an answer.
const ASK_FROM: f32 = 0.22;

/// Many faint candidates make no choice: the best one must be this likely.
const LEAST_CHOICE: f32 = 0.12;

/// The probability of each score beside “nothing answers”, whose score is nought.
pub fn probabilities(scores: &[f32]) -> Vec<f32> {
    let most = scores.iter().copied().fold(0.0, f32::max);
    let powers: Vec<f32> = scores.iter().map(|score| (score - most).exp()).collect();
    let sum = powers.iter().sum::<f32>() + (-most).exp();
    powers.into_iter().map(|power| power / sum).collect()
}

/// The zone, from the probability that the best answer is right and that anything answers at all.
pub fn zone(best: f32, any: f32) -> Zone {
    if best >= ANSWER_FROM {
        Zone::Answer
    } else if any >= ASK_FROM && best >= LEAST_CHOICE {
        Zone::Ask
    } else {
        Zone::Refuse
    }
}
