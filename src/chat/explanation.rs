//! How a question was read, in words that a person who asked it understands.

use crate::app::Answered;
use crate::reply::{AnswerKind, Reply};

/// What was understood, what was looked for, and what the answer was held against.
pub(crate) fn why(answered: &Answered) -> String {
    let question = &answered.reading;
    let mut lines = vec![format!("问题：{}", answered.question)];
    if let Some(picked) = &answered.picked {
        lines.push(format!("选的是：{}", picked.label));
    }
    for (typed, read) in &answered.respelled {
        lines.push(format!("“{typed}”按“{read}”理解"));
    }
    let years: Vec<String> = question
        .frame
        .years
        .iter()
        .map(|year| format!("{year}年"))
        .collect();
    if !years.is_empty() {
        lines.push(format!("认出的年份：{}", years.join("、")));
    }
    let plans = question.frame.plans.iter();
    let regions = plans
        .filter_map(|at| answered.edition.book.plan(*at))
        .map(|plan| plan.region.as_str())
        .filter(|region| !region.is_empty());
    let regions = each_once(regions);
    if answered.edition.book.plans().len() > 1 && !regions.is_empty() {
        lines.push(format!("在哪些地方的报告里找：{}", regions.join("、")));
    }
    let content = question.words.iter().filter(|word| word.is_content());
    // What was typed as one may be read as several words.
    let content = each_once(content.map(|word| question.typed_word(word)));
    if !content.is_empty() {
        lines.push(format!("要在文件里找到的词：{}", content.join("、")));
    }
    lines.extend(each_once(question.meanings.iter().map(|meaning| {
        let typed = question.letters.typed(meaning.span.clone());
        format!("“{typed}”可能指“{}”", meaning.name)
    })));
    match &answered.reply {
        Reply::Answer(answer) => {
            lines.push(format!("要找的是：{}", wanted(answer.kind)));
            lines.push(format!(
                "回答里的每个数字都在所引的{}处原文里逐字核对过，对不上的不会显示。",
                answer.citations().len()
            ));
        }
        Reply::Clarify(_) => lines.push("有几种同样说得通的理解，所以反问。".to_string()),
        Reply::Unknown(_) | Reply::Help | Reply::Courtesy => {
            lines.push("没有一处原文能支持一个回答，所以不答。".to_string())
        }
    }
    lines.push(format!("数据版本：{}", answered.edition.id));
    lines.join("\n")
}

/// What is said again is left out.
fn each_once<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    all.fold(Vec::new(), |mut known, one| {
        if !known.contains(&one) {
            known.push(one);
        }
        known
    })
}

/// What a kind of answer looks for.
pub(crate) fn wanted(kind: AnswerKind) -> &'static str {
    match kind {
        AnswerKind::Value => "表里的数",
        AnswerKind::Unit => "指标的单位",
        AnswerKind::Nature => "指标的属性",
        AnswerKind::Category => "指标的类别",
        AnswerKind::Verdict => "目标是否完成",
        AnswerKind::Compare => "两个数的比较",
        AnswerKind::Reason => "指标的备注和原因",
        AnswerKind::Table => "一组指标",
        AnswerKind::Term | AnswerKind::Reverse => "名词解释",
        AnswerKind::Clause => "正文里的数字",
        AnswerKind::Passage => "正文、脚注或备注里的说法",
        AnswerKind::Duty => "报送要求",
        AnswerKind::Imprint => "印发单位和日期",
        AnswerKind::Place => "文件里指定的一处",
        AnswerKind::Inventory => "文件里某类内容的条数",
    }
}

/// What a kind of question is called, by its word; what was not answered has none.
pub(crate) fn intent_name(word: &str) -> &'static str {
    AnswerKind::ALL
        .iter()
        .find(|kind| kind.key() == word)
        .map_or("没有定下来的", |kind| wanted(*kind))
}
