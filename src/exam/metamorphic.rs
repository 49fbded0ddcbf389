//! The same question in other words: what must not change the answer. Another opening, another
//! order, a word more that says nothing.

use super::base::{About, Base};
use super::words::{Dice, Half, Vocabulary};
use super::{Expected, Item, perturb};
use crate::model::ExamRecords;

/// A form of a question that must be answered as the plain one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rewritten {
    /// What was done to it.
    pub kind: &'static str,
    pub question: String,
}

/// The forms of plain questions that an edition answers rightly.
pub(crate) fn of(bases: &[Base], ways: &ExamRecords, vocabulary: &Vocabulary) -> Vec<Item> {
    let mut items = Vec::new();
    for base in bases {
        let mut dice = Dice::new(Half::Exam, &base.question());
        items.extend(
            forms(base, ways, vocabulary, Half::Exam, &mut dice)
                .into_iter()
                .map(|form| Item {
                    kind: form.kind,
                    question: form.question,
                    expected: Expected::SameAs(base.question()),
                }),
        );
    }
    items
}

/// One form of each kind that a question has.
pub(crate) fn forms(
    base: &Base,
    ways: &ExamRecords,
    vocabulary: &Vocabulary,
    half: Half,
    dice: &mut Dice,
) -> Vec<Rewritten> {
    let question = base.question();
    let mut forms: Vec<Rewritten> = Vec::new();
    let mut add = |kind: &'static str, changed: Option<String>| {
        forms.extend(
            changed
                .filter(|changed| *changed != question)
                .map(|question| Rewritten { kind, question }),
        );
    };
    let opening = dice
        .pick(&half.of(&ways.openings))
        .copied()
        .unwrap_or_default();
    let closing = dice
        .pick(&half.of(&ways.closings))
        .copied()
        .unwrap_or_default();
    add("不变：开场白", Some(format!("{opening}{question}")));
    add("不变：结束语", Some(format!("{question}{closing}")));
    add(
        "不变：开场白和结束语",
        Some(format!("{opening}{question}{closing}")),
    );
    add("不变：语序", dice.pick(&base.orders).cloned());
    let adverb = dice.pick(&vocabulary.adverbs);
    add(
        "不变：副词",
        adverb.map(|adverb| format!("{}{adverb}{}", base.head, base.tail)),
    );
    let modal = dice.pick(&vocabulary.modals);
    add(
        "不变：语气词",
        modal.map(|modal| format!("{question}{modal}")),
    );
    add("不变：轻动词", light(base, ways, dice));
    add("不变：标点", Some(punctuated(base, dice)));
    add("不变：全角", Some(perturb::full_width(&question)));
    add("不变：繁体", Some(hanconv::s2t(&question)));
    add("不变：大小写", Some(other_case(&question)));
    forms
}

/// 是多少 as 写的是多少: the verb says only that there is a figure.
fn light(base: &Base, ways: &ExamRecords, dice: &mut Dice) -> Option<String> {
    let rest = base
        .tail
        .strip_prefix('是')
        .filter(|_| base.about != About::Term)?;
    let verb = dice.pick(&ways.light_verbs)?;
    Some(format!("{}{verb}{rest}", base.head))
}

fn punctuated(base: &Base, dice: &mut Dice) -> String {
    let (head, tail, name) = (&base.head, &base.tail, &base.name);
    let quoted = format!("“{name}”");
    let forms = [
        format!("{head} {tail}？"),
        format!("{head}{tail}！！"),
        format!("{head}{tail}。。。"),
        format!("{head}，{tail}？"),
        format!("{head}{tail}~"),
        if base.about == About::Figure {
            format!("{head}、{tail}")
        } else {
            format!("{}{tail}", head.replacen(name, &quoted, 1))
        },
    ];
    dice.pick(&forms).cloned().unwrap_or_default()
}

/// Capitals small and small letters capital.
fn other_case(text: &str) -> String {
    let other = |letter: char| {
        if letter.is_ascii_uppercase() {
            letter.to_ascii_lowercase()
        } else {
            letter.to_ascii_uppercase()
        }
    };
    text.chars().map(other).collect()
}
