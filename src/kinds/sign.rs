//! “带星号的是什么意思”: what a sign beside the figures of a table stands for, by the note that says so.

use super::{document, indicator};
use crate::model::{NoteKind, Plan, PlanIx, Provenance};
use crate::question::{Operator, OperatorSet, Question};
use crate::reply::{Answer, AnswerKind, Asked, Candidate, Feature, Features, Kind, Record};
use std::ops::Range;
use std::rc::Rc;

/// What a sign stands for.
pub struct Sign;

const USES: OperatorSet = indicator::uses(&[Operator::Define, Operator::How, Operator::Where]);
const WANTS: OperatorSet = OperatorSet::of(&[Operator::Define, Operator::What]);

/// What people call the signs that tables print, the longest name first.
const NAMES: &[(&str, &[&str])] = &[
    ("*＊※", &["小星星", "星星", "星号", "星标", "星"]),
    (
        "〔〕[]［］【】",
        &["六角括号", "方头括号", "方括号", "中括号", "括号", "括弧"],
    ),
    ("()（）", &["圆括号", "小括号", "括号", "括弧"]),
    (
        "-—–",
        &[
            "破折号",
            "短横线",
            "横线",
            "横杠",
            "短横",
            "一横",
            "杠",
            "横",
        ],
    ),
    ("…", &["省略号", "点点点"]),
    ("/／", &["斜杠", "斜线"]),
    ("#", &["井号"]),
    ("△▲", &["三角号", "三角形", "三角"]),
    ("〇○●", &["圆圈", "圈圈", "圈"]),
];
/// Words that say where a sign stands, and that it stands for something.
const DESCRIPTION: &[&str] = &[
    "数字",
    "数值",
    "数据",
    "数",
    "附表",
    "附件",
    "表格",
    "表里",
    "表",
    "右上角",
    "右上",
    "角",
    "后头",
    "后面",
    "前面",
    "上面",
    "旁边",
    "后",
    "上",
    "里",
    "中",
    "标",
    "打",
    "带",
    "加",
    "框",
    "画",
    "起来",
    "括",
    "两条",
    "符号",
    "记号",
    "标记",
    "号",
    "含义",
    "意思",
    "表示",
    "代表",
];

struct Explained {
    plan: PlanIx,
    note: usize,
}

impl Kind for Sign {
    fn propose(&self, asked: &Asked<'_>, candidates: &mut Vec<Candidate>) {
        // 打了横杠的是哪几样 asks where the sign stands, and not what it means.
        let question = asked.question;
        if question.has(Operator::List) && !question.has(Operator::Define) {
            return;
        }
        for (at, plan) in asked.plans() {
            for (note, sign) in conventions(plan) {
                if let Some(named) = named(asked, sign) {
                    candidates.push(candidate(asked, at, note, named));
                }
            }
        }
    }
}

/// The signs that a plan explains, each with the position of its note.
fn conventions(plan: &Plan) -> impl Iterator<Item = (usize, &str)> {
    let notes = plan.notes.iter().enumerate();
    let conventions = notes.filter(|(_, note)| note.kind == NoteKind::Convention);
    conventions.map(|(at, note)| (at, note.anchor.as_str()))
}

/// Where a question names a sign, by itself or by one of its names; nowhere where it does not.
fn named(asked: &Asked<'_>, sign: &str) -> Option<Vec<Range<usize>>> {
    let question = asked.question;
    let is_of = |(signs, _): &&(&str, &[&str])| sign.chars().any(|c| signs.contains(c));
    let names = NAMES.iter().filter(is_of).flat_map(|(_, names)| *names);
    let spans: Vec<Range<usize>> = names.flat_map(|name| stands(question, name)).collect();
    let is_typed = !sign.is_empty() && question.typed.contains(sign);
    (is_typed || !spans.is_empty()).then_some(spans)
}

/// Where whole words of a question say something: 星 is no part of 明星.
fn stands(question: &Question, said: &str) -> Vec<Range<usize>> {
    let words = &question.words;
    let spans = question.text.match_indices(said).map(|(byte, _)| {
        let start = question.text[..byte].chars().count();
        start..start + said.chars().count()
    });
    let is_whole = |span: &Range<usize>| {
        words.iter().any(|word| word.span.start == span.start)
            && words.iter().any(|word| word.span.end == span.end)
    };
    spans.filter(is_whole).collect()
}

fn candidate(asked: &Asked<'_>, plan: PlanIx, note: usize, named: Vec<Range<usize>>) -> Candidate {
    let mut letters = asked.letters_of(&[Operator::Document, Operator::Define, Operator::What]);
    let described = DESCRIPTION
        .iter()
        .flat_map(|word| stands(asked.question, word));
    for span in named.into_iter().chain(described) {
        letters[span].fill(1.0);
    }
    let mut features = Features::default();
    features.set(Feature::Cover, 1.0);
    features.set(Feature::Verbatim, 1.0);
    document::candidate(
        asked,
        AnswerKind::Place,
        (plan, note),
        &letters,
        features,
        (USES, WANTS),
        Rc::new(Explained { plan, note }),
    )
}

impl Record for Explained {
    fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        let citation = asked.plan(self.plan)?.cite(Provenance::Note(self.note))?;
        let lead = citation.quote.clone();
        Some(Answer::new(AnswerKind::Place, lead, citation))
    }
}
