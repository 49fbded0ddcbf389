//! What was begun is not what was finished: 开工12个 is no answer to 完工多少个.

use crate::evidence::Clause as Evidence;
use crate::question::{Operator, Question};

/// Verbs by which a work begins.
const BEGUN: &[&str] = &["开工", "新开工", "动工", "启动", "开建", "奠基"];
/// Verbs by which it ends.
const FINISHED: &[&str] = &["完成", "完工", "建成", "竣工", "办成", "干成", "做成"];

/// Whether some clauses say that something was begun and none that anything was finished, where the
/// question asks what was finished.
pub(super) fn are_only_begun(question: &Question, clauses: &[&Evidence]) -> bool {
    let says = |verbs: &[&str]| {
        let verb = |(verb, _): &(String, f32)| verbs.contains(&verb.as_str());
        clauses.iter().any(|clause| clause.verbs.iter().any(verb))
    };
    let letters = &question.letters.canonical;
    let mut asked = question.operators.spans(Operator::Actual);
    let mut words = question.words.iter();
    let asks_finished = words.any(|word| FINISHED.contains(&word.text.as_str()))
        || asked.any(|span| {
            let said: String = letters[span.clone()].iter().collect();
            FINISHED.iter().any(|verb| said.contains(verb))
        });
    asks_finished && says(BEGUN) && !says(FINISHED)
}
