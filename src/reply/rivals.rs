//! Other answers beside the best one: without them it answers from half on, where it leaves nothing
//! of what is asked open.

use super::alike::LookedAt;

/// From this probability on an answer without a doubt answers: of the questions that were not put
/// aside 26 more are answered right by it and one wrong, of those put aside 11 and one.
const UNDOUBTED_FROM: f32 = 0.5;
/// Other figures that are as likely as this together make an answer doubtful: most often they are
/// the same thing of another year (`tests/cases/asked`).
const FIGURES_BESIDE: f32 = 0.1;
/// The same of any one answer.
const ANSWER_BESIDE: f32 = 0.3;

/// From which probability the first of some different answers answers.
pub fn answers_from(different: &[&LookedAt]) -> f32 {
    let Some((first, others)) = different.split_first() else {
        return 1.0;
    };
    let with_figures = others.iter().filter(|other| other.has_figures());
    let figures: f32 = with_figures.map(|other| other.chance).sum();
    let is_rivalled =
        figures >= FIGURES_BESIDE || others.iter().any(|other| other.chance >= ANSWER_BESIDE);
    if first.leaves_open || is_rivalled {
        return first.answer_from;
    }
    first.answer_from.min(UNDOUBTED_FROM)
}
